"""Vital status at a contact: whether the patient lives, as told of him and not of a relative."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from reading.common import NotUnderstood, Reading
from reading.contacts import (
    INTRODUCES,
    OPEN,
    Clause,
    clauses_of,
    has_digit,
    is_code,
    is_concept,
)
from reading.lexicon import Lexeme, lexicon_of
from reading.settings import Settings
from reading.tokens import tokens_of

CLAIMS = {"alive", "dead", "death", "death date", "well", "state", "lost"}
# What is said of the one (not dead) is said of the other; "no death", "not well" settle nothing.
OPPOSITE = {"alive": "dead", "dead": "alive"}


@dataclass(slots=True)
class _Told:
    """What is told of the patient, in its order, and whether anything was told of a relative."""

    claims: list[str] = field(default_factory=list)
    is_of_relative: bool = False
    names_patient: bool = False
    is_past: bool = False
    is_bare: bool = True
    # Behind a failed contact somebody is named who tells, and what he tells of now.
    has_speaker: bool = False
    news: set[str] = field(default_factory=set)


def read_vital_status(field: str, text: str, settings: Settings) -> Reading | None:
    """Alive, dead or lost; nothing where two of them are said, or it is said of somebody else."""
    lexemes = lexicon_of(field).lexemes(tokens_of(text))
    clauses = clauses_of(lexemes)
    if clauses is None:
        return None
    concepts = [concept for clause in clauses for concept in clause.concepts()]
    if {"alive", "dead", "both ticked"} <= set(concepts):
        # "Alive / expired (both boxes ticked)".
        return Reading(missing_reason="conflicting")
    if {"alive", "dead", "open"} <= set(concepts) and len(clauses) == 1:
        # "Not known whether alive or dead".
        return Reading(missing_reason="not_assessable")
    if "both ticked" in concepts or "open" in concepts:
        return None
    if {(c.lexemes[0].value, len(c.lexemes)) for c in clauses} == {("unstated", 1)}:
        return Reading(missing_reason="not_reported")
    if _are_two_states(lexemes):
        return Reading(missing_reason="conflicting")
    told = _Told()
    relative_alone = False
    try:
        for clause in clauses:
            relative_alone = _hear(clause, told, relative_alone)
    except NotUnderstood:
        return None
    return _vital_status(told)


def _are_two_states(lexemes: Sequence[Lexeme]) -> bool:
    """ "Alive; dead" and no more, so that nothing tells which of the two is later."""
    if len(lexemes) != 3 or lexemes[1].text not in ",;":
        return False
    return {lexemes[0].value, lexemes[2].value} in ({"alive", "dead"}, {"lost", "dead"})


def _vital_status(told: _Told) -> Reading | None:
    claims = set(told.claims)
    if not claims or (told.is_of_relative and not told.names_patient):
        return None
    if len(told.news) == 1:
        return Reading(told.news.pop())
    if "dead" in claims:
        later = told.claims[told.claims.index("dead") :]
        return None if claims & {"alive", "lost"} or "well" in later else Reading("dead")
    if "lost" not in claims:
        return Reading("alive")
    # "Lost to follow-up since 2019, was well then": of today nothing is known.
    if claims <= {"lost", "state"} or told.is_past:
        return Reading("lost")
    return Reading(missing_reason="conflicting") if told.is_bare and "alive" in claims else None


def _hear(clause: Clause, told: _Told, relative_alone: bool) -> bool:
    """Adds what the clause tells. Returns whether it does nothing but name a relative."""
    concepts, kinds = clause.concepts(), clause.kinds()
    is_past = "past" in concepts or _is_dated(clause)
    told.is_past |= is_past
    told.has_speaker |= "lost" in told.claims and bool(concepts & {"relative", "says"})
    if told.has_speaker and clause.mark == ":":
        # "No answer; wife: died in May" is not of her.
        relative_alone = False
    if kinds - {"concept"} or concepts - CLAIMS:
        told.is_bare = False
    if not concepts & CLAIMS:
        if _is_failed_contact(clause):
            told.claims.append("lost")
        elif concepts <= {"unstated"} and _answers(clause):
            raise NotUnderstood
        elif "relative" in concepts:
            return not concepts & {"says", "patient"}
        return False
    is_choice = any(lexeme.text in ("or", "یا") for lexeme in clause.lexemes)
    claims = concepts & CLAIMS
    # "Alive/recurrence": of what is chosen between, nothing is against life.
    is_settled = claims == {"lost"} or claims <= {"alive", "well", "state"}
    if "wait" in concepts or (is_choice and not is_settled):
        raise NotUnderstood
    if "death date" in concepts and not any(has_digit(lexeme) for lexeme in clause.lexemes):
        raise NotUnderstood  # a label; the date may be in another clause, or none
    for claim, is_of_relative in _claims(clause, relative_alone):
        if is_of_relative:
            told.is_of_relative = True
            # "Alive; his father died": before a relative was named, it was of the patient.
            told.names_patient |= bool(told.claims)
        else:
            told.claims.append(claim)
            told.names_patient |= "patient" in concepts
            if told.has_speaker and claim != "lost" and not (is_past and claim != "dead"):
                told.news.add("dead" if claim == "dead" else "alive")
    return False


def _is_dated(clause: Clause) -> bool:
    """Whether a number in it may be a date or a time: "no answer x2" counts calls."""
    before = (None, *clause.lexemes)
    return any(
        has_digit(lexeme) and not (last is not None and last.text == "x")
        for last, lexeme in zip(before, clause.lexemes, strict=False)
    )


def _answers(clause: Clause) -> bool:
    """Nothing but yes, no, or perhaps: it is of what stands before, and taken for nothing here."""
    if is_code(clause) or clause.concepts() or _is_word(clause):
        return True
    kinds = clause.kinds()
    return bool(kinds & {"deny", "denied", "doubt", "unstated", "unassessable", "elsewhere"}) and (
        "unknown" not in kinds
    )


def _is_failed_contact(clause: Clause) -> bool:
    """ "Unable to reach him", "calls not answered": a contact, one denial, and no other matter."""
    concepts = clause.concepts()
    if "contact" not in concepts or concepts & {"state", "disease", "harmless", "wait"}:
        return False
    failures = [
        lexeme
        for lexeme in clause.lexemes
        if lexeme.kind in ("deny", "denied", "unassessable") or is_concept(lexeme, "fails")
    ]
    unknown = [
        lexeme
        for lexeme in clause.lexemes
        if (lexeme.kind in OPEN - {"unassessable"} and not has_digit(lexeme))
        or is_concept(lexeme, "unstated")
    ]
    return len(failures) == 1 and not unknown


def _claims(clause: Clause, relative_alone: bool) -> Iterator[tuple[str, bool]]:
    """Each claim of a clause, and whether it is of a relative."""
    lexemes = clause.lexemes
    subject = "relative" if relative_alone else ""
    has_spoken = has_speaker = is_claimed = is_tolerant = is_denying = False
    for at, lexeme in enumerate(lexemes):
        before = lexemes[at - 1] if at else None
        behind = lexemes[at + 1] if at + 1 < len(lexemes) else None
        if is_concept(lexeme, *CLAIMS):
            if is_denying or (lexeme.value == "lost" and is_concept(before, "disease")):
                raise NotUnderstood  # "no cancer death", "tumor did not respond"
            yield _claim(lexeme, before, behind), subject == "relative"
            is_claimed, is_tolerant = True, False
        elif is_concept(lexeme, "says"):
            has_spoken, has_speaker, subject = True, has_speaker or bool(subject), ""
        elif is_concept(lexeme, "relative"):
            # "According to the wife": she is the source; "family reports: brother died" has two.
            is_source = has_spoken and not has_speaker
            has_speaker |= is_source
            if is_claimed and not is_source and not is_concept(behind, "says"):
                if clause.concepts() & CLAIMS == {"lost"}:
                    continue
                if not is_tolerant or clause.concepts() & {"death", "death date"}:
                    raise NotUnderstood
            elif not is_source:
                subject = "relative"
        elif is_concept(lexeme, "patient"):
            # "Mother of the patient".
            named = next((x for x in reversed(lexemes[:at]) if x.text != "of"), None)
            if not is_concept(named, "relative"):
                subject = "patient"
        elif is_concept(lexeme, *INTRODUCES):
            is_tolerant = is_claimed or lexeme.value == "cause before"
            is_denying = False
        elif lexeme.kind in OPEN or lexeme.kind == "unit" or is_concept(lexeme, "unstated"):
            if not (is_tolerant or has_digit(lexeme)):
                raise NotUnderstood
        elif lexeme.kind == "compare" and lexeme.text == "=" and is_claimed:
            raise NotUnderstood
        elif lexeme.kind in ("deny", "denied"):
            # The Persian verb stands at the end, and may deny whatever the clause says.
            is_denying = before is None and is_concept(behind, "disease", "harmless")
            beside = behind if lexeme.kind == "deny" or is_denying else before
            is_settled = beside is not None and beside.kind == "concept"
            is_settled = is_settled and not is_concept(beside, *INTRODUCES)
            is_verb = lexeme.kind == "denied" and _is_persian(lexeme)
            if not is_settled and (is_verb or not is_tolerant):
                raise NotUnderstood


def _claim(lexeme: Lexeme, before: Lexeme | None, behind: Lexeme | None) -> str:
    claim = "dead" if lexeme.value in ("death", "death date") else lexeme.value
    is_denied = before is not None and before.kind == "deny"
    if behind is not None and behind.kind == "denied":
        if is_denied or not _is_persian(behind):
            raise NotUnderstood
        is_denied = True
    if not is_denied:
        return claim
    if lexeme.value not in OPPOSITE:
        raise NotUnderstood
    return OPPOSITE[claim]


def _is_word(clause: Clause) -> bool:
    """One unknown word behind a colon: an answer, in a language that is not known here."""
    return clause.mark == ":" and [lexeme.kind for lexeme in clause.lexemes] == ["unknown"]


def _is_persian(lexeme: Lexeme) -> bool:
    return not lexeme.text.isascii()


READERS = {"vital_status": read_vital_status}
