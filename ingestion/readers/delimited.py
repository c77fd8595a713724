"""Delimited text (CSV, TSV) → a table of text, by DuckDB's reader without its guesses."""

from __future__ import annotations

import codecs
import csv
import gzip
import re
import tempfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from ingestion.archive import ArchivedFile, file_suffix
from ingestion.errors import DeliveryError
from ingestion.readers.found import MOST_UNPACKED_BYTES, ReadFile
from ingestion.settings import FormatSettings
from ingestion.sql import fetch_value

_CHUNK = 1 << 22
_LONGEST_RECORD_BYTES = 1 << 25
_HELD = ["file_row_number", "reason", "line"]


def read_delimited(
    con: duckdb.DuckDBPyConnection, file: ArchivedFile, settings: FormatSettings, table: str
) -> ReadFile:
    """Read a CSV or TSV file; DeliveryError where it is not what registry.yml says.

    A record with more or fewer values than the header is no row: it is held whole in
    ``<table>_held``.
    """
    name = file.delivered
    with tempfile.TemporaryDirectory(dir=file.path.parent, prefix=".reading-") as folder:
        path = _as_plain_utf8(file, settings.encoding, Path(folder))
        lines = _count_records(name, path, settings.quote)
        headers = _csv_headers(name, path, settings)
        if lines.records < 2:
            raise DeliveryError(f"{name}: the file holds a header and no rows, at least one is due")
        due = lines.records - 1
        ragged = pd.DataFrame(columns=_HELD)
        complaint = _load(con, name, path, settings, len(headers), lines, table)
        if complaint and complaint.is_ragged:
            rest = Path(folder) / "rest.csv"
            ragged = _set_aside_ragged(name, path, rest, settings, len(headers))
            if 0 < len(ragged) <= due / 2:
                lines = _count_records(name, rest, settings.quote)
                complaint = _load(con, name, rest, settings, len(headers), lines, table)
        if complaint:
            raise DeliveryError(complaint.text)
    # In a file of one column a blank line is a row with a blank cell.
    one_column = len(headers) == 1
    loaded = fetch_value(con, f"select count(*) from {table}")
    loaded -= len(lines.blank_after) if one_column else 0
    if loaded + len(ragged) != due:
        raise DeliveryError(
            f"{name}: the file has {due} records after the header, {loaded} could be "
            f"loaded; check delimiter {settings.delimiter!r} and quote {settings.quote!r}"
        )
    _number_rows(con, table, lines, one_column=one_column)
    if len(ragged):
        _hold(con, table, ragged)
    return ReadFile(headers, held_rows=len(ragged))


@dataclass(frozen=True)
class _Complaint:
    text: str
    is_ragged: bool = False


def _load(
    con: duckdb.DuckDBPyConnection,
    name: Path,
    path: Path,
    settings: FormatSettings,
    width: int,
    lines: _Lines,
    table: str,
) -> _Complaint | None:
    """Load a file of which every record has to be a row; what is wrong with it, if anything."""
    columns = ", ".join(f"'c{i}': 'VARCHAR'" for i in range(width))
    quote = settings.quote
    try:
        con.execute(
            f"""
            create or replace temp table {table} as
            from read_csv(
                ?, auto_detect = false, header = true, columns = {{{columns}}},
                delim = ?, quote = ?, escape = ?, strict_mode = true, null_padding = false,
                max_line_size = {_LONGEST_RECORD_BYTES}, skip = ?
            )
            """,
            [str(path), settings.delimiter, quote, quote, lines.blank_before_header],
        )
        # Rows are numbered as they were written; row_number() would take as long as the reading.
        con.execute(
            f"alter table {table} add column file_row_number bigint; "
            f"update {table} set file_row_number = rowid + 2 - (select min(rowid) from {table})"
        )
    except duckdb.Error as error:
        return _csv_complaint(name, str(error), settings, width, lines)
    return None


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


def _as_plain_utf8(file: ArchivedFile, encoding: str, folder: Path) -> Path:
    """The file itself where it is plain UTF-8, else a copy in ``folder`` that is."""
    codec = codecs.lookup(encoding).name
    is_gzip = file_suffix(file.path).endswith(".gz")
    is_utf8 = codec in ("utf-8", "utf-8-sig", "ascii")
    if is_utf8 and not is_gzip:
        return file.path
    copy = folder / "delivered.csv"
    decoder = codecs.getincrementaldecoder(codec)()
    try:
        with (
            gzip.open(file.path) if is_gzip else file.path.open("rb") as source,
            copy.open("wb") as target,
        ):
            while chunk := source.read(_CHUNK):
                target.write(chunk if is_utf8 else decoder.decode(chunk).encode())
                if is_gzip and target.tell() > MOST_UNPACKED_BYTES:
                    raise DeliveryError(
                        f"{file.delivered}: unpacked it is larger than "
                        f"{MOST_UNPACKED_BYTES >> 30} GB; deliver it in several files"
                    )
            if not is_utf8:
                target.write(decoder.decode(b"", final=True).encode())
    except UnicodeError:
        raise DeliveryError(
            f"{file.delivered}: the file is not written in {encoding}; "
            "name its encoding in `format: {encoding: …}`"
        ) from None
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        found = "cut short" if isinstance(error, EOFError) else "damaged or not compressed by gzip"
        raise DeliveryError(
            f"{file.delivered}: the file is {found}; deliver it again as a whole gzip file"
        ) from None
    return copy


# --- the records, found without the reader -------------------------------------------------------


@dataclass
class _Lines:
    """The records of a CSV file, counted without the reader.

    ``blank_after`` has, for each blank line between rows, the number of records above it.
    """

    records: int = 0
    blank_before_header: int = 0
    blank_after: list[int] = field(default_factory=list)
    mixed_ends: bool = False


@dataclass(frozen=True)
class _Block:
    """Some whole lines of a file, where a line end inside quotes ends none.

    ``starts`` and ``stops`` are the places of the first byte of each line and of its end (LF or
    CR LF), ``quotes`` those of the quote character.
    """

    data: np.ndarray
    quotes: np.ndarray
    starts: np.ndarray
    stops: np.ndarray

    @property
    def filled(self) -> np.ndarray:
        return self.stops > self.starts


def _outside(places: np.ndarray, quotes: np.ndarray) -> np.ndarray:
    """Of some places those outside quotes: an even number of quotes stands before them."""
    return places[np.searchsorted(quotes, places) % 2 == 0]


def _blocks(name: Path, path: Path, quote: str) -> Iterator[_Block]:
    """The lines of a file in blocks, so that no more than a few megabytes are held at once."""
    newline, carriage = ord("\n"), ord("\r")
    left = b""
    with path.open("rb") as source:
        left = source.read(len(codecs.BOM_UTF8)).removeprefix(codecs.BOM_UTF8)
        while True:
            chunk = source.read(_CHUNK)
            data = np.frombuffer(left + chunk, dtype=np.uint8)
            if not data.all():
                raise DeliveryError(
                    f"{name}: the file holds NUL bytes, so it is no text file in UTF-8; export it "
                    "as CSV, or name its encoding in `format: {encoding: …}`"
                )
            quotes = np.flatnonzero(data == ord(quote))
            ends = _outside(np.flatnonzero(data == newline), quotes)
            whole = int(ends[-1]) + 1 if len(ends) else 0
            left = data[whole:].tobytes()
            if not chunk and left:
                if len(quotes) % 2:
                    raise DeliveryError(
                        f"{name}: a quote ({quote}) is opened and never closed; close it, or set "
                        "another `format: {quote: …}`"
                    )
                ends, whole = np.append(ends, len(data)), len(data)
            elif len(left) > _LONGEST_RECORD_BYTES:
                raise DeliveryError(
                    f"{name}: one record is larger than {_LONGEST_RECORD_BYTES >> 20} MB, which "
                    f"no row of a registry is; check for a quote ({quote}) that is never closed"
                )
            if len(ends):
                starts = np.concatenate(([0], ends[:-1] + 1))
                has_carriage = (ends > starts) & (data[ends - 1] == carriage)
                yield _Block(data[:whole], quotes, starts, ends - has_carriage)
            if not chunk:
                return


def _count_records(name: Path, path: Path, quote: str) -> _Lines:
    """Count the records of a CSV file, counting no line end inside quotes and no blank line.

    Independent of the reader, so that a row which the reader drops cannot go unnoticed.
    """
    counted = _Lines()
    ends_seen = set()
    for block in _blocks(name, path, quote):
        records = counted.records + np.cumsum(block.filled)
        blanks = records[~block.filled]
        counted.blank_before_header += int((blanks == 0).sum())
        counted.blank_after += blanks[blanks > 0].tolist()
        counted.records = int(records[-1])
        # An LF that ends a line stands where the line stops, the LF of a CR LF one byte later.
        stops = block.stops[block.stops < len(block.data)]
        ends_seen.update(np.unique(block.data[stops]).tolist())
    counted.mixed_ends = len(ends_seen) > 1
    return counted


def _set_aside_ragged(
    name: Path, path: Path, rest: Path, settings: FormatSettings, width: int
) -> pd.DataFrame:
    """Copy a file to ``rest`` without the records that have more or fewer values than the header.

    Each of them is a blank line in ``rest``, so that the rows below it keep their numbers. Returns
    them: ``file_row_number``, ``reason`` and the ``line``.
    """
    found = [pd.DataFrame(columns=_HELD)]
    lines_above, header_is_above = 0, False
    with rest.open("wb") as target:
        for block in _blocks(name, path, settings.quote):
            marks = _outside(_places(block.data, settings.delimiter.encode()), block.quotes)
            values = np.searchsorted(marks, block.stops) - np.searchsorted(marks, block.starts) + 1
            is_ragged = block.filled & (values != width)
            if not header_is_above and block.filled.any():
                is_ragged[np.argmax(block.filled)] = False
                header_is_above = True
            chosen = np.flatnonzero(is_ragged)
            starts, stops = block.starts[chosen], block.stops[chosen]
            records = pd.DataFrame({"file_row_number": lines_above + chosen + 1})
            records["reason"] = [f"{n} values where the header has {width}" for n in values[chosen]]
            records["line"] = [
                block.data[start:stop].tobytes() for start, stop in zip(starts, stops, strict=True)
            ]
            found.append(records)
            edges = np.zeros(len(block.data) + 1, dtype=np.int8)
            edges[starts] += 1
            edges[stops] -= 1
            target.write(block.data[np.cumsum(edges[:-1], dtype=np.int8) == 0].tobytes())
            lines_above += len(block.starts)
    ragged = pd.concat(found, ignore_index=True)
    try:
        ragged["line"] = ragged["line"].map(bytes.decode)
    except UnicodeDecodeError:
        raise DeliveryError(
            f"{name}: the text is not UTF-8; name its encoding in `format: {{encoding: …}}`"
        ) from None
    # Where a quote stands inside a value, nobody knows where the record ends.
    quote, delimiter = re.escape(settings.quote), re.escape(settings.delimiter)
    value = rf"(?:{quote}(?:[^{quote}]|{quote}{quote})*{quote}|[^{quote}{delimiter}]*)"
    is_sound = ragged["line"].str.fullmatch(rf"{value}(?:{delimiter}{value})*")
    if not is_sound.all():
        row = ragged["file_row_number"][~is_sound.astype(bool)].iloc[0]
        raise DeliveryError(f"{name}, line {row}: {_no_such_dialect(settings)}")
    return ragged


def _places(data: np.ndarray, mark: bytes) -> np.ndarray:
    """Where a mark of one or more bytes begins."""
    begins = np.ones(max(len(data) - len(mark) + 1, 0), dtype=bool)
    for offset, byte in enumerate(mark):
        begins &= data[offset : offset + len(begins)] == byte
    return np.flatnonzero(begins)


def _hold(con: duckdb.DuckDBPyConnection, table: str, ragged: pd.DataFrame) -> None:
    con.register("ragged_records", ragged)
    try:
        con.execute(
            f"""
            create or replace temp table {table}_held as
            select file_row_number::bigint as file_row_number, reason::varchar as reason,
                json_object('line', line::varchar) as delivered_row
            from ragged_records
            """
        )
    finally:
        con.unregister("ragged_records")


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
) -> _Complaint:
    # The reader's own message quotes the line, and with it a patient.
    line = re.search(r"on Line: (\d+)", error)
    place = f", line {line.group(1)}" if line else ""
    widths = re.search(r"Expected Number of Columns: (\d+) Found: (\d+)", error)
    if widths:
        found = int(widths.group(2))
        return _Complaint(
            f"{name}{place}: {found} values where the header has {width}; check the delimiter "
            f"({settings.delimiter!r} in registry.yml) and the quotes of that line",
            is_ragged=True,
        )
    if "unicode" in error.lower() or "utf-8" in error.lower():
        return _Complaint(
            f"{name}{place}: the text is not UTF-8; name its encoding in `format: {{encoding: …}}`"
        )
    if lines.mixed_ends:
        return _Complaint(
            f"{name}{place}: the file mixes line ends (LF and CR LF); export it with one kind"
        )
    return _Complaint(f"{name}{place}: {_no_such_dialect(settings)}")


def _no_such_dialect(settings: FormatSettings) -> str:
    return (
        f"the file cannot be read as CSV with delimiter {settings.delimiter!r} and quote "
        f"{settings.quote!r}; check both in registry.yml, and the quotes of that line"
    )
