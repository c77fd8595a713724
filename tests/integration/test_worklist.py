"""The worklist on the command line: out, answered, and back into the issues."""

from __future__ import annotations

import shutil

import openpyxl
import pytest


@pytest.fixture
def registry(example, tmp_path):
    copied, _ = example.copy(tmp_path / "registry")
    return copied


def answer(path, row, **values):
    book = openpyxl.load_workbook(path)
    sheet = book["Worklist"]
    headers = [cell.value for cell in sheet[1]]
    for header, value in values.items():
        sheet.cell(row, headers.index(header.replace("_", " ")) + 1).value = value
    book.save(path)
    return dict(zip(headers, [cell.value for cell in sheet[row]], strict=True))


def test_it_goes_out_and_comes_back(registry, tmp_path):
    path = tmp_path / "a.xlsx"
    done = registry.crlm("worklist", "export", "--center", "Center A", "--out", str(path))
    assert done.returncode == 0, done.stderr
    assert "the hospital's numbers" in done.stdout
    asked = answer(path, 5, Answer="will be corrected", Remark="asked the laboratory")
    with registry.warehouse() as con:
        issues = con.execute(
            "select count(*) from quality.issues where center = 'Center A' and state = 'open'"
        ).fetchone()[0]
        pseudonym = con.execute(
            "select patient_id from quality.issues where issue_id = ?", [asked["Issue"]]
        ).fetchone()[0]
        number = con.execute(
            "select min(patient_id) from raw.operative where patient_pseudonym = ?", [pseudonym]
        ).fetchone()[0]
    assert openpyxl.load_workbook(path)["Worklist"].max_row == issues + 1
    assert asked["Patient"] == number

    done = registry.crlm("worklist", "import", str(path), "--by", "M. Manager")
    assert "1 answers, 1 of them new" in done.stdout, done.stderr
    done = registry.crlm("worklist", "import", str(path), "--by", "M. Manager")
    assert "1 answers, 0 of them new" in done.stdout
    with registry.warehouse() as con:
        assert con.execute(
            "select state, answered_by from quality.issues where issue_id = ?", [asked["Issue"]]
        ).fetchone() == ("answered", "M. Manager")
        # What was delivered stays as it was, and the remark stays in the journal.
        tables = con.execute("select table_name from duckdb_tables() where schema_name = 'quality'")
        for (table,) in tables.fetchall():
            assert "asked the laboratory" not in str(
                con.execute(f"from quality.{table}").fetchall()
            )
    (entry,) = (registry.home / "archive" / "answers").glob("*.json")
    assert "asked the laboratory" in entry.read_text(encoding="utf-8")
    assert entry.stat().st_mode & 0o777 == 0o600


def test_without_the_key_patients_go_out_by_pseudonym(registry, tmp_path):
    registry.edit(lambda content: content.update(privacy={"key_env": "NO_SUCH_KEY"}))
    done = registry.crlm("worklist", "export", "--out", str(tmp_path / "a.xlsx"))
    assert "pseudonyms, for the key is not at hand" in done.stdout, done.stderr
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")["Worklist"]
    assert all(row[2].value.startswith("P") for row in sheet.iter_rows(min_row=2))


def test_what_is_wrong_is_one_sentence(registry, tmp_path):
    done = registry.crlm("worklist", "export", "--center", "Center Z")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "--center Center Z: there is no such centre; known are Center A" in done.stderr
    path = tmp_path / "a.xlsx"
    registry.crlm("worklist", "export", "--out", str(path))
    answer(path, 2, Answer="done", Answered_by="A")
    answer(path, 3, Answer="will be corrected", Answered_by="A")
    done = registry.crlm("worklist", "import", str(path))
    assert done.returncode == 2
    assert "a.xlsx, row 2: Answer is none of the list" in done.stderr
    # Nothing of it is taken.
    assert not (registry.home / "archive" / "answers").exists()
    shutil.rmtree(registry.home)
    done = registry.crlm("worklist", "import", str(path))
    assert "run crlm refresh first" in done.stderr
