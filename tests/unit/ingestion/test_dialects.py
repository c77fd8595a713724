"""Files as hospitals write them: dialects, row numbers, workbooks, and what is no such file."""

from __future__ import annotations

import csv
import datetime
import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl  # type: ignore[import-untyped]
import pytest
from pydantic import ValidationError

from ingestion.errors import DeliveryError, IngestionError

Read = Callable[..., tuple[list[str], list[tuple[str, ...]], list[int]]]
CANARY = "Zaphod"


@pytest.fixture
def workbook(tmp_path: Path) -> Callable[..., Path]:
    """A workbook of one sheet; cells are (row, column, value)."""

    def write(rows: list[list[Any]], name: str = "t.xlsx") -> Path:
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(row)
        book.save(tmp_path / name)
        return tmp_path / name

    return write


# --- CSV -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "؛"])
def test_quoted_cells_keep_delimiters_quotes_and_line_ends(
    read: Read, deliver: Any, delimiter: str, line_end: str
) -> None:
    rows = [
        ("1", f"a{delimiter}b", 'say "yes"'),
        ("2", "two\nlines", "\\n is no line end"),
        ("3", "", " blanks around "),
    ]
    target = io.StringIO()
    csv.writer(target, delimiter=delimiter, lineterminator=line_end).writerows(
        [("x", "y", "z"), *rows]
    )
    headers, found, numbers = read(deliver(target.getvalue()), delimiter=delimiter)
    assert headers == ["x", "y", "z"]
    assert found == rows
    assert numbers == [2, 3, 4]


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1256", "نام بيمار"),
        ("cp1252", "Müller – 5 µm"),
        ("utf-16", "بیمار ۱"),
        ("utf-16-be", "بیمار ۱"),
        ("utf-8-sig", "بیمار ۱"),
        ("latin-1", "é"),
    ],
)
def test_declared_encodings(read: Read, deliver: Any, encoding: str, text: str) -> None:
    path = deliver(f"id;{text}\r\n1;{text}\r\n".encode(encoding))
    assert read(path, delimiter=";", encoding=encoding) == (["id", text], [("1", text)], [2])


def test_byte_order_mark_before_a_quoted_header(read: Read, deliver: Any) -> None:
    assert read(deliver('\ufeff"a","b"\n1,2\n'))[0] == ["a", "b"]


def test_header_of_two_lines(read: Read, deliver: Any) -> None:
    assert read(deliver('"size\n(mm)",b\n1,2\n'))[:2] == (["size\n(mm)", "b"], [("1", "2")])


@pytest.mark.parametrize(
    ("content", "rows", "numbers"),
    [
        ("a,b\n1,2\n\n3,4\n", [("1", "2"), ("3", "4")], [2, 4]),
        ("\na,b\n1,2\n", [("1", "2")], [3]),
        ("a,b\n1,2\n\n\n\n", [("1", "2")], [2]),
        ("a,b\r\n1,2\r\n\r\n", [("1", "2")], [2]),
    ],
    ids=["between rows", "before the header", "at the end", "at the end, CRLF"],
)
def test_blank_lines_are_no_rows_but_count_as_a_spreadsheet_counts(
    read: Read, deliver: Any, content: str, rows: list[tuple[str, ...]], numbers: list[int]
) -> None:
    _, found, found_numbers = read(deliver(content))
    assert found == rows
    assert found_numbers == numbers


def test_file_of_one_column_may_have_a_blank_line(read: Read, deliver: Any) -> None:
    _, rows, _ = read(deliver("patient_id\n1\n\n3\n"))
    assert [row for row in rows if row != ("",)] == [("1",), ("3",)]


def test_line_ends_of_both_kinds_are_read_or_named(read: Read, deliver: Any) -> None:
    try:
        _, rows, _ = read(deliver("a,b\r\n1,2\n3,4\r\n"))
    except DeliveryError as refused:
        assert "line end" in str(refused)  # noqa: PT017 (either outcome is in order)
    else:
        assert rows == [("1", "2"), ("3", "4")]


def test_inch_marks_are_read_or_refused_but_join_no_rows(read: Read, deliver: Any) -> None:
    content = 'a,b\n1,5" x\n2,6" y\n'
    try:
        _, rows, _ = read(deliver(content))
    except DeliveryError as refused:
        assert "quote" in str(refused)  # noqa: PT017
    else:
        assert rows == [("1", '5" x'), ("2", '6" y')]


@pytest.mark.parametrize(
    "content",
    [
        f"a;b\n1;2,{CANARY}\n",
        f"a,b\n{CANARY}\n",
        f"a,b\n1,2\n1,{CANARY},3\n1,{CANARY},3\n",
        f'a,b\n1,2\n1,"x"{CANARY},3\n',
        f"a,b\n1,2\n1,{CANARY},3,".encode() + "م\n".encode("cp1256"),
        f'a,b\n1,"x"{CANARY}\n',
        f'a,b\n1,2\n1,"{CANARY}\n',
        f'a,b\n1,"{CANARY} "quoted" x"\n',
        f"a,b\n1,{CANARY}\n".encode() + "م".encode("cp1256") + b",2\n",
        f"a,b\n1,{CANARY}\n".encode("utf-16"),
        f"a,b\n1,{CANARY}\x00\n",
        f"{CANARY}\x81".encode("latin-1") + b",b\n1,2\n",
    ],
)
def test_no_complaint_of_a_csv_file_holds_a_cell(
    read: Read, deliver: Any, content: str | bytes
) -> None:
    with pytest.raises(DeliveryError) as refused:
        read(deliver(content))
    shown = "".join(map(str, (refused.value, refused.value.__cause__ or "")))
    assert "t.csv" in shown
    assert CANARY not in shown


@pytest.mark.parametrize(("wrong", "values"), [("1,2,3", 3), ("1", 1)])
def test_file_that_is_ragged_for_the_most_part_is_refused_with_the_first_row(
    read: Read, deliver: Any, wrong: str, values: int
) -> None:
    with pytest.raises(
        DeliveryError, match=rf"line 3: {values} values where the header has 2; check the delim"
    ):
        read(deliver(f"a,b\n1,2\n{wrong}\n{wrong}\n"))


def test_workbook_under_the_name_of_a_csv_file(read: Read, workbook: Any) -> None:
    path = workbook([["a"], [CANARY]])
    renamed = path.rename(path.with_suffix(".csv"))
    with pytest.raises(DeliveryError, match=r"no text file|cannot be read as a header") as refused:
        read(renamed)
    assert "CSV" in str(refused.value)


@pytest.mark.parametrize("content", ["", "\ufeff", "\r\n\r\n", "   \n"])
def test_empty_files(read: Read, deliver: Any, content: str) -> None:
    with pytest.raises(DeliveryError, match="the file is empty"):
        read(deliver(content))


@pytest.mark.parametrize("content", ["a,b", "a,b\r\n", "a,b\n\n\n", "a,b\r1,2\r"])
def test_header_without_rows(read: Read, deliver: Any, content: str) -> None:
    with pytest.raises(DeliveryError, match="a header and no rows"):
        read(deliver(content))


@pytest.mark.parametrize(
    "options",
    [
        {"delimiter": "||"},
        {"delimiter": "\\t"},
        {"delimiter": '"'},
        {"quote": "“"},
        {"encoding": "base64"},
        {"encoding": "rot13"},
        {"encoding": ""},
    ],
    ids=repr,
)
def test_dialect_that_cannot_be_is_said_in_a_sentence(
    read: Read, deliver: Any, options: dict[str, str]
) -> None:
    # Refused with the settings or with the file; never by a fault of the reader's own.
    with pytest.raises((IngestionError, ValidationError)):
        read(deliver("a,b\n1,2\n"), **options)


def test_hundred_thousand_rows_keep_count_and_number(read: Read, deliver: Any) -> None:
    lines = "".join(f"{i};ی{i}\r\n" for i in range(2, 100_002))
    _, rows, numbers = read(deliver("n;t\r\n" + lines), delimiter=";")
    assert len(rows) == 100_000
    assert numbers == list(range(2, 100_002))
    assert all(int(n) == number for (n, _), number in zip(rows, numbers, strict=True))


# --- XLSX ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("00123", "00123"),
        ("1e5", "1e5"),
        (123, "123"),
        (123.0, "123"),
        (-999, "-999"),
        (0, "0"),
        (12345678901234, "12345678901234"),
        (1234567890123456, "1234567890123456"),
        (9999999999999998, "9999999999999998"),
        (4.5, "4.5"),
        (0.1, "0.1"),
        (datetime.date(2018, 5, 3), "2018-05-03"),
        (datetime.datetime(2018, 5, 3), "2018-05-03"),
        (datetime.datetime(2018, 5, 3, 14, 30), "2018-05-03 14:30:00"),
        (True, "true"),
        (False, "false"),
        (None, ""),
        ("۱۳۹۷/۰۲/۱۳", "۱۳۹۷/۰۲/۱۳"),
        ('say "yes"; no', 'say "yes"; no'),
        ("two\nlines", "two\nlines"),
    ],
    ids=repr,
)
def test_cells_of_a_workbook_as_text(read: Read, workbook: Any, value: object, text: str) -> None:
    path = workbook([["id", "cell"], ["1", value], ["2", "x"]])
    assert read(path)[1] == [("1", text), ("2", "x")]


def test_columns_of_mixed_types_keep_each_cell(read: Read, workbook: Any) -> None:
    path = workbook([["c"], [1], ["1"], [1.5], [True], [datetime.date(2020, 1, 1)], ["<1 mm"]])
    assert [row[0] for row in read(path)[1]] == ["1", "1", "1.5", "true", "2020-01-01", "<1 mm"]


def test_blank_rows_and_formatting_are_no_rows_but_count(read: Read, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for row, text in ((3, "a"), (4, "1"), (7, "2")):
        sheet.cell(row=row, column=2, value=text)
    for row in range(8, 200):
        sheet.cell(row=row, column=5).number_format = "0.00"
        sheet.cell(row=row, column=2, value="")
    book.save(tmp_path / "t.xlsx")
    assert read(tmp_path / "t.xlsx") == (["a"], [("1",), ("2",)], [4, 7])


def test_column_without_a_header_stays_in_its_place(read: Read, workbook: Any) -> None:
    headers, rows, _ = read(workbook([["a", None, "c", None], ["1", "x", "3", None]]))
    assert headers == ["a", "", "c"]
    assert rows == [("1", "x", "3")]


def test_headers_that_are_typed_cells(read: Read, workbook: Any) -> None:
    assert read(workbook([["id", 2020], ["1", "x"]]))[0] == ["id", "2020"]


@pytest.mark.parametrize(
    ("content", "name"),
    [(b"a,b\n1,2\n", "t.xlsx"), (b"", "t.xlsx"), (b"PK\x03\x04broken", "t.xlsm")],
)
def test_what_is_no_workbook(read: Read, deliver: Any, content: bytes, name: str) -> None:
    with pytest.raises(DeliveryError, match=rf"{name}: the file is not a readable XLSX workbook"):
        read(deliver(content, name))


@pytest.mark.parametrize(("rows", "said"), [([], "is empty"), ([["a", "b"]], "header and no rows")])
def test_sheet_without_rows(read: Read, workbook: Any, rows: list[Any], said: str) -> None:
    with pytest.raises(DeliveryError, match=said):
        read(workbook(rows))


@pytest.mark.parametrize("name", ["t.ods", "t", "t.zip", "t.xlsx.gz", "t.gz"])
def test_other_endings_are_refused_with_what_is_readable(
    read: Read, deliver: Any, name: str
) -> None:
    with pytest.raises(DeliveryError, match=re.escape("readable are .csv, .tsv, .txt, ")):
        read(deliver("a\n1\n", name))
