"""From the cohort to the patients of each model: nobody leaves without a reason and a count."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.cohort import REASON_WORDS, Cohort
from analysis.cox import Model, has_plan_level
from analysis.names import MULTIVARIABLE, UNIVARIABLE
from analysis.plan import AnalysisPlan, Factor

if TYPE_CHECKING:
    import numpy.typing as npt


def model_flow_rows(
    cohort: Cohort,
    plan: AnalysisPlan,
    univariable: dict[str, Model],
    multivariable: Model | None,
) -> list[dict[str, Any]]:
    """The rows of `results.model_flow`.

    A patient is excluded once, at the first of: survival time unknown, day 0 where the plan drops
    it, then factor by factor in plan order unknown, or at a level that is not in the plan. In each
    model the last row's `remaining` is the `n` of its Cox rows.
    """
    rows: list[dict[str, Any]] = []
    for column, model in univariable.items():
        rows += _steps(cohort, plan, UNIVARIABLE, column, model.factors)
    if multivariable is not None:
        rows += _steps(cohort, plan, MULTIVARIABLE, None, multivariable.factors)
    return rows


def _steps(
    cohort: Cohort, plan: AnalysisPlan, kind: str, column: str | None, factors: list[Factor]
) -> list[dict[str, Any]]:
    present = np.ones(cohort.patients, dtype=bool)
    rows: list[dict[str, Any]] = []

    def add(step: str, description: str, leaving: npt.NDArray[np.bool_], **more: str) -> None:
        nonlocal present
        leaving = leaving & present
        present = present & ~leaving
        rows.append(
            {
                "model": kind,
                "factor": column,
                "step_number": len(rows) + 1,
                "step": step,
                "description": description,
                "excluded": int(leaving.sum()),
                "remaining": int(present.sum()),
                "events": int(np.sum(cohort.died[present] == 1)),
                **more,
            }
        )

    nobody = np.zeros(cohort.patients, dtype=bool)
    add("cohort", "In the cohort", nobody)
    status = "Vital status" if plan.measured.event == "died" else "Recurrence or death"
    for endpoint, words, values in (
        (plan.measured.event, f"{status} unknown", cohort.died),
        (plan.measured.days, "Survival time unknown", cohort.days),
    ):
        unknown = np.isnan(values)
        for reason in cohort.reason_counts(endpoint, unknown & present):
            add(
                "survival_time_unknown",
                f"{words}: {REASON_WORDS.get(reason, reason)}",
                unknown & (cohort.reasons[endpoint] == reason).to_numpy(dtype=bool),
                missing_reason=reason,
            )
    if cohort.drops_day_zero:
        add("day_zero_dropped", "Follow-up ends on day 0", cohort.on_day_zero)
    for factor in factors:
        unknown = ~cohort.known(factor.column)
        for reason in cohort.reason_counts(factor.column, unknown & present):
            add(
                "factor_unknown",
                f"{factor.label} unknown: {REASON_WORDS.get(reason, reason)}",
                unknown & (cohort.reasons[factor.column] == reason).to_numpy(dtype=bool),
                excluded_factor=factor.column,
                missing_reason=reason,
            )
        foreign = ~unknown & ~has_plan_level(cohort, factor)
        if np.any(foreign & present):
            add(
                "level_not_in_plan",
                f"{factor.label}: the level is not in the plan",
                foreign,
                excluded_factor=factor.column,
            )
    add("analyzed", "Analyzed", nobody)
    return rows
