"""Numbers with their bounds and units, as intervals."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from reading.lexicon import Lexeme

# What one of each unit is, in the base unit of its dimension.
UNITS: dict[str, tuple[str, Decimal]] = {
    "mm": ("mm", Decimal(1)),
    "cm": ("mm", Decimal(10)),
    "um": ("mm", Decimal("0.001")),
    "percent": ("percent", Decimal(1)),
    "fraction": ("percent", Decimal(100)),
    "day": ("day", Decimal(1)),
    "week": ("day", Decimal(7)),
    "month": ("day", Decimal("30.4375")),
    "year": ("day", Decimal("365.25")),
    "ng/ml": ("ng/ml", Decimal(1)),
    "ug/ml": ("ng/ml", Decimal(1000)),
    "ng/dl": ("ng/ml", Decimal("0.01")),
}

HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Measure:
    """An interval in the base unit of its dimension (UNITS), or without a unit as it stands.

    It stands among lexemes, and has what is asked of these: `kind`, `text` and `value`.
    """

    low: Decimal | None
    high: Decimal | None
    low_is_open: bool = False
    high_is_open: bool = False
    unit: str = ""
    # The largest of several: "3 x 2 cm".
    is_product: bool = False
    kind: str = "measure"
    # The unit by its name in the lexicon, before it was turned into the base unit.
    written: str = ""
    text: str = ""
    value: str = ""

    @property
    def bounds(self) -> tuple[Decimal | None, Decimal | None, bool, bool]:
        """The interval, however it is written: "0.3 cm (3 mm)" is one."""
        return self.low, self.high, self.low_is_open, self.high_is_open

    @property
    def is_exact(self) -> bool:
        """Whether it is one number."""
        return self.low is not None and self.low == self.high

    def in_unit(self, unit: str | None) -> Measure | None:
        """The measure in `unit`, which a bare number has; none of another dimension."""
        base, factor = UNITS.get(unit or "", ("", Decimal(1)))
        if self.unit:
            return self if self.unit == base or not base else None
        if not base:
            return None
        return replace(
            self,
            unit=base,
            low=None if self.low is None else self.low * factor,
            high=None if self.high is None else self.high * factor,
        )


def _scaled(number: Decimal, unit: str) -> tuple[Decimal, str]:
    base, factor = UNITS.get(unit, (unit, Decimal(1)))
    return number * factor, base


class _Cursor:
    """The lexemes of a sentence, taken one by one."""

    def __init__(self, lexemes: Sequence[Lexeme]) -> None:
        self.lexemes = lexemes
        self.at = 0

    def peek(self, ahead: int = 0) -> Lexeme | None:
        """A lexeme that is yet to come."""
        at = self.at + ahead
        return self.lexemes[at] if at < len(self.lexemes) else None

    def takes(self, kind: str, *values: str) -> str | None:
        """The value of the next lexeme if it is of this kind (and one of these values)."""
        lexeme = self.peek()
        if lexeme is None or lexeme.kind != kind or (values and lexeme.value not in values):
            return None
        self.at += 1
        return lexeme.value


def hardened(lexemes: Iterable[Lexeme]) -> list[Lexeme]:
    """The lexemes, of which a word of measurements without a number ("of", "x") changes nothing."""
    return [replace(lexeme, kind="fill") if lexeme.is_soft else lexeme for lexeme in lexemes]


def with_measures(lexemes: Sequence[Lexeme]) -> list[Lexeme | Measure]:
    """The lexemes with each measurement made one."""
    return [part for part, _ in with_spans(lexemes)]


def lengths_of(lexemes: Sequence[Lexeme]) -> list[Measure]:
    """The lengths that are told, in millimeters."""
    return [x for x in with_measures(lexemes) if isinstance(x, Measure) and x.unit == "mm"]


def with_spans(
    lexemes: Sequence[Lexeme],
) -> list[tuple[Lexeme | Measure, Sequence[Lexeme]]]:
    """The lexemes with each measurement made one, each beside the lexemes that it is made of."""
    cursor = _Cursor(lexemes)
    found: list[tuple[Lexeme | Measure, Sequence[Lexeme]]] = []
    while (lexeme := cursor.peek()) is not None:
        start = cursor.at
        part: Lexeme | Measure | None = _measure(cursor)
        if part is None:
            cursor.at = start + 1
            part = hardened([lexeme])[0]
        found.append((part, lexemes[start : cursor.at]))
    return found


def _is_times(lexeme: Lexeme | None) -> bool:
    return lexeme is not None and lexeme.kind == "compare" and lexeme.value == "x"


def _is_number(lexeme: Lexeme | None) -> bool:
    return lexeme is not None and lexeme.kind == "number"


def _number(cursor: _Cursor) -> tuple[Decimal, str] | None:
    value = cursor.takes("number")
    if value is None:
        return None
    number = Decimal(value)
    start = cursor.at
    is_joined = cursor.takes("join") is not None
    behind = cursor.peek()
    is_measured = (unit := cursor.peek(1)) is not None and unit.kind == "unit"
    is_compound = _is_tens(cursor.lexemes[start - 1]) and behind and _is_unit_word(behind)
    if behind and is_compound and is_measured:
        # "Forty two", "چهل و دو".
        cursor.at += 1
        number += Decimal(behind.value)
    elif is_joined:
        cursor.at = start
    return number, cursor.takes("unit") or ""


def _is_tens(lexeme: Lexeme) -> bool:
    return lexeme.text.isalpha() and lexeme.value in {str(tens) for tens in range(20, 100, 10)}


def _is_unit_word(lexeme: Lexeme) -> bool:
    return lexeme.text.isalpha() and lexeme.value in {str(unit) for unit in range(1, 10)}


def _measure(cursor: _Cursor) -> Measure | None:
    while cursor.takes("compare", "about"):
        # "Estimated between 30 and 40 %".
        pass
    between = cursor.takes("compare", "between") is not None
    comparator = "" if between else _comparator(cursor)
    first = _number(cursor)
    if first is None:
        return None
    start = cursor.at
    is_range = (
        cursor.takes("mark", "-")
        or cursor.takes("compare", "to")
        or (between and (cursor.takes("join") is not None or cursor.takes("mark", ",")))
    )
    second = _number(cursor) if is_range else None
    if second is not None and not comparator:
        unit = second[1] or first[1]
        low, base = _scaled(first[0], first[1] or unit)
        high, other = _scaled(second[0], second[1] or unit)
        if base == "percent":
            # It may be written from right to left: "60-50 %".
            low, high = sorted((low, high))
        return Measure(low, high, unit=base, written=unit) if base == other and low < high else None
    cursor.at = start
    if between:
        return None
    numbers = [first]
    while _is_times(cursor.peek()) and _is_number(cursor.peek(1)):
        cursor.at += 1
        following = _number(cursor)
        if following is None:
            break
        numbers.append(following)
    unit = next((unit for _, unit in reversed(numbers) if unit), "")
    scaled = [_scaled(number, own or unit) for number, own in numbers]
    value, base = max(scaled)
    comparator = comparator or _comparator_behind(cursor)
    return Measure(
        low=Decimal(0) if comparator in ("<", "<=") else value,
        high=None if comparator in (">", ">=") else value,
        low_is_open=comparator == ">",
        high_is_open=comparator == "<",
        unit=base,
        is_product=len(numbers) > 1,
        written=unit,
    )


def _comparator(cursor: _Cursor) -> str:
    """A bound before the number; "about" is none."""
    found = ""
    while (value := cursor.takes("compare", "<", "<=", ">", ">=", "about", "up")) is not None:
        found = {"about": found, "up": "<="}.get(value, value)
    return found


def _comparator_behind(cursor: _Cursor) -> str:
    value = cursor.takes("compare", "or more", "or less", "or above")
    if value is None:
        return ""
    return "<=" if value == "or less" else ">="
