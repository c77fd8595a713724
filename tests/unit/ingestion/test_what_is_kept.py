"""What is kept although nobody looks: odd cells, versions, archives; what no traceback shows."""

from __future__ import annotations

import csv
import dataclasses
import datetime
import traceback
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl  # type: ignore[import-untyped]
import pytest

from ingestion.contract import Contract, Field
from ingestion.errors import DeliveryError, IngestionError

Read = Callable[..., tuple[list[str], list[tuple[str, ...]], list[int]]]
CANARY = "Zaphod"
HEADER = ["patient_id", "contact_date", "vital_status", "ward"]
ONE = ["1", "2020-01-01", "alive", "A"]
REASONS = {
    "not_collected",
    "no_report",
    "not_reported",
    "not_assessable",
    "not_applicable",
    "unreadable",
    "imprecise",
    "conflicting",
}


@pytest.fixture
def workbook(tmp_path: Path) -> Callable[..., Path]:
    def write(rows: list[list[Any]], sheets: tuple[str, ...] = ("Sheet",)) -> Path:
        book = openpyxl.Workbook()
        book.active.title = sheets[0]
        for row in rows:
            book.active.append(row)
        for title in sheets[1:]:
            book.create_sheet(title)
        book.save(tmp_path / "t.xlsx")
        return tmp_path / "t.xlsx"

    return write


# --- blank lines ---------------------------------------------------------------------------------


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("lines", "numbers"),
    [
        (["a,b", "", "", "", "1,2", "", "", "3,4", "5,6", "", "7,8", "", ""], [5, 8, 9, 11]),
        (["", "", "a,b", "1,2", "", "", "3,4"], [4, 7]),
        (["a,b", '1,"x\n\ny"', "", "", "3,4"], [2, 5]),
    ],
    ids=["several at a time", "before the header too", "not those inside quotes"],
)
def test_runs_of_blank_lines_all_count(
    read: Read, tmp_path: Path, lines: list[str], numbers: list[int], line_end: str
) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(line_end.join(lines).encode())
    assert read(path)[2] == numbers


def test_header_below_a_byte_order_mark_and_a_blank_line_is_no_row(
    read: Read, tmp_path: Path
) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes("\ufeff\na,b\n1,2\n".encode())
    assert read(path) == (["a", "b"], [("1", "2")], [3])


# --- workbooks -----------------------------------------------------------------------------------


@pytest.mark.parametrize("error", ["#N/A", "#DIV/0!", "#REF!", "#VALUE!"])
def test_error_cell_is_not_a_blank_one(read: Read, workbook: Any, error: str) -> None:
    # A formula that failed is unreadable; blank means not reported. Refused or kept, not emptied.
    try:
        _, rows, _ = read(workbook([["id", "size"], ["1", error], ["2", "x"]]))
    except DeliveryError as refused:
        assert "t.xlsx" in str(refused)  # noqa: PT017 (either outcome is in order)
    else:
        assert rows == [("1", error), ("2", "x")]


def test_error_cell_stays_in_its_place(read: Read, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row, column, value in (
        (3, 3, "id"),
        (3, 30, "size"),
        (4, 3, "1"),
        (4, 30, "#N/A"),
        (6, 3, "2"),
        (6, 30, "ok"),
    ):
        book.active.cell(row=row, column=column, value=value)
    book.save(tmp_path / "t.xlsx")
    try:
        found = read(tmp_path / "t.xlsx")
    except DeliveryError as refused:
        assert "t.xlsx" in str(refused)  # noqa: PT017 (either outcome is in order)
    else:
        assert found == (["id", "size"], [("1", "#N/A"), ("2", "ok")], [4, 6])


@pytest.mark.parametrize(
    ("value", "text"),
    [(datetime.time(14, 30), "14:30:00"), (0.35, "0.35"), (-0.5, "-0.5"), (" x ", " x ")],
    ids=repr,
)
def test_other_cells_as_text(read: Read, workbook: Any, value: object, text: str) -> None:
    assert read(workbook([["id", "cell"], ["1", value]]))[1] == [("1", text)]


def test_columns_of_one_name_are_both_kept(read: Read, workbook: Any) -> None:
    assert read(workbook([["a", "a"], ["1", "2"]]))[:2] == (["a", "a"], [("1", "2")])


@pytest.mark.parametrize(
    ("rows", "sheets", "options"),
    [
        ([["a"], [CANARY]], ("One", "Two"), {}),
        ([["a"], [CANARY]], ("One",), {"sheet": "Two"}),
        ([["a"], [CANARY]], ("One", "Two"), {"sheet": "Two"}),
    ],
    ids=["sheets to choose from", "no such sheet", "an empty sheet beside it"],
)
def test_no_complaint_of_a_workbook_holds_a_cell(
    read: Read, workbook: Any, rows: list[list[Any]], sheets: tuple[str, ...], options: Any
) -> None:
    with pytest.raises(DeliveryError) as refused:
        read(workbook(rows, sheets), **options)
    assert CANARY not in "".join(traceback.format_exception(refused.value))


# --- what a log would show -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        f"patient_id,sex\n1,{CANARY},3\n",
        f'patient_id,sex\n1,"x"{CANARY}\n',
        f'patient_id,sex\n1,"{CANARY}\n',
        f"patient_id,sex\n1,{CANARY}\n".encode() + "2,م\n".encode("cp1256"),
        f"patient_id,sex\n1,{CANARY}\x00\n",
        f"number,sex\n1,{CANARY}\n",
    ],
    ids=["ragged", "after a quote", "open quote", "encoding", "NUL", "no key"],
)
def test_no_traceback_of_a_night_holds_a_cell_or_the_key(nights: Any, content: str | bytes) -> None:
    # The cause that an exception hides from its message is printed in a traceback all the same.
    raw = content if isinstance(content, bytes) else content.encode()
    (nights.folder / "operative.csv").write_bytes(raw)
    nights.extract("operative", files="operative.csv")
    with pytest.raises(DeliveryError) as refused:
        nights.night()
    shown = "".join(traceback.format_exception(refused.value))
    assert CANARY not in shown
    assert nights.key.secret.decode() not in shown
    assert nights.rows("select count(*) from duckdb_tables() where schema_name = 'raw'") == [(0,)]


# --- the ledger ----------------------------------------------------------------------------------


def test_field_new_in_the_contract_changes_no_row_that_lacks_it(
    follow_up: Any, project_contract: Contract
) -> None:
    follow_up.write("follow_up.csv", [HEADER, ONE])
    follow_up.night()
    old = project_contract["follow_up"]
    grown = dataclasses.replace(old, fields=(*old.fields, Field("weight", "in kg", "number")))
    follow_up.contract = Contract({**project_contract.extracts, "follow_up": grown})
    # The file is read again, and not one cell of it is another than before.
    assert follow_up.night()["follow_up"].counts.unchanged == 1
    assert follow_up.rows("select count(*) from raw.follow_up") == [(1,)]


def test_settings_of_reading_take_effect_without_new_versions(follow_up: Any) -> None:
    follow_up.write("follow_up.csv", [HEADER, ONE])
    follow_up.night()
    follow_up.extract(
        "follow_up",
        files="follow_up.csv",
        calendar="jalali",
        missing=["-9"],
        values={"vital_status": {"A": "alive"}},
    )
    summary = follow_up.night()["follow_up"]
    assert summary.counts is None or summary.counts.unchanged == 1
    assert follow_up.rows("select count(*) from raw.follow_up") == [(1,)]
    assert follow_up.rows("from raw.missing_tokens") == [("follow_up", "-9", "not_reported")]
    assert follow_up.rows("from raw.value_map") == [("follow_up", "vital_status", "A", "alive")]
    assert follow_up.rows(
        "select distinct calendar from raw.fields where extract = 'follow_up'"
    ) == [("jalali",)]


def test_unmapping_the_key_closes_no_row(follow_up: Any) -> None:
    follow_up.write("follow_up.csv", [HEADER, ONE])
    follow_up.night()
    follow_up.extract("follow_up", files="follow_up.csv", columns={"patient_id": None})
    with pytest.raises(IngestionError, match="patient_id"):
        follow_up.night()
    assert len(follow_up.open_rows()) == 1


def test_archived_files_are_private_and_stay_as_delivered(follow_up: Any) -> None:
    first = follow_up.write("follow_up.csv", [HEADER, ONE]).read_bytes()
    follow_up.night()
    follow_up.write("follow_up.csv", [HEADER, [*ONE[:2], "dead", "A"]])
    follow_up.night()
    archived = sorted((follow_up.folder / "archive").glob("*.csv"))
    assert len(archived) == 2
    assert first in [path.read_bytes() for path in archived]
    assert {oct(path.stat().st_mode & 0o777) for path in archived} == {"0o600"}
    names = {row[0] for row in follow_up.rows("select sha256 from raw.extracts")}
    assert {path.stem for path in archived} == names


# --- code lists, whichever there are -------------------------------------------------------------


def test_every_code_list_is_sound_also_one_added_later(dbt_project: Path) -> None:
    found = 0
    for path in sorted((dbt_project / "seeds").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as handle:
            rows = list(csv.DictReader(handle))
        if "phrase" not in rows[0]:
            continue
        found += 1
        # Of the values of all lists, each list has its own.
        phrases = [(_folded(row["phrase"]), row.get("vocabulary")) for row in rows]
        assert sorted({p for p in phrases if phrases.count(p) > 1}) == [], path.name
        assert "" not in {phrase for phrase, _ in phrases}, path.name
        for row in rows:
            # A row that DictReader could not fill, or that has a value too many, is a typing error.
            assert None not in row, path.name
            assert None not in row.values(), path.name
            reason = row.get("missing_reason", "")
            assert reason in {"", *REASONS}, path.name
            if "value" in row and "vocabulary" not in row:
                assert bool(row["value"]) != bool(reason), path.name
    assert found >= 18


def _folded(text: str) -> str:
    unified = str.maketrans({"ي": "ی", "ى": "ی", "ك": "ک", "ة": "ه", "\u200c": " "})
    text = unicodedata.normalize("NFKC", text).translate(unified).casefold()
    text = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in text)
    return " ".join(text.split())
