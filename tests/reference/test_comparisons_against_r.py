"""Numbers at risk, restricted means, and tests for trend and of pairs against R's survival."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest

from analysis.cohort import DAYS_PER_MONTH, Cohort
from analysis.logrank import holm, logrank, logrank_moments, logrank_trend
from analysis.plan import DEFAULT_PLAN, load_plan
from analysis.survival import kaplan_meier, risk_table_rows

CLOSE = {"rtol": 1e-9, "atol": 1e-12}
HORIZONS = [0.5, 1, 4, 6.5, 20, 50]

R_SCRIPT = """
for (case in cases) {
  d <- read.csv(file.path(folder, paste0(case, ".csv")), header = FALSE)
  if (ncol(d) == 3) {
    fit <- survdiff(Surv(V1, V2) ~ V3, data = d)
    put(paste0(case, "/difference"), fit$obs - fit$exp)
    put(paste0(case, "/covariance"), fit$var)
    score <- coxph(Surv(V1, V2) ~ V3, data = d, ties = "exact")$score
    put(paste0(case, "/trend"), c(score, pchisq(score, 1, lower.tail = FALSE)))
    levels <- sort(unique(d$V3))
    p <- combn(levels, 2, function(pair) {
      f <- survdiff(Surv(V1, V2) ~ V3, data = d[d$V3 %in% pair, ])
      pchisq(f$chisq, 1, lower.tail = FALSE)
    })
    put(paste0(case, "/pairs"), p)
    put(paste0(case, "/holm"), p.adjust(p, "holm"))
    next
  }
  fit <- survfit(Surv(V1, V2) ~ 1, data = d)
  # R wants a time of the curve before the horizon.
  for (h in Filter(function(h) h >= min(d$V1), c(0.5, 1, 4, 6.5, 20, 50))) {
    s <- summary(fit, rmean = h)$table
    put(paste(case, "mean", h, sep = "/"), s[grepl("rmean", names(s))])
  }
  s <- summary(fit, times = c(0, 1, 3, 4, 8, 12, 60), extend = TRUE)
  put(paste0(case, "/at_risk"), s$n.risk)
  put(paste0(case, "/events"), s$n.event)
  put(paste0(case, "/censored"), s$n.censor)
}
"""


@pytest.fixture(scope="module")
def compared(curves, cohorts):
    """Name -> days, died, group, each group with patients who are compared; three or more."""
    found = {}
    for number, name in enumerate(["random0", "random1", "random2", "random3", "random4"]):
        days, died = curves[name]
        group = np.random.default_rng(number).permutation(np.arange(len(days)) % 3 + 1.0)
        found[f"groups_{name}"] = (days, died, group)
    for name in ("rossi", "lung", "ties150"):
        data = cohorts[name]
        group = 1 + data.design[:, 0] + 2 * data.design[:, 1]
        found[f"groups_{name}"] = (data.days, data.died, group)
    return found


@pytest.fixture(scope="module")
def r_found(run_r, curves, compared):
    cases = {name: np.column_stack(curve).tolist() for name, curve in curves.items()}
    cases |= {name: np.column_stack(data).tolist() for name, data in compared.items()}
    return run_r(R_SCRIPT, cases)


GROUPED = [
    f"groups_{name}" for name in (*(f"random{i}" for i in range(5)), "rossi", "lung", "ties150")
]


@pytest.mark.r
@pytest.mark.parametrize("name", GROUPED)
def test_moments_equal_survdiff(compared, r_found, name):
    days, died, group = compared[name]
    difference, covariance = logrank_moments(days, group, died)
    np.testing.assert_allclose(difference, r_found[f"{name}/difference"], **CLOSE)
    np.testing.assert_allclose(covariance.ravel(), r_found[f"{name}/covariance"], **CLOSE)


@pytest.mark.r
@pytest.mark.parametrize("name", GROUPED)
def test_trend_equals_the_score_test_of_coxph_with_exact_ties(compared, r_found, name):
    days, died, group = compared[name]
    np.testing.assert_allclose(
        logrank_trend(days, group, died), r_found[f"{name}/trend"], rtol=1e-8
    )


@pytest.mark.r
@pytest.mark.parametrize("name", GROUPED)
def test_pairs_equal_survdiff_and_p_adjust(compared, r_found, name):
    days, died, group = compared[name]
    p = []
    for pair in itertools.combinations(np.unique(group), 2):
        kept = np.isin(group, pair)
        p.append(logrank(days[kept], group[kept].astype(object), died[kept])[2])
    np.testing.assert_allclose(p, r_found[f"{name}/pairs"], **CLOSE)
    np.testing.assert_allclose(holm(p), r_found[f"{name}/holm"], **CLOSE)


@pytest.mark.r
@pytest.mark.parametrize("horizon", HORIZONS)
def test_restricted_means_equal_survfit(curves, r_found, horizon):
    compared = 0
    for name, (days, died) in curves.items():
        curve = kaplan_meier(days, died)
        found = curve.restricted_mean_days(horizon)
        if horizon > days.max() and curve.survival[-1] > 0:
            # R extends the last step; here nothing is known beyond the last follow-up.
            assert np.isnan(found).all()
            continue
        if horizon < days.min():
            assert found == (horizon, 0)
            continue
        np.testing.assert_allclose(found, r_found[f"{name}/mean/{horizon:g}"], **CLOSE)
        compared += 1
    assert compared >= 3


@pytest.mark.r
def test_risk_table_equals_survfit_summary(curves, r_found):
    plan = load_plan(DEFAULT_PLAN).model_copy(
        update={"curves": [], "risk_table_months": [0, 1, 3, 4, 8, 12, 60]}
    )
    for name, (days, died) in curves.items():
        empty = pd.DataFrame(index=range(len(days)))
        cohort = Cohort(days * DAYS_PER_MONTH, died.astype(float), empty, empty, empty)
        rows = risk_table_rows(cohort, plan)
        for column in ("at_risk", "events", "censored"):
            assert [row[column] for row in rows] == r_found[f"{name}/{column}"], (name, column)


def test_holm_by_hand():
    assert holm([0.04, 0.01, 0.03]) == pytest.approx([0.06, 0.03, 0.06])
    assert holm([0.9, 0.8]) == pytest.approx([1, 1])
    assert holm([]) == []
