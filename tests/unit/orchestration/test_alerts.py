"""One message a night at most, none twice, and the night is the same whoever could be told."""

from __future__ import annotations

import json
import shutil
import stat
import time
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from expectations.results import CheckResult, record
from ingestion.errors import DeliveryHeldError
from orchestration.alerts import told_when_over
from orchestration.errors import HeldError, LockedError, RefreshError, Stopped
from orchestration.paths import Home
from orchestration.progress import Progress
from orchestration.runs import log_run, run_id_of, started_at_of

START = datetime(2026, 3, 1, 2, 15, tzinfo=UTC)


class Nights:
    """Night after night, each ended as a test says."""

    def __init__(self, config) -> None:
        self.config = config
        self.home = Home(config.home)
        self.number = 0

    @property
    def run_id(self) -> str:
        return run_id_of(START + timedelta(days=self.number))

    def next(self, error=None, *, stage="ingest", checks=None) -> None:
        """A night that raises, publishes a release with ``checks``, or finds nothing changed."""
        self.number += 1
        progress = Progress()
        log_run(self.home, self.run_id, "started", "refresh")
        expected = nullcontext() if error is None else pytest.raises(type(error))
        with expected as raised, told_when_over(self.config, progress) as night:
            night.run_id = self.run_id
            if error is not None:
                with progress.stage(stage):
                    raise error
            if checks is not None:
                night.published = self._release(checks)
        assert raised is None or raised.value is error
        log_run(self.home, self.run_id, "failed" if error else "published")

    def dies(self) -> None:
        self.number += 1
        log_run(self.home, self.run_id, "started", "refresh")

    def _release(self, checks: dict[str, int]) -> Path:
        from expectations.issues import create_tables

        folder = self.home.releases / self.run_id
        folder.mkdir()
        with duckdb.connect(str(folder / "registry.duckdb")) as con:
            create_tables(con)
            con.execute("create table quality.case_rule_counts (rule varchar, category varchar)")
            record(
                con,
                self.run_id,
                started_at_of(self.run_id).replace(tzinfo=None),
                [
                    CheckResult(
                        name, "sql", "marts", "t", None, "completeness", "warning",
                        "failed" if violated else "passed", violated, 100, 0, f"{name} is known.",
                    )
                    for name, violated in checks.items()
                ],
            )  # fmt: skip
        self.home.current.unlink(missing_ok=True)
        self.home.current.symlink_to(folder)
        return folder


@pytest.fixture
def nights(registry):
    return lambda **notify: Nights(registry(**notify))


FULL = RefreshError("ingest: No space left on device")


def test_a_failure_is_told_once_until_it_changes_or_is_over(nights, service):
    found = nights()
    found.next(checks={"a": 0})
    assert service.messages == []
    found.next(FULL)
    found.next(FULL)
    assert service.titles == ["Test registry: the night failed"]
    body = service.messages[0]["message"]
    # 02:15 UTC is 05:45 in Tehran.
    assert body.startswith(
        "The night of 2026-03-03 05:45 in the stage “ingest”: ingest: No space left on device"
    )
    assert "The last release stands: 2026-03-02 05:45." in body
    assert service.messages[0]["type"] == "failure"

    found.next(RefreshError("the gate is closed"), stage="check marts")
    assert len(service.messages) == 2
    assert "the gate is closed" in service.messages[1]["message"]
    assert "It is night 3 without a new release in a row." in service.messages[1]["message"]

    found.next()
    assert service.titles[2] == "Test registry: the nights are well again"
    assert service.messages[2]["message"] == (
        "The night of 2026-03-06 05:45 found nothing changed, after 3 nights in trouble, the first "
        "on 2026-03-03 05:45."
    )
    assert service.messages[2]["type"] == "success"
    found.next()
    found.next(checks={"a": 0})
    assert len(service.messages) == 3
    # After it was over the same is news.
    found.next(FULL)
    assert len(service.messages) == 4


@pytest.mark.parametrize(
    "error",
    [HeldError("the delivery is held: why"), DeliveryHeldError("the delivery is held: why")],
)
def test_a_held_delivery_is_told(nights, service, error):
    found = nights()
    found.next(error)
    found.next(error)
    (message,) = service.messages
    assert message["title"] == "Test registry: a delivery is held"
    assert message["type"] == "warning"
    assert "Nothing has been published yet." in message["message"]


def test_a_night_that_is_stopped_is_told(nights, service):
    nights().next(Stopped(), stage="analyze")
    assert service.titles == ["Test registry: the night was stopped"]


def test_of_an_unexpected_error_only_its_type_is_told(nights, service):
    nights().next(ValueError("canary of a patient"))
    assert "an unexpected ValueError" in service.messages[0]["message"]
    assert "canary" not in json.dumps(service.messages)


@pytest.mark.parametrize("error", [LockedError("another refresh is running"), KeyboardInterrupt()])
def test_no_failure_is_not_told(nights, service, error):
    found = nights(heartbeat=f"http://{service.address}/ping")
    found.next(error)
    assert (service.messages, service.beats) == ([], [])


def test_findings_are_told_when_they_are_new_worse_or_recovered(nights, service):
    found = nights()
    found.next(checks={"a": 10, "b": 0})
    found.next(checks={"a": 10, "b": 0})
    assert service.titles == ["Test registry: 1 check fails"]
    found.next(checks={"a": 20, "b": 5})
    assert service.titles[1] == "Test registry: 1 check newly fails, 1 check is worse"
    found.next(checks={"a": 0, "b": 5})
    assert service.titles[2] == "Test registry: 1 check recovered"
    found.next()
    assert len(service.messages) == 3
    assert [message["type"] for message in service.messages] == ["warning", "warning", "success"]


def test_a_night_has_one_message(nights, service):
    found = nights()
    found.next(FULL)
    found.dies()
    found.next(checks={"a": 10})
    assert service.titles[1:] == [
        "Test registry: a run died; the nights are well again; 1 check fails"
    ]
    assert "The run of 2026-03-03 05:45 died without a word." in service.messages[1]["message"]
    found.next()
    assert len(service.messages) == 2


def test_only_what_is_wanted_is_told(nights, service):
    found = nights(events=["held"])
    found.next(FULL)
    found.next(checks={"a": 10})
    found.dies()
    found.next(checks={"a": 0})
    assert service.messages == []
    found.next(HeldError("held"))
    # That the trouble is over was not asked for.
    found.next()
    assert len(service.messages) == 1


def test_what_no_channel_took_is_told_with_the_next_message(nights, service, capsys):
    address = service.url
    found = nights(to=["json://127.0.0.1:9/path-token"])
    found.next(FULL)
    said = capsys.readouterr().out
    assert "json (entry 1 of notify.to): the service did not take the message" in said
    assert "path-token" not in said
    found = Nights(nights(to=[address]).config)
    found.number = 1
    # The same failure is not told again, but it was not told yet.
    found.next(FULL)
    (message,) = service.messages
    assert message["title"] == "Test registry: the night failed"
    assert message["message"].startswith("No channel could be told before: the night failed")
    found.next(FULL)
    assert len(service.messages) == 1


def test_one_channel_is_enough_to_have_told(nights, service, capsys):
    found = nights(to=["json://127.0.0.1:9/", service.url])
    found.next(FULL)
    found.next(FULL)
    assert len(service.messages) == 1
    assert "1 channel told: Test registry: the night failed" in capsys.readouterr().out


def test_a_slow_channel_holds_the_night_up_for_its_time_only(nights, service):
    found = nights(to=[f"json://{service.address}/slow"], timeout_seconds=0.3)
    started = time.monotonic()
    found.next(FULL)
    assert time.monotonic() - started < 3


def test_a_sign_of_life_after_each_good_night(nights, service):
    found = nights(to=[], heartbeat=f"http://{service.address}/ping")
    found.next(checks={"a": 0})
    found.next()
    assert service.beats == ["/ping", "/ping"]
    found.next(FULL)
    assert service.beats == ["/ping", "/ping"]


def test_a_heartbeat_that_nobody_hears_is_said(nights, capsys, monkeypatch):
    nights(to=[], heartbeat="http://127.0.0.1:9/secret").next()
    found = capsys.readouterr().out
    assert "notify.heartbeat: it could not be reached (URLError)" in found
    nights(to=[], heartbeat={"env": "CRLM_NOT_SET"}).next()
    found += capsys.readouterr().out
    assert "notify.heartbeat: the environment variable CRLM_NOT_SET is not set" in found
    assert "secret" not in found


@pytest.mark.parametrize("content", ["", "[]", '{"trouble": 5}', '{"checks": {"a": "x"}}'])
def test_a_damaged_memory_tells_again(nights, service, content):
    found = nights()
    found.next(FULL)
    path = found.home.logs / "told.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.write_text(content, encoding="utf-8")
    found.next(FULL)
    found.next(FULL)
    assert len(service.messages) == 2


def test_a_home_that_is_gone_is_told(nights, service):
    found = nights()
    shutil.rmtree(found.home.folder)
    error = RefreshError("the home cannot be written")
    with pytest.raises(RefreshError), told_when_over(found.config, Progress()):
        raise error
    assert len(service.messages) == 1
    assert not found.home.folder.exists()


def test_whatever_goes_wrong_with_the_news_the_night_is_good(nights, service, capsys):
    found = nights()
    found.number = 1
    with told_when_over(found.config, Progress()) as night:
        night.run_id = found.run_id
        # A release without a database.
        night.published = found.home.releases
    assert "nobody could be told (IOException)" in capsys.readouterr().out


def test_a_long_story_is_cut(nights, service):
    nights().next(RefreshError("x" * 5000))
    assert len(service.messages[0]["message"]) < 2000
