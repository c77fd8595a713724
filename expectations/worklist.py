"""The worklist as a workbook: out to who can mend it, and back with the answers.

The columns that say what is asked are locked; those of the answer are open, with lists to choose
from. Nothing that comes back changes a delivered value: an answer says what became of the
question, and the value comes with the next delivery.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from expectations.issues import ANSWERS, Answer

SHEET = "Worklist"
REASONS = (
    "never examined",
    "report lost",
    "not to be obtained",
    "patient lost to follow-up",
    "correct as it is",
    "other",
)

# Header of the workbook: column of the frame. The last five are to be filled in.
ASKED = {
    "Issue": "issue_id",
    "Urgency": "priority",
    "Patient": "patient",
    "Record": "record",
    "Day": "day",
    "Centre": "center",
    "Laboratory": "laboratory",
    "Field": "field",
    "Problem": "problem",
    "What to do": "remedy",
    "Open since": "opened_on",
    "State": "state",
}
ANSWER, REASON, UNTIL, BY, REMARK = "Answer", "Reason", "Waived until", "Answered by", "Remark"
ANSWERED = (ANSWER, REASON, UNTIL, BY, REMARK)

_WIDTHS = {"Issue": 6, "Problem": 34, "What to do": 34, "Field": 24, REMARK: 30, ANSWER: 20}
_HELP = (
    ("Answer", "will be corrected, corrected at source, or cannot be known; blank: still open"),
    ("Reason", "needed with cannot be known"),
    ("Waived until", "needed with cannot be known: the last day on which nobody asks again"),
    ("Answered by", "who answers; may be given for all by crlm worklist import --by"),
    ("Remark", "kept with the answer, inside the hospital"),
    ("", "Correct the value where it is recorded: with the next delivery the issue closes."),
)


class WorklistError(Exception):
    """A workbook that cannot be taken; one sentence that names the file and the row."""


@dataclass(frozen=True)
class Returned:
    """What a workbook brings back: the answers, and the remark of each (by issue)."""

    answers: list[Answer]
    remarks: dict[str, str]


def write_worklist(issues: pd.DataFrame, path: Path, title: str) -> None:
    """Write issues (columns: those of ``ASKED``) as a workbook to be answered, mode 0600."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font, PatternFill, Protection
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    headers = [*ASKED, *ANSWERED]
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = SHEET
    sheet.append(headers)
    for row in issues[list(ASKED.values())].itertuples(index=False):
        sheet.append([None if pd.isna(value) else value for value in row])
    last = max(sheet.max_row, 2)
    open_cell, shaded = Protection(locked=False), PatternFill("solid", fgColor="FFF4D6")
    for number, header in enumerate(headers, start=1):
        letter = get_column_letter(number)
        sheet.column_dimensions[letter].width = _WIDTHS.get(header, 15)
        head = sheet.cell(1, number)
        head.font, head.alignment = Font(bold=True), Alignment(wrap_text=True, vertical="top")
        for (cell,) in sheet.iter_rows(2, last, number, number):
            if header in ANSWERED:
                cell.protection, cell.fill = open_cell, shaded
            elif isinstance(cell.value, str):
                # A text from a delivery that begins like a formula stays a text.
                cell.data_type, cell.quotePrefix = "s", cell.value[:1] in "=+-@\t\r"
            if header == UNTIL:
                cell.number_format = "yyyy-mm-dd"
    for header, choices in ((ANSWER, tuple(ANSWERS)), (REASON, REASONS)):
        letter = get_column_letter(headers.index(header) + 1)
        validation = DataValidation(
            type="list", formula1=f'"{",".join(choices)}"', allow_blank=True, showErrorMessage=True
        )
        validation.error = f"Choose one of: {', '.join(choices)}"
        validation.add(f"{letter}2:{letter}{last}")
        sheet.add_data_validation(validation)
    letter = get_column_letter(headers.index(UNTIL) + 1)
    day = DataValidation(type="date", operator="greaterThan", formula1="36526", allow_blank=True)
    day.add(f"{letter}2:{letter}{last}")
    sheet.add_data_validation(day)
    sheet.freeze_panes = "C2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(headers))}{last}"
    sheet.protection.sheet = True
    sheet.protection.autoFilter = sheet.protection.sort = False
    sheet.protection.formatColumns = False
    notes = book.create_sheet("How to answer")
    notes.append([title])
    for line in _HELP:
        notes.append(line)
    notes.column_dimensions["A"].width, notes.column_dimensions["B"].width = 16, 100
    # The file may name patients: nobody else reads it, from its first byte on.
    path.touch(mode=0o600)
    path.chmod(0o600)
    book.save(path)


def read_worklist(
    path: Path, asked: Mapping[str, str], at: datetime, answered_by: str | None
) -> Returned:
    """Read the answers of a workbook.

    ``asked`` are the issues of the warehouse with their field; ``at`` is when it is taken in,
    UTC; ``answered_by`` is who answers where the workbook does not say. Raises WorklistError whose
    sentence names the file, the row, what was found and what would be right.
    """
    from openpyxl import load_workbook

    try:
        book = load_workbook(path, read_only=True)
    except Exception as error:
        raise WorklistError(
            f"{path}: it cannot be read as a workbook ({type(error).__name__}); expected the XLSX "
            "file that crlm worklist export wrote"
        ) from None
    try:
        if SHEET not in book.sheetnames:
            raise WorklistError(f"{path}: it has no sheet {SHEET}; import what was exported")
        rows = [list(row) for row in book[SHEET].iter_rows(values_only=True)]
    finally:
        book.close()
    headers = [str(value).strip() if value is not None else "" for value in rows[0]] if rows else []
    lacking = [name for name in ("Issue", "Field", *ANSWERED) if name not in headers]
    if lacking:
        raise WorklistError(
            f"{path}: the columns {', '.join(lacking)} are missing; import what was exported"
        )
    returned = Returned([], {})
    seen: dict[str, int] = {}
    for number, values in enumerate(rows[1:], start=2):
        row = dict(zip(headers, values, strict=False))
        filled = {name: _text(row.get(name)) for name in ANSWERED}
        if not any(filled.values()):
            continue
        place = f"{path}, row {number}"
        issue = _text(row.get("Issue"))
        if issue not in asked:
            raise WorklistError(
                f"{place}: the warehouse knows no such issue; the column Issue has to stay as it "
                "was exported"
            )
        if _text(row.get("Field")) != asked[issue]:
            raise WorklistError(
                f"{place}: the field is not the one that was asked; rows have to stay whole when "
                "they are sorted"
            )
        if issue in seen:
            raise WorklistError(f"{place}: the issue of row {seen[issue]} again; answer it once")
        seen[issue] = number
        returned.answers.append(_answer(place, issue, row, filled, at, answered_by))
        if filled[REMARK]:
            returned.remarks[issue] = filled[REMARK]
    return returned


def _answer(
    place: str,
    issue: str,
    row: Mapping[str, Any],
    filled: Mapping[str, str],
    at: datetime,
    answered_by: str | None,
) -> Answer:
    answer, reason, by = filled[ANSWER], filled[REASON], filled[BY] or (answered_by or "")
    for name in (ANSWER, REASON, BY):
        if filled[name].startswith("="):
            raise WorklistError(f"{place}: {name} holds a formula; write the text itself")
    if answer not in ANSWERS:
        raise WorklistError(
            f"{place}: {ANSWER} is {'blank' if not answer else 'none of the list'}; it has to be "
            f"{', '.join(ANSWERS)}"
        )
    if not by:
        raise WorklistError(f'{place}: nobody is named in "{BY}"; name who answers, or give --by')
    until = None
    if ANSWERS[answer] == "waived":
        if reason not in REASONS:
            raise WorklistError(
                f"{place}: {ANSWER} is {answer}; {REASON} has to be one of {', '.join(REASONS)}"
            )
        until = _day(place, row.get(UNTIL))
        if until <= at.replace(tzinfo=UTC).date():
            raise WorklistError(f"{place}: {UNTIL} has passed; it has to be a day to come")
    return Answer(issue, answer, by, at, reason or None, until)


def _day(place: str, value: Any) -> date:
    if isinstance(value, datetime):
        return value.date()
    try:
        return date.fromisoformat(_text(value))
    except ValueError:
        raise WorklistError(f"{place}: {UNTIL} is no date; write one such as 2027-01-31") from None


def _text(value: Any) -> str:
    return "" if value is None else str(value).strip()
