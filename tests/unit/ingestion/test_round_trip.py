"""Random tables through a writer of each format and back: every cell is what was written."""

from __future__ import annotations

import csv
import datetime
import gzip
import io
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pandas as pd
import pyreadstat
import pytest
import xlwt  # type: ignore[import-untyped]
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

Read = Callable[..., tuple[list[str], list[tuple[str, ...]], list[int]]]


@dataclass(frozen=True)
class Table:
    """Rows of two texts, a number and a date; each may be blank."""

    rows: list[tuple[str, str, float | None, datetime.date | None]]

    @property
    def headers(self) -> list[str]:
        return ["id", "note", "size", "day"]

    @property
    def texts(self) -> list[tuple[str, ...]]:
        return [
            (first, second, number_text(number), day.isoformat() if day else "")
            for first, second, number, day in self.rows
        ]

    @property
    def frame(self) -> pd.DataFrame:
        frame = pd.DataFrame(self.rows, columns=self.headers, dtype=object)
        return frame.assign(size=frame["size"].astype(float))


def number_text(number: float | None) -> str:
    if number is None:
        return ""
    return str(int(number)) if number.is_integer() else format(Decimal(repr(number)), "f")


# What a hospital's table holds that readers trip over.
ODD = st.sampled_from(
    ["00123", "1e5", "+1", "-", "NA", "null", "true", "2018-05-03", '5"', "'", '""', " x ", "#N/A"]
)


def tables(encoding: str = "utf-8", *, trailing_blanks: bool = True) -> st.SearchStrategy[Table]:
    characters = st.characters(
        codec=encoding, exclude_categories=["Cs", "Cc", "Cn"], exclude_characters="\ufeff\ufffe"
    )
    marks = st.sampled_from([c for c in ",;|\t\"'\n \u200c\u200fیي۱٫م" if encodable(c, encoding)])
    text = st.text(characters | marks, max_size=8) | ODD
    if not trailing_blanks:
        text = text.map(str.rstrip)
    # Spreadsheets keep fifteen digits of a number.
    fraction = st.floats(1e-6, 1e9).map(lambda number: float(f"{number:.15g}"))
    number = st.none() | st.integers(-(10**12), 10**12).map(float) | fraction
    day = st.none() | st.dates(datetime.date(1901, 1, 1), datetime.date(2199, 12, 31))
    row = st.tuples(text, text, number, day).filter(lambda row: any(cell for cell in row))
    return st.lists(row, min_size=1, max_size=8).map(Table)


def encodable(character: str, encoding: str) -> bool:
    return character.encode(encoding, "ignore") != b""


def write_csv(
    table: Table, path: Path, encoding: str = "utf-8", line_end: str = "\n", **dialect: Any
) -> Path:
    target = io.StringIO()
    writer = csv.writer(target, lineterminator=line_end, **dialect)
    writer.writerows([table.headers, *table.texts])
    content = target.getvalue().encode(encoding)
    path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)
    return path


def write_xlsx(table: Table, path: Path) -> Path:
    book = openpyxl.Workbook()
    for row, cells in enumerate([tuple(table.headers), *table.rows], start=1):
        for column, value in enumerate(cells, start=1):
            if value not in (None, ""):
                cell = book.active.cell(row, column, value)
                # A text that begins like a formula or looks like an error is a text.
                cell.data_type = "s" if isinstance(value, str) else cell.data_type
    book.save(path)
    return path


def write_xls(table: Table, path: Path) -> Path:
    book = xlwt.Workbook()
    sheet = book.add_sheet("A")
    day = xlwt.easyxf(num_format_str="YYYY-MM-DD")
    for row, cells in enumerate([tuple(table.headers), *table.rows]):
        for column, value in enumerate(cells):
            if isinstance(value, datetime.date):
                sheet.write(row, column, value, day)
            elif value not in (None, ""):
                sheet.write(row, column, value)
    book.save(str(path))
    return path


def write_parquet(table: Table, path: Path) -> Path:
    with duckdb.connect() as con:
        con.register("written", table.frame)
        con.execute(
            "copy (select id::varchar as id, note::varchar as note, size, day::date as day "
            f"from written) to '{path}' (format parquet)"
        )
    return path


DIALECTS: dict[str, dict[str, Any]] = {
    "comma": {},
    "semicolon, CRLF": {"delimiter": ";", "line_end": "\r\n"},
    "tab, all quoted": {"delimiter": "\t", "quoting": csv.QUOTE_ALL},
    "apostrophe": {"quotechar": "'"},
    "byte order mark": {"encoding": "utf-8-sig"},
    "cp1256": {"encoding": "cp1256", "delimiter": ";"},
    "cp1252": {"encoding": "cp1252", "delimiter": "|", "line_end": "\r\n"},
    "utf-16": {"encoding": "utf-16", "delimiter": "\t"},
    "gzip": {},
}
FAST = settings(
    max_examples=10,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.mark.parametrize("dialect", DIALECTS)
@given(data=st.data())
@FAST
def test_delimited_text(read: Read, tmp_path: Path, dialect: str, data: Any) -> None:
    options = DIALECTS[dialect]
    encoding = options.get("encoding", "utf-8")
    table = data.draw(tables(encoding.removesuffix("-sig")))
    path = tmp_path / ("t.csv.gz" if dialect == "gzip" else "t.csv")
    write_csv(table, path, **options)
    headers, rows, numbers = read(
        path,
        encoding=encoding,
        delimiter=options.get("delimiter", ","),
        quote=options.get("quotechar", '"'),
    )
    assert headers == table.headers
    assert rows == table.texts
    assert numbers == list(range(2, len(table.rows) + 2))


@pytest.mark.parametrize(
    ("name", "write"),
    [("t.xlsx", write_xlsx), ("t.xls", write_xls), ("t.parquet", write_parquet)],
    ids=["XLSX", "XLS", "Parquet"],
)
@given(table=tables())
@FAST
def test_typed_cells(read: Read, tmp_path: Path, name: str, write: Any, table: Table) -> None:
    headers, rows, numbers = read(write(table, tmp_path / name))
    assert headers == table.headers
    assert rows == table.texts
    assert numbers == list(range(2, len(table.rows) + 2))


@pytest.mark.parametrize(
    ("name", "write"),
    [
        ("t.dta", pyreadstat.write_dta),
        ("t.sav", pyreadstat.write_sav),
        ("t.zsav", lambda frame, path: pyreadstat.write_sav(frame, path, compress=True)),
        ("t.xpt", pyreadstat.write_xport),
    ],
    ids=["Stata", "SPSS", "SPSS compressed", "SAS transport"],
)
# These formats fill texts up with blanks.
@given(table=tables(trailing_blanks=False))
@FAST
def test_statistical_packages(
    read: Read, tmp_path: Path, name: str, write: Any, table: Table
) -> None:
    write(table.frame, tmp_path / name)
    headers, rows, numbers = read(tmp_path / name)
    assert headers == table.headers
    assert rows == table.texts
    assert numbers == list(range(2, len(table.rows) + 2))
