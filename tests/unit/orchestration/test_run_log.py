"""The log of a run: what stands in it, what never does, and how much of it is kept."""

from __future__ import annotations

import json
import os
import stat

import pytest

from orchestration.errors import RefreshError, Stopped
from orchestration.paths import Home
from orchestration.progress import Progress
from orchestration.run_log import RunLog, log_of, rotate

RUN = "20260301T021500000Z"


def _lines(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.fixture
def home(tmp_path):
    found = Home(tmp_path)
    found.create()
    return found


@pytest.fixture
def logged(home):
    """Does something within a log and hands its lines back, whatever it raised."""

    def run(work):
        try:
            with log_of(home, RUN, keep_days=90, keep_mb=50) as log:
                work(log)
        except BaseException as error:
            return _lines(home.logs / f"{RUN}.jsonl"), error
        return _lines(home.logs / f"{RUN}.jsonl"), None

    return run


def test_each_line_says_when_which_run_and_how_grave(logged, capsys):
    def work(log):
        progress = Progress()
        progress.log = log
        with progress.stage("ingest"):
            progress.say("ingest", "۱۲ rows", extract="operative", at="not the time")
        progress.say("warning", "unlike", level="warning")

    (start, said, done, warning, end), _ = logged(work)
    assert {"at", "run_id", "level", "stage", "text"} <= set(said)
    assert (said["run_id"], said["level"], said["stage"]) == (RUN, "info", "ingest")
    assert (said["text"], said["extract"]) == ("۱۲ rows", "operative")
    assert said["at"].endswith("+00:00")
    assert done["seconds"] >= 0
    assert done["text"] == "done"
    assert warning["level"] == "warning"
    assert (start["stage"], end["stage"], end["text"]) == ("start", "end", "in order")
    # The terminal has the line for a person.
    assert capsys.readouterr().out == "ingest       ۱۲ rows\nwarning      unlike\n"


def test_a_log_is_its_owners(logged, home):
    before = os.umask(0)
    try:
        logged(lambda log: None)
    finally:
        os.umask(before)
    assert stat.S_IMODE((home.logs / f"{RUN}.jsonl").stat().st_mode) == 0o600


def test_of_an_unexpected_error_only_type_and_place_are_written(logged):
    def work(log):
        raise ValueError("canary of a patient")

    lines, error = logged(work)
    assert isinstance(error, ValueError)
    assert lines[-1]["level"] == "error"
    assert lines[-1]["text"] == "an unexpected ValueError"
    assert any("test_run_log.py" in place for place in lines[-1]["where"])
    assert "canary" not in json.dumps(lines)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (RefreshError("the gate is closed"), "the gate is closed"),
        (Stopped(), "it was asked to stop"),
    ],
)
def test_our_own_errors_are_sentences(logged, error, said):
    def work(log):
        raise error

    lines, raised = logged(work)
    assert raised is error
    assert lines[-1]["text"] == said
    assert "where" not in lines[-1]


def test_a_log_that_is_full_takes_errors_only(home):
    log = RunLog(home.logs / f"{RUN}.jsonl", RUN, largest=400)
    for number in range(20):
        log.write("ingest", f"line {number}")
    log.write("end", "it failed", level="error")
    lines = _lines(log.path)
    assert [line["text"] for line in lines[-2:]] == [
        "the log of this run is full: only errors follow",
        "it failed",
    ]
    assert len(lines) < 8


def test_a_log_that_cannot_be_written_stops_nothing(tmp_path):
    RunLog(tmp_path / "no" / "folder" / "log.jsonl", RUN).write("ingest", "a line")


def test_old_logs_go_and_others_files_stay(home):
    # 90 days before the run, a millisecond more, and the run before.
    names = ["20251201T021500000Z", "20251201T021459999Z", "20260228T021500000Z"]
    for name in names:
        (home.logs / f"{name}.jsonl").write_text("{}\n")
    for other in ("runs.jsonl", "told.json", "notes.jsonl"):
        (home.logs / other).write_text("{}\n")
    assert rotate(home.logs, RUN, keep_days=90, keep_mb=1) == ["20251201T021459999Z.jsonl"]
    assert {path.name for path in home.logs.iterdir()} == {
        "20251201T021500000Z.jsonl",
        "20260228T021500000Z.jsonl",
        "runs.jsonl",
        "told.json",
        "notes.jsonl",
    }


def test_the_oldest_go_where_all_are_too_large(home):
    for day in range(1, 6):
        (home.logs / f"2026020{day}T021500000Z.jsonl").write_bytes(b"x" * 1000)
    assert rotate(home.logs, RUN, keep_days=90, keep_mb=0.003) == [
        "20260202T021500000Z.jsonl",
        "20260201T021500000Z.jsonl",
    ]
    assert rotate(home.logs, RUN, keep_days=90, keep_mb=0.003) == []
