"""Counts and percents in words: exact inside the hospital, protected outside."""

from __future__ import annotations

import itertools

import pytest

from expectations.report.counts import Counts

INSIDE, OUTSIDE = Counts(), Counts(external=True)


@pytest.mark.parametrize(
    ("part", "whole", "expected"),
    [
        (0, 261, "0 of 261 (0.0%)"),
        (1, 20_000, "1 of 20,000 (<0.1%)"),
        (9, 20_000, "9 of 20,000 (<0.1%)"),
        (10, 20_000, "10 of 20,000 (0.1%)"),
        (63, 240, "63 of 240 (26.2%)"),
        (19_999, 20_000, "19,999 of 20,000 (>99.9%)"),
        (19_990, 20_000, "19,990 of 20,000 (>99.9%)"),
        (19_989, 20_000, "19,989 of 20,000 (99.9%)"),
        (240, 240, "240 of 240 (100.0%)"),
        (0, 0, "0 of 0"),
        (None, 12, "– of 12"),
        (3, None, "3 of –"),
    ],
)
def test_percents_inside_the_hospital_hide_no_case(part, whole, expected):
    assert INSIDE.of(part, whole) == expected


@pytest.mark.parametrize(
    ("part", "whole", "expected"),
    [
        (0, 261, "0 of 260 (0%)"),
        (1, 20_000, "<5 of 20,000 (<0.1%)"),
        (4, 100, "<5 of 100 (<5%)"),
        (5, 100, "5 of 100 (5%)"),
        (63, 240, "60 of 240 (25%)"),
        # what is left over is as small as a small count
        (96, 100, "95 of 100 (>95%)"),
        (100, 100, "100 of 100 (100%)"),
        (3, 7, "<5 of 5"),
        (2, 4, "<5 of <5"),
        (0, 3, "0 of <5"),
        (7, 8, "5 of 5"),
        (0, 0, "0 of 0"),
    ],
)
def test_small_counts_are_not_shown_outside(part, whole, expected):
    assert OUTSIDE.of(part, whole) == expected


def test_a_small_count_follows_from_no_difference():
    """What is shown of a total and of its other part leaves each of 1, 2, 3 and 4 possible."""
    possible: dict[tuple[str, str, str], set[int]] = {}
    for small, other in itertools.product(range(1, 5), range(5, 200)):
        whole = small + other
        shown = (OUTSIDE.text(whole), OUTSIDE.text(other), OUTSIDE.percent(other, whole))
        possible.setdefault(shown, set()).add(small)
    assert {frozenset(counts) for counts in possible.values()} == {frozenset({1, 2, 3, 4})}


def test_nothing_small_is_drawn_outside():
    assert INSIDE.drawn(239, 240) == pytest.approx(99.583, abs=0.001)
    assert OUTSIDE.drawn(239, 240) is None
    assert OUTSIDE.drawn(3, 240) is None
    assert OUTSIDE.drawn(120, 240) == 50.0
    assert INSIDE.drawn(0, 0) is None


@pytest.mark.parametrize(
    ("counts", "now", "then", "expected"),
    [
        (INSIDE, (50, 100), (40, 100), "+10.0 points"),
        (INSIDE, (40, 100), (50, 100), "−10.0 points"),
        (INSIDE, (50, 100), (50, 100), "no change"),
        (INSIDE, (10_001, 20_000), (10_000, 20_000), "+<0.1 points"),
        (INSIDE, (50, 100), None, "–"),
        (OUTSIDE, (50, 100), (40, 100), "+10 points"),
        (OUTSIDE, (98, 100), (40, 100), "–"),
    ],
)
def test_changes_in_points(counts, now, then, expected):
    assert counts.points(now, then) == expected
