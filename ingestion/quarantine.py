"""Rows that could not be taken, and what would let them in."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb


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
        return (
            "keep one of the rows in the source and deliver again, or map a field that tells "
            "them apart; until then the last good version of the key holds"
        )


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
