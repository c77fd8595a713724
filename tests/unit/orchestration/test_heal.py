"""How the warehouse is opened."""

from __future__ import annotations

import duckdb
import pytest

from orchestration.heal import memory_limit, open_warehouse


@pytest.mark.parametrize(
    ("own", "taken"), [("20 GiB", "2.8 GiB"), ("2 GiB", "2.0 GiB"), ("300 MiB", "300.0 MiB")]
)
def test_no_more_memory_is_taken_than_duckdb_would_and_no_more_than_a_million_need(own, taken):
    with duckdb.connect(config={"memory_limit": own}) as con:
        assert memory_limit(con) == taken


def test_a_warehouse_is_opened_with_that_limit(tmp_path):
    with open_warehouse(tmp_path / "w.duckdb") as con:
        limit = con.execute("select current_setting('memory_limit')").fetchall()[0][0]
        assert limit == memory_limit(con)
        assert float(limit.split(" ")[0]) <= 2.8 or limit.endswith("MiB")
