"""The whole analysis: read the cohort once, compute everything, then write `results`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from analysis.cohort import Cohort, read_cohort, unusable_reason
from analysis.competing_risks import competing_risk_tables
from analysis.cox import Model, fit_model, univariable_models
from analysis.cutpoint import cutpoint_rows
from analysis.describe import table_one_rows
from analysis.fingerprint import TABLE as ANALYSIS_RUN
from analysis.fingerprint import fingerprint, is_done
from analysis.flow import model_flow_rows
from analysis.group_comparison import group_tables
from analysis.imputation import imputed_rows
from analysis.logrank import logrank_tables
from analysis.model_fit import model_fit_rows
from analysis.names import MULTIVARIABLE
from analysis.plan import AnalysisPlan, Factor, FixedSelection
from analysis.processes import InThisProcess
from analysis.published import VARIABLES, read_published_figures, reproduction_rows
from analysis.results import write_table
from analysis.schoenfeld import schoenfeld_tables
from analysis.selection import model_factor_rows, select
from analysis.selection_stability import stability_rows
from analysis.sensitivity import endpoint_rows, sensitivity_rows
from analysis.spline import spline_tables
from analysis.survival import restricted_mean_rows, risk_table_rows, survival_tables
from analysis.time_dependent_roc import roc_tables

if TYPE_CHECKING:
    from concurrent.futures import Executor

    import duckdb

Tables = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True)
class Models:
    """The Cox models of a cohort: per factor alone, and of the factors chosen together."""

    univariable: dict[str, Model]
    multivariable: Model | None
    chosen: list[Factor]
    sentences: dict[str, str]

    def all(self) -> list[Model]:
        together = [self.multivariable] if self.multivariable else []
        return [*self.univariable.values(), *together]


def run_analysis(
    con: duckdb.DuckDBPyConnection,
    plan: AnalysisPlan,
    say: Callable[[str], None],
    beside: Executor | None,
) -> bool:
    """See `analysis.analyze`. Nothing is written before everything has been computed."""
    beside = beside or InThisProcess()
    cohort = read_cohort(con, plan)
    made_of = fingerprint(cohort, plan)
    if is_done(con, made_of):
        return False
    published = plan.published_figures
    later = None if published is None else beside.submit(_without_day_zero, cohort, plan)
    models = _models(cohort, plan)
    resampled = beside.submit(_resampled, cohort, plan, list(models.univariable), models.chosen)
    tables = _usual(cohort, plan, models) | _further(cohort, plan, models, say)
    tables |= resampled.result()
    tables[ANALYSIS_RUN] = [made_of]
    tables["reproduction"] = []
    if published is not None and later is not None:
        figures = read_published_figures(published)
        tables["reproduction"] = reproduction_rows(figures, plan, tables, later.result())
    con.begin()
    try:
        for name, rows in tables.items():
            write_table(con, name, rows)
    except BaseException:
        con.rollback()
        raise
    con.commit()
    return True


def _models(cohort: Cohort, plan: AnalysisPlan) -> Models:
    usable = [factor for factor in plan.factors if unusable_reason(cohort, factor) is None]
    univariable = {
        model.factors[0].column: model for model in univariable_models(cohort, plan, usable)
    }
    chosen, sentences = select(cohort, plan, univariable)
    forced = () if isinstance(plan.selection, FixedSelection) else plan.selection.forced
    multivariable = (
        fit_model(MULTIVARIABLE, cohort, plan, chosen, frozenset(forced)) if chosen else None
    )
    return Models(univariable, multivariable, chosen, sentences)


def _without_day_zero(cohort: Cohort, plan: AnalysisPlan) -> Tables:
    """The tables that published figures are looked for in, of the patients with a time beyond 0."""
    dropped = replace(cohort, drops_day_zero=True)
    tables = _usual(dropped, plan, _models(dropped, plan))
    return {name: tables[name] for name in VARIABLES}


def _usual(cohort: Cohort, plan: AnalysisPlan, models: Models) -> Tables:
    """The tables that a publication prints: description, curves, tests, Cox models."""
    curves, summary = survival_tables(cohort, plan)
    logrank, pairwise = logrank_tables(cohort, plan)
    together = models.multivariable
    return {
        "table_one": table_one_rows(cohort, plan),
        "survival_curve": curves,
        "survival_summary": summary,
        "logrank": logrank,
        "logrank_pairwise": pairwise,
        "cox_univariable": [row for model in models.univariable.values() for row in model.rows],
        "cox_multivariable": together.rows if together else [],
        "proportional_hazards": [
            row for model in models.all() for row in model.proportional_hazards
        ],
        "model_factors": model_factor_rows(
            cohort, plan, models.univariable, together, models.sentences
        ),
        "model_flow": model_flow_rows(cohort, plan, models.univariable, together),
    }


def _further(
    cohort: Cohort, plan: AnalysisPlan, models: Models, say: Callable[[str], None]
) -> Tables:
    """What a reviewer asks for besides."""
    incidence, gray = competing_risk_tables(cohort, plan)
    spline, spline_test = spline_tables(cohort, plan)
    by_group, group_tests = group_tables(cohort, plan)
    residuals, smooth = schoenfeld_tables(plan, models.multivariable)
    return {
        "table_one_by_group": by_group,
        "table_one_test": group_tests,
        "risk_table": risk_table_rows(cohort, plan),
        "restricted_mean": restricted_mean_rows(cohort, plan),
        "cumulative_incidence": incidence,
        "gray_test": gray,
        "schoenfeld_residuals": residuals,
        "schoenfeld_smooth": smooth,
        "spline": spline,
        "spline_test": spline_test,
        "cox_imputed": imputed_rows(cohort, plan, models.multivariable),
        "model_fit": model_fit_rows(plan, models.all(), say),
        "sensitivity": sensitivity_rows(cohort, plan, models.chosen),
        "endpoint": endpoint_rows(cohort, plan),
        "cohort_restriction": list(cohort.restriction),
    }


def _resampled(
    cohort: Cohort, plan: AnalysisPlan, usable: list[str], chosen: list[Factor]
) -> Tables:
    """What is computed again in many samples of the patients; see `stability_rows`."""
    roc, roc_curve = roc_tables(cohort, plan)
    return {
        "cutpoint": cutpoint_rows(cohort, plan),
        "time_dependent_roc": roc,
        "time_dependent_roc_curve": roc_curve,
        "selection_stability": stability_rows(cohort, plan, usable, chosen),
    }
