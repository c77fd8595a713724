"""A cut-point of a continuous variable that says what searching for it costs.

The cut with the largest log-rank statistic always looks good: its p has to allow for every cut that
was tried, and another sample would have chosen another one. The numbers equal R's package maxstat.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.cohort import Cohort
from analysis.plan import AnalysisPlan, CutpointVariable
from analysis.survival import nelson_aalen

if TYPE_CHECKING:
    import numpy.typing as npt

    FloatArray = npt.NDArray[np.float64]
    BoolArray = npt.NDArray[np.bool_]

SPREAD = {"low": 2.5, "q1": 25, "median": 50, "q3": 75, "high": 97.5}


def logrank_scores(days: FloatArray, died: BoolArray) -> FloatArray:
    """Per patient, the event less the Nelson-Aalen cumulative hazard at the patient's time."""
    return died - nelson_aalen(days, died)


def best_cut(
    scores: FloatArray, values: FloatArray, proportion: float
) -> tuple[float, float, int] | None:
    """The cut with the largest standardized statistic: cut, statistic, and how many were tried.

    The lower group holds the values up to the cut and at least `proportion` of the patients, as
    does the upper one. A statistic is standardized by its moments over all permutations of the
    patients (Lausen and Schumacher 1992, Biometrics 48:73). None where there is no cut, or no
    event.
    """
    n = len(scores)
    order = np.argsort(values, kind="stable")
    ordered, cumulated = values[order], np.cumsum(scores[order])
    below = np.flatnonzero(np.diff(ordered) > 0) + 1
    least, most = max(1, int(np.floor(n * proportion))), int(np.floor(n * (1 - proportion)))
    below = below[(below >= least) & (below <= most)]
    spread = n * np.sum(scores**2) - np.sum(scores) ** 2
    if not below.size or spread <= 1e-12:
        return None
    variance = below * (n - below) / (n**2 * (n - 1)) * spread
    statistics = np.abs(cumulated[below - 1] - below / n * np.sum(scores)) / np.sqrt(variance)
    # Of equal statistics the first, whatever the rounding.
    best = int(np.flatnonzero(statistics >= statistics.max() * (1 - 1e-12))[0])
    return float(ordered[below[best] - 1]), float(statistics[best]), int(below.size)


def corrected_p(statistic: float, proportion: float) -> float:
    """p of the largest of the standardized statistics, all cuts considered.

    phi(b) (b - 1/b) log((1 - e)^2 / e^2) + 4 phi(b) / b (Miller and Siegmund 1982, Biometrics
    38:1011; Lausen and Schumacher 1992); it approximates from above where b is large, and is 1
    where b is below 1.
    """
    if statistic < 1:
        return 1.0
    density = np.exp(-(statistic**2) / 2) / np.sqrt(2 * np.pi)
    p = density * (statistic - 1 / statistic) * 2 * np.log((1 - proportion) / proportion)
    return float(min(p + 4 * density / statistic, 1.0))


def cutpoint_rows(cohort: Cohort, plan: AnalysisPlan) -> list[dict[str, Any]]:
    """The rows of `results.cutpoint`."""
    return [_row(cohort, plan, variable) for variable in plan.cutpoints]


def _row(cohort: Cohort, plan: AnalysisPlan, variable: CutpointVariable) -> dict[str, Any]:
    values = cohort.number(variable.column)
    usable = cohort.analyzable & ~np.isnan(values)
    days, died, values = cohort.days[usable], cohort.died[usable] == 1, values[usable]
    row: dict[str, Any] = {
        "variable": variable.column,
        "label": variable.name,
        "unit": variable.unit,
        "proportion": variable.proportion,
        "n": len(days),
        "events": int(died.sum()),
    }
    found = best_cut(logrank_scores(days, died), values, variable.proportion) if len(days) else None
    if found is None:
        note = "No cut leaves enough patients on both sides." if died.any() else "No events."
        return {**row, "note": note}
    cut, statistic, tried = found
    row |= {
        "cutpoint": cut,
        "n_up_to": int(np.sum(values <= cut)),
        "n_above": int(np.sum(values > cut)),
        "cuts_tried": tried,
        "statistic": statistic,
        "p_corrected": corrected_p(statistic, variable.proportion),
    }
    rng = np.random.default_rng(plan.seed)
    again = []
    for _ in range(variable.resamples):
        drawn = rng.integers(0, len(days), len(days))
        cut_again = best_cut(
            logrank_scores(days[drawn], died[drawn]), values[drawn], variable.proportion
        )
        if cut_again is not None:
            again.append(cut_again[0])
    row["resamples"] = len(again)
    if again:
        row |= {
            f"resampled_{name}": float(np.percentile(again, percent, method="inverted_cdf"))
            for name, percent in SPREAD.items()
        }
    return row
