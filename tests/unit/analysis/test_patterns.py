"""Patients counted by time and pattern: the same likelihood, and what does not need computing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import analysis
from analysis import partial_likelihood, processes
from analysis.cohort import read_cohort
from analysis.fingerprint import fingerprint
from analysis.partial_likelihood import NotEstimableError, Patterns, fit_cox
from analysis.results import TABLES, read_table


def _cohort(n, seed, columns=3):
    rng = np.random.default_rng(seed)
    design = (rng.random((n, columns)) < (0.2, 0.5, 0.7)[:columns]).astype(float)
    days = np.floor(rng.exponential(200 * np.exp(-design @ np.linspace(0.3, -0.6, columns))))
    return days, rng.random(n) < 0.6, design


@given(st.integers(1, 60), st.integers(0, 10_000))
def test_patterns_give_their_patients_back(n, seed):
    days, died, design = _cohort(n, seed)
    found = np.column_stack(Patterns.of(days, died, design).rows())
    given_ = np.column_stack([days, died, design])
    np.testing.assert_array_equal(
        found[np.lexsort(found.T)], given_[np.lexsort(given_.T)].astype(float)
    )


def test_patterns_of_more_values_than_a_number_can_count_are_told_apart():
    # Seventeen columns of sixteen values are 2 to the power 68; sixteen patients each differ
    # in the first alone.
    patient = np.arange(256)
    design = np.column_stack([patient % 16, *[patient // 16] * 16]).astype(float)
    data = Patterns.of(patient + 1.0, patient % 2 == 0, design)
    np.testing.assert_array_equal(data.design, design)


def test_a_large_cohort_gets_the_coefficients_of_lifelines(monkeypatch):
    data = Patterns.of(*_cohort(3000, 4))
    library = fit_cox(data, "efron")
    monkeypatch.setattr(partial_likelihood, "LARGE", 100)
    own = fit_cox(data, "efron")
    assert not np.array_equal(own.coefficients, library.coefficients)
    np.testing.assert_allclose(own.coefficients, library.coefficients, rtol=1e-8)
    np.testing.assert_allclose(own.covariance, library.covariance, rtol=1e-6)
    assert own.log_likelihood == pytest.approx(library.log_likelihood, rel=1e-10)


@pytest.mark.parametrize("ties", ["breslow", "efron"])
def test_each_patient_ten_thousand_times_over(ties):
    days, died, design = _cohort(40, 2)
    one = Patterns.of(days, died, design)
    many = replace(one, patients=one.patients * 10_000, deaths=one.deaths * 10_000)
    if ties == "breslow":
        # Breslow's likelihood of k copies is that of one to the power k, but for a constant.
        expected = fit_cox(one, ties)
        found = fit_cox(many, ties)
        np.testing.assert_allclose(found.coefficients, expected.coefficients, rtol=1e-9)
        np.testing.assert_allclose(found.covariance * 10_000, expected.covariance, rtol=1e-8)
    else:
        # With ever more deaths at a time Efron's tends to the hazard of continuous time: half of
        # those who die are gone on average, so that the effects are larger than Breslow's.
        larger = np.abs(fit_cox(many, "efron").coefficients)
        assert np.all(larger >= np.abs(fit_cox(many, "breslow").coefficients) - 1e-12)


@pytest.mark.parametrize("large", [False, True])
def test_what_has_no_estimate_says_why_in_cohorts_of_any_size(monkeypatch, large):
    if large:
        monkeypatch.setattr(partial_likelihood, "LARGE", 10)
    days, died, design = _cohort(300, 6)
    twice = np.column_stack([design, design[:, 0]])
    with pytest.raises(NotEstimableError, match="collinear") as collinear:
        fit_cox(Patterns.of(days, died, twice), "breslow")
    assert set(collinear.value.columns) == {0, 3}
    apart = np.column_stack([design[:, :1], days < np.median(days)])
    with pytest.raises(NotEstimableError, match="separates") as separated:
        fit_cox(Patterns.of(days, died, apart), "breslow")
    assert separated.value.columns == (1,)
    # One patient on the other side, and there is a maximum, however far away.
    apart[np.flatnonzero(died & (days > np.median(days)))[0], 1] = 1
    assert fit_cox(Patterns.of(days, died, apart), "breslow").coefficients[1] > 2
    with pytest.raises(NotEstimableError, match="No events"):
        fit_cox(Patterns.of(days, np.zeros(300, dtype=bool), design), "breslow")


def test_the_same_cohort_and_plan_are_not_analyzed_again(build_cohort, random_patients, plan):
    con = build_cohort(random_patients(60, 4))
    assert analysis.analyze(con, plan)
    con.execute("update results.endpoint set seed = -1")
    assert not analysis.analyze(con, plan)
    assert read_table(con, "results.endpoint")[0]["seed"] == -1

    for change in (
        lambda: con.execute(
            "update marts.survival_cohort set age_group = case age_group when '<65' then '>=65' "
            "else '<65' end where rowid = 0"
        ),
        lambda: con.execute("drop table results.spline"),
    ):
        change()
        assert analysis.analyze(con, plan)
        assert not analysis.analyze(con, plan)
    assert analysis.analyze(con, plan.model_copy(update={"seed": 4}))


def test_a_fingerprint_tells_any_value_of_the_cohort(build_cohort, random_patients, plan):
    patients = random_patients(30, 4)
    seen = set()
    for column, value in (
        (None, None),
        ("follow_up_days", 77),
        ("largest_metastasis_mm", 44.5),
        ("sex", None),
        ("perineural_invasion_missing_reason", "unreadable"),
    ):
        own = [dict(patient) for patient in patients]
        if column == "perineural_invasion_missing_reason":
            own[3] |= {"perineural_invasion": None}
        if column is not None:
            own[3][column] = value
        made_of = fingerprint(read_cohort(build_cohort(own), plan), plan)
        seen.add(made_of["cohort_sha256"])
    assert len(seen) == 5


def test_more_patients_than_the_limit_are_not_imputed_and_it_says_so(results_of, random_patients):
    results = results_of(random_patients(60, 4), imputations=3, imputation_limit=59)
    notes = {row["note"] for row in results["cox_imputed"] if not row["is_reference"]}
    assert len(notes) == 1
    assert "imputation_limit of 59" in notes.pop()
    assert {row["hazard_ratio"] for row in results["cox_imputed"]} == {None}


@pytest.mark.slow
def test_a_process_beside_computes_the_same(build_cohort, random_patients, plan, monkeypatch):
    monkeypatch.setattr(processes, "cores", lambda: 2)
    con = build_cohort(random_patients(60, 4))
    found = []
    with processes.processes(1) as beside:
        for helper in (None, beside):
            assert analysis.analyze(con, plan, beside=helper)
            found.append({name: read_table(con, f"results.{name}") for name in TABLES})
            con.execute("drop table results.analysis_run")
    assert found[0] == found[1]
    assert found[0]["selection_stability"]
    assert found[0]["time_dependent_roc_curve"]
