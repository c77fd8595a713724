"""Table 1 by group: who is counted where, which test is made, and what is said where none is."""

from __future__ import annotations

import numpy as np
import pytest

from analysis import contingency
from analysis.contingency import (
    difference_of_means,
    difference_of_proportions,
    fisher_p,
    independence,
)


def _group(results, **key):
    rows = results["table_one_by_group"]
    return [row for row in rows if all(row[name] == value for name, value in key.items())]


def _test(results, variable):
    return next(row for row in results["table_one_test"] if row["variable"] == variable)


@pytest.fixture(scope="module")
def compared(results_of):
    """Ten R0, six R1, one R2, and three in no group: unknown or at a level of no plan."""
    patients = [
        *({"resection_status": "R0", "age_at_operation": 50 + i} for i in range(10)),
        *({"resection_status": "R1", "age_at_operation": 70 + i, "sex": "male"} for i in range(6)),
        {"resection_status": "R2", "age_at_operation": None, "sex": None},
        {"resection_status": None},
        {"resection_status": None},
        {"resection_status": "RX"},
    ]
    return results_of(patients)


def test_everybody_is_in_one_group_or_counted_outside(compared, plan):
    sizes = {row["group_level"]: row["n"] for row in _group(compared, statistic="patients")}
    assert sizes == {"R0": 10, "R1": 6, "R2": 1, None: 3}
    known = _group(compared, variable="sex", statistic="known")
    missing = _group(compared, variable="sex", statistic="missing")
    assert [row["n"] for row in known] == [10, 6, 0]
    assert [row["n"] for row in missing] == [0, 0, 1]
    reason = _group(compared, variable="sex", statistic="missing_reason")
    assert [(row["group_level"], row["level"]) for row in reason] == [("R2", "not_reported")]
    assert not _group(compared, variable="resection_status", statistic="count")
    assert {row["grouping"] for row in compared["table_one_test"]} == set(plan.table_one.by)


def test_a_group_is_described_as_a_cohort_of_its_own(compared):
    value = {
        row["statistic"]: row["value"]
        for row in _group(compared, group_level="R0", variable="age_at_operation")
    }
    assert value["mean"] == pytest.approx(54.5)
    assert value["sd"] == pytest.approx(np.std(range(10), ddof=1))
    assert (value["median"], value["q1"], value["q3"]) == (54.5, 52.25, 56.75)


def test_the_unknown_are_not_tested(compared):
    # 10 women against 6 men: the only table as improbable is its mirror, which the margins forbid.
    sex = _test(compared, "sex")
    assert (sex["n"], sex["groups"], sex["test"]) == (16, 2, "fisher_exact")
    assert sex["p"] == pytest.approx(1 / 8008)
    assert sex["statistic"] is None
    age = _test(compared, "age_at_operation")
    assert (age["n"], age["groups"], age["degrees_of_freedom"]) == (16, 2, 1)
    # All six ranks on top: H = 12 / (16 17) (55^2 / 10 + 81^2 / 6) - 3 17.
    assert age["statistic"] == pytest.approx(12 / 272 * (302.5 + 1093.5) - 51)
    assert (age["difference_level"], age["difference_other_level"]) == ("R0", "R1")
    assert age["standardized_difference"] == pytest.approx(18 / np.sqrt((55 / 6 + 3.5) / 2))


def test_what_cannot_be_compared_says_why(compared):
    # Nobody varies in either: all at one level, all of one size.
    assert _test(compared, "primary_site")["note"] == "All known are at one level."
    assert _test(compared, "primary_site")["p"] is None
    assert _test(compared, "primary_site")["standardized_difference"] == 0
    assert _test(compared, "largest_metastasis_mm")["note"] == "All known values are the same."
    # All women against all men: further apart than any finite difference.
    sex = _test(compared, "sex")
    assert sex["standardized_difference"] is None
    assert sex["note"] == "R0 and R1 share no value: no standardized difference."
    assert (sex["difference_level"], sex["difference_other_level"]) == ("R0", "R1")


def test_groups_without_anything_in_common_are_further_apart_than_any_others():
    none, one, other = (np.array(counts) for counts in ([0, 0], [4, 0], [0, 3]))
    assert difference_of_proportions(one, other) == np.inf
    assert difference_of_proportions(one, one) == 0
    assert np.isnan(difference_of_proportions(one, none))
    # Three times 0.1 has a mean that is not quite 0.1.
    assert difference_of_means(np.full(3, 0.1), np.full(3, 0.3)) == np.inf
    assert difference_of_means(np.array([2.0, 2]), np.array([2.0, 2])) == 0
    assert np.isnan(difference_of_means(np.array([2.0]), np.array([2.0, 3])))


def test_fishers_test_starts_below_five_expected():
    five, less = np.array([[5, 5], [5, 5]]), np.array([[5, 5], [4, 5]])
    assert independence(five, 1).test == "chi_square"
    assert independence(less, 1).test == "fisher_exact"


def test_too_many_tables_are_drawn_at_random_and_said_so(monkeypatch):
    counts = np.array([[9, 3, 2], [2, 7, 1], [1, 2, 4]])
    exact = fisher_p(counts)
    monkeypatch.setattr(contingency, "MOST_TABLES", 20)
    assert fisher_p(counts) is None
    found = independence(counts, seed=3)
    assert found.test == "fisher_random"
    assert found.p == pytest.approx(exact, abs=4 * np.sqrt(exact / contingency.RANDOM_TABLES))
    assert found == independence(counts, seed=3)


def test_fisher_p_of_all_tables_by_hand():
    # The first row draws two of a, a, b, c: aa and bc have 1/6 each, ab and ac 2/6 each.
    assert fisher_p(np.array([[2, 0, 0], [0, 1, 1]])) == pytest.approx(1 / 3)
    assert fisher_p(np.array([[1, 1, 0], [1, 0, 1]])) == pytest.approx(1)


def test_standardized_difference_does_not_depend_on_the_size_of_the_groups():
    one, other = np.array([6, 3, 1]), np.array([2, 5, 3])
    small = difference_of_proportions(one, other)
    assert difference_of_proportions(one * 50, other * 7) == pytest.approx(small)
    # Two levels: |p - q| / sqrt((p (1 - p) + q (1 - q)) / 2).
    two = difference_of_proportions(np.array([8, 2]), np.array([5, 5]))
    assert two == pytest.approx(0.3 / np.sqrt((0.16 + 0.25) / 2))


@pytest.mark.parametrize("name", ["empty", "one_patient", "no_events", "one_empty_group"])
def test_at_the_edge_a_test_that_is_not_made_has_a_note(edge_results, name):
    results = edge_results[name]
    for row in results["table_one_test"]:
        assert (row["p"] is None) == (row["test"] is None)
        assert row["p"] is not None or row["note"]
    sizes = [row["n"] for row in _group(results, statistic="patients")]
    assert sum(sizes) == {"empty": 0, "one_patient": 1}.get(name, 40)
