"""Numbers at risk, restricted means, trend and pairs, and what the edge of the possible gives."""

from __future__ import annotations

import itertools

import pytest

from analysis.cohort import DAYS_PER_MONTH


def test_risk_table_conserves_patients(results_of, random_patients):
    patients = random_patients(120, 4)
    last = int(max(p["follow_up_days"] for p in patients) / DAYS_PER_MONTH) + 1
    rows = results_of(patients, risk_table_months=[12, 0, last])["risk_table"]
    for key in {(row["grouping"], row["level"]) for row in rows}:
        own = [row for row in rows if (row["grouping"], row["level"]) == key]
        assert [row["month"] for row in own] == [0, 12, last]
        # Everyone leaves by the last month, once, with the event or without.
        assert own[0]["at_risk"] == sum(row["events"] + row["censored"] for row in own)
        for before, after in itertools.pairwise(own):
            # A whole month is no whole day: nobody leaves exactly at a tick but at 0.
            left = after["events"] + after["censored"]
            at_zero = before["events"] + before["censored"] if before["month"] == 0 else 0
            assert before["at_risk"] - at_zero - left == after["at_risk"]


def test_restricted_mean_by_hand(results_of):
    year = round(12 * DAYS_PER_MONTH)
    patients = [{"died": True, "follow_up_days": 0, "resection_status": "R0"}]
    patients += [{"died": False, "follow_up_days": year, "resection_status": "R0"}]
    patients += [{"died": False, "follow_up_days": year, "resection_status": "R1"}] * 2
    rows = results_of(patients, rmst_months=6)["restricted_mean"]
    found = {row["level"]: row for row in rows if row["grouping"] == "resection_status"}
    assert found["R0"]["restricted_mean_months"] == pytest.approx(3)
    # (6 months)^2 times d / (n (n - d)) = 1/2, with survival one half.
    assert found["R0"]["standard_error"] == pytest.approx(3 / 2**0.5)
    assert found["R0"]["difference_months"] is None
    assert found["R1"]["difference_months"] == pytest.approx(3)
    assert found["R1"]["difference_standard_error"] == pytest.approx(3 / 2**0.5)
    assert found["R2"]["note"] == "No patients in this group."
    late = results_of(patients, rmst_months=60)["restricted_mean"]
    assert {row["note"] for row in late if row["patients"]} == {
        "Follow-up ends before the horizon."
    }
    assert results_of(patients, rmst_months=None)["restricted_mean"] == []


def test_trend_needs_three_groups_and_pairs_too(results_of, random_patients):
    results = results_of(random_patients(80, 1))
    tests = {row["grouping"]: row for row in results["logrank"]}
    assert tests["margin_group"]["trend_p"] is not None
    assert tests["resection_status"]["groups"] == 2
    assert tests["resection_status"]["trend_p"] is None
    pairs = [(row["level"], row["other_level"]) for row in results["logrank_pairwise"]]
    assert pairs == [(">1 mm", "1 mm"), (">1 mm", "<1 mm"), ("1 mm", "<1 mm")]
    assert all(row["p"] <= row["p_holm"] <= 1 for row in results["logrank_pairwise"])


def test_edges_have_their_rows_and_no_number_from_nowhere(edge_results):
    for name, results in edge_results.items():
        months = {row["month"] for row in results["risk_table"]}
        assert months == {0, 12, 24, 36, 48, 60}, name
        for row in results["restricted_mean"]:
            known = row["restricted_mean_months"] is not None
            assert known == (row["note"] is None)
            assert not known or 0 <= row["restricted_mean_months"] <= 60
        for row in results["logrank"] + results["logrank_pairwise"]:
            assert (row["p"] is None) == (row["note"] is not None)


def test_what_the_edges_say(edge_results):
    def notes(name, table="logrank"):
        return {row["note"] for row in edge_results[name][table]}

    assert notes("no_events") == {"No events."}
    assert notes("one_patient") == {"Fewer than two groups have patients."}
    assert notes("all_dead_on_day_0", "logrank_pairwise") == {
        "The groups are never at risk together at an event that leaves survivors."
    }
    dead = edge_results["all_dead_on_day_0"]["restricted_mean"][0]
    assert (dead["restricted_mean_months"], dead["standard_error"]) == (0, 0)
    separated = next(
        row
        for row in edge_results["perfect_separation"]["logrank"]
        if row["grouping"] == "resection_status"
    )
    assert max(separated["trend_p"], separated["p"]) < 1e-6
    tied = next(row for row in edge_results["all_tied"]["logrank"] if row["p"] is not None)
    assert tied["degrees_of_freedom"] == tied["groups"] - 1
