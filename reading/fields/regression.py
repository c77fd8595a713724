"""Regression of the tumor after therapy, in words, on a scale or by percent; and the viable percent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from reading.common import (
    Reading,
    is_understood,
    loose_of,
    mentions_of,
    read_inapplicable,
)
from reading.measures import Measure
from reading.sentence import Mention, Statement, statements_of

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
# What a grade without a scale may say, of all scales.
UNNAMED = {"0": (1, 3), "1": (1, 3), "2": (2, 2), "3": (1, 3), "4": (1, 3), "5": (3, 3)}
HALF = Decimal(50)
HUNDRED = Decimal(100)
# What a percent may be of.
KINDS = {"viable", "regressed", "aside"}
# "No response" is poor; what else is denied has no value of its own.
DENIED_IS_POOR = {"regressed", "effect"}


@dataclass(frozen=True, slots=True)
class Percent:
    """A percent and what it is of: viable, regressed, aside (necrosis, fibrosis), or "" where unsaid."""

    kind: str
    measure: Measure


def read_regression(field: str, text: str, unit: str | None) -> Reading | None:
    """The worst of what words, grades of a scale and percents say."""
    statements = statements_of(text, field)
    if text.startswith("-") or not is_understood(statements):
        return None
    mentions = mentions_of(statements)
    if any(m.concept == "inapplicable" for m in mentions):
        return read_inapplicable(statements, "regressed", "effect", "grade")
    percents = percents_of(statements, unit)
    graded = _graded(statements)
    words = _words(statements)
    if percents is None or graded is None or words is None:
        return None
    viable = [_viable(percent, "regressed") for percent in percents if percent.kind != "aside"]
    if any(measure is None for measure in viable):
        return None
    spans = [(_rank(m.low or Decimal(0), m.low_is_open), _top(m)) for m in viable if m is not None]
    if words and not spans and graded and not _go_together(words, graded, mentions):
        return None
    definite = words + spans + [span for span in graded if _is_named(mentions)]
    if not words and not spans:
        definite = graded
    if {COMPLETE, POOR} <= {best for best, worst in words + spans if best == worst} and words:
        return None
    is_open = "unassessable" in loose_of(statements) or any(
        m.said in ("doubt", "unassessable") for m in mentions
    )
    if is_open:
        definite = [*definite, (COMPLETE, POOR)]
    if not definite:
        is_present = any(m.concept == "effect" and m.said == "yes" for m in mentions)
        return Reading(missing_reason="imprecise") if is_present else None
    best, worst = (max(rank) for rank in zip(*definite, strict=True))
    if best == worst:
        return Reading(VALUES[worst])
    return Reading(missing_reason="not_assessable" if is_open else "imprecise")


def read_viable(field: str, text: str, unit: str | None) -> Reading | None:
    """The viable percent; what is regressed is not viable, and necrosis is neither."""
    statements = statements_of(text, field)
    if text.startswith("-") or not is_understood(statements):
        return None
    mentions = mentions_of(statements)
    if any(m.concept == "inapplicable" for m in mentions):
        return read_inapplicable(statements, *KINDS)
    if any(m.concept not in KINDS | {"fill", "complete"} for m in mentions):
        return None
    if loose_of(statements) - {"yes"} or any(
        m.said not in ("", "yes", "no") or (m.said == "no" and m.concept == "regressed")
        for m in mentions
    ):
        return None
    percents = percents_of(statements, unit or "percent")
    if percents is None:
        return None
    found = [_viable(percent, "viable") for percent in percents if percent.kind != "aside"]
    if any(m.concept == "viable" and m.said == "no" for m in mentions):
        found.append(Measure(Decimal(0), Decimal(0), unit="percent"))
    if len(set(found)) != 1 or found[0] is None:
        return None
    return Reading(measure=found[0])


def percents_of(statements: Sequence[Statement], unit: str | None) -> list[Percent] | None:
    """Each percent with what it is of; nothing where that is not clear.

    A percent belongs to the name beside it in its segment, else to the name in the segment before
    it ("viable tumor: 20 %") or behind it ("20 % (viable)").
    """
    found: list[Percent] = []
    for statement in statements:
        waiting: list[str] = []
        unnamed: list[Measure] = []
        for segment in sorted({at for at, _ in statement.order}):
            parts = [part for at, part in statement.order if at == segment]
            kinds, measures = _kinds_and_percents(parts, unit)
            if kinds and measures:
                pairs = _pairs(parts, kinds, measures, unit)
                if pairs is None or waiting:
                    return None
                found += pairs
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
    """What percents may be of, each once in a row and unless denied, and the percents."""
    kinds: list[str] = []
    measures: list[Measure] = []
    for part in parts:
        if isinstance(part, Measure):
            if percent := _percent(part, unit):
                measures.append(percent)
        elif part.concept in KINDS and part.said in ("", "yes") and part.concept not in kinds[-1:]:
            kinds.append(part.concept)
    return kinds, measures


def _percent(measure: Measure, unit: str | None) -> Measure | None:
    """The measure if it is one of percent."""
    if not measure.unit and unit != "percent":
        return None
    return measure.in_unit("percent")


def _pairs(
    parts: Sequence[Mention | Measure],
    kinds: list[str],
    measures: list[Measure],
    unit: str | None,
) -> list[Percent] | None:
    """Names and percents that alternate: "70 % necrosis and 30 % viable"."""
    if len(kinds) != len(measures):
        return None
    is_percent = [
        isinstance(part, Measure)
        for part in parts
        if (isinstance(part, Measure) and _percent(part, unit))
        or (isinstance(part, Mention) and part.concept in KINDS and part.said in ("", "yes"))
    ]
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


def _rank(viable: Decimal, is_open: bool) -> int:
    """The rank of a viable percent, or of what is just above it where it is open."""
    if viable == 0 and not is_open:
        return COMPLETE
    return PARTIAL if viable < HALF else POOR


def _top(viable: Measure) -> int:
    """The worst rank of an interval."""
    if viable.high is None:
        return POOR
    if viable.high == 0:
        return COMPLETE
    return PARTIAL if viable.high < HALF or (viable.high == HALF and viable.high_is_open) else POOR


def _words(statements: Sequence[Statement]) -> list[tuple[int, int]] | None:
    """What words say, as best and worst rank; nothing where a word is denied or left without sense."""
    found: list[tuple[int, int]] = []
    mentions = mentions_of(statements)
    asserted = {m.concept for m in mentions if m.said in ("", "yes")}
    for mention in mentions:
        concept = mention.concept
        if mention.said in ("twice", "unstated"):
            return None
        if mention.said in ("doubt", "unassessable"):
            continue
        if mention.said == "no":
            if concept in DENIED_IS_POOR:
                found.append((POOR, POOR))
            elif concept == "viable":
                found.append((COMPLETE, COMPLETE))
            elif concept != "aside" and not (concept == "complete" and asserted & {"partial", "poor"}):
                return None
        elif concept in RANKS:
            found.append((RANKS[concept], RANKS[concept]))
    loose = loose_of(statements)
    if loose - {"yes", "no", "unassessable"} or ("no" in loose and (found or asserted)):
        return None
    return found


def _graded(statements: Sequence[Statement]) -> list[tuple[int, int]] | None:
    """What the grades of a scale say, as best and worst rank; nothing where they say nothing clear."""
    mentions = mentions_of(statements)
    scales = {m.concept.partition(" ")[2] for m in mentions if m.concept.startswith("scale ")}
    grades = _grades(statements)
    out_of = {m.concept.partition(" ")[2] for m in mentions if m.concept.startswith("of ")}
    if grades is None or len(scales) > 1:
        return None
    if not grades:
        return None if out_of or (scales - {"blazer"} and not _has_words(mentions)) else []
    if scales and scales <= set(SCALES):
        scale = scales.pop()
        if out_of - {OUT_OF[scale]}:
            return None
        ranks = [{SCALES[scale].get(grade, 0) for grade in of_one} for of_one in grades]
        if any(0 in of_one or len(of_one) > 1 for of_one in ranks):
            return None
        if out_of and _may_be_a_range(grades, scale):
            return None
        return [(rank, rank) for of_one in ranks for rank in of_one]
    is_graded = any(m.concept == "grade" for m in mentions)
    if scales or out_of or not is_graded or any(len(of_one) > 1 for of_one in grades):
        return None
    spans = [UNNAMED.get(grade) for of_one in grades for grade in of_one]
    return None if None in spans else [span for span in spans if span]


def _has_words(mentions: Sequence[Mention]) -> bool:
    return any(m.concept in RANKS or m.concept in KINDS | DENIED_IS_POOR for m in mentions)


def _is_named(mentions: Sequence[Mention]) -> bool:
    return any(m.concept.startswith("scale ") for m in mentions)


def _may_be_a_range(grades: Sequence[set[str]], scale: str) -> bool:
    """ "Dworak 3/4" is 3 of 4, or 3 to 4."""
    last = OUT_OF[scale]
    return any(
        int(grade[0]) == int(last) - 1 and SCALES[scale].get(grade) != SCALES[scale].get(last)
        for of_one in grades
        for grade in of_one
    )


def _grades(statements: Sequence[Statement]) -> list[set[str]] | None:
    """The numbers that are grades, a range as both its ends."""
    found: list[set[str]] = []
    for statement in statements:
        for _, part in statement.order:
            if isinstance(part, Mention):
                if part.concept.startswith("code "):
                    found.append({part.concept.partition(" ")[2]})
                if part.concept.startswith("code ") and part.said not in ("", "yes"):
                    return None
            elif not part.unit:
                if part.low is None or part.high is None or part.low_is_open or part.high_is_open:
                    return None
                found.append({format(part.low, "f"), format(part.high, "f")})
    return found


def _go_together(
    words: Sequence[tuple[int, int]], graded: Sequence[tuple[int, int]], mentions: Sequence[Mention]
) -> bool:
    """A word beside a grade says the same as the grade, on its scale or, without one, on any."""
    return not _is_named(mentions) or set(words) == set(graded)


READERS = {"tumor_regression": read_regression, "viable_tumor_percent": read_viable}
