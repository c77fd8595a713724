"""What goes wrong in a run: each is called in the child, before the command line."""

from __future__ import annotations

import errno
import os
import resource
import signal
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any

from orchestration import night, refresh, release, transform


def die_before_stage(number: int, by: int = signal.SIGKILL) -> None:
    """A signal at the boundary before the stage of that number; behind the last, after it."""

    def die(_run: refresh.Run) -> None:
        os.kill(os.getpid(), by)

    stages = list(refresh.STAGES)
    stages.insert(number, replace(stages[0], name="die", work=die))
    refresh.STAGES = tuple(stages)


def fail_at_call(name: str, call: int, kill: bool) -> None:
    """At that call of `os.fsync`, `os.replace` … by the release, EIO or SIGKILL."""
    _break_call(name, call, kill)


def no_file_larger_than(size: int) -> None:
    """No file may become larger, as where the disk is full."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def umask(mask: int) -> None:
    """What the one who starts the run takes from the modes of new files."""
    os.umask(mask)


def clock(days: float) -> None:
    """The clock is wrong by so many days."""

    class Shifted(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return datetime.now(tz) + timedelta(days=days)

    night.datetime = Shifted  # type: ignore[misc]


def at(moment: str) -> None:
    """The clock says ``moment`` (ISO, with its offset)."""
    found = datetime.fromisoformat(moment)
    clock((found - datetime.now(found.tzinfo)) / timedelta(days=1))


def in_zone(zone: str, moment: str) -> None:
    """The machine stands in another time zone, at that moment."""
    os.environ["TZ"] = zone
    time.tzset()
    at(moment)


def other_dbt_project(folder: str) -> None:
    """The night is to build another dbt project."""
    transform.DBT_PROJECT = Path(folder)


def _break_call(name: str, call: int, kill: bool) -> None:
    real: Callable[..., Any] = getattr(os, name)
    calls = 0

    class BrokenOs:
        def __getattr__(self, attribute: str) -> Any:
            return breaking if attribute == name else getattr(os, attribute)

    def breaking(*arguments: Any, **named: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == call:
            if kill:
                os.kill(os.getpid(), signal.SIGKILL)
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return real(*arguments, **named)

    release.os = BrokenOs()  # type: ignore[assignment]
