"""How the warehouse is opened."""

from __future__ import annotations

import duckdb
import pytest

from ingestion.sql import limit_memory, own_memory
from orchestration.heal import MEMORY_BYTES, memory_limit, open_warehouse

GIB = 2**30


@pytest.mark.parametrize(
    ("own", "on_disk", "taken"),
    [
        ("20 GiB", 0, MEMORY_BYTES),
        ("20 GiB", GIB, MEMORY_BYTES),
        ("20 GiB", 8 * GIB, 8 * GIB),
        ("20 GiB", 15 * GIB, 10 * GIB),
        ("4 GiB", 15 * GIB, MEMORY_BYTES),
        ("2 GiB", 15 * GIB, 2 * GIB),
        ("300 MiB", 0, 300 * 2**20),
    ],
)
def test_memory_grows_with_the_warehouse_and_leaves_half_to_others(tmp_path, own, on_disk, taken):
    warehouse = tmp_path / "w.duckdb"
    if on_disk:
        with warehouse.open("wb") as file:
            # A file with a hole: nothing is written.
            file.truncate(on_disk)
    with duckdb.connect(config={"memory_limit": own}) as con:
        assert memory_limit(con, warehouse) == pytest.approx(taken, rel=1e-3)


def test_a_warehouse_is_opened_with_that_limit(tmp_path):
    path = tmp_path / "w.duckdb"
    with open_warehouse(path) as con:
        limit = own_memory(con)
        assert limit == pytest.approx(memory_limit(con, path), rel=0.05)
        assert limit <= 1.01 * MEMORY_BYTES


@pytest.mark.parametrize(("own", "at_most", "taken"), [(2, 1, 1), (1, 2, 1), (1, 1, 1)])
def test_a_limit_gives_no_more_than_there_was(own, at_most, taken):
    with duckdb.connect(config={"memory_limit": f"{own} GiB"}) as con:
        limit_memory(con, at_most * GIB)
        assert own_memory(con) == pytest.approx(taken * GIB, rel=1e-3)
