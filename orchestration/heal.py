"""The warehouse looked at before a night, and made again out of the archive where it is damaged,
gone, or has forgotten a night that the archive knows."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb

from expectations.history import copy_history
from ingestion.contract import Contract
from ingestion.ingest import ExtractSummary
from ingestion.nights import Night, read_journal
from ingestion.pseudonyms import PseudonymKey
from ingestion.replay import replay
from ingestion.sql import limit_memory, own_memory
from orchestration.errors import BusyError, RefreshError
from orchestration.paths import Home
from orchestration.release import DATABASE, READING_ONCE_BYTES, content_of, current_release

# Of DuckDB alone: with what else the process holds, a million patients stay below 4 GB.
MEMORY_BYTES = int(2.8 * 2**30)

# How DuckDB says that a file, or its log, is not what it wrote. Whatever else keeps it from
# opening a file (no space, no permission, another program, a newer version) is no damage.
# The last is a file restored from a backup beside the log of a later one.
_DAMAGE = re.compile(
    "corrupt|not a valid duckdb|could not read enough bytes|checksum|wal checkpoint iteration", re.I
)


def open_warehouse(path: Path) -> duckdb.DuckDBPyConnection:
    """Open a warehouse for writing; RefreshError says why it cannot be."""
    try:
        con = duckdb.connect(str(path))
    except duckdb.Error as error:
        raise _not_opened(path, error) from None
    path.chmod(0o600)
    limit_memory(con, memory_limit(con, path))
    return con


def memory_limit(con: duckdb.DuckDBPyConnection, warehouse: Path) -> int:
    """How many bytes of memory DuckDB may take: as much as the warehouse has on disk, no less than
    MEMORY_BYTES, and no more than half of what it would take by itself, which is four fifths of
    the machine's: the analysis holds its patients besides.

    A million patients take no longer with it: more would hold what has been written already. What
    needs more goes to the disk beside the warehouse.
    """
    own = own_memory(con)
    return min(own, max(MEMORY_BYTES, min(size_of(warehouse), own // 2)))


def size_of(warehouse: Path) -> int:
    """The bytes of a warehouse on disk, 0 where there is none."""
    return warehouse.stat().st_size if warehouse.exists() else 0


def heal(
    home: Home, contract: Contract, key: PseudonymKey, say: Callable[[str], None]
) -> str | None:
    """Make the warehouse again where it is not sound; returns what was wrong, or null.

    The damaged file is moved to ``<home>/damaged``, where the last one is kept. The history of
    checks and issues, which no delivered file holds, is taken from the last release. Raises
    ArchiveError where the archive is not whole and RefreshError where the warehouse cannot be
    opened for another reason than damage.
    """
    _sweep(home)
    nights = read_journal(home.archive)
    wrong = _what_is_wrong(home.warehouse, nights)
    if wrong is None:
        return None
    _move_aside(home)
    if nights:
        say(f"{home.warehouse}: {wrong}; it is made again from {len(nights)} nights of the archive")
        _make_again(home, contract, nights, key)
    return wrong


def fill_from_archive(
    con: duckdb.DuckDBPyConnection,
    home: Home,
    contract: Contract,
    nights: list[Night],
    key: PseudonymKey,
    *,
    with_history: bool,
) -> list[ExtractSummary]:
    """Take the nights into an empty warehouse, and the history of the former one or, where that
    cannot be read, of the last release."""
    summaries = replay(con, contract, nights, home.archive, key)
    if with_history:
        release = current_release(home)
        former = home.folder / home.warehouse.name
        places = [former, *([release / DATABASE] if release else [])]
        any(copy_history(con, path) for path in places if path.exists())
    return summaries


def take_its_place(made: Path, warehouse: Path) -> None:
    """Let a warehouse that was made take the place of the registry's."""
    # A log of the former file must not be replayed into the new one.
    _log_of(warehouse).unlink(missing_ok=True)
    made.replace(warehouse)


def _what_is_wrong(warehouse: Path, nights: list[Night]) -> str | None:
    if not warehouse.exists():
        return "it is not there" if nights else None
    try:
        with duckdb.connect(str(warehouse)) as con:
            limit_memory(con, READING_ONCE_BYTES)
            tables = con.execute(
                "select schema_name || '.' || table_name from duckdb_tables() where not temporary"
            ).fetchall()
            # Each block that is read is compared with its checksum.
            content_of(con, [table for (table,) in tables])
            known = set()
            if ("raw.nights",) in tables:
                known = {
                    run_id for (run_id,) in con.execute("select run_id from raw.nights").fetchall()
                }
    except duckdb.Error as error:
        if _DAMAGE.search(str(error)) is None:
            raise _not_opened(warehouse, error) from None
        return "it is damaged"
    forgotten = sum(night.run_id not in known for night in nights)
    return f"it lacks {forgotten} nights that the archive has" if forgotten else None


def _not_opened(path: Path, error: duckdb.Error) -> RefreshError:
    # What DuckDB says where another program has the file open.
    kind = BusyError if "could not set lock" in str(error).lower() else RefreshError
    return kind(
        f"{path}: the warehouse cannot be opened ({type(error).__name__}); no other program may "
        "have it open, and the account of the nightly job has to be able to write there"
    )


def _sweep(home: Home) -> None:
    """Remove what runs that died left half made; some of it holds what was delivered."""
    left = [home.folder / ".rebuilding", *home.folder.glob(".redcap-*")]
    left += home.archive.rglob(".*incoming*")
    for path in left:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def _move_aside(home: Home) -> None:
    found = [path for path in (home.warehouse, _log_of(home.warehouse)) if path.exists()]
    if not found:
        return
    shutil.rmtree(home.damaged, ignore_errors=True)
    home.damaged.mkdir(mode=0o700)
    for path in found:
        path.rename(home.damaged / path.name)


def _make_again(home: Home, contract: Contract, nights: list[Night], key: PseudonymKey) -> None:
    scratch = Home(home.folder, scratch=home.folder / ".rebuilding")
    scratch.warehouse.parent.mkdir(mode=0o700)
    try:
        with open_warehouse(scratch.warehouse) as con:
            fill_from_archive(con, home, contract, nights, key, with_history=True)
        take_its_place(scratch.warehouse, home.warehouse)
    finally:
        shutil.rmtree(scratch.warehouse.parent, ignore_errors=True)


def _log_of(warehouse: Path) -> Path:
    return warehouse.with_name(f"{warehouse.name}.wal")
