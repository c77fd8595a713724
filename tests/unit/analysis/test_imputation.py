"""The model with unknown factors imputed beside the complete cases."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.imputation import UNKNOWN, fit_multinomial, impute, pool, probabilities
from analysis.plan import FixedSelection

MODEL = FixedSelection(rule="fixed", factors=["hepatectomy_extent", "perineural_invasion"])


def _ratio(rows, column, level):
    return next(row for row in rows if (row["factor"], row["level"]) == (column, level))


def test_with_nothing_unknown_it_is_the_complete_case_model(results_of, random_patients):
    patients = [
        {**p, "perineural_invasion": "yes" if i % 3 else "no"}
        for i, p in enumerate(random_patients(80, 4))
    ]
    results = results_of(patients, selection=MODEL, imputations=3)
    for row in results["cox_imputed"]:
        complete = _ratio(results["cox_multivariable"], row["factor"], row["level"])
        assert (row["n"], row["n_imputed"], row["complete_n"]) == (80, 0, 80)
        if not row["is_reference"]:
            assert row["coefficient"] == pytest.approx(complete["coefficient"])
            assert row["standard_error"] == pytest.approx(complete["standard_error"])
            assert row["complete_hazard_ratio"] == complete["hazard_ratio"]


@pytest.mark.slow
def test_unknown_patients_come_back_and_the_seed_decides(results_of, random_patients):
    patients = random_patients(120, 4)
    unknown = sum(p["perineural_invasion"] is None for p in patients)
    results = results_of(patients, selection=MODEL, imputations=5)
    row = _ratio(results["cox_imputed"], "perineural_invasion", "yes")
    assert (row["n"], row["n_imputed"], row["imputations"]) == (120, unknown, 5)
    assert row["complete_n"] == 120 - unknown
    assert 0 < row["missing_information"] < 1
    assert row["ci_low"] < row["hazard_ratio"] < row["ci_high"]
    whole = _ratio(results["cox_imputed"], "hepatectomy_extent", "major")
    assert whole["n_imputed"] == 0
    # Patients who came back make the factor that was never unknown more certain.
    complete = _ratio(results["cox_multivariable"], "hepatectomy_extent", "major")
    assert whole["standard_error"] < complete["standard_error"]
    again = results_of(patients[::-1], selection=MODEL, imputations=5)
    assert again["cox_imputed"] == results["cox_imputed"]
    other = results_of(patients, selection=MODEL, imputations=5, seed=2)
    assert _ratio(other["cox_imputed"], "perineural_invasion", "yes") != row


def test_what_does_not_apply_is_not_imputed(results_of, random_patients):
    patients = [
        {**p, "perineural_invasion_missing_reason": "not_applicable"}
        for p in random_patients(120, 4)
    ]
    results = results_of(patients, selection=MODEL, imputations=2)
    row = _ratio(results["cox_imputed"], "perineural_invasion", "yes")
    assert row["n"] == row["complete_n"]
    assert row["n_imputed"] == 0


def test_no_imputations_no_rows(results_of, random_patients):
    assert results_of(random_patients(60, 4), imputations=0)["cox_imputed"] == []


def test_imputation_removes_the_bias_of_complete_cases():
    # x is unknown more often where y is large: its mean among the known is too low.
    rng = np.random.default_rng(6)
    y = rng.normal(size=4000)
    x = (rng.random(4000) < 1 / (1 + np.exp(-2 * y))).astype(int)
    codes = np.where(rng.random(4000) < 1 / (1 + np.exp(-2 * y)), UNKNOWN, x)
    known = codes != UNKNOWN
    done = impute(codes[:, None], [2], y[:, None], rng)[:, 0]
    assert x[known].mean() < 0.35
    assert done.mean() == pytest.approx(x.mean(), abs=0.03)
    assert np.array_equal(done[known], x[known])


def test_pooling_by_hand():
    found = pool(np.array([1.0, 3.0]), np.array([1.0, 2.0]), 10)
    assert found.estimate == 2
    # Within 1.5, between 2: 1.5 + 1.5 * 2.
    assert found.variance == pytest.approx(4.5)
    assert 0 < found.degrees_of_freedom < 10


def test_a_level_only_one_patient_has_stays_finite():
    design = np.column_stack([np.ones(40), np.arange(40) == 7]).astype(float)
    codes = (np.arange(40) == 7).astype(int)
    beta = fit_multinomial(design, codes, 2)
    assert np.all(np.isfinite(beta))
    assert probabilities(design, beta)[7, 1] > 0.3


def test_edges(edge_results):
    for name, results in edge_results.items():
        for row in results["cox_imputed"]:
            if not row["is_reference"]:
                assert (row["hazard_ratio"] is None) == (row["note"] is not None), name
    for name in ("empty", "no_events", "one_patient"):
        assert edge_results[name]["cox_imputed"] == []
