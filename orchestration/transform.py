"""``raw`` → ``marts`` and ``quality``: one dbt build inside this process."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from expectations.declared import COUNTED, describe
from expectations.results import CheckResult
from ingestion.sql import comments_sql
from orchestration.config import Config
from orchestration.errors import RefreshError, Stopped
from orchestration.paths import DBT_PROJECT, Home

if TYPE_CHECKING:
    from dbt.cli.main import dbtRunnerResult
    from dbt.contracts.graph.manifest import Manifest


@dataclass(frozen=True)
class Built:
    """What dbt built: its manifest, the nodes of that as dictionaries, and one result per test
    that it ran."""

    manifest: Manifest
    nodes: dict[str, dict]
    tests: list[CheckResult]


def build(config: Config, home: Home, only: Sequence[str] = ()) -> Built:
    """Build seeds and models and run the data tests of tables.

    ``only`` selects models, by dbt's syntax, which are built without tests.
    Raises RefreshError where a model cannot be built. A test that fails is a result: the gate
    decides about it.
    """
    # dbt and what it brings take over a second to import.
    from dbt.cli.main import dbtRunner
    from dbt.contracts.graph.manifest import Manifest

    common = arguments_of_dbt(config, home, home.dbt_target)
    # The manifest is handed on as it is: written and read as JSON it takes seconds.
    common += ["--no-write-json"]
    parsed = dbtRunner().invoke(["parse", *common])
    if not isinstance(parsed.result, Manifest):
        raise _not_started(parsed, home)
    # A code list that gained a column with a new version of the project is made anew.
    arguments = ["build", *common, "--full-refresh"]
    # Rules are tested by `make test`; the night tests the data.
    excluded = ["unit_test", "test"] if only else ["unit_test"]
    for kind in excluded:
        arguments += ["--exclude-resource-type", kind]
    # Tests of single columns are run in sets, by `run_declared`.
    arguments += ["--exclude", *(f"test_name:{name}" for name in COUNTED)]
    if only:
        arguments += ["--select", *only]
    outcome = dbtRunner(manifest=parsed.result).invoke(arguments)
    results = getattr(outcome.result, "results", None)
    if results is None:
        raise _not_started(outcome, home)
    broken = [
        result.node.name
        for result in results
        if result.node.resource_type != "test" and result.status == "error"
    ]
    if broken:
        raise RefreshError(
            f"dbt could not build {', '.join(broken)}; the reason is in {home.logs / 'dbt.log'}"
        )
    nodes = {name: node.to_dict(omit_none=False) for name, node in parsed.result.nodes.items()}
    tests = [
        describe(nodes[test.node.unique_id], _table(test.node), test.failures, None)
        for test in results
        if test.node.resource_type == "test"
    ]
    return Built(parsed.result, nodes, tests)


def arguments_of_dbt(config: Config, home: Home, target: Path) -> list[str]:
    """What every command of dbt is given; sets the variables of the environment that it reads."""
    os.environ["CRLM_WAREHOUSE"] = str(home.warehouse)
    os.environ["DBT_SEND_ANONYMOUS_USAGE_STATS"] = "false"
    data_as_of = config.settings.data_as_of
    arguments = ["--quiet", "--no-version-check"]
    arguments += ["--project-dir", str(DBT_PROJECT), "--profiles-dir", str(DBT_PROJECT)]
    arguments += ["--target-path", str(target), "--log-path", str(home.logs)]
    arguments += ["--vars", json.dumps({**config.definitions, "data_as_of": str(data_as_of)})]
    # At its default level the log file takes a second and tells every statement.
    return [*arguments, "--log-level-file", "info"]


def _not_started(outcome: dbtRunnerResult, home: Home) -> RefreshError:
    if isinstance(outcome.exception, Stopped):
        # dbt takes any exception for its own.
        raise outcome.exception
    reason = type(outcome.exception).__name__ if outcome.exception else "no result"
    return RefreshError(f"dbt could not start ({reason}); see {home.logs / 'dbt.log'}")


def _table(node: Any) -> str:
    return (getattr(node, "attached_node", None) or "several").split(".")[-1]


def comment_on_models(con: duckdb.DuckDBPyConnection, built: Built) -> None:
    """Write the descriptions of the published models and their columns into the warehouse.

    In one go: dbt's own way, a statement per column while it builds, takes seconds.
    """
    statements = [
        comments_sql(
            f"{node['schema']}.{node['name']}",
            node["description"],
            {
                name: column["description"]
                for name, column in node["columns"].items()
                if column["description"]
            },
        )
        for node in built.nodes.values()
        if node["resource_type"] == "model" and node["description"]
    ]
    con.execute("; ".join(statements))


def fill_denominators(
    con: duckdb.DuckDBPyConnection, checks: list[CheckResult]
) -> list[CheckResult]:
    """The same results with the rows of each table tested as denominator, counted once."""
    known = {
        f"{schema}.{table}"
        for schema, table in con.execute(
            "select schema_name, table_name from duckdb_tables()"
        ).fetchall()
    }
    tables = {f"{check.layer}.{check.table_name}" for check in checks} & known
    if not tables:
        return checks
    query = " union all ".join(f"select '{t}', count(*) from {t}" for t in sorted(tables))
    rows = dict(con.execute(query).fetchall())
    return [
        replace(check, denominator=rows.get(f"{check.layer}.{check.table_name}"))
        for check in checks
    ]
