"""Tests of a table of counts, and how far two groups are apart whatever their size."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analysis.normal import chi_square_p

if TYPE_CHECKING:
    import numpy.typing as npt

    FloatArray = npt.NDArray[np.float64]
    IntArray = npt.NDArray[np.int64]

LEAST_EXPECTED = 5
MOST_TABLES = 500_000
RANDOM_TABLES = 9_999

# R's fisher.test takes tables as probable as the observed one to within this share.
SAME_PROBABILITY = 1e-7


@dataclass(frozen=True)
class CountTest:
    """A test of independence; statistic and degrees of freedom are those of chi-square alone."""

    test: str
    p: float
    smallest_expected: float
    statistic: float | None = None
    degrees_of_freedom: int | None = None


def independence(counts: IntArray, seed: int) -> CountTest | None:
    """Pearson's chi-square without continuity correction, or Fisher's test.

    Fisher's where any expected count is below 5: exact, by Freeman and Halton 1951 (Biometrika
    38:141) beyond 2 x 2; with more than `MOST_TABLES` tables to look at, by `RANDOM_TABLES` random
    ones, and `test` says so. Rows and columns without anybody take no part. None where fewer than
    two rows or columns are left.
    """
    counts = counts[counts.sum(axis=1) > 0][:, counts.sum(axis=0) > 0]
    if min(counts.shape) < 2:
        return None
    expected = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / counts.sum()
    smallest = float(expected.min())
    if smallest >= LEAST_EXPECTED:
        statistic = float(np.sum((counts - expected) ** 2 / expected))
        df = (counts.shape[0] - 1) * (counts.shape[1] - 1)
        return CountTest("chi_square", chi_square_p(statistic, df), smallest, statistic, df)
    p = fisher_p(counts)
    if p is not None:
        return CountTest("fisher_exact", p, smallest)
    from scipy.stats import MonteCarloMethod, fisher_exact

    method = MonteCarloMethod(n_resamples=RANDOM_TABLES, rng=np.random.default_rng(seed))
    return CountTest("fisher_random", float(fisher_exact(counts, method=method).pvalue), smallest)


def fisher_p(counts: IntArray) -> float | None:
    """The exact p of a table of any size; None where there are too many tables with its margins.

    The probability of the tables with the margins of the observed one that are not more probable
    than it. scipy has it for 2 x 2 only. All columns but the last two are filled in every way; of
    what they leave many are alike, so that the last two are filled once for each.
    """
    if counts.shape[0] > counts.shape[1]:
        counts = counts.T
    counts = counts[:, np.argsort(counts.sum(axis=0))]
    *first, before_last, _ = (int(total) for total in counts.sum(axis=0))
    left, log_p = counts.sum(axis=1)[None, :], np.zeros(1)
    observed = sum(
        float(_log_probability(counts[:, j:].sum(axis=1), counts[:, j]))
        for j in range(len(first) + 1)
    )
    for total in first:
        found = _fillings(left, total)
        if found is None:
            return None
        parents, column = found
        log_p = log_p[parents] + _log_probability(left[parents], column)
        left = left[parents] - column
    states, state_of = np.unique(left, axis=0, return_inverse=True)
    found = _fillings(states, before_last)
    if found is None:
        return None
    parents, column = found
    completion = _log_probability(states[parents], column)
    by_state = np.split(completion, np.flatnonzero(np.diff(parents)) + 1)
    paths = np.split(
        log_p[np.argsort(state_of, kind="stable")], np.cumsum(np.bincount(state_of))[:-1]
    )
    p = 0.0
    for path, ending in zip(paths, by_state, strict=True):
        ending.sort()
        up_to = np.concatenate([[0.0], np.cumsum(np.exp(ending))])
        most = observed + SAME_PROBABILITY - path
        p += float(np.exp(path) @ up_to[np.searchsorted(ending, most, side="right")])
    return min(p, 1.0)


def _log_probability(left: IntArray, column: IntArray) -> FloatArray:
    """Of a column, drawn without replacement from what is left of the rows."""
    from scipy.special import gammaln

    def ways(n: IntArray, k: IntArray) -> FloatArray:
        return np.asarray(gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1))

    each = ways(left, column).sum(axis=-1)
    return np.asarray(each - ways(left.sum(axis=-1), column.sum(axis=-1)))


def _fillings(left: IntArray, total: int) -> tuple[IntArray, IntArray] | None:
    """All ways to fill a column from what is left of the rows, a line of `left` per table so far.

    Which line each way belongs to, and the column; None where there are more than `MOST_TABLES`.
    """
    parents = np.arange(len(left))
    column = np.zeros((len(left), 0), dtype=np.int64)
    for row in range(left.shape[1]):
        to_place = total - column.sum(axis=1)
        most = np.minimum(left[parents, row], to_place)
        least = np.maximum(to_place - left[parents, row + 1 :].sum(axis=1), 0)
        ways = most - least + 1
        if ways.sum() > MOST_TABLES:
            return None
        again = np.repeat(np.arange(len(parents)), ways)
        first = np.cumsum(ways) - ways
        value = least[again] + np.arange(len(again)) - first[again]
        parents, column = parents[again], np.column_stack([column[again], value])
    return parents, column


def difference_of_means(one: FloatArray, other: FloatArray) -> float:
    """Standardized difference of two samples: |m1 - m2| / sqrt((s1^2 + s2^2) / 2).

    Austin 2009, Stat Med 28:3083. NaN where a sample has fewer than two values, infinite where
    each has one value only, and not the same.
    """
    if min(len(one), len(other)) < 2:
        return float("nan")
    if np.ptp(one) == 0 and np.ptp(other) == 0:
        return 0.0 if one[0] == other[0] else float("inf")
    return difference_of_summaries(
        (float(one.mean()), float(one.std(ddof=1))), (float(other.mean()), float(other.std(ddof=1)))
    )


def difference_of_summaries(one: tuple[float, float], other: tuple[float, float]) -> float:
    """`difference_of_means` of two means with their standard deviations; NaN where both are 0."""
    variance = (one[1] ** 2 + other[1] ** 2) / 2
    return float(abs(one[0] - other[0]) / np.sqrt(variance)) if variance else float("nan")


def difference_of_proportions(one: IntArray, other: IntArray) -> float:
    """Standardized difference of the counts of two groups over the same levels.

    sqrt(d' S^-1 d), d the difference of the proportions of all levels but one, S the mean of their
    two multinomial covariances (Yang and Dalton 2012, SAS Global Forum 335); for two levels Austin
    2009. NaN where a group is empty, infinite where the groups share no level (S is singular).
    """
    if not one.any() or not other.any():
        return float("nan")
    if not np.any((one > 0) & (other > 0)):
        return float("inf")
    present = (one + other) > 0
    p, q = one[present] / one.sum(), other[present] / other.sum()
    p, q = p[1:], q[1:]
    if not p.size:
        return 0.0
    spread = (np.diag(p) - np.outer(p, p) + np.diag(q) - np.outer(q, q)) / 2
    return float(np.sqrt((p - q) @ np.linalg.solve(spread, p - q)))
