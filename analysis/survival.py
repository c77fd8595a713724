"""Kaplan-Meier curves, medians, survival at landmarks, tables at risk and restricted means.

The numbers equal those of R's `survfit` (package survival) for the interval types log, log-log and
plain. Times are days; deaths on day 0 count. Months are days / 30.4375.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.cohort import DAYS_PER_MONTH, Cohort, months
from analysis.names import ALL_PATIENTS, OVERALL
from analysis.normal import quantile, two_sided_p
from analysis.plan import AnalysisPlan, Factor, IntervalType

if TYPE_CHECKING:
    import numpy.typing as npt

    FloatArray = npt.NDArray[np.float64]
    BoolArray = npt.NDArray[np.bool_]


# R compares survival with 0.5 to within the square root of the machine precision: products such as
# (1 - 1/6)(1 - 1/5)(1 - 1/4) miss 0.5 by a rounding error only.
HALF_TOLERANCE = float(np.sqrt(np.finfo(np.float64).eps))


@dataclass(frozen=True)
class KaplanMeier:
    """A Kaplan-Meier curve: one entry per distinct time, the first is time 0.

    time_days, survival, ci_low and ci_high are floats (limits NaN where undefined); at_risk counts
    patients followed to at least the time; events and censored count what happens at it.
    """

    time_days: FloatArray
    at_risk: npt.NDArray[np.int64]
    events: npt.NDArray[np.int64]
    censored: npt.NDArray[np.int64]
    survival: FloatArray
    ci_low: FloatArray
    ci_high: FloatArray

    def median_days(self) -> tuple[float, float, float]:
        """Median survival in days and its confidence limits; NaN where not reached."""
        return (
            crossing_half(self.time_days, self.survival),
            crossing_half(self.time_days, self.ci_low),
            crossing_half(self.time_days, self.ci_high),
        )

    def restricted_mean_days(self, horizon_days: float) -> tuple[float, float]:
        """Mean survival up to a horizon, in days, and its standard error.

        The area A under the curve up to the horizon, with Greenwood's variance: the sum over event
        times t of A(t, horizon)^2 d / (n (n - d)), as R's `survfit` prints (Klein and Moeschberger
        2003, Survival Analysis, section 4.5). NaN beyond the last follow-up, unless nobody is left.
        """
        if horizon_days > self.time_days[-1] and self.survival[-1] > 0:
            return float("nan"), float("nan")
        kept = self.time_days <= horizon_days
        edges = np.append(self.time_days[kept], horizon_days)
        at_risk, events = self.at_risk[kept], self.events[kept]
        area_after = np.cumsum((np.diff(edges) * self.survival[kept])[::-1])[::-1]
        leaving = at_risk - events
        terms = np.divide(events, at_risk * leaving, out=np.zeros(len(events)), where=leaving > 0)
        return float(area_after[0]), float(np.sqrt(terms @ area_after**2))

    def at(self, days: float) -> tuple[float, float, float, int]:
        """Survival, its limits and the number at risk at a time.

        Beyond the last follow-up nothing is known: NaN, and nobody at risk.
        """
        if days > self.time_days[-1]:
            return float("nan"), float("nan"), float("nan"), 0
        last = int(np.searchsorted(self.time_days, days, side="right")) - 1
        following = int(np.searchsorted(self.time_days, days, side="left"))
        return (
            float(self.survival[last]),
            float(self.ci_low[last]),
            float(self.ci_high[last]),
            int(self.at_risk[following]),
        )


def kaplan_meier(
    days: FloatArray, died: BoolArray, *, level: float = 0.95, interval: IntervalType = "log"
) -> KaplanMeier:
    """The Kaplan-Meier curve of at least one patient with Greenwood's variance.

    Limits are undefined (NaN) where survival is 0 and, for log-log, where it is 1 at or after the
    first observed time, as in R.
    """
    from lifelines.utils import survival_table_from_events

    table = survival_table_from_events(days, died)
    time = table.index.to_numpy(dtype=np.float64)
    at_risk = table["at_risk"].to_numpy(dtype=np.int64)
    events = table["observed"].to_numpy(dtype=np.int64)
    censored = table["censored"].to_numpy(dtype=np.int64)
    # A factor of exactly 1 where nobody dies keeps the curve exactly flat: the median's midpoint
    # rule looks for the first time the curve is lower.
    survival = np.cumprod(1 - events / at_risk)
    survival[at_risk == events] = 0.0
    with np.errstate(divide="ignore", invalid="ignore"):
        increments = events / (at_risk * (at_risk - events))
    relative_error = np.sqrt(np.cumsum(increments))
    low, high = limits(survival, relative_error, level, interval)
    if events[0] + censored[0] == 0:
        # Before the first observed time survival is known to be 1, for every interval (as in R).
        low[0] = high[0] = 1.0
    return KaplanMeier(time, at_risk, events, censored, survival, low, high)


def limits(
    survival: FloatArray, relative_error: FloatArray, level: float, interval: IntervalType
) -> tuple[FloatArray, FloatArray]:
    """Confidence limits of a proportion from its relative standard error; NaN where it is 0."""
    z = quantile(level)
    alive = survival > 0
    s = np.where(alive, survival, np.nan)
    error = np.where(alive, relative_error, np.nan)
    if interval == "plain":
        return np.maximum(s - z * error * s, 0.0), np.minimum(s + z * error * s, 1.0)
    if interval == "log":
        return s * np.exp(-z * error), np.minimum(s * np.exp(z * error), 1.0)
    s = np.where(s < 1, s, np.nan)
    width = z * error / np.log(s)
    hazard = np.log(-np.log(s))
    return np.exp(-np.exp(hazard - width)), np.exp(-np.exp(hazard + width))


def nelson_aalen(days: FloatArray, died: BoolArray) -> FloatArray:
    """Per patient, the cumulative hazard at the patient's time: the sum of d / n up to it."""
    _, index = np.unique(days, return_inverse=True)
    return weighted_nelson_aalen(index, died, np.ones(len(days)))


def weighted_nelson_aalen(
    time: npt.NDArray[np.intp], died: npt.NDArray[np.bool_], weight: FloatArray
) -> FloatArray:
    """The same with patients counted as often as their weight; times as their order, from 0."""
    at_risk = np.cumsum(np.bincount(time, weight)[::-1])[::-1]
    deaths = np.bincount(time, weight * died)
    steps = np.divide(deaths, at_risk, out=np.zeros_like(deaths), where=at_risk > 0)
    return np.asarray(np.cumsum(steps)[time], dtype=np.float64)


def crossing_half(time_days: FloatArray, curve: FloatArray) -> float:
    """The time at which a curve falls to one half, by the rule of R's printed `survfit`.

    The first time at which the curve is below 0.5. Where it equals 0.5 (to 1.5e-8) over a stretch,
    the middle between the start of the stretch and the next lower step; where no lower step
    follows, because follow-up ends on the stretch, the start of it. (R's `quantile` differs in that
    last case only: it takes the middle between the start and the last follow-up.) Entries of
    `curve` that are NaN are skipped. NaN where one half is not reached.
    """
    kept = ~np.isnan(curve) & (np.nan_to_num(curve, nan=1.0) < 0.5 + HALF_TOLERANCE)
    if not kept.any():
        return float("nan")
    times, values = time_days[kept], curve[kept]
    lower = np.flatnonzero(values < values[0])
    if abs(values[0] - 0.5) < HALF_TOLERANCE and lower.size:
        return float((times[0] + times[lower[0]]) / 2)
    return float(times[0])


@dataclass(frozen=True)
class Group:
    """The analyzable patients of one level; grouping "overall" holds all of them."""

    grouping: str
    level: str
    level_position: int
    days: FloatArray
    died: BoolArray


def groups(cohort: Cohort, factors: list[Factor]) -> Iterator[Group]:
    """All analyzable patients, then each level of each factor; a level may hold nobody."""
    usable = cohort.analyzable
    yield Group(OVERALL, ALL_PATIENTS, 1, cohort.days[usable], cohort.died[usable] == 1)
    for factor in factors:
        values = cohort.values(factor.column)
        for position, level in enumerate(factor.levels, start=1):
            chosen = usable & (values == level)
            yield Group(
                factor.column, level, position, cohort.days[chosen], cohort.died[chosen] == 1
            )


def survival_tables(
    cohort: Cohort, plan: AnalysisPlan
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The rows of `results.survival_curve` and `results.survival_summary`.

    A group without patients has no curve, and null estimates in the summary.
    """
    curve_rows: list[dict[str, Any]] = []
    summary: list[dict[str, Any]] = []
    for group in groups(cohort, [plan.factor(column) for column in plan.curves]):
        key = {
            "grouping": group.grouping,
            "level": group.level,
            "level_position": group.level_position,
        }
        curve = _curve_of(group, plan)
        if curve is not None:
            curve_rows += [{**key, **row} for row in _curve_rows(curve)]
        summary += [{**key, **row} for row in summary_rows(group, plan)]
    return curve_rows, summary


def _curve_of(group: Group, plan: AnalysisPlan) -> KaplanMeier | None:
    if not group.days.size:
        return None
    return kaplan_meier(
        group.days, group.died, level=plan.confidence_level, interval=plan.confidence_interval
    )


def _curve_rows(curve: KaplanMeier) -> Iterator[dict[str, Any]]:
    for i, time in enumerate(curve.time_days):
        yield {
            "time_days": float(time),
            "time_months": months(float(time)),
            "at_risk": int(curve.at_risk[i]),
            "events": int(curve.events[i]),
            "censored": int(curve.censored[i]),
            "survival": float(curve.survival[i]),
            "ci_low": float(curve.ci_low[i]),
            "ci_high": float(curve.ci_high[i]),
        }


def summary_rows(group: Group, plan: AnalysisPlan) -> Iterator[dict[str, Any]]:
    """The measures of one group, without the columns that name it."""
    curve = _curve_of(group, plan)
    yield {"measure": "patients", "estimate": float(group.days.size)}
    yield {"measure": "events", "estimate": float(group.died.sum())}
    none = float("nan")
    yield {"measure": "survival_time_min_months", "estimate": _extreme(np.min, group.days)}
    yield {"measure": "survival_time_max_months", "estimate": _extreme(np.max, group.days)}
    median = curve.median_days() if curve else (none, none, none)
    yield _estimate("median_survival_months", *(months(value) for value in median))
    for landmark in plan.landmarks_months:
        point = curve.at(landmark * DAYS_PER_MONTH) if curve else (none, none, none, 0)
        yield {
            **_estimate("survival_at_landmark", *point[:3]),
            "landmark_months": landmark,
            "at_risk": point[3],
        }
    if group.grouping == OVERALL:
        yield from _follow_up_rows(group, plan)


def _extreme(statistic: Any, days: FloatArray) -> float:
    return float(months(statistic(days))) if days.size else float("nan")


def _follow_up_rows(group: Group, plan: AnalysisPlan) -> Iterator[dict[str, Any]]:
    living = months(group.days[~group.died])
    yield {"measure": "living_patients", "estimate": float(living.size)}
    for measure, statistic in (("median", np.median), ("min", np.min), ("max", np.max)):
        value = float(statistic(living)) if living.size else float("nan")
        yield {"measure": f"follow_up_of_living_{measure}_months", "estimate": value}
    reverse = (float("nan"),) * 3
    if group.days.size:
        reverse = kaplan_meier(
            group.days,
            ~group.died,
            level=plan.confidence_level,
            interval=plan.confidence_interval,
        ).median_days()
    yield _estimate("reverse_kaplan_meier_follow_up_months", *(months(value) for value in reverse))


def _estimate(measure: str, estimate: float, low: float, high: float) -> dict[str, Any]:
    return {"measure": measure, "estimate": estimate, "ci_low": low, "ci_high": high}


def risk_table_rows(cohort: Cohort, plan: AnalysisPlan) -> list[dict[str, Any]]:
    """The rows of `results.risk_table`, at the months of the plan (R's `summary.survfit`)."""
    ticks = np.array(sorted(plan.risk_table_months), dtype=np.float64) * DAYS_PER_MONTH
    rows = []
    for group in groups(cohort, [plan.factor(column) for column in plan.curves]):
        at_risk = np.searchsorted(np.sort(group.days), ticks, side="left")
        events, censored = (
            np.diff(np.searchsorted(np.sort(group.days[chosen]), ticks, side="right"), prepend=0)
            for chosen in (group.died, ~group.died)
        )
        rows += [
            {
                "grouping": group.grouping,
                "level": group.level,
                "level_position": group.level_position,
                "month": month,
                "at_risk": int(group.days.size - at_risk[i]),
                "events": int(events[i]),
                "censored": int(censored[i]),
            }
            for i, month in enumerate(sorted(plan.risk_table_months))
        ]
    return rows


def restricted_mean_rows(cohort: Cohort, plan: AnalysisPlan) -> list[dict[str, Any]]:
    """The rows of `results.restricted_mean`; none where the plan names no horizon."""
    horizon = plan.rmst_months
    if horizon is None:
        return []
    rows: list[dict[str, Any]] = []
    first: dict[str, dict[str, Any]] = {}
    for group in groups(cohort, [plan.factor(column) for column in plan.curves]):
        mean = error = float("nan")
        note = "No patients in this group."
        if group.days.size:
            curve = kaplan_meier(group.days, group.died)
            found = curve.restricted_mean_days(horizon * DAYS_PER_MONTH)
            mean, error = months(found[0]), months(found[1])
            note = "Follow-up ends before the horizon."
        row: dict[str, Any] = {
            "grouping": group.grouping,
            "level": group.level,
            "level_position": group.level_position,
            "horizon_months": horizon,
            "patients": int(group.days.size),
            "events": int(group.died.sum()),
            **_with_error("restricted_mean_months", mean, error, plan.confidence_level),
            "note": note if np.isnan(mean) else None,
        }
        reference = first.setdefault(group.grouping, row)
        if row is not reference:
            # Groups hold different patients, so that their variances add.
            difference = mean - reference["restricted_mean_months"]
            both = float(np.hypot(error, reference["standard_error"]))
            compared = _with_error("difference_months", difference, both, plan.confidence_level)
            row["difference_months"] = compared.pop("difference_months")
            row |= {f"difference_{name}": value for name, value in compared.items()}
            row["difference_p"] = two_sided_p(difference / both) if both > 0 else None
        rows.append(row)
    return rows


def _with_error(name: str, estimate: float, error: float, level: float) -> dict[str, float]:
    z = quantile(level)
    return {
        name: estimate,
        "standard_error": error,
        "ci_low": estimate - z * error,
        "ci_high": estimate + z * error,
    }
