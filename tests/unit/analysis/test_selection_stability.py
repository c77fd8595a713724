"""Selection in bootstrap samples: the same as selecting in each of them, and what is made of it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from analysis.cohort import read_cohort, unusable_reason
from analysis.cox import univariable_models
from analysis.plan import FixedSelection
from analysis.resampling import resample_counts
from analysis.selection import select
from analysis.selection_stability import UnivariableFits, stability_rows


def _drawn(cohort, counts):
    """The cohort of a sample, its patients written out as often as they were drawn."""
    rows = np.repeat(np.arange(cohort.patients), counts.astype(int))
    return replace(
        cohort,
        days=cohort.days[rows],
        died=cohort.died[rows],
        categories=cohort.categories.iloc[rows].reset_index(drop=True),
        numbers=cohort.numbers.iloc[rows].reset_index(drop=True),
        reasons=cohort.reasons.iloc[rows].reset_index(drop=True),
    )


def _selected(cohort, plan):
    usable = [factor for factor in plan.factors if unusable_reason(cohort, factor) is None]
    models = {m.factors[0].column: m for m in univariable_models(cohort, plan, usable)}
    return {factor.column for factor in select(cohort, plan, models)[0]}


@pytest.fixture(scope="module")
def cohort(build_cohort, plan, random_patients):
    """Small, tied and with rare levels, so that samples lack levels, events and estimates."""
    patients = [
        {**p, "follow_up_days": p["follow_up_days"] // 400 * 400, "tumor_grade": grade}
        for p, grade in zip(random_patients(45, 6), ["well", "moderate", "poor"] * 15, strict=True)
    ]
    for rare in patients[:3]:
        rare["resection_status"] = "R2"
    return read_cohort(build_cohort(patients), plan)


@pytest.mark.slow
@pytest.mark.parametrize("ties", ["breslow", "efron"])
def test_counts_select_what_the_samples_written_out_select(cohort, plan, ties):
    chosen_plan = plan.model_copy(update={"ties": ties, "exclude": []})
    forced = set(chosen_plan.selection.forced)
    samples = next(resample_counts(cohort.patients, 12, 3))
    judged = [f for f in chosen_plan.factors if f.column not in forced]
    p = np.column_stack(
        [UnivariableFits(cohort, factor, ties).smallest_p(samples) for factor in judged]
    )
    # Some of the samples have to lack an estimate for this to show anything.
    assert np.isnan(p).any()
    for sample, own in zip(samples.T, p, strict=True):
        entered = {f.column for f, value in zip(judged, own, strict=True) if value < 0.1}
        assert entered == _selected(_drawn(cohort, sample), chosen_plan) - forced


@pytest.mark.parametrize("ties", ["breslow", "efron"])
def test_the_patients_themselves_give_the_p_of_the_models(cohort, plan, ties):
    plan = plan.model_copy(update={"ties": ties})
    usable = [factor for factor in plan.factors if unusable_reason(cohort, factor) is None]
    once = np.ones((cohort.patients, 1))
    for model in univariable_models(cohort, plan, usable):
        values = [row["p"] for row in model.rows if row.get("p") is not None]
        found = UnivariableFits(cohort, model.factors[0], ties).smallest_p(once)[0]
        assert found == pytest.approx(min(values), rel=1e-6) if values else np.isnan(found)


def test_frequencies_of_factors_and_pairs(cohort, plan):
    plan = plan.model_copy(update={"selection_resamples": 60})
    rows = stability_rows(cohort, plan, ["sex", "size_group", "hepatectomy_extent"], [])
    # Sex is forced: the rule does not judge it.
    assert [(r["factor"], r.get("other_factor")) for r in rows] == [
        ("size_group", None),
        ("hepatectomy_extent", None),
        ("size_group", "hepatectomy_extent"),
    ]
    size, extent, both = (row["frequency"] for row in rows)
    assert max(0, size + extent - 1) - 1e-12 <= both <= min(size, extent)
    assert rows[2]["frequency_if_independent"] == pytest.approx(size * extent)
    samples = next(resample_counts(cohort.patients, 60, plan.seed))
    p = UnivariableFits(cohort, plan.factor("hepatectomy_extent"), plan.ties).smallest_p(samples)
    assert extent == pytest.approx(np.mean(p < 0.1))


def test_blocks_of_samples_are_the_same_samples(monkeypatch):
    whole = np.concatenate(list(resample_counts(30, 9, 4)), axis=1)
    monkeypatch.setattr("analysis.resampling.LARGEST_BLOCK", 61)
    blocks = list(resample_counts(30, 9, 4))
    assert [block.shape[1] for block in blocks] == [2, 2, 2, 2, 1]
    np.testing.assert_array_equal(np.concatenate(blocks, axis=1), whole)
    assert (whole.sum(axis=0) == 30).all()


def test_nothing_is_resampled_where_the_plan_names_the_factors(cohort, plan):
    named = FixedSelection(rule="fixed", factors=["sex"])
    assert stability_rows(cohort, plan.model_copy(update={"selection": named}), ["sex"], []) == []
    none = plan.model_copy(update={"selection_resamples": 0})
    assert stability_rows(cohort, none, ["size_group"], []) == []


@pytest.mark.parametrize(
    "name", ["no_events", "all_dead_on_day_0", "all_tied", "perfect_separation", "one_empty_group"]
)
def test_frequencies_at_the_edge_are_shares(edge_results, name):
    rows = edge_results[name]["selection_stability"]
    assert rows
    assert all(0 <= row["frequency"] <= 1 for row in rows)
    if name == "no_events":
        assert not any(row["frequency"] for row in rows)
