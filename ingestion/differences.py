"""What a delivery changed: rows new, changed, vanished, reappeared, and cells by field.

Read from the ledger alone, so that any two deliveries can be compared at any time.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from ingestion.contract import ExtractContract
from ingestion.errors import IngestionError
from ingestion.ledger import pseudonym_columns
from ingestion.sql import fetch_value

NEW, CHANGED, VANISHED, REAPPEARED = "new", "changed", "vanished", "reappeared"


@dataclass(frozen=True)
class CellChanges:
    """Cells of one field that differ in rows that changed; ``blanked`` of them are blank now."""

    field: str
    changed: int
    blanked: int


@dataclass(frozen=True)
class RowChange:
    """One row that differs; its key as pseudonyms, and the fields in which it changed."""

    change: str
    pseudonyms: tuple[str | None, ...]
    file_name: str
    file_row_number: int
    fields: tuple[str, ...]


@dataclass(frozen=True)
class Differences:
    """Two deliveries of an extract compared; ``earlier`` is 0 where there is none before."""

    extract: str
    earlier: int
    later: int
    rows: dict[str, int]
    cells: list[CellChanges]


def deliveries_to_compare(
    con: duckdb.DuckDBPyConnection, extract: str, earlier: int | None, later: int | None
) -> tuple[int, int]:
    """The numbers of the two deliveries: by default the last one and the one before it.

    Raises IngestionError where there is no such delivery.
    """
    last = fetch_value(
        con,
        "select coalesce(max(delivery_number), 0) from raw.extracts where extract = ?",
        [extract],
    )
    if last == 0:
        raise IngestionError(f"the {extract} extract has not been delivered yet")
    later = last if later is None else later
    earlier = later - 1 if earlier is None else earlier
    if not 0 <= earlier < later <= last:
        raise IngestionError(
            f"the {extract} extract has deliveries 1 to {last}; --from {earlier} --to {later} has "
            "to name an earlier and a later one of them"
        )
    return earlier, later


def compare_deliveries(
    con: duckdb.DuckDBPyConnection, extract: ExtractContract, earlier: int, later: int
) -> Differences:
    """Compare what held after delivery ``earlier`` with what held after ``later``."""
    _find_changes(con, extract, earlier, later)
    counted = dict(
        con.execute("select change, count(*) from changed_rows group by change").fetchall()
    )
    cells = con.execute(
        """
        select field, count(*), count(*) filter (is_blanked)
        from (select unnest(cells, recursive := true) from changed_rows)
        group by field order by count(*) desc, field
        """
    ).fetchall()
    return Differences(
        extract.name,
        earlier,
        later,
        {change: counted.get(change, 0) for change in (NEW, CHANGED, VANISHED, REAPPEARED)},
        [CellChanges(*row) for row in cells],
    )


def changed_rows(
    con: duckdb.DuckDBPyConnection, extract: ExtractContract, earlier: int, later: int
) -> list[RowChange]:
    """Every row that differs, in order of kind, file and row. No value of a row is shown."""
    _find_changes(con, extract, earlier, later)
    pseudonyms = ", ".join(pseudonym_columns(extract))
    rows = con.execute(
        f"""
        select change, [{pseudonyms}], file_name, file_row_number,
            list_transform(cells, lambda cell: cell.field)
        from changed_rows order by change, file_name, file_row_number
        """
    ).fetchall()
    return [
        RowChange(change, tuple(keys), file, number, tuple(fields))
        for change, keys, file, number, fields in rows
    ]


def _find_changes(
    con: duckdb.DuckDBPyConnection, extract: ExtractContract, earlier: int, later: int
) -> None:
    """Make ``changed_rows``: a row per key that differs, with the cells of changed rows."""
    cells = ", ".join(
        f"case when coalesce(e.{name}, '') <> coalesce(l.{name}, '') then "
        f"{{'field': '{name}', 'is_blanked': coalesce(l.{name}, '') = ''}} end"
        for name in extract.field_names
    )
    pseudonyms = ", ".join(
        f"coalesce(l.{name}, e.{name}) as {name}" for name in pseudonym_columns(extract)
    )
    con.execute(
        f"""
        create or replace temp table changed_rows as
        with versions as (
            select r.*, o.delivery_number as opened, o.file_name,
                coalesce(c.delivery_number, 2147483647) as closed
            from raw.{extract.name} r
            join raw.extracts o using (extract_id)
            left join raw.extracts c on c.extract_id = r.closed_by_extract_id
        ),
        earlier as (
            from versions where opened <= $earlier and closed > $earlier
        ),
        later as (
            from versions where opened <= $later and closed > $later
        )
        select
            case
                when l.key_hash is null then 'vanished'
                when e.key_hash is not null then 'changed'
                when exists (
                    select 1 from versions v
                    where v.key_hash = l.key_hash and v.opened <= $earlier
                ) then 'reappeared'
                else 'new'
            end as change,
            {pseudonyms},
            coalesce(l.file_name, e.file_name) as file_name,
            coalesce(l.file_row_number, e.file_row_number) as file_row_number,
            case
                when e.key_hash is not null and l.key_hash is not null
                    then list_filter([{cells}], lambda cell: cell is not null)
                else []
            end as cells
        from earlier e
        full join later l using (key_hash)
        where e.row_hash is distinct from l.row_hash
        """,
        {"earlier": earlier, "later": later},
    )
