"""The multivariable model with unknown factors imputed, beside the complete cases.

Complete cases are fair where what is unknown has nothing to do with the outcome, given the model;
multiple imputation where it has nothing to do with the unknown value itself, given all that is
known. That both say the same is what a reader wants to see.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.cohort import Cohort
from analysis.cox import Model
from analysis.partial_likelihood import CoxFit, NotEstimableError, Patterns, fit_cox
from analysis.plan import AnalysisPlan, Factor, Ties
from analysis.processes import cores, processes
from analysis.survival import nelson_aalen

if TYPE_CHECKING:
    import numpy.typing as npt

    FloatArray = npt.NDArray[np.float64]
    IntArray = npt.NDArray[np.int64]
    BoolArray = npt.NDArray[np.bool_]

CYCLES = 10
UNKNOWN = -1
# A normal prior with standard deviation 2.5 on every coefficient of an imputation model keeps a
# level finite that few patients have (Gelman et al. 2008, Ann Appl Stat 2:1360).
PRIOR_PRECISION = 1 / 2.5**2
# Near the mode the error of Newton's method is the square of its last step, but for a factor.
STEP_TOLERANCE = 1e-5
# Patients from whom on the imputations take longer than to start processes for them.
WORTH_PROCESSES = 2_000


@dataclass(frozen=True)
class Pooled:
    """One coefficient over imputations: estimate, its variance, degrees of freedom, and the
    fraction of information that is missing."""

    estimate: float
    variance: float
    degrees_of_freedom: float
    missing_information: float


def pool(estimates: FloatArray, variances: FloatArray, complete_df: float) -> Pooled:
    """Rubin's rules with the degrees of freedom of Barnard and Rubin (1999, Biometrika 86:948).

    estimates, variances: one per imputation, at least two; complete_df: the degrees of freedom
    that complete data would leave. The same as R's `mice::pool.scalar`.
    """
    m = len(estimates)
    within, between = float(np.mean(variances)), float(np.var(estimates, ddof=1))
    total = within + (1 + 1 / m) * between
    share = (1 + 1 / m) * between / total
    observed = (complete_df + 1) / (complete_df + 3) * complete_df * (1 - share)
    if share < 1e-12:
        return Pooled(float(np.mean(estimates)), total, observed, 2 / (observed + 3))
    by_imputation = (m - 1) / share**2
    df = by_imputation * observed / (by_imputation + observed)
    ratio = share / (1 - share)
    missing = (ratio + 2 / (df + 3)) / (1 + ratio)
    return Pooled(float(np.mean(estimates)), total, df, missing)


def fit_multinomial(
    design: FloatArray,
    codes: IntArray,
    levels: int,
    times: FloatArray | None = None,
    start: FloatArray | None = None,
) -> FloatArray:
    """Coefficients (columns x levels - 1) of a multinomial logit against level 0.

    The mode of the posterior under `PRIOR_PRECISION`, by Newton's method, with each patient counted
    so many `times` (once without). There is one mode: where it starts from changes how long it
    takes, not what is found.
    """
    # Sums over patients are fastest where patients lie side by side.
    x = np.ascontiguousarray(design.T, dtype=np.float64)
    columns, free = len(x), levels - 1
    times = np.ones(x.shape[1]) if times is None else times
    observed = np.arange(1, levels)[:, None] == codes
    beta = np.zeros((free, columns)) if start is None else start.T.copy()
    for _ in range(50):
        p = _probabilities(x, beta)[1:]
        gradient = (times * (observed - p)) @ x.T - PRIOR_PRECISION * beta
        information = np.empty((free, columns, free, columns))
        for k in range(free):
            for other in range(k, free):
                weight = times * p[k] * (float(k == other) - p[other])
                block = (weight * x) @ x.T
                information[k, :, other, :] = information[other, :, k, :] = block
        flat = information.reshape(free * columns, free * columns)
        flat[np.diag_indices_from(flat)] += PRIOR_PRECISION
        step = np.linalg.solve(flat, gradient.ravel()).reshape(free, columns)
        largest = float(np.abs(step).max())
        beta += step * min(1.0, 4 / largest) if largest else step
        if largest < STEP_TOLERANCE:
            break
    return beta.T


def probabilities(design: FloatArray, beta: FloatArray) -> FloatArray:
    """Probability of each level, patients x levels."""
    return _probabilities(design.T, beta.T).T


def _probabilities(x: FloatArray, beta: FloatArray) -> FloatArray:
    """Levels x patients, of covariates x patients."""
    linear = np.concatenate([np.zeros((1, x.shape[1])), beta @ x])
    odds = np.exp(linear - linear.max(axis=0))
    return np.asarray(odds / odds.sum(axis=0), dtype=np.float64)


def impute(
    codes: IntArray, levels: list[int], outcome: FloatArray, rng: np.random.Generator
) -> IntArray:
    """Codes (patients x factors) with each `UNKNOWN` drawn, by chained equations.

    Factor by factor a multinomial logit on all other factors and the outcome, fitted to a bootstrap
    sample of the patients in whom it is known so that its uncertainty is drawn too, gives the
    probabilities of the levels; over `CYCLES` rounds (van Buuren 2018, Flexible Imputation of
    Missing Data, section 4.5). Every factor needs a patient in whom it is known.
    """
    unknown = codes == UNKNOWN
    done = codes.copy()
    order = [j for j in np.argsort(unknown.sum(axis=0), kind="stable") if unknown[:, j].any()]
    for j in order:
        done[unknown[:, j], j] = rng.choice(codes[~unknown[:, j], j], int(unknown[:, j].sum()))
    # The model of a factor in one cycle is close to that of the last.
    found: dict[int, FloatArray] = {}
    for _ in range(CYCLES):
        for j in order:
            others = [
                np.arange(1, count)[:, None] == done[:, k]
                for k, count in enumerate(levels)
                if k != j
            ]
            # Patients side by side, as `fit_multinomial` has them.
            design = np.concatenate([np.ones((1, len(done))), outcome.T, *others]).T
            known = np.flatnonzero(~unknown[:, j])
            times = np.bincount(rng.choice(known, known.size), minlength=len(done)).astype(float)
            drawn = np.flatnonzero(times)
            beta = fit_multinomial(
                design[drawn], codes[drawn, j], levels[j], times[drawn], found.get(j)
            )
            found[j] = beta
            chance = np.cumsum(probabilities(design[unknown[:, j]], beta), axis=1)
            chosen = (rng.random((len(chance), 1)) > chance).sum(axis=1)
            done[unknown[:, j], j] = np.minimum(chosen, levels[j] - 1)
    return done


def imputed_rows(
    cohort: Cohort, plan: AnalysisPlan, multivariable: Model | None
) -> list[dict[str, Any]]:
    """The rows of `results.cox_imputed`; none where the plan asks for none, or without a model."""
    if plan.imputations < 2 or multivariable is None or multivariable.fit is None:
        return []
    factors = multivariable.factors
    eligible, codes, levels = _codes(cohort, factors)
    days, died = cohort.days[eligible], cohort.died[eligible] == 1
    outcome = np.column_stack([died.astype(np.float64), nelson_aalen(days, died)])
    outcome = (outcome - outcome.mean(axis=0)) / np.maximum(outcome.std(axis=0), 1e-12)
    note = "No estimate: no events at this level, or no model could be fitted."
    imputations = plan.imputations
    if len(days) > plan.imputation_limit:
        imputations = 0
        note = (
            f"Not imputed: {len(days)} patients are more than the plan's imputation_limit of "
            f"{plan.imputation_limit}."
        )
    fit_one = partial(
        _fit_of_imputation, days, died, codes, [len(own) for own in levels], outcome, plan.ties
    )
    seeds = np.random.SeedSequence(plan.seed).spawn(imputations)
    fits = [fit for fit in _each(fit_one, seeds, len(days)) if fit is not None]
    return _pooled_rows(plan, multivariable, eligible, codes, levels, died, fits, note)


def _each(
    fit_one: Callable[[np.random.SeedSequence], CoxFit | None],
    seeds: list[np.random.SeedSequence],
    patients: int,
) -> list[CoxFit | None]:
    """The fit of each imputation, on all cores where that is worth starting processes for."""
    if patients < WORTH_PROCESSES or not seeds:
        return list(map(fit_one, seeds))
    with processes(cores()) as pool:
        return list(pool.map(fit_one, seeds))


def _fit_of_imputation(
    days: FloatArray,
    died: BoolArray,
    codes: IntArray,
    levels: list[int],
    outcome: FloatArray,
    ties: Ties,
    seed: np.random.SeedSequence,
) -> CoxFit | None:
    """The model of one imputation, with a column for each level but the first of each factor."""
    done = impute(codes, levels, outcome, np.random.default_rng(seed))
    columns = [done[:, i] == code for i, count in enumerate(levels) for code in range(1, count)]
    design = np.column_stack(columns).astype(np.float64)
    try:
        return fit_cox(Patterns.of(days, died, design), ties, repeated=True)
    except NotEstimableError:
        return None


def _codes(cohort: Cohort, factors: list[Factor]) -> tuple[BoolArray, IntArray, list[list[str]]]:
    """Who is analyzed, their levels as numbers (patients x factors), and the levels per factor.

    Left out are patients at a level that the plan does not name or at which nobody has the event,
    and those to whom a factor does not apply: nothing is unknown there.
    """
    eligible = cohort.analyzable
    for factor in factors:
        absent = (cohort.reasons[factor.column] == "not_applicable").to_numpy(dtype=bool)
        eligible = eligible & ~absent
    levels: list[list[str]] = []
    coded = []
    for factor in factors:
        values = cohort.values(factor.column)
        own = [
            level
            for level in factor.levels
            if np.any(eligible & (values == level) & (cohort.died == 1))
        ]
        code = np.full(cohort.patients, UNKNOWN)
        for number, level in enumerate(own):
            code[values == level] = number
        eligible = eligible & (~cohort.known(factor.column) | (code != UNKNOWN))
        levels.append(own)
        coded.append(code)
    return eligible, np.column_stack(coded)[eligible], levels


def _pooled_rows(
    plan: AnalysisPlan,
    multivariable: Model,
    eligible: BoolArray,
    codes: IntArray,
    levels: list[list[str]],
    died: BoolArray,
    fits: list[CoxFit],
    note: str,
) -> list[dict[str, Any]]:
    from scipy.special import stdtr, stdtrit

    rows = []
    columns = [(i, level) for i, own in enumerate(levels) for level in own[1:]]
    complete_df = max(int(died.sum()) - len(columns), 1)
    positions = {factor.column: i for i, factor in enumerate(multivariable.factors)}
    kept = ("factor", "label", "factor_position", "level", "level_position", "reference")
    for complete in multivariable.rows:
        position = positions.get(complete["factor"])
        if position is None:
            continue
        row: dict[str, Any] = {name: complete[name] for name in (*kept, "is_reference")}
        row |= {
            "n": int(eligible.sum()),
            "events": int(died.sum()),
            "n_imputed": int(np.sum(codes[:, position] == UNKNOWN)),
            "imputations": len(fits),
            "complete_n": complete["n"],
            **{
                f"complete_{name}": complete.get(name)
                for name in ("hazard_ratio", "ci_low", "ci_high", "p")
            },
        }
        key = (position, complete["level"])
        if key in columns and len(fits) > 1:
            column = columns.index(key)
            found = pool(
                np.array([fit.coefficients[column] for fit in fits]),
                np.array([fit.covariance[column, column] for fit in fits]),
                complete_df,
            )
            error = float(np.sqrt(found.variance))
            t = float(stdtrit(found.degrees_of_freedom, (1 + plan.confidence_level) / 2))
            row |= {
                "coefficient": found.estimate,
                "standard_error": error,
                "hazard_ratio": float(np.exp(found.estimate)),
                "ci_low": float(np.exp(found.estimate - t * error)),
                "ci_high": float(np.exp(found.estimate + t * error)),
                "p": float(2 * stdtr(found.degrees_of_freedom, -abs(found.estimate) / error)),
                "degrees_of_freedom": found.degrees_of_freedom,
                "missing_information": found.missing_information,
            }
        elif not complete["is_reference"]:
            row["note"] = note
        rows.append(row)
    return rows
