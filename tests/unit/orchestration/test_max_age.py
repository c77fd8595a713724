"""`crlm status --max-age`: was a night missed?"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from orchestration.errors import ConfigurationError, MissedNightError
from orchestration.paths import Home
from orchestration.runs import died_before, last_good_night, run_id_of
from orchestration.status import age_of, require_recent

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


@pytest.fixture
def home(tmp_path):
    found = Home(tmp_path)
    found.create()
    return found


def log(home, *lines, names_ahead=0):
    """Lines of runs.jsonl: the hours before NOW at which the run started, outcome, text."""
    with (home.logs / "runs.jsonl").open("a", encoding="utf-8") as handle:
        for hours, outcome, text in lines:
            at = NOW - timedelta(hours=hours)
            line = {
                "at": at.isoformat(timespec="seconds"),
                "run_id": run_id_of(at + timedelta(hours=names_ahead)),
                "outcome": outcome,
                "text": text,
            }
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
    log(home, (26, "started", "refresh"), (26, outcome, ""))
    said = require_recent(home, timedelta(hours=26), NOW)
    assert said == "the last good night is of 2026-03-01 06:00 UTC, 26 hours ago"
    with pytest.raises(MissedNightError) as missed:
        require_recent(home, timedelta(hours=26), NOW + timedelta(seconds=1))
    assert missed.value.exit_code == 4
    assert "26 hours ago and more than 26 hours; look at crlm status" in str(missed.value)


def test_a_night_that_failed_is_no_good_one(home):
    log(home, (30, "started", "refresh"), (30, "published", ""))
    log(home, (6, "started", "refresh"), (6, "failed", "why"))
    with pytest.raises(MissedNightError, match=r"30 hours ago.*published nothing: why; look"):
        require_recent(home, timedelta(hours=26), NOW)


@pytest.mark.parametrize(
    ("outcome", "doing"),
    [("published", "rebuild"), ("rolled back", "rollback"), ("frozen", "freeze")],
)
def test_what_looks_at_no_new_file_is_no_night(home, outcome, doing):
    log(home, (1, "started", doing), (1, outcome, ""))
    assert last_good_night(home) is None
    with pytest.raises(MissedNightError, match="no good night yet"):
        require_recent(home, timedelta(hours=26), NOW)


def test_no_log_is_no_night(tmp_path):
    with pytest.raises(MissedNightError, match="no good night yet; run crlm refresh"):
        require_recent(Home(tmp_path / "none"), timedelta(hours=26), NOW)


def test_damaged_lines_are_passed_over(home):
    log(home, (2, "started", "refresh"), (2, "published", ""))
    with (home.logs / "runs.jsonl").open("a", encoding="utf-8") as handle:
        handle.write('{"at": null, "run_id": "b", "outcome": "published", "text": ""}\n')
        handle.write('{"at": "2026-03')
    assert last_good_night(home) == NOW - timedelta(hours=2)


@pytest.mark.parametrize("at", ['"yesterday"', "null", '"2026-03-02T07:00:00"'])
def test_a_night_whose_end_cannot_be_read_is_of_its_start(home, at):
    run_id = run_id_of(NOW - timedelta(hours=2))
    log(home, (2, "started", "refresh"))
    with (home.logs / "runs.jsonl").open("a", encoding="utf-8") as handle:
        handle.write(f'{{"at": {at}, "run_id": "{run_id}", "outcome": "published", "text": ""}}\n')
    assert last_good_night(home) == NOW - timedelta(hours=2)


def test_a_night_of_the_future_is_not_believed(home):
    log(home, (-0.1, "started", "refresh"), (-0.1, "published", ""))
    assert "0 minutes ago" in require_recent(home, timedelta(hours=26), NOW)
    log(home, (-48, "started", "refresh"), (-48, "published", ""))
    with pytest.raises(MissedNightError, match="a clock is or was wrong"):
        require_recent(home, timedelta(hours=26), NOW)
    # The clock is right again, and the names of runs go on from where they were.
    log(home, (3, "started", "refresh"), (3, "published", ""), names_ahead=60)
    assert "3 hours ago" in require_recent(home, timedelta(hours=26), NOW)


def test_runs_that_died(home):
    log(home, (9, "started", "refresh"), (8, "started", "refresh"), (8, "failed", ""))
    log(home, *((hours, "started", "refresh") for hours in (7, 6, 5)))
    first, _, third, fourth, fifth = (run_id_of(NOW - timedelta(hours=h)) for h in (9, 8, 7, 6, 5))
    assert died_before(home, fifth, after=first) == [third, fourth]
    assert died_before(home, fifth, after=third) == [fourth]
    assert died_before(home, fifth, after=None) == [fourth]
    assert died_before(home, third, after=None) == []
