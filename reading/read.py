"""What a text says of a field, by the reader of the field."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from reading import fields
from reading.abbreviations import written_out
from reading.common import Reading, reason_alone
from reading.lexicon import lexicon_of
from reading.notation import in_our_notation
from reading.sentence import parts_of, statements_of
from reading.settings import USUAL, Settings
from reading.tokens import tokens_of

Reader = Callable[[str, str, Settings], Reading | None]
BETWEEN_PARTS = re.compile(r"[;()\[\]]|[.,](?= |$)")

ANSWERS = {"deny": "no", "denied": "no", "affirmed": "yes"}
VOUCHING = {"confirmed", "proven", "documented", "reported", "established", "تایید شد", "گزارش شد"}


@cache
def readers() -> dict[str, Reader]:
    """The reader of each field: `READERS` of the modules of `reading.fields`."""
    found: dict[str, Reader] = {}
    for module in iter_modules(fields.__path__):
        found |= import_module(f"reading.fields.{module.name}").READERS
    return found


def read(field: str, text: str, settings: Settings = USUAL) -> Reading | None:
    """What a normalized text says of a field; nothing where it is not understood."""
    reader = readers().get(field)
    if reader is None or not text:
        return None
    plain = in_our_notation(field, written_out(settings.in_our_words(text)), settings)
    if plain is None:
        return None
    reading = reader(field, plain, settings) or reason_alone(statements_of(plain, field))
    if reading is None and _is_told_both_ways(field, plain):
        return Reading(missing_reason="conflicting")
    return reading


def _is_told_both_ways(field: str, text: str) -> bool:
    """ "Present; absent" and no more; "present/absent" is a form that nobody filled in."""
    parts = [part for part in parts_of(text, field) if part.kind != "fill"]
    if [part.text for part in parts[-1:]] == ["."]:
        parts.pop()
    if len(parts) != 3 or parts[1].kind != "mark" or parts[1].text not in {",", ";", "."}:
        return False
    # "No, confirmed" is said once.
    if any(part.text in VOUCHING for part in parts):
        return False
    return {ANSWERS.get(parts[0].kind), ANSWERS.get(parts[2].kind)} == {"yes", "no"}


def unread_parts(field: str, text: str) -> list[str]:
    """The parts of a normalized text, between its marks, in which a word is that is not known."""
    if field not in readers():
        return []
    lexicon = lexicon_of(field)
    parts = [part.strip() for part in BETWEEN_PARTS.split(text)]
    return [
        part
        for part in parts
        if any(lexeme.kind == "unknown" for lexeme in lexicon.lexemes(tokens_of(part)))
    ]
