"""The tests that dbt's YAML files declare of single columns and keys, run in sets.

Each would be a query of its own to dbt, and two hundred of them are half of the time of a small
registry's night. Here all tests of one table are one query, which also counts the rows to which
each applies. ``dbt test`` runs the same declarations.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import duckdb
import jinja2

from expectations.results import CheckResult, status_of
from ingestion.sql import text_literal


def _not_null(arguments: Mapping[str, Any]) -> tuple[str, str]:
    return f"count(*) filter ({arguments['column_name']} is null)", "count(*)"


def _accepted_values(arguments: Mapping[str, Any]) -> tuple[str, str]:
    column = arguments["column_name"]
    accepted = ", ".join(text_literal(str(value)) for value in arguments["values"])
    return f"count(*) filter (cast({column} as varchar) not in ({accepted}))", f"count({column})"


def _unique(arguments: Mapping[str, Any]) -> tuple[str, str]:
    column = arguments["column_name"]
    return f"count({column}) - count(distinct {column})", f"count({column})"


def _unique_key(arguments: Mapping[str, Any]) -> tuple[str, str]:
    # Unlike a single column, a key of which a part is null is a key.
    return f"count(*) - count(distinct row({', '.join(arguments['columns'])}))", "count(*)"


# By the name of the test: rows that break the rule, and rows to which it applies, as SQL.
COUNTED: dict[str, Callable[[Mapping[str, Any]], tuple[str, str]]] = {
    "not_null": _not_null,
    "accepted_values": _accepted_values,
    "unique": _unique,
    "unique_key": _unique_key,
}

CATEGORY = {
    "not_null": "completeness",
    "known_or_reason": "completeness",
    "cohort_flow_adds_up": "plausibility",
}


def run_declared(
    con: duckdb.DuckDBPyConnection, nodes: Mapping[str, dict], variables: Mapping[str, Any]
) -> list[CheckResult]:
    """Run the declared tests that ``COUNTED`` names; one result per test.

    ``nodes`` are those of dbt's manifest, ``variables`` what ``var(…)`` in an argument means.
    """
    by_table: dict[str, list[dict]] = defaultdict(list)
    for node in nodes.values():
        if node["resource_type"] == "test" and kind_of(node) in COUNTED:
            by_table[node["attached_node"]].append(node)
    results: list[CheckResult] = []
    for table, tests in by_table.items():
        results += _run(con, nodes[table], tests, variables)
    return results


def _run(
    con: duckdb.DuckDBPyConnection,
    table: dict,
    tests: Iterable[dict],
    variables: Mapping[str, Any],
) -> list[CheckResult]:
    counts: list[str] = []
    for test in tests:
        rendered = _rendered(test["test_metadata"]["kwargs"], variables)
        counts += COUNTED[kind_of(test)](rendered)
    row = con.execute(
        f"select {', '.join(counts)} from {table['schema']}.{table['name']}"
    ).fetchone()
    assert row is not None  # an aggregate is one row
    return [
        describe(test, table["name"], violated, denominator)
        for test, violated, denominator in zip(tests, row[::2], row[1::2], strict=True)
    ]


def _rendered(arguments: Mapping[str, Any], variables: Mapping[str, Any]) -> dict[str, Any]:
    """Arguments as the manifest holds them, their ``{{ var('…') }}`` filled in."""

    def render(value: Any) -> Any:
        if isinstance(value, list):
            return [render(item) for item in value]
        if isinstance(value, str):
            return jinja2.Template(value).render(var=variables.__getitem__)
        return value

    return {name: render(value) for name, value in arguments.items() if name != "model"}


def kind_of(test: Mapping[str, Any]) -> str:
    """The name of a generic test ("not_null"), or that of a test of its own."""
    return (test.get("test_metadata") or {}).get("name") or test["name"]


def describe(
    test: Mapping[str, Any], table: str, violated: int | None, denominator: int | None
) -> CheckResult:
    """The result of a test of dbt's manifest, from the rows that break it."""
    # models/marts/_marts__models.yml → marts; a seed's test lies beside the seeds
    folders = test["original_file_path"].split("/")
    kind = kind_of(test)
    return CheckResult(
        check_id=f"dbt.{test['name']}",
        engine="dbt",
        layer=folders[1] if folders[0] == "models" else folders[0],
        table_name=table,
        column_name=test.get("column_name"),
        category=CATEGORY.get(kind, "conformance"),
        severity="warning" if test["config"]["severity"].lower() == "warn" else "error",
        status=status_of(violated, denominator),
        violated=violated,
        denominator=denominator,
        threshold_percent=0,
        description=test["description"] or kind.replace("_", " "),
    )
