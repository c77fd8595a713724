"""Words that are cut short in notes, written out: "steat. 10 %", "viab. tum 15 %", "mgn 8 mm".

The list has those that no field takes for another word. The point behind one that leads to the next
word ends no sentence; behind another it may, unless an answer or a number follows.
"""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path

LIST = Path(__file__).with_name("abbreviations.csv")
ANSWER = (
    r"(?= ?(?:[\d<>~=:+-]|(?:none|nil|no|absent|mild|mod|severe|free|neg|pos|clear|involved)\b))"
)


@cache
def _listed() -> tuple[dict[str, str], re.Pattern[str]]:
    """The full word of each, and the pattern that finds them with their points."""
    with LIST.open(encoding="utf-8") as handle:
        rows = list(csv.DictReader(handle))
    leading = "|".join(row["short"] for row in rows if row["leads"])
    listed = "|".join(row["short"] for row in rows)
    pattern = rf"\b(?:(?P<leading>{leading})\b\.?|(?P<other>{listed})\b(?:\.{ANSWER})?)"
    return {row["short"]: row["full"] for row in rows}, re.compile(pattern)


def written_out(text: str) -> str:
    """A normalized text without abbreviations of the list."""
    full, pattern = _listed()
    plain = pattern.sub(lambda found: full[found["leading"] or found["other"]] + " ", text)
    return " ".join(plain.split())
