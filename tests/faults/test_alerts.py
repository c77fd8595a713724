"""Nights that go wrong, and what becomes known of them: who is told, in which words, how often."""

from __future__ import annotations

import json
import shutil
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from orchestration.paths import DBT_PROJECT
from tests.conftest import Registry
from tests.faults.conftest import Nursery, bring_corrections, copy_of
from tests.service import Service, serve

pytestmark = pytest.mark.slow


@pytest.fixture
def service() -> Iterator[Service]:
    with serve() as found:
        yield found


@pytest.fixture
def told(one_night: Registry, service: Service, tmp_path: Path) -> Registry:
    """A registry after one night, which from now on tells the service."""
    registry = copy_of(one_night, tmp_path / "registry")

    def tell(content: dict) -> None:
        content["notify"] = {"to": [service.url], "heartbeat": f"http://{service.address}/ping"}

    registry.edit(tell)
    return registry


def _run_log(registry: Registry) -> list[dict]:
    """The lines of the last run that had a log."""
    last = max((registry.home / "logs").glob("2*.jsonl"))
    return [json.loads(line) for line in last.read_text(encoding="utf-8").splitlines()]


def test_nights_that_go_wrong_are_told_once(
    told: Registry, nursery: Nursery, service: Service
) -> None:
    follow_up = told.config.parent / "files" / "follow_up_synthetic.csv"
    whole = follow_up.read_bytes()
    name = "Example CRLM registry (synthetic patients)"

    # Whom to tell is no reason to build; a quiet night has a sign of life and no message.
    started = time.monotonic()
    done = nursery.run(told, "refresh")
    assert done.code == 0, done.said
    assert "nothing changed" in done.said
    assert time.monotonic() - started < 5
    assert (service.messages, service.beats) == ([], ["/ping"])

    follow_up.write_text("not a table", encoding="utf-8")
    for _ in range(2):
        assert nursery.run(told, "refresh").code == 1
    assert service.titles == [f"{name}: the night failed"]
    assert "follow_up_synthetic.csv" in service.messages[0]["message"]
    end = _run_log(told)[-1]
    assert (end["stage"], end["level"]) == ("end", "error")
    assert "follow_up_synthetic.csv" in end["text"]

    # Another reason is told, and a held delivery is one.
    lines = whole.splitlines(keepends=True)
    follow_up.write_bytes(b"".join(lines[: len(lines) // 2]))
    for _ in range(2):
        assert nursery.run(told, "refresh").code == 1
    assert service.titles[1:] == [f"{name}: a delivery is held"]
    assert "rows are gone" in service.messages[1]["message"]

    follow_up.write_bytes(whole)
    assert nursery.run(told, "refresh").code == 0
    assert service.titles[2:] == [f"{name}: the nights are well again"]
    assert "after 4 nights in trouble" in service.messages[2]["message"]
    assert len(service.beats) == 2

    status = nursery.run(told, "status", "--max-age", "1h")
    assert (status.code, "the last good night is of" in status.said) == (0, True)


def test_a_run_that_is_stopped_or_killed_is_told(
    told: Registry, nursery: Nursery, service: Service
) -> None:
    bring_corrections(told)
    ended = nursery.run(told, "refresh", hook="die_before_stage", number=3, by=signal.SIGTERM)
    assert ended.code == 143
    assert service.titles[0].endswith("the night was stopped")

    ended = nursery.run(told, "refresh", hook="die_before_stage", number=3)
    assert ended.code == -signal.SIGKILL
    assert len(service.messages) == 1

    # One message for all there is to tell, the first findings too.
    done = nursery.run(told, "refresh")
    assert done.code == 0, done.said
    assert len(service.messages) == 2
    said = service.messages[1]
    assert "a run died; the nights are well again" in said["title"]
    assert "checks fail" in said["title"]
    assert "Every patient of this registry is synthetic." in said["message"]

    # Nothing of it is told again by a night that builds the same.
    done = nursery.run(told, "refresh", "--force")
    assert done.code == 0, done.said
    assert len(service.messages) == 2


def test_a_channel_that_is_down_leaves_the_night_green(
    told: Registry, nursery: Nursery, service: Service
) -> None:
    def down(content: dict) -> None:
        content["notify"] = {
            "to": ["json://127.0.0.1:9/path-token", f"json://{service.address}/slow-token"],
            "heartbeat": "http://127.0.0.1:9/path-token",
            "timeout_seconds": 1,
        }

    told.edit(down)
    bring_corrections(told)
    done = nursery.run(told, "refresh")
    assert done.code == 0, done.said
    assert "json (entry 1 of notify.to): " in done.said
    assert "json (entry 2 of notify.to): " in done.said
    assert "notify.heartbeat: it could not be reached" in done.said
    assert "token" not in done.said
    assert "token" not in json.dumps(_run_log(told))
    assert {line["level"] for line in _run_log(told) if line["stage"] == "notify"} == {"warning"}
    tried = nursery.run(told, "check", "--alert")
    assert tried.code == 1
    assert "3 of the addresses do not work" in tried.said
    assert "token" not in tried.said


def test_what_dbt_says_of_a_value_is_not_kept(
    told: Registry, nursery: Nursery, service: Service, tmp_path: Path
) -> None:
    broken = tmp_path / "dbt_project"
    shutil.copytree(DBT_PROJECT, broken, ignore=shutil.ignore_patterns("target", "logs"))
    (broken / "models" / "quality" / "unreadable.sql").write_text(
        "select cast(patient_pseudonym as integer) as number from raw.operative",
        encoding="utf-8",
    )
    bring_corrections(told)
    failed = nursery.run(told, "refresh", hook="other_dbt_project", folder=str(broken))
    assert failed.code == 1
    assert "dbt could not build unreadable; the reason is in" in failed.said
    assert "could not build unreadable" in service.messages[0]["message"]
    reasons = [line["text"] for line in _run_log(told) if line["stage"] == "dbt"]
    assert any("Could not convert string '…' to INT32" in reason for reason in reasons)
    with told.warehouse() as con:
        found = con.execute("select patient_pseudonym from raw.operative").fetchall()
    kept = {path.name: path.read_text(encoding="utf-8") for path in (told.home / "logs").iterdir()}
    kept |= {"said": failed.said, "sent": json.dumps(service.messages)}
    leaking = [name for name, text in kept.items() if any(value in text for (value,) in found)]
    assert leaking == []
