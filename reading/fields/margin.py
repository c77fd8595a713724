"""The parenchymal resection margin: what is said of it, and its distance."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise

from reading.common import LEFT_OPEN, Reading
from reading.lexicon import Lexeme
from reading.measures import Measure
from reading.sentence import Mention, Statement, parts_of, statements_of
from reading.settings import Settings

# No liver gives a wider margin; a greater number is of something else.
WIDEST_MM = Decimal(150)
# "1/2 cm" may be a half or 1.2; below zero there is no margin.
UNCLEAR_NUMBER = re.compile(
    r"(?<![\d/.])[1-9]\d*/\d+(?! ?(?:سانت|میلی))|(?<!\d)[123]/[234](?!\d)"
    r"|(?<!\d)0\d+/|[a-z][.,]\d|^-\d|^\d ?[=:]|[±^]|\d ?(?:[mc]m)? ?\+|\d ?(?:[mc]m)? ?-$"
)
# Distances of several margins, or lesions, in a row: "margins 8 mm, 3 mm and 14 mm".
WIDTH = r"\d[\d.]* ?(?:[mc]m|میلی ?متر|سانتی ?متر|سانت)"
SEVERAL = re.compile(
    r"^(?:(?:multiple|several|two|three) (?:nodules|lesions|tumors)[,:;] ?)?(?:the )?"
    r"(?:margins|closest margins|مارژین ?ها|مارجین ?ها|حاشیه ?ها|حواشی|لبه ?ها)"
    r"(?: are| were)?[ :=]*"
    rf"{WIDTH}(?:[,،]? ?(?:and |& |و )?{WIDTH})+(?: respectively| به ترتیب)?\.?$"
)
# Beside the nearest margin the farthest tells nothing.
FARTHEST = re.compile(
    r"(?<=[cm]m|تر)[,،;]? ?(?:and |و )?(?:the )?(?:farthest|furthest|widest|دورترین)"
    rf"(?: margin| one| مارژین| حاشیه)?(?: is| at|:)? {WIDTH}(?: است)?"
)
# The tumor, of which nothing is said but where it is.
AT_THE_MARGIN = re.compile(
    r"(?:is |right )?(?:at|on) (?:the )?(?:inked )?(?:resection |surgical )?(?:margin|ink|edge)\.?"
)
PARENCHYMA = re.compile(
    r"^((?:hepatic |liver )?parenchyma|parenchymal)[ :]+(\d[\d.]* ?(?:[mc]m|میلی ?متر|سانتی ?متر))"
    r"(?=[,;،؛] ?(?:(?:glisson|liver |hepatic )?capsul|bile duct|duct))"
)
EXCEPT = re.compile(r"\bexcept\b|\bbut for\b|به جز|بجز|به غیر از")

FREE = {"free", "free of", "not involved"}
INVOLVED = {"involved", "involvement"}
CODES = {
    "resection R0": "R0",
    "resection R1": "R1",
    "resection R2": "R2",
    "resection vascular": "vascular",
}
# Tumor at the margin: what "R1" leaves open, and so it goes before it.
TOUCHED = "tumor at margin"
# Names after which a text is not about whether tumor is at the margin, or how far from it.
ELSEWHERE = {"benign", "size"}


@dataclass(slots=True)
class _Segment:
    """A part of a statement between two pauses, with the margin that it speaks of."""

    mentions: list[Mention] = field(default_factory=list)
    measures: list[Measure] = field(default_factory=list)
    site: str = ""
    is_site_named: bool = False

    def names(self, *concepts: str) -> bool:
        """Whether one of these is named in it."""
        return any(m.concept in concepts for m in self.mentions)


def read_margin(field: str, text: str, settings: Settings) -> Reading | None:
    """Value negative, involved, R0, R1, R2 or vascular, the distance in mm, or both.

    Where a word and a distance disagree both are given.
    """
    if UNCLEAR_NUMBER.search(text):
        return None
    # Beside the capsule the parenchyma is a margin too: "parenchyma 10 mm, capsule 2 mm".
    text = PARENCHYMA.sub(r"\1 margin \2", text)
    text = FARTHEST.sub("", text)
    if AT_THE_MARGIN.fullmatch(text):
        return Reading("involved")
    statements = statements_of(text, field)
    if not _is_followed(statements):
        return None
    segments = [segment for statement in statements for segment in _segments(statement)]
    if any(segment.names(*ELSEWHERE) for segment in segments):
        return None
    open_said = _is_left_open(segments, statements)
    if open_said is not None:
        return Reading(missing_reason="not_assessable") if open_said else None
    asked = _of_parenchyma(segments)
    if asked is None:
        return None
    words = [(word, segment) for segment in asked for word in _words(segment)]
    if any(word == "" for word, _ in words):
        return None
    measure = _smallest(asked, settings.unit, bool(SEVERAL.search(text)))
    if isinstance(measure, str):
        is_told_twice = not words and _are_two_distances(field, text, settings.unit)
        return Reading(missing_reason="conflicting") if is_told_twice else None
    if _is_of_something(field, text):
        return None
    found = {word for word, _ in words}
    labels = sum(m.concept == "label" for segment in asked for m in segment.mentions)
    if labels > 1 and found - {"negative"}:
        return None
    if EXCEPT.search(text):
        # "All margins free except the deep one, which is involved".
        is_one = found == {"negative", "involved"} and words[-1][0] == "involved"
        return Reading("involved") if is_one and measure is None else None
    if not found:
        return _unworded(segments, measure)
    reading = _worded(words, segments, measure, "/" in text)
    is_choice = any(statement.joined for statement in statements)
    is_conflict = reading is not None and reading.missing_reason == "conflicting"
    # "Negative/positive" is a form that nobody filled in.
    return None if is_conflict and is_choice else reading


def _is_followed(statements: Sequence[Statement]) -> bool:
    """Every word is known, and nothing is said of another time or turns the text round."""
    for statement in statements:
        if statement.is_turned or statement.is_elsewhere or statement.unknown:
            return False
        if any(mention.said == "twice" for mention in statement.mentions):
            return False
        # "A distance of 8 mm is present" asserts the distance.
        measured = {at for at, _ in statement.measures}
        for at, said in statement.loose:
            if said not in LEFT_OPEN and not (said == "yes" and at in measured):
                return False
    return True


def _are_two_distances(field: str, text: str, unit: str | None) -> bool:
    """Nothing but distances, which differ: "2 mm; 5 mm", "5 mm (0.6 cm)"."""
    parts = parts_of(text, field)
    measures = [part for part in parts if isinstance(part, Measure)]
    marks = [part for part in parts if not isinstance(part, Measure)]
    if any(m.kind != "mark" or m.text not in ",;()" for m in marks):
        return False
    widths = [measure.in_unit(unit) for measure in measures]
    return all(
        width is not None and width.unit == "mm" and not width.is_product and _is_width(width)
        for width in widths
    )


def _is_of_something(field: str, text: str) -> bool:
    """Whether a number is that of a thing: "2 margins", "segments 6 and 7", "3 cm tumor"."""
    parts = parts_of(text, field)
    for part, following in pairwise(parts):
        if not isinstance(part, Measure):
            continue
        is_sized = following.value in ("tumor", "body")
        if is_sized or not (part.unit or following.kind in ("mark", "compare", "join")):
            return True
    is_labeled = any(isinstance(part, Lexeme) and part.value == "label" for part in parts)
    return is_labeled and any(isinstance(part, Measure) and not part.unit for part in parts)


def _segments(statement: Statement) -> list[_Segment]:
    """The segments in their order; one that names no margin speaks of the one before."""
    found: dict[int, _Segment] = {}
    for mention in statement.mentions:
        found.setdefault(mention.segment, _Segment()).mentions.append(mention)
    for at, measure in statement.measures:
        found.setdefault(at, _Segment()).measures.append(measure)
    segments = [found[at] for at in sorted(found)]
    for before, segment in pairwise(segments):
        # "R1 (vascular)": the one qualifies the other.
        named = {m.concept for m in segment.mentions}
        is_vessel = not named - {"vessel", "margin", "tumor", "detached"}
        is_r1 = before.names("resection R1", "resection vascular")
        if is_r1 and is_vessel and not segment.measures:
            before.mentions += segment.mentions
            segment.mentions = []
        # "Margin involvement: negative": the one is the heading of the other.
        is_answer = {m.concept for m in segment.mentions} & {"free", "involved"}
        if before.names("involvement") and len(segment.mentions) == 1 and is_answer:
            before.mentions = [m for m in before.mentions if m.concept != "involvement" or m.said]
    site = ""
    for segment in segments:
        own = _site(segment)
        segment.site = site = own or site
        segment.is_site_named = bool(own)
    return segments


def _site(segment: _Segment) -> str:
    """The margin that a segment names: parenchymal, other, both, some margin, or none."""
    is_parenchymal = segment.names("parenchymal")
    is_other = segment.names("other", "vessel") and not _is_vascular(segment)
    if is_parenchymal and is_other:
        return "both"
    if is_other:
        return "other"
    if is_parenchymal:
        return "parenchymal"
    return "margin" if segment.names("margin", "one margin", "rest") else ""


def _is_vascular(segment: _Segment) -> bool:
    """R1 at a vessel: the tumor was detached from it."""
    if not segment.names("vessel") or segment.measures or segment.names("other"):
        return False
    return segment.names("resection R1", "resection vascular", "detached")


def _is_left_open(segments: Sequence[_Segment], statements: Sequence[Statement]) -> bool | None:
    """Whether all that is said is left open; none where nothing is, false where it is mixed."""
    mentions = [m for segment in segments for m in segment.mentions if m.said in LEFT_OPEN]
    is_loose = any(said in LEFT_OPEN for statement in statements for _, said in statement.loose)
    is_worded = any(_words(segment) for segment in segments)
    # "Free, distance cannot be measured" leaves but the distance open.
    if (
        not is_loose
        and (is_worded or not mentions)
        and {m.concept for m in mentions} <= {"distance"}
    ):
        return None
    if any(segment.measures or segment.names("other", "vessel") for segment in segments):
        return False
    if not mentions and not any(s.loose and s.mentions for s in statements):
        # "Involved; cannot be assessed": of another margin perhaps, and the worse counts.
        answers = {word for segment in segments for word in _words(segment)}
        if answers in ({"negative"}, {"involved"}):
            return True if answers == {"negative"} else None
    for segment in segments:
        if any(m.said in LEFT_OPEN for m in segment.mentions):
            continue
        for mention in segment.mentions:
            is_finding = mention.concept in FREE | INVOLVED | CODES.keys() | {"at", "reach"}
            if is_finding:
                return False
    return True


def _of_parenchyma(segments: Sequence[_Segment]) -> list[_Segment] | None:
    """The segments that speak of the parenchymal margin; none where it is not told which do."""
    others = [segment for segment in segments if segment.site in ("other", "both")]
    if not others:
        return list(segments)
    asked = [segment for segment in segments if segment.site not in ("other",)]
    if any(segment.site == "both" and segment.measures for segment in segments):
        return None
    told = [segment for segment in asked if segment.measures or _words(segment)]
    vascular = any(_is_vascular(segment) for segment in asked)
    is_told = all(segment.site or vascular for segment in told)
    is_coded = all(_words(segment) == ["R2"] for segment in told)
    if not (is_told or is_coded):
        return None
    if is_coded or any(segment.site in ("parenchymal", "both") for segment in told):
        return asked
    # "Margins" may be all of them. Each other margin needs a finding of its own: "margin 2 mm
    # (capsule)" has but one.
    for at, segment in enumerate(segments):
        if segment.site != "other" or not segment.is_site_named:
            continue
        own = [segment]
        for following in segments[at + 1 :]:
            if following.is_site_named or following.site != "other":
                break
            own.append(following)
        if not any(part.measures or _words(part) for part in own):
            return None
    # Another that is involved may be the one that is meant.
    here = {word for segment in told for word in _words(segment)}
    there = {word for segment in others for word in _words(segment)}
    return None if here and there - {"negative"} else asked


def _words(segment: _Segment) -> list[str]:
    """What a segment says of its margin, "" where that is not settled."""
    found = []
    concepts = [m.concept for m in segment.mentions]
    # Of the involvement it is free, or the involvement is what is negative.
    is_answer = not set(concepts) - {"involvement", "margin", "parenchymal", "tumor", "free"}
    is_freed = "free of" in concepts or (is_answer and concepts[-1:] == ["free"])
    for mention in segment.mentions:
        concept, denied = mention.concept, mention.said == "no"
        if concept in FREE or (concept == "sound" and segment.site):
            found.append("" if denied else "negative")
        elif concept == "involved" or (concept == "involvement" and not is_freed):
            found.append("negative" if denied else "involved")
        elif concept == "reach":
            found += _reached(mention, segment)
        elif concept in CODES:
            found.append("" if denied else CODES[concept])
        elif concept == "detached" and segment.names("vessel"):
            found.append("" if denied else "vascular")
    if _is_vascular(segment):
        found.append("vascular")
    if segment.names("gross"):
        found = _seen_with_the_eye(segment, found)
    return found or _placed(segment)


def _reached(mention: Mention, segment: _Segment) -> list[str]:
    """Whether the margin is reached; "extends to within 2 mm of it" tells but the distance."""
    if segment.site not in ("margin", "parenchymal"):
        # "The tumor involves both lobes."
        return [""]
    if mention.said == "no":
        return ["negative"] if not segment.measures else [""]
    if all(measure.high == 0 for measure in segment.measures):
        return [TOUCHED]
    is_within = all(not m.low and m.high and not m.low_is_open for m in segment.measures)
    return [] if is_within else [""]


def _seen_with_the_eye(segment: _Segment, found: list[str]) -> list[str]:
    """What was seen without a microscope: involved is R2, free tells nothing."""
    if segment.names("incomplete"):
        # "Macroscopically incomplete resection".
        return ["R2"]
    if "R2" in found:
        return found
    if {"involved", TOUCHED} & set(found) and "negative" not in found:
        return ["R2"]
    left = [m for m in segment.mentions if m.concept == "residual"]
    return ["R2"] if left and not found and all(m.said in ("", "yes") for m in left) else [""]


def _placed(segment: _Segment) -> list[str]:
    """What it means that tumor is, or is not, at a margin."""
    tumors = [m for m in segment.mentions if m.concept in ("tumor", "residual")]
    margins = {"margin", "parenchymal", "one margin"}
    is_margin = segment.names(*margins)
    is_gone = any(m.said == "no" for m in tumors)
    if not segment.measures and is_gone and segment.site in ("margin", "parenchymal"):
        return ["negative"]
    if segment.measures or not is_margin or not tumors:
        return []
    places = [
        m for m, at in pairwise(segment.mentions) if m.concept == "at" and at.concept in margins
    ]
    if is_gone or any(m.said == "no" for m in places):
        return ["negative"]
    # "Tumor margin identified" says nothing of tumor in it.
    is_shown = not any(m.said == "yes" for m in segment.mentions if m.concept in margins)
    if places or (is_shown and any(m.said == "yes" for m in tumors)):
        return [TOUCHED]
    return []


def _smallest(
    segments: Sequence[_Segment], unit: str | None, is_of_several: bool
) -> Measure | str | None:
    """The distance, of several lesions the smallest; "unread" where one is not followed."""
    measures: list[Measure] = []
    labels = 0
    # "Deep 4 mm, lateral 20 mm": each is of a margin of its own.
    sides = [segment for segment in segments if segment.measures and segment.names("side")]
    for at, segment in enumerate(segments):
        labels += sum(m.concept == "label" for m in segment.mentions)
        for bare in segment.measures:
            measure = bare.in_unit(unit)
            if measure is None or measure.unit != "mm" or bare.is_product or not _is_width(measure):
                return "unread"
            measures.append(measure)
        if not segment.measures:
            continue
        if _is_turned(segment) or not _is_distance(segment):
            return "unread"
        # "3 cm, margin free": what stands before any margin is named may be a size.
        is_named = segment.site or segment.names("distance", *FREE, *INVOLVED, *CODES)
        if not is_named and any(s.is_site_named and _words(s) for s in segments[at + 1 :]):
            return "unread"
    if not measures:
        return None
    different = list({measure.bounds: measure for measure in measures}.values())
    is_each_named = labels == len(measures) or len(sides) == len(measures)
    if len(different) > 1 and not (is_each_named or is_of_several):
        return "unread"
    smallest = different[0]
    for measure in different[1:]:
        smallest = _smaller(smallest, measure)
    return smallest


def _is_turned(segment: _Segment) -> bool:
    """What is denied "within 5 mm" is farther away; so it is from a margin "free within" it."""
    denied = {m.concept for m in segment.mentions if m.said == "no"}
    if denied and (denied - INVOLVED - {"margin", "parenchymal"} or not denied & INVOLVED):
        return True
    is_within = any(not m.low and m.high and not m.high_is_open for m in segment.measures)
    return is_within and "negative" in _words(segment)


def _is_distance(segment: _Segment) -> bool:
    """A measure beside a tumor or a piece of liver may be its size.

    It is a distance where the tumor is what a margin is free of, or where distance is named.
    """
    if segment.names("body"):
        return False
    concepts = [m.concept for m in segment.mentions]
    is_subject = any(
        concept == "tumor" and before not in FREE | INVOLVED
        for before, concept in pairwise(["", *concepts])
    )
    if not is_subject or "label" in concepts:
        return True
    is_named = segment.is_site_named or segment.names(*FREE, *INVOLVED)
    is_bound = all(not m.low for m in segment.measures)
    is_object = is_bound or segment.names("free of", "reach")
    return segment.names("distance") or (is_named and is_object)


def _is_width(measure: Measure) -> bool:
    low, high = measure.low or Decimal(0), measure.high
    if low > WIDEST_MM or (measure.low_is_open and low == WIDEST_MM):
        return False
    return not (measure.high_is_open and high is not None and high <= 0)


def _is_answer(segment: _Segment, segments: Sequence[_Segment]) -> bool:
    """Nothing but free or involved, where no part of the margins and no place is named."""
    is_plain = all(s.site in ("", "margin") for s in segments)
    return is_plain and not {m.concept for m in segment.mentions} - FREE - {"involved"}


def _smaller(one: Measure, other: Measure) -> Measure:
    """The smaller of two distances, each of them an interval."""
    low = min((one, other), key=lambda m: (m.low or Decimal(0), m.low_is_open))
    bounded = [m for m in (one, other) if m.high is not None]
    if not bounded:
        return low
    high = min(bounded, key=lambda m: (m.high or Decimal(0), not m.high_is_open))
    return Measure(low.low, high.high, low.low_is_open, high.high_is_open, unit="mm")


def _unworded(segments: Sequence[_Segment], measure: Measure | None) -> Reading | None:
    if any(segment.names("residual", "detached", "incomplete") for segment in segments):
        return None
    if measure is not None:
        return Reading(measure=measure)
    is_close = any(segment.names("close") for segment in segments)
    if is_close and not any(segment.names("tumor", "other", "vessel") for segment in segments):
        return Reading(missing_reason="imprecise")
    return None


def _worded(
    words: Sequence[tuple[str, _Segment]],
    segments: Sequence[_Segment],
    measure: Measure | None,
    is_form: bool,
) -> Reading | None:
    """A code beats a word that agrees with it; words that disagree are conflicting at most.

    `is_form`: the codes may be those of a form that nobody filled in ("R0/R1").
    """
    found = {word for word, _ in words}
    if found == {TOUCHED} and measure is not None and not measure.low and measure.high:
        # "Abuts the margin, less than 1 mm": as near as that.
        return Reading(measure=measure)
    if TOUCHED in found:
        found = (found - {TOUCHED, "R1"}) | {"involved"}
    codes = found & {"R0", "R1", "R2"}
    is_close = any(segment.names("close") for segment in segments)
    if codes == found == {"R0", "R1"} and measure is None:
        are_apart = len({id(segment) for _, segment in words}) > 1
        return Reading(missing_reason="conflicting") if are_apart and not is_form else None
    if len(codes) > 1 or (codes and is_close and measure is None):
        return None
    if any(s.names("incomplete") for s in segments) and not codes & {"R1", "R2"}:
        return None
    one_part = any(segment.names("one margin", "rest") for segment in segments) or any(
        segment.names("side") for _, segment in words
    )
    rest = any(segment.names("rest") for segment in segments)
    residual = [m for s in segments for m in s.mentions if m.concept in ("residual", "tumor")]
    gone = any(m.said == "no" for m in residual)
    if "vascular" in found:
        others = found - {"vascular", "R1"}
        return Reading("vascular", measure=measure) if others <= {"negative"} else None
    if codes == {"R2"}:
        return Reading("R2", measure=measure)
    if codes == {"R0"}:
        return Reading("R0", measure=measure) if found <= {"R0", "negative"} else None
    if codes == {"R1"}:
        return Reading("R1", measure=measure) if found <= {"R1", "involved"} and not gone else None
    if found == {"negative"}:
        if one_part and not rest:
            return None
        return Reading("negative", measure=measure)
    if found == {"involved"}:
        return Reading("involved", measure=measure)
    if rest:
        freed = [segment for word, segment in words if word == "negative"]
        is_one = all(segment.names("rest") for segment in freed)
        return Reading("involved", measure=measure) if is_one else None
    is_apart = all(segment.is_site_named or _is_answer(segment, segments) for _, segment in words)
    if one_part or not is_apart or measure is not None:
        return None
    return Reading(missing_reason="conflicting")


READERS = {"margin_distance": read_margin, "margin_status": read_margin}
