"""The data dictionary of a REDCap project: its fields, their forms and their choices."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from pathlib import Path

import duckdb

from ingestion.archive import ArchivedFile
from ingestion.errors import DeliveryError
from ingestion.mapping import normalized_header
from ingestion.readers import read_file
from ingestion.settings import FormatSettings

# What a column holds → its header in the file that REDCap offers, and in the API's answer.
_COLUMNS = {
    "name": ("Variable / Field Name", "field_name"),
    "form": ("Form Name", "form_name"),
    "kind": ("Field Type", "field_type"),
    "label": ("Field Label", "field_label"),
    "choices": ("Choices, Calculations, OR Slider Labels", "select_choices_or_calculations"),
}
_FIXED_CHOICES = {
    "yesno": {"1": "Yes", "0": "No"},
    "truefalse": {"1": "True", "0": "False"},
}
# Labels may be formatted; "<1 mm" is no tag.
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")


@dataclass(frozen=True)
class DictionaryField:
    """A field of a project: its form, REDCap's field type, its label, and code → label."""

    name: str
    form: str
    kind: str
    label: str
    choices: dict[str, str]


@dataclass(frozen=True)
class DataDictionary:
    """The fields of a project by name, in its own order: the first is the record's number."""

    file: Path
    fields: dict[str, DictionaryField]

    @property
    def record_id(self) -> str:
        return next(iter(self.fields))

    @property
    def forms(self) -> list[str]:
        return list(dict.fromkeys(field.form for field in self.fields.values()))

    def field_of(self, header: str) -> DictionaryField | None:
        """The field that a column of an export belongs to: ``x``, or the box ``x___1`` of ``x``."""
        if header in self.fields:
            return self.fields[header]
        name, mark, _ = header.partition("___")
        field = self.fields.get(name)
        return field if mark and field is not None and field.kind == "checkbox" else None


def read_dictionary(con: duckdb.DuckDBPyConnection, file: ArchivedFile) -> DataDictionary:
    """Read a data dictionary with the headers of REDCap's file or of its API.

    Raises DeliveryError when the file is no data dictionary.
    """
    table = "redcap_dictionary"
    read = read_file(con, file, FormatSettings(), table)
    if read.held_rows:
        raise DeliveryError(
            f"{file.delivered}: {read.held_rows} rows of the data dictionary have more or fewer "
            "cells than its header; export it anew"
        )
    headers = [normalized_header(header) for header in read.headers]
    columns = []
    for names in _COLUMNS.values():
        found = [headers.index(name) for name in map(normalized_header, names) if name in headers]
        if not found:
            raise DeliveryError(
                f"{file.delivered}: there is no column {names[0]!r} (or {names[1]}); "
                "the file has to be the data dictionary that REDCap exports"
            )
        columns.append(f"trim(coalesce(c{found[0]}, ''))")
    rows = con.execute(
        f"select {', '.join(columns)} from {table} order by file_row_number"
    ).fetchall()
    con.execute(f"drop table {table}")
    fields = {
        name: DictionaryField(name, form, kind, _plain(label), _choices(kind, choices))
        for name, form, kind, label, choices in rows
        if name
    }
    if not fields:
        raise DeliveryError(f"{file.delivered}: the data dictionary names no field")
    return DataDictionary(file.delivered, fields)


def _choices(kind: str, text: str) -> dict[str, str]:
    if kind in _FIXED_CHOICES:
        return _FIXED_CHOICES[kind]
    if kind not in ("radio", "dropdown", "checkbox"):
        return {}
    pairs = (choice.partition(",") for choice in text.split("|"))
    return {code.strip(): _plain(label) or code.strip() for code, _, label in pairs if code.strip()}


def _plain(label: str) -> str:
    return " ".join(html.unescape(_TAG.sub(" ", label)).split())
