"""What a release says of itself: from which files it was made, how, and with which versions."""

from __future__ import annotations

import subprocess
from datetime import date
from typing import TYPE_CHECKING, Any

import duckdb

from expectations.results import FAILED, PASSED
from ingestion.ingest import ExtractSummary
from ingestion.sql import fetch_value
from orchestration.paths import PROJECT
from orchestration.release import TableContent
from orchestration.sources import code_version, keep_sources, made_of, versions

if TYPE_CHECKING:
    from orchestration.refresh import Run

_ROW_COUNTS = (
    "rows_read",
    "rows_new",
    "rows_changed",
    "rows_unchanged",
    "rows_collapsed",
    "rows_quarantined",
    "rows_closed",
    "other_records",
)


def manifest_of(
    run: Run, con: duckdb.DuckDBPyConnection, published: dict[str, TableContent]
) -> dict[str, Any]:
    """The content of ``manifest.json``; ``published`` is what its tables hold."""
    extracts = run.extracts
    registry = run.config.settings.registry
    failed = [check for check in run.checks if check.status == FAILED]
    return {
        "release_id": run.run_id,
        "registry": registry.name,
        "notice": registry.notice,
        "started_at": run.started_at.isoformat(),
        "data_as_of": data_as_of_tonight(con),
        "inputs": [
            {
                "extract": file.extract,
                "file": file.name,
                "sha256": file.sha256,
                "bytes": file.bytes,
            }
            for summary in extracts
            for file in summary.files
        ],
        "deliveries": {
            summary.extract: _last_delivery(con, summary.extract) for summary in extracts
        },
        "quarantine": _held_now(con, extracts),
        "forced_because": run.forced_because,
        "remarks": remarks_on(con, extracts, run.forced_because),
        "mapping": {
            summary.extract: {
                name: {"header": mapped.header, "recognized_by": mapped.recognized_by}
                for name, mapped in summary.mapped.items()
            }
            for summary in extracts
        },
        "own_phrases": fetch_value(con, "select count(*) from raw.phrases"),
        "rows": {name: table.rows for name, table in published.items()},
        "content": {name: table.content for name, table in published.items()},
        "checks": {
            "passed": sum(check.status == PASSED for check in run.checks),
            "not_applicable": sum(c.status not in (PASSED, FAILED) for c in run.checks),
            "warned": [
                {
                    "check_id": check.check_id,
                    "violated": check.violated,
                    "denominator": check.denominator,
                }
                for check in failed
            ],
        },
        "plan": run.plan.title,
        "definitions": run.config.definitions,
        "versions": versions(),
        "code": code_version(),
        "commit": _commit(),
        "sources": keep_sources(run.config, run.home.archive),
        "made_of": made_of(
            run.config,
            run.home,
            run.plan,
            [(file.extract, file.sha256) for summary in extracts for file in summary.files],
        ),
        "holds_until": _first_waiver_to_end(con),
        "seconds": dict(run.progress.seconds),
    }


def _last_delivery(con: duckdb.DuckDBPyConnection, extract: str) -> dict[str, Any]:
    sums = ", ".join(f"sum({column})::bigint" for column in _ROW_COUNTS)
    row = con.execute(
        f"select max(delivery_number), {sums} from raw.extracts where extract = ? and "
        "delivery_number = (select max(delivery_number) from raw.extracts where extract = ?)",
        [extract, extract],
    ).fetchall()[0]
    return dict(zip(["delivery_number", *_ROW_COUNTS], row, strict=True))


def data_as_of_tonight(con: duckdb.DuckDBPyConnection) -> date:
    """The day until which the data are used."""
    return fetch_value(con, "select data_as_of from intermediate.int_data_as_of")


def definitions_in_words(con: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    """What each definition decides, with its value in force, as the report states them."""
    rows = con.execute("select meaning, value, unit from marts.definitions").fetchall()
    return [(meaning, f"{value} {unit}" if unit else value) for meaning, value, unit in rows]


def _held_now(con: duckdb.DuckDBPyConnection, extracts: list[ExtractSummary]) -> dict[str, int]:
    """Rows held in quarantine, per extract."""
    held = dict(
        con.execute(
            "select extract, count(*) from raw.quarantine where released_by_extract_id is null "
            "group by extract"
        ).fetchall()
    )
    return {summary.extract: held.get(summary.extract, 0) for summary in extracts}


def remarks_on(
    con: duckdb.DuckDBPyConnection, extracts: list[ExtractSummary], forced_because: str | None
) -> list[str]:
    """What a reader of the report has to know of the deliveries behind it."""
    remarks = [
        f"{count} {'row' if count == 1 else 'rows'} of the {extract} extract could not be taken "
        f"and {'is' if count == 1 else 'are'} held in quarantine."
        for extract, count in _held_now(con, extracts).items()
        if count
    ]
    forced = con.execute(
        """
        select forced_because, string_agg(distinct extract, ', ' order by extract)
        from (
            from raw.extracts
            qualify delivery_number = max(delivery_number) over (partition by extract)
        )
        where forced_because is not null
        group by forced_because order by forced_because
        """
    ).fetchall()
    remarks += [
        f"The gates were opened for the last delivery of {names}; the reason given: {reason}"
        for reason, names in forced
    ]
    if forced_because is not None and forced_because not in dict(forced):
        remarks.append(
            f"The gates were opened for this release; the reason given: {forced_because}"
        )
    return remarks


def _first_waiver_to_end(con: duckdb.DuckDBPyConnection) -> date | None:
    """The last day on which the issues stand as they do: then a waiver ends."""
    return fetch_value(con, "select min(waived_until) from quality.issues where state = 'waived'")


def _commit() -> str | None:
    """The commit of the code, where it is a git checkout."""
    if not (PROJECT / ".git").exists():
        return None
    try:
        found = subprocess.run(
            ["git", "-C", str(PROJECT), "rev-parse", "HEAD"],
            capture_output=True,
            text=True,
            timeout=10,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return found.stdout.strip()
