"""Tables of the report that are plain lists of rows: heading, words, columns, and cells as text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from analysis.figures import level_text, p_text
from analysis.group_comparison import PATIENTS
from analysis.names import OVERALL
from analysis.plan import AnalysisPlan
from analysis.suppression import HIDDEN
from analysis.tables import NONE, Rows, count_text, number, statistic_texts


@dataclass(frozen=True)
class Section:
    """A heading, the words above the table, its columns, and its rows of text.

    indented: the numbers of the rows that stand under the one before them.
    """

    heading: str
    words: str
    columns: list[str]
    rows: list[list[str]]
    indented: set[int] = field(default_factory=set)


def sections(plan: AnalysisPlan, results: dict[str, Rows]) -> dict[str, Section]:
    """Name of a table of results -> its section; what has no rows has none."""
    made = {
        "risk_table": _risk_table(plan, results["risk_table"]),
        "restricted_mean": _restricted_mean(plan, results["restricted_mean"]),
        "cumulative_incidence": _incidence(plan, results["cumulative_incidence"]),
        "gray_test": _gray(results["gray_test"]),
        "cutpoint": _cutpoint(results["cutpoint"]),
        "time_dependent_roc": _roc(plan, results["time_dependent_roc"]),
        "spline_test": _spline(results["spline_test"]),
        "cox_imputed": _imputed(results["cox_imputed"]),
        "model_fit": _model_fit(results["model_fit"]),
        "selection_stability": _stability(results["selection_stability"]),
        "sensitivity": _sensitivity(results["sensitivity"]),
        "cohort_restriction": _restriction(results["cohort_restriction"]),
        "logrank_pairwise": _pairwise(results["logrank_pairwise"]),
    }
    for column in plan.table_one.by:
        made[f"table_one_by_{column}"] = _by_group(plan, results, column)
    return {name: section for name, section in made.items() if section.rows}


def percent(share: float | None) -> str:
    """A share as a percent without its sign, or a dash."""
    return NONE if share is None else f"{100 * share:.0f}"


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


TEST_WORDS = {
    "chi_square": "χ²",
    "fisher_exact": "Fisher",
    "fisher_random": "Fisher, random tables",
    "kruskal_wallis": "Kruskal–Wallis",
    None: NONE,
}


def _by_group(plan: AnalysisPlan, results: dict[str, Rows], column: str) -> Section:
    own = [row for row in results["table_one_by_group"] if row["grouping"] == column]
    sizes = {row["group_level"]: row["n"] for row in own if row["statistic"] == PATIENTS}
    outside = sizes.pop(None, 0)
    sizes = {level: n for level, n in sizes.items() if n}
    lines: list[list[str]] = []
    indented: set[int] = set()
    for test in results["table_one_test"]:
        if test["grouping"] != column:
            continue
        key = (test["variable"], test["kind"])
        rows = [row for row in own if (row["variable"], row["kind"]) == key]
        unit = f", {rows[0]['unit']}" if rows[0]["unit"] else ""
        apart = number(test["standardized_difference"], 2)
        if (
            len(sizes) > 2
            and test["difference_level"]
            and test["standardized_difference"] is not None
        ):
            apart += f" ({test['difference_level']} | {test['difference_other_level']})"
        lines.append(
            [
                _noted(f"{test['label']}{unit}", [test["note"]]),
                *("" for _ in sizes),
                p_text(test["p"]),
                TEST_WORDS[test["test"]],
                level_text(apart),
            ]
        )
        for name, cells in _group_cells(rows, list(sizes)).items():
            indented.add(len(lines))
            lines.append([name, *cells, "", "", ""])
    label = plan.factor(column).label
    return Section(
        f"Table 1 by {label.lower()}",
        "Percents of levels are of the patients with a known value; the unknown are counted and "
        "not tested. Categories: χ² without continuity correction, Fisher's test where an expected "
        "count is below 5; numbers: Kruskal–Wallis. SMD: standardized difference"
        + (" of the two groups furthest apart. " if len(sizes) > 2 else ". ")
        + "No p is corrected for the number of variables."
        + (
            ""
            if plan.disclosure == "none"
            else " Tests of categories and SMD are made of the figures shown here; a mean is "
            "also hidden where it would tell that of few patients."
        )
        + (f" {outside} patients are in no group." if outside else ""),
        [
            "Variable",
            *(f"{level_text(level)} (n = {n})" for level, n in sizes.items()),
            "p",
            "Test",
            "SMD",
        ],
        lines if sizes else [],
        indented,
    )


def _group_cells(rows: Rows, groups: list[str]) -> dict[str, list[str]]:
    """Line of a variable -> its cell in each group."""
    lines: dict[str, list[str]] = {}

    def put(name: str, group: str, text: str) -> None:
        lines.setdefault(name, [NONE] * len(groups))[groups.index(group)] = text

    values = [row for row in rows if row["kind"] == "continuous" and row["level"] is None]
    for group in groups:
        value = {row["statistic"]: row["value"] for row in values if row["group_level"] == group}
        texts = statistic_texts(value) if value else {}
        if value.get("mean") is HIDDEN:
            texts = dict.fromkeys(("mean (SD)", "median (quartiles)", "range"), str(HIDDEN))
        for name, text in texts.items():
            put(name, group, text)
    rows = [row for row in rows if row["group_level"] in groups]
    for row in rows:
        if row["statistic"] == "count":
            share = count_text(row["n"], row["percent_of_known"])
            put(level_text(row["level_label"]), row["group_level"], share)
    if any(row["n"] for row in rows if row["statistic"] == "missing"):
        for row in rows:
            if row["statistic"] == "missing":
                put("unknown", row["group_level"], count_text(row["n"], row["percent_of_all"]))
    return lines


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


# Three standard errors of a frequency in 200 samples.
NOTABLE_DIFFERENCE = 0.10


def _stability(rows: Rows) -> Section:
    lines: list[list[str]] = []
    indented: set[int] = set()
    for row in rows:
        if row["other_factor"] is not None:
            continue
        selected = "yes" if row["selected"] else "no"
        lines.append([row["label"], selected, percent(row["frequency"]), ""])
        for pair in rows:
            if row["factor"] not in (pair["factor"], pair["other_factor"]):
                continue
            expected = pair["frequency_if_independent"]
            if expected is None or expected is HIDDEN:
                continue
            if abs(pair["frequency"] - expected) < NOTABLE_DIFFERENCE:
                continue
            first = pair["factor"] == row["factor"]
            other = pair["other_label"] if first else pair["label"]
            indented.add(len(lines))
            cells = [percent(pair["frequency"]), percent(expected)]
            lines.append([f"and {other}", "yes" if pair["selected"] else "no", *cells])
    return Section(
        "How stable the selection is",
        f"In how many of {rows[0]['resamples'] if rows else 0} bootstrap samples the rule selects "
        "each factor that the plan leaves to it. Beneath, pairs that are selected together more or "
        "less often, by 10 points, than two that have nothing to do with each other: less often "
        "where one stands for the other.",
        ["Factor", "In the model", "Selected, %", "If independent, %"],
        lines,
        indented,
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


def _roc(plan: AnalysisPlan, rows: Rows) -> Section:
    return Section(
        "Discrimination at the landmarks",
        "Area under the time-dependent ROC curve: the chance that of a patient with the event by "
        "the landmark and one followed beyond it the first has the worse value (patients censored "
        "before are allowed for by weights; interval by bootstrap). The cut has the largest "
        "sensitivity + specificity in these patients; its figures are corrected for that by "
        f"bootstrap. It moves over where {100 * plan.confidence_level:g}% of the samples put it.",
        [
            "Variable",
            "Months",
            "Cases | controls",
            "AUC (CI)",
            "Cut",
            "Moves over",
            "Sensitivity | specificity, %",
            "Youden (apparent)",
        ],
        [
            [
                _noted(_with_unit(row), [row["note"]]),
                str(row["landmark_months"]),
                f"{row['cases']} | {row['controls']}",
                interval(row["auc"], row["ci_low"], row["ci_high"], 2),
                *([NONE] * 4 if row["cutpoint"] is None else _corrected_cut(row)),
            ]
            for row in rows
        ],
    )


def _corrected_cut(row: dict[str, Any]) -> list[str]:
    if row["cutpoint"] is HIDDEN:
        return [HIDDEN] * 4
    apparent = "" if row["youden"] is HIDDEN else f" ({number(row['youden'], 2)})"
    return [
        number(row["cutpoint"]),
        f"{number(row['resampled_low'])} to {number(row['resampled_high'])}",
        f"{percent(row['sensitivity_corrected'])} | {percent(row['specificity_corrected'])}",
        f"{number(row['youden_corrected'], 2)}{apparent}",
    ]


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
