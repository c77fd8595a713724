"""What every reader returns."""

from __future__ import annotations

from dataclasses import dataclass, field

# A compressed file that unpacks to more is no extract of a registry, and may fill the machine.
MOST_UNPACKED_BYTES = 1 << 32


@dataclass(frozen=True)
class ReadFile:
    """The headers of a file as delivered, and the labels that some formats carry.

    ``labels`` has the description of a column (header → text), ``value_labels`` the meaning of its
    codes (header → code as text → label). Where ``held_rows`` is not 0 the temporary table
    ``<table>_held`` has the records that are no rows of the table: ``file_row_number``,
    ``reason`` and ``delivered_row`` (JSON of the record, whole).
    """

    headers: list[str]
    labels: dict[str, str] = field(default_factory=dict)
    value_labels: dict[str, dict[str, str]] = field(default_factory=dict)
    held_rows: int = 0
