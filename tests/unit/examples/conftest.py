"""The example registry, built once, and its files as rows."""

import csv
import io
from typing import Any

import pandas as pd
import pytest

from examples.published_series import truth as example_truth
from examples.published_series.cohort import Cohort, draw_cohort
from examples.published_series.extracts import FILES, Extracts
from examples.published_series.targets import PATIENTS, SEED


@pytest.fixture(scope="session")
def cohort() -> Cohort:
    return draw_cohort(PATIENTS, SEED)


@pytest.fixture(scope="session")
def extracts() -> Extracts:
    return example_truth.example()


@pytest.fixture(scope="session")
def truth() -> pd.DataFrame:
    return example_truth.truth()


@pytest.fixture(scope="session")
def expected(truth: pd.DataFrame) -> dict[str, dict[str, Any]]:
    """The truth by patient number and variable."""
    columns = [str(name) for name in truth.columns]
    return {
        str(row[0]): dict(zip(columns, row[1:], strict=True)) for row in truth.itertuples(name=None)
    }


@pytest.fixture(scope="session")
def records(extracts: Extracts) -> dict[str, list[list[str]]]:
    """Every record of each file, the header first, as a CSV reader sees it."""
    return {
        name: list(
            csv.reader(
                io.StringIO(content.decode(FILES[name][2]), newline=""),
                delimiter=FILES[name][1],
                strict=True,
            )
        )
        for name, content in extracts.file_bytes().items()
    }


@pytest.fixture(scope="session")
def rows(records: dict[str, list[list[str]]]) -> dict[str, list[dict[str, str]]]:
    """The rows of each extract as mappings, by the first word of the file's name."""
    return {
        name.split("_")[0]: [dict(zip(table[0], row, strict=True)) for row in table[1:]]
        for name, table in records.items()
    }
