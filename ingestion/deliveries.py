"""The files of a delivery: found by their names, or asked of REDCap, archived and read."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from glob import glob, has_magic
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import duckdb

from ingestion.archive import ArchivedFile, archive_file
from ingestion.errors import DeliveryError
from ingestion.settings import ExtractSettings, RedcapSettings

if TYPE_CHECKING:
    from ingestion.readers import ReadFile


@dataclass(frozen=True)
class Delivery:
    """The archived files of one extract, and the data dictionary where they are REDCap's."""

    files: list[ArchivedFile]
    dictionary: ArchivedFile | None = None

    @property
    def all_files(self) -> list[ArchivedFile]:
        return [*self.files, *([self.dictionary] if self.dictionary else [])]


class DeliverySource(Protocol):
    """Where the files of an extract come from: delivered tonight, or out of the archive."""

    archive: Path

    def of(self, extract: str, settings: ExtractSettings) -> Delivery: ...


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
        from ingestion.redcap import download_project

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
    # Readers are slow to import, and files that are known already are not read.
    from ingestion.readers import read_file
    from ingestion.redcap import read_dictionary, take_instrument

    found = read_file(con, file, settings.format, table)
    if settings.redcap is None or delivery.dictionary is None:
        return found, 0
    dictionary = read_dictionary(con, delivery.dictionary)
    rows = take_instrument(con, table, found, dictionary, settings.redcap, file.delivered)
    return rows.found, rows.other


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
