"""How well a Cox model fits and separates as a whole: `results.model_fit`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from analysis.concordance import concordance, optimism
from analysis.cox import Model
from analysis.names import MULTIVARIABLE
from analysis.normal import chi_square_p, quantile
from analysis.partial_likelihood import score_statistic
from analysis.plan import AnalysisPlan


def model_fit_rows(
    plan: AnalysisPlan, models: list[Model], say: Callable[[str], None] = lambda _: None
) -> list[dict[str, Any]]:
    """The rows of `results.model_fit`; a model without an estimate has a note."""
    return [_row(plan, model, say) for model in models]


def _row(plan: AnalysisPlan, model: Model, say: Callable[[str], None]) -> dict[str, Any]:
    alone = model.kind != MULTIVARIABLE
    row: dict[str, Any] = {
        "model": model.kind,
        "factor": model.rows[0]["factor"] if alone else None,
        "label": model.rows[0]["label"] if alone else "All factors together",
    }
    if model.fit is None or model.data is None:
        return {**row, "note": "No estimate: see the rows of the model."}
    data, fit = model.data, model.fit
    parameters, events = len(fit.coefficients), int(data.died.sum())
    beta = fit.coefficients
    statistics = {
        "likelihood_ratio": 2 * (fit.log_likelihood - fit.log_likelihood_null),
        "wald": float(beta @ np.linalg.solve(fit.covariance, beta)),
        "score": score_statistic(data.patterns, plan.ties),
    }
    for name, statistic in statistics.items():
        row[f"{name}_chi_square"] = statistic
        row[f"{name}_p"] = chi_square_p(statistic, parameters)
    c, error = concordance(data.days, data.died, data.design @ beta)
    z = quantile(plan.confidence_level)
    notes = []
    if len(data.days) < int(data.chosen.sum()):
        notes.append("Without the patients at levels that have no events.")
    if np.isnan(c):
        notes.append("No two patients can be compared for C.")
    row |= {
        "n": len(data.days),
        "events": events,
        "parameters": parameters,
        "events_per_variable": events / parameters,
        "log_likelihood_null": fit.log_likelihood_null,
        "log_likelihood": fit.log_likelihood,
        "concordance": c,
        "concordance_standard_error": error,
        "concordance_ci_low": float(np.maximum(c - z * error, 0)),
        "concordance_ci_high": float(np.minimum(c + z * error, 1)),
        "note": " ".join(notes) or None,
    }
    if plan.bootstrap_resamples and not alone:
        too_high, used = optimism(
            data.days, data.died, data.design, plan.ties, plan.bootstrap_resamples, plan.seed, say
        )
        row |= {"optimism": too_high, "concordance_corrected": c - too_high, "resamples": used}
    return row
