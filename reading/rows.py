"""Readings as DuckDB keeps them, each text read once however many nights ask."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import lru_cache
from hashlib import blake2b
from typing import Any, NamedTuple, Protocol

from reading.comments import read_comment
from reading.common import Reading
from reading.read import read
from reading.settings import settings_of

# The field of comments.
COMMENT = "comment"
Row = dict[str, str | bool | list[int] | None]


class Asked(NamedTuple):
    """A normalized text with its field and, as a JSON object, its `Settings`."""

    field: str
    text: str
    settings: str

    @property
    def key(self) -> bytes:
        """A hash; settings that mean the same have the same."""
        asked = f"{self.field}\0{_in_one_way(self.settings)}\0{self.text}"
        return blake2b(asked.encode(), digest_size=16).digest()


@lru_cache(maxsize=256)
def _in_one_way(settings: str) -> str:
    return repr(settings_of(settings))


class Kept(Protocol):
    """Where readings, as JSON, are kept by the key of what was asked."""

    def get(self, key: bytes) -> str | None: ...

    def add(self, readings: Iterable[tuple[bytes, str]]) -> None: ...


def answer(asked: Asked, kept: Kept | None) -> Any:
    """What a text says of its field, as a struct of `reading.functions.COLUMNS`; nothing where it
    is not understood. Of a comment a list of them, each with the `field` that it is of.
    """
    if kept is None:
        return _read(asked)
    known = kept.get(asked.key)
    if known is None:
        known = read_as_json(asked)
        kept.add([(asked.key, known)])
    return json.loads(known)


def read_as_json(asked: Asked) -> str:
    """The `answer` as it is kept."""
    return json.dumps(_read(asked), ensure_ascii=False)


def _read(asked: Asked) -> Row | list[Row] | None:
    settings = settings_of(asked.settings)
    if asked.field == COMMENT:
        readings = read_comment(asked.text, settings)
        return [{"field": field, **_row(found)} for field, found in readings.items()]
    reading = read(asked.field, asked.text, settings)
    return None if reading is None else _row(reading)


def _row(reading: Reading) -> Row:
    measure = reading.measure
    return {
        "value": reading.value,
        "missing_reason": reading.missing_reason,
        # Bounds as text: the warehouse keeps decimals, and a double would not be one.
        "low": None if measure is None else str(measure.low or 0),
        "high": None if measure is None or measure.high is None else str(measure.high),
        "low_is_open": measure is not None and measure.low_is_open,
        "high_is_open": measure is not None and measure.high_is_open,
        "segments": _listed(reading.segments),
        "segments_at_most": _listed(reading.segments_at_most),
    }


def _listed(segments: tuple[int, ...] | None) -> list[int] | None:
    return None if segments is None else list(segments)
