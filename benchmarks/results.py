"""Measurements as CSV files, their medians, ratios and growth."""

from __future__ import annotations

import csv
import math
import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from itertools import pairwise
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
LATEST = FOLDER / "latest.csv"
RESULTS = FOLDER / "results.csv"
HISTORY = FOLDER / "history.csv"

WHOLE = "whole"
CRLM = "crlm"
SAME_STATISTICS = "crlm, same statistics"
BARE_LOAD = "bare load"
NIGHTS = ("cold", "unchanged", "1 % changed")


@dataclass(frozen=True)
class Measurement:
    """One stage of one process, or the whole of it; a row of results.csv.

    seconds: wall time; cpu_seconds: user and system, of the whole alone; peak_mb: of its largest
    process, of the whole alone. What was not measured is NaN, an empty cell in the file.
    """

    commit: str
    date: str
    cores: int
    patients: int
    rows: int
    night: str = ""
    contender: str = ""
    repeat: int = 0
    stage: str = WHOLE
    seconds: float = math.nan
    cpu_seconds: float = math.nan
    peak_mb: float = math.nan


@dataclass(frozen=True)
class Medians:
    """Medians over the repeats of one contender in one night."""

    repeats: int
    seconds: float
    cpu_seconds: float
    peak_mb: float


Case = tuple[int, str, str]
"""Patients, night, contender."""


def write(path: Path, rows: Sequence[Measurement]) -> None:
    """Write measurements as CSV, numbers to the millisecond and the tenth of a megabyte."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, [f.name for f in fields(Measurement)], lineterminator="\n")
        writer.writeheader()
        for row in rows:
            cells = asdict(row)
            for name, places in (("seconds", 3), ("cpu_seconds", 2), ("peak_mb", 1)):
                value = cells[name]
                cells[name] = "" if math.isnan(value) else f"{value:.{places}f}"
            writer.writerow(cells)


def read(path: Path) -> list[Measurement]:
    """The measurements of a file; none where there is no file."""
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Measurement(
                commit=row["commit"],
                date=row["date"],
                cores=int(row["cores"]),
                patients=int(row["patients"]),
                rows=int(row["rows"]),
                night=row["night"],
                contender=row["contender"],
                repeat=int(row["repeat"]),
                stage=row["stage"],
                seconds=_number(row["seconds"]),
                cpu_seconds=_number(row["cpu_seconds"]),
                peak_mb=_number(row["peak_mb"]),
            )
            for row in csv.DictReader(file)
        ]


def _number(cell: str) -> float:
    return float(cell) if cell else math.nan


def record(
    rows: Sequence[Measurement], disagreements: Mapping[Case, int], folder: Path = FOLDER
) -> None:
    """Keep measurements in place of those of the same sizes; add their medians to the history."""
    sizes = {row.patients for row in rows}
    kept = [row for row in read(folder / RESULTS.name) if row.patients not in sizes]
    write(folder / RESULTS.name, sorted([*kept, *rows], key=lambda row: row.patients))
    history = folder / HISTORY.name
    lines = list(history_rows(rows, disagreements))
    is_new = not history.exists()
    with history.open("a", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(lines[0]), lineterminator="\n")
        if is_new:
            writer.writeheader()
        writer.writerows(lines)


def medians(rows: Iterable[Measurement], stage: str = WHOLE) -> dict[Case, Medians]:
    """The medians of one stage, in the order in which the cases were measured."""
    cases: dict[Case, list[Measurement]] = {}
    for row in rows:
        if row.stage == stage:
            cases.setdefault((row.patients, row.night, row.contender), []).append(row)
    return {
        case: Medians(
            len(several),
            statistics.median(row.seconds for row in several),
            statistics.median(row.cpu_seconds for row in several),
            statistics.median(row.peak_mb for row in several),
        )
        for case, several in cases.items()
    }


def peer_of(found: Mapping[Case, Medians], patients: int, night: str, peer: str) -> Medians | None:
    """What a peer took for a night: it keeps nothing, so that unchanged files are a cold night."""
    return found.get((patients, "cold" if night == "unchanged" else night, peer))


def peers_in(found: Mapping[Case, Medians]) -> list[str]:
    """Everything that was measured beside this project and the bare load."""
    own = (CRLM, SAME_STATISTICS, BARE_LOAD)
    return list(dict.fromkeys(contender for *_, contender in found if contender not in own))


def history_rows(
    rows: Sequence[Measurement], disagreements: Mapping[Case, int]
) -> Iterable[dict[str, object]]:
    """A row per size, night, own contender and peer; ratios below 1 are in this project's favor."""
    found = medians(rows)
    for (patients, night, contender), own in found.items():
        if contender not in (CRLM, SAME_STATISTICS):
            continue
        for peer in peers_in(found):
            other = peer_of(found, patients, night, peer)
            if other is None:
                continue
            wrong = disagreements.get((patients, "cold" if night == "unchanged" else night, peer))
            yield {
                "commit": rows[0].commit,
                "date": rows[0].date,
                "cores": rows[0].cores,
                "patients": patients,
                "night": night,
                "contender": contender,
                "peer": peer,
                "repeats": own.repeats,
                "seconds": f"{own.seconds:.2f}",
                "peer_seconds": f"{other.seconds:.2f}",
                "ratio": f"{own.seconds / other.seconds:.3f}",
                "cpu_ratio": f"{own.cpu_seconds / other.cpu_seconds:.3f}",
                "memory_ratio": f"{own.peak_mb / other.peak_mb:.3f}",
                "agrees": "" if wrong is None else "no" if wrong else "yes",
            }


def growth(found: Mapping[Case, Medians], night: str, contender: str) -> dict[int, float]:
    """By size the exponent k of time ~ patients^k since the next smaller size measured.

    1 is proportional to the patients, 0 independent of them.
    """
    times = sorted(
        (patients, case.seconds)
        for (patients, its_night, its), case in found.items()
        if (its_night, its) == (night, contender)
    )
    return {
        patients: math.log(seconds / before) / math.log(patients / fewer)
        for (fewer, before), (patients, seconds) in pairwise(times)
    }


def summary(rows: Sequence[Measurement]) -> str:
    """The medians as lines for a terminal, with the ratios to each peer."""
    found = medians(rows)
    peers = peers_in(found)
    lines = []
    for (patients, night, contender), own in found.items():
        if contender not in (CRLM, SAME_STATISTICS):
            continue
        ratios = [
            f"{own.seconds / other.seconds:.2f} x {peer}"
            for peer in peers
            if (other := peer_of(found, patients, night, peer)) is not None
        ]
        bare = found[patients, "cold", BARE_LOAD].seconds
        lines.append(
            f"{patients:>9} patients  {night:<12} {contender:<22} {own.seconds:8.2f} s = "
            + ", ".join([*ratios, f"{own.seconds / bare:.1f} x {BARE_LOAD}"])
        )
    return "\n".join(lines)
