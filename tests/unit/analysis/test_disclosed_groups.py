"""Table 1 by group, ROC curves and the stability of the selection, as they leave the hospital."""

from __future__ import annotations

import numpy as np
import pytest

import analysis
from analysis.contingency import difference_of_proportions, difference_of_summaries
from analysis.disclosed_groups import EVERYONE, LEFT_OUT_OF_TEST, _coarse, _cut_tells, _telling
from analysis.disclosure import _ESTIMATES, ALSO_LEFT_OUT, LEFT_OUT, RULES, disclosed, left_out
from analysis.group_comparison import compare_counts
from analysis.results import TABLES, read_table
from analysis.suppression import HIDDEN

RULE_NAMES = sorted(RULES)


@pytest.fixture(scope="module")
def quick(plan):
    """The default plan with two groupings, and nothing that takes long."""
    described = plan.table_one.model_copy(update={"by": ["resection_status", "sex"]})
    return plan.model_copy(
        update={
            "table_one": described,
            "imputations": 0,
            "splines": [],
            "selection_resamples": 20,
            "cutpoints": [cut.model_copy(update={"resamples": 20}) for cut in plan.cutpoints],
        }
    )


@pytest.fixture(scope="module")
def exact(build_cohort, random_patients, quick):
    """The exact tables and the cohort flow of 160 patients: 3 with R2, 3 without an age."""
    patients = random_patients(160, 12)
    for i, patient in enumerate(patients):
        if i < 3:
            patient |= {"resection_status": "R2", "margin_group": "<1 mm"}
        if 3 <= i < 6:
            patient["age_at_operation"] = None
    con = build_cohort(patients)
    analysis.analyze(con, quick)
    results = {name: read_table(con, f"results.{name}") for name in TABLES}
    return results, read_table(con, "marts.cohort_flow")


@pytest.fixture(scope="module")
def shown(exact, quick):
    """Rule -> the tables as they are shown."""
    return {
        rule: disclosed(*exact, quick.model_copy(update={"disclosure": rule}))[0]
        for rule in RULE_NAMES
    }


def _pairs(exact, shown, table):
    return zip(exact[0][table], shown[table], strict=True)


def test_every_table_is_protected_or_left_out_with_a_reason():
    assert {*TABLES} == {*_ESTIMATES} | {*LEFT_OUT}
    assert not {*_ESTIMATES} & {*LEFT_OUT}


@pytest.mark.parametrize("rule", RULE_NAMES)
def test_numbers_of_few_patients_are_hidden(exact, shown, rule):
    told = 0
    for before, row in _pairs(exact, shown[rule], "table_one_by_group"):
        if before["value"] is None:
            assert row["value"] in (None, HIDDEN)
        elif RULES[rule].small(before["n"]) or before["statistic"] in ("min", "max"):
            assert row["value"] is HIDDEN
        else:
            told += row["value"] is not HIDDEN
    assert told > 30


@pytest.mark.parametrize("rule", RULE_NAMES)
def test_no_mean_follows_from_those_of_all_and_of_other_groups(exact, shown, rule):
    """3 patients with R2 and nobody in no group: all less R0 and R1 would tell their mean."""
    rows = shown[rule]["table_one_by_group"]
    n = {
        (r["grouping"], r["group_level"], r["variable"]): r["n"]
        for r in exact[0]["table_one_by_group"]
        if r["statistic"] == "mean"
    }
    checked = 0
    for whole in exact[0]["table_one"]:
        if whole["statistic"] != "mean":
            continue
        for grouping in ("resection_status", "sex"):
            left = whole["n"] - sum(
                n[grouping, r["group_level"], r["variable"]]
                for r in rows
                if (r["grouping"], r["variable"]) == (grouping, whole["variable"])
                and r["statistic"] == "mean"
                and r["value"] not in (None, HIDDEN)
            )
            assert left == 0 or left >= RULES[rule].smallest, (grouping, whole["variable"])
            checked += 1
    assert checked == 8


def test_a_mean_is_told_through_groups_of_groups():
    # R0 consists of margins of 1 mm (3 patients) and above; of all 120, 20 are R1.
    r0, r1 = ("resection", "R0"), ("resection", "R1")
    one, above, below = ("margin", "1"), ("margin", ">1"), ("margin", "<1")
    n = {EVERYONE: 120, r0: 100, r1: 20, one: 3, above: 97, below: 20}
    relations = [(EVERYONE, [r0, r1]), (EVERYONE, [one, above, below]), (r0, [one, above])]
    # All less two margins is the third.
    assert _telling(n, {EVERYONE, above, below}, relations[:2], 5) == below
    # Without the one below it is R0 less the one above.
    assert _telling(n, {EVERYONE, above, r0}, relations, 5) == above
    # R0 need not be shown itself: it is all less R1.
    assert _telling(n, {EVERYONE, above, r1}, relations, 5) == above
    assert _telling(n, {EVERYONE, r0, r1, below}, relations, 5) is None
    # Just enough are no few.
    assert _telling(n | {one: 5, above: 95}, {EVERYONE, r0, r1, above}, relations, 5) is None


@pytest.mark.parametrize("rule", RULE_NAMES)
def test_tests_of_categories_follow_from_what_is_shown(exact, shown, quick, rule):
    made = shown[rule]
    told = hidden = 0
    for before, row in _pairs(exact, made, "table_one_test"):
        if row["kind"] != "categorical":
            continue
        counts = {}
        for cell, r in _pairs(exact, made, "table_one_by_group"):
            key = (r["grouping"], r["variable"], r["kind"], r["statistic"])
            if key == (row["grouping"], row["variable"], "categorical", "count"):
                counts.setdefault(r["group_level"], []).append((cell["n"], r["n"]))
        kept = {
            level: np.array([n for _, n in own])
            for level, own in counts.items()
            if HIDDEN not in [n for _, n in own] and not RULES[rule].small(sum(n for n, _ in own))
        }
        if row["p"] is HIDDEN:
            hidden += 1
            assert len(kept) < 2 or sum(own.any() for own in kept.values()) < 2
            assert row["standardized_difference"] is HIDDEN
            assert (row["test"], row["groups"], row["note"]) == (None, None, None)
            continue
        again = compare_counts(kept, quick.seed)
        assert row["n"] == again["n"]
        if "p" not in again:
            assert row["p"] is None
            continue
        assert row["p"] == pytest.approx(again["p"], rel=1e-3)
        told += 1
        if len(kept) < len(counts):
            assert row["note"].startswith(LEFT_OUT_OF_TEST)
        elif rule == "five":
            assert row["p"] == pytest.approx(before["p"], rel=1e-3)
    assert told > 10
    assert hidden > 0 or rule == "opensafely"


@pytest.mark.parametrize("rule", RULE_NAMES)
def test_differences_of_means_are_those_of_groups_whose_means_are_shown(shown, rule):
    told = 0
    for row in shown[rule]["table_one_test"]:
        if row["kind"] != "continuous" or row["standardized_difference"] in (None, HIDDEN):
            continue
        pair = {
            level: tuple(
                next(
                    r["value"]
                    for r in shown[rule]["table_one_by_group"]
                    if (r["grouping"], r["group_level"]) == (row["grouping"], level)
                    and (r["variable"], r["statistic"]) == (row["variable"], statistic)
                )
                for statistic in ("mean", "sd")
            )
            for level in (row["difference_level"], row["difference_other_level"])
        }
        again = difference_of_summaries(*pair.values())
        assert row["standardized_difference"] == pytest.approx(again, abs=0.005)
        told += 1
    assert told == 4


def test_a_group_without_patients_enough_is_not_tested(results_of, quick):
    few = [
        {"resection_status": "R1" if i < 2 else "R0", "age_at_operation": 40 + i} for i in range(30)
    ]
    plan = quick.model_copy(update={"cutpoints": [], "landmarks_months": [12]})
    results = results_of(few, **{name: getattr(plan, name) for name in type(plan).model_fields})
    made, _ = disclosed(results, [], plan.model_copy(update={"disclosure": "five"}))
    row = next(
        r
        for r in made["table_one_test"]
        if (r["grouping"], r["variable"]) == ("resection_status", "age_at_operation")
    )
    exact = next(r for r in results["table_one_test"] if r["variable"] == "age_at_operation")
    assert exact["p"] is not None
    assert (row["p"], row["statistic"], row["standardized_difference"]) == (HIDDEN,) * 3


def _point(cases, controls):
    return {
        "cutpoint": 1.0,
        "position": 1,
        "sensitivity": 0.123456,
        "specificity": 0.5,
        "cases_called": cases,
        "controls_called": controls,
    }


def test_a_roc_curve_steps_over_enough_cases_and_controls():
    called = [(0, 0), (5, 4), (4, 5), (5, 5), (9, 10), (10, 10), (16, 15), (20, 20)]
    points = [_point(*pair) for pair in called]
    kept = _coarse(points, 5)
    # 0, 5|5, 10|10; 16|15 leaves 4 cases to the end.
    assert len(kept) == 4
    assert [p["position"] for p in kept] == [1, 2, 3, 4]
    assert {p["sensitivity"] for p in kept} == {0.12}
    assert {p[name] for p in kept for name in ("cutpoint", "cases_called")} == {HIDDEN}
    assert len(_coarse([_point(0, 0), _point(5, 5), _point(10, 10)], 5)) == 3
    # A curve of its ends alone would look like chance.
    assert _coarse([_point(0, 0), _point(5, 5), _point(9, 10)], 5) == []
    assert _coarse([], 5) == []


@pytest.mark.parametrize(
    ("called", "n_up_to", "tells"),
    [
        ((20, 20), 40, False),
        ((4, 20), 40, True),
        ((5, 5), 40, False),
        ((20, 5), 40, False),
        ((36, 20), 40, True),
        ((20, 46), 40, True),
        ((0, 20), 40, False),
        ((20, 20), 4, True),
    ],
)
def test_a_cut_with_few_on_a_side_is_not_given(called, n_up_to, tells):
    row = {"cutpoint": 1.0, "cases": 40, "controls": 50, "n_up_to": n_up_to, "n_above": 60}
    assert _cut_tells(row, [_point(*called)], RULES["five"].small) is tells


@pytest.mark.parametrize("rule", RULE_NAMES)
def test_roc(exact, shown, rule):
    areas = 0
    for before, row in _pairs(exact, shown[rule], "time_dependent_roc"):
        for name in ("sensitivity", "specificity", "youden", "optimism", "n_up_to", "n_above"):
            assert row[name] is HIDDEN
        for name in ("auc", "ci_low", "ci_high"):
            assert row[name] == round(before[name], 2)
        areas += 1
    assert areas == 3
    months = {row["landmark_months"] for row in shown[rule]["time_dependent_roc_curve"]}
    assert months
    assert len(shown[rule]["time_dependent_roc_curve"]) < 0.3 * len(
        exact[0]["time_dependent_roc_curve"]
    )


def test_a_roc_curve_of_few_cases_is_left_out(results_of, quick, random_patients):
    patients = [
        {**p, "died": i < 4, "follow_up_days": 100 if i < 4 else 2500}
        for i, p in enumerate(random_patients(60, 3))
    ]
    plan = quick.model_copy(update={"table_one": quick.table_one.model_copy(update={"by": []})})
    results = results_of(
        patients, **{name: getattr(plan, name) for name in type(plan).model_fields}
    )
    assert results["time_dependent_roc"][0]["auc"] is not None
    for rule in RULE_NAMES:
        made, _ = disclosed(results, [], plan.model_copy(update={"disclosure": rule}))
        for row in made["time_dependent_roc"]:
            assert {row["auc"], row["ci_low"], row["cutpoint"]} == {HIDDEN}
        assert made["time_dependent_roc_curve"] == []


@pytest.mark.parametrize("rule", RULE_NAMES)
def test_the_stability_of_factors_with_a_small_level_is_hidden(exact, shown, rule):
    seen = set()
    small = {
        row["factor"]
        for row in exact[0]["cox_univariable"]
        if RULES[rule].small(row["n_level"]) or RULES[rule].small(row["events_level"])
    }
    for before, row in _pairs(exact, shown[rule], "selection_stability"):
        if {row["factor"], row["other_factor"]} & small:
            assert row["frequency"] is HIDDEN
        else:
            assert row["frequency"] == round(before["frequency"], 2)
        seen.add(row["frequency"] is HIDDEN)
    assert seen == {True, False}


def test_the_report_says_what_it_leaves_out(exact, quick):
    results = exact[0]
    assert left_out(quick, results) == []
    for rule in RULE_NAMES:
        said = dict(left_out(quick.model_copy(update={"disclosure": rule}), results))
        for name, (what, reason) in LEFT_OUT.items():
            assert (said.get(what) == reason) == bool(results[name])
        assert said.items() >= dict(ALSO_LEFT_OUT).items()


@pytest.mark.slow
@pytest.mark.parametrize("rule", RULE_NAMES)
def test_the_report_shows_groups_and_reasons(build_cohort, random_patients, quick, tmp_path, rule):
    con = build_cohort(random_patients(120, 4))
    plan = quick.model_copy(update={"disclosure": rule})
    analysis.analyze(con, plan)
    report, *_ = analysis.render(con, plan, tmp_path, registry_name="R")
    html = report.read_text(encoding="utf-8")
    for words in ("Table 1 by resection", "How stable the selection is", "Discrimination at the"):
        assert words in html
    for what in ("Schoenfeld residuals", "Disputed definitions"):
        assert f'<th scope="row">{what}</th>' in html
    assert "None" not in html
    assert "[c][c]" not in html


def test_groups_without_anybody_have_no_difference():
    assert np.isnan(difference_of_summaries((1.0, 0.0), (2.0, 0.0)))
    assert np.isnan(difference_of_proportions(np.zeros(2, int), np.ones(2, int)))
