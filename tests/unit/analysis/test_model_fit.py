"""Concordance by hand, its optimism, and the tests of models as a whole."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.concordance import concordance, optimism


def _c(days, died, risk):
    return concordance(np.array(days, float), np.array(died, bool), np.array(risk, float))[0]


def test_concordance_by_hand():
    # Pairs: (1,2) agrees, (1,3) agrees, (2,3) disagrees.
    assert _c([1, 2, 3], [1, 1, 0], [3, 1, 2]) == pytest.approx(2 / 3)
    # Equal risks count one half.
    assert _c([1, 2], [1, 0], [1, 1]) == 0.5
    # Follow-up that ends on the day of the other's death lasts longer; two deaths do not compare.
    assert _c([5, 5], [1, 0], [2, 1]) == 1
    assert np.isnan(_c([5, 5], [1, 1], [2, 1]))
    assert np.isnan(_c([1, 2], [0, 0], [1, 2]))


def test_concordance_does_not_depend_on_blocks(monkeypatch):
    rng = np.random.default_rng(3)
    days, died, risk = rng.integers(0, 30, 90) * 1.0, rng.random(90) < 0.6, rng.normal(size=90)
    whole = concordance(days, died, risk)
    monkeypatch.setattr("analysis.concordance.CELLS", 200)
    assert concordance(days, died, risk) == pytest.approx(whole, rel=1e-12)


@pytest.mark.slow
def test_optimism_of_noise_is_what_c_exceeds_one_half_by():
    rng = np.random.default_rng(5)
    design = rng.integers(0, 2, (80, 6)).astype(float)
    # A level so rare that many resamples lack it.
    design[:, 5] = np.arange(80) == 3
    days, died = rng.exponential(100, 80), rng.random(80) < 0.7
    died[3] = True
    found, used = optimism(days, died, design, "breslow", 24, seed=9)
    assert used == 24
    assert 0.02 < found < 0.2
    assert optimism(days, died, design, "breslow", 24, seed=9) == (found, used)
    assert optimism(days, died, design, "breslow", 24, seed=10)[0] != found


def test_models_as_a_whole(results_of, random_patients):
    results = results_of(random_patients(120, 3))
    rows = {row["factor"]: row for row in results["model_fit"]}
    sex = next(
        row
        for row in results["cox_univariable"]
        if row["factor"] == "sex" and not row["is_reference"]
    )
    # One coefficient: the Wald test of the model is that of the coefficient.
    assert rows["sex"]["wald_p"] == pytest.approx(sex["p"])
    assert rows["sex"]["likelihood_ratio_p"] == pytest.approx(sex["factor_lr_p"])
    together = rows[None]
    assert together["events_per_variable"] == together["events"] / together["parameters"]
    assert together["concordance_ci_low"] < together["concordance"] < 1
    assert together["optimism"] is None
    assert rows["sex"]["concordance"] < together["concordance"]


def test_the_plan_asks_for_the_optimism_of_the_multivariable_model(results_of, random_patients):
    results = results_of(random_patients(60, 3), bootstrap_resamples=8)
    *alone, together = results["model_fit"]
    assert together["resamples"] == 8
    assert together["concordance_corrected"] == together["concordance"] - together["optimism"]
    assert {row["resamples"] for row in alone} == {None}


def test_models_as_a_whole_at_the_edge(edge_results):
    for name, results in edge_results.items():
        for row in results["model_fit"]:
            if row["parameters"] is None:
                assert row["note"] == "No estimate: see the rows of the model.", name
            assert row["concordance"] is not None or row["note"], name
    dead = edge_results["all_dead_on_day_0"]["model_fit"]
    assert {row["note"] for row in dead if row["parameters"]} == {
        "No two patients can be compared for C."
    }
    assert all(row["likelihood_ratio_p"] > 0.999 for row in dead if row["parameters"])
