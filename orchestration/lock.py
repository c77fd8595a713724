"""One refresh at a time. The kernel frees the lock of a process that dies, however it dies."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from orchestration.errors import LockedError


@contextmanager
def refresh_lock(path: Path, run_id: str) -> Iterator[None]:
    """Hold the lock of a registry; LockedError names the holder where another process has it."""
    with path.open("a+", encoding="utf-8") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise LockedError(f"another refresh is running ({_holder(path)})") from None
        handle.seek(0)
        handle.truncate()
        json.dump({"process": os.getpid(), "run_id": run_id}, handle)
        handle.flush()
        try:
            yield
        finally:
            handle.seek(0)
            handle.truncate()


def _holder(path: Path) -> str:
    try:
        holder = json.loads(path.read_text(encoding="utf-8"))
        return f"process {holder['process']}, run {holder['run_id']}"
    except (OSError, ValueError, KeyError):
        return "it has not said its name yet"
