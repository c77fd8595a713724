"""What a release holds, to be compared with another: everything but when it was found."""

from __future__ import annotations

from pathlib import Path

import duckdb

from orchestration.release import TableContent, content_of

# Columns that tell of the nights themselves: when, and by which run.
TOLD_OF_NIGHTS = {
    "quality.issues": "first_seen, last_seen, state_since, opened_at, closed_at, days_to_close",
    "quality.issue_events": "happened_at, run_id",
    "quality.issue_turnover": "median_days_to_close, oldest_open_days",
    "quality.completeness_history": "checked_at, run_id",
}
# Grows by every run.
GROWS = "quality.check_results"


def content_of_database(database: Path) -> dict[str, TableContent]:
    """Rows and hash of every published table."""
    with duckdb.connect(str(database), read_only=True) as con:
        tables = {
            name
            for (name,) in con.execute(
                "select schema_name || '.' || table_name from duckdb_tables()"
            ).fetchall()
        }
        for name in TOLD_OF_NIGHTS.keys() & tables:
            con.execute(
                f"create temp view {name.replace('.', '_')} as "
                f"select * exclude ({TOLD_OF_NIGHTS[name]}) from {name}"
            )
        compared = [
            name.replace(".", "_") if name in TOLD_OF_NIGHTS else name
            for name in sorted(tables - {GROWS})
        ]
        return content_of(con, compared)
