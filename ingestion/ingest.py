"""One night's extracts → ``raw``, in one transaction."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from glob import glob, has_magic
from pathlib import Path

import duckdb

from ingestion.archive import ArchivedFile, archive_file
from ingestion.contract import Contract, ExtractContract
from ingestion.errors import DeliveryError
from ingestion.gates import GateSettings, hold_if_suspicious
from ingestion.ledger import (
    DeliveredTable,
    DeliveryCounts,
    create_raw_schema,
    forget_pseudonyms,
    take_delivery,
)
from ingestion.mapping import MappedField, check_settings, map_headers
from ingestion.pseudonyms import PseudonymKey, check_key
from ingestion.readers import ReadFile, drop_file, read_file
from ingestion.settings import ExtractSettings
from ingestion.sql import fetch_value

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
    """What became of one extract; ``counts`` is null when the same files had been taken before."""

    extract: str
    files: tuple[DeliveredFile, ...]
    mapped: dict[str, MappedField]
    counts: DeliveryCounts | None


@dataclass(frozen=True)
class _Loaded:
    """A file that has been read into the temporary table ``table``."""

    table: str
    found: ReadFile


@dataclass(frozen=True)
class _Delivery:
    """The files of one extract tonight; ``is_known``: the same as last time, settings too."""

    extract: ExtractContract
    settings: ExtractSettings
    files: list[ArchivedFile]
    fingerprint: str
    is_known: bool

    @property
    def reads(self) -> list[tuple[str, str]]:
        """What has to be read, each as content hash and format."""
        written = self.settings.format.model_dump_json()
        return [] if self.is_known else [(file.sha256, written) for file in self.files]


class Ingestion:
    """The extracts of one configuration, on the way into an open warehouse.

    ``root`` is the folder to which file patterns are relative; ``archive`` is where delivered
    files are kept by content hash. ``forced_because`` opens the delivery gates and is recorded.
    """

    def __init__(
        self,
        con: duckdb.DuckDBPyConnection,
        contract: Contract,
        extracts: dict[str, ExtractSettings],
        *,
        root: Path,
        archive: Path,
        key: PseudonymKey,
        gates: GateSettings | None = None,
        forced_because: str | None = None,
    ) -> None:
        self.con = con
        self.contract = contract
        self.extracts = extracts
        self.root = root
        self.archive = archive
        self.key = key
        self.gates = gates or GateSettings()
        self.forced_because = forced_because
        self._loaded: dict[tuple[str, str], _Loaded] = {}
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
            deliveries = [self._find(name, settings) for name, settings in self.extracts.items()]
            summaries = []
            for number, delivery in enumerate(deliveries):
                summaries.append(self._take(delivery, run_id, taken_in_at))
                self._drop_all_but(
                    {read for later in deliveries[number + 1 :] for read in later.reads}
                )
            self._write_settings(summaries)
        except BaseException:
            self.con.execute("rollback")
            raise
        self.con.execute("commit")
        return summaries

    def _find(self, name: str, settings: ExtractSettings) -> _Delivery:
        extract = self.contract[name]
        check_settings(extract, settings, f"extracts.{name}")
        files = [
            archive_file(path, self.archive)
            for path in find_files(settings.patterns, self.root, name)
        ]
        # The same files under the same settings hold the same rows: they are not read again.
        fingerprint = _fingerprint(extract, settings, files)
        is_known = self._last_fingerprint(name) == fingerprint
        return _Delivery(extract, settings, files, fingerprint, is_known)

    def _take(self, delivery: _Delivery, run_id: str, at: datetime) -> ExtractSummary:
        extract, settings = delivery.extract, delivery.settings
        delivered = tuple(
            DeliveredFile(extract.name, file.delivered.name, file.sha256, file.bytes)
            for file in delivery.files
        )
        if delivery.is_known:
            mapped = self._last_mapping(extract.name)
            return ExtractSummary(extract.name, delivered, mapped, counts=None)

        loaded = [self._load(file, settings) for file in delivery.files]
        mappings = [
            map_headers(extract, settings, item.found.headers, file.delivered)
            for file, item in zip(delivery.files, loaded, strict=True)
        ]
        mapped = {}
        for mapping in reversed(mappings):
            mapped |= mapping
        extract_ids = self._announce(delivery, run_id, at)
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
            for number, file in enumerate(delivery.files)
        ]
        counts = take_delivery(
            self.con,
            extract,
            extract.natural_key(set(mapped)),
            tables,
            self.key,
            is_snapshot=settings.delivery == "snapshot",
        )
        if self.forced_because is None:
            hold_if_suspicious(
                self.con,
                extract,
                settings,
                self.gates,
                extract_ids,
                mapped=set(mapped),
                mapped_before=set(self._last_mapping(extract.name)),
                closed=counts.closed,
                sha256=[file.sha256 for file in delivery.files],
            )
        return ExtractSummary(extract.name, delivered, mapped, counts)

    def _load(self, file: ArchivedFile, settings: ExtractSettings) -> _Loaded:
        # One file may feed several extracts: it is read once.
        known = (file.sha256, settings.format.model_dump_json())
        if known not in self._loaded:
            self._number_of_reads += 1
            table = f"delivered_file_{self._number_of_reads}"
            found = read_file(self.con, file, settings.format, table)
            self._loaded[known] = _Loaded(table, found)
        return self._loaded[known]

    def _drop_all_but(self, needed: set[tuple[str, str]]) -> None:
        for read in set(self._loaded) - needed:
            drop_file(self.con, self._loaded.pop(read).table)

    def _announce(self, delivery: _Delivery, run_id: str, at: datetime) -> list[str]:
        """Write a row of ``raw.extracts`` per file, still without counts; their identifiers."""
        extract, files = delivery.extract.name, delivery.files
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
            "file_name, sha256, bytes, taken_in_at, fingerprint, forced_because) "
            "values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
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
                    delivery.fingerprint,
                    self.forced_because,
                ]
                for extract_id, file in zip(extract_ids, files, strict=True)
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
        for table, rows in (("fields", fields), ("value_map", values), ("missing_tokens", tokens)):
            self.con.execute(f"delete from raw.{table}")
            if rows:
                marks = ", ".join("?" * len(rows[0]))
                self.con.executemany(f"insert into raw.{table} values ({marks})", rows)


def _fingerprint(
    extract: ExtractContract, settings: ExtractSettings, files: list[ArchivedFile]
) -> str:
    parts = {
        "ledger": LEDGER_VERSION,
        "fields": [[field.name, field.synonyms] for field in extract.fields],
        "key": [extract.key, sorted(extract.key_without.items())],
        "columns": settings.columns,
        "delivery": settings.delivery,
        "format": settings.format.model_dump(),
        "files": [file.sha256 for file in files],
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def find_files(patterns: list[str], root: Path, extract: str) -> list[Path]:
    """The files of one extract in order of their names; DeliveryError when there is none.

    A link has to stay in the folder of the pattern: who may put files there must not decide what
    else on this machine is read.
    """
    found: set[Path] = set()
    for pattern in patterns:
        path = str(root / Path(pattern).expanduser())
        matches = [Path(match) for match in glob(path, recursive=True)]
        if not has_magic(path) and Path(path).is_dir():
            raise DeliveryError(
                f"{path}: it is a folder, `extracts.{extract}.files` has to name files; "
                f"for all CSV files in it write {pattern.rstrip('/')}/*.csv"
            )
        if not matches:
            raise DeliveryError(
                f"{path}: there is no such file; `extracts.{extract}.files` in the configuration "
                "has to name one, relative to the folder of the configuration"
            )
        files = {match for match in matches if match.is_file()}
        if not files:
            raise DeliveryError(
                f"{path}: only folders answer to it; `extracts.{extract}.files` has to name files"
            )
        folder = _fixed_folder(path)
        for file in files:
            if not file.resolve().is_relative_to(folder.resolve()):
                raise DeliveryError(
                    f"{file}: it is a link that points out of {folder}; deliver the file itself, "
                    f"or name the target of the link in `extracts.{extract}.files`"
                )
        found |= files
    return sorted(found)


def _fixed_folder(pattern: str) -> Path:
    """The folder of a file pattern, up to the first part that may match several names."""
    folder = Path(pattern).parent
    while has_magic(str(folder)):
        folder = folder.parent
    return folder
