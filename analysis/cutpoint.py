"""A cut-point of a continuous variable that says what searching for it costs.

The cut with the largest log-rank statistic always looks good: its p has to allow for every cut that
was tried, and another sample would have chosen another one. The numbers equal R's package maxstat.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.cohort import Cohort
from analysis.plan import AnalysisPlan, CutpointVariable
from analysis.survival import weighted_nelson_aalen

if TYPE_CHECKING:
    import numpy.typing as npt

    FloatArray = npt.NDArray[np.float64]
    BoolArray = npt.NDArray[np.bool_]
    IntArray = npt.NDArray[np.intp]

SPREAD = {"low": 2.5, "q1": 25, "median": 50, "q3": 75, "high": 97.5}


@dataclass(frozen=True)
class CutSearch:
    """Patients among whom a cut is searched, coded once, so that a resample sorts nothing again.

    time: per patient, the position of the time among all times; values: the distinct values in
    their order; code: per patient, the position of the value among them; proportion: the least
    share of patients on either side of a cut.
    """

    time: IntArray
    died: BoolArray
    values: FloatArray
    code: IntArray
    proportion: float

    @classmethod
    def of(
        cls, days: FloatArray, died: BoolArray, values: FloatArray, proportion: float
    ) -> CutSearch:
        _, time = np.unique(days, return_inverse=True)
        distinct, code = np.unique(values, return_inverse=True)
        return cls(time, died, distinct, code, proportion)

    def scores(self, weight: FloatArray) -> FloatArray:
        """The event less the Nelson-Aalen cumulative hazard at the patient's time."""
        return self.died - weighted_nelson_aalen(self.time, self.died, weight)

    def best(self, weight: FloatArray | None = None) -> tuple[float, float, int] | None:
        """The cut with the largest standardized statistic: cut, statistic, and how many were tried.

        The lower group holds the values up to the cut and at least `proportion` of the patients, as
        does the upper one; a patient counts as often as the weight says, else once. A statistic is
        standardized by its moments over all permutations of the patients (Lausen and Schumacher
        1992, Biometrics 48:73). None where there is no cut, or no event.
        """
        if not len(self.time):
            return None
        weight = np.ones(len(self.time)) if weight is None else weight
        scores = self.scores(weight)
        counted = np.bincount(self.code, weight)
        cumulated = np.cumsum(np.bincount(self.code, weight * scores))
        below = np.cumsum(counted)
        n, total = below[-1], cumulated[-1]
        least = max(1, int(np.floor(n * self.proportion)))
        most = min(int(np.floor(n * (1 - self.proportion))), n - 1)
        cuts = np.flatnonzero((counted > 0) & (below >= least) & (below <= most))
        spread = n * np.sum(weight * scores**2) - total**2
        if not cuts.size or spread <= 1e-12:
            return None
        below, cumulated = below[cuts], cumulated[cuts]
        variance = below * (n - below) / (n**2 * (n - 1)) * spread
        statistics = np.abs(cumulated - below / n * total) / np.sqrt(variance)
        # Of equal statistics the first, whatever the rounding.
        best = int(np.flatnonzero(statistics >= statistics.max() * (1 - 1e-12))[0])
        return float(self.values[cuts[best]]), float(statistics[best]), int(cuts.size)


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
    search = CutSearch.of(days, died, values, variable.proportion)
    found = search.best()
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
        # How often each patient was drawn: nothing is sorted again.
        cut_again = search.best(np.bincount(drawn, minlength=len(days)).astype(np.float64))
        if cut_again is not None:
            again.append(cut_again[0])
    row["resamples"] = len(again)
    if again:
        row |= {
            f"resampled_{name}": float(np.percentile(again, percent, method="inverted_cdf"))
            for name, percent in SPREAD.items()
        }
    return row
