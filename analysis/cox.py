"""Cox models of categorical factors as tidy rows: one factor at a time, then several together.

What happens where a factor cannot be estimated as it stands:

- a level without patients, or without deaths: its row has null estimates and a note. A level
  without deaths has a hazard ratio of 0 in the limit; the other levels get the estimates of that
  limit, which are those of the model without the level's patients.
- a reference level without patients or without deaths: no level of the factor can be estimated.
- all patients at one level, complete separation, collinearity: no estimate. In the multivariable
  model such a factor is taken out, its rows stay with the note, and the others are fitted again on
  the patients complete for what remains.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.cohort import Cohort
from analysis.names import GLOBAL, MULTIVARIABLE, UNIVARIABLE
from analysis.normal import chi_square_p, quantile, two_sided_p
from analysis.partial_likelihood import (
    CoxFit,
    NotEstimableError,
    Patterns,
    fit_cox,
    proportional_hazards_tests,
)
from analysis.plan import AnalysisPlan, Factor

if TYPE_CHECKING:
    import numpy.typing as npt

TIME_TRANSFORM = "km"


@dataclass(frozen=True)
class Model:
    """A model as far as it could be fitted: its rows, and what became of its factors.

    factors:  the factors the complete cases are complete for, in plan order
    left_out: column of a factor taken out of the model -> the note saying why
    data, fit: what was fitted, and the fit; None where nothing could be
    """

    kind: str
    factors: list[Factor]
    rows: list[dict[str, Any]]
    left_out: dict[str, str] = field(default_factory=dict)
    proportional_hazards: list[dict[str, Any]] = field(default_factory=list)
    data: ModelData | None = None
    fit: CoxFit | None = None


def complete_cases(cohort: Cohort, factors: list[Factor]) -> npt.NDArray[np.bool_]:
    """Patients with a survival time and, for every factor, one of the levels of the plan."""
    chosen = cohort.analyzable
    for factor in factors:
        chosen &= has_plan_level(cohort, factor)
    return chosen


def has_plan_level(cohort: Cohort, factor: Factor) -> npt.NDArray[np.bool_]:
    """True where the factor's value is one of the levels of the plan."""
    return cohort.codes(factor.column, factor.levels) >= 0


def univariable_models(cohort: Cohort, plan: AnalysisPlan, factors: list[Factor]) -> list[Model]:
    """One model per factor, in plan order."""
    return [fit_model(UNIVARIABLE, cohort, plan, [factor]) for factor in factors]


def fit_model(
    kind: str,
    cohort: Cohort,
    plan: AnalysisPlan,
    factors: list[Factor],
    forced: frozenset[str] = frozenset(),
    *,
    repeated: bool = False,
) -> Model:
    """Fit a model on complete cases and describe it, whatever the data allow.

    `repeated` says that it is one of many variants (see `fit_cox`), of which the estimates alone
    are asked: no factor as a whole is tested, nor whether hazards are proportional. Where factors
    stand in each other's way, the last of them that is not forced leaves first. The rows hold every
    factor asked for; those without an estimate carry a note.
    """
    remaining = list(factors)
    left_out: dict[str, str] = {}
    notes: dict[str, str] = {}
    while True:
        data = ModelData.of(cohort, remaining)
        notes = data.factor_notes()
        if not notes:
            try:
                fit = fit_cox(data.patterns, plan.ties, repeated=repeated)
                break
            except NotEstimableError as error:
                culprits = [remaining[i] for i in data.factors_of(error.columns)] or remaining
                culprit = ([f for f in culprits if f.column not in forced] or culprits)[-1]
                notes = {culprit.column: error.note}
        if kind == UNIVARIABLE or len(notes) == len(remaining):
            # Univariable models keep their patients: the note explains the empty estimate.
            left_out |= notes
            rows = _rows(kind, cohort, plan, factors, remaining, data, None, left_out)
            return Model(kind, remaining, rows, left_out)
        left_out |= notes
        remaining = [factor for factor in remaining if factor.column not in notes]
    rows = _rows(kind, cohort, plan, factors, remaining, data, fit, left_out)
    if repeated:
        return Model(kind, remaining, rows, left_out, data=data, fit=fit)
    for factor in remaining:
        tests = _joint_tests(plan, data, fit, data.columns_of(factor))
        for row in rows:
            if row["factor"] == factor.column:
                row |= tests
    hazards = _proportional_hazards(kind, plan, data, fit)
    return Model(kind, remaining, rows, left_out, hazards, data, fit)


@dataclass(frozen=True)
class ModelData:
    """The complete cases of a model and its design, without patients of levels without deaths.

    columns: per column of the design, the index of its factor and its level.
    chosen: complete cases among the cohort.
    """

    cohort: Cohort
    factors: list[Factor]
    chosen: npt.NDArray[np.bool_]
    days: npt.NDArray[np.float64]
    died: npt.NDArray[np.bool_]
    design: npt.NDArray[np.float64]
    columns: list[tuple[int, str]]

    @classmethod
    def of(cls, cohort: Cohort, factors: list[Factor]) -> ModelData:
        chosen = complete_cases(cohort, factors)
        fitted = chosen.copy()
        died = cohort.died == 1
        codes = [cohort.codes(factor.column, factor.levels) for factor in factors]
        columns: list[tuple[int, str]] = []
        for i, (factor, code) in enumerate(zip(factors, codes, strict=True)):
            deaths = np.bincount(code[died & chosen], minlength=len(factor.levels))
            fitted &= (deaths > 0)[code]
            columns += [
                (i, level)
                for position, level in enumerate(factor.levels)
                if position and deaths[position]
            ]
        design = np.zeros((int(fitted.sum()), len(columns)))
        for column, (i, level) in enumerate(columns):
            design[:, column] = codes[i][fitted] == factors[i].levels.index(level)
        return cls(cohort, factors, chosen, cohort.days[fitted], died[fitted], design, columns)

    @cached_property
    def patterns(self) -> Patterns:
        return Patterns.of(self.days, self.died, self.design)

    def counts(self, factor: Factor) -> list[tuple[str, int, int]]:
        """Level, patients and deaths of a factor among the complete cases."""
        codes = self.cohort.codes(factor.column, factor.levels)
        n, deaths = (
            np.bincount(codes[among], minlength=len(factor.levels))
            for among in (self.chosen, self.chosen & (self.cohort.died == 1))
        )
        return [(level, int(n[i]), int(deaths[i])) for i, level in enumerate(factor.levels)]

    def factor_notes(self) -> dict[str, str]:
        """Column -> why the factor has no estimate at all, judged from the counts alone."""
        notes = {}
        for factor in self.factors:
            counts = self.counts(factor)
            note = _factor_note(counts)
            if note:
                notes[factor.column] = note
        return notes

    def columns_of(self, factor: Factor) -> list[int]:
        position = self.factors.index(factor)
        return [j for j, (i, _) in enumerate(self.columns) if i == position]

    def factors_of(self, columns: tuple[int, ...]) -> list[int]:
        return sorted({self.columns[j][0] for j in columns})


def _factor_note(counts: list[tuple[str, int, int]]) -> str | None:
    reference, n_reference, events_reference = counts[0]
    if sum(n for _, n, _ in counts) == 0:
        return "No patients to analyze."
    if sum(events for _, _, events in counts) == 0:
        return "No events among the patients analyzed."
    present = [level for level, n, _ in counts if n]
    if len(present) == 1:
        return f"All patients analyzed are {present[0]}."
    if n_reference == 0:
        return f"No patients at the reference level {reference}."
    if events_reference == 0:
        return f"No events at the reference level {reference}."
    if not any(events for _, _, events in counts[1:]):
        return "No events at any level but the reference."
    return None


def _rows(
    kind: str,
    cohort: Cohort,
    plan: AnalysisPlan,
    asked: list[Factor],
    remaining: list[Factor],
    data: ModelData,
    fit: CoxFit | None,
    left_out: dict[str, str],
) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    events = int(np.sum(cohort.died[data.chosen] == 1))
    for factor in asked:
        estimates: dict[str, dict[str, float]] = {}
        if fit is not None and factor in remaining:
            own = data.columns_of(factor)
            estimates = {data.columns[j][1]: _estimate(plan, fit, j) for j in own}
        for position, (level, n_level, events_level) in enumerate(data.counts(factor), start=1):
            note = left_out.get(factor.column)
            if note is None and position > 1 and level not in estimates:
                note = "No patients at this level." if n_level == 0 else "No events at this level."
            rows.append(
                {
                    "model": kind,
                    "factor": factor.column,
                    "label": factor.label,
                    "factor_position": plan.factors.index(factor) + 1,
                    "level": level,
                    "level_position": position,
                    "reference": factor.levels[0],
                    "is_reference": position == 1,
                    "n": int(data.chosen.sum()),
                    "events": events,
                    "n_level": n_level,
                    "events_level": events_level,
                    **estimates.get(level, {}),
                    "ties": plan.ties,
                    "note": note,
                }
            )
    return rows


def _estimate(plan: AnalysisPlan, fit: CoxFit, column: int) -> dict[str, float]:
    coefficient = float(fit.coefficients[column])
    error = float(fit.standard_errors[column])
    z = quantile(plan.confidence_level)
    return {
        "coefficient": coefficient,
        "standard_error": error,
        "hazard_ratio": float(np.exp(coefficient)),
        "ci_low": float(np.exp(coefficient - z * error)),
        "ci_high": float(np.exp(coefficient + z * error)),
        "p": two_sided_p(coefficient / error),
    }


def _joint_tests(
    plan: AnalysisPlan, data: ModelData, fit: CoxFit, own: list[int]
) -> dict[str, Any]:
    beta = fit.coefficients[own]
    wald = float(beta @ np.linalg.solve(fit.covariance[np.ix_(own, own)], beta))
    others = [j for j in range(len(data.columns)) if j not in own]
    without = fit.log_likelihood_null
    if others:
        reduced = fit_cox(data.patterns.among(others), plan.ties, repeated=True)
        without = reduced.log_likelihood
    ratio = max(2 * (fit.log_likelihood - without), 0.0)
    return {
        "factor_df": len(own),
        "factor_wald_p": chi_square_p(wald, len(own)),
        "factor_lr_p": chi_square_p(ratio, len(own)),
    }


def _proportional_hazards(
    kind: str, plan: AnalysisPlan, data: ModelData, fit: CoxFit
) -> list[dict[str, Any]]:
    names = [(factor.column, factor.label) for factor in data.factors]
    terms = [data.columns_of(factor) for factor in data.factors]
    if kind == MULTIVARIABLE:
        names.append((GLOBAL, "All factors together"))
        terms.append(list(range(len(data.columns))))
    tests = proportional_hazards_tests(data.patterns, fit.coefficients, plan.ties, terms)
    return [
        {
            "model": kind,
            "factor": column,
            "label": label,
            "chi_square": statistic,
            "degrees_of_freedom": df,
            "p": p,
            "time_transform": TIME_TRANSFORM,
            "note": None if statistic == statistic else "Too few events to test.",
        }
        for (column, label), (statistic, df, p) in zip(names, tests, strict=True)
    ]
