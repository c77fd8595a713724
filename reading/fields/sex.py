"""The sex of the patient, with whom an age may be told."""

from __future__ import annotations

from reading.common import Reading, is_understood, loose_of, mentions_of
from reading.fields.numbers import OLDEST, YOUNGEST
from reading.measures import UNITS, Measure
from reading.sentence import statements_of
from reading.settings import Settings


def read_sex(field: str, text: str, settings: Settings) -> Reading | None:
    """Female or male; both beside each other contradict, "male or female" is a form."""
    statements = statements_of(text, field)
    mentions = mentions_of(statements)
    if any(statement.is_turned or statement.is_elsewhere for statement in statements):
        return None
    if loose_of(statements) - {"yes"} or any(m.said not in ("", "yes") for m in mentions):
        return None
    if any(m.is_either for m in mentions) and len({m.concept for m in mentions}) > 1:
        return None
    for statement in statements:
        for _, measure in statement.measures:
            if not _is_age(measure):
                return None
    if any(statement.unknown for statement in statements) or not is_understood(statements):
        return None
    named = {m.concept for m in mentions}
    if len(named) > 1:
        return Reading(missing_reason="conflicting")
    return Reading(named.pop()) if named else None


def _is_age(measure: Measure) -> bool:
    """Whether a number beside the sex is an age; any other may be a code."""
    if measure.low is None or not measure.is_exact or measure.written not in ("", "year"):
        return False
    years = measure.low / UNITS["year"][1] if measure.written else measure.low
    return YOUNGEST <= years <= OLDEST


READERS = {"sex": read_sex}
