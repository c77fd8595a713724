"""The latent cohort: what is true of each SYNTHETIC patient, before any hospital writes it down.

``latent_cohort_synthetic.csv`` has a row per patient: the value of every variable of the published
tables, blank where it is unknown. ``anneal`` makes it.
"""

import csv
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from examples.published_series.draws import Column, column

FILE = Path(__file__).parent / "latent_cohort_synthetic.csv"


@cache
def read() -> Mapping[str, Column]:
    """The columns of the file; words as texts, None where blank."""
    with FILE.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    return {name: column([row[name] or None for row in rows]) for name in rows[0]}


def write(columns: Mapping[str, Sequence[str]]) -> None:
    """Write the file again."""
    with FILE.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(zip(*columns.values(), strict=True))
