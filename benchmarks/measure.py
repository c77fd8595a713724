"""What a command takes: wall time, processor time and peak memory, in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

LAUNCHER = Path(__file__).with_name("launch.py")


class CommandError(Exception):
    """A measured command failed; the text has the end of what it said."""


@dataclass(frozen=True)
class Usage:
    """What a command and the processes that it waited for took.

    seconds: wall time; cpu_seconds: user and system; peak_mb: the most memory that one of the
    processes held (of several at once the largest, not the sum); output: its standard output.
    """

    seconds: float
    cpu_seconds: float
    peak_mb: float
    output: str


def measure(
    command: Sequence[str], folder: Path, environment: Mapping[str, str] | None = None
) -> Usage:
    """Run a command in a folder; CommandError where it does not end with 0."""
    with tempfile.TemporaryDirectory() as name:
        usage = Path(name) / "usage.json"
        done = subprocess.run(
            [sys.executable, "-I", "-S", str(LAUNCHER), str(usage), *command],
            cwd=folder,
            env={**os.environ, **(environment or {})},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )
        if not usage.exists():
            raise CommandError(f"{command[0]} could not be started:\n{done.stderr[-2000:]}")
        found = json.loads(usage.read_text(encoding="utf-8"))
    if found["exit_code"] != 0:
        end = (done.stdout + done.stderr)[-2000:]
        raise CommandError(f"{' '.join(command)} ended with {found['exit_code']}:\n{end}")
    return Usage(found["seconds"], found["cpu_seconds"], found["peak_mb"], done.stdout)
