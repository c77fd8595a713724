"""Cox's partial likelihood: fitting, whether it has a maximum, and its moments over time.

Fitting is left to lifelines (Efron's ties) and statsmodels (Breslow's ties). Neither says reliably
that the estimates are infinite, so that is decided here, before fitting, from the data alone; nor
do they always find a maximum that exists, so every fit is checked and, if need be, done again.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from analysis.normal import chi_square_p
from analysis.plan import Ties

if TYPE_CHECKING:
    import numpy.typing as npt

    FloatArray = npt.NDArray[np.float64]
    BoolArray = npt.NDArray[np.bool_]

# The last Newton step, in standard errors, that still counts as converged.
STEP_TOLERANCE = 1e-6

# Log hazard ratio between two patients beyond which a fit counts as infinite.
LARGEST_LOG_RATIO = 25.0


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
class RiskSets:
    """What the likelihood needs of the (pseudo) risk sets at the times with deaths, one per row.

    time; deaths: how many deaths the risk set stands for; died: mean of the covariates of those
    who die at the time; mean, covariance: of the covariates, weighted by the hazard, among those
    at risk; log_total: the logarithm of the sum of those weights.
    """

    time: FloatArray
    deaths: FloatArray
    died: FloatArray
    mean: FloatArray
    covariance: FloatArray
    log_total: FloatArray


def risk_sets(
    days: FloatArray, died: BoolArray, design: FloatArray, coefficients: FloatArray, ties: Ties
) -> RiskSets:
    """The risk sets of a Cox model: one per time with deaths (Breslow), or one per death (Efron).

    With d deaths at one time, Breslow uses the same risk set d times; Efron takes k/d of those who
    die out of the k-th (Efron 1977, JASA 72:557). All sums are taken once per distinct time and
    added up from the last time back, so the work grows with the patients, not with their square.
    """
    linear = design @ coefficients
    highest = linear.max()
    hazard = np.exp(linear - highest)
    # Moments about the overall mean: about zero they would lose digits in the subtraction.
    center = hazard @ design / hazard.sum()
    order = np.argsort(days, kind="stable")
    times, start = np.unique(days[order], return_index=True)
    weight, x, dies = hazard[order], (design - center)[order], died[order]

    def per_time(values: FloatArray) -> FloatArray:
        return np.asarray(np.add.reduceat(values, start, axis=0), dtype=np.float64)

    def moments(w: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        columns = x.shape[1]
        second = np.empty((len(times), columns, columns))
        for j in range(columns):
            second[:, j, :] = per_time((w * x[:, j])[:, None] * x)
        return per_time(w), per_time(w[:, None] * x), second

    at_risk = [np.cumsum(sums[::-1], axis=0)[::-1] for sums in moments(weight)]
    dying = moments(np.where(dies, weight, 0.0))
    deaths = per_time(dies.astype(np.float64))
    covariates = per_time(np.where(dies[:, None], x, 0.0))

    at = np.flatnonzero(deaths > 0)
    count = deaths[at]
    if ties == "efron":
        repeats = count.astype(int)
        first = np.repeat(np.cumsum(repeats) - repeats, repeats)
        taken_out = (np.arange(repeats.sum()) - first) / np.repeat(count, repeats)
        at, count = np.repeat(at, repeats), np.ones(repeats.sum())
    else:
        taken_out = np.zeros(len(at))
    total = at_risk[0][at] - taken_out * dying[0][at]
    mean = (at_risk[1][at] - taken_out[:, None] * dying[1][at]) / total[:, None]
    second = at_risk[2][at] - taken_out[:, None, None] * dying[2][at]
    return RiskSets(
        time=times[at],
        deaths=count,
        died=covariates[at] / deaths[at][:, None] + center,
        mean=mean + center,
        covariance=second / total[:, None, None] - mean[:, :, None] * mean[:, None, :],
        log_total=np.log(total) + highest,
    )


def check_estimable(days: FloatArray, died: BoolArray, design: FloatArray) -> None:
    """Raise `NotEstimableError` unless the partial likelihood has one finite maximum.

    Let D hold x_i - x_j for every death i and every patient j at risk with it. The likelihood has
    no unique maximum when the columns of D are linearly dependent (collinear factors), and no
    finite one when a direction g exists with D g >= 0 and D g not 0: moving along g always makes
    the likelihood larger (monotone likelihood, complete separation). The second is a linear program
    (the argument of Albert and Anderson 1984, Biometrika 71:1, for the risk sets of a Cox model).
    """
    if not died.any():
        raise NotEstimableError("No events among the patients analyzed.")
    differences = _differences(days, died, design)
    columns = design.shape[1]
    if differences.shape[0] == 0:
        raise NotEstimableError(
            "All patients at risk at every death have the same level.", tuple(range(columns))
        )
    # The triangle of D has its singular values and directions, whatever the number of its rows.
    triangle = np.linalg.qr(differences, mode="r")
    _, singular, directions = np.linalg.svd(triangle, full_matrices=True)
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
    # A pattern is at risk with a death of another when its last time is not before the first such
    # death: no need to look at every pair of patients.
    last = np.full(len(patterns), -np.inf)
    np.maximum.at(last, index, days)
    first_death = np.full(len(patterns), np.inf)
    np.minimum.at(first_death, index[died], days[died])
    meets = first_death[:, None] <= last[None, :]
    np.fill_diagonal(meets, False)
    first, second = np.nonzero(meets)
    return np.unique(patterns[first] - patterns[second], axis=0)


def fit_cox(
    days: FloatArray,
    died: BoolArray,
    design: FloatArray,
    ties: Ties,
    *,
    repeated: bool = False,
    is_estimable: bool = False,
) -> CoxFit:
    """Fit a Cox model; design is patients x covariates without a constant.

    `repeated` is for a model fitted many times over: the iteration of this module goes first, which
    finds the same maximum as the libraries in a fraction of the time. `is_estimable` leaves out the
    check where there is known to be a maximum, as when patients are added to those in whom there is
    one. Raises `NotEstimableError` where there is no unique finite maximum, or where it was not
    reached.
    """
    if not is_estimable:
        check_estimable(days, died, design)
    # Both libraries take full Newton steps, which overshoot for good where an effect is strong.
    fitters: list[Callable[[FloatArray, BoolArray, FloatArray], CoxFit]]
    fitters = [_fit_efron if ties == "efron" else _fit_breslow, partial(_climb, ties=ties)]
    for fitter in reversed(fitters) if repeated else fitters:
        try:
            with warnings.catch_warnings(), np.errstate(all="ignore"):
                warnings.simplefilter("ignore")
                fit = fitter(days, died, design)
        except (ArithmeticError, ValueError, np.linalg.LinAlgError):
            continue
        if _converged(days, died, design, ties, fit):
            return fit
    raise NotEstimableError("Not estimable: the fit did not converge.")


def fit_smooth_cox(days: FloatArray, died: BoolArray, design: FloatArray, ties: Ties) -> CoxFit:
    """Fit a Cox model of continuous covariates, standardized.

    To look at all differences between patients, as `fit_cox` does, would grow with the square of
    the patients where hardly two are alike; here a maximum that runs away is seen by how far it
    went. Raises `NotEstimableError`.
    """
    try:
        with np.errstate(all="ignore"):
            fit = _climb(days, died, design, ties)
        if np.ptp(design @ fit.coefficients) < LARGEST_LOG_RATIO and _converged(
            days, died, design, ties, fit
        ):
            return fit
    except np.linalg.LinAlgError:
        pass
    raise NotEstimableError("Not estimable: the variable separates the events, or hardly varies.")


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
    sets = risk_sets(days, died, design, beta, ties)
    value = float(sets.deaths @ (sets.died @ beta - sets.log_total))
    score = sets.deaths @ (sets.died - sets.mean)
    information = np.einsum("i,ijk->jk", sets.deaths, sets.covariance)
    return value, score, information


def score_statistic(days: FloatArray, died: BoolArray, design: FloatArray, ties: Ties) -> float:
    """The score statistic of all coefficients being 0: U' I^-1 U at 0."""
    _, score, information = _derivatives(days, died, design, np.zeros(design.shape[1]), ties)
    return float(score @ np.linalg.solve(information, score))


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
    columns = design.shape[1]
    sets = risk_sets(days, died, design, coefficients, ties)
    clock = _km_transform(days, died)
    times, index = np.unique(days, return_index=True)
    g = clock[index][np.searchsorted(times, sets.time)] - float(np.mean(clock[died]))
    score = (sets.deaths * g) @ (sets.died - sets.mean)
    information = np.block(
        [
            [
                np.einsum("i,ijk->jk", sets.deaths * g**power, sets.covariance)
                for power in (row, row + 1)
            ]
            for row in (0, 1)
        ]
    )
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
        tests.append((statistic, len(term), chi_square_p(statistic, len(term))))
    return tests


def _km_transform(days: FloatArray, died: BoolArray) -> FloatArray:
    """1 - S just before each patient's time."""
    times, index, patients = np.unique(days, return_inverse=True, return_counts=True)
    at_risk = np.cumsum(patients[::-1])[::-1]
    deaths = np.bincount(index, weights=died, minlength=len(times))
    before = np.concatenate([[1.0], np.cumprod(1 - deaths / at_risk)[:-1]])
    return np.asarray(1 - before[index], dtype=np.float64)


def scaled_schoenfeld(
    days: FloatArray, died: BoolArray, design: FloatArray, fit: CoxFit, ties: Ties
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Per event in order of time: its time, 1 - S(t-), and its scaled residuals, one a column.

    beta + d V s, with s the covariates of who has the event less their mean among those at risk
    (under Efron's ties the mean of the risk sets of the day), d the events and V the covariance of
    beta: the mean of a residual near t estimates the coefficient at t (Grambsch and Therneau 1994).
    The same numbers as `cox.zph(fit, terms = FALSE)$y` of R's survival >= 3.0.
    """
    sets = risk_sets(days, died, design, fit.coefficients, ties)
    times, first, repeats = np.unique(sets.time, return_index=True, return_counts=True)
    mean = np.add.reduceat(sets.mean, first, axis=0) / repeats[:, None]
    order = np.flatnonzero(died)[np.argsort(days[died], kind="stable")]
    residual = design[order] - mean[np.searchsorted(times, days[order])]
    scaled = fit.coefficients + len(order) * residual @ fit.covariance
    return days[order], _km_transform(days, died)[order], scaled
