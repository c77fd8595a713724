"""Cox's partial likelihood: fitting, whether it has a maximum, and its moments over time.

Fitting is left to lifelines (Efron's ties) and statsmodels (Breslow's ties). Neither says reliably
that the estimates are infinite, so that is decided here, before fitting, from the data alone; nor
do they always find a maximum that exists, so every fit is checked and, if need be, done again.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from analysis.plan import Ties

if TYPE_CHECKING:
    import numpy.typing as npt

    FloatArray = npt.NDArray[np.float64]
    BoolArray = npt.NDArray[np.bool_]

# The last Newton step, in standard errors, that still counts as converged.
STEP_TOLERANCE = 1e-6


class NotEstimableError(Exception):
    """The partial likelihood has no unique finite maximum.

    columns: the columns of the design that are responsible; none where it is no column's fault.
    """

    def __init__(self, note: str, columns: tuple[int, ...] = ()) -> None:
        super().__init__(note)
        self.note = note
        self.columns = columns


@dataclass(frozen=True)
class CoxFit:
    """A fitted Cox model; arrays are in the order of the design's columns."""

    coefficients: FloatArray
    covariance: FloatArray
    log_likelihood: float
    log_likelihood_null: float

    @property
    def standard_errors(self) -> FloatArray:
        return np.sqrt(np.diag(self.covariance))


@dataclass(frozen=True)
class RiskSet:
    """What the likelihood needs of one (pseudo) risk set at a time with deaths.

    died: sum of the covariates of those who die, divided over the risk sets of the time;
    mean, covariance: of the covariates, weighted by the hazard, among those at risk;
    log_total: the logarithm of the sum of those weights.
    """

    time: float
    died: FloatArray
    mean: FloatArray
    covariance: FloatArray
    log_total: float


def risk_sets(
    days: FloatArray, died: BoolArray, design: FloatArray, coefficients: FloatArray, ties: Ties
) -> Iterator[RiskSet]:
    """The risk sets of a Cox model: one per death.

    With d deaths at one time, Breslow uses the same risk set d times; Efron takes k/d of those who
    die out of the k-th (Efron 1977, JASA 72:557).
    """
    linear = design @ coefficients
    hazard = np.exp(linear - linear.max())
    for time in np.unique(days[died]):
        at_risk = days >= time
        dying = died & (days == time)
        deaths = int(dying.sum())
        share = design[dying].sum(axis=0) / deaths
        for k in range(deaths):
            weight = np.where(at_risk, hazard, 0.0)
            if ties == "efron":
                weight = np.where(dying, weight * (1 - k / deaths), weight)
            total = weight.sum()
            weight = weight / total
            mean = weight @ design
            centered = design - mean
            spread = (centered * weight[:, None]).T @ centered
            log_total = float(np.log(total) + linear.max())
            yield RiskSet(float(time), share, mean, spread, log_total)


def check_estimable(days: FloatArray, died: BoolArray, design: FloatArray) -> None:
    """Raise `NotEstimableError` unless the partial likelihood has one finite maximum.

    Let D hold x_i - x_j for every death i and every patient j at risk with it. The likelihood has
    no unique maximum when the columns of D are linearly dependent (collinear factors), and no
    finite one when a direction g exists with D g >= 0 and D g not 0: moving along g always makes
    the likelihood larger (monotone likelihood, complete separation). The second is a linear program
    (the argument of Albert and Anderson 1984, Biometrika 71:1, for the risk sets of a Cox model).
    """
    if not died.any():
        raise NotEstimableError("No deaths among the patients analyzed.")
    differences = _differences(days, died, design)
    columns = design.shape[1]
    if differences.shape[0] == 0:
        raise NotEstimableError(
            "All patients at risk at every death have the same level.", tuple(range(columns))
        )
    _, singular, directions = np.linalg.svd(differences, full_matrices=True)
    rank = int(np.sum(singular > singular.max() * 1e-10))
    if rank < columns:
        free = np.abs(directions[rank:]).max(axis=0) > 1e-8
        raise NotEstimableError(
            "Not estimable: collinear, the same information appears twice among those at risk.",
            tuple(int(i) for i in np.flatnonzero(free)),
        )
    from scipy.optimize import linprog

    found = linprog(
        -differences.sum(axis=0),
        A_ub=-differences,
        b_ub=np.zeros(differences.shape[0]),
        bounds=[(-1.0, 1.0)] * columns,
        method="highs",
    )
    if found.status != 0:
        raise NotEstimableError("Not estimable: the check for separation failed.")
    if -found.fun > 1e-7:
        responsible = np.abs(found.x) > 1e-7
        raise NotEstimableError(
            "Not estimable: the level separates the deaths completely (infinite hazard ratio).",
            tuple(int(i) for i in np.flatnonzero(responsible)),
        )


def _differences(days: FloatArray, died: BoolArray, design: FloatArray) -> FloatArray:
    patterns, index = np.unique(design, axis=0, return_inverse=True)
    index = np.asarray(index).reshape(-1)
    pairs: set[tuple[int, int]] = set()
    for time in np.unique(days[died]):
        dying = set(index[died & (days == time)].tolist())
        at_risk = set(index[days >= time].tolist())
        pairs |= {(i, j) for i in dying for j in at_risk if i != j}
    if not pairs:
        return np.zeros((0, design.shape[1]))
    first, second = np.array(sorted(pairs)).T
    return np.unique(patterns[first] - patterns[second], axis=0)


def fit_cox(days: FloatArray, died: BoolArray, design: FloatArray, ties: Ties) -> CoxFit:
    """Fit a Cox model; design is patients x covariates without a constant.

    Raises `NotEstimableError` where there is no unique finite maximum, or where it was not reached.
    """
    check_estimable(days, died, design)
    # Both libraries take full Newton steps, which overshoot for good where an effect is strong.
    for fitter in (_fit_efron if ties == "efron" else _fit_breslow, partial(_climb, ties=ties)):
        try:
            with warnings.catch_warnings(), np.errstate(all="ignore"):
                warnings.simplefilter("ignore")
                fit = fitter(days, died, design)
        except (ArithmeticError, ValueError, np.linalg.LinAlgError):
            continue
        if _converged(days, died, design, ties, fit):
            return fit
    raise NotEstimableError("Not estimable: the fit did not converge.")


def _fit_breslow(days: FloatArray, died: BoolArray, design: FloatArray) -> CoxFit:
    from statsmodels.duration.hazard_regression import PHReg

    model = PHReg(days, design, status=died.astype(float), ties="breslow")
    result = model.fit(maxiter=100)
    return CoxFit(
        np.asarray(result.params, dtype=np.float64),
        np.asarray(result.cov_params(), dtype=np.float64),
        float(model.loglike(result.params)),
        float(model.loglike(np.zeros(design.shape[1]))),
    )


def _fit_efron(days: FloatArray, died: BoolArray, design: FloatArray) -> CoxFit:
    import pandas as pd
    from lifelines import CoxPHFitter
    from lifelines.exceptions import ConvergenceError

    frame = pd.DataFrame(design, columns=[f"x{i}" for i in range(design.shape[1])])
    frame["days"] = days
    frame["died"] = died
    # The defaults stop at 4 to 5 digits; a relative change of the likelihood cannot show more than
    # half the digits of the estimate, so that rule is switched off.
    options = {"precision": 1e-20, "r_precision": 0.0, "max_steps": 100}
    try:
        model = CoxPHFitter().fit(frame, "days", "died", fit_options=options)
    except ConvergenceError as error:
        raise ArithmeticError("lifelines did not converge") from error
    ratio = model.log_likelihood_ratio_test().test_statistic
    return CoxFit(
        model.params_.to_numpy(dtype=np.float64),
        np.asarray(model.variance_matrix_, dtype=np.float64),
        float(model.log_likelihood_),
        float(model.log_likelihood_ - ratio / 2),
    )


def _climb(days: FloatArray, died: BoolArray, design: FloatArray, ties: Ties) -> CoxFit:
    """Newton's method that halves a step until the likelihood does not fall (as R's coxph does)."""
    beta = np.zeros(design.shape[1])
    null, score, information = _derivatives(days, died, design, beta, ties)
    reached = null
    for _ in range(100):
        step = np.linalg.solve(information, score)
        for _ in range(40):
            found = _derivatives(days, died, design, beta + step, ties)
            if found[0] >= reached - 1e-12 * abs(reached):
                break
            step = step / 2
        beta = beta + step
        reached, score, information = found
        if np.abs(step).max() < 1e-12:
            break
    covariance = np.asarray(np.linalg.inv(information), dtype=np.float64)
    return CoxFit(beta, covariance, reached, null)


def _derivatives(
    days: FloatArray, died: BoolArray, design: FloatArray, beta: FloatArray, ties: Ties
) -> tuple[float, FloatArray, FloatArray]:
    """The log partial likelihood, its gradient, and minus its matrix of second derivatives."""
    value = 0.0
    score = np.zeros(len(beta))
    information = np.zeros((len(beta), len(beta)))
    for risk_set in risk_sets(days, died, design, beta, ties):
        value += float(risk_set.died @ beta) - risk_set.log_total
        score += risk_set.died - risk_set.mean
        information += risk_set.covariance
    return value, score, information


def _converged(
    days: FloatArray, died: BoolArray, design: FloatArray, ties: Ties, fit: CoxFit
) -> bool:
    """True where one more Newton step would not move the estimates."""
    if not np.all(np.isfinite(fit.coefficients)) or not np.all(np.diag(fit.covariance) > 0):
        return False
    _, score, information = _derivatives(days, died, design, fit.coefficients, ties)
    step = np.linalg.solve(information, score)
    return bool(np.all(np.abs(step) <= STEP_TOLERANCE * fit.standard_errors))


def proportional_hazards_tests(
    days: FloatArray,
    died: BoolArray,
    design: FloatArray,
    coefficients: FloatArray,
    ties: Ties,
    terms: list[list[int]],
) -> list[tuple[float, int, float]]:
    """Chi-square, degrees of freedom and p per term (a list of columns of the design).

    The score test of a coefficient that changes linearly with 1 - S(t-) (Grambsch and Therneau
    1994, Biometrika 81:515), without the approximation by a constant variance: the same numbers as
    R's `cox.zph` of survival >= 3.0 with its default transform. NaN where the test is singular.
    """
    from scipy.special import chdtrc

    columns = design.shape[1]
    score = np.zeros(columns)
    information = np.zeros((2 * columns, 2 * columns))
    clock = _km_transform(days, died)
    center = float(np.mean(clock[died]))
    transformed = dict(zip(days.tolist(), (clock - center).tolist(), strict=True))
    for risk_set in risk_sets(days, died, design, coefficients, ties):
        g = transformed[risk_set.time]
        score += g * (risk_set.died - risk_set.mean)
        information += np.kron(np.array([[1.0, g], [g, g * g]]), risk_set.covariance)
    tests = []
    for term in terms:
        kept = [*range(columns), *(columns + j for j in term)]
        u = np.concatenate([np.zeros(columns), score[term]])
        try:
            statistic = float(u @ np.linalg.solve(information[np.ix_(kept, kept)], u))
        except np.linalg.LinAlgError:
            statistic = float("nan")
        if not 0 <= statistic < 1e6:
            statistic = float("nan")
        tests.append((statistic, len(term), float(chdtrc(len(term), statistic))))
    return tests


def _km_transform(days: FloatArray, died: BoolArray) -> FloatArray:
    """1 - S just before each patient's time."""
    times = np.unique(days)
    at_risk = np.array([np.sum(days >= time) for time in times])
    deaths = np.array([np.sum(died & (days == time)) for time in times])
    before = np.concatenate([[1.0], np.cumprod(1 - deaths / at_risk)[:-1]])
    return np.asarray(1 - before[np.searchsorted(times, days)], dtype=np.float64)
