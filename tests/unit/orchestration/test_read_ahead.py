"""Comments are read ahead once, by all cores, and found by the readers that dbt calls."""

from __future__ import annotations

from contextlib import closing

import duckdb
import pytest

from ingestion.vocabulary import normalized_text
from orchestration import read_ahead
from orchestration.definitions import default_definitions
from orchestration.paths import DBT_PROJECT, Home
from orchestration.read_ahead import read_comments_ahead, settings_of_comments
from reading.kept import KeptReadings
from reading.rows import COMMENT, Asked, read_as_json

DEFINITIONS = default_definitions(DBT_PROJECT)


@pytest.fixture
def con():
    with duckdb.connect() as con:
        con.execute("create schema raw")
        con.execute("create table raw.extracts (extract_id varchar, run_id varchar)")
        con.execute(
            "create table raw.pathology "
            "(comment varchar, extract_id varchar, closed_by_extract_id varchar)"
        )
        yield con


def _deliver(con, run_id, *comments, closed_by=None):
    con.execute("insert into raw.extracts values (?, ?)", [f"file of {run_id}", run_id])
    con.executemany(
        "insert into raw.pathology values (?, ?, ?)",
        [(comment, f"file of {run_id}", closed_by) for comment in comments],
    )


@pytest.fixture(params=[1, 2])
def cores(request, two_cores, monkeypatch):
    # With one core nothing is read ahead, whatever is delivered.
    monkeypatch.setattr(read_ahead, "cores", lambda: request.param)
    return request.param


@pytest.fixture
def two_cores(monkeypatch):
    monkeypatch.setattr(read_ahead, "cores", lambda: 2)
    monkeypatch.setattr(read_ahead, "WORTH_PROCESSES", 2)
    monkeypatch.setattr(read_ahead, "AT_ONCE", 2)


def _kept(folder, comment, **changed):
    settings = settings_of_comments({**DEFINITIONS, **changed})
    asked = Asked(COMMENT, normalized_text(comment), settings)
    with closing(KeptReadings(folder)) as kept:
        found = kept.get(asked.key)
    assert found in (None, read_as_json(asked))
    return found is not None


def test_comments_are_read_once_however_often_they_are_delivered(con, tmp_path, cores):
    folder = tmp_path / "readings"
    _deliver(con, "2024-01", "Margin 3 mm.", "MARGIN  3 mm.", "LVI absent", "LVI absent", None)
    _deliver(con, "2024-01", "was corrected", closed_by="a later file")
    assert read_comments_ahead(con, folder, DEFINITIONS) == (0 if cores == 1 else 3)
    assert _kept(folder, "Margin 3 mm.") == (cores == 2)
    assert _kept(folder, "LVI absent") == (cores == 2)
    assert not _kept(folder, "was corrected")
    assert read_comments_ahead(con, folder, DEFINITIONS) == 0


def test_a_night_reads_what_is_new(con, tmp_path, two_cores):
    _deliver(con, "2024-01", "Margin 1 mm.", "Margin 2 mm.")
    assert read_comments_ahead(con, tmp_path, DEFINITIONS) == 2
    _deliver(con, "2024-02", "Margin 2 mm.", "Margin 3 mm.")
    # Of the two one has been read; both are asked for.
    assert read_comments_ahead(con, tmp_path, DEFINITIONS) == 1
    assert _kept(tmp_path, "Margin 3 mm.")
    _deliver(con, "2024-03", "Margin 4 mm.")
    assert read_comments_ahead(con, tmp_path, DEFINITIONS) == 0
    assert not _kept(tmp_path, "Margin 4 mm.")
    # What was too little for one night is not forgotten.
    _deliver(con, "2024-04", "Margin 5 mm.")
    assert read_comments_ahead(con, tmp_path, DEFINITIONS) == 2
    assert _kept(tmp_path, "Margin 4 mm.")


def test_with_another_definition_all_are_read_again(con, tmp_path, two_cores):
    _deliver(con, "2024-01", "Margin 1 mm.", "Margin 2 mm.")
    assert read_comments_ahead(con, tmp_path, DEFINITIONS) == 2
    other = {**DEFINITIONS, "poor_regression_viable_percent": 40}
    assert read_comments_ahead(con, tmp_path, other) == 2
    assert _kept(tmp_path, "Margin 1 mm.", poor_regression_viable_percent=40)
    assert read_comments_ahead(con, tmp_path, DEFINITIONS) == 0


def test_a_night_that_was_stopped_is_gone_on_with(con, tmp_path, two_cores, monkeypatch):
    _deliver(con, "2024-01", "Margin 1 mm.", "Margin 2 mm.", "Margin 3 mm.", "Margin 4 mm.")
    add = KeptReadings.add

    def stopped(self, readings):
        add(self, readings)
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(KeptReadings, "add", stopped)
        with pytest.raises(KeyboardInterrupt):
            read_comments_ahead(con, tmp_path, DEFINITIONS)
    assert read_comments_ahead(con, tmp_path, DEFINITIONS) == 2


def test_where_nothing_can_be_kept_nothing_is_read_ahead(con, tmp_path, two_cores):
    _deliver(con, "2024-01", "Margin 1 mm.", "Margin 2 mm.")
    (tmp_path / "readings").write_text("a file")
    assert read_comments_ahead(con, tmp_path / "readings", DEFINITIONS) == 0


def test_they_lie_beside_the_warehouse(tmp_path):
    assert Home(tmp_path).readings == tmp_path / "readings"
    assert Home(tmp_path, scratch=tmp_path / "s").readings == tmp_path / "s" / "readings"
