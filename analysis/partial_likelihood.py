"""Cox's partial likelihood: fitting, whether it has a maximum, and its moments over time.

Fitted by Newton's method on counts of patients by pattern of covariates. Efron's ties are left to
lifelines, which has no others and works patient by patient: it does not say reliably that the
estimates are infinite, nor does it always find a maximum that exists, so that each of its fits is
checked here, and large cohorts are fitted here alone.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from analysis.normal import chi_square_p
from analysis.plan import Ties

if TYPE_CHECKING:
    import numpy.typing as npt
    from scipy.sparse import csr_array

    FloatArray = npt.NDArray[np.float64]
    BoolArray = npt.NDArray[np.bool_]

# The last Newton step, in standard errors, that still counts as converged.
STEP_TOLERANCE = 1e-6

# Patients beyond whom lifelines, which works patient by patient, is not asked.
LARGE = 10_000

# Patterns that are compared with all others at once.
BLOCK = 1024

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
class Patterns:
    """Patients counted by their time and their pattern of covariates: all the likelihood needs.

    design: patterns x covariates; times: the distinct times, ascending; patients, deaths: times x
    patterns, sparse counts. A million patients with a few categorical factors are some thousand
    patterns, so that the work of an iteration grows with those and not with the patients.
    """

    design: FloatArray
    times: FloatArray
    patients: csr_array
    deaths: csr_array

    @classmethod
    def of(cls, days: FloatArray, died: BoolArray, design: FloatArray) -> Patterns:
        """Count patients; design is patients x covariates without a constant."""
        import pandas as pd
        from scipy.sparse import coo_array

        pattern, patterns = np.zeros(len(days), dtype=np.int64), 1
        for column in design.T:
            code, values = pd.factorize(column)
            # Made dense again only where the products would overflow: it goes through all patients.
            if patterns * len(values) > np.iinfo(np.int64).max:
                pattern, present = pd.factorize(pattern)
                patterns = len(present)
            pattern = pattern * len(values) + code
            patterns *= len(values)
        pattern, _ = pd.factorize(pattern)
        count = int(pattern.max()) + 1 if len(pattern) else 0
        first = np.zeros(count, dtype=np.int64)
        # From the last patient back, so that the first of each pattern is what stays.
        first[pattern[::-1]] = np.arange(len(days))[::-1]
        time, times = pd.factorize(days, sort=True)
        shape = (len(times), count)

        def counted(among: BoolArray) -> csr_array:
            ones = np.ones(int(among.sum()))
            cells = coo_array((ones, (time[among], pattern[among])), shape=shape)
            return cells.tocsr()

        return cls(design[first], times, counted(np.ones(len(days), dtype=bool)), counted(died))

    def among(self, columns: Sequence[int]) -> Patterns:
        """The same patients with some of the covariates."""
        return replace(self, design=self.design[:, list(columns)])

    @property
    def is_large(self) -> bool:
        return bool(self.patients.sum() > LARGE)

    def rows(self) -> tuple[FloatArray, BoolArray, FloatArray]:
        """Days, death and covariates of each patient, in the order of time."""
        times, patterns, died = [], [], []
        for counts, dies in ((self.deaths, True), (self.patients - self.deaths, False)):
            cells = counts.tocoo()
            n = cells.data.astype(np.int64)
            times.append(np.repeat(cells.coords[0], n))
            patterns.append(np.repeat(cells.coords[1], n))
            died.append(np.full(int(n.sum()), dies))
        order = np.argsort(np.concatenate(times), kind="stable")
        pattern = np.concatenate(patterns)[order]
        days = self.times[np.concatenate(times)[order]]
        return days, np.concatenate(died)[order], self.design[pattern]


@dataclass(frozen=True)
class RiskSets:
    """What the likelihood needs of the risk sets at the times with deaths, one row per time.

    time; deaths: how many die; died: mean of the covariates of those who die at the time; mean,
    covariance: of the covariates, weighted by the hazard, among those at risk; log_total: the
    logarithm of the sum of those weights. With Efron's ties mean, covariance and log_total are
    averages over the risk sets of the deaths at the time.
    """

    time: FloatArray
    deaths: FloatArray
    died: FloatArray
    mean: FloatArray
    covariance: FloatArray
    log_total: FloatArray


def risk_sets(data: Patterns, coefficients: FloatArray, ties: Ties) -> RiskSets:
    """The risk sets of a Cox model at its times with deaths.

    With d deaths at one time, Breslow uses the same risk set d times; Efron takes k/d of those who
    die out of the k-th (Efron 1977, JASA 72:557), k from 0 to d - 1. All sums are taken once per
    distinct time and added up from the last time back.
    """
    linear = data.design @ coefficients
    highest = linear.max()
    weight = np.exp(linear - highest)
    # Moments about the overall mean: about zero they would lose digits in the subtraction.
    share = weight * (data.patients.sum(axis=0))
    center = share @ data.design / share.sum()
    x = data.design - center
    deaths = np.asarray(data.deaths.sum(axis=1), dtype=np.float64)
    at = np.flatnonzero(deaths > 0)
    count = deaths[at]

    def at_risk(values: FloatArray) -> FloatArray:
        sums = np.asarray(data.patients @ values, dtype=np.float64)
        return np.asarray(np.cumsum(sums[::-1], axis=0)[::-1][at])

    def dying(values: FloatArray) -> FloatArray:
        return np.asarray(data.deaths @ values, dtype=np.float64)[at]

    weighted = weight[:, None] * x
    total, first = at_risk(weight), at_risk(weighted)
    columns = x.shape[1]
    second = np.empty((len(at), columns, columns))
    if ties == "breslow":
        for j in range(columns):
            second[:, j, :] = at_risk(weighted[:, [j]] * x)
        mean = first / total[:, None]
        covariance = second / total[:, None, None] - mean[:, :, None] * mean[:, None, :]
        log_total = np.log(total)
    else:
        total_dying, first_dying = dying(weight), dying(weighted)
        repeats = count.astype(np.int64)
        starts = np.cumsum(repeats) - repeats
        taken_out = (np.arange(repeats.sum()) - np.repeat(starts, repeats)) / np.repeat(
            count, repeats
        )
        left = np.repeat(total, repeats) - taken_out * np.repeat(total_dying, repeats)

        def averaged(values: FloatArray) -> FloatArray:
            return np.asarray(np.add.reduceat(values, starts) / count)

        # The mean of the k-th risk set is a S - b D, with a = 1 / its total and b = k/d a.
        a, b = averaged(1 / left), averaged(taken_out / left)
        aa, ab, bb = (averaged(taken_out**power / left**2) for power in (0, 1, 2))
        for j in range(columns):
            moment = weighted[:, [j]] * x
            second[:, j, :] = a[:, None] * at_risk(moment) - b[:, None] * dying(moment)
        mean = a[:, None] * first - b[:, None] * first_dying
        crossed = first[:, :, None] * first_dying[:, None, :]
        covariance = second - (
            aa[:, None, None] * first[:, :, None] * first[:, None, :]
            - ab[:, None, None] * (crossed + crossed.transpose(0, 2, 1))
            + bb[:, None, None] * first_dying[:, :, None] * first_dying[:, None, :]
        )
        log_total = averaged(np.log(left))
    return RiskSets(
        time=data.times[at],
        deaths=count,
        died=dying(x) / count[:, None] + center,
        mean=mean + center,
        covariance=covariance,
        log_total=log_total + highest,
    )


def check_estimable(data: Patterns) -> None:
    """Raise `NotEstimableError` unless the partial likelihood has one finite maximum.

    Let D hold x_i - x_j for every death i and every patient j at risk with it. The likelihood has
    no unique maximum when the columns of D are linearly dependent (collinear factors), and no
    finite one when a direction g exists with D g >= 0 and D g not 0: moving along g always makes
    the likelihood larger (monotone likelihood, complete separation). The second is a linear program
    (the argument of Albert and Anderson 1984, Biometrika 71:1, for the risk sets of a Cox model).
    """
    if data.deaths.sum() == 0:
        raise NotEstimableError("No events among the patients analyzed.")
    differences = _differences(data)
    columns = data.design.shape[1]
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


def _differences(data: Patterns) -> FloatArray:
    """The distinct rows of D.

    A pattern is at risk with a death of another when its last time is not before the first such
    death: no need to look at every pair of patients.
    """
    patterns, index = np.unique(data.design, axis=0, return_inverse=True)
    index = np.asarray(index).reshape(-1)
    last = np.full(len(patterns), -np.inf)
    first_death = np.full(len(patterns), np.inf)
    patients, deaths = data.patients.tocoo(), data.deaths.tocoo()
    np.maximum.at(last, index[patients.coords[1]], data.times[patients.coords[0]])
    np.minimum.at(first_death, index[deaths.coords[1]], data.times[deaths.coords[0]])
    found = np.empty((0, data.design.shape[1]))
    for start in range(0, len(patterns), BLOCK):
        block = slice(start, start + BLOCK)
        first, second = np.nonzero(first_death[block, None] <= last[None, :])
        found = np.unique(np.vstack([found, patterns[block][first] - patterns[second]]), axis=0)
    return found[np.any(found != 0, axis=1)]


def fit_cox(data: Patterns, ties: Ties, *, repeated: bool = False) -> CoxFit:
    """Fit a Cox model.

    A point at which the gradient vanishes and the likelihood is strictly concave is its one finite
    maximum, so that the search of this module decides too whether there is one; only where it ends
    elsewhere is the reason looked for. With Efron's ties the estimates are those of lifelines, but
    where a model is `repeated` many times over or has more than `LARGE` patients. Raises
    `NotEstimableError` where there is no unique finite maximum, or where it was not reached.
    """
    found = _maximum(data, ties)
    if found is None:
        check_estimable(data)
    if ties == "efron" and not repeated and not data.is_large:
        try:
            with warnings.catch_warnings(), np.errstate(all="ignore"):
                warnings.simplefilter("ignore")
                fit = _fit_by_lifelines(*data.rows())
            # Full Newton steps overshoot for good where an effect is strong.
            if _converged(data, ties, fit):
                return fit
        except (ArithmeticError, ValueError, np.linalg.LinAlgError):
            pass
    if found is None:
        raise NotEstimableError("Not estimable: the fit did not converge.")
    return found


def fit_smooth_cox(data: Patterns, ties: Ties) -> CoxFit:
    """Fit a Cox model of continuous covariates, standardized.

    To look at all differences between patients, as `check_estimable` does, would grow with the
    square of the patients where hardly two are alike; here a maximum that runs away is seen by how
    far it went. Raises `NotEstimableError`.
    """
    fit = _maximum(data, ties)
    if fit is None:
        raise NotEstimableError(
            "Not estimable: the variable separates the events, or hardly varies."
        )
    return fit


def _maximum(data: Patterns, ties: Ties) -> CoxFit | None:
    """The one finite maximum of the likelihood; None where the search does not end at one."""
    if data.deaths.sum() == 0:
        return None
    try:
        with np.errstate(all="ignore"):
            fit = _climb(data, ties)
            far = np.ptp(data.design @ fit.coefficients) >= LARGEST_LOG_RATIO
            return fit if not far and _converged(data, ties, fit) else None
    except np.linalg.LinAlgError:
        return None


def _fit_by_lifelines(days: FloatArray, died: BoolArray, design: FloatArray) -> CoxFit:
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


def _climb(data: Patterns, ties: Ties) -> CoxFit:
    """Newton's method that halves a step until the likelihood does not fall (as R's coxph does)."""
    beta = np.zeros(data.design.shape[1])
    null, score, information = _derivatives(data, beta, ties)
    _refuse_singular(information)
    reached = null
    for _ in range(100):
        step = np.linalg.solve(information, score)
        for _ in range(40):
            found = _derivatives(data, beta + step, ties)
            if found[0] >= reached - 1e-12 * abs(reached):
                break
            step = step / 2
        beta = beta + step
        reached, score, information = found
        if np.abs(step).max() < 1e-12:
            break
    covariance = np.asarray(np.linalg.inv(information), dtype=np.float64)
    return CoxFit(beta, covariance, reached, null)


def _refuse_singular(information: FloatArray) -> None:
    """Raise `LinAlgError` where some combination of the covariates carries no information.

    At coefficients of 0 its directions without information are those with D g = 0 of
    `check_estimable`, but for the digits that squaring costs.
    """
    spread = np.sqrt(np.diag(information))
    if not np.all(spread > 0):
        raise np.linalg.LinAlgError("a covariate does not vary among those at risk")
    if np.linalg.eigvalsh(information / np.outer(spread, spread)).min() < 1e-10:
        raise np.linalg.LinAlgError("the covariates are collinear")


def _derivatives(
    data: Patterns, beta: FloatArray, ties: Ties
) -> tuple[float, FloatArray, FloatArray]:
    """The log partial likelihood, its gradient, and minus its matrix of second derivatives."""
    sets = risk_sets(data, beta, ties)
    value = float(sets.deaths @ (sets.died @ beta - sets.log_total))
    score = sets.deaths @ (sets.died - sets.mean)
    information = np.einsum("i,ijk->jk", sets.deaths, sets.covariance)
    return value, score, information


def score_statistic(data: Patterns, ties: Ties) -> float:
    """The score statistic of all coefficients being 0: U' I^-1 U at 0."""
    _, score, information = _derivatives(data, np.zeros(data.design.shape[1]), ties)
    return float(score @ np.linalg.solve(information, score))


def _converged(data: Patterns, ties: Ties, fit: CoxFit) -> bool:
    """True where one more Newton step would not move the estimates."""
    if not np.all(np.isfinite(fit.coefficients)) or not np.all(np.diag(fit.covariance) > 0):
        return False
    _, score, information = _derivatives(data, fit.coefficients, ties)
    step = np.linalg.solve(information, score)
    return bool(np.all(np.abs(step) <= STEP_TOLERANCE * fit.standard_errors))


def proportional_hazards_tests(
    data: Patterns, coefficients: FloatArray, ties: Ties, terms: list[list[int]]
) -> list[tuple[float, int, float]]:
    """Chi-square, degrees of freedom and p per term (a list of columns of the design).

    The score test of a coefficient that changes linearly with 1 - S(t-) (Grambsch and Therneau
    1994, Biometrika 81:515), without the approximation by a constant variance: the same numbers as
    R's `cox.zph` of survival >= 3.0 with its default transform. NaN where the test is singular.
    """
    columns = data.design.shape[1]
    sets = risk_sets(data, coefficients, ties)
    clock = _km_transform(data)
    g = clock - float(sets.deaths @ clock / sets.deaths.sum())
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


def _km_transform(data: Patterns) -> FloatArray:
    """1 - S just before each time with deaths."""
    patients, deaths = (
        np.asarray(counts.sum(axis=1), dtype=np.float64) for counts in (data.patients, data.deaths)
    )
    at_risk = np.cumsum(patients[::-1])[::-1]
    before = np.concatenate([[1.0], np.cumprod(1 - deaths / at_risk)[:-1]])
    return np.asarray(1 - before[deaths > 0], dtype=np.float64)


def scaled_schoenfeld(
    data: Patterns, fit: CoxFit, ties: Ties
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Per event in order of time: its time, 1 - S(t-), and its scaled residuals, one a column.

    beta + d V s, with s the covariates of who has the event less their mean among those at risk
    (under Efron's ties the mean of the risk sets of the day), d the events and V the covariance of
    beta: the mean of a residual near t estimates the coefficient at t (Grambsch and Therneau 1994).
    The same numbers as `cox.zph(fit, terms = FALSE)$y` of R's survival >= 3.0.
    """
    sets = risk_sets(data, fit.coefficients, ties)
    cells = data.deaths.tocoo()
    repeats = cells.data.astype(np.int64)
    days = np.repeat(data.times[cells.coords[0]], repeats)
    at = np.searchsorted(sets.time, days)
    residual = data.design[np.repeat(cells.coords[1], repeats)] - sets.mean[at]
    scaled = fit.coefficients + len(days) * residual @ fit.covariance
    return days, _km_transform(data)[at], scaled
