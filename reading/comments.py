"""What the free text of a pathology report says of the fields that a comment may tell.

A comment speaks of many things, in sentences that leave out what the one before has named. Here
it is taken apart: sentences, their clauses, and the field that each clause is about (clauses.py).
Clauses of one field that follow each other are a passage (passages.py), which the field's own
reader reads. A sentence of another time, organ or means is left out, and what follows it, until
the text says that it speaks of this liver again.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import accumulate

from reading.adjuncts import QUIET, is_wary, without_adjuncts
from reading.clauses import (
    ANSWERS,
    FIELDS,
    INVASION,
    LENGTHS,
    SETTLING,
    Clause,
    by_lesion,
    counted,
    is_later_report,
    lesions_of,
    measures_lesion,
    names_another,
    without_numbers_of_lesions,
    without_segments,
)
from reading.comment_text import sentences_of
from reading.common import Reading
from reading.contradictions import INVOLVED, REASONS, WORST, borne_out
from reading.cores import SCALES, Said, core_of
from reading.fields.margin import WIDEST_MM
from reading.gist import gist_of, size_of
from reading.lexicon import Lexeme, lexicon_of
from reading.measures import HUNDRED, Measure, with_spans
from reading.passages import (
    MICROSCOPE,
    Passage,
    gathered,
    is_hint,
)
from reading.read import read
from reading.settings import USUAL, Settings
from reading.tokens import tokens_of

AT_ODDS = {"tumor_regression", "viable_tumor_percent"}
# A percent with its bounds, as it is written in a passage.
PERCENT = re.compile(
    r"(?:[<>]=? )?\d+(?:\.\d+)?(?: (?:-|to|تا) \d+(?:\.\d+)?)? (?:%|percent|درصدی?)"
)
# A grade on a scale of regression, beside which a percent stands.
SCALE = re.compile(
    rf"[,(]? ?(?:{SCALES})"
    r"(?: (?:trg|grade|score|tumor regression grade))*(?: :)? [0-5][ab]?(?: \))?(?! ?%)"
    r"|[,(]? ?trg(?: :)? [0-5](?: \))?(?! ?%)"
)
# By which words several distances are told apart, and what must not stand beside them.
NEAREST = {"closest", "nearest", "نزدیکترین", "closest margin", "nearest margin", "shortest"}
RESPECTIVE = {"respective", "respectively", "به ترتیب"}
TURNING_MARGINS = {
    "deny",
    "denied",
    "doubt",
    "unassessable",
    "code",
    "aside",
    "unknown",
    "specimen",
}
# What a clause that says anything has, and names that only tell where.
SAYING = {"number", "code", "degree", "lesser", "turn"}
SURROUNDINGS = {
    "margin",
    "parenchymal",
    "distance",
    "at",
    "tumor",
    "body",
    "side",
    "specimen",
    "segment",
}
EYE = {"macroscopically", "grossly", "gross", "macroscopic", "ماکروسکوپی"}
CLEAR = {"clear", "free", "negative", "uninvolved", "آزاد", "منفی", "عاری از تومور"}
GRADES = ("", "well", "moderate", "poor")
# Sides that may be said of other things too.
DEEP = {"deep", "superficial", "عمقی", "سطحی"}
REASONS_OF = dict.fromkeys(INVASION, REASONS - {"imprecise"})
REASONS_OF["regression"] = REASONS | {"not_applicable"}
# Fields that a number tells, and what beside one says anything of them.
NUMBERED = {"viable", "size"}
SAYING_NUMBERS = {"number", "deny", "denied", "doubt", "unassessable", "unstated"}
# Answers of which a name has to tell of what they are.
VALUES = {"denied", "affirmed", "degree"}
# An addendum that changes nothing: "Addendum: none".
UNCHANGED = {"none", "nil", "no", "confirmed", "ندارد", "تایید شد"}
# Fat that has no grade.
SMALL_DROPLETS = {"microvesicular", "microvesicular steatosis", "microsteatosis"}
SMALL_DROPLETS |= {"میکرووزیکولار", "استئاتوز میکرووزیکولار"}
# The order of what has no measure.
WORST_LAST: dict[str, tuple[str, ...]] = dict.fromkeys(INVASION, ("no", "yes"))
WORST_LAST["regression"] = ("complete", "partial", "poor")


def read_comment(text: str, settings: Settings = USUAL) -> dict[str, Reading]:
    """What a normalized comment says, by field: values, and reasons why one cannot be told."""
    return _of_reports(_without_codes_of_nodes(sentences_of(text)), settings)


def _of_reports(sentences: list[list[Lexeme]], settings: Settings) -> dict[str, Reading]:
    """What a report says with its addenda, of which the last holds."""
    passages = gathered(sentences)
    later = max((at for at, x in enumerate(sentences) if is_later_report(x)), default=0)
    if not later or not passages:
        return _found(sentences, passages, settings)
    # What an addendum speaks of holds as it says, whatever stands before it.
    addendum = gathered(sentences[later:])
    told = {FIELDS[topic] for passage in addendum for topic in passage.named}
    if not told and any(_is_of_no_name(sentence) for sentence in sentences[later:]):
        # "The measurement above should be 0.3 mm."
        return {}
    before = _of_reports(sentences[:later], settings)
    found = _found(sentences[later:], addendum, settings)
    return {name: x for name, x in before.items() if name not in told} | found


def _is_of_no_name(sentence: Sequence[Lexeme]) -> bool:
    """Whether a value is told, and nobody knows of what: "0.3 mm", "Correction: positive"."""
    if any(x.kind == "unit" for x in sentence):
        return True
    told = [x for x in sentence if x.kind in VALUES or x.text in CLEAR | INVOLVED]
    is_alone = all(x in told or x.kind in ("heading", "mark", "fill") for x in sentence)
    return is_alone and any(x.text not in UNCHANGED for x in told)


def _without_codes_of_nodes(sentences: Sequence[Sequence[Lexeme]]) -> list[list[Lexeme]]:
    """ "Lymph nodes 0/5, pN0": of nodes, not of nerves; in "L0 V0 Pn0" it is of these."""
    has_nodes = any(x.value == "node" for sentence in sentences for x in sentence)
    found = []
    for sentence in sentences:
        codes = {x.value for x in sentence if x.kind == "code"}
        is_of_nodes = has_nodes and "lvi" not in codes
        kept = [x for x in sentence if not (is_of_nodes and (x.kind, x.value) == ("code", "pni"))]
        found.append(kept)
    return found


def _found(
    sentences: Sequence[Sequence[Lexeme]], passages: list[Passage], settings: Settings
) -> dict[str, Reading]:
    """What sentences, of which these are the passages, say by field."""

    def said(of: str, text: str) -> Reading | None:
        return _said(of, text, settings)

    lesions = lesions_of(sentences)
    of_margin = [clause for p in passages if "margin" in p.about for clause in p.clauses]
    is_other = any("lesser" in clause.kinds for clause in of_margin)
    if is_other and all("lesser" in c.kinds for c in of_margin if c.about or c.answers):
        # "Satellite nodule 3 mm from margin": nothing of the one that is asked.
        passages = [replace(p, unheard=p.unheard | {"margin"}) for p in passages]
    read_of = {topic: _each(topic, _telling(topic, passages), settings) for topic in FIELDS}
    if _are_parallel(passages):
        lesions = max(lesions, 2)
    is_other = is_other or _are_of_sides(read_of["margin"])
    found = {}
    for topic, name in FIELDS.items():
        are_several = lesions > 1 or (topic == "margin" and is_other)
        told = read_of[topic]
        reading = _together(topic, told, max(lesions, 1 + are_several), settings) if told else None
        reasons = REASONS_OF.get(topic, REASONS)
        if reading and (reading.value or reading.measure or reading.missing_reason in reasons):
            found[name] = reading
    is_refused = any(x.kind == "refuse" for sentence in sentences for x in sentence)
    if not is_refused and not any(is_hint(sentence) for sentence in sentences):
        _add_cores(found, sentences, said)
    found = borne_out(found, sentences, passages, lesions, said)
    if _are_at_odds(found.get("tumor_regression"), [reading for _, reading in read_of["viable"]]):
        return {name: r for name, r in found.items() if name not in AT_ODDS}
    return found


def _telling(topic: str, passages: Sequence[Passage]) -> list[Passage]:
    """The passages that may tell of a field; of viable tumor those that name it, if any does."""
    telling = [p for p in passages if p.may_tell(topic)]
    if topic != "viable":
        return telling
    named = [p for p in telling if "viable" in p.named]
    is_open = any(not p.has_percent and not p.kinds & SETTLING for p in named)
    return named if is_open else telling


def _add_cores(
    found: dict[str, Reading], sentences: Sequence[Sequence[Lexeme]], said: Said
) -> None:
    """Adds what one clear core says of a field of which the passages say nothing."""
    for topic, name in FIELDS.items():
        if name in found or (topic == "regression" and FIELDS["viable"] in found):
            continue
        core = core_of(topic, sentences, said)
        if core is not None:
            found[name] = core


def _are_at_odds(regression: Reading | None, viable: Sequence[Reading | None]) -> bool:
    """A complete response and viable tumor: of several lesions, or a mistake."""
    if regression is None or not regression.value:
        return False
    is_complete = regression.value == "complete"
    if is_complete and None in viable:
        # "Complete response. Nodule b contains viable cells."
        return True
    return any((r.measure.high == 0) != is_complete for r in viable if r and r.measure)


def _each(
    topic: str, passages: list[Passage], settings: Settings
) -> list[tuple[Passage, Reading | None]]:
    """What each passage says of a field; those that only name it are left out."""
    found: list[tuple[Passage, Reading | None]] = []
    for passage in passages:
        reading = None
        is_mixed = any(clause.is_mixed for clause in passage.clauses)
        if not is_mixed and not passage.is_half_denied:
            name = FIELDS[topic]
            reading = _said(name, passage.text_for(topic), settings)
            if topic == "margin":
                reading = reading or _said(name, _uncounted(passage).text_for(topic), settings)
                is_read = reading and reading.missing_reason != "conflicting"
                reading = (
                    _of_one_side(reading, passage)
                    if reading and is_read
                    else (_least(passage) or reading)
                )
            if topic == "viable":
                reading = reading or _of_list(passage)
            if reading is None and (core := _core(passage, topic)):
                reading = _said(name, core.text_for(topic), settings)
            if topic == "size" and reading is None and _is_of_lesser(passage):
                reading = _said(name, _as_any(passage).text_for(topic), settings)
            if reading is None:
                reading = _gist(topic, passage, settings)
            if topic in WORST_LAST and _shares_name(topic, passage):
                # "Mandard: nodule 1 2, nodule 2 4".
                is_of_all = reading is not None and _holds_of_all(topic, reading, passage)
                reading = _worst(topic, passage, settings) or (reading if is_of_all else None)
            elif topic == "steatosis" and _shares_name(topic, passage) and _is_of_many(passage):
                # "Steatosis 10 % in nodule a, 40 % in nodule b".
                reading = None
            elif topic in WORST and (reading is None or reading.missing_reason):
                reading = _worst(topic, passage, settings) or reading
            if topic in INVASION and passage.may_be_denied(topic):
                reading = None
            elif reading is None and passage.named == INVASION:
                reading = _said(name, passage.own_text_for(topic), settings)
        if topic == "margin":
            reading = _without_size(reading, passage)
        if topic == "viable" and reading and reading.measure and not passage.is_understood_percent:
            reading = None
        if topic == "regression" and passage.has_percent and not _is_called(passage, settings):
            # "Regression 80 %" tells the percent of viable tumor.
            continue
        if topic == "steatosis" and _denies_small_droplets(passage):
            # "Macrovesicular steatosis 35 %. No microvesicular steatosis."
            continue
        is_told = passage.answers and (topic not in NUMBERED or passage.kinds & SAYING_NUMBERS)
        # "The satellite is at the margin", "nodule b is entirely viable".
        is_told = is_told or (topic in WORST and names_another(passage.lexemes))
        if reading is not None or (topic in passage.about and is_told) or is_mixed:
            found.append((passage, reading))
    return found


def _is_of_lesser(passage: Passage) -> bool:
    """Whether all lengths are of other lesions than the one of which the size is asked."""
    sized = [clause for clause in passage.clauses if clause.has_length]
    return bool(sized) and all(
        "lesser" in clause.kinds and "largest" not in clause.kinds for clause in sized
    )


def _as_any(passage: Passage) -> Passage:
    """The passage without the words that tell a lesion from the largest."""
    clauses = [
        replace(clause, lexemes=[x for x in clause.lexemes if x.kind != "lesser"])
        for clause in passage.clauses
    ]
    return replace(passage, clauses=clauses)


def _gist(topic: str, passage: Passage, settings: Settings) -> Reading | None:
    """What a passage says by its name and its answer alone, or by its one length."""
    if topic == "size":
        return size_of(passage.lexemes) if passage.named == {"size"} else None
    text = gist_of(topic, passage.lexemes) if passage.named == {topic} else None
    return _said(FIELDS[topic], text, settings) if text else None


def _core(passage: Passage, topic: str) -> Passage | None:
    """The passage without the clauses that say nothing; none where all say something."""
    told = [c for c in passage.clauses if topic in c.about or _says_anything(c, topic)]
    is_less = told != passage.clauses and any(topic in c.about for c in told)
    is_answered = any(c.kinds & (SETTLING | {"code"}) for c in told)
    may_be = is_less and (is_answered or topic not in INVASION)
    return replace(passage, clauses=told) if may_be else None


def _says_anything(clause: Clause, topic: str) -> bool:
    """Whether the reader of a field may find anything in a clause."""
    known = lexicon_of(FIELDS[topic]).lexemes(
        [token for lexeme in clause.lexemes for token in tokens_of(lexeme.text)]
    )
    quiet = QUIET | {"join", "mark", "compare"}
    says = any(x.kind not in quiet and x.value not in SURROUNDINGS for x in known)
    return says or bool(clause.kinds & SAYING) or is_wary(clause.lexemes)


def _uncounted(passage: Passage) -> Passage:
    """The passage without numbers that have no unit: counts, or lengths of an unknown one."""
    spans = [with_spans(clause.lexemes) for clause in passage.clauses]
    flat = [part for of_clause in spans for part, _ in of_clause]
    clauses = []
    for clause, of_clause in zip(passage.clauses, spans, strict=True):
        kept: list[Lexeme] = []
        for part, lexemes in of_clause:
            flat = flat[1:]
            # "5 and 8 mm", "4, 9 mm" are both of millimeters.
            behind = next((x.kind for x in flat if x.kind not in ("mark", "join")), "")
            is_count = isinstance(part, Measure) and not part.unit and behind != "measure"
            kept += [] if is_count else lexemes
        clauses.append(replace(clause, lexemes=kept))
    return replace(passage, clauses=clauses)


def _of_list(passage: Passage) -> Reading | None:
    """The most of several percents that follow each other: "of the nodules 10 %, 30 % and 50 %"."""
    parts = passage.parts
    places = [at for at, part in enumerate(parts) if isinstance(part, Measure)]
    listed = [part for part in parts if isinstance(part, Measure) and part.unit == "percent"]
    between = {x.kind for x in parts[places[0] : places[-1]]} if places else set()
    is_list = len(listed) == len(places) > 1 and between <= {"measure", "mark", "join"}
    # Two that make up the whole may be of two things.
    is_of_lesions = sum(m.high or 0 for m in listed) != HUNDRED
    is_plain = passage.named == {"viable"} and not passage.kinds & TURNING_MARGINS
    return (
        _most_viable([Reading(measure=m) for m in listed])
        if (is_list and is_of_lesions and is_plain)
        else None
    )


def _least(passage: Passage) -> Reading | None:
    """Of several distances the smallest, where they are told so: "closest 7 mm, 11 mm"."""
    parts, words = passage.parts, passage.words
    measures = [part for part in parts if isinstance(part, Measure)]
    if len(measures) < 2 or passage.kinds & TURNING_MARGINS:
        return None
    if (least := _least_of_sides(parts)) is not None:
        return Reading("negative" if words & CLEAR else None, measure=least)
    if words & RESPECTIVE and not any(m.unit for m in measures[:-1]):
        # "9, 3 and 7 mm respectively".
        measures = [m.in_unit(measures[-1].written) or m for m in measures]
    if not all(m.unit == "mm" and m.is_exact and not m.is_product for m in measures):
        return None
    least = min(measures, key=lambda measure: measure.low or 0)
    is_told = (words & NEAREST and measures[0] == least) or words & RESPECTIVE
    return Reading(measure=least) if is_told and (least.high or 0) <= WIDEST_MM else None


def _sides_of(passage: Passage) -> list[str]:
    """The names of sides in a passage, each as often as it stands there."""
    return [x.text for x in passage.lexemes if x.kind == "side" or x.text in DEEP]


def _are_parallel(passages: Sequence[Passage]) -> bool:
    """Whether each of several lesions has its size and its margin, one behind the other."""
    order = [p.about & {"size", "margin"} for p in passages if p.about & {"size", "margin"}]
    pairs = [order[at : at + 2] for at in range(0, len(order), 2)]
    return len(pairs) > 1 and all(pair == [{"size"}, {"margin"}] for pair in pairs)


def _are_of_sides(read_of: Sequence[tuple[Passage, Reading | None]]) -> bool:
    """Whether each sentence tells of the margin of another side: "deep: 2 mm. Lateral: 5 mm"."""
    sides = [side for passage, _ in read_of for side in _sides_of(passage)]
    return len(set(sides)) == len(sides) == len(read_of)


def _are_comparable(readings: Sequence[Reading | None]) -> bool:
    """Whether the worst of several margins is known: each has a width, or one is involved."""
    is_any_involved = any(r and r.value in INVOLVED for r in readings)
    return all(r and (r.measure or (r.value and is_any_involved)) for r in readings)


def _without_size(reading: Reading | None, passage: Passage) -> Reading | None:
    """Without a length that stands at a lesion and is related to nothing: "3 cm tumor, clear"."""
    lengths = [x for x in passage.lexemes if x.value in LENGTHS]
    if reading is None or reading.measure is None or len(lengths) != 1 or passage.is_counted:
        return reading
    if any(measures_lesion(clause.lexemes) for clause in passage.clauses):
        return replace(reading, measure=None) if reading.value else None
    return reading


def _of_one_side(reading: Reading, passage: Passage) -> Reading:
    """Where one side is involved, the distance is of another: "lateral involved, deep 4 mm"."""
    measure = reading.measure
    are_several = len(set(_sides_of(passage))) > 1
    if reading.value in INVOLVED and measure and measure.low and are_several:
        return replace(reading, measure=None)
    return reading


def _least_of_sides(parts: Sequence[Lexeme | Measure]) -> Measure | None:
    """Of distances that each have a side the smallest: "deep 3 mm, lateral more than 20 mm"."""
    sides = [x.text for x in parts if x.kind == "side" or x.text in DEEP]
    measures = [part for part in parts if isinstance(part, Measure)]
    order = [part for part in parts if isinstance(part, Measure) or part.text in sides]
    # Each has its side before it, or each behind it ("2 mm (deep), 8 mm (lateral)").
    is_behind = order[:1] == measures[:1]
    balance = list(
        accumulate(1 if isinstance(part, Measure) == is_behind else -1 for part in order)
    )
    if any(ahead < 0 for ahead in balance) or (is_behind and max(balance, default=0) > 1):
        return None
    if len(set(sides)) != len(measures) or any(m.unit != "mm" or m.is_product for m in measures):
        return None
    least = min(measures, key=lambda m: (m.high is None, m.high or 0))
    others = [m for m in measures if m is not least]
    is_least = least.is_exact and all((m.low or 0) >= (least.high or 0) for m in others)
    return least if is_least and (least.high or 0) <= WIDEST_MM else None


def _worst(topic: str, passage: Passage, settings: Settings) -> Reading | None:
    """Of lesions that are told one by one the worst: "nodule a 20 % viable, nodule b 60 %"."""
    lead: list[Clause] = []
    groups: list[list[Clause]] = []
    for clause in passage.clauses:
        if topic in INVASION and clause.about and topic not in clause.about:
            return None
        for part in by_lesion(clause.lexemes):
            if len(counted(part)) == 1:
                own = part if topic == "margin" else without_segments(part)
                own = without_numbers_of_lesions(part) if topic in WORST_LAST else own
                groups.append([replace(clause, lexemes=own)])
            elif counted(part) or (not groups and clause.answers):
                return None
            elif groups:
                groups[-1].append(replace(clause, lexemes=part))
            else:
                lead.append(clause)
    named = [c for c in (*lead, *groups[0]) if topic in c.about] if groups else []
    name = " ".join(x.text for c in named for x in c.lexemes if x.value == topic)
    readings = []
    for group in groups:
        text = Passage(passage.named, group).text_for(topic).strip(" ,")
        is_named = any(x.value == topic for clause in group for x in clause.lexemes)
        readings.append(_said(FIELDS[topic], text if is_named else f"{name} {text}", settings))
    known = [reading for reading in readings if reading and not reading.missing_reason]
    if len(known) < max(len(groups), 2):
        return None
    if topic in WORST_LAST:
        return max(known, key=lambda reading: WORST_LAST[topic].index(reading.value or ""))
    return _margin_of(known, True, True) if topic == "margin" else _most_viable(known)


def _shares_name(topic: str, passage: Passage) -> bool:
    """Whether a field is named for several lesions together: "LVI: lesion 1 no, lesion 2 yes"."""
    names = [x for x in passage.lexemes if x.value == topic]
    lesions = lesions_of([clause.lexemes for clause in passage.clauses])
    return lesions > max(len(names), 1)


def _holds_of_all(topic: str, reading: Reading, passage: Passage) -> bool:
    """Whether what is read of several lesions is told of all, or nothing is worse."""
    return not _is_of_many(passage) or reading.value == WORST_LAST[topic][-1]


def _is_of_many(passage: Passage) -> bool:
    """Whether more than one answer is given."""
    told = [x for x in without_numbers_of_lesions(passage.lexemes) if x.kind in ANSWERS]
    return len(told) > 1


def _most_viable(readings: Sequence[Reading]) -> Reading | None:
    measures = [r.measure for r in readings if r.measure]
    if len(measures) < len(readings) or not all(measure.is_exact for measure in measures):
        return None
    return Reading(measure=max(measures, key=lambda measure: measure.low or 0))


def _is_called(passage: Passage, settings: Settings) -> bool:
    """Whether a regression is told in words or on a scale, and not by a percent alone."""
    text = passage.text_for("regression")
    return _said(FIELDS["regression"], PERCENT.sub(" ", text), settings) is not None


# Comments differ, and most of their passages are as in another.
@lru_cache(maxsize=16_384)
def _said(name: str, text: str, settings: Settings) -> Reading | None:
    """What a text says of a field, without what stands aside if it has to be."""
    reading = read(name, text, settings)
    if reading is None and name == "viable_tumor_percent" and SCALE.search(text):
        # "Regression 80 %, Rubbia-Brandt 3".
        reading = read(name, SCALE.sub(" ", text).strip(" ,"), settings)
    if reading is None and (rest := without_adjuncts(name, text)):
        reading = read(name, rest, settings)
    if reading is not None and name == "tumor_regression":
        # The percent of viable tumor is a field of its own.
        return replace(reading, measure=None)
    return reading


def _together(
    topic: str,
    read_of: list[tuple[Passage, Reading | None]],
    lesions: int,
    settings: Settings,
) -> Reading | None:
    """What the passages about a field say of it together."""
    is_several = lesions > 1
    readings = [reading for _, reading in read_of]
    if topic == "size" and all(_is_of_lesser(passage) for passage, _ in read_of):
        # "Another nodule measures 5 cm."
        return None
    if len(read_of) == 1 or (
        topic not in INVASION and all(reading == readings[0] for reading in readings)
    ):
        return readings[0]
    is_at_odds = topic in INVASION and {"yes", "no"} <= {r.value for r in readings if r}
    if any(clause.is_mixed for passage, _ in read_of for clause in passage.clauses):
        return None
    called = [r for r in readings if r is not None and r.value]
    if (
        topic == "regression"
        and len(set(called)) == 1
        and all(r in called or passage.only_affirms for passage, r in read_of)
    ):
        # "Treatment effect present, Mandard 2".
        return called[0]
    if topic in INVASION or (topic == "regression" and None in readings):
        # "Lymphatic invasion absent. Venous invasion present": of different vessels.
        if is_at_odds and is_several and all(p.is_counted and r for p, r in read_of):
            return Reading("yes")
        text = " ; ".join(passage.text_for(topic) for passage, _ in read_of)
        both = _said(FIELDS[topic], text, settings)
        return Reading(missing_reason="conflicting") if is_at_odds and not both else both
    if topic == "margin":
        read_of = _seen_closest(read_of)
        # "The tumor merges with the raw surface": named, and nothing told.
        readings = [r for p, r in read_of if r or any(_says_anything(c, topic) for c in p.clauses)]
    known = [r for r in readings if r is not None and r.missing_reason != "not_reported"]
    if None in readings or not known:
        return None
    if all(reading == known[0] for reading in known):
        return known[0]
    if any(reading.missing_reason for reading in known):
        return None
    if topic == "margin":
        if _are_of_sides(read_of) and not _are_comparable(readings):
            # "Deep margin negative. Lateral margin 5 mm": which is the smaller?
            return None
        are_lesions = is_several and not any("specimen" in p.kinds for p, _ in read_of)
        return _margin_of(known, is_several, are_lesions)
    if topic == "size":
        return _size_of(read_of, is_several)
    if topic == "grade" and is_several:
        # The worst of several lesions.
        return max(known, key=lambda reading: GRADES.index(reading.value or ""))
    if (
        topic == "viable"
        and is_several
        and (all(p.is_counted for p, _ in read_of) or len(read_of) == lesions)
    ):
        return _most_viable(known)
    return None if topic == "viable" else Reading(missing_reason="conflicting")


def _seen_closest(
    read_of: list[tuple[Passage, Reading | None]],
) -> list[tuple[Passage, Reading | None]]:
    """Without what the eye saw, where the microscope tells: "grossly 2 mm; microscopically 0"."""
    seen = [(EYE & (w := p.words), MICROSCOPE & w) for p, _ in read_of]
    if not any(micro and r and not eye for (eye, micro), (_, r) in zip(seen, read_of, strict=True)):
        return read_of
    return [pair for (eye, _), pair in zip(seen, read_of, strict=True) if not eye]


def _denies_small_droplets(passage: Passage) -> bool:
    """Whether no more is told than that fat of small droplets, which has no grade, is absent."""
    names = [x.text for x in passage.lexemes if x.value == "steatosis"]
    is_denied = bool(passage.kinds & {"deny", "denied"}) and "number" not in passage.kinds
    return is_denied and all(name in SMALL_DROPLETS for name in names)


def _margin_of(readings: list[Reading], is_several: bool, are_lesions: bool) -> Reading | None:
    """A word and a distance are told apart, or the distances of several lesions."""
    words = {reading.value for reading in readings if reading.value}
    measures = [reading.measure for reading in readings if reading.measure]
    if are_lesions and words - {"negative"} == {"involved"}:
        # The margin of one lesion, or side, is involved, whatever the one of another is.
        readings = [reading for reading in readings if reading.value == "involved"]
        words, measures = {"involved"}, [r.measure for r in readings if r.measure]
    if words == {"vascular", "negative"}:
        # Taken off a vessel, and elsewhere free.
        words = {"vascular"}
    if words == {"R1", "involved"}:
        words = {"R1"}
    is_near = all(m.high is not None and m.high < 1 for m in measures)
    is_wide = any(m.low or m.high is None for m in measures)
    if len(words) > 1 or (words & INVOLVED and is_wide and not (words == {"R1"} and is_near)):
        return None
    word = words.pop() if words else None
    if not measures:
        return Reading(word)
    least = min(measures, key=lambda m: (m.high is None, m.high or 0, m.low or 0))
    others = [measure for measure in measures if measure != least]
    if any(least.high is None or (m.low or 0) < least.high for m in others):
        return None
    return Reading(word, measure=least) if is_several or not others else None


def _size_of(read_of: list[tuple[Passage, Reading | None]], is_several: bool) -> Reading | None:
    """The largest of several lesions, or the one that is said to be the largest."""
    measures = [(p, r.measure) for p, r in read_of if r is not None and r.measure]
    if not all(measure.is_exact for _, measure in measures):
        return None
    passage, largest = max(measures, key=lambda pair: pair[1].low or 0)
    is_named_other = any("lesser" in p.kinds for p, _ in measures)
    if is_several or is_named_other or "largest" in passage.kinds:
        return Reading(measure=largest)
    return None
