"""Four known data sets and two hundred small cohorts with heavy ties against R, all at once."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.logrank import logrank
from analysis.partial_likelihood import NotEstimableError, Patterns, fit_cox
from analysis.survival import kaplan_meier
from tests.reference.coxph import OTHER, R_COMPARED, fit_equals_r, hazards_equal_r

pytestmark = [pytest.mark.r, pytest.mark.slow]

INTERVALS = ["log", "log-log", "plain"]
TIES = ["breslow", "efron"]
KNOWN = ["lung", "colon", "veteran", "melanoma"]
COHORTS = 200

# R brings the known data sets itself and hands out what it compared.
R_SCRIPT = (
    R_COMPARED
    + """
known <- list(
  lung = with(na.omit(lung[c("time", "status", "sex", "age", "ph.ecog")]),
              data.frame(time, status == 2, sex == 2, age >= 65, ph.ecog >= 1)),
  colon = with(na.omit(colon[colon$etype == 2,
                             c("time", "status", "sex", "age", "obstruct", "node4", "rx")]),
               data.frame(time, status, sex, age >= 60, obstruct, node4, rx == "Lev+5FU")),
  veteran = with(veteran, data.frame(time, status, trt == 2, karno >= 60,
                                     celltype == "adeno", age >= 60)),
  melanoma = with(melanoma, data.frame(time, status == 1, sex, age >= 60, ulcer, thickness > 2)))
for (case in c(names(known), cases)) {
  d <- if (case %in% names(known)) known[[case]]
       else read.csv(file.path(folder, paste0(case, ".csv")), header = FALSE)
  x <- sapply(d, as.numeric)
  d <- data.frame(days = x[, 1], died = x[, 2])
  x <- x[, -(1:2), drop = FALSE]
  put(paste0(case, "/data"), c(ncol(x), d$days, d$died, x))
  for (type in c("log", "log-log", "plain")) {
    fit <- survfit(Surv(days, died) ~ 1, data = d, conf.type = type)
    put(paste(case, type, "curve", sep = "/"), c(fit$surv, fit$lower, fit$upper))
    put(paste(case, type, "median", sep = "/"),
        summary(fit)$table[c("median", "0.95LCL", "0.95UCL")])
  }
  if (sum(d$died) > 0 && length(unique(x[, 1])) == 2) {
    fit <- survdiff(Surv(days, died) ~ x[, 1], data = d)
    put(paste0(case, "/logrank"), c(fit$chisq, pchisq(fit$chisq, 1, lower.tail = FALSE)))
  }
  for (ties in c("breslow", "efron")) {
    fit <- tryCatch(coxph(Surv(days, died) ~ x, data = d, ties = ties, control = tight),
                    error = function(e) NULL, warning = function(w) NULL)
    if (is.null(fit) || any(is.na(coef(fit))) || any(abs(coef(fit)) > 10)) next
    compared(case, ties, fit)
  }
}
"""
)


def _cohort(seed: int) -> list[list[float]]:
    """Few patients on few days, deaths on day 0 among them; in one of ten so few that a level often
    has no death."""
    rng = np.random.default_rng([7, seed])
    n = int(rng.integers(6, 16) if seed % 10 == 0 else rng.integers(20, 90))
    covariates = int(rng.integers(1, 5))
    design = (rng.random((n, covariates)) < rng.uniform(0.25, 0.75, covariates)).astype(float)
    risk = np.exp(design @ rng.normal(0, 0.6, covariates))
    death, censored = rng.exponential(20 / risk), rng.uniform(0, 40, n)
    width = rng.uniform(2, 10)
    days = np.floor(np.minimum(death, censored) / width)
    return np.column_stack([days, death <= censored, design]).astype(float).tolist()


@pytest.fixture(scope="module")
def by_r(run_r):
    cases = {f"random{seed}": _cohort(seed) for seed in range(COHORTS)}
    return run_r(R_SCRIPT, cases, "boot")


NAMES = [*KNOWN, *(f"random{seed}" for seed in range(COHORTS))]


def _data(by_r, name):
    covariates, *numbers = by_r[f"{name}/data"]
    table = np.array(numbers).reshape(int(covariates) + 2, -1)
    return table[0], table[1] == 1, table[2:].T


def test_curves_and_medians_equal_survfit(by_r):
    for name in NAMES:
        days, died, _ = _data(by_r, name)
        for interval in INTERVALS:
            curve = kaplan_meier(days, died, interval=interval)
            theirs = np.array(by_r[f"{name}/{interval}/curve"]).reshape(3, -1)
            first = len(curve.time_days) - theirs.shape[1]
            ours = np.array([curve.survival, curve.ci_low, curve.ci_high])[:, first:]
            np.testing.assert_allclose(ours, theirs, err_msg=name, **OTHER)
            np.testing.assert_allclose(
                curve.median_days(), by_r[f"{name}/{interval}/median"], err_msg=name, **OTHER
            )


def test_logrank_equals_survdiff(by_r):
    compared = [name for name in NAMES if f"{name}/logrank" in by_r]
    assert len(compared) > 0.85 * len(NAMES)
    for name in compared:
        days, died, design = _data(by_r, name)
        found = logrank(days, design[:, 0].astype(object), died)
        statistic, p = by_r[f"{name}/logrank"]
        np.testing.assert_allclose(found, [statistic, 1, p], err_msg=name, **OTHER)


@pytest.mark.parametrize("ties", TIES)
def test_models_equal_coxph(by_r, ties):
    compared = [name for name in NAMES if f"{name}/{ties}/coefficient" in by_r]
    assert len(compared) > 0.85 * len(NAMES)
    assert {*KNOWN} <= {*compared}
    for name in compared:
        days, died, design = _data(by_r, name)
        fit_equals_r(by_r, name, ties, days, died, design)


@pytest.mark.parametrize("ties", TIES)
def test_proportional_hazards_equal_cox_zph(by_r, ties):
    compared = [name for name in NAMES if f"{name}/{ties}/zph" in by_r]
    assert len(compared) > 0.85 * len(NAMES)
    for name in compared:
        days, died, design = _data(by_r, name)
        hazards_equal_r(by_r, name, ties, days, died, design)


@pytest.mark.parametrize("ties", TIES)
def test_what_r_cannot_estimate_is_refused_with_a_reason(by_r, ties):
    refused = [name for name in NAMES if f"{name}/{ties}/coefficient" not in by_r]
    assert len(refused) > 3
    for name in refused:
        days, died, design = _data(by_r, name)
        with pytest.raises(NotEstimableError):
            fit_cox(Patterns.of(days, died, design), ties)
