"""Time-dependent ROC curves against R: pairs of patients, weighted by survival's `survfit`."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.time_dependent_roc import Marker

NAMES = ["ties25", "ties40", "ties80", "ties150", "ties248", "rossi", "lung"]

# Pair by pair. Days are whole: moved by a quarter, events come before the censorings of their day.
PAIRS = """
for (case in cases) {
  d <- read.csv(file.path(folder, paste0(case, ".csv")), header = FALSE)
  censoring <- survfit(Surv(V1 - V2 / 4, 1 - V2) ~ 1, data = d)
  uncensored <- function(t) c(1, censoring$surv)[findInterval(t, censoring$time) + 1]
  for (q in c(0.2, 0.5, 0.8)) {
    landmark <- floor(quantile(d$V1, q))
    case_at <- which(d$V1 <= landmark & d$V2 == 1)
    control_at <- which(d$V1 > landmark)
    w <- 1 / uncensored(d$V1[case_at] - 0.25)
    v <- rep(1 / uncensored(landmark), length(control_at))
    wins <- outer(d$V3[case_at], d$V3[control_at],
                  function(a, b) (a > b) + (a == b) / 2)
    put(paste(case, q, "auc", sep = "/"), sum(outer(w, v) * wins) / (sum(w) * sum(v)))
    cuts <- sort(unique(d$V3))
    put(paste(case, q, "sensitivity", sep = "/"),
        sapply(cuts, function(cut) sum(w[d$V3[case_at] > cut]) / sum(w)))
    put(paste(case, q, "specificity", sep = "/"),
        sapply(cuts, function(cut) mean(d$V3[control_at] <= cut)))
  }
}
"""


@pytest.fixture(scope="module")
def marked(cohorts):
    """Name -> days, died, and a number with ties that has something to do with them."""
    found = {}
    for number, name in enumerate(NAMES):
        data = cohorts[name]
        rng = np.random.default_rng(number)
        size = np.round(rng.gamma(3, 12, len(data.days)) - 6 * np.log1p(data.days) + 40)
        found[name] = np.column_stack([data.days, data.died, size])
    return found


@pytest.fixture(scope="module")
def r_pairs(run_r, marked):
    return run_r(PAIRS, {name: data.tolist() for name, data in marked.items()})


@pytest.mark.r
@pytest.mark.parametrize("quantile", [0.2, 0.5, 0.8])
@pytest.mark.parametrize("name", NAMES)
def test_area_and_curve_equal_those_of_all_pairs(marked, r_pairs, name, quantile):
    days, died, values = marked[name].T
    landmark = np.floor(np.percentile(days, 100 * quantile))
    marker = Marker(days, died == 1, values, higher_is_worse=True)
    (found,) = marker.curves([landmark], np.ones((len(days), 1)))
    key = f"{name}/{quantile}"
    np.testing.assert_allclose(found.auc(), r_pairs[f"{key}/auc"], rtol=0, atol=1e-10)
    for curve in ("sensitivity", "specificity"):
        np.testing.assert_allclose(
            getattr(found, curve)[0], r_pairs[f"{key}/{curve}"], rtol=0, atol=1e-10
        )
