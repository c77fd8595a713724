"""The texts of the corpus through ingestion and the readings of dbt, to what they mean."""

from __future__ import annotations

from collections import Counter

import duckdb
import pytest

from tests.spec.corpus import Key, key_of, load_corpus, read_corpus, write_corpus

CORPUS = load_corpus()


@pytest.fixture(scope="module")
def readings(tmp_path_factory, read_extracts) -> dict[Key, str]:
    folder = tmp_path_factory.mktemp("readings")
    warehouse = read_extracts(folder, write_corpus(CORPUS, folder))
    with duckdb.connect(str(warehouse)) as con:
        return read_corpus(con, CORPUS)


@pytest.mark.parametrize("reading", sorted({row["reading"] for row in CORPUS}))
def test_texts_are_read_as_expected(readings, reading):
    wrong = {}
    for row in (row for row in CORPUS if row["reading"] == reading):
        found = readings[key_of(row)]
        if found != row["expected"]:
            wrong[row["text"]] = f"{found}, expected {row['expected']}"
    assert wrong == {}


def test_no_text_stands_twice():
    times = Counter(key_of(row) for row in CORPUS)
    assert sorted(key for key, number in times.items() if number > 1) == []
