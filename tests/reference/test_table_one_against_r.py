"""The tests and standardized differences of Table 1 by group against R."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.contingency import (
    difference_of_means,
    difference_of_proportions,
    fisher_p,
    independence,
)

TABLES = {
    "two_by_two": [[3, 1], [1, 3]],
    "sparse": [[150, 30, 3], [40, 15, 2], [2, 4, 1]],
    "one_row_of_five": [[60, 55, 50, 12], [20, 12, 10, 5], [1, 2, 2, 0]],
    "three_by_four": [[40, 30, 20, 20], [20, 12, 10, 5], [5, 6, 2, 8]],
    "many_levels": [[9, 1, 2, 3, 0, 1], [2, 2, 0, 1, 3, 4]],
    "four_by_four": [[3, 1, 0, 2], [1, 4, 1, 0], [0, 1, 5, 1], [2, 0, 1, 3]],
    "large": [[120, 80], [66, 74]],
    "large_three": [[120, 80, 33], [66, 74, 21], [30, 28, 25]],
    "large_two_by_three": [[90, 41, 20], [33, 30, 21]],
}

COUNTS = """
for (case in cases) {
  m <- as.matrix(read.csv(file.path(folder, paste0(case, ".csv")), header = FALSE))
  found <- suppressWarnings(chisq.test(m, correct = FALSE))
  exact <- fisher.test(m, workspace = 2e7)$p.value
  put(case, c(found$statistic, found$parameter, found$p.value, min(found$expected), exact))
  if (nrow(m) == 2) {
    # Yang and Dalton, by the covariance of indicator variables, level by level.
    p <- prop.table(m, 1)[, -1, drop = FALSE]
    s <- matrix(0, ncol(p), ncol(p))
    for (i in seq_len(ncol(p))) for (j in seq_len(ncol(p)))
      s[i, j] <- if (i == j) sum(p[, i] * (1 - p[, i])) / 2 else -sum(p[, i] * p[, j]) / 2
    put(paste0(case, "/smd"), sqrt(mahalanobis(p[1, ], p[2, ], s)))
  }
}
"""

NUMBERS = """
for (case in cases) {
  d <- read.csv(file.path(folder, paste0(case, ".csv")), header = FALSE)
  found <- kruskal.test(d$V1, d$V2)
  a <- d$V1[d$V2 == 0]
  b <- d$V1[d$V2 == 1]
  put(case, c(found$statistic, found$parameter, found$p.value,
              abs(mean(a) - mean(b)) / sqrt((var(a) + var(b)) / 2)))
}
"""


@pytest.fixture(scope="module")
def r_counts(run_r):
    return run_r(COUNTS, TABLES)


@pytest.fixture(scope="module")
def samples():
    """Name -> value and group; whole numbers, so that many are tied."""
    rng = np.random.default_rng(5)
    return {
        f"groups{k}_{n}": np.column_stack(
            [np.round(rng.gamma(2, 4, n) + (group := rng.integers(0, k, n))), group]
        )
        for k, n in ((2, 12), (2, 90), (3, 60), (4, 200))
    }


@pytest.fixture(scope="module")
def r_numbers(run_r, samples):
    return run_r(NUMBERS, {name: data.tolist() for name, data in samples.items()})


@pytest.mark.r
@pytest.mark.parametrize("name", TABLES)
def test_counts_are_tested_as_in_r(r_counts, name):
    counts = np.array(TABLES[name])
    statistic, df, p, smallest, exact = r_counts[name]
    if len(counts) == 2:
        assert fisher_p(counts) == pytest.approx(exact, rel=1e-9)
    found = independence(counts, seed=1)
    assert found.smallest_expected == pytest.approx(smallest, rel=1e-12)
    if smallest >= 5:
        assert found.test == "chi_square"
        assert [found.statistic, found.degrees_of_freedom, found.p] == pytest.approx(
            [statistic, df, p], rel=1e-9
        )
    else:
        assert found.test == "fisher_exact"
        assert found.p == pytest.approx(exact, rel=1e-9)
    if len(counts) == 2:
        smd = r_counts[f"{name}/smd"]
        assert difference_of_proportions(*counts) == pytest.approx(smd[0], rel=1e-9)


@pytest.mark.r
@pytest.mark.parametrize("name", ["groups2_12", "groups2_90", "groups3_60", "groups4_200"])
def test_numbers_are_tested_as_in_r(samples, r_numbers, results_of_groups, name):
    test = results_of_groups(samples[name])
    statistic, df, p, smd = r_numbers[name]
    found = [test["statistic"], test["degrees_of_freedom"], test["p"]]
    assert found == pytest.approx([statistic, df, p], rel=1e-9)
    values, group = samples[name].T
    assert difference_of_means(values[group == 0], values[group == 1]) == pytest.approx(smd)
    if len(np.unique(group)) == 2:
        assert test["standardized_difference"] == pytest.approx(smd)


@pytest.fixture(scope="module")
def results_of_groups():
    """The row of `results.table_one_test` of a number among groups 0, 1, ..."""
    import pandas as pd

    from analysis.cohort import Cohort
    from analysis.group_comparison import group_tables
    from analysis.plan import AnalysisPlan

    def compute(data):
        values, group = data.T
        levels = [f"{level:g}" for level in np.unique(group)]
        plan = AnalysisPlan.model_validate(
            {
                "title": "t",
                "endpoint": "overall_survival",
                "factors": [{"column": "g", "label": "g", "levels": levels}],
                "selection": {"rule": "fixed", "factors": ["g"]},
                "table_one": {"continuous": ["x"], "by": ["g"]},
            }
        )
        cohort = Cohort(
            days=np.ones(len(values)),
            died=np.ones(len(values)),
            categories=pd.DataFrame({"g": [f"{level:g}" for level in group]}, dtype="category"),
            numbers=pd.DataFrame({"x": values}),
            reasons=pd.DataFrame({"g": None, "x": None}, index=range(len(values))),
        )
        return group_tables(cohort, plan)[1][0]

    return compute
