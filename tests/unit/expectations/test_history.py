"""The history of completeness holds what changed, and any night can be told from it."""

from __future__ import annotations

from datetime import datetime, timedelta

import duckdb
import pytest

from expectations.history import (
    HISTORY,
    append_completeness,
    copy_history,
    create_tables,
    fallen_completeness,
    undone_deaths,
)

COUNTS = (
    "expected", "known", "not_collected", "no_report", "not_reported", "not_assessable",
    "unreadable", "imprecise", "conflicting",
)  # fmt: skip
FIRST = datetime(2026, 1, 1, 2)


@pytest.fixture
def con():
    with duckdb.connect() as con:
        counts = ", ".join(f"{name} integer" for name in COUNTS)
        con.execute(
            "create schema quality; create table quality.pathology_completeness "
            f"(field varchar, center varchar, laboratory varchar, month varchar, {counts})"
        )
        yield con


def tell(con, **known):
    """Of each field ten specimens, so many of them known; two months each."""
    con.execute("delete from quality.pathology_completeness")
    for field, number in known.items():
        for month, of_them in (("2026-01", number // 2), ("2026-02", number - number // 2)):
            con.execute(
                "insert into quality.pathology_completeness values "
                "(?, 'A', 'L', ?, 5, ?, 0, 0, ?, 0, 0, 0, 0)",
                [field, month, of_them, 5 - of_them],
            )


def as_of(con, night):
    """Expected and known per field, as the history tells them of a night."""
    return {
        field: (expected, known)
        for field, expected, known in con.execute(
            """
            select field, sum(expected), sum(known) from (
                select * from quality.completeness_history where checked_at <= ?
                qualify row_number() over (
                    partition by field, center, laboratory, month order by checked_at desc) = 1
            ) group by field
            """,
            [FIRST + timedelta(days=night)],
        ).fetchall()
    }


def test_any_night_can_be_told(con):
    nights = [
        {"tumor_grade": 4, "steatosis": 10},
        {"tumor_grade": 4, "steatosis": 10},
        {"tumor_grade": 7, "steatosis": 10},
        {"tumor_grade": 6},
        {"tumor_grade": 6, "steatosis": 1},
    ]
    for number, known in enumerate(nights):
        tell(con, **known)
        append_completeness(con, f"run {number}", FIRST + timedelta(days=number))
    for number, known in enumerate(nights):
        expected = {field: (10, count) for field, count in known.items()}
        found = as_of(con, number)
        gone = set(found) - set(expected)
        assert found == expected | dict.fromkeys(gone, (0, 0))


def test_a_night_that_changes_nothing_adds_nothing(con):
    tell(con, tumor_grade=4)
    append_completeness(con, "run 0", FIRST)
    before = con.execute("select count(*) from quality.completeness_history").fetchone()
    append_completeness(con, "run 1", FIRST + timedelta(days=1))
    assert con.execute("select count(*) from quality.completeness_history").fetchone() == before


@pytest.mark.parametrize(
    ("before", "now", "status"),
    [
        (9, 9, "passed"),
        (9, 8, "passed"),
        (9, 7, "failed"),
        (7, 9, "passed"),
        (None, 1, "not applicable"),
    ],
)
def test_a_field_that_fell_by_more_than_the_points_warns(con, before, now, status):
    if before is not None:
        tell(con, tumor_grade=before)
        append_completeness(con, "run 0", FIRST)
    tell(con, tumor_grade=now)
    (check,) = fallen_completeness(con, 10)
    assert (check.status, check.severity, check.column_name) == (status, "warning", "tumor_grade")


def test_a_death_that_is_undone_is_counted(con, tmp_path):
    release = tmp_path / "registry.duckdb"
    cohort = (
        "create schema marts; create table marts.survival_cohort (patient_id varchar, died boolean)"
    )
    with duckdb.connect(str(release)) as former:
        former.execute(cohort)
        former.execute(
            "insert into marts.survival_cohort values "
            "('stays', true), ('undone', true), ('unknown', true), ('gone', true), ('alive', false)"
        )
    con.execute(cohort)
    con.execute(
        "insert into marts.survival_cohort values "
        "('stays', true), ('undone', false), ('unknown', null), ('alive', true)"
    )
    check = undone_deaths(con, release)
    assert (check.violated, check.denominator, check.status) == (2, 3, "failed")
    assert con.execute("select count(*) from duckdb_databases() where database_name = 'former'") \
        .fetchone() == (0,)  # fmt: skip


def test_the_history_goes_over_whole(con, tmp_path):
    former = tmp_path / "former.duckdb"
    with duckdb.connect(str(former)) as old:
        create_tables(old)
        for table in HISTORY:
            columns = old.execute(f"from quality.{table} limit 0").description
            old.execute(
                f"insert into quality.{table} values ({', '.join(['null'] * len(columns))})"
            )
    assert copy_history(con, former)
    for table in HISTORY:
        assert con.execute(f"select count(*) from quality.{table}").fetchone() == (1,)
    assert not copy_history(con, tmp_path / "none.duckdb")


def test_a_release_without_one_of_the_tables_gives_the_others(con, tmp_path):
    former = tmp_path / "former.duckdb"
    with duckdb.connect(str(former)) as old:
        create_tables(old)
        old.execute("drop table quality.completeness_history")
        old.execute("insert into quality.issues (issue_id) values ('a')")
    assert copy_history(con, former)
    assert con.execute("select issue_id from quality.issues").fetchall() == [("a",)]
