"""The rules on tiny tables: every dbt unit test beside the models, run in an empty warehouse."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from ingestion.contract import load_contract
from ingestion.ledger import create_raw_schema

pytestmark = pytest.mark.slow

DBT_PROJECT = Path(__file__).resolve().parents[2] / "dbt_project"


@pytest.fixture(scope="module")
def dbt(tmp_path_factory):
    """Run a dbt command against a warehouse with every table and not one row."""
    folder = tmp_path_factory.mktemp("spec")
    warehouse = folder / "warehouse.duckdb"
    with duckdb.connect(str(warehouse)) as con:
        create_raw_schema(con, load_contract(DBT_PROJECT))

    def run(*arguments: str) -> list[dict]:
        done = subprocess.run(
            [
                sys.executable,
                "-c",
                "from dbt.cli.main import cli; cli()",
                *arguments,
                "--project-dir",
                str(DBT_PROJECT),
                "--profiles-dir",
                str(DBT_PROJECT),
                "--target-path",
                str(folder / "target"),
                "--log-path",
                str(folder / "logs"),
            ],
            env={**os.environ, "CRLM_WAREHOUSE": str(warehouse)},
            capture_output=True,
            text=True,
        )
        results = folder / "target" / "run_results.json"
        assert results.exists(), done.stdout[-4000:]
        return json.loads(results.read_text(encoding="utf-8"))["results"]

    assert {r["status"] for r in run("build", "--exclude-resource-type", "unit_test", "test")} == {
        "success"
    }
    return run


def test_every_rule_gives_what_its_table_expects(dbt):
    results = dbt("test", "--select", "test_type:unit")
    wrong = {r["unique_id"]: r["message"] for r in results if r["status"] != "pass"}
    assert wrong == {}
    assert len(results) >= 131


def test_an_empty_warehouse_breaks_no_data_test(dbt):
    results = dbt("test", "--exclude-resource-type", "unit_test")
    assert [r["unique_id"] for r in results if r["status"] != "pass"] == []
