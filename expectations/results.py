"""Results of checks, one tidy row each, appended night by night to ``quality.check_results``."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

import duckdb

from ingestion.sql import comments_sql

ERROR, FAILED, PASSED, NOT_APPLICABLE = "error", "failed", "passed", "not applicable"


@dataclass(frozen=True)
class CheckResult:
    """One check of one night.

    ``violated`` of ``denominator`` rows break the rule; ``threshold_percent`` may do so before the
    check fails. ``severity`` is ``error`` (stops the release) or ``warning``; ``category`` is
    Kahn's (eGEMs 2016;4:1244): conformance, completeness or plausibility. ``status`` is
    ``error`` where the check itself could not run.
    """

    check_id: str
    engine: str
    layer: str
    table_name: str
    column_name: str | None
    category: str
    severity: str
    status: str
    violated: int | None
    denominator: int | None
    threshold_percent: float
    description: str

    @property
    def stops_release(self) -> bool:
        return self.status == ERROR or (self.status == FAILED and self.severity == "error")


# `CheckResult.stops_release` of a row of quality.check_results.
STOPS_RELEASE = f"(status = '{ERROR}' or (status = '{FAILED}' and severity = 'error'))"


def status_of(violated: int | None, denominator: int | None, threshold_percent: float = 0) -> str:
    """The status of a check from what it counted: it fails above its threshold."""
    if violated is None:
        return ERROR
    if 100 * violated > threshold_percent * (denominator or 0):
        return FAILED
    return NOT_APPLICABLE if denominator == 0 else PASSED


_TABLE = """
create schema if not exists quality;
create table if not exists quality.check_results (
    run_id varchar, checked_at timestamp, check_id varchar, engine varchar, layer varchar,
    table_name varchar, column_name varchar, category varchar, severity varchar, status varchar,
    violated bigint, denominator bigint, percent_violated double, threshold_percent double,
    description varchar
);
"""

_COMMENT = "Results of all checks of all nights, append-only. One row per run and check."
_COLUMN_COMMENTS = {
    "run_id": "The run of the nightly job.",
    "checked_at": "When the run started, UTC.",
    "check_id": "The check, the same every night.",
    "engine": "great_expectations, dbt (declared there), or sql (written rules).",
    "layer": "raw, staging, intermediate, marts or quality.",
    "table_name": "Table checked.",
    "column_name": "Column checked, if it is one.",
    "category": "Kahn category: conformance, completeness, plausibility.",
    "severity": "error stops the release; warning does not.",
    "status": "passed, failed, not applicable (nothing to check) or error (could not be run).",
    "violated": "Rows that break the rule.",
    "denominator": "Rows to which the rule applies; null where the check counts violations only.",
    "percent_violated": "violated in percent of denominator.",
    "threshold_percent": "Up to this percent may break the rule.",
    "description": "The rule in words.",
}


def create_table(con: duckdb.DuckDBPyConnection) -> None:
    con.execute(_TABLE + comments_sql("quality.check_results", _COMMENT, _COLUMN_COMMENTS))


def record(
    con: duckdb.DuckDBPyConnection, run_id: str, checked_at: datetime, checks: list[CheckResult]
) -> None:
    """Append the checks of a run to ``quality.check_results``."""
    create_table(con)
    if not checks:
        return
    # Slow to import, and a night that has nothing to do needs none.
    import pandas as pd

    frame = pd.DataFrame([asdict(check) for check in checks])
    con.register("checks_of_run", frame)
    try:
        con.execute(
            """
            insert into quality.check_results by name
            select ? as run_id, ? as checked_at, *,
                100.0 * violated / nullif(denominator, 0) as percent_violated
            from checks_of_run
            """,
            [run_id, checked_at],
        )
    finally:
        con.unregister("checks_of_run")


def fallen_readability(
    con: duckdb.DuckDBPyConnection,
    checks: list[CheckResult],
    last_release: str,
    points: float,
) -> list[str]:
    """Fields of which less can be read than before, by more than ``points`` percentage points.

    Compared are the checks of this run with those of the run ``last_release``, as far as both had
    something to read.
    """
    con.execute(_TABLE)
    before = {
        check_id: 100 * (1 - violated / denominator)
        for check_id, violated, denominator in con.execute(
            "select check_id, violated, denominator from quality.check_results "
            "where run_id = ? and layer = 'staging' and denominator > 0",
            [last_release],
        ).fetchall()
    }
    fell = []
    for check in checks:
        if check.check_id not in before or not check.denominator or check.violated is None:
            continue
        now = 100 * (1 - check.violated / check.denominator)
        if before[check.check_id] - now > points:
            fell.append(
                f"what stands in {check.column_name} of {check.table_name} can be read in "
                f"{now:.0f} % of the filled rows, it was in {before[check.check_id]:.0f} %"
            )
    return fell
