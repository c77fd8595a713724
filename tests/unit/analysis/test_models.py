"""Which factors take part, what the rows say when an estimate is impossible, and the flow."""

from __future__ import annotations

import itertools

import pytest

import analysis
from analysis.errors import AnalysisError
from analysis.plan import DEFAULT_PLAN, Exclusion, FixedSelection, UnivariableSelection, load_plan
from analysis.results import TABLES


def _factor(results, column):
    return next(row for row in results["model_factors"] if row["factor"] == column)


def _level(rows, column, level):
    return next(row for row in rows if (row["factor"], row["level"]) == (column, level))


def _assert_flows_add_up(results):
    flow = results["model_flow"]
    for key in {(row["model"], row["factor"]) for row in flow}:
        rows = [row for row in flow if (row["model"], row["factor"]) == key]
        assert [row["step_number"] for row in rows] == list(range(1, len(rows) + 1))
        assert rows[0]["step"] == "cohort"
        assert rows[-1]["step"] == "analyzed"
        for before, after in itertools.pairwise(rows):
            assert after["remaining"] == before["remaining"] - after["excluded"]
        cox = results[f"cox_{key[0]}"]
        own = [row for row in cox if key[1] in (None, row["factor"])]
        assert {row["n"] for row in own} == {rows[-1]["remaining"]}
        assert {row["events"] for row in own} == {rows[-1]["events"]}


def test_plausible_cohort(results_of, random_patients):
    results = results_of(random_patients(248, 3))
    assert {row["n"] for row in results["cox_univariable"] if row["factor"] == "sex"} == {248}
    assert _factor(results, "hepatectomy_extent")["in_multivariable"]
    assert not _factor(results, "margin_group")["in_multivariable"]
    estimates = [row for row in results["cox_multivariable"] if not row["is_reference"]]
    for row in estimates:
        if row["note"] is None:
            assert row["ci_low"] < row["hazard_ratio"] < row["ci_high"]
    levels = [row for row in results["cox_univariable"] if row["factor"] == "steatosis_grade"]
    assert sum(row["n_level"] for row in levels) == levels[0]["n"]
    assert sum(row["events_level"] for row in levels) == levels[0]["events"]
    assert levels[0]["factor_df"] == 3
    _assert_flows_add_up(results)


def test_same_results_whatever_the_order_of_the_rows(results_of, random_patients):
    patients = random_patients(60, 5)
    assert results_of(patients) == results_of(patients[::-1])


def test_a_factor_nobody_collected_is_left_out_with_its_sentence(results_of, random_patients):
    patients = [
        {**p, "lobar_involvement": None, "lobar_involvement_missing_reason": "not_collected"}
        for p in random_patients(60, 1)
    ]
    factor = _factor(results_of(patients), "lobar_involvement")
    assert factor["reason"] == (
        "Lobar involvement is left out: the field is not collected in these extracts "
        "(60 of 60 patients)."
    )
    assert not factor["in_univariable"]


def test_a_factor_unknown_for_several_reasons_lists_them(results_of, random_patients):
    patients = [
        {
            **p,
            "tumor_grade": None,
            "tumor_grade_missing_reason": "no_report" if i < 10 else "not_reported",
        }
        for i, p in enumerate(random_patients(40, 1))
    ]
    reason = _factor(results_of(patients), "tumor_grade")["reason"]
    assert reason.endswith("unknown in 40 of 40 patients (not reported 30, no report 10).")


def test_a_constant_factor_is_left_out(results_of, random_patients):
    results = results_of([{**p, "sex": "male"} for p in random_patients(40, 1)])
    factor = _factor(results, "sex")
    assert factor["reason"] == "Sex is left out: all patients with a known value are male."
    assert factor["forced"]
    assert not factor["in_multivariable"]


def test_level_without_deaths_and_level_without_patients(results_of):
    patients = []
    for i in range(60):
        level = ["well", "moderate", "poor"][i % 3]
        died = level != "poor" and i % 2 == 0
        patients.append({"tumor_grade": level, "died": died, "follow_up_days": 10 * i % 470})
    results = results_of(patients)
    rows = results["cox_univariable"]
    poor = _level(rows, "tumor_grade", "poor")
    assert poor["note"] == "No events at this level."
    assert poor["hazard_ratio"] is None
    assert poor["n_level"] == 20
    moderate = _level(rows, "tumor_grade", "moderate")
    alone = results_of([p for p in patients if p["tumor_grade"] != "poor"])
    same = _level(alone["cox_univariable"], "tumor_grade", "moderate")
    assert moderate["hazard_ratio"] == pytest.approx(same["hazard_ratio"], rel=1e-10)
    assert (moderate["n"], same["n"]) == (60, 40)
    assert _level(alone["cox_univariable"], "tumor_grade", "poor")["note"] == (
        "No patients at this level."
    )
    _assert_flows_add_up(results)


def test_reference_without_deaths(results_of):
    patients = [
        {"sex": "male" if i % 2 else "female", "died": i % 4 == 1, "follow_up_days": 10 + i}
        for i in range(40)
    ]
    row = _level(results_of(patients)["cox_univariable"], "sex", "male")
    assert row["note"] == "No events at the reference level female."
    assert row["hazard_ratio"] is None
    assert row["p"] is None


def test_separation_is_a_note_and_leaves_the_multivariable_model(results_of, random_patients):
    patients = random_patients(80, 2)
    for p in patients:
        early = p["follow_up_days"] <= 400
        p["primary_site"] = "rectum" if early else "colon"
        p["died"] = True if early else p["died"]
    assert any(p["died"] for p in patients if p["primary_site"] == "colon")
    selection = FixedSelection(rule="fixed", factors=["sex", "primary_site"])
    results = results_of(patients, selection=selection)
    alone = _level(results["cox_univariable"], "primary_site", "rectum")
    assert "separates the deaths completely" in alone["note"]
    assert alone["hazard_ratio"] is None
    assert _factor(results, "primary_site")["reason"].startswith("Selected, then left out:")
    assert _level(results["cox_multivariable"], "sex", "male")["hazard_ratio"] is not None
    assert "separates" in _level(results["cox_multivariable"], "primary_site", "rectum")["note"]
    _assert_flows_add_up(results)


def test_of_collinear_factors_the_last_that_is_not_forced_leaves(results_of, random_patients):
    patients = random_patients(100, 4)
    for p in patients:
        p["perineural_invasion"] = {"female": "no", "male": "yes"}[p["sex"]]
    selection = UnivariableSelection(rule="univariable_p", threshold=1, forced=["sex"])
    results = results_of(patients, selection=selection)
    assert _factor(results, "sex")["in_multivariable"]
    left = _factor(results, "perineural_invasion")
    assert not left["in_multivariable"]
    assert "collinear" in left["reason"]
    _assert_flows_add_up(results)


def test_a_level_outside_the_plan_is_excluded_and_counted(results_of, plan, random_patients):
    patients = random_patients(80, 6)
    for p in patients[:5]:
        p["resection_status"] = "R2"
    factors = [
        f.model_copy(update={"levels": ["R0", "R1"]}) if f.column == "resection_status" else f
        for f in plan.factors
    ]
    results = results_of(patients, factors=factors)
    step = next(row for row in results["model_flow"] if row["step"] == "level_not_in_plan")
    assert step["excluded"] == 5
    assert _level(results["cox_univariable"], "resection_status", "R1")["n"] == 75
    test = next(row for row in results["logrank"] if row["grouping"] == "resection_status")
    assert test["patients"] == 75
    _assert_flows_add_up(results)


def test_flow_counts_each_patient_at_the_first_reason(results_of, random_patients):
    patients = random_patients(100, 7)
    complete = {
        "tumor_grade": "well",
        "lymphovascular_invasion": "no",
        "perineural_invasion": "no",
        "steatosis_grade": "0",
    }
    for p in patients:
        p |= complete
    patients[0] |= {"follow_up_days": None, "sex": None}
    patients[1] |= {"follow_up_days": None, "follow_up_days_missing_reason": "conflicting"}
    patients[2] |= {"died": None, "follow_up_days": None}
    patients[3] |= {"sex": None, "sex_missing_reason": "conflicting", "primary_site": None}
    patients[4] |= {"primary_site": None, "primary_site_missing_reason": "unreadable"}
    selection = FixedSelection(rule="fixed", factors=["sex", "primary_site"])
    results = results_of(patients, selection=selection)
    rows = [row for row in results["model_flow"] if row["model"] == "multivariable"]
    steps = [
        (r["step"], r["excluded_factor"], r["missing_reason"], r["excluded"], r["remaining"])
        for r in rows
    ]
    assert steps == [
        ("cohort", None, None, 0, 100),
        ("survival_time_unknown", None, "not_reported", 1, 99),
        ("survival_time_unknown", None, "conflicting", 1, 98),
        ("survival_time_unknown", None, "not_reported", 1, 97),
        ("factor_unknown", "sex", "conflicting", 1, 96),
        ("factor_unknown", "primary_site", "unreadable", 1, 95),
        ("analyzed", None, None, 0, 95),
    ]
    _assert_flows_add_up(results)


@pytest.fixture
def two_strengths():
    """Extent matters strongly, chronology not at all; everything else is constant."""
    patients = []
    for i in range(120):
        major = i % 2 == 0
        patients.append(
            {
                "hepatectomy_extent": "major" if major else "minor",
                "chronology": "synchronous" if i % 4 < 2 else "metachronous",
                "died": i % 3 > 0,
                "follow_up_days": 100 + i * (3 if major else 9),
            }
        )
    return patients


def test_rule_univariable_p(results_of, two_strengths):
    selection = UnivariableSelection(rule="univariable_p", threshold=0.1, forced=[])
    results = results_of(two_strengths, selection=selection)
    extent, chronology = (
        _factor(results, column) for column in ("hepatectomy_extent", "chronology")
    )
    assert extent["smallest_p"] < 0.1 < chronology["smallest_p"]
    assert extent["in_multivariable"]
    assert not chronology["in_multivariable"]
    assert extent["reason"].startswith("Entered: univariable p <0.001, below 0.1")
    assert chronology["reason"].startswith("Not entered: univariable p")
    # Alone in the multivariable model, a factor has its univariable estimate.
    both = [
        _level(results[table], "hepatectomy_extent", "major")["hazard_ratio"]
        for table in ("cox_univariable", "cox_multivariable")
    ]
    assert both[0] == both[1]


def test_threshold_is_strict(results_of, two_strengths):
    p = _factor(results_of(two_strengths), "chronology")["smallest_p"]
    for threshold, enters in ((p, False), (p * (1 + 1e-9), True)):
        selection = UnivariableSelection(rule="univariable_p", threshold=threshold)
        results = results_of(two_strengths, selection=selection)
        assert _factor(results, "chronology")["in_multivariable"] is enters


def test_forced_and_excluded_factors(results_of, two_strengths):
    results = results_of(
        two_strengths,
        selection=UnivariableSelection(rule="univariable_p", forced=["chronology"]),
        exclude=[Exclusion(column="hepatectomy_extent", reason="Not wanted.")],
    )
    assert _factor(results, "chronology")["reason"] == "Entered: forced by the plan."
    assert _factor(results, "chronology")["in_multivariable"]
    assert _factor(results, "hepatectomy_extent")["reason"] == "Excluded by the plan: Not wanted."
    assert not _factor(results, "hepatectomy_extent")["in_multivariable"]


def test_any_level_below_the_threshold_brings_the_whole_factor(results_of, random_patients):
    patients = random_patients(150, 8)
    for p in patients:
        p["tumor_grade"] = p["tumor_grade"] or "well"
        if p["tumor_grade"] == "poor":
            p |= {"died": True, "follow_up_days": p["follow_up_days"] // 6}
    results = results_of(patients, exclude=[])
    p_values = {
        row["level"]: row["p"]
        for row in results["cox_univariable"]
        if row["factor"] == "tumor_grade"
    }
    assert p_values["poor"] < 0.1 < p_values["moderate"]
    inside = [
        row["level"] for row in results["cox_multivariable"] if row["factor"] == "tumor_grade"
    ]
    assert inside == ["well", "moderate", "poor"]


def test_proportional_hazards_per_factor_and_global(results_of, random_patients):
    rows = results_of(random_patients(120, 9))["proportional_hazards"]
    keys = [(row["model"], row["factor"]) for row in rows]
    assert len(keys) == len(set(keys))
    assert keys[-1] == ("multivariable", "GLOBAL")
    assert all(0 <= row["p"] <= 1 for row in rows)


@pytest.mark.parametrize("patients", [[], [{"died": None, "follow_up_days": None}] * 4])
def test_nothing_to_estimate_gives_empty_results(results_of, patients):
    results = results_of(patients)
    assert results["survival_curve"] == []
    assert results["cox_univariable"] == []
    assert results["cox_multivariable"] == []
    medians = [r for r in results["survival_summary"] if r["measure"] == "median_survival_months"]
    assert medians[0]["estimate"] is None
    assert len(results["model_factors"]) == len(load_plan(DEFAULT_PLAN).factors)


@pytest.mark.parametrize(
    "patients",
    [
        [{}],
        [{"died": True, "follow_up_days": 0}],
        [{"died": True, "follow_up_days": 0, "sex": s} for s in ("female", "male", "male")],
        [{"sex": s} for s in ("female", "male", "male")],
        [{"died": True, "sex": s} for s in ("female", "male", "male")],
    ],
    ids=["one_alive", "one_dead_on_day_0", "all_dead_on_day_0", "no_deaths", "all_tied"],
)
def test_tiny_cohorts_never_crash_nor_give_huge_ratios(results_of, patients):
    results = results_of(patients)
    for table in ("cox_univariable", "cox_multivariable"):
        for row in results[table]:
            if row["hazard_ratio"] is None:
                assert row["note"] or row["is_reference"]
            else:
                assert 0.1 < row["hazard_ratio"] < 10
    _assert_flows_add_up(results)


def test_missing_table_or_column_is_named(build_cohort, plan):
    con = build_cohort([{}])
    con.execute("alter table marts.survival_cohort drop column tumor_grade")
    with pytest.raises(AnalysisError, match=r"marts\.survival_cohort has no column tumor_grade"):
        analysis.analyze(con, plan)
    con.execute("drop table marts.survival_cohort")
    with pytest.raises(AnalysisError, match=r"marts\.survival_cohort is missing"):
        analysis.analyze(con, plan)


def test_negative_survival_time_is_refused_without_naming_a_patient(build_cohort, plan):
    con = build_cohort([{"follow_up_days": -1, "patient_id": "secret"}, {}])
    with pytest.raises(AnalysisError, match="1 patients have a negative") as caught:
        analysis.analyze(con, plan)
    assert "secret" not in str(caught.value)


def test_every_table_and_column_is_described(build_cohort, plan):
    con = build_cohort([{}, {"died": True, "follow_up_days": 5}])
    analysis.analyze(con, plan)
    analysis.analyze(con, plan)
    tables = con.execute(
        "select table_name, comment from duckdb_tables() where schema_name = 'results'"
    ).fetchall()
    assert {name for name, _ in tables} == set(TABLES)
    for name, comment in tables:
        assert "One row per " in comment, name
        assert comment.rsplit("One row per ", 1)[1].count(".") == 1, name
    undescribed = con.execute(
        "select table_name, column_name from duckdb_columns() "
        "where schema_name = 'results' and comment is null"
    ).fetchall()
    assert undescribed == []
