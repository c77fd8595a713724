"""A dry run: find the files of a configuration, read them, map their headers. Writes nothing."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from ingestion.contract import Contract
from ingestion.deliveries import Deliveries, read_delivered
from ingestion.mapping import MappedField, check_settings, map_headers
from ingestion.settings import ExtractSettings
from ingestion.sql import fetch_value


@dataclass(frozen=True)
class FilePreview:
    """One file of one extract: rows, fields found and absent, headers that nothing uses.

    ``other_records`` counts the records of a REDCap export that belong to other instruments.
    """

    extract: str
    name: str
    rows: int
    other_records: int
    mapped: dict[str, MappedField]
    absent: list[str]
    unmapped_headers: list[str]


def preview(
    contract: Contract, extracts: dict[str, ExtractSettings], root: Path
) -> Iterator[FilePreview]:
    """Read each file as a refresh would and say how its headers map.

    Raises DeliveryError as a refresh would.
    """
    with duckdb.connect() as con, tempfile.TemporaryDirectory() as folder:
        deliveries = Deliveries(root, Path(folder) / "archive")
        for name, settings in extracts.items():
            extract = contract[name]
            check_settings(extract, settings, f"extracts.{name}")
            delivery = deliveries.of(name, settings)
            for file in delivery.files:
                found, other = read_delivered(con, file, delivery, settings, "previewed")
                headers = found.headers
                mapped = map_headers(extract, settings, headers, file.delivered)
                used = {field.column for field in mapped.values()}
                yield FilePreview(
                    extract=name,
                    name=file.delivered.name,
                    rows=fetch_value(con, "select count(*) from previewed"),
                    other_records=other,
                    mapped=mapped,
                    absent=[f for f in extract.field_names if f not in mapped],
                    unmapped_headers=[
                        header.strip() for i, header in enumerate(headers) if i not in used
                    ],
                )
