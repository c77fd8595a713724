"""What was resected: procedures and Couinaud segments (dictionary §4 and §5)."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from functools import cache

from tests.reference.cohort_by_hand.words import (
    NOT_REPORTED,
    UNREADABLE,
    Reading,
    known,
    seed,
    strongest,
)

ALL_SEGMENTS = frozenset(range(1, 9))
SECTIONS = {frozenset({2, 3}), frozenset({6, 7}), frozenset({5, 8})}
WAYS = ("laparoscopic ", "robotic ", "open ")
# Words of the generated texts that the code list has once, in other words.
SPELLINGS = {
    "wedge resections": "wedge resection",
    "non-anatomical resection": "nonanatomical resection",
    "سگمنتکتومی": "segmentectomy",
    "متاستازکتومی": "metastasectomy",
    "هپاتکتومی چپ": "left hepatectomy",
    "هپاتکتومی راست": "right hepatectomy",
}
ROMAN = {"iv": "4", "viii": "8", "vii": "7", "vi": "6", "v": "5", "iii": "3", "ii": "2", "i": "1"}


@dataclass(frozen=True)
class Part:
    """One procedure of a text."""

    is_liver: bool
    extent: Reading
    segments: frozenset[int] | None  # None: the name does not tell
    fewest: int = 0
    is_wedge: bool = False


@cache
def _list() -> dict[str, dict[str, str]]:
    listed = {row["phrase"]: row for row in seed("hepatectomy_procedures")}
    return listed | {spelling: listed[phrase] for spelling, phrase in SPELLINGS.items()}


def segments_named(text: str) -> frozenset[int] | None:
    """Plain lists of segments such as "5, 6" or "II and III"; None where it is none."""
    for roman, number in ROMAN.items():
        text = re.sub(rf"\b{roman}(?=[ab]?\b)", number, text)
    if not re.fullmatch(r"[1-8][ab]?(?:(?:, ?| and | و |-)[1-8][ab]?)*", text):
        return None
    numbers = [int(digit) for digit in re.findall(r"[1-8]", text)]
    if "-" in text and any(abs(a - b) != 1 for a, b in itertools.pairwise(numbers)):
        return None
    return frozenset(numbers)


def _part(text: str) -> Part | None:
    for way in WAYS:
        text = text.removeprefix(way)
    text = re.sub(r" x ?\d+$", "", text)
    row, beside = _list().get(text), None
    if row is None:
        match = re.fullmatch(r"(.+?)(?: of)?(?: segments?)? (\S.*)", text)
        while match and not (match[1] in _list() and segments_named(match[2])):
            longer = re.fullmatch(
                rf"({re.escape(match[1])} .+?)(?: of)?(?: segments?)? (\S.*)", text
            )
            match = longer
        if not match:
            return None
        row, beside = _list()[match[1]], segments_named(match[2])
    if row["is_liver_resection"] != "true":
        return Part(False, NOT_REPORTED, frozenset())
    extent = Reading(row["extent"] or None, row["missing_reason"] or None)
    wedge = row["segments"] == "none" and row["extent"] == "minor"
    if row["segments"] == "none":
        segments: frozenset[int] | None = frozenset()
    elif row["segments"]:
        segments = frozenset(int(n) for n in row["segments"].split(","))
    else:
        segments = beside
    if row["term"] == "bisegmentectomy" and beside in SECTIONS:
        extent = Reading("major")  # a whole section is that sectionectomy
    return Part(True, extent, segments, int(row["fewest_segments"] or 0), wedge)


@cache
def read_procedure(text: str) -> tuple[Part, ...] | None:
    """The procedures of a normalized text, None where one of them is on no list."""
    pieces = re.split(r" \+ |;|,(?! ?[1-8])|\n", text)
    parts = [_part(piece.strip()) for piece in pieces if piece.strip()]
    if not parts or None in parts:
        return None
    found = tuple(part for part in parts if part)
    if all(part.extent == Reading() for part in found if part.is_liver):
        # "ALPPS" alone does not name the resection.
        found = tuple(Part(True, UNREADABLE, None) if p.is_liver else p for p in found)
    return found


@cache
def read_segment_field(text: str) -> tuple[frozenset[int], frozenset[int]] | None:
    """The segments that are surely and possibly meant by a normalized text."""
    if text == "none":
        return frozenset(), frozenset()
    body = re.sub(r"\b(?:segments?|seg\.?|s) ?(?=\d)", "", text)
    listed = segments_named(body)
    if listed is not None:
        return listed, listed
    match = re.fullmatch(r"([1-8])-([1-8])", body)
    if match and int(match[1]) < int(match[2]):
        first, last = int(match[1]), int(match[2])
        return frozenset({first, last}), frozenset(range(first, last + 1))
    return None


def extent_by_paper(parts: list[Part], blanks: list[str]) -> Reading:
    """Of several procedures the largest; ``blanks`` are the reasons of rows that tell nothing."""
    extents = [part.extent for part in parts if part.is_liver]
    if any(extent.value == "major" for extent in extents):
        return Reading("major")
    # "two-stage hepatectomy" has no extent of its own: it is that of the resection beside it.
    told = [extent for extent in extents if extent != Reading()]
    reasons = [extent.reason for extent in told if extent.reason] + blanks
    if reasons:
        return Reading(reason=strongest(reasons))
    return Reading("minor") if told else UNREADABLE


@dataclass(frozen=True)
class Resected:
    segments: Reading
    extent: Reading


def extent_by_segments(
    parts: list[Part], blanks: list[str], field: tuple[frozenset[int], frozenset[int]] | Reading
) -> Resected:
    """The segments resected, and whether they are three or more."""
    liver = [part for part in parts if part.is_liver]
    named = frozenset().union(*(part.segments or frozenset() for part in liver))
    fewest = max([len(named), *(part.fewest for part in liver)])
    # Of "ALPPS" alone the resection, and so its segments, is not named.
    resections = [part for part in liver if part.extent != Reading()]
    complete = not blanks and bool(resections) and all(p.segments is not None for p in resections)
    wedge = any(part.is_wedge for part in liver)
    if isinstance(field, Reading):
        if complete:
            return _counted(named, named)
        # What the procedure leaves open only the field of segments could tell.
        silent = field.reason in ("not_reported", "not_collected")
        told_open = ["imprecise"] if liver else []
        reason = strongest([*blanks, *told_open] if silent else [*blanks, field.reason])
        if fewest >= 3:
            return Resected(Reading(reason=reason), Reading("major"))
        return Resected(Reading(reason=reason), Reading(reason=reason))
    sure, possible = field
    lacks = not named <= possible or len(possible) < fewest
    holds_more = complete and not wedge and not sure <= named
    if lacks or holds_more:
        by_field = _counted(sure, possible).extent
        by_name = Reading("major") if fewest >= 3 else Reading(reason="conflicting")
        if complete:
            by_name = _counted(named, named).extent
        same = known(by_field) and by_field == by_name
        conflict = Reading(reason="conflicting")
        return Resected(conflict, by_field if same else conflict)
    if "unreadable" in blanks:
        return Resected(UNREADABLE, Reading("major") if fewest >= 3 else UNREADABLE)
    if complete:
        return _counted(named, named)
    # Which of them only a wedge was taken from is not told.
    return _counted(named if wedge else sure | named, possible | named, fewest)


def _counted(sure: frozenset[int], possible: frozenset[int], fewest: int = 0) -> Resected:
    segments = (
        Reading(sorted(sure))
        if sure == possible and len(sure) >= fewest
        else Reading(reason="imprecise")
    )
    if max(len(sure), fewest) >= 3:
        return Resected(segments, Reading("major"))
    if len(possible) < 3:
        return Resected(segments, Reading("minor"))
    return Resected(segments, Reading(reason="imprecise"))
