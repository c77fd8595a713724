"""Numbers with a unit: the age at the operation, CEA, and the time since the operation."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise

from reading.common import Reading
from reading.lexicon import Lexeme
from reading.measures import UNITS, Measure
from reading.sentence import parts_of
from reading.settings import Settings

YEAR = UNITS["year"][1]
# Ages of patients, in years; a number beyond is of something else.
YOUNGEST, OLDEST = 15, 105
# A number as long is no CEA but of something else (a telephone, a record).
NO_CEA = 10**8
# "3 of 5".
OF_ALL_POINTS = re.compile(r" ?(?:/|of|out of|از) ?5\b")
# Without a thousands mark "1,234" is 1.234.
DECIMAL_COMMA = re.compile(r"(?<![\d.,])(\d+),(\d{3})(?![\d.,])")
MARKS = {",", "(", ")", ":", ".", "#", "[", "]"}
# How many of a unit are less than one of the next: "1 year 18 months" is a slip.
MOST_BEHIND = {"month": 12, "week": 5, "day": 31}
DAYS_BEHIND_YEARS = 366
# Units as a registry names them, where it is not one of UNITS or its plural.
SAME = {"ug/l": "ng/ml", "µg/l": "ng/ml", "μg/l": "ng/ml", "mcg/l": "ng/ml"}
# "D90", "M12".
SHORT = re.compile(r"^([dmy]) ?(\d{1,4})$")
SHORT_UNITS = {"d": "days", "m": "months", "y": "years"}


def _unit_named(name: str | None, otherwise: str) -> str:
    """The unit of a bare number: as the registry names it, else the usual one of the field."""
    unit = (name or otherwise).lower()
    return SAME.get(unit, unit.removesuffix("s"))


def quantity_of(field: str, text: str, base: str, unit: str) -> Measure | None:
    """The one quantity of a text in `base`, a bare number taken in `unit`; none where in doubt.

    Parts of falling units are added ("1 year 6 months", "a year and a half").
    """
    parts = parts_of(text, field)
    if not _is_plain(parts):
        return None
    plain = _without_reference(parts)
    measures = [part for part in plain if isinstance(part, Measure)]
    bare_units = [p.value for p in plain if isinstance(p, Lexeme) and p.kind == "unit"]
    if not measures or len(bare_units) > (0 if measures[0].written else 1):
        return None
    if any(measure.is_product for measure in measures):
        return None
    first = measures[0].in_unit(bare_units[0] if bare_units else unit)
    if first is None or first.unit != base:
        return None
    is_half = any(isinstance(p, Lexeme) and p.value == "half" for p in plain)
    return _added(first, measures, is_half, field == "age_at_operation")


def _is_plain(parts: Sequence[Lexeme | Measure]) -> bool:
    """Nothing but the quantity, marks, and words that change nothing."""
    for at, part in enumerate(parts):
        if isinstance(part, Measure) or part.kind in ("fill", "unit", "concept"):
            continue
        if part.kind == "join":
            # "12 and 15" is two, "1 year and 3 months" one: the sum decides.
            if part.value == "or":
                return False
            continue
        if part.kind == "mark" and (part.value in MARKS or (part.value == "-" and at > 0)):
            continue
        if part.kind == "compare" and part.value in ("about", "to"):
            continue
        return False
    return True


def _without_reference(parts: Sequence[Lexeme | Measure]) -> list[Lexeme | Measure]:
    """Without the normal range that a laboratory prints behind its value: "(ref <5)"."""
    kept: list[Lexeme | Measure] = []
    for part in parts:
        is_reference = isinstance(part, Lexeme) and part.value == "reference"
        if is_reference and any(isinstance(before, Measure) for before in kept):
            break
        kept.append(part)
    return kept


def _added(
    first: Measure, measures: Sequence[Measure], is_half: bool, is_age: bool
) -> Measure | None:
    """The first quantity with those behind it added, which have ever smaller units."""
    units = [measure.written for measure in measures]
    order = ["year", "month", "week", "day"]
    more = Decimal(0)
    for before, measure in pairwise(measures):
        if before.written not in order or measure.written not in order:
            return None
        is_next = order.index(before.written) < order.index(measure.written)
        number = (measure.low or Decimal(0)) / UNITS[measure.written][1]
        most = 0
        if is_next:
            most = 7 if before.written == "week" else MOST_BEHIND[measure.written]
        if is_age and (before.written, measure.written) == ("year", "day"):
            # "64 y 364 d".
            most = DAYS_BEHIND_YEARS
        if measure.low != measure.high or number >= most or not _is_whole(before):
            return None
        more += measure.low or Decimal(0)
    if is_half:
        if not units[-1]:
            return None
        more += UNITS[units[-1]][1] / 2
    if more and first.low != first.high and None not in (first.low, first.high):
        # "Less than 1 year 6 months" is a bound still, "1-2 years 3 months" nobody knows.
        if first.low != 0:
            return None
        return Measure(first.low, _sum(first.high, more), high_is_open=first.high_is_open)
    return Measure(
        _sum(first.low, more), _sum(first.high, more), first.low_is_open, first.high_is_open
    )


def _sum(end: Decimal | None, more: Decimal) -> Decimal | None:
    return None if end is None else end + more


def _is_whole(measure: Measure) -> bool:
    """Whether the number, in its own unit, has no fraction: "1.5 years 3 months" is a slip."""
    factor = UNITS[measure.written][1]
    return all(
        end is None or (end / factor) == (end / factor).to_integral_value()
        for end in (measure.low, measure.high)
    )


def read_age(field: str, text: str, settings: Settings) -> Reading | None:
    """The age in years; months behind it do not count."""
    found = quantity_of(field, text, "day", _unit_named(settings.unit, "year"))
    if found is None:
        return None
    parts = parts_of(text, field)
    measures = [part for part in parts if isinstance(part, Measure)]
    if measures[0].written not in ("", "year"):
        return None
    if len(measures) > 1 and found.low != found.high:
        return None
    low, high = (None if end is None else end / YEAR for end in (found.low, found.high))
    if len(measures) > 1 and low is not None:
        low = high = Decimal(int(low))
    if high is not None and (high <= YOUNGEST if found.high_is_open else high < YOUNGEST):
        return None
    if any(end is not None and end > OLDEST for end in (low, high)):
        return None
    if found.low_is_open and low == OLDEST:
        return None
    return Reading(measure=Measure(low, high, found.low_is_open, found.high_is_open))


def read_cea(field: str, text: str, settings: Settings) -> Reading | None:
    """CEA in ng/mL."""
    plain = DECIMAL_COMMA.sub(r"\1.\2", text)
    found = quantity_of(field, plain, "ng/ml", _unit_named(settings.unit, "ng/ml"))
    if found is None or any(end is not None and end >= NO_CEA for end in (found.low, found.high)):
        return None
    return Reading(measure=found)


def read_time(field: str, text: str, settings: Settings) -> Reading | None:
    """The days since the operation; a bare number needs a unit of the extract."""
    text = SHORT.sub(lambda match: f"{match[2]} {SHORT_UNITS[match[1]]}", text)
    unit = _unit_named(settings.unit, "")
    found = quantity_of(field, text, "day", unit)
    if found is None:
        return None
    factor = settings.days_per_month / UNITS["month"][1]
    if factor != 1:
        measures = [part for part in parts_of(text, field) if isinstance(part, Measure)]
        are_of_months = {(m.written or unit) in ("month", "year") for m in measures}
        if len(are_of_months) != 1:
            # "1 month 3 days", of months of another length.
            return None
        factor = factor if are_of_months.pop() else Decimal(1)
    low, high = (
        None if end is None else (end * factor).quantize(Decimal(1), ROUND_HALF_UP)
        for end in (found.low, found.high)
    )
    return Reading(measure=Measure(low, high, found.low_is_open, found.high_is_open))


def read_age_at_diagnosis(field: str, text: str, settings: Settings) -> Reading | None:
    """The age in years, in the words of the age at operation."""
    return read_age("age_at_operation", text, settings)


def read_risk_score(field: str, text: str, settings: Settings) -> Reading | None:
    """The points of the clinical risk score, of which there are five at most ("CRS 3/5")."""
    parts = parts_of(OF_ALL_POINTS.sub("", text), field)
    measures = [part for part in parts if isinstance(part, Measure)]
    if len(measures) != 1 or not _is_plain(parts):
        return None
    points = measures[0]
    ends = [end for end in (points.low, points.high) if end is not None]
    if points.written or points.is_product or any(end != int(end) for end in ends):
        return None
    low = points.low if not points.low_is_open else (points.low or Decimal(0)) + 1
    high = points.high if not points.high_is_open else (points.high or Decimal(0)) - 1
    return Reading(measure=Measure(low, high))


READERS = {
    "age_at_diagnosis": read_age_at_diagnosis,
    "clinical_risk_score": read_risk_score,
    "age_at_operation": read_age,
    "cea_ng_ml": read_cea,
    "time_since_operation": read_time,
}
