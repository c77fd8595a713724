"""Treatment before the operation."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from reading.common import Reading, asserting, is_understood, loose_of, mentions_of
from reading.lexicon import Lexeme
from reading.sentence import Mention, Statement, parts_of, statements_of
from reading.settings import Settings

TREATMENTS = {"therapy", "regimen", "neo", "pre"}
BEFORE = {"neo", "pre"}
CYCLES = re.compile(r"(?:x ?)?[1-9]\d? ?(?:cycles?|courses?|دوره|سیکل|کورس)\.?")


def read_neoadjuvant(field: str, text: str, settings: Settings) -> Reading | None:
    """Yes where treatment is named that is not after the operation, not merely planned.

    After the operation only, offered and not given, refused: no. Treatment around another
    operation (colectomy) leaves open whether it was before this one.
    """
    if field == "neoadjuvant_therapy" and CYCLES.fullmatch(text):
        return Reading("yes")
    statements = asserting(statements_of(text, field), "upfront")
    if not is_understood(statements):
        return None
    if any(measure.low == 0 for statement in statements for _, measure in statement.measures):
        return None
    bare = loose_of(statements)
    names = mentions_of(statements, "name")
    is_unnamed = any(m.said for m in names)
    if any(m.said == "no" for m in mentions_of(statements, "matter")):
        return None
    mentions = [m for m in mentions_of(statements) if m.concept not in ("name", "matter")]
    named_regimens = [m for m in mentions if m.concept == "regimen"]
    if (bare | {m.said for m in mentions}) - {"", "yes", "no"}:
        return None
    named = {m.concept for m in mentions}
    if "other surgery" in named:
        return None
    given, denied = _given(statements), _denied(statements)
    is_denied = any(m.concept in ("therapy", "neo", "pre") for m in denied)
    if is_denied and any(_denies_in_passing(statement) for statement in statements):
        return None
    if "refused" in named and ("after" in named or len(named_regimens) > 1):
        # "FOLFOX refused after two cycles", "FOLFOX, declined bevacizumab": part of it was given.
        return None
    named.discard("after")
    is_no = "no" in bare or is_denied or bool(named & {"upfront", "refused"})
    if field == "neoadjuvant_regimen" and is_unnamed:
        # "Chemotherapy, regimen unknown".
        is_given = bool(given) and not (is_no or named_regimens)
        if not is_given or any(m.said not in ("", "unstated") for m in names):
            return None
    if given and is_no:
        return _with_denial(given, denied, named, bare)
    if given:
        if named & {"plan", "prior"} or {m.concept for m in given} == {"pre"}:
            has_cycles = any(statement.measures for statement in statements)
            return (
                Reading("yes")
                if (bare == {"yes"} or has_cycles) and not named & {"plan", "prior"}
                else None
            )
        return None if _follows_operation(mentions, given) else Reading("yes")
    if any(m.concept == "regimen" for m in denied):
        if _is_answered_no(field, text):
            return Reading(missing_reason="conflicting")
        is_settled = is_denied or bool(named & {"refused", "plan", "upfront"})
        return Reading("no") if is_settled else None
    if is_no:
        return None if "yes" in bare else Reading("no")
    if "post" in named and "only" in named:
        return Reading("no")
    if named or denied or bare != {"yes"} or field == "neoadjuvant_regimen":
        return None
    return Reading("yes")


def _is_answered_no(field: str, text: str) -> bool:
    """A regimen, and no behind it: "FOLFOX, none", "FOLFOX (not given)"."""
    parts = parts_of(text, field)
    kinds = [part.kind for part in parts]
    if kinds[:3] != ["concept", "mark", "denied"] or set(kinds[3:]) - {"mark"}:
        return False
    return isinstance(parts[1], Lexeme) and parts[1].text in ",;("


def _follows_operation(mentions: Sequence[Mention], given: Sequence[Mention]) -> bool:
    """The operation is named first: "surgery then FOLFOX"."""
    if any(m.concept in BEFORE for m in given):
        return False
    order = [m.concept for m in mentions if m.concept == "operation" or m in given]
    return order[:1] == ["operation"]


def _segments_after(statement: Statement) -> set[int]:
    """The segments that speak of the time after the operation, and of none before it."""
    after = {m.segment for m in statement.named("post")}
    for mention, following in pairwise(statement.mentions):
        if mention.concept == "after" and following.concept == "operation":
            after.add(following.segment)
    return after - {m.segment for m in statement.named(*BEFORE)}


def _denies_in_passing(statement: Statement) -> bool:
    """One denial for before and after: "before surgery: FOLFOX, after surgery: none"."""
    after = _segments_after(statement)
    denied = {m.segment for m in statement.mentions if m.said == "no"}
    regimens = [m for m in statement.named("regimen") if m.said == "no"]
    return bool(after & denied) and bool(denied - after) and bool(regimens)


def _given(statements: Sequence[Statement]) -> list[Mention]:
    """The treatments that are not denied, nor said to be after the operation."""
    found = []
    for statement in statements:
        after = _segments_after(statement)
        # "FOLFOX x 6, adjuvant": of the whole statement where nothing else is said.
        is_after = bool(after) and not statement.named(*BEFORE)
        found += [
            mention
            for mention in statement.named(*TREATMENTS)
            if mention.said != "no" and mention.segment not in after and not is_after
        ]
    return found


def _denied(statements: Sequence[Statement]) -> list[Mention]:
    """What is denied, but for what is denied of the time after the operation."""
    return [
        mention
        for statement in statements
        for mention in statement.mentions
        if mention.said == "no" and mention.segment not in _segments_after(statement)
    ]


def _with_denial(
    given: Sequence[Mention], denied: Sequence[Mention], named: set[str], bare: set[str]
) -> Reading | None:
    """Treatment that is named where something is denied."""
    if named & {"refused", "plan"}:
        # "Planned, refused": what is named was not given, unless it is said that it was.
        is_given = any(m.said == "yes" for m in given) or not {"pre", "regimen"} - named
        return None if is_given or "yes" in bare else Reading("no")
    regimens = [m for m in given if m.concept == "regimen"]
    if regimens and "no" in bare and not denied and "upfront" not in named:
        return Reading(missing_reason="conflicting")
    return None


READERS = {
    "neoadjuvant_therapy": read_neoadjuvant,
    "neoadjuvant_regimen": read_neoadjuvant,
}
