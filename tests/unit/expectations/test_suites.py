"""What Great Expectations judges by distinct values is counted in rows."""

from __future__ import annotations

import duckdb
import pytest

from analysis.processes import InThisProcess
from expectations.results import ERROR, FAILED, NOT_APPLICABLE, PASSED
from expectations.run import results_of, start_suites
from expectations.suites import Check, Suite


@pytest.fixture
def con():
    with duckdb.connect() as con:
        con.execute(
            "create table lesions as select * from (values "
            "(5, 'read'), (5, 'unreadable'), (200, 'unreadable'), (200, null), (200, 'read'), "
            "(null, 'read')) as t(size_mm, reading)"
        )
        yield con


def check(expectation, allowed_percent=0.0, **arguments):
    return Check(
        f"{arguments.get('column', 'table')}.{expectation}",
        expectation,
        arguments,
        "plausibility",
        "error",
        "What has to be.",
        allowed_percent=allowed_percent,
    )


def results(con, *checks, query="select * from lesions"):
    suite = Suite("marts", "lesions", query, list(checks))
    found = results_of(start_suites(con, [suite], InThisProcess()))
    return {result.check_id: result for result in found}


def result_of(con, only, **more):
    return results(con, only, **more)[only.check_id]


AT_MOST_100 = {"column": "size_mm", "max_value": 100}
READABLE = {"column": "reading", "value_set": ["unreadable"]}


def test_rows_are_counted_not_values_and_nulls_are_nothing_to_check(con):
    found = result_of(con, check("expect_column_values_to_be_between", **AT_MOST_100))
    assert (found.status, found.violated, found.denominator) == (FAILED, 3, 5)


@pytest.mark.parametrize(("allowed", "status"), [(39.9, FAILED), (40, PASSED), (40.1, PASSED)])
def test_the_allowed_percent_is_one_of_rows(con, allowed, status):
    found = result_of(con, check("expect_column_values_to_not_be_in_set", allowed, **READABLE))
    assert (found.status, found.violated, found.denominator) == (status, 2, 5)


def test_columns_do_not_mix(con):
    size = check("expect_column_values_to_be_between", **AT_MOST_100)
    reading = check("expect_column_values_to_not_be_in_set", **READABLE)
    found = results(con, size, reading)
    assert (found[size.check_id].violated, found[size.check_id].denominator) == (3, 5)
    assert (found[reading.check_id].violated, found[reading.check_id].denominator) == (2, 5)


def test_null_is_what_has_to_be_found(con):
    found = result_of(con, check("expect_column_values_to_be_null", 90, column="size_mm"))
    assert (found.status, found.violated, found.denominator) == (PASSED, 5, 6)


def test_a_table_without_rows_has_nothing_to_check(con):
    query = "select * from lesions where size_mm > 1000"
    between = check("expect_column_values_to_be_between", **AT_MOST_100)
    rows = check("expect_table_row_count_to_be_between", min_value=1)
    found = results(con, rows, between, query=query)
    bounds = found[between.check_id]
    assert (bounds.status, bounds.violated, bounds.denominator) == (NOT_APPLICABLE, 0, 0)
    assert found[rows.check_id].status == FAILED


def test_a_check_that_cannot_run_is_an_error_and_no_pass(con):
    query = "select 'big' as size_mm"
    found = result_of(con, check("expect_column_values_to_be_between", **AT_MOST_100), query=query)
    assert (found.status, found.violated, found.stops_release) == (ERROR, None, True)
