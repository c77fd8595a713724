"""How the hazard ratios of the multivariable model move over time: scaled Schoenfeld residuals.

A smooth line through the residuals of a coefficient shows what the test of proportional hazards
only gives a p for; where hazards are proportional it is level.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.cohort import months
from analysis.cox import Model
from analysis.normal import quantile
from analysis.partial_likelihood import scaled_schoenfeld
from analysis.plan import AnalysisPlan
from analysis.spline import restricted_cubic_basis

if TYPE_CHECKING:
    import numpy.typing as npt

    FloatArray = npt.NDArray[np.float64]

# As R's plot.cox.zph draws it: a natural spline of four degrees of freedom at 40 points.
DEGREES_OF_FREEDOM = 4
POINTS = 40

# More dots than these hide each other; the line is drawn through all of them.
MOST_EVENTS = 2_000


def schoenfeld_tables(
    plan: AnalysisPlan, model: Model | None
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The rows of `results.schoenfeld_residuals` and of `results.schoenfeld_smooth`.

    None without a multivariable model; no line where the events fall on too few times. Of more
    than `MOST_EVENTS` events the residuals are those at even steps of their order.
    """
    if model is None or model.fit is None or model.data is None:
        return [], []
    data, fit = model.data, model.fit
    time, clock, residuals = scaled_schoenfeld(data.patterns, fit, plan.ties)
    points, line, spread = smooth(clock, residuals)
    # The line is drawn along 1 - S(t-); where it is between two events it has the time of the next.
    reached = time[np.minimum(np.searchsorted(clock, points - 1e-12), len(time) - 1)]
    deviation = np.sqrt(len(time) * np.diag(fit.covariance))
    z = quantile(plan.confidence_level)
    shown = np.arange(0, len(time), -(-len(time) // MOST_EVENTS))
    rows: list[dict[str, Any]] = []
    curve: list[dict[str, Any]] = []
    for j, (position, level) in enumerate(data.columns):
        factor = data.factors[position]
        key = {
            "factor": factor.column,
            "label": factor.label,
            "level": level,
            "reference": factor.levels[0],
        }
        coefficient = float(fit.coefficients[j])
        rows += [
            {
                **key,
                "time_days": float(time[i]),
                "time_months": float(months(time[i])),
                "transformed_time": float(clock[i]),
                "residual": float(residuals[i, j]),
                "coefficient": coefficient,
            }
            for i in shown
        ]
        curve += [
            {
                **key,
                "time_months": float(months(reached[i])),
                "transformed_time": float(points[i]),
                "coefficient_at_time": float(line[i, j]),
                "ci_low": float(line[i, j] - z * deviation[j] * spread[i]),
                "ci_high": float(line[i, j] + z * deviation[j] * spread[i]),
            }
            for i in range(len(points))
        ]
    return rows, curve


def smooth(clock: FloatArray, residuals: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Points along the clock, the line of each column there, and its error per unit of deviation.

    Least squares of a natural spline with its inner knots at the tertiles of points and events
    together, as R's `plot.cox.zph`. Nothing where the events fall on fewer times than it has
    degrees of freedom.
    """
    points = np.linspace(clock.min(), clock.max(), POINTS)
    nothing = np.zeros(0), np.zeros((0, residuals.shape[1])), np.zeros(0)
    if len(np.unique(clock)) < DEGREES_OF_FREEDOM:
        return nothing
    knots = np.percentile(np.concatenate([points, clock]), [0, 100 / 3, 200 / 3, 100])
    if len(np.unique(knots)) < len(knots):
        return nothing

    def basis(x: FloatArray) -> FloatArray:
        return np.column_stack([np.ones(len(x)), restricted_cubic_basis(x, knots)])

    q, r = np.linalg.qr(basis(clock))
    if np.abs(np.diag(r)).min() < 1e-7 * np.abs(np.diag(r)).max():
        return nothing
    along = basis(points) @ np.linalg.inv(r)
    return points, along @ (q.T @ residuals), np.sqrt(np.sum(along**2, axis=1))
