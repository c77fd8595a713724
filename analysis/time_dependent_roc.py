"""How well a number tells who has the event by a landmark: time-dependent ROC curves.

Cumulative cases, dynamic controls (Heagerty, Lumley and Pepe 2000, Biometrics 56:337): a case has
had the event by the landmark, a control is followed beyond it without. Who is censored before is
neither; the cases stand for them by the inverse of their probability of being uncensored (Uno et
al. 2007, JASA 102:527; Blanche et al. 2013, Biom J 55:687).

The cut with the largest sensitivity + specificity is best on the patients it was searched in. It is
never given without what it loses in others, by bootstrap.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.cohort import DAYS_PER_MONTH, Cohort
from analysis.plan import AnalysisPlan, CutpointVariable
from analysis.resampling import adder, per_sample, resample_counts

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


class Marker:
    """Patients with a number, coded once, whose curves can be drawn from any sample of them."""

    def __init__(
        self, days: FloatArray, died: BoolArray, values: FloatArray, higher_is_worse: bool
    ) -> None:
        self.days, self.died, self.higher_is_worse = days, died, higher_is_worse
        self.times, self.time = np.unique(days, return_inverse=True)
        self.values, self.code = np.unique(values, return_inverse=True)
        everyone = np.ones(len(days), dtype=bool)
        self._all_per_time = adder(self.time, everyone, len(self.times))
        self._events_per_time = adder(self.time, died, len(self.times))

    def uncensored_before(self, counts: FloatArray) -> FloatArray:
        """G(t-), samples x times: Kaplan-Meier of being uncensored, just before each time.

        An event comes before a censoring of the same day.
        """
        everyone = per_sample(self._all_per_time, counts)
        events = per_sample(self._events_per_time, counts)
        at_risk = np.cumsum(everyone[:, ::-1], axis=1)[:, ::-1] - events
        censored = everyone - events
        kept = 1 - np.divide(censored, at_risk, out=np.zeros_like(at_risk), where=at_risk > 0)
        after = np.cumprod(kept, axis=1)
        return np.concatenate([np.ones((len(after), 1)), after[:, :-1]], axis=1)

    def curves(self, landmarks_days: Sequence[float], counts: FloatArray) -> list[Roc]:
        """Per landmark the curves of samples given as counts, patients x samples.

        A case weighs 1 / G(T-). All controls have G of the landmark, which cancels.
        """
        before = self.uncensored_before(counts)
        weight = np.divide(1, before, out=np.zeros_like(before), where=before > 0).T[self.time]
        weighted = counts * weight
        found = []
        for landmark in landmarks_days:
            of_cases = self._share_up_to(self.died & (self.days <= landmark), weighted)
            of_controls = self._share_up_to(self.days > landmark, counts)
            hit, pass_by = 1 - of_cases, of_controls
            if not self.higher_is_worse:
                hit, pass_by = of_cases, 1 - of_controls
            found.append(Roc(self.values, hit, pass_by, self.higher_is_worse))
        return found

    def _share_up_to(self, among: BoolArray, weighted: FloatArray) -> FloatArray:
        """Share of some patients with a value up to each, samples x values; NaN where nobody is."""
        below = np.cumsum(per_sample(adder(self.code, among, len(self.values)), weighted), axis=1)
        with np.errstate(invalid="ignore"):
            return np.asarray(below / below[:, -1:])


def roc_tables(
    cohort: Cohort, plan: AnalysisPlan
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The rows of `results.time_dependent_roc` and of `results.time_dependent_roc_curve`."""
    rows: list[dict[str, Any]] = []
    points: list[dict[str, Any]] = []
    for variable in plan.cutpoints:
        values = cohort.number(variable.column)
        usable = cohort.analyzable & ~np.isnan(values)
        marker = Marker(
            cohort.days[usable],
            cohort.died[usable] == 1,
            values[usable],
            variable.higher_is_worse,
        )
        described = {month: _patients(marker, month) for month in plan.landmarks_months}
        months = [month for month, row in described.items() if "note" not in row]
        curves = _estimates(plan, variable, marker, months)
        for month, row in described.items():
            key = {"variable": variable.column, "landmark_months": month}
            name = {"label": variable.name, "unit": variable.unit}
            estimate, curve = curves.get(month, ({}, []))
            higher = {"higher_is_worse": variable.higher_is_worse}
            rows.append({**key, **name, **higher, **row, **estimate})
            points += [{**key, **point} for point in curve]
    return rows, points


def _patients(marker: Marker, month: int) -> dict[str, Any]:
    """Who is a case and who a control, and a note where there is no curve."""
    landmark = month * DAYS_PER_MONTH
    cases = int(np.sum(marker.died & (marker.days <= landmark)))
    controls = int(np.sum(marker.days > landmark))
    n = len(marker.days)
    row = {"n": n, "cases": cases, "controls": controls, "censored_before": n - cases - controls}
    if not cases:
        return {**row, "note": "No events up to the landmark."}
    if not controls:
        return {**row, "note": "Nobody is followed beyond the landmark."}
    if len(marker.values) == 1:
        return {**row, "note": "All known values are the same."}
    return row


def _estimates(
    plan: AnalysisPlan, variable: CutpointVariable, marker: Marker, months: list[int]
) -> dict[int, tuple[dict[str, Any], list[dict[str, Any]]]]:
    """Landmark -> what is estimated there, and the points of the curve."""
    if not months:
        return {}
    landmarks = [month * DAYS_PER_MONTH for month in months]
    n = len(marker.days)
    found = marker.curves(landmarks, np.ones((n, 1)))
    samples: list[list[FloatArray]] = [[] for _ in months]
    for counts in resample_counts(n, variable.resamples, plan.seed):
        for own, again, original in zip(
            samples, marker.curves(landmarks, counts), found, strict=True
        ):
            cut = again.best()
            sample = np.arange(len(cut))
            own.append(
                np.array(
                    [
                        again.auc(),
                        again.values[cut],
                        again.sensitivity[sample, cut] - original.sensitivity[0, cut],
                        again.specificity[sample, cut] - original.specificity[0, cut],
                    ]
                )
            )
    estimates = {}
    for month, original, own in zip(months, found, samples, strict=True):
        row = {"auc": float(original.auc()[0])}
        row |= _corrected(plan, original, marker, np.concatenate(own, axis=1) if own else None)
        estimates[month] = row, list(_points(original, marker, month * DAYS_PER_MONTH))
    return estimates


def _corrected(
    plan: AnalysisPlan, found: Roc, marker: Marker, samples: FloatArray | None
) -> dict[str, Any]:
    """The interval of the area, and the cut with what the bootstrap takes off its figures.

    samples: a column each with its area, its cut, and how much better sensitivity and specificity
    are there than at the same cut in the patients themselves.
    """
    kept = np.zeros((4, 0)) if samples is None else samples[:, ~np.isnan(samples[0])]
    if not kept.size:
        return {"resamples": 0, "note": "No cut is given without resamples that correct it."}
    areas, cuts, *losses = kept
    tail = 100 * (1 - plan.confidence_level) / 2
    low, high = np.percentile(areas, [tail, 100 - tail])
    optimism = np.mean(losses, axis=1)
    best = int(found.best()[0])
    apparent = np.array([found.sensitivity[0, best], found.specificity[0, best]])
    corrected = np.clip(apparent - optimism, 0, 1)
    cut_low, cut_high = np.percentile(cuts, [tail, 100 - tail], method="inverted_cdf")
    cut = float(found.values[best])
    return {
        "ci_low": float(low),
        "ci_high": float(high),
        "resamples": len(areas),
        "cutpoint": cut,
        "n_up_to": int(np.sum(marker.code <= best)),
        "n_above": int(np.sum(marker.code > best)),
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


def _points(found: Roc, marker: Marker, landmark: float) -> Iterator[dict[str, Any]]:
    """From nobody called a case to everybody; the end at which no cut stands has none."""
    all_above = float(found.higher_is_worse)
    points: list[dict[str, Any]] = [
        {"cutpoint": None, "sensitivity": all_above, "specificity": 1 - all_above}
    ]
    points += [
        {"cutpoint": float(cut), "sensitivity": float(hit), "specificity": float(pass_by)}
        for cut, hit, pass_by in zip(
            found.values, found.sensitivity[0], found.specificity[0], strict=True
        )
    ]
    for name, chosen in (
        ("cases_called", marker.died & (marker.days <= landmark)),
        ("controls_called", marker.days > landmark),
    ):
        below = np.cumsum(np.bincount(marker.code[chosen], minlength=len(marker.values)))
        called = np.append(0, below)
        if found.higher_is_worse:
            called = called[-1] - called
        for point, count in zip(points, called.tolist(), strict=True):
            point[name] = count
    ordered = points[::-1] if found.higher_is_worse else points
    for position, point in enumerate(ordered, start=1):
        yield {"position": position, **point}
