"""Scaled Schoenfeld residuals and the line through them against R's cox.zph and its plot."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.partial_likelihood import Patterns, fit_cox, scaled_schoenfeld
from analysis.schoenfeld import smooth

NAMES = ["ties12", "ties25", "ties80", "ties150", "ties248", "rossi", "lung"]

ZPH = """
library(splines)
tight <- coxph.control(eps = 1e-14, iter.max = 60)
for (case in cases) {
  d <- read.csv(file.path(folder, paste0(case, ".csv")), header = FALSE)
  x <- as.matrix(d[, -(1:2), drop = FALSE])
  for (ties in c("breslow", "efron")) {
    fit <- coxph(Surv(d$V1, d$V2) ~ x, ties = ties, control = tight)
    z <- cox.zph(fit, terms = FALSE)
    key <- paste(case, ties, sep = "/")
    put(paste0(key, "/time"), z$time)
    put(paste0(key, "/x"), z$x)
    put(paste0(key, "/y"), z$y)
    # As plot.cox.zph, with its own matrix algebra.
    points <- seq(min(z$x), max(z$x), length = 40)
    basis <- ns(c(points, z$x), df = 4, intercept = TRUE)
    at <- basis[1:40, ]
    through <- basis[-(1:40), ]
    if (qr(through)$rank == 4) {
      put(paste0(key, "/line"), at %*% solve(crossprod(through), crossprod(through, z$y)))
      spread <- sqrt(diag(at %*% solve(crossprod(through)) %*% t(at)))
      put(paste0(key, "/error"), outer(spread, sqrt(diag(z$var))))
    }
  }
}
"""


@pytest.fixture(scope="module")
def r_zph(run_r, cohorts):
    cases = {
        name: np.column_stack([d.days, d.died, d.design]).tolist()
        for name, d in cohorts.items()
        if name in NAMES
    }
    return run_r(ZPH, cases, "splines")


@pytest.mark.r
@pytest.mark.parametrize("ties", ["breslow", "efron"])
@pytest.mark.parametrize("name", NAMES)
def test_residuals_and_their_line_equal_cox_zph(cohorts, r_zph, name, ties):
    data = cohorts[name]
    patterns = Patterns.of(data.days, data.died, data.design)
    fit = fit_cox(patterns, ties)
    time, clock, residuals = scaled_schoenfeld(patterns, fit, ties)
    key = f"{name}/{ties}"
    np.testing.assert_array_equal(time, r_zph[f"{key}/time"])
    np.testing.assert_allclose(clock, r_zph[f"{key}/x"], atol=1e-12)
    expected = np.reshape(r_zph[f"{key}/y"], residuals.shape, order="F")
    # Events of one day have no order.
    by_day = (rows[np.lexsort((*np.round(rows, 6).T, time))] for rows in (residuals, expected))
    np.testing.assert_allclose(*by_day, rtol=1e-6, atol=1e-6)
    points, line, spread = smooth(clock, residuals)
    if f"{key}/line" not in r_zph:
        assert not points.size
        return
    shape = (40, residuals.shape[1])
    expected = np.reshape(r_zph[f"{key}/line"], shape, order="F")
    np.testing.assert_allclose(line, expected, rtol=1e-6, atol=1e-6)
    deviation = np.sqrt(len(time) * np.diag(fit.covariance))
    expected = np.reshape(r_zph[f"{key}/error"], shape, order="F")
    np.testing.assert_allclose(np.outer(spread, deviation), expected, rtol=1e-6)
