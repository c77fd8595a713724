"""Time-dependent ROC: by hand, in either direction, corrected for the search, at the edges."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.time_dependent_roc import Marker

MONTH = 30.4375


def _patients(*given):
    return [
        {"largest_metastasis_mm": size, "follow_up_days": int(months * MONTH), "died": died}
        for size, months, died in given
    ]


def _rows(results, month):
    row = next(r for r in results["time_dependent_roc"] if r["landmark_months"] == month)
    curve = [r for r in results["time_dependent_roc_curve"] if r["landmark_months"] == month]
    return row, curve


def test_by_hand(results_of):
    # Dead within a year at 50 and 20; followed beyond it at 10, 20 and 30.
    five = _patients((50, 5, True), (20, 8, True), (10, 20, False), (20, 30, True), (30, 40, False))
    row, curve = _rows(results_of(five), 12)
    assert (row["n"], row["cases"], row["controls"], row["censored_before"]) == (5, 2, 3, 0)
    # 50 beats all three; 20 beats 10, ties 20 and loses to 30.
    assert row["auc"] == pytest.approx((3 + 1 + 0.5) / 6)
    points = [(p["cutpoint"], p["sensitivity"], p["specificity"]) for p in curve]
    assert points == [
        (50, 0, 1),
        (30, 0.5, 1),
        (20, 0.5, pytest.approx(2 / 3)),
        (10, 1, pytest.approx(1 / 3)),
        (None, 1, 0),
    ]
    assert [p["position"] for p in curve] == [1, 2, 3, 4, 5]
    called = [(p["cases_called"], p["controls_called"]) for p in curve]
    assert called == [(0, 0), (1, 0), (1, 1), (2, 2), (2, 3)]
    assert (row["cutpoint"], row["n_up_to"], row["n_above"]) == (30, 4, 1)
    assert row["youden"] == pytest.approx(0.5)
    assert row["youden_corrected"] == pytest.approx(row["youden"] - row["optimism"])


def test_the_censored_are_stood_for_by_the_cases_after_them():
    # Of four patients one is censored on day 2, when three are followed: G is 2/3 from then on. On
    # day 5 one dies and one is censored: the death comes first, so that it weighs 3/2, not 3.
    days, died = np.array([1.0, 2, 5, 5]), np.array([True, False, True, False])
    marker = Marker(days, died, np.array([1.0, 2, 3, 4]), higher_is_worse=True)
    before = marker.uncensored_before(np.ones((4, 1)))
    np.testing.assert_allclose(before, [[1, 1, 2 / 3]])
    # Cases are the first, of weight 1, and the third, of weight 3/2; nobody is a control at 5.
    curve, _ = marker.curves([5, 1], np.ones((4, 1)))
    np.testing.assert_allclose(curve.sensitivity, [[0.6, 0.6, 0, 0]])
    assert np.isnan(curve.specificity).all()
    assert np.isnan(curve.auc()).all()


def test_a_sample_is_weighted_as_if_its_patients_were_written_out():
    rng = np.random.default_rng(4)
    days, died = rng.integers(0, 12, 60).astype(float), rng.random(60) < 0.5
    values = rng.integers(0, 9, 60).astype(float)
    counts = np.bincount(rng.integers(0, 60, 60), minlength=60)
    drawn = np.repeat(np.arange(60), counts)
    as_counts = Marker(days, died, values, True).curves([4, 8], counts[:, None] * 1.0)
    ones = np.ones((60, 1))
    written_out = Marker(days[drawn], died[drawn], values[drawn], True).curves([4, 8], ones)
    for one, other in zip(as_counts, written_out, strict=True):
        assert one.auc() == pytest.approx(other.auc())


def test_lower_values_may_be_the_ones_at_risk():
    rng = np.random.default_rng(2)
    values, dies = rng.integers(0, 8, 40).astype(float), rng.random(40) < 0.4
    days, once = np.where(dies, 1.0, 3.0), np.ones((40, 1))
    up, down, turned = (
        Marker(days, dies, sign * values, higher).curves([2], once)[0]
        for sign, higher in ((1, True), (1, False), (-1, True))
    )
    assert down.auc() == pytest.approx(1 - up.auc())
    assert down.auc() == pytest.approx(turned.auc())
    # At each cut, sides change places.
    np.testing.assert_allclose(down.sensitivity, 1 - up.sensitivity)


def test_who_is_called_a_case_where_lower_values_are_at_risk(results_of, plan):
    five = _patients((50, 5, True), (20, 8, True), (10, 20, False), (20, 30, True), (30, 40, False))
    lower = [cut.model_copy(update={"higher_is_worse": False}) for cut in plan.cutpoints]
    _, curve = _rows(results_of(five, cutpoints=lower), 12)
    called = [(p["cutpoint"], p["cases_called"], p["controls_called"]) for p in curve]
    assert called == [(None, 0, 0), (10, 0, 1), (20, 1, 2), (30, 1, 3), (50, 2, 3)]


@pytest.mark.slow
def test_a_number_that_means_nothing_has_no_gain_left_after_correction(results_of, plan):
    rng = np.random.default_rng(1)
    apparent, corrected = [], []
    for _ in range(6):
        noise = _patients(
            *zip(
                rng.normal(50, 9, 60).round(1),
                rng.exponential(40, 60) + 0.1,
                rng.random(60) < 0.7,
                strict=True,
            )
        )
        results = results_of(
            [{**p, "died": bool(p["died"])} for p in noise],
            landmarks_months=[36],
            splines=[],
            imputations=0,
            selection_resamples=0,
            sensitivity=[],
        )
        row, _ = _rows(results, 36)
        apparent.append(row["youden"])
        corrected.append(row["youden_corrected"])
    assert np.mean(apparent) > 0.15
    assert abs(np.mean(corrected)) < np.mean(apparent) / 2


def test_no_cut_without_its_correction(results_of, plan, random_patients):
    without = [cut.model_copy(update={"resamples": 0}) for cut in plan.cutpoints]
    row, curve = _rows(results_of(random_patients(80, 4), cutpoints=without), 36)
    assert row["auc"] is not None
    assert curve
    assert row["cutpoint"] is None
    assert row["sensitivity"] is None
    assert row["note"] == "No cut is given without resamples that correct it."


@pytest.mark.slow
def test_the_seed_decides_the_interval(results_of, plan, random_patients):
    patients = random_patients(80, 4)
    first, again, other = (
        _rows(results_of(patients, seed=seed), 36)[0] for seed in (plan.seed, plan.seed, 5)
    )
    assert first == again
    assert (first["auc"], first["cutpoint"]) == (other["auc"], other["cutpoint"])
    assert first["ci_low"] != other["ci_low"]


@pytest.mark.parametrize(
    ("name", "note"),
    [
        ("empty", "No events up to the landmark."),
        ("no_events", "No events up to the landmark."),
        ("all_dead_on_day_0", "Nobody is followed beyond the landmark."),
    ],
)
def test_what_has_no_curve_says_why(edge_results, name, note):
    row, curve = _rows(edge_results[name], 60)
    assert (row["auc"], row["note"], curve) == (None, note, [])


def test_one_value_has_no_curve(results_of):
    row, curve = _rows(results_of(_patients((40, 5, True), (40, 70, False))), 12)
    assert (row["auc"], row["note"], curve) == (None, "All known values are the same.", [])
