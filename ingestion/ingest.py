"""One night's extracts → ``raw``, in one transaction."""

from __future__ import annotations

import hashlib
import json
import tempfile
from dataclasses import dataclass, replace
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
from ingestion.redcap import download_project, read_dictionary, take_instrument
from ingestion.settings import ExtractSettings, RedcapSettings
from ingestion.sql import fetch_value, text_literal
from ingestion.value_labels import keep_value_labels, labels_beside

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
class Delivery:
    """The archived files of one extract, and the data dictionary where they are REDCap's."""

    files: list[ArchivedFile]
    dictionary: ArchivedFile | None = None

    @property
    def all_files(self) -> list[ArchivedFile]:
        return [*self.files, *([self.dictionary] if self.dictionary else [])]


@dataclass
class _Loaded:
    file: ArchivedFile
    table: str
    found: ReadFile
    other_records: int


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
        self.key = key
        self.gates = gates or GateSettings()
        self.forced_because = forced_because
        self._deliveries = Deliveries(root, archive)
        self._loaded: dict[tuple[str, ...], _Loaded] = {}

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
        delivery = self._deliveries.of(extract.name, settings)
        files = delivery.files
        delivered = tuple(
            DeliveredFile(extract.name, file.delivered.name, file.sha256, file.bytes)
            for file in delivery.all_files
        )
        # The same files under the same settings hold the same rows: they are not read again.
        fingerprint = _fingerprint(extract, settings, delivery)
        if self._last_fingerprint(extract.name) == fingerprint:
            return ExtractSummary(
                extract.name, delivered, self._last_mapping(extract.name), counts=None
            )

        loaded = [self._load(file, delivery, settings) for file in files]
        mappings = [
            map_headers(extract, settings, item.found.headers, item.file.delivered)
            for item in loaded
        ]
        mapped: dict[str, MappedField] = {}
        for mapping in reversed(mappings):
            mapped |= mapping
        natural_key = extract.natural_key(set(mapped))
        self._announce(extract.name, loaded, run_id, at, fingerprint)
        self._stage(extract, loaded, mappings)
        keep_value_labels(
            self.con,
            extract.name,
            zip((item.found for item in loaded), mappings, strict=True),
        )
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
        other_records = sum(item.other_records for item in loaded)
        return ExtractSummary(extract.name, delivered, mapped, counts, other_records)

    def _load(self, file: ArchivedFile, delivery: Delivery, settings: ExtractSettings) -> _Loaded:
        # One file may feed several extracts: it is read once, for each instrument of REDCap.
        known = (file.sha256, settings.format.model_dump_json(), *_redcap_parts(delivery, settings))
        if known not in self._loaded:
            table = f"delivered_file_{len(self._loaded)}"
            found, other = read_delivered(self.con, file, delivery, settings, table)
            self._loaded[known] = _Loaded(file, table, found, other)
        return replace(self._loaded[known], file=file)

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
        self, extract: str, loaded: list[_Loaded], run_id: str, at: datetime, fingerprint: str
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
        for number, item in enumerate(loaded):
            file = item.file
            extract_id = f"{extract}-{delivery_number:05d}-{number:03d}"
            self.con.execute(
                "insert into announced values (?, ?, ?)", [number, extract_id, file.delivered.name]
            )
            self.con.execute(
                "insert into raw.extracts (extract_id, delivery_number, extract, run_id, "
                "file_name, sha256, bytes, taken_in_at, fingerprint, forced_because, "
                "other_records) "
                "values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
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
                    item.other_records,
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
            values += labels_beside(self.con, extract.name, settings.values)
        for table, rows in (("fields", fields), ("value_map", values), ("missing_tokens", tokens)):
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


class Deliveries:
    """The files of extracts: found, or asked of REDCap, and archived.

    ``root`` is the folder to which file names are relative; ``archive`` keeps the files.
    """

    def __init__(self, root: Path, archive: Path) -> None:
        self.root = root
        self.archive = archive
        self._of_projects: dict[tuple[str, str | None], Delivery] = {}

    def of(self, extract: str, settings: ExtractSettings) -> Delivery:
        """Raises DeliveryError where a file is not there or REDCap does not answer."""
        redcap = settings.redcap
        if redcap is not None and redcap.url is not None:
            # Several extracts may be instruments of one project, which is asked once.
            project = redcap.url, redcap.token_env
            if project not in self._of_projects:
                self._of_projects[project] = self._download(redcap)
            return self._of_projects[project]
        files = [
            archive_file(path, self.archive)
            for path in find_files(settings.patterns, self.root, extract)
        ]
        if redcap is None or redcap.dictionary is None:
            return Delivery(files)
        path = self.root / Path(redcap.dictionary).expanduser()
        if not path.is_file():
            raise DeliveryError(
                f"{path}: there is no such file; `extracts.{extract}.redcap.dictionary` has to "
                "name the data dictionary, relative to the folder of the configuration"
            )
        return Delivery(files, archive_file(path, self.archive))

    def _download(self, settings: RedcapSettings) -> Delivery:
        self.archive.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=self.archive.parent, prefix=".redcap-") as folder:
            records, dictionary = (
                # The folder is gone after this: messages have the name alone.
                replace(archive_file(path, self.archive), delivered=Path(path.name))
                for path in download_project(settings, Path(folder))
            )
        return Delivery([records], dictionary)


def read_delivered(
    con: duckdb.DuckDBPyConnection,
    file: ArchivedFile,
    delivery: Delivery,
    settings: ExtractSettings,
    table: str,
) -> tuple[ReadFile, int]:
    """Read one file of a delivery into ``table``, and count its records of other instruments."""
    found = read_file(con, file, settings.format, table)
    if settings.redcap is None or delivery.dictionary is None:
        return found, 0
    dictionary = read_dictionary(con, delivery.dictionary)
    rows = take_instrument(con, table, found, dictionary, settings.redcap, file.delivered)
    return rows.found, rows.other


def find_files(patterns: list[str], root: Path, extract: str) -> list[Path]:
    """The files of one extract in order of their names; DeliveryError when there is none."""
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
        found |= files
    return sorted(found)


def _unique_names(headers: list[str]) -> list[str]:
    """Headers as the names of a JSON object, which keeps one value per name."""
    return [
        header if header and headers.count(header) == 1 else f"{header} (column {number})".strip()
        for number, header in enumerate(headers, start=1)
    ]
