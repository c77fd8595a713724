"""Comparing with published figures: the file, the lookup, the verdict."""

from __future__ import annotations

import csv

import pytest

import analysis
from analysis.plan import load_plan
from analysis.published import COLUMNS, PublishedFigure, read_published_figures, verdict
from analysis.results import read_table

FIGURE = dict.fromkeys(COLUMNS, "") | {
    "label": "Male",
    "table": "cox_univariable",
    "variable": "sex",
    "level": "male",
    "statistic": "hazard_ratio",
    "printed": "1.25",
}


@pytest.fixture
def write_figures(tmp_path):
    """Writes published.csv from what differs from one hazard ratio, and gives its path."""

    def write(*figures):
        path = tmp_path / "published.csv"
        with path.open("w", encoding="utf-8", newline="") as handle:
            writer = csv.DictWriter(handle, COLUMNS)
            writer.writeheader()
            writer.writerows(FIGURE | figure for figure in figures)
        return path

    return write


@pytest.mark.parametrize(
    ("given", "found", "said"),
    [
        ({}, 1.25, "as printed"),
        ({}, 1.245, "as printed"),
        ({}, 1.2549, "as printed"),
        ({}, 1.2551, "outside"),
        ({"tolerance": "1%"}, 1.2551, "within tolerance"),
        ({"tolerance": "1%"}, 1.2625, "within tolerance"),
        ({"tolerance": "1%"}, 1.2626, "outside"),
        ({"tolerance": "0.1"}, 1.35, "within tolerance"),
        ({"tolerance": "0.1"}, 1.351, "outside"),
        ({"corrected": "1.35"}, 1.25, "outside"),
        ({"corrected": "1.350"}, 1.3504, "as printed"),
        ({"printed": "129"}, 129, "as printed"),
        ({"printed": "129"}, 130, "outside"),
        ({}, None, "not estimated"),
        # On the other side of 0.05, or of 1.
        ({"statistic": "p", "printed": "0.052", "tolerance": "0.01"}, 0.0501, "within tolerance"),
        ({"statistic": "p", "printed": "0.052", "tolerance": "0.01"}, 0.0499, "outside"),
        ({"statistic": "p", "printed": "0.05"}, 0.0496, "as printed"),
        ({"statistic": "ci_low", "printed": "1.00", "corrected": "1.001"}, 0.9999, "outside"),
        ({"statistic": "ci_low", "printed": "0.997", "tolerance": "1%"}, 1.001, "outside"),
        (
            {"statistic": "ci_high", "printed": "0.862", "tolerance": "1%"},
            0.865,
            "within tolerance",
        ),
    ],
)
def test_verdict(given, found, said):
    assert verdict(PublishedFigure(**(FIGURE | given)), found, 0.05) == said


@pytest.mark.parametrize(
    ("figure", "words"),
    [
        ({"table": "cox"}, "line 2: table: found 'cox'; expected one of table_one"),
        ({"printed": ""}, "line 2: printed: found nothing; expected a number"),
        ({"printed": "1,25"}, "line 2: printed: found '1,25'; expected a number"),
        ({"tolerance": "a bit"}, "line 2: tolerance: found 'a bit'; expected a number"),
    ],
)
def test_a_mistake_names_file_line_and_what_fits(write_figures, figure, words):
    path = write_figures(figure)
    with pytest.raises(analysis.PlanError) as error:
        read_published_figures(path)
    assert f"{path}, {words}" in str(error.value)


def test_a_file_without_a_column_is_refused(tmp_path):
    path = tmp_path / "published.csv"
    path.write_text("label,table\na,cox_univariable\n", encoding="utf-8")
    with pytest.raises(analysis.PlanError, match="no column variable, level, statistic"):
        read_published_figures(path)
    with pytest.raises(analysis.PlanError, match="cannot be read"):
        read_published_figures(tmp_path / "nowhere.csv")


@pytest.fixture
def plan(tmp_path):
    """A plan that extends the default one and names published.csv beside it."""

    def load(text=""):
        path = tmp_path / "plan.yml"
        base = analysis.plan.DEFAULT_PLAN
        path.write_text(
            f"extends: {base}\npublished_figures: published.csv\n{text}", encoding="utf-8"
        )
        return load_plan(path)

    return load


def test_a_plan_extends_another(plan, write_figures):
    write_figures({})
    own = plan("title: Another\ndefinitions: {age_cutoff_years: 70}\n")
    default = load_plan(analysis.plan.DEFAULT_PLAN)
    assert own.title == "Another"
    assert own.factor("age_group").levels == ["<70", ">=70"]
    assert own.factor("size_group") == default.factor("size_group")
    assert own.selection == default.selection


def test_plans_that_extend_each_other_are_refused(tmp_path):
    for name, other in (("a.yml", "b.yml"), ("b.yml", "a.yml")):
        (tmp_path / name).write_text(f"extends: {other}\n", encoding="utf-8")
    with pytest.raises(analysis.PlanError, match="extends this one"):
        load_plan(tmp_path / "a.yml")


def test_figures_are_looked_up_and_day_0_is_left_out_beside(
    build_cohort, random_patients, plan, write_figures
):
    write_figures(
        {"tolerance": "1000%"},
        {"table": "table_one", "level": "male", "statistic": "count", "printed": "1"},
        {"table": "table_one", "level": "male", "statistic": "percent", "printed": "1"},
        {"table": "table_one", "variable": "age_at_operation", "level": "", "statistic": "mean"},
        {
            "table": "survival_summary",
            "variable": "overall",
            "level": "all",
            "statistic": "survival_at_landmark",
            "at_months": "12",
        },
        {"table": "logrank", "variable": "margin_group", "level": ">1 mm | 1 mm", "statistic": "p"},
        {"level": "unheard of"},
    )
    patients = random_patients(120, 1)
    for patient in patients[:3]:
        patient.update(follow_up_days=0, died=True, died_within_30_days=True)
    con = build_cohort(patients)
    own = plan('logrank: [{column: margin_group, levels: [">1 mm", "1 mm"]}]')
    analysis.analyze(con, own)
    rows = read_table(con, "results.reproduction")
    ratio, count, percent, mean, alive, logrank, unknown = rows
    males = sum(patient["sex"] == "male" for patient in patients)
    assert ratio["verdict"] == "within tolerance"
    assert ratio["difference"] == ratio["reproduced"] - 1.25
    assert ratio["without_day_0"] != ratio["reproduced"]
    assert count["reproduced"] == males
    assert percent["reproduced"] == pytest.approx(100 * males / 120)
    ages = [patient["age_at_operation"] for patient in patients]
    assert mean["reproduced"] == pytest.approx(sum(ages) / 120)
    assert mean["without_day_0"] is None
    # Of 120 patients 3 fewer are there to die, and these died at once.
    assert alive["without_day_0"] == pytest.approx(alive["reproduced"] * 120 / 117)
    assert logrank["reproduced"] is not None
    assert (unknown["reproduced"], unknown["verdict"]) == (None, "not estimated")
    (test,) = read_table(con, "results.logrank")
    near = [p for p in patients if p["margin_group"] in (">1 mm", "1 mm")]
    assert (test["groups"], test["patients"], test["all_levels"]) == (2, len(near), False)


@pytest.mark.slow
def test_without_published_figures_there_is_nothing_to_compare(
    build_cohort, random_patients, tmp_path
):
    con = build_cohort(random_patients(60, 2))
    default = load_plan(analysis.plan.DEFAULT_PLAN)
    analysis.analyze(con, default)
    assert read_table(con, "results.reproduction") == []
    analysis.render(con, default, tmp_path, registry_name="A registry")
    report = (tmp_path / "survival_report.html").read_text(encoding="utf-8")
    assert "published figures" not in report
