"""Invasion of vessels and nerves as sentences say it."""

from __future__ import annotations

import pytest

from reading.read import read

LVI, LYMPHATIC = "lymphovascular_invasion", "lymphatic_invasion"
VENOUS, PERINEURAL = "venous_invasion", "perineural_invasion"

KNOWN = [
    (LVI, "lvi−, pni+", "no"),
    (LVI, "lvi+/pni-", "yes"),
    (LVI, "lvi could not be demonstrated", "no"),
    (VENOUS, "large vessel present", "yes"),
    (VENOUS, "تهاجم به عروق دیده شد", "yes"),
    (LVI, "lymphovascular invasion is not identified in the sections examined.", "no"),
    (LVI, "lymphvascular invason not identfied", "no"),
    (LVI, "lvi: focally present", "yes"),
    (LVI, "extensive angiolymphatic invasion", "yes"),
    (LVI, "lymphatic invasion absent, venous invasion present", "yes"),
    (LVI, "not identified (small vessel); present (large vessel)", "yes"),
    (LVI, "large vessel (venous) invasion identified, small vessel not seen", "yes"),
    (LVI, "neither lymphovascular nor perineural invasion is identified", "no"),
    (LVI, "perineural invasion is seen but no lymphovascular invasion", "no"),
    (LVI, "no tumor cells within lymphatic or vascular spaces", "no"),
    (LVI, "l0v1", "yes"),
    (LVI, "absent (l0, v0)", "no"),
    (LVI, "tumor emboli are noted in portal tracts", "yes"),
    (LVI, "تهاجم عروقی ندارد، تهاجم عصبی دارد", "no"),
    (LVI, "شواهدی به نفع تهاجم عروقی لنفاوی دیده نشد", "no"),
    (LVI, "تهاجم به عروق خونی دیده شد ولی عروق لنفاوی درگیر نیست", "yes"),
    (LVI, "هیچگونه تهاجم عروقی مشاهده نگردید", "no"),
    (LVI, "lvi pos / pni neg", "yes"),
    (LVI, "present (large vessel, venous)", "yes"),
    (LVI, "lymphovascular invasion: present - small vessel", "yes"),
    (LVI, "عروق لنفاوی و خونی فاقد تهاجم تومورال هستند", "no"),
    (LYMPHATIC, "lymphatic invasion (l1)", "yes"),
    (LYMPHATIC, "l0 (no lymphatic invasion)", "no"),
    (LYMPHATIC, "no lymphovascular invasion", "no"),
    (VENOUS, "tumor thrombus within hepatic vein", "yes"),
    (VENOUS, "ورید کبدی فاقد تومور", "no"),
    (PERINEURAL, "nerves are free of tumor", "no"),
    (PERINEURAL, "large nerve twig encased by carcinoma", "yes"),
    (PERINEURAL, "no lvi but pni is present", "yes"),
    (PERINEURAL, "lymphovascular invasion, no perineural invasion", "no"),
    (PERINEURAL, "رشته های عصبی توسط تومور احاطه شده اند", "yes"),
]
REASONS = [
    ("perineural_invasion", "not evaluable, no nerves in sections", "not_assessable"),
    ("lymphovascular_invasion", "n/a - no residual tumor", "not_applicable"),
    ("venous_invasion", "equivocal; evg stain pending, cannot assess", "not_assessable"),
    (LVI, "lvi cannot be entirely excluded", "not_assessable"),
    (LVI, "درگیری عروقی مشکوک است", "not_assessable"),
    (LVI, "lvi was not reported", "not_reported"),
    # It is not denied, nobody looked.
    (LVI, "تهاجم به عروق بررسی نشده است", "not_reported"),
    # One kind denied leaves the other open.
    (LVI, "no lymphatic invasion", "imprecise"),
    # One of the two, and not said which.
    (LVI, "lvi/pni present", "imprecise"),
    (PERINEURAL, "positive for lymphovascular or perineural invasion", "imprecise"),
    (LVI, "lvi or pni", "imprecise"),
    (PERINEURAL, "perineural/vascular invasion", "imprecise"),
    (PERINEURAL, "تهاجم عروقی یا عصبی", "imprecise"),
    # Said both ways of one thing.
    (LVI, "present; absent", "conflicting"),
    (LVI, "دیده شد؛ دیده نشد", "conflicting"),
    (LVI, "l1; absent", "conflicting"),
    (LVI, "no perineural or lymphovascular invasion; focal", "conflicting"),
]
UNREAD = [
    ("lymphovascular_invasion", "no residual tumor seen"),
    ("perineural_invasion", "nerve preseent"),
    (PERINEURAL, "nerves identified, none involved"),
    (PERINEURAL, "nerve present"),
    (PERINEURAL, "عصب دیده شد"),
    (VENOUS, "hepatic vein is present"),
    (LYMPHATIC, "lymphatic vessels seen"),
    (LVI, "no lymphatic invasion, venous invasion"),
    (LVI, "no extensive lymphovascular invasion"),
    (LVI, "l0 or v1"),
    (LVI, "tumor present"),
    (LVI, "tumor is present adjacent to vessels without invasion"),
    (LVI, "absent present"),
    (LVI, "lymphovascular invasion, no perineural invasion"),
    (LVI, "no lvi is absent"),
    (PERINEURAL, "no neural tissue in sections"),
    (LVI, "lymphovascular invasion:"),
    (LYMPHATIC, "lymph node: positive"),
    (VENOUS, "portal vein thrombus present"),
    (VENOUS, "no tumor thrombus"),
    (VENOUS, "macroscopic: no"),
    (LVI, "present/absent"),
    (LVI, "no (confirmed)"),
    (LVI, "no, confirmed"),
    (LVI, "v0; present"),
    (PERINEURAL, "no extensive perineural invasion"),
]


@pytest.mark.parametrize(("field", "text", "value"), KNOWN)
def test_what_is_said_is_read(field: str, text: str, value: str) -> None:
    reading = read(field, text)
    assert reading is not None
    assert reading.value == value


@pytest.mark.parametrize(("field", "text", "reason"), REASONS)
def test_why_nothing_is_known_is_read(field: str, text: str, reason: str) -> None:
    reading = read(field, text)
    assert reading is not None
    assert (reading.value, reading.missing_reason) == (None, reason)


@pytest.mark.parametrize(("field", "text"), UNREAD)
def test_what_is_not_settled_stays_unread(field: str, text: str) -> None:
    assert read(field, text) is None
