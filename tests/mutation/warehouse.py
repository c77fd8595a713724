"""The rules compiled once, to be run again with one thing changed.

A copy of the dbt project is built and its unit tests are run by dbt, once. What dbt compiled is
then executed in one DuckDB process: a unit test is one query that gives its actual and its
expected rows, and the texts of `tests/spec` are read by the models of `staging` in their order.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import duckdb

from reading import functions
from tests.spec.conftest import take_in
from tests.spec.corpus import EXTRACTS, key_of, load_corpus, read_corpus, write_corpus
from tests.spec.test_own_words import READINGS, read_words, write_words

# A change can join everything with everything: what takes this long or this much has failed.
# The time is that of the processor, for the machine may have more to do.
CPU_SECONDS = 10
MEMORY = "2GB"


# The texts stay the same, whatever is changed around the readers: each is read once.
functions._unread_parts = cache(functions._unread_parts)


class _Kept(dict[bytes, str]):
    """Readings kept for this process."""

    add = dict.update


_KEPT = _Kept()


def _connect() -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    functions.register(con, _KEPT)
    con.execute(f"set threads = 1; set memory_limit = '{MEMORY}'; set temp_directory = ''")
    # Each query runs once, on a few rows: planning it takes longer than running it.
    con.execute("pragma disable_optimizer")
    return con


@contextmanager
def _limited(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Interrupt what takes too long; the query raises an error of DuckDB."""
    end = time.process_time() + CPU_SECONDS
    done = threading.Event()

    def watch() -> None:
        while not done.wait(0.5):
            if time.process_time() > end:
                con.interrupt()

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()


class Compiled:
    """What dbt compiles of a project: the SQL of its models and of its unit tests."""

    def __init__(self, project: Path, folder: Path) -> None:
        self.corpus = load_corpus()
        self.warehouse = take_in(folder, write_corpus(self.corpus, folder))
        self._project = project
        self._folder = folder
        self._dbt("build", "--exclude-resource-type", "test", "unit_test")
        models = {
            name: node
            for name, node in self._manifest()["nodes"].items()
            if node["resource_type"] == "model" and node["fqn"][1] == "staging"
        }
        # In the order in which they can be built, with the models and seeds that each reads.
        self.staging: dict[str, str] = {}
        self.parents: dict[str, set[str]] = {}
        while len(self.staging) < len(models):
            for node in models.values():
                parents = {parent for parent in node["depends_on"]["nodes"] if parent in models}
                if {_name(parent) for parent in parents} <= set(self.staging):
                    name = node["name"]
                    self.staging[name] = self._compiled(node["original_file_path"])
                    self.parents[name] = {_name(p) for p in node["depends_on"]["nodes"]}

    @cached_property
    def unit_tests(self) -> dict[str, str]:
        """The query that dbt runs for each unit test."""
        self._dbt("test", "--select", "test_type:unit")
        queries = {}
        for test in self._manifest()["unit_tests"].values():
            folder = self._folder / "target/run/crlm_registry" / test["original_file_path"]
            (path,) = folder.glob(f"models/**/{test['name']}.sql")
            queries[test["name"]] = path.read_text(encoding="utf-8")
        return queries

    def _manifest(self) -> dict[str, Any]:
        return json.loads((self._folder / "target/manifest.json").read_text(encoding="utf-8"))

    def _compiled(self, path: str) -> str:
        compiled = self._folder / "target/compiled/crlm_registry" / path
        return compiled.read_text(encoding="utf-8")

    def _dbt(self, *arguments: str) -> None:
        done = subprocess.run(
            [
                *(sys.executable, "-c", "from dbt.cli.main import cli; cli()", *arguments),
                *("--project-dir", str(self._project), "--profiles-dir", str(self._project)),
                *("--target-path", str(self._folder / "target")),
                *("--log-path", str(self._folder / "logs")),
            ],
            env={**os.environ, "CRLM_WAREHOUSE": str(self.warehouse)},
            capture_output=True,
            text=True,
        )
        if done.returncode != 0:
            raise RuntimeError(f"dbt failed with nothing changed: {done.stdout[-4000:]}")


def _name(node: str) -> str:
    return node.rpartition(".")[2]


class UnitTests:
    """The unit tests of dbt as queries."""

    def __init__(self, compiled: Compiled) -> None:
        self._con = _connect()
        self._tests = compiled.unit_tests
        self._seconds = {}
        for name in self._tests:
            began = time.monotonic()
            if not self._passes(self._tests[name]):
                raise RuntimeError(f"{name} fails as a query before anything was changed")
            self._seconds[name] = time.monotonic() - began

    def killer(self, mark: str, mutate: Callable[[str], str]) -> str | None:
        """Return the first unit test that fails with a change, of those that hold its mark."""
        concerned = (name for name, sql in self._tests.items() if mark in sql)
        for name in sorted(concerned, key=self._seconds.__getitem__):
            if not self._passes(mutate(self._tests[name])):
                return name
        return None

    def _passes(self, sql: str) -> bool:
        try:
            with _limited(self._con):
                rows = self._con.execute(sql).fetchall()
        except duckdb.Error:
            return False
        found = Counter((repr(row[:-1]), row[-1]) for row in rows)
        return all(
            count == found[row, "expected" if side == "actual" else "actual"]
            for (row, side), count in found.items()
        )


class Readings:
    """Texts that `staging` reads, and what is expected of each."""

    def __init__(
        self,
        compiled: Compiled,
        warehouse: Path,
        read: Callable[[duckdb.DuckDBPyConnection], Mapping[Any, str]],
        expected: dict[Any, str],
        fields: set[tuple[str, str]] | None = None,
    ) -> None:
        self.expected = expected
        self._compiled = compiled
        self._read = read
        self._stale = set(compiled.staging)
        self.con = _connect()
        self.con.execute(f"attach ':memory:' as {warehouse.stem}")
        self.con.execute(f"use {warehouse.stem}")
        for schema, source in (("seeds", compiled.warehouse), ("raw", warehouse)):
            self.con.execute(f"attach '{source}' as source (read_only)")
            self.con.execute(f"create schema {schema}")
            for (name,) in self.con.execute(
                "select table_name from duckdb_tables() "
                "where database_name = ? and schema_name = ?",
                ["source", schema],
            ).fetchall():
                self.con.execute(
                    f"create table {schema}.{name} as select * from source.{schema}.{name}"
                )
            self.con.execute("detach source")
        if fields is not None:
            self._keep_only(fields)
        self.con.execute("create schema staging")
        if wrong := self.wrong({}):
            raise RuntimeError(f"read wrongly before anything was changed: {wrong}")

    def _keep_only(self, fields: set[tuple[str, str]]) -> None:
        """Leave only rows with a text in one of the fields: what is read is fast read."""
        for extract in EXTRACTS:
            own = [field for name, field in fields if name == extract]
            none = " and ".join(["true", *(f"{field} is null" for field in own)])
            self.con.execute(f"delete from raw.{extract} where {none}")

    def wrong(self, changed: Mapping[str, str], seeds: Iterable[str] = ()) -> set[Hashable]:
        """Return the keys of the texts that are read wrongly with some SQL or seeds changed.

        `changed` holds the SQL of models; a seed is changed in its table by whoever asks.
        All texts are wrong where SQL that was changed cannot be executed.
        """
        dirty = {*changed, *seeds}
        # With nothing changed every text is read for the first time, which takes what it takes.
        limited = _limited if dirty else nullcontext
        built = []
        for model, sql in self._compiled.staging.items():
            if model in dirty or model in self._stale or self._compiled.parents[model] & dirty:
                dirty.add(model)
                built.append(model)
                try:
                    with limited(self.con):
                        self.con.execute(
                            f"create or replace table staging.{model} as {changed.get(model, sql)}"
                        )
                except duckdb.Error:
                    self._stale |= {*built, *dirty & set(self._compiled.staging)}
                    return set(self.expected)
        self._stale = set(built) if changed or seeds else set()
        try:
            with limited(self.con):
                found = self._read(self.con)
        except duckdb.Error:
            return set(self.expected)
        return {key for key, reading in self.expected.items() if found.get(key) != reading}


def corpus_readings(compiled: Compiled, fields: set[tuple[str, str]] | None = None) -> Readings:
    """Return the texts of the corpus, or those of some fields."""
    # A row without a text in one of the fields is left out, and a blank with it.
    corpus = [
        row
        for row in compiled.corpus
        if fields is None or ((row["extract"], row["field"]) in fields and row["text"])
    ]
    return Readings(
        compiled,
        compiled.warehouse,
        lambda con: read_corpus(con, corpus),
        {key_of(row): row["expected"] for row in corpus},
        fields,
    )


def own_words_readings(compiled: Compiled, folder: Path) -> Readings:
    """Return the texts of test_own_words.py."""
    folder.mkdir()
    return Readings(
        compiled,
        take_in(folder, *write_words(folder)),
        read_words,
        {(extract, field, text): read for extract, field, text, read in READINGS.values()},
    )
