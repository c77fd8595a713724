"""Log-rank tests: over all groups, for a trend over their order, and of each pair of them.

The test over all groups equals R's `survdiff`, the one for trend the score test of R's `coxph` with
the scores as covariate and exact ties, p adjusted as R's `p.adjust` does.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from analysis.cohort import Cohort
from analysis.normal import chi_square_p
from analysis.plan import AnalysisPlan, Factor

if TYPE_CHECKING:
    import numpy.typing as npt

    FloatArray = npt.NDArray[np.float64]
    BoolArray = npt.NDArray[np.bool_]
    Groups = npt.NDArray[np.object_] | npt.NDArray[np.intp]

NEVER_TOGETHER = "The groups are never at risk together at an event that leaves survivors."


def logrank_tables(
    cohort: Cohort, plan: AnalysisPlan
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The rows of `results.logrank` and, for groupings of more than two levels with patients, of
    `results.logrank_pairwise`."""
    tests: list[dict[str, Any]] = []
    pairs: list[dict[str, Any]] = []
    for asked in plan.logrank:
        factor = plan.factor(asked.column)
        levels = asked.levels or factor.levels
        position = cohort.codes(factor.column, levels)
        usable = cohort.analyzable & (position >= 0)
        days, group, died = cohort.days[usable], position[usable], cohort.died[usable] == 1
        present = np.flatnonzero(np.bincount(group)).tolist()
        tests.append(
            {
                "grouping": factor.column,
                "label": factor.label,
                "all_levels": not asked.levels,
                "levels": " | ".join(levels[i] for i in present),
                "groups": len(present),
                "patients": len(days),
                "events": int(died.sum()),
                **_overall(days, group, died, factor, levels, len(present)),
            }
        )
        if len(present) > 2 and not asked.levels:
            pairs += _pairwise(days, group, died, factor, levels, present)
    return tests, pairs


def _overall(
    days: FloatArray,
    group: Groups,
    died: BoolArray,
    factor: Factor,
    levels: Sequence[str],
    present: int,
) -> dict[str, Any]:
    """The test over all groups; a group is the position of its level."""
    test = logrank(days, group, died)
    if isinstance(test, str):
        return {"note": test}
    row: dict[str, Any] = dict(zip(("chi_square", "degrees_of_freedom", "p"), test, strict=True))
    if present > 2:
        scores = np.array([factor.levels.index(level) + 1.0 for level in levels])[group]
        row["trend_chi_square"], row["trend_p"] = logrank_trend(days, scores, died)
    return row


def _pairwise(
    days: FloatArray,
    group: Groups,
    died: BoolArray,
    factor: Factor,
    levels: Sequence[str],
    present: Sequence[int],
) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for one, other in itertools.combinations(present, 2):
        pair = (group == one) | (group == other)
        row: dict[str, Any] = {
            "grouping": factor.column,
            "label": factor.label,
            "level": levels[one],
            "other_level": levels[other],
            "patients": int(pair.sum()),
            "events": int(died[pair].sum()),
        }
        test = logrank(days[pair], group[pair], died[pair])
        if isinstance(test, str):
            row["note"] = test
        else:
            row |= {"chi_square": test[0], "p": test[2]}
        rows.append(row)
    tested = [row for row in rows if "p" in row]
    for row, p in zip(tested, holm([row["p"] for row in tested]), strict=True):
        row["p_holm"] = p
    return rows


def logrank(days: FloatArray, group: Groups, died: BoolArray) -> tuple[float, int, float] | str:
    """Chi-square, degrees of freedom and p of the log-rank test, or why there is none."""
    if len(group) == 0 or (group == group[0]).all():
        return "Fewer than two groups have patients."
    if not died.any():
        return "No events."
    # Whoever leaves before the first event is never compared; a group of only such patients costs
    # no degree of freedom (as in R's survdiff).
    compared = days >= days[died].min()
    difference, covariance = logrank_moments(days[compared], group[compared], died[compared])
    if not covariance.any():
        return NEVER_TOGETHER
    free = len(difference) - 1
    u = difference[:free]
    statistic = float(u @ np.linalg.solve(covariance[:free, :free], u))
    return statistic, free, chi_square_p(statistic, free)


def logrank_trend(
    days: FloatArray, scores: FloatArray, died: BoolArray
) -> tuple[float, float] | tuple[None, None]:
    """Chi-square (1 degree of freedom) and p of the log-rank test for trend over scores.

    (s'(O - E))^2 / s'Vs with the moments of the log-rank test (Tarone 1975, Biometrika 62:679).
    None where the groups are never compared.
    """
    difference, covariance = logrank_moments(days, scores, died)
    distinct = np.unique(scores)
    variance = float(distinct @ covariance @ distinct)
    if variance <= 1e-12:
        return None, None
    statistic = float(distinct @ difference) ** 2 / variance
    return statistic, chi_square_p(statistic, 1)


def logrank_moments(
    days: FloatArray, group: Groups | FloatArray, died: BoolArray
) -> tuple[FloatArray, FloatArray]:
    """Observed less expected events per group, groups sorted, and its covariance.

    With d events among n at risk, n_g of them in group g: E = d n_g / n and, hypergeometric,
    V = d (n - d) / (n - 1) (diag(n_g / n) - (n_g / n)(n_g / n)') (Peto and Peto 1972, J R Stat Soc
    A 135:185), summed over the distinct times of events.
    """
    # By hashing, where NumPy would sort all patients.
    patient_time, times = pd.factorize(days, sort=True)
    patient_group, names = pd.factorize(group, sort=True)
    shape = (len(times), len(names))
    cell = patient_time * len(names) + patient_group
    left, events = (
        np.bincount(cell[among], minlength=math.prod(shape)).reshape(shape).astype(np.float64)
        for among in (slice(None), died)
    )
    at = events.sum(axis=1) > 0
    at_risk, events = np.cumsum(left[::-1], axis=0)[::-1][at], events[at]
    n, d = at_risk.sum(axis=1), events.sum(axis=1)
    share = at_risk / n[:, None]
    weight = d * (n - d) / np.maximum(n - 1, 1)
    covariance = np.diag(weight @ share) - (share * weight[:, None]).T @ share
    return (events - d[:, None] * share).sum(axis=0), covariance


def holm(p: list[float]) -> list[float]:
    """p adjusted by Holm's step-down method (1979, Scand J Stat 6:65), in the given order."""
    order = np.argsort(p, kind="stable")
    raised = np.asarray(p)[order] * np.arange(len(p), 0, -1)
    adjusted = np.empty(len(p))
    adjusted[order] = np.minimum(np.maximum.accumulate(raised), 1.0)
    return adjusted.tolist()
