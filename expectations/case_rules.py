"""The rules about single cases as checks: each a warning with the threshold of its rule.

The seed `case_rules` names them; the dbt model `case_rule_counts` counts them, and
`case_findings` holds the cases.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

import duckdb

from expectations.results import CheckResult, status_of

# How the rule of each check begins.
NO_CASE = "No case of: "


def rule_names(dbt_project: Path) -> list[str]:
    """The rules, the most urgent first."""
    with (dbt_project / "seeds" / "case_rules.csv").open(encoding="utf-8", newline="") as handle:
        return [row["rule"] for row in csv.DictReader(handle)]


def case_checks(
    con: duckdb.DuckDBPyConnection, thresholds: Mapping[str, float]
) -> list[CheckResult]:
    """One check per rule; ``thresholds`` (percent, by rule) beat those of the seed."""
    rows = con.execute(
        "select rule, category, field, violated, denominator, threshold_percent "
        "from quality.case_rule_counts order by priority"
    ).fetchall()
    return [
        _check(rule, category, field, violated, denominator, thresholds.get(rule, threshold))
        for rule, category, field, violated, denominator, threshold in rows
    ]


def check_id_of(rule: str) -> str:
    """The name of the check of a rule."""
    return f"case.{rule.replace(',', '').replace(' ', '_')}"


def _check(
    rule: str, category: str, field: str, violated: int, denominator: int, threshold: float
) -> CheckResult:
    return CheckResult(
        check_id=check_id_of(rule),
        engine="sql",
        layer="quality",
        table_name="case_findings",
        column_name=field,
        category=category,
        severity="warning",
        status=status_of(violated, denominator, threshold),
        violated=violated,
        denominator=denominator,
        threshold_percent=threshold,
        description=f"{NO_CASE}{rule}.",
    )
