"""How numbers, shares and codes are written, each as the readers know it."""

from __future__ import annotations

import re
from decimal import Decimal

from reading.settings import Settings

# Fields of numbers: what stands before "=" there may be the number that is meant.
QUANTITIES = {
    *("largest_metastasis", "margin_distance", "viable_tumor_percent", "steatosis"),
    *("age_at_operation", "cea_ng_ml", "time_since_operation", "segments"),
}
# "2 = multiple": the code of a list with its word.
CODE_OF_WORD = re.compile(
    r"^\d{1,2}(?: ?= ?| ?: ?(?!.*\d)| ?- ?(?=(?:no|yes)$)| ?: ?(?=r ?[0-2]$))(?=[^\W\d_])"
)
CODE_OF_ANSWER = re.compile(r"^\d{1,2} ?= ?(?=(?:yes|no)$)")
WITH_DECIMALS = {"largest_metastasis", "margin_distance", "margin_status", "cea_ng_ml"}
PERSIAN = re.compile(r"[\u0600-\u06ff]")
NAUGHT = re.compile(r"(?<![\d/.])0/(\d{1,2})(?= ?[cm]m\b)")
SLASH = re.compile(
    r"(?<![\d/.])(\d{1,3})/(\d{1,2})(?![\d/.])"
    r"(?= ?(?:[cm]m\b|سانت|میلی|نانو|ng|[x×*]|(?:در|و) ?\d|و کوچک|$))"
)
WITH_SHARES = {"viable_tumor_percent", "steatosis"}
HALF = re.compile(
    r"\b(?<!left )(?<!right )(?<!upper )(?<!lower )(?:one )?half of (?=(?:the )?"
    r"(?:hepatocytes|parenchyma|liver cells|cells|tumou?rs?|lesion|tumou?r bed)\b)"
    r"|^(?:about |approximately |~ ?)?(?:one )?half (?=viable)|\b(?<=than )half\b"
    r"|(?<!\w)(?:نیمی|نصف)(?: از)?(?= (?:تومور|هپاتوسیت|سلول|پارانشیم|ضایعه))"
)
# A number without a unit.
BARE_NUMBER = re.compile(r"(?<![\d.])(?:\d+(?:\.\d+)?|\.\d+)(?![\d.]| ?(?:%|percent|درصد))")
GROUPED = {
    mark: re.compile(rf"(?<![\d.,])[1-9]\d{{0,2}}(?:{re.escape(mark)}\d{{3}})+(?![\d{mark}])")
    for mark in (",", ".")
}


def in_our_notation(field: str, text: str, settings: Settings) -> str | None:
    """A normalized text with a point as the decimal mark, percents for shares, and the word alone
    of a code beside its word; nothing where a mark should part thousands and cannot."""
    plain = _without_thousands_marks(text, settings.thousands)
    if plain is None:
        return None
    if settings.unit == "fraction":
        plain = BARE_NUMBER.sub(lambda number: f"{Decimal(number[0]) * 100:f} %", plain)
    if field in WITH_DECIMALS:
        # Nothing of two has no size: "0/5 mm" is a decimal, whatever the hand.
        plain = NAUGHT.sub(r"0.\1", plain)
    if field in WITH_DECIMALS and PERSIAN.search(plain):
        # By hand a slash is the decimal point in Persian.
        plain = SLASH.sub(r"\1.\2", plain)
    if field in WITH_SHARES:
        plain = HALF.sub("50 % of ", plain)
    if field == "primary_node_positive":
        # What stands before the word may be how many nodes are positive.
        return CODE_OF_ANSWER.sub("", plain)
    return plain if field in QUANTITIES else CODE_OF_WORD.sub("", plain)


def _without_thousands_marks(text: str, mark: str | None) -> str | None:
    """The text without the marks; nothing where one stands before other than three digits."""
    if mark is None:
        return text
    decimal = "," if mark == "." else "."
    plain = GROUPED[mark].sub(lambda number: number[0].replace(mark, ""), text)
    if re.search(rf"{re.escape(mark)}\d", plain):
        return None
    return re.sub(rf"{re.escape(decimal)}(?=\d)", ".", plain)
