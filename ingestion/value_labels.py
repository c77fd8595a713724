"""What codes mean by the delivered files themselves: REDCap's choices, a statistical file's labels.

They are kept per extract beside the ledger, which holds the codes as delivered. Reading puts them
in place like ``values:`` of registry.yml, which come first.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

import duckdb

from ingestion.errors import DeliveryError
from ingestion.mapping import MappedField, normalized_header
from ingestion.readers import ReadFile

VALUE_LABELS = """
create table if not exists raw.value_labels (
    extract varchar, field varchar, delivered varchar, label varchar
);
"""


def keep_value_labels(
    con: duckdb.DuckDBPyConnection,
    extract: str,
    files: Iterable[tuple[ReadFile, dict[str, MappedField]]],
) -> None:
    """Replace the labels of an extract by those of the mapped columns of a delivery."""
    rows = {
        (extract, field, code, label)
        for found, mapping in files
        for field, mapped in mapping.items()
        for code, label in found.value_labels.get(mapped.header, {}).items()
        if label.strip()
    }
    con.execute("delete from raw.value_labels where extract = ?", [extract])
    if rows:
        con.executemany("insert into raw.value_labels values (?, ?, ?, ?)", sorted(rows))


def labels_beside(
    con: duckdb.DuckDBPyConnection, extract: str, values: dict[str, dict[str, str]]
) -> list[list[str]]:
    """The labels of codes that ``values`` does not name, as rows of ``raw.value_map``.

    Raises DeliveryError where the files of a delivery label a code differently.
    """
    rows = con.execute(
        "select field, delivered, label from raw.value_labels where extract = ? "
        "order by field, delivered, label",
        [extract],
    ).fetchall()
    configured = {(name, _compared(code)) for name in values for code in values[name]}
    chosen: dict[tuple[str, str], str] = {}
    kept = []
    for field, code, label in rows:
        place = field, _compared(code)
        if place in configured:
            continue
        first = chosen.setdefault(place, label)
        if normalized_header(first) != normalized_header(label):
            raise DeliveryError(
                f"the delivered files label the code {code!r} of {field} of the {extract} extract "
                f"as {first!r} and as {label!r}; say what it means in "
                f"`extracts.{extract}.values.{field}`"
            )
        kept.append([extract, field, code, first])
    return kept


def _compared(code: str) -> str:
    """A code as reading compares it: ۱ is 1, and case and blanks make no difference."""
    return "".join(str(unicodedata.decimal(letter, letter)) for letter in normalized_header(code))
