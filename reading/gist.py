"""The gist of a passage of which a word is not known: a name, and what is said of it beside.

Most of what pathologists write around a finding changes nothing of it. Where its name and its
answer stand side by side, and nothing else in the passage answers, measures or turns anything, the
two are all that matters; so is the one length of a passage that names no other lesion.
"""

from __future__ import annotations

from collections.abc import Sequence

from reading.adjuncts import is_wary
from reading.clauses import INVASION, SETTLING
from reading.common import Reading
from reading.lexicon import Lexeme
from reading.measures import Measure, with_measures

# What may stand between a name and its answer, and what an answer is made of.
BETWEEN = {"fill", "compare", "lesion", "here", "extent", "weak", "act", "idle"}
MARKS = {":", "(", "=", "-"}
ANSWERS = {
    "grade": {"degree"},
    "viable": {"number", "unit"},
    "steatosis": {"number", "unit", "degree", "deny", "denied"},
    "lvi": {"affirmed", "denied", "deny", "affirm"},
    "pni": {"affirmed", "denied", "deny", "affirm"},
}
# What anywhere else in the passage may change the answer.
CHANGING = SETTLING | {"degree", "unit", "turn", "but", "lesser", "code", "time", "means"}
HEDGING = {"doubt", "unassessable", "unstated", "turn", "but"}
# Words beside which a length may be of another thing than the metastasis.
OF_OTHERS = HEDGING | {"deny", "denied", "aside", "lesser", "specimen", "apart", "organ", "code"}
OF_OTHERS |= {"time", "means", "primary", "sentence", "graded", "vessel"}
# Verbs, which may be of any thing.
MEASURING = {"measures", "measuring", "measure", "measured", "across", "extent", "spans"}
# Behind these a length is how far the lesion is from something.
LYING = {"lies", "lie", "lying", "situated", "located", "below", "beneath", "under", "زیر"}
ALTERNATIVES = {"or", "یا"}


def gist_of(topic: str, lexemes: Sequence[Lexeme]) -> str | None:
    """A name of the field with its answer, if nothing else there says anything."""
    if topic not in ANSWERS or is_wary(lexemes) or any(x.kind in HEDGING for x in lexemes):
        return None
    answer = ANSWERS[topic]
    names = [at for at, x in enumerate(lexemes) if x.kind == "topic" and x.value == topic]
    answered = [
        at for at in names if any(_reach(lexemes, at, step, answer) is not None for step in (1, -1))
    ]
    if len(answered) != 1 or (len(names) > 1 and topic in INVASION):
        return None
    start = end = answered[0]
    while (ahead := _reach(lexemes, end, 1, answer)) is not None:
        end = ahead
    while (behind := _reach(lexemes, start, -1, answer)) is not None:
        start = behind
    while start and lexemes[start - 1].kind == "compare":
        start -= 1
    while end + 1 < len(lexemes) and lexemes[end + 1].kind == "compare":
        end += 1
    span, rest = lexemes[start : end + 1], [*lexemes[:start], *lexemes[end + 1 :]]
    if topic == "lvi" and any(x.kind == "vessel" for x in rest):
        # "LVI absent; portal veins contain tumor".
        return None
    is_alone = not any(
        x.kind in CHANGING or x.value in ("place", "node") or x.text in ALTERNATIVES for x in rest
    )
    if not is_alone:
        return None
    return " ".join(x.text for x in span if x.kind not in ("idle", "here"))


def _reach(lexemes: Sequence[Lexeme], at: int, step: int, answer: set[str]) -> int | None:
    """The next part of an answer in a direction, with nothing but quiet words before it."""
    at += step
    while 0 <= at < len(lexemes):
        lexeme = lexemes[at]
        if lexeme.kind in answer:
            return at
        if lexeme.kind not in BETWEEN and lexeme.text not in MARKS:
            return None
        at += step
    return None


def size_of(lexemes: Sequence[Lexeme]) -> Reading | None:
    """The one length of a passage, or the greatest of a list, where no other lesion is named."""
    parts = with_measures(lexemes)
    places = [at for at, part in enumerate(parts) if isinstance(part, Measure) and part.unit]
    measures = [part for part in parts if isinstance(part, Measure) and part.unit]
    if not measures or any(x.kind in OF_OTHERS or x.text in ALTERNATIVES for x in lexemes):
        return None
    is_far = any(x.text in LYING for x in lexemes) and not _is_before_lesion(parts, places[0])
    if is_far or not _is_of_lesion(parts, places[0]):
        return None
    if any(x.kind == "unknown" for x in parts[: places[0]]) or is_wary(lexemes):
        # It may be what is measured.
        return None
    between = parts[places[0] + 1 : places[-1]]
    is_list = all(x.kind in ("measure", "mark", "join") for x in between)
    is_first = any(isinstance(x, Measure) for x in parts[max(places[0] - 2, 0) : places[0]])
    if any(m.unit != "mm" for m in measures) or not is_list or is_first:
        return None
    if len(measures) == 1:
        return Reading(measure=measures[0])
    if not all(measure.is_exact for measure in measures):
        return None
    return Reading(measure=max(measures, key=lambda measure: measure.low or 0))


def _is_of_lesion(parts: Sequence[Lexeme | Measure], at: int) -> bool:
    """Whether a lesion, or a size, is named before a length or right behind it."""
    return _is_before_lesion(parts, at) or any(
        x.kind in ("lesion", "largest") or (x.value == "size" and x.text not in MEASURING)
        for x in parts[:at]
    )


def _is_before_lesion(parts: Sequence[Lexeme | Measure], at: int) -> bool:
    behind = next((x for x in parts[at + 1 :] if x.kind not in ("fill", "degree", "compare")), None)
    return behind is not None and behind.kind == "lesion"
