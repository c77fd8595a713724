"""What all fields share: the reading of a field, and what makes a text understood."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from reading.measures import Measure
from reading.sentence import Mention, Statement, parts_of

# What is said instead of an answer, and the reason that it is.
REASONS = {
    "doubt": "not_assessable",
    "unassessable": "not_assessable",
    "unstated": "not_reported",
}
LEFT_OPEN = {"doubt", "unassessable"}
# A word that may be said of other things than what is asked: "moderate", beside "necrosis".
BARE = "bare "
# Marks between things that are listed.
SEPARATORS = {",", ";", ".", "(", ")", "[", "]", ":", "-", "/", "|"}
# Names of where something is, of which nothing needs to be said.
SURROUNDINGS = {"specimen", "strange", "segment", "lobe", "place", "imaging", "liver"}


class NotUnderstood(Exception):
    """A word, or how the words stand, is not followed: then nothing is read of the whole text."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A value, or an interval, or both, or the reason why there is none.

    Of resections also the Couinaud segments that were surely taken, and those that may have been
    (nothing where a name leaves that open).
    """

    value: str | None = None
    missing_reason: str | None = None
    measure: Measure | None = None
    segments: tuple[int, ...] | None = None
    segments_at_most: tuple[int, ...] | None = None


def is_understood(statements: Sequence[Statement]) -> bool:
    """Nothing turns the text round, and no word is unknown where something is said."""
    for statement in statements:
        if statement.is_turned or statement.is_elsewhere:
            return False
        spoken = {m.segment for m in statement.mentions} | {at for at, _ in statement.loose}
        if statement.unknown & spoken:
            return False
        if any(m.said == "twice" or m.is_carried for m in statement.mentions):
            return False
        if any(said == "twice" for _, said in statement.loose):
            return False
    return True


def is_understood_with_numbers(statements: Sequence[Statement]) -> bool:
    """Understood, and no word is unknown beside a number either."""
    return is_understood(statements) and not any(
        segment in statement.unknown
        for statement in statements
        for segment, _ in statement.measures
    )


def asserting(statements: Sequence[Statement], *concepts: str) -> list[Statement]:
    """The statements, in which no denial before a pause holds for these concepts.

    They are said by themselves ("no viable tumor, complete response").
    """
    return [
        replace(
            statement,
            mentions=[
                replace(m, said="", is_carried=False)
                if m.is_carried and m.concept in concepts
                else m
                for m in statement.mentions
            ],
        )
        for statement in statements
    ]


def has_run_on_labels(text: str, of_field: str) -> bool:
    """Labels with nothing between them and what goes before ("fibrosis: mild steatosis: none").

    A word may then be said of the name before it or of the label behind it.
    """
    said = 0
    is_behind_label = False
    for part in parts_of(text, of_field):
        if part.kind == "mark":
            if part.text == ":" and is_behind_label and said > 1:
                return True
            is_behind_label = part.text == ":"
            said = 0
        elif part.kind not in ("fill", "compare", "unit"):
            said += 1
    return False


def loose_of(statements: Sequence[Statement]) -> set[str]:
    """What is said without a name."""
    return {said for statement in statements for _, said in statement.loose}


def mentions_of(statements: Sequence[Statement], *concepts: str) -> list[Mention]:
    """The mentions of these concepts in all statements."""
    return [m for statement in statements for m in statement.named(*concepts)]


def reason_alone(statements: Sequence[Statement]) -> Reading | None:
    """A text that says nothing but that it cannot be told, or was not.

    Whatever else stands there tells why ("specimen received in pieces"), but for a measurement or
    the name of another matter (the concept "other"): then it may be that which cannot be told.
    """
    is_turned = any(s.is_turned and not s.is_pending for s in statements)
    if is_turned or any(statement.is_elsewhere for statement in statements):
        return None
    measured = any(measure.unit for statement in statements for _, measure in statement.measures)
    if measured or mentions_of(statements, "other"):
        return None
    said = loose_of(statements)
    said |= {m.said for m in mentions_of(statements) if m.said or m.concept not in SURROUNDINGS}
    is_pending = any(statement.is_pending for statement in statements)
    if is_pending and is_understood([replace(s, is_turned=False) for s in statements]):
        # "Suspicious for recurrence, MRI awaited".
        is_open = bool(said) and said <= LEFT_OPEN
        return Reading(missing_reason="not_assessable") if is_open else None
    denied = {m.said for m in mentions_of(statements)} & {"no", "twice"}
    if "unassessable" in said and not said - {"unassessable", "doubt", "no"} and not denied:
        # What is denied without a name tells why ("as no background liver was sampled").
        return Reading(missing_reason="not_assessable")
    if said and said <= {"unstated"}:
        return Reading(missing_reason="not_reported")
    return None


def read_inapplicable(statements: Sequence[Statement], *subjects: str) -> Reading | None:
    """A text that says nothing but that the question does not arise."""
    mentions = mentions_of(statements)
    if {m.concept for m in mentions} - {"inapplicable", *subjects}:
        return None
    if loose_of(statements) - {"unstated"}:
        return None
    if any(m.said for m in mentions) or any(statement.measures for statement in statements):
        return None
    for statement in statements:
        order = [part.concept for part in statement.mentions]
        # "No preoperative therapy effect" is another matter.
        if "inapplicable" in order and order[-1] != "inapplicable":
            return None
    return Reading(missing_reason="not_applicable")
