"""The published figures, as ``published.csv`` holds them."""

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path

FILE = Path(__file__).parent / "published.csv"


@cache
def figures() -> Mapping[tuple[str, str, str, str, str], str]:
    """Table, variable, level, statistic and month → the figure as printed, or as corrected."""
    with FILE.open(encoding="utf-8", newline="") as handle:
        return {
            (
                row["table"],
                row["variable"],
                row["level"],
                row["statistic"],
                row["at_months"],
            ): row["corrected"] or row["printed"]
            for row in csv.DictReader(handle)
        }


def count(variable: str, level: str) -> int:
    """How many patients Table 1 has at a level."""
    return int(figures()["table_one", variable, level, "count", ""])


def window(
    table: str, variable: str, level: str, statistic: str, at_months: str = ""
) -> tuple[float, float] | None:
    """The numbers that print as the published figure; None where none is published."""
    text = figures().get((table, variable, level, statistic, at_months))
    if text is None:
        return None
    half = 0.5 * 10.0 ** -len(text.partition(".")[2])
    return float(text) - half, float(text) + half
