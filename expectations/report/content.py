"""What stands on the page, asked of the warehouse: each table of it is one query."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import duckdb

from expectations import history
from expectations.readings import UNREAD_PHRASES
from expectations.report import Night
from expectations.report.worklist import Worklist, read_worklist
from expectations.results import ERROR, FAILED, NOT_APPLICABLE, PASSED, STOPS_RELEASE

Rows = list[dict[str, Any]]

# What is compared with: the state of so many days ago.
DAYS_BEFORE = 30
# Where a span has more of them, months give way to quarters and these to years.
MOST_MONTHS, MOST_QUARTERS, MOST_YEARS = 18, 24, 24
# Where there were more nights, each week has one point.
MOST_NIGHTS = 120
# A text that no list knows is shown where it is as short as a code, and no number of a person.
LONGEST_CODE = 24
MOST_PHRASES = 200
MOST_ROW_NUMBERS = 12

_STATUS_ORDER = {ERROR: 0, FAILED: 1, NOT_APPLICABLE: 3, PASSED: 2}


@dataclass(frozen=True)
class Content:
    """The tables of the page, each as rows by column name."""

    checked_at: datetime
    last_checked_at: datetime | None
    compared_at: datetime | None
    unpublished: Rows
    deliveries: Rows
    issue_changes: Rows
    answers: int
    issue_states: dict[str, int]
    cohort_flow: Rows
    fields: Rows
    centers: Rows
    turnover: Rows
    completeness_by_period: Rows
    trends: Rows
    laboratory_fields: list[str]
    laboratories: Rows
    findings: Rows
    worklist: Worklist | None
    unmapped: Rows
    unmapped_fields: Rows
    quarantine: Rows
    checks: Rows
    newly_failing: Rows
    recovered: Rows

    @property
    def known(self) -> tuple[int, int]:
        """Pathology fields known, of those expected."""
        return sum(f["known"] for f in self.fields), sum(f["expected"] for f in self.fields)

    @property
    def known_before(self) -> tuple[int, int] | None:
        if self.compared_at is None:
            return None
        then = [f for f in self.fields if f["expected_before"]]
        return sum(f["known_before"] for f in then), sum(f["expected_before"] for f in then)

    @property
    def failed(self) -> Rows:
        return [check for check in self.checks if check["status"] in (ERROR, FAILED)]

    @property
    def issues_open(self) -> int:
        return self.issue_states.get("open", 0) + self.issue_states.get("reopened", 0)

    def happened(self, event: str) -> int:
        """Issues that were opened, closed or reopened tonight."""
        return sum(row[event] for row in self.issue_changes)


def content_of(con: duckdb.DuckDBPyConnection, night: Night, *, external: bool) -> Content:
    """Ask for everything; of what may not leave the hospital nothing, where it is to leave it."""
    checked_at = _checked_at(con, night.run_id)
    assert checked_at is not None  # the checks of a run are recorded before its report
    last_checked_at = None if night.last_release is None else _checked_at(con, night.last_release)
    compared_at = _compared_at(con, checked_at)
    checks = _checks(con, night.run_id)
    newly_failing, recovered = _changed_checks(con, night) if last_checked_at else ([], [])
    laboratories = _laboratories(con)
    return Content(
        checked_at=checked_at,
        last_checked_at=last_checked_at,
        compared_at=compared_at,
        unpublished=_unpublished(con, night),
        deliveries=_deliveries(con, night.last_release),
        issue_changes=_issue_changes(con, night.run_id),
        answers=_answers_since(con, last_checked_at),
        issue_states=dict(
            con.execute("select state, count(*) from quality.issues group by state").fetchall()
        ),
        cohort_flow=_rows(con, "select * from marts.cohort_flow order by step_number"),
        fields=_completeness(con, ["field"], compared_at),
        centers=_completeness(con, ["center", "laboratory"], compared_at),
        turnover=_rows(con, "select * from quality.issue_turnover order by center"),
        completeness_by_period=_by_period(con),
        trends=_trends(con),
        laboratory_fields=sorted({row["field"] for row in laboratories}),
        laboratories=_by_laboratory(laboratories),
        findings=_findings(con),
        worklist=None if external else read_worklist(con),
        unmapped=[] if external else _unmapped(con),
        unmapped_fields=_unmapped_fields(con),
        quarantine=_quarantine(con),
        checks=checks,
        newly_failing=newly_failing,
        recovered=recovered,
    )


def _rows(con: duckdb.DuckDBPyConnection, sql: str, parameters: list[Any] | None = None) -> Rows:
    cursor = con.execute(sql, parameters or [])
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


# --- the night ------------------------------------------------------------------------------------


def _checked_at(con: duckdb.DuckDBPyConnection, run_id: str) -> datetime | None:
    row = con.execute(
        "select min(checked_at) from quality.check_results where run_id = ?", [run_id]
    ).fetchone()
    return None if row is None else row[0]


def _unpublished(con: duckdb.DuckDBPyConnection, night: Night) -> Rows:
    """The runs since the last release that were checked, not published, and what stopped them."""
    return _rows(
        con,
        f"""
        select run_id, min(checked_at) as checked_at,
            string_agg(description, ' ' order by check_id) filter ({STOPS_RELEASE}) as stopped_by
        from quality.check_results
        where run_id > ? and run_id < ?
        group by run_id order by run_id
        """,
        [night.last_release or "", night.run_id],
    )


def _deliveries(con: duckdb.DuckDBPyConnection, last_release: str | None) -> Rows:
    """The deliveries that the last release did not have, and of an extract without one its last."""
    return _rows(
        con,
        """
        with deliveries as (
            select extract, delivery_number, min(taken_in_at) as taken_in_at,
                string_agg(file_name, ', ' order by file_name) as files,
                max(run_id) as run_id,
                sum(rows_read) as rows_read, sum(rows_new) as rows_new,
                sum(rows_changed) as rows_changed, sum(rows_unchanged) as rows_unchanged,
                sum(rows_collapsed) as rows_collapsed,
                sum(rows_quarantined) as rows_quarantined, sum(rows_closed) as rows_closed,
                sum(cells_changed) as cells_changed, sum(cells_blanked) as cells_blanked
            from raw.extracts
            group by extract, delivery_number
        ),
        judged as (
            select *, ? is null or run_id > ? as is_new,
                delivery_number = max(delivery_number) over (partition by extract) as is_last
            from deliveries
        )
        select * exclude (run_id, is_last) from judged
        where is_last or (is_new and ? is not null)
        order by extract, delivery_number
        """,
        [last_release] * 3,
    )


def _issue_changes(con: duckdb.DuckDBPyConnection, run_id: str) -> Rows:
    return _rows(
        con,
        """
        select i.rule, case when i.rule = 'missing field' then i.field end as field,
            count(*) filter (e.event = 'opened') as opened,
            count(*) filter (e.event = 'closed') as closed,
            count(*) filter (e.event = 'reopened') as reopened
        from quality.issue_events e
        inner join quality.issues i on i.issue_id = e.issue_id
        where e.run_id = ? and e.event in ('opened', 'closed', 'reopened')
        group by all
        order by min(i.priority), opened + closed + reopened desc, i.rule, field
        """,
        [run_id],
    )


def _answers_since(con: duckdb.DuckDBPyConnection, at: datetime | None) -> int:
    row = con.execute(
        "select count(*) from quality.issue_events "
        "where answered_by is not null and (? is null or happened_at > ?)",
        [at, at],
    ).fetchone()
    assert row is not None
    return int(row[0])


# --- checks ---------------------------------------------------------------------------------------


def _checks(con: duckdb.DuckDBPyConnection, run_id: str) -> Rows:
    """All checks of a run, what failed first."""
    rows = _rows(
        con,
        """
        select check_id, layer, table_name, column_name, category, severity, status, violated,
            denominator, threshold_percent, description
        from quality.check_results where run_id = ?
        order by percent_violated desc nulls last, check_id
        """,
        [run_id],
    )
    return sorted(rows, key=lambda row: (_STATUS_ORDER[row["status"]], row["severity"]))


def _changed_checks(con: duckdb.DuckDBPyConnection, night: Night) -> tuple[Rows, Rows]:
    """Checks that fail and did not in the last release, and the reverse."""
    rows = _rows(
        con,
        """
        select now.check_id, now.description, now.violated, now.denominator,
            former.violated as violated_before, former.denominator as denominator_before,
            now.status in ('failed', 'error') as fails,
            coalesce(former.status in ('failed', 'error'), false) as failed_before
        from (from quality.check_results where run_id = ?) now
        left join (from quality.check_results where run_id = ?) former
            on former.check_id = now.check_id
        where fails <> failed_before
        order by now.check_id
        """,
        [night.run_id, night.last_release],
    )
    return [row for row in rows if row["fails"]], [row for row in rows if not row["fails"]]


# --- completeness ---------------------------------------------------------------------------------


def _compared_at(con: duckdb.DuckDBPyConnection, checked_at: datetime) -> datetime | None:
    """The night to compare with: the last one a month ago, or else the first there was."""
    row = con.execute(
        """
        select coalesce(max(checked_at) filter (checked_at <= ?), min(checked_at))
        from quality.completeness_history where checked_at < ?
        """,
        [checked_at - timedelta(days=DAYS_BEFORE), checked_at],
    ).fetchone()
    return None if row is None else row[0]


def _completeness(
    con: duckdb.DuckDBPyConnection, by: list[str], compared_at: datetime | None
) -> Rows:
    """Known of expected by the columns ``by``, now and on the night compared with; reasons."""
    columns = ", ".join(by)
    return _rows(
        con,
        f"""
        with former as (
            select {columns}, sum(known) as known, sum(expected) as expected
            from (
                {history.completeness_state("checked_at <= ?")}
            )
            group by {columns}
        )
        select {columns}, sum(n.expected) as expected, sum(n.known) as known,
            sum(not_collected) as not_collected, sum(no_report) as no_report,
            sum(not_reported) as not_reported, sum(not_assessable) as not_assessable,
            sum(unreadable) as unreadable, sum(imprecise) as imprecise,
            sum(conflicting) as conflicting,
            coalesce(any_value(former.known), 0) as known_before,
            coalesce(any_value(former.expected), 0) as expected_before
        from quality.pathology_completeness n
        left join former using ({columns})
        group by {columns}
        order by sum(n.known) / sum(n.expected), {columns}
        """,
        [compared_at],
    )


def _by_period(con: duckdb.DuckDBPyConnection) -> Rows:
    """Known of expected by field and month, quarter or year, whichever the span allows."""
    row = con.execute(
        """
        select date_diff('month', min(month), max(month)) + 1,
            date_diff('quarter', min(month), max(month)) + 1, max(year(month))
        from (select try_cast(month || '-01' as date) as month from quality.pathology_completeness)
        """
    ).fetchone()
    assert row is not None
    months, quarters, last_year = row
    first_year = (last_year or 0) - MOST_YEARS + 1
    if (months or 0) <= MOST_MONTHS:
        period = "month"
    elif quarters <= MOST_QUARTERS:
        period = "year(day) || ' Q' || quarter(day)"
    else:
        period = (
            f"case when year(day) < {first_year} then '–{first_year - 1}' "
            "else year(day)::varchar end"
        )
    return _rows(
        con,
        f"""
        select field, period, sum(known) as known, sum(expected) as expected
        from (
            select *, case when day is null then 'unknown' else {period} end as period
            from (
                select *, try_cast(month || '-01' as date) as day
                from quality.pathology_completeness
            )
        )
        group by field, period
        order by field, period
        """,
    )


def _trends(con: duckdb.DuckDBPyConnection) -> Rows:
    """Known of expected by field, night after night; a night that changed nothing has no row."""
    return _rows(
        con,
        f"""
        with changes as (
            select field, checked_at,
                known - coalesce(lag(known) over cell, 0) as known,
                expected - coalesce(lag(expected) over cell, 0) as expected
            from quality.completeness_history
            window cell as (partition by field, center, laboratory, month order by checked_at)
        ),
        nights as (
            select field, checked_at, sum(known) as known, sum(expected) as expected
            from changes group by field, checked_at
        ),
        states as (
            select field, checked_at,
                sum(known) over so_far as known, sum(expected) over so_far as expected
            from nights
            window so_far as (partition by field order by checked_at)
        )
        select field, checked_at, cast(known as bigint) as known,
            cast(expected as bigint) as expected
        from states
        qualify (select count(distinct checked_at) from nights) <= {MOST_NIGHTS}
            or row_number() over (
                partition by field, date_trunc('week', checked_at) order by checked_at desc
            ) = 1
        order by field, checked_at
        """,
    )


# --- whom to ask ----------------------------------------------------------------------------------


def _laboratories(con: duckdb.DuckDBPyConnection) -> Rows:
    return _rows(
        con,
        """
        select center, laboratory, field, count(*) as issues
        from quality.issues
        where rule = 'missing field' and state in ('open', 'reopened')
        group by center, laboratory, field
        order by center, laboratory, field
        """,
    )


def _by_laboratory(rows: Rows) -> Rows:
    """One row per laboratory with its open issues by field, the one with the most first."""
    found: dict[tuple[str, str], dict[str, int]] = {}
    for row in rows:
        found.setdefault((row["center"], row["laboratory"]), {})[row["field"]] = row["issues"]
    lines: Rows = [
        {"center": center, "laboratory": laboratory, "issues": issues}
        for (center, laboratory), issues in found.items()
    ]
    return sorted(lines, key=lambda line: -sum(line["issues"].values()))


def _findings(con: duckdb.DuckDBPyConnection) -> Rows:
    """Open issues that are no missing field: what, where, and what would mend them."""
    return _rows(
        con,
        """
        select rule, center, any_value(remedy) as remedy, count(*) as issues,
            min(opened_at) as oldest
        from quality.issues
        where rule <> 'missing field' and state in ('open', 'reopened')
        group by rule, center
        order by min(priority), issues desc, center
        """,
    )


# --- what could not be taken or read --------------------------------------------------------------


def _unmapped(con: duckdb.DuckDBPyConnection) -> Rows:
    return _rows(
        con,
        f"""
        select extract, field, phrase, sum(row_count) as row_count
        from ({UNREAD_PHRASES})
        where length(phrase) <= {LONGEST_CODE} and not regexp_matches(phrase, '[0-9]{{5}}')
        group by extract, field, phrase
        order by row_count desc, extract, field, phrase
        limit {MOST_PHRASES}
        """,
    )


def _unmapped_fields(con: duckdb.DuckDBPyConnection) -> Rows:
    return _rows(
        con,
        """
        select extract, field, count(*) as texts, sum(row_count) as row_count
        from quality.unmapped_values group by extract, field
        order by row_count desc, extract, field
        """,
    )


def _quarantine(con: duckdb.DuckDBPyConnection) -> Rows:
    return _rows(
        con,
        f"""
        select extract, file_name, reason, count(*) as rows_held,
            list(file_row_number order by file_row_number)[:{MOST_ROW_NUMBERS}] as row_numbers
        from quality.quarantined_rows
        group by extract, file_name, reason
        order by rows_held desc, extract, file_name, reason
        """,
    )
