"""Run suites with Great Expectations on frames read from DuckDB.

Great Expectations cannot read DuckDB itself, and a column that it reads is one of pandas. It is
given each distinct value of a column once, and says which of them meet the expectation; in how many
rows these stand is counted by DuckDB. So a check of a million rows is one of some hundred values.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable
from concurrent.futures import Executor, Future
from functools import cache
from itertools import chain
from typing import Any

import duckdb

from expectations.results import ERROR, CheckResult, status_of
from expectations.suites import Check, Suite

# In how many rows of the table a value stands, and which column it is of: all others are null.
ROWS, OF_COLUMN = "rows_with_it", "of_column"


def start_suites(
    con: duckdb.DuckDBPyConnection, suites: Iterable[Suite], beside: Executor
) -> list[Future[list[CheckResult]]]:
    """Let ``beside`` validate every suite on what the open warehouse holds now."""
    return [
        beside.submit(validate, con.execute(_distinct_values(suite)).df(), suite)
        for suite in suites
    ]


def _distinct_values(suite: Suite) -> str:
    """The query of the distinct values of each column of a suite, and of the rows with each."""
    columns = sorted({check.column for check in suite.checks if check.column})
    which = " ".join(f"when grouping({column}) = 0 then '{column}'" for column in columns)
    sets = ", ".join(f"({column})" for column in columns)
    return (
        f"select {', '.join(columns)}, count(*) as {ROWS}, case {which} end as {OF_COLUMN} "
        f"from ({suite.query}) group by grouping sets ({sets})"
    )


def results_of(started: Iterable[Future[list[CheckResult]]]) -> list[CheckResult]:
    """Wait for suites that were started; one result per check."""
    return list(chain.from_iterable(future.result() for future in started))


def validate(frame: Any, suite: Suite) -> list[CheckResult]:
    """Validate one suite on its frame."""
    return [_result(frame, suite, check, found) for check, found in _validator().run(frame, suite)]


def load() -> None:
    """Load Great Expectations, so that it is there when the first suite comes."""
    _validator()


@cache
def _validator() -> _Validator:
    return _Validator()


class _Validator:
    """An ephemeral Great Expectations context: nothing is stored, nothing leaves the machine."""

    def __init__(self) -> None:
        os.environ["GX_ANALYTICS_ENABLED"] = "false"
        # It takes two seconds to import; only who validates pays for them.
        import great_expectations as gx
        from great_expectations.data_context.types import base as data_context_types
        from great_expectations.expectations.expectation_configuration import (
            ExpectationConfiguration,
        )

        # It would tell of its temporary folder on every run.
        logging.getLogger(data_context_types.__name__).setLevel(logging.WARNING)
        self._new_suite = gx.ExpectationSuite
        self._configuration = ExpectationConfiguration
        context = gx.get_context(mode="ephemeral")
        context.variables.progress_bars = data_context_types.ProgressBarsConfig(globally=False)
        source = context.data_sources.add_pandas("warehouse")
        self._batches = source.add_dataframe_asset("table").add_batch_definition_whole_dataframe(
            "all rows"
        )

    def run(self, frame: Any, suite: Suite) -> Iterable[tuple[Check, dict]]:
        expectations = self._new_suite(suite.table)
        for check in suite.checks:
            expectations.add_expectation_configuration(
                self._configuration(
                    type=check.expectation,
                    kwargs=dict(check.arguments),
                    meta={"check_id": check.check_id},
                )
            )
        values = frame.drop(columns=[ROWS, OF_COLUMN])
        batch = self._batches.get_batch(batch_parameters={"dataframe": values})
        found = batch.validate(expectations, result_format="COMPLETE")
        by_id = {check.check_id: check for check in suite.checks}
        for result in found.results:
            described = result.to_json_dict()
            check_id = described["expectation_config"]["meta"]["check_id"]
            yield by_id[check_id], described


def _result(frame: Any, suite: Suite, check: Check, found: dict) -> CheckResult:
    raised = any(
        info.get("raised_exception") for info in _exceptions(found.get("exception_info", {}))
    )
    violated: int | None
    denominator: int | None
    if check.column is None:  # a check of the table: one thing, right or wrong
        violated, denominator = 0 if found["success"] else 1, 1
    else:
        own = frame[frame[OF_COLUMN] == check.column]
        if check.expectation != "expect_column_values_to_be_null":
            own = own[own[check.column].notna()]
        denominator = int(own[ROWS].sum())
        wrong = set(found.get("result", {}).get("unexpected_index_list") or [])
        violated = int(own.loc[own.index.isin(wrong), ROWS].sum())
    return CheckResult(
        check_id=check.check_id,
        engine="great_expectations",
        layer=suite.layer,
        table_name=suite.table,
        column_name=check.column_name,
        category=check.category,
        severity=check.severity,
        status=ERROR if raised else status_of(violated, denominator, check.allowed_percent),
        violated=None if raised else violated,
        denominator=None if raised else denominator,
        threshold_percent=check.allowed_percent,
        description=check.description,
    )


def _exceptions(info: dict) -> list[dict]:
    # One exception, or one per metric, depending on what went wrong.
    if "raised_exception" in info:
        return [info]
    return [entry for entry in info.values() if isinstance(entry, dict)]
