"""The whole analysis: read the cohort once, compute everything, then write `results`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.cohort import read_cohort, unusable_reason
from analysis.competing_risks import competing_risk_tables
from analysis.cox import MULTIVARIABLE, fit_model, univariable_models
from analysis.cutpoint import cutpoint_rows
from analysis.describe import table_one_rows
from analysis.flow import model_flow_rows
from analysis.imputation import imputed_rows
from analysis.logrank import logrank_tables
from analysis.model_fit import model_fit_rows
from analysis.plan import AnalysisPlan, FixedSelection
from analysis.results import write_table
from analysis.selection import model_factor_rows, select
from analysis.sensitivity import endpoint_rows, sensitivity_rows
from analysis.spline import spline_tables
from analysis.survival import restricted_mean_rows, risk_table_rows, survival_tables

if TYPE_CHECKING:
    import duckdb


def run_analysis(con: duckdb.DuckDBPyConnection, plan: AnalysisPlan) -> None:
    """See `analysis.analyze`. Nothing is written before everything has been computed."""
    cohort = read_cohort(con, plan)
    usable = [factor for factor in plan.factors if unusable_reason(cohort, factor) is None]
    models = univariable_models(cohort, plan, usable)
    univariable = {model.factors[0].column: model for model in models}
    chosen, sentences = select(cohort, plan, univariable)
    forced = () if isinstance(plan.selection, FixedSelection) else plan.selection.forced
    multivariable = (
        fit_model(MULTIVARIABLE, cohort, plan, chosen, frozenset(forced)) if chosen else None
    )
    curves, summary = survival_tables(cohort, plan)
    incidence, gray = competing_risk_tables(cohort, plan)
    spline, spline_test = spline_tables(cohort, plan)
    logrank, pairwise = logrank_tables(cohort, plan)
    everything = [*models, *([multivariable] if multivariable else [])]
    tables = {
        "table_one": table_one_rows(cohort, plan),
        "survival_curve": curves,
        "survival_summary": summary,
        "risk_table": risk_table_rows(cohort, plan),
        "restricted_mean": restricted_mean_rows(cohort, plan),
        "logrank": logrank,
        "logrank_pairwise": pairwise,
        "cox_univariable": [row for model in models for row in model.rows],
        "cox_multivariable": multivariable.rows if multivariable else [],
        "cumulative_incidence": incidence,
        "gray_test": gray,
        "cutpoint": cutpoint_rows(cohort, plan),
        "spline": spline,
        "spline_test": spline_test,
        "cox_imputed": imputed_rows(cohort, plan, multivariable),
        "model_fit": model_fit_rows(plan, everything),
        "sensitivity": sensitivity_rows(cohort, plan, chosen),
        "endpoint": endpoint_rows(cohort, plan),
        "cohort_restriction": cohort.restriction,
        "proportional_hazards": [row for model in everything for row in model.proportional_hazards],
        "model_factors": model_factor_rows(cohort, plan, univariable, multivariable, sentences),
        "model_flow": model_flow_rows(cohort, plan, univariable, multivariable),
    }
    for name, rows in tables.items():
        write_table(con, name, rows)
