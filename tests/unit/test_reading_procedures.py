"""Procedures and Couinaud segments in texts that no list knows as a whole."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from reading.couinaud import marked, number_of
from reading.fields import procedures
from reading.fields.procedures import MAJOR, NOT_LIVER, SEGMENTS_OF, TAKES_NO_SEGMENT
from reading.read import read

SEED = Path(__file__).parents[2] / "dbt_project" / "seeds" / "hepatectomy_procedures.csv"

# Normalized texts, as the reader gets them, with the phrase of the code list.
PROCEDURES = {
    "formal right hepatectomy with en-bloc diaphragm excision": "right hepatectomy",
    "left hemihepatectomy + hepaticojejunostomy": "left hepatectomy",
    "hepatectomy extended right side": "right trisectionectomy",
    "lap. liver resection s2/3": "left lateral sectionectomy",
    "sectionectomy right posterior with cholecystectomy": "right posterior sectionectomy",
    "central liver resection (ivb, v, viii)": "central hepatectomy",
    "biopsy of left lobe, right hepatectomy": "right hepatectomy",
    "right hepatectomy sparing mhv": "right hepatectomy",
    "rt hepatectomy for 5 cm met in seg 7": "right hepatectomy",
    "wedge resection of seg 5 and left hepatectomy": "left hepatectomy",
    "liver resection (5, 6)": "segmentectomy",
    "segmentectomies 2,3 and 6": "segmentectomy",
    "colectomy with resection of liver segment 6": "segmentectomy",
    "isolated resection of caudate lobe": "caudate lobectomy",
    "four wedge excisions: seg 2, seg 6, seg 8": "wedge resection",
    "hepatectomy, wedge (seg 5)": "wedge resection",
    "non anatomical resection of seg 7-8 lesion": "nonanatomical resection",
    "resection of 2 metastases seg 3 and seg 6": "minor hepatectomy",
    "excision of two liver mets": "metastasectomy",
    # Where other segments go too the phrase must not tell which.
    "left hemihepatectomy with s1": "hemihepatectomy",
    "right hepatectomy and segmentectomy 3": "hemihepatectomy",
    "left hepatectomy extended to segment v, viii": "hemihepatectomy",
    "right trisectionectomy and caudate lobectomy": "trisectionectomy",
    "central hepatectomy and segmentectomy 6": "major hepatectomy",
    "right hepatectomy (s5-8) and wedge s3": "right hepatectomy",
    "lls and rps": "sectionectomy",
    "segmentectomy 5 and lls": "sectionectomy",
    # What was done, not what was meant or done before.
    "planned: right hepatectomy. performed: wedge resections x3": "wedge resection",
    "intended erh, converted to rh": "right hepatectomy",
    "right hepatectomy not feasible; multiple wedges performed": "wedge resection",
    "previous right hepatectomy and lls. wedge s3": "wedge resection",
    # Not of the liver.
    "transverse colectomy and liver biopsies": "colectomy",
    "lung wedge resection": "exploration",
    "laparotomy and rfa, no liver resection": "exploration",
    # Persian.
    "هپاتکتومی راست و وج سگمان 2 و 3": "right hepatectomy",
    "سگمنتکتومی لترال سمت چپ": "left lateral sectionectomy",
    "هپاتکتومی مرکزی (سگمان 4، 5 و 8)": "central hepatectomy",
    "رزکسیون غیر آناتومیک چهار ضایعه کبدی": "nonanatomical resection",
    "هپاتکتومی راست لغو شد و وج انجام شد": "wedge resection",
    "قبلا هپاتکتومی راست شده، اکنون وج سگمان 3": "wedge resection",
    "رزکسیون راست روده و متاستازکتومی کبد": "metastasectomy",
    "بیوپسی از لوب راست کبد و ابلیشن": "exploration",
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

UNREAD_PROCEDURES = [
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
    "segments ii & iii only": "2,3",
    "seg 4a, 4b and 5": "4,5",
    "s6+7, s8": "6,7,8",
    "v-vi": "5,6",
    "s2/3, s4 spared": "2,3",
    "5 6 (7 spared)": "5,6",
    "s5, s6, sparing s8": "5,6",
    "2,3 plus caudate": "1,2,3",
    "right lobe: 5, 6, 7, 8": "5,6,7,8",
    "left lateral section (s2, s3)": "2,3",
    "3 segments (5,6,7)": "5,6,7",
    "سگمان هفت": "7",
    "سگ 7": "7",
    "سگمان های دو و سه": "2,3",
    "سگمنت 4ب و 5": "4,5",
    "سگمان 6، 7 و 8": "6,7,8",
    "6 و 7 (سگمان 5 حفظ شد)": "6,7",
}

UNREAD_SEGMENTS = [
    "5-8",
    "couinaud 5 to 8",
    "سگمان 5 تا 8",
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
    "6,7 and wedge of 3",
    "right posterior section (5/8)",
    "بخشی از سگمان 5",
]


@pytest.mark.parametrize("text", PROCEDURES)
def test_procedure(text: str) -> None:
    reading = read("procedure", text)

    assert reading is not None
    assert reading.value == PROCEDURES[text]


@pytest.mark.parametrize("text", UNREAD_PROCEDURES)
def test_procedure_left_unread(text: str) -> None:
    assert read("procedure", text) is None


@pytest.mark.parametrize("text", SEGMENTS)
def test_segments(text: str) -> None:
    reading = read("segments", text)

    assert reading is not None
    assert reading.value == SEGMENTS[text]


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
    for phrase, fewest in procedures.FEWEST.items():
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
