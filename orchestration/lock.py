"""One run at a time. The kernel frees the lock of a process that dies, however it dies: what a
dead process left in the file holds nobody up."""

from __future__ import annotations

import errno
import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from orchestration.errors import LockedError, RefreshError


@contextmanager
def refresh_lock(path: Path, doing: str) -> Iterator[None]:
    """Hold the lock of a registry while ``doing`` something.

    Raises LockedError, which names the holder, where another process has it, and RefreshError
    where the file system knows no locks.
    """
    try:
        handle = path.open("a+", encoding="utf-8")
    except OSError as error:
        raise RefreshError(
            f"{path}: the lock cannot be opened ({error.strerror}); the account of the nightly "
            "job has to own the home of the registry"
        ) from None
    with handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno not in (errno.EWOULDBLOCK, errno.EACCES):
                raise RefreshError(
                    f"{path}: the lock cannot be taken ({error.strerror}); the home of the "
                    "registry has to lie on a file system with locks"
                ) from None
            raise LockedError(f"another refresh is running ({_holder(path)})") from None
        handle.seek(0)
        handle.truncate()
        since = f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC"
        json.dump({"process": os.getpid(), "doing": doing, "since": since}, handle)
        handle.flush()
        try:
            yield
        finally:
            handle.seek(0)
            handle.truncate()


def is_locked(path: Path) -> bool:
    """Whether a process holds the lock now."""
    try:
        with path.open("rb") as handle:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except OSError:
        return True
    return False


def _holder(path: Path) -> str:
    try:
        holder = json.loads(path.read_text(encoding="utf-8"))
        return f"process {holder['process']}, {holder['doing']} since {holder['since']}"
    except (OSError, ValueError, KeyError, TypeError):
        return "it has not said its name yet"
