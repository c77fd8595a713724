"""The parts of a text of procedures, and which of them were done.

A text is cut at its marks and joining words. A part that was planned alone, given up, or of an
earlier operation counts for nothing, where the text settles how far that reaches; else the whole
text stays unread.

The words are those of words/procedures.csv.

kind          what a phrase of it does, beside the kinds of all lexicons
concept       names what was done, where, or of what kind: `value` holds a word for each
count         counts lesions or resections ("multiple")
planned       what it stands beside was planned
done          what it stands beside was done
undone        what it stands beside, or behind, was given up (value `not done`: never begun)
converted     what follows was done instead of what stands before
ahead         when what is planned will be done
now           ends what is of another time
earlier       what it stands behind is of an earlier operation
spare         what it stands before stayed; behind a procedure it begins another part
aside         what follows tells why, or of what, and is no procedure
therapy       a treatment, of which something may be told aside
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from reading.common import SEPARATORS, NotUnderstood
from reading.couinaud import SegmentList, list_of
from reading.lexicon import Lexeme

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
# Of which a word may say that it stays: no resection of the list takes it by itself.
STAYING = ({"organ"}, {"caudate"})
STOPS = {";", ".", "|"}
# Up to here a bare number may count lesions or resections.
MOST_COUNTED = 20
# Years of an earlier operation, by either calendar.
YEARS = {*range(1370, 1430), *range(1990, 2050)}


@dataclass(slots=True)
class Part:
    """What stands between two separators; `before` is the one it begins with.

    `words` are those of its concepts, `lists` the lists of segments in it. `counts`: lesions or
    resections are counted in it; `closed_count`: by a number that may count segments instead.
    """

    before: str = ""
    words: set[str] = field(default_factory=set)
    lists: list[SegmentList] = field(default_factory=list)
    # The words behind the first list of segments.
    trailing: set[str] = field(default_factory=set)
    counts: bool = False
    closed_count: bool = False
    is_planned: bool = False
    is_ahead: bool = False
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
        """The words of it that name a resection."""
        return self.words & HEADS

    @property
    def segments(self) -> frozenset[int]:
        """All that its lists name."""
        return frozenset().union(*(one.segments for one in self.lists))

    @property
    def is_place(self) -> bool:
        """Whether it names nothing but where, or how much, of what stands beside it."""
        return bool(self.words or self.lists) and not self.words - PLACES - KINDS

    @property
    def is_empty(self) -> bool:
        """Whether it names nothing at all."""
        return not self.words and not self.lists


class _Cutter:
    """Cuts the lexemes of a text into parts.

    `elsewhere` is where it ends what is of an earlier operation: "." the sentence, "(" the
    brackets. `depth` is how many brackets are open, `last` the text of the lexeme before.
    """

    def __init__(self) -> None:
        self.parts = [Part()]
        self.elsewhere = ""
        self.last = ""
        self.depth = 0

    @property
    def part(self) -> Part:
        """The one that goes on."""
        return self.parts[-1]

    def cut(self, before: str) -> None:
        """Begins another part, unless the last one is empty yet."""
        if self.elsewhere and (before in STOPS or (self.elsewhere == "(" and before == ")")):
            self.elsewhere = ""
        is_told_why = self.part.is_aside and before in {",", *STOPS}
        if self.part.is_empty and not self.part.counts and not is_told_why:
            if self.part.is_denied or self.part.is_sparing:
                # "Right hepatectomy - no, wedge".
                raise NotUnderstood
            # "Planned: …", and "(", "," and the like in a row: the hardest of them counts.
            self.part.before = max(self.part.before, before, key=_hardness)
        else:
            self.parts.append(Part(before))
        if self.elsewhere:
            self.part.is_elsewhere = True

    def take(self, lexeme: Lexeme, others: Sequence[Lexeme]) -> None:
        """Puts a lexeme to its part; `others` are those behind it."""
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
                raise NotUnderstood
            part.counts = True
        elif kind == "now":
            self.elsewhere = ""
            if part.is_empty:
                part.is_elsewhere = False
            elif part.is_elsewhere:
                raise NotUnderstood
            part.is_done = True
        elif kind == "aside":
            self.parts.append(Part("aside", is_aside=True))
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
        elif kind in ("undone", "planned", "ahead", "done", "deny"):
            if kind == "deny" and not part.is_empty:
                self.cut("+")
            setattr(self.part, "is_denied" if kind == "deny" else f"is_{kind}", True)
            self.part.is_not_done = lexeme.value == "not done"
        elif kind not in ("fill", "unit") and not (part.is_aside and self._is_told(kind)):
            raise NotUnderstood
        self.last = lexeme.text

    def _is_told(self, kind: str) -> bool:
        """Whether an aside may tell it: a treatment, or whatever made the surgeon give up."""
        before = self.parts[-2]
        is_given_up = before.is_undone or "unresected" in before.words
        return kind == "therapy" or (kind == "unknown" and is_given_up)

    def _mark(self, mark: str) -> None:
        if mark not in SEPARATORS and mark != "#":
            raise NotUnderstood
        # "R. hepatectomy", "lap. wedge": the dot of an abbreviation.
        is_whole = self.part.heads or self.part.words & {"lesion", "other", "colorectal"}
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
        if is_of_a_list and lexeme.text.isdigit():
            self.cut(";")
            return
        if "." in lexeme.value or int(lexeme.value) > MOST_COUNTED:
            raise NotUnderstood
        counts_what_follows = (
            following is not None
            and following.kind == "concept"
            and not _words_of(following.value) & {"segment", "section", "right", "left"}
        ) or (following is not None and following.text == "x")
        is_counted = self.last in ("x", "=") or counts_what_follows or not lexeme.text.isdigit()
        if not is_counted and not (self.part.words & SMALL) and self.part.before != "(":
            raise NotUnderstood
        if following is not None and _words_of(following.value) & {"segment", "section"}:
            raise NotUnderstood
        self.part.counts = True
        self.part.closed_count = not is_counted

    def _set_aside(self) -> None:
        """What follows is of an earlier operation, up to the end of the sentence or brackets."""
        if not self.part.is_empty:
            raise NotUnderstood
        opens = "(" if self.part.before in ("(", "[") else "."
        self.part.is_elsewhere = self.part.begins_elsewhere = True
        self.elsewhere = opens


def _hardness(before: str) -> int:
    return ["", "-", ":", ",", "(", "[", ")", "]", "/", "+", "aside", ".", "|", ";"].index(before)


def _words_of(value: str) -> set[str]:
    return {"liver resection"} if value == "liver resection" else set(value.split())


def cut(lexemes: Sequence[Lexeme]) -> list[Part]:
    """The parts of a text; raises NotUnderstood where a word has no place in one."""
    cutter = _Cutter()
    for at, lexeme in enumerate(lexemes):
        cutter.take(lexeme, lexemes[at + 1 :])
    return cutter.parts


def _check_scopes(parts: list[Part]) -> None:
    """No telling how far "planned", "aborted" or "earlier" reach in "LLS and wedge planned"."""
    for part in parts:
        flags = part.is_planned, part.is_elsewhere, part.is_denied, part.is_sparing
        # "(previous wedge, 2018)": a year, or the end of brackets, behind what is set aside.
        is_rest = part.is_elsewhere and not part.begins_elsewhere
        if part.is_empty and not is_rest and (any(flags) or part.is_instead):
            raise NotUnderstood
    for one, other in pairwise(parts):
        is_set_aside = [p.is_planned or p.is_undone or p.is_elsewhere for p in (one, other)]
        if not any(is_set_aside) or all(is_set_aside) or other.before in STOPS:
            continue
        if other.begins_elsewhere:
            continue
        settled = other if is_set_aside[0] else one
        is_plain = settled.is_done or settled.is_instead or not is_liver_resection(settled)
        if other.before == "+" and not is_plain:
            raise NotUnderstood
        if one.is_planned and not one.is_undone and not is_plain:
            raise NotUnderstood


def performed(parts: list[Part]) -> list[Part]:
    """The parts that were done now: neither planned alone, nor earlier, nor denied.

    Raises NotUnderstood where it is not settled which.
    """
    _check_scopes(parts)
    for at, part in enumerate(parts):
        if part.is_instead and not part.is_empty:
            if not is_liver_resection(part) or not any(map(is_liver_resection, parts[:at])):
                raise NotUnderstood
            for earlier in parts[:at]:
                earlier.is_undone = earlier.is_undone or is_liver_resection(earlier)
    kept: list[Part] = []
    for part in parts:
        if part.is_aside:
            if is_liver_resection(part):
                raise NotUnderstood
        elif part.is_sparing:
            # A vein or duct that stays changes nothing, a segment does.
            if part.words - {"lobe"} not in STAYING or part.lists:
                raise NotUnderstood
        elif part.is_denied:
            if part.words & SMALL and not any(map(is_liver_resection, kept)):
                # "No wedge, right hepatectomy": how far does it reach?
                raise NotUnderstood
            kept += _denied(part)
        elif part.is_not_done and len(parts) == 1 and not part.is_elsewhere:
            # "Right hepatectomy not done" and no more; "aborted" may have become another.
            kept.append(Part(part.before, {"unresected"}))
        elif part.is_elsewhere or part.is_undone:
            continue
        elif part.is_planned or part.is_ahead:
            # What was planned counts for nothing only where the text says what was done, or that
            # it lies ahead: "PVE. Right hepatectomy planned in 6 weeks".
            others = [other for other in parts if other is not part]
            is_settled = any(other.is_done or other.is_instead for other in others)
            if part.is_done or not (is_settled or (part.is_planned and part.is_ahead)):
                raise NotUnderstood
        elif not part.is_empty:
            kept.append(part)
    if all(part.is_denied for part in kept):
        raise NotUnderstood
    return kept


def is_liver_resection(part: Part) -> bool:
    """Whether it names a resection, and no other organ."""
    return bool(part.words & (HEADS | {"wedge", "nonanatomical", "staged"})) and not (
        part.words & {"colorectal", "other", "organ"}
    )


def _denied(part: Part) -> list[Part]:
    """What "no", "without" leave of a part."""
    kinds = {"major", "wedge", "nonanatomical"}
    if part.words & kinds and not (part.words - kinds - OPEN_HEADS or part.lists):
        # Without a major hepatectomy, or a wedge, there may be another resection.
        return []
    if part.words == {"liver"} and not part.lists:
        # "No liver surgery".
        return [Part(part.before, {"unresected"}, is_denied=True)]
    if not part.words - {"colorectal", "other", "organ", "lesion", "caudate", "lobe"} - OPEN_HEADS:
        if part.words & OPEN_HEADS and not part.words & {"organ", "caudate", "other"}:
            return [Part(part.before, {"unresected"}, is_denied=True)]
        if not part.lists:
            return []
    raise NotUnderstood
