"""The delivered CSV files as rows of fields, without those that had to be held."""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from ingestion.pseudonyms import DEMO_KEY, PseudonymKey, pseudonym
from tests.reference.cohort_by_hand.dates import Day, read_date
from tests.reference.cohort_by_hand.words import (
    NOT_COLLECTED,
    NOT_REPORTED,
    UNREADABLE,
    Reading,
    is_blank,
    normalize,
    read_words,
)

KEYS = {
    "pathology": ("patient_id", "specimen_id", "report_date"),
    "operative": ("patient_id", "operation_id"),
    "follow_up": ("patient_id", "contact_date", "source"),
}
normalize = cache(normalize)


@dataclass(frozen=True)
class Extract:
    """How one extract is written, as registry.yml says."""

    name: str
    calendar: str
    order: str
    tokens: frozenset[str]
    units: dict[str, str]


@dataclass(frozen=True)
class Row:
    extract: Extract
    number: int
    texts: dict[str, str] = field(hash=False)

    def text(self, name: str) -> str:
        """The normalized text of a field, blank where the files lack it."""
        return normalize(self.texts.get(name, ""))

    def cell(self, name: str, vocabulary: str | None = None) -> str | Reading:
        """The normalized text, or why there is nothing to read."""
        if name not in self.texts:
            return NOT_COLLECTED
        text = self.text(name)
        return NOT_REPORTED if is_blank(text, self.extract.tokens, vocabulary) else text

    def word(self, name: str, vocabulary: str) -> Reading:
        cell = self.cell(name, vocabulary)
        return cell if isinstance(cell, Reading) else read_words(cell, vocabulary)

    def date(self, name: str) -> Reading:
        cell = self.cell(name)
        if isinstance(cell, Reading):
            return cell
        day = read_date(cell, self.extract.calendar, self.extract.order)
        return UNREADABLE if day is None else Reading(day)

    def identifier(self, name: str) -> str | None:
        cell = self.cell(name)
        return None if isinstance(cell, Reading) else cell.upper()


@dataclass
class Files:
    """Everything delivered: rows by patient and extract, and the day to which the data go."""

    patients: dict[str, dict[str, list[Row]]]
    fields: dict[str, set[str]]
    data_as_of: date


def patient_pseudonym(number: str) -> str:
    return pseudonym(number, "patient_id", PseudonymKey(DEMO_KEY.encode()))


def read_files(config: Path) -> Files:
    content = yaml.safe_load(config.read_text(encoding="utf-8"))
    patients: dict[str, dict[str, list[Row]]] = defaultdict(lambda: {name: [] for name in KEYS})
    fields: dict[str, set[str]] = {name: set() for name in KEYS}
    for name in KEYS:
        for row in _rows(name, content["extracts"][name], config.parent):
            number = row.identifier("patient_id")
            assert number
            patients[number][name].append(row)
            fields[name] |= row.texts.keys()
    declared = content.get("data_as_of", "latest_contact")
    data_as_of = declared if isinstance(declared, date) else _latest(patients)
    return Files(dict(patients), fields, data_as_of)


def _rows(name: str, settings: dict[str, Any], folder: Path) -> list[Row]:
    style = settings.get("format", {})
    pattern = (folder / settings["files"]).absolute()
    (path,) = pattern.parent.glob(pattern.name)
    with path.open(encoding="utf-8-sig", newline="") as file:
        table = list(csv.reader(file, delimiter=style.get("delimiter", ",")))
    header = [" ".join(cell.split()).casefold() for cell in table[0]]
    columns = settings.get("columns", {})
    named = {str(head).casefold(): fieldname for fieldname, head in columns.items()}
    # A column that registry.yml does not name is found by the field's own name.
    fields = [named.get(head, head) for head in header]
    extract = Extract(
        name,
        settings.get("calendar", "gregorian"),
        settings.get("date_order", "ymd"),
        frozenset(normalize(str(token)) for token in settings.get("missing", [])),
        settings.get("units", {}),
    )
    rows = [
        Row(extract, number, dict(zip(fields, cells, strict=True)))
        for number, cells in enumerate(table[1:], start=2)
    ]
    return _accepted(rows, KEYS[name])


def as_key(raw: str) -> str:
    """A key as it is compared: ASCII digits, upper case; letters as they are delivered."""
    for digits in ("۰۱۲۳۴۵۶۷۸۹", "٠١٢٣٤٥٦٧٨٩"):
        raw = raw.translate(str.maketrans(digits, "0123456789"))
    return " ".join(raw.split()).upper()


def _accepted(rows: list[Row], key: tuple[str, ...]) -> list[Row]:
    """Equal rows once; rows that share a key and differ not at all."""
    by_key: dict[tuple[str | None, ...], dict[tuple[str, ...], Row]] = defaultdict(dict)
    for row in rows:
        place = tuple(as_key(row.texts.get(name, "")) for name in key)
        by_key[place].setdefault(tuple(row.texts.values()), row)
    return [row for equal in by_key.values() if len(equal) == 1 for row in equal.values()]


def _latest(patients: dict[str, dict[str, list[Row]]]) -> date:
    """The latest day that is certain of a contact, death or operation."""
    days = [
        reading.value.first
        for rows in patients.values()
        for extract, name in (
            ("operative", "operation_date"),
            ("follow_up", "contact_date"),
            ("follow_up", "death_date"),
        )
        for row in rows[extract]
        if isinstance((reading := row.date(name)).value, Day)
    ]
    return max(days)
