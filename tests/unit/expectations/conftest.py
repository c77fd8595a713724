"""A synthetic warehouse with the tables that the quality report reads, made in SQL."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import duckdb
import pytest

from expectations import history
from expectations.report import Night
from expectations.results import CheckResult, record

LAST_NIGHT, TONIGHT = "20260201T010000000Z", "20260202T010000000Z"
FIELDS = (
    "diagnosis",
    "largest_metastasis",
    "lymphovascular_invasion",
    "margin_distance",
    "metastasis_count",
    "perineural_invasion",
    "steatosis",
    "tumor_grade",
    "tumor_regression",
)


def at(run_id: str) -> datetime:
    return datetime.strptime(run_id, "%Y%m%dT%H%M%S%fZ")


@pytest.fixture(scope="session")
def night() -> Night:
    return Night(TONIGHT, LAST_NIGHT)


@pytest.fixture(scope="session")
def quality_warehouse() -> Callable[..., duckdb.DuckDBPyConnection]:
    """Build one: ``operations`` over ten years in four centers with three laboratories each,
    ``issues`` about them, ``nights`` of completeness before tonight."""

    def build(operations: int, issues: int, nights: int) -> duckdb.DuckDBPyConnection:
        con = duckdb.connect()
        history.create_tables(con)
        con.execute("create schema marts; create schema raw")
        _completeness(con, operations, nights)
        _issues(con, issues)
        _checks(con)
        con.execute(
            """
            create table marts.cohort_flow as from (values
                (1, 'All patients', 108, 0, 'every patient of any extract'),
                (2, 'First liver resection', 105, 3, 'no liver resection'),
                (3, 'Survival time known', 103, 2, 'vital status or survival time unknown')
            ) v(step_number, step, patients, excluded, reason);
            create table raw.extracts as from (values
                ('pathology', 1, '20260101T010000000Z', 'old.csv', timestamp '2026-01-01', 98),
                ('pathology', 2, '20260202T010000000Z', 'Rahimi.csv', timestamp '2026-02-02', 111),
                ('operative', 1, '20260101T010000000Z', 'old.csv', timestamp '2026-01-01', 108)
            ) v(extract, delivery_number, run_id, file_name, taken_in_at, rows_read);
            alter table raw.extracts add column rows_new bigint default 3;
            alter table raw.extracts add column rows_changed bigint default 7;
            alter table raw.extracts add column rows_unchanged bigint default 96;
            alter table raw.extracts add column rows_collapsed bigint default 1;
            alter table raw.extracts add column rows_quarantined bigint default 4;
            alter table raw.extracts add column rows_closed bigint default 2;
            alter table raw.extracts add column cells_changed bigint default 9;
            alter table raw.extracts add column cells_blanked bigint default 1;
            create table quality.quarantined_rows as from (values
                ('pathology', 'Rahimi.csv', 12, 'P0123456789abcdef0123', 'the key is blank'),
                ('pathology', 'Rahimi.csv', 31, 'P0123456789abcdef0123', 'the key is blank')
            ) v(extract, file_name, file_row_number, patient_id, reason);
            create table quality.unmapped_values as from (values
                ('pathology', 'tumor_grade', 'g5', 3, null),
                ('pathology', 'margin_status', 'clear ; close by', 6, 'close by'),
                ('pathology', 'diagnosis', 'as discussed with the patient by telephone', 1, null),
                ('operative', 'procedure', '0912345678', 1, null)
            ) v(extract, field, text, row_count, unread_parts);
            """
        )
        return con

    return build


def _completeness(con: duckdb.DuckDBPyConnection, operations: int, nights: int) -> None:
    con.execute(
        """
        create table quality.pathology_completeness as
        with specimens as (
            select i, 'Center ' || (i % 4) as center, 'Laboratory ' || (i % 12) as laboratory,
                strftime(date '2016-01-01' + to_days(cast(i * 3650 // ? as integer)), '%Y-%m')
                    as month
            from range(?) v(i)
        ),
        judged as (
            select s.*, f.field, (hash(s.i, f.field) % 100) < 20 + 9 * f.place as is_known
            from specimens s, (select unnest(?) as field, unnest(range(9)) as place) f
        )
        select field, center, laboratory, month, count(*)::integer as expected,
            count(*) filter (is_known)::integer as known, 0 as not_collected, 0 as no_report,
            count(*) filter (not is_known)::integer as not_reported, 0 as not_assessable,
            0 as unreadable, 0 as imprecise, 0 as conflicting
        from judged group by field, center, laboratory, month
        """,
        [operations, operations, list(FIELDS)],
    )
    # Every night before tonight another part of the cells stood one lower.
    con.execute(
        """
        insert into quality.completeness_history by name
        select 'night' || n as run_id, timestamp '2026-02-01 01:00:00' - to_days(? - n::integer)
            as checked_at, field, center, laboratory, month, expected,
            greatest(known - (n % 2 = 0)::integer, 0) as known, not_collected, no_report,
            not_reported, not_assessable, unreadable, imprecise, conflicting
        from quality.pathology_completeness, range(1, ? + 1) v(n)
        where n = 1 or hash(field, laboratory, month) % 20 = n % 20
        """,
        [nights, nights],
    )
    history.append_completeness(con, TONIGHT, at(TONIGHT))


def _issues(con: duckdb.DuckDBPyConnection, issues: int) -> None:
    con.execute(
        """
        insert into quality.issues by name
        select md5(i::varchar) as issue_id,
            if(i % 3 = 0, 'alive, last contact over a year ago', 'missing field') as rule,
            if(i % 3 = 0, 'contact_date', list_extract(?, 1 + i // 3 % 9)) as field,
            'P' || substr(md5('p' || i // 2), 1, 20) as patient_id,
            if(i % 3 = 0, null, 'S' || substr(md5('s' || i // 2), 1, 20)) as record_id,
            'Center ' || (i % 4) as center,
            if(i % 3 = 0, 'unknown', 'Laboratory ' || (i % 12)) as laboratory,
            if(i % 3 = 0, 'unknown', '2026-01') as month,
            if(i % 3 = 0, null, 'not_reported') as detail,
            if(i % 3 = 0, 7, 100) as priority,
            if(i % 3 = 0, 'call the patient', 'ask the laboratory') as remedy,
            case when i % 11 = 0 then 'waived' when i % 7 = 0 then 'closed' else 'open' end
                as state,
            timestamp '2026-02-02 01:00:00' - to_days(i::integer % 400) as opened_at,
            if(i % 11 = 0, date '2027-01-31', null) as waived_until
        from range(?) v(i)
        """,
        [list(FIELDS), issues],
    )
    con.execute(
        """
        insert into quality.issue_events by name
        select row_number() over () as event_number, issue_id, ? as happened_at, ? as run_id,
            if(state = 'closed', 'closed', 'opened') as event
        from quality.issues limit 103
        """,
        [at(TONIGHT), TONIGHT],
    )
    con.execute(
        """
        insert into quality.issue_turnover by name
        select center, count(*) filter (state = 'open')::integer as open, 0 as answered,
            count(*) filter (state = 'waived')::integer as waived,
            count(*) filter (state = 'closed')::integer as closed, 2.5 as median_days_to_close,
            399 as oldest_open_days
        from quality.issues group by center
        """
    )


def _checks(con: duckdb.DuckDBPyConnection) -> None:
    def check(name: str, violated: int, status: str, severity: str = "warning") -> CheckResult:
        return CheckResult(
            f"marts.{name}", "sql", "marts", "survival_cohort", name, "completeness", severity,
            status, violated, 103, 0, f"{name} is in order.",
        )  # fmt: skip

    many = [check(f"column_{i}", 0, "passed") for i in range(330)]
    record(con, LAST_NIGHT, at(LAST_NIGHT), [check("sex", 2, "failed"), check("age", 0, "passed")])
    stopped = "20260201T130000000Z"
    record(con, stopped, at(stopped), [check("margin", 1, "failed", "error")])
    tonight = [
        check("sex", 0, "passed"),
        check("age", 3, "failed"),
        check("odd", 0, "not applicable"),
    ]
    record(con, TONIGHT, at(TONIGHT), [*many, *tonight])
