"""Run suites with Great Expectations on frames read from DuckDB.

Great Expectations cannot read DuckDB itself, so each suite gets a pandas frame with the columns
that it needs and no others.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable
from typing import Any

import duckdb

from expectations.results import ERROR, FAILED, NOT_APPLICABLE, PASSED, CheckResult
from expectations.suites import Check, Suite


def run_suites(con: duckdb.DuckDBPyConnection, suites: Iterable[Suite]) -> list[CheckResult]:
    """Validate every suite against the open warehouse; one result per check."""
    validator = _Validator()
    results: list[CheckResult] = []
    for suite in suites:
        frame = con.execute(suite.query).df()
        results += [_result(suite, check, found) for check, found in validator.run(frame, suite)]
    return results


class _Validator:
    """An ephemeral Great Expectations context: nothing is stored, nothing leaves the machine."""

    def __init__(self) -> None:
        os.environ["GX_ANALYTICS_ENABLED"] = "false"
        # Great Expectations takes two seconds to import; only a run of suites pays for them.
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
