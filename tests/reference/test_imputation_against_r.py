"""Rubin's rules and chained equations against R's package mice, the logit against statsmodels."""

from __future__ import annotations

import numpy as np
import pytest
from statsmodels.discrete.discrete_model import MNLogit

from analysis import imputation
from analysis.imputation import UNKNOWN, fit_multinomial, impute, pool
from analysis.partial_likelihood import Patterns, fit_cox
from analysis.survival import nelson_aalen

IMPUTATIONS = 40

R_SCRIPT = """
for (case in setdiff(cases, "cohort")) {
  d <- read.csv(file.path(folder, paste0(case, ".csv")), header = FALSE)
  found <- pool.scalar(d$V1, d$V2, n = d$V3[1], k = 0)
  put(case, c(found$qbar, found$t, found$df, found$fmi))
}
d <- read.csv(file.path(folder, "cohort.csv"), header = FALSE)
names(d) <- c("days", "died", "a", "b", "c")
for (x in c("a", "b", "c")) d[[x]] <- factor(replace(d[[x]], d[[x]] < 0, NA))
d$hazard <- nelsonaalen(d, days, died)
method <- make.method(d)
use <- make.predictorMatrix(d)
use[, "days"] <- 0
drawn <- mice(d, m = 40, maxit = 10, method = method, predictorMatrix = use, seed = 3,
              printFlag = FALSE)
fits <- lapply(1:40, function(i) coxph(Surv(days, died) ~ a + b + c, complete(drawn, i),
                                       ties = "breslow"))
q <- sapply(fits, coef)
u <- sapply(fits, function(f) diag(vcov(f)))
for (i in seq_len(nrow(q))) {
  found <- pool.scalar(q[i, ], u[i, ], n = sum(d$died) - nrow(q), k = 0)
  put(paste0("cohort/", i), c(found$qbar, sqrt(found$t), found$fmi))
}
"""


def _scalars():
    rng = np.random.default_rng(1)
    found = {}
    for name, m, spread, df in [
        ("few", 5, 0.1, 30),
        ("many", 50, 0.1, 200),
        ("uncertain", 20, 1.5, 60),
        # mice takes no share of missing information below 1e-4; this one is above.
        ("certain", 20, 0.01, 60),
    ]:
        found[name] = np.column_stack(
            [rng.normal(0.4, spread, m), rng.uniform(0.03, 0.05, m), np.full(m, df)]
        )
    return found


@pytest.fixture(scope="module")
def incomplete():
    """Days, died, and three factors of which two are unknown depending on the others."""
    rng = np.random.default_rng(12)
    n = 500
    a = rng.integers(0, 2, n)
    b = (rng.random(n) < 0.3 + 0.3 * a).astype(int)
    c = (rng.random((n, 2)) < np.column_stack([0.3 + 0.3 * b, 0.3 + 0.2 * a])).sum(axis=1)
    death = rng.exponential(900 / np.exp(0.5 * a + 0.6 * b - 0.4 * (c == 1) + 0.5 * (c == 2)))
    end = rng.uniform(100, 2000, n)
    days, died = np.ceil(np.minimum(death, end)), death <= end
    b[rng.random(n) < 0.15 + 0.25 * died] = UNKNOWN
    c[rng.random(n) < 0.2 + 0.2 * a] = UNKNOWN
    return days, died, np.column_stack([a, b, c])


@pytest.fixture(scope="module")
def r_mice(run_r, incomplete):
    cases = {name: data.tolist() for name, data in _scalars().items()}
    cases["cohort"] = np.column_stack(incomplete).astype(float).tolist()
    return run_r(R_SCRIPT, cases, "mice")


@pytest.mark.r
@pytest.mark.parametrize("name", ["few", "many", "uncertain", "certain"])
def test_rubins_rules_equal_pool_scalar(r_mice, name):
    estimates, variances, df = _scalars()[name].T
    found = pool(estimates, variances, df[0])
    np.testing.assert_allclose(
        [found.estimate, found.variance, found.degrees_of_freedom, found.missing_information],
        r_mice[name],
        rtol=1e-10,
    )


@pytest.mark.slow
@pytest.mark.r
def test_chained_equations_agree_with_mice_but_for_chance(r_mice, incomplete):
    days, died, codes = incomplete
    outcome = np.column_stack([died, nelson_aalen(days, died)]).astype(float)
    outcome = (outcome - outcome.mean(axis=0)) / outcome.std(axis=0)
    fits = []
    for seed in np.random.SeedSequence(5).spawn(IMPUTATIONS):
        done = impute(codes, [2, 2, 3], outcome, np.random.default_rng(seed))
        design = np.column_stack([done[:, 0], done[:, 1], done[:, 2] == 1, done[:, 2] == 2])
        fits.append(fit_cox(Patterns.of(days, died, design.astype(float)), "breslow"))
    for i in range(4):
        found = pool(
            np.array([fit.coefficients[i] for fit in fits]),
            np.array([fit.covariance[i, i] for fit in fits]),
            int(died.sum()) - 4,
        )
        estimate, error, missing = r_mice[f"cohort/{i + 1}"]
        # Two draws of 40 imputations differ by about a fifth of a standard error at the most.
        assert abs(found.estimate - estimate) < 0.2 * error
        assert found.variance**0.5 == pytest.approx(error, rel=0.12)
        assert found.missing_information == pytest.approx(missing, abs=0.15)


def test_multinomial_logit_equals_statsmodels(monkeypatch):
    monkeypatch.setattr(imputation, "PRIOR_PRECISION", 0.0)
    rng = np.random.default_rng(4)
    design = np.column_stack([np.ones(300), rng.normal(size=300), rng.integers(0, 2, 300)])
    chance = np.exp(design @ rng.normal(size=(3, 3)))
    codes = (rng.random((300, 1)) * chance.sum(axis=1, keepdims=True) > chance.cumsum(axis=1)).sum(
        axis=1
    )
    expected = MNLogit(codes, design).fit(disp=False, tol=1e-12, maxiter=200).params
    np.testing.assert_allclose(fit_multinomial(design, codes, 3), expected, rtol=1e-6)
