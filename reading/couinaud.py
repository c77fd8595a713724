"""Couinaud segments: those that each resection takes, and lists of them in a text.

A list ("segments 2, 3 and IVa", "سگمان ۵ و ۶") is made one word, which the lexicon leaves alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8}
ENGLISH = ("one", "two", "three", "four", "five", "six", "seven", "eight")
PERSIAN = ("یک", "دو", "سه", "چهار", "پنج", "شش", "هفت", "هشت")
NUMBER_WORDS = {
    word: number for words in (ENGLISH, PERSIAN) for number, word in enumerate(words, start=1)
}
SECTIONS = {
    "left lateral sectionectomy": frozenset({2, 3}),
    "right anterior sectionectomy": frozenset({5, 8}),
    "right posterior sectionectomy": frozenset({6, 7}),
}
RIGHT, LEFT = frozenset({5, 6, 7, 8}), frozenset({2, 3, 4})
# What each resection takes, where its name tells.
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
ACCENTS = str.maketrans("éèêàâôûïç–—", "eeeaaouic--")
ORDINALS = ("اول", "دوم", "سوم", "چهارم", "پنجم", "ششم", "هفتم", "هشتم")
# "6th segment", "سگمان هفتم".
ORDINAL = re.compile(
    rf"(?<!\w)(?P<digit>[1-8])(?:st|nd|rd|th) segment\b"
    rf"|(?<!\w)(?:سگمان|سگمنت) (?P<word>{'|'.join(ORDINALS)})(?!\w)"
)
# A text of nothing but numbers in words is a list of segments where segments are asked for.
IN_WORDS = re.compile(
    rf"(?:{'|'.join(ENGLISH)})(?:(?:,| ?&| and|, and) (?:{'|'.join(ENGLISH)}))+(?: only)?"
)
# What a list becomes: the mark, its digits, and how it was written.
MARK = "zz"
OPEN_RANGE, AS_ONE_THING = "r", "w"

WORD = (
    r"(?:couinaud )?(?:segments?|segs?|segm|sgs?|s|couinaud|سگمان|سگمنت|سیگمنت|سگ|س)"
    r"(?: ?(?:های|ها))?(?:\(s\))?[ .:#]*(?:(?:no|number|شماره)[ .:]*)?"
)
LETTER = r"(?: ?(?:[ab]|الف|ب)(?!\w))"
NUMERAL = r"(?:[1-8]|viii|vii|vi|iv|v|iii|ii|i)"
PART_OF_4 = rf"(?: ?ab(?!\w)| ?\(?{LETTER}(?: ?[-/,&+]? ?(?:4|iv)?{LETTER})?\)?)?"
# A number before one of these counts lesions or resections.
COUNTED = (
    r"(?! ?(?:x\b|×|\*|cm\b|mm\b|%|small|large|separate|additional|other|more|further|"
    r"wedge|nar\b|non|rfa|mwa|abl|met|lesion|nodul|tum|resections|segmentectomies|"
    r"عدد|ضایعه|وج|متاستاز|مورد|تا ?$))"
)
ITEM = rf"{NUMERAL}{PART_OF_4}(?!\w|[.]\d)"
ITEM_IN_WORDS = rf"(?:{ITEM}|(?:{'|'.join(NUMBER_WORDS)})(?!\w))"
AND = rf"(?:,? ?\band\b|[,،]? ?و(?= ?(?:[1-8]|s|سگ|{'|'.join(PERSIAN)})))"
BETWEEN = rf" ?(?:-|,|،|/|&|\+|{AND}|\bto\b|\bthrough\b|\bتا\b|\bالی\b) ?"
MORE = (
    rf"(?:(?: ?[-/] ?(?:{WORD})?{ITEM})"
    rf"|(?:{BETWEEN}{WORD}| {WORD}){ITEM}|{BETWEEN}{ITEM}{COUNTED})*"
)
ONE_OR_MORE = rf"{ITEM}{MORE}"
TWO_OR_MORE = rf"{ITEM}{BETWEEN}(?:{WORD})?{ONE_OR_MORE}"
OF_A_SEGMENT = (
    r"(?:segmentectom(?:y|ies)|segmentektomie|segmentresektion|سگمنتکتومی|سگمانکتومی)(?: ?های)?"
)
ROMAN_ONE = rf"(?:(?:viii|vii|vi|iv|v|iii|ii){PART_OF_4}|[1-8]{LETTER})(?!\w)"
# Each with the list as the group "list"; what stands around it stays.
PLACES = [
    re.compile(rf"(?<!\w)(?:{WORD})(?P<list>{ITEM_IN_WORDS}{MORE})"),
    re.compile(rf"(?P<head>{OF_A_SEGMENT} ?(?:of |از )?[(:]? ?)(?P<list>{ITEM}{COUNTED}{MORE})"),
    re.compile(rf"(?P<head>[(\[] ?)(?P<list>{TWO_OR_MORE}|{ROMAN_ONE})(?= ?[)\]])"),
    re.compile(rf"(?P<head>= ?)(?P<list>{TWO_OR_MORE})(?= ?$)"),
    re.compile(
        rf"(?P<head>(?:^|[,;+(&:]) ?)(?P<list>{ROMAN_ONE}{MORE})"
        r"(?= (?:liver )?(?:resection|(?:bi|sub)?segmentectom|wedge|metastasectom))"
    ),
    re.compile(
        rf"(?P<head>(?:wedges?|resections?|nars?|metastasectom(?:y|ies)|rfa|mwa) )"
        rf"(?P<list>{ROMAN_ONE})(?= ?(?:$|[,;+&)]|and\b))"
    ),
    re.compile(rf"(?P<head>(?:^|[,;+(&:]) ?)(?P<list>{TWO_OR_MORE})(?= (?:bi)?segmentectomy)"),
]
NO_COUNT = r"(?! ?(?:seg[a-z]*\b|sections?\b|right|left|rt\b|lt\b|سگم|قطع|عدد|راست|چپ))"
# In a field of segments a numeral needs no word before it.
LISTED = re.compile(
    rf"(?<![\w.])(?P<list>(?:{WORD}{ITEM_IN_WORDS}|{ITEM}{NO_COUNT})"
    rf"(?:(?:{BETWEEN}| )(?:{WORD}{ITEM_IN_WORDS}|{ITEM}{NO_COUNT})"
    rf"|{BETWEEN}{ITEM_IN_WORDS}{NO_COUNT})*)"
)
ITEMS = re.compile(rf"(?:{ITEM_IN_WORDS})|-|/|\bto\b|\bthrough\b|\bتا\b|\bالی\b")
# "5 to 8", "from S5 through S8".
RANGE_IN_WORDS = re.compile(
    rf"(?<![\w.-])(?:from |از )?(?:{WORD})?(?P<first>{ITEM}) ?"
    r"(?:\b(?:up )?to\b|\bthr(?:ough|u)\b|\bتا\b|\bالی\b)"
    rf" ?(?:{WORD})?(?P<last>{ITEM}{NO_COUNT})(?! ?-)"
)
# "S6 (2 lesions), S7": how many there were in a segment.
LESIONS_IN_BRACKETS = re.compile(
    rf" ?\((?:[x×] ?\d|\d ?[x×]|(?:\d{{1,2}}|{'|'.join(NUMBER_WORDS)})"
    r" ?(?:lesions?|nodules?|mets?|metastas[ie]s|tumou?rs?|عدد|ضایعه|متاستاز|ندول))\)"
)
# "4ab", "IVa + b".
BOTH_PARTS_OF_4 = re.compile(r"\b(4|iv) ?a ?[-/,;&+]? ?(?:(?:4|iv) ?)?b\b")
BARE_NUMERAL = re.compile(r"viii|vii|vi|iv|v|iii|ii|i|[1-8]")


@dataclass(frozen=True, slots=True)
class SegmentList:
    """Segments as listed; of an open range ("5-8") only both ends, for it may mean two or four."""

    segments: frozenset[int]
    is_open_range: bool = False
    is_one_thing: bool = False

    @property
    def may_hold_a_section(self) -> bool:
        """Whether a whole section is among them, or may be."""
        return self.is_open_range or any(pair <= self.segments for pair in SECTIONS.values())


def number_of(item: str) -> int:
    """The segment that a numeral, Roman numeral or number word names; its parts a and b are one."""
    if item in NUMBER_WORDS:
        return NUMBER_WORDS[item]
    numeral = BARE_NUMERAL.match(item)
    if numeral is None:
        raise ValueError(f"{item!r} names no segment of 1 to 8")
    return ROMAN.get(numeral[0]) or int(numeral[0])


def marked(text: str) -> str:
    """The normalized text with each list as one word: "s2/3 wedge" → " zz23w  wedge"."""
    text = _in_digits(text)
    for place in PLACES:
        text = place.sub(_mark, text)
    return text


def marked_list(text: str) -> str:
    """The same for a text that is all about segments: "2/3, 4 spared" → " zz23w , zz4  spared".

    A comma stays, for "spared" speaks of what stands behind the last one.
    """
    text = _in_digits(LESIONS_IN_BRACKETS.sub(" ", text))
    if IN_WORDS.fullmatch(text):
        for number, word in enumerate(ENGLISH, start=1):
            text = text.replace(word, str(number))
    text = RANGE_IN_WORDS.sub(_all_between, text.replace("،", ","))
    return ",".join(LISTED.sub(_mark, part) for part in text.split(","))


def _all_between(ends: re.Match[str]) -> str:
    """ "5 to 8" as "5/6/7/8": where segments are asked for, a word parts no two of them."""
    first, last = sorted((number_of(ends["first"]), number_of(ends["last"])))
    return "/".join(map(str, range(first, last + 1)))


def _in_digits(text: str) -> str:
    """Ordinals as digits, and the signs of lists in one spelling: "۲و۳", "II–III"."""
    text = re.sub(r"(?<=\d)و(?=\d)", " و ", text.translate(ACCENTS))
    return ORDINAL.sub(_of_an_ordinal, BOTH_PARTS_OF_4.sub(r"\1", text))


def _of_an_ordinal(found: re.Match[str]) -> str:
    number = found["digit"] or str(ORDINALS.index(found["word"]) + 1)
    return f"segment {number}"


def _mark(found: re.Match[str]) -> str:
    head = found.groupdict().get("head") or ""
    return f"{head} {MARK}{_written(found['list'])} "


def _written(items: str) -> str:
    numbers: list[int] = []
    joints: list[str] = []
    joint = ","
    is_open = False
    for item in ITEMS.findall(items):
        if item in ("-", "to", "through", "تا", "الی", "/"):
            joint = item
            continue
        number = number_of(item)
        if numbers:
            joints.append(joint)
            is_range = joint not in (",", "/")
            is_open = is_open or (is_range and abs(number - numbers[-1]) > 1)
        numbers.append(number)
        joint = ","
    digits = "".join(str(n) for n in sorted(set(numbers)))
    as_one = len(numbers) == 2 and joints[0] in ("-", "/")
    return digits + (OPEN_RANGE if is_open else AS_ONE_THING if as_one else "")


def list_of(token: str) -> SegmentList | None:
    """The list that a word of `marked` stands for."""
    if not (token.startswith(MARK) and token[len(MARK) : len(MARK) + 1].isdigit()):
        return None
    digits = frozenset(int(digit) for digit in token if digit.isdigit())
    return SegmentList(digits, token.endswith(OPEN_RANGE), token.endswith(AS_ONE_THING))
