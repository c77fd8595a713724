"""Cumulative incidence against R's multi-state survfit, Gray's test against cmprsk."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.competing_risks import cumulative_incidence, gray_test
from analysis.survival import limits

NAMES = ["ties12", "ties25", "ties40", "ties80", "ties150", "ties248", "rossi", "lung"]

CURVES = """
for (case in cases) {
  d <- read.csv(file.path(folder, paste0(case, ".csv")), header = FALSE)
  fit <- survfit(Surv(V1, factor(V2, 0:2)) ~ 1, data = d)
  put(paste0(case, "/time"), fit$time)
  for (k in 1:2) {
    put(paste(case, k, "incidence", sep = "/"), fit$pstate[, k + 1])
    put(paste(case, k, "error", sep = "/"), fit$std.err[, k + 1])
    put(paste(case, k, "low", sep = "/"), fit$lower[, k + 1])
    put(paste(case, k, "high", sep = "/"), fit$upper[, k + 1])
  }
}
"""

TESTS = """
for (case in cases) {
  d <- read.csv(file.path(folder, paste0(case, ".csv")), header = FALSE)
  for (k in 3:4) {
    found <- cuminc(d$V1, d$V2, d[[k]])$Tests
    put(paste(case, k, sep = "/"), t(found[, c("stat", "df", "pv")]))
  }
}
"""


@pytest.fixture(scope="module")
def competing(cohorts):
    """Name -> days, cause (0, 1, 2), two groups and four groups."""
    found = {}
    for number, name in enumerate(NAMES):
        data = cohorts[name]
        rng = np.random.default_rng(number)
        cause = np.where(data.died, rng.choice([1, 1, 2], len(data.days)), 0)
        two = data.design[:, 0]
        found[name] = np.column_stack(
            [data.days, cause, two, two + 2 * rng.integers(0, 2, len(two))]
        )
    return found


@pytest.fixture(scope="module")
def r_curves(run_r, competing):
    return run_r(CURVES, {name: data[:, :2].tolist() for name, data in competing.items()})


@pytest.fixture(scope="module")
def r_tests(run_r, competing):
    return run_r(TESTS, {name: data.tolist() for name, data in competing.items()}, "cmprsk")


@pytest.mark.r
@pytest.mark.parametrize("cause", [1, 2])
@pytest.mark.parametrize("name", NAMES)
def test_incidence_equals_survfit(competing, r_curves, name, cause):
    days, state = competing[name][:, 0], competing[name][:, 1].astype(int)
    curve = cumulative_incidence(days, state, cause)
    key = f"{name}/{cause}"
    np.testing.assert_array_equal(curve.time_days, r_curves[f"{name}/time"])
    close = {"rtol": 1e-9, "atol": 1e-12}
    np.testing.assert_allclose(curve.incidence, r_curves[f"{key}/incidence"], **close)
    np.testing.assert_allclose(curve.standard_error, r_curves[f"{key}/error"], rtol=1e-7, atol=1e-9)
    some = curve.incidence > 0
    low, high = limits(
        curve.incidence[some], curve.standard_error[some] / curve.incidence[some], 0.95, "log"
    )
    np.testing.assert_allclose(low, np.array(r_curves[f"{key}/low"])[some], rtol=1e-6)
    np.testing.assert_allclose(high, np.array(r_curves[f"{key}/high"])[some], rtol=1e-6)


@pytest.mark.r
@pytest.mark.parametrize("groups", [2, 4])
@pytest.mark.parametrize("name", NAMES)
def test_gray_equals_cmprsk(competing, r_tests, name, groups):
    data = competing[name]
    column = {2: 2, 4: 3}[groups]
    expected = np.reshape(r_tests[f"{name}/{column + 1}"], (-1, 3))
    for cause in (1, 2):
        found = gray_test(data[:, 0], data[:, 1].astype(int), data[:, column], cause)
        np.testing.assert_allclose(found, expected[cause - 1], rtol=1e-9, atol=1e-12)
