"""What no extract holds: how the registry looked on earlier nights.

The tables are append-only, stand in the warehouse and in every release, and are carried over when
the warehouse is made again.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import duckdb

from expectations import issues, results
from expectations.results import CheckResult, status_of
from ingestion.sql import comments_sql, text_literal

HISTORY = ("check_results", "issue_events", "issues", "completeness_history")

_REASONS = (
    "not_collected",
    "no_report",
    "not_reported",
    "not_assessable",
    "unreadable",
    "imprecise",
    "conflicting",
)
_COUNTS = ("expected", "known", *_REASONS)

_TABLE = f"""
create schema if not exists quality;
create table if not exists quality.completeness_history (
    run_id varchar, checked_at timestamp, field varchar, center varchar, laboratory varchar,
    month varchar, {", ".join(f"{name} integer" for name in _COUNTS)}
);
"""

_COMMENT = (
    "How complete each pathology field was, night by night; a night that changes nothing adds "
    "nothing, and the counts hold until a later row. One row per night, field, centre, laboratory "
    "and month whose counts changed."
)
_COLUMN_COMMENTS = {
    "run_id": "The night.",
    "checked_at": "When it started, UTC.",
    "field": "Field of the pathology extract.",
    "center": "Centre.",
    "laboratory": "Laboratory.",
    "month": "Month of the specimen, or unknown.",
    "expected": "Specimens of which the field is expected.",
    "known": "Of these, with the field known.",
    **{reason: f"Missing with the reason {reason}." for reason in _REASONS},
}


def completeness_state(told_by: str = "true") -> str:
    """SQL: how complete each field, centre, laboratory and month was by the nights ``told_by``."""
    return f"""
        select * from quality.completeness_history
        where {told_by}
        qualify row_number() over (
            partition by field, center, laboratory, month order by checked_at desc
        ) = 1
    """


def create_tables(con: duckdb.DuckDBPyConnection) -> None:
    results.create_table(con)
    issues.create_tables(con)
    _create_table(con)


def _create_table(con: duckdb.DuckDBPyConnection) -> None:
    con.execute(_TABLE + comments_sql("quality.completeness_history", _COMMENT, _COLUMN_COMMENTS))


def append_completeness(con: duckdb.DuckDBPyConnection, run_id: str, at: datetime) -> None:
    """Append what `quality.pathology_completeness` says otherwise than the last night did.

    A cell that is gone is written with zeros.
    """
    _create_table(con)
    counts = ", ".join(f"coalesce(n.{name}, 0) as {name}" for name in _COUNTS)
    now = ", ".join(f"coalesce(n.{name}, 0)" for name in _COUNTS)
    then = ", ".join(f"coalesce(l.{name}, 0)" for name in _COUNTS)
    con.execute(
        f"""
        insert into quality.completeness_history by name
        with last as ({completeness_state()})
        select
            ? as run_id, cast(? as timestamp) as checked_at,
            coalesce(n.field, l.field) as field,
            coalesce(n.center, l.center) as center,
            coalesce(n.laboratory, l.laboratory) as laboratory,
            coalesce(n.month, l.month) as month,
            {counts}
        from quality.pathology_completeness n
        full join last l on l.field = n.field and l.center = n.center
            and l.laboratory = n.laboratory and l.month = n.month
        where row({now}) is distinct from row({then})
        """,
        [run_id, at],
    )


def fallen_completeness(con: duckdb.DuckDBPyConnection, points: float) -> list[CheckResult]:
    """One check per pathology field: that it is not known in fewer specimens than on the night
    before, by more than ``points`` percentage points. Called before `append_completeness`."""
    _create_table(con)
    rows = con.execute(
        f"""
        with last as ({completeness_state()})
        select n.field, n.known, n.expected, l.known, l.expected
        from (select field, sum(known) as known, sum(expected) as expected
              from quality.pathology_completeness group by field) n
        left join (select field, sum(known) as known, sum(expected) as expected
                   from last group by field) l on l.field = n.field
        order by n.field
        """
    ).fetchall()
    return [_fallen(points, *row) for row in rows]


def _fallen(
    points: float,
    field: str,
    known: int,
    expected: int,
    known_before: int | None,
    expected_before: int | None,
) -> CheckResult:
    compared = 1 if expected_before else 0
    fell = 0
    if known_before is not None and expected_before:
        fell = int(100 * known_before / expected_before - 100 * known / expected > points)
    return CheckResult(
        check_id=f"between_nights.{field}.is_known_as_often",
        engine="sql",
        layer="quality",
        table_name="pathology_completeness",
        column_name=field,
        category="completeness",
        severity="warning",
        status=status_of(fell, compared),
        violated=fell,
        denominator=compared,
        threshold_percent=0,
        description=f"{field} is not known in {points:g} points less of the specimens than before.",
    )


def undone_deaths(con: duckdb.DuckDBPyConnection, last_release: Path) -> CheckResult:
    """Patients dead in the last release, still in the cohort, and dead no more."""
    con.execute(f"attach {text_literal(str(last_release))} as former (read_only)")
    try:
        row = con.execute(
            """
            select count(*) filter (n.died is distinct from true), count(*)
            from former.marts.survival_cohort l
            inner join marts.survival_cohort n on n.patient_id = l.patient_id
            where l.died
            """
        ).fetchone()
    finally:
        con.execute("detach former")
    assert row is not None
    return CheckResult(
        check_id="between_nights.deaths_stay",
        engine="sql",
        layer="marts",
        table_name="survival_cohort",
        column_name="died",
        category="plausibility",
        severity="warning",
        status=status_of(*row),
        violated=row[0],
        denominator=row[1],
        threshold_percent=0,
        description="Who was dead in the last release is still dead.",
    )


def copy_history(con: duckdb.DuckDBPyConnection, path: Path) -> bool:
    """Copy the history out of another database file; false where it has none or cannot be read."""
    create_tables(con)
    try:
        con.execute(f"attach {text_literal(str(path))} as former (read_only)")
    except duckdb.Error:
        return False
    try:
        found = con.execute(
            "select table_name from duckdb_tables() "
            "where database_name = 'former' and schema_name = 'quality'"
        ).fetchall()
        # A release of an earlier version of the project may lack one of them.
        kept = [table for table in HISTORY if (table,) in found]
        for table in kept:
            con.execute(f"insert into quality.{table} by name from former.quality.{table}")
    except duckdb.Error:
        return False
    finally:
        con.execute("detach former")
    return bool(kept)
