"""What is said of the resection margin, and its distance, read sentence by sentence."""

from __future__ import annotations

from decimal import Decimal

import pytest

from reading.common import Reading
from reading.measures import Measure
from reading.read import read
from reading.settings import Settings


def _shown(reading: Reading | None) -> str:
    """A reading in short: the value, the interval in mm, or "!" and the reason."""
    if reading is None:
        return "!unread"
    if reading.missing_reason:
        return f"!{reading.missing_reason}"
    return " ".join(part for part in (reading.value, _interval(reading.measure)) if part)


def _interval(measure: Measure | None) -> str:
    if measure is None:
        return ""
    low = format((measure.low or Decimal(0)).normalize(), "f")
    high = "" if measure.high is None else format(measure.high.normalize(), "f")
    start = "(" if measure.low_is_open else "["
    return f"{start}{low},{high}" + (")" if measure.high_is_open or not high else "]")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("margins: 8 mm, 3 mm and 14 mm", "[3,3]"),
        ("0.3 cm (3 mm)", "[3,3]"),
        ("all margins clear except deep margin, which is involved", "involved"),
        ("all margins clear except deep margin", "!unread"),
        ("macroscopically incomplete resection (r2)", "R2"),
        # The word, the distance, both.
        ("tumor lies 6 mm from the parenchymal resection margin", "[6,6]"),
        ("margin (cm): 0.4", "[4,4]"),
        ("=<,5 mm", "[0,0.5]"),
        # Nothing but two distances, or two answers, and no word that tells why.
        ("2 mm; 5 mm", "!conflicting"),
        ("5 mm (0.6 cm)", "!conflicting"),
        ("0.5 cm (5 mm)", "[5,5]"),
        ("margins 3 mm; 5 mm", "!unread"),
        ("free; involved", "!conflicting"),
        ("r0; r1", "!conflicting"),
        ("r0/r1", "!unread"),
        ("r0; r1; 3 mm", "!unread"),
        ("closest margin 6 mm, farthest 20 mm", "[6,6]"),
        ("6 mm, farthest 20 mm", "[6,6]"),
        ("آزاد؛ درگیر", "!conflicting"),
        ("negative, positive", "!conflicting"),
        ("negative/positive", "!unread"),
        ("margin free of carcinoma, focally involved", "!conflicting"),
        ("margins clear; capsule involved", "!unread"),
        ("involved; cannot be assessed", "involved"),
        ("free; cannot be assessed", "!not_assessable"),
        ("4", "[4,4]"),
        (
            "resection margin is free of malignancy with a minimum clearance of 6 mm",
            "negative [6,6]",
        ),
        ("r0, >= 1 mm", "R0 [1,)"),
        ("metastatic tumor involves the inked resection margin focally", "involved"),
        ("r1 - 0 mm", "R1 [0,0]"),
        ("involved, 4 mm", "involved [4,4]"),
        ("r2 resection, gross residual tumor at hilum", "R2"),
        ("grossly involved", "R2"),
        ("مارژین پارانشیم کبد آزاد (فاصله 1 سانت)", "negative [10,10]"),
        ("لبه های جراحی از نظر وجود تومور منفی است", "negative"),
        ("تومور مارژین جراحی را درگیر کرده است", "involved"),
        ("حدود نیم سانتی متر از مارژین فاصله دارد", "[5,5]"),
        # Denials.
        ("tumor cells not at margin", "negative"),
        ("margin of resection shows no evidence of malignancy", "negative"),
        ("هیچ درگیری در مارژین ها دیده نشد", "negative"),
        ("مارژین مثبت نیست", "negative"),
        ("not free of tumor", "!unread"),
        ("مارژین آزاد نیست", "!unread"),
        # "Within" is a bound, but what is not within is beyond it.
        ("tumor comes to within 2 mm of the margin", "[0,2]"),
        ("metastasis extends to within 0.5 mm of the deep margin", "[0,0.5]"),
        ("no tumor within 5 mm of the margin", "!unread"),
        ("not within 1 mm", "!unread"),
        # Other margins are set aside, or leave the text unread.
        ("parenchymal margin 6 mm, tumor abuts glisson's capsule (0 mm)", "[6,6]"),
        ("parenchymal margin negative, bile duct margin positive", "negative"),
        ("margins free; bile duct margin involved", "!unread"),
        ("closest margin 2 mm (capsule)", "!unread"),
        ("r1 (bile duct)", "!unread"),
        ("circumferential margin 2 mm", "!unread"),
        ("فاصله از کپسول صفر، فاصله از مارژین پارانشیمال 7 میلیمتر", "[7,7]"),
        ("bile duct margin cannot be assessed", "!unread"),
        # Vessels.
        ("r1 vascular (detached from right hepatic vein)", "vascular"),
        ("5 mm from hepatic vein", "!unread"),
        # Several lesions, and several distances of no lesion.
        ("lesion 1 free by 10 mm, lesion 2 free by 2 mm", "negative [2,2]"),
        ("seg 6: <1 mm; seg 7: 9 mm", "[0,1)"),
        ("segment 6: 5 mm, segment 8: positive", "!unread"),
        ("5 mm and 3 mm", "!unread"),
        # A size or a count is no distance.
        ("2 cm tumor with free margin", "!unread"),
        ("margin free (tumor 2 cm)", "!unread"),
        ("liver 12 cm, margin free", "!unread"),
        ("2 margins free", "!unread"),
        ("segments 6 and 7 free", "!unread"),
        ("margin involved by 3 mm focus", "!unread"),
        ("margin 10mm+", "!unread"),
        # The liver has edges that nobody cut.
        ("tumor reaches liver surface", "!unread"),
        ("tumor involves both lobes", "!unread"),
        ("tumor margins seen", "!unread"),
        # What is open, and what is not about the margin.
        ("close", "!imprecise"),
        ("close but not involved (0.8 mm)", "negative [0.8,0.8]"),
        ("possibly involved", "!not_assessable"),
        ("margin free, distance cannot be measured", "negative"),
        ("fragmented specimen, margin cannot be assessed", "!not_assessable"),
        ("margins free of tumor. carcinoma is present at the inked margin.", "!conflicting"),
        ("margin positive for steatosis", "!unread"),
        ("margins negative except one", "!unread"),
        ("margins involved? no", "negative"),
        ("less than a millimeter", "[0,1)"),
        ("half a centimetre", "[5,5]"),
        ("mean margin 6 mm", "!unread"),
        ("tumor 3 cm", "!unread"),
        ("1/2 cm", "!unread"),
        ("200 mm", "!unread"),
    ],
)
def test_margin_is_read_by_its_words(text: str, expected: str) -> None:
    assert _shown(read("margin_distance", text, Settings(unit="mm"))) == expected


def test_bare_number_of_a_margin_status_is_no_distance() -> None:
    assert read("margin_status", "free 3") is None
    assert _shown(read("margin_status", "free 3 mm")) == "negative [3,3]"
