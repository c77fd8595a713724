"""Table 1 by group: each variable described within the levels of a factor, tested, and compared.

One test a kind of variable: categories by chi-square or Fisher's test (`analysis.contingency`),
numbers by Kruskal and Wallis' (of two groups, Wilcoxon's by its normal approximation). The unknown
are counted and not tested. A p says little of how far groups are apart, since it depends on their
size: the standardized difference does not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.cohort import Cohort
from analysis.contingency import (
    difference_of_means,
    difference_of_proportions,
    independence,
)
from analysis.describe import label_and_levels, table_one_rows
from analysis.plan import AnalysisPlan, CategoricalVariable, ContinuousVariable, Factor

if TYPE_CHECKING:
    import numpy.typing as npt

    FloatArray = npt.NDArray[np.float64]
    BoolArray = npt.NDArray[np.bool_]
    IntArray = npt.NDArray[np.int64]

Rows = list[dict[str, Any]]
PATIENTS = "patients"


def group_tables(cohort: Cohort, plan: AnalysisPlan) -> tuple[Rows, Rows]:
    """The rows of `results.table_one_by_group` and of `results.table_one_test`.

    A group is a level of the plan; a patient whose level is unknown or not in the plan is in none,
    and counted in the row of the grouping without a group.
    """
    described: Rows = []
    tests: Rows = []
    for column in plan.table_one.by:
        factor = plan.factor(column)
        described += _described(cohort, plan, factor)
        tests += _tests(cohort, plan, factor)
    return described, tests


def _described(cohort: Cohort, plan: AnalysisPlan, factor: Factor) -> Iterator[dict[str, Any]]:
    code = cohort.codes(factor.column, factor.levels)
    for position, level in enumerate(factor.levels, start=1):
        chosen = code == position - 1
        key = {"grouping": factor.column, "group_level": level, "group_position": position}
        yield {**key, **_size(factor, int(chosen.sum()))}
        for row in table_one_rows(cohort.among(chosen), plan):
            if row["variable"] != factor.column:
                yield {**key, **row}
    yield {"grouping": factor.column, **_size(factor, int(np.sum(code < 0)))}


def _size(factor: Factor, n: int) -> dict[str, Any]:
    return {
        "position": 0,
        "variable": factor.column,
        "label": factor.label,
        "statistic": PATIENTS,
        "n": n,
    }


def _tests(cohort: Cohort, plan: AnalysisPlan, factor: Factor) -> Iterator[dict[str, Any]]:
    code = cohort.codes(factor.column, factor.levels)
    groups = {level: code == position for position, level in enumerate(factor.levels)}
    for number in plan.table_one.continuous:
        yield {"grouping": factor.column, **_continuous(cohort, number, groups)}
    for category in plan.table_one.categorical:
        if category.column != factor.column:
            yield {"grouping": factor.column, **_categorical(cohort, plan, category, groups)}


def _continuous(
    cohort: Cohort, variable: ContinuousVariable, groups: dict[str, BoolArray]
) -> dict[str, Any]:
    values = cohort.number(variable.column)
    known = {level: values[chosen & ~np.isnan(values)] for level, chosen in groups.items()}
    present = [sample for sample in known.values() if sample.size]
    row: dict[str, Any] = {
        "variable": variable.column,
        "label": variable.name,
        "kind": "continuous",
        "n": sum(map(len, present)),
        "groups": len(present),
        **largest_difference(known, difference_of_means),
    }
    if len(present) < 2:
        return {**row, "note": "Fewer than two groups have a known value."}
    if np.ptp(np.concatenate(present)) == 0:
        return {**row, "note": "All known values are the same."}
    from scipy.stats import kruskal

    found = kruskal(*present)
    return row | {
        "test": "kruskal_wallis",
        "statistic": float(found.statistic),
        "degrees_of_freedom": len(present) - 1,
        "p": float(found.pvalue),
    }


def _categorical(
    cohort: Cohort,
    plan: AnalysisPlan,
    variable: CategoricalVariable,
    groups: dict[str, BoolArray],
) -> dict[str, Any]:
    label, levels = label_and_levels(cohort, plan, variable)
    known = cohort.known(variable.column)
    code = cohort.codes(variable.column, levels)
    counts = {
        group: np.bincount(code[chosen & known], minlength=len(levels))
        for group, chosen in groups.items()
    }
    return {
        "variable": variable.column,
        "label": label,
        "kind": "categorical",
        **compare_counts(counts, plan.seed),
    }


def compare_counts(counts: dict[str, IntArray], seed: int) -> dict[str, Any]:
    """Test and standardized difference of groups, each given by its counts over the same levels."""
    table = np.array(list(counts.values()))
    row: dict[str, Any] = {
        "n": int(table.sum()),
        "groups": int(np.sum(table.sum(axis=1) > 0)),
        **largest_difference(counts, difference_of_proportions),
    }
    found = independence(table, seed)
    if found is None:
        few = row["groups"] < 2
        note = "Fewer than two groups have a known value." if few else "All known are at one level."
        return {**row, "note": note}
    row |= vars(found)
    if found.test == "fisher_random":
        random = "Too many tables for the exact p; it is estimated from random tables."
        row["note"] = " ".join(filter(None, [random, row.get("note")]))
    return row


def largest_difference(
    samples: dict[str, Any], difference: Callable[[Any, Any], float]
) -> dict[str, Any]:
    """The pair of groups furthest apart, with a note where they have nothing in common.

    Nothing where no pair can be compared.
    """
    found = [
        (value, one, other)
        for one, other in combinations(samples, 2)
        if not np.isnan(value := difference(samples[one], samples[other]))
    ]
    if not found:
        return {}
    value, one, other = max(found, key=lambda pair: pair[0])
    pair = {"difference_level": one, "difference_other_level": other}
    if np.isinf(value):
        return {**pair, "note": f"{one} and {other} share no value: no standardized difference."}
    return {**pair, "standardized_difference": value}
