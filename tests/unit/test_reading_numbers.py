"""Age, CEA and the time since the operation as sentences say them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from reading.read import read
from reading.settings import Settings

AGE, CEA, TIME = "age_at_operation", "cea_ng_ml", "time_since_operation"

READ = [
    (AGE, "72-year-old male", "72", "72"),
    (AGE, "64 years and 11 months", "64", "64"),
    (AGE, "64 y 364 d", "64", "64"),
    (AGE, "between 60 and 70", "60", "70"),
    (AGE, "75 or older", "75", None),
    (AGE, "آقای 70 ساله", "70", "70"),
    (AGE, "سن هنگام عمل: 63", "63", "63"),
    (CEA, "preoperative serum cea 12.4 ng/ml (normal < 5)", "12.4", "12.4"),
    (CEA, "5.4 ng/dl", "0.054", "0.054"),
    (CEA, "0.04 ug/ml", "40", "40"),
    (CEA, "38 ug/l", "38", "38"),
    (CEA, "cea: 13,5 µg/l", "13.5", "13.5"),
    (CEA, "s.cea 12.5", "12.5", "12.5"),
    (CEA, "<0.5", "0", "0.5"),
    (CEA, "سطح cea قبل از عمل 45", "45", "45"),
    (TIME, "36", "1096", "1096"),
    (TIME, "3 years and 2 months after hepatectomy", "1157", "1157"),
    (TIME, "1y6m", "548", "548"),
    (TIME, "pod 30", "30", "30"),
    (TIME, "1 year and a half", "548", "548"),
    (TIME, "24+ months", "731", None),
    (TIME, "سه سال و نیم بعد از عمل", "1278", "1278"),
    (TIME, "کمتر از یک ماه", "0", "30"),
]
UNREAD = [
    (AGE, "64 y 366 d"),
    (TIME, "1 year 45 days"),
    (AGE, "14"),
    (AGE, "106"),
    (AGE, ">105"),
    (AGE, "1955"),
    (AGE, "600 months"),
    (AGE, "62 at diagnosis, 64 at surgery"),
    (CEA, "5 u/ml"),
    (CEA, "345.6 before surgery, 4.2 after"),
    (CEA, "cea 12.4, ca 19-9 33"),
    (CEA, "12 and 15"),
    (CEA, "نرمال"),
    (TIME, "12 months from diagnosis"),
    (TIME, "12 ماه پس از تشخیص"),
    (TIME, "2 years before surgery"),
    (TIME, "1 year 18 months"),
    (TIME, "6 months 1 year"),
    (TIME, "-3 months"),
    (TIME, "12 months (1 year)"),
]


@pytest.mark.parametrize(("field", "text", "low", "high"), READ)
def test_the_interval(field: str, text: str, low: str, high: str | None) -> None:
    reading = read(
        field, text, Settings(unit="months" if field == "time_since_operation" else None)
    )
    assert reading is not None
    assert reading.measure is not None
    assert reading.measure.low == Decimal(low)
    assert reading.measure.high == (None if high is None else Decimal(high))


@pytest.mark.parametrize(("field", "text"), UNREAD)
def test_what_is_not_settled_stays_unread(field: str, text: str) -> None:
    assert read(field, text) is None


@pytest.mark.parametrize(
    ("field", "text", "unit", "low"),
    [
        (TIME, "fu 36", "months", "1096"),
        (TIME, "fu 36", "days", "36"),
        (TIME, "fu 2", "years", "731"),
        (TIME, "36 days", "months", "36"),
        (CEA, "cea 45", "ng/mL", "45"),
        (CEA, "cea 45", "ng/dL", "0.45"),
        (CEA, "cea 45", "µg/L", "45"),
        (AGE, "age 64", "years", "64"),
    ],
)
def test_a_bare_number_is_in_the_unit_of_the_extract(
    field: str, text: str, unit: str, low: str
) -> None:
    reading = read(field, text, Settings(unit=unit))
    assert reading is not None
    assert reading.measure is not None
    assert reading.measure.low == Decimal(low)


@pytest.mark.parametrize(("field", "unit"), [(CEA, "U/mL"), (TIME, "fortnights"), (AGE, "months")])
def test_a_bare_number_in_a_unit_that_is_not_known_stays_unread(field: str, unit: str) -> None:
    assert read(field, "45", Settings(unit=unit)) is None
