"""Delivery gates: a delivery that looks wrong beside the last one is held and not believed.

The comparison is made inside the transaction that takes the delivery in; where it is held, all is
rolled back and the last release stands, until the delivery is mended or forced with a reason.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
from pydantic import BaseModel, ConfigDict, Field

from ingestion.contract import ExtractContract
from ingestion.errors import DeliveryHeldError
from ingestion.settings import ExtractSettings
from ingestion.sql import fetch_one, fetch_value, text_literal

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
class Before:
    """What held before a delivery: rows, fields mapped, and the share of each that was filled."""

    rows: int
    mapped: frozenset[str]
    filled: dict[str, float]


def look_before(
    con: duckdb.DuckDBPyConnection, extract: ExtractContract, missing: list[str]
) -> Before:
    """Remember what the ledger holds of an extract before a delivery is merged into it."""
    rows = fetch_value(
        con, f"select count(*) from raw.{extract.name} where closed_by_extract_id is null"
    )
    mapped = con.execute(
        "select field from raw.fields where extract = ? and is_mapped", [extract.name]
    ).fetchall()
    return Before(
        rows, frozenset(name for (name,) in mapped), _filled_shares(con, extract, missing)
    )


def hold_if_suspicious(
    con: duckdb.DuckDBPyConnection,
    extract: ExtractContract,
    settings: ExtractSettings,
    gates: GateSettings,
    before: Before,
    *,
    mapped: set[str],
    closed: int,
    sha256: list[str],
) -> None:
    """Raise DeliveryHeldError with every gate that the merged delivery does not pass."""
    reasons = [*_unit_suspicion(con, extract, settings)]
    if before.rows:
        reasons += _vanished(before, closed, gates)
        reasons += _headers_lost(before, mapped)
        reasons += _fields_fell(con, extract, settings, gates, before, mapped)
        reasons += _older_file(con, extract, sha256)
    if reasons:
        raise DeliveryHeldError(
            f"the delivery of the {extract.name} extract is held: {'; '.join(reasons)}. "
            'Mend it, or take it with --force --reason "…"'
        )


def _vanished(before: Before, closed: int, gates: GateSettings) -> list[str]:
    percent = 100 * closed / before.rows
    if percent <= gates.vanished_percent:
        return []
    return [
        f"{closed} of {before.rows} rows are gone ({percent:.1f} %, at most "
        f"{gates.vanished_percent:g} % may be)"
    ]


def _headers_lost(before: Before, mapped: set[str]) -> list[str]:
    lost = sorted(before.mapped - mapped)
    return [f"no column any more for {', '.join(lost)}"] if lost else []


def _fields_fell(
    con: duckdb.DuckDBPyConnection,
    extract: ExtractContract,
    settings: ExtractSettings,
    gates: GateSettings,
    before: Before,
    mapped: set[str],
) -> list[str]:
    now = _filled_shares(con, extract, settings.missing)
    fell = [
        f"{name} is filled in {100 * now[name]:.0f} % of the rows, it was in "
        f"{100 * before.filled[name]:.0f} %"
        for name in extract.field_names
        if name in mapped & before.mapped
        and 100 * (before.filled[name] - now[name]) > gates.fell_points
    ]
    return fell


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


def _filled_shares(
    con: duckdb.DuckDBPyConnection, extract: ExtractContract, missing: list[str]
) -> dict[str, float]:
    tokens = ", ".join(text_literal(token) for token in ["", *missing])
    shares = ", ".join(
        f"count(*) filter (trim({name}) not in ({tokens}))" for name in extract.field_names
    )
    row = fetch_one(
        con,
        f"select count(*), {shares} from raw.{extract.name} where closed_by_extract_id is null",
    )
    assert row is not None
    rows, *filled = row
    return {
        name: count / rows if rows else 0.0
        for name, count in zip(extract.field_names, filled, strict=True)
    }
