"""Cox estimates against R, statsmodels and a Newton iteration written here from the formulas."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize_scalar
from scipy.stats import norm
from statsmodels.duration.hazard_regression import PHReg

from analysis.partial_likelihood import (
    NotEstimableError,
    Patterns,
    _climb,
    fit_cox,
    proportional_hazards_tests,
)
from tests.reference.coxph import (
    COEFFICIENT,
    OTHER,
    R_COMPARED,
    fit_equals_r,
    hazards_equal_r,
)

COHORTS = [
    "rossi",
    "lung",
    "ties12",
    "ties25",
    "ties40",
    "ties80",
    "ties150",
    "ties248",
    "all_dead_at_once",
]


def breslow_log_likelihood(days, died, design, beta):
    """Breslow's log partial likelihood, patient by patient."""
    return sum(
        design[i] @ beta - np.log(np.exp(design[days >= days[i]] @ beta).sum())
        for i in np.flatnonzero(died)
    )


def newton_breslow(days, died, design):
    """Maximum of Breslow's partial likelihood by plain Newton steps, patient by patient."""
    beta = np.zeros(design.shape[1])
    for _ in range(60):
        log_likelihood, score = 0.0, np.zeros(len(beta))
        information = np.zeros((len(beta), len(beta)))
        for i in np.flatnonzero(died):
            risk = design[days >= days[i]]
            weight = np.exp(risk @ beta)
            total = weight.sum()
            mean = weight @ risk / total
            log_likelihood += design[i] @ beta - np.log(total)
            score += design[i] - mean
            information += (risk.T * weight) @ risk / total - np.outer(mean, mean)
        step = np.linalg.solve(information, score)
        beta = beta + step
        if np.abs(step).max() < 1e-13:
            break
    return beta, np.linalg.inv(information), log_likelihood


def patterns_of(data):
    return Patterns.of(data.days, data.died, data.design)


@pytest.mark.parametrize("name", COHORTS)
def test_breslow_equals_newton_iteration(cohorts, name):
    data = cohorts[name]
    fit = fit_cox(patterns_of(data), "breslow")
    beta, covariance, log_likelihood = newton_breslow(data.days, data.died, data.design)
    np.testing.assert_allclose(fit.coefficients, beta, **COEFFICIENT)
    np.testing.assert_allclose(fit.covariance, covariance, **OTHER)
    np.testing.assert_allclose(fit.log_likelihood, log_likelihood, rtol=1e-10)


@pytest.mark.parametrize("ties", ["breslow", "efron"])
@pytest.mark.parametrize("name", COHORTS)
def test_equals_statsmodels(cohorts, name, ties):
    data = cohorts[name]
    fit = fit_cox(patterns_of(data), ties)
    model = PHReg(data.days, data.design, status=data.died.astype(float), ties=ties)
    result = model.fit(maxiter=100)
    np.testing.assert_allclose(fit.coefficients, result.params, **COEFFICIENT)
    np.testing.assert_allclose(fit.standard_errors, result.bse, **OTHER)
    p = 2 * norm.sf(np.abs(fit.coefficients / fit.standard_errors))
    np.testing.assert_allclose(p, result.pvalues, **OTHER)


def test_a_maximum_that_full_newton_steps_miss_is_found(cohorts):
    data = cohorts["overshoot"]
    fit = fit_cox(patterns_of(data), "breslow")
    found = minimize_scalar(
        lambda b: -breslow_log_likelihood(data.days, data.died, data.design, np.array([b])),
        bounds=(0, 20),
        method="bounded",
        options={"xatol": 1e-10},
    )
    # A flat maximum shows only half the digits to a search without derivatives.
    assert fit.coefficients[0] == pytest.approx(found.x, rel=1e-6)
    assert fit.log_likelihood == pytest.approx(-found.fun, rel=1e-12)


@pytest.mark.parametrize("name", COHORTS)
def test_the_own_search_finds_the_maximum_of_lifelines(cohorts, name):
    data = cohorts[name]
    fit = fit_cox(patterns_of(data), "efron")
    again = _climb(patterns_of(data), "efron")
    np.testing.assert_allclose(again.coefficients, fit.coefficients, **COEFFICIENT)
    np.testing.assert_allclose(again.covariance, fit.covariance, **OTHER)
    assert again.log_likelihood == pytest.approx(fit.log_likelihood, rel=1e-10)
    assert again.log_likelihood_null == pytest.approx(fit.log_likelihood_null, rel=1e-10)


def test_without_ties_both_methods_agree(cohorts):
    data = cohorts["ties80"]
    days = np.argsort(np.argsort(data.days, kind="stable"), kind="stable").astype(float)
    one = fit_cox(Patterns.of(days, data.died, data.design), "breslow")
    other = fit_cox(Patterns.of(days, data.died, data.design), "efron")
    np.testing.assert_allclose(one.coefficients, other.coefficients, **COEFFICIENT)
    np.testing.assert_allclose(one.log_likelihood, other.log_likelihood, rtol=1e-10)


R_SCRIPT = (
    R_COMPARED
    + """
for (case in cases) {
  d <- read.csv(file.path(folder, paste0(case, ".csv")), header = FALSE)
  x <- as.matrix(d[, -(1:2), drop = FALSE])
  for (ties in c("breslow", "efron")) {
    fit <- coxph(Surv(V1, V2) ~ x, data = d, ties = ties, control = tight)
    compared(case, ties, fit, zph = !case %in% c("all_dead_at_once", "without_deaths"))
    s <- summary(fit)
    put(paste(case, ties, "ratio", sep = "/"), s$conf.int[, c(1, 3, 4)])
    put(paste(case, ties, "p", sep = "/"), s$coefficients[, 5])
    if (case == "lung") {
      factors <- coxph(Surv(V1, V2) ~ V3 + factor(V4 + 2 * V5) + V6, data = d, ties = ties,
                       control = tight)
      put(paste(case, ties, "zph_factors", sep = "/"), cox.zph(factors)$table)
    }
  }
}
"""
)


@pytest.fixture(scope="module")
def r_cox(run_r, cohorts):
    cases = {
        name: np.column_stack([data.days, data.died, data.design]).tolist()
        for name, data in cohorts.items()
    }
    cases["without_deaths"] = _with_a_level_without_deaths().tolist()
    return run_r(R_SCRIPT, cases)


def _with_a_level_without_deaths():
    """Days, died, and three levels as two covariates; nobody with the second of them dies."""
    rng = np.random.default_rng(21)
    level = rng.integers(0, 3, 90)
    died = (rng.random(90) < 0.6) & (level != 2)
    return np.column_stack([rng.integers(0, 30, 90), died, level == 1, level == 2]).astype(float)


@pytest.mark.r
@pytest.mark.parametrize("ties", ["breslow", "efron"])
def test_the_limit_of_a_level_without_deaths_equals_r(r_cox, ties):
    # R iterates the level towards minus infinity; without its patients the rest is that limit.
    data = _with_a_level_without_deaths()
    kept = data[data[:, 3] == 0]
    fit = fit_cox(Patterns.of(kept[:, 0], kept[:, 1] == 1, kept[:, 2:3]), ties)
    beta = r_cox[f"without_deaths/{ties}/coefficient"]
    assert beta[1] < -15
    assert fit.coefficients[0] == pytest.approx(beta[0], rel=1e-6)
    error = r_cox[f"without_deaths/{ties}/error"]
    assert fit.standard_errors[0] == pytest.approx(error[0], rel=1e-5)


@pytest.mark.r
@pytest.mark.parametrize("ties", ["breslow", "efron"])
@pytest.mark.parametrize("name", [*COHORTS, "overshoot"])
def test_equals_r_coxph(cohorts, r_cox, name, ties):
    data = cohorts[name]
    fit = fit_equals_r(r_cox, name, ties, data.days, data.died, data.design)
    beta, error = fit.coefficients, fit.standard_errors
    z = norm.ppf(0.975)
    ratio = np.exp(np.concatenate([beta, beta - z * error, beta + z * error]))
    np.testing.assert_allclose(ratio, r_cox[f"{name}/{ties}/ratio"], **OTHER)
    np.testing.assert_allclose(
        2 * norm.sf(np.abs(beta / error)), r_cox[f"{name}/{ties}/p"], **OTHER
    )


@pytest.mark.r
@pytest.mark.parametrize("ties", ["breslow", "efron"])
@pytest.mark.parametrize("name", [name for name in COHORTS if name != "all_dead_at_once"])
def test_proportional_hazards_equal_r_cox_zph(cohorts, r_cox, name, ties):
    data = cohorts[name]
    hazards_equal_r(r_cox, name, ties, data.days, data.died, data.design)


@pytest.mark.r
@pytest.mark.parametrize("ties", ["breslow", "efron"])
def test_proportional_hazards_of_a_factor_of_three_levels_equal_r(cohorts, r_cox, ties):
    data = cohorts["lung"]
    fit = fit_cox(patterns_of(data), ties)
    terms = [[0], [1, 2], [3], [0, 1, 2, 3]]
    tests = proportional_hazards_tests(patterns_of(data), fit.coefficients, ties, terms)
    np.testing.assert_allclose(
        np.transpose(tests).ravel(), r_cox[f"lung/{ties}/zph_factors"], **OTHER
    )


def _fit(days, died, design, ties="breslow"):
    arrays = np.array(days, dtype=float), np.array(died, dtype=bool), np.array(design, dtype=float)
    return fit_cox(Patterns.of(*arrays), ties)


@pytest.mark.parametrize("ties", ["breslow", "efron"])
@pytest.mark.parametrize(
    ("days", "died", "design", "words"),
    [
        ([1, 2, 3], [0, 0, 0], [[0], [1], [1]], "No events"),
        ([5], [1], [[1]], "same level"),
        ([1, 2, 3, 4], [1, 1, 0, 0], [[1], [1], [0], [0]], "separates"),
        ([1, 2, 3, 4], [1, 1, 1, 1], [[1], [1], [0], [0]], "separates"),
        ([1, 2, 3, 4], [1, 1, 0, 0], [[0], [0], [1], [1]], "separates"),
        ([1, 2, 3, 4, 5], [1, 1, 1, 1, 0], [[0, 0], [1, 1], [0, 0], [1, 1], [0, 0]], "collinear"),
        ([1, 2, 3, 4, 5, 6], [1] * 6, [[0], [0], [0], [0], [0], [0]], "same level"),
        # The level differs only among patients who leave before the first death.
        ([1, 1, 3, 4], [0, 0, 1, 1], [[1], [1], [0], [0]], "same level"),
    ],
)
def test_no_finite_maximum_is_said_and_not_a_huge_ratio(days, died, design, words, ties):
    with pytest.raises(NotEstimableError) as caught:
        _fit(days, died, design, ties)
    assert words in caught.value.note


@pytest.mark.parametrize("ties", ["breslow", "efron"])
def test_all_dead_on_day_zero_gives_a_ratio_of_one(ties):
    fit = _fit([0, 0, 0, 0], [1, 1, 1, 1], [[0], [1], [0], [1]], ties)
    assert fit.coefficients == pytest.approx([0], abs=1e-9)


def test_separation_in_one_of_two_covariates_names_it():
    rng = np.random.default_rng(4)
    plain = rng.integers(0, 2, 40)
    days = np.arange(40)
    separating = (days < 12).astype(int)
    died = np.where(separating == 1, 1, rng.integers(0, 2, 40))
    with pytest.raises(NotEstimableError) as caught:
        _fit(days, died, np.column_stack([plain, separating]))
    assert caught.value.columns == (1,)


def test_strong_but_finite_effects_are_estimated():
    # One death of the lower level while the upper one is at risk keeps the ratio finite.
    days = np.arange(1, 61, dtype=float)
    upper = (days <= 30).astype(float)
    upper[0] = 0
    fit = _fit(days, np.ones(60), upper[:, None])
    beta, *_ = newton_breslow(days, np.ones(60, dtype=bool), upper[:, None])
    assert fit.coefficients == pytest.approx(beta, rel=1e-8)
    assert 2 < fit.coefficients[0] < 12
