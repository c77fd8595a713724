"""Files → tables of text, every value as it was delivered.

A reader makes one temporary table per file with columns ``c0, c1, …`` (VARCHAR, null or '' where a
cell is blank) and ``file_row_number``, the number of the record in the file, the header being
the first, as a spreadsheet shows it. Nothing is guessed: the dialect is what registry.yml says.
"""

from __future__ import annotations

import codecs
import csv
import re
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

import duckdb
import numpy as np
import pandas as pd

from ingestion.archive import ArchivedFile
from ingestion.errors import DeliveryError
from ingestion.settings import FormatSettings
from ingestion.sql import fetch_value

CSV_SUFFIXES = (".csv", ".tsv", ".txt")
XLSX_SUFFIXES = (".xlsx", ".xlsm")

_CHUNK = 1 << 22


def read_file(
    con: duckdb.DuckDBPyConnection, file: ArchivedFile, settings: FormatSettings, table: str
) -> list[str]:
    """Read a file into the temporary table ``table`` and return its headers as delivered.

    Raises DeliveryError with the file, the place, what was found and what would be right.
    """
    suffix = file.path.suffix
    if suffix in CSV_SUFFIXES:
        return _read_csv(con, file, settings, table)
    if suffix in XLSX_SUFFIXES:
        return _read_xlsx(con, file, settings, table)
    readable = ", ".join(CSV_SUFFIXES + XLSX_SUFFIXES)
    raise DeliveryError(
        f"{file.delivered}: a file that ends in {suffix or 'nothing'} cannot be read; "
        f"readable are {readable}"
    )


# --- CSV ---------------------------------------------------------------------------------------


def _read_csv(
    con: duckdb.DuckDBPyConnection, file: ArchivedFile, settings: FormatSettings, table: str
) -> list[str]:
    name = file.delivered
    with _as_utf8(file, settings.encoding) as path:
        lines = _count_records(name, path, settings.quote)
        headers = _csv_headers(name, path, settings)
        if lines.records < 2:
            raise DeliveryError(f"{name}: the file holds a header and no rows, at least one is due")
        columns = ", ".join(f"'c{i}': 'VARCHAR'" for i in range(len(headers)))
        try:
            con.execute(
                f"""
                create or replace temp table {table} as
                select *, row_number() over () + 1 as file_row_number
                from read_csv(
                    ?, auto_detect = false, header = true, columns = {{{columns}}},
                    delim = ?, quote = ?, escape = ?, strict_mode = true, null_padding = false,
                    max_line_size = 33554432, skip = ?
                )
                """,
                [
                    str(path),
                    settings.delimiter,
                    settings.quote,
                    settings.quote,
                    lines.blank_before_header,
                ],
            )
        except duckdb.Error as error:
            complaint = _csv_complaint(name, str(error), settings, len(headers), lines)
            raise DeliveryError(complaint) from None
        loaded = fetch_value(con, f"select count(*) from {table}")
        # In a file of one column a blank line is a row with a blank cell.
        one_column = len(headers) == 1
        due = lines.records - 1 + (len(lines.blank_after) if one_column else 0)
        if loaded != due:
            raise DeliveryError(
                f"{name}: the file has {due} records after the header, {loaded} could be "
                f"loaded; check delimiter {settings.delimiter!r} and quote {settings.quote!r}"
            )
        _number_rows(con, table, lines, one_column=one_column)
    return headers


def _number_rows(
    con: duckdb.DuckDBPyConnection, table: str, lines: _Lines, *, one_column: bool
) -> None:
    """Let blank lines count, as they do in a spreadsheet: rows below them move down."""
    if lines.blank_before_header:
        con.execute(
            f"update {table} set file_row_number = file_row_number + ?", [lines.blank_before_header]
        )
    if one_column:
        # Its blank lines came as rows of a blank cell, and were numbered with the others.
        con.execute(f"delete from {table} where c0 is null")
        return
    if not lines.blank_after:
        return
    above, moved = np.unique(np.asarray(lines.blank_after), return_counts=True)
    blanks = pd.DataFrame({"above": above + lines.blank_before_header, "moved": moved.cumsum()})
    con.register("blank_lines", blanks)
    try:
        con.execute(
            f"""
            create or replace temp table {table} as
            select r.* exclude (file_row_number),
                r.file_row_number + coalesce(b.moved, 0) as file_row_number
            from {table} r asof left join blank_lines b on r.file_row_number > b.above
            order by file_row_number
            """
        )
    finally:
        con.unregister("blank_lines")


@contextmanager
def _as_utf8(file: ArchivedFile, encoding: str) -> Iterator[Path]:
    """The file itself where it is UTF-8, else a temporary copy in UTF-8."""
    codec = codecs.lookup(encoding).name
    if codec in ("utf-8", "utf-8-sig", "ascii"):
        yield file.path
        return
    with tempfile.TemporaryDirectory(dir=file.path.parent, prefix=".utf8-") as folder:
        copy = Path(folder) / "delivered.csv"
        try:
            with (
                file.path.open(encoding=codec, newline="") as source,
                copy.open("w", encoding="utf-8", newline="") as target,
            ):
                while text := source.read(_CHUNK):
                    target.write(text)
        except UnicodeError:
            raise DeliveryError(
                f"{file.delivered}: the file is not written in {encoding}; "
                "name its encoding in `format: {encoding: …}`"
            ) from None
        yield copy


@dataclass
class _Lines:
    """The records of a CSV file, counted without the reader.

    ``blank_after`` has, for each blank line between rows, the number of records above it.
    """

    records: int = 0
    blank_before_header: int = 0
    blank_after: list[int] = field(default_factory=list)
    mixed_ends: bool = False


def _count_records(name: Path, path: Path, quote: str) -> _Lines:
    """Count the records of a CSV file, counting no line end inside quotes and no blank line.

    Independent of the reader, so that a row which the reader drops cannot go unnoticed.
    """
    quote_byte, newline, carriage = ord(quote), ord("\n"), ord("\r")
    counted = _Lines()
    open_quote = False
    line_is_blank = True
    last_byte = 0
    ends_seen = {"\n": 0, "\r\n": 0}
    with path.open("rb") as source:
        while chunk := source.read(_CHUNK):
            if last_byte == 0:
                chunk = chunk.removeprefix(codecs.BOM_UTF8)
            data = np.frombuffer(chunk, dtype=np.uint8)
            if not data.all():
                raise DeliveryError(
                    f"{name}: the file holds NUL bytes, so it is no text file in UTF-8; export it "
                    "as CSV, or name its encoding in `format: {encoding: …}`"
                )
            inside = (np.cumsum(data == quote_byte) + open_quote) % 2 == 1
            ends = np.flatnonzero((data == newline) & ~inside)
            before_end = np.where(ends > 0, data[ends - 1], last_byte)
            ends_seen["\r\n"] += int((before_end == carriage).sum())
            ends_seen["\n"] += int((before_end != carriage).sum())
            content = np.concatenate(([0], np.cumsum((data != newline) & (data != carriage))))
            starts = np.concatenate(([0], ends + 1))
            filled = content[np.append(ends, len(data))] > content[starts]
            # The first piece goes on with the line that the last chunk left open.
            filled[0] |= not line_is_blank
            records = counted.records + np.cumsum(filled[:-1])
            blanks = records[~filled[:-1]]
            counted.blank_before_header += int((blanks == 0).sum())
            counted.blank_after += blanks[blanks > 0].tolist()
            counted.records += int(filled[:-1].sum())
            line_is_blank = not filled[-1]
            open_quote = bool(inside[-1]) if len(inside) else open_quote
            last_byte = int(data[-1]) if len(data) else ord("\n")
    if open_quote:
        raise DeliveryError(
            f"{name}: a quote ({quote}) is opened and never closed; close it, or set another "
            "`format: {quote: …}`"
        )
    counted.records += not line_is_blank
    counted.mixed_ends = all(ends_seen.values())
    return counted


def _csv_headers(name: Path, path: Path, settings: FormatSettings) -> list[str]:
    try:
        # Bytes that are no UTF-8 matter here only where they stand in the header itself.
        with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as source:
            reader = csv.reader(source, delimiter=settings.delimiter, quotechar=settings.quote)
            headers = next((row for row in reader if row), [])
        "".join(headers).encode("utf-8")
    except (UnicodeError, csv.Error):
        raise DeliveryError(
            f"{name}: the first line cannot be read as a header of a CSV file in UTF-8; export the "
            "file as CSV, or name its encoding in `format: {encoding: …}`"
        ) from None
    if not any(header.strip() for header in headers):
        raise DeliveryError(f"{name}: the file is empty; a header and at least one row are due")
    return headers


def _csv_complaint(
    name: Path, error: str, settings: FormatSettings, width: int, lines: _Lines
) -> str:
    # The reader's own message quotes the line, and with it a patient.
    line = re.search(r"on Line: (\d+)", error)
    place = f", line {line.group(1)}" if line else ""
    widths = re.search(r"Expected Number of Columns: (\d+) Found: (\d+)", error)
    if widths:
        found = int(widths.group(2))
        return (
            f"{name}{place}: {found} values where the header has {width}; check the delimiter "
            f"({settings.delimiter!r} in registry.yml) and the quotes of that line"
        )
    if "unicode" in error.lower() or "utf-8" in error.lower():
        return (
            f"{name}{place}: the text is not UTF-8; name its encoding in `format: {{encoding: …}}`"
        )
    if lines.mixed_ends:
        return f"{name}{place}: the file mixes line ends (LF and CR LF); export it with one kind"
    return (
        f"{name}{place}: the file cannot be read as CSV with delimiter "
        f"{settings.delimiter!r} and quote {settings.quote!r}"
    )


# --- XLSX --------------------------------------------------------------------------------------


def _read_xlsx(
    con: duckdb.DuckDBPyConnection, file: ArchivedFile, settings: FormatSettings, table: str
) -> list[str]:
    from python_calamine import CalamineError, CalamineWorkbook

    name = file.delivered
    try:
        workbook = CalamineWorkbook.from_path(str(file.path))
    except (CalamineError, OSError, ValueError):
        raise DeliveryError(
            f"{name}: the file is not a readable XLSX workbook (damaged, protected by a password, "
            "or another format under this name)"
        ) from None
    sheets = list(workbook.sheet_names)
    if settings.sheet is None and len(sheets) > 1:
        raise DeliveryError(
            f"{name}: the workbook has {len(sheets)} sheets ({', '.join(sheets)}); "
            "name one in `format: {sheet: …}`"
        )
    sheet = settings.sheet or sheets[0]
    if sheet not in sheets:
        raise DeliveryError(f"{name}: there is no sheet {sheet!r}; it has {', '.join(sheets)}")
    try:
        rows = workbook.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    except CalamineError:
        raise DeliveryError(f"{name}, sheet {sheet!r}: the sheet cannot be read") from None

    frame = pd.DataFrame(rows, dtype=object)
    text = pd.DataFrame({i: _cells_as_text(frame[i]) for i in frame.columns}, dtype=object)
    # The library shows a formula that failed as blank; it is unreadable and not blank.
    for (row, column), error in _error_cells(file.path, sheet).items():
        if row in text.index and column in text.columns:
            text.loc[row, column] = error
    # Rows that only carry formatting, and columns beyond the table, are not data.
    text = text.loc[(text != "").any(axis=1), (text != "").any(axis=0)]
    if text.empty:
        raise DeliveryError(f"{name}, sheet {sheet!r}: it is empty; a header and rows are due")
    headers = [str(header) for header in text.iloc[0]]
    body = text.iloc[1:]
    if body.empty:
        raise DeliveryError(f"{name}, sheet {sheet!r}: it holds a header and no rows")
    body.columns = [f"c{i}" for i in range(len(headers))]
    body = body.assign(file_row_number=body.index.to_numpy() + 1)
    con.register("read_xlsx_frame", body)
    try:
        typed = ", ".join(f"c{i}::varchar as c{i}" for i in range(len(headers)))
        con.execute(
            f"create or replace temp table {table} as "
            f"select {typed}, file_row_number::bigint as file_row_number from read_xlsx_frame"
        )
    finally:
        con.unregister("read_xlsx_frame")
    return headers


def _cells_as_text(cells: pd.Series) -> pd.Series:
    """Typed cells of one column as text: whole numbers without a point, dates in ISO form."""
    kinds = cells.map(type)
    text = pd.Series("", index=cells.index, dtype=object)
    for kind in kinds.unique():
        chosen = kinds == kind
        values = cells[chosen]
        if kind is str:
            text[chosen] = values
        elif kind is bool:
            text[chosen] = np.where(values.astype(bool), "true", "false")
        elif kind in (int, float):
            number = values.to_numpy(dtype=float)
            whole = (number == np.floor(number)) & (np.abs(number) < 2**63)
            as_integer = np.where(whole, number, 0).astype(np.int64).astype(str)
            # Few numbers are no integers; written without an exponent they read as they look.
            texts = [np.format_float_positional(n, trim="-") for n in number[~whole]]
            as_integer = as_integer.astype(object)
            as_integer[~whole] = texts
            text[chosen] = as_integer
        elif kind is not type(None):
            text[chosen] = values.astype(str)
    return text


def _error_cells(path: Path, sheet: str) -> dict[tuple[int, int], str]:
    """Cells of a sheet that hold an error such as #REF!, as (row, column) from 0 → error."""
    with zipfile.ZipFile(path) as archive:
        try:
            member = _member_of_sheet(archive, sheet)
            content = archive.read(member)
        except (KeyError, ElementTree.ParseError):
            return {}
    if b't="e"' not in content:
        return {}
    found = {}
    for match in re.finditer(rb'<c\b([^>]*\bt="e"[^>]*)(?<!/)>.*?<v>([^<]*)</v>', content, re.S):
        place = re.search(rb'\br="([A-Z]+)(\d+)"', match.group(1))
        if place:
            column = 0
            for letter in place.group(1).decode():
                column = column * 26 + ord(letter) - ord("A") + 1
            found[int(place.group(2)) - 1, column - 1] = match.group(2).decode()
    return found


def _member_of_sheet(archive: zipfile.ZipFile, sheet: str) -> str:
    namespace = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
    workbook = ElementTree.fromstring(archive.read("xl/workbook.xml"))
    relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
    for element in workbook.iter():
        if element.tag.endswith("}sheet") and element.get("name") == sheet:
            target = targets[element.get(namespace)]
            return target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    raise KeyError(sheet)
