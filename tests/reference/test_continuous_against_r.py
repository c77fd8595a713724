"""Cut-points against R's maxstat, and splines against R's coxph of natural splines."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.cutpoint import CutSearch, corrected_p
from analysis.partial_likelihood import Patterns, fit_smooth_cox
from analysis.spline import KNOT_PERCENTILES, hazard_along, restricted_cubic_basis

NAMES = ["ties25", "ties40", "ties80", "ties150", "ties248", "rossi", "lung"]

CUTS = """
for (case in cases) {
  d <- read.csv(file.path(folder, paste0(case, ".csv")), header = FALSE)
  d$score <- residuals(coxph(Surv(V1, V2) ~ 1, data = d, ties = "breslow"), type = "martingale")
  for (e in c(0.1, 0.25)) {
    found <- maxstat.test(score ~ V3, data = d, smethod = "Data", pmethod = "Lau92",
                          minprop = e, maxprop = 1 - e)
    put(paste(case, e, sep = "/"), c(found$estimate, found$statistic, found$p.value))
  }
  untied <- d
  untied$V1 <- rank(d$V1, ties.method = "first")
  found <- maxstat.test(Surv(V1, V2) ~ V3, data = untied, smethod = "LogRank", pmethod = "Lau92",
                        minprop = 0.1, maxprop = 0.9)
  put(paste(case, "untied", sep = "/"), c(found$estimate, found$statistic, found$p.value))
}
"""

SPLINES = """
tight <- coxph.control(eps = 1e-14, iter.max = 60)
for (case in cases) {
  d <- read.csv(file.path(folder, paste0(case, ".csv")), header = FALSE)
  for (k in 3:5) for (ties in c("breslow", "efron")) {
    at <- list("3" = c(.1, .5, .9), "4" = c(.05, .35, .65, .95),
               "5" = c(.05, .275, .5, .725, .95))[[as.character(k)]]
    knots <- quantile(d$V3, at)
    basis <- function(x) ns(x, knots = knots[2:(k - 1)], Boundary.knots = knots[c(1, k)])
    x <- basis(d$V3)
    fit <- coxph(Surv(V1, V2) ~ x, data = d, ties = ties, control = tight)
    key <- paste(case, k, ties, sep = "/")
    put(paste0(key, "/loglik"), fit$loglik)
    grid <- quantile(d$V3, c(.02, .1, .3, .6, .9, .98))
    contrast <- sweep(basis(grid), 2, basis(median(d$V3)))
    put(paste0(key, "/ratio"), contrast %*% coef(fit))
    put(paste0(key, "/error"), sqrt(diag(contrast %*% vcov(fit) %*% t(contrast))))
  }
}
"""


@pytest.fixture(scope="module")
def measured(cohorts):
    """Name -> days, died, and a number with ties that has something to do with them."""
    found = {}
    for number, name in enumerate(NAMES):
        data = cohorts[name]
        rng = np.random.default_rng(number)
        size = np.round(rng.gamma(3, 12, len(data.days)) - 6 * np.log1p(data.days) + 40)
        found[name] = np.column_stack([data.days, data.died, size])
    return found


@pytest.fixture(scope="module")
def r_cuts(run_r, measured):
    return run_r(CUTS, {name: data.tolist() for name, data in measured.items()}, "maxstat")


@pytest.fixture(scope="module")
def r_splines(run_r, measured):
    return run_r(SPLINES, {name: data.tolist() for name, data in measured.items()}, "splines")


def _cut(days, died, values, proportion):
    cut, statistic, _ = CutSearch.of(days, died, values, proportion).best()
    return [cut, statistic, corrected_p(statistic, proportion)]


@pytest.mark.r
@pytest.mark.parametrize("name", NAMES)
def test_cutpoint_equals_maxstat(measured, r_cuts, name):
    days, died, values = measured[name].T
    for proportion in (0.1, 0.25):
        found = _cut(days, died == 1, values, proportion)
        np.testing.assert_allclose(found, r_cuts[f"{name}/{proportion}"], rtol=1e-9)
    ranks = np.empty(len(days))
    ranks[np.argsort(days, kind="stable")] = np.arange(1.0, len(days) + 1)
    found = _cut(ranks, died == 1, values, 0.1)
    np.testing.assert_allclose(found, r_cuts[f"{name}/untied"], rtol=1e-9)


@pytest.mark.r
@pytest.mark.parametrize("ties", ["breslow", "efron"])
@pytest.mark.parametrize("knots", [3, 4, 5])
@pytest.mark.parametrize("name", NAMES)
def test_spline_equals_coxph_of_natural_splines(measured, r_splines, name, knots, ties):
    # R's natural splines are another basis of the same curves.
    days, died, values = measured[name].T
    middle, scale = float(np.median(values)), float(np.std(values))
    at = np.percentile(values, KNOT_PERCENTILES[knots])
    basis = restricted_cubic_basis((values - middle) / scale, (at - middle) / scale)
    fit = fit_smooth_cox(Patterns.of(days, died == 1, basis), ties)
    key = f"{name}/{knots}/{ties}"
    np.testing.assert_allclose(
        [fit.log_likelihood_null, fit.log_likelihood], r_splines[f"{key}/loglik"], rtol=1e-9
    )
    grid = np.percentile(values, [2, 10, 30, 60, 90, 98])
    ratio, error = hazard_along(fit, grid, at, middle, scale)
    np.testing.assert_allclose(ratio, r_splines[f"{key}/ratio"], rtol=1e-6, atol=1e-9)
    np.testing.assert_allclose(error, r_splines[f"{key}/error"], rtol=1e-6, atol=1e-9)
