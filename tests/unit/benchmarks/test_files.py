"""The corrected files of a benchmark, and the comparison of its peers with a release."""

from __future__ import annotations

import math
import os

import duckdb
import pandas as pd
import pytest

from benchmarks import agreement
from benchmarks.extracts import (
    EXTRACTS,
    KEYS,
    change_rows,
    deliver,
    file_of,
    generate,
    rows_in,
)


def tables(folder) -> dict[str, pd.DataFrame]:
    return {
        name: pd.read_csv(
            file_of(folder, name),
            sep=delimiter,
            dtype=str,
            keep_default_na=False,
            encoding="utf-8-sig",
        )
        for name, delimiter in EXTRACTS.items()
    }


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("extracts")
    generate(1000, folder / "first")
    counted = change_rows(folder / "first", folder / "changed")
    return folder, counted


def test_one_row_in_a_hundred_is_corrected(files):
    folder, counted = files
    before, after = tables(folder / "first"), tables(folder / "changed")
    for name in EXTRACTS:
        assert list(before[name].columns) == list(after[name].columns)
        differ = (before[name] != after[name]).any(axis=1)
        # Rows that are delivered twice are corrected twice.
        assert round(len(differ) / 100) <= counted[name] <= round(len(differ) / 100) + 4
        assert counted[name] * 0.8 <= differ.sum() <= counted[name]
        keys = list(KEYS[name])
        assert before[name][keys].equals(after[name][keys])


def test_no_correction_makes_two_rows_contradict_each_other(files):
    folder, _ = files
    for before, after, name in (
        (*pair, name)
        for name, pair in {
            n: (tables(folder / "first")[n], tables(folder / "changed")[n]) for n in EXTRACTS
        }.items()
    ):
        keys = list(KEYS[name])
        held_before = before.drop_duplicates().duplicated(keys, keep=False).sum()
        held_after = after.drop_duplicates().duplicated(keys, keep=False).sum()
        assert held_before == held_after


def test_the_same_rows_are_drawn_again(files, tmp_path):
    folder, counted = files
    assert change_rows(folder / "first", tmp_path) == counted
    for name in EXTRACTS:
        assert (
            file_of(tmp_path, name).read_bytes() == file_of(folder / "changed", name).read_bytes()
        )
    assert sorted(os.listdir(tmp_path)) == sorted(f"{name}_synthetic.csv" for name in EXTRACTS)


def test_at_least_one_row_is_corrected(tmp_path):
    generate(1, tmp_path / "first")
    counted = change_rows(tmp_path / "first", tmp_path / "changed")
    assert min(counted.values()) >= 1


def test_rows_are_counted_as_records_not_as_lines(files):
    folder, _ = files
    assert rows_in(folder / "first") == sum(len(t) for t in tables(folder / "first").values())


def test_a_delivery_takes_the_place_of_the_last_one(files, tmp_path):
    folder, _ = files
    for night in ("first", "changed"):
        deliver(folder / night, tmp_path)
        for name in EXTRACTS:
            assert (
                file_of(tmp_path, name).read_bytes() == file_of(folder / night, name).read_bytes()
            )


@pytest.fixture
def release(tmp_path):
    path = tmp_path / "registry.duckdb"
    with duckdb.connect(str(path)) as con:
        con.execute("create schema marts; create schema results")
        con.execute(
            "create table marts.cohort_flow as from (values ('All patients', 3), "
            "('Survival time known', 3)) t(step, patients)"
        )
        con.execute(
            "create table marts.survival_cohort as from (values ('male', true), "
            "('female', false), (null, true)) t(sex, died)"
        )
        con.execute(
            "create table results.survival_summary as select 'overall' as grouping, "
            "'survival_at_landmark' as measure, 12 as landmark_months, 0.5::double as estimate"
        )
        for kind in ("univariable", "multivariable"):
            con.execute(
                f"create table results.cox_{kind} as from (values ('sex', 'female', null), "
                "('sex', 'male', 0.25::double)) t(factor, level, coefficient)"
            )
    return path


FIGURES = {
    ("flow", "All patients", ""): 3,
    ("count", "died", "true"): 2,
    ("count", "sex", "female"): 1,
    ("count", "sex", "male"): 1,
    ("count", "sex", "unknown"): 1,
    ("survival", "overall", "12"): 0.5,
    ("cox_univariable", "sex", "male"): 0.25,
    ("cox_multivariable", "sex", "male"): 0.25,
}


def written(figures, tmp_path):
    path = tmp_path / "peer.csv"
    rows = [(*key, value) for key, value in figures.items()]
    pd.DataFrame(rows, columns=["kind", "name", "level", "value"]).to_csv(
        path, index=False, na_rep="nan"
    )
    return path


def test_a_peer_with_the_same_figures_agrees(release, tmp_path):
    assert agreement.differences(release, written(FIGURES, tmp_path)) == []
    almost = FIGURES | {("survival", "overall", "12"): 0.5 + 9e-9}
    almost[("cox_univariable", "sex", "male")] = 0.25 - 9e-7
    assert agreement.differences(release, written(almost, tmp_path)) == []


@pytest.mark.parametrize(
    ("key", "value"),
    [
        (("flow", "All patients", ""), 4),
        (("count", "sex", "unknown"), 0),
        (("count", "sex", "other"), 1),
        (("survival", "overall", "12"), 0.5 + 2e-8),
        (("cox_univariable", "sex", "male"), 0.25 + 2e-6),
        (("cox_multivariable", "sex", "male"), math.nan),
        (("cox_multivariable", "age_group", ">=65"), 0.1),
    ],
)
def test_a_figure_that_differs_is_named(release, tmp_path, key, value):
    (sentence,) = agreement.differences(release, written(FIGURES | {key: value}, tmp_path))
    assert sentence.startswith(" ".join(part for part in key if part))


@pytest.mark.parametrize("key", list(FIGURES))
def test_a_figure_that_a_peer_lacks_is_a_difference(release, tmp_path, key):
    figures = {name: value for name, value in FIGURES.items() if name != key}
    (sentence,) = agreement.differences(release, written(figures, tmp_path))
    assert sentence.endswith("None there")
