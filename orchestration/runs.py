"""The log of runs: `<home>/logs/runs.jsonl`, a line when a run starts and one when it ends.

A run that has a start and no end died. Nothing that is written holds a value of a patient.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from orchestration.paths import Home

STARTED = "started"
PUBLISHED = "published"
MADE_BESIDE = "made beside the registry"
UNCHANGED = "nothing changed"
ROLLED_BACK = "rolled back"
FROZEN = "frozen"
FAILED = "failed"
STOPPED = "stopped"

# What a nightly job says that it is doing, beside a rebuild, a rollback and a freeze.
REFRESH = "refresh"

_RUN_ID = re.compile(r"\d{8}T\d{9}Z")


@dataclass(frozen=True)
class LoggedRun:
    """What is known of the last run; ``outcome`` is "started" where it runs still or died."""

    run_id: str
    outcome: str
    text: str


def log_run(home: Home, run_id: str, outcome: str, text: str = "", **facts: Any) -> None:
    """Append one line. A line that a dying process left half written is closed first."""
    line = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "run_id": run_id,
        "outcome": outcome,
        "text": text,
        **facts,
    }
    with _path(home).open("ab+") as handle:
        os.fchmod(handle.fileno(), 0o600)
        size = handle.seek(0, os.SEEK_END)
        if size:
            handle.seek(size - 1)
            torn = handle.read(1) != b"\n"
            handle.write(b"\n" if torn else b"")
        handle.write(json.dumps(line, ensure_ascii=False, default=str).encode() + b"\n")
        handle.flush()
        os.fsync(handle.fileno())


def last_run(home: Home) -> LoggedRun | None:
    """The run of which the last line tells; lines that cannot be read are passed over."""
    lines = list(_lines(home))
    if not lines:
        return None
    return LoggedRun(lines[-1]["run_id"], lines[-1]["outcome"], lines[-1]["text"])


def last_good_night(home: Home) -> datetime | None:
    """When the last refresh started that published, or found nothing changed; UTC."""
    refreshes: set[str] = set()
    good = None
    for line in _lines(home):
        run_id, outcome = line["run_id"], line["outcome"]
        if not is_run_id(run_id):
            continue
        if outcome == STARTED and line["text"] == REFRESH:
            refreshes.add(run_id)
        elif outcome in (PUBLISHED, UNCHANGED) and run_id in refreshes:
            good = started_at_of(run_id)
    return good


def next_start(home: Home, now: datetime) -> datetime:
    """When a run that starts now says that it did: later than every run before.

    Where the clock was set back, runs would otherwise change their order, and with it which of two
    deliveries is the later one.
    """
    ids = [path.name for path in home.releases.glob("*")]
    ids += [path.stem for path in (home.archive / "nights").glob("*.json")]
    ids += [line["run_id"] for line in _lines(home)]
    known = [run_id for run_id in ids if _RUN_ID.fullmatch(run_id)]
    if not known:
        return now
    return max(now, started_at_of(max(known)) + timedelta(milliseconds=1))


def run_id_of(started_at: datetime) -> str:
    """The name of a run and of its release: when it started, UTC, to the millisecond."""
    return started_at.strftime("%Y%m%dT%H%M%S") + f"{started_at.microsecond // 1000:03d}Z"


def started_at_of(run_id: str) -> datetime:
    """When the run of that name started."""
    return datetime.strptime(f"{run_id[:-1]}000+0000", "%Y%m%dT%H%M%S%f%z")


def is_run_id(name: str) -> bool:
    """Whether a name is that of a run."""
    return _RUN_ID.fullmatch(name) is not None


def _lines(home: Home) -> Iterator[dict[str, Any]]:
    with suppress(FileNotFoundError), _path(home).open("rb") as handle:
        for line in handle:
            with suppress(ValueError):
                found = json.loads(line)
                if isinstance(found, dict) and {"run_id", "outcome", "text"} <= found.keys():
                    yield found


def _path(home: Home) -> Path:
    return home.logs / "runs.jsonl"
