"""Recurrence against death without it: cumulative incidence and Gray's test.

Whoever dies without a recurrence cannot have one later, so that one minus a Kaplan-Meier curve of
recurrence would count too much. The numbers equal those of R's `survfit` of a multi-state `Surv`
and of `cuminc` of the package cmprsk.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.cohort import REASON_WORDS, Cohort, months
from analysis.names import ALL_PATIENTS, OVERALL
from analysis.normal import chi_square_p
from analysis.plan import ENDPOINTS, AnalysisPlan, Factor
from analysis.survival import limits

if TYPE_CHECKING:
    import numpy.typing as npt

    FloatArray = npt.NDArray[np.float64]
    IntArray = npt.NDArray[np.int64]

CAUSES = {1: "recurrence", 2: "death_without_recurrence"}


@dataclass(frozen=True)
class Incidence:
    """Cumulative incidence of one cause; one entry per distinct time."""

    time_days: FloatArray
    at_risk: IntArray
    events: IntArray
    incidence: FloatArray
    standard_error: FloatArray


def cumulative_incidence(days: FloatArray, cause: IntArray, of: int) -> Incidence:
    """Aalen and Johansen's estimate of one cause (1 or 2) where 0 is the end of follow-up.

    F(t) = sum S(s-) d_k / n. The variance is that of the infinitesimal jackknife: with h = d / n of
    all causes and G = F(t) - F(s), the sum over s <= t of
    S(s-)^2 h_k (1 - h_k) / n - 2 S(s-) G h_k / n + G^2 h / (n (1 - h)).
    """
    times, index = np.unique(days, return_inverse=True)
    count = len(times)
    at_risk = np.cumsum(np.bincount(index, minlength=count)[::-1])[::-1]
    events = np.bincount(index, weights=cause == of, minlength=count)
    hazard, all_hazard = events / at_risk, np.bincount(index, weights=cause > 0) / at_risk
    before = np.append(1.0, np.cumprod(1 - all_hazard)[:-1])
    incidence = np.cumsum(before * hazard)
    leaving = np.divide(
        all_hazard, at_risk * (1 - all_hazard), out=np.zeros(count), where=all_hazard < 1
    )
    own = before * hazard / at_risk
    variance = (
        np.cumsum(before * own * (1 - hazard))
        - 2 * (incidence * np.cumsum(own) - np.cumsum(own * incidence))
        + incidence**2 * np.cumsum(leaving)
        - 2 * incidence * np.cumsum(leaving * incidence)
        + np.cumsum(leaving * incidence**2)
    )
    return Incidence(
        times,
        at_risk.astype(np.int64),
        events.astype(np.int64),
        np.minimum(incidence, 1.0),
        np.sqrt(np.maximum(variance, 0)),
    )


def gray_test(
    days: FloatArray, cause: IntArray, group: npt.NDArray[Any], of: int
) -> tuple[float, int, float] | str:
    """Chi-square, degrees of freedom and p of equal cumulative incidence, or why there is none.

    Gray 1988 (Ann Stat 16:1141) with rho = 0: the score compares the subdistribution hazard of the
    groups, whose risk sets R = n (1 - F(t-)) / S(t-) keep those who left by the other cause. Its
    variance adds, per group, what each event of either cause adds from its time to the end.
    """
    names, own = np.unique(group, return_inverse=True)
    if len(names) < 2:
        return "Fewer than two groups have patients in whom recurrence is known."
    if not np.any(cause == of):
        return "No events of this cause."
    times, index = np.unique(days, return_inverse=True)

    def counts(chosen: npt.NDArray[np.bool_]) -> FloatArray:
        table = np.zeros((len(times), len(names)))
        np.add.at(table, (index[chosen], own[chosen]), 1.0)
        return table

    at_risk = np.cumsum(counts(np.ones(len(days), dtype=bool))[::-1], axis=0)[::-1]
    first, second = counts(cause == of), counts((cause > 0) & (cause != of))
    present = at_risk > 0

    def per_patient(values: FloatArray, divisor: FloatArray) -> FloatArray:
        shape = np.broadcast_shapes(values.shape, divisor.shape)
        return np.divide(values, divisor, out=np.zeros(shape), where=present & (divisor > 0))

    def before(values: npt.NDArray[Any], start: float) -> FloatArray:
        return np.concatenate([np.full((1, *values.shape[1:]), start), values[:-1]])

    survival = np.cumprod(1 - per_patient(first + second, at_risk), axis=0)
    survival_before = before(survival, 1.0)
    incidence_before = before(np.cumsum(survival_before * per_patient(first, at_risk), axis=0), 0.0)
    weight = per_patient(at_risk, survival_before)
    total = weight.sum(axis=1)
    risk_set = weight * (1 - incidence_before)
    events = first.sum(axis=1)
    at = events > 0
    share = np.divide(events, risk_set.sum(axis=1), out=np.zeros(len(times)), where=at)
    score = (first - share[:, None] * risk_set).sum(axis=0)

    rate = np.divide(events, total, out=np.zeros(len(times)), where=at)
    pooled = np.cumsum(rate)
    hazard = np.divide(rate, 1 - before(pooled, 0.0), out=np.zeros(len(times)), where=at)
    contrast = weight[:, :, None] * np.eye(len(names)) - np.divide(
        weight[:, :, None] * weight[:, None, :],
        total[:, None, None],
        out=np.zeros((len(times), len(names), len(names))),
        where=total[:, None, None] > 0,
    )
    drift = np.cumsum(contrast * hazard[:, None, None], axis=0)
    to_come = drift[-1] - drift
    alive = np.divide(
        (1 - pooled)[:, None], survival, out=np.zeros(survival.shape), where=survival > 0
    )
    # Ties: of d events at one time the variance is that of a draw without putting back.
    tied = np.clip(events - 1, 0, None)[:, None]
    others = total[:, None] * survival_before - 1
    spread = 1 - np.divide(
        tied, others, out=np.zeros(others.shape), where=(tied > 0) & (others > 0)
    )
    first_variance = spread * rate[:, None] * per_patient(survival_before, at_risk)
    spread = 1 - np.divide(
        np.clip(second - 1, 0, None), at_risk - 1, out=np.zeros(second.shape), where=at_risk > 1
    )
    second_variance = np.where(
        survival > 0, spread * second * per_patient(survival_before, at_risk) ** 2, 0.0
    )
    by_first = contrast + (1 - alive)[:, None, :] * to_come
    by_second = alive[:, None, :] * to_come
    variance = np.einsum("tik,tjk,tk->ij", by_first, by_first, first_variance)
    variance += np.einsum("tik,tjk,tk->ij", by_second, by_second, second_variance)
    free = len(names) - 1
    try:
        statistic = float(score[:free] @ np.linalg.solve(variance[:free, :free], score[:free]))
    except np.linalg.LinAlgError:
        statistic = float("nan")
    if not 0 <= statistic < 1e6:
        return "The groups are never at risk together at an event that leaves others."
    return statistic, free, chi_square_p(statistic, free)


def competing_risk_tables(
    cohort: Cohort, plan: AnalysisPlan
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The rows of `results.cumulative_incidence` and `results.gray_test`.

    None where the plan does not ask for competing risks.
    """
    curves: list[dict[str, Any]] = []
    tests: list[dict[str, Any]] = []
    if plan.competing_risks is None or cohort.recurrence is None:
        return curves, tests
    days, cause = cohort.recurrence
    known = ~np.isnan(days) & ~np.isnan(cause)
    unknown = None if known.any() else _why_unknown(cohort)
    if cohort.drops_day_zero:
        known &= days > 0
    key: dict[str, Any] = {"grouping": OVERALL, "level": ALL_PATIENTS, "level_position": 1}
    curves += _curve_rows(plan, key, days[known], cause[known].astype(np.int64))
    for factor in (plan.factor(column) for column in plan.competing_risks):
        values = cohort.values(factor.column)
        for position, level in enumerate(factor.levels, start=1):
            chosen = known & (values == level)
            key = {"grouping": factor.column, "level": level, "level_position": position}
            curves += _curve_rows(plan, key, days[chosen], cause[chosen].astype(np.int64))
        chosen = known & np.isin(values.astype(str), factor.levels) & cohort.known(factor.column)
        rows = _test_rows(
            factor, days[chosen], cause[chosen].astype(np.int64), values[chosen].astype(str)
        )
        tests += [{**row, "note": unknown} for row in rows] if unknown else rows
    return curves, tests


def _why_unknown(cohort: Cohort) -> str:
    """The sentence saying why nobody's recurrence is known; its counts could be small."""
    if not cohort.patients:
        return "The cohort is empty."
    measured = ENDPOINTS["recurrence_free_survival"]
    everyone = np.ones(cohort.patients, dtype=bool)
    reasons: dict[str, int] = {}
    for column in (measured.event, measured.days):
        reasons = reasons or cohort.reason_counts(column, everyone)
    words = ", ".join(REASON_WORDS.get(reason, reason) for reason in reasons)
    return f"Recurrence is known of no patient: {words}."


def _curve_rows(
    plan: AnalysisPlan, key: dict[str, Any], days: FloatArray, cause: IntArray
) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for number, name in CAUSES.items() if days.size else ():
        curve = cumulative_incidence(days, cause, number)
        with np.errstate(invalid="ignore", divide="ignore"):
            low, high = limits(
                curve.incidence,
                curve.standard_error / curve.incidence,
                plan.confidence_level,
                plan.confidence_interval,
            )
        rows += [
            {
                **key,
                "cause": name,
                "time_days": float(time),
                "time_months": months(float(time)),
                "at_risk": int(curve.at_risk[i]),
                "events": int(curve.events[i]),
                "incidence": float(curve.incidence[i]),
                "standard_error": float(curve.standard_error[i]),
                "ci_low": float(low[i]),
                "ci_high": float(high[i]),
            }
            for i, time in enumerate(curve.time_days)
        ]
    return rows


def _test_rows(
    factor: Factor, days: FloatArray, cause: IntArray, group: npt.NDArray[Any]
) -> list[dict[str, Any]]:
    present = [level for level in factor.levels if np.any(group == level)]
    rows = []
    for number, name in CAUSES.items():
        row: dict[str, Any] = {
            "grouping": factor.column,
            "label": factor.label,
            "cause": name,
            "levels": " | ".join(present),
            "patients": len(days),
            "events": int(np.sum(cause == number)),
        }
        test = gray_test(days, cause, group, number)
        if isinstance(test, str):
            rows.append({**row, "note": test})
        else:
            rows.append({**row, "chi_square": test[0], "degrees_of_freedom": test[1], "p": test[2]})
    return rows
