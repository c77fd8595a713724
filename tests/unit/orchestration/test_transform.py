"""What dbt is given of the machine, and what it says, without what the database quotes."""

from __future__ import annotations

import os
from types import SimpleNamespace

import duckdb
import pytest

from orchestration import heal, transform
from orchestration.config import load_config
from orchestration.errors import RefreshError, without_values
from orchestration.paths import PROJECT, Home


@pytest.mark.parametrize(("on_disk", "at_once"), [(0, "2"), (heal.MEMORY_BYTES, "2"), (2**50, "1")])
def test_models_are_built_one_at_a_time_where_the_warehouse_exceeds_the_memory(
    tmp_path, monkeypatch, on_disk, at_once
):
    import dbt.cli.main

    given = []

    class Runner:
        def __init__(self, **_):
            pass

        def invoke(self, arguments):
            given.extend(arguments)
            return SimpleNamespace(result=None, exception=None)

    monkeypatch.setattr(dbt.cli.main, "dbtRunner", Runner)
    for module in (heal, transform):
        monkeypatch.setattr(module, "size_of", lambda _: on_disk)
    for name in ("CRLM_WAREHOUSE", "CRLM_MEMORY"):
        monkeypatch.setenv(name, "as it was")
    home = Home(tmp_path)
    duckdb.connect(str(home.warehouse)).close()
    with pytest.raises(RefreshError, match="dbt could not start"):
        transform.build(load_config(PROJECT / "registry.yml"), home, None)
    assert given[given.index("--threads") + 1] == at_once
    with duckdb.connect() as con:
        assert os.environ["CRLM_MEMORY"] == f"{heal.memory_limit(con, home.warehouse)} bytes"


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        (
            "Runtime Error in model x\n  Conversion Error: Could not convert string 'it''s 9' to "
            "INT32",
            "Runtime Error in model x\n  Conversion Error: Could not convert string '…' to INT32",
        ),
        (
            'Constraint Error: Duplicate key "patient_id: 4711" violates primary key constraint.',
            "Constraint Error: Duplicate key '…' violates primary key constraint.",
        ),
        (
            'Binder Error: Referenced column "patient" not found in FROM clause!',
            'Binder Error: Referenced column "patient" not found in FROM clause!',
        ),
        ("Compilation Error\n  'x' is undefined", "Compilation Error\n  'x' is undefined"),
        ("no reason", "no reason"),
    ],
)
def test_quoted_values_are_left_out(said, kept):
    assert without_values(said) == kept
