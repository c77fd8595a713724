"""The suites: generated from the contract of the extracts and of the marts, and written ones.

The line between the two engines: Great Expectations looks at extracts as they arrived and at the
marts as they are to be published; dbt tests look at what holds between tables (keys,
relationships, allowed values, row counts).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from expectations.settings import QualitySettings
from ingestion.contract import Contract, ExtractContract

READABLE_KINDS = frozenset(
    {
        "word",
        "date",
        "length",
        "count",
        "number",
        "percent",
        "duration",
        "margin",
        "procedure",
        "segments",
        "steatosis",
        "regression",
    }
)


@dataclass(frozen=True)
class Check:
    """One expectation of a column: Great Expectations' type and arguments, and what it means here.

    ``column_name`` is the column of the table that it tells of, if it is one; ``allowed_percent``
    of the rows may break it.
    """

    check_id: str
    expectation: str
    arguments: dict[str, Any]
    category: str
    severity: str
    description: str
    column_name: str | None = None
    allowed_percent: float = 0

    @property
    def column(self) -> str | None:
        """The column of the query that is looked at; none where it is the table."""
        return self.arguments.get("column")


@dataclass(frozen=True)
class Suite:
    """Checks over one table; ``query`` selects just the columns that they need, or what follows
    from them. A null is nothing to be checked."""

    layer: str
    table: str
    query: str
    checks: list[Check] = field(default_factory=list)


# --- extracts as they arrived --------------------------------------------------------------------


def extract_suites(contract: Contract, mapped: dict[str, set[str]]) -> Iterator[Suite]:
    """Suites over ``raw`` for each delivered extract: rows, keys. All are errors.

    ``mapped`` names the fields delivered, per extract.
    """
    for name in mapped:
        extract = contract[name]
        required = [f.name for f in extract.fields if f.required]
        lengths = ", ".join(f"coalesce(length(trim({f})), 0) as {f}" for f in required)
        rows = f"from raw.{name} where closed_by_extract_id is null"
        yield Suite("raw", name, f"select {lengths} {rows}", list(_raw_checks(extract)))
        yield Suite(
            "raw",
            name,
            f"select count(*) as rows_of_key {rows} group by key_hash",
            [
                Check(
                    f"raw.{name}.key_is_unique",
                    "expect_column_values_to_be_in_set",
                    {"column": "rows_of_key", "value_set": [1]},
                    "conformance",
                    "error",
                    f"{extract.grain.capitalize()}: the natural key is unique.",
                    "key_hash",
                )
            ],
        )


def _raw_checks(extract: ExtractContract) -> Iterator[Check]:
    yield Check(
        f"raw.{extract.name}.has_rows",
        "expect_table_row_count_to_be_between",
        {"min_value": 1},
        "completeness",
        "error",
        f"The {extract.name} extract has rows.",
    )
    for required in (f for f in extract.fields if f.required):
        yield Check(
            f"raw.{extract.name}.{required.name}.is_filled",
            "expect_column_values_to_be_between",
            {"column": required.name, "min_value": 1},
            "conformance",
            "error",
            f"{required.name} is never blank.",
            required.name,
        )


def reading_suites(
    contract: Contract, mapped: dict[str, set[str]], settings: QualitySettings
) -> Iterator[Suite]:
    """Suites over ``staging``: each delivered field is readable. Warnings."""
    for name, fields in mapped.items():
        readable = [
            f for f in contract[name].fields if f.name in fields and f.kind in READABLE_KINDS
        ]
        if not readable:
            continue
        # A blank is no failure to read: only filled fields are in the denominator.
        columns = ", ".join(
            f"nullif(coalesce({f.name}_missing_reason, 'read'), 'not_reported') as {f.name}"
            for f in readable
        )
        yield Suite(
            "staging",
            f"stg_{name}",
            f"select {columns} from staging.stg_{name}",
            [
                Check(
                    f"staging.{name}.{f.name}.is_readable",
                    "expect_column_values_to_not_be_in_set",
                    {"column": f.name, "value_set": ["unreadable"]},
                    "conformance",
                    "warning",
                    f"What stands in {f.name} can be read.",
                    f.name,
                    settings.unreadable_percent,
                )
                for f in readable
            ],
        )


def quarantine_suites(mapped: dict[str, set[str]], settings: QualitySettings) -> Iterator[Suite]:
    """A suite per extract over the rows of its last delivery: taken or held in quarantine."""
    for name in mapped:
        yield Suite(
            "raw",
            f"{name} (last delivery)",
            f"""
            select unnest(range(rows_read))
                < rows_read - rows_quarantined as is_taken
            from raw.extracts
            where extract = '{name}' and delivery_number =
                (select max(delivery_number) from raw.extracts where extract = '{name}')
            """,
            [
                Check(
                    f"raw.{name}.no_row_in_quarantine",
                    "expect_column_values_to_be_in_set",
                    {"column": "is_taken", "value_set": [True]},
                    "conformance",
                    "warning",
                    "No row of the delivery had to be held in quarantine.",
                    None,
                    settings.quarantined_percent,
                )
            ],
        )


def completeness_suites(contract: Contract, settings: QualitySettings) -> Iterator[Suite]:
    """A suite per pathology field of which the contract says where it is expected. Warnings."""
    for f in contract["pathology"].fields:
        if f.expected is None:
            continue
        yield Suite(
            "intermediate",
            f"pathology field {f.name}",
            "select missing_reason from intermediate.int_pathology_fields "
            f"where field = '{f.name}' and is_expected and missing_reason is distinct from "
            "'not_collected'",
            [
                Check(
                    f"pathology.{f.name}.is_complete",
                    "expect_column_values_to_be_null",
                    {"column": "missing_reason"},
                    "completeness",
                    "warning",
                    f"{f.name} is known for {f.expected}.",
                    f.name,
                    100 - settings.completeness_percent,
                )
            ],
        )


# --- marts as published --------------------------------------------------------------------------

# What written rules look at, from columns of marts.survival_cohort.
_BY_DISTANCE = (
    "case when resection_status = '{}' and resection_status_basis = 'distance' then margin_mm end"
)
DERIVED = {
    "days_to_last_contact": "last_contact_date - operation_date",
    "r0_margin_mm": _BY_DISTANCE.format("R0"),
    "r1_margin_mm": _BY_DISTANCE.format("R1"),
    "follow_up_days_of_early_deaths": "case when died_within_30_days then follow_up_days end",
}


def mart_suites(dbt_project: Path, r0_margin_mm: float) -> Iterator[Suite]:
    """Suites over ``marts``: the bounds of the marts' own declaration, and written rules.

    ``r0_margin_mm`` is the definition in force: R0 is a margin of at least as much.
    """
    path = dbt_project / "models" / "marts" / "_marts__models.yml"
    for model in yaml.safe_load(path.read_text(encoding="utf-8"))["models"]:
        checks = list(_bounds(model))
        if model["name"] == "survival_cohort":
            checks += _written_for_cohort(r0_margin_mm)
        if checks:
            columns = sorted({check.column for check in checks if check.column})
            selected = ", ".join(f"{DERIVED.get(c, c)} as {c}" for c in columns)
            query = f"select {selected} from marts.{model['name']}"
            yield Suite("marts", model["name"], query, checks)


def _bounds(model: dict) -> Iterator[Check]:
    for column in model["columns"]:
        meta = column.get("config", {}).get("meta", {})
        low, high = meta.get("minimum"), meta.get("maximum")
        if low is None and high is None:
            continue
        words = f"at least {low}" if high is None else f"between {low} and {high}"
        yield Check(
            f"marts.{model['name']}.{column['name']}.is_within_bounds",
            "expect_column_values_to_be_between",
            {"column": column["name"], "min_value": low, "max_value": high},
            "plausibility",
            "error",
            f"{column['name']} is {words}.",
            column["name"],
        )


def _written_for_cohort(r0_margin_mm: float) -> Iterator[Check]:
    yield Check(
        "marts.survival_cohort.has_patients",
        "expect_table_row_count_to_be_between",
        {"min_value": 1},
        "completeness",
        "error",
        "The cohort has patients.",
    )
    yield Check(
        "marts.survival_cohort.last_contact_follows_operation",
        "expect_column_values_to_be_between",
        {"column": "days_to_last_contact", "min_value": 0},
        "plausibility",
        "error",
        "The last contact is not before the operation.",
        "last_contact_date",
    )
    limits: dict[str, tuple[dict[str, Any], str]] = {
        "R1": ({"max_value": r0_margin_mm, "strict_max": True}, "less than"),
        "R0": ({"min_value": r0_margin_mm}, "at least"),
    }
    for status, (limit, words) in limits.items():
        yield Check(
            f"marts.survival_cohort.{status.lower()}_by_distance_agrees_with_margin",
            "expect_column_values_to_be_between",
            {"column": f"{status.lower()}_margin_mm", **limit},
            "plausibility",
            "error",
            f"A margin by which a resection is {status} is {words} {r0_margin_mm:g} mm.",
            "margin_mm",
        )
    yield Check(
        "marts.survival_cohort.thirty_day_deaths_died_by_day_30",
        "expect_column_values_to_be_between",
        {"column": "follow_up_days_of_early_deaths", "max_value": 30},
        "plausibility",
        "error",
        "Who died within 30 days has a follow-up of at most 30 days.",
        "follow_up_days",
    )
