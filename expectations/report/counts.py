"""Counts and percents in words, with or without the protection of small counts.

Inside the hospital counts are exact. In what leaves it a count of 1 to 4 is shown as "<5" and every
other count is cut to a multiple of 5, so that a small count follows from no difference either: of
a total shown as T and its other part shown as R the rest is between T − R − 4 and T − R + 4, and
where it is small, T − R is 0 or 5 and each of 1 to 4 is possible. Percents, and what is drawn, are
made of the counts as they are shown.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

SMALLEST_SHOWN = 5
NOTHING = "–"


@dataclass(frozen=True)
class Counts:
    """How counts of patients and of their rows are written; ``external``: for outside the
    hospital."""

    external: bool = False

    def shown(self, count: int) -> int | None:
        """The count as it may be shown, None where it is too small."""
        if not self.external or count == 0:
            return count
        if count < SMALLEST_SHOWN:
            return None
        return cut_to_five(count)

    def text(self, count: int | None) -> str:
        """`1,234`; "<5" for what may not be shown, "–" for what nobody counted."""
        if count is None:
            return NOTHING
        shown = self.shown(count)
        return f"<{SMALLEST_SHOWN}" if shown is None else f"{shown:,}"

    def percent(self, part: int | None, whole: int | None) -> str:
        """`26.3%`; never 0.0% or 100.0% where a single case says otherwise."""
        if part is None or not whole:
            return NOTHING
        if not self.external:
            return percent_text(part, whole)
        shown_whole = self.shown(whole)
        if shown_whole is None:
            return NOTHING
        shown_part, shown_rest = self.shown(part), self.shown(whole - part)
        if shown_part is None or shown_rest is None:
            bound = 100 * SMALLEST_SHOWN / shown_whole
            # Where both are small, or the whole is, the bound would say nothing.
            if bound >= 100 or (shown_part is None and shown_rest is None):
                return NOTHING
            if shown_part is None:
                return f"<{math.ceil(10 * bound) / 10:g}%"
            return f">{math.floor(10 * (100 - bound)) / 10:g}%"
        return f"{100 * shown_part / shown_whole:.0f}%"

    def of(self, part: int | None, whole: int | None) -> str:
        """`63 of 240 (26.3%)`: the percent never stands alone."""
        percent = self.percent(part, whole)
        beside = "" if percent == NOTHING else f" ({percent})"
        return f"{self.text(part)} of {self.text(whole)}{beside}"

    def drawn(self, part: int, whole: int) -> float | None:
        """The percent to draw, None where it may not be shown."""
        if not whole:
            return None
        if not self.external:
            return 100 * part / whole
        shown_part, shown_whole = self.shown(part), self.shown(whole)
        if shown_part is None or shown_whole is None or self.shown(whole - part) is None:
            return None
        return float(round(100 * shown_part / shown_whole))

    def points(self, now: tuple[int, int], then: tuple[int, int] | None) -> str:
        """The change between two shares (part, whole): `+1.2 points`."""
        after = self.drawn(*now)
        before = None if then is None else self.drawn(*then)
        if after is None or before is None:
            return NOTHING
        change = after - before
        if change == 0:
            return "no change"
        digits = 0 if self.external else 1
        size = f"{abs(change):.{digits}f}"
        sign = "+" if change > 0 else "−"
        return f"{sign}{'<0.1' if float(size) == 0 else size} points"


def percent_text(part: int, whole: int) -> str:
    """`26.3%` of exact counts; <0.1% for a single case of many, >99.9% for all but one."""
    percent = 100 * part / whole
    if part and percent < 0.05:
        return "<0.1%"
    if part < whole and percent >= 99.95:
        return ">99.9%"
    return f"{percent:.1f}%"


def cut_to_five(count: int) -> int:
    return SMALLEST_SHOWN * (count // SMALLEST_SHOWN)
