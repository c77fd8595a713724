"""The Word tables hold the cells of the report, set as a journal sets tables."""

from __future__ import annotations

import zipfile
from html.parser import HTMLParser

import docx
import pytest
from docx.oxml.ns import qn

import analysis
from analysis.word import Line, WordTable, write_document


class _Tables(HTMLParser):
    """The tables of a page as rows of cells; a cell's remark (class note) apart from its text."""

    def __init__(self):
        super().__init__()
        self.tables: list[list[tuple[list[str], str]]] = []
        self.in_cell = self.in_note = False

    def handle_starttag(self, tag, attrs):
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append(([], ""))
        elif tag in ("td", "th"):
            self.in_cell = True
            # "n 248" stands in one cell over five columns.
            span = int(dict(attrs).get("colspan", 1))
            self.tables[-1][-1][0].extend([""] * span)
            self.span = span
        elif tag == "span" and "note" in dict(attrs).get("class", "").split():
            self.in_note = True
        elif tag == "br" and self.in_cell:
            self.handle_data(" ")

    def handle_endtag(self, tag):
        if tag in ("td", "th"):
            self.in_cell = False
        elif tag == "span":
            self.in_note = False

    def handle_data(self, data):
        if not self.in_cell:
            return
        cells, note = self.tables[-1][-1]
        if self.in_note:
            self.tables[-1][-1] = (cells, note + data)
        else:
            cells[-self.span] += data


def _clean(text):
    return " ".join(text.split())


def _html_tables(folder):
    parser = _Tables()
    parser.feed((folder / "survival_report.html").read_text(encoding="utf-8"))
    return {
        tuple(_clean(cell) for cell in table[0][0]): [
            ([_clean(cell) for cell in cells], _clean(note)) for cells, note in table[1:]
        ]
        for table in parser.tables
    }


def _word_rows(path, number=0):
    """Rows of a Word table with each footnote put back in the place of its letter."""
    document = docx.Document(path)
    remarks = {}
    for paragraph in document.paragraphs:
        if paragraph.runs and paragraph.runs[0].font.superscript:
            remarks[paragraph.runs[0].text] = "".join(r.text for r in paragraph.runs[1:]).strip()
    rows = []
    for row in document.tables[number].rows:
        cells, remark = [], ""
        for cell in row.cells:
            runs = cell.paragraphs[0].runs
            cells.append("".join(run.text for run in runs if not run.font.superscript))
            remark = next((remarks[r.text] for r in runs if r.font.superscript), remark)
        rows.append((cells, remark))
    return rows[1:]


@pytest.fixture(scope="module")
def folder(build_cohort, plan, random_patients, tmp_path_factory):
    """Sixty patients of whom the three well differentiated are alive, so that a remark is due."""
    patients = [
        {**patient, "tumor_grade": "well" if number < 3 else "moderate"}
        | ({"died": False, "recurrence_or_death": False} if number < 3 else {})
        for number, patient in enumerate(random_patients(60, 2))
    ]
    con = build_cohort(patients)
    analysis.analyze(con, plan)
    folder = tmp_path_factory.mktemp("word")
    analysis.render(con, plan, folder, registry_name="R", notice="Synthetic patients.")
    return folder


def test_table_1_holds_the_cells_of_the_report(folder):
    expected = _html_tables(folder)["Variable", "Known", "Value"]
    assert _word_rows(folder / "tables" / "table_1.docx") == expected
    assert len(expected) > 60


def test_table_2_holds_the_cells_and_remarks_of_the_report(folder):
    header = next(h for h in _html_tables(folder) if h[:2] == ("Factor", "Deaths / patients"))
    # In the report the counts of a factor stand behind its name.
    expected = _html_tables(folder)[header]
    found = _word_rows(folder / "tables" / "table_2.docx")
    assert [(cells[0], cells[2:], note) for cells, note in found] == [
        (cells[0], cells[2:], note) for cells, note in expected
    ]
    assert [cells[1] for cells, _ in found if cells[2]] == [
        cells[1] for cells, _ in expected if cells[2]
    ]
    assert any(note for _, note in found)


def test_survival_at_risk_and_tests_hold_the_cells_of_the_report(folder):
    pages = _html_tables(folder)
    path = folder / "tables" / "table_survival.docx"
    groups = [row for row, _ in _word_rows(path, 0) if any(row[1:])]
    expected = [
        row
        for header, rows in pages.items()
        if header[1:2] == ("Patients",) and header[3].startswith("Median")
        for row, _ in rows
    ]
    assert groups == expected
    assert len(groups) == 3
    at_risk = next(rows for header, rows in pages.items() if header[1] == "0 months")
    assert _word_rows(path, 1) == at_risk
    tests = next(rows for header, rows in pages.items() if header[-1] == "p for trend")
    assert _word_rows(path, 2) == tests


@pytest.mark.parametrize("name", ["table_1", "table_2", "table_survival"])
def test_set_like_a_journal(folder, name):
    document = docx.Document(folder / "tables" / f"{name}.docx")
    assert document.paragraphs[0].text == "Synthetic patients."
    assert document.paragraphs[1].text.startswith("Table ")
    section = document.sections[0]
    sides = sorted([round(section.page_width.mm), round(section.page_height.mm)])
    assert sides == [210, 297]
    for table in document.tables:
        header, *_, last = table.rows
        assert header._tr.trPr.find(qn("w:tblHeader")) is not None
        rules = [
            [border.tag for border in cell._tc.iter() if border.tag.endswith(("}top", "}bottom"))]
            for cell in (header.cells[0], last.cells[-1])
        ]
        assert rules == [[qn("w:top"), qn("w:bottom")], [qn("w:bottom")]]
        edges = {element.tag for element in table._tbl.iter()}
        assert qn("w:left") not in edges
        assert qn("w:insideV") not in edges


def test_a_document_holds_no_date_and_no_author(folder):
    with zipfile.ZipFile(folder / "tables" / "table_1.docx") as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        core = archive.read("docProps/core.xml").decode()
    assert "python" not in core
    assert "created" not in core
    assert "creator" not in core


def test_footnotes_beyond_the_alphabet(tmp_path):
    lines = [Line([f"row {n}", "1"], remark=f"Remark {n}.") for n in range(28)]
    path = write_document(tmp_path / "a.docx", [WordTable("Table", ["A", "B"], lines)], notice=None)
    assert [remark for _, remark in _word_rows(path)] == [f"Remark {n}." for n in range(28)]
    marks = [row.cells[0].paragraphs[0].runs[-1].text for row in docx.Document(path).tables[0].rows]
    assert marks[1:3] + marks[-2:] == ["a", "b", "aa", "ab"]


def test_nothing_to_estimate_gives_documents_all_the_same(build_cohort, plan, tmp_path):
    con = build_cohort([])
    analysis.analyze(con, plan)
    paths = analysis.render(con, plan, tmp_path, registry_name="R")
    names = {path.name for path in paths}
    assert {"table_1.docx", "table_2.docx", "table_survival.docx"} <= names
    assert docx.Document(tmp_path / "tables" / "table_2.docx").tables == []
