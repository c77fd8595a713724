"""What a person sees: plain lines in a log, a bar on a terminal."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[3]
WORK = """
import sys
from orchestration.progress import Progress
progress = Progress(as_json="--json" in sys.argv)
with progress.bar(2):
    for name in ("ingest", "transform"):
        with progress.stage(name):
            progress.say(name, "[bold]1 row[/bold] :smile: " + "x" * 200)
print(sorted(name for name in sys.modules if name == "rich.progress"))
"""


def _on_terminal(*arguments: str) -> str:
    parent, child = pty.openpty()
    done = subprocess.Popen(
        [sys.executable, "-c", WORK, *arguments],
        stdout=child,
        cwd=PROJECT,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "80"},
    )
    os.close(child)
    said = b""
    while True:
        try:
            found = os.read(parent, 65536)
        except OSError:
            break
        if not found:
            break
        said += found
    os.close(parent)
    assert done.wait(30) == 0
    return said.decode()


def test_a_terminal_has_a_bar_and_the_lines_as_they_are():
    said = _on_terminal()
    assert "2/2" in said
    assert "\x1b[" in said
    assert "ingest       [bold]1 row[/bold] :smile: " + "x" * 200 in said
    assert "['rich.progress']" in said


def test_lines_for_a_machine_have_no_bar():
    said = _on_terminal("--json")
    assert "\x1b[" not in said
    assert '{"stage": "ingest"' in said


@pytest.mark.parametrize("arguments", [(), ("--json",)])
def test_a_log_has_plain_lines(arguments):
    done = subprocess.run(
        [sys.executable, "-c", WORK, *arguments], capture_output=True, text=True, cwd=PROJECT
    )
    assert done.returncode == 0, done.stderr
    assert "\x1b[" not in done.stdout
    assert len(done.stdout.splitlines()) == 3
    assert "[]" in done.stdout
