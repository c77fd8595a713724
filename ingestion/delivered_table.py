"""One file of a delivery in its temporary table, with what is needed to speak of it in SQL."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from ingestion.readers import ReadFile
from ingestion.sql import text_literal


@dataclass(frozen=True)
class DeliveredTable:
    """One file of a delivery, read into the temporary table ``table``.

    ``columns`` has the column number of each field that the file holds.
    """

    number: int
    extract_id: str
    file_name: str
    table: str
    columns: dict[str, int]
    found: ReadFile

    def column(self, field: str) -> str:
        return f"f.c{self.columns[field]}" if field in self.columns else "null::varchar"

    def columns_of(self, names: tuple[str, ...]) -> str:
        return ", ".join(f"{self.column(name)} as {name}" for name in names)

    @property
    def row_json(self) -> str:
        """SQL of the whole row as JSON, under the headers of the file."""
        names = unique_names(self.found.headers)
        row = ", ".join(f"{text_literal(name)}, f.c{i}" for i, name in enumerate(names))
        return f"json_object({row})"


def unique_names(headers: list[str]) -> list[str]:
    """Headers as the names of a JSON object, which keeps one value per name."""
    count = Counter(headers)
    return [
        header if header and count[header] == 1 else f"{header} (column {number})".strip()
        for number, header in enumerate(headers, start=1)
    ]
