"""Tables as Word documents, to be taken into a manuscript: three rules, no vertical lines.

Every cell is text that `analysis.tables` and `analysis.sections` made for the report; nothing is
computed here. A document holds no date, no author and no program, so that the same cells always
give the same file.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from docx.document import Document
    from docx.table import _Cell, _Row

    from analysis.sections import Section

FONT = "Times New Roman"
FONT_POINTS = 9
A4_MM = (210, 297)
MARGIN_MM = 18
# Columns beyond which a page lies on its side.
PORTRAIT_COLUMNS = 7
# Word measures rules in eighths of a point.
RULE_EIGHTHS = {"outer": 8, "inner": 4}
# The earliest time a ZIP archive can hold.
NO_TIME = (1980, 1, 1, 0, 0, 0)

HEAD, SUB, PLAIN = "head", "sub", "plain"


@dataclass(frozen=True)
class Line:
    """A row of a table: its cells, how it is set, and a remark that becomes a footnote.

    `kind` is HEAD (bold, opens a block), SUB (indented under it) or PLAIN.
    """

    cells: list[str]
    kind: str = PLAIN
    remark: str = ""


@dataclass(frozen=True)
class WordTable:
    """A table with its caption above and the notes below it; `words` are not centered."""

    caption: str
    columns: list[str]
    lines: list[Line]
    notes: list[str] = field(default_factory=list)
    words: bool = False


def table_one(context: dict[str, Any]) -> WordTable:
    """Table 1 from the cells of the report."""
    patients = context["cohort_patients"]
    lines = [
        Line(
            [row["name"], row["known"], row["value"]],
            HEAD if row["kind"] == "variable" else SUB,
        )
        for row in context["table_one"]
    ]
    size = f"{patients} patients" if patients else "The patients"
    return WordTable(
        f"Table 1. {size} of the cohort",
        ["Variable", "Known, n", "Value"],
        lines,
        [
            "Values are n (%) unless stated otherwise. Percents of levels are of the patients "
            "with a known value; percents of the unknown are of all patients, with the reasons "
            "and their numbers of patients. SD, standard deviation.",
            *_disclosure(context),
        ],
    )


def table_two(context: dict[str, Any]) -> WordTable:
    """Table 2, univariable beside multivariable hazard ratios, from the cells of the report."""
    events, percent = context["endpoint"].events, context["percent"]
    lines = [
        Line([row["name"], row["counts"], "", "", "", ""], HEAD)
        if row["kind"] == "factor"
        else Line(
            [
                row[name]
                for name in (
                    "name",
                    "counts",
                    "univariable",
                    "univariable_p",
                    "multivariable",
                    "multivariable_p",
                )
            ],
            SUB,
            row["note"],
        )
        for row in context["cox"]
    ]
    model = context["multivariable"]
    together = (
        f"The multivariable model has {model['estimates']} coefficients on {model['n']} patients "
        f"complete for all its factors, with {model['events']} {events}."
        if model
        else "No multivariable model could be estimated."
    )
    return WordTable(
        f"Table 2. Cox models of {context['endpoint'].name}",
        [
            "Factor",
            f"{events.capitalize()} / patients",
            f"Univariable HR ({percent}% CI)",
            "p",
            f"Multivariable HR ({percent}% CI)",
            "p",
        ],
        lines,
        [
            "Cox proportional hazards models with "
            f"{context['plan'].ties.capitalize()}'s handling of ties; two-sided Wald tests. Each "
            f"univariable model has the patients (n) in whom its factor is known. {together} "
            "CI, confidence interval; HR, hazard ratio.",
            *_disclosure(context),
        ],
    )


def survival(context: dict[str, Any]) -> list[WordTable]:
    """Survival by group, the numbers at risk, and the log-rank tests, as far as there are any."""
    plan, endpoint, percent = context["plan"], context["endpoint"], context["percent"]
    months = plan.landmarks_months
    lines = [_group_line(context["overall_group"], months)] if context["overall_group"] else []
    for group in context["groups"]:
        if group["rows"]:
            lines.append(Line([group["label"], *[""] * (3 + 2 * len(months))], HEAD))
            lines += [_group_line(row, months, SUB) for row in group["rows"]]
    columns = ["Group", "Patients", endpoint.events.capitalize(), f"Median, months ({percent}% CI)"]
    for month in months:
        columns += [f"{month} months ({percent}% CI)", "At risk"]
    made = [
        WordTable(
            f"Table 3. {endpoint.name.capitalize()}: median and survival at landmarks",
            columns,
            lines,
            [
                "Kaplan–Meier estimates with "
                f"{plan.confidence_interval} {percent}% confidence intervals. "
                "Not reached: the curve, or its limit, does not fall to one half. Beyond "
                "follow-up: nobody was followed to this month. CI, confidence interval.",
                *_disclosure(context),
            ],
        )
    ]
    if "risk_table" in context["sections"]:
        made.append(_section("Table 4. Numbers at risk", context["sections"]["risk_table"]))
    if context["logrank"]:
        made.append(
            WordTable(
                "Table 5. Log-rank tests",
                [
                    "Grouping",
                    "Levels",
                    "Patients",
                    endpoint.events.capitalize(),
                    "χ²",
                    "df",
                    "p",
                    "p for trend",
                ],
                [
                    Line(
                        [
                            row["label"],
                            row["levels"],
                            row["patients"],
                            row["events"],
                            row["chi_square"],
                            row["degrees_of_freedom"],
                            row["p"],
                            row["trend_p"],
                        ],
                        remark=row["note"],
                    )
                    for row in context["logrank"]
                ],
                [
                    "p for trend over the order of the levels, where there are three or more. "
                    "df, degrees of freedom."
                ],
            )
        )
    return made


def methods(context: dict[str, Any]) -> list[WordTable]:
    """What stands under the methods: the definitions in force, and the reporting checklist."""
    defined = [Line([meaning, value]) for meaning, value in context["definitions"]]
    made = [WordTable("Definitions in force", ["What it decides", "Value"], defined, words=True)]
    items = [
        Line([item.strobe, item.remark, item.asks, item.answer]) for item in context["checklist"]
    ]
    asked = WordTable(
        "Reporting checklist",
        ["STROBE", "REMARK", "What is asked", "Where it is answered"],
        items,
        ["Items of STROBE (cohort studies) and REMARK (prognostic tumor markers), in short."],
        words=True,
    )
    return [*(made if defined else []), asked]


def _group_line(row: dict[str, str], months: Iterable[int], kind: str = PLAIN) -> Line:
    def beside(estimate: str, interval: str) -> str:
        return f"{estimate} ({interval})" if interval else estimate

    cells = [
        row["level"].capitalize() if row["level"] == "all" else row["level"],
        row["patients"],
        row["events"],
        beside(row["median"], row["median_ci"]),
    ]
    for month in months:
        cells += [
            beside(row[f"survival_{month}"], row[f"survival_ci_{month}"]),
            row[f"at_risk_{month}"],
        ]
    return Line(cells, kind)


def _section(caption: str, section: Section) -> WordTable:
    return WordTable(caption, section.columns, [Line(row) for row in section.rows], [section.words])


def _disclosure(context: dict[str, Any]) -> list[str]:
    return [context["disclosure"]] if context["disclosure"] else []


def write_document(
    path: Path,
    tables: Sequence[WordTable],
    *,
    notice: str | None,
    paragraphs: Sequence[tuple[str, str]] = (),
    title: str | None = None,
) -> Path:
    """Write tables as one document on A4; `notice` is its first line, then come the paragraphs,
    each with its heading. The title of the document is that of its first table where none is given.

    The page lies on its side where a table is wide.
    """
    import docx
    from docx.enum.section import WD_ORIENT
    from docx.shared import Mm, Pt

    document = docx.Document()
    section = document.sections[0]
    wide = any(len(table.columns) > PORTRAIT_COLUMNS for table in tables)
    width, height = reversed(A4_MM) if wide else A4_MM
    section.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(width), Mm(height)
    section.left_margin = section.right_margin = Mm(MARGIN_MM)
    section.top_margin = section.bottom_margin = Mm(MARGIN_MM)
    _set_font(document)
    if notice:
        _paragraph(document, notice, bold=True)
    for heading, text in paragraphs:
        _paragraph(document, heading, bold=True).paragraph_format.keep_with_next = True
        _paragraph(document, text).paragraph_format.space_after = Pt(6)
    for table in tables:
        _add(document, table, width - 2 * MARGIN_MM)
    _forget_origin(document, title or tables[0].caption)
    path.write_bytes(_without_times(document))
    return path


def _set_font(document: Document) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Pt

    normal: Any = document.styles["Normal"]
    normal.font.name, normal.font.size = FONT, Pt(FONT_POINTS)
    # Word keeps the font of non-Latin text apart.
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
    normal.paragraph_format.space_after = Pt(0)


def _paragraph(document: Document, text: str, *, bold: bool = False) -> Any:
    paragraph = document.add_paragraph()
    paragraph.add_run(text).bold = bold
    return paragraph


def _add(document: Document, table: WordTable, width_mm: float) -> None:
    from docx.enum.table import WD_TABLE_ALIGNMENT
    from docx.shared import Mm, Pt

    caption = _paragraph(document, table.caption, bold=True)
    caption.paragraph_format.keep_with_next = True
    caption.paragraph_format.space_before = Pt(12)
    caption.paragraph_format.space_after = Pt(4)
    if not table.lines:
        _paragraph(document, "Nothing could be estimated.")
        return
    letters = _letters(table.lines)
    made = document.add_table(rows=0, cols=len(table.columns))
    made.autofit = False
    made.alignment = WD_TABLE_ALIGNMENT.LEFT
    widths = [Mm(share * width_mm) for share in _widths(table)]
    for column, width in zip(made.columns, widths, strict=True):
        column.width = width
    header = made.add_row()
    _fill(header, table.columns, widths, bold=True, centered=not table.words)
    _repeat(header)
    for number, line in enumerate(table.lines):
        row = made.add_row()
        _fill(
            row,
            line.cells,
            widths,
            bold=line.kind == HEAD,
            centered=not table.words,
            indented=line.kind == SUB,
            mark=letters.get(line.remark, ""),
            # A heading does not stand alone at the foot of a page.
            with_next=number + 1 < len(table.lines) and table.lines[number + 1].kind == SUB,
        )
    _rule(header, "top", "outer")
    _rule(header, "bottom", "inner")
    _rule(made.rows[-1], "bottom", "outer")
    for text in table.notes:
        note = _paragraph(document, text)
        note.paragraph_format.space_before = Pt(3)
    for remark, letter in letters.items():
        note = document.add_paragraph()
        note.add_run(letter).font.superscript = True
        note.add_run(f" {remark}")


def _letters(lines: Iterable[Line]) -> dict[str, str]:
    """Remark -> its footnote letter, in the order of the table: a … z, aa, ab …"""
    remarks = dict.fromkeys(line.remark for line in lines if line.remark)
    letters = {}
    for number, remark in enumerate(remarks):
        prefix = chr(ord("a") + number // 26 - 1) if number >= 26 else ""
        letters[remark] = prefix + chr(ord("a") + number % 26)
    return letters


def _widths(table: WordTable) -> list[float]:
    """The share of each column, by its longest text; a header may break, a cell should not."""
    lengths = []
    for number, column in enumerate(table.columns):
        # Bold capitals are wide.
        words = 1.4 * max((len(word) for word in column.split()), default=1)
        cells = max(
            (len(line.cells[number]) * (1.1 if line.kind == HEAD else 1) for line in table.lines),
            default=1,
        )
        # The margins of a cell take as much as three letters.
        lengths.append(min(max(words, cells, 7) + 3, 44))
    return [length / sum(lengths) for length in lengths]


def _fill(
    row: _Row,
    cells: Sequence[str],
    widths: Sequence[Any],
    *,
    bold: bool = False,
    centered: bool = True,
    indented: bool = False,
    mark: str = "",
    with_next: bool = False,
) -> None:
    from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Mm, Pt

    _keep_whole(row)
    for number, (cell, text, width) in enumerate(zip(row.cells, cells, widths, strict=True)):
        cell.width = width
        cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.TOP
        paragraph = cell.paragraphs[0]
        paragraph.add_run(text).bold = bold
        paragraph.paragraph_format.keep_with_next = with_next
        paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(1)
        if number:
            if centered:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            continue
        if indented:
            paragraph.paragraph_format.left_indent = Mm(4)
        if mark:
            paragraph.add_run(mark).font.superscript = True


def _row_property(row: _Row, name: str) -> None:
    from docx.oxml import OxmlElement

    row._tr.get_or_add_trPr().append(OxmlElement(name))


def _repeat(header: _Row) -> None:
    """The row is shown again at the top of each page."""
    _row_property(header, "w:tblHeader")


def _keep_whole(row: _Row) -> None:
    """No page breaks within the row."""
    _row_property(row, "w:cantSplit")


def _rule(row: _Row, edge: str, weight: str) -> None:
    for cell in row.cells:
        _border(cell, edge, RULE_EIGHTHS[weight])


def _border(cell: _Cell, edge: str, eighths: int) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    properties = cell._tc.get_or_add_tcPr()
    borders = properties.find(qn("w:tcBorders"))
    if borders is None:
        borders = OxmlElement("w:tcBorders")
        # The schema wants the borders before the vertical alignment.
        after = properties.find(qn("w:vAlign"))
        if after is None:
            properties.append(borders)
        else:
            after.addprevious(borders)
    rule = OxmlElement(f"w:{edge}")
    for name, value in (
        ("val", "single"),
        ("sz", str(eighths)),
        ("space", "0"),
        ("color", "000000"),
    ):
        rule.set(qn(f"w:{name}"), value)
    borders.append(rule)


def _forget_origin(document: Document, title: str) -> None:
    """Only the title stays of what a document says of itself."""
    properties = document.core_properties
    for element in list(properties._element):
        properties._element.remove(element)
    properties.title = title


def _without_times(document: Document) -> bytes:
    """The bytes of a document, whose archive would otherwise hold the time of writing."""
    written, fixed = io.BytesIO(), io.BytesIO()
    document.save(written)
    with (
        zipfile.ZipFile(written) as source,
        zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, NO_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, source.read(name))
    return fixed.getvalue()
