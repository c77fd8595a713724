"""Workbooks old and odd, files that would fill the machine, and files that are not to be had."""

from __future__ import annotations

import datetime
import os
import struct
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import msoffcrypto.format.ooxml  # type: ignore[import-untyped]
import openpyxl
import pytest
import xlwt  # type: ignore[import-untyped]

import ingestion.archive
import ingestion.readers.workbook
from ingestion.archive import archive_file
from ingestion.deliveries import find_files
from ingestion.errors import DeliveryError
from ingestion.readers import read_file
from ingestion.settings import FormatSettings

Read = Callable[..., tuple[list[str], list[tuple[str, ...]], list[int]]]
CANARY = "Zaphod"
SHEET = "xl/worksheets/sheet1.xml"


@pytest.fixture
def xls(tmp_path: Path) -> Callable[..., Path]:
    """An XLS workbook of one sheet."""

    def write(rows: list[list[Any]], *, dates_1904: bool = False) -> Path:
        book = xlwt.Workbook()
        book.dates_1904 = dates_1904
        sheet = book.add_sheet("Operations")
        day = xlwt.easyxf(num_format_str="YYYY-MM-DD")
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                if isinstance(value, datetime.date):
                    sheet.write(number, column, value, day)
                elif value is not None:
                    sheet.write(number, column, value)
        book.save(str(tmp_path / "t.xls"))
        return tmp_path / "t.xls"

    return write


@pytest.fixture
def xlsx(tmp_path: Path) -> Callable[..., Path]:
    """An XLSX workbook of one sheet, of which the XML may be changed."""

    def write(rows: list[list[Any]], *changes: tuple[str, str], epoch: Any = None) -> Path:
        book = openpyxl.Workbook()
        if epoch is not None:
            book.epoch = epoch
        for row in rows:
            book.active.append(row)
        plain, changed = tmp_path / "plain.xlsx", tmp_path / "t.xlsx"
        book.save(plain)
        with zipfile.ZipFile(plain) as source, zipfile.ZipFile(changed, "w", 8) as target:
            for member in source.namelist():
                # With lxml installed openpyxl writes an empty element in two parts.
                content = source.read(member).decode().replace("<v></v>", "<v />")
                for old, new in changes if member == SHEET else ():
                    assert old in content
                    content = content.replace(old, new)
                target.writestr(member, content)
        plain.unlink()
        return changed

    return write


# --- workbooks -----------------------------------------------------------------------------------


def test_typed_cells_of_an_old_workbook(read: Read, xls: Any) -> None:
    path = xls(
        [
            ["id", "day", "size", "flag", "note"],
            ["00123", datetime.date(2018, 5, 3), 4.5, True, 'say "یک"'],
            [7, "1397/02/13", -999, False, " two\nlines "],
            [None, None, None, None, None],
            ["x", datetime.datetime(2018, 5, 3, 14, 30), 0.1, None, ""],
            [None, None, "", None, ""],
        ]
    )
    assert read(path) == (
        ["id", "day", "size", "flag", "note"],
        [
            ("00123", "2018-05-03", "4.5", "true", 'say "یک"'),
            ("7", "1397/02/13", "-999", "false", " two\nlines "),
            ("x", "2018-05-03 14:30:00", "0.1", "", ""),
        ],
        [2, 3, 5],
    )


def test_sheet_of_an_old_workbook_is_named(read: Read, tmp_path: Path) -> None:
    book = xlwt.Workbook()
    for name in ("One", "Two"):
        sheet = book.add_sheet(name)
        sheet.write(0, 0, "a")
        sheet.write(1, 0, name)
    book.save(str(tmp_path / "t.xls"))
    assert read(tmp_path / "t.xls", sheet="Two")[1] == [("Two",)]
    with pytest.raises(DeliveryError, match=r"2 sheets \(One, Two\)"):
        read(tmp_path / "t.xls")


def test_both_epochs_of_excel(read: Read, xls: Any, xlsx: Any) -> None:
    rows = [["day"], [datetime.date(2018, 5, 3)], ["1397/02/13"]]
    texts = [("2018-05-03",), ("1397/02/13",)]
    mac = openpyxl.utils.datetime.CALENDAR_MAC_1904
    assert read(xls(rows))[1] == texts
    assert read(xls(rows, dates_1904=True))[1] == texts
    assert read(xlsx(rows))[1] == texts
    assert read(xlsx(rows, epoch=mac))[1] == texts


def test_what_is_no_old_workbook(read: Read, xls: Any, xlsx: Any, tmp_path: Path) -> None:
    whole = xls([["a"], [CANARY]]).read_bytes()
    modern = xlsx([["a"], [CANARY]]).read_bytes()
    for content in (b"", f"<html>{CANARY}".encode(), whole[:2000], modern):
        (tmp_path / "t.xls").write_bytes(content)
        with pytest.raises(DeliveryError, match=r"t\.xls: the file is not a readable XLS") as said:
            read(tmp_path / "t.xls")
        assert CANARY not in str(said.value)


def test_workbook_behind_a_password(read: Read, xlsx: Any, tmp_path: Path) -> None:
    with xlsx([["a"], [CANARY]]).open("rb") as source, (tmp_path / "p.xlsx").open("wb") as target:
        msoffcrypto.format.ooxml.OOXMLFile(source).encrypt("a password", target)
    with pytest.raises(DeliveryError, match="protected by a password; deliver it without one"):
        read(tmp_path / "p.xlsx")


def test_result_of_a_formula_is_read(read: Read, xlsx: Any) -> None:
    path = xlsx([["id", "size"], ["1", "=2+3"]], ("<f>2+3</f><v />", "<f>2+3</f><v>5</v>"))
    assert read(path)[1] == [("1", "5")]
    path = xlsx(
        [["id", "size"], ["1", "=A1"], ["2", "x"]],
        ('<c r="B2"><f>A1</f><v />', '<c r="B2" t="str"><f>A1</f><v></v>'),
    )
    assert read(path)[1] == [("1", ""), ("2", "x")]


def test_formula_that_nobody_calculated_is_not_blank(read: Read, xlsx: Any) -> None:
    path = xlsx([["id", "size"], ["1", '=IF(A1<2,"a",1)'], ["2", "=A3*2"]])
    assert read(path)[1] == [("1", '=IF(A1<2,"a",1)'), ("2", "=A3*2")]


def test_merged_cells_hold_their_value_once(read: Read, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (["id", "ward"], ["1", "A"], ["2", None], ["3", "B"]):
        book.active.append(row)
    book.active.merge_cells("B2:B3")
    book.save(tmp_path / "t.xlsx")
    assert read(tmp_path / "t.xlsx")[1] == [("1", "A"), ("2", ""), ("3", "B")]


# --- files that would fill the machine -----------------------------------------------------------


def test_workbook_that_unpacks_to_more_than_any_table(
    read: Read, xlsx: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ingestion.readers.workbook, "_MOST_UNPACKED_BYTES", 1 << 20)
    path = xlsx([["a"], ["x" * 30_000]], ("x" * 30_000, "x" * 3_000_000))
    assert path.stat().st_size < 20_000
    with pytest.raises(DeliveryError, match="unpacked the workbook has 2 MB, at most 1 MB are"):
        read(path)
    # A directory that makes the sheet out to be small.
    content = path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        size = struct.pack("<I", archive.getinfo(SHEET).file_size)
    assert content.count(size) == 2
    path.write_bytes(content.replace(size, struct.pack("<I", 1000)))
    with pytest.raises(DeliveryError, match="not a readable XLSX workbook"):
        read(path)


def test_value_far_from_the_table(read: Read, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["a", "b"])
    book.active.append([1, 2])
    book.active["XFD1048576"] = CANARY
    book.save(tmp_path / "t.xlsx")
    with pytest.raises(DeliveryError, match="spans 17,179,869,184 cells; delete what") as refused:
        read(tmp_path / "t.xlsx")
    assert CANARY not in str(refused.value)
    # Formatting alone takes no place.
    book.active["XFD1048576"] = None
    book.active["XFD1048576"].number_format = "0.00"
    book.save(tmp_path / "t.xlsx")
    assert read(tmp_path / "t.xlsx") == (["a", "b"], [("1", "2")], [2])


@pytest.mark.slow
def test_field_of_two_hundred_megabytes(read: Read, tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    for opening in ('a,b\n1,"', "a,b\n1,", "a,"):
        with path.open("w") as target:
            target.write(opening)
            for _ in range(200):
                target.write("x" * (1 << 20))
        tracemalloc.start()
        try:
            with pytest.raises(DeliveryError, match="one record is larger than 32 MB"):
                read(path)
            assert tracemalloc.get_traced_memory()[1] < 250 << 20
        finally:
            tracemalloc.stop()


def test_ten_thousand_columns(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    names = [f"column {i}" for i in range(10_000)]
    path.write_text("\n".join([",".join(names), ",".join(map(str, range(10_000)))]))
    with duckdb.connect(config={"threads": 1}) as con:
        found = read_file(con, archive_file(path, tmp_path / "archive"), FormatSettings(), "read")
        rows = con.execute("select c0, c9999, file_row_number from read").fetchall()
    assert found.headers == names
    assert rows == [("0", "9999", 2)]


# --- files that are not to be had ----------------------------------------------------------------


def test_file_that_is_written_while_it_is_copied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(b"a,b\n" + b"1,2\n" * 1_000_000)
    chunks = ingestion.archive._chunks
    passes = []

    def appended(source: Any) -> Any:
        passes.append(source)
        for chunk in chunks(source):
            yield chunk
            # The second pass is the copy.
            if len(passes) == 2 and len(chunk) > 1000:
                with path.open("ab") as other:
                    other.write(b"3,4\n")
                os.utime(path, ns=(0, 0))

    monkeypatch.setattr(ingestion.archive, "_chunks", appended)
    with pytest.raises(DeliveryError, match=r"t\.csv: the file is being written; try again when"):
        archive_file(path, tmp_path / "archive")
    assert list((tmp_path / "archive").iterdir()) == []


def test_file_that_is_archived_is_not_copied_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "t.csv"
    path.write_text("a\n1\n")
    first = archive_file(path, tmp_path / "archive")

    def fail(*_: object) -> None:
        raise AssertionError("copied")

    monkeypatch.setattr(ingestion.archive, "_copy", fail)
    assert archive_file(path, tmp_path / "archive") == first
    monkeypatch.undo()
    # A copy that a power failure cut short is no copy.
    first.path.write_bytes(b"a\n")
    assert archive_file(path, tmp_path / "archive") == first
    assert first.path.read_text() == "a\n1\n"


def test_file_that_vanished_or_may_not_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "t.csv"
    with pytest.raises(DeliveryError, match=r"t\.csv: the file vanished before it was read; try"):
        archive_file(path, tmp_path / "archive")
    path.write_text("a\n1\n")

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(DeliveryError, match=r"permission denied\); let the account of this job"):
        archive_file(path, tmp_path / "archive")


def test_link_may_not_point_out_of_the_folder(tmp_path: Path) -> None:
    deliveries = tmp_path / "deliveries"
    deliveries.mkdir()
    (tmp_path / "secret.csv").write_text("a\n1\n")
    (deliveries / "2024-01.csv").write_text("a\n1\n")
    (deliveries / "latest.csv").symlink_to("2024-01.csv")
    assert len(find_files(["deliveries/*.csv"], tmp_path, "operative")) == 2
    assert find_files(["deliveries/latest.csv"], tmp_path, "operative")
    (deliveries / "more.csv").symlink_to("../secret.csv")
    for pattern in ("deliveries/*.csv", "deliveries/more.csv", "deliveries/**/*.csv"):
        with pytest.raises(
            DeliveryError, match=r"more\.csv: it is a link that points out of .*deliveries; deliver"
        ):
            find_files([pattern], tmp_path, "operative")
    # The folder itself may be a link: who wrote the configuration named it.
    (deliveries / "more.csv").unlink()
    (tmp_path / "current").symlink_to(deliveries)
    assert len(find_files(["current/*.csv"], tmp_path, "operative")) == 2
    # A folder below it may not.
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "t.csv").write_text("a\n1\n")
    (deliveries / "sub").symlink_to(tmp_path / "other")
    with pytest.raises(DeliveryError, match="points out of"):
        find_files(["deliveries/*/t.csv"], tmp_path, "operative")
