"""What the morning needs in ten lines, from the last release and, where it can be read, from the
warehouse: whether a later run stopped, and why."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

import duckdb

from expectations.report.counts import Counts
from expectations.results import STOPS_RELEASE
from orchestration.paths import Home
from orchestration.release import DATABASE

_WORST = 3

_STOPPED = f"""
    select run_id, string_agg(description, ' ' order by check_id) filter ({STOPS_RELEASE})
    from quality.check_results
    where run_id = (select max(run_id) from quality.check_results) and run_id > ?
    group by run_id
"""


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
        "release": f"{release_id}, {age} old, data as of {manifest['data_as_of']}",
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


def _last_run(home: Home, release_id: str) -> str:
    """Whether a run after the release got as far as its checks, and what stopped it."""
    try:
        with duckdb.connect(str(home.warehouse), read_only=True) as con:
            row = con.execute(_STOPPED, [release_id]).fetchone()
    except duckdb.Error:
        return "not known: the warehouse cannot be read now; a refresh may be running"
    if row is None:
        return "published this release; no later one reached its checks"
    run_id, stopped_by = row
    why = (
        f"it was stopped by: {stopped_by}" if stopped_by else "its delivery was held, or it failed"
    )
    return f"{run_id} published nothing; {why}"


def _one(con: duckdb.DuckDBPyConnection, sql: str, values: list[str] | None = None) -> tuple:
    row = con.execute(sql, values or []).fetchone()
    assert row is not None  # an aggregate is one row
    return row


def _age(age: timedelta) -> str:
    hours = int(age.total_seconds() // 3600)
    return f"{hours} hours" if hours < 48 else f"{hours // 24} days"
