"""Table 1 by group and time-dependent ROC as they may be shown, once their counts are protected.

A mean tells those of other groups: of all patients less the groups shown, what is left must not be
few. Tests of categories and standardized differences are made again of what is shown, so that they
tell nothing more. A ROC curve keeps the points between which enough patients are.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from analysis.contingency import difference_of_summaries
from analysis.describe import STATISTICS
from analysis.group_comparison import PATIENTS, compare_counts, largest_difference
from analysis.results import TABLES
from analysis.suppression import HIDDEN
from analysis.tables import Rows

Results = dict[str, Rows]
Small = Callable[[float | None], bool]
Group = tuple[str, str]

EVERYONE: Group = ("", "")
LEFT_OUT_OF_TEST = "Groups with a hidden or small count are left out."
# Shares of a few dozen patients: more digits would tell how many they are made of.
SHARE_DIGITS = 2


def protect_groups(results: Results, made: Results, small: Small, smallest: int, seed: int) -> None:
    """Hide the numbers of Table 1 by group that tell of few, and make its tests again."""
    _hide_small_summaries(results, made, small)
    for variable in dict.fromkeys(
        row["variable"] for row in results["table_one_test"] if row["kind"] == "continuous"
    ):
        _hide_telling_summaries(results, made, variable, smallest)
    for exact, row in zip(results["table_one_test"], made["table_one_test"], strict=True):
        if exact["kind"] == "continuous":
            _test_numbers(results, made, exact, row, small)
        else:
            _test_categories(results, made, row, small, seed)


def _hide_small_summaries(results: Results, made: Results, small: Small) -> None:
    hidden = {
        (row["grouping"], row["group_level"])
        for row in made["table_one_by_group"]
        if row["statistic"] == PATIENTS and row["n"] is HIDDEN
    }
    for exact, row in zip(results["table_one_by_group"], made["table_one_by_group"], strict=True):
        if row["statistic"] not in STATISTICS:
            continue
        unknown = exact["value"] is None and row["n"] is HIDDEN
        extreme = row["statistic"] in ("min", "max")
        group = (row["grouping"], row["group_level"])
        # That a group of one has no standard deviation would tell it.
        if small(exact["n"]) or unknown or group in hidden or (extreme and exact["n"]):
            row["value"] = HIDDEN


def _means(rows: Rows, variable: str) -> dict[Group, dict[str, Any]]:
    """Group -> the row with its mean."""
    return {
        (row["grouping"], row["group_level"]): row
        for row in rows
        if (row["variable"], row["kind"], row["statistic"]) == (variable, "continuous", "mean")
    }


def _hide_telling_summaries(results: Results, made: Results, variable: str, smallest: int) -> None:
    """Until what is left of a whole, beside the parts whose mean is known, is nobody or enough."""
    n = {group: row["n"] for group, row in _means(results["table_one_by_group"], variable).items()}
    n[EVERYONE] = next(
        (
            row["n"]
            for row in results["table_one"]
            if (row["variable"], row["kind"], row["statistic"]) == (variable, "continuous", "mean")
        ),
        0,
    )
    shown = {
        group
        for group, row in _means(made["table_one_by_group"], variable).items()
        if row["value"] is not HIDDEN
    }
    if n[EVERYONE] >= smallest:
        shown.add(EVERYONE)
    relations = [
        (EVERYONE, [group for group in n if group[0] == grouping])
        for grouping in dict.fromkeys(group[0] for group in n if group != EVERYONE)
    ]
    relations += _divided(results["table_one_by_group"], n)
    while telling := _telling(n, shown, relations, smallest):
        shown.remove(telling)
        for row in made["table_one_by_group"]:
            group = (row["grouping"], row["group_level"])
            if (group, row["variable"]) == (telling, variable) and row["statistic"] in STATISTICS:
                row["value"] = HIDDEN


def _divided(rows: Rows, n: dict[Group, int]) -> list[tuple[Group, list[Group]]]:
    """Groups that consist of groups of another factor: R0 of a margin of 1 mm, and of more.

    Those of a variable that is a factor as well, of which each level is in the group or out of it.
    """
    sizes = {
        (row["grouping"], row["group_level"]): row["n"]
        for row in rows
        if row["statistic"] == PATIENTS
    }
    inside: dict[tuple[Group, str], list[tuple[Group, int]]] = {}
    for row in rows:
        part = (row["variable"], row["level"])
        if row["statistic"] == "count" and part in sizes:
            group = (row["grouping"], row["group_level"])
            inside.setdefault((group, row["variable"]), []).append((part, row["n"]))
    found = []
    for (group, _), counts in inside.items():
        parts = [part for part, count in counts if count]
        whole = all(count in (0, sizes[part]) for part, count in counts)
        if whole and sum(sizes[part] for part in parts) == sizes[group] and len(parts) > 1:
            found.append((group, parts))
    return [(group, parts) for group, parts in found if group in n and all(p in n for p in parts)]


def _telling(
    n: dict[Group, int],
    shown: set[Group],
    relations: list[tuple[Group, list[Group]]],
    smallest: int,
) -> Group | None:
    """The smallest group whose mean, beside those of others, tells that of a few patients."""
    known = set(shown)
    growing = True
    while growing:
        growing = False
        for whole, parts in relations:
            known_parts = [part for part in parts if part in known]
            left = n[whole] - sum(n[part] for part in known_parts)
            if whole in known and 0 < left < smallest:
                candidates = [part for part in parts if part in shown and n[part]]
                candidates = candidates or [group for group in (whole,) if group in shown]
                return min(candidates, key=lambda group: n[group], default=None)
            complete = n[whole] == sum(n[part] for part in parts)
            unknown = [part for part in parts if part not in known]
            if complete and whole in known and len(unknown) == 1:
                known.add(unknown[0])
                growing = True
            elif complete and whole not in known and not unknown:
                known.add(whole)
                growing = True
    return None


def _test_numbers(
    results: Results, made: Results, exact: dict[str, Any], row: dict[str, Any], small: Small
) -> None:
    """As log-rank tests: over groups of which two at least are large enough to be compared."""
    grouping, variable = row["grouping"], row["variable"]
    after_all = _means(made["table_one_by_group"], variable)
    own = {
        group[1]: (before, after_all[group])
        for group, before in _means(results["table_one_by_group"], variable).items()
        if group[0] == grouping
    }
    summaries = {level: _summary(made, grouping, level, variable) for level in own}
    shown = {level: summary for level, summary in summaries.items() if summary is not None}
    row |= dict.fromkeys(("difference_level", "difference_other_level", "standardized_difference"))
    row |= largest_difference(shown, difference_of_summaries)
    if len(shown) < sum(before["n"] > 0 for before, _ in own.values()):
        row["note"] = None
        if row["standardized_difference"] is None:
            row["standardized_difference"] = HIDDEN
    large = [before for before, _ in own.values() if before["n"] and not small(before["n"])]
    # Groups tell how many have somebody, and degrees of freedom do.
    empty = any(not before["n"] and after["n"] is HIDDEN for before, after in own.values())
    tells = small(exact["n"]) or len(large) < 2 or empty
    something = exact["p"] is not None or any(after["n"] is HIDDEN for _, after in own.values())
    if tells and something:
        _hide_test(row)


def _summary(made: Results, grouping: str, level: str, variable: str) -> tuple[float, float] | None:
    """Mean and standard deviation of a group as they are shown."""
    values = {
        row["statistic"]: row["value"]
        for row in made["table_one_by_group"]
        if (row["grouping"], row["group_level"]) == (grouping, level)
        and (row["variable"], row["kind"]) == (variable, "continuous")
        and row["statistic"] in STATISTICS
    }
    if values["mean"] is HIDDEN or values["sd"] is None:
        return None
    return values["mean"], values["sd"]


def _test_categories(
    results: Results, made: Results, row: dict[str, Any], small: Small, seed: int
) -> None:
    """Of the groups whose counts are all shown; nothing where fewer than two are left of more."""
    grouping, variable = row["grouping"], row["variable"]
    counts: dict[str, list[Any]] = {}
    few = set()
    for exact, shown in zip(results["table_one_by_group"], made["table_one_by_group"], strict=True):
        if (exact["grouping"], exact["variable"], exact["kind"]) != (
            grouping,
            variable,
            "categorical",
        ):
            continue
        if exact["statistic"] == "count":
            counts.setdefault(exact["group_level"], []).append(shown["n"])
        elif exact["statistic"] == "known" and small(exact["n"]):
            few.add(exact["group_level"])
    kept = {
        level: np.array(own)
        for level, own in counts.items()
        if level not in few and HIDDEN not in own
    }
    for column in TABLES["table_one_test"].columns:
        if column not in ("grouping", "variable", "label", "kind"):
            row[column] = None
    if len(kept) < len(counts) and sum(bool(own.any()) for own in kept.values()) < 2:
        row["n"] = HIDDEN
        _hide_test(row)
        return
    row |= compare_counts(kept, seed)
    if len(kept) < len(counts):
        row["note"] = " ".join(filter(None, [LEFT_OUT_OF_TEST, row["note"]]))


def _hide_test(row: dict[str, Any]) -> None:
    row |= dict.fromkeys(("p", "statistic", "standardized_difference"), HIDDEN)
    row |= dict.fromkeys(
        (
            "groups",
            "test",
            "degrees_of_freedom",
            "smallest_expected",
            "difference_level",
            "difference_other_level",
            "note",
        )
    )


# Shares of cases and controls with the cut in these patients: with their numbers, counts.
APPARENT = ("sensitivity", "specificity", "youden", "optimism")
CORRECTED = ("sensitivity_corrected", "specificity_corrected", "youden_corrected")
CUT = ("cutpoint", "resampled_low", "resampled_high", *CORRECTED)


def protect_roc(results: Results, made: Results, small: Small, step: int) -> None:
    """Areas and corrected cuts of enough cases and controls; curves in steps of `step` of each."""
    curves: dict[tuple[str, int], Rows] = {}
    for point in results["time_dependent_roc_curve"]:
        curves.setdefault((point["variable"], point["landmark_months"]), []).append(point)
    shown: Rows = []
    for exact, row in zip(results["time_dependent_roc"], made["time_dependent_roc"], strict=True):
        curve = curves.get((row["variable"], row["landmark_months"]), [])
        _hide(row, "n_up_to", "n_above", *APPARENT)
        of_hidden = HIDDEN in (row["cases"], row["controls"])
        if small(exact["cases"]) or small(exact["controls"]) or (of_hidden and not curve):
            row |= {"auc": HIDDEN, "note": None}
            _hide(row, "ci_low", "ci_high", *CUT)
            continue
        if _cut_tells(exact, curve, small):
            _hide(row, *CUT)
        for name in ("auc", "ci_low", "ci_high", *CORRECTED):
            row[name] = _share(row[name])
        if not of_hidden:
            shown += _coarse(curve, step)
    made["time_dependent_roc_curve"] = shown


def _hide(row: dict[str, Any], *names: str) -> None:
    row |= {name: HIDDEN for name in names if row[name] is not None}


def _share(value: Any) -> Any:
    return round(value, SHARE_DIGITS) if isinstance(value, float) else value


def _cut_tells(exact: dict[str, Any], curve: Rows, small: Small) -> bool:
    """Whether few cases, controls or patients are on a side of the cut."""
    if exact["cutpoint"] is None:
        return False
    point = next(point for point in curve if point["cutpoint"] == exact["cutpoint"])
    called = point["cases_called"], point["controls_called"]
    rest = exact["cases"] - called[0], exact["controls"] - called[1]
    return any(small(n) for n in (*called, *rest, exact["n_up_to"], exact["n_above"]))


def _coarse(curve: Rows, step: int) -> Rows:
    """The ends, and points that `step` cases and `step` controls lie between; none without any."""
    if not curve:
        return []
    first, *between, end = curve
    kept = [first]

    def apart(one: dict[str, Any], other: dict[str, Any]) -> bool:
        return all(other[name] - one[name] >= step for name in ("cases_called", "controls_called"))

    for point in between:
        if apart(kept[-1], point) and apart(point, end):
            kept.append(point)
    if len(kept) == 1:
        return []
    return [
        {
            **point,
            "position": position,
            "sensitivity": _share(point["sensitivity"]),
            "specificity": _share(point["specificity"]),
            # A cut is a patient's value.
            **dict.fromkeys(("cutpoint", "cases_called", "controls_called"), HIDDEN),
        }
        for position, point in enumerate([*kept, end], start=1)
    ]
