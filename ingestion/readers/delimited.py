"""Delimited text (CSV, TSV) → a table of text, by DuckDB's reader without its guesses."""

from __future__ import annotations

import codecs
import csv
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from ingestion.archive import ArchivedFile
from ingestion.errors import DeliveryError
from ingestion.readers.found import ReadFile
from ingestion.settings import FormatSettings
from ingestion.sql import fetch_value

_CHUNK = 1 << 22


def read_delimited(
    con: duckdb.DuckDBPyConnection, file: ArchivedFile, settings: FormatSettings, table: str
) -> ReadFile:
    """Read a CSV or TSV file; DeliveryError where it is not what registry.yml says."""
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
    return ReadFile(headers)


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
