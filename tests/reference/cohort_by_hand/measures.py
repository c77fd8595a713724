"""Numbers as intervals (dictionary §1.3 and 1.4)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from tests.reference.cohort_by_hand.words import phrases, seed


@dataclass(frozen=True)
class Interval:
    """From ``low`` to ``high`` (None: without end); an end is open where it is not reached."""

    low: Decimal
    high: Decimal | None
    low_open: bool = False
    high_open: bool = False

    @property
    def exact(self) -> bool:
        return self.low == self.high and not self.low_open and not self.high_open

    def below(self, limit: int) -> bool:
        """Whether all of it is less than the limit."""
        if self.high is None:
            return False
        return self.high < limit or (self.high == limit and self.high_open)

    def at_most(self, limit: int) -> bool:
        return self.high is not None and self.high <= limit

    def at_least(self, limit: int) -> bool:
        return self.low >= limit

    def above(self, limit: int) -> bool:
        return self.low > limit or (self.low == limit and self.low_open)

    def scaled(self, factor: Decimal) -> Interval:
        high = None if self.high is None else self.high * factor
        return Interval(self.low * factor, high, self.low_open, self.high_open)

    def whole(self) -> Interval:
        """The whole numbers in it."""
        low = self.low + 1 if self.low_open else self.low
        high = self.high - 1 if self.high is not None and self.high_open else self.high
        return Interval(low, high)


ANY = Interval(Decimal(0), None)


def exactly(number: Decimal | int) -> Interval:
    return Interval(Decimal(number), Decimal(number))


def smallest(intervals: list[Interval]) -> Interval:
    """Where the smallest of several unknown numbers lies."""
    low = min(intervals, key=lambda i: (i.low, i.low_open))
    ends = [i for i in intervals if i.high is not None]
    high = min(ends, key=lambda i: (i.high, not i.high_open)) if ends else None
    return Interval(
        low.low, high.high if high else None, low.low_open, high.high_open if high else False
    )


def largest(intervals: list[Interval]) -> Interval:
    low = max(intervals, key=lambda i: (i.low, i.low_open))
    if any(i.high is None for i in intervals):
        return Interval(low.low, None, low.low_open)
    high = max(intervals, key=lambda i: (i.high, not i.high_open))
    return Interval(low.low, high.high, low.low_open, high.high_open)


def common(intervals: list[Interval]) -> Interval:
    """What all of them allow."""
    low = max(intervals, key=lambda i: (i.low, i.low_open))
    ends = [i for i in intervals if i.high is not None]
    high = min(ends, key=lambda i: (i.high, not i.high_open)) if ends else low
    return Interval(low.low, high.high, low.low_open, high.high_open)


def total(intervals: list[Interval]) -> Interval:
    low = sum((i.low for i in intervals), Decimal(0))
    if any(i.high is None for i in intervals):
        return Interval(low, None)
    return Interval(low, sum((i.high for i in intervals if i.high is not None), Decimal(0)))


NUMBER = r"(\d+(?:[.,]\d+)?|[.,]\d+)"
UNITS = {
    "mm": Decimal(1),
    "میلی متر": Decimal(1),
    "cm": Decimal(10),
    "سانتی متر": Decimal(10),
    "%": Decimal(1),
    "percent": Decimal(1),
    "درصد": Decimal(1),
    "ng/ml": Decimal(1),
    "μg/l": Decimal(1),
    "years": Decimal(1),
    "y": Decimal(1),
    "ساله": Decimal(1),
}
UNIT = "(?: ?(" + "|".join(re.escape(unit) for unit in UNITS) + r"))?"
UNITS_OF = {
    "length": ("mm", "میلی متر", "cm", "سانتی متر"),
    "percent": ("%", "percent", "درصد"),
    "cea": ("ng/ml", "μg/l"),
    "age": ("years", "y", "ساله"),
    "count": (),
}

BELOW = r"(?:< ?|less than |کمتر از )"
AT_MOST = r"(?:<= ?|≤ ?|=< ?|within |up to |not more than )"
ABOVE = r"(?:> ?|more than |بیشتر از )"
AT_LEAST = r"(?:>= ?|≥ ?|at least |not less than )"
FORMS = [
    ("product", f"{NUMBER} ?x ?{NUMBER}(?: ?x ?{NUMBER})?{UNIT}"),
    ("range", f"{NUMBER}(?: ?- ?| to ){NUMBER}{UNIT}"),
    ("range", f"between {NUMBER} and {NUMBER}{UNIT}"),
    ("at_most", f"{AT_MOST}{NUMBER}{UNIT}"),
    ("at_least", f"{AT_LEAST}{NUMBER}{UNIT}"),
    ("below", f"{BELOW}{NUMBER}{UNIT}"),
    ("above", f"{ABOVE}{NUMBER}{UNIT}"),
    ("at_least", f"{NUMBER}{UNIT} ?(?:\\+|or more)"),
    ("at_most", f"{NUMBER}{UNIT} or less"),
    ("exact", f"{NUMBER}{UNIT}"),
]


# Dictionary §1.3: "~5" and "about 5" are taken as 5.
ABOUT = ["about", "approximately", "approx", "around", "~", "حدود", "حدودا", "تقریبا"]
STEATOSIS = ["steatosis", "macrovesicular steatosis", "fatty change", "of hepatocytes", "استئاتوز"]


@cache
def _labels(kind: str) -> list[str]:
    """Words beside a number that do not change it, the longest first."""
    kinds = {"length": ("any", "length"), "count": ("any", "count", "noun"), "cea": ("any",)}
    wanted = {"percent": ("any", "steatosis"), "age": ("any",), "margin": ("any",)} | kinds
    labels = [r["phrase"] for r in seed("measure_labels") if r["value"] in wanted[kind]]
    labels += ABOUT + (STEATOSIS if kind == "percent" else [])
    if kind == "margin":
        labels += [p for p, entry in phrases("margin_phrases").items() if entry.value == "label"]
    return sorted(labels, key=len, reverse=True)


@cache
def without_labels(text: str, kind: str) -> str:
    """The text without the words in front of a number and behind it."""
    again = True
    while again:
        again = False
        for label in _labels(kind):
            glue = "" if label == "~" else "[ :]"
            shorter = re.sub(f"^{re.escape(label)}{glue} ?", "", text)
            shorter = re.sub(f" {re.escape(label)}$", "", shorter).strip()
            if shorter != text:
                text, again = shorter, True
    return text


@cache
def read_measure(text: str, kind: str, unit: str | None) -> Interval | None:
    """A normalized text as one measurement (lengths in mm), None where it is none.

    ``unit`` is taken where the text names none; "" for fields without a unit.
    """
    body = without_labels(text.rstrip(" ;."), kind)
    of_kind = UNITS_OF["length" if kind == "margin" else kind]
    for form, pattern in FORMS:
        match = re.fullmatch(pattern, body)
        if not match:
            continue
        *numbers, named = match.groups()
        if named is not None and named not in of_kind:
            return None
        if named is None and unit is None:
            return None
        values = [Decimal(n.replace(",", ".")) for n in numbers if n is not None]
        factor = UNITS[named or unit] if (named or unit) else Decimal(1)
        return _interval(form, values, factor)
    return None


def _interval(form: str, values: list[Decimal], factor: Decimal) -> Interval | None:
    first = values[0]
    if form == "product":
        return exactly(max(values)).scaled(factor)
    if form == "range":
        return Interval(first, values[1]).scaled(factor) if first <= values[1] else None
    found = {
        "exact": exactly(first),
        "below": Interval(Decimal(0), first, high_open=True),
        "at_most": Interval(Decimal(0), first),
        "above": Interval(first, None, low_open=True),
        "at_least": Interval(first, None),
    }[form]
    return found.scaled(factor)
