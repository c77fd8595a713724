"""What a command takes, the medians and ratios of it, and the page that shows them."""

from __future__ import annotations

import csv
import math
import sys
from dataclasses import replace

import pytest

from benchmarks import report, results
from benchmarks.measure import CommandError, measure
from benchmarks.results import BARE_LOAD, CRLM, WHOLE, Measurement
from benchmarks.run import stages_in

PEER = "a peer"
STAMP = Measurement("abc1234", "2026-01-31", 2, patients=100, rows=480)


def measured(patients: int, night: str, contender: str, *seconds: float) -> list[Measurement]:
    return [
        replace(
            *(STAMP,),
            patients=patients,
            night=night,
            contender=contender,
            repeat=repeat,
            seconds=s,
            cpu_seconds=s,
            peak_mb=100 * s,
        )
        for repeat, s in enumerate(seconds)
    ]


def a_run() -> list[Measurement]:
    rows = []
    for patients, factor in ((100, 1.0), (10_000, 10.0)):
        rows += measured(patients, "cold", BARE_LOAD, 0.5 * factor)
        rows += measured(patients, "cold", CRLM, 3 * factor, 40 * factor, 4 * factor)
        rows += measured(patients, "cold", PEER, 8 * factor)
        rows += measured(patients, "unchanged", CRLM, 2 * factor)
    transform = measured(100, "cold", CRLM, 1.0, 3.0)
    return rows + [
        replace(row, stage="transform", cpu_seconds=math.nan, peak_mb=math.nan) for row in transform
    ]


def test_a_command_is_measured_with_the_processes_it_waits_for(tmp_path):
    burn = "import time\nwhile time.process_time() < 0.4: pass"
    hold = "held = bytearray(150_000_000)"
    script = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {burn!r}]); {hold}"
    usage = measure([sys.executable, "-c", f"{script}; print('done')"], tmp_path)
    assert usage.output == "done\n"
    assert usage.cpu_seconds >= 0.4
    assert usage.seconds >= 0.4
    assert 140 < usage.peak_mb < 400


def test_memory_is_that_of_this_command_alone(tmp_path):
    held_here = bytearray(b"x" * 150_000_000)
    measure([sys.executable, "-c", "held = bytearray(150_000_000)"], tmp_path)
    assert measure([sys.executable, "-c", "pass"], tmp_path).peak_mb < 60
    assert len(held_here) == 150_000_000


def test_a_command_that_is_not_there_says_so(tmp_path):
    with pytest.raises(
        CommandError, match="no_such_command could not be started:\nno_such_command: No such"
    ):
        measure(["no_such_command"], tmp_path)


def test_a_command_that_fails_says_how_it_ended_and_what_it_said(tmp_path):
    with pytest.raises(CommandError, match=r"(?s)ended with 3:.*no such thing"):
        measure([sys.executable, "-c", "import sys; print('no such thing'); sys.exit(3)"], tmp_path)


def test_a_command_that_is_killed_is_no_measurement(tmp_path):
    kill = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"
    with pytest.raises(CommandError, match="ended with -9"):
        measure([sys.executable, "-c", kill], tmp_path)


@pytest.mark.parametrize(
    ("output", "stages"),
    [
        ('{"stage": "ingest"}\n{"stage": "done", "seconds": {"ingest": 1.5}}', {"ingest": 1.5}),
        ('{"stage": "check", "text": "nothing changed"}\n', {}),
        ('{"cohort": 2, "Cox models": 0.5}', {"cohort": 2.0, "Cox models": 0.5}),
        ("", {}),
    ],
)
def test_stages_are_read_from_the_last_line(output, stages):
    assert stages_in(output) == stages


def test_the_median_of_the_repeats_counts():
    own = results.medians(a_run())[100, "cold", CRLM]
    assert (own.repeats, own.seconds, own.peak_mb) == (3, 4, 400)


def test_unchanged_files_are_a_cold_night_for_a_peer():
    found = results.medians(a_run())
    peer = results.peer_of(found, 100, "unchanged", PEER)
    assert peer is not None
    assert peer.seconds == 8
    assert results.peer_of(found, 100, "1 % changed", PEER) is None


def test_growth_is_the_exponent_between_sizes():
    found = results.medians(a_run())
    assert results.growth(found, "cold", CRLM) == {10_000: pytest.approx(0.5)}
    assert results.growth(found, "1 % changed", CRLM) == {}


def test_measurements_survive_the_file(tmp_path):
    rows = a_run()
    results.write(tmp_path / "results.csv", rows)
    again = results.read(tmp_path / "results.csv")
    assert [str(row) for row in again] == [str(row) for row in rows]
    assert results.read(tmp_path / "none.csv") == []


def test_a_record_replaces_its_sizes_and_the_history_keeps_every_one(tmp_path):
    results.record(a_run(), {(100, "cold", PEER): 2, (10_000, "cold", PEER): 0}, tmp_path)
    later = [replace(row, commit="def5678") for row in a_run() if row.patients == 100]
    results.record(later, {}, tmp_path)

    kept = results.read(tmp_path / "results.csv")
    assert {(row.patients, row.commit) for row in kept} == {(100, "def5678"), (10_000, "abc1234")}
    with (tmp_path / "history.csv").open(encoding="utf-8", newline="") as file:
        history = list(csv.DictReader(file))
    assert [(row["commit"], row["patients"], row["night"], row["agrees"]) for row in history] == [
        ("abc1234", "100", "cold", "no"),
        ("abc1234", "100", "unchanged", "no"),
        ("abc1234", "10000", "cold", "yes"),
        ("abc1234", "10000", "unchanged", "yes"),
        ("def5678", "100", "cold", ""),
        ("def5678", "100", "unchanged", ""),
    ]
    assert (history[0]["seconds"], history[0]["peer_seconds"], history[0]["ratio"]) == (
        "4.00",
        "8.00",
        "0.500",
    )


def test_the_page_gets_its_tables_and_keeps_its_words():
    names = ["measured", "ratios", "nights", "stages", "steps of the peers", "growth"]
    page = "".join(
        f"Before {n}.\n<!-- {n} -->\nWhat was here.\n<!-- end of {n} -->\n" for n in names
    )
    once = report.filled(page, report.tables(a_run()))
    assert once == report.filled(once, report.tables(a_run()))
    assert "What was here" not in once
    assert all(f"Before {name}." in once for name in names)
    assert "| 100 | cold | crlm | 0.50 | 8.00 | 0.50 |" in once
    assert "| cold | crlm | 0.50 |" in once
    assert "| transform | 2.00 |" in once
    assert "| a peer | whole | 8.00 | 80 |" in once
    assert "](performance.svg)" in once


def test_a_page_without_a_marker_is_refused():
    with pytest.raises(ValueError, match="lacks the markers <!-- growth -->"):
        report.filled("<!-- growth -->\n", {"growth": "table"})


def test_the_page_of_the_project_has_every_marker():
    report.filled(report.PAGE.read_text(encoding="utf-8"), report.tables(a_run()))


def test_the_figure_is_the_same_to_the_byte(tmp_path):
    report.draw(a_run(), tmp_path / "one.svg")
    report.draw(a_run(), tmp_path / "two.svg")
    text = (tmp_path / "one.svg").read_bytes()
    assert text == (tmp_path / "two.svg").read_bytes()
    assert PEER.encode() in text


def test_one_size_alone_has_no_growth():
    alone = [row for row in a_run() if row.patients == 100 and row.stage == WHOLE]
    assert report.tables(alone)["growth"] == "Measured at one size alone."
