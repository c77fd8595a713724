"""How a text is to be read besides by its words: what registry.yml says of its field."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, lru_cache

from reading.measures import UNITS


@dataclass(frozen=True)
class Settings:
    """The units and marks of numbers, the definitions that words depend on, and own words.

    `unit` is the one that a bare number has (mm, cm, percent, months); `thousands` the mark that
    parts thousands, where numbers have one. `own_words` are phrases of the hospital, each with the
    phrase of ours that means the same: it is put in their place.
    """

    unit: str | None = None
    thousands: str | None = None
    days_per_month: Decimal = UNITS["month"][1]
    rectosigmoid: str = "colon"
    poor_regression_viable_percent: Decimal = Decimal(50)
    metachronous_after_months: Decimal = Decimal(6)
    own_words: tuple[tuple[str, str], ...] = ()

    @cached_property
    def _own(self) -> re.Pattern[str] | None:
        # The longest first, for one may be the beginning of another.
        phrases = sorted((phrase for phrase, _ in self.own_words), key=len, reverse=True)
        if not phrases:
            return None
        return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, phrases))})(?!\w)")

    def in_our_words(self, text: str) -> str:
        """A normalized text with our phrases in place of the hospital's own."""
        if self._own is None:
            return text
        ours = dict(self.own_words)
        return self._own.sub(lambda found: ours[found[0]], text)


# As registry.yml has them where it says nothing.
USUAL = Settings()


@lru_cache(maxsize=256)
def settings_of(text: str) -> Settings:
    """The settings of a JSON object, as the model `stg_sentences` writes it."""
    given = {name: value for name, value in json.loads(text).items() if value is not None}
    for name in ("days_per_month", "poor_regression_viable_percent", "metachronous_after_months"):
        if name in given:
            given[name] = Decimal(str(given[name]))
    own_words = tuple((phrase, ours) for phrase, ours in given.pop("own_words", []))
    return Settings(**given, own_words=own_words)
