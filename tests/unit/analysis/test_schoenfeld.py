"""Schoenfeld residuals in results: one per event, about the coefficient, none without a model."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.schoenfeld import smooth


@pytest.fixture(scope="module")
def found(results_of, random_patients):
    return results_of(random_patients(248, 3))


def test_one_residual_per_event_and_coefficient(found):
    model = [r for r in found["cox_multivariable"] if r["coefficient"] is not None]
    rows = found["schoenfeld_residuals"]
    assert len(rows) == len(model) * model[0]["events"]
    for estimate in model:
        own = [
            row
            for row in rows
            if (row["factor"], row["level"]) == (estimate["factor"], estimate["level"])
        ]
        assert {row["coefficient"] for row in own} == {estimate["coefficient"]}
        # Unscaled residuals add up to 0 at the maximum, so that the scaled ones have this mean.
        mean = np.mean([row["residual"] for row in own])
        assert mean == pytest.approx(estimate["coefficient"], abs=1e-6)
        assert [row["time_days"] for row in own] == sorted(row["time_days"] for row in own)


def test_the_line_runs_along_the_time_of_the_test(found):
    rows, line = found["schoenfeld_residuals"], found["schoenfeld_smooth"]
    time = {row["transformed_time"] for row in rows}
    first = [r for r in line if (r["factor"], r["level"]) == (line[0]["factor"], line[0]["level"])]
    assert len(first) == 40
    assert first[0]["transformed_time"] == pytest.approx(min(time))
    assert first[-1]["transformed_time"] == pytest.approx(max(time))
    assert first[-1]["time_months"] == max(row["time_months"] for row in rows)
    assert all(r["ci_low"] < r["coefficient_at_time"] < r["ci_high"] for r in line)


def test_a_line_through_a_straight_line_is_that_line():
    clock = np.linspace(0, 0.7, 30)
    points, line, _ = smooth(clock, np.column_stack([2 - 3 * clock, clock]))
    np.testing.assert_allclose(line, np.column_stack([2 - 3 * points, points]), atol=1e-9)


def test_no_line_through_fewer_times_than_it_bends():
    points, line, spread = smooth(np.repeat([0.0, 0.2, 0.5], 5), np.ones((15, 2)))
    assert (points.size, line.shape, spread.size) == (0, (0, 2), 0)


@pytest.mark.parametrize(
    "name", ["empty", "no_events", "one_patient", "all_dead_on_day_0", "all_tied"]
)
def test_cohorts_at_the_edge_have_residuals_only_with_a_model(edge_results, name):
    results = edge_results[name]
    estimated = any(row["coefficient"] is not None for row in results["cox_multivariable"])
    assert bool(results["schoenfeld_residuals"]) == estimated
