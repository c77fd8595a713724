"""A small ledger fed from real files."""

from __future__ import annotations

import csv
import datetime
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from ingestion.archive import archive_file
from ingestion.contract import Contract, load_contract
from ingestion.deliveries import Deliveries
from ingestion.gates import GateSettings
from ingestion.ingest import ExtractSummary, Ingestion
from ingestion.pseudonyms import DEMO_KEY, PseudonymKey
from ingestion.readers import read_file
from ingestion.settings import ExtractSettings, FormatSettings
from ingestion.vocabulary import Phrase

DBT_PROJECT = Path(__file__).resolve().parents[3] / "dbt_project"
KEY = PseudonymKey(DEMO_KEY.encode())


class Nights:
    """A warehouse in memory, and nights that take in whatever files lie in the folder."""

    def __init__(self, folder: Path, contract: Contract) -> None:
        self.folder = folder
        self.con = duckdb.connect(config={"threads": 1})
        self.contract = contract
        self.settings: dict[str, ExtractSettings] = {}
        self.key = KEY
        self.phrases: tuple[Phrase, ...] = ()
        self.number = 0
        # Tests of the ledger change a third of a table overnight; the gates have their own tests.
        self.forced_because: str | None = "a test of the ledger"

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
            Deliveries(self.folder, self.folder / "archive"),
            key=self.key,
            gates=GateSettings(),
            forced_because=self.forced_because,
            phrases=self.phrases,
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
def nights(tmp_path: Path, project_contract: Contract) -> Nights:
    return Nights(tmp_path, project_contract)


@pytest.fixture
def follow_up(nights: Nights) -> Nights:
    """Nights with one extract, follow_up.csv."""
    nights.extract("follow_up", files="follow_up*.csv")
    return nights


@pytest.fixture(scope="session")
def dbt_project() -> Path:
    return DBT_PROJECT


@pytest.fixture(scope="session")
def project_contract() -> Contract:
    return load_contract(DBT_PROJECT)


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., tuple[list[str], list[tuple[str, ...]], list[int]]]:
    """Read one file: its headers, its rows with blanks as '', and the row numbers."""

    def run(
        path: Path, **format_settings: object
    ) -> tuple[list[str], list[tuple[str, ...]], list[int]]:
        with duckdb.connect(config={"threads": 1}) as con:
            file = archive_file(path, tmp_path / "archive")
            settings = FormatSettings.model_validate(format_settings)
            headers = read_file(con, file, settings, "read").headers
            rows = con.execute("from read order by file_row_number").fetchall()
        return (
            headers,
            [tuple(cell or "" for cell in row[:-1]) for row in rows],
            [row[-1] for row in rows],
        )

    return run


@pytest.fixture
def read_held(tmp_path: Path) -> Callable[..., tuple[list[tuple[str, ...]], list[tuple]]]:
    """Read one file: its rows with their numbers last, and what was held of it
    (row number, reason, line)."""

    def run(
        path: Path, **format_settings: object
    ) -> tuple[list[tuple[str, ...]], list[tuple[int, str, str]]]:
        with duckdb.connect(config={"threads": 2}) as con:
            file = archive_file(path, tmp_path / "archive")
            found = read_file(con, file, FormatSettings.model_validate(format_settings), "read")
            rows = con.execute("from read order by file_row_number").fetchall()
            held = con.execute(
                "select file_row_number, reason, delivered_row ->> 'line' from read_held order by 1"
            ).fetchall()
        assert found.held_rows == len(held)
        return rows, held

    return run


@pytest.fixture
def deliver(tmp_path: Path) -> Callable[..., Path]:
    """Write a file as it would be delivered."""

    def write(content: str | bytes, name: str = "t.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write
