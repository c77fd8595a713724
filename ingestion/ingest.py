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
from ingestion.gates import GateSettings, hold_if_suspicious, look_before
from ingestion.ledger import DeliveryCounts, create_raw_schema, take_delivery
from ingestion.mapping import MappedField, check_settings, map_headers
from ingestion.pseudonyms import PseudonymKey, check_key
from ingestion.readers import ReadFile, read_file
from ingestion.settings import ExtractSettings
from ingestion.sql import fetch_value, text_literal

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


@dataclass
class _Loaded:
    file: ArchivedFile
    table: str
    found: ReadFile


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

    def run(self, run_id: str, taken_in_at: datetime) -> list[ExtractSummary]:
        """Take in every extract. On any error nothing of this run stays in the warehouse.

        Raises IngestionError for settings and DeliveryError for files that cannot be taken.
        """
        self.con.execute("begin")
        try:
            create_raw_schema(self.con, self.contract)
            check_key(self.con, self.key)
            summaries = [
                self._take(self.contract[name], settings, run_id, taken_in_at)
                for name, settings in self.extracts.items()
            ]
            self._write_settings(summaries)
        except BaseException:
            self.con.execute("rollback")
            raise
        self.con.execute("commit")
        return summaries

    def _take(
        self, extract: ExtractContract, settings: ExtractSettings, run_id: str, at: datetime
    ) -> ExtractSummary:
        check_settings(extract, settings, f"extracts.{extract.name}")
        files = [
            archive_file(path, self.archive)
            for path in find_files(settings.patterns, self.root, extract.name)
        ]
        delivered = tuple(
            DeliveredFile(extract.name, file.delivered.name, file.sha256, file.bytes)
            for file in files
        )
        # The same files under the same settings hold the same rows: they are not read again.
        fingerprint = _fingerprint(extract, settings, files)
        if self._last_fingerprint(extract.name) == fingerprint:
            return ExtractSummary(
                extract.name, delivered, self._last_mapping(extract.name), counts=None
            )

        loaded = [self._load(file, settings) for file in files]
        mappings = [
            map_headers(extract, settings, item.found.headers, item.file.delivered)
            for item in loaded
        ]
        mapped: dict[str, MappedField] = {}
        for mapping in reversed(mappings):
            mapped |= mapping
        natural_key = extract.natural_key(set(mapped))
        self._announce(extract.name, files, run_id, at, fingerprint)
        self._stage(extract, loaded, mappings)
        before = look_before(self.con, extract, settings.missing)
        counts = take_delivery(
            self.con,
            extract,
            natural_key,
            self.key,
            is_snapshot=settings.delivery == "snapshot",
        )
        if self.forced_because is None:
            hold_if_suspicious(
                self.con,
                extract,
                settings,
                self.gates,
                before,
                mapped=set(mapped),
                closed=counts.closed,
                sha256=[file.sha256 for file in files],
            )
        return ExtractSummary(extract.name, delivered, mapped, counts)

    def _load(self, file: ArchivedFile, settings: ExtractSettings) -> _Loaded:
        # One file may feed several extracts: it is read once.
        known = (file.sha256, settings.format.model_dump_json())
        if known not in self._loaded:
            table = f"delivered_file_{len(self._loaded)}"
            found = read_file(self.con, file, settings.format, table)
            self._loaded[known] = _Loaded(file, table, found)
        loaded = self._loaded[known]
        return _Loaded(file, loaded.table, loaded.found)

    def _stage(
        self,
        extract: ExtractContract,
        loaded: list[_Loaded],
        mappings: list[dict[str, MappedField]],
    ) -> None:
        """Make the temporary table ``delivery`` from the files of one extract."""
        parts = []
        for number, (item, mapping) in enumerate(zip(loaded, mappings, strict=True)):
            fields = ", ".join(
                f"c{mapping[name].column} as {name}"
                if name in mapping
                else f"null::varchar as {name}"
                for name in extract.field_names
            )
            names = _unique_names(item.found.headers)
            row = ", ".join(f"{text_literal(name)}, c{i}" for i, name in enumerate(names))
            parts.append(
                f"select {fields}, e.extract_id, e.file_name, f.file_row_number, "
                f"json_object({row}) as delivered_row "
                f"from {item.table} f, announced e where e.file_number = {number}"
            )
        self.con.execute(
            f"create or replace temp table delivery as {' union all by name '.join(parts)}"
        )

    def _announce(
        self, extract: str, files: list[ArchivedFile], run_id: str, at: datetime, fingerprint: str
    ) -> None:
        delivery_number = fetch_value(
            self.con,
            "select coalesce(max(delivery_number), 0) + 1 from raw.extracts where extract = ?",
            [extract],
        )
        self.con.execute(
            "create or replace temp table announced "
            "(file_number integer, extract_id varchar, file_name varchar)"
        )
        for number, file in enumerate(files):
            extract_id = f"{extract}-{delivery_number:05d}-{number:03d}"
            self.con.execute(
                "insert into announced values (?, ?, ?)", [number, extract_id, file.delivered.name]
            )
            self.con.execute(
                "insert into raw.extracts (extract_id, delivery_number, extract, run_id, "
                "file_name, sha256, bytes, taken_in_at, fingerprint, forced_because) "
                "values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    extract_id,
                    delivery_number,
                    extract,
                    run_id,
                    file.delivered.name,
                    file.sha256,
                    file.bytes,
                    at,
                    fingerprint,
                    self.forced_because,
                ],
            )

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
            tokens += [[extract.name, token] for token in settings.missing]
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


def _unique_names(headers: list[str]) -> list[str]:
    """Headers as the names of a JSON object, which keeps one value per name."""
    return [
        header if header and headers.count(header) == 1 else f"{header} (column {number})".strip()
        for number, header in enumerate(headers, start=1)
    ]
