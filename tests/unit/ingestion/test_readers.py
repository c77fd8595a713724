"""Files in, every cell out as it was delivered; what cannot be read is one sentence."""

from __future__ import annotations

import datetime
from pathlib import Path

import openpyxl
import pytest

from ingestion.archive import archive_file
from ingestion.errors import DeliveryError

CANARY = "Zaphod"


def write(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return path


@pytest.mark.parametrize(
    ("content", "options"),
    [
        ("a,b\n1,x y\n", {}),
        ("a;b\r\n1;x y\r\n", {"delimiter": ";"}),
        ("a\tb\n1\tx y\n", {"delimiter": "\t"}),
        ("a|b\n1|x y", {"delimiter": "|"}),
        ("\ufeffa,b\n1,x y\n", {}),
        ("a,b\n1,'x y'\n", {"quote": "'"}),
        ("a,b\n1,x y\n\n\n", {}),
        ("a,b\n1,x y\n".encode("utf-16"), {"encoding": "utf-16"}),
    ],
)
def test_dialects_that_are_declared_are_read(read, tmp_path, content, options):
    headers, rows, numbers = read(write(tmp_path / "t.csv", content), **options)
    assert headers == ["a", "b"]
    assert rows == [("1", "x y")]
    assert numbers == [2]


@pytest.mark.parametrize("encoding", ["cp1256", "utf-8", "utf-16-le"])
def test_persian_text_in_its_encoding(read, tmp_path, encoding):
    content = "نام,وضعيت\nمریم,زنده\n".replace("ی", "ي").encode(encoding)
    headers, rows, _ = read(write(tmp_path / "t.csv", content), encoding=encoding)
    assert headers == ["نام", "وضعيت"]
    assert rows == [("مريم", "زنده")]


@pytest.mark.parametrize(
    ("content", "options", "said"),
    [
        ("", {}, "the file is empty"),
        ("\n\n", {}, "the file is empty"),
        ("a,b\n", {}, "a header and no rows"),
        (f"a,b\n{CANARY},2,3\n", {}, "line 2: 3 values where the header has 2"),
        (f"a,b\n{CANARY}\n", {}, "line 2"),
        (f'a,b\n1,"{CANARY}\n2,x\n', {}, "never closed"),
        (f"a,b\n1,{CANARY}\x00\n", {}, "NUL bytes"),
        ("a,b\n1,x\n".encode("utf-16"), {}, "NUL bytes"),
        ("a,b\n1,م\n".encode("cp1256"), {}, "text is not UTF-8"),
        ("نام,b\n1,2\n".encode("cp1256"), {}, "first line cannot be read as a header"),
        (f"a,b\n1,{CANARY}م\n", {"encoding": "ascii"}, None),
        ("a,b\n1,é\n".encode("latin-1"), {"encoding": "utf-16"}, "not written in utf-16"),
    ],
)
def test_what_is_no_such_file_is_said_without_its_content(read, tmp_path, content, options, said):
    path = write(tmp_path / "t.csv", content)
    if said is None:
        read(path, **options)
        return
    with pytest.raises(DeliveryError, match=said) as refused:
        read(path, **options)
    assert "t.csv" in str(refused.value)
    assert CANARY not in str(refused.value)


def test_large_file_loses_no_row(read, tmp_path):
    lines = "".join(f'{i},"a ""quoted"" cell\nof two lines"\n' for i in range(100_000))
    _, rows, numbers = read(write(tmp_path / "t.csv", "n,text\n" + lines))
    assert len(rows) == 100_000
    assert rows[-1] == ("99999", 'a "quoted" cell\nof two lines')
    assert numbers[-1] == 100_001


def test_other_formats_are_refused_by_name(read, tmp_path):
    with pytest.raises(DeliveryError, match=r"ends in \.pdf cannot be read"):
        read(write(tmp_path / "t.pdf", "%PDF"))


def test_typed_cells_of_a_workbook(read, tmp_path):
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.append(["id ", "n", "size", "day", "flag", "blank", "note"])
    sheet.append(["00123", 65, 4.5, datetime.date(2018, 5, 3), True, None, "x"])
    sheet.append(["7", -999, 24.3333333333333, "1397/02/13", False, None, " y "])
    # Rows that only carry formatting follow the table.
    for row in range(6, 40):
        sheet.cell(row=row, column=2).number_format = "0.00"
    workbook.save(tmp_path / "t.xlsx")
    headers, rows, numbers = read(tmp_path / "t.xlsx")
    # A column without a single value is not part of the table.
    assert headers == ["id ", "n", "size", "day", "flag", "blank", "note"]
    assert rows == [
        ("00123", "65", "4.5", "2018-05-03", "true", "", "x"),
        ("7", "-999", "24.3333333333333", "1397/02/13", "false", "", " y "),
    ]
    assert numbers == [2, 3]


def test_sheets_are_named_and_not_guessed(read, tmp_path):
    workbook = openpyxl.Workbook()
    workbook.active.title = "First"
    second = workbook.create_sheet("Second")
    second.append(["a"])
    second.append(["1"])
    workbook.save(tmp_path / "t.xlsx")
    with pytest.raises(DeliveryError, match="2 sheets"):
        read(tmp_path / "t.xlsx")
    with pytest.raises(DeliveryError, match="there is no sheet 'Third'; it has First, Second"):
        read(tmp_path / "t.xlsx", sheet="Third")
    with pytest.raises(DeliveryError, match="it is empty"):
        read(tmp_path / "t.xlsx", sheet="First")
    assert read(tmp_path / "t.xlsx", sheet="Second")[1] == [("1",)]


def test_archive_keeps_the_file_by_its_hash(tmp_path):
    path = write(tmp_path / "t.CSV", "a\n1\n")
    first = archive_file(path, tmp_path / "archive")
    again = archive_file(path, tmp_path / "archive")
    assert first.path == again.path
    assert first.path.name == f"{first.sha256}.csv"
    assert first.path.read_bytes() == path.read_bytes()
    assert [p.name for p in (tmp_path / "archive").iterdir()] == [first.path.name]
    with pytest.raises(DeliveryError, match="cannot be read"):
        archive_file(tmp_path, tmp_path / "archive")
