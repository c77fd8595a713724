"""Headers of a file → fields of the contract."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from ingestion.contract import ExtractContract
from ingestion.errors import DeliveryError, IngestionError
from ingestion.settings import ExtractSettings

_LETTERS = str.maketrans({"ي": "ی", "ك": "ک", "ة": "ه", "\u200c": " ", "_": " "})
# Marks that are not seen: zero-width characters, direction marks, a byte order mark.
_MARKS = dict.fromkeys((0x200B, 0x200D, 0x200E, 0x200F, 0x2060, 0xFEFF))
# What no header is, and every row of data has: a number, a date, a telephone.
_DATA = re.compile(r"[\d\s/.,:+-]*\d[\d\s/.,:+-]*")


@dataclass(frozen=True)
class MappedField:
    """Where a field of the contract comes from: the header and its column number in the file,
    null where the file was not read again."""

    field: str
    header: str
    column: int | None
    recognized_by: str  # configured · field name · synonym


def normalized_header(header: str) -> str:
    """A header as it is compared: letters unified, case, blanks and underscores set aside."""
    text = unicodedata.normalize("NFKC", header).translate(_MARKS).translate(_LETTERS).casefold()
    return " ".join(text.split())


def looks_like_data(headers: list[str]) -> bool:
    """Whether a first line holds what no header is: a number, a date, a telephone."""
    return any(_DATA.fullmatch(unicodedata.normalize("NFKC", header)) for header in headers)


def check_settings(extract: ExtractContract, settings: ExtractSettings, place: str) -> None:
    """Refuse names that the contract does not have. ``place`` says where in which file."""
    known = extract.field_names
    named: dict[str, Collection[str]] = {
        "columns": settings.columns,
        "units": settings.units,
        "values": settings.values,
    }
    for part, fields in named.items():
        for name in fields:
            if name not in known:
                close = get_close_matches(name, known, n=1)
                hint = f"did you mean {close[0]}?" if close else f"known are {', '.join(known)}"
                raise IngestionError(
                    f"{place}.{part}.{name}: the {extract.name} extract has no field {name}; {hint}"
                )
    for name, codes in settings.values.items():
        meanings: dict[str, str] = {}
        for code, value in codes.items():
            first = meanings.setdefault(normalized_header(code), value)
            if normalized_header(first) != normalized_header(value):
                raise IngestionError(
                    f"{place}.values.{name}: the code {code!r} stands for {first!r} and for "
                    f"{value!r}; case and blanks make no difference, keep one"
                )


def map_headers(
    extract: ExtractContract, settings: ExtractSettings, headers: list[str], file: Path
) -> dict[str, MappedField]:
    """Find the column of each field: named in registry.yml, else by field name or synonym.

    A field that registry.yml maps to null stays unmapped. Raises DeliveryError when a header that
    registry.yml names is not in the file, when two columns answer to one field, or when a
    required key is not found.
    """
    normalized = [normalized_header(header) for header in headers]
    mapped: dict[str, MappedField] = {}
    for field in extract.fields:
        if field.name in settings.columns:
            wanted = settings.columns[field.name]
            if wanted is None:
                if field.required:
                    raise IngestionError(
                        f"columns.{field.name}: the key of the {extract.name} extract cannot be "
                        "left out; name its column"
                    )
                continue
            found = _find(normalized, [wanted])
            if not found:
                raise DeliveryError(
                    f"{file}: there is no column {wanted!r}, which registry.yml maps to "
                    f"{field.name} of the {extract.name} extract; "
                    f"{_nearest(wanted, headers, normalized)}"
                )
            recognized_by = "configured"
        else:
            found = _find(normalized, [field.name])
            recognized_by = "field name"
            if not found:
                found = _find(normalized, list(field.synonyms))
                recognized_by = "synonym"
        if len(found) > 1:
            names = ", ".join(repr(headers[i]) for i in found)
            raise DeliveryError(
                f"{file}: columns {names} all answer to {field.name} of the {extract.name} "
                f"extract; name one in `columns: {{{field.name}: …}}`, or rename one in the file"
            )
        if found:
            column = found[0]
            mapped[field.name] = MappedField(field.name, headers[column], column, recognized_by)
        elif field.required:
            raise DeliveryError(
                f"{file}: no column for the key {field.name} of the {extract.name} extract; "
                f"{_described(headers)}; name it in `columns: {{{field.name}: …}}`"
            )
    return mapped


def _find(normalized_headers: list[str], names: list[str]) -> list[int]:
    wanted = {normalized_header(name) for name in names}
    return [i for i, header in enumerate(normalized_headers) if header in wanted]


def _nearest(wanted: str, headers: list[str], normalized: list[str]) -> str:
    close = get_close_matches(normalized_header(wanted), normalized, n=1)
    if close:
        return f"the nearest is {headers[normalized.index(close[0])]!r}"
    return _described(headers)


def _described(headers: list[str]) -> str:
    """The headers of a file in a message, unless they may be a patient's row."""
    if looks_like_data(headers):
        return "its first line looks like data, a header has to come first"
    if len(headers) == 1:
        return "it has one column only: check the delimiter in `format: {delimiter: …}`"
    shown = ", ".join(header.strip() for header in headers[:12])
    return f"the file has {shown}{', …' if len(headers) > 12 else ''}"
