"""The tables of results as they are written."""

from __future__ import annotations

import duckdb
import numpy as np
import pytest

from analysis.results import TABLES, read_table, write_table


@pytest.fixture
def con():
    with duckdb.connect() as opened:
        yield opened


def test_what_numpy_made_is_written_as_numbers_and_nan_as_null(con):
    rows = [
        {
            "grouping": np.str_("sex"),
            "all_levels": np.bool_(True),
            "groups": np.int64(2),
            "chi_square": np.float64(1.5),
            "p": np.nan,
        },
        {"grouping": "it's", "groups": None, "chi_square": float("inf")},
    ]
    write_table(con, "logrank", rows)
    first, second = read_table(con, "results.logrank")
    assert (first["grouping"], first["all_levels"], first["groups"]) == ("sex", True, 2)
    assert (first["chi_square"], first["p"], first["note"]) == (1.5, None, None)
    assert (second["grouping"], second["groups"]) == ("it's", None)
    assert second["chi_square"] == float("inf")


def test_a_table_is_written_anew_in_the_order_of_its_rows_and_described(con):
    write_table(con, "logrank", [{"grouping": "old"}])
    names = [f"group {number}" for number in range(3000, 0, -1)]
    write_table(con, "logrank", ({"grouping": name} for name in names))
    assert [row["grouping"] for row in read_table(con, "results.logrank")] == names
    described = con.execute(
        "select column_name, comment from duckdb_columns() where table_name = 'logrank'"
    ).fetchall()
    assert described == [(name, text) for name, (_, text) in TABLES["logrank"].columns.items()]
    write_table(con, "logrank", [])
    assert read_table(con, "results.logrank") == []


def test_an_undeclared_column_is_refused_and_the_table_stays(con):
    write_table(con, "logrank", [{"grouping": "sex"}])
    with pytest.raises(KeyError, match=r"results\.logrank has no column \['group'\]"):
        write_table(con, "logrank", [{"group": "sex"}])
    assert [row["grouping"] for row in read_table(con, "results.logrank")] == ["sex"]
