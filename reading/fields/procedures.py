"""What was resected of the liver: the procedure, as a phrase of the code list, and its segments.

A part of the text (reading/procedure_parts.py) is judged by all its words together ("resection of
the left lateral section"), never by one of them; what a part cannot tell it may lack from the part
beside it (reading/procedure_merging.py). Any part that is not understood leaves the whole text
unread, for its words might change the procedure.
"""

from __future__ import annotations

import re

from reading.common import NotUnderstood, Reading
from reading.couinaud import SECTIONS, SEGMENTS_OF, SegmentList, marked
from reading.lexicon import lexicon_of
from reading.measures import hardened
from reading.procedure_merging import is_left_lateral, merged, unbracketed
from reading.procedure_parts import HEADS, OPEN_HEADS, PLACES, SIDES, SMALL, Part, cut, performed
from reading.settings import Settings
from reading.tokens import tokens_of

MAJOR = {
    *(phrase for phrase in SEGMENTS_OF if phrase != "caudate lobectomy"),
    "trisectionectomy",
    "hemihepatectomy",
    "sectionectomy",
    "major hepatectomy",
}
# By the segments that surely go; a name without a side has at least so many.
FEWEST = {"trisectionectomy": 5, "hemihepatectomy": 3}
TAKES_NO_SEGMENT = {
    "wedge resection",
    "nonanatomical resection",
    "metastasectomy",
    "partial hepatectomy",
}
# A phrase of the code list whose extent is not known.
UNCLEAR = "hepatectomy"
STAGED = "two-stage hepatectomy"
NOT_LIVER = {"colorectal": "colectomy", "other": "exploration", "unresected": "unresectable"}
# "H5678-MHV", "H7'": the segments that go, "'" for a part of them, and the veins.
SHORTHAND = re.compile(r"(?<!\w)h([1-8]{1,8})(['’′]?)(?!\w)(?:[-–](?:[rml]hv|ivc|pv|b))*(?!\w)")
# "Planned in 4-6 weeks": how many does not matter.
TIME_AHEAD = re.compile(
    r"(?<=\bin )(?:about |~ ?)?\d{1,2}(?: ?(?:-|–|to) ?\d{1,2})? (?=weeks?\b|months?\b)"
    r"|\b\d{1,2}(?: ?(?:-|–|تا) ?\d{1,2})? (?=(?:هفته|ماه) (?:بعد|دیگر|آینده))"
)


def read_procedure(field: str, text: str, settings: Settings) -> Reading | None:
    """The phrases of `hepatectomy_procedures` for what was done, joined by +, and the segments."""
    text = marked(SHORTHAND.sub(_spelled_out, TIME_AHEAD.sub("", text)))
    lexemes = hardened(lexicon_of(field).lexemes(tokens_of(text)))
    try:
        return _together(merged(unbracketed(performed(cut(lexemes)))))
    except NotUnderstood:
        return None


def _spelled_out(shorthand: re.Match[str]) -> str:
    """The resection that a shorthand of its segments is."""
    digits, is_part = shorthand.groups()
    if is_part:
        return " nonanatomical resection "
    segments = frozenset(map(int, digits))
    for phrase, own in SEGMENTS_OF.items():
        if len(own) > 1 and segments in (own, own | {1}):
            return f" {phrase} s{'/'.join(digits)} "
    if len(segments) > 2 or 4 in segments:
        # No resection that has a name, or a whole section with others.
        return shorthand[0]
    return f" segmentectomy s{'/'.join(digits)} "


def _together(parts: list[Part]) -> Reading:
    """All that was done, and what all of it takes of the liver."""
    found = [(_judged(part), part) for part in parts]
    names = [name for name, _ in found]
    liver = [(name, part) for name, part in found if name not in NOT_LIVER.values()]
    if not found or (liver and NOT_LIVER["unresected"] in names):
        raise NotUnderstood
    if "beside" in names and not any(name in MAJOR for name in names):
        raise NotUnderstood
    if liver and all(name == UNCLEAR for name, _ in liver):
        raise NotUnderstood
    phrases: list[str] = []
    for name, part in found:
        if "staged" in part.words:
            phrases.append(STAGED)
        if name not in ("beside", "staged"):
            phrases.append(name)
    if not liver:
        return Reading(" + ".join(phrases))
    taken = [_taken(name, part) for name, part in liver if name not in ("beside", "staged")]
    surely = frozenset[int]().union(*(segments for segments in taken if segments is not None))
    beside = frozenset[int]().union(*(part.segments for name, part in liver if name == "beside"))
    is_open = None in taken or not taken or bool(beside - surely)
    segments = tuple(sorted(surely))
    return Reading(
        " + ".join(phrases), segments=segments, segments_at_most=None if is_open else segments
    )


def _taken(name: str, part: Part) -> frozenset[int] | None:
    """The segments that a procedure takes; nothing where neither its name nor its part tells."""
    if name in TAKES_NO_SEGMENT:
        return frozenset()
    if name in SEGMENTS_OF:
        return SEGMENTS_OF[name]
    if name in MAJOR or not part.lists or any(one.is_open_range for one in part.lists):
        return None
    return part.segments


def _without_segments(phrase: str) -> str:
    """A phrase of the same extent that leaves open which segments it takes."""
    size = FEWEST.get(phrase, len(SEGMENTS_OF.get(phrase, ())))
    if phrase == "central hepatectomy":
        return "major hepatectomy"
    if size >= FEWEST["trisectionectomy"]:
        return "trisectionectomy"
    return "hemihepatectomy" if size >= FEWEST["hemihepatectomy"] else "sectionectomy"


def _judged(part: Part) -> str:
    """The phrase for a part: one of the code list, or "staged"."""
    if "laparoscopy" in part.words:
        # In Persian a way to operate as well as an operation.
        is_way = bool(part.words & (HEADS | SMALL))
        part.words = part.words - {"laparoscopy"} | (set() if is_way else {"other"})
    if _is_unclear(part):
        return UNCLEAR
    words = part.words - {"liver"}
    is_liver = part.words != words
    if part.before == "+" and is_left_lateral(part):
        # "Colectomy + left lateral".
        return "left lateral sectionectomy"
    if words & {"colorectal", "other", "organ", "unresected"}:
        return _elsewhere_than_liver(part)
    if words in ({"staged"}, {"beside"}):
        return words.pop()
    words -= {"staged"}
    sides = words & SIDES
    if words & SMALL:
        return _small(part, words)
    is_counted = part.counts and not part.closed_count and not part.lists
    is_of_lesions = {"lesion", "excision"} == words - {"lobe", *SIDES}
    if is_counted and is_of_lesions:
        # "Removal of three lesions from both lobes".
        return "metastasectomy"
    if "bilobar" in sides or len(sides) > 1 or part.closed_count:
        raise NotUnderstood
    side = next(iter(sides), "")
    if "caudate" in words:
        return _caudate(part, words)
    if "lesion" in words and not words & (HEADS - OPEN_HEADS):
        return _of_a_lesion(part, words)
    words -= {"lesion"}
    phrase = _named(words, side, part, is_liver)
    return _agreed(phrase, part)


def _is_unclear(part: Part) -> bool:
    """A resection of the liver of which nothing else is told: "hepatectomy"."""
    told = {"hepatectomy", "liver resection"}
    return bool(part.words & told) and not (part.words - told - {"liver"} or part.lists)


def _elsewhere_than_liver(part: Part) -> str:
    """What is no resection of the liver: an operation, or one of another organ."""
    words = part.words
    allowed = PLACES | {"colorectal", "anterior", "other", "organ", "unresected", "liver"}
    allowed |= {"resection", "excision", "partial", "segmental", "wedge", "extended"}
    allowed |= {"metastasectomy"} if "organ" in words else set()
    if "lobed" in words:
        # Other organs with lobes: the lung, the thyroid.
        words = words - {"lobe", "lobed", "lobectomy", "segmentectomy"} | {"resection"}
    if words - allowed:
        raise NotUnderstood
    if "colorectal" in words:
        # "Anterior resection" may be one of the liver, and the bowel has no segments.
        if part.lists or words & {"liver", "lateral", "medial", "posterior", "lobe", "section"}:
            raise NotUnderstood
        if "anterior" in words and words & SIDES:
            raise NotUnderstood
        return NOT_LIVER["colorectal"]
    if "unresected" in words:
        return NOT_LIVER["unresected"]
    if "other" not in words:
        if not words & {"resection", "excision", "wedge", "partial", "metastasectomy"}:
            raise NotUnderstood
        if words & {"liver", "lobe", "lateral", "medial", "section"} or part.lists:
            raise NotUnderstood
        return NOT_LIVER["other"]
    if words & {"resection", "excision", "extended"} and "organ" not in words:
        raise NotUnderstood
    if words & {"wedge", "segmental", "partial", "metastasectomy"} and "organ" not in words:
        raise NotUnderstood
    return NOT_LIVER["other"]


def _small(part: Part, words: set[str]) -> str:
    """A wedge, metastasectomy, non-anatomical or partial resection, wherever it is."""
    heads = words & HEADS - {"metastasectomy"}
    if part.lists and heads - part.trailing and (words & SMALL) <= part.trailing:
        # "Resection of S5 and S8 wedge".
        raise NotUnderstood
    if "extended" in words or heads - (OPEN_HEADS | {"segmentectomy", "subsegmentectomy"}):
        raise NotUnderstood
    if "lobectomy" in heads or words & {"major", "middle"}:
        # The middle lobe is one of the lung.
        raise NotUnderstood
    if "hepatectomy" in heads and words & SIDES:
        raise NotUnderstood
    if "caudate" in words and "partial" in words:
        raise NotUnderstood
    if "segmentectomy" in heads:
        if "wedge" in words or "partial" in words or words & SIDES:
            raise NotUnderstood
        return "nonanatomical resection" if "nonanatomical" in words else "segmentectomy"
    if words & {"posterior"} and not words & {"right", "lobe", "section", "segment", "bilobar"}:
        raise NotUnderstood
    if "metastasectomy" in words:
        return "metastasectomy"
    if "nonanatomical" in words:
        return "nonanatomical resection"
    if "wedge" in words:
        return "wedge resection"
    # "Partial" needs to be said of something.
    if not heads or (words & SIDES and "lesion" not in words):
        raise NotUnderstood
    return "partial hepatectomy"


def _caudate(part: Part, words: set[str]) -> str:
    allowed = {"caudate", "lobe", "lobectomy", "resection", "liver resection", "hepatectomy"}
    allowed |= {"excision", "segmentectomy", "segment"}
    if words - allowed or part.segments - {1}:
        raise NotUnderstood
    return "caudate lobectomy"


def _of_a_lesion(part: Part, words: set[str]) -> str:
    """The resection of a lesion is minor where it is one of a segment, or they are counted."""
    if words - {"lesion", "resection", "excision", "liver resection", "segment"}:
        raise NotUnderstood
    if any(one.may_hold_a_section for one in part.lists):
        raise NotUnderstood
    if part.lists and words & {"resection", "liver resection"}:
        return "minor hepatectomy"
    if "excision" in words and (part.lists or part.counts):
        return "metastasectomy"
    raise NotUnderstood


def _named(words: set[str], side: str, part: Part, is_liver: bool) -> str:
    """The procedure by its name, without regard to the segments beside it."""
    directions = words & {"lateral", "medial", "anterior", "posterior"}
    heads = words & HEADS
    rest = words - heads - directions - SIDES
    if not heads or len(directions) > 1:
        raise NotUnderstood
    if "mesohepatectomy" in heads or "central" in rest:
        if side or directions or rest - {"central", "middle", "segmental", "section"}:
            raise NotUnderstood
        names = {"mesohepatectomy", "hepatectomy", "liver resection"}
        # The middle lobe is one of the lung.
        names |= set() if "middle" in rest else {"lobectomy"}
        names |= {"resection"} if part.segments == SEGMENTS_OF["central hepatectomy"] else set()
        if heads - names - {"sectionectomy", "bisectionectomy"}:
            raise NotUnderstood
        return "central hepatectomy"
    if directions:
        return _section(heads, rest, side, directions.pop(), is_liver)
    if "trisectionectomy" in heads or "extended" in rest:
        if rest - {"extended"} or heads - {"trisectionectomy", "hemihepatectomy"} - {
            "hepatectomy",
            "lobectomy",
        }:
            raise NotUnderstood
        if heads == {"lobectomy"} and not side:
            raise NotUnderstood
        return f"{side} trisectionectomy".strip()
    if rest & {"major", "minor"}:
        if rest - {"major", "minor"} or len(rest) > 1 or heads - OPEN_HEADS or part.lists:
            raise NotUnderstood
        if "minor" in rest or not side:
            if side:
                raise NotUnderstood
            return f"{rest.pop()} hepatectomy"
        rest = set()
    if "hemihepatectomy" in heads:
        if rest or heads - {"hemihepatectomy"} - OPEN_HEADS:
            raise NotUnderstood
        return f"{side} hepatectomy" if side else "hemihepatectomy"
    if heads & {"segmentectomy", "bisegmentectomy", "subsegmentectomy", "sectionectomy"}:
        return _of_segments(heads, rest, side, part)
    return _of_a_side(heads, rest, side, part)


def _section(heads: set[str], rest: set[str], side: str, direction: str, is_liver: bool) -> str:
    """A section by its direction: a "left lateral segmentectomy" is one too."""
    own_side = "left" if direction in ("lateral", "medial") else "right"
    if side not in ("", own_side) or rest - {"section", "segment", "lobe", "segmental"}:
        raise NotUnderstood
    if heads - OPEN_HEADS - {"sectionectomy", "segmentectomy", "bisegmentectomy"}:
        raise NotUnderstood
    if "sectionectomy" not in heads and not side:
        raise NotUnderstood
    # "Right anterior resection" may be one of the rectum.
    is_bare = not (heads - {"resection", "excision"} or rest & {"section", "segment"})
    if is_bare and (
        direction in ("anterior", "posterior") or (not is_liver and direction != "lateral")
    ):
        raise NotUnderstood
    if "lobectomy" in heads and direction != "lateral":
        raise NotUnderstood
    return f"{own_side} {direction} sectionectomy"


def _of_segments(heads: set[str], rest: set[str], side: str, part: Part) -> str:
    if side or rest - {"segment", "section"} or not heads - OPEN_HEADS:
        raise NotUnderstood
    if len(part.lists) > 1 and heads & {"bisegmentectomy", "sectionectomy"}:
        raise NotUnderstood
    by_number = next((name for name, pair in SECTIONS.items() if pair == part.segments), "")
    if "sectionectomy" in heads:
        if part.lists and not by_number:
            raise NotUnderstood
        return by_number or "sectionectomy"
    if "bisegmentectomy" in heads:
        if by_number:
            return by_number
        if part.lists and len(part.segments) != 2:
            raise NotUnderstood
        return "bisegmentectomy"
    if any(one.is_open_range for one in part.lists):
        raise NotUnderstood
    return "caudate lobectomy" if part.segments == {1} else "segmentectomy"


def _of_a_side(heads: set[str], rest: set[str], side: str, part: Part) -> str:
    """A hepatectomy, lobectomy or resection, of a side, a lobe or segments."""
    if rest == {"segmental"} or (rest == {"segment"} and not part.lists):
        if side or heads - OPEN_HEADS or heads & {"excision", "lobectomy"} or part.lists:
            raise NotUnderstood
        return "segmentectomy"
    if rest - {"lobe", "segment"}:
        raise NotUnderstood
    if side == "right":
        if heads & {"hepatectomy", "lobectomy"} or "lobe" in rest:
            return "right hepatectomy"
    elif side == "left":
        # A left lobe is the hemiliver to one, the lateral section to another.
        is_hepatectomy = "hepatectomy" in heads and "lobectomy" not in heads
        if is_hepatectomy and "lobe" not in rest:
            return "left hepatectomy"
    elif part.lists and not heads - {"resection", "liver resection", "excision"}:
        return _resection_of(part.lists)
    raise NotUnderstood


def _resection_of(lists: list[SegmentList]) -> str:
    """A resection of numbered segments; a whole section only where written as one thing."""
    if not any(one.may_hold_a_section for one in lists):
        segments = frozenset().union(*(one.segments for one in lists))
        return "caudate lobectomy" if segments == {1} else "segmentectomy"
    if len(lists) == 1 and lists[0].is_one_thing and not lists[0].is_open_range:
        for name, pair in SECTIONS.items():
            if lists[0].segments == pair:
                return name
    raise NotUnderstood


def _agreed(phrase: str, part: Part) -> str:
    """The phrase, unless the segments beside it are not its own: "right hepatectomy (S4-8)"."""
    own = SEGMENTS_OF.get(phrase)
    if own is None or not part.lists:
        return phrase
    if not part.segments - own <= {1}:
        raise NotUnderstood
    is_range = any(one.is_open_range for one in part.lists)
    if len(part.segments) > 1 and not is_range and not own <= part.segments:
        # "Left hepatectomy (2, 3)".
        raise NotUnderstood
    return phrase if part.segments <= own else _without_segments(phrase)


READERS = {"procedure": read_procedure}
