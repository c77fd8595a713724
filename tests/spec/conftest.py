"""Small extracts through ingestion and the readings of dbt."""

from __future__ import annotations

import datetime
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
from orchestration import transform
from orchestration.config import load_config
from orchestration.paths import Home

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
        take_in(folder, extracts, phrases)
        home, config = Home(folder), load_config(PROJECT / "registry.yml")
        home.create()
        manifest = transform.parse(config, home)
        transform.build(config, home, manifest, only=["+path:models/staging"])
        return home.warehouse

    return run
