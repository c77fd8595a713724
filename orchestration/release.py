"""The release: what is published, switched in one rename after everything passed.

A release is built in a folder of its own beside the others and only then named ``current``;
readers of the former release keep their files. Old ones are removed once the new one is current.
"""

from __future__ import annotations

import json
import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb

from ingestion.sql import limit_memory, text_literal
from orchestration.errors import RefreshError
from orchestration.paths import Home, make_readable
from orchestration.runs import is_run_id, started_at_of

DATABASE = "registry.duckdb"
PUBLISHED_SCHEMAS = ("marts", "quality", "results")

# Copies of the tables for who has no DuckDB.
PARQUET = "parquet"

# Where each block is read once, to keep what was read would only take memory.
READING_ONCE_BYTES = 2**30

# Files of this version open in every client since DuckDB 1.4.
STORAGE_VERSION = "v1.4.0"


def start(home: Home, release_id: str) -> Path:
    """A fresh folder in which a release is built; leftovers of runs that died are removed."""
    for leftover in (*home.published.glob(".building-*"), *home.published.glob(".removing-*")):
        shutil.rmtree(leftover, ignore_errors=True)
    for link in home.published.glob(".current-*"):
        link.unlink()
    folder = home.published / f".building-{release_id}"
    folder.mkdir(parents=True)
    return folder


@dataclass(frozen=True)
class TableContent:
    """Rows of a table, and a hash of them as a set: the same whatever their order."""

    rows: int
    content: str


def export(con: duckdb.DuckDBPyConnection, folder: Path) -> dict[str, TableContent]:
    """Copy the published tables into ``folder``, as a database and as Parquet files.

    Returns what each table holds. Raises RefreshError where a copy differs from the warehouse.
    """
    # At the same time: DuckDB gives a table of fewer than 122,880 rows to one core.
    with con.cursor() as of_its_own, ThreadPoolExecutor(1) as beside:
        parquet = beside.submit(export_parquet, of_its_own, folder)
        content = export_database(con, folder)
        found = parquet.result()
    expected = {table: of_table.rows for table, of_table in content.items()}
    if found != expected:
        differing = sorted({table for table, _ in set(found.items()) ^ set(expected.items())})
        raise RefreshError(f"the copies in {PARQUET} differ from the warehouse in {differing}")
    return content


def _published_tables(con: duckdb.DuckDBPyConnection) -> dict[str, str | None]:
    """The tables (``schema.table``) that are published, with their comments."""
    found = con.execute(
        """
        select schema_name || '.' || table_name, comment from duckdb_tables()
        where database_name = current_database() and list_contains(?, schema_name)
        order by all
        """,
        [list(PUBLISHED_SCHEMAS)],
    ).fetchall()
    return dict(found)


def export_database(con: duckdb.DuckDBPyConnection, folder: Path) -> dict[str, TableContent]:
    """Copy the published schemas with their comments into ``folder/registry.duckdb``.

    Returns what each table holds, after the file has been closed, opened again and compared with
    the warehouse, row counts and content. Views are copied as they are: they read these tables.
    Raises RefreshError where a table differs.
    """
    path = folder / DATABASE
    tables = _published_tables(con)
    comments = con.execute(
        """
        select schema_name, table_name, column_name, comment from duckdb_columns()
        where database_name = current_database() and list_contains(?, schema_name)
            and comment is not null
        """,
        [list(PUBLISHED_SCHEMAS)],
    ).fetchall()
    views = con.execute(
        """
        select schema_name, view_name, sql, comment from duckdb_views()
        where database_name = current_database() and list_contains(?, schema_name)
        order by all
        """,
        [list(PUBLISHED_SCHEMAS)],
    ).fetchall()
    con.execute(
        f"attach {text_literal(str(path))} as release (storage_version '{STORAGE_VERSION}')"
    )
    try:
        for schema in PUBLISHED_SCHEMAS:
            con.execute(f"create schema release.{schema}")
        for table, comment in tables.items():
            con.execute(f"create table release.{table} as from {table}")
            if comment:
                con.execute(f"comment on table release.{table} is {text_literal(comment)}")
        for schema, view, sql, comment in views:
            # It names no database, and so reads the tables beside it.
            con.execute(f"create view release.{sql.removeprefix('CREATE VIEW ')}")
            if comment:
                con.execute(f"comment on view release.{schema}.{view} is {text_literal(comment)}")
        for schema, table, column, comment in comments:
            con.execute(
                f'comment on column release.{schema}.{table}."{column}" is {text_literal(comment)}'
            )
        con.execute("checkpoint release")
    finally:
        con.execute("detach release")
    expected = content_of(con, list(tables))
    with duckdb.connect(str(path), read_only=True) as copy:
        limit_memory(copy, READING_ONCE_BYTES)
        found = content_of(copy, list(tables))
    if found != expected:
        differing = sorted(name for name in expected if found.get(name) != expected[name])
        raise RefreshError(f"the published copy differs from the warehouse in {differing}")
    return found


def export_parquet(con: duckdb.DuckDBPyConnection, folder: Path) -> dict[str, int]:
    """Copy the published tables into ``folder/parquet``, as ``<schema>.<table>.parquet``; no views.

    Decimals become floating point there: Python has them as objects otherwise, which few functions
    take. Returns how many rows the file of each table has.
    """
    parquet = folder / PARQUET
    parquet.mkdir()
    decimals = con.execute(
        """
        select schema_name || '.' || table_name, column_name from duckdb_columns()
        where database_name = current_database() and data_type like 'DECIMAL%'
        """
    ).fetchall()
    # The level of least work: others take up to half again as long, for files no smaller.
    how = "format parquet, compression zstd, compression_level 1"
    for table in _published_tables(con):
        own = [name for of, name in decimals if of == table]
        as_floats = ", ".join(f'"{name}"::double as "{name}"' for name in own)
        rows = f"select * replace ({as_floats}) from {table}" if as_floats else f"from {table}"
        path = text_literal(str(parquet / f"{table}.parquet"))
        con.execute(f"copy ({rows}) to {path} ({how})")
    files = text_literal(str(parquet / "*.parquet"))
    written = con.execute(f"select file_name, num_rows from parquet_file_metadata({files})")
    return {Path(name).name.removesuffix(".parquet"): rows for name, rows in written.fetchall()}


def content_of(con: duckdb.DuckDBPyConnection, tables: list[str]) -> dict[str, TableContent]:
    """What the tables (``schema.table``) hold.

    The hash is DuckDB's own, over rows: hashes of one version of DuckDB can be compared.
    """
    if not tables:
        return {}
    query = " union all ".join(
        f"select '{table}', count(*), coalesce(bit_xor(hash(t)), 0), "
        f"coalesce(sum(hash(t)::hugeint), 0) from {table} t"
        for table in tables
    )
    return {
        table: TableContent(rows, f"{xor:016x}{int(total) % 2**64:016x}")
        for table, rows, xor, total in con.execute(query).fetchall()
    }


def write_manifest(folder: Path, manifest: dict[str, Any]) -> None:
    text = json.dumps(manifest, indent=2, ensure_ascii=False, default=str)
    (folder / "manifest.json").write_text(text + "\n", encoding="utf-8")


def publish(home: Home, folder: Path, release_id: str) -> Path:
    """Make the built folder the current release, in one rename."""
    _open_to_the_group(folder)
    sync(folder)
    release = home.releases / release_id
    folder.rename(release)
    sync_folder(home.releases)
    point_to(home, release)
    home.rolled_back.unlink(missing_ok=True)
    return release


def point_to(home: Home, release: Path) -> None:
    """Let ``current`` name a release, in one rename."""
    link = home.published / f".current-{release.name}"
    link.unlink(missing_ok=True)
    link.symlink_to(release.relative_to(home.published))
    os.replace(link, home.current)
    sync_folder(home.published)


def prune(home: Home, keep: int, timezone: str) -> list[str]:
    """Remove old releases but for the newest ``keep``, the last of each month and the current one.

    Who reads a release that is removed keeps it open: its files go when they are closed. Returns
    the names of those removed.
    """
    zone = ZoneInfo(timezone)
    names = sorted(path.name for path in home.releases.iterdir() if is_run_id(path.name))
    last_of_month = {f"{started_at_of(name).astimezone(zone):%Y-%m}": name for name in names}
    kept = {*names[-keep:], *last_of_month.values()}
    current = current_release(home)
    if current is not None:
        kept.add(current.name)
    removed = [name for name in names if name not in kept]
    for name in removed:
        # Out of sight in one step, so that nobody finds half a release.
        doomed = home.published / f".removing-{name}"
        (home.releases / name).rename(doomed)
        shutil.rmtree(doomed, ignore_errors=True)
    return removed


def current_release(home: Home) -> Path | None:
    """The folder of the current release, or null when nothing has been published."""
    return home.current.resolve() if home.current.exists() else None


def _open_to_the_group(folder: Path) -> None:
    """Analysts are members of the folder's group; nobody else reads a release."""
    for path in [folder, *folder.rglob("*")]:
        if path.is_dir():
            make_readable(path)
        else:
            path.chmod(0o640)


def sync(folder: Path) -> None:
    """Have the disk hold a folder and everything in it."""
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb") as handle:
                os.fsync(handle.fileno())
        elif path.is_dir():
            sync_folder(path)
    sync_folder(folder)


def sync_folder(folder: Path) -> None:
    """Have the disk hold the names in a folder."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
