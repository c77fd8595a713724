"""Files of Stata, SPSS and SAS → a table of text, with the labels that they carry.

Numbers are written as in every other format, dates and times in ISO form. A missing value that
somebody declared is a statement and not a blank: SPSS's stays the code it is, the special ones of
Stata and SAS are written ``.a``, ``.A`` and so on.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any

import duckdb
import numpy as np
import pandas as pd

# The public functions for XPT and POR drop declared missing values; the one beneath keeps them.
from pyreadstat._readstat_parser import parser_entry_point

from ingestion.archive import ArchivedFile, file_suffix
from ingestion.errors import DeliveryError
from ingestion.readers.found import ReadFile
from ingestion.readers.text import number_text_sql, number_texts, timestamp_text_sql
from ingestion.settings import FormatSettings
from ingestion.sql import fetch_value

_CELLS_AT_ONCE = 4_000_000
# What is not here is text. Single precision stays single, so that 0.1 reads as it looks.
_NUMBER_TYPES = {
    "int8": np.float64,
    "int16": np.float64,
    "int32": np.float64,
    "float": np.float32,
    "double": np.float64,
}
_DAY = 86_400_000_000


@dataclass(frozen=True)
class _Format:
    """A file format, and the microseconds that one step of a date and of a time stands for."""

    name: str
    parser: str
    epoch: str
    date_step: int
    time_step: int
    kinds: dict[str, str]


# Display formats without their width, and what the number in the cell then is. A format that is
# not here shows a number.
_STATA_KINDS = {
    r"%-?t?d.*": "date",
    r"%-?tcHH:MM(:SS)?": "time",
    # %tC counts leap seconds too, which are half a minute in all: the day is the same.
    r"%-?t[cC].*": "datetime",
    r"%-?tm.*": "months",
    r"%-?tq.*": "quarters",
    r"%-?th.*": "half-years",
    r"%-?tw.*": "weeks",
}
_SPSS_KINDS = {
    "[AEJS]?DATE": "date",
    "DATETIME|YMDHMS": "datetime",
    "[DM]?TIME": "time",
    "MOYR": "month of date",
}
_SAS_KINDS = {
    "(NL)?DATE|(WEEK|WORD)DAT[EX]|JULIAN|(DDMMYY|MMDDYY|YYMMDD)[BCDNPS]?|(E|B|IS)8601DA": "date",
    "DATETIME|DATEAMPM|MDYAMPM|NLDATM|DTDATE|(E|B|IS)8601D[TN]": "datetime",
    "TIME|TIMEAMPM|HHMM|MMSS|TOD|(E|B|IS)8601TM": "time",
    "MONYY|(YYMM|MMYY)[CDNPS]?": "month of date",
}

_SPSS = ("1582-10-14", 1_000_000, 1_000_000, _SPSS_KINDS)
_SAS = ("1960-01-01", _DAY, 1_000_000, _SAS_KINDS)
_FORMATS = {
    ".dta": _Format("Stata", "dta", "1960-01-01", _DAY, 1_000, _STATA_KINDS),
    ".sav": _Format("SPSS", "sav/zsav", *_SPSS),
    ".zsav": _Format("SPSS", "sav/zsav", *_SPSS),
    ".por": _Format("SPSS portable", "por", *_SPSS),
    ".sas7bdat": _Format("SAS", "sas7bdat", *_SAS),
    ".xpt": _Format("SAS transport", "xport", *_SAS),
}


def read_statistics(
    con: duckdb.DuckDBPyConnection, file: ArchivedFile, settings: FormatSettings, table: str
) -> ReadFile:
    """Read a .dta, .sav, .zsav, .por, .sas7bdat or .xpt file, some millions of cells at a time.

    Raises DeliveryError where it is no such file or ends too early.
    """
    name, kind = file.delivered, _FORMATS[file_suffix(file.path)]
    _refuse_if_not_whole(file)
    _, meta = _read(file, settings, metadataonly=True)
    headers: list[str] = list(meta.column_names)
    if not headers:
        raise DeliveryError(f"{name}: the file is empty; columns and at least one row are due")
    types = [meta.readstat_variable_types[header] for header in headers]
    lists, numbers = number_texts(
        {f"n{i}": _NUMBER_TYPES[t].__name__ for i, t in enumerate(types) if t in _NUMBER_TYPES}
    )
    texts = ", ".join(
        _text_sql(kind, meta, header, i, numbers.get(f"n{i}")) for i, header in enumerate(headers)
    )
    columns = ", ".join(f"c{i} varchar" for i in range(len(headers)))
    con.execute(f"create or replace temp table {table} ({columns}, file_row_number bigint)")
    for frame in _chunks(file, settings, types):
        _query(
            con,
            frame,
            f"insert into {table} select {texts}, file_row_number "
            f"from (select *{lists} from typed_cells)",
        )
    rows = fetch_value(con, f"select count(*) from {table}")
    if meta.number_rows not in (None, rows):
        raise DeliveryError(
            f"{name}: the file says that it has {meta.number_rows} rows, {rows} could be read; "
            "deliver it again whole"
        )
    if rows == 0:
        raise DeliveryError(f"{name}: the file holds columns and no rows, at least one is due")
    value_labels = {
        header: _labels_as_text(con, kind, meta, header, codes)
        for header in headers
        if (codes := meta.variable_value_labels.get(header))
    }
    labels = {h: text for h, text in meta.column_names_to_labels.items() if text}
    return ReadFile(headers, labels=labels, value_labels=value_labels)


def _read(
    file: ArchivedFile, settings: FormatSettings, **options: Any
) -> tuple[dict[str, list[Any]], Any]:
    kind = _FORMATS[file_suffix(file.path)]
    # The word of the file counts, unless registry.yml has another.
    if "encoding" in settings.model_fields_set:
        options["encoding"] = codecs.lookup(settings.encoding).name.upper()
    try:
        return parser_entry_point(
            str(file.path),
            kind.parser,
            user_missing=True,
            disable_datetime_conversion=True,
            # As pandas, a blank integer below a special missing value would come as any number.
            output_format="dict",
            **options,
        )
    # What the library raises for a damaged file is of many kinds, and may quote a cell.
    except Exception as error:
        if isinstance(error, UnicodeError) or "encoding" in options or "encoding" in str(error):
            complaint = "or its text is in another encoding: name it in `format: {encoding: …}`"
        else:
            complaint = "or another format under this name"
        raise DeliveryError(
            f"{file.delivered}: the file is no readable {kind.name} file (damaged, cut short, "
            f"{complaint})"
        ) from None


def _chunks(
    file: ArchivedFile, settings: FormatSettings, types: list[str]
) -> Iterator[pd.DataFrame]:
    """Parts of a file: per variable the columns of ``_typed``, and ``file_row_number``."""
    step = max(_CELLS_AT_ONCE // len(types), 1)
    for first_row in count(0, step):
        cells, _ = _read(file, settings, row_offset=first_row, row_limit=step)
        columns: dict[str, Any] = {}
        for i, (values, kind) in enumerate(zip(cells.values(), types, strict=True)):
            columns |= _typed(i, values, kind)
        rows = len(next(iter(cells.values())))
        if rows:
            # The header counts as the first record, as in a file that has one.
            columns["file_row_number"] = np.arange(first_row, first_row + rows) + 2
            yield pd.DataFrame(columns)
        if rows < step:
            return


def _typed(column: int, cells: list[Any], kind: str) -> dict[str, Any]:
    """The numbers of a variable as ``n…`` and its texts, or special missing values, as ``t…``."""
    if kind not in _NUMBER_TYPES:
        return {f"t{column}": pd.Series(cells, dtype=object)}
    try:
        numbers, tags = np.array(cells, dtype=_NUMBER_TYPES[kind]), None
    except ValueError:
        values = pd.Series(cells, dtype=object)
        parsed = pd.to_numeric(values, errors="coerce")
        numbers = parsed.to_numpy(dtype=_NUMBER_TYPES[kind])
        tags = values.where(parsed.isna() & values.notna(), None)
    return {f"n{column}": numbers, f"t{column}": tags}


def _text_sql(kind: _Format, meta: Any, header: str, column: int, number_text: str | None) -> str:
    """SQL for the cells of a variable as text, of a number by the SQL for its text."""
    if number_text is None:
        return f"t{column}::varchar"
    number, text = f"n{column}::double", number_text
    display = re.sub(r"\d*(\.\d*)?$", "", meta.original_variable_types[header] or "")
    meaning = next((m for p, m in kind.kinds.items() if re.fullmatch(p, display)), None)
    if meaning is not None:
        ranges = meta.missing_ranges.get(header, [])
        declared = [f"{number} between '{r['lo']}'::double and '{r['hi']}'::double" for r in ranges]
        is_code = " or ".join(declared) or "false"
        # A number that is no day of the calendar stays a number.
        text = f"if({is_code}, {text}, coalesce(try({_day_sql(kind, meaning, number)}), {text}))"
    return f"coalesce('.' || t{column}::varchar, {text})"


def _day_sql(kind: _Format, meaning: str, number: str) -> str:
    step = kind.time_step if meaning in ("datetime", "time") else kind.date_step
    elapsed = f"to_microseconds(({number} * {step})::bigint)"
    moment = f"(timestamp '{kind.epoch}' + {elapsed})"
    whole = f"floor({number})::bigint"

    def part_of_year(parts: int, letter: str) -> str:
        year = f"(1960 + floor({number} / {parts}))::bigint"
        return f"{year} || '{letter}' || ({whole} - ({year} - 1960) * {parts} + 1)"

    return {
        "date": f"{moment}::date::varchar",
        "datetime": timestamp_text_sql(moment),
        "time": f"{elapsed}::varchar",
        "month of date": f"strftime({moment}, '%Y-%m')",
        "months": f"strftime(date '1960-01-01' + to_months({whole}::integer), '%Y-%m')",
        "quarters": part_of_year(4, "q"),
        "half-years": part_of_year(2, "h"),
        "weeks": part_of_year(52, "w"),
    }[meaning]


def _labels_as_text(
    con: duckdb.DuckDBPyConnection, kind: _Format, meta: Any, header: str, codes: dict[Any, str]
) -> dict[str, str]:
    """Value labels by the text that their codes have in the table."""
    variable_type = meta.readstat_variable_types[header]
    number_text = number_text_sql("n0") if variable_type in _NUMBER_TYPES else None
    text = _text_sql(kind, meta, header, 0, number_text)
    frame = pd.DataFrame(_typed(0, list(codes), variable_type))
    written = _query(con, frame, f"select {text} from typed_cells")
    return {code: label for (code,), label in zip(written, codes.values(), strict=True)}


def _query(con: duckdb.DuckDBPyConnection, typed_cells: pd.DataFrame, query: str) -> list[tuple]:
    con.register("typed_cells", typed_cells)
    try:
        return con.execute(query).fetchall()
    finally:
        con.unregister("typed_cells")


def _refuse_if_not_whole(file: ArchivedFile) -> None:
    """Refuse what the library would read in part, or beyond the end of the table."""
    suffix = file_suffix(file.path)
    if suffix not in (".xpt", ".por") or file.bytes == 0:
        return
    content = np.memmap(file.path, dtype=np.uint8, mode="r")
    tables = 1
    if suffix == ".xpt":
        # Records of 80 bytes; each table has a header, and its rows are not counted anywhere.
        is_cut = len(content) % 80 != 0
        records = content[: len(content) // 80 * 80].reshape(-1, 80)
        begins = np.frombuffer(b"HEADER RECORD*******MEMB", dtype=np.uint8)
        tables = int((records[:, : len(begins)] == begins).all(axis=1).sum())
    else:
        is_cut = not content[-400:].tobytes().rstrip().endswith(b"Z")
    if is_cut:
        raise DeliveryError(f"{file.delivered}: the file is cut short; deliver it again whole")
    if tables > 1:
        raise DeliveryError(f"{file.delivered}: it holds {tables} tables; export one per file")
