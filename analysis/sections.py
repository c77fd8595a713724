"""Tables of the report that are plain lists of rows: heading, words, columns, and cells as text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from analysis.figures import level_text, p_text
from analysis.plan import AnalysisPlan
from analysis.suppression import HIDDEN
from analysis.survival import OVERALL
from analysis.tables import NONE, Rows, number


@dataclass(frozen=True)
class Section:
    """A heading, the words above the table, its columns, and its rows of text."""

    heading: str
    words: str
    columns: list[str]
    rows: list[list[str]]


def sections(plan: AnalysisPlan, results: dict[str, Rows]) -> dict[str, Section]:
    """Name of a table of results -> its section; what has no rows has none."""
    made = {
        "risk_table": _risk_table(plan, results["risk_table"]),
        "restricted_mean": _restricted_mean(plan, results["restricted_mean"]),
        "cumulative_incidence": _incidence(plan, results["cumulative_incidence"]),
        "gray_test": _gray(results["gray_test"]),
        "cutpoint": _cutpoint(results["cutpoint"]),
        "spline_test": _spline(results["spline_test"]),
        "cox_imputed": _imputed(results["cox_imputed"]),
        "model_fit": _model_fit(results["model_fit"]),
        "sensitivity": _sensitivity(results["sensitivity"]),
        "cohort_restriction": _restriction(results["cohort_restriction"]),
        "logrank_pairwise": _pairwise(results["logrank_pairwise"]),
    }
    return {name: section for name, section in made.items() if section.rows}


def interval(value: float | None, low: float | None, high: float | None, digits: int = 1) -> str:
    """`43.0 (36.2 to 51.1)`, or a dash."""
    if value is None or value is HIDDEN:
        return NONE if value is None else HIDDEN
    return f"{number(value, digits)} ({number(low, digits)} to {number(high, digits)})"


def _group(plan: AnalysisPlan, row: dict[str, object]) -> str:
    if row["grouping"] == OVERALL:
        return "All patients"
    return f"{plan.factor(str(row['grouping'])).label}: {level_text(str(row['level']))}"


def _noted(cell: str, notes: Iterable[str | None]) -> str:
    return " ".join([cell, *(f"({note})" for note in notes if note)])


def _risk_table(plan: AnalysisPlan, rows: Rows) -> Section:
    months = list(dict.fromkeys(row["month"] for row in rows))
    lines: dict[str, list[str]] = {}
    for row in rows:
        cell = f"{row['at_risk']} ({row['events']}, {row['censored']})"
        lines.setdefault(_group(plan, row), []).append(cell)
    return Section(
        "At risk",
        "Patients at risk at each month; in parentheses the events, and those whose follow-up "
        "ended without one, since the month before.",
        ["Group", *(f"{month} months" for month in months)],
        [[name, *cells] for name, cells in lines.items()],
    )


def _restricted_mean(plan: AnalysisPlan, rows: Rows) -> Section:
    return Section(
        "Restricted mean survival",
        f"The mean of the first {plan.rmst_months} months, in months: the area under the curve. "
        "Unlike a hazard ratio it needs no proportional hazards. "
        "Differences are to the first level.",
        ["Group", "Patients", "Mean (CI)", "SE", "Difference (CI)", "p"],
        [
            [
                _noted(_group(plan, row), [row["note"]]),
                str(row["patients"]),
                interval(row["restricted_mean_months"], row["ci_low"], row["ci_high"]),
                number(row["standard_error"], 2),
                interval(
                    row["difference_months"], row["difference_ci_low"], row["difference_ci_high"]
                ),
                p_text(row["difference_p"]),
            ]
            for row in rows
        ],
    )


def _pairwise(rows: Rows) -> Section:
    return Section(
        "Log-rank tests of pairs of levels",
        "p is of the pair alone; the last column is adjusted for all pairs of the grouping (Holm).",
        ["Grouping", "Pair", "Patients", "Events", "χ²", "p", "p, Holm"],
        [
            [
                row["label"],
                _noted(
                    f"{level_text(row['level'])} | {level_text(row['other_level'])}", [row["note"]]
                ),
                str(row["patients"]),
                str(row["events"]),
                number(row["chi_square"], 2),
                p_text(row["p"]),
                p_text(row["p_holm"]),
            ]
            for row in rows
        ],
    )


def _restriction(rows: Rows) -> Section:
    return Section(
        "Patients the plan analyzes",
        "Everything below is of these patients alone.",
        ["Condition", "Excluded", "Remaining"],
        [
            [
                f"{row['column_name']}: {level_text(row['levels'])}"
                if row["column_name"]
                else "The cohort",
                str(row["excluded"]),
                str(row["remaining"]),
            ]
            for row in rows
        ],
    )


def _sensitivity(rows: Rows) -> Section:
    names = {
        "median_survival_months": "Median survival, months",
        "hazard_ratio_univariable": "Hazard ratio, univariable",
        "hazard_ratio_multivariable": "Hazard ratio, multivariable",
    }
    return Section(
        "Disputed definitions",
        "The same estimates under each definition; * marks the one the report follows.",
        ["Definition", "Variant", "Measure", "Level", "n", "Events", "Estimate (CI)", "p"],
        [
            [
                row["definition"],
                row["variant"] + (" *" if row["in_force"] else ""),
                names.get(row["measure"]) or f"Survival at {row['landmark_months']} months",
                _noted(level_text(f"{row['label']}: {row['level']}"), [row["note"]]),
                str(row["n"]),
                str(row["events"]),
                interval(row["estimate"], row["ci_low"], row["ci_high"], 2),
                p_text(row["p"]),
            ]
            for row in rows
        ],
    )


def day_zero_sentence(plan: AnalysisPlan, results: dict[str, Rows]) -> str:
    """What the plan does with patients whose time is 0, and what the other rule would change."""
    endpoint = results["endpoint"][0]
    patients, events = endpoint["patients_on_day_zero"], endpoint["events_on_day_zero"]
    kept = plan.day_zero == "keep"
    if not patients:
        return "Nobody's follow-up ends on the day of surgery."
    found = {
        (row["measure"], row["in_force"]): row["estimate"]
        for row in results["sensitivity"]
        if row["factor"] == OVERALL
    }
    changes = [
        f"{words} from {number(scale * before, 1)} to {number(scale * after, 1)}{unit}"
        for measure, words, scale, unit in (
            ("median_survival_months", "the median", 1, " months"),
            (
                "survival_at_landmark",
                f"survival at {max(plan.landmarks_months, default=0)} months",
                100,
                "%",
            ),
        )
        for before, after in [(found.get((measure, True)), found.get((measure, False)))]
        if before is not None and after is not None
    ]
    done, other = ("kept", "dropping") if kept else ("dropped, as Stata does", "keeping")
    changed = f" would change {' and '.join(changes)}" if changes else " is in the tables"
    return (
        f"Patients whose follow-up ends on the day of surgery are {done}: {patients}, "
        f"of them {events} with the event; {other} them{changed}."
    )


def _model_fit(rows: Rows) -> Section:
    names = ("likelihood_ratio", "wald", "score")
    lines = []
    for row in rows:
        tests = [
            f"{number(row[f'{name}_chi_square'])}, {p_text(row[f'{name}_p'])}" for name in names
        ]
        lines.append(
            [
                _noted(row["label"], [row["note"]]),
                str(row["events"] if row["events"] is not None else NONE),
                number(row["events_per_variable"]),
                *(tests if row["parameters"] else [NONE] * 3),
                interval(
                    row["concordance"], row["concordance_ci_low"], row["concordance_ci_high"], 3
                ),
                number(row["concordance_corrected"], 3),
            ]
        )
    return Section(
        "The models as a whole",
        "χ² and p of the likelihood-ratio, Wald and score tests that no coefficient differs from "
        "0. C is Harrell's concordance on the same patients, from 0.5 (chance) to 1; the "
        "last column takes off its optimism where the plan asks for resamples.",
        ["Model", "Events", "Per coefficient", "LR", "Wald", "Score", "C (CI)", "C, corrected"],
        lines,
    )


CAUSE_WORDS = {
    "recurrence": "Recurrence",
    "death_without_recurrence": "Death without recurrence",
}


def _incidence(plan: AnalysisPlan, rows: Rows) -> Section:
    curves: dict[tuple[str, str], Rows] = {}
    for row in rows:
        curves.setdefault((_group(plan, row), row["cause"]), []).append(row)
    lines = []
    for (group, cause), curve in curves.items():
        cells = []
        for month in plan.landmarks_months:
            # Beyond the last follow-up nothing is known.
            point = [row for row in curve if row["time_months"] <= month]
            if not point or curve[-1]["time_months"] < month:
                cells.append("0.0" if curve[-1]["time_months"] >= month else NONE)
                continue
            last = point[-1]
            share, low, high = (
                None if last[name] is None else 100 * last[name]
                for name in ("incidence", "ci_low", "ci_high")
            )
            cells.append(interval(share, low, high))
        events = [row["events"] for row in curve]
        total = HIDDEN if HIDDEN in events else str(sum(events))
        lines.append([group, CAUSE_WORDS[cause], str(curve[0]["at_risk"]), total, *cells])
    return Section(
        "Recurrence and death without recurrence",
        "Cumulative incidence, in percent, of each in the presence of the other "
        "(Aalen–Johansen). A recurrence first seen on the day of death counts as death.",
        [
            "Group",
            "Event",
            "Patients",
            "Events",
            *(f"{month} months, % (CI)" for month in plan.landmarks_months),
        ],
        lines,
    )


def _gray(rows: Rows) -> Section:
    return Section(
        "Gray's tests",
        "Of equal cumulative incidence over the levels.",
        ["Grouping", "Event", "Levels", "Patients", "Events", "χ²", "df", "p"],
        [
            [
                row["label"],
                CAUSE_WORDS[row["cause"]],
                _noted(level_text(row["levels"]), [row["note"]]),
                str(row["patients"]),
                str(row["events"]),
                number(row["chi_square"], 2),
                number(row["degrees_of_freedom"], 0),
                p_text(row["p"]),
            ]
            for row in rows
        ],
    )


def _with_unit(row: dict[str, object]) -> str:
    return f"{row['label']}, {row['unit']}" if row["unit"] else str(row["label"])


def _cutpoint(rows: Rows) -> Section:
    return Section(
        "Cut-points",
        "The cut with the largest log-rank statistic. p is corrected for all cuts tried "
        "(Lausen and Schumacher); the last column is where 95% of bootstrap samples put the cut.",
        ["Variable", "Patients", "Events", "Cut", "Up to | above", "Statistic", "p", "Moves over"],
        [
            [
                _noted(_with_unit(row), [row["note"]]),
                str(row["n"]),
                str(row["events"]),
                number(row["cutpoint"]),
                NONE if row["cutpoint"] is None else f"{row['n_up_to']} | {row['n_above']}",
                number(row["statistic"], 2),
                p_text(row["p_corrected"]),
                NONE
                if row["resampled_low"] is None
                else f"{number(row['resampled_low'])} to {number(row['resampled_high'])}",
            ]
            for row in rows
        ],
    )


def _spline(rows: Rows) -> Section:
    return Section(
        "Continuous variables without a cut",
        "Likelihood-ratio tests of a restricted cubic spline: of the variable at all, and of the "
        "curve against a straight line. Each variable is alone in its model.",
        ["Variable", "Patients", "Events", "χ², df", "p", "Nonlinear χ², df", "p, nonlinear"],
        [
            [
                _noted(_with_unit(row), [row["note"]]),
                str(row["n"]),
                str(row["events"]),
                *(
                    NONE
                    if row[f"{prefix}chi_square"] is None
                    else f"{row[f'{prefix}chi_square']:.2f}, {row[f'{prefix}degrees_of_freedom']}"
                    if kind == "test"
                    else p_text(row[f"{prefix}p"])
                    for prefix in ("", "nonlinear_")
                    for kind in ("test", "p")
                ),
            ]
            for row in rows
        ],
    )


def _imputed(rows: Rows) -> Section:
    first = rows[0] if rows else {}
    return Section(
        "The multivariable model with unknown factors imputed",
        f"{first.get('n')} patients with {first.get('events')} events, against "
        f"{first.get('complete_n')} complete cases: {first.get('imputations')} imputations by "
        "chained equations with the event and the cumulative hazard among the predictors, pooled "
        "by Rubin's rules. Fair where what is unknown depends on nothing but what is known.",
        ["Factor", "Imputed", "HR, imputed", "p", "Missing information", "HR, complete", "p"],
        [
            [
                _noted(
                    level_text(f"{row['label']}: {row['level']} vs {row['reference']}"),
                    [row["note"]],
                ),
                str(row["n_imputed"]),
                interval(row["hazard_ratio"], row["ci_low"], row["ci_high"], 2),
                p_text(row["p"]),
                number(row["missing_information"], 2),
                interval(
                    row["complete_hazard_ratio"], row["complete_ci_low"], row["complete_ci_high"], 2
                ),
                p_text(row["complete_p"]),
            ]
            for row in rows
            if not row["is_reference"]
        ],
    )
