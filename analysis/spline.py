"""The hazard along a continuous variable, without a cut: restricted cubic splines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.cohort import Cohort
from analysis.normal import chi_square_p, quantile
from analysis.partial_likelihood import CoxFit, NotEstimableError, Patterns, fit_smooth_cox
from analysis.plan import AnalysisPlan, SplineVariable

if TYPE_CHECKING:
    import numpy.typing as npt

    FloatArray = npt.NDArray[np.float64]

# Harrell 2015, Regression Modeling Strategies, table 2.3.
KNOT_PERCENTILES = {
    3: (10, 50, 90),
    4: (5, 35, 65, 95),
    5: (5, 27.5, 50, 72.5, 95),
}
POINTS = 101


def restricted_cubic_basis(values: FloatArray, knots: FloatArray) -> FloatArray:
    """Harrell's basis, values x (knots - 1): the variable itself, then one column a knot less two.

    ((x - t_j)+^3 - (x - t_k-1)+^3 (t_k - t_j) / (t_k - t_k-1) + (x - t_k)+^3 (t_k-1 - t_j) /
    (t_k - t_k-1)) / (t_k - t_1)^2: cubic between the knots, linear beyond them (Harrell 2015,
    section 2.4.5).
    """
    x = values[:, None]
    inner, before_last, last = knots[:-2], knots[-2], knots[-1]

    def cubed(from_: FloatArray | float) -> FloatArray:
        return np.maximum(x - from_, 0.0) ** 3

    curved = (
        cubed(inner)
        - cubed(before_last) * (last - inner) / (last - before_last)
        + cubed(last) * (before_last - inner) / (last - before_last)
    )
    return np.column_stack([values, curved / (last - knots[0]) ** 2])


def spline_tables(
    cohort: Cohort, plan: AnalysisPlan
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The rows of `results.spline` and of `results.spline_test`."""
    curves: list[dict[str, Any]] = []
    tests: list[dict[str, Any]] = []
    for variable in plan.splines:
        curve, test = _fit(cohort, plan, variable)
        curves += curve
        tests.append(test)
    return curves, tests


def _fit(
    cohort: Cohort, plan: AnalysisPlan, variable: SplineVariable
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    values = cohort.number(variable.column)
    usable = cohort.analyzable & ~np.isnan(values)
    days, died, values = cohort.days[usable], cohort.died[usable] == 1, values[usable]
    key = {"variable": variable.column, "label": variable.name, "unit": variable.unit}
    test: dict[str, Any] = {**key, "n": len(days), "events": int(died.sum())}
    if not died.any():
        return [], {**test, "note": "No events."}
    knots = np.percentile(values, KNOT_PERCENTILES[variable.knots])
    if len(np.unique(knots)) < len(knots):
        note = "Too few distinct values for the knots."
        return [], {**test, "note": note}
    middle, scale = float(np.median(values)), float(np.std(values))
    try:
        basis = restricted_cubic_basis((values - middle) / scale, (knots - middle) / scale)
        patterns = Patterns.of(days, died, basis)
        fit = fit_smooth_cox(patterns, plan.ties)
        straight = fit_smooth_cox(patterns.among([0]), plan.ties)
    except NotEstimableError as error:
        return [], {**test, "note": error.note}
    parameters = len(fit.coefficients)
    overall = max(2 * (fit.log_likelihood - fit.log_likelihood_null), 0.0)
    nonlinear = max(2 * (fit.log_likelihood - straight.log_likelihood), 0.0)
    test |= {
        "knots": " | ".join(f"{knot:g}" for knot in knots),
        "reference": middle,
        "chi_square": overall,
        "degrees_of_freedom": parameters,
        "p": chi_square_p(overall, parameters),
        "nonlinear_chi_square": nonlinear,
        "nonlinear_degrees_of_freedom": parameters - 1,
        "nonlinear_p": chi_square_p(nonlinear, parameters - 1),
    }
    # Beyond the outer percentiles a curve stands on a handful of patients.
    low, high = np.percentile(values, [2.5, 97.5])
    points = np.unique(np.append(np.linspace(low, high, POINTS), middle))
    log_ratio, deviation = hazard_along(fit, points, knots, middle, scale)
    z = quantile(plan.confidence_level)
    curve = [
        {
            **key,
            "value": float(value),
            "reference": middle,
            "log_hazard_ratio": float(log_ratio[i]),
            "standard_error": float(deviation[i]),
            "hazard_ratio": float(np.exp(log_ratio[i])),
            "ci_low": float(np.exp(log_ratio[i] - z * deviation[i])),
            "ci_high": float(np.exp(log_ratio[i] + z * deviation[i])),
        }
        for i, value in enumerate(points)
    ]
    return curve, test


def hazard_along(
    fit: CoxFit, points: FloatArray, knots: FloatArray, reference: float, scale: float
) -> tuple[FloatArray, FloatArray]:
    """Log hazard ratio against the reference value at each point, and its standard error."""
    standardized = (np.append(points, reference) - reference) / scale
    basis = restricted_cubic_basis(standardized, (knots - reference) / scale)
    contrast = basis[:-1] - basis[-1]
    variance = np.einsum("ij,jk,ik->i", contrast, fit.covariance, contrast)
    return contrast @ fit.coefficients, np.sqrt(np.maximum(variance, 0))
