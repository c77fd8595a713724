"""Which patients, which endpoint, which rule: what the plan chooses and what else it could be."""

from __future__ import annotations

import pytest

import analysis
from analysis.errors import AnalysisError
from analysis.plan import Restriction
from analysis.sensitivity import DAY_ZERO
from orchestration.explain import model_levels, model_parts


def _overall(results, measure):
    return next(
        row["estimate"]
        for row in results["survival_summary"]
        if row["grouping"] == "overall" and row["measure"] == measure
    )


def test_recurrence_free_survival_reads_its_own_columns(results_of, random_patients):
    patients = random_patients(100, 7)
    results = results_of(patients, endpoint="recurrence_free_survival")
    assert _overall(results, "events") == sum(p["recurrence_or_death"] for p in patients)
    assert _overall(results, "events") > sum(p["died"] for p in patients)
    curve = [row for row in results["survival_curve"] if row["grouping"] == "overall"]
    assert curve[-1]["time_days"] == max(p["recurrence_free_days"] for p in patients)
    assert results["endpoint"][0]["event_column"] == "recurrence_or_death"


@pytest.mark.slow
def test_recurrence_free_report_does_not_speak_of_deaths_as_events(
    build_cohort, plan, random_patients, tmp_path
):
    changed = plan.model_copy(update={"endpoint": "recurrence_free_survival"})
    con = build_cohort(
        [*random_patients(60, 7), {"recurrence_or_death": None, "recurrence_free_days": None}]
    )
    analysis.analyze(con, changed)
    report, *_ = analysis.render(con, changed, tmp_path, registry_name="R")
    html = report.read_text(encoding="utf-8")
    assert "<h2>Recurrence-free survival</h2>" in html
    assert "Recurrence-free survival (%)</text>" in html
    assert "Recurrence or death unknown: not reported" in html
    assert "Overall survival runs" not in html
    assert ">Deaths<" not in html


@pytest.mark.slow
def test_dropping_day_zero_is_a_step_and_the_report_says_what_it_changes(
    build_cohort, results_of, plan, random_patients, tmp_path
):
    patients = random_patients(40, 3)
    patients += [{"died": True, "follow_up_days": 0}] * 5
    kept = results_of(patients)
    dropped = results_of(patients, day_zero="drop_like_stata")
    assert _overall(kept, "patients") == 45
    assert _overall(dropped, "patients") == 40
    flow = [
        row
        for row in dropped["model_flow"]
        if (row["factor"], row["step"]) == ("sex", "day_zero_dropped")
    ]
    assert [(row["excluded"], row["remaining"]) for row in flow] == [(5, 40)]
    sex = [row for row in dropped["cox_univariable"] if row["factor"] == "sex"]
    assert {row["n"] for row in sex} == {40}
    # Each rule says the same of the other as the other of itself.
    for results in (kept, dropped):
        rows = [row for row in results["sensitivity"] if row["definition"] == DAY_ZERO]
        medians = {r["variant"]: r for r in rows if r["measure"] == "median_survival_months"}
        assert {name: row["n"] for name, row in medians.items()} == {"kept": 45, "dropped": 40}
        assert medians["kept"]["in_force"] == (results is kept)
        assert medians["kept"]["estimate"] == _overall(kept, "median_survival_months")
        assert medians["dropped"]["estimate"] == _overall(dropped, "median_survival_months")
    con = build_cohort(patients)
    analysis.analyze(con, plan)
    report, *_ = analysis.render(con, plan, tmp_path, registry_name="R")
    before = _overall(kept, "median_survival_months")
    after = _overall(dropped, "median_survival_months")
    sentence = (
        "Patients whose follow-up ends on the day of surgery are kept: 5, of them 5 with the "
        f"event; dropping them would change the median from {before:.1f} to {after:.1f} months"
    )
    assert sentence in report.read_text(encoding="utf-8")


def test_restricted_cohort_is_counted_step_by_step(results_of):
    patients = [{"sex": "male"}] * 4 + [{"chronology": "metachronous"}] * 3 + [{}] * 2
    patients.append({"sex": None})
    conditions = [
        Restriction(column="sex", levels=["female"]),
        Restriction(column="chronology", levels=["synchronous", "unheard of"]),
    ]
    results = results_of(patients, cohort=conditions)
    steps = [
        (row["column_name"], row["levels"], row["excluded"], row["remaining"])
        for row in results["cohort_restriction"]
    ]
    assert steps == [
        (None, None, 0, 10),
        ("sex", "female", 5, 5),
        ("chronology", "synchronous | unheard of", 3, 2),
    ]
    assert _overall(results, "patients") == 2
    assert results_of(patients)["cohort_restriction"] == []


def test_a_patient_is_explained_by_the_plan_that_was_followed(build_cohort, plan, random_patients):
    con = build_cohort(random_patients(60, 3))
    changes = {
        "endpoint": "recurrence_free_survival",
        "day_zero": "drop_like_stata",
        "cohort": [Restriction(column="sex", levels=["female"])],
    }
    analysis.analyze(con, plan.model_copy(update=changes))
    models = [model for model in model_levels(con) if model["model_factor"] == "chronology"]
    patient = {
        "sex": "male",
        "chronology": "unheard of",
        "recurrence_or_death": None,
        "recurrence_or_death_missing_reason": "no_report",
        "recurrence_free_days": 0,
    }
    assert model_parts(patient, models)[0].lacking == [
        "sex is not female",
        "recurrence_or_death is unknown (no_report)",
        "recurrence_free_days is 0, and the plan drops day 0",
        "chronology is at a level that the plan does not name",
    ]


def test_a_restriction_to_an_unknown_column_is_refused(build_cohort, plan):
    conditions = [Restriction(column="hair_color", levels=["red"])]
    with pytest.raises(AnalysisError, match="no column hair_color"):
        analysis.analyze(build_cohort([{}]), plan.model_copy(update={"cohort": conditions}))


def test_disputed_definitions_side_by_side(results_of, random_patients):
    results = results_of(random_patients(150, 3))
    rows = [
        row
        for row in results["sensitivity"]
        if row["factor"] == "resection_status" and row["definition"] != DAY_ZERO
    ]
    univariable = {
        row["variant"]: row
        for row in rows
        if (row["measure"], row["level"]) == ("hazard_ratio_univariable", "R1")
    }
    assert list(univariable) == ["resection_status", "resection_status_0mm"]
    assert [row["in_force"] for row in univariable.values()] == [True, False]
    main = next(
        row
        for row in results["cox_univariable"]
        if (row["factor"], row["level"]) == ("resection_status", "R1")
    )
    for name, column in (("estimate", "hazard_ratio"), ("p", "p"), ("n", "n")):
        # Variants are fitted by our own search, models of the report by a library.
        assert univariable["resection_status"][name] == pytest.approx(main[column], rel=1e-10)
    assert univariable["resection_status_0mm"]["estimate"] != main["hazard_ratio"]
    extent = {
        (row["variant"], row["measure"])
        for row in results["sensitivity"]
        if row["factor"] == "hepatectomy_extent" and row["definition"] != DAY_ZERO
    }
    assert ("hepatectomy_extent_by_segments", "hazard_ratio_multivariable") in extent


def test_sensitivity_at_the_edge_has_a_note_for_every_missing_ratio(edge_results):
    for name, results in edge_results.items():
        for row in results["sensitivity"]:
            if row["measure"].startswith("hazard"):
                assert (row["estimate"] is None) == (row["note"] is not None), name
