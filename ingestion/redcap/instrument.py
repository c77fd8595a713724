"""The export of a project, in a temporary table → the rows of one instrument, in its place."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path

import duckdb

from ingestion.errors import DeliveryError
from ingestion.readers import ReadFile
from ingestion.redcap.dictionary import DataDictionary, DictionaryField
from ingestion.settings import RedcapSettings
from ingestion.sql import fetch_one, text_literal

_EVENT = "redcap_event_name"
_REPEATS = "redcap_repeat_instrument"
_RAW = "export it as CSV with raw data and raw headers"

# What the composed column of a checkbox says where its form was filled in and no box is checked:
# that may mean "none" or "not answered", and only the hospital knows which.
NONE_CHECKED = "none checked"


@dataclass(frozen=True)
class InstrumentRows:
    """What a table holds after ``take_instrument``; ``taken`` + ``other`` are all its records."""

    found: ReadFile
    taken: int
    other: int


@dataclass(frozen=True)
class _Column:
    """A column of the table that belongs to a field; ``number`` is its place (c0, c1, …)."""

    number: int
    header: str
    field: DictionaryField

    @property
    def is_box(self) -> bool:
        return self.header != self.field.name

    @property
    def cell(self) -> str:
        return f"trim(coalesce(c{self.number}, ''))"


def take_instrument(
    con: duckdb.DuckDBPyConnection,
    table: str,
    found: ReadFile,
    dictionary: DataDictionary,
    settings: RedcapSettings,
    file: Path,
) -> InstrumentRows:
    """Keep the rows of one instrument in ``table``, and give it the meaning of its codes.

    A row is the instrument's where ``redcap_repeat_instrument`` names it, or where that is blank
    and something was entered on the form. Every checkbox ``x`` gets a column ``x`` with the labels
    of the boxes that are checked. Fields of other forms that do not repeat are filled, where
    they are blank, from the base row of the record: the one of the same event, else what all
    of them agree on. Rows keep their number in the file.

    Raises DeliveryError where the dictionary does not fit the file, or no row is left.
    """
    headers = [header.strip() for header in found.headers]
    _check_headers(headers, dictionary, settings, file)
    columns = [
        _Column(number, header, field)
        for number, header in enumerate(headers)
        if (field := dictionary.field_of(header)) is not None
    ]
    boxes: dict[str, list[_Column]] = {}
    for column in columns:
        if column.is_box:
            boxes.setdefault(column.field.name, []).append(column)
    composed = [
        _Column(number, name, dictionary.fields[name])
        for number, name in enumerate(boxes, start=len(headers))
    ]
    structure = {
        name: f"trim(coalesce(c{headers.index(name)}, ''))" if name in headers else "''"
        for name in (dictionary.record_id, _EVENT, _REPEATS)
    }
    repeating = _check_cells(con, table, boxes, structure[_REPEATS], dictionary, file)

    # Asked of every column of a form, so found out once per row.
    filled = {form: f"filled_{number}" for number, form in enumerate(dictionary.forms)}
    signs = "".join(
        f", {_filled_in(form, headers, columns, dictionary)} as {name}"
        for form, name in filled.items()
    )
    is_taken = (
        f"({structure[_REPEATS]} = {text_literal(settings.instrument)} "
        f"or ({structure[_REPEATS]} = '' and {filled[settings.instrument]}))"
    )
    if settings.event is not None:
        is_taken += f" and {structure[_EVENT]} = {text_literal(settings.event)}"
    compositions = "".join(
        f"{_checked(boxes[column.header], filled[column.field.form])} as c{column.number}, "
        for column in composed
    )
    con.execute(
        f"""
        create or replace temp table redcap_records as
        with signed as materialized (select *{signs} from {table})
        select *, {compositions}{structure[dictionary.record_id]} as record,
            {structure[_EVENT]} as event, {structure[_REPEATS]} = '' as is_base,
            {is_taken} as is_taken
        from signed
        """
    )
    counted = fetch_one(
        con,
        "select count(*) filter (is_taken), count(*) filter (not is_taken) from redcap_records",
    )
    assert counted is not None
    taken, other = counted
    if not taken:
        raise DeliveryError(_nothing_taken(con, settings, other, file))

    lent = [
        column
        for column in [*columns, *composed]
        if column.header != dictionary.record_id
        and column.field.form != settings.instrument
        and column.field.form not in repeating
    ]
    _fill_from_base_rows(con, table, len(headers) + len(composed), lent, filled)
    con.execute("drop table redcap_records")
    return InstrumentRows(_described(found, columns, composed), taken, other)


def _check_headers(
    headers: list[str], dictionary: DataDictionary, settings: RedcapSettings, file: Path
) -> None:
    if dictionary.record_id not in headers:
        # Without it the first line may be no header, and is not shown.
        raise DeliveryError(
            f"{file}: there is no column {dictionary.record_id!r}, the first field of "
            f"{dictionary.file}; {_RAW}, and the dictionary from the same project"
        )
    if settings.instrument not in dictionary.forms:
        close = get_close_matches(settings.instrument, dictionary.forms, n=1)
        hint = f"did you mean {close[0]}?" if close else f"it has {_some(dictionary.forms)}"
        raise DeliveryError(
            f"{dictionary.file}: there is no instrument {settings.instrument!r}, which "
            f"`redcap.instrument` names; {hint}"
        )
    of_forms = {f"{form}_{end}" for form in dictionary.forms for end in ("complete", "timestamp")}
    strange = [
        header
        for header in headers
        if not header.startswith("redcap_")
        and header not in of_forms
        and dictionary.field_of(header) is None
    ]
    if strange:
        raise DeliveryError(
            f"{file}: {_some(strange)} stand on no form of {dictionary.file}; "
            f"{_RAW}, and the dictionary anew"
        )
    own = [
        header
        for header in headers
        if (field := dictionary.field_of(header)) is not None
        and field.form == settings.instrument
        and header != dictionary.record_id
    ]
    if not own:
        raise DeliveryError(
            f"{file}: no column belongs to the instrument {settings.instrument!r}; "
            "the export has to hold all forms that the extract needs"
        )
    if settings.event is not None and _EVENT not in headers:
        raise DeliveryError(
            f"{file}: there is no column {_EVENT!r}, so `redcap.event` can choose nothing; "
            "leave it out for a project without events"
        )


def _check_cells(
    con: duckdb.DuckDBPyConnection,
    table: str,
    boxes: dict[str, list[_Column]],
    repeats: str,
    dictionary: DataDictionary,
    file: Path,
) -> set[str]:
    """Refuse labels where codes are due; the instruments that repeat in this file."""
    repeating = {
        name for (name,) in con.execute(f"select distinct {repeats} from {table}").fetchall()
    }
    repeating.discard("")
    if not repeating <= set(dictionary.forms):
        raise DeliveryError(
            f"{file}: {_REPEATS} holds names that are no form of {dictionary.file}; {_RAW}"
        )
    cells = [column.cell for columns in boxes.values() for column in columns]
    wrong = " or ".join(f"{cell} not in ('', '0', '1')" for cell in cells) or "false"
    if con.execute(f"select 1 from {table} where {wrong} limit 1").fetchall():
        raise DeliveryError(f"{file}: a checkbox holds something else than 0 and 1; {_RAW}")
    return repeating


def _filled_in(
    form: str, headers: list[str], columns: list[_Column], dictionary: DataDictionary
) -> str:
    """SQL: something was entered on this form.

    REDCap writes 0 for boxes and for the status of a form that nobody opened, and calculates by
    itself; none of these says that the form was filled in.
    """
    signs = [
        f"{column.cell} = '1'" if column.is_box else f"{column.cell} <> ''"
        for column in columns
        if column.field.form == form
        and column.field.kind != "calc"
        and column.header != dictionary.record_id
    ]
    status = f"{form}_complete"
    if status in headers:
        signs.append(f"trim(coalesce(c{headers.index(status)}, '')) in ('1', '2')")
    return f"({' or '.join(signs) or 'false'})"


def _checked(boxes: list[_Column], form_is_filled_in: str) -> str:
    """SQL: the labels of the boxes that are checked; blank where the question was not put."""
    labels = {_box_code(code): label for code, label in boxes[0].field.choices.items()}
    parts = []
    for box in boxes:
        code = box.header.partition("___")[2]
        # A box beside the choices is one of the project's missing data codes, such as -999.
        label = labels.get(code) or re.sub("^_", "-", code)
        parts.append(f"case when {box.cell} = '1' then {text_literal(label)} end")
    checked = f"concat_ws('; ', {', '.join(parts)})"
    put = " or ".join(f"{box.cell} <> ''" for box in boxes)
    return (
        f"case when {checked} <> '' then {checked} "
        f"when ({put}) and {form_is_filled_in} then {text_literal(NONE_CHECKED)} end"
    )


def _box_code(code: str) -> str:
    """A code as REDCap writes it in the name of the box's column."""
    return re.sub(r"[^a-z0-9]", "_", code.lower())


def _fill_from_base_rows(
    con: duckdb.DuckDBPyConnection,
    table: str,
    width: int,
    lent: list[_Column],
    filled: dict[str, str],
) -> None:
    """Write the rows taken into ``table``, their blanks filled from the record's base rows."""
    # A form that nobody filled in at an event lends nothing, such as the zeros of its boxes.
    lendable = "".join(
        f", case when {column.cell} <> '' and {filled[column.field.form]} "
        f"then c{column.number} end as c{column.number}"
        for column in lent
    )
    agreed = "".join(
        f", case when min(c{c.number}) = max(c{c.number}) then min(c{c.number}) end as c{c.number}"
        for c in lent
    )
    numbers = {column.number for column in lent}
    cells = ", ".join(
        f"coalesce(case when trim(r.c{i}) <> '' then r.c{i} end, e.c{i}, p.c{i}) as c{i}"
        if i in numbers
        else f"r.c{i}"
        for i in range(width)
    )
    con.execute(
        f"""
        create or replace temp table {table} as
        with base as (
            select record, event{lendable} from redcap_records where is_base and record <> ''
        ),
        of_event as (select record, event{agreed} from base group by record, event),
        of_record as (select record{agreed} from base group by record)
        select {cells}, r.file_row_number
        from redcap_records r
        left join of_event e on e.record = r.record and e.event = r.event
        left join of_record p on p.record = r.record
        where r.is_taken
        order by r.file_row_number
        """
    )


def _described(found: ReadFile, columns: list[_Column], composed: list[_Column]) -> ReadFile:
    labels = dict(found.labels)
    value_labels = dict(found.value_labels)
    for column in columns:
        header = found.headers[column.number]
        labels[header] = column.field.label
        if column.field.choices and not column.is_box and column.field.kind != "checkbox":
            value_labels[header] = column.field.choices
    labels |= {column.header: column.field.label for column in composed}
    return replace(
        found,
        headers=[*found.headers, *(column.header for column in composed)],
        labels=labels,
        value_labels=value_labels,
    )


def _nothing_taken(
    con: duckdb.DuckDBPyConnection, settings: RedcapSettings, other: int, file: Path
) -> str:
    if settings.event is None:
        return (
            f"{file}: none of the {other} records belongs to the instrument "
            f"{settings.instrument!r}; at least one is due"
        )
    events = con.execute("select distinct event from redcap_records order by event").fetchall()
    return (
        f"{file}: none of the {other} records belongs to the instrument {settings.instrument!r} "
        f"at the event {settings.event!r}; its events are {_some(e for (e,) in events)}"
    )


def _some(names: Iterable[str]) -> str:
    listed = list(names)
    return f"{', '.join(listed[:6])}{', …' if len(listed) > 6 else ''}"
