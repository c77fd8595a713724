"""Recurrence against death without it, counted by hand and at the edge."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.competing_risks import cumulative_incidence, gray_test


def test_incidence_by_hand_and_both_causes_add_up_to_one_minus_survival():
    days = np.array([1.0, 2, 3, 4])
    cause = np.array([1, 2, 0, 1])
    one, two = (cumulative_incidence(days, cause, k) for k in (1, 2))
    assert one.incidence == pytest.approx([1 / 4, 1 / 4, 1 / 4, 1 / 4 + 1 / 2])
    assert two.incidence == pytest.approx([0, 1 / 4, 1 / 4, 1 / 4])
    # Before anybody is lost it is a proportion with the standard error of one.
    assert one.standard_error[1] == pytest.approx((1 / 4 * 3 / 4 / 4) ** 0.5)
    assert two.standard_error[0] == 0


def test_a_single_cause_is_one_minus_kaplan_meier(results_of, random_patients):
    patients = [
        {**p, "recurrence_or_death": p["died"], "recurrence_free_days": p["follow_up_days"]}
        for p in random_patients(60, 2)
    ]
    results = results_of(patients)
    curve = [r for r in results["survival_curve"] if r["grouping"] == "overall"][1:]
    deaths = [
        row
        for row in results["cumulative_incidence"]
        if (row["grouping"], row["cause"]) == ("overall", "death_without_recurrence")
    ]
    assert [r["incidence"] for r in deaths] == pytest.approx([1 - r["survival"] for r in curve])
    nothing = [r for r in results["gray_test"] if r["cause"] == "recurrence"]
    assert {row["note"] for row in nothing} == {"No events of this cause."}


def test_what_counts_as_recurrence(results_of):
    patients = [
        # Recurrence, then death; death without; a recurrence on the day of death; neither.
        {"recurrence_free_days": 100, "recurrence_or_death": True, "died": True},
        {"recurrence_free_days": 1000, "recurrence_or_death": True, "died": True},
        {
            "recurrence_free_days": 300,
            "follow_up_days": 300,
            "recurrence_or_death": True,
            "died": True,
        },
        {"recurrence_free_days": 1000},
        {"recurrence_free_days": None, "recurrence_or_death": True},
        # A recurrence counts although nobody knows whether the patient lives.
        {"recurrence_free_days": 50, "recurrence_or_death": True, "died": None},
    ]
    rows = results_of(patients, competing_risks=[])["cumulative_incidence"]
    events = {
        cause: [row["time_days"] for row in rows if row["cause"] == cause and row["events"]]
        for cause in ("recurrence", "death_without_recurrence")
    }
    assert events == {"recurrence": [50, 100], "death_without_recurrence": [300, 1000]}
    assert rows[0]["at_risk"] == 5
    assert results_of(patients, competing_risks=None)["cumulative_incidence"] == []


def test_day_zero_is_dropped_here_too(results_of):
    patients = [{"recurrence_free_days": 0, "recurrence_or_death": True}, {}, {}]
    for rule, at_risk in (("keep", 3), ("drop_like_stata", 2)):
        rows = results_of(patients, day_zero=rule)["cumulative_incidence"]
        assert rows[0]["at_risk"] == at_risk


@pytest.mark.parametrize(
    ("days", "cause", "group", "words"),
    [
        ([1, 2], [1, 1], ["a", "a"], "Fewer than two"),
        ([1, 2, 3], [0, 2, 0], ["a", "b", "b"], "No events"),
        ([4, 4, 4], [1, 1, 1], ["a", "b", "b"], "never at risk together"),
    ],
)
def test_gray_without_a_comparison_says_so(days, cause, group, words):
    found = gray_test(np.array(days, float), np.array(cause), np.array(group), 1)
    assert isinstance(found, str)
    assert words in found


@pytest.mark.parametrize(
    ("unknown", "note"),
    [
        (
            {"recurrence_or_death": None, "recurrence_or_death_missing_reason": "not_collected"},
            "Recurrence is known of no patient: the field is not collected in these extracts.",
        ),
        ({"recurrence_free_days": None}, "Recurrence is known of no patient: not reported."),
    ],
)
def test_gray_says_that_recurrence_is_unknown(results_of, unknown, note):
    patients = [{"resection_status": status, **unknown} for status in ("R0", "R1", "R0")]
    rows = results_of(patients)["gray_test"]
    assert {(row["patients"], row["p"], row["note"]) for row in rows} == {(0, None, note)}
    # Where it is known of one patient, that is no reason.
    known = results_of([*patients, {"resection_status": "R0"}])["gray_test"]
    assert all(row["note"].startswith("Fewer than two groups") for row in known)


def test_gray_sees_perfect_separation():
    days, cause = np.arange(1.0, 41), np.ones(40, dtype=int)
    chi_square, free, p = gray_test(days, cause, days > 20, 1)
    assert free == 1
    assert chi_square > 20
    assert p < 1e-5


def test_edges(edge_results):
    for name, results in edge_results.items():
        for row in results["gray_test"]:
            assert (row["p"] is None) == (row["note"] is not None), name
        assert all(0 <= row["incidence"] <= 1 for row in results["cumulative_incidence"]), name
    assert edge_results["empty"]["cumulative_incidence"] == []
