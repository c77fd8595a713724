"""What was resected of the liver: the procedure, as a phrase of the code list, and segments.

A text is cut into parts at its marks and joining words. A part is judged by all its words
together ("resection of the left lateral section"), never by one of them; what a part cannot tell
it may lack from the part beside it ("Hepatectomy, right"). Any part that is not understood leaves
the whole text unread, for its words might change the procedure.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from reading.common import Reading
from reading.couinaud import SECTIONS, SegmentList, list_of, marked, marked_list
from reading.lexicon import Lexeme, lexicon_of
from reading.measures import hardened
from reading.settings import Settings
from reading.tokens import tokens_of

RIGHT, LEFT = frozenset({5, 6, 7, 8}), frozenset({2, 3, 4})
SEGMENTS_OF: dict[str, frozenset[int]] = {
    "right hepatectomy": RIGHT,
    "left hepatectomy": LEFT,
    "right trisectionectomy": RIGHT | {4},
    "left trisectionectomy": LEFT | {5, 8},
    "central hepatectomy": frozenset({4, 5, 8}),
    "left medial sectionectomy": frozenset({4}),
    "caudate lobectomy": frozenset({1}),
    **SECTIONS,
}
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
SIDES = {"right", "left", "bilobar"}
# Where in the liver, of no procedure by itself.
PLACES = SIDES | {"lateral", "medial", "anterior", "posterior", "central", "lobe", "section"}
PLACES |= {"segment", "liver", "caudate", "lesion", "middle"}
KINDS = {"extended", "minor", "major", "segmental"}
# What may be written before a comma, its kind behind it: "Hepatectomy, partial".
OPEN_HEADS = {"hepatectomy", "lobectomy", "liver resection", "resection", "excision"}
NAMED_HEADS = {"hemihepatectomy", "sectionectomy", "trisectionectomy", "segmentectomy"}
HEADS = OPEN_HEADS | NAMED_HEADS | {"bisegmentectomy", "subsegmentectomy", "mesohepatectomy"}
HEADS |= {"bisectionectomy", "metastasectomy"}
SMALL = {"wedge", "nonanatomical", "metastasectomy", "partial"}
NO_SEGMENT = {"none", "nil", "no", "0"}
# A phrase of the code list whose extent is not known.
UNCLEAR = "hepatectomy"
STAGED = "two-stage hepatectomy"
NOT_LIVER = {"colorectal": "colectomy", "other": "exploration", "unresected": "unresectable"}
# Of which a word may say that it stays: no resection of the list takes it by itself.
STAYING = ({"organ"}, {"caudate"})
SEPARATORS = {",", ";", ".", "(", ")", "[", "]", ":", "-", "/", "|"}
STOPS = {";", ".", "|"}
# Behind these stands what belongs to what is before.
SOFT = {",", ":", "-", "(", "["}
# "H5678-MHV", "H7'": the segments that go, "'" for a part of them, and the veins.
SHORTHAND = re.compile(r"(?<!\w)h([1-8]{1,8})(['’′]?)(?!\w)(?:[-–](?:[rml]hv|ivc|pv|b))*(?!\w)")
# Up to here a bare number may count lesions or resections.
MOST_COUNTED = 20
# Years of an earlier operation, by either calendar.
YEARS = {*range(1370, 1430), *range(1990, 2050)}


class _NotUnderstood(Exception):
    """The text is not settled."""


@dataclass(slots=True)
class _Part:
    """What stands between two separators; `before` is the one it begins with."""

    before: str = ""
    words: set[str] = field(default_factory=set)
    lists: list[SegmentList] = field(default_factory=list)
    # The words behind the first list of segments.
    trailing: set[str] = field(default_factory=set)
    counts: bool = False
    closed_count: bool = False
    is_planned: bool = False
    is_undone: bool = False
    is_not_done: bool = False
    is_done: bool = False
    is_denied: bool = False
    is_sparing: bool = False
    is_elsewhere: bool = False
    # Whether the word that sets it aside goes before it: then it is not said of what is before.
    begins_elsewhere: bool = False
    is_aside: bool = False
    is_instead: bool = False

    @property
    def heads(self) -> set[str]:
        return self.words & HEADS

    @property
    def segments(self) -> frozenset[int]:
        return frozenset().union(*(one.segments for one in self.lists))

    @property
    def is_place(self) -> bool:
        """Whether it names nothing but where, or how much, of what stands beside it."""
        return bool(self.words or self.lists) and self.words <= PLACES | KINDS

    @property
    def is_empty(self) -> bool:
        return not self.words and not self.lists


def read_procedure(field_name: str, text: str, settings: Settings) -> Reading | None:
    """The phrases of `hepatectomy_procedures` for what was done, joined by +, and the segments."""
    text = marked(SHORTHAND.sub(_spelled_out, text))
    lexemes = hardened(lexicon_of(field_name).lexemes(tokens_of(text)))
    try:
        return _together(_merged(_unbracketed(_performed(_parts(lexemes)))))
    except _NotUnderstood:
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


class _Cutter:
    """Cuts the lexemes of a text into parts."""

    def __init__(self) -> None:
        self.parts = [_Part()]
        self.elsewhere = ""
        self.last = ""
        self.depth = 0

    @property
    def part(self) -> _Part:
        return self.parts[-1]

    def cut(self, before: str) -> None:
        if self.elsewhere and (before in STOPS or (self.elsewhere == "(" and before == ")")):
            self.elsewhere = ""
        if self.part.is_empty and not self.part.counts:
            if self.part.is_denied or self.part.is_sparing:
                # "Right hepatectomy - no, wedge".
                raise _NotUnderstood
            # "Planned: …", and "(", "," and the like in a row: the hardest of them counts.
            self.part.before = max(self.part.before, before, key=_hardness)
        else:
            self.parts.append(_Part(before))
        if self.elsewhere:
            self.part.is_elsewhere = True

    def take(self, lexeme: Lexeme, others: Sequence[Lexeme]) -> None:
        kind, part = lexeme.kind, self.part
        segments = list_of(lexeme.text)
        if segments is not None:
            part.lists.append(segments)
        elif kind == "concept":
            if lexeme.value == "other organ" and part.heads:
                # "Right hepatectomy-cholecystectomy".
                self.cut("+")
                part = self.part
            part.words |= _words_of(lexeme.value)
            if part.lists:
                part.trailing |= _words_of(lexeme.value)
        elif kind in ("join", "but"):
            self.cut("+" if kind == "join" else ";")
        elif kind == "spare":
            # "MHV preserved": behind what stays.
            if not part.is_empty and (part.words - {"lobe"} not in STAYING or part.lists):
                self.cut("+")
            self.part.is_sparing = True
        elif kind == "mark":
            self._mark(lexeme.value)
        elif kind == "number":
            self._number(lexeme, others)
        elif kind == "count" or (lexeme.text[0] == "x" and lexeme.text[1:].isdigit()):
            if others and _words_of(others[0].value) & {"segment", "section"}:
                raise _NotUnderstood
            part.counts = True
        elif kind == "now":
            self.elsewhere = ""
            if part.is_empty:
                part.is_elsewhere = False
            elif part.is_elsewhere:
                raise _NotUnderstood
            part.is_done = True
        elif kind == "aside":
            self.parts.append(_Part("aside", is_aside=True))
        elif kind == "elsewhere":
            self._set_aside()
        elif kind == "earlier":
            # "هپاتکتومی راست قبلی": behind what it is said of.
            part.is_elsewhere = True
            part.begins_elsewhere = part.is_empty
        elif kind == "converted":
            self.cut("+")
            self.part.is_instead = True
        elif kind == "undone" and part.is_empty and len(self.parts) > 1:
            self.parts[-2].is_undone = True
        elif kind in ("undone", "planned", "done", "deny"):
            if kind == "deny" and not part.is_empty:
                self.cut("+")
            setattr(self.part, "is_denied" if kind == "deny" else f"is_{kind}", True)
            self.part.is_not_done = lexeme.value == "not done"
        elif kind not in ("fill", "therapy", "unit") or (kind == "therapy" and not part.is_aside):
            raise _NotUnderstood
        self.last = lexeme.text

    def _mark(self, mark: str) -> None:
        if mark not in SEPARATORS and mark != "#":
            raise _NotUnderstood
        # "R. hepatectomy", "lap. wedge": the dot of an abbreviation.
        is_whole = self.part.heads or "lesion" in self.part.words
        is_abbreviation = mark == "." and len(self.last) <= 4 and not is_whole
        self.depth = max(self.depth + (mark in "([") - (mark in ")]"), 0)
        if mark != "#" and not is_abbreviation:
            self.cut(mark)

    def _number(self, lexeme: Lexeme, others: Sequence[Lexeme]) -> None:
        """A count, or a size with its unit; a number behind a name may be a segment or a code."""
        is_year = lexeme.text.isdigit() and int(lexeme.text) in YEARS
        if self.part.is_aside or (self.part.is_elsewhere and is_year):
            self.part.counts = True
            return
        following = others[0] if others else None
        if following is not None and following.kind == "unit":
            return
        is_of_a_list = following is not None and following.text in (")", ".") and not self.depth
        if is_of_a_list and len(others) > 1 and lexeme.text.isdigit():
            self.cut(";")
            return
        if "." in lexeme.value or int(lexeme.value) > MOST_COUNTED:
            raise _NotUnderstood
        counts_what_follows = (
            following is not None
            and following.kind == "concept"
            and not _words_of(following.value) & {"segment", "section", "right", "left"}
        ) or (following is not None and following.text == "x")
        is_counted = self.last in ("x", "=") or counts_what_follows or not lexeme.text.isdigit()
        if not is_counted and not (self.part.words & SMALL) and self.part.before != "(":
            raise _NotUnderstood
        if following is not None and _words_of(following.value) & {"segment", "section"}:
            raise _NotUnderstood
        self.part.counts = True
        self.part.closed_count = not is_counted

    def _set_aside(self) -> None:
        """What follows is of an earlier operation, up to the end of the sentence or brackets."""
        if not self.part.is_empty:
            raise _NotUnderstood
        opens = "(" if self.part.before in ("(", "[") else "."
        self.part.is_elsewhere = self.part.begins_elsewhere = True
        self.elsewhere = opens


def _hardness(before: str) -> int:
    return ["", "-", ":", ",", "(", "[", ")", "]", "/", "+", "aside", ".", "|", ";"].index(before)


def _words_of(value: str) -> set[str]:
    return {"liver resection"} if value == "liver resection" else set(value.split())


def _parts(lexemes: Sequence[Lexeme]) -> list[_Part]:
    cutter = _Cutter()
    for at, lexeme in enumerate(lexemes):
        cutter.take(lexeme, lexemes[at + 1 :])
    return cutter.parts


def _check_scopes(parts: list[_Part]) -> None:
    """No telling how far "planned", "aborted" or "earlier" reach in "LLS and wedge planned"."""
    for part in parts:
        flags = part.is_planned, part.is_elsewhere, part.is_denied, part.is_sparing
        # "(previous wedge, 2018)": a year, or the end of brackets, behind what is set aside.
        is_rest = part.is_elsewhere and not part.begins_elsewhere
        if part.is_empty and not is_rest and (any(flags) or part.is_instead):
            raise _NotUnderstood
    for one, other in pairwise(parts):
        is_set_aside = [p.is_planned or p.is_undone or p.is_elsewhere for p in (one, other)]
        if not any(is_set_aside) or all(is_set_aside) or other.before in STOPS:
            continue
        if other.begins_elsewhere:
            continue
        settled = other if is_set_aside[0] else one
        is_plain = settled.is_done or settled.is_instead or not _is_liver_resection(settled)
        if other.before == "+" and not is_plain:
            raise _NotUnderstood
        if one.is_planned and not one.is_undone and not is_plain:
            raise _NotUnderstood


def _performed(parts: list[_Part]) -> list[_Part]:
    """The parts that were done now: neither planned alone, nor earlier, nor denied."""
    _check_scopes(parts)
    for at, part in enumerate(parts):
        if part.is_instead and not part.is_empty:
            if not _is_liver_resection(part) or not any(map(_is_liver_resection, parts[:at])):
                raise _NotUnderstood
            for earlier in parts[:at]:
                earlier.is_undone = earlier.is_undone or _is_liver_resection(earlier)
    kept: list[_Part] = []
    for part in parts:
        if part.is_aside:
            if _is_liver_resection(part):
                raise _NotUnderstood
        elif part.is_sparing:
            # A vein or duct that stays changes nothing, a segment does.
            if part.words - {"lobe"} not in STAYING or part.lists:
                raise _NotUnderstood
        elif part.is_denied:
            if part.words & SMALL and not any(map(_is_liver_resection, kept)):
                # "No wedge, right hepatectomy": how far does it reach?
                raise _NotUnderstood
            kept += _denied(part)
        elif part.is_not_done and len(parts) == 1 and not part.is_elsewhere:
            # "Right hepatectomy not done" and no more; "aborted" may have become another.
            kept.append(_Part(part.before, {"unresected"}))
        elif part.is_elsewhere or part.is_undone:
            continue
        elif part.is_planned:
            # What was planned counts for nothing only where the text says what was done.
            if part.is_done or not any(
                other.is_done or other.is_instead for other in parts if other is not part
            ):
                raise _NotUnderstood
        elif not part.is_empty:
            kept.append(part)
    if all(part.is_denied for part in kept):
        raise _NotUnderstood
    return kept


def _is_liver_resection(part: _Part) -> bool:
    return bool(part.words & (HEADS | {"wedge", "nonanatomical", "staged"})) and not (
        part.words & {"colorectal", "other", "organ"}
    )


def _denied(part: _Part) -> list[_Part]:
    """What "no", "without" leave of a part."""
    kinds = {"major", "wedge", "nonanatomical"}
    if part.words & kinds and part.words <= kinds | OPEN_HEADS and not part.lists:
        # Without a major hepatectomy, or a wedge, there may be another resection.
        return []
    if part.words == {"liver"} and not part.lists:
        # "No liver surgery".
        return [_Part(part.before, {"unresected"}, is_denied=True)]
    if part.words <= {"colorectal", "other", "organ", "lesion", "caudate", "lobe"} | OPEN_HEADS:
        if part.words & OPEN_HEADS and not part.words & {"organ", "caudate", "other"}:
            return [_Part(part.before, {"unresected"}, is_denied=True)]
        if not part.lists:
            return []
    raise _NotUnderstood


def _is_whole(place: _Part, segments: frozenset[int]) -> bool:
    """All of the place, and no segment of it: "right lobe (S6) resection"."""
    return segments == {1} if "caudate" in place.words else len(segments) > 1


def _unbracketed(parts: list[_Part]) -> list[_Part]:
    """The parts, where the segments of a place stand in brackets before what was done there:
    "caudate (S1) resection"."""
    kept: list[_Part] = []
    for part in parts:
        place, gloss = kept[-2:] if len(kept) > 1 else (None, None)
        is_gloss = gloss is not None and gloss.before in ("(", "[") and not gloss.words
        if (
            place is not None
            and gloss is not None
            and is_gloss
            and place.is_place
            and not place.lists
            and _is_whole(place, gloss.segments)
            and part.before in (")", "]")
            and part.heads
            and not part.lists
        ):
            kept[-2:] = [_joined(_joined(place, part), gloss)]
        else:
            kept.append(part)
    return kept


def _merged(parts: list[_Part]) -> list[_Part]:
    """The parts with what only says where, or of which kind, put to what it speaks of."""
    merged: list[_Part] = []
    for at, part in enumerate(parts):
        last = merged[-1] if merged else None
        is_apart = part.before in ("+", ";", ".", "|")
        if _is_label(part, parts[at + 1 :]):
            continue
        if part.words == {"liver"} and not part.lists and _is_place_beside(last, part, parts[at:]):
            continue
        if last is not None and last.words == {"caudate"} and part.heads and part.words & SIDES:
            merged.append(part)
        elif last is not None and part.words == {"partial"} and last.words & SMALL:
            # "Metastasectomies, parenchymal sparing".
            continue
        elif last is not None and _tells_how(part) and _is_of_lesions(last):
            # "Resection of right posterior section metastasis (wedge)".
            merged[-1] = _joined(last, part)
            merged[-1].trailing |= merged[-1].words
        elif last is not None and _tells_how(part) and _is_of_section(last):
            # "Resection of left lateral section (wedge)": all of it, or a wedge?
            raise _NotUnderstood
        elif last is not None and last.words == {"organ"} and _is_wedge_beside(part):
            # "Diaphragm + liver wedge": of both.
            merged[-1] = part
        elif last is not None and part.before == "+" and _is_left_lateral(last):
            # "Left lateral + wedge S7".
            merged[-1] = _Part(last.before, last.words | {"sectionectomy"}, last.lists)
            merged.append(part)
        elif last is not None and last.is_place:
            # "Segment 7, wedge resection".
            is_counted = part.counts and part.words & SMALL
            if (is_apart and not is_counted) or not part.words & (
                SMALL | {"segmentectomy", "other"}
            ):
                raise _NotUnderstood
            merged[-1] = _joined(last, part)
        elif last is not None and part.is_place and part.words <= {"segment"} and is_apart:
            # "Left hepatectomy with segment 1".
            merged.append(_Part(part.before, {"beside"}, part.lists))
        elif (
            last is not None
            and part.before == "+"
            and part.words <= {"organ", *SIDES}
            and _is_liver_resection(last)
        ):
            # "Right hepatectomy with the gallbladder".
            continue
        elif last is not None and part.words == {"caudate"} and not last.words & SMALL:
            merged.append(part)
        elif last is not None and part.is_place and not is_apart:
            merged[-1] = _with_place(last, part)
        elif last is not None and _is_bare(last) and (not is_apart or _is_kind(part)):
            merged[-1] = _with_kind(last, part)
        elif last is not None and part.before in ("(", "[") and last.words & SMALL:
            if _is_liver_resection(part) and not part.words & SMALL:
                raise _NotUnderstood
            merged.append(part)
        else:
            merged.append(part)
    return merged


def _is_place_beside(last: _Part | None, part: _Part, others: list[_Part]) -> bool:
    """ "Liver, wedge", "wedge, liver", yet not "colon, liver" nor "liver and colon resection"."""
    if last is None:
        return len(others) > 1 and others[1].before in SOFT
    return part.before in SOFT and _is_liver_resection(last)


def _is_label(part: _Part, following: list[_Part]) -> bool:
    """ "Liver: …", "Synchronous resection: …": what follows says what was done."""
    if not following or following[0].before != ":" or part.lists:
        return False
    if part.words <= {"liver", "organ", "colorectal"} and not part.words <= {"colorectal"}:
        return True
    return _is_bare(part) and any(
        _is_liver_resection(other) and not _is_bare(other) for other in following
    )


def _tells_how(part: _Part) -> bool:
    return part.before in SOFT and bool(part.words) and part.words <= SMALL and not part.lists


def _is_of_lesions(part: _Part) -> bool:
    return {"lesion"} < part.words and not part.words & SMALL and part.heads <= OPEN_HEADS


def _is_of_section(part: _Part) -> bool:
    is_open = bool(part.heads) and part.heads <= {"resection", "excision", "liver resection"}
    return is_open and "section" in part.words


def _is_wedge_beside(part: _Part) -> bool:
    return part.before == "+" and "liver" in part.words and bool(part.words & {"wedge"})


def _is_left_lateral(part: _Part) -> bool:
    return {"left", "lateral"} <= part.words <= {"left", "lateral", "section"}


def _is_kind(part: _Part) -> bool:
    """ "Hepatectomy; wedge", "Hepatectomy; trisegmentectomy"."""
    if part.before == ";" and part.words & {"trisectionectomy", "hemihepatectomy"}:
        # Major, whatever else the hepatectomy may have been.
        return True
    return part.before == ";" and part.words <= SMALL | {"liver"} and bool(part.words & SMALL)


def _with_kind(part: _Part, kind: _Part) -> _Part:
    """ "Hepatectomy, wedge", "Liver resection: right hepatectomy": the latter says which."""
    if not _is_liver_resection(kind) and not kind.words & SMALL:
        raise _NotUnderstood
    if not kind.heads:
        joined = _joined(part, kind)
        joined.trailing |= part.words
        return joined
    return kind


def _is_bare(part: _Part) -> bool:
    return bool(part.heads) and part.words <= OPEN_HEADS | {"liver"} and not part.lists


def _joined(one: _Part, other: _Part) -> _Part:
    return _Part(
        one.before,
        one.words | other.words,
        one.lists + other.lists,
        trailing=one.trailing | other.trailing | (other.words if one.lists else set()),
        counts=one.counts or other.counts,
    )


def _with_place(part: _Part, place: _Part) -> _Part:
    in_brackets = place.before in ("(", "[")
    if "caudate" in place.words and not in_brackets:
        raise _NotUnderstood
    if _is_bare(part):
        if in_brackets and place.words & SIDES and not part.words & {"hepatectomy", "lobectomy"}:
            raise _NotUnderstood
        return _joined(part, place)
    if part.words & {"other", "colorectal", "unresected", "organ"} and not part.heads:
        is_of_liver = place.lists or place.words & {"liver", "lobe", "section", "segment"}
        if is_of_liver and "colorectal" in part.words:
            raise _NotUnderstood
        if not in_brackets and (place.words & {"lateral", "medial", "anterior", "posterior"}):
            raise _NotUnderstood
        return part
    if part.words & SMALL:
        if any(map(_is_a_section, place.lists)) and not in_brackets:
            raise _NotUnderstood
        if place.words & {"lateral", "medial", "anterior", "posterior"} and not in_brackets:
            raise _NotUnderstood
        return part
    if part.heads or "staged" in part.words:
        return _joined(part, place)
    raise _NotUnderstood


def _is_a_section(one: SegmentList) -> bool:
    """Whether these segments may be a resection of their own: a whole section, and no more."""
    return one.is_open_range or one.segments in SECTIONS.values()


def _together(parts: list[_Part]) -> Reading:
    """All that was done, and what all of it takes of the liver."""
    found = [(_judged(part), part) for part in parts]
    names = [name for name, _ in found]
    liver = [(name, part) for name, part in found if name not in NOT_LIVER.values()]
    if not found or (liver and NOT_LIVER["unresected"] in names):
        raise _NotUnderstood
    if "beside" in names and not any(name in MAJOR for name in names):
        raise _NotUnderstood
    if liver and all(name == UNCLEAR for name, _ in liver):
        raise _NotUnderstood
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
    is_open = None in taken or not taken or not beside <= surely
    segments = tuple(sorted(surely))
    return Reading(
        " + ".join(phrases), segments=segments, segments_at_most=None if is_open else segments
    )


def _taken(name: str, part: _Part) -> frozenset[int] | None:
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


def _judged(part: _Part) -> str:
    """The phrase for a part: one of the code list, or "staged"."""
    if "laparoscopy" in part.words:
        # In Persian a way to operate as well as an operation.
        is_way = bool(part.words & (HEADS | SMALL))
        part.words = part.words - {"laparoscopy"} | (set() if is_way else {"other"})
    if _is_unclear(part):
        return UNCLEAR
    words = part.words - {"liver"}
    is_liver = part.words != words
    if part.before == "+" and _is_left_lateral(part):
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
    if is_counted and {"lesion", "excision"} <= words <= {"lesion", "excision", "lobe", *SIDES}:
        # "Removal of three lesions from both lobes".
        return "metastasectomy"
    if "bilobar" in sides or len(sides) > 1 or part.closed_count:
        raise _NotUnderstood
    side = next(iter(sides), "")
    if "caudate" in words:
        return _caudate(part, words)
    if "lesion" in words and not words & (HEADS - OPEN_HEADS):
        return _of_a_lesion(part, words)
    words -= {"lesion"}
    phrase = _named(words, side, part, is_liver)
    return _agreed(phrase, part)


def _is_unclear(part: _Part) -> bool:
    """A resection of the liver of which nothing else is told: "hepatectomy"."""
    told = {"hepatectomy", "liver resection"}
    return bool(part.words & told) and part.words <= told | {"liver"} and not part.lists


def _elsewhere_than_liver(part: _Part) -> str:
    """What is no resection of the liver: an operation, or one of another organ."""
    words = part.words
    allowed = PLACES | {"colorectal", "anterior", "other", "organ", "unresected", "liver"}
    allowed |= {"resection", "excision", "partial", "segmental", "wedge", "extended"}
    allowed |= {"metastasectomy"} if "organ" in words else set()
    if "lobed" in words:
        # Other organs with lobes: the lung, the thyroid.
        words = words - {"lobe", "lobed", "lobectomy", "segmentectomy"} | {"resection"}
    if not words <= allowed:
        raise _NotUnderstood
    if "colorectal" in words:
        # "Anterior resection" may be one of the liver, and the bowel has no segments.
        if part.lists or words & {"liver", "lateral", "medial", "posterior", "lobe", "section"}:
            raise _NotUnderstood
        if "anterior" in words and words & SIDES:
            raise _NotUnderstood
        return NOT_LIVER["colorectal"]
    if "unresected" in words:
        return NOT_LIVER["unresected"]
    if "other" not in words:
        if not words & {"resection", "excision", "wedge", "partial", "metastasectomy"}:
            raise _NotUnderstood
        if words & {"liver", "lobe", "lateral", "medial", "section"} or part.lists:
            raise _NotUnderstood
        return NOT_LIVER["other"]
    if words & {"resection", "excision", "extended"} and "organ" not in words:
        raise _NotUnderstood
    if words & {"wedge", "segmental", "partial", "metastasectomy"} and "organ" not in words:
        raise _NotUnderstood
    return NOT_LIVER["other"]


def _small(part: _Part, words: set[str]) -> str:
    """A wedge, metastasectomy, non-anatomical or partial resection, wherever it is."""
    heads = words & HEADS - {"metastasectomy"}
    if part.lists and heads - part.trailing and (words & SMALL) <= part.trailing:
        # "Resection of S5 and S8 wedge".
        raise _NotUnderstood
    if "extended" in words or heads - (OPEN_HEADS | {"segmentectomy", "subsegmentectomy"}):
        raise _NotUnderstood
    if "lobectomy" in heads or words & {"major", "middle"}:
        # The middle lobe is one of the lung.
        raise _NotUnderstood
    if "hepatectomy" in heads and words & SIDES:
        raise _NotUnderstood
    if "caudate" in words and "partial" in words:
        raise _NotUnderstood
    if "segmentectomy" in heads:
        if "wedge" in words or "partial" in words or words & SIDES:
            raise _NotUnderstood
        return "nonanatomical resection" if "nonanatomical" in words else "segmentectomy"
    if words & {"posterior"} and not words & {"right", "lobe", "section", "segment", "bilobar"}:
        raise _NotUnderstood
    if "metastasectomy" in words:
        return "metastasectomy"
    if "nonanatomical" in words:
        return "nonanatomical resection"
    if "wedge" in words:
        return "wedge resection"
    # "Partial" needs to be said of something.
    if not heads or (words & SIDES and "lesion" not in words):
        raise _NotUnderstood
    return "partial hepatectomy"


def _caudate(part: _Part, words: set[str]) -> str:
    allowed = {"caudate", "lobe", "lobectomy", "resection", "liver resection", "hepatectomy"}
    allowed |= {"excision", "segmentectomy", "segment"}
    if not words <= allowed or not part.segments <= {1}:
        raise _NotUnderstood
    return "caudate lobectomy"


def _of_a_lesion(part: _Part, words: set[str]) -> str:
    """The resection of a lesion is minor where it is one of a segment, or they are counted."""
    if not words <= {"lesion", "resection", "excision", "liver resection", "segment"}:
        raise _NotUnderstood
    if any(one.may_hold_a_section for one in part.lists):
        raise _NotUnderstood
    if part.lists and words & {"resection", "liver resection"}:
        return "minor hepatectomy"
    if "excision" in words and (part.lists or part.counts):
        return "metastasectomy"
    raise _NotUnderstood


def _named(words: set[str], side: str, part: _Part, is_liver: bool) -> str:
    """The procedure by its name, without regard to the segments beside it."""
    directions = words & {"lateral", "medial", "anterior", "posterior"}
    heads = words & HEADS
    rest = words - heads - directions - SIDES
    if not heads or len(directions) > 1:
        raise _NotUnderstood
    if "mesohepatectomy" in heads or "central" in rest:
        if side or directions or rest - {"central", "middle", "segmental", "section"}:
            raise _NotUnderstood
        names = {"mesohepatectomy", "hepatectomy", "liver resection"}
        # The middle lobe is one of the lung.
        names |= set() if "middle" in rest else {"lobectomy"}
        names |= {"resection"} if part.segments == SEGMENTS_OF["central hepatectomy"] else set()
        if not heads <= names | {"sectionectomy", "bisectionectomy"}:
            raise _NotUnderstood
        return "central hepatectomy"
    if directions:
        return _section(heads, rest, side, directions.pop(), is_liver)
    if "trisectionectomy" in heads or "extended" in rest:
        if rest - {"extended"} or not heads <= {
            "trisectionectomy",
            "hepatectomy",
            "hemihepatectomy",
            "lobectomy",
        }:
            raise _NotUnderstood
        if heads == {"lobectomy"} and not side:
            raise _NotUnderstood
        return f"{side} trisectionectomy".strip()
    if rest & {"major", "minor"}:
        if rest - {"major", "minor"} or len(rest) > 1 or not heads <= OPEN_HEADS or part.lists:
            raise _NotUnderstood
        if "minor" in rest or not side:
            if side:
                raise _NotUnderstood
            return f"{rest.pop()} hepatectomy"
        rest = set()
    if "hemihepatectomy" in heads:
        if rest or not heads <= {"hemihepatectomy", *OPEN_HEADS}:
            raise _NotUnderstood
        return f"{side} hepatectomy" if side else "hemihepatectomy"
    if heads & {"segmentectomy", "bisegmentectomy", "subsegmentectomy", "sectionectomy"}:
        return _of_segments(heads, rest, side, part)
    return _of_a_side(heads, rest, side, part)


def _section(heads: set[str], rest: set[str], side: str, direction: str, is_liver: bool) -> str:
    """A section by its direction: a "left lateral segmentectomy" is one too."""
    own_side = "left" if direction in ("lateral", "medial") else "right"
    if side not in ("", own_side) or not rest <= {"section", "segment", "lobe", "segmental"}:
        raise _NotUnderstood
    if not heads <= OPEN_HEADS | {"sectionectomy", "segmentectomy", "bisegmentectomy"}:
        raise _NotUnderstood
    if "sectionectomy" not in heads and not side:
        raise _NotUnderstood
    # "Right anterior resection" may be one of the rectum.
    is_bare = heads <= {"resection", "excision"} and not rest & {"section", "segment"}
    if is_bare and (
        direction in ("anterior", "posterior") or (not is_liver and direction != "lateral")
    ):
        raise _NotUnderstood
    if "lobectomy" in heads and direction != "lateral":
        raise _NotUnderstood
    return f"{own_side} {direction} sectionectomy"


def _of_segments(heads: set[str], rest: set[str], side: str, part: _Part) -> str:
    if side or rest - {"segment", "section"} or not heads - OPEN_HEADS:
        raise _NotUnderstood
    if len(part.lists) > 1 and heads & {"bisegmentectomy", "sectionectomy"}:
        raise _NotUnderstood
    by_number = next((name for name, pair in SECTIONS.items() if pair == part.segments), "")
    if "sectionectomy" in heads:
        if part.lists and not by_number:
            raise _NotUnderstood
        return by_number or "sectionectomy"
    if "bisegmentectomy" in heads:
        if by_number:
            return by_number
        if part.lists and len(part.segments) != 2:
            raise _NotUnderstood
        return "bisegmentectomy"
    if any(one.is_open_range for one in part.lists):
        raise _NotUnderstood
    return "caudate lobectomy" if part.segments == {1} else "segmentectomy"


def _of_a_side(heads: set[str], rest: set[str], side: str, part: _Part) -> str:
    """A hepatectomy, lobectomy or resection, of a side, a lobe or segments."""
    if rest == {"segmental"} or (rest == {"segment"} and not part.lists):
        if side or not heads <= OPEN_HEADS - {"excision", "lobectomy"} or part.lists:
            raise _NotUnderstood
        return "segmentectomy"
    if not rest <= {"lobe", "segment"}:
        raise _NotUnderstood
    if side == "right":
        if heads & {"hepatectomy", "lobectomy"} or "lobe" in rest:
            return "right hepatectomy"
    elif side == "left":
        # A left lobe is the hemiliver to one, the lateral section to another.
        is_hepatectomy = "hepatectomy" in heads and "lobectomy" not in heads
        if is_hepatectomy and "lobe" not in rest:
            return "left hepatectomy"
    elif part.lists and heads <= {"resection", "liver resection", "excision"}:
        return _resection_of(part.lists)
    raise _NotUnderstood


def _resection_of(lists: list[SegmentList]) -> str:
    """A resection of numbered segments; a whole section only where written as one thing."""
    if not any(one.may_hold_a_section for one in lists):
        segments = frozenset().union(*(one.segments for one in lists))
        if any(pair <= segments for pair in SECTIONS.values()):
            raise _NotUnderstood
        return "caudate lobectomy" if segments == {1} else "segmentectomy"
    if len(lists) == 1 and lists[0].is_one_thing and not lists[0].is_open_range:
        for name, pair in SECTIONS.items():
            if lists[0].segments == pair:
                return name
    raise _NotUnderstood


def _agreed(phrase: str, part: _Part) -> str:
    """The phrase, unless the segments beside it are not its own: "right hepatectomy (S4-8)"."""
    own = SEGMENTS_OF.get(phrase)
    if own is None or not part.lists:
        return phrase
    if not part.segments - own <= {1}:
        raise _NotUnderstood
    is_range = any(one.is_open_range for one in part.lists)
    if len(part.segments) > 1 and not is_range and not own <= part.segments:
        # "Left hepatectomy (2, 3)".
        raise _NotUnderstood
    return phrase if part.segments <= own else _without_segments(phrase)


class _Listed:
    """Goes through the words of a list of segments."""

    def __init__(self) -> None:
        self.kept: set[int] = set()
        # The segments since the last mark, and whether more than one was written there.
        self.chunk: list[int] = []
        self.chunk_is_after = ""
        self.earlier_is_compound = True
        self.is_sparing = False
        # Whether a word says of the segments before the last mark that they went.
        self.is_done = self.earlier_is_done = False
        # What follows are wedges, which take no segment.
        self.is_wedge = False
        self.wedged = 0
        self.is_joined = False
        self.spared: set[int] = set()
        self.named: set[int] = set()
        self.lobe: frozenset[int] | None = None
        self.count = 0
        # What lies between the ends of a range may have been taken.
        self.between: set[int] = set()

    def close(self, mark: str) -> None:
        (self.spared if self.is_sparing else self.kept).update(self.chunk)
        if self.chunk:
            self.earlier_is_compound = len(self.chunk) > 1
        self.chunk = []
        self.chunk_is_after = mark
        self.earlier_is_done, self.is_done = self.is_done, False
        if mark in (")", ";", "."):
            self.is_sparing = False

    def spare(self) -> None:
        """What stands right before "spared" does not count, nor what follows "sparing"."""
        if self.chunk and not self.is_sparing:
            # "S2, S3, S4 spared": who knows where that begins?
            if not self.kept or len(self.chunk) > 1:
                raise _NotUnderstood
            is_list = self.chunk_is_after == "," and not self.earlier_is_compound
            if is_list and not self.earlier_is_done:
                raise _NotUnderstood
            self.spared.update(self.chunk)
            self.chunk = []
        else:
            self.is_sparing = True

    def take(self, lexeme: Lexeme) -> None:
        segments = list_of(lexeme.text)
        if segments is not None:
            ends = sorted(segments.segments)
            between = set(range(ends[0], ends[-1] + 1))
            if self.wedged:
                raise _NotUnderstood
            if segments.is_open_range and between | {1} == self._lobe_and_caudate():
                # "Right lobe, segments 5 to 8".
                self.chunk += sorted(between)
            elif segments.is_open_range:
                if len(ends) > 2 or self.is_wedge:
                    raise _NotUnderstood
                self.between |= between
                self.chunk += ends
            elif self.is_wedge:
                self.wedged = 1
            else:
                self.chunk += sorted(segments.segments)
        elif self.is_wedge and lexeme.kind not in ("fill", "wedge"):
            raise _NotUnderstood
        elif lexeme.kind == "wedge":
            self._wedge()
        elif lexeme.kind == "done":
            self.is_done = True
        elif lexeme.kind == "section":
            self._section(lexeme.value)
        elif lexeme.kind == "caudate":
            self.chunk.append(1)
        elif lexeme.kind == "lobe":
            self.lobe = {"right": RIGHT, "left": LEFT | {1}}[lexeme.value]
        elif lexeme.kind == "spared":
            if not self.chunk:
                raise _NotUnderstood
            self.spare()
        elif lexeme.kind in ("sparing", "deny"):
            self.close(",")
            self.is_sparing = True
        elif lexeme.kind == "number" and not self.chunk and not self.kept and not self.count:
            self.count = int(lexeme.value) if lexeme.value.isdigit() else -1
        elif lexeme.kind == "mark" and lexeme.value in SEPARATORS - {"-", "/"} | {"#"}:
            self.close(lexeme.value)
        elif lexeme.kind == "but":
            if lexeme.text == "though":
                # "5 though 8" is a slip for "through".
                raise _NotUnderstood
            self.close(",")
        elif lexeme.kind not in ("fill", "join"):
            raise _NotUnderstood
        self.is_joined = lexeme.kind == "join"

    def _lobe_and_caudate(self) -> frozenset[int]:
        return frozenset() if self.lobe is None else self.lobe | {1}

    def _wedge(self) -> None:
        """ "S6 and wedge of S2": at the end, apart from the segments before it."""
        if self.wedged or not (self.kept or self.chunk):
            raise _NotUnderstood
        if self.chunk and not self.is_joined:
            raise _NotUnderstood
        self.close(",")
        self.is_wedge = True

    def _section(self, name: str) -> None:
        segments = set(SEGMENTS_OF[name])
        listed = self.kept | set(self.chunk)
        if self.named or (listed and listed != segments):
            raise _NotUnderstood
        self.named = segments

    def segments(self) -> list[int]:
        self.close(".")
        if self.is_wedge and not self.wedged:
            raise _NotUnderstood
        found = self.kept or self.named
        if not found or found & self.spared or not self.named <= found:
            raise _NotUnderstood
        if self.lobe is not None and not found <= self.lobe:
            raise _NotUnderstood
        if self.count and self.count != len(found):
            raise _NotUnderstood
        if self.between and self.spared:
            raise _NotUnderstood
        return sorted(found)


def read_segments(field_name: str, text: str, settings: Settings) -> Reading | None:
    """The segments of a list; those that were spared do not count.

    A range of more than two ("5-8") may mean both ends or all between, and is imprecise.
    """
    if text.rstrip(" .") in NO_SEGMENT:
        return Reading(segments=(), segments_at_most=())
    listed = _Listed()
    try:
        for lexeme in hardened(lexicon_of(field_name).lexemes(tokens_of(marked_list(text)))):
            listed.take(lexeme)
        segments = listed.segments()
    except _NotUnderstood:
        return _segments_of_procedure(text, settings)
    at_most = sorted(listed.between.union(segments))
    return Reading(
        missing_reason="imprecise" if at_most != segments else None,
        segments=tuple(segments),
        segments_at_most=tuple(at_most),
    )


def _segments_of_procedure(text: str, settings: Settings) -> Reading | None:
    """The segments of a procedure that is named instead of them, or beside a range of them."""
    named = read_procedure("procedure", text, settings)
    if named is None or not named.segments or named.segments != named.segments_at_most:
        return None
    return Reading(segments=named.segments, segments_at_most=named.segments)


READERS = {"procedure": read_procedure, "segments": read_segments}
