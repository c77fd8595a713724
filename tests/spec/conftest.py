"""Small extracts through ingestion and the readings of dbt."""

from __future__ import annotations

import datetime
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import duckdb
import pytest

from ingestion.contract import load_contract
from ingestion.deliveries import Deliveries
from ingestion.ingest import Ingestion
from ingestion.pseudonyms import DEMO_KEY, PseudonymKey
from ingestion.settings import ExtractSettings
from ingestion.vocabulary import Phrase

PROJECT = Path(__file__).resolve().parents[2]


def take_in(
    folder: Path, extracts: dict[str, ExtractSettings], phrases: Sequence[Phrase] = ()
) -> Path:
    """Take extracts in: a warehouse that holds `raw`."""
    warehouse = folder / "warehouse.duckdb"
    with duckdb.connect(str(warehouse)) as con:
        Ingestion(
            con,
            load_contract(PROJECT / "dbt_project"),
            extracts,
            Deliveries(folder, folder / "archive"),
            key=PseudonymKey(DEMO_KEY.encode()),
            gates=None,
            phrases=phrases,
        ).run("run", datetime.datetime(2024, 1, 1))
    return warehouse


@pytest.fixture(scope="session")
def read_extracts() -> Callable[..., Path]:
    """Take extracts in and build everything in `staging`: the warehouse."""

    def run(
        folder: Path, extracts: dict[str, ExtractSettings], phrases: Sequence[Phrase] = ()
    ) -> Path:
        warehouse = take_in(folder, extracts, phrases)
        arguments = ["build", "--select", "+path:models/staging", "--exclude-resource-type"]
        arguments += ["test", "unit_test", "--project-dir", "dbt_project", "--profiles-dir"]
        arguments += ["dbt_project", "--target-path", str(folder), "--log-path", str(folder)]
        done = subprocess.run(
            [sys.executable, "-c", "from dbt.cli.main import cli; cli()", *arguments],
            cwd=PROJECT,
            env={**os.environ, "CRLM_WAREHOUSE": str(warehouse)},
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout[-4000:]
        return warehouse

    return run
