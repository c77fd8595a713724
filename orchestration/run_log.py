"""The log of one run: `<home>/logs/<run_id>.jsonl`, a JSON object per line.

Each has ``at`` (UTC), ``run_id``, ``level`` (info, warning, error), ``stage`` and ``text``, and
facts of its own beside them. Nothing that is written holds a secret or a value of a patient: of an
error that is not ours only its type is written, and where in the code it arose.
"""

from __future__ import annotations

import json
import os
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from orchestration.errors import SAID, Stopped, in_words
from orchestration.paths import PROJECT, Home
from orchestration.runs import is_run_id, started_at_of

INFO, WARNING, ERROR = "info", "warning", "error"

# One run may not fill the disk; a night says some dozens of lines.
LARGEST_LOG = 2_000_000


class RunLog:
    """Writes the lines of one run. A log that cannot be written stops nothing."""

    def __init__(self, path: Path, run_id: str, *, largest: int = LARGEST_LOG) -> None:
        self.path = path
        self.run_id = run_id
        self._left = largest

    def write(self, stage: str, text: str, *, level: str = INFO, **facts: Any) -> None:
        """Append a line; once the log is as large as it may become, only errors are written."""
        if self._left <= 0 and level != ERROR:
            return
        self._append(stage, text, level, facts)
        if self._left <= 0 and level != ERROR:
            self._append("log", "the log of this run is full: only errors follow", WARNING, {})

    def _append(self, stage: str, text: str, level: str, facts: dict[str, Any]) -> None:
        line = {
            "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "run_id": self.run_id,
            "level": level,
            "stage": stage,
            "text": text,
        }
        line |= {name: fact for name, fact in facts.items() if name not in line}
        content = json.dumps(line, ensure_ascii=False, default=str).encode() + b"\n"
        self._left -= len(content)
        with suppress(OSError):
            # Private from the first byte on, whatever the umask.
            descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            try:
                os.write(descriptor, content)
            finally:
                os.close(descriptor)


@contextmanager
def log_of(home: Home, run_id: str, *, keep_days: int, keep_mb: float) -> Iterator[RunLog]:
    """The log of a run, which says how it ended; old ones are removed."""
    rotate(home.logs, run_id, keep_days=keep_days, keep_mb=keep_mb)
    log = RunLog(home.logs / f"{run_id}.jsonl", run_id)
    log.write("start", "the run has the lock", process=os.getpid())
    try:
        yield log
    except GeneratorExit:
        raise
    except BaseException as error:
        facts = {} if isinstance(error, (*SAID, Stopped)) else {"where": where_of(error)}
        log.write("end", in_words(error), level=ERROR, **facts)
        raise
    log.write("end", "in order")


def rotate(logs: Path, run_id: str, *, keep_days: int, keep_mb: float) -> list[str]:
    """Remove the logs of runs more than ``keep_days`` before ``run_id``, and the oldest of what is
    more than ``keep_mb`` megabytes together; returns their names."""
    known = sorted((p for p in logs.glob("*.jsonl") if is_run_id(p.stem)), reverse=True)
    oldest = started_at_of(run_id) - timedelta(days=keep_days)
    room = keep_mb * 1_000_000
    removed = []
    for path in known:
        with suppress(OSError):
            room -= path.stat().st_size
            if room < 0 or started_at_of(path.stem) < oldest:
                path.unlink()
                removed.append(path.name)
    return removed


def where_of(error: BaseException) -> list[str]:
    """Where an error arose, the outermost call first: `orchestration/refresh.py:84 in stages`.

    The text of the error is left out, for it may hold a value. Files outside the project are named
    by their last part alone.
    """
    return [
        f"{_place(frame.filename)}:{frame.lineno} in {frame.name}"
        for frame in traceback.extract_tb(error.__traceback__)
    ]


def _place(filename: str) -> str:
    path = Path(filename)
    if path.is_relative_to(PROJECT) and ".venv" not in path.parts:
        return str(path.relative_to(PROJECT))
    return "/".join(path.parts[-2:])
