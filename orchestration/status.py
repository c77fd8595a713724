"""What the morning needs in ten lines, from the current release and the log of runs."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb

from expectations.report.counts import Counts
from orchestration.errors import ConfigurationError, MissedNightError
from orchestration.lock import is_locked
from orchestration.paths import Home
from orchestration.release import DATABASE
from orchestration.runs import (
    FAILED,
    PUBLISHED,
    STARTED,
    UNCHANGED,
    last_good_night,
    last_run,
)

_WORST = 3
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}
# The monitor and the night may run on two machines.
_CLOCKS_DIFFER = timedelta(minutes=10)


def status_lines(home: Home, folder: Path, now: datetime) -> list[str]:
    """The lines of `crlm status` on the release in ``folder``."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    release_id = manifest["release_id"]
    counts = Counts()
    with duckdb.connect(str(folder / DATABASE), read_only=True) as con:
        patients, deaths = _one(
            con, "select count(*), count(*) filter (died) from marts.survival_cohort"
        )
        issues_open, *happened = _one(
            con,
            """
            select (select count(*) from quality.issues where state in ('open', 'reopened')),
                count(*) filter (event = 'opened'), count(*) filter (event = 'closed'),
                count(*) filter (event = 'reopened')
            from quality.issue_events where run_id = ?
            """,
            [release_id],
        )
        fields = con.execute(
            "select field, sum(known), sum(expected) from quality.pathology_completeness "
            f"group by field order by sum(known) / sum(expected), field limit {_WORST}"
        ).fetchall()
        held = con.execute(
            "select extract, count(*) from quality.quarantined_rows group by all order by all"
        ).fetchall()
    worst = "; ".join(f"{f.replace('_', ' ')} {counts.of(known, n)}" for f, known, n in fields)
    age = _age(now - datetime.fromisoformat(manifest["started_at"]))
    checks = manifest["checks"]
    opened, closed, reopened = happened
    rows = {
        "release": f"{release_id}, {age} old, data as of {manifest['data_as_of']}"
        + _rolled_back(home, release_id),
        "last run": _last_run(home, release_id),
        "cohort": f"{patients} patients, {deaths} deaths",
        "checks": f"{checks['passed']} passed, {len(checks['warned'])} failed (warnings)",
        "issues": f"{issues_open} open; that night {opened} opened, {closed} closed, "
        f"{reopened} reopened",
        "known least": worst or "no pathology field is expected",
        "quarantine": ", ".join(f"{extract} {n}" for extract, n in held) or "no row is held",
        "reports": f"{folder}/quality_report.html, survival_report.html",
    }
    heading = [manifest["registry"], *filter(None, [manifest["notice"]])]
    return [*heading, *(f"{name:<14} {text}" for name, text in rows.items())]


def age_of(text: str) -> timedelta:
    """An age such as `26h`, `90m` or `2d`; ConfigurationError where it is none."""
    found = re.fullmatch(r"([0-9]{1,6})([mhd])", text.strip())
    if found is None or int(found[1]) == 0:
        raise ConfigurationError(
            f"--max-age {text}: write a number of minutes, hours or days above 0, such as 90m, 26h "
            "or 2d"
        )
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


def require_recent(home: Home, oldest: timedelta, now: datetime) -> str:
    """Say of when the last good night is: one that published, or found nothing changed.

    Raises MissedNightError where it is older than ``oldest``, or there was none.
    """
    last = last_good_night(home)
    if last is None:
        raise MissedNightError(
            f"{home.logs}: the log has no good night yet; {_last_words(home)}run crlm refresh"
        )
    age = now - last
    when = f"{last.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    if age < -_CLOCKS_DIFFER:
        raise MissedNightError(
            f"the last good night is of {when}, which is yet to come: a clock is or was wrong, and "
            "whether a night was missed cannot be told"
        )
    if age > oldest:
        raise MissedNightError(
            f"the last good night is of {when}, {_short(age)} ago and more than {_short(oldest)}; "
            f"{_last_words(home)}look at crlm status"
        )
    return f"the last good night is of {when}, {_short(age)} ago"


def _last_words(home: Home) -> str:
    """How the last run ended, where it was no good one."""
    run = last_run(home)
    if run is None or run.outcome in (PUBLISHED, UNCHANGED):
        return ""
    return f"the last run {_last_run(home, '').removeprefix(run.run_id).strip()}; "


def _short(age: timedelta) -> str:
    minutes = max(0, int(age.total_seconds() // 60))
    if minutes < 120:
        return f"{minutes} minutes"
    return f"{minutes // 60} hours" if minutes < 72 * 60 else f"{minutes // 1440} days"


def _last_run(home: Home, release_id: str) -> str:
    """How the last run ended; a run without an end is at work or has died."""
    run = last_run(home)
    if run is None or (run.run_id == release_id and run.outcome == PUBLISHED):
        return "published this release"
    if run.outcome == UNCHANGED:
        return f"{run.run_id} checked, nothing changed"
    if run.outcome == STARTED:
        now = "is at work now" if is_locked(home.lock) else "died; the next run clears up behind it"
        return f"{run.run_id} {now}"
    if run.outcome == FAILED:
        return f"{run.run_id} published nothing: {run.text}"
    return f"{run.run_id} {run.outcome} {run.text}".rstrip()


def _rolled_back(home: Home, release_id: str) -> str:
    """Whose place the current release has taken, because somebody said so."""
    try:
        told = json.loads(home.rolled_back.read_text(encoding="utf-8"))
        if told["to"] == release_id:
            return f"; rolled back from {told['from']}, the next refresh moves on"
    except (OSError, ValueError, KeyError, TypeError):
        pass
    return ""


def _one(con: duckdb.DuckDBPyConnection, sql: str, values: list[str] | None = None) -> tuple:
    row = con.execute(sql, values or []).fetchone()
    assert row is not None  # an aggregate is one row
    return row


def _age(age: timedelta) -> str:
    hours = int(age.total_seconds() // 3600)
    return f"{hours} hours" if hours < 48 else f"{hours // 24} days"
