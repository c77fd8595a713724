"""What disputed definitions change: the same estimates once more under the other definition."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from analysis.cohort import Cohort
from analysis.cox import fit_model
from analysis.names import MULTIVARIABLE, UNIVARIABLE
from analysis.plan import AnalysisPlan, Factor
from analysis.survival import Group, groups, summary_rows

DAY_ZERO = "Follow-up that ends on the day of surgery"
MEASURES = ("median_survival_months", "survival_at_landmark")


def endpoint_rows(cohort: Cohort, plan: AnalysisPlan) -> list[dict[str, Any]]:
    """The row of `results.endpoint`."""
    return [
        {
            "endpoint": plan.endpoint,
            "days_column": plan.measured.days,
            "event_column": plan.measured.event,
            "day_zero": plan.day_zero,
            "patients_on_day_zero": int(np.sum(cohort.on_day_zero)),
            "events_on_day_zero": int(np.sum(cohort.on_day_zero & (cohort.died == 1))),
            "seed": plan.seed,
        }
    ]


def sensitivity_rows(
    cohort: Cohort, plan: AnalysisPlan, chosen: list[Factor]
) -> list[dict[str, Any]]:
    """The rows of `results.sensitivity`; `chosen` are the factors of the multivariable model.

    They stay the same under every definition, so that nothing but the definition differs.
    """
    rows: list[dict[str, Any]] = []
    for drops in (cohort.drops_day_zero, not cohort.drops_day_zero):
        other = replace(cohort, drops_day_zero=drops)
        key = {
            "definition": DAY_ZERO,
            "variant": "dropped" if drops else "kept",
            "in_force": drops == cohort.drops_day_zero,
        }
        rows += [{**key, **row} for row in _survival(other, plan, None)]
        rows += [{**key, **row} for row in _ratios(MULTIVARIABLE, other, plan, chosen)]
    for alternative in plan.sensitivity:
        factor = plan.factor(alternative.factor)
        for column in (factor.column, alternative.column):
            own = factor.model_copy(update={"column": column})
            changed = plan.model_copy(
                update={"factors": [own if f == factor else f for f in plan.factors]}
            )
            model = [own if f == factor else f for f in chosen]
            key = {
                "definition": alternative.definition,
                "variant": column,
                "in_force": column == factor.column,
            }
            found = [
                *_survival(cohort, changed, own),
                *_ratios(UNIVARIABLE, cohort, changed, [own]),
                *(_ratios(MULTIVARIABLE, cohort, changed, model) if own in model else ()),
            ]
            rows += [
                {**key, **row, "factor": factor.column} for row in found if row["factor"] == column
            ]
    return rows


def _survival(
    cohort: Cohort, plan: AnalysisPlan, factor: Factor | None
) -> Iterator[dict[str, Any]]:
    everyone, *levels = groups(cohort, [factor] if factor else [])
    own: list[Group] = levels if factor else [everyone]
    for group in own:
        for row in summary_rows(group, plan):
            landmark = row.get("landmark_months")
            if row["measure"] in MEASURES and landmark in (
                None,
                max(plan.landmarks_months, default=None),
            ):
                yield {
                    "measure": row["measure"],
                    "landmark_months": landmark,
                    "factor": group.grouping,
                    "label": factor.label if factor else "All patients",
                    "level": group.level,
                    "n": int(group.days.size),
                    "events": int(group.died.sum()),
                    **{name: row[name] for name in ("estimate", "ci_low", "ci_high")},
                }


def _ratios(
    kind: str, cohort: Cohort, plan: AnalysisPlan, factors: list[Factor]
) -> Iterator[dict[str, Any]]:
    if not factors:
        return
    for row in fit_model(kind, cohort, plan, factors, repeated=True).rows:
        if not row["is_reference"]:
            yield {
                "measure": f"hazard_ratio_{kind}",
                "estimate": row.get("hazard_ratio"),
                **{
                    name: row.get(name)
                    for name in ("factor", "label", "level", "ci_low", "ci_high", "p", "note")
                },
                "n": row["n"],
                "events": row["events"],
            }
