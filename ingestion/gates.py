"""Delivery gates: a delivery that looks wrong beside the last one is held and not believed.

The comparison is made inside the transaction that takes the delivery in; where it is held, all is
rolled back and the last release stands, until the delivery is mended or forced with a reason.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import duckdb
from pydantic import BaseModel, ConfigDict, Field

from ingestion.contract import ExtractContract
from ingestion.errors import DeliveryHeldError
from ingestion.settings import ExtractSettings
from ingestion.sql import fetch_one, text_literal

# Dictionary §6: nine tenths of a file's sizes below 15 with unit mm, or above 15 with unit cm.
UNIT_LIMIT = 15
UNIT_SHARE = 0.9
_UNIT_MINIMUM_ROWS = 10


class GateSettings(BaseModel):
    """`gates:` of registry.yml: how far a delivery may differ from the last one."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    vanished_percent: float = Field(2, ge=0, le=100, description="rows gone from a snapshot")
    fell_points: float = Field(10, ge=0, le=100, description="fall of a field's filled share")


@dataclass(frozen=True)
class _Filled:
    """Rows that held before a delivery and that hold after it, and of them the filled ones of each
    field."""

    rows_before: int
    rows_now: int
    before: dict[str, int]
    now: dict[str, int]

    def percent_before(self, field: str) -> float:
        return 100 * self.before[field] / self.rows_before if self.rows_before else 0.0

    def percent_now(self, field: str) -> float:
        return 100 * self.now[field] / self.rows_now if self.rows_now else 0.0


def hold_if_suspicious(
    con: duckdb.DuckDBPyConnection,
    extract: ExtractContract,
    settings: ExtractSettings,
    gates: GateSettings,
    extract_ids: list[str],
    *,
    mapped: set[str],
    mapped_before: set[str],
    closed: int,
    sha256: list[str],
) -> None:
    """Raise DeliveryHeldError with every gate that the merged delivery does not pass.

    ``extract_ids`` are the files of the delivery, ``closed`` counts the rows that it no longer has.
    """
    reasons = [*_unit_suspicion(con, extract, settings)]
    filled = _count_filled(con, extract, settings.missing, extract_ids) if mapped_before else None
    if filled is not None and filled.rows_before:
        reasons += _vanished(filled.rows_before, closed, gates)
        reasons += _headers_lost(mapped_before, mapped)
        reasons += _fields_fell(filled, sorted(mapped & mapped_before), gates)
        reasons += _older_file(con, extract, sha256)
    if reasons:
        raise DeliveryHeldError(
            f"the delivery of the {extract.name} extract is held: {'; '.join(reasons)}. "
            'Mend it, or take it with --force --reason "…"'
        )


def _vanished(rows_before: int, closed: int, gates: GateSettings) -> list[str]:
    percent = 100 * closed / rows_before
    if percent <= gates.vanished_percent:
        return []
    return [
        f"{closed} of {rows_before} rows are gone ({percent:.1f} %, at most "
        f"{gates.vanished_percent:g} % may be)"
    ]


def _headers_lost(mapped_before: set[str], mapped: set[str]) -> list[str]:
    lost = sorted(mapped_before - mapped)
    return [f"no column any more for {', '.join(lost)}"] if lost else []


def _fields_fell(filled: _Filled, names: list[str], gates: GateSettings) -> list[str]:
    return [
        f"{name} is filled in {filled.percent_now(name):.0f} % of the rows, it was in "
        f"{filled.percent_before(name):.0f} %"
        for name in names
        if filled.percent_before(name) - filled.percent_now(name) > gates.fell_points
    ]


def _older_file(
    con: duckdb.DuckDBPyConnection, extract: ExtractContract, sha256: list[str]
) -> list[str]:
    """A file that was delivered before, but not last time, is an old one sent again."""
    found = fetch_one(
        con,
        """
        with deliveries as (
            select *, max(delivery_number) over () as this_one from raw.extracts where extract = ?
        )
        select file_name, delivery_number from deliveries
        where list_contains(?, sha256) and delivery_number < this_one - 1
            and sha256 not in (
                select sha256 from deliveries where delivery_number = this_one - 1
            )
        order by delivery_number desc
        limit 1
        """,
        [extract.name, sha256],
    )
    return [f"{found[0]} is the file of delivery {found[1]}, not a newer one"] if found else []


def _unit_suspicion(
    con: duckdb.DuckDBPyConnection, extract: ExtractContract, settings: ExtractSettings
) -> list[str]:
    reasons = []
    for field in extract.fields:
        unit = settings.units.get(field.name)
        if field.kind != "length" or unit not in ("mm", "cm"):
            continue
        row = fetch_one(
            con,
            f"""
            select count(size), count(*) filter (size < {UNIT_LIMIT}),
                count(*) filter (size > {UNIT_LIMIT})
            from (
                select try_cast(replace(trim({field.name}), ',', '.') as double) as size
                from raw.{extract.name} where closed_by_extract_id is null
            )
            where size > 0
            """,
        )
        assert row is not None
        sizes, small, large = row
        suspicious = small if unit == "mm" else large
        if sizes >= _UNIT_MINIMUM_ROWS and suspicious >= UNIT_SHARE * sizes:
            other = "cm" if unit == "mm" else "mm"
            reasons.append(
                f"{suspicious} of {sizes} values of {field.name} are "
                f"{'below' if unit == 'mm' else 'above'} {UNIT_LIMIT} {unit}: are they in {other}?"
            )
    return reasons


def _count_filled(
    con: duckdb.DuckDBPyConnection,
    extract: ExtractContract,
    missing: Iterable[str],
    extract_ids: list[str],
) -> _Filled:
    names = extract.field_names
    tokens = ", ".join(text_literal(token) for token in ["", *missing])
    filled = ", ".join(f"trim({name}) not in ({tokens}) as {name}" for name in names)
    counts = ", ".join(
        f"count(*) filter ({when} and {name})"
        for when in ("held_before", "holds")
        for name in names
    )
    row = fetch_one(
        con,
        f"""
        select count(*) filter (held_before), count(*) filter (holds), {counts}
        from (
            select closed_by_extract_id is null as holds,
                not list_contains($ids, extract_id) and (
                    closed_by_extract_id is null or list_contains($ids, closed_by_extract_id)
                ) as held_before,
                {filled}
            from raw.{extract.name}
        )
        """,
        {"ids": extract_ids},
    )
    assert row is not None
    rows_before, rows_now, *cells = row
    return _Filled(
        rows_before,
        rows_now,
        dict(zip(names, cells[: len(names)], strict=True)),
        dict(zip(names, cells[len(names) :], strict=True)),
    )
