"""What nothing else in a comment contradicts, takes back or leaves open.

What passages and cores say of a field is held against the whole text here: against other lesions,
which may be worse or are not told of, a second answer behind a denial, and lengths that may be of
something else. What does not hold is left out, and so unread; nothing is read anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise, takewhile
from operator import or_

from reading.adjuncts import MEASURED, is_wary
from reading.clauses import (
    COMMA,
    ELSEWHERE,
    FIELDS,
    INVASION,
    LENGTHS,
    LETTERS,
    NAMES,
    Clause,
    clauses_of,
    counted,
    is_of_some,
    names_another,
)
from reading.comment_text import PAUSES
from reading.common import Reading
from reading.cores import Said
from reading.lexicon import Lexeme
from reading.measures import Measure, lengths_of
from reading.passage import FOUND, Passage
from reading.passages import HOLDING, RIVALS, WIDEST_ALONE

INVOLVED = {"involved", "R1", "R2"}
REASONS = {"not_assessable", "not_reported", "imprecise", "conflicting"}
# Fields of which each of several lesions may have its own, by the name that is read.
WORST = {"margin": "margin", "viable": "viable tumor", "regression": "response"}
WORST |= {"lvi": "lvi", "pni": "pni"}
# What names a lesion of several.
LESIONS = {"lesion", "lesser"}
# What is read where a field is denied.
DENIALS = {"no", "0"}
# What another lesion cannot make worse.
WORST_VALUES = {"yes", "poor"}
# Of what an answer without its name consists.
AFFIRMING = {"affirmed", "extent", "side", "specimen", "number"}
# No metastasis that is measured is smaller.
SMALLEST_MM = 1


def borne_out(
    found: dict[str, Reading],
    sentences: Sequence[Sequence[Lexeme]],
    passages: Sequence[Passage],
    lesions: int,
    said: Said,
) -> dict[str, Reading]:
    """The readings that hold against all the text, by field; a margin may lose its distance.

    ``lesions`` is how many are told one by one, ``said`` what a text says of a field.
    """
    found = _lengths_that_hold(found, sentences, passages, lesions)
    for topic in ("margin", *INVASION):
        if FIELDS[topic] in found and _is_contradicted(topic, found, sentences, said):
            del found[FIELDS[topic]]
    for topic in (*INVASION, "steatosis"):
        reading = found.get(FIELDS[topic])
        if reading and reading.value in DENIALS and _is_taken_back(topic, sentences):
            del found[FIELDS[topic]]
    for topic in (*INVASION, "grade", "regression", "viable"):
        reading = found.get(FIELDS[topic])
        is_worst = reading and (reading.value in WORST_VALUES or _is_above_0(reading))
        if reading and not is_worst and _is_told_of_some(topic, sentences):
            # "LVI not seen in one of two nodules": of the other nothing is known.
            del found[FIELDS[topic]]
    return found


def _lengths_that_hold(
    found: dict[str, Reading],
    sentences: Sequence[Sequence[Lexeme]],
    passages: Sequence[Passage],
    lesions: int,
) -> dict[str, Reading]:
    """The same readings without a size or a distance that may be another length."""
    found = dict(found)
    if _leaves_a_size_open(passages, lesions):
        found.pop("largest_metastasis", None)
    size = found.get("largest_metastasis")
    if size and size.measure and _is_no_size(size.measure, sentences):
        size = None
        del found["largest_metastasis"]
    margin = found.get("margin_distance")
    if margin and margin.measure and _may_be_nearer(margin.measure, sentences):
        return {name: x for name, x in found.items() if name not in MEASURED}
    lengths = sum(x.value in LENGTHS for sentence in sentences for x in sentence)
    if margin and size and margin.measure and margin.measure == size.measure and lengths == 1:
        # "Metastasis, 20 mm, at the resection margin": one length is not both.
        margin = None
        del found["margin_distance"]
    width = margin.measure.low if margin and margin.measure else None
    if margin and margin.value in INVOLVED | {"vascular"} and (width or 0) > WIDEST_ALONE:
        # "R1 vascular: the metastasis (4.8 cm) was peeled off a vein": no distance.
        found["margin_distance"] = replace(margin, measure=None)
    return found


def _is_no_size(size: Measure, sentences: Sequence[Sequence[Lexeme]]) -> bool:
    """Whether it is too short, as in "R1 (tumor 0.5 mm)", a distance, or not the longest."""
    is_short = size.high is not None and 0 < size.high <= SMALLEST_MM
    return is_short or _is_exceeded(size, sentences)


def _is_taken_back(topic: str, sentences: Sequence[Sequence[Lexeme]]) -> bool:
    """Whether a denial is not all that is told: "absent (H&E), present (D2-40)"."""
    return _is_answered_again(topic, sentences) or any(
        _is_bare(topic, sentence) or _is_answered_twice(topic, sentence) for sentence in sentences
    )


def _is_above_0(reading: Reading) -> bool:
    return bool(reading.measure and reading.measure.high)


def _is_bare(topic: str, sentence: Sequence[Lexeme]) -> bool:
    """Whether a part or a lesion has an invasion by its name alone: "specimen 2: LVI"."""
    parts: list[list[Lexeme]] = [[]]
    for lexeme in sentence:
        if lexeme.text in (",", ";") and not all(map(_is_place, parts[-1])):
            parts.append([])
        elif lexeme.kind not in ("fill", "mark"):
            parts[-1].append(lexeme)
    is_shown = any(x.text in HOLDING for x in sentence)
    for part in parts:
        places = [_is_place(x) for x in part]
        names = [(x.kind, x.value) == ("topic", topic) for x in part]
        if (any(places) or is_shown) and any(names) and all(map(or_, places, names)):
            return True
    return False


def _is_answered_again(topic: str, sentences: Sequence[Sequence[Lexeme]]) -> bool:
    """Whether behind its sentence comes one that is no more than an answer: "seen focally"."""
    for before, sentence in pairwise(sentences):
        told = [x for x in sentence if x.kind not in ("fill", "mark")]
        is_answer = bool(told) and told[0].kind == "affirmed"
        is_answer = is_answer and all(x.kind in AFFIRMING for x in told)
        if is_answer and any((x.kind, x.value) == ("topic", topic) for x in before):
            return True
    return False


def _is_answered_twice(topic: str, sentence: Sequence[Lexeme]) -> bool:
    """ "LVI: -, +", "LVI negative (3 nodules), positive (1 nodule)", "absent, but not assessed"."""
    before = list(takewhile(lambda x: x.kind != "affirmed", sentence))
    if counted(before) and counted(sentence) > counted(before):
        # "LVI absent in nodule 1 and present in nodule 2".
        return True
    at = next((at for at, x in enumerate(sentence) if x.value == topic), len(sentence))
    behind = takewhile(
        lambda x: x.kind not in ("topic", "aside") or x.value == topic, sentence[at:]
    )
    # "No definite LVI".
    own = [*sentence[max(at - 2, 0) : at], *behind]
    is_denied = False
    for last, lexeme, after in zip(own, own[1:], [*own[2:], COMMA], strict=False):
        is_denied = is_denied or last.kind in ("deny", "denied")
        is_sign = lexeme.text == "+" and after.kind == "mark"
        is_open = lexeme.kind in ("affirmed", "unassessable", "doubt") and lexeme.text not in FOUND
        ends = after.kind in ("mark", "fill")
        is_next = last.kind == "but" or last.text in PAUSES
        if is_denied and is_next and (is_sign or (is_open and ends)):
            return True
    return False


def _is_told_of_some(topic: str, sentences: Sequence[Sequence[Lexeme]]) -> bool:
    """Whether a field is named of some of several lesions only."""
    told: list[Sequence[Lexeme]] = []
    for sentence in sentences:
        named = {x.value for x in sentence if x.kind in NAMES}
        if topic in named:
            whole = [_up_to_pause(sentence)]
            is_one = named <= {topic} | INVASION
            parts = whole if is_one else [clause.lexemes for clause in clauses_of(sentence)]
            told += [part for part in parts if any(x.value == topic for x in part)]
    return bool(told) and all(map(is_of_some, told))


def _up_to_pause(sentence: Sequence[Lexeme]) -> Sequence[Lexeme]:
    """Without what stands apart behind the names: "LVI absent, satellite nodule 3 mm"."""
    last = max(at for at, x in enumerate(sentence) if x.kind in NAMES)
    behind = takewhile(lambda x: x.text not in PAUSES, sentence[last:])
    return [*sentence[:last], *behind]


def _is_place(lexeme: Lexeme) -> bool:
    return lexeme.kind in ("lesion", "specimen", "number") or lexeme.text in LETTERS


def _is_contradicted(
    topic: str,
    found: dict[str, Reading],
    sentences: Sequence[Sequence[Lexeme]],
    said: Said,
) -> bool:
    """Whether another lesion is worse, without the name again: "margin free. Nodule b involved"."""
    for sentence in sentences:
        clauses = clauses_of(sentence) if names_another(sentence) else []
        if any(clause.about - {topic, "size"} for clause in clauses):
            # "Perineural invasion: nodule a absent, nodule b positive".
            continue
        for clause in clauses:
            if names_another(clause.lexemes) and not clause.about and not clause.is_aside:
                named = counted(clause.lexemes)
                told = [x for x in clause.lexemes if x.text not in named and x.kind not in LESIONS]
                text = Passage({topic}, [replace(clause, lexemes=told)]).text_for(topic)
                reading = said(FIELDS[topic], f"{WORST[topic]} {text}")
                than = found[FIELDS[topic]]
                if reading and _is_worse(reading, than, clause):
                    return True
                if than.value == "no" and not reading and is_wary(clause.lexemes):
                    # "No LVI in lesion a; lesion b not examined".
                    return True
    return False


def _is_worse(reading: Reading, than: Reading, clause: Clause) -> bool:
    """Whether a margin is involved where it was not, or is nearer, or an invasion is there, or
    nobody knows of either."""
    if reading.value in INVOLVED | {"yes"} or reading.missing_reason in REASONS:
        return than.value not in INVOLVED | {"yes"}
    if than.value in INVOLVED or not reading.measure or "apart" not in clause.kinds:
        return False
    return not than.measure or (reading.measure.low or 0) < (than.measure.low or 0)


def _leaves_a_size_open(passages: Sequence[Passage], lesions: int) -> bool:
    """Whether one of several lesions may be the largest by a length that no field has taken.

    "Nodule a, viable tumor 70 %, 43 mm. Nodule b, viable tumor 10 %, measures 33 mm."
    """
    sized = [clause for p in passages if "size" in p.named for clause in p.clauses]
    count = sum(x.value in LENGTHS for clause in sized for x in clause.lexemes)
    is_named = any("largest" in clause.kinds for clause in sized)
    is_other = any("lesser" in passage.kinds for passage in passages)
    are_all = count >= max(lesions, 2 if is_other else 0)
    return not are_all and not is_named and any(map(_has_loose_length, passages))


def _is_exceeded(size: Measure, sentences: Sequence[Sequence[Lexeme]]) -> bool:
    """Whether a longer length, of which nobody knows what it is of, may be another lesion's."""
    longest = size.high or size.low or 0
    for sentence in sentences:
        if any(x.kind in ELSEWHERE or x.kind == "specimen" or x.value in RIVALS for x in sentence):
            continue
        for clause in clauses_of(sentence):
            lengths = lengths_of(clause.lexemes)
            is_width = "margin" in clause.about or "apart" in clause.kinds
            is_named = clause.kinds & {"lesion", "largest", "unknown"}
            if not is_named or clause.is_aside or len(lengths) <= is_width:
                continue
            if any((x.low or 0) > longest for x in lengths):
                return True
    return False


def _may_be_nearer(margin: Measure, sentences: Sequence[Sequence[Lexeme]]) -> bool:
    """Whether all that may be a size may be the margin of another lesion, and a smaller one.

    "Margin free, 6 mm. Nodule b: 2 mm."
    """
    clauses = [clause for sentence in sentences for clause in clauses_of(sentence)]
    first = next((at for at, clause in enumerate(clauses) if "margin" in clause.about), 0)
    sized = [c for c in clauses if c.has_length and "lesion" in c.kinds and "margin" not in c.about]
    lengths = [x for clause in sized for x in lengths_of(clause.lexemes)]
    naming = {"topic", "weak", "largest", "apart"}
    are_bare = all(counted(c.lexemes) and not (c.is_aside or c.kinds & naming) for c in sized)
    are_behind = not any(clause in sized for clause in clauses[:first])
    return are_bare and are_behind and any((x.low or 0) < (margin.low or 0) for x in lengths)


def _has_loose_length(passage: Passage) -> bool:
    """Whether a length stands in a passage that is neither of its field nor of a size."""
    lengths = [clause for clause in passage.clauses if clause.has_length]
    margins = [x for x in passage.lexemes if x.value == "margin"]
    return "size" not in passage.named and len(lengths) > len(margins)
