"""Table 1: the whole cohort described, the unknown counted by reason."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from analysis.cohort import REASON_WORDS, Cohort
from analysis.plan import AnalysisPlan, CategoricalVariable, ContinuousVariable, in_words

# Quartiles by linear interpolation: R's type 7, the default of R, numpy and Excel.
STATISTICS = ("mean", "sd", "median", "q1", "q3", "min", "max")


def table_one_rows(cohort: Cohort, plan: AnalysisPlan) -> list[dict[str, Any]]:
    """The rows of `results.table_one`: per variable its levels or statistics, then the unknown.

    percent_of_known is null where nobody is known, percent_of_all where the cohort is empty.
    """
    rows: list[dict[str, Any]] = []
    for number in plan.table_one.continuous:
        rows += _continuous(cohort, number)
    for category in plan.table_one.categorical:
        rows += _categorical(cohort, plan, category)
    return [{"position": position, **row} for position, row in enumerate(rows, start=1)]


def _percent(n: int, total: int) -> float | None:
    return 100 * n / total if total else None


def _continuous(cohort: Cohort, variable: ContinuousVariable) -> Iterator[dict[str, Any]]:
    values = cohort.number(variable.column)
    known = values[~np.isnan(values)]
    key = {
        "variable": variable.column,
        "label": variable.name,
        "unit": variable.unit,
        "kind": "continuous",
    }
    figures: dict[str, float | None] = dict.fromkeys(STATISTICS)
    if known.size:
        q1, median, q3 = np.percentile(known, [25, 50, 75])
        figures |= {
            "mean": float(known.mean()),
            "sd": float(known.std(ddof=1)) if known.size > 1 else None,
            "median": float(median),
            "q1": float(q1),
            "q3": float(q3),
            "min": float(known.min()),
            "max": float(known.max()),
        }
    for statistic, value in figures.items():
        yield {**key, "statistic": statistic, "n": int(known.size), "value": value}
    for row in _known_and_missing(cohort, variable.column, ~np.isnan(values)):
        yield {**key, **row}


def _categorical(
    cohort: Cohort, plan: AnalysisPlan, variable: CategoricalVariable
) -> Iterator[dict[str, Any]]:
    column = variable.column
    label, levels = label_and_levels(cohort, plan, variable)
    known = cohort.known(column)
    counts = np.bincount(cohort.codes(column, levels)[known], minlength=len(levels))
    key = {"variable": column, "label": label, "kind": "categorical"}
    for level, n in zip(levels, counts.tolist(), strict=True):
        yield {
            **key,
            "level": level,
            "level_label": variable.level_labels.get(level, level),
            "statistic": "count",
            "n": n,
            "percent_of_known": _percent(n, int(known.sum())),
            "percent_of_all": _percent(n, cohort.patients),
        }
    for row in _known_and_missing(cohort, column, known):
        yield {**key, **row}


def label_and_levels(
    cohort: Cohort, plan: AnalysisPlan, variable: CategoricalVariable
) -> tuple[str, list[str]]:
    """A variable's own label and levels, else those of the factor of the same column.

    A level that the plan does not name is described too: Table 1 loses nobody.
    """
    label, levels = variable.label, variable.levels
    for factor in plan.factors:
        if factor.column == variable.column:
            label, levels = label or factor.label, levels or factor.levels
    found = cohort.categories[variable.column].cat.categories
    others = sorted(set(found) - set(levels or []))
    return label or in_words(variable.column), [*(levels or []), *others]


def _known_and_missing(cohort: Cohort, column: str, known: Any) -> Iterator[dict[str, Any]]:
    n_known = int(known.sum())
    for statistic, n in (("known", n_known), ("missing", cohort.patients - n_known)):
        yield {"statistic": statistic, "n": n, "percent_of_all": _percent(n, cohort.patients)}
    for reason, n in cohort.reason_counts(column, ~known).items():
        yield {
            "level": reason,
            "level_label": REASON_WORDS.get(reason, reason),
            "statistic": "missing_reason",
            "n": n,
            "percent_of_all": _percent(n, cohort.patients),
        }
