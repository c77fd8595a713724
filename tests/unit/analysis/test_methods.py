"""The methods say what the plan asks for and was done, and nothing else."""

from __future__ import annotations

import docx
import pytest

import analysis
from analysis.methods import AUTHORS, NOT_DONE, checklist, paragraphs
from analysis.plan import CutpointVariable, FixedSelection, Restriction, UnivariableSelection
from analysis.results import TABLES, read_table

WHOLE = {"bootstrap_resamples": 5, "imputations": 2}


@pytest.fixture(scope="module")
def full(build_cohort, plan, random_patients):
    """A cohort with everything done, of which four patients' follow-up ends on day 0."""
    patients = random_patients(150, 4)
    for patient in patients[:4]:
        patient |= {"follow_up_days": 0, "recurrence_free_days": 0}
    for patient in patients[5:12]:
        patient["hepatectomy_extent"] = None
    con = build_cohort(patients)
    changed = plan.model_copy(update=WHOLE)
    analysis.analyze(con, changed)
    return changed, {name: read_table(con, f"results.{name}") for name in TABLES}


FLOW = [
    {"step": "All", "patients": 200, "excluded": 0, "reason": "every patient"},
    {"step": "Liver", "patients": 150, "excluded": 50, "reason": "no liver resection"},
]


def _text(plan, results, flow=FLOW):
    found = paragraphs(plan, results, flow, registry_name="Registry A", data_as_of="2024-01-01")
    return "\n".join(paragraph.text for paragraph in found)


@pytest.mark.parametrize(
    ("change", "before", "after"),
    [
        ({"ties": "efron"}, "Breslow's handling of ties", "Efron's handling of ties"),
        ({"confidence_level": 0.9}, "log 95% confidence", "log 90% confidence"),
        ({"confidence_interval": "log-log"}, "variance and log 95%", "variance and log-log 95%"),
        ({"landmarks_months": [24]}, "at 12, 36 and 60 months", "at 24 months"),
        ({"rmst_months": 36}, "curve up to 60 months", "curve up to 36 months"),
        ({"imputations": 50}, "imputed 2 times", "imputed 50 times"),
        ({"bootstrap_resamples": 9}, "in 5 bootstrap", "in 9 bootstrap"),
        ({"seed": 7}, "seed 20160101", "seed 7"),
        ({"day_zero": "drop_like_stata"}, "are kept", "are dropped, as Stata does"),
        (
            {"selection": UnivariableSelection(rule="univariable_p", threshold=0.2)},
            "p < 0.1 alone. The plan forces age at operation and sex",
            "p < 0.2 alone. The plan keeps",
        ),
        (
            {"selection": FixedSelection(rule="fixed", factors=["sex"])},
            "A factor entered the multivariable model when",
            "were fixed in the analysis plan",
        ),
        ({"exclude": []}, "The plan keeps out of it", None),
        (
            {"cohort": [Restriction(column="chronology", levels=["synchronous"])]},
            None,
            "Only patients with chronology synchronous were analyzed.",
        ),
        (
            {
                "cutpoints": [
                    CutpointVariable(
                        column="largest_metastasis_mm", label="CEA", proportion=0.2, resamples=0
                    )
                ]
            },
            "For largest metastasis the cut with the largest log-rank statistic was searched, with "
            "at least 10% of the patients on either side, its p corrected for the search (Lausen "
            "and Schumacher); 200 bootstrap",
            "For CEA the cut with the largest log-rank statistic was searched, with at least 20% "
            "of the patients on either side, its p corrected for the search (Lausen and "
            "Schumacher).",
        ),
        ({"endpoint": "recurrence_free_survival"}, "to death from any", "the first of recurrence"),
        ({"disclosure": "five"}, "quartiles (interpolated linearly) and range", "counts of 1 to 4"),
        ({"disclosure": "opensafely"}, None, "midpoint 6"),
    ],
    ids=lambda value: "_".join(value) if isinstance(value, dict) else "",
)
def test_each_option_of_the_plan_has_its_sentence(full, change, before, after):
    plan, results = full
    usual, changed = _text(plan, results), _text(plan.model_copy(update=change), results)
    assert before is None or (before in usual and before not in changed)
    assert after is None or (after in changed and after not in usual)


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ("restricted_mean", "restricted mean"),
        ("logrank", "log-rank test ("),
        ("logrank_pairwise", "Holm"),
        ("cox_univariable", "Cox"),
        ("cox_multivariable", "entered the multivariable model"),
        ("proportional_hazards", "Schoenfeld"),
        ("model_fit", "concordance"),
        ("cox_imputed", "imputed"),
        ("cumulative_incidence", "Aalen and Johansen"),
        ("cumulative_incidence", "Gray"),
        ("gray_test", "Gray"),
        ("cutpoint", "Lausen"),
        ("spline", "spline"),
        ("sensitivity", "Sensitivity"),
        ("survival_curve", "Greenwood"),
    ],
)
def test_what_was_not_done_has_no_sentence(full, table, words):
    plan, results = full
    assert words in _text(plan, results)
    assert words not in _text(plan, results | {table: []})


def test_numbers_and_names_come_from_the_registry(full):
    text = _text(*full)
    assert "The patients come from Registry A (data as of 2024-01-01)." in text
    assert "no liver resection (50)" in text
    assert "every patient" not in text
    assert "lifelines" in text
    assert "(resection, surgical margin and hepatectomy)" in text


def test_an_empty_cohort_tells_of_no_estimate(results_of, plan):
    text = _text(plan, results_of([]), [])
    for words in ("Cox", "log-rank", "Kaplan–Meier method with", "imputed", "spline", "bootstrap"):
        assert words not in text


def test_checklist_points_to_what_is_there(full):
    plan, results = full
    items = {item.asks: item.answer for item in checklist(plan, results, [("a", "b")])}
    assert items["Sensitivity analyses"] == "Disputed definitions"
    assert items["Estimates of all factors in one model"] == "Table 2, multivariable model"
    assert "Proportional hazards" in items["Statistical methods, selection of factors, assumptions"]
    assert items["Funding; ethics approval and consent"] == AUTHORS
    assert items["Other analyses done"].startswith("Competing risks, cut-points")
    without = {name: [] for name in TABLES}
    items = {item.asks: item.answer for item in checklist(plan, results | without, [])}
    assert items["Sensitivity analyses"] == NOT_DONE
    assert items["Other analyses done"] == NOT_DONE
    assert items["Estimates of all factors in one model"] == NOT_DONE
    assert items["Outcomes and factors, and how each is defined"].endswith(AUTHORS)
    strobe = {part for item in checklist(plan, results, []) for part in item.strobe.split("–")}
    assert {"1", "4", "12a", "13", "14a", "16a", "22"} <= strobe


@pytest.mark.slow
def test_report_and_document_hold_the_same_words(build_cohort, plan, random_patients, tmp_path):
    con = build_cohort(random_patients(60, 2))
    analysis.analyze(con, plan)
    analysis.render(
        con,
        plan,
        tmp_path,
        registry_name="Registry A",
        notice="Synthetic.",
        definitions=[("R0 is a margin of", "1 mm")],
    )
    html = (tmp_path / "survival_report.html").read_text(encoding="utf-8")
    document = docx.Document(tmp_path / "tables" / "methods.docx")
    texts = [paragraph.text for paragraph in document.paragraphs]
    assert texts[0] == "Synthetic."
    for text in (next(t for t in texts if "Greenwood" in t), next(t for t in texts if "Cox" in t)):
        assert text.replace("'", "&#39;").replace("<", "&lt;") in html
    definitions, items = document.tables
    assert [cell.text for cell in definitions.rows[1].cells] == ["R0 is a margin of", "1 mm"]
    assert len(items.rows) > 20
