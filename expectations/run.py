"""Run suites with Great Expectations on frames read from DuckDB.

Great Expectations cannot read DuckDB itself, so each suite gets a pandas frame with the columns
that it needs and no others.
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

from expectations.results import ERROR, FAILED, NOT_APPLICABLE, PASSED, CheckResult
from expectations.suites import Check, Suite

# Of frames that wait for their turn no more values than this are held at once.
WAITING_VALUES = 10_000_000


def start_suites(
    con: duckdb.DuckDBPyConnection, suites: Iterable[Suite], beside: Executor
) -> list[Future[list[CheckResult]]]:
    """Let ``beside`` validate every suite on what the open warehouse holds now."""
    started: list[Future[list[CheckResult]]] = []
    waiting: list[tuple[Future[list[CheckResult]], int]] = []
    for suite in suites:
        frame = con.execute(suite.query).df()
        while waiting and sum(size for _, size in waiting) + frame.size > WAITING_VALUES:
            waiting.pop(0)[0].result()
        started.append(beside.submit(validate, frame, suite))
        waiting.append((started[-1], frame.size))
    return started


def results_of(started: Iterable[Future[list[CheckResult]]]) -> list[CheckResult]:
    """Wait for suites that were started; one result per check."""
    return list(chain.from_iterable(future.result() for future in started))


def validate(frame: Any, suite: Suite) -> list[CheckResult]:
    """Validate one suite on its frame."""
    return [_result(suite, check, found) for check, found in _validator().run(frame, suite)]


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
            arguments = dict(check.arguments)
            if check.allowed_percent:
                arguments["mostly"] = 1 - check.allowed_percent / 100
            expectations.add_expectation_configuration(
                self._configuration(
                    type=check.expectation, kwargs=arguments, meta={"check_id": check.check_id}
                )
            )
        batch = self._batches.get_batch(batch_parameters={"dataframe": frame})
        found = batch.validate(expectations, result_format="BASIC")
        by_id = {check.check_id: check for check in suite.checks}
        for result in found.results:
            described = result.to_json_dict()
            check_id = described["expectation_config"]["meta"]["check_id"]
            yield by_id[check_id], described


def _result(suite: Suite, check: Check, found: dict) -> CheckResult:
    counts = found.get("result", {})
    raised = any(
        info.get("raised_exception") for info in _exceptions(found.get("exception_info", {}))
    )
    missing = counts.get("missing_count") or 0
    denominator = counts.get("element_count")
    if denominator is not None and check.expectation != "expect_column_values_to_be_null":
        denominator -= missing
    violated = counts.get("unexpected_count")
    if "observed_value" in counts:  # a check of the table: one thing, right or wrong
        denominator, violated = 1, 0 if found["success"] else 1
    if raised:
        status = ERROR
    elif denominator == 0:
        status = NOT_APPLICABLE
    else:
        status = PASSED if found["success"] else FAILED
    return CheckResult(
        check_id=check.check_id,
        engine="great_expectations",
        layer=suite.layer,
        table_name=suite.table,
        column_name=check.column,
        category=check.category,
        severity=check.severity,
        status=status,
        violated=violated,
        denominator=denominator,
        threshold_percent=check.allowed_percent,
        description=check.description,
    )


def _exceptions(info: dict) -> list[dict]:
    # One exception, or one per metric, depending on what went wrong.
    if "raised_exception" in info:
        return [info]
    return [entry for entry in info.values() if isinstance(entry, dict)]
