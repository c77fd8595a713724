"""Regression of the tumor, in words, on a scale or by percent; and the viable percent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise

from reading.common import (
    BARE,
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

COMPLETE, PARTIAL, POOR = 1, 2, 3
RANKS = {"complete": COMPLETE, "partial": PARTIAL, "poor": POOR}
VALUES = {rank: value for value, rank in RANKS.items()}
# What each grade of a scale says (dictionary, section 5), and the grades that a scale is out of.
SCALES = {
    "mandard": {"1": 1, "2": 2, "3": 2, "4": 3, "5": 3},
    "rubbia": {"1": 1, "2": 2, "3": 2, "4": 3, "5": 3},
    "dworak": {"4": 1, "3": 2, "2": 2, "1": 3, "0": 3},
    "rodel": {"4": 1, "3": 2, "2": 2, "1": 3, "0": 3},
    "cap": {"0": 1, "1": 2, "2": 2, "3": 3},
    "becker": {"1a": 1, "1b": 2, "2": 2, "3": 3},
}
OUT_OF = {"mandard": "5", "rubbia": "5", "dworak": "4", "rodel": "4", "cap": "3", "becker": "3"}
# What a grade without a scale may say: what it says on any of them.
UNNAMED = {
    grade: {ranks[grade] for ranks in SCALES.values() if grade in ranks} for grade in "012345"
}
# Of "no" and "none seen" it is not told what there is none of.
NOTHING = {"none", "nil", "absent", "no viable"}
# What a percent may be of.
KINDS = {"viable", "regressed", "aside"}
# "No response" is poor; what else is denied has no value of its own.
DENIED_IS_POOR = {"regressed", "effect"}
INCOMPLETE = {"partial", "poor"}
# "No viable tumor, complete response": a response is not denied by what stands before a pause.
SAID_BY_ITSELF = (
    *("complete", "partial", "poor", "bare complete", "bare partial", "bare poor"),
    *("regressed", "effect"),
)


@dataclass(frozen=True, slots=True)
class Percent:
    """A percent and what it is of: viable, regressed, aside (as necrosis), or "" where unsaid."""

    kind: str
    measure: Measure


def read_regression(field: str, text: str, settings: Settings) -> Reading | None:
    """The worst of what words, grades of a scale and percents say."""
    if has_run_on_labels(text, field):
        return None
    statements = asserting(statements_of(text, field), *SAID_BY_ITSELF)
    if text.startswith("-") or not is_understood_with_numbers(statements):
        return None
    mentions = mentions_of(statements)
    if "not given" in text and not any(m.concept == "therapy" for m in mentions):
        # It is the grade that is not given.
        return None
    if any(m.concept == "therapy" and m.said == "no" for m in mentions):
        return _untreated(mentions, statements)
    if any(m.concept == "inapplicable" for m in mentions):
        return read_inapplicable(statements, "regressed", "effect", "grade")
    is_graded = any(m.concept.startswith(("scale ", "grade", "code ", "things")) for m in mentions)
    unit = None if is_graded else settings.unit
    percents = percents_of(statements, unit)
    words = _words(statements)
    if percents is None or words is None:
        return None
    viable = [_viable(percent, "regressed") for percent in percents if percent.kind != "aside"]
    graded = [] if unit == "percent" else _graded(statements, words)
    if graded is None or any(measure is None for measure in viable):
        return None
    poor = settings.poor_regression_viable_percent
    spans = [{_rank(m.low, m.low_is_open, poor), _top(m, poor)} for m in viable if m is not None]
    settled = set().union(*(ranks for ranks in words + spans if len(ranks) == 1))
    if words and not {COMPLETE, POOR} - settled:
        return None
    is_scaled = any(m.concept.startswith("scale ") for m in mentions)
    said = words + spans + (graded if is_scaled or not (words or spans) else [])
    is_open = "unassessable" in loose_of(statements) or any(
        m.said in ("doubt", "unassessable") for m in mentions
    )
    if is_open:
        said = [*said, {COMPLETE, POOR}]
    if not said:
        is_present = any(m.concept == "effect" and m.said == "yes" for m in mentions)
        return Reading(missing_reason="imprecise") if is_present else None
    best, worst = max(min(ranks) for ranks in said), max(max(ranks) for ranks in said)
    if best == worst:
        return Reading(VALUES[worst], measure=_worst_percent(viable, worst, poor))
    return Reading(missing_reason="not_assessable" if is_open else "imprecise")


def _worst_percent(viable: Sequence[Measure | None], worst: int, poor: Decimal) -> Measure | None:
    """The greatest percent of viable tumor, where all are known and it is what decides."""
    found = [measure for measure in viable if measure is not None]
    if not found or any(measure.low != measure.high for measure in found):
        return None
    greatest = max(found, key=lambda measure: measure.low or Decimal(0))
    return greatest if _rank(greatest.low, greatest.low_is_open, poor) == worst else None


def read_viable(field: str, text: str, settings: Settings) -> Reading | None:
    """The viable percent; what is regressed is not viable, and necrosis is neither."""
    statements = statements_of(text, field)
    if text.startswith("-") or not is_understood_with_numbers(statements):
        return None
    mentions = mentions_of(statements)
    if any(m.concept == "inapplicable" for m in mentions):
        return read_inapplicable(statements, *KINDS)
    if any(m.concept not in KINDS | {"effect", "gone"} for m in mentions):
        return None
    if loose_of(statements) == {"doubt"} and not mentions:
        return Reading(missing_reason="not_assessable")
    if text.rstrip(" .") in NOTHING:
        return Reading(measure=Measure(Decimal(0), Decimal(0), unit="percent"))
    if loose_of(statements) - {"yes"} or any(
        m.said not in ("", "yes", "no") or (m.said == "no" and m.concept == "regressed")
        for m in mentions
    ):
        return None
    if any(_counts_a_name(statement) for statement in statements):
        return None
    percents = percents_of(statements, settings.unit or "percent")
    if percents is None:
        return None
    found = [_viable(percent, "viable") for percent in percents if percent.kind != "aside"]
    if any(m.concept == "gone" or (m.concept == "viable" and m.said == "no") for m in mentions):
        found.append(Measure(Decimal(0), Decimal(0), unit="percent"))
    bounds = {m and (m.low or 0, m.high, m.low_is_open, m.high_is_open) for m in found}
    if len(bounds) != 1 or found[0] is None:
        return None
    return Reading(measure=found[-1])


def _counts_a_name(statement: Statement) -> bool:
    """Whether a number without a unit stands before a name: "20 viable cells"."""
    return any(
        isinstance(part, Measure) and not part.unit and isinstance(behind, Mention) and at == of
        for (at, part), (of, behind) in pairwise(statement.order)
    )


def percents_of(statements: Sequence[Statement], unit: str | None) -> list[Percent] | None:
    """Each percent with what it is of; nothing where that is not clear.

    A percent belongs to the name beside it in its segment, else to the name in the segment before
    it ("viable tumor: 20 %") or behind it ("20 % (viable)").
    """
    found: list[Percent] = []
    for statement in statements:
        # "No response in 20 %".
        denied = {m.segment for m in statement.named(*KINDS, "effect") if m.said == "no"}
        if any(at in denied and _percent(measure, unit) for at, measure in statement.measures):
            return None
        waiting: list[str] = []
        unnamed: list[Measure] = []
        for segment in sorted({at for at, _ in statement.order}):
            parts = _of_percents([p for at, p in statement.order if at == segment], unit)
            kinds, measures = _kinds_and_percents(parts, unit)
            if kinds and measures:
                if waiting and isinstance(parts[0], Measure) and waiting[-1] not in kinds:
                    # "Viable: 30 % necrosis: 50 %": each name stands before its percent.
                    return None
                pairs = _pairs(parts, kinds, measures)
                if pairs is None:
                    return None
                found += pairs
                waiting = []
            elif measures:
                if len(measures) > 1:
                    return None
                if waiting:
                    found.append(Percent(waiting.pop(), measures[0]))
                else:
                    unnamed += measures
            elif len(kinds) == 1 and len(unnamed) == 1:
                found.append(Percent(kinds[0], unnamed.pop()))
            elif kinds:
                waiting = kinds[-1:]
        found += [Percent("", measure) for measure in unnamed]
    return found


def _kinds_and_percents(
    parts: Iterable[Mention | Measure], unit: str | None
) -> tuple[list[str], list[Measure]]:
    """What percents may be of, each once in a row, and the percents."""
    kinds: list[str] = []
    measures: list[Measure] = []
    for part in parts:
        if isinstance(part, Measure):
            if percent := _percent(part, unit):
                measures.append(percent)
        elif part.concept not in kinds[-1:]:
            kinds.append(part.concept)
    return kinds, measures


def _of_percents(parts: Sequence[Mention | Measure], unit: str | None) -> list[Mention | Measure]:
    """The percents, and the names of what they may be of.

    A response that is called complete, partial or poor is not what a percent is of.
    """
    is_called = any(isinstance(p, Mention) and p.concept.removeprefix(BARE) in RANKS for p in parts)
    kinds = KINDS - {"regressed"} if is_called else KINDS
    return [
        part
        for part in parts
        if (
            _percent(part, unit)
            if isinstance(part, Measure)
            else part.concept in kinds and part.said in ("", "yes")
        )
    ]


def _percent(measure: Measure, unit: str | None) -> Measure | None:
    """The measure if it is one of percent."""
    if not measure.unit and unit != "percent":
        return None
    return measure.in_unit("percent")


def _pairs(
    parts: Sequence[Mention | Measure],
    kinds: list[str],
    measures: list[Measure],
) -> list[Percent] | None:
    """Names and percents that alternate: "70 % necrosis and 30 % viable"."""
    if len(kinds) != len(measures):
        return None
    is_percent = [isinstance(part, Measure) for part in parts]
    turns = [now for at, now in enumerate(is_percent) if at == 0 or now != is_percent[at - 1]]
    if len(turns) != 2 * len(kinds):
        return None
    return [Percent(kind, measure) for kind, measure in zip(kinds, measures, strict=True)]


def _viable(percent: Percent, unsaid: str) -> Measure | None:
    """The viable percent; `unsaid` is what a percent of nothing named is of."""
    measure = percent.measure
    low, high = measure.low or Decimal(0), HUNDRED if measure.high is None else measure.high
    if high > HUNDRED or low > HUNDRED or measure.is_product:
        return None
    if (percent.kind or unsaid) == "viable":
        return measure
    is_endless = measure.high is None
    return replace(
        measure,
        low=HUNDRED - high,
        high=HUNDRED - low,
        low_is_open=False if is_endless else measure.high_is_open,
        high_is_open=measure.low_is_open,
    )


def _rank(viable: Decimal | None, is_open: bool, poor: Decimal) -> int:
    """The rank of a viable percent, or of what is just above it where it is open."""
    viable = viable or Decimal(0)
    if viable == 0 and not is_open:
        return COMPLETE
    return PARTIAL if viable < poor else POOR


def _top(viable: Measure, poor: Decimal) -> int:
    """The worst rank of an interval."""
    if viable.high is None:
        return POOR
    if viable.high == 0:
        return COMPLETE
    return PARTIAL if viable.high < poor or (viable.high == poor and viable.high_is_open) else POOR


def _untreated(mentions: Sequence[Mention], statements: Sequence[Statement]) -> Reading | None:
    """Without therapy there is no response; beside anything else said it is not understood."""
    others = [m for m in mentions if m.concept not in ("therapy", "inapplicable")]
    if any(m.said or m.concept not in DENIED_IS_POOR | {"grade"} for m in others):
        return None
    if loose_of(statements) - {"unstated"} or any(statement.measures for statement in statements):
        return None
    return Reading(missing_reason="not_applicable")


def _words(statements: Sequence[Statement]) -> list[set[int]] | None:
    """The ranks that words name; nothing where a word is denied or may be said of another thing."""
    found: list[set[int]] = []
    is_gone = any(m.said == "no" for m in mentions_of(statements, "viable"))
    asserted = {
        m.concept.removeprefix(BARE) for m in mentions_of(statements) if m.said in ("", "yes")
    }
    for statement in statements:
        for mention in statement.mentions:
            if is_gone and mention.concept == "bare complete" and mention.said != "no":
                # "Complete necrosis, no viable cells": of whichever it is said.
                continue
            if _is_of_another_thing(mention, statement) or mention.said in ("twice", "unstated"):
                return None
            if mention.said == "no":
                ranks = _denied(mention, statement, asserted)
            else:
                concept = mention.concept.removeprefix(BARE).replace("gone", "complete")
                is_said = concept in RANKS and mention.said in ("", "yes")
                ranks = {RANKS[concept]} if is_said else set()
            if ranks is None:
                return None
            found += [ranks] if ranks else []
    return None if loose_of(statements) - {"yes", "unassessable"} else found


def _is_of_another_thing(mention: Mention, statement: Statement) -> bool:
    """Whether a word may be said of necrosis or viable tumor instead of a response beside it."""
    if not mention.concept.startswith(BARE):
        return False
    names = [m for m in statement.mentions if m.segment == mention.segment and m.said != "no"]
    at = next((at for at, name in enumerate(names) if name is mention), None)
    beside = [] if at is None else names[max(at - 1, 0) : at + 2]
    if any(name.concept in DENIED_IS_POOR for name in beside):
        return False
    return any(name.concept in ("aside", "viable") for name in names)


def _denied(mention: Mention, statement: Statement, asserted: set[str]) -> set[int] | None:
    """What the denial of a name says: an empty set where it says nothing of the response."""
    concept = mention.concept.removeprefix(BARE)
    called = {m.segment for m in statement.mentions if m.concept.removeprefix(BARE) in RANKS}
    if concept == "viable":
        return {COMPLETE}
    if concept in DENIED_IS_POOR:
        # What counts is whether the word beside it is denied ("no complete response").
        return set() if mention.segment in called else {POOR}
    is_settled = concept == "complete" and asserted & INCOMPLETE
    return set() if is_settled or concept in ("aside", "things") else None


def _graded(statements: Sequence[Statement], words: list[set[int]]) -> list[set[int]] | None:
    """The ranks of the grades on their scale, on any without one; nothing where that is not clear.

    Words beside a grade have to say the same.
    """
    mentions = mentions_of(statements)
    scales = {m.concept.partition(" ")[2] for m in mentions if m.concept.startswith("scale ")}
    counted = [
        m.concept.partition(" ") for m in mentions if m.concept.startswith(("of ", "slash "))
    ]
    out_of = {last for _, _, last in counted}
    grades = _grades(statements, bool(words))
    if grades is None or len(scales) > 1 or (out_of and not grades):
        return None
    if not grades:
        return []
    scale = next(iter(scales), "")
    ranks_of = SCALES.get(scale, {})
    if scale and not ranks_of:
        return None
    if not scale:
        if out_of or not all(len(of_one) == 1 and not of_one - UNNAMED.keys() for of_one in grades):
            return None
        found = [UNNAMED[grade] for of_one in grades for grade in of_one]
        return found if all(any(ranks <= of_any for of_any in found) for ranks in words) else None
    if any(of_one - ranks_of.keys() for of_one in grades):
        return None
    found = [{ranks_of[grade] for grade in of_one} for of_one in grades]
    if (words and any(len(ranks) > 1 for ranks in found)) or out_of - {OUT_OF[scale]}:
        return None
    is_slashed = any(sign == "slash" for sign, _, _ in counted)
    if is_slashed and any(_may_be_a_range(grade, scale) for of_one in grades for grade in of_one):
        return None
    return found if not words or all(ranks in found for ranks in words) else None


def _may_be_a_range(grade: str, scale: str) -> bool:
    """Whether "3/4" may be 3 to 4 instead of 3 of 4, and say another thing then."""
    ranks, last = SCALES[scale], OUT_OF[scale]
    return int(grade[0]) == int(last) - 1 and ranks[grade] != ranks[last]


def _grades(statements: Sequence[Statement], has_words: bool) -> list[set[str]] | None:
    """The numbers that are grades, a range as both its ends; nothing if one is of other things.

    A grade stands beside the name of a scale or the like, or beside words.
    """
    found: list[set[str]] = []
    for statement in statements:
        parts = [part for _, part in statement.order]
        for at, part in enumerate(parts):
            if isinstance(part, Mention):
                if part.concept.startswith("code "):
                    found.append({part.concept.partition(" ")[2]})
                continue
            if part.unit:
                continue
            beside = [p for p in parts[max(at - 1, 0) : at + 2] if isinstance(p, Mention)]
            if statement is statements[0] and at == 0 and [p.concept for p in beside] == ["things"]:
                # "3 nodules, all Mandard 2".
                continue
            is_grade = any(
                p.concept.startswith(("scale ", "grade", "of ", "slash ")) for p in beside
            )
            if not (is_grade or (has_words and not found)) or any(
                p.concept == "things" for p in beside
            ):
                return None
            if part.low is None or part.high is None or part.low_is_open or part.high_is_open:
                return None
            found.append({format(part.low, "f"), format(part.high, "f")})
    return found


READERS = {"tumor_regression": read_regression, "viable_tumor_percent": read_viable}
