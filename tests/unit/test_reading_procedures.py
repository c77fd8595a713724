"""Procedures and Couinaud segments in texts that no list knows as a whole."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from reading.couinaud import SEGMENTS_OF, marked, number_of
from reading.fields.procedures import FEWEST, MAJOR, NOT_LIVER, TAKES_NO_SEGMENT
from reading.read import read

SEED = Path(__file__).parents[2] / "dbt_project" / "seeds" / "hepatectomy_procedures.csv"

# Normalized texts, as the reader gets them, with the phrases of the code list.
PROCEDURES = {
    "isolated caudate (s1) resection": "caudate lobectomy",
    "left lateral (s2/3) sectionectomy": "left lateral sectionectomy",
    "resection of right posterior section metastasis (wedge)": "wedge resection",
    "diaphragm + liver wedge": "wedge resection",
    "alpps-1: left metastasectomies": "two-stage hepatectomy + metastasectomy",
    "hepatectomy, resection of liver; trisegmentectomy": "trisectionectomy",
    "hr0 (s6)": "partial hepatectomy",
    "hepatectomía right": "right hepatectomy",
    "leberkeilresektion, offen": "wedge resection",
    "formal right hepatectomy with en-bloc diaphragm excision": "right hepatectomy + exploration",
    "left hemihepatectomy + hepaticojejunostomy": "left hepatectomy + exploration",
    "h5678-mhv": "right hepatectomy",
    "h2, h3": "segmentectomy + segmentectomy",
    "h7'": "nonanatomical resection",
    "right hepatectomy-cholecystectomy": "right hepatectomy + exploration",
    "colectomy + left lateral": "colectomy + left lateral sectionectomy",
    "left lateral + wedge s7": "left lateral sectionectomy + wedge resection",
    "2 = wedge resection": "wedge resection",
    "هپاتکتومی راست لاپاراسکوپی": "right hepatectomy",
    "لاپاراسکوپی": "exploration",
    "right hepatectomy not done": "unresectable",
    "right hemicolectomy, no liver surgery": "colectomy + unresectable",
    "wedge ressection seg 6": "wedge resection",
    "hepatectomy extended right side": "right trisectionectomy",
    "lap. liver resection s2/3": "left lateral sectionectomy",
    "sectionectomy right posterior with cholecystectomy": "right posterior sectionectomy + "
    "exploration",
    "central liver resection (ivb, v, viii)": "central hepatectomy",
    "biopsy of left lobe, right hepatectomy": "exploration + right hepatectomy",
    "right hepatectomy sparing mhv": "right hepatectomy",
    "rt hepatectomy for 5 cm met in seg 7": "right hepatectomy",
    "wedge resection of seg 5 and left hepatectomy": "wedge resection + left hepatectomy",
    "liver resection (5, 6)": "segmentectomy",
    "segmentectomies 2,3 and 6": "segmentectomy",
    "colectomy with resection of liver segment 6": "colectomy + segmentectomy",
    "isolated resection of caudate lobe": "caudate lobectomy",
    "four wedge excisions: seg 2, seg 6, seg 8": "wedge resection",
    "hepatectomy, wedge (seg 5)": "wedge resection",
    "non anatomical resection of seg 7-8 lesion": "nonanatomical resection",
    "resection of 2 metastases seg 3 and seg 6": "minor hepatectomy",
    "excision of two liver mets": "metastasectomy",
    "left hemihepatectomy with s1": "left hepatectomy",
    "right hepatectomy and segmentectomy 3": "right hepatectomy + segmentectomy",
    "left hepatectomy extended to segment v, viii": "left hepatectomy",
    "right trisectionectomy and caudate lobectomy": "right trisectionectomy + caudate lobectomy",
    "central hepatectomy and segmentectomy 6": "central hepatectomy + segmentectomy",
    "right hepatectomy (s5-8) and wedge s3": "right hepatectomy + wedge resection",
    "lls and rps": "left lateral sectionectomy + right posterior sectionectomy",
    "segmentectomy 5 and lls": "segmentectomy + left lateral sectionectomy",
    # What was done, not what was meant or done before.
    "planned: right hepatectomy. performed: wedge resections x3": "wedge resection",
    "intended erh, converted to rh": "right hepatectomy",
    "right hepatectomy not feasible; multiple wedges performed": "wedge resection",
    "previous right hepatectomy and lls. wedge s3": "wedge resection",
    # Not of the liver.
    "transverse colectomy and liver biopsies": "colectomy + exploration",
    "lung wedge resection": "exploration",
    "laparotomy and rfa, no liver resection": "exploration + exploration + unresectable",
    # Persian.
    "هپاتکتومی راست و وج سگمان 2 و 3": "right hepatectomy + wedge resection",
    "سگمنتکتومی لترال سمت چپ": "left lateral sectionectomy",
    "هپاتکتومی مرکزی (سگمان 4، 5 و 8)": "central hepatectomy",
    "رزکسیون غیر آناتومیک چهار ضایعه کبدی": "nonanatomical resection",
    "هپاتکتومی راست لغو شد و وج انجام شد": "wedge resection",
    "قبلا هپاتکتومی راست شده، اکنون وج سگمان 3": "wedge resection",
    "رزکسیون راست روده و متاستازکتومی کبد": "exploration + metastasectomy",
    "بیوپسی از لوب راست کبد و ابلیشن": "exploration + exploration",
    "right hepatectomy, mhv preserved": "right hepatectomy",
    "h/o left lateral sectionectomy in 2015, now wedge resection of segment 7": "wedge resection",
    "wedge resection s6 and previous right hepatectomy (2018)": "wedge resection",
    "وج رزکسیون با سابقه هپاتکتومی راست در سال 1397": "wedge resection",
    "pve done, awaiting right hepatectomy": "exploration",
    "wedge resection without major hepatectomy": "wedge resection",
    "right hepatectomy; no wedge": "right hepatectomy",
    "left lateral sectionectomy with diaphragm": "left lateral sectionectomy",
    "right lower lobe segmentectomy": "exploration",
    "لوبکتومی ریه راست": "exploration",
    "removal of 4 lesions from both lobes": "metastasectomy",
    "low ant. resection": "colectomy",
    "dx: crlm. procedure: left hepatectomy.": "left hepatectomy",
}

# What surely goes, and what may have gone at most: nothing where that is open.
SEGMENTS_TAKEN = {
    "right hepatectomy": ((5, 6, 7, 8), (5, 6, 7, 8)),
    "right hepatectomy and segmentectomy 3": ((3, 5, 6, 7, 8), (3, 5, 6, 7, 8)),
    "left lateral sectionectomy + segmentectomy": ((2, 3), None),
    "segmentectomy 5, 6, 7": ((5, 6, 7), (5, 6, 7)),
    "segmentectomy 4b": ((4,), (4,)),
    "segmentectomy": ((), None),
    "wedge resection s6": ((), ()),
    "left hemihepatectomy with s1": ((2, 3, 4), None),
    "left hepatectomy extended to segment v, viii": ((2, 3, 4), None),
    "hemihepatectomy": ((), None),
    "two-stage right hepatectomy": ((5, 6, 7, 8), (5, 6, 7, 8)),
    "two-stage hepatectomy": ((), None),
    "colectomy with resection of liver segment 6": ((6,), (6,)),
    "colectomy": (None, None),
}

UNREAD_PROCEDURES = [
    "right lobe (s6) resection",
    "left lateral (s2) resection",
    "resection of left lateral section (wedge)",
    "planned hepatectomy; hemihepatectomy",
    "cholecystectomy + liver",
    # No resection that has a name; aborted, and perhaps another in its place.
    "h3456",
    "h45",
    "right hepatectomy aborted",
    "left lateral",
    "open hepatectomy, cholecystectomy",
    "left hepatic lobectomy with cholecystectomy",
    "ar + wedge",
    "liver resection of segments 5-8",
    "resection of segments 2 and 3",
    "rfa + segment 6",
    "sigmoidectomy s6",
    "wedge resection + segments 2-3",
    "right hepatectomy planned for next month",
    "aborted right hepatectomy",
    "aborted right hepatectomy and wedge",
    "lls and rh planned, wedge done",
    "planned right hepatectomy and lls; wedge done",
    "right hepatectomy - no, wedge",
    "right hepatectomy or wedge",
    "right hepatectomy minus s8",
    "left lateral sectionectomy sparing segment 2",
    "right hepatectomy (s4-8)",
    "right anterior resection",
    "partial right hepatectomy",
    "resection of s5 and s8 wedge",
    "right hepatectomy 2019",
    "wedge, to be followed by right hepatectomy",
    "low anterior resection, right liver",
    "liver and colon resection",
    "re-resection of right hepatectomy margin",
    "left hepatectomy (2,3)",
    "هپاتکتومی راست در مرحله بعد، وج سگمان 3",
    "extended wedge",
    "wedge after right hepatectomy",
    "هپاتکتومی کبد",
    "هپاتکتومی راست یا چپ",
    "لوبکتومی چپ کبد",
    "هپاتکتومی چپ با حفظ سگمان 2",
    "رزکسیون کبد و کولون",
    "right middle lobe wedge",
    "right hepatectomy (قبلی)",
    "diagnosis: right lobe metastasis",
    "removal of tumor, right lobe",
    "no wedge, right hepatectomy",
    "no major hepatectomy",
    "wedge and scheduled for right hepatectomy",
    "hepatectomy with left lobe preserved",
    "left hepatectomy, segment 4 preserved",
    "wedge of lung and liver",
]

SEGMENTS = {
    # In words a range is all between; a wedge adds no segment.
    "couinaud 5 to 8": (5, 6, 7, 8),
    "سگمان 5 تا 8": (5, 6, 7, 8),
    "6,7 and wedge of 3": (6, 7),
    "s2+s3 & wedge of s7": (2, 3),
    "segment 7 resected, segment 6 preserved": (7,),
    "right hepatectomy (5-8)": (5, 6, 7, 8),
    "right lobe, segments 5 to 8": (5, 6, 7, 8),
    "هپاتکتومی راست": (5, 6, 7, 8),
    "right hepatectomy, wedge s3": (5, 6, 7, 8),
    "s4, s5, s8 (central)": (4, 5, 8),
    "segs 2,3 (left lateral), seg 6": (2, 3, 6),
    "4ab": (4,),
    "سگمان هفتم": (7,),
    "2و3": (2, 3),
    "ii–iii": (2, 3),
    "six & seven": (6, 7),
    "segments ii & iii only": (2, 3),
    "seg 4a, 4b and 5": (4, 5),
    "s6+7, s8": (6, 7, 8),
    "v-vi": (5, 6),
    "s2/3, s4 spared": (2, 3),
    "5 6 (7 spared)": (5, 6),
    "s5, s6, sparing s8": (5, 6),
    "2,3 plus caudate": (1, 2, 3),
    "right lobe: 5, 6, 7, 8": (5, 6, 7, 8),
    "left lateral section (s2, s3)": (2, 3),
    "3 segments (5,6,7)": (5, 6, 7),
    "سگمان هفت": (7,),
    "سگ 7": (7,),
    "سگمان های دو و سه": (2, 3),
    "سگمنت 4ب و 5": (4, 5),
    "سگمان 6، 7 و 8": (6, 7, 8),
    "6 و 7 (سگمان 5 حفظ شد)": (6, 7),
    "iv a, b and 5": (4, 5),
    "none": (),
}

UNREAD_SEGMENTS = [
    "2 and 5-8",
    "5-8, 6 spared",
    # A wedge of both, or of one; a lobe or section that the list is not of; counts.
    "s6 and s7 wedge",
    "left lateral section, s3",
    "left 6",
    "3 right, 2 left",
    "right hepatectomy + s3",
    "planned right hepatectomy",
    "segs 5 though 8",
    "3 segments",
    "سه سگمان",
    "seg 11",
    "no segment 6",
    "s5, s6, s7 spared",
    "6, 7, 8 except 8",
    "part of 6",
    "5 or 6",
    "right lobe",
    "left lobe: 2, 3, 5",
    "4 segments (5,6,7)",
    "right posterior section (5/8)",
    "بخشی از سگمان 5",
]


@pytest.mark.parametrize("text", PROCEDURES)
def test_procedure(text: str) -> None:
    reading = read("procedure", text)

    assert reading is not None
    assert reading.value == PROCEDURES[text]


@pytest.mark.parametrize("text", SEGMENTS_TAKEN)
def test_segments_that_a_procedure_takes(text: str) -> None:
    reading = read("procedure", text)

    assert reading is not None
    assert (reading.segments, reading.segments_at_most) == SEGMENTS_TAKEN[text]


@pytest.mark.parametrize("text", UNREAD_PROCEDURES)
def test_procedure_left_unread(text: str) -> None:
    assert read("procedure", text) is None


@pytest.mark.parametrize("text", SEGMENTS)
def test_segments(text: str) -> None:
    reading = read("segments", text)

    assert reading is not None
    assert reading.segments == reading.segments_at_most == SEGMENTS[text]


@pytest.mark.parametrize(
    ("text", "at_most"),
    [
        ("5-8", (5, 6, 7, 8)),
        ("2, 5-8", (2, 5, 6, 7, 8)),
    ],
)
def test_a_range_may_hold_what_lies_between(text: str, at_most: tuple[int, ...]) -> None:
    reading = read("segments", text)

    assert reading is not None
    assert reading.missing_reason == "imprecise"
    assert reading.segments == tuple(n for n in at_most if n in (2, 5, 8))
    assert reading.segments_at_most == at_most


@pytest.mark.parametrize("text", UNREAD_SEGMENTS)
def test_segments_left_unread(text: str) -> None:
    assert read("segments", text) is None


def test_every_phrase_stands_in_the_code_list_with_its_extent_and_segments() -> None:
    with SEED.open(encoding="utf-8-sig") as handle:
        seed = {row["phrase"]: row for row in csv.DictReader(handle)}
    minor = TAKES_NO_SEGMENT | {"caudate lobectomy", "segmentectomy", "bisegmentectomy"}

    for phrase in MAJOR:
        assert seed[phrase]["extent"] == "major"
    for phrase in minor:
        assert seed[phrase]["extent"] == "minor"
    for phrase in NOT_LIVER.values():
        assert seed[phrase]["is_liver_resection"] == "false"
    for phrase, segments in SEGMENTS_OF.items():
        assert seed[phrase]["segments"] == ",".join(map(str, sorted(segments)))
    for phrase in TAKES_NO_SEGMENT:
        assert seed[phrase]["segments"] == "none"
    for phrase, fewest in FEWEST.items():
        assert int(seed[phrase]["fewest_segments"]) == fewest


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("segments 2-3", "zz23w"),
        ("segments 5-8", "zz58r"),
        ("segmentectomy iva, ivb", "segmentectomy zz4"),
        ("s2, s5 and 2 wedges", "zz25 and 2 wedges"),
        ("wedge (3)", "wedge (3)"),
    ],
)
def test_lists_of_segments_become_one_word(text: str, expected: str) -> None:
    assert " ".join(marked(text).split()) == expected


def test_number_of_what_is_no_segment() -> None:
    with pytest.raises(ValueError, match="names no segment"):
        number_of("9")
