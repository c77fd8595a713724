"""What may leave the hospital: the tables of `results` with small counts protected.

`disclosed` takes the exact tables and gives those from which the report, `tables/` and `figures/`
are made; `results.*` of the warehouse stay exact, for analysts inside. Rules (`disclosure` of the
plan):

- `five`: counts of 1 to 4, and the counts from which one would follow (`analysis.suppression`,
  `analysis.disclosed_cells`), are hidden.
- `opensafely`: every count is rounded up to a multiple of 6 and 3 taken off (the midpoint 6
  rounding of OpenSAFELY); percents and Kaplan-Meier estimates are made of the rounded counts.

Under both, percents and estimates of groups with a small count are hidden; a curve has steps at
whole months, each made by at least as many events as the rule asks; smallest and greatest values,
which are single patients', are hidden; numbers have four digits, as more would tell the fractions
they were made of; Table 1 by group and ROC curves are treated by `analysis.disclosed_groups`; and
what cannot be protected is left out (`LEFT_OUT`), which the report says with the reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from analysis.cohort import DAYS_PER_MONTH
from analysis.describe import STATISTICS
from analysis.disclosed_cells import COHORT, count_columns, hide_counts
from analysis.disclosed_groups import SHARE_DIGITS, protect_groups, protect_roc
from analysis.group_comparison import PATIENTS
from analysis.plan import AnalysisPlan
from analysis.results import TABLES
from analysis.suppression import HIDDEN, Key
from analysis.survival import KaplanMeier, limits
from analysis.tables import Rows, cohort_patients

Results = dict[str, Rows]

_NEARLY_EQUAL = (
    "They compare groups that differ by a few patients, whose number follows from the difference."
)
# Table -> what it is, and why it is not shown under any rule.
LEFT_OUT = {
    "sensitivity": ("Disputed definitions", _NEARLY_EQUAL),
    "reproduction": ("The published figures beside those of this registry", _NEARLY_EQUAL),
    "schoenfeld_residuals": (
        "Schoenfeld residuals",
        "Each is the event of one patient, at its day. The tests of proportional hazards made of "
        "them are given.",
    ),
    "schoenfeld_smooth": (
        "The line through the Schoenfeld residuals",
        "Its times are days of events, and at its ends it bends to single ones.",
    ),
    "analysis_run": (
        "The hashes that the analysis was made of",
        "Who guesses the values of the cohort could confirm the guess.",
    ),
}
# What is no table.
ALSO_LEFT_OUT = (
    (
        "Remarks about the deliveries, and the boxes of the flow",
        "Rows of a delivery, and exclusions added up over steps, are counts that are not protected "
        "with the others; the steps themselves are given.",
    ),
    (
        "Smallest and greatest values",
        "They are those of single patients.",
    ),
)
_CUT_LEFT_OUT = (
    "Sensitivity and specificity of a cut as they were in these patients; cuts along ROC curves",
    "With the numbers of cases and controls the first are counts, and a cut is a patient's value. "
    "Figures corrected for the search are given.",
)
# Measures of the summary whose estimate is a count.
COUNTED = ("patients", "events", "living_patients")
DIGITS = 4
MIDPOINT = 6


@dataclass(frozen=True)
class Rule:
    """Counts from 1 to `smallest` - 1 are small; a step of a curve is made by `step` events."""

    smallest: int
    step: int
    sentence: str

    def small(self, count: float | None) -> bool:
        """Whether a count must not be seen."""
        return count is not None and 0 < count < self.smallest


RULES = {
    "five": Rule(
        5,
        5,
        "Small counts are protected: counts of 1 to 4 patients, and the counts from which one "
        f"would follow, are hidden ({HIDDEN}), with their percents and estimates. Curves have "
        "steps of at least 5 events at whole months, ROC curves of at least 5 cases and 5 "
        "controls; extreme values are not given.",
    ),
    "opensafely": Rule(
        MIDPOINT + 1,
        MIDPOINT,
        "Small counts are protected: every count is rounded to 3, 9, 15, … (midpoint 6 rounding), "
        "and percents, curves and survival at landmarks are made of rounded counts, so that parts "
        "need not add up to their total. Curves have steps of at least 6 events at whole months, "
        "ROC curves of at least 6 cases and 6 controls. "
        f"Estimates of groups of 1 to 6 and extreme values are not given ({HIDDEN}).",
    ),
}


def sentence(plan: AnalysisPlan) -> str:
    """What the rule in force does; nothing where there is none."""
    return RULES[plan.disclosure].sentence if plan.disclosure in RULES else ""


def left_out(plan: AnalysisPlan, results: Results) -> list[tuple[str, str]]:
    """What of the exact tables the rule in force does not show at all, and why."""
    if plan.disclosure not in RULES:
        return []
    found = [words for name, words in LEFT_OUT.items() if results[name]]
    if results["time_dependent_roc_curve"]:
        found.append(_CUT_LEFT_OUT)
    return [*found, *ALSO_LEFT_OUT]


def disclosed(results: Results, flow: Rows, plan: AnalysisPlan) -> tuple[Results, Rows]:
    """The tables of results and the rows of `marts.cohort_flow` as the plan's rule shows them.

    A count that the rule does not know is hidden, and a table that it does not know left out.
    """
    if plan.disclosure not in RULES:
        return results, flow
    rule = RULES[plan.disclosure]
    made = {
        name: [dict(row) for row in rows] if name in _ESTIMATES and name not in LEFT_OUT else []
        for name, rows in results.items()
    }
    shown_flow = [dict(row) for row in flow]
    hidden: set[Key] = set()
    if plan.disclosure == "five":
        hidden = hide_counts(made, shown_flow, plan, rule.smallest)
    else:
        _round_counts(made, shown_flow)
    small = _small_levels(results, rule)
    for name, protect in _ESTIMATES.items():
        for exact, row in zip(results[name], made[name], strict=False):
            protect(_Row(name, exact, row, rule, small))
    _percents(made, results, HIDDEN if COHORT in hidden else None, plan)
    protect_groups(results, made, rule.small, rule.smallest, plan.seed)
    protect_roc(results, made, rule.small, rule.step)
    groups = _groups(results, made, rule)
    for row in made["survival_summary"]:
        _summarize(row, groups)
    _Curves(results, made, plan, rule, hidden, groups).put()
    tests = {row["variable"]: row["n"] for row in made["spline_test"] if row["p"] is not HIDDEN}
    made["spline"] = [row for row in made["spline"] if row["variable"] in tests]
    _few_digits(made)
    return made, shown_flow


def midpoint_6(count: float) -> int:
    """0 stays 0; 1 to 6 become 3, 7 to 12 become 9, and so on (OpenSAFELY's midpoint 6)."""
    return int(-(-count // MIDPOINT) * MIDPOINT - (MIDPOINT // 2 if count else 0))


def _round_counts(made: Results, flow: Rows) -> None:
    for name, rows in made.items():
        for row in rows:
            columns = count_columns(name)
            if name == "survival_summary" and row["measure"] in COUNTED:
                columns = ["estimate"]
            for column in columns:
                if row[column] is not None:
                    row[column] = midpoint_6(row[column])
    for row in flow:
        for column in ("patients", "excluded"):
            if row[column] is not None:
                row[column] = midpoint_6(row[column])


def _small_levels(results: Results, rule: Rule) -> set[tuple[str, str]]:
    """Factor and level of the groups with few patients or few events, in whatever model."""
    small = {
        (row["factor"], row["level"])
        for name in ("cox_univariable", "cox_multivariable")
        for row in results[name]
        if rule.small(row["n_level"]) or rule.small(row["events_level"])
    }
    return small | {
        (row["grouping"], row["level"])
        for row in results["survival_summary"]
        if row["measure"] in ("patients", "events") and rule.small(row["estimate"])
    }


@dataclass(frozen=True)
class _Row:
    """A row to protect: as it is, as it will be shown with its counts done, and by which rule."""

    table: str
    exact: dict[str, Any]
    shown: dict[str, Any]
    rule: Rule
    small: set[tuple[str, str]]

    def hide(self, *columns: str) -> None:
        """Without names, every number that is no count, and the note."""
        for column in columns or _numbers(self.table):
            if self.shown[column] is not None:
                self.shown[column] = HIDDEN
        if not columns and "note" in self.shown:
            self.shown["note"] = None

    def few(self, *columns: str) -> bool:
        """Whether one of the counts is small."""
        return any(self.rule.small(self.exact[column]) for column in columns)


def _numbers(table: str) -> list[str]:
    return [
        name
        for name, (kind, _) in TABLES[table].columns.items()
        if kind == "double" and name != "proportion"
    ]


def _nothing(row: _Row) -> None:
    """Only counts."""


def _described(row: _Row) -> None:
    # Percents follow in _percents, which needs the whole table.
    if row.shown["statistic"] not in STATISTICS:
        return
    extreme = row.shown["statistic"] in ("min", "max") and row.exact["value"] is not None
    # That one patient has no standard deviation, and nobody a mean, would tell a hidden count.
    nothing = row.exact["value"] is None and row.shown["n"] is HIDDEN
    if extreme or nothing or row.few("n"):
        row.shown["value"] = HIDDEN


def _of_counts(row: _Row) -> None:
    counts = [name for name in count_columns(row.table) if row.exact[name] is not None]
    if row.few(*counts):
        row.hide()


def _compared(row: _Row) -> None:
    """A test over levels, of which two at least must be large enough to be compared."""
    _of_counts(row)
    factor = row.exact["grouping"]
    levels = (
        row.exact["levels"].split(" | ")
        if "levels" in row.exact
        else [row.exact["level"], row.exact["other_level"]]
    )
    if sum((factor, level) not in row.small for level in levels) < 2:
        row.hide()


def _ratio(row: _Row) -> None:
    """A hazard ratio compares two groups: neither may be small."""
    factor = row.exact["factor"]
    if {(factor, row.exact["level"]), (factor, row.exact["reference"])} & row.small:
        row.hide()
    elif row.exact["hazard_ratio"] is None and any(
        row.shown.get(name) is HIDDEN for name in ("n_level", "events_level")
    ):
        # That nobody has the level, or nobody died, would tell the count that is hidden.
        row.shown["note"] = None
        if not row.exact["is_reference"]:
            row.shown["hazard_ratio"] = HIDDEN


def _of_factor(row: _Row) -> None:
    if any(factor == row.exact["factor"] for factor, _ in row.small):
        row.hide()


def _fit(row: _Row) -> None:
    _of_factor(row)
    if row.exact["parameters"] and row.shown["events_per_variable"] is not HIDDEN:
        row.shown["events_per_variable"] = row.shown["events"] / row.exact["parameters"]


def _reason(row: _Row) -> None:
    if any(factor == row.exact["factor"] for factor, _ in row.small):
        row.hide("smallest_p")
        verb = row.exact["reason"].partition(": univariable p")
        if verb[1]:
            row.shown["reason"] = f"{verb[0]} by its univariable p."
    if row.exact["reason"].startswith(f"{row.exact['label']} is left out"):
        # Numbers of patients stand in parentheses behind the words.
        row.shown["reason"] = re.sub(r" \([^()]*\d[^()]*\)", "", row.shown["reason"])


def _stability(row: _Row) -> None:
    """Shares of samples in which a p is small: as those p, none of a factor with a small level."""
    factors = (row.exact["factor"], row.exact["other_factor"])
    if any(factor in factors for factor, _ in row.small):
        row.hide()
        return
    for name in ("frequency", "frequency_if_independent"):
        if row.exact[name] is not None:
            row.shown[name] = round(row.exact[name], SHARE_DIGITS)


# What protects the estimates of a row, once its counts are protected.
_ESTIMATES = {
    "table_one": _described,
    # Of these four what is no count follows in disclosed_groups, which needs whole tables.
    "table_one_by_group": _nothing,
    "table_one_test": _nothing,
    "time_dependent_roc": _nothing,
    "time_dependent_roc_curve": _nothing,
    "survival_curve": _nothing,
    "survival_summary": _nothing,
    "logrank": _compared,
    "logrank_pairwise": _compared,
    "risk_table": _nothing,
    "restricted_mean": _of_counts,
    "cox_univariable": _ratio,
    "cox_multivariable": _ratio,
    "proportional_hazards": _of_factor,
    "cumulative_incidence": _nothing,
    "gray_test": _compared,
    "cutpoint": _of_counts,
    "spline": _nothing,
    "spline_test": _of_counts,
    "cox_imputed": _ratio,
    "model_fit": _fit,
    "endpoint": _nothing,
    "cohort_restriction": _nothing,
    "model_factors": _reason,
    "model_flow": _nothing,
    "selection_stability": _stability,
}


def _percents(made: Results, results: Results, hidden_cohort: Any, plan: AnalysisPlan) -> None:
    """Percents of the counts as they are shown; of a hidden count, or of a hidden whole, none."""
    exact = cohort_patients(results) or 0
    rounds = plan.disclosure == "opensafely"
    everyone = hidden_cohort or (midpoint_6(exact) if rounds else exact)
    _percents_within(made["table_one"], everyone, rounds)
    for rows in _by(made["table_one_by_group"], "grouping", "group_level").values():
        size = next(row["n"] for row in rows if row["statistic"] == PATIENTS)
        _percents_within([row for row in rows if row["statistic"] != PATIENTS], size, rounds)


_PERCENT_OF = {
    "percent_of_known": ("count",),
    "percent_of_all": ("count", "known", "missing", "missing_reason"),
}


def _percents_within(rows: Rows, everyone: Any, rounds: bool) -> None:
    known = {
        (row["variable"], row["kind"]): row["n"] for row in rows if row["statistic"] == "known"
    }
    for row in rows:
        for column, whole in (
            ("percent_of_known", known[row["variable"], row["kind"]]),
            ("percent_of_all", everyone),
        ):
            # That there is none would tell that a hidden whole is nobody.
            if row["statistic"] in _PERCENT_OF[column] and HIDDEN in (row["n"], whole):
                row[column] = HIDDEN
            elif row[column] is not None and rounds and whole:
                row[column] = min(100 * row["n"] / whole, 100.0)


Group = tuple[str, str]


def _groups(results: Results, made: Results, rule: Rule) -> set[Group]:
    """The groups whose estimates may be shown: how many they are is, and no count is small."""
    unsafe = {
        (row["grouping"], row["level"])
        for exact, row in zip(results["survival_summary"], made["survival_summary"], strict=True)
        if (rule.small(exact["estimate"]) and row["measure"] in COUNTED)
        or (row["estimate"] is HIDDEN and row["measure"] == "patients")
    }
    return {(row["grouping"], row["level"]) for row in made["survival_summary"]} - unsafe


def _summarize(row: dict[str, Any], groups: set[Group]) -> None:
    """Extreme values are single patients'; without its counts a group has no estimates."""
    if row["measure"] in COUNTED:
        return
    extreme = row["measure"].endswith(("_min_months", "_max_months"))
    if extreme or (row["grouping"], row["level"]) not in groups:
        columns: tuple[str, ...] = ("estimate", "ci_low", "ci_high")
    elif row["estimate"] is HIDDEN or (row["at_risk"] is HIDDEN and row["estimate"] is None):
        # Why there is no estimate would tell that nobody is at risk.
        row["estimate"], columns = HIDDEN, ("ci_low", "ci_high")
    else:
        return
    for column in columns:
        if row[column] is not None or column == "estimate":
            row[column] = HIDDEN


@dataclass(frozen=True)
class _Curves:
    """Curves with steps at whole months, each of enough events."""

    results: Results
    made: Results
    plan: AnalysisPlan
    rule: Rule
    hidden: set[Key]
    groups: set[Group]

    def put(self) -> None:
        """Replace the curves, and under rounding the estimates that are read from them."""
        self.made["survival_curve"] = [
            row
            for group, curve in _by(self.results["survival_curve"], "grouping", "level").items()
            if group in self.groups
            for row in self._survival(group, curve)
        ]
        self.made["cumulative_incidence"] = [
            row
            for curve in _by(
                self.results["cumulative_incidence"], "grouping", "level", "cause"
            ).values()
            for row in self._incidence(curve)
        ]

    @property
    def _rounds(self) -> bool:
        return self.plan.disclosure == "opensafely"

    def _survival(self, group: Group, curve: Rows) -> Rows:
        end = _months_with(curve, self.rule.smallest)
        if end is None:
            return []
        so_far = _so_far(curve, "events", end)
        landmarks = {
            row["landmark_months"]
            for row in self.made["survival_summary"]
            if (row["grouping"], row["level"]) == group
            and row["measure"] == "survival_at_landmark"
            and row["estimate"] not in (None, HIDDEN)
        }
        months = step_months(so_far, landmarks, self.rule.step)
        if self._rounds:
            rows = self._rounded(curve, months, end)
            self._read(group, rows, months, so_far)
            return rows
        rows = [self._point(curve, month) for month in months]
        for before, row in pairwise([{"time_months": None}, *rows]):
            earlier = so_far[int(before["time_months"])] if before["time_months"] is not None else 0
            row["events"] = so_far[int(row["time_months"])] - earlier
        start: dict[str, Any] = {"survival": 1.0, "ci_low": 1.0, "ci_high": 1.0, "events": 0}
        if not rows or rows[0]["time_months"] > 0:
            rows = [{**curve[0], **_time(0), **start}, *rows]
        if rows[-1]["time_months"] < end:
            rows.append({**rows[-1], **_time(end), "events": 0})
        rows = [{**row, "at_risk": None, "censored": None} for row in rows]
        rows[0]["at_risk"] = curve[0]["at_risk"]
        return rows

    @staticmethod
    def _point(curve: Rows, month: int) -> dict[str, Any]:
        """The last row of a curve up to a month, dated at the month."""
        row = [row for row in curve if row["time_days"] <= month * DAYS_PER_MONTH][-1]
        return {**row, **_time(month)}

    def _rounded(self, curve: Rows, months: list[int], end: int) -> Rows:
        """The curve of rounded cumulative counts."""
        patients = midpoint_6(curve[0]["at_risk"])
        deaths, ends = (
            np.array([midpoint_6(_so_far(curve, what, end)[month]) for month in months])
            for what in ("events", "censored")
        )
        events = np.diff(deaths, prepend=0)
        # A step waits for its last event; whoever was censored till then is no longer at risk.
        at_risk = patients - (deaths - events) - ends
        at_risk = np.maximum(at_risk, events)
        survival = np.cumprod(1 - events / np.maximum(at_risk, 1))
        with np.errstate(divide="ignore", invalid="ignore"):
            error = np.sqrt(np.cumsum(events / (at_risk * (at_risk - events))))
        low, high = limits(
            survival, error, self.plan.confidence_level, self.plan.confidence_interval
        )
        rows = [
            {
                **curve[0],
                **_time(month),
                "at_risk": int(at_risk[i]),
                "events": int(events[i]),
                "censored": int(np.diff(ends, prepend=0)[i]),
                "survival": float(survival[i]),
                "ci_low": _or_none(low[i]),
                "ci_high": _or_none(high[i]),
            }
            for i, month in enumerate(months)
        ]
        start: dict[str, Any] = {"at_risk": patients, "events": 0, "censored": 0}
        start |= {"survival": 1.0, "ci_low": 1.0, "ci_high": 1.0}
        if not rows or rows[0]["time_months"] > 0:
            rows = [{**curve[0], **_time(0), **start}, *rows]
        if rows[-1]["time_months"] < end:
            rows.append({**rows[-1], **_time(end), "events": 0, "censored": 0})
        return rows

    def _read(self, group: Group, rows: Rows, months: list[int], so_far: list[int]) -> None:
        """Survival at the landmarks by the rounded curve, in the place of the exact one.

        There is none where the curve waits for more events to step. The median stays: it is a
        time, and a curve of few steps reaches one half too late.
        """
        column = {
            name: np.array([np.nan if row[name] is None else row[name] for row in rows])
            for name in ("time_days", "at_risk", "events", "censored", *_LIMITS)
        }
        curve = KaplanMeier(**column)
        for row in self.made["survival_summary"]:
            if (row["grouping"], row["level"]) != group:
                continue
            if row["measure"] != "survival_at_landmark":
                continue
            found: list[Any] = list(curve.at(row["landmark_months"] * DAYS_PER_MONTH)[:3])
            landmark = row["landmark_months"]
            last = max((month for month in months if month <= landmark), default=None)
            known = 0 if last is None else so_far[last]
            # Where too few are left, a curve ends.
            waits = landmark >= len(so_far) or so_far[landmark] > known
            if row["estimate"] is not None and waits:
                found = [HIDDEN] * 3
            for name, value in zip(("estimate", "ci_low", "ci_high"), found, strict=True):
                row[name] = value if value is HIDDEN else _or_none(value)

    def _incidence(self, curve: Rows) -> Iterator[dict[str, Any]]:
        """Incidence at the landmarks of the plan, where the events up to it may be known."""
        first = curve[0]
        group, cause = (first["grouping"], first["level"]), first["cause"]
        patients: Any = first["at_risk"]
        if self.rule.small(patients) or ("first event n", *group) in self.hidden:
            return
        events = _so_far(curve, "events", max(self.plan.landmarks_months, default=0))
        unknown = {"events": HIDDEN, "standard_error": None}
        shown = midpoint_6(patients) if self._rounds else patients
        yield {
            **first,
            **_time(0),
            **unknown,
            "at_risk": shown,
            "incidence": 0.0,
            "ci_low": None,
            "ci_high": None,
        }
        for month in self.plan.landmarks_months:
            if month * DAYS_PER_MONTH > curve[-1]["time_days"]:
                return
            point = self._point(curve, month) if events[month] else {**first, **_time(month)}
            row = {**point, **unknown, "at_risk": None}
            small = self._rounds and self.rule.small(events[month])
            if small or ("so far", cause, *group, month) in self.hidden:
                row |= dict.fromkeys(("incidence", "ci_low", "ci_high"), HIDDEN)
            elif self._rounds:
                row |= {
                    name: None if row[name] is None else round(row[name], 2)
                    for name in ("incidence", "ci_low", "ci_high")
                }
            yield row


_LIMITS = ("survival", "ci_low", "ci_high")


def step_months(so_far: list[int], wanted: set[int], step: int) -> list[int]:
    """The months at which a curve may step: `so_far` are the events up to each month from 0 on.

    Between two months of the list are `step` events at least. A `wanted` month is in it where as
    many, or none, happened since the last wanted one.
    """
    months: list[int] = []

    def since(month: int, last: int | None) -> int:
        return so_far[month] - (0 if last is None else so_far[last])

    anchors: list[int | None] = [None]
    # The last step is where the last event is.
    end = so_far.index(so_far[-1])
    for month in [*sorted(month for month in wanted if month < end), end]:
        if since(month, anchors[-1]) >= step:
            anchors.append(month)
    for start, stop in pairwise(anchors):
        last = start
        for month in range(0 if start is None else start + 1, stop or 0):
            if since(month, last) >= step and since(stop or 0, month) >= step:
                months.append(month)
                last = month
        months.append(stop or 0)
    return months


def _by(rows: Rows, *names: str) -> dict[Any, Rows]:
    groups: dict[Any, Rows] = {}
    for row in rows:
        groups.setdefault(tuple(row[name] for name in names), []).append(row)
    return groups


def _so_far(curve: Rows, what: str, end: int) -> list[int]:
    """The cumulative count of a column at each whole month up to `end`."""
    days = np.array([row["time_days"] for row in curve])
    counts = np.concatenate([[0], np.cumsum([row[what] for row in curve])])
    ticks = np.arange(end + 1) * DAYS_PER_MONTH
    return [int(count) for count in counts[np.searchsorted(days, ticks, side="right")]]


def _months_with(curve: Rows, at_least: int) -> int | None:
    """The last whole month with so many at risk; None where there are never so many."""
    enough = [row["time_days"] for row in curve if row["at_risk"] >= at_least]
    return int(max(enough) // DAYS_PER_MONTH) if enough else None


def _time(month: int) -> dict[str, Any]:
    return {"time_days": month * DAYS_PER_MONTH, "time_months": float(month)}


def _or_none(value: float) -> float | None:
    return None if value != value else float(value)


def _few_digits(made: Results) -> None:
    for name in _ESTIMATES:
        rows = made[name]
        columns = [
            column for column in _numbers(name) if column not in ("time_days", "time_months")
        ]
        for row in rows:
            if row.get("measure") in COUNTED:
                continue
            for column in columns:
                if isinstance(row[column], float):
                    row[column] = float(f"{row[column]:.{DIGITS}g}")
