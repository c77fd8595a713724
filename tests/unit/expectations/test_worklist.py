"""The worklist as a workbook: what goes out, what may come back, and what may not."""

from __future__ import annotations

from datetime import date, datetime

import openpyxl
import pandas as pd
import pytest

from expectations.worklist import ASKED, SHEET, WorklistError, read_worklist, write_worklist

NOW = datetime(2026, 3, 1, 9)
ASKED_FOR = {"i1": "tumor_grade", "i2": "steatosis", "i3": "death_date"}


@pytest.fixture
def workbook(tmp_path):
    path = tmp_path / "worklist.xlsx"
    rows = [
        dict.fromkeys(ASKED.values())
        | {"issue_id": issue, "field": field, "patient": patient, "priority": 100}
        for (issue, field), patient in zip(
            ASKED_FOR.items(), ("4711", '=HYPERLINK("a")', "+12"), strict=True
        )
    ]
    write_worklist(pd.DataFrame(rows), path, "A registry")
    return path


def fill(path, **cells):
    """Write answers, as `B2="text"` with the header for the column: `Answer_2`."""
    book = openpyxl.load_workbook(path)
    sheet = book[SHEET]
    headers = [cell.value for cell in sheet[1]]
    for name, value in cells.items():
        header, row = name.rsplit("_", 1)
        sheet.cell(int(row), headers.index(header.replace("_", " ")) + 1).value = value
    book.save(path)


def test_it_comes_back_as_it_was_answered(workbook):
    fill(
        workbook,
        Answer_2="will be corrected",
        Answered_by_2="Dr A",
        Remark_2="in the paper file",
        Answer_4="cannot be known",
        Reason_4="report lost",
        Waived_until_4=datetime(2026, 12, 31),
    )
    returned = read_worklist(workbook, ASKED_FOR, NOW, "M. Manager")
    first, second = returned.answers
    assert (first.issue_id, first.answer, first.answered_by) == ("i1", "will be corrected", "Dr A")
    assert (first.reason, first.waived_until) == (None, None)
    assert (second.issue_id, second.answer) == ("i3", "cannot be known")
    assert (second.answered_by, second.reason) == ("M. Manager", "report lost")
    assert second.waived_until == date(2026, 12, 31)
    assert returned.remarks == {"i1": "in the paper file"}
    assert {answer.at for answer in returned.answers} == {NOW}


def test_an_unanswered_workbook_brings_nothing(workbook):
    assert read_worklist(workbook, ASKED_FOR, NOW, None).answers == []


def test_what_is_asked_is_locked_and_what_is_answered_is_not(workbook):
    book = openpyxl.load_workbook(workbook)
    sheet = book[SHEET]
    assert sheet.protection.sheet
    headers = [cell.value for cell in sheet[1]]
    unlocked = {headers[c.column - 1] for c in sheet[2] if not c.protection.locked}
    assert unlocked == {"Answer", "Reason", "Waived until", "Answered by", "Remark"}
    lists = {v.formula1 for v in sheet.data_validations.dataValidation if v.type == "list"}
    assert '"will be corrected,corrected at source,cannot be known"' in lists
    assert workbook.stat().st_mode & 0o777 == 0o600


def test_a_text_that_looks_like_a_formula_stays_a_text(workbook):
    sheet = openpyxl.load_workbook(workbook)[SHEET]
    for row, text in ((3, '=HYPERLINK("a")'), (4, "+12")):
        cell = sheet.cell(row, 3)
        assert (cell.data_type, cell.value, cell.quotePrefix) == ("s", text, True)


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        ({"Answer_2": "done"}, "row 2: Answer is none of the list; it has to be will be corr"),
        ({"Remark_3": "asked"}, "row 3: Answer is blank; it has to be"),
        ({"Answer_2": "will be corrected"}, 'row 2: nobody is named in "Answered by"'),
        ({"Answer_2": "=1+1", "Answered_by_2": "A"}, "row 2: Answer holds a formula"),
        (
            {"Answer_2": "cannot be known", "Answered_by_2": "A"},
            "row 2: Answer is cannot be known; Reason has to be one of never examined",
        ),
        (
            {"Answer_2": "cannot be known", "Answered_by_2": "A", "Reason_2": "other"},
            "row 2: Waived until is no date; write one such as 2027-01-31",
        ),
        (
            {
                "Answer_2": "cannot be known",
                "Answered_by_2": "A",
                "Reason_2": "other",
                "Waived_until_2": "2026-03-01",
            },
            "row 2: Waived until has passed",
        ),
        ({"Issue_2": "i9", "Answer_2": "will be corrected"}, "row 2: the warehouse knows no such"),
        ({"Issue_2": "i2", "Answer_2": "will be corrected"}, "row 2: the field is not the one"),
        (
            {
                "Answer_2": "will be corrected",
                "Answered_by_2": "A",
                "Issue_3": "i1",
                "Field_3": "tumor_grade",
                "Answer_3": "will be corrected",
            },
            "row 3: the issue of row 2 again",
        ),
        ({"Answer_1": "Reply"}, "the columns Answer are missing"),
    ],
)
def test_what_cannot_be_taken_is_named_by_its_row(workbook, cells, sentence):
    fill(workbook, **cells)
    with pytest.raises(WorklistError) as error:
        read_worklist(workbook, ASKED_FOR, NOW, None)
    assert sentence in str(error.value)
    assert str(workbook) in str(error.value)


def test_another_file_is_refused(tmp_path):
    path = tmp_path / "notes.xlsx"
    path.write_text("no workbook", encoding="utf-8")
    with pytest.raises(WorklistError, match="cannot be read as a workbook"):
        read_worklist(path, ASKED_FOR, NOW, None)
    openpyxl.Workbook().save(path)
    with pytest.raises(WorklistError, match="no sheet Worklist"):
        read_worklist(path, ASKED_FOR, NOW, None)


def test_an_empty_worklist_is_a_workbook_too(tmp_path):
    path = tmp_path / "worklist.xlsx"
    write_worklist(pd.DataFrame(columns=list(ASKED.values())), path, "A registry")
    assert read_worklist(path, {}, NOW, None).answers == []
