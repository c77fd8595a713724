"""Which factors enter the multivariable model, and a sentence for every factor of the plan."""

from __future__ import annotations

from typing import Any

import numpy as np

from analysis.cohort import Cohort, unusable_reason
from analysis.cox import Model
from analysis.plan import AnalysisPlan, Factor, FixedSelection


def smallest_p(model: Model) -> float | None:
    """The smallest p of the levels of a univariable model; None where nothing was estimated."""
    values = [row["p"] for row in model.rows if row.get("p") is not None]
    return min(values) if values else None


def select(
    cohort: Cohort, plan: AnalysisPlan, univariable: dict[str, Model]
) -> tuple[list[Factor], dict[str, str]]:
    """The factors that enter, in plan order, and per column the sentence saying why or why not.

    Rule `univariable_p`: a factor enters if it is forced or if p < threshold for any of its levels
    in its univariable model; the levels enter together. Rule `fixed`: the named factors enter.
    Under both, a factor that cannot be used, or that the plan excludes, stays out.
    """
    excluded = {item.column: item.reason for item in plan.exclude}
    chosen: list[Factor] = []
    sentences: dict[str, str] = {}
    for factor in plan.factors:
        unusable = unusable_reason(cohort, factor)
        if unusable:
            sentences[factor.column] = unusable
        elif factor.column in excluded:
            sentences[factor.column] = f"Excluded by the plan: {excluded[factor.column]}"
        else:
            enters, sentence = _judge(plan, factor, univariable[factor.column])
            sentences[factor.column] = sentence
            if enters:
                chosen.append(factor)
    return chosen, sentences


def _judge(plan: AnalysisPlan, factor: Factor, model: Model) -> tuple[bool, str]:
    rule = plan.selection
    if isinstance(rule, FixedSelection):
        if factor.column in rule.factors:
            return True, "Entered: named in the plan."
        return False, "Not entered: not named in the plan."
    if factor.column in rule.forced:
        return True, "Entered: forced by the plan."
    p = smallest_p(model)
    if p is None:
        note = next((row["note"] for row in model.rows if row["note"]), "")
        return False, f"Not entered: no univariable estimate. {note}".rstrip()
    # Unrounded: 0.0999 enters at a threshold of 0.1 and must not read "0.100 below 0.1".
    shown = f"{p:.3f}" if f"{p:.3f}" != f"{rule.threshold:.3f}" else f"{p:.6f}"
    shown = "<0.001" if p < 0.001 else shown
    if p < rule.threshold:
        return True, f"Entered: univariable p {shown}, below {rule.threshold:g}."
    return False, f"Not entered: univariable p {shown}, not below {rule.threshold:g}."


def model_factor_rows(
    cohort: Cohort,
    plan: AnalysisPlan,
    univariable: dict[str, Model],
    multivariable: Model | None,
    sentences: dict[str, str],
) -> list[dict[str, Any]]:
    """The rows of `results.model_factors`."""
    forced = [] if isinstance(plan.selection, FixedSelection) else plan.selection.forced
    inside = _estimated(multivariable)
    rows = []
    for position, factor in enumerate(plan.factors, start=1):
        column = factor.column
        known = int(np.sum(cohort.known(column)))
        alone = univariable.get(column)
        reason = sentences[column]
        if multivariable is not None and column in multivariable.left_out:
            reason = f"Selected, then left out: {multivariable.left_out[column]}"
        rows.append(
            {
                "factor": column,
                "label": factor.label,
                "factor_position": position,
                "patients_known": known,
                "patients_unknown": cohort.patients - known,
                "smallest_p": smallest_p(alone) if alone else None,
                "forced": column in forced,
                "in_univariable": alone is not None and column in _estimated(alone),
                "in_multivariable": column in inside,
                "reason": reason,
            }
        )
    return rows


def _estimated(model: Model | None) -> set[str]:
    if model is None:
        return set()
    return {row["factor"] for row in model.rows if row.get("coefficient") is not None}
