"""Compare with published figures: a plan may name a CSV of them, the report says how close it is.

The file has a row per figure:

- label: the figure in words.
- table, variable, level, statistic: where `results` holds it. table_one: statistic count (of a
  level), percent (a level's share of the known), known, missing, mean, sd, median, …;
  survival_summary: variable is the grouping, statistic the measure, at_months its landmark;
  logrank: level is `levels`, statistic p; cox_univariable and cox_multivariable: statistic
  hazard_ratio, ci_low, ci_high or p.
- printed: the figure as published. Its digits say how it was rounded.
- corrected: what is aimed at where the published figure is at fault; else blank.
- tolerance: the greatest difference allowed, as a number or as a percent of the figure (`1%`);
  blank: half a unit of the last printed digit.
- fault: a sentence about what is wrong with the published figure; else blank.

A p on the other side of the plan's level of significance than the published one, or a confidence
limit on the other side of 1, is outside whatever the tolerance.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.errors import PlanError

if TYPE_CHECKING:
    from analysis.plan import AnalysisPlan

AS_PRINTED = "as printed"
WITHIN = "within tolerance"
OUTSIDE = "outside"
NOT_ESTIMATED = "not estimated"

COLUMNS = (
    "label",
    "table",
    "variable",
    "level",
    "statistic",
    "at_months",
    "printed",
    "corrected",
    "tolerance",
    "fault",
)
# How each table of results is searched: the column that holds the variable.
VARIABLES = {
    "table_one": "variable",
    "survival_summary": "grouping",
    "logrank": "grouping",
    "cox_univariable": "factor",
    "cox_multivariable": "factor",
}
# Of these the whole cohort is counted, whatever its survival times.
DESCRIPTIONS = ("table_one",)
# Products of floating point numbers miss a limit by less than this.
ROUNDING_ERROR = 1e-9

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class PublishedFigure:
    """A row of the file; see the head of this module."""

    label: str
    table: str
    variable: str
    level: str
    statistic: str
    at_months: str
    printed: str
    corrected: str
    tolerance: str
    fault: str

    @property
    def expected(self) -> float:
        return float(self.corrected or self.printed)

    @property
    def rounding(self) -> float:
        """Half a unit of the last printed digit."""
        return 0.5 * 10.0 ** -len((self.corrected or self.printed).partition(".")[2])

    @property
    def greatest_difference(self) -> float:
        if not self.tolerance:
            return self.rounding
        if self.tolerance.endswith("%"):
            return abs(self.expected) * float(self.tolerance[:-1]) / 100
        return float(self.tolerance)


def read_published_figures(path: Path) -> list[PublishedFigure]:
    """Read a file of published figures.

    Raises `PlanError` where it cannot be read, lacks a column, or holds what is no number.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as handle:
            rows = list(csv.DictReader(handle, strict=True, restval=""))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise PlanError(f"{path}: cannot be read; expected a CSV file in UTF-8") from error
    absent = [name for name in COLUMNS if rows and name not in rows[0]]
    if not rows or absent:
        raise PlanError(f"{path}: no column {', '.join(absent or COLUMNS)}; expected each once")
    figures = [PublishedFigure(**{name: row[name] for name in COLUMNS}) for row in rows]
    problems = [
        f"{path}, line {line}: {problem}"
        for line, figure in enumerate(figures, start=2)
        for problem in _problems(figure)
    ]
    if problems:
        raise PlanError("\n".join(problems))
    return figures


def _problems(figure: PublishedFigure) -> Iterator[str]:
    if figure.table not in VARIABLES:
        yield f"table: found {figure.table!r}; expected one of {', '.join(VARIABLES)}"
    for name in ("printed", "corrected", "tolerance", "at_months"):
        text = getattr(figure, name)
        try:
            float(text.removesuffix("%") if name == "tolerance" else text or "0")
        except ValueError:
            if text:
                yield f"{name}: found {text!r}; expected a number"
    if not figure.printed:
        yield "printed: found nothing; expected a number"


def reproduction_rows(
    figures: list[PublishedFigure],
    plan: AnalysisPlan,
    tables: Mapping[str, Rows],
    without_day_0: Mapping[str, Rows],
) -> Rows:
    """The rows of `results.reproduction`.

    `without_day_0` are the tables of the patients whose survival time is not 0: Stata leaves out
    the others, who died on the day of the operation.
    """
    rows = []
    for position, figure in enumerate(figures, start=1):
        found = _find(figure, tables)
        later = None if figure.table in DESCRIPTIONS else _find(figure, without_day_0)
        row = {
            "position": position,
            "label": figure.label,
            "result": figure.table,
            "printed": figure.printed,
            "corrected": figure.corrected or None,
            "expected": figure.expected,
            "reproduced": found,
            "difference": None if found is None else found - figure.expected,
            "tolerance": figure.greatest_difference,
            "verdict": verdict(figure, found, 1 - plan.confidence_level),
            "without_day_0": later,
            "fault": figure.fault or None,
        }
        rows.append(row)
    return rows


def verdict(figure: PublishedFigure, found: float | None, significance: float) -> str:
    """How a figure compares with the published one."""
    if found is None:
        return NOT_ESTIMATED
    turn = {"p": significance, "ci_low": 1.0, "ci_high": 1.0}.get(figure.statistic)
    if turn is not None and (found - turn) * (figure.expected - turn) < -ROUNDING_ERROR:
        return OUTSIDE
    difference = abs(found - figure.expected)
    if difference <= figure.rounding + ROUNDING_ERROR:
        return AS_PRINTED
    return WITHIN if difference <= figure.greatest_difference + ROUNDING_ERROR else OUTSIDE


def _find(figure: PublishedFigure, tables: Mapping[str, Rows]) -> float | None:
    """The figure in the rows of its table; None where there is no such row or no estimate."""
    for row in tables[figure.table]:
        if row[VARIABLES[figure.table]] == figure.variable and _matches(figure, row):
            value = _value(figure, row)
            return None if value is None or value != value else float(value)
    return None


def _matches(figure: PublishedFigure, row: dict[str, Any]) -> bool:
    if figure.table == "table_one":
        statistic = "count" if figure.statistic == "percent" else figure.statistic
        return row["statistic"] == statistic and (row.get("level") or "") == figure.level
    if figure.table == "survival_summary":
        landmark = row.get("landmark_months")
        return (
            row["measure"] == figure.statistic
            and row["level"] == figure.level
            and (landmark is None or landmark == float(figure.at_months or 0))
        )
    return bool(row["levels" if figure.table == "logrank" else "level"] == figure.level)


def _value(figure: PublishedFigure, row: dict[str, Any]) -> Any:
    if figure.table == "table_one":
        if figure.statistic == "percent":
            return row["percent_of_known"]
        counted = figure.statistic in ("count", "known", "missing", "missing_reason")
        return row["n"] if counted else row["value"]
    return row["estimate"] if figure.table == "survival_summary" else row.get(figure.statistic)
