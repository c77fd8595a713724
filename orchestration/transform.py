"""``raw`` → ``marts`` and ``quality``: one dbt build inside this process."""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from expectations.declared import COUNTED, describe
from expectations.results import CheckResult
from ingestion.sql import comments_sql, fetch_value
from orchestration.config import Config
from orchestration.errors import RefreshError, Stopped, without_values
from orchestration.heal import memory_limit, open_warehouse, size_of
from orchestration.paths import DBT_PROJECT, Home
from orchestration.run_log import ERROR, WARNING, RunLog
from orchestration.sources import hash_files

if TYPE_CHECKING:
    from dbt.artifacts.schemas.run import RunExecutionResult
    from dbt.cli.main import dbtRunnerResult
    from dbt.contracts.graph.manifest import Manifest


# Where the profile of dbt finds the warehouse.
_WAREHOUSE = "CRLM_WAREHOUSE"
# Where it finds how much memory DuckDB may take.
_MEMORY = "CRLM_MEMORY"
# What dbt keeps of the project it read; `make setup` has it read ahead of the first night.
_READING = "partial_parse.msgpack"
_READ_AHEAD = DBT_PROJECT / "target" / _READING
# Which version of the code lists lies in the warehouse: loading what is there takes seconds.
_LOADED = "seeds.loaded"


@dataclass(frozen=True)
class Built:
    """What dbt built: its manifest, the nodes of that as dictionaries, one result per test that it
    ran, and what its artifacts hold (`manifest.json`, `run_results.json`)."""

    manifest: Manifest
    nodes: dict[str, dict]
    tests: list[CheckResult]
    artifacts: dict[str, str]


def parse(config: Config, home: Home, log: RunLog | None = None) -> Manifest:
    """Load dbt and let it read the project; needs no data. Raises RefreshError where it cannot."""
    # dbt and what it brings take over a second to import.
    from dbt.cli.main import dbtRunner
    from dbt.contracts.graph.manifest import Manifest

    heard = _Heard(log)
    arguments = ["parse", *_common(config, home)]
    if not (home.dbt_target / _READING).exists() and _READ_AHEAD.exists():
        arguments += ["--partial-parse-file-path", str(_READ_AHEAD)]
    # dbt reads everything again where these are others: here it has none yet.
    os.environ.pop(_WAREHOUSE, None)
    os.environ.pop(_MEMORY, None)
    parsed = dbtRunner(callbacks=[heard]).invoke(arguments)
    if isinstance(parsed.result, Manifest) and _was_read_elsewhere(parsed.result):
        parsed = dbtRunner(callbacks=[heard]).invoke([*arguments, "--no-partial-parse"])
    if not isinstance(parsed.result, Manifest):
        raise _not_started(parsed, heard)
    return parsed.result


def _was_read_elsewhere(manifest: Manifest) -> bool:
    """Whether the code lists are looked for where the project was before it was moved or copied."""
    seeds = (node for node in manifest.nodes.values() if node.resource_type == "seed")
    return any(Path(seed.root_path) != DBT_PROJECT for seed in seeds)


def build(
    config: Config,
    home: Home,
    manifest: Manifest,
    only: Sequence[str] = (),
    log: RunLog | None = None,
) -> Built:
    """Build seeds and models of the parsed project and run the data tests of tables.

    ``only`` selects models, by dbt's syntax, which are built without tests. What dbt warns of goes
    into ``log``, without the values that an error of the database may quote.
    Raises RefreshError where a model cannot be built. A test that fails is a result: the gate
    decides about it.
    """
    from dbt.cli.main import dbtRunner

    heard = _Heard(log)
    os.environ[_WAREHOUSE] = str(home.warehouse)
    with duckdb.connect() as con:
        memory = memory_limit(con, home.warehouse)
    os.environ[_MEMORY] = f"{memory} bytes"
    # A code list that gained a column with a new version of the project is made anew.
    arguments = ["build", *_common(config, home), "--full-refresh"]
    # Of ten million patients two models at a time need more than a small machine has.
    arguments += ["--threads", "2" if size_of(home.warehouse) <= memory else "1"]
    # Rules are tested by `make test`; the night tests the data.
    excluded = ["unit_test", "test"] if only else ["unit_test"]
    lists = _version_of_code_lists()
    if _loaded_code_lists(home) == lists:
        excluded.append("seed")
    for kind in excluded:
        arguments += ["--exclude-resource-type", kind]
    # Tests of single columns are run in sets, by `run_declared`.
    arguments += ["--exclude", *(f"test_name:{name}" for name in COUNTED)]
    if only:
        arguments += ["--select", *only]
    outcome = dbtRunner(manifest=manifest, callbacks=[heard]).invoke(arguments)
    results = getattr(outcome.result, "results", None)
    if results is None:
        raise _not_started(outcome, heard)
    broken = [
        result.node.name
        for result in results
        if result.node.resource_type != "test" and result.status == "error"
    ]
    if broken:
        raise RefreshError(f"dbt could not build {', '.join(broken)}; {heard.reason}")
    if "seed" not in excluded and not only:
        with open_warehouse(home.warehouse) as con:
            con.execute(f"create or replace table {_LOADED} as select ? as version", [lists])
    nodes = {name: node.to_dict(omit_none=False) for name, node in manifest.nodes.items()}
    tests = [
        describe(nodes[test.node.unique_id], _table(test.node), test.failures, None)
        for test in results
        if test.node.resource_type == "test"
    ]
    artifacts = {} if only else _artifacts(manifest, outcome.result, home)
    return Built(manifest, nodes, tests, artifacts)


def _common(config: Config, home: Home) -> list[str]:
    # The manifest is handed on as it is: written and read as JSON it takes seconds.
    return [*arguments_of_dbt(config, home, home.dbt_target), "--no-write-json"]


def _version_of_code_lists() -> str:
    """A hash of the seeds and of what is declared of their columns."""
    seeds = DBT_PROJECT / "seeds"
    return hash_files(sorted(seeds.iterdir()), seeds)


def _loaded_code_lists(home: Home) -> str | None:
    """The version of the seeds that the warehouse holds; null where it holds none or part."""
    try:
        with open_warehouse(home.warehouse) as con:
            return fetch_value(con, f"select version from {_LOADED}")
    except duckdb.CatalogException:
        return None


def arguments_of_dbt(config: Config, home: Home, target: Path) -> list[str]:
    """What every command of dbt is given; sets a variable of the environment that it reads."""
    os.environ["DBT_SEND_ANONYMOUS_USAGE_STATS"] = "false"
    arguments = ["--quiet", "--no-version-check"]
    arguments += ["--project-dir", str(DBT_PROJECT), "--profiles-dir", str(DBT_PROJECT)]
    arguments += ["--target-path", str(target), "--log-path", str(home.logs)]
    if config.changed_definitions:
        arguments += ["--vars", json.dumps(config.changed_definitions)]
    # Its own log, and what it prints, would have the values that errors of the database quote.
    return [*arguments, "--log-level", "none", "--log-level-file", "none"]


class _Heard:
    """Listens to dbt; its warnings and errors go into the log of the run."""

    def __init__(self, log: RunLog | None) -> None:
        self._log = log
        self._first: str | None = None

    def __call__(self, event: Any) -> None:
        level = str(event.info.level)
        if level not in ("warn", "error"):
            return
        text = without_values(str(event.info.msg))
        # Before it comes a line on the place of the model among the others.
        if self._first is None and " Error" in text:
            self._first = " ".join(text.split())
        if self._log is not None:
            self._log.write("dbt", text, level=ERROR if level == "error" else WARNING)

    @property
    def reason(self) -> str:
        """Where the reason is, or where there is no log the reason."""
        if self._log is not None:
            return f"the reason is in {self._log.path}"
        return self._first or "it gives no reason"


def _artifacts(manifest: Manifest, results: RunExecutionResult, home: Home) -> dict[str, str]:
    """dbt's own record of the night, without a path of the machine and without what the database
    says of a test that could not run, which may quote a value."""
    from dbt.artifacts.schemas.run import RunResultsArtifact

    run = RunResultsArtifact.from_execution_results(
        results.results, results.elapsed_time, results.generated_at, results.args
    ).to_dict(omit_none=False)
    run["args"] = {name: run["args"].get(name) for name in ("which", "vars")}
    for result in run["results"]:
        if result["status"] == "error":
            result["message"] = None
    found = {
        "manifest.json": manifest.writable_manifest().to_dict(omit_none=False),
        "run_results.json": run,
    }
    texts = {name: json.dumps(content, default=str) for name, content in found.items()}
    for place, instead in ((DBT_PROJECT, "dbt_project"), (home.dbt_target, "dbt")):
        texts = {name: text.replace(str(place), instead) for name, text in texts.items()}
    return texts


def write_artifacts(built: Built, folder: Path) -> None:
    """Write dbt's artifacts, compressed, into a folder, which is made."""
    folder.mkdir()
    for name, text in built.artifacts.items():
        content = gzip.compress(text.encode(), compresslevel=6, mtime=0)
        (folder / f"{name}.gz").write_bytes(content)


def _not_started(outcome: dbtRunnerResult, heard: _Heard) -> RefreshError:
    if isinstance(outcome.exception, Stopped):
        # dbt takes any exception for its own.
        raise outcome.exception
    reason = type(outcome.exception).__name__ if outcome.exception else "no result"
    return RefreshError(f"dbt could not start ({reason}); {heard.reason}")


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
            kind="view" if node["config"]["materialized"] == "view" else "table",
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
