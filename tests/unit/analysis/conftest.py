"""Tiny cohorts in memory: a table `marts.survival_cohort` from a few dictionaries."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pytest

import analysis
from analysis.plan import DEFAULT_PLAN, AnalysisPlan, load_plan
from analysis.results import TABLES, read_table

COLUMNS = {
    "patient_id": "varchar",
    "center": "varchar",
    "operation_date": "date",
    "age_at_operation": "integer",
    "age_group": "varchar",
    "sex": "varchar",
    "primary_site": "varchar",
    "chronology": "varchar",
    "interval_group": "varchar",
    "surgical_approach": "varchar",
    "neoadjuvant_therapy": "varchar",
    "metastasis_count": "integer",
    "metastasis_count_group": "varchar",
    "multiple_metastases": "boolean",
    "largest_metastasis_mm": "decimal(6,1)",
    "size_group": "varchar",
    "hepatectomy_extent": "varchar",
    "lobar_involvement": "varchar",
    "margin_mm": "decimal(6,1)",
    "margin_group": "varchar",
    "resection_status": "varchar",
    "resection_status_basis": "varchar",
    "resection_status_0mm": "varchar",
    "hepatectomy_extent_by_segments": "varchar",
    "tumor_grade": "varchar",
    "lymphovascular_invasion": "varchar",
    "perineural_invasion": "varchar",
    "tumor_regression": "varchar",
    "steatosis_grade": "varchar",
    "died": "boolean",
    "last_contact_date": "date",
    "follow_up_days": "integer",
    "follow_up_months": "double",
    "died_within_30_days": "boolean",
    "died_within_90_days": "boolean",
    "recurrence_or_death": "boolean",
    "recurrence_free_days": "integer",
}
WITHOUT_REASON = ("patient_id", "center", "operation_date")

# What a patient is where a test says nothing: known everywhere, alive after a thousand days.
ORDINARY: dict[str, Any] = {
    "age_at_operation": 60,
    "age_group": "<65",
    "sex": "female",
    "primary_site": "colon",
    "chronology": "synchronous",
    "surgical_approach": "colon_first",
    "neoadjuvant_therapy": "yes",
    "metastasis_count": 1,
    "metastasis_count_group": "<3",
    "multiple_metastases": False,
    "largest_metastasis_mm": 40,
    "size_group": "<6 cm",
    "hepatectomy_extent": "minor",
    "lobar_involvement": "unilobar",
    "margin_mm": 5,
    "margin_group": ">1 mm",
    "resection_status": "R0",
    "resection_status_basis": "distance",
    "resection_status_0mm": "R0",
    "hepatectomy_extent_by_segments": "minor",
    "tumor_grade": "moderate",
    "lymphovascular_invasion": "no",
    "perineural_invasion": "no",
    "tumor_regression": "partial",
    "steatosis_grade": "0",
    "died": False,
    "follow_up_days": 1000,
    "died_within_30_days": False,
    "died_within_90_days": False,
    "recurrence_or_death": False,
    "recurrence_free_days": 1000,
}

Patient = Mapping[str, Any]
BuildCohort = Callable[[Iterable[Patient]], duckdb.DuckDBPyConnection]


def _build(patients: Iterable[Patient]) -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    con.execute("create schema marts")
    columns = []
    for name, kind in COLUMNS.items():
        columns.append(f"{name} {kind}")
        if name not in WITHOUT_REASON:
            columns.append(f"{name}_missing_reason varchar")
    con.execute(f"create table marts.survival_cohort ({', '.join(columns)})")
    con.execute(
        "create table marts.cohort_flow "
        "(step_number integer, step varchar, patients integer, excluded integer, reason varchar)"
    )
    rows = []
    for number, given in enumerate(patients, start=1):
        patient = {"patient_id": f"p{number}", **ORDINARY, **given}
        row = []
        for name in COLUMNS:
            value = patient.get(name)
            row.append(value)
            if name not in WITHOUT_REASON:
                stated = patient.get(f"{name}_missing_reason", "not_reported")
                row.append(stated if value is None else None)
        rows.append(row)
    # In one statement: a row each takes half a second of a hundred patients.
    frame = pd.DataFrame(rows, columns=[column.split()[0] for column in columns], dtype=object)
    con.register("given", frame)
    con.execute("insert into marts.survival_cohort from given")
    con.unregister("given")
    con.execute("insert into marts.cohort_flow values (1, 'all patients', ?, 0, null)", [len(rows)])
    return con


@pytest.fixture(scope="session")
def build_cohort() -> BuildCohort:
    """Builds an in-memory warehouse from patients given as what differs from the ordinary.

    A value of None is unknown, for the reason in `<column>_missing_reason`, else not_reported.
    """
    return _build


def _random_patients(n: int, seed: int) -> list[dict[str, Any]]:
    rng, other = np.random.default_rng(seed), np.random.default_rng([seed, 1])

    def pick(*levels: str, by: np.random.Generator = rng) -> str:
        return str(by.choice(levels))

    patients = []
    for _ in range(n):
        margin = pick(">1 mm", ">1 mm", ">1 mm", "1 mm", "<1 mm")
        extent = pick("minor", "minor", "major")
        grade = pick("well", "moderate", "moderate", "moderate", "poor")
        rate = 1 / 1800 * (1.8 if margin == "<1 mm" else 1) * (1.8 if extent == "major" else 1)
        death, censored = rng.exponential(1 / rate), rng.uniform(300, 3700)
        recurrence = other.exponential(900)
        age, size, count = rng.normal(54, 11), rng.gamma(2, 22) + 4, int(rng.geometric(0.55))
        patients.append(
            {
                "age_at_operation": int(age),
                "age_group": ">=65" if age >= 65 else "<65",
                "sex": pick("female", "male"),
                "primary_site": pick("colon", "rectum"),
                "chronology": pick("synchronous", "synchronous", "metachronous"),
                "neoadjuvant_therapy": pick("no", "yes", "yes", "yes", "yes"),
                "metastasis_count": count,
                "metastasis_count_group": ">=3" if count >= 3 else "<3",
                "multiple_metastases": count > 1,
                "largest_metastasis_mm": round(float(size), 1),
                "size_group": ">=6 cm" if size >= 60 else "<6 cm",
                "hepatectomy_extent": extent,
                "lobar_involvement": pick("unilobar", "unilobar", "bilobar"),
                "margin_group": margin,
                "margin_mm": {"<1 mm": 0.5, "1 mm": 1, ">1 mm": 6}[margin],
                "resection_status": "R1" if margin == "<1 mm" else "R0",
                "tumor_grade": None if rng.random() < 0.25 else grade,
                "lymphovascular_invasion": None if rng.random() < 0.25 else pick("no", "yes"),
                "perineural_invasion": None if rng.random() < 0.25 else pick("no", "no", "yes"),
                "tumor_regression": None
                if rng.random() < 0.25
                else pick("poor", "partial", "partial", "complete"),
                "steatosis_grade": None if rng.random() < 0.2 else pick("0", "0", "1", "2", "3"),
                "died": bool(death <= censored),
                "follow_up_days": int(min(death, censored)),
                "resection_status_0mm": pick("R0", "R1", by=other) if margin == "<1 mm" else "R0",
                "hepatectomy_extent_by_segments": extent if other.random() < 0.8 else "minor",
                "recurrence_or_death": bool(min(death, recurrence) <= censored),
                "recurrence_free_days": int(min(death, recurrence, censored)),
                "died_within_30_days": bool(death <= censored and death <= 30),
                "died_within_90_days": bool(death <= censored and death <= 90),
            }
        )
    return patients


@pytest.fixture(scope="session")
def random_patients() -> Callable[[int, int], list[dict[str, Any]]]:
    """`random_patients(n, seed)`: a plausible cohort in which margin and extent matter."""
    return _random_patients


@pytest.fixture(scope="session")
def plan() -> AnalysisPlan:
    """The default plan."""
    return load_plan(DEFAULT_PLAN)


@pytest.fixture(scope="session")
def results_of(
    build_cohort: BuildCohort, plan: AnalysisPlan
) -> Callable[..., dict[str, list[dict[str, Any]]]]:
    """`results_of(patients, **plan changes)`: the tables of results as lists of dictionaries."""

    def compute(patients: Iterable[Patient], **changes: Any) -> dict[str, list[dict[str, Any]]]:
        con = build_cohort(patients)
        analysis.analyze(con, plan.model_copy(update=changes))
        return {name: read_table(con, f"results.{name}") for name in TABLES}

    return compute


def _edge_cohorts() -> dict[str, list[dict[str, Any]]]:
    forty = [
        {
            **patient,
            "resection_status": ("R0", "R1", "R2")[i % 3],
            "margin_group": (">1 mm", "1 mm", "<1 mm")[i % 3],
        }
        for i, patient in enumerate(_random_patients(40, 8))
    ]
    events, times = ("died", "recurrence_or_death"), ("follow_up_days", "recurrence_free_days")
    return {
        "empty": [],
        "no_events": [{**p, "died": False, "recurrence_or_death": False} for p in forty],
        "one_patient": [{**forty[0], "died": True, "follow_up_days": 400}],
        "all_dead_on_day_0": [
            {**p, **dict.fromkeys(events, True), **dict.fromkeys(times, 0)} for p in forty
        ],
        "one_empty_group": [
            {**p, "resection_status": ("R0", "R1")[i % 2]} for i, p in enumerate(forty)
        ],
        "all_tied": [
            {**p, "died": i % 2 == 0, "follow_up_days": 2000} for i, p in enumerate(forty)
        ],
        "perfect_separation": [
            {**p, "died": True, "follow_up_days": 2000 - 40 * i, "resection_status": status}
            for i, p in enumerate(forty)
            for status in [("R0", "R1", "R2")[i // 14]]
        ],
    }


@pytest.fixture(scope="session")
def edges(build_cohort: BuildCohort, plan: AnalysisPlan) -> dict[str, duckdb.DuckDBPyConnection]:
    """Name -> the analyzed warehouse of a cohort in which something cannot be estimated."""
    analyzed = {}
    for name, patients in _edge_cohorts().items():
        analyzed[name] = build_cohort(patients)
        analysis.analyze(analyzed[name], plan)
    return analyzed


@pytest.fixture(scope="session")
def edge_results(
    edges: dict[str, duckdb.DuckDBPyConnection],
) -> dict[str, dict[str, list[dict[str, Any]]]]:
    """Name -> the tables of results of a cohort in which something cannot be estimated."""
    return {
        name: {table: read_table(con, f"results.{table}") for table in TABLES}
        for name, con in edges.items()
    }
