"""One night's extracts → ``raw``, in one transaction."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import duckdb

from ingestion.archive import ArchivedFile
from ingestion.contract import Contract, ExtractContract
from ingestion.delivered_table import DeliveredTable
from ingestion.deliveries import Delivery, DeliverySource, read_delivered
from ingestion.gates import GateSettings, hold_if_suspicious
from ingestion.ledger import (
    DeliveryCounts,
    create_raw_schema,
    forget_pseudonyms,
    take_delivery,
)
from ingestion.mapping import MappedField, check_settings, map_headers
from ingestion.nights import Night, describe_extract, record_night, write_journal
from ingestion.pseudonyms import PseudonymKey, check_key
from ingestion.readers import ReadFile, drop_file
from ingestion.settings import ExtractSettings
from ingestion.sql import fetch_value
from ingestion.value_labels import keep_value_labels, labels_beside
from ingestion.vocabulary import Phrase

# Bump when the same files would be taken in otherwise than before.
LEDGER_VERSION = 1


@dataclass(frozen=True)
class DeliveredFile:
    """A file of a delivery, as the manifest names it."""

    extract: str
    name: str
    sha256: str
    bytes: int


@dataclass(frozen=True)
class ExtractSummary:
    """What became of one extract; ``counts`` is null when the same files had been taken before.

    ``other_records`` counts what the files hold beside the rows of the extract: the records of a
    REDCap project's other instruments.
    """

    extract: str
    files: tuple[DeliveredFile, ...]
    mapped: dict[str, MappedField]
    counts: DeliveryCounts | None
    other_records: int = 0


@dataclass(frozen=True)
class _Loaded:
    """A file that has been read into the temporary table ``table``."""

    table: str
    found: ReadFile
    other_records: int


@dataclass(frozen=True)
class _Tonight:
    """The delivery of one extract; ``is_known``: the same as last time, settings too."""

    extract: ExtractContract
    settings: ExtractSettings
    delivery: Delivery
    fingerprint: str
    is_known: bool

    def read_of(self, file: ArchivedFile) -> tuple[str, ...]:
        """What, beside its content, decides how a file is read."""
        parts = _redcap_parts(self.delivery, self.settings)
        return file.sha256, self.settings.format.model_dump_json(), *parts

    @property
    def reads(self) -> list[tuple[str, ...]]:
        """What has to be read."""
        return [] if self.is_known else [self.read_of(file) for file in self.delivery.files]


class Ingestion:
    """The extracts of one night, on the way into an open warehouse.

    ``deliveries`` has their files. Without ``gates`` no delivery is held; ``forced_because`` opens
    them and is recorded. ``phrases`` are the hospital's own words.
    """

    def __init__(
        self,
        con: duckdb.DuckDBPyConnection,
        contract: Contract,
        extracts: dict[str, ExtractSettings],
        deliveries: DeliverySource,
        *,
        key: PseudonymKey,
        gates: GateSettings | None,
        forced_because: str | None = None,
        phrases: Sequence[Phrase] = (),
    ) -> None:
        self.con = con
        self.contract = contract
        self.extracts = extracts
        self.key = key
        self.gates = gates
        self.forced_because = forced_because
        self.phrases = tuple(phrases)
        self._deliveries = deliveries
        self._loaded: dict[tuple[str, ...], _Loaded] = {}
        self._number_of_reads = 0

    def run(self, run_id: str, taken_in_at: datetime) -> list[ExtractSummary]:
        """Take in every extract. On any error nothing of this run stays in the warehouse.

        Raises IngestionError for settings and DeliveryError for files that cannot be taken.
        """
        self.con.execute("begin")
        try:
            create_raw_schema(self.con, self.contract)
            check_key(self.con, self.key)
            forget_pseudonyms(self.con)
            found = [self._find(name, settings) for name, settings in self.extracts.items()]
            summaries = []
            for number, tonight in enumerate(found):
                summaries.append(self._take(tonight, run_id, taken_in_at))
                self._drop_all_but({read for later in found[number + 1 :] for read in later.reads})
            self._write_settings(summaries)
            record_night(self.con, self._night(found, run_id, taken_in_at))
        except BaseException:
            self.con.execute("rollback")
            raise
        self.con.execute("commit")
        write_journal(self.con, self._deliveries.archive)
        return summaries

    def _night(self, found: list[_Tonight], run_id: str, taken_in_at: datetime) -> Night:
        extracts = {
            tonight.extract.name: describe_extract(tonight.settings, tonight.delivery)
            for tonight in found
        }
        return Night(
            run_id,
            taken_in_at,
            self.forced_because,
            self.key.check_value,
            extracts,
            self.phrases,
        )

    def _find(self, name: str, settings: ExtractSettings) -> _Tonight:
        extract = self.contract[name]
        check_settings(extract, settings, f"extracts.{name}")
        delivery = self._deliveries.of(name, settings)
        # The same files under the same settings hold the same rows: they are not read again.
        fingerprint = _fingerprint(extract, settings, delivery)
        is_known = self._last_fingerprint(name) == fingerprint
        return _Tonight(extract, settings, delivery, fingerprint, is_known)

    def _take(self, tonight: _Tonight, run_id: str, at: datetime) -> ExtractSummary:
        extract, settings, files = tonight.extract, tonight.settings, tonight.delivery.files
        delivered = tuple(
            DeliveredFile(extract.name, file.delivered.name, file.sha256, file.bytes)
            for file in tonight.delivery.all_files
        )
        if tonight.is_known:
            mapped = self._last_mapping(extract.name)
            return ExtractSummary(extract.name, delivered, mapped, counts=None)

        loaded = [self._load(tonight, file) for file in files]
        mappings = [
            map_headers(extract, settings, item.found.headers, file.delivered)
            for file, item in zip(files, loaded, strict=True)
        ]
        mapped = {}
        for mapping in reversed(mappings):
            mapped |= mapping
        extract_ids = self._announce(tonight, loaded, run_id, at)
        tables = [
            DeliveredTable(
                number=number,
                extract_id=extract_ids[number],
                file_name=file.delivered.name,
                table=loaded[number].table,
                columns={
                    name: field.column
                    for name, field in mappings[number].items()
                    if field.column is not None
                },
                found=loaded[number].found,
            )
            for number, file in enumerate(files)
        ]
        keep_value_labels(
            self.con, extract.name, zip((item.found for item in loaded), mappings, strict=True)
        )
        counts = take_delivery(
            self.con,
            extract,
            extract.natural_key(set(mapped)),
            tables,
            self.key,
            is_snapshot=settings.delivery == "snapshot",
        )
        if self.gates is not None and self.forced_because is None:
            hold_if_suspicious(
                self.con,
                extract,
                settings,
                self.gates,
                extract_ids,
                mapped=set(mapped),
                mapped_before=set(self._last_mapping(extract.name)),
                closed=counts.closed,
                sha256=[file.sha256 for file in files],
            )
        other_records = sum(item.other_records for item in loaded)
        return ExtractSummary(extract.name, delivered, mapped, counts, other_records)

    def _load(self, tonight: _Tonight, file: ArchivedFile) -> _Loaded:
        # One file may feed several extracts: it is read once, for each instrument of REDCap.
        known = tonight.read_of(file)
        if known not in self._loaded:
            self._number_of_reads += 1
            table = f"delivered_file_{self._number_of_reads}"
            found, other = read_delivered(self.con, file, tonight.delivery, tonight.settings, table)
            self._loaded[known] = _Loaded(table, found, other)
        return self._loaded[known]

    def _drop_all_but(self, needed: set[tuple[str, ...]]) -> None:
        for read in set(self._loaded) - needed:
            drop_file(self.con, self._loaded.pop(read).table)

    def _announce(
        self, tonight: _Tonight, loaded: list[_Loaded], run_id: str, at: datetime
    ) -> list[str]:
        """Write a row of ``raw.extracts`` per file, still without counts; their identifiers."""
        extract, files = tonight.extract.name, tonight.delivery.files
        delivery_number = fetch_value(
            self.con,
            "select coalesce(max(delivery_number), 0) + 1 from raw.extracts where extract = ?",
            [extract],
        )
        extract_ids = [
            f"{extract}-{delivery_number:05d}-{number:03d}" for number in range(len(files))
        ]
        self.con.executemany(
            "insert into raw.extracts (extract_id, delivery_number, extract, run_id, "
            "file_name, sha256, bytes, taken_in_at, fingerprint, forced_because, other_records) "
            "values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                [
                    extract_id,
                    delivery_number,
                    extract,
                    run_id,
                    file.delivered.name,
                    file.sha256,
                    file.bytes,
                    at,
                    tonight.fingerprint,
                    self.forced_because,
                    item.other_records,
                ]
                for extract_id, file, item in zip(extract_ids, files, loaded, strict=True)
            ],
        )
        return extract_ids

    def _last_fingerprint(self, extract: str) -> str | None:
        return fetch_value(
            self.con,
            "select fingerprint from raw.extracts where extract = ? "
            "order by delivery_number desc limit 1",
            [extract],
        )

    def _last_mapping(self, extract: str) -> dict[str, MappedField]:
        rows = self.con.execute(
            "select field, header, recognized_by from raw.fields where extract = ? and is_mapped",
            [extract],
        ).fetchall()
        return {field: MappedField(field, header, None, how) for field, header, how in rows}

    def _write_settings(self, summaries: list[ExtractSummary]) -> None:
        """Say in the warehouse how the extracts are to be read; dbt joins these tables."""
        mapped = {summary.extract: summary.mapped for summary in summaries}
        fields, values, tokens = [], [], []
        for extract in self.contract.extracts.values():
            settings = self.extracts.get(extract.name)
            for field in extract.fields:
                source = mapped.get(extract.name, {}).get(field.name)
                unit = settings.units.get(field.name) if settings else None
                fields.append(
                    [
                        extract.name,
                        field.name,
                        field.kind,
                        field.vocabulary,
                        source is not None,
                        source.header if source else None,
                        source.recognized_by if source else None,
                        unit,
                        settings.calendar if settings else None,
                        settings.date_order if settings else None,
                        settings.days_per_month if settings else None,
                        settings.format.thousands if settings else None,
                        field.minimum,
                        field.maximum,
                        field.expected,
                    ]
                )
            if settings is None:
                continue
            tokens += [[extract.name, *entry] for entry in settings.missing.items()]
            values += [
                [extract.name, name, delivered, value]
                for name, codes in settings.values.items()
                for delivered, value in codes.items()
            ]
            values += labels_beside(self.con, extract.name, settings.values)
        phrases = [[p.extract, p.field, p.phrase, p.value] for p in self.phrases]
        for table, rows in (
            ("fields", fields),
            ("value_map", values),
            ("missing_tokens", tokens),
            ("phrases", phrases),
        ):
            self.con.execute(f"delete from raw.{table}")
            if rows:
                marks = ", ".join("?" * len(rows[0]))
                self.con.executemany(f"insert into raw.{table} values ({marks})", rows)


def _redcap_parts(delivery: Delivery, settings: ExtractSettings) -> list[str]:
    """What, beside the file, decides which rows a REDCap export has for an extract."""
    if settings.redcap is None or delivery.dictionary is None:
        return []
    return [settings.redcap.instrument, settings.redcap.event or "", delivery.dictionary.sha256]


def _fingerprint(extract: ExtractContract, settings: ExtractSettings, delivery: Delivery) -> str:
    parts = {
        "ledger": LEDGER_VERSION,
        "fields": [[field.name, field.synonyms] for field in extract.fields],
        "key": [extract.key, sorted(extract.key_without.items())],
        "columns": settings.columns,
        "delivery": settings.delivery,
        "format": settings.format.model_dump(),
        "files": [file.sha256 for file in delivery.files],
    }
    if redcap := _redcap_parts(delivery, settings):
        parts["redcap"] = redcap
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()
