"""The univariable fits of bootstrap samples, all at once, against R's coxph of each sample."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.cohort import Cohort
from analysis.plan import Factor
from analysis.resampling import resample_counts
from analysis.selection_stability import UnivariableFits

NAMES = ["ties25", "ties40", "ties80", "ties248", "rossi", "lung"]
SAMPLES = 4

FITS = """
tight <- coxph.control(eps = 1e-14, iter.max = 60)
for (case in cases) {
  d <- read.csv(file.path(folder, paste0(case, ".csv")), header = FALSE)
  for (ties in c("breslow", "efron")) {
    p <- sapply(4:ncol(d), function(sample) {
      drawn <- d[rep(seq_len(nrow(d)), d[[sample]]), ]
      drawn$V3 <- factor(drawn$V3)
      fit <- coxph(Surv(V1, V2) ~ V3, data = drawn, ties = ties, control = tight)
      min(summary(fit)$coefficients[, "Pr(>|z|)"])
    })
    put(paste(case, ties, sep = "/"), p)
  }
}
"""


@pytest.fixture(scope="module")
def sampled(cohorts):
    """Name -> days, died, level 0 to 2, and counts of each sample."""
    found = {}
    for name in NAMES:
        data = cohorts[name]
        level = data.design[:, 0] + data.design[:, -1]
        counts = next(resample_counts(len(level), SAMPLES, 7))
        found[name] = np.column_stack([data.days, data.died, level, counts])
    return found


@pytest.fixture(scope="module")
def r_fits(run_r, sampled):
    return run_r(FITS, {name: data.tolist() for name, data in sampled.items()})


@pytest.mark.r
@pytest.mark.parametrize("ties", ["breslow", "efron"])
@pytest.mark.parametrize("name", NAMES)
def test_smallest_p_equals_coxph_of_the_sample(sampled, r_fits, name, ties):
    days, died, level, *counts = sampled[name].T
    cohort = Cohort(
        days=days,
        died=died,
        categories=pd.DataFrame({"x": [f"{value:g}" for value in level]}, dtype="category"),
        numbers=pd.DataFrame(index=range(len(days))),
        reasons=pd.DataFrame(index=range(len(days))),
    )
    factor = Factor(column="x", label="x", levels=["0", "1", "2"])
    found = UnivariableFits(cohort, factor, ties).smallest_p(np.array(counts).T)
    np.testing.assert_allclose(found, r_fits[f"{name}/{ties}"], rtol=1e-6)
