"""The release: what is published, switched in one rename after everything passed.

A release is built in a folder of its own beside the others and only then named ``current``;
readers of the former release keep their files.
"""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

import duckdb

from ingestion.sql import text_literal
from orchestration.errors import RefreshError
from orchestration.paths import Home

DATABASE = "registry.duckdb"
PUBLISHED_SCHEMAS = ("marts", "quality", "results")

# Files of this version open in every client since DuckDB 1.4.
STORAGE_VERSION = "v1.4.0"


def start(home: Home, release_id: str) -> Path:
    """A fresh folder in which a release is built; leftovers of runs that died are removed."""
    for leftover in home.published.glob(".building-*"):
        shutil.rmtree(leftover, ignore_errors=True)
    folder = home.published / f".building-{release_id}"
    folder.mkdir(parents=True)
    return folder


def export_database(con: duckdb.DuckDBPyConnection, folder: Path) -> dict[str, int]:
    """Copy the published schemas with their comments into ``folder/registry.duckdb``.

    Returns the rows of each table, after the file has been closed, opened again and counted.
    Raises RefreshError where the copy does not hold what the warehouse holds.
    """
    path = folder / DATABASE
    tables = con.execute(
        """
        select schema_name, table_name, comment from duckdb_tables()
        where database_name = current_database() and list_contains(?, schema_name)
        order by all
        """,
        [list(PUBLISHED_SCHEMAS)],
    ).fetchall()
    comments = con.execute(
        """
        select schema_name, table_name, column_name, comment from duckdb_columns()
        where database_name = current_database() and list_contains(?, schema_name)
            and comment is not null
        """,
        [list(PUBLISHED_SCHEMAS)],
    ).fetchall()
    con.execute(
        f"attach {text_literal(str(path))} as release (storage_version '{STORAGE_VERSION}')"
    )
    try:
        for schema in PUBLISHED_SCHEMAS:
            con.execute(f"create schema release.{schema}")
        for schema, table, comment in tables:
            con.execute(f"create table release.{schema}.{table} as from {schema}.{table}")
            if comment:
                con.execute(f"comment on table release.{schema}.{table} is {text_literal(comment)}")
        for schema, table, column, comment in comments:
            con.execute(
                f'comment on column release.{schema}.{table}."{column}" is {text_literal(comment)}'
            )
        con.execute("checkpoint release")
        expected = _row_counts(con, [(schema, table) for schema, table, _ in tables])
    finally:
        con.execute("detach release")
    with duckdb.connect(str(path), read_only=True) as copy:
        found = _row_counts(copy, [(schema, table) for schema, table, _ in tables])
    if found != expected:
        differing = sorted(name for name in expected if found.get(name) != expected[name])
        raise RefreshError(f"the published copy differs from the warehouse in {differing}")
    return found


def write_manifest(folder: Path, manifest: dict[str, Any]) -> None:
    text = json.dumps(manifest, indent=2, ensure_ascii=False, default=str)
    (folder / "manifest.json").write_text(text + "\n", encoding="utf-8")


def publish(home: Home, folder: Path, release_id: str) -> Path:
    """Make the built folder the current release, in one rename."""
    _sync(folder)
    release = home.releases / release_id
    folder.rename(release)
    _sync_folder(home.releases)
    link = home.published / f".current-{release_id}"
    link.unlink(missing_ok=True)
    link.symlink_to(release.relative_to(home.published))
    os.replace(link, home.current)
    _sync_folder(home.published)
    return release


def current_release(home: Home) -> Path | None:
    """The folder of the current release, or null when nothing has been published."""
    return home.current.resolve() if home.current.exists() else None


def _row_counts(con: duckdb.DuckDBPyConnection, tables: list[tuple[str, str]]) -> dict[str, int]:
    if not tables:
        return {}
    query = " union all ".join(
        f"select '{schema}.{table}', count(*) from {schema}.{table}" for schema, table in tables
    )
    return dict(con.execute(query).fetchall())


def _sync(folder: Path) -> None:
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb") as handle:
                os.fsync(handle.fileno())
        elif path.is_dir():
            _sync_folder(path)
    _sync_folder(folder)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
