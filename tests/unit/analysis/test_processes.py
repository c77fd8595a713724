import os
import pickle
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from analysis import processes
from analysis.errors import AnalysisError
from analysis.suppression import HIDDEN

PARENT = """
import os, sys, time
from analysis.processes import processes

if __name__ == "__main__":
    with processes(1) as beside:
        print(beside.submit(os.getpid).result(), flush=True)
        beside.submit(time.sleep, 600).result()
"""


@pytest.mark.parametrize("cores", [1, 2])
def test_results_and_errors_come_back_whatever_does_the_work(cores, monkeypatch):
    monkeypatch.setattr(processes, "cores", lambda: cores)
    with processes.processes(2) as beside:
        assert (beside.submit(os.getpid).result() == os.getpid()) == (cores == 1)
        assert list(beside.map(abs, [-3, 2, 0])) == [3, 2, 0]
        with pytest.raises(OSError, match="No such file") as found:
            beside.submit(os.stat, "/no/such/file").result()
        assert found.value.filename == "/no/such/file"


def test_what_is_at_work_is_ended_when_the_work_fails(monkeypatch):
    monkeypatch.setattr(processes, "cores", lambda: 2)
    waiting = []

    def fail():
        with processes.processes(1) as beside:
            assert beside.submit(os.getpid).result() != os.getpid()
            waiting.extend(beside.submit(time.sleep, 120) for _ in range(100))
            raise KeyError

    started = time.monotonic()
    with pytest.raises(KeyError):
        fail()
    assert time.monotonic() - started < 60
    assert all(future.cancelled() or future.exception() for future in waiting)


def test_a_process_that_was_killed_is_said(monkeypatch):
    monkeypatch.setattr(processes, "cores", lambda: 2)

    def lose():
        with processes.processes(1) as beside:
            beside.submit(signal.raise_signal, signal.SIGKILL).result()

    with pytest.raises(AnalysisError, match="ended from outside"):
        lose()


def test_what_is_hidden_is_the_same_in_another_process():
    assert pickle.loads(pickle.dumps(HIDDEN)) is HIDDEN


@pytest.mark.skipif(processes.cores() < 2, reason="one core")
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_process_ends_with_its_parent(number, tmp_path):
    script = tmp_path / "parent.py"
    script.write_text(PARENT)
    project = Path(__file__).parents[3]
    with subprocess.Popen(
        [sys.executable, script],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(project)},
    ) as parent:
        beside = int(parent.stdout.readline())
        assert _lives(beside)
        parent.send_signal(number)
        parent.wait()
    end = time.monotonic() + 20
    while _lives(beside) and time.monotonic() < end:
        time.sleep(0.05)
    assert not _lives(beside)


def _lives(process: int) -> bool:
    # A dead one that nobody has waited for still has a folder.
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state not in "ZX"
