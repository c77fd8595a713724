"""How well a number tells who has the event by a landmark: time-dependent ROC curves.

Cumulative cases, dynamic controls (Heagerty, Lumley and Pepe 2000, Biometrics 56:337): a case has
had the event by the landmark, a control is followed beyond it without. Who is censored before is
neither; the cases stand for them by the inverse of their probability of being uncensored (Uno et
al. 2007, JASA 102:527; Blanche et al. 2013, Biom J 55:687).

The cut with the largest sensitivity + specificity is best on the patients it was searched in. It is
never given without what it loses in others, by bootstrap.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.cohort import DAYS_PER_MONTH, Cohort
from analysis.plan import AnalysisPlan, CutpointVariable
from analysis.resampling import resample_counts

if TYPE_CHECKING:
    import numpy.typing as npt

    FloatArray = npt.NDArray[np.float64]
    BoolArray = npt.NDArray[np.bool_]
    IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Roc:
    """The curves of one or more samples (rows) over the distinct values (columns).

    values: distinct values in ascending order, each a cut that has the values up to it on one side
    sensitivity, specificity: samples x values; NaN in a sample without a case or without a control
    """

    values: FloatArray
    sensitivity: FloatArray
    specificity: FloatArray
    higher_is_worse: bool

    def auc(self) -> FloatArray:
        """Per sample, the probability that a case is worse than a control, ties one half."""
        # Below the first cut nobody is: all are called cases, or none.
        all_above = np.full((len(self.sensitivity), 1), float(self.higher_is_worse))
        hit = np.concatenate([all_above, self.sensitivity], axis=1)
        pass_by = np.concatenate([1 - all_above, self.specificity], axis=1)
        area = np.sum((hit[:, 1:] + hit[:, :-1]) / 2 * np.diff(pass_by, axis=1), axis=1)
        return np.asarray(np.abs(area), dtype=np.float64)

    def best(self) -> IntArray:
        """Per sample, the cut with the largest sensitivity + specificity; the first of equals."""
        total = np.nan_to_num(self.sensitivity + self.specificity)[:, :-1]
        highest = total.max(axis=1, keepdims=True)
        return np.asarray(np.argmax(total >= highest - 1e-12, axis=1), dtype=np.int64)


def censoring_weights(
    days: FloatArray, died: BoolArray, counts: FloatArray, landmark_days: float
) -> tuple[FloatArray, FloatArray]:
    """The weights of the cases and of the controls, samples x patients.

    A case weighs 1 / G(T-), G the Kaplan-Meier estimate of being uncensored in the sample, in which
    an event comes before a censoring of the same day. All controls have G of the landmark, which
    cancels.
    """
    times, index = np.unique(days, return_inverse=True)
    order = np.argsort(index, kind="stable")
    start = np.searchsorted(index[order], np.arange(len(times)))

    def per_time(values: FloatArray) -> FloatArray:
        return np.asarray(np.add.reduceat(values[:, order], start, axis=1))

    everyone, events = per_time(counts), per_time(counts * died)
    at_risk = np.cumsum(everyone[:, ::-1], axis=1)[:, ::-1] - events
    censored = everyone - events
    kept = 1 - np.divide(censored, at_risk, out=np.zeros_like(at_risk), where=at_risk > 0)
    uncensored = np.cumprod(kept, axis=1)
    before = np.concatenate([np.ones((len(counts), 1)), uncensored[:, :-1]], axis=1)[:, index]
    is_case = died & (days <= landmark_days)
    cases = np.divide(counts * is_case, before, out=np.zeros_like(counts), where=before > 0)
    return cases, counts * (days > landmark_days)


def roc(values: FloatArray, cases: FloatArray, controls: FloatArray, higher_is_worse: bool) -> Roc:
    """The curves of weighted cases and controls, samples x patients."""
    distinct, index = np.unique(values, return_inverse=True)
    order = np.argsort(index, kind="stable")
    start = np.searchsorted(index[order], np.arange(len(distinct)))

    def share_up_to(weights: FloatArray) -> FloatArray:
        below = np.cumsum(np.add.reduceat(weights[:, order], start, axis=1), axis=1)
        with np.errstate(invalid="ignore"):
            return np.asarray(below / below[:, -1:])

    of_cases, of_controls = share_up_to(cases), share_up_to(controls)
    if higher_is_worse:
        return Roc(distinct, 1 - of_cases, of_controls, True)
    return Roc(distinct, of_cases, 1 - of_controls, False)


def roc_tables(
    cohort: Cohort, plan: AnalysisPlan
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The rows of `results.time_dependent_roc` and of `results.time_dependent_roc_curve`."""
    rows: list[dict[str, Any]] = []
    points: list[dict[str, Any]] = []
    for variable in plan.cutpoints:
        values = cohort.number(variable.column)
        usable = cohort.analyzable & ~np.isnan(values)
        days, died, values = cohort.days[usable], cohort.died[usable] == 1, values[usable]
        for month in plan.landmarks_months:
            key = {"variable": variable.column, "landmark_months": month}
            row, curve = _at_landmark(plan, variable, days, died, values, month)
            name = {"label": variable.name, "unit": variable.unit}
            rows.append({**key, **name, "higher_is_worse": variable.higher_is_worse, **row})
            points += [{**key, **point} for point in curve]
    return rows, points


def _at_landmark(
    plan: AnalysisPlan,
    variable: CutpointVariable,
    days: FloatArray,
    died: BoolArray,
    values: FloatArray,
    month: int,
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    landmark = month * DAYS_PER_MONTH
    row: dict[str, Any] = {
        "n": len(days),
        "cases": int(np.sum(died & (days <= landmark))),
        "controls": int(np.sum(days > landmark)),
    }
    row["censored_before"] = row["n"] - row["cases"] - row["controls"]
    if not row["cases"]:
        return {**row, "note": "No events up to the landmark."}, []
    if not row["controls"]:
        return {**row, "note": "Nobody is followed beyond the landmark."}, []
    if np.ptp(values) == 0:
        return {**row, "note": "All known values are the same."}, []

    def curves(counts: FloatArray) -> Roc:
        weights = censoring_weights(days, died, counts, landmark)
        return roc(values, *weights, variable.higher_is_worse)

    found = curves(np.ones((1, len(days))))
    row["auc"] = float(found.auc()[0])
    areas, losses, cuts = [], [], []
    for counts in resample_counts(len(days), variable.resamples, plan.seed):
        again = curves(counts)
        areas.append(again.auc())
        cut = again.best()
        own = np.arange(len(cut))
        losses.append(
            [
                again.sensitivity[own, cut] - found.sensitivity[0, cut],
                again.specificity[own, cut] - found.specificity[0, cut],
            ]
        )
        cuts.append(found.values[cut])
    if areas:
        row |= _corrected(plan, found, values, np.concatenate(areas), losses, np.concatenate(cuts))
    if not row.get("resamples"):
        row["note"] = "No cut is given without resamples that correct it."
    return row, list(_points(found))


def _corrected(
    plan: AnalysisPlan,
    found: Roc,
    values: FloatArray,
    areas: FloatArray,
    losses: Any,
    cuts: FloatArray,
) -> dict[str, Any]:
    """The interval of the area, and the cut with what the bootstrap takes off its figures."""
    kept = ~np.isnan(areas)
    if not kept.any():
        return {"resamples": 0}
    tail = 100 * (1 - plan.confidence_level) / 2
    low, high = np.percentile(areas[kept], [tail, 100 - tail])
    optimism = np.concatenate(losses, axis=1)[:, kept].mean(axis=1)
    best = int(found.best()[0])
    apparent = np.array([found.sensitivity[0, best], found.specificity[0, best]])
    corrected = np.clip(apparent - optimism, 0, 1)
    cut_low, cut_high = np.percentile(cuts[kept], [tail, 100 - tail], method="inverted_cdf")
    cut = float(found.values[best])
    return {
        "ci_low": float(low),
        "ci_high": float(high),
        "resamples": int(kept.sum()),
        "cutpoint": cut,
        "n_up_to": int(np.sum(values <= cut)),
        "n_above": int(np.sum(values > cut)),
        "resampled_low": float(cut_low),
        "resampled_high": float(cut_high),
        "sensitivity": float(apparent[0]),
        "specificity": float(apparent[1]),
        "youden": float(apparent.sum() - 1),
        "optimism": float(optimism.sum()),
        "sensitivity_corrected": float(corrected[0]),
        "specificity_corrected": float(corrected[1]),
        "youden_corrected": float(apparent.sum() - 1 - optimism.sum()),
    }


def _points(found: Roc) -> Iterator[dict[str, Any]]:
    """From nobody called a case to everybody; the end at which no cut stands has none."""
    all_above = float(found.higher_is_worse)
    points = [{"cutpoint": None, "sensitivity": all_above, "specificity": 1 - all_above}]
    points += [
        {"cutpoint": float(cut), "sensitivity": float(hit), "specificity": float(pass_by)}
        for cut, hit, pass_by in zip(
            found.values, found.sensitivity[0], found.specificity[0], strict=True
        )
    ]
    ordered = points[::-1] if found.higher_is_worse else points
    for position, point in enumerate(ordered, start=1):
        yield {"position": position, **point}
