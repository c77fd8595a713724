"""What former nights have read, kept in a file: to read a comment takes milliseconds."""

from __future__ import annotations

import platform
import sqlite3
import threading
from collections.abc import Callable, Iterable
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

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
        self._con: sqlite3.Connection | None = None
        try:
            self._make_room()
            self._con = sqlite3.connect(self._file, WAIT_SECONDS, check_same_thread=False)
        except (OSError, sqlite3.Error):
            return
        self._ask(lambda con: con.executescript(f"{SETTINGS}; {TABLE}"))

    @property
    def is_open(self) -> bool:
        """Whether anything is kept."""
        return self._con is not None

    def close(self) -> None:
        """Keep nothing more."""
        with self._lock:
            self._close()

    def get(self, key: bytes) -> str | None:
        """A reading; nothing where none is kept."""
        query = "select reading from readings where asked = ?"
        found = self._ask(lambda con: con.execute(query, [key]).fetchone())
        kept = found[0] if found else None
        if not isinstance(kept, bytes):
            return None
        reading = kept[CHECK_BYTES:].decode(errors="replace")
        return reading if _with_check(key, reading) == kept else None

    def add(self, readings: Iterable[tuple[bytes, str]]) -> None:
        """Keep readings, all of them or none."""
        rows = [(key, _with_check(key, reading)) for key, reading in readings]
        statement = "insert or replace into readings values (?, ?)"
        self._ask(lambda con: con.executemany(statement, rows))

    def _make_room(self) -> None:
        folder = self._file.parent
        folder.mkdir(mode=0o700, exist_ok=True)
        if not self._file.exists():
            for former in folder.glob("*.sqlite*"):
                former.unlink()
            self._file.touch(mode=0o600)

    def _ask(self, what: Callable[[sqlite3.Connection], Any]) -> Any:
        """What SQLite answers, in one transaction; nothing, and nothing more is kept, once it
        fails."""
        with self._lock:
            if self._con is None:
                return None
            try:
                answer = what(self._con)
                self._con.commit()
                return answer
            except sqlite3.Error as error:
                self._close()
                # Those that are operational are of the machine: no room, no right, another that
                # writes.
                if not isinstance(error, sqlite3.OperationalError):
                    self._file.unlink(missing_ok=True)
                return None

    def _close(self) -> None:
        if self._con is not None:
            self._con.close()
        self._con = None


def _with_check(key: bytes, reading: str) -> bytes:
    content = reading.encode()
    return blake2b(key + content, digest_size=CHECK_BYTES).digest() + content
