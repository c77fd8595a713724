"""A small ledger fed from real files."""

from __future__ import annotations

import csv
import datetime
from pathlib import Path

import duckdb
import pytest

from ingestion.contract import load_contract
from ingestion.ingest import ExtractSummary, Ingestion
from ingestion.pseudonyms import DEMO_KEY, PseudonymKey
from ingestion.settings import ExtractSettings

DBT_PROJECT = Path(__file__).resolve().parents[3] / "dbt_project"
KEY = PseudonymKey(DEMO_KEY.encode())


class Nights:
    """A warehouse in memory, and nights that take in whatever files lie in the folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.con = duckdb.connect()
        self.contract = load_contract(DBT_PROJECT)
        self.settings: dict[str, ExtractSettings] = {}
        self.key = KEY
        self.number = 0

    def write(self, name: str, rows: list[list[str]]) -> Path:
        path = self.folder / name
        with path.open("w", newline="", encoding="utf-8") as handle:
            csv.writer(handle).writerows(rows)
        return path

    def extract(self, name: str, **settings: object) -> None:
        self.settings[name] = ExtractSettings.model_validate(settings)

    def night(self) -> dict[str, ExtractSummary]:
        self.number += 1
        ingestion = Ingestion(
            self.con,
            self.contract,
            self.settings,
            root=self.folder,
            archive=self.folder / "archive",
            key=self.key,
        )
        at = datetime.datetime(2024, 1, self.number)
        return {s.extract: s for s in ingestion.run(f"night-{self.number}", at)}

    def rows(self, query: str) -> list[tuple]:
        return self.con.execute(query).fetchall()

    def open_rows(self) -> set[tuple]:
        return set(
            self.rows(
                "select patient_id, contact_date, vital_status from raw.follow_up "
                "where closed_by_extract_id is null"
            )
        )


@pytest.fixture
def nights(tmp_path: Path) -> Nights:
    return Nights(tmp_path)


@pytest.fixture
def follow_up(nights: Nights) -> Nights:
    """Nights with one extract, follow_up.csv."""
    nights.extract("follow_up", files="follow_up*.csv")
    return nights
