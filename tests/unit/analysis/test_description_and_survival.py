"""Table 1 and the survival tables on cohorts small enough to count by hand."""

from __future__ import annotations

import pytest

import analysis
from analysis.results import read_table


def _table_one(results, variable, statistic):
    return {
        row["level"]: row
        for row in results["table_one"]
        if (row["variable"], row["statistic"]) == (variable, statistic)
    }


def _measures(results, grouping="overall", level="all"):
    return {
        (row["measure"], row["landmark_months"]): row
        for row in results["survival_summary"]
        if (row["grouping"], row["level"]) == (grouping, level)
    }


def test_table_one_counts_levels_and_reasons(results_of):
    grades = ["well", "moderate", "moderate", None, None, None, None, None]
    reasons = [None] * 3 + ["no_report", "not_reported", "no_report", "not_assessable", "no_report"]
    patients = [
        {"tumor_grade": grade, "tumor_grade_missing_reason": reason}
        for grade, reason in zip(grades, reasons, strict=True)
    ]
    results = results_of(patients)
    counts = _table_one(results, "tumor_grade", "count")
    assert {level: row["n"] for level, row in counts.items()} == {
        "well": 1,
        "moderate": 2,
        "poor": 0,
    }
    assert counts["moderate"]["percent_of_known"] == pytest.approx(200 / 3)
    assert counts["moderate"]["percent_of_all"] == pytest.approx(25)
    assert _table_one(results, "tumor_grade", "known")[None]["n"] == 3
    assert _table_one(results, "tumor_grade", "missing")[None]["n"] == 5
    missing = _table_one(results, "tumor_grade", "missing_reason")
    assert [(level, row["n"]) for level, row in missing.items()] == [
        ("no_report", 3),
        ("not_assessable", 1),
        ("not_reported", 1),
    ]


def test_table_one_describes_numbers(results_of):
    sizes = [10, 20, 30, 100, None]
    results = results_of([{"largest_metastasis_mm": size} for size in sizes])
    value = {
        s: _table_one(results, "largest_metastasis_mm", s)[None]["value"]
        for s in ("mean", "sd", "median", "q1", "q3", "min", "max")
    }
    assert value == pytest.approx(
        {
            "mean": 40,
            "sd": 40.824829046386306,
            "median": 25,
            "q1": 17.5,
            "q3": 47.5,
            "min": 10,
            "max": 100,
        }
    )
    assert _table_one(results, "largest_metastasis_mm", "missing")[None]["n"] == 1


def test_table_one_loses_no_level_the_plan_does_not_name(results_of):
    results = results_of([{"primary_site": "colon"}, {"primary_site": "appendix"}])
    counts = _table_one(results, "primary_site", "count")
    assert {level: row["n"] for level, row in counts.items()} == {
        "colon": 1,
        "rectum": 0,
        "appendix": 1,
    }


def test_table_one_of_booleans_is_three_valued(results_of):
    results = results_of([{"died_within_30_days": value} for value in (True, False, False, None)])
    counts = _table_one(results, "died_within_30_days", "count")
    assert {row["level_label"]: row["n"] for row in counts.values()} == {"yes": 1, "no": 2}
    assert _table_one(results, "died_within_30_days", "missing")[None]["n"] == 1


def test_unknown_without_a_reason_is_counted_as_such(build_cohort, plan):
    con = build_cohort([{"sex": None}, {}])
    con.execute("update marts.survival_cohort set sex_missing_reason = null")
    analysis.analyze(con, plan)
    rows = read_table(con, "results.table_one")
    reasons = [r for r in rows if (r["variable"], r["statistic"]) == ("sex", "missing_reason")]
    assert [(row["level"], row["n"]) for row in reasons] == [("unstated", 1)]


def test_deaths_on_day_zero_stay(results_of):
    patients = [
        {"died": True, "follow_up_days": 0},
        {"died": True, "follow_up_days": 100},
        {"died": False, "follow_up_days": 400},
        {"died": False, "follow_up_days": 4000},
    ]
    results = results_of(patients)
    curve = [row for row in results["survival_curve"] if row["grouping"] == "overall"]
    assert [(r["time_days"], r["at_risk"], r["events"], r["censored"]) for r in curve] == [
        (0, 4, 1, 0),
        (100, 3, 1, 0),
        (400, 2, 0, 1),
        (4000, 1, 0, 1),
    ]
    assert [row["survival"] for row in curve] == pytest.approx([0.75, 0.5, 0.5, 0.5])
    measures = _measures(results)
    assert measures["patients", None]["estimate"] == 4
    assert measures["events", None]["estimate"] == 2
    # At one half until the end of follow-up: the start of the stretch.
    assert measures["median_survival_months", None]["estimate"] == pytest.approx(100 / 30.4375)
    year = measures["survival_at_landmark", 12]
    assert (year["estimate"], year["at_risk"]) == (pytest.approx(0.5), 2)


def test_landmark_beyond_the_last_follow_up_is_null(results_of):
    results = results_of([{"follow_up_days": 400}, {"follow_up_days": 380, "died": True}])
    measures = _measures(results)
    assert measures["survival_at_landmark", 12]["estimate"] == 1
    beyond = measures["survival_at_landmark", 36]
    assert (beyond["estimate"], beyond["ci_low"], beyond["at_risk"]) == (None, None, 0)


def test_median_not_reached_is_null(results_of):
    measures = _measures(results_of([{}, {}, {"died": True, "follow_up_days": 10}]))
    assert measures["median_survival_months", None]["estimate"] is None


def test_follow_up_of_the_living(results_of):
    days = [304.375, 608.75, 913.125]
    patients = [{"follow_up_days": round(d)} for d in days]
    patients.append({"died": True, "follow_up_days": 3})
    measures = _measures(results_of(patients))
    assert measures["living_patients", None]["estimate"] == 3
    median = measures["follow_up_of_living_median_months", None]["estimate"]
    assert median == pytest.approx(609 / 30.4375)
    assert measures["follow_up_of_living_min_months", None]["estimate"] == pytest.approx(
        304 / 30.4375
    )


def test_curves_by_group_and_a_group_without_patients(results_of, random_patients):
    results = results_of(random_patients(80, 1))
    levels = {r["level"] for r in results["survival_curve"] if r["grouping"] == "resection_status"}
    assert levels == {"R0", "R1"}
    empty = _measures(results, "resection_status", "R2")
    assert empty["patients", None]["estimate"] == 0
    assert empty["median_survival_months", None]["estimate"] is None
    by_group = [
        _measures(results, "resection_status", level)["patients", None]["estimate"]
        for level in ("R0", "R1", "R2")
    ]
    assert sum(by_group) == 80
    tests = {row["grouping"]: row for row in results["logrank"]}
    assert tests["margin_group"]["degrees_of_freedom"] == 2
    assert tests["resection_status"]["levels"] == "R0 | R1"


def test_logrank_without_groups_has_a_note(results_of):
    tests = results_of([{"died": True}, {}])["logrank"]
    assert all(row["p"] is None for row in tests)
    assert all(row["note"] == "Fewer than two groups have patients." for row in tests)
