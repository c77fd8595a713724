"""Dates, and what is certain of them (dictionary §1.5)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from persiantools.jdatetime import JalaliDate

JALALI_YEARS = range(1300, 1431)
GREGORIAN_YEARS = range(1800, 2201)


@dataclass(frozen=True)
class Day:
    """A date known to the day, the month or the year.

    It lies from ``first`` to ``last``; ``day`` is what is taken for it.
    """

    first: date
    last: date
    day: date
    precision: str


@cache
def read_date(text: str, calendar: str, order: str) -> Day | None:
    """A normalized text as a date, None where it cannot be read."""
    text = re.sub(r" 00:00(:00)?$", "", text)
    match = re.fullmatch(r"(\d{4})(?:([-/.])(\d{1,2})(?:\2(\d{1,2}))?)?", text)
    if match:
        year, _, month, day = match.groups()
    else:
        match = re.fullmatch(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})", text)
        if not match:
            return None
        one, _, two, year = match.groups()
        day, month = (two, one) if order == "mdy" else (one, two)
    return _day(calendar, int(year), int(month) if month else None, int(day) if day else None)


def _day(calendar: str, year: int, month: int | None, day: int | None) -> Day | None:
    if year not in (JALALI_YEARS if calendar == "jalali" else GREGORIAN_YEARS):
        return None

    def at(y: int, m: int, d: int) -> date:
        if calendar == "jalali":
            return date.fromordinal(JalaliDate(y, m, d).to_gregorian().toordinal())
        return date(y, m, d)

    try:
        if month is None:
            seventh_month = at(year, 7, 1)
            return Day(at(year, 1, 1), at(year + 1, 1, 1) - timedelta(1), seventh_month, "year")
        if day is None:
            after = at(year + 1, 1, 1) if month == 12 else at(year, month + 1, 1)
            return Day(at(year, month, 1), after - timedelta(1), at(year, month, 15), "month")
        exact = at(year, month, day)
        return Day(exact, exact, exact, "day")
    except ValueError:
        return None


def months_later(day: date, months: int) -> date:
    """The same day some calendar months later; the last of the month where there is no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for number in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, number)
        except ValueError:
            continue
    raise AssertionError(day)


def years_between(earlier: date, later: date) -> int:
    """Completed years; whoever was born on 29 February turns on 1 March in common years."""
    return later.year - earlier.year - ((later.month, later.day) < (earlier.month, earlier.day))
