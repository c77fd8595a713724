"""The whole analysis: read the cohort once, compute everything, then write `results`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.cohort import Cohort, read_cohort, unusable_reason
from analysis.cox import MULTIVARIABLE, fit_model, univariable_models
from analysis.describe import table_one_rows
from analysis.flow import model_flow_rows
from analysis.plan import AnalysisPlan, FixedSelection
from analysis.published import read_published_figures, reproduction_rows
from analysis.results import write_table
from analysis.selection import model_factor_rows, select
from analysis.survival import logrank_table, survival_tables

if TYPE_CHECKING:
    import duckdb


def run_analysis(con: duckdb.DuckDBPyConnection, plan: AnalysisPlan) -> None:
    """See `analysis.analyze`. Nothing is written before everything has been computed."""
    cohort = read_cohort(con, plan)
    tables = compute(cohort, plan)
    tables["reproduction"] = []
    if plan.published_figures is not None:
        later = compute(cohort.chosen(cohort.days != 0), plan)
        figures = read_published_figures(plan.published_figures)
        tables["reproduction"] = reproduction_rows(figures, plan, tables, later)
    for name, rows in tables.items():
        write_table(con, name, rows)


def compute(cohort: Cohort, plan: AnalysisPlan) -> dict[str, list[dict[str, Any]]]:
    """The rows of every table of results but `reproduction`."""
    usable = [factor for factor in plan.factors if unusable_reason(cohort, factor) is None]
    models = univariable_models(cohort, plan, usable)
    univariable = {model.factors[0].column: model for model in models}
    chosen, sentences = select(cohort, plan, univariable)
    forced = () if isinstance(plan.selection, FixedSelection) else plan.selection.forced
    multivariable = (
        fit_model(MULTIVARIABLE, cohort, plan, chosen, frozenset(forced)) if chosen else None
    )
    curves, summary = survival_tables(cohort, plan)
    everything = [*models, *([multivariable] if multivariable else [])]
    return {
        "table_one": table_one_rows(cohort, plan),
        "survival_curve": curves,
        "survival_summary": summary,
        "logrank": logrank_table(cohort, plan),
        "cox_univariable": [row for model in models for row in model.rows],
        "cox_multivariable": multivariable.rows if multivariable else [],
        "proportional_hazards": [row for model in everything for row in model.proportional_hazards],
        "model_factors": model_factor_rows(cohort, plan, univariable, multivariable, sentences),
        "model_flow": model_flow_rows(cohort, univariable, multivariable),
    }
