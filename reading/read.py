"""What a text says of a field, by the reader of the field."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from reading import fields
from reading.common import Reading, reason_alone
from reading.sentence import statements_of

Reader = Callable[[str, str, str | None], Reading | None]


@cache
def readers() -> dict[str, Reader]:
    """The reader of each field: `READERS` of the modules of `reading.fields`."""
    found: dict[str, Reader] = {}
    for module in iter_modules(fields.__path__):
        found |= import_module(f"reading.fields.{module.name}").READERS
    return found


def read(field: str, text: str, unit: str | None = None) -> Reading | None:
    """What a normalized text says of a field; nothing where it is not understood.

    `unit` is the one that a bare number has (mm, cm, percent).
    """
    reader = readers().get(field)
    if reader is None or not text:
        return None
    return reader(field, text, unit) or reason_alone(statements_of(text, field))
