"""A Cox model of ours beside what R's `coxph`, `concordance` and `cox.zph` say of the same data."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import chi2

from analysis.concordance import concordance
from analysis.partial_likelihood import (
    Patterns,
    fit_cox,
    proportional_hazards_tests,
    score_statistic,
)

COEFFICIENT = {"rtol": 1e-8, "atol": 1e-10}
OTHER = {"rtol": 1e-6, "atol": 1e-9}

# Puts what the functions below compare, of a fit, under "<case>/<ties>/...".
R_COMPARED = """
tight <- coxph.control(eps = 1e-14, iter.max = 60, toler.chol = 1e-14)
compared <- function(case, ties, fit, zph = TRUE) {
  s <- summary(fit)
  con <- concordance(fit)
  said <- list(coefficient = coef(fit), error = sqrt(diag(vcov(fit))), loglik = fit$loglik,
               tests = c(s$logtest[1], fit$wald.test, fit$score),
               concordance = c(con$concordance, sqrt(con$var)))
  z <- if (zph) tryCatch(cox.zph(fit, terms = FALSE)$table, error = function(e) NULL)
  if (!is.null(z)) said <- c(said, list(zph = z[, 1], zph_p = z[, 3]))
  for (what in names(said)) put(paste(case, ties, what, sep = "/"), said[[what]])
}
"""


def fit_equals_r(by_r, name, ties, days, died, design):
    """Estimates, tests of the model as a whole and concordance; the fit."""
    patterns = Patterns.of(days, died, design)
    fit = fit_cox(patterns, ties)

    def same(what, found, **tolerance):
        expected = by_r[f"{name}/{ties}/{what}"]
        np.testing.assert_allclose(found, expected, err_msg=f"{name} {what}", **tolerance)

    same("coefficient", fit.coefficients, **COEFFICIENT)
    same("error", fit.standard_errors, **OTHER)
    same("loglik", [fit.log_likelihood_null, fit.log_likelihood], rtol=1e-9)
    tests = [
        2 * (fit.log_likelihood - fit.log_likelihood_null),
        fit.coefficients @ np.linalg.solve(fit.covariance, fit.coefficients),
        score_statistic(patterns, ties),
    ]
    same("tests", tests, **OTHER)
    same("concordance", concordance(days, died, design @ fit.coefficients), rtol=1e-9)
    return fit


def hazards_equal_r(by_r, name, ties, days, died, design):
    """The tests of proportional hazards, of each covariate and of all together."""
    patterns = Patterns.of(days, died, design)
    columns = design.shape[1]
    terms = [[j] for j in range(columns)] + ([list(range(columns))] if columns > 1 else [])
    coefficients = fit_cox(patterns, ties).coefficients
    tests = proportional_hazards_tests(patterns, coefficients, ties, terms)
    for what, place in (("zph", 0), ("zph_p", 2)):
        expected = by_r[f"{name}/{ties}/{what}"][: len(terms)]
        np.testing.assert_allclose([t[place] for t in tests], expected, err_msg=name, **OTHER)
    assert [t[2] for t in tests] == pytest.approx([chi2.sf(t[0], t[1]) for t in tests])
