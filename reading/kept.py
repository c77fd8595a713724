"""What former nights have read, kept in a file: to read a comment takes milliseconds."""

from __future__ import annotations

import platform
import sqlite3
import threading
from collections.abc import Iterable
from functools import cache
from hashlib import blake2b
from pathlib import Path

PACKAGE = Path(__file__).parent
# It lies beside the warehouse.
FOLDER = "readings"
CHECK_BYTES = 8
# Two models of dbt are built at a time, and each may write.
WAIT_SECONDS = 60
# What a failure of the machine loses is read again, and each reading is checked.
SETTINGS = "pragma synchronous = off; pragma journal_mode = persist"
TABLE = (
    "create table if not exists readings (asked blob primary key, reading blob not null) "
    "without rowid"
)


@cache
def version_of_readers() -> str:
    """A hash of the code and the words that read, and of Python, whose patterns know letters."""
    digest = blake2b(platform.python_version().encode(), digest_size=16)
    for path in sorted(PACKAGE.rglob("*")):
        if path.suffix in (".py", ".csv"):
            content = path.read_bytes()
            digest.update(f"{path.relative_to(PACKAGE)} {len(content)}\n".encode() + content)
    return digest.hexdigest()


class KeptReadings:
    """Readings, as text, by a hash of what was asked; the texts that were read are not kept.

    The readers as they are have a file of their own in the folder; those of other versions are
    removed. Each reading has a check value: a damaged one is none. A damaged file is removed. Of
    that, and of a folder that cannot be written, nothing is said: texts are read again.
    """

    def __init__(self, folder: Path) -> None:
        self._file = folder / f"{version_of_readers()}.sqlite"
        self._lock = threading.Lock()
        self._con = self._opened()

    @property
    def is_open(self) -> bool:
        """Whether anything is kept."""
        return self._con is not None

    def close(self) -> None:
        """Keep nothing more."""
        with self._lock:
            if self._con is not None:
                self._con.close()
            self._con = None

    def get(self, key: bytes) -> str | None:
        """A reading; nothing where none is kept."""
        found = self._execute("select reading from readings where asked = ?", [(key,)])
        kept = found[0][0] if found else None
        if not isinstance(kept, bytes):
            return None
        reading = kept[CHECK_BYTES:].decode(errors="replace")
        return reading if _with_check(key, reading) == kept else None

    def add(self, readings: Iterable[tuple[bytes, str]]) -> None:
        """Keep readings."""
        self._execute(
            "insert or replace into readings values (?, ?)",
            [(key, _with_check(key, reading)) for key, reading in readings],
        )

    def _opened(self) -> sqlite3.Connection | None:
        folder = self._file.parent
        try:
            folder.mkdir(mode=0o700, exist_ok=True)
            if not self._file.exists():
                for former in folder.glob("*.sqlite*"):
                    former.unlink()
                self._file.touch(mode=0o600)
            con = sqlite3.connect(
                self._file, WAIT_SECONDS, isolation_level=None, check_same_thread=False
            )
        except (OSError, sqlite3.Error):
            return None
        try:
            con.executescript(f"{SETTINGS}; {TABLE}")
        except sqlite3.Error as error:
            con.close()
            self._remove_if_damaged(error)
            return None
        return con

    def _execute(self, statement: str, rows: list[tuple]) -> list[tuple]:
        with self._lock:
            if self._con is None:
                return []
            try:
                if len(rows) == 1:
                    return self._con.execute(statement, rows[0]).fetchall()
                self._con.execute("begin")
                self._con.executemany(statement, rows)
                self._con.execute("commit")
            except sqlite3.Error as error:
                self._con.close()
                self._con = None
                self._remove_if_damaged(error)
        return []

    def _remove_if_damaged(self, error: sqlite3.Error) -> None:
        # Those that are operational are of the machine: no room, no right, another that writes.
        if not isinstance(error, sqlite3.OperationalError):
            self._file.unlink(missing_ok=True)


def _with_check(key: bytes, reading: str) -> bytes:
    content = reading.encode()
    return blake2b(key + content, digest_size=CHECK_BYTES).digest() + content
