"""`crlm status --max-age`: was a night missed?"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from orchestration.errors import ConfigurationError, MissedNightError
from orchestration.paths import Home
from orchestration.runs import died_before, last_good_night
from orchestration.status import age_of, require_recent

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


@pytest.fixture
def home(tmp_path):
    found = Home(tmp_path)
    found.create()
    return found


def log(home, *lines):
    """Lines of runs.jsonl: hours before NOW, run, outcome, text."""
    with (home.logs / "runs.jsonl").open("a", encoding="utf-8") as handle:
        for hours, run_id, outcome, text in lines:
            at = (NOW - timedelta(hours=hours)).isoformat(timespec="seconds")
            line = {"at": at, "run_id": run_id, "outcome": outcome, "text": text}
            handle.write(json.dumps(line) + "\n")


@pytest.mark.parametrize(
    ("text", "age"),
    [
        ("26h", timedelta(hours=26)),
        ("90m", timedelta(minutes=90)),
        ("2d", timedelta(days=2)),
        (" 1d ", timedelta(days=1)),
        ("999999d", timedelta(days=999999)),
    ],
)
def test_ages(text, age):
    assert age_of(text) == age


@pytest.mark.parametrize("text", ["", "26", "h", "0h", "-1h", "1.5h", "26 hours", "1d2h", "۲d"])
def test_what_is_no_age_is_said(text):
    with pytest.raises(ConfigurationError) as refused:
        age_of(text)
    assert f"--max-age {text}: write a number" in str(refused.value)
    assert refused.value.exit_code == 2


@pytest.mark.parametrize("outcome", ["published", "nothing changed"])
def test_a_good_night_is_young_until_it_is_older(home, outcome):
    log(home, (26, "a", "started", "refresh"), (26, "a", outcome, ""))
    said = require_recent(home, timedelta(hours=26), NOW)
    assert said == "the last good night is of 2026-03-01 06:00 UTC, 26 hours ago"
    with pytest.raises(MissedNightError) as missed:
        require_recent(home, timedelta(hours=26), NOW + timedelta(seconds=1))
    assert missed.value.exit_code == 4
    assert "26 hours ago and more than 26 hours; look at crlm status" in str(missed.value)


def test_a_night_that_failed_is_no_good_one(home):
    log(home, (30, "a", "published", ""), (6, "b", "started", "refresh"), (6, "b", "failed", "why"))
    with pytest.raises(MissedNightError, match=r"30 hours ago.*published nothing: why; look"):
        require_recent(home, timedelta(hours=26), NOW)


@pytest.mark.parametrize(
    ("outcome", "doing"),
    [("published", "rebuild"), ("rolled back", "rollback"), ("frozen", "freeze")],
)
def test_what_looks_at_no_new_file_is_no_night(home, outcome, doing):
    log(home, (1, "a", "started", doing), (1, "a", outcome, ""))
    assert last_good_night(home) is None
    with pytest.raises(MissedNightError, match="no good night yet"):
        require_recent(home, timedelta(hours=26), NOW)


def test_no_log_is_no_night(tmp_path):
    with pytest.raises(MissedNightError, match="no good night yet; run crlm refresh"):
        require_recent(Home(tmp_path / "none"), timedelta(hours=26), NOW)


def test_damaged_lines_are_passed_over(home):
    log(home, (2, "a", "published", ""))
    with (home.logs / "runs.jsonl").open("a", encoding="utf-8") as handle:
        for at in ('"yesterday"', "null", '"2026-03-02T07:00:00"'):
            handle.write(f'{{"at": {at}, "run_id": "b", "outcome": "published", "text": ""}}\n')
        handle.write('{"at": "2026-03')
    assert last_good_night(home) == NOW - timedelta(hours=2)


def test_a_night_of_the_future_is_not_believed(home):
    log(home, (-0.1, "a", "published", ""))
    assert "0 minutes ago" in require_recent(home, timedelta(hours=26), NOW)
    log(home, (-48, "b", "published", ""))
    with pytest.raises(MissedNightError, match="a clock is or was wrong"):
        require_recent(home, timedelta(hours=26), NOW)


def test_runs_that_died(home):
    log(
        home,
        (9, "1", "started", "refresh"),
        (8, "2", "started", "refresh"),
        (8, "2", "failed", ""),
        (7, "3", "started", "refresh"),
        (6, "4", "started", "refresh"),
        (5, "5", "started", "refresh"),
    )
    assert died_before(home, "5", after="1") == ["3", "4"]
    assert died_before(home, "5", after="3") == ["4"]
    assert died_before(home, "5", after=None) == ["4"]
    assert died_before(home, "3", after=None) == []
