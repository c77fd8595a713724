"""The number of metastases and the size of the largest as sentences say them."""

from __future__ import annotations

import pytest

from reading.read import read
from reading.settings import Settings

COUNT, SIZE = "metastasis_count", "largest_metastasis"

COUNTS = [
    ("2 lesions (seg 5 and seg 8)", 2, 2),
    ("2 = multiple", 2, None),
    ("twenty-one lesions", 21, 21),
    ("three metastatic nodules are present in the right lobe", 3, 3),
    ("two separate foci of metastatic adenocarcinoma, 2.3 cm and 1.1 cm", 2, 2),
    ("multiple metastases (at least 8)", 8, None),
    ("> 5", 6, None),
    ("fewer than 3", 0, 2),
    ("10+ nodules", 10, None),
    ("15-20 nodules", 15, 20),
    ("1 or 2", 1, 2),
    ("0 (complete response)", 0, 0),
    ("two nodules in segment vi, one in segment viii and one in segment ii", 4, 4),
    ("5 nodules: 3 in right lobe, 2 in left lobe", 5, 5),
    ("segments 5, 6: 3 nodules", 3, 3),
    ("3 nodules (4, 2 and 1 cm)", 3, 3),
    ("dozens", 2, None),
    ("دو ندول متاستاتیک در سگمان 6 و 7", 2, 2),
    ("3 ضایعه (2 تا در راست و 1 تا در چپ)", 3, 3),
    ("متاستاز یافت نشد", 0, 0),
    ("بیش از ده ندول", 11, None),
]
NO_COUNTS = [
    "1 lesion in seg 5 and seg 8",
    "two segents",
    "2 fragments",
    "5 mets in 3 segments",
    "2 metastatic lymph nodes",
    "two of three nodules viable",
    "5 (3 right, 1 left)",
    "multiple in right and 2 in left",
    "at least 3 in right lobe, 1 in left lobe",
    "4, 3, 2 cm",
    "2 lesions plus a satellite nodule",
    "single; multiple",
    "largest 3",
    "61 nodules",
    "2.5",
    "no more lesions",
    "سه نمونه",
]
SIZES = [
    ("1.2, 3.3 and 0.9 cm (three nodules)", 33, 33),
    ("0 (complete response)", 0, 0),
    ("largest under 1 cm (< 10 mm)", 0, 10),
    ("sub-centimetre", 0, 10),
    ("3 cm, others < 1 cm", 30, 30),
    ("four and a half cm", 45, 45),
    ("بزرگترین 2/5 و کوچکترین 1 cm", 25, 25),
    ("specimen 12 cm and tumor 3 cm", 30, 30),
    ("3 lesions (4.0, 2.5, 1.1 cm)", 40, 40),
    ("6 cm mass with 1 cm satellite", 60, 60),
    ("at least 6 cm (disrupted)", 60, None),
    ("tumor 4 cm, 5 mm from margin", 40, 40),
    ("7cm, clinical estimate 9cm", 70, 70),
    ("3 cm (ct 5 cm)", 30, 30),
    ("mass 41 mm, weight 200 g", 41, 41),
    ("hemangioma 6 cm, metastasis 3 cm", 30, 30),
    ("the largest lesion measures 4.2 x 3.8 x 3.1 cm", 42, 42),
    ("4.5", 45, 45),
    ("two nodules, 1.8 cm and 3.6 cm in greatest dimension", 36, 36),
    ("nodules 2.1, 1.4 and 0.6 cm", 21, 21),
    ("specimen 15x10x8 cm, tumor 3.5 cm in greatest dimension", 35, 35),
    ("ranging from 3 mm to 2.4 cm", 24, 24),
    ("0.3 to 4.2 cm", 3, 42),
    ("size (mm): 35", 35, 35),
    ("1) 3.2 cm, 2) 2.0 cm", 32, 32),
    ("largest = 3.5 cm, others < 1 cm", 35, 35),
    ("4.5 cm (45 mm)", 45, 45),
    ("5 cm or larger", 50, None),
    ("no viable tumor", 0, 0),
    ("توده به ابعاد 5 در 4 در 3 سانتی متر", 50, 50),
    ("بین 2 تا 3 سانت", 20, 30),
    ("بزرگترین ندول حدود 2/5 سانت", 25, 25),
]
NO_SIZES = [
    "2/5 cm",
    "(5, 4.5 cm)",
    "1 cm mass with 6 cm satellite",
    "specimen 12 x 8 x 5 cm",
    "specimen 15 cm, 10 cm",
    "4.5 x 3 cm in 10 x 8 x 5 cm specimen",
    "tumor, 5 mm from margin",
    "hemangioma, 3 cm",
    "12 cm, 300 g",
    "3 and 2 cm from the margin",
    "cyst 5 cm, 3 cm",
    "right lobe 18 cm",
    "3 cm (31 mm)",
    "3 cm, other 5 cm",
    "3 cm, others up to 5 cm",
    "5, 4.5 cm",
    "3/4 cm",
    "4.5.2",
    '1.5"',
    "400 mm",
    "3 lesions",
    "core 1.5 cm",
    "طول نمونه 12 سانتی متر",
]


@pytest.mark.parametrize(
    ("field", "text", "low", "high"),
    [(COUNT, *row) for row in COUNTS] + [(SIZE, *row) for row in SIZES],
)
def test_the_interval(field: str, text: str, low: int, high: int | None) -> None:
    reading = read(field, text, Settings(unit="cm" if field == SIZE else None))
    assert reading is not None
    assert reading.measure is not None
    assert (reading.measure.low, reading.measure.high) == (low, high)


@pytest.mark.parametrize("text", [text for text, _, _ in COUNTS])
def test_bounds_of_counts_are_counts_themselves(text: str) -> None:
    reading = read(COUNT, text)
    assert reading is not None
    assert reading.measure is not None
    assert not reading.measure.low_is_open
    assert not reading.measure.high_is_open


@pytest.mark.parametrize(
    ("field", "text"), [(COUNT, t) for t in NO_COUNTS] + [(SIZE, t) for t in NO_SIZES]
)
def test_what_is_not_settled_stays_unread(field: str, text: str) -> None:
    assert read(field, text, Settings(unit="cm" if field == SIZE else None)) is None


def test_a_bare_size_without_a_unit_of_the_extract_stays_unread() -> None:
    assert read(SIZE, "4.5") is None


def test_what_cannot_be_counted_is_not_assessable() -> None:
    reading = read(COUNT, "cannot be counted, confluent and fragmented")
    assert reading is not None
    assert reading.missing_reason == "not_assessable"
