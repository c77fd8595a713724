"""`crlm status`: the morning in ten lines."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest

from orchestration.lock import refresh_lock
from orchestration.paths import Home
from orchestration.runs import log_run
from orchestration.status import status_lines


@pytest.fixture
def at_hand(example, tmp_path):
    """A home beside the example's release, with a log of its own."""
    release = example.current.resolve()
    manifest = json.loads((release / "manifest.json").read_text(encoding="utf-8"))
    home = Home(tmp_path)
    home.create()
    return home, release, datetime.fromisoformat(manifest["started_at"])


def _rows(lines):
    return {line[:14].strip(): line[15:] for line in lines[2:]}


def test_ten_lines_of_the_example(example):
    done = example.crlm("status")
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert len(lines) == 10
    rows = _rows(lines)
    with example.published() as con:
        patients, deaths, issues, held = con.execute(
            "select (select count(*) from marts.survival_cohort), "
            "(select count(*) from marts.survival_cohort where died), "
            "(select count(*) from quality.issues where state in ('open', 'reopened')), "
            "(select count(*) from quality.quarantined_rows where extract = 'pathology')"
        ).fetchone()
    assert rows["cohort"] == f"{patients} patients, {deaths} deaths"
    assert rows["issues"].startswith(f"{issues} open; that night {issues} opened, 0 closed")
    assert rows["quarantine"] == f"pathology {held}"
    assert rows["release"].startswith(example.current.resolve().name + ", 0 hours old")
    assert rows["last run"].startswith("published this release")
    assert rows["known least"].count(" of ") == 3


@pytest.mark.parametrize(
    ("outcome", "text", "said"),
    [
        ("failed", "the gate is closed", "published nothing: the gate is closed"),
        ("nothing changed", "", "checked, nothing changed"),
        ("stopped", "refresh was asked to stop", "stopped refresh was asked to stop"),
        ("started", "refresh", "died; the next run clears up behind it"),
    ],
)
def test_a_later_run_is_named_with_what_it_came_to(at_hand, outcome, text, said):
    home, release, started_at = at_hand
    log_run(home, "29990101T000000000Z", "started", "refresh")
    log_run(home, "29990101T000000000Z", outcome, text)
    rows = _rows(status_lines(home, release, started_at + timedelta(days=3)))
    assert rows["last run"] == f"29990101T000000000Z {said}"
    assert ", 3 days old, data as of " in rows["release"]


def test_a_run_at_work_is_not_taken_for_dead(at_hand):
    home, release, started_at = at_hand
    log_run(home, "29990101T000000000Z", "started", "refresh")
    with refresh_lock(home.lock, "refresh"):
        rows = _rows(status_lines(home, release, started_at))
    assert rows["last run"] == "29990101T000000000Z is at work now"


def test_a_release_that_was_gone_back_to_is_said(at_hand):
    home, release, started_at = at_hand
    told = {"from": "29990101T000000000Z", "to": release.name}
    home.rolled_back.write_text(json.dumps(told), encoding="utf-8")
    rows = _rows(status_lines(home, release, started_at))
    assert rows["release"].endswith(
        "rolled back from 29990101T000000000Z, the next refresh moves on"
    )
    # Left by a rollback that died before it switched.
    home.rolled_back.write_text(json.dumps(told | {"to": "another"}), encoding="utf-8")
    rows = _rows(status_lines(home, release, started_at))
    assert "rolled back" not in rows["release"]
