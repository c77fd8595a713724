"""Steatosis: Kleiner's grade, by percent of the parenchyma, by number or by word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import takewhile

from reading.common import (
    Reading,
    asserting,
    has_run_on_labels,
    is_understood_with_numbers,
    loose_of,
    mentions_of,
    read_inapplicable,
)
from reading.measures import HUNDRED, Measure
from reading.sentence import Mention, Statement, statements_of
from reading.settings import Settings

# Kleiner, Hepatology 2005;41:1313: below 5 %, 5 to 33 %, over 33 to 66 %, over 66 %.
FIRST, SECOND, THIRD = Decimal(5), Decimal(33), Decimal(66)
WORDS = {"none": 0, "mild": 1, "moderate": 2, "severe": 3}
# What is spoken of: fat, fat of small droplets only, or another finding.
FAT = {"steatosis", "macro", "mixed"}
SUBJECTS = FAT | {"micro", "aside", "nas"}
# Between two names, where a word may be said of either.
UNCLEAR = "unclear"
# A Persian word stands behind the name that it is said of.
BEHIND = " behind"


@dataclass(slots=True)
class Said:
    """What a text says of fat: percents, numbers of grades, words, and what else bears on them."""

    percents: list[Measure] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    # Numbers beside no word that says of what: only those of the words.
    bare: list[int] = field(default_factory=list)
    # Each word with the statement and the segment that it stands in.
    words: list[tuple[tuple[int, int], int]] = field(default_factory=list)
    is_denied: bool = False
    is_open: bool = False
    # Doubt that there is any, which says nothing of how much.
    is_doubted: bool = False
    # What was spoken of last, and whether it has got what is said of it.
    last: str = ""
    last_is_told: bool = False


def read_steatosis(field: str, text: str, settings: Settings) -> Reading | None:
    """The grade by percent, else by number or word; two percents are not added."""
    statements = asserting(statements_of(text, field), "mild", "moderate", "severe", "aside")
    if has_run_on_labels(text, field):
        return None
    if text.startswith("-") or not is_understood_with_numbers(statements):
        return None
    mentions = mentions_of(statements)
    if any(m.concept == "inapplicable" for m in mentions):
        return read_inapplicable(statements, *FAT)
    said = Said()
    for at, statement in enumerate(statements):
        if statement.named("of three") and not statement.named("grade"):
            # "2/3 of hepatocytes".
            return None
        if not _collect(said, at, statement, settings.unit):
            return None
    loose = loose_of(statements)
    if loose - {"no", "yes", "unassessable", "doubt"}:
        return None
    if "no" in loose:
        if mentions or said.percents:
            return None
        said.is_denied = True
    said.is_open |= bool(loose & {"unassessable", "doubt"})
    return _graded(said)


def _graded(said: Said) -> Reading | None:
    """The grade of what has been said."""
    words = {word for _, word in said.words}
    numbers = set(said.numbers)
    if said.is_denied:
        words.add(0)
    if len(said.percents) > 1:
        grades = [_grade_of(percent) for percent in said.percents]
        if None in grades or len(set(grades)) == 1:
            return None
        return Reading(missing_reason="conflicting")
    if said.percents:
        grade = _grade_of(said.percents[0])
        if said.is_denied and grade != (0, 0):
            return None
        if grade is None or (numbers and not numbers <= set(range(grade[0], grade[1] + 1))):
            return None
        return Reading(str(grade[0])) if grade[0] == grade[1] else _imprecise()
    if said.bare and set(said.bare) != words | numbers:
        return None
    if len(numbers) > 1 or (numbers and words and numbers != words):
        return None
    words |= numbers
    if said.is_doubted and not (words and said.is_open):
        return None
    if said.is_open:
        return Reading("3") if words == {3} else Reading(missing_reason="not_assessable")
    if len(words) == 1:
        return Reading(str(words.pop()))
    if not words:
        return None
    # "Mild to moderate" is one finding, "mild; severe" are two.
    return _imprecise() if len({at for at, _ in said.words}) == 1 else _conflicting(said)


def _imprecise() -> Reading:
    return Reading(missing_reason="imprecise")


def _conflicting(said: Said) -> Reading | None:
    return None if said.is_denied else Reading(missing_reason="conflicting")


def _collect(said: Said, at: int, statement: Statement, unit: str | None) -> bool:
    """Adds what a statement says of fat; false where it is not clear of what something is said."""
    segments = sorted({segment for segment, _ in statement.order})
    for segment in segments:
        parts = [part for of, part in statement.order if of == segment]
        subjects = [p for p in parts if isinstance(p, Mention) and p.concept in SUBJECTS]
        has_value = len(subjects) < len(parts)
        inherited = said.last if not subjects else ""
        if not subjects and said.last not in FAT and said.last_is_told:
            # "No fibrosis, 10 %": of what?
            return False
        for index, part in enumerate(parts):
            subject = inherited or _subject(parts, index)
            if isinstance(part, Mention) and part.concept == "of three":
                continue
            if isinstance(part, Mention) and part.concept in SUBJECTS:
                if not _name(said, part):
                    return False
            elif subject in ("aside", "nas"):
                continue
            elif isinstance(part, Mention) and part.concept == "grade":
                said.is_open |= part.said in ("doubt", "unassessable")
                if part.said in ("no", "twice", "unstated"):
                    return False
            elif subject in ("micro", UNCLEAR) or not _value(
                said, at, segment, part, statement, unit, subject
            ):
                return False
        if subjects:
            said.last = subjects[-1].concept
            said.last_is_told = has_value or subjects[-1].said in ("no", "yes")
    # Fat of small droplets has no grade, and its percent is not added.
    return not any(m.said != "no" for m in statement.named("micro"))


def _subject(parts: Sequence[Mention | Measure], index: int) -> str:
    """What a word or a number is said of: the name behind a word, the name before a number."""
    names = [p.concept if isinstance(p, Mention) else "" for p in parts]
    before = [name for name in names[:index] if name in SUBJECTS]
    behind = [name for name in names[index + 1 :] if name in SUBJECTS]
    is_attribute = isinstance(parts[index], Mention) and not names[index].endswith(BEHIND)
    if is_attribute and names[index + 1 : index + 2] == behind[:1] != []:
        is_between = index > 0 and names[index - 1] in SUBJECTS - {behind[0]}
        is_told = any(name in WORDS for name in names[index - 2 : index - 1])
        may_be_either = is_between and not is_told and "aside" in (names[index - 1], behind[0])
        return UNCLEAR if may_be_either else behind[0]
    if before:
        return before[-1]
    return behind[0] if behind else ""


def _name(said: Said, mention: Mention) -> bool:
    """Takes note of what is said of a name itself."""
    if mention.said == "twice" or (mention.concept in FAT and mention.said == "unstated"):
        return False
    if mention.concept not in FAT:
        return mention.concept == "aside" or mention.said in ("", "no", "yes")
    said.is_denied |= mention.said == "no"
    said.is_open |= mention.said == "unassessable"
    said.is_doubted |= mention.said == "doubt"
    return True


def _value(
    said: Said,
    at: int,
    segment: int,
    part: Mention | Measure,
    statement: Statement,
    unit: str | None,
    subject: str,
) -> bool:
    """Takes note of a percent, a number or a word of fat."""
    if isinstance(part, Measure):
        is_graded = bool(statement.named("grade"))
        if part.unit == "percent" or (unit == "percent" and not part.unit and not is_graded):
            said.percents.append(part)
            return not part.is_product
        # "Steatosis 2", but not "segment 2 steatosis".
        before = takewhile(lambda other: other is not part, (other for _, other in statement.order))
        is_behind = any(isinstance(other, Mention) and other.concept in FAT for other in before)
        is_named = is_graded or (subject in FAT and is_behind)
        return not part.unit and _number(said.numbers if is_named else said.bare, part)
    word = part.concept.removesuffix(BEHIND)
    if word in WORDS:
        if part.said in ("no", "twice", "unstated"):
            return False
        said.is_open |= part.said in ("doubt", "unassessable")
        said.words.append(((at, segment), WORDS[word]))
    elif part.concept.startswith("code "):
        said.numbers.append(int(part.concept.removeprefix("code ")))
    return True


def _number(numbers: list[int], measure: Measure) -> bool:
    """The number of a grade, 0 to 3."""
    if measure.low is None or not measure.is_exact or measure.low not in {0, 1, 2, 3}:
        return False
    numbers.append(int(measure.low))
    return True


def _grade_of(percent: Measure) -> tuple[int, int] | None:
    """The grades of both ends of a percent."""
    low, high = percent.low or Decimal(0), HUNDRED if percent.high is None else percent.high
    if high > HUNDRED or low > HUNDRED:
        return None
    lowest = sum(low > bound or (percent.low_is_open and low == bound) for bound in (SECOND, THIRD))
    highest = sum(high > bound for bound in (SECOND, THIRD))
    return (
        lowest + (low >= FIRST),
        highest + (high > FIRST or (high == FIRST and not percent.high_is_open)),
    )


READERS = {"steatosis": read_steatosis}
