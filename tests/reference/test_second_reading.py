"""A second reading of the rules gives the same marts, cell by cell.

Independent is `cohort_by_hand`: plain Python from the dictionary, one patient after the other, with
no SQL and no table of the warehouse (see its docstring). It reads the same delivered files. Where
both agree on 20,000 patients whose records are as contradictory as `nastier` can make them, a rule
that is wrong has to be wrong twice, in two languages, in the same cells.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest

from examples.generate import main as generate
from tests.reference.cohort_by_hand.cases import Case, Patient
from tests.reference.cohort_by_hand.nastier import make_nastier
from tests.reference.cohort_by_hand.rows import read_files

PATIENTS = 20_000

# The steps after "all patients", with what each of them takes out.
STEPS = (
    "no liver resection",
    "metastatic seeding",
    "hemangioma",
    "no colorectal metastasis",
    "survival unknown",
)

# Reasons that the generated patients must show for a variable, beside the values of VALUES: a rule
# without a case is not compared.
REASONS = {
    "operation_date": "not_reported unreadable",
    "age_at_operation": "imprecise conflicting unreadable not_reported",
    "age_group": "imprecise conflicting unreadable not_reported",
    "age_at_diagnosis": "imprecise conflicting unreadable not_reported",
    "sex": "not_reported unreadable conflicting not_assessable",
    "primary_site": "not_reported unreadable conflicting",
    "chronology": "not_reported unreadable imprecise conflicting",
    "interval_months": "not_applicable imprecise not_reported conflicting unreadable",
    "interval_group": "not_applicable imprecise not_reported conflicting unreadable",
    "neoadjuvant_therapy": "not_reported unreadable conflicting not_assessable",
    "surgical_approach": "not_applicable imprecise not_reported conflicting unreadable",
    "hepatectomy_extent": "not_reported unreadable",
    "hepatectomy_extent_by_segments": "imprecise unreadable conflicting not_reported",
    "resected_segments": "imprecise unreadable conflicting not_reported",
    "lobar_involvement": "not_reported unreadable conflicting",
    "metastasis_count": "imprecise not_reported unreadable no_report not_assessable",
    "metastasis_count_group": "imprecise not_reported unreadable no_report not_assessable",
    "multiple_metastases": "imprecise not_reported unreadable no_report not_assessable",
    "largest_metastasis_mm": "imprecise not_reported unreadable no_report",
    "size_group": "imprecise not_reported unreadable no_report",
    "margin_mm": "imprecise not_reported unreadable conflicting not_assessable no_report",
    "margin_group": "imprecise not_reported unreadable conflicting not_assessable no_report",
    "resection_status": "imprecise not_reported unreadable conflicting not_assessable no_report",
    "resection_status_0mm": (
        "imprecise not_reported unreadable conflicting not_assessable no_report"
    ),
    "tumor_grade": "imprecise not_reported unreadable not_assessable no_report",
    "lymphovascular_invasion": (
        "imprecise not_reported unreadable conflicting not_assessable no_report"
    ),
    "perineural_invasion": "imprecise not_reported unreadable not_assessable no_report",
    "tumor_regression": (
        "not_applicable imprecise not_reported unreadable conflicting not_assessable no_report"
    ),
    "viable_tumor_percent": "not_applicable imprecise not_reported unreadable no_report",
    "steatosis_grade": "imprecise not_reported unreadable conflicting not_assessable no_report",
    "clinical_risk_score": "imprecise not_reported unreadable conflicting not_assessable no_report",
    "tumor_burden_score": "imprecise not_reported unreadable no_report not_assessable",
    "died": "unreadable conflicting not_reported",
    "follow_up_days": "unreadable conflicting not_reported",
    "died_within_30_days": "imprecise unreadable not_reported conflicting",
    "died_within_90_days": "imprecise unreadable not_reported conflicting",
    "recurrence_or_death": "unreadable not_reported not_assessable conflicting",
    "recurrence_free_days": "unreadable conflicting not_reported not_assessable",
}
VALUES: dict[str, set[Any]] = {
    "operation_date_precision": {"day", "month", "year", None},
    "age_at_operation_basis": {"birth date", "recorded", None},
    "age_group": {"<65", ">=65"},
    "sex": {"female", "male"},
    "primary_site": {"colon", "rectum"},
    "chronology": {"synchronous", "metachronous"},
    "chronology_basis": {"dates", "recorded", None},
    "interval_group": {"<=12", ">12"},
    "neoadjuvant_therapy": {"no", "yes"},
    "surgical_approach": {"colon_first", "liver_first", "simultaneous"},
    "hepatectomy_extent": {"minor", "major"},
    "hepatectomy_extent_by_segments": {"minor", "major"},
    "lobar_involvement": {"unilobar", "bilobar"},
    "metastasis_count_group": {"<3", ">=3"},
    "multiple_metastases": {False, True},
    "size_group": {"<6 cm", ">=6 cm"},
    "margin_group": {"<1 mm", "1 mm", ">1 mm"},
    "resection_status": {"R0", "R1", "R2"},
    "resection_status_basis": {"distance", "stated", None},
    "resection_status_0mm": {"R0", "R1", "R2"},
    "r1_vascular": {True, False, None},
    "tumor_grade": {"well", "moderate", "poor"},
    "lymphovascular_invasion": {"no", "yes"},
    "perineural_invasion": {"no", "yes"},
    "tumor_regression": {"complete", "partial", "poor"},
    "steatosis_grade": {"0", "1", "2", "3"},
    "clinical_risk_score": {0, 1, 2, 3, 4, 5},
    "died": {False, True},
    "died_within_30_days": {False, True},
    "died_within_90_days": {False, True},
    "recurrence_or_death": {False, True},
}


def by_hand(config: Path) -> dict[str, Case]:
    """The case of every patient by pseudonym."""
    files = read_files(config)
    cases = [Patient(number, files).case() for number in files.patients]
    return {case.patient_id: case for case in cases}


def flow_of(cases: dict[str, Case]) -> tuple[list[tuple[int, int]], dict[str, int]]:
    """Patients after each step with those it takes out; and the step that takes a patient out."""
    taken_out = {}
    for patient, case in cases.items():
        step = case.excluded or (None if case.survival_known else "survival unknown")
        if step:
            taken_out[patient] = STEPS.index(step) + 2
    left = len(cases)
    steps = [(left, 0)]
    for number in range(2, len(STEPS) + 2):
        excluded = sum(step == number for step in taken_out.values())
        left -= excluded
        steps.append((left, excluded))
    return steps, taken_out


def same(mart: Any, hand: Any) -> bool:
    if isinstance(mart, float) and hand is not None:
        return math.isclose(mart, hand, rel_tol=1e-12)
    return bool(mart == hand)


class Differences:
    """Cells that differ, by column, with the first few patients."""

    def __init__(self) -> None:
        self.found: dict[str, list[tuple[str, Any, Any]]] = defaultdict(list)
        self.compared: Counter[str] = Counter()

    def compare(self, table: str, patient: str, mart: dict[str, Any], hand: dict[str, Any]) -> None:
        for column, value in mart.items():
            self.compared[table] += 1
            theirs = hand[column]
            if column == "center":
                # One spelling of each center is chosen by the warehouse.
                value = value.casefold() if value else value
            if not same(value, theirs):
                self.found[f"{table}.{column}"].append((patient, value, theirs))

    def report(self) -> str:
        return "\n".join(
            f"{column}: {len(cells)} cells differ (patient, mart, by hand): {cells[:3]}"
            for column, cells in sorted(self.found.items(), key=lambda item: -len(item[1]))
        )


def rows_of(con: Any, table: str) -> dict[str, dict[str, Any]]:
    cursor = con.execute(f"from marts.{table}")
    names = [column[0] for column in cursor.description]
    key = names.index("patient_id")
    return {row[key]: dict(zip(names, row, strict=True)) for row in cursor.fetchall()}


def compare(registry: Any) -> dict[str, Case]:
    """Assert that the marts are what the second reading gives; returns the latter."""
    cases = by_hand(registry.config)
    with registry.published() as con:
        cohort, patients, exclusions = (
            rows_of(con, table) for table in ("survival_cohort", "patients", "exclusions")
        )
        flow = con.execute(
            "select patients, excluded from marts.cohort_flow order by step_number"
        ).fetchall()

    assert patients.keys() == cases.keys()
    assert cohort.keys() == {key for key, case in cases.items() if case.excluded is None}
    steps, taken_out = flow_of(cases)
    assert flow == steps
    assert {key: row["step_number"] for key, row in exclusions.items()} == taken_out

    differences = Differences()
    for key, case in cases.items():
        identity = {"patient_id": key}
        if case.excluded is None:
            differences.compare("survival_cohort", key, cohort[key], case.columns | identity)
        facts = case.columns | case.counts | identity
        facts |= {"exclusion_reason": case.excluded, "is_in_cohort": case.excluded is None}
        differences.compare("patients", key, patients[key], facts)
    assert not differences.found, differences.report()
    assert differences.compared["survival_cohort"] >= 90 * len(cohort)
    return cases


def test_the_example_registry_is_read_the_same_by_hand(example: Any) -> None:
    cases = compare(example)
    assert {case.excluded for case in cases.values()} == {None, *STEPS[:4]}


# The marts are compared here; of what is estimated from them as little as a night can do.
SMALL_PLAN = """
title: Two factors
endpoint: overall_survival
ties: breslow
confidence_level: 0.95
confidence_interval: log
landmarks_months: [12]
curves: [sex]
logrank: [sex]
factors:
  - {column: age_group, label: Age, levels: ["<65", ">=65"]}
  - {column: sex, label: Sex, levels: [female, male]}
selection: {rule: fixed, factors: [sex]}
table_one: {continuous: [], categorical: [sex]}
"""


@pytest.mark.slow
def test_contradictory_records_are_read_the_same_by_hand(
    example_registry: Any, tmp_path: Path
) -> None:
    files = tmp_path / "files"
    generate(["--patients", str(PATIENTS), "--seed", "20", "--out", str(files)])
    make_nastier(files, seed=20)

    plan = tmp_path / "plan.yml"
    plan.write_text(SMALL_PLAN, encoding="utf-8")

    def other_files(content: dict[str, Any]) -> None:
        content["analysis"]["plan"] = str(plan)
        for name, extract in content["extracts"].items():
            extract["files"] = str(files / f"{name}*.csv")

    example_registry.edit(other_files)
    done = example_registry.refresh()
    assert done.returncode == 0, done.stdout + done.stderr

    cases = compare(example_registry)
    in_cohort = [case.columns for case in cases.values() if case.excluded is None]
    reasons = {
        variable: set(expected.split()) - {row[f"{variable}_missing_reason"] for row in in_cohort}
        for variable, expected in REASONS.items()
    }
    assert {variable: lacking for variable, lacking in reasons.items() if lacking} == {}
    values = {
        variable: expected - {row[variable] for row in in_cohort}
        for variable, expected in VALUES.items()
    }
    assert {variable: lacking for variable, lacking in values.items() if lacking} == {}
    _, taken_out = flow_of(cases)
    assert set(taken_out.values()) == set(range(2, len(STEPS) + 2))
    commented = {
        name
        for row in in_cohort
        if row["read_from_comment"]
        for name in row["read_from_comment"].split(", ")
    }
    assert len(commented) == 8
