"""What an analysis was made of, as hashes: where they are the same, so are its results."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from analysis.cohort import Cohort
from analysis.plan import AnalysisPlan
from analysis.results import TABLES

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

# Whose results these are: a new version may change the last digit.
LIBRARIES = ("lifelines", "scipy", "numpy", "pandas")
TABLE = "analysis_run"


def fingerprint(cohort: Cohort, plan: AnalysisPlan) -> dict[str, str]:
    """The row of `results.analysis_run`: SHA-256 of the plan, of the cohort and of the code."""
    published = plan.published_figures
    return {
        "plan": plan.title,
        "plan_sha256": _digest(
            [
                plan.model_dump_json(exclude={"published_figures"}).encode(),
                published.read_bytes() if published is not None else b"",
            ]
        ),
        "cohort_sha256": _digest(_contents(cohort)),
        "code_sha256": _digest(
            [
                *(path.read_bytes() for path in sorted(Path(__file__).parent.glob("*.py"))),
                *(f"{name} {version(name)}".encode() for name in LIBRARIES),
            ]
        ),
    }


def is_done(con: duckdb.DuckDBPyConnection, made_of: dict[str, str]) -> bool:
    """True where every table of `results` is there and was made of the same."""
    found = con.execute(
        "select table_name from duckdb_tables() "
        "where database_name = current_database() and schema_name = 'results'"
    ).fetchall()
    if not set(TABLES) <= {name for (name,) in found}:
        return False
    columns = ", ".join(made_of)
    return con.execute(f"select {columns} from results.{TABLE}").fetchall() == [
        tuple(made_of.values())
    ]


def _contents(cohort: Cohort) -> Iterable[bytes]:
    yield from (cohort.days.tobytes(), cohort.died.tobytes(), repr(cohort.restriction).encode())
    if cohort.recurrence is not None:
        yield from (values.tobytes() for values in cohort.recurrence)
    yield from _frame(cohort.numbers)
    yield from _frame(cohort.categories)
    yield from _frame(cohort.reasons)


def _frame(frame: pd.DataFrame) -> Iterable[bytes]:
    for name, column in frame.items():
        yield str(name).encode()
        if column.dtype == "category":
            yield repr(list(column.cat.categories)).encode()
            column = column.cat.codes
        yield np.ascontiguousarray(column.to_numpy()).tobytes()


def _digest(parts: Iterable[bytes]) -> str:
    """SHA-256 over parts, each told from the next by its length."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.hexdigest()
