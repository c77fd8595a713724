"""The extracts as files: all at once, or night by night, for any number of patients.

Patients are made in blocks of fixed size, so that memory does not grow with their number.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, Literal

import numpy as np

from examples.published_series.cohort import LAST_CONTACT, draw_cohort
from examples.published_series.draws import Mask
from examples.published_series.extracts import FILES, Extracts, build, csv_bytes
from examples.published_series.tables import ENTERED, Table
from examples.published_series.targets import PATIENTS

Delivery = Literal["snapshot", "delta"]

BLOCK: Final = 80 * PATIENTS
NUMBERS_PER_BLOCK: Final = 2 * BLOCK
DAYS_PER_NIGHT: Final = 30
"""Each night brings what was written down in a month, or the last nights would bring nothing."""
LATE_FIELD: Final = "LVI"
LATE_SHARE: Final = 20
LATE_NIGHTS: Final = 2
"""Of one report in twenty the field is blank at first and filled in two nights later."""


def blocks(patients: int, seed: int) -> Iterator[Extracts]:
    """Extracts of at most ``BLOCK`` patients each, which share no number."""
    for block, start in enumerate(range(0, patients, BLOCK)):
        own = seed + 1_000_003 * block
        cohort = draw_cohort(min(BLOCK, patients - start), own)
        yield build(cohort, own, numbers_from=block * NUMBERS_PER_BLOCK)


def write(folder: Path, patients: int, seed: int) -> list[Path]:
    """Write the three files into an existing or new folder and return their paths."""
    return _write([(folder, None)], blocks(patients, seed))


def write_nights(
    folder: Path, patients: int, seed: int, nights: int, delivery: Delivery
) -> list[Path]:
    """Write a folder ``night_01``, ``night_02``, … with the three files each.

    A snapshot holds everything written down by then, a delta what is new since the night before
    and what was completed. The last snapshot is what ``write`` writes.
    """
    night = _Night(nights, delivery)
    width = max(2, len(str(nights)))
    folders = [(folder / f"night_{n:0{width}d}", n) for n in range(1, nights + 1)]
    return _write(folders, blocks(patients, seed), night)


class _Night:
    """Which rows a night brings, and in which state."""

    def __init__(self, nights: int, delivery: Delivery) -> None:
        self.last, self.delivery = nights, delivery

    def rows(self, name: str, table: Table, night: int) -> Table:
        entered = table.columns[ENTERED].astype(np.int64)
        late = self._late(name, table)
        by_now = entered <= self._end(night)
        open_still = late & (entered > self._end(night - LATE_NIGHTS)) & (night < self.last)
        chosen = by_now
        if self.delivery == "delta":
            completed = late & by_now & (entered > self._end(night - LATE_NIGHTS - 1)) & ~open_still
            chosen = by_now & ((entered > self._end(night - 1)) | completed)
        rows = table.take(chosen)
        if name.startswith("pathology"):
            rows.columns[LATE_FIELD][open_still[chosen]] = ""
        return rows

    def _end(self, night: int) -> int:
        """The last day that a night knows of; before the first nothing is known."""
        if night < 1:
            return int(np.iinfo(np.int64).min)
        last = int(LAST_CONTACT.astype(np.int64))
        return last - DAYS_PER_NIGHT * (self.last - night)

    def _late(self, name: str, table: Table) -> Mask:
        if not name.startswith("pathology"):
            return np.zeros(len(table), dtype=bool)
        return np.asarray(table.columns["_patient"].astype(np.int64) % LATE_SHARE == 0)


def _write(
    folders: Sequence[tuple[Path, int | None]],
    source: Iterator[Extracts],
    nights: _Night | None = None,
) -> list[Path]:
    paths = []
    for folder, _ in folders:
        folder.mkdir(parents=True, exist_ok=True)
        paths += [folder / name for name in FILES]
    for number, extracts in enumerate(source):
        for name, table in extracts.tables.items():
            for folder, night in folders:
                rows = table if nights is None or night is None else nights.rows(name, table, night)
                with (folder / name).open("ab" if number else "wb") as handle:
                    handle.write(csv_bytes(name, rows, with_header=number == 0))
    return paths
