"""The search for the latent cohort: its times, its loss and its moves."""

from collections import Counter

import numpy as np
import pytest
from statsmodels.duration.hazard_regression import PHReg

from examples.published_series import anneal, published


@pytest.fixture(scope="module")
def times() -> anneal.Times:
    return anneal.draw_times(anneal.SEED)


def test_times_follow_the_published_curve(times: anneal.Times) -> None:
    assert times.died.sum() == published.count("died", "true")
    assert (times.died & (times.days <= 30)).sum() == 6
    living = times.months[~times.died]
    assert round(float(np.median(living))) == 46
    assert (round(living.min()), round(living.max())) == (12, 122)


def test_a_newton_step_from_the_estimate_is_none(times: anneal.Times) -> None:
    luck = np.random.default_rng(5).random((2, len(times.days)))
    columns = [(row < 0.4).astype(float) for row in luck]
    fit = PHReg(
        times.days.astype(float), np.column_stack(columns), status=times.died, ties="breslow"
    ).fit()
    known = np.ones((1, len(times.days)))
    step, error, _, _ = anneal.newton(times, [c[None, :] for c in columns], known, fit.params)
    assert np.abs(step).max() < 1e-4
    assert error[:, 0] == pytest.approx(fit.bse, rel=1e-4)


def test_a_search_lowers_the_loss_and_keeps_every_count(times: anneal.Times) -> None:
    codes = {"reported": np.ones(len(times.days), dtype=np.int64)}
    levels = anneal.counts_of("sex")
    own = {"sex": np.repeat([0, 1], levels)}
    loss = anneal.Alone(times, "sex")
    before = loss({"sex": own["sex"][None, :]})["sex"][0]
    search = anneal.Search(
        times,
        loss,
        own,
        {"sex": anneal.places("sex", codes, times)},
        np.zeros(len(times.days), dtype=bool),
        anneal.Stream(1, "test"),
    )
    after = search.run(("sex",), 300, anneal.COOLING_ALONE)
    assert after < before / 1000
    assert Counter(search.codes["sex"].tolist()) == Counter({0: levels[0], 1: levels[1]})
