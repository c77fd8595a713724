"""Settings of a hospital: its own words, the mark of thousands, and what is not read."""

from __future__ import annotations

from decimal import Decimal

import pytest

from reading.notation import in_our_notation
from reading.read import read, unread_parts
from reading.settings import Settings, settings_of


@pytest.mark.parametrize(
    ("mark", "text", "expected"),
    [
        (",", "1,234.5", "1234.5"),
        (".", "1.234,5", "1234.5"),
        (",", "12,34", None),
        (".", "12.34", None),
        (None, "12,34", "12,34"),
    ],
)
def test_a_mark_parts_thousands(mark: str | None, text: str, expected: str | None) -> None:
    assert in_our_notation("cea_ng_ml", text, Settings(thousands=mark)) == expected


def test_own_words_are_put_in_our_words() -> None:
    own_words = (("found", "present"), ("not found", "absent"))
    settings = Settings(own_words=own_words)
    assert settings.in_our_words("lvi not found, pni found") == "lvi absent, pni present"
    assert settings.in_our_words("foundation") == "foundation"
    reading = read("perineural_invasion", "pni not found", settings)
    assert reading is not None
    assert reading.value == "no"
    assert Settings().in_our_words("pni not found") == "pni not found"


def test_settings_are_read_as_the_models_write_them() -> None:
    settings = settings_of('{"unit": "cm", "days_per_month": 30, "own_words": [["x", "no"]]}')
    assert settings == Settings(unit="cm", days_per_month=Decimal(30), own_words=(("x", "no"),))
    assert settings_of('{"unit": null}') == Settings()


@pytest.mark.parametrize(("text", "grade"), [("30", "1"), ("grade 2", "2"), ("2", "0")])
def test_a_bare_number_has_the_unit_of_the_hospital(text: str, grade: str) -> None:
    reading = read("steatosis", text, Settings(unit="percent"))
    assert reading is not None
    assert reading.value == grade


def test_parts_with_a_word_that_is_not_known_are_unread() -> None:
    assert unread_parts("perineural_invasion", "pni absent; foo bar (seen)") == ["foo bar"]
    assert unread_parts("patient_id", "foo bar") == []
