"""The report says what the tables say, works offline and survives an empty cohort."""

from __future__ import annotations

import csv
import re
import xml.etree.ElementTree as ET
from html.parser import HTMLParser

import pytest

import analysis
from analysis.errors import AnalysisError
from analysis.results import TABLES, read_table


@pytest.fixture
def rendered(build_cohort, plan, tmp_path):
    def render(patients, **options):
        con = build_cohort(patients)
        analysis.analyze(con, plan)
        options = {"registry_name": "Example registry", **options}
        paths = analysis.render(con, plan, tmp_path, **options)
        return con, paths, (tmp_path / "survival_report.html").read_text(encoding="utf-8")

    return render


@pytest.fixture(scope="module")
def small(build_cohort, plan, random_patients, tmp_path_factory):
    """A cohort of 60 whose lobar involvement nobody collected, rendered once for several tests."""
    patients = [
        {**p, "lobar_involvement": None, "lobar_involvement_missing_reason": "not_collected"}
        for p in random_patients(60, 2)
    ]
    con = build_cohort(patients)
    analysis.analyze(con, plan)
    folder = tmp_path_factory.mktemp("report")
    names = {"registry_name": "A & <b>B</b>", "notice": "<i>x</i>"}
    paths = analysis.render(con, plan, folder, **names)
    return con, paths, folder


class _Balance(HTMLParser):
    void = frozenset({"meta", "br", "use", "path", "circle", "rect"})

    def __init__(self):
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.ids += [value for name, value in attrs if name == "id"]
        if tag not in self.void:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.ids += [value for name, value in attrs if name == "id"]

    def handle_endtag(self, tag):
        if tag not in self.void:
            assert self.open.pop() == tag


def test_report_of_a_plausible_cohort(rendered, random_patients, tmp_path):
    con, paths, html = rendered(
        random_patients(248, 3), notice="Synthetic data.", data_as_of="2024-03-01"
    )
    assert all(path.is_file() for path in paths)
    assert "http:" not in html
    assert "https:" not in html
    assert "<script" not in html
    assert "Synthetic data." in html
    assert "2024-03-01" in html
    assert "Example registry" in html
    parser = _Balance()
    parser.feed(html)
    assert parser.open == []
    assert len(parser.ids) == len(set(parser.ids))
    targets = set(re.findall(r'url\(#([^)]+)\)|href="#([^"]+)"', html))
    assert {a or b for a, b in targets} <= set(parser.ids)
    # Text stays text in the figures, and takes the color of the page.
    assert html.count("<svg") == 9
    assert "Months since the operation</text>" in html
    assert "currentColor" in html
    row = next(r for r in read_table(con, "results.cox_multivariable") if r["level"] == "major")
    ratio = f"{row['hazard_ratio']:.2f} ({row['ci_low']:.2f}–{row['ci_high']:.2f})"
    assert html.count(ratio) >= 2
    names = {path.relative_to(tmp_path).as_posix() for path in paths}
    assert {f"tables/{name}.csv" for name in TABLES} <= names
    for figure in (
        "survival_overall",
        "survival_resection_status",
        "forest_multivariable",
        "spline_age_at_operation",
        "cohort_flow",
        "log_minus_log_resection_status",
        "schoenfeld_multivariable",
        "time_dependent_roc_largest_metastasis_mm",
    ):
        assert {f"figures/{figure}.{suffix}" for suffix in ("svg", "pdf", "png")} <= names


def test_tables_hold_every_row_and_full_precision(small):
    con, _, folder = small
    with (folder / "tables" / "survival_curve.csv").open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    expected = read_table(con, "results.survival_curve")
    assert [float(row["survival"]) for row in rows] == [row["survival"] for row in expected]


def test_the_same_results_give_the_same_files(small, plan, tmp_path):
    con, paths, _ = small
    again = analysis.render(con, plan, tmp_path, registry_name="A & <b>B</b>", notice="<i>x</i>")
    for first, second in zip(paths, again, strict=True):
        assert first.read_bytes() == second.read_bytes(), first.name


def test_figures_name_themselves(small):
    folder = small[2] / "figures"
    svg = (folder / "survival_resection_status.svg").read_text(encoding="utf-8")
    title = "Kaplan–Meier curve of overall survival by Resection"
    assert f"<title>{title}</title>" in svg[:600]
    assert ET.fromstring(svg).get("role") == "img"
    png = (folder / "survival_resection_status.png").read_bytes()
    assert title.encode() in png
    # Type 42 fonts are embedded, and a PDF names itself.
    pdf = (folder / "forest_multivariable.pdf").read_bytes()
    assert b"/Title" in pdf
    assert b"/FontFile2" in pdf
    html = (small[2] / "survival_report.html").read_text(encoding="utf-8")
    assert html.count('role="img" aria-label="') == html.count("<svg")


def test_files_hold_no_date_and_no_address(small):
    _, paths, _ = small
    for path in paths:
        content = path.read_bytes()
        assert b"CreationDate" not in content, path.name
        without_namespace = content.replace(b'xmlns="http://www.w3.org/2000/svg"', b"")
        assert b"http" not in without_namespace, path.name


def test_names_are_escaped(small):
    html = (small[2] / "survival_report.html").read_text(encoding="utf-8")
    assert "A &amp; &lt;b&gt;B" in html
    assert "<i>x</i>" not in html


def test_report_says_why_a_factor_is_missing(small):
    html = (small[2] / "survival_report.html").read_text(encoding="utf-8")
    assert "Lobar involvement is left out: the field is not collected in these extracts" in html
    assert "unknown: not collected 60" in html


@pytest.mark.slow
@pytest.mark.parametrize(
    "patients",
    [[], [{"died": None, "follow_up_days": None}] * 3, [{}], [{"died": True, "follow_up_days": 0}]],
    ids=["empty", "no_survival_times", "one_alive", "one_dead_on_day_0"],
)
def test_report_of_almost_nothing(rendered, patients):
    _, paths, html = rendered(patients)
    assert paths
    if not patients or patients[0].get("died", False) is None:
        assert "there is nothing to estimate" in html
        # Who left on the way can be told of any patient.
        assert html.count("<svg") == bool(patients)
    assert "No Cox model could be estimated." in html
    assert "None" not in html
    assert "nan" not in html


@pytest.mark.slow
@pytest.mark.parametrize(
    "name",
    ["no_events", "all_dead_on_day_0", "one_empty_group", "all_tied", "perfect_separation"],
)
def test_report_at_the_edge_of_what_can_be_estimated(edges, plan, tmp_path, name):
    report, *_ = analysis.render(edges[name], plan, tmp_path, registry_name="R")
    html = report.read_text(encoding="utf-8")
    assert "None" not in html
    assert "nan" not in html


def test_a_figure_that_is_no_longer_drawn_disappears(build_cohort, plan, tmp_path):
    stale = tmp_path / "figures" / "forest_multivariable.svg"
    stale.parent.mkdir()
    stale.write_text("an earlier night", encoding="utf-8")
    con = build_cohort([])
    analysis.analyze(con, plan)
    analysis.render(con, plan, tmp_path, registry_name="R")
    assert not stale.exists()


def test_render_needs_results(build_cohort, plan, tmp_path):
    with pytest.raises(AnalysisError, match=r"results\.table_one is missing"):
        analysis.render(build_cohort([{}]), plan, tmp_path, registry_name="R")
