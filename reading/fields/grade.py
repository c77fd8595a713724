"""Grade of the tumor: of several the worst."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from reading.common import (
    BARE,
    Reading,
    is_understood_with_numbers,
    loose_of,
    mentions_of,
    read_inapplicable,
)
from reading.measures import Measure
from reading.sentence import Mention, Statement, statements_of
from reading.settings import Settings

GRADES = {"well": 1, "moderate": 2, "poor": 3}
NAMES = {1: "well", 2: "moderate", 3: "poor", 4: "poor"}
# "G2/4", "2 of 4": the third and the fourth are poor alike, so the first two are what they are.
OF_FOUR = re.compile(
    r"(?<![\w/.-])(?:g(?:rade)? ?|گرید ?)?(i{1,3}|iv|[1-4]) ?"
    r"(?:/ ?|\(? ?(?:out )?of ?|\(? ?از ?)(?:4|iv|four)\)?(?![\w/.-])"
)
# "Mod/poor": both.
BETWEEN = re.compile(
    r"\b(well|mod(?:\.|erate(?:ly)?)?) ?/ ?(mod(?:\.|erate(?:ly)?)?|poor(?:ly)?)\b"
)


def read_grade(field: str, text: str, settings: Settings) -> Reading | None:
    """The worst grade that is named; "low grade" alone is imprecise."""
    text = BETWEEN.sub(r"\1 to \2", OF_FOUR.sub(r"grade \1 ", text))
    statements = statements_of(text, field)
    if not is_understood_with_numbers(statements):
        return None
    mentions = mentions_of(statements)
    if any(m.concept == "inapplicable" for m in mentions):
        return read_inapplicable(statements, "grade")
    if any(m.said == "no" for m in mentions):
        return None
    found: set[int] = set()
    is_open = "unassessable" in loose_of(statements)
    is_low = False
    in_full = {m.concept for m in mentions} & GRADES.keys()
    for statement in statements:
        named = _named(statement, in_full)
        numbers = _numbers(statement, named)
        if named is None or numbers is None:
            return None
        found |= named | numbers
        for mention in statement.mentions:
            is_left_open = mention.said == "unassessable"
            is_open |= is_left_open or mention.concept == "ungraded"
            is_low |= mention.concept == "low" and not is_left_open
    if loose_of(statements) - {"yes", "doubt", "unassessable"}:
        return None
    if any(m.said in ("unstated", "twice") for m in mentions):
        return None
    worst = max(found, default=0)
    is_doubted = any(m.said == "doubt" for m in mentions) or "doubt" in loose_of(statements)
    if is_doubted:
        return Reading(missing_reason="not_assessable")
    if worst >= GRADES["poor"] and not is_low:
        return Reading("poor")
    if is_low and not found:
        return Reading(missing_reason="imprecise")
    if is_open:
        return Reading(missing_reason="not_assessable")
    if not found or (is_low and worst >= GRADES["poor"]):
        return None
    return Reading(NAMES[worst])


def _is_of_aside(at: int, statement: Statement) -> bool:
    """Whether a word is said of what alone stands beside it ("moderate necrosis"), not of a grade.

    It has to be so where a grade is named in full elsewhere ("poorly differentiated").
    """
    mention = statement.mentions[at]
    beside = [
        m
        for m in statement.mentions[max(at - 1, 0) : at + 2]
        if m is not mention and m.segment == mention.segment
    ]
    is_bare = mention.concept.startswith(BARE) and mention.said == ""
    return is_bare and bool(beside) and all(m.concept == "aside" for m in beside)


def _named(statement: Statement, in_full: set[str]) -> set[int] | None:
    """The grades that words name and assert; nothing where another thing may be meant."""
    found = set()
    for at, mention in enumerate(statement.mentions):
        grade = mention.concept.removeprefix(BARE)
        if grade not in GRADES or (in_full and _is_of_aside(at, statement)):
            continue
        # "Moderate necrosis", "poorly seen"; but "G2 (moderately differentiated), necrosis 40 %".
        is_bare = mention.concept.startswith(BARE) and grade not in in_full
        if is_bare and (statement.named("aside") or mention.said == "yes"):
            return None
        if mention.said in ("", "yes"):
            found.add(GRADES[grade])
    return found


def _numbers(statement: Statement, named: set[int] | None) -> set[int] | None:
    """The grades of the numbers behind "grade"; a number without it has to be that of the words."""
    found: set[int] = set()
    is_named, is_behind_number = False, False
    parts = [part for _, part in statement.order]
    for at, part in enumerate(parts):
        if not isinstance(part, Measure):
            is_named |= part.concept in ("grade", "of three")
            is_behind_number = False
            if part.concept == "grade" and part.said not in ("", "yes"):
                return None if statement.measures else found
            continue
        if part.unit:
            # A size, or the share of a component.
            continue
        before, behind = parts[max(at - 1, 0) : at], parts[at + 1 : at + 2]
        if _is(behind, "things") and not _is(before, "grade"):
            # "3 nodules".
            continue
        grades = _whole(part)
        if not grades or is_behind_number:
            return None
        is_behind_number = True
        is_named &= not statement.named("aside")
        if not is_named and {NAMES[grade] for grade in grades} != {NAMES[g] for g in named or ()}:
            return None
        found |= grades
    return found


def _is(parts: Sequence[Mention | Measure], concept: str) -> bool:
    return any(isinstance(part, Mention) and part.concept == concept for part in parts)


def _whole(measure: Measure) -> set[int]:
    """The grades 1 to 4 that a number or a range of numbers is."""
    low, high = measure.low, measure.high
    if low is None or high is None or measure.low_is_open or measure.high_is_open:
        return set()
    if {low, high} - {Decimal(grade) for grade in NAMES}:
        return set()
    return {int(low), int(high)}


READERS = {"tumor_grade": read_grade}
