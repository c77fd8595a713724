"""Cut-points and splines: what they find, what they cost, and what they cannot say."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.cutpoint import CutSearch, corrected_p
from analysis.partial_likelihood import NotEstimableError, Patterns, fit_smooth_cox
from analysis.plan import CutpointVariable, SplineVariable
from analysis.spline import restricted_cubic_basis

SIZE = "largest_metastasis_mm"


def test_corrected_p_by_hand():
    # b = 3, e = 0.1: phi(3) = 0.00443185; phi (b - 1/b) 2 log 9 + 4 phi / b.
    assert corrected_p(3, 0.1) == pytest.approx(
        0.0044318484 * (3 - 1 / 3) * 2 * np.log(9) + 4 * 0.0044318484 / 3, rel=1e-7
    )
    assert corrected_p(0.5, 0.1) == 1
    assert corrected_p(1.2, 0.1) <= 1


def test_a_search_among_noise_is_not_rewarded():
    rng = np.random.default_rng(2)
    below = 0
    for _ in range(200):
        days, died = rng.exponential(100, 80), rng.random(80) < 0.7
        _, statistic, _ = CutSearch.of(days, died, rng.random(80), 0.1).best()
        below += corrected_p(statistic, 0.1) < 0.05
    # Uncorrected, about two in five would be.
    assert below <= 12


def test_a_true_cut_is_found_and_its_spread_is_told(results_of):
    patients = [
        {
            SIZE: size,
            "died": True,
            "follow_up_days": (200 if size > 50 else 1500) + 7 * i,
        }
        for i, size in enumerate(np.tile(np.arange(10, 100, 5), 4).tolist())
    ]
    row = results_of(patients)["cutpoint"][0]
    assert row["cutpoint"] == 50
    assert row["n_up_to"] == sum(p[SIZE] <= 50 for p in patients)
    assert row["n_up_to"] + row["n_above"] == row["n"] == len(patients)
    assert row["p_corrected"] < 1e-6
    assert row["resamples"] == 200
    assert row["resampled_low"] <= row["resampled_median"] == 50 <= row["resampled_high"]
    assert results_of(patients[::-1])["cutpoint"][0] == row


def test_both_sides_of_a_cut_keep_their_share(results_of, random_patients):
    patients = random_patients(60, 6)
    wide = CutpointVariable(column=SIZE, proportion=0.4, resamples=0)
    row = results_of(patients, cutpoints=[wide], splines=[])["cutpoint"][0]
    assert min(row["n_up_to"], row["n_above"]) >= 24
    assert row["label"] == "Largest metastasis mm"
    assert row["resamples"] == 0
    assert row["resampled_low"] is None


def test_basis_is_linear_beyond_the_knots_and_smooth_within():
    knots = np.array([1.0, 2, 4, 7])
    x = np.linspace(-2, 12, 1401)
    basis = restricted_cubic_basis(x, knots)
    second = np.diff(basis, 2, axis=0)
    assert np.abs(second[x[1:-1] < 0.99]).max() < 1e-12
    assert np.abs(second[x[1:-1] > 7.02]).max() < 1e-12
    # The second derivative is continuous: its steps shrink with the grid.
    assert np.abs(np.diff(second, axis=0)).max() < 1e-5
    assert np.linalg.matrix_rank(basis) == 3


def test_a_curve_is_told_from_a_line(results_of):
    rng = np.random.default_rng(8)
    size = rng.uniform(5, 120, 300)
    hazard = np.exp(0.002 * (size - 60) ** 2 / 2)
    death = rng.exponential(900 / hazard)
    patients = [
        {SIZE: round(float(s), 1), "died": True, "follow_up_days": int(d) + 1}
        for s, d in zip(size, death, strict=True)
    ]
    variable = SplineVariable(column=SIZE, unit="mm")
    results = results_of(patients, splines=[variable], cutpoints=[])
    test = results["spline_test"][0]
    assert test["nonlinear_p"] < 1e-6
    assert (test["degrees_of_freedom"], test["nonlinear_degrees_of_freedom"]) == (3, 2)
    rows = results["spline"]
    at_reference = next(row for row in rows if row["value"] == row["reference"])
    assert (at_reference["hazard_ratio"], at_reference["standard_error"]) == (1, 0)
    assert rows[0]["hazard_ratio"] > 2
    assert rows[-1]["hazard_ratio"] > 2


def test_complete_separation_along_a_number_is_no_curve():
    x = np.linspace(-1, 1, 40)[:, None]
    died = np.arange(40) >= 20
    with pytest.raises(NotEstimableError, match="separates"):
        fit_smooth_cox(Patterns.of(np.where(died, 5.0 - x[:, 0], 100.0), died, x), "breslow")


def test_edges(edge_results):
    for name, results in edge_results.items():
        for row in results["cutpoint"]:
            assert (row["cutpoint"] is None) == (row["note"] is not None), name
        for row in results["spline_test"]:
            assert (row["p"] is None) == (row["note"] is not None), name
    (empty,) = edge_results["empty"]["cutpoint"]
    assert empty["note"] == "No events."
    dead = edge_results["all_dead_on_day_0"]
    assert dead["spline_test"][0]["p"] > 0.99 or dead["spline_test"][0]["note"]


def test_too_few_values_for_knots(results_of, random_patients):
    patients = [{**p, SIZE: 20 + i % 2} for i, p in enumerate(random_patients(40, 1))]
    results = results_of(patients)
    notes = {row["variable"]: row["note"] for row in results["spline_test"]}
    assert notes[SIZE] == "Too few distinct values for the knots."
    constant = [{**p, SIZE: 20} for p in patients]
    (row,) = results_of(constant)["cutpoint"]
    assert row["note"] == "No cut leaves enough patients on both sides."
