"""Kaplan-Meier, medians, landmarks and log-rank tests against R's survfit and survdiff."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.logrank import logrank
from analysis.survival import crossing_half, kaplan_meier

OTHER = {"rtol": 1e-6, "atol": 1e-9}
INTERVALS = ["log", "log-log", "plain"]
LANDMARKS = [0, 1, 2.5, 4, 6, 7, 8, 30, 50, 60]

NAMES = [
    "half_then_lower",
    "half_stays_half",
    "half_exact",
    "half_to_the_end",
    "half_by_rounding",
    "day_zero_deaths",
    "day_zero_censored",
    "all_dead_on_day_zero",
    "no_deaths",
    "one_alive",
    "one_dead",
    "all_tied",
    "last_dies",
    *(f"random{seed}" for seed in range(6)),
    *(f"half_random{seed}" for seed in range(4)),
]

R_SCRIPT = """
landmarks <- c(0, 1, 2.5, 4, 6, 7, 8, 30, 50, 60)
for (case in cases) {
  d <- read.csv(file.path(folder, paste0(case, ".csv")), header = FALSE)
  if (ncol(d) == 3) {
    fit <- survdiff(Surv(V1, V2) ~ V3, data = d)
    df <- sum(fit$exp > 0) - 1
    put(paste0(case, "/logrank"), c(fit$chisq, df, pchisq(fit$chisq, df, lower.tail = FALSE)))
    next
  }
  for (type in c("log", "log-log", "plain")) {
    fit <- survfit(Surv(V1, V2) ~ 1, data = d, conf.type = type)
    put(paste(case, type, "median", sep = "/"),
        summary(fit)$table[c("median", "0.95LCL", "0.95UCL")])
    put(paste(case, type, "quantile", sep = "/"), unlist(quantile(fit, 0.5)))
    put(paste(case, type, "time", sep = "/"), fit$time)
    put(paste(case, type, "at_risk", sep = "/"), fit$n.risk)
    put(paste(case, type, "survival", sep = "/"), fit$surv)
    put(paste(case, type, "low", sep = "/"), fit$lower)
    put(paste(case, type, "high", sep = "/"), fit$upper)
    for (t in landmarks[landmarks <= max(d$V1)]) {
      s <- summary(fit, times = t)
      put(paste(case, type, "at", t, sep = "/"), c(s$surv, s$lower, s$upper, s$n.risk))
    }
  }
}
"""


def _groups(days, seed, levels):
    rng = np.random.default_rng(seed)
    return rng.integers(0, levels, len(days)).astype(float)


@pytest.fixture(scope="module")
def compared(curves, cohorts):
    """Name -> days, deaths and group for the log-rank tests, two to four groups."""
    found = {}
    for number, name in enumerate(["random0", "random1", "random2", "random3", "random4"]):
        days, died = curves[name]
        found[f"groups_{name}"] = (days, died, _groups(days, number, 2 + number % 3))
    for name in ("rossi", "lung", "ties150"):
        data = cohorts[name]
        found[f"groups_{name}"] = (data.days, data.died, data.design[:, 0])
    # Group 2 leaves before the first death and is never compared.
    found["groups_never_compared"] = (
        np.array([1, 1, 4, 5, 6, 7, 8, 9], dtype=float),
        np.array([0, 0, 1, 1, 0, 1, 1, 0], dtype=bool),
        np.array([2, 2, 0, 1, 0, 1, 0, 1], dtype=float),
    )
    found["groups_day_zero"] = (
        np.array([0, 0, 0, 5, 6, 7], dtype=float),
        np.array([1, 1, 0, 1, 0, 1], dtype=bool),
        np.array([0, 1, 1, 0, 0, 1], dtype=float),
    )
    return found


@pytest.fixture(scope="module")
def r_survival(run_r, curves, compared):
    cases = {name: np.column_stack(curve).tolist() for name, curve in curves.items()}
    cases |= {name: np.column_stack(data).tolist() for name, data in compared.items()}
    return run_r(R_SCRIPT, cases)


@pytest.mark.r
@pytest.mark.parametrize("interval", INTERVALS)
@pytest.mark.parametrize("name", NAMES)
def test_curve_equals_survfit(curves, r_survival, name, interval):
    curve = kaplan_meier(*curves[name], interval=interval)
    key = f"{name}/{interval}"
    # R starts at the first time, our curve at 0.
    first = len(curve.time_days) - len(r_survival[f"{key}/time"])
    np.testing.assert_array_equal(curve.time_days[first:], r_survival[f"{key}/time"])
    np.testing.assert_array_equal(curve.at_risk[first:], r_survival[f"{key}/at_risk"])
    for ours, theirs in (("survival", "survival"), ("ci_low", "low"), ("ci_high", "high")):
        np.testing.assert_allclose(
            getattr(curve, ours)[first:], r_survival[f"{key}/{theirs}"], **OTHER
        )


@pytest.mark.r
@pytest.mark.parametrize("interval", INTERVALS)
@pytest.mark.parametrize("name", NAMES)
def test_median_equals_survfit_table(curves, r_survival, name, interval):
    curve = kaplan_meier(*curves[name], interval=interval)
    median = r_survival[f"{name}/{interval}/median"]
    np.testing.assert_allclose(curve.median_days(), median, **OTHER)
    if not name.startswith("half_to_the_end"):
        quantile = r_survival[f"{name}/{interval}/quantile"]
        ends_on_half = abs(curve.survival[-1] - 0.5) < 1e-8
        if not ends_on_half:
            np.testing.assert_allclose(curve.median_days()[0], quantile[0], **OTHER)


@pytest.mark.r
@pytest.mark.parametrize("interval", INTERVALS)
@pytest.mark.parametrize("name", NAMES)
def test_landmarks_equal_survfit(curves, r_survival, name, interval):
    days, died = curves[name]
    curve = kaplan_meier(days, died, interval=interval)
    for landmark in LANDMARKS:
        found = curve.at(landmark)
        if landmark > days.max():
            assert np.isnan(found[:3]).all()
            assert found[3] == 0
        else:
            expected = r_survival[f"{name}/{interval}/at/{landmark:g}"]
            np.testing.assert_allclose(found, expected, **OTHER)


@pytest.mark.r
@pytest.mark.parametrize("name", [f"groups_random{i}" for i in range(5)])
def test_logrank_of_random_groups_equals_survdiff(compared, r_survival, name):
    _compare_logrank(compared[name], r_survival[f"{name}/logrank"])


@pytest.mark.r
@pytest.mark.parametrize("name", ["rossi", "lung", "ties150", "never_compared", "day_zero"])
def test_logrank_equals_survdiff(compared, r_survival, name):
    _compare_logrank(compared[f"groups_{name}"], r_survival[f"groups_{name}/logrank"])


def _compare_logrank(data, expected):
    days, died, group = data
    found = logrank(days, group.astype(object), died)
    np.testing.assert_allclose(found, expected, **OTHER)


@pytest.mark.parametrize(
    ("time", "survival", "expected"),
    [
        ([0, 1, 2], [1, 0.6, 0.4], 2),
        # Exactly one half, then lower: the middle.
        ([0, 3, 4, 8], [1, 0.5, 0.5, 0.25], 5.5),
        # One half by rounding error on either side counts as one half.
        ([0, 3, 8], [1, 0.5 + 1e-12, 0.25], 5.5),
        ([0, 3, 8], [1, 0.5 - 1e-12, 0.25], 5.5),
        # Just outside the tolerance it does not.
        ([0, 3, 8], [1, 0.5 + 1e-7, 0.25], 8),
        ([0, 3, 8], [1, 0.5 - 1e-7, 0.25], 3),
        # Follow-up ends on the stretch: its start.
        ([0, 3, 8], [1, 0.5, 0.5], 3),
        ([0, 3, 8], [1, 0.8, 0.6], np.nan),
        ([0, 3, 8], [np.nan, np.nan, np.nan], np.nan),
        ([0], [0.0], 0),
    ],
)
def test_median_rule_by_hand(time, survival, expected):
    found = crossing_half(np.array(time, dtype=float), np.array(survival, dtype=float))
    assert found == pytest.approx(expected, nan_ok=True)


@pytest.mark.parametrize(
    ("days", "died", "group", "words"),
    [
        ([1, 2, 3], [0, 0, 0], ["a", "b", "b"], "No events"),
        ([1, 2], [1, 1], ["a", "a"], "Fewer than two"),
        ([4, 4, 4], [1, 1, 1], ["a", "b", "b"], "never at risk together"),
        ([1, 2, 3, 4], [0, 0, 1, 1], ["a", "a", "b", "b"], "never at risk together"),
    ],
)
def test_logrank_without_a_comparison_says_so(days, died, group, words):
    found = logrank(np.array(days, float), np.array(group, object), np.array(died, bool))
    assert isinstance(found, str)
    assert words in found
