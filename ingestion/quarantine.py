"""Rows that could not be taken: held whole with the reason, and what would let them in."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from ingestion.contract import ExtractContract
from ingestion.delivered_table import DeliveredTable
from ingestion.pseudonyms import PseudonymKey, pseudonym_sql
from ingestion.sql import fetch_value

QUARANTINE = """
create table if not exists raw.quarantine (
    extract varchar, extract_id varchar, file_name varchar, file_row_number bigint,
    key_hash uuid, patient_pseudonym varchar, reason varchar, delivered_row json,
    released_by_extract_id varchar
);
"""

# Letters and digits of a row, whatever stands between them: a mended row keeps them.
_CONTENT = r"regexp_replace({}, '[^\p{{L}}\p{{N}}]', '', 'g')"


@dataclass(frozen=True)
class HeldRow:
    """A row held in quarantine; the row itself stays in ``raw.quarantine.delivered_row``."""

    extract: str
    file_name: str
    file_row_number: int
    patient_pseudonym: str | None
    reason: str

    @property
    def remedy(self) -> str:
        if "key is blank" in self.reason:
            return "fill the key in the source and deliver again"
        if "key (" in self.reason:
            return (
                "keep one of the rows in the source and deliver again, or map a field that tells "
                "them apart; until then the last good version of the key holds"
            )
        if "header" in self.reason:
            return "remove the second header from the export; the row holds no data"
        return "mend the row in the source (quotes, delimiters) and deliver again"


def held_rows(con: duckdb.DuckDBPyConnection) -> list[HeldRow]:
    """The rows held now, in order of file and row."""
    rows = con.execute(
        """
        select extract, file_name, file_row_number, patient_pseudonym, reason
        from raw.quarantine where released_by_extract_id is null
        order by extract, file_name, file_row_number
        """
    ).fetchall()
    return [HeldRow(*row) for row in rows]


def hold_rows(
    con: duckdb.DuckDBPyConnection,
    extract: ExtractContract,
    files: list[DeliveredTable],
    key: PseudonymKey,
) -> None:
    """Hold the rows of ``judged`` that were not taken, and the records that are no rows at all."""
    for file in files:
        pseudonym = pseudonym_sql(file.column("patient_id"), "patient_id", key)
        con.execute(
            f"""
            insert into raw.quarantine by name
            select ? as extract, ? as extract_id, ? as file_name, f.file_row_number,
                if(j.key_missing, null, j.key_hash) as key_hash, j.reason,
                {file.row_json} as delivered_row, {pseudonym} as patient_pseudonym
            from {file.table} f
            join judged j using (file_row_number)
            where j.file_number = {file.number} and j.verdict = 'quarantined'
            order by f.file_row_number
            """,
            [extract.name, file.extract_id, file.file_name],
        )
        if file.found.held_rows:
            con.execute(
                f"""
                insert into raw.quarantine by name
                select ? as extract, ? as extract_id, ? as file_name,
                    file_row_number, reason, delivered_row
                from {file.table}_held
                order by file_row_number
                """,
                [extract.name, file.extract_id, file.file_name],
            )


def release_rows(
    con: duckdb.DuckDBPyConnection,
    extract: ExtractContract,
    files: list[DeliveredTable],
    *,
    is_snapshot: bool,
) -> None:
    """Release the held rows whose cause may be gone; what is still wrong is held anew.

    A snapshot delivers every row again. A delta releases a row whose key it carries, and a row
    without a key where it carries the same content with one.
    """
    first_extract_id = files[0].extract_id
    if is_snapshot:
        con.execute(
            "update raw.quarantine set released_by_extract_id = ? "
            "where extract = ? and released_by_extract_id is null",
            [first_extract_id, extract.name],
        )
        return
    con.execute(
        "update raw.quarantine set released_by_extract_id = ? "
        "where extract = ? and released_by_extract_id is null "
        "and key_hash in (select key_hash from judged where not key_missing)",
        [first_extract_id, extract.name],
    )
    without_key = fetch_value(
        con,
        "select count(*) from raw.quarantine "
        "where extract = ? and released_by_extract_id is null and key_hash is null",
        [extract.name],
    )
    if without_key:
        _release_mended(con, extract, files, first_extract_id)


def _release_mended(
    con: duckdb.DuckDBPyConnection,
    extract: ExtractContract,
    files: list[DeliveredTable],
    first_extract_id: str,
) -> None:
    required = [field.name for field in extract.fields if field.required]
    contents = []
    for file in files:
        columns = range(len(file.found.headers))
        keys = {file.columns[name] for name in required}
        # A blank key is mended by filling it, a broken line by its quotes and delimiters.
        for chosen in (columns, [i for i in columns if i not in keys]):
            cells = ", ".join(f"f.c{i}" for i in chosen)
            contents.append(
                f"select {_CONTENT.format(f'concat({cells})')} as content "
                f"from {file.table} f join judged j using (file_row_number) "
                f"where j.file_number = {file.number} and j.verdict <> 'quarantined'"
            )
    held = _CONTENT.format("array_to_string(json_extract_string(delivered_row, '$.*'), '')")
    con.execute(
        f"""
        update raw.quarantine set released_by_extract_id = ?
        where extract = ? and released_by_extract_id is null and key_hash is null
            and {held} <> '' and {held} in ({" union all ".join(contents)})
        """,
        [first_extract_id, extract.name],
    )
