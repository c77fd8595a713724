"""The tables of the schema `results`: their columns, what each column means, and the writing.

The declaration here is the only place a results column is named and described; it becomes the
table's DDL and its comments in the database file.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import duckdb


@dataclass(frozen=True)
class ResultTable:
    """A table of `results`: name, comment, and per column its type and comment."""

    name: str
    comment: str
    columns: dict[str, tuple[str, str]]


_MODEL = ("varchar", "univariable or multivariable")
_FACTOR = ("varchar", "Column of marts.survival_cohort that holds the factor")
_LABEL = ("varchar", "Name of the factor as readers see it")
_NOTE = ("varchar", "Why an estimate is null, or what to know about it; null when nothing is")
_GROUPING = ("varchar", "overall, or the column of marts.survival_cohort that forms the groups")
_GROUP_LEVEL = ("varchar", "Group; all for the curve of all patients")

_TABLE_ONE = {
    "position": ("integer", "Order of the row in the table, from 1"),
    "variable": ("varchar", "Column of marts.survival_cohort"),
    "label": ("varchar", "Name of the variable as readers see it"),
    "unit": ("varchar", "Unit of value; null where it has none"),
    "kind": ("varchar", "continuous or categorical"),
    "level": ("varchar", "Level of a category, or the missing reason"),
    "level_label": ("varchar", "Level or reason in words"),
    "statistic": (
        "varchar",
        "count, known, missing, missing_reason, mean, sd, median, q1, q3, min or max",
    ),
    "n": ("integer", "Patients counted, or patients with a known value"),
    "percent_of_known": ("double", "n in percent of patients with a known value"),
    "percent_of_all": ("double", "n in percent of all patients of the cohort"),
    "value": ("double", "Value of a continuous statistic in unit"),
}

_COX = {
    "model": _MODEL,
    "factor": _FACTOR,
    "label": _LABEL,
    "factor_position": ("integer", "Order of the factor in the analysis plan, from 1"),
    "level": ("varchar", "Level of the factor"),
    "level_position": ("integer", "Order of the level in the analysis plan, from 1"),
    "reference": ("varchar", "Reference level of the factor"),
    "is_reference": ("boolean", "True for the row of the reference level, which has no estimate"),
    "n": ("integer", "Patients analyzed in the model"),
    "events": ("integer", "Events among the patients analyzed in the model"),
    "n_level": ("integer", "Patients analyzed with this level"),
    "events_level": ("integer", "Events among the patients analyzed with this level"),
    "coefficient": ("double", "Log hazard ratio against the reference"),
    "standard_error": ("double", "Standard error of the coefficient"),
    "hazard_ratio": ("double", "Hazard ratio against the reference"),
    "ci_low": ("double", "Lower Wald confidence limit of the hazard ratio"),
    "ci_high": ("double", "Upper Wald confidence limit of the hazard ratio"),
    "p": ("double", "Two-sided Wald p of the coefficient"),
    "factor_df": ("integer", "Coefficients the factor has in the model"),
    "factor_wald_p": ("double", "Wald p of all coefficients of the factor together"),
    "factor_lr_p": ("double", "Likelihood ratio p of the model with the factor against without"),
    "ties": ("varchar", "How tied deaths were handled: breslow or efron"),
    "note": _NOTE,
}

_COEFFICIENT = {
    "factor": _FACTOR,
    "label": _LABEL,
    "level": ("varchar", "Level of the coefficient"),
    "reference": ("varchar", "Reference level of the factor"),
}

TABLES: dict[str, ResultTable] = {
    table.name: table
    for table in (
        ResultTable(
            "table_one",
            "Table 1: the cohort described. statistic says what value holds (mean, sd, median, q1, "
            "q3, min, max) or what n counts (count, known, missing, missing_reason). "
            "One row per variable, statistic and level.",
            _TABLE_ONE,
        ),
        ResultTable(
            "table_one_by_group",
            "Table 1 by group: each variable described within each level of a factor, with the "
            "statistics of table_one. statistic patients counts a group; without a group, those in "
            "none. One row per grouping, group, variable, statistic and level.",
            {
                "grouping": ("varchar", "Column of marts.survival_cohort that forms the groups"),
                "group_level": ("varchar", "Group; null for the patients in none"),
                "group_position": ("integer", "Order of the group in the analysis plan, from 1"),
                **_TABLE_ONE,
                "statistic": ("varchar", f"patients, {_TABLE_ONE['statistic'][1]}"),
                "percent_of_all": ("double", "n in percent of all patients of the group"),
            },
        ),
        ResultTable(
            "table_one_test",
            "Tests of equal distribution over the groups of table_one_by_group among the patients "
            "with a known value, and how far groups are apart. One row per grouping and variable.",
            {
                "grouping": ("varchar", "Column of marts.survival_cohort that forms the groups"),
                "variable": ("varchar", "Column of marts.survival_cohort"),
                "label": ("varchar", "Name of the variable as readers see it"),
                "kind": ("varchar", "continuous or categorical"),
                "n": ("integer", "Patients in a group with a known value"),
                "groups": ("integer", "Groups with at least one of them"),
                "test": (
                    "varchar",
                    "chi_square (without continuity correction), fisher_exact where an expected "
                    "count is below 5, fisher_random where there are too many tables to look at, "
                    "kruskal_wallis for numbers",
                ),
                "statistic": ("double", "Chi-square, or Kruskal and Wallis' H; null for Fisher's"),
                "degrees_of_freedom": ("integer", "Of the statistic; null for Fisher's test"),
                "p": ("double", "Two-sided p"),
                "smallest_expected": ("double", "Smallest expected count; null for numbers"),
                "standardized_difference": (
                    "double",
                    "Standardized difference (Austin; Yang and Dalton for several levels) of the "
                    "two groups furthest apart; null where they share no value or none is defined",
                ),
                "difference_level": ("varchar", "One of the two groups furthest apart"),
                "difference_other_level": ("varchar", "The other one"),
                "note": _NOTE,
            },
        ),
        ResultTable(
            "survival_curve",
            "Kaplan-Meier estimates of overall survival. "
            "One row per group and distinct follow-up time, and one for time 0.",
            {
                "grouping": _GROUPING,
                "level": _GROUP_LEVEL,
                "level_position": ("integer", "Order of the group in the analysis plan, from 1"),
                "time_days": ("double", "Days since the operation"),
                "time_months": ("double", "Months since the operation, days / 30.4375"),
                "at_risk": ("integer", "Patients followed up to at least this time"),
                "events": ("integer", "Events at this time"),
                "censored": ("integer", "Patients whose follow-up ends alive at this time"),
                "survival": ("double", "Proportion surviving beyond this time"),
                "ci_low": ("double", "Lower confidence limit; null where it is undefined"),
                "ci_high": ("double", "Upper confidence limit; null where it is undefined"),
            },
        ),
        ResultTable(
            "survival_summary",
            "Survival in figures, in long form: counts, medians with their interval, survival at "
            "the landmarks of the plan, and for all patients the follow-up of those alive. "
            "One row per group and measure, and per landmark of survival_at_landmark.",
            {
                "grouping": _GROUPING,
                "level": _GROUP_LEVEL,
                "level_position": ("integer", "Order of the group in the analysis plan, from 1"),
                "measure": (
                    "varchar",
                    "patients, events, survival_time_min_months, survival_time_max_months, "
                    "median_survival_months, survival_at_landmark, "
                    "living_patients, follow_up_of_living_median_months, "
                    "follow_up_of_living_min_months, follow_up_of_living_max_months, "
                    "reverse_kaplan_meier_follow_up_months",
                ),
                "landmark_months": ("integer", "Month of survival_at_landmark; else null"),
                "estimate": (
                    "double",
                    "Value; null when not reached or beyond the last follow-up",
                ),
                "ci_low": ("double", "Lower confidence limit; null where undefined"),
                "ci_high": ("double", "Upper confidence limit; null where not reached"),
                "at_risk": ("integer", "Patients at risk at the landmark; else null"),
            },
        ),
        ResultTable(
            "logrank",
            "Log-rank tests of equal survival over all levels of a grouping, or some of them. "
            "One row per test of the plan.",
            {
                "grouping": ("varchar", "Column of marts.survival_cohort that forms the groups"),
                "label": _LABEL,
                "all_levels": ("boolean", "False for a test of some levels of the grouping"),
                "levels": ("varchar", "Levels compared, in order, separated by ' | '"),
                "groups": ("integer", "Levels with at least one patient"),
                "patients": ("integer", "Patients compared"),
                "events": ("integer", "Events among them"),
                "chi_square": ("double", "Log-rank statistic"),
                "degrees_of_freedom": ("integer", "Groups - 1"),
                "p": ("double", "p of the statistic under a chi-square distribution"),
                "trend_chi_square": (
                    "double",
                    "Statistic of the test for trend over the order of the levels in the plan, "
                    "1 degree of freedom; null with fewer than three groups",
                ),
                "trend_p": ("double", "p of the test for trend"),
                "note": _NOTE,
            },
        ),
        ResultTable(
            "logrank_pairwise",
            "Log-rank tests of each pair of levels, for groupings of more than two levels with "
            "patients. One row per grouping and pair.",
            {
                "grouping": ("varchar", "Column of marts.survival_cohort that forms the groups"),
                "label": _LABEL,
                "level": ("varchar", "One level of the pair"),
                "other_level": ("varchar", "The other level"),
                "patients": ("integer", "Patients compared"),
                "events": ("integer", "Events among them"),
                "chi_square": ("double", "Log-rank statistic, 1 degree of freedom"),
                "p": ("double", "p of this pair alone"),
                "p_holm": ("double", "p adjusted for all pairs of the grouping by Holm's method"),
                "note": _NOTE,
            },
        ),
        ResultTable(
            "risk_table",
            "Numbers at risk, events and censored under each curve at the months of the plan. "
            "One row per group and month.",
            {
                "grouping": _GROUPING,
                "level": _GROUP_LEVEL,
                "level_position": ("integer", "Order of the group in the analysis plan, from 1"),
                "month": ("integer", "Months since the operation, of 30.4375 days"),
                "at_risk": ("integer", "Patients followed up to at least this month"),
                "events": ("integer", "Events after the last month listed, up to this one"),
                "censored": (
                    "integer",
                    "Patients whose follow-up ends without the event in the same stretch",
                ),
            },
        ),
        ResultTable(
            "restricted_mean",
            "Mean survival within a horizon: the area under the Kaplan-Meier curve up to it, and "
            "its difference to the first level of the grouping. One row per group.",
            {
                "grouping": _GROUPING,
                "level": _GROUP_LEVEL,
                "level_position": ("integer", "Order of the group in the analysis plan, from 1"),
                "horizon_months": ("integer", "The horizon of the plan"),
                "patients": ("integer", "Patients of the group"),
                "events": ("integer", "Events among them, also beyond the horizon"),
                "restricted_mean_months": (
                    "double",
                    "Mean months up to the horizon; null where follow-up ends before it",
                ),
                "standard_error": ("double", "Standard error of the mean, by Greenwood's variance"),
                "ci_low": ("double", "Lower Wald confidence limit of the mean"),
                "ci_high": ("double", "Upper Wald confidence limit of the mean"),
                "difference_months": (
                    "double",
                    "Mean less that of the first level; null at the first level",
                ),
                "difference_standard_error": ("double", "Standard error of the difference"),
                "difference_ci_low": ("double", "Lower Wald confidence limit of the difference"),
                "difference_ci_high": ("double", "Upper Wald confidence limit of the difference"),
                "difference_p": ("double", "Two-sided Wald p of the difference"),
                "note": _NOTE,
            },
        ),
        ResultTable(
            "cox_univariable",
            "Cox models of one factor each, on patients with the factor and a survival time known. "
            "One row per factor and level.",
            _COX,
        ),
        ResultTable(
            "cox_multivariable",
            "The Cox model of the selected factors on complete cases. "
            "One row per factor in the model and level.",
            _COX,
        ),
        ResultTable(
            "proportional_hazards",
            "Score tests of proportional hazards (scaled Schoenfeld residuals, Grambsch and "
            "Therneau) against the Kaplan-Meier transform of time. "
            "One row per model and factor, and GLOBAL for the whole multivariable model.",
            {
                "model": _MODEL,
                "factor": ("varchar", "Column of the factor; GLOBAL for all factors together"),
                "label": _LABEL,
                "chi_square": ("double", "Score statistic"),
                "degrees_of_freedom": ("integer", "Coefficients tested"),
                "p": ("double", "p; a small p speaks against proportional hazards"),
                "time_transform": ("varchar", "Transform of time: km is 1 - S(t-)"),
                "note": _NOTE,
            },
        ),
        ResultTable(
            "schoenfeld_residuals",
            "Scaled Schoenfeld residuals of the multivariable model: near a time their mean is the "
            "coefficient at that time. Of more than 2,000 events, those at even steps of their "
            "order. One row per coefficient and event.",
            {
                **_COEFFICIENT,
                "time_days": ("double", "Time of the event, in days"),
                "time_months": ("double", "Time of the event, days / 30.4375"),
                "transformed_time": ("double", "1 - S(t-), the time of the test"),
                "residual": ("double", "Scaled residual plus the coefficient"),
                "coefficient": ("double", "Log hazard ratio of the model, over all times"),
            },
        ),
        ResultTable(
            "schoenfeld_smooth",
            "A natural spline of four degrees of freedom through schoenfeld_residuals; level where "
            "hazards are proportional. One row per coefficient and point.",
            {
                **_COEFFICIENT,
                "time_months": ("double", "Time of the first event not before the point"),
                "transformed_time": ("double", "1 - S(t-)"),
                "coefficient_at_time": ("double", "Log hazard ratio at the time"),
                "ci_low": ("double", "Lower Wald confidence limit of the line"),
                "ci_high": ("double", "Upper Wald confidence limit of the line"),
            },
        ),
        ResultTable(
            "cumulative_incidence",
            "Cumulative incidence of recurrence and of death without recurrence, each in the "
            "presence of the other (Aalen-Johansen). One row per group, cause and time.",
            {
                "grouping": _GROUPING,
                "level": _GROUP_LEVEL,
                "level_position": ("integer", "Order of the group in the analysis plan, from 1"),
                "cause": ("varchar", "recurrence or death_without_recurrence"),
                "time_days": ("double", "Days since the operation"),
                "time_months": ("double", "Months since the operation, days / 30.4375"),
                "at_risk": ("integer", "Patients without either event followed to this time"),
                "events": ("integer", "Events of the cause at this time"),
                "incidence": ("double", "Proportion with the event of the cause up to this time"),
                "standard_error": ("double", "Standard error, by the infinitesimal jackknife"),
                "ci_low": ("double", "Lower confidence limit; null before the first event"),
                "ci_high": ("double", "Upper confidence limit; null before the first event"),
            },
        ),
        ResultTable(
            "gray_test",
            "Gray's tests of equal cumulative incidence over the levels of a grouping. "
            "One row per grouping and cause.",
            {
                "grouping": ("varchar", "Column of marts.survival_cohort that forms the groups"),
                "label": _LABEL,
                "cause": ("varchar", "recurrence or death_without_recurrence"),
                "levels": ("varchar", "Levels compared, in order, separated by ' | '"),
                "patients": ("integer", "Patients compared"),
                "events": ("integer", "Events of the cause among them"),
                "chi_square": ("double", "Gray's statistic"),
                "degrees_of_freedom": ("integer", "Groups - 1"),
                "p": ("double", "p of the statistic under a chi-square distribution"),
                "note": _NOTE,
            },
        ),
        ResultTable(
            "cutpoint",
            "Cut of a continuous variable with the largest log-rank statistic, its p corrected for "
            "the search, and how far the cut moves from sample to sample. One row per variable.",
            {
                "variable": ("varchar", "Column of marts.survival_cohort"),
                "label": _LABEL,
                "unit": ("varchar", "Unit of the variable; null if none"),
                "proportion": ("double", "Least share of patients on either side of a cut"),
                "n": ("integer", "Patients with the variable and the endpoint known"),
                "events": ("integer", "Events among them"),
                "cutpoint": ("double", "Largest value of the lower group"),
                "n_up_to": ("integer", "Patients up to the cut"),
                "n_above": ("integer", "Patients above it"),
                "cuts_tried": ("integer", "Cuts among which it is the best"),
                "statistic": ("double", "Largest absolute standardized log-rank statistic"),
                "p_corrected": ("double", "Its p, corrected (Lausen and Schumacher)"),
                "resamples": ("integer", "Bootstrap resamples with a cut"),
                "resampled_low": ("double", "2.5th percentile of the cut over the resamples"),
                "resampled_q1": ("double", "25th percentile"),
                "resampled_median": ("double", "50th percentile"),
                "resampled_q3": ("double", "75th percentile"),
                "resampled_high": ("double", "97.5th percentile"),
                "note": _NOTE,
            },
        ),
        ResultTable(
            "time_dependent_roc",
            "How well a continuous variable tells who has the event by a landmark (cumulative "
            "cases, dynamic controls, weighted for censoring), and the cut with the largest "
            "sensitivity + specificity, corrected for the search. One row per variable and "
            "landmark.",
            {
                "variable": ("varchar", "Column of marts.survival_cohort"),
                "label": _LABEL,
                "unit": ("varchar", "Unit of the variable; null if none"),
                "higher_is_worse": ("boolean", "True where the values above a cut are at risk"),
                "landmark_months": ("integer", "Months since the operation"),
                "n": ("integer", "Patients with the variable and the endpoint known"),
                "cases": ("integer", "With the event by the landmark"),
                "controls": ("integer", "Followed beyond the landmark without the event"),
                "censored_before": ("integer", "Whose follow-up ends by the landmark without it"),
                "auc": ("double", "Area under the curve; 0.5 is chance"),
                "ci_low": ("double", "Lower limit, by the percentiles of the resamples"),
                "ci_high": ("double", "Upper limit"),
                "resamples": ("integer", "Bootstrap resamples with an area"),
                "cutpoint": (
                    "double",
                    "Largest value of the lower group, at the largest sensitivity + specificity; "
                    "null without resamples that correct it",
                ),
                "n_up_to": ("integer", "Patients up to the cut"),
                "n_above": ("integer", "Patients above it"),
                "resampled_low": ("double", "Lower percentile of the cut over the resamples"),
                "resampled_high": ("double", "Upper percentile"),
                "sensitivity": ("double", "On the patients in whom the cut was searched: too high"),
                "specificity": ("double", "On the patients in whom the cut was searched: too high"),
                "youden": ("double", "sensitivity + specificity - 1"),
                "optimism": ("double", "What youden loses in other patients, by bootstrap"),
                "sensitivity_corrected": ("double", "sensitivity less its part, from 0 to 1"),
                "specificity_corrected": ("double", "specificity less its part, from 0 to 1"),
                "youden_corrected": ("double", "youden - optimism"),
                "note": _NOTE,
            },
        ),
        ResultTable(
            "time_dependent_roc_curve",
            "The curves of time_dependent_roc, from nobody called a case to everybody. "
            "One row per variable, landmark and cut, and one for the end without a cut.",
            {
                "variable": ("varchar", "Column of marts.survival_cohort"),
                "landmark_months": ("integer", "Months since the operation"),
                "position": ("integer", "Order of the point along the curve, from 1"),
                "cutpoint": ("double", "Largest value of the lower group; null at the end"),
                "sensitivity": ("double", "Share of the cases on the side at risk, weighted"),
                "specificity": ("double", "Share of the controls on the other side"),
                "cases_called": ("integer", "Cases on the side at risk"),
                "controls_called": ("integer", "Controls on the side at risk"),
            },
        ),
        ResultTable(
            "spline",
            "Hazard ratio along a continuous variable against its median, by a restricted cubic "
            "spline in a Cox model of the variable alone, over the middle 95% of its values. "
            "One row per variable and value.",
            {
                "variable": ("varchar", "Column of marts.survival_cohort"),
                "label": _LABEL,
                "unit": ("varchar", "Unit of the variable; null if none"),
                "value": ("double", "Value of the variable"),
                "reference": ("double", "Value with a hazard ratio of 1: the median"),
                "log_hazard_ratio": ("double", "Log hazard ratio against the reference"),
                "standard_error": ("double", "Its standard error"),
                "hazard_ratio": ("double", "Hazard ratio against the reference"),
                "ci_low": ("double", "Lower Wald confidence limit"),
                "ci_high": ("double", "Upper Wald confidence limit"),
            },
        ),
        ResultTable(
            "spline_test",
            "Likelihood-ratio tests of the splines: of the variable at all, and of the curve "
            "against a straight line. One row per variable.",
            {
                "variable": ("varchar", "Column of marts.survival_cohort"),
                "label": _LABEL,
                "unit": ("varchar", "Unit of the variable; null if none"),
                "n": ("integer", "Patients with the variable and the endpoint known"),
                "events": ("integer", "Events among them"),
                "knots": ("varchar", "Knots, separated by ' | '"),
                "reference": ("double", "The median"),
                "chi_square": ("double", "Statistic of the variable at all"),
                "degrees_of_freedom": ("integer", "Its degrees of freedom"),
                "p": ("double", "Its p"),
                "nonlinear_chi_square": ("double", "Statistic of the curve against a line"),
                "nonlinear_degrees_of_freedom": ("integer", "Its degrees of freedom"),
                "nonlinear_p": ("double", "Its p; a small p speaks against a straight line"),
                "note": _NOTE,
            },
        ),
        ResultTable(
            "cox_imputed",
            "The Cox model of the selected factors with unknown factors imputed (chained "
            "equations, Rubin's rules), beside the complete cases. "
            "One row per factor in the model and level.",
            {
                **{
                    name: _COX[name]
                    for name in (
                        "factor",
                        "label",
                        "factor_position",
                        "level",
                        "level_position",
                        "reference",
                        "is_reference",
                        "n",
                        "events",
                    )
                },
                "n_imputed": ("integer", "Patients in whom the factor was imputed"),
                "imputations": ("integer", "Imputed data sets that could be fitted"),
                **{name: _COX[name] for name in ("coefficient", "standard_error", "hazard_ratio")},
                "ci_low": ("double", "Lower confidence limit, by a t distribution"),
                "ci_high": ("double", "Upper confidence limit, by a t distribution"),
                "p": ("double", "Two-sided p of the coefficient, by a t distribution"),
                "degrees_of_freedom": ("double", "Of the t distribution (Barnard and Rubin)"),
                "missing_information": ("double", "Fraction of the information that is missing"),
                "complete_n": ("integer", "Patients complete for all factors"),
                "complete_hazard_ratio": ("double", "Hazard ratio of the complete cases"),
                "complete_ci_low": ("double", "Its lower confidence limit"),
                "complete_ci_high": ("double", "Its upper confidence limit"),
                "complete_p": ("double", "Its p"),
                "note": _NOTE,
            },
        ),
        ResultTable(
            "model_fit",
            "Tests of each Cox model as a whole, and how well it separates patients. "
            "One row per model.",
            {
                "model": _MODEL,
                "factor": ("varchar", "Factor of a univariable model; null for the multivariable"),
                "label": _LABEL,
                "n": ("integer", "Patients fitted"),
                "events": ("integer", "Events among them"),
                "parameters": ("integer", "Coefficients of the model"),
                "events_per_variable": ("double", "Events per coefficient; below 10 is few"),
                "log_likelihood_null": ("double", "Log partial likelihood without a covariate"),
                "log_likelihood": ("double", "Log partial likelihood of the model"),
                "likelihood_ratio_chi_square": ("double", "Likelihood-ratio statistic"),
                "likelihood_ratio_p": ("double", "Its p, degrees of freedom as parameters"),
                "wald_chi_square": ("double", "Wald statistic"),
                "wald_p": ("double", "Its p"),
                "score_chi_square": ("double", "Score statistic"),
                "score_p": ("double", "Its p"),
                "concordance": ("double", "Harrell's C on the patients it was fitted on"),
                "concordance_standard_error": ("double", "Infinitesimal jackknife"),
                "concordance_ci_low": ("double", "Lower Wald confidence limit of C"),
                "concordance_ci_high": ("double", "Upper Wald confidence limit of C"),
                "optimism": (
                    "double",
                    "What C loses on new patients, by bootstrap with the factors as they are (the "
                    "selection is not repeated); null unless the plan asks for it",
                ),
                "concordance_corrected": ("double", "C less optimism"),
                "resamples": ("integer", "Resamples that the optimism comes from"),
                "note": _NOTE,
            },
        ),
        ResultTable(
            "sensitivity",
            "What disputed definitions change: the same estimates under the definition in force "
            "and under the other one. One row per definition, variant, measure and level.",
            {
                "definition": ("varchar", "What is disputed"),
                "variant": ("varchar", "The rule, or the column that holds the variable"),
                "in_force": ("boolean", "True where the report follows this variant"),
                "measure": (
                    "varchar",
                    "median_survival_months, survival_at_landmark, hazard_ratio_univariable or "
                    "hazard_ratio_multivariable",
                ),
                "landmark_months": ("integer", "Month of survival_at_landmark; else null"),
                "factor": ("varchar", "Column of the factor in the plan; overall for all patients"),
                "label": _LABEL,
                "level": ("varchar", "Level of the factor; all for all patients"),
                "n": ("integer", "Patients behind the estimate"),
                "events": ("integer", "Events among them"),
                "estimate": ("double", "Value of the measure; null where there is none"),
                "ci_low": ("double", "Lower confidence limit"),
                "ci_high": ("double", "Upper confidence limit"),
                "p": ("double", "Two-sided Wald p of a hazard ratio; else null"),
                "note": _NOTE,
            },
        ),
        ResultTable(
            "analysis_run",
            "What the tables of this schema were made of; where all of it is the same, they are "
            "not computed again. One row per analysis.",
            {
                "plan": ("varchar", "Title of the analysis plan"),
                "plan_sha256": ("varchar", "Hash of the plan, and of its published figures"),
                "cohort_sha256": ("varchar", "Hash of the values of the cohort that it reads"),
                "code_sha256": ("varchar", "Hash of the code, and of the versions it works with"),
            },
        ),
        ResultTable(
            "endpoint",
            "The endpoint of the analysis and who is on day 0. One row per analysis.",
            {
                "endpoint": ("varchar", "overall_survival or recurrence_free_survival"),
                "days_column": ("varchar", "Column of marts.survival_cohort with the time"),
                "event_column": ("varchar", "Column of marts.survival_cohort with the event"),
                "day_zero": ("varchar", "Rule of the plan for time 0: keep or drop_like_stata"),
                "patients_on_day_zero": ("integer", "Patients whose time is 0"),
                "events_on_day_zero": ("integer", "Events among them"),
                "seed": ("integer", "Seed of everything that draws random numbers"),
            },
        ),
        ResultTable(
            "cohort_restriction",
            "Whom the plan's `cohort` analyzes; empty where it analyzes all of "
            "marts.survival_cohort. One row per condition, after one for the start.",
            {
                "step_number": ("integer", "0 for the start, then the order of the conditions"),
                "column_name": ("varchar", "Column of the condition; null at the start"),
                "levels": ("varchar", "Levels that stay, separated by ' | '"),
                "excluded": ("integer", "Patients whom the condition takes out"),
                "remaining": ("integer", "Patients who remain"),
            },
        ),
        ResultTable(
            "model_factors",
            "What became of each factor of the plan: used alone, in the multivariable model, or "
            "left out and why. One row per factor of the plan.",
            {
                "factor": _FACTOR,
                "label": _LABEL,
                "factor_position": ("integer", "Order of the factor in the plan, from 1"),
                "patients_known": ("integer", "Patients of the cohort with the factor known"),
                "patients_unknown": ("integer", "Patients of the cohort with it unknown"),
                "smallest_p": ("double", "Smallest univariable p of its levels; null if none"),
                "forced": ("boolean", "True when the plan forces the factor into the model"),
                "in_univariable": ("boolean", "True when a univariable estimate exists"),
                "in_multivariable": ("boolean", "True when it is in the multivariable model"),
                "reason": ("varchar", "Sentence saying why it entered or did not"),
            },
        ),
        ResultTable(
            "selection_stability",
            "How often the rule of the plan selects each factor that it judges, and each pair of "
            "them, in bootstrap samples; empty unless the plan asks for it. "
            "One row per factor, and one per pair.",
            {
                "factor": _FACTOR,
                "label": _LABEL,
                "other_factor": ("varchar", "The other factor of a pair; null for one alone"),
                "other_label": ("varchar", "Its name as readers see it"),
                "selected": ("boolean", "True where the rule selects it (both) in this registry"),
                "resamples": ("integer", "Bootstrap samples"),
                "frequency": ("double", "Share of them in which it is (both are) selected"),
                "frequency_if_independent": (
                    "double",
                    "Product of the frequencies of a pair: below it they stand for each other, "
                    "above it they go together; null for one alone",
                ),
            },
        ),
        ResultTable(
            "reproduction",
            "The figures that the plan names as published beside those of this registry; empty "
            "where the plan names none. One row per published figure.",
            {
                "position": ("integer", "Order of the figure, from 1"),
                "label": ("varchar", "The figure in words"),
                "result": ("varchar", "Table of the schema results that holds it"),
                "printed": ("varchar", "The figure as published"),
                "corrected": ("varchar", "What is aimed at where the published figure is at fault"),
                "expected": ("double", "The figure aimed at: corrected, else printed"),
                "reproduced": ("double", "The figure of this registry; null where it has none"),
                "difference": ("double", "reproduced - expected"),
                "tolerance": ("double", "Greatest difference allowed, in either direction"),
                "verdict": ("varchar", "as printed, within tolerance, outside or not estimated"),
                "without_day_0": (
                    "double",
                    "The figure without patients whose survival time is 0 days, as Stata reads "
                    "them; null for counts and descriptions of the cohort",
                ),
                "fault": ("varchar", "What is wrong with the published figure; null if nothing"),
            },
        ),
        ResultTable(
            "model_flow",
            "From the cohort to the patients of each model; remaining = previous remaining - "
            "excluded. A patient is counted at the first reason that applies. "
            "One row per model, factor and step.",
            {
                "model": _MODEL,
                "factor": (
                    "varchar",
                    "Factor of a univariable model; null for the multivariable one",
                ),
                "step_number": ("integer", "Order of the step within the model, from 1"),
                "step": (
                    "varchar",
                    "cohort, survival_time_unknown, day_zero_dropped, factor_unknown, "
                    "level_not_in_plan or analyzed",
                ),
                "excluded_factor": ("varchar", "Factor that excludes; null for other steps"),
                "missing_reason": ("varchar", "Missing reason that excludes; null if none"),
                "description": ("varchar", "The step in words"),
                "excluded": ("integer", "Patients excluded by the step"),
                "remaining": ("integer", "Patients remaining after the step"),
                "events": ("integer", "Events known among the remaining"),
            },
        ),
    )
}


def _sql_text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def write_table(
    con: duckdb.DuckDBPyConnection, name: str, rows: Iterable[Mapping[str, Any]]
) -> None:
    """Create or replace `results.<name>` with its comments and fill it in the order of `rows`.

    A key that is not a declared column raises KeyError; a declared column a row lacks is null, and
    NaN is null.
    """
    table = TABLES[name]
    records = [dict(row) for row in rows]
    for record in records:
        unknown = set(record) - set(table.columns)
        if unknown:
            raise KeyError(f"results.{name} has no column {sorted(unknown)}")
    types = ", ".join(f'"{column}" {kind}' for column, (kind, _) in table.columns.items())
    statements = [
        "create schema if not exists results",
        f"create or replace table results.{name} ({types})",
        f"comment on table results.{name} is {_sql_text(table.comment)}",
        *(
            f'comment on column results.{name}."{column}" is {_sql_text(comment)}'
            for column, (_, comment) in table.columns.items()
        ),
    ]
    con.execute("; ".join(statements))
    if not records:
        return
    # As lists: a data frame for each of two dozen tables takes longer than the rest.
    values = ", ".join(f"unnest(?::{kind}[])" for kind, _ in table.columns.values())
    con.execute(
        f"insert into results.{name} select {values}",
        [[_plain(record.get(column)) for record in records] for column in table.columns],
    )


def _plain(value: Any) -> Any:
    if value is None or value != value:
        return None
    return value.item() if isinstance(value, np.generic) else value


def read_table(con: duckdb.DuckDBPyConnection, table: str) -> list[dict[str, Any]]:
    """All rows of a table as dictionaries, null as None, in the order they were written."""
    cursor = con.execute(f"select * from {table}")
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
