"""The journal of nights: which files were taken in, how, and when; enough to do it again.

A row of ``raw.nights`` is one night. The same is written as ``<archive>/nights/<run_id>.json``
beside the archived files, so that the ledger can be made again where the warehouse is lost.
Nothing of a patient is in it: names of files, content hashes, the settings of the extracts, and
the hospital's own words.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from ingestion.archive import ArchivedFile, file_suffix, hash_file, write_private
from ingestion.deliveries import Delivery
from ingestion.errors import ArchiveError
from ingestion.settings import ExtractSettings
from ingestion.vocabulary import Phrase

NIGHTS = """
create table if not exists raw.nights (
    run_id varchar, taken_in_at timestamp, forced_because varchar, key_check_value varchar,
    extracts json, phrases json
);
-- Warehouses whose first night was before hospitals had words of their own.
alter table raw.nights add column if not exists phrases json;
"""


@dataclass(frozen=True)
class Night:
    """One night's deliveries: per extract its settings and its files, by content hash; and the
    hospital's own words of that night."""

    run_id: str
    taken_in_at: datetime
    forced_because: str | None
    key_check_value: str
    extracts: dict[str, dict[str, Any]]
    phrases: tuple[Phrase, ...] = ()

    @property
    def settings(self) -> dict[str, ExtractSettings]:
        return {
            name: ExtractSettings.model_validate(extract["settings"])
            for name, extract in self.extracts.items()
        }


def describe_extract(settings: ExtractSettings, delivery: Delivery) -> dict[str, Any]:
    """One extract of a night, as the journal keeps it."""
    dictionary = delivery.dictionary
    return {
        "settings": settings.model_dump(mode="json"),
        "files": [_described(file) for file in delivery.files],
        "dictionary": None if dictionary is None else _described(dictionary),
    }


def record_night(con: duckdb.DuckDBPyConnection, night: Night) -> None:
    """Write a night into ``raw.nights``, in the transaction that takes its deliveries in."""
    con.execute(
        "insert into raw.nights values (?, ?, ?, ?, ?, ?)",
        [
            night.run_id,
            night.taken_in_at,
            night.forced_because,
            night.key_check_value,
            json.dumps(night.extracts, ensure_ascii=False),
            json.dumps([asdict(phrase) for phrase in night.phrases], ensure_ascii=False),
        ],
    )


def write_journal(con: duckdb.DuckDBPyConnection, archive: Path) -> None:
    """Write the nights of the warehouse that the journal lacks.

    After the commit: a night that was rolled back is in neither, and one whose process died
    between the two is written by the next.
    """
    folder = archive / "nights"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    known = {path.stem for path in folder.glob("*.json")}
    rows = con.execute(
        "select run_id, taken_in_at, forced_because, key_check_value, extracts, phrases "
        "from raw.nights where not list_contains(?, run_id) order by run_id",
        [sorted(known)],
    ).fetchall()
    for run_id, taken_in_at, forced_because, check_value, extracts, phrases in rows:
        night = Night(
            run_id,
            taken_in_at,
            forced_because,
            check_value,
            json.loads(extracts),
            _phrases(json.loads(phrases or "[]")),
        )
        text = json.dumps(asdict(night) | {"taken_in_at": taken_in_at.isoformat()}, indent=1)
        write_private(folder / f"{run_id}.json", text)


def read_journal(archive: Path) -> list[Night]:
    """The nights in the order in which they were taken in.

    Raises ArchiveError where an entry cannot be read.
    """
    nights = []
    for path in sorted((archive / "nights").glob("*.json")):
        try:
            entry = json.loads(path.read_text(encoding="utf-8"))
            taken_in_at = datetime.fromisoformat(entry.pop("taken_in_at"))
            phrases = _phrases(entry.pop("phrases", []))
            nights.append(Night(taken_in_at=taken_in_at, phrases=phrases, **entry))
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            raise ArchiveError(
                f"{path}: the entry of the journal is damaged; restore it from a backup, or "
                "remove it to leave that night out"
            ) from None
    return sorted(nights, key=lambda night: (night.taken_in_at, night.run_id))


class ArchivedDeliveries:
    """The files of one night again, out of the archive."""

    def __init__(self, night: Night, archive: Path, sound: set[Path] | None = None) -> None:
        self.night = night
        self.archive = archive
        # Files whose hash has been compared; shared by the nights of one replay.
        self._sound: set[Path] = set() if sound is None else sound

    def of(self, extract: str, settings: ExtractSettings) -> Delivery:
        """Raises ArchiveError where a file is gone or is no longer what it was."""
        entry = self.night.extracts[extract]
        files = [self._find(file) for file in entry["files"]]
        dictionary = entry["dictionary"]
        return Delivery(files, None if dictionary is None else self._find(dictionary))

    def _find(self, entry: dict[str, Any]) -> ArchivedFile:
        delivered = Path(entry["name"])
        path = self.archive / f"{entry['sha256']}{file_suffix(delivered)}"
        if not path.exists():
            raise ArchiveError(
                f"{path}: the file {delivered} of the night {self.night.run_id} is not in the "
                "archive; restore it from a backup"
            )
        if path not in self._sound and hash_file(path) != entry["sha256"]:
            raise ArchiveError(
                f"{path}: the archived file {delivered} of the night {self.night.run_id} is "
                "damaged, its content no longer has the hash of its name; restore it from a backup"
            )
        self._sound.add(path)
        return ArchivedFile(delivered, path, entry["sha256"], entry["bytes"])


def _phrases(entries: list[dict[str, str]]) -> tuple[Phrase, ...]:
    return tuple(Phrase(**entry) for entry in entries)


def _described(file: ArchivedFile) -> dict[str, Any]:
    return {"name": file.delivered.name, "sha256": file.sha256, "bytes": file.bytes}
