"""The rows of `results` as readers see them: numbers rounded, counts beside percents.

Each function gives a list of dictionaries of text, used by the report and written as CSV.
"""

from __future__ import annotations

from typing import Any

from analysis.cohort import reason_text
from analysis.figures import hazard_ratio_text, level_text, p_text
from analysis.suppression import HIDDEN

Rows = list[dict[str, Any]]
Cells = list[dict[str, str]]

NOT_REACHED = "not reached"
NONE = "–"


def table_one(rows: Rows) -> Cells:
    """Table 1: variable, level, value; `kind` says whether a row is a heading or a level."""
    cells: Cells = []
    for variable in dict.fromkeys((row["variable"], row["kind"]) for row in rows):
        own = [row for row in rows if (row["variable"], row["kind"]) == variable]
        cells += _continuous(own) if variable[1] == "continuous" else _categorical(own)
    return cells


def _heading(own: Rows) -> dict[str, str]:
    first = own[0]
    unit = f", {first['unit']}" if first["unit"] else ""
    known = next(row["n"] for row in own if row["statistic"] == "known")
    return {"kind": "variable", "name": f"{first['label']}{unit}", "value": "", "known": str(known)}


def _missing(own: Rows) -> Cells:
    n = next(row["n"] for row in own if row["statistic"] == "missing")
    if not n:
        return []
    share = next(row["percent_of_all"] for row in own if row["statistic"] == "missing")
    reasons = {row["level"]: row["n"] for row in own if row["statistic"] == "missing_reason"}
    name = f"unknown: {reason_text(reasons)}" if reasons else "unknown"
    return [{"kind": "missing", "name": name, "value": count_text(n, share), "known": ""}]


def _continuous(own: Rows) -> Cells:
    value = {row["statistic"]: row["value"] for row in own}
    cells = [_heading(own)]
    for name, text in statistic_texts(value).items():
        cells.append({"kind": "level", "name": name, "value": text, "known": ""})
    return cells + _missing(own)


def statistic_texts(value: dict[str, float | None]) -> dict[str, str]:
    """The statistics of a number as `mean (SD)`, `median (quartiles)`, `range`; none if unknown."""
    mean, sd = value["mean"], value["sd"]
    if mean is None:
        return {}
    if value["median"] is HIDDEN:
        return {"median": str(HIDDEN)}
    median, q1, q3, least, most = (
        measured(value[name] or 0.0) for name in ("median", "q1", "q3", "min", "max")
    )
    return {
        "mean (SD)": f"{mean:.1f}" if sd is None else f"{mean:.1f} ({sd:.1f})",
        "median (quartiles)": f"{median} ({q1}–{q3})",
        "range": str(HIDDEN) if value["min"] is HIDDEN else f"{least}–{most}",
    }


def _categorical(own: Rows) -> Cells:
    cells = [_heading(own)]
    known = any(row["n"] for row in own if row["statistic"] == "known")
    for row in own:
        if row["statistic"] == "count" and known:
            text = count_text(row["n"], row["percent_of_known"])
            name = level_text(row["level_label"])
            cells.append({"kind": "level", "name": name, "value": text, "known": ""})
    return cells + _missing(own)


RESULT_TITLES = {
    "table_one": "Table 1",
    "survival_summary": "Survival",
    "logrank": "Log-rank tests",
    "cox_univariable": "Table 2, univariable models",
    "cox_multivariable": "Table 2, multivariable model",
}


def cohort_patients(results: dict[str, Rows]) -> Any:
    """The size of the cohort as results tell it; None where nothing was described or modeled."""
    for row in results["model_flow"]:
        return row["remaining"]
    sizes = [
        (row["n"], other["n"])
        for row in results["table_one"]
        if row["statistic"] == "known"
        for other in results["table_one"]
        if (other["variable"], other["kind"], other["statistic"])
        == (row["variable"], row["kind"], "missing")
    ]
    sizes += [(row["patients_known"], row["patients_unknown"]) for row in results["model_factors"]]
    shown = [size for size in sizes if HIDDEN not in size]
    return sum(shown[0]) if shown else HIDDEN if sizes else None


def reproduction(rows: Rows) -> Cells:
    """Published beside reproduced figures, to one digit more than is printed.

    A corrected figure stands behind the printed one: `1.219 (for 1.209)`.
    """
    cells: Cells = []
    for row in rows:
        digits = len((row["corrected"] or row["printed"]).partition(".")[2]) + 1
        corrected = f" (for {row['corrected']})" if row["corrected"] else ""
        cells.append(
            {
                "section": RESULT_TITLES[row["result"]],
                "label": row["label"],
                "published": f"{row['printed']}{corrected}",
                "reproduced": _figure(row["reproduced"], digits),
                "difference": _figure(row["difference"], digits, "+"),
                "verdict": row["verdict"],
                "without_day_0": _figure(row["without_day_0"], digits),
                "fault": row["fault"] or "",
            }
        )
    return cells


def _figure(value: float | None, digits: int, sign: str = "") -> str:
    if value is None:
        return NONE
    if digits == 1 and value == int(value):
        digits = 0
    text = f"{value:{sign}.{digits}f}"
    return text if float(text) else "0"


def measured(value: float) -> str:
    """A value as it can be measured: one decimal, none where it is whole."""
    return f"{value:.1f}".removesuffix(".0")


def count_text(n: int, percent: float | None) -> str:
    """`43 (17.3%)`; only the count where there is nothing to take a percent of."""
    return str(n) if percent in (None, HIDDEN) else f"{n} ({percent:.1f}%)"


def cox_side_by_side(univariable: Rows, multivariable: Rows, events: str) -> Cells:
    """Univariable beside multivariable hazard ratios; levels that nobody has are left out.

    The counts of a level are its events / its patients in the univariable model.
    """
    together = {(row["factor"], row["level"]): row for row in multivariable}
    cells: Cells = []
    for row in univariable:
        if row["is_reference"]:
            cells.append(
                {
                    "kind": "factor",
                    "name": row["label"],
                    "counts": f"n {row['n']}, {events} {row['events']}",
                }
            )
        if not row["n_level"]:
            continue
        other = together.get((row["factor"], row["level"]))
        cell = {
            "kind": "reference" if row["is_reference"] else "level",
            "name": level_text(row["level"]),
            "counts": f"{row['events_level']}/{row['n_level']}",
            "univariable": _ratio(row),
            "univariable_p": _p(row),
            "multivariable": _ratio(other) if other else "",
            "multivariable_p": _p(other) if other else "",
            "note": row["note"] or (other["note"] if other else None) or "",
        }
        cells.append(cell)
    return cells


def _ratio(row: dict[str, Any]) -> str:
    if row["hazard_ratio"] is not None:
        return hazard_ratio_text(row)
    return "1 (reference)" if row["is_reference"] and not row["note"] else "not estimable"


def _p(row: dict[str, Any]) -> str:
    return "" if row["p"] is None else p_text(row["p"])


def logrank(rows: Rows) -> Cells:
    """The log-rank tests as text, a row per test."""
    return [
        {
            "label": row["label"],
            "levels": level_text(row["levels"]),
            "note": row["note"] or "",
            "patients": str(row["patients"]),
            "events": str(row["events"]),
            "chi_square": number(row["chi_square"], 2),
            "degrees_of_freedom": number(row["degrees_of_freedom"], 0),
            "p": p_text(row["p"]),
            "trend_p": p_text(row["trend_p"]),
        }
        for row in rows
    ]


def number(value: float | None, digits: int = 1) -> str:
    """A number, or a dash."""
    return NONE if value is None else f"{value:.{digits}f}"


def survival_groups(summary: Rows, grouping: str) -> Cells:
    """Per group: patients, deaths, median, and survival at each landmark with those at risk."""
    cells: Cells = []
    chosen = [row for row in summary if row["grouping"] == grouping]
    for level in dict.fromkeys(row["level"] for row in chosen):
        own = [row for row in chosen if row["level"] == level]
        by_measure = {row["measure"]: row for row in own}
        if not by_measure["patients"]["estimate"]:
            continue
        cell = {
            "level": level_text(level),
            "patients": f"{by_measure['patients']['estimate']:.0f}",
            "events": f"{by_measure['events']['estimate']:.0f}",
            "median": month_text(by_measure["median_survival_months"]["estimate"]),
            "median_ci": month_interval(by_measure["median_survival_months"]),
        }
        for row in own:
            if row["measure"] == "survival_at_landmark":
                month = row["landmark_months"]
                cell[f"survival_{month}"] = percent_text(row["estimate"])
                cell[f"survival_ci_{month}"] = percent_interval(row)
                cell[f"at_risk_{month}"] = str(row["at_risk"])
        cells.append(cell)
    return cells


def month_text(months: float | None) -> str:
    """`43.0`, or `not reached`."""
    return NOT_REACHED if months is None else f"{months:.1f}"


def month_interval(row: dict[str, Any]) -> str:
    """`36.2–not reached`; nothing where both limits are undefined."""
    if HIDDEN in (row["estimate"], row["ci_low"], row["ci_high"]):
        return ""
    if row["ci_low"] is None and row["ci_high"] is None:
        return ""
    low = NONE if row["ci_low"] is None else f"{row['ci_low']:.1f}"
    return f"{low}–{month_text(row['ci_high'])}"


def percent_text(share: float | None) -> str:
    """`56.3%`, or why there is none."""
    if share is HIDDEN:
        return HIDDEN
    return "beyond follow-up" if share is None else f"{100 * share:.1f}%"


def percent_interval(row: dict[str, Any]) -> str:
    """`50.1–63.2`; nothing where the limits are undefined."""
    if HIDDEN in (row["estimate"], row["ci_low"], row["ci_high"]):
        return ""
    if row["ci_low"] is None or row["ci_high"] is None:
        return ""
    return f"{100 * row['ci_low']:.1f}–{100 * row['ci_high']:.1f}"


def with_interval(estimate: str, interval: str) -> str:
    """`43.0 (36.2–51.1)`."""
    return f"{estimate} ({interval})" if interval else estimate
