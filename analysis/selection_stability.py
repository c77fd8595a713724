"""How often each factor would have been selected in other samples of the same patients.

A model selected by p-values is one of many that other samples would have given; how often a factor
is selected in bootstrap samples says how much of the selection is chance (Sauerbrei and Schumacher
1992, Stat Med 11:2093; Heinze, Wallisch and Dunkler 2018, Biom J 60:431). The univariable models of
all samples are fitted at once, from counts of patients per day and level.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from analysis.cohort import Cohort
from analysis.partial_likelihood import LARGEST_LOG_RATIO
from analysis.plan import AnalysisPlan, Factor, Ties, UnivariableSelection
from analysis.resampling import adder, per_sample, resample_counts

if TYPE_CHECKING:
    import numpy.typing as npt

    FloatArray = npt.NDArray[np.float64]
    BoolArray = npt.NDArray[np.bool_]

SMALLEST_INFORMATION = 1e-9


def stability_rows(
    cohort: Cohort, plan: AnalysisPlan, usable: list[str], chosen: list[Factor]
) -> list[dict[str, Any]]:
    """The rows of `results.selection_stability`.

    Of the factors that the rule judges: `usable` (columns), neither forced nor excluded by the
    plan. `chosen` are the factors of the multivariable model. Nothing without resamples, or where
    the plan names the factors.
    """
    rule = plan.selection
    if not plan.selection_resamples or not isinstance(rule, UnivariableSelection):
        return []
    apart = {*rule.forced, *(item.column for item in plan.exclude)}
    judged = [f for f in plan.factors if f.column in usable and f.column not in apart]
    if not judged:
        return []
    fits = [UnivariableFits(cohort, factor, plan.ties) for factor in judged]
    blocks = [
        np.column_stack([fit.smallest_p(counts) < rule.threshold for fit in fits])
        for counts in resample_counts(cohort.patients, plan.selection_resamples, plan.seed)
    ]
    entered = np.concatenate(blocks).astype(float)
    together = entered.T @ entered / len(entered)
    in_model = [factor in chosen for factor in judged]
    key = [{"factor": f.column, "label": f.label} for f in judged]
    rows = [
        {
            **key[i],
            "selected": in_model[i],
            "resamples": len(entered),
            "frequency": float(together[i, i]),
        }
        for i in range(len(judged))
    ]
    rows += [
        {
            **key[i],
            "other_factor": judged[j].column,
            "other_label": judged[j].label,
            "selected": in_model[i] and in_model[j],
            "resamples": len(entered),
            "frequency": float(together[i, j]),
            "frequency_if_independent": float(together[i, i] * together[j, j]),
        }
        for i, j in combinations(range(len(judged)), 2)
    ]
    return rows


class UnivariableFits:
    """The Cox model of one factor, to be fitted in many samples of a cohort at once.

    As in `analysis.cox`, a level without events has no estimate, and none has where the reference
    has no events.
    """

    def __init__(self, cohort: Cohort, factor: Factor, ties: Ties) -> None:
        level = cohort.codes(factor.column, factor.levels)
        used = cohort.analyzable & (level >= 0)
        died = used & (cohort.died == 1)
        day, times = pd.factorize(np.where(used, cohort.days, -1.0), sort=True)
        self.ties = ties
        self.shape = (len(times), len(factor.levels))
        self.with_events = np.unique(day[died])
        cell = day * len(factor.levels) + level
        self._patients = adder(cell, used, len(times) * len(factor.levels))
        self._events = adder(cell, died, len(times) * len(factor.levels))

    def smallest_p(self, counts: FloatArray) -> FloatArray:
        """Per sample, the smallest Wald p of the levels; NaN without an estimate.

        counts (patients x samples) says how often a sample holds a patient.
        """
        if not self.with_events.size:
            return np.full(counts.shape[1], np.nan)
        patients, events = (
            per_sample(cells, counts).reshape(-1, *self.shape)
            for cells in (self._patients, self._events)
        )
        at_risk = np.cumsum(patients[:, ::-1], axis=1)[:, ::-1][:, self.with_events]
        events = events[:, self.with_events]
        has_events = events.sum(axis=1) > 0
        # A level without events is left out with its patients: the limit of a hazard ratio of 0.
        at_risk = at_risk * has_events[:, None, :]
        free = has_events[:, 1:]
        estimable = has_events[:, 0] & free.any(axis=1)
        # A step too far overflows, and is halved.
        with np.errstate(over="ignore", invalid="ignore"):
            z = _wald_statistics(at_risk, events, free, estimable, self.ties)
        from scipy.special import ndtr

        p = np.where(np.isnan(z), np.inf, 2 * ndtr(-np.abs(z))).min(axis=1)
        return np.where(np.isinf(p), np.nan, p)


def _wald_statistics(
    at_risk: FloatArray, events: FloatArray, free: BoolArray, estimable: BoolArray, ties: Ties
) -> FloatArray:
    """Coefficient by standard error of each level but the first, NaN where there is none.

    Newton's method in all samples at once, that halves a step until the likelihood does not fall.
    """
    estimable = estimable.copy()
    beta = np.zeros(free.shape)
    value, score, information = _derivatives(at_risk, events, free, beta, ties)
    step, estimable = _newton(score, information, estimable)
    for _ in range(60):
        found = _derivatives(at_risk, events, free, beta + step, ties)
        better = (found[0] >= value - 1e-12 * np.abs(value)) & estimable
        beta = np.where(better[:, None], beta + step, beta)
        value = np.where(better, found[0], value)
        score = np.where(better[:, None], found[1], score)
        information = np.where(better[:, None, None], found[2], information)
        newton, estimable = _newton(score, information, estimable)
        step = np.where(better[:, None], newton, step / 2)
        if np.all(np.abs(step[estimable]) < 1e-10):
            break
    # Where a level separates the events its coefficient runs away.
    estimable &= np.abs(beta).max(axis=1) < LARGEST_LOG_RATIO
    estimable &= np.abs(step).max(axis=1) < 1e-6
    kept = np.where(estimable[:, None, None], information, np.eye(information.shape[-1]))
    variance = np.linalg.diagonal(np.linalg.inv(kept))
    return np.where(free & estimable[:, None], beta / np.sqrt(variance), np.nan)


def _newton(
    score: FloatArray, information: FloatArray, estimable: BoolArray
) -> tuple[FloatArray, BoolArray]:
    """The next step, and in which samples there still is one: the information is not singular."""
    smallest = np.linalg.eigvalsh(information).min(axis=1)
    estimable = estimable & (smallest > SMALLEST_INFORMATION)
    solvable = np.where(estimable[:, None, None], information, np.eye(score.shape[1]))
    step = np.linalg.solve(solvable, score[..., None])[..., 0]
    return np.where(estimable[:, None], step, 0.0), estimable


def _derivatives(
    at_risk: FloatArray, events: FloatArray, free: BoolArray, beta: FloatArray, ties: Ties
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Per sample the log partial likelihood, its gradient, minus its second derivatives."""
    hazard = np.exp(np.column_stack([np.zeros(len(beta)), beta]))[:, None, :]
    value = np.einsum("stl,sl->s", events[:, :, 1:], beta)
    score = events[:, :, 1:].sum(axis=1)
    columns = beta.shape[1]
    information = np.zeros((len(beta), columns, columns))
    for deaths, those in _risk_sets(at_risk, events, ties):
        weight = those * hazard
        total = weight.sum(axis=2)
        total = np.where(deaths > 0, total, 1.0)
        share = weight[:, :, 1:] / total[:, :, None]
        value -= np.sum(deaths * np.log(total), axis=1)
        counted = deaths[:, :, None] * share
        expected = counted.sum(axis=1)
        score = score - expected
        information += np.einsum("sl,lm->slm", expected, np.eye(columns))
        information -= np.einsum("stl,stm->slm", counted, share)
    fixed = np.einsum("sl,lm->slm", ~free, np.eye(columns))
    return value, np.where(free, score, 0.0), information + fixed


def _risk_sets(
    at_risk: FloatArray, events: FloatArray, ties: Ties
) -> Iterator[tuple[FloatArray, FloatArray]]:
    """Deaths, and who is at risk with them: Efron takes k / d of the dying out of the k-th."""
    deaths = events.sum(axis=2)
    if ties == "breslow":
        yield deaths, at_risk
        return
    for k in range(int(deaths.max(initial=0))):
        out = np.divide(k, deaths, out=np.zeros_like(deaths), where=deaths > 0)
        yield (deaths > k).astype(float), at_risk - out[:, :, None] * events
