"""Where things lie: the project's own files, and the folders of a registry's home."""

from __future__ import annotations

import stat
from dataclasses import dataclass
from pathlib import Path

from reading.kept import FOLDER as READINGS

PROJECT = Path(__file__).resolve().parent.parent
DBT_PROJECT = PROJECT / "dbt_project"


@dataclass(frozen=True)
class Home:
    """The folder of one registry; everything but ``published`` is private to the nightly job."""

    folder: Path
    # Where the warehouse is made while it is not yet that of the registry.
    scratch: Path | None = None

    @property
    def warehouse(self) -> Path:
        return (self.scratch or self.folder) / "warehouse.duckdb"

    @property
    def readings(self) -> Path:
        """What texts were read as, kept from night to night."""
        return self.warehouse.with_name(READINGS)

    @property
    def archive(self) -> Path:
        return self.folder / "archive"

    @property
    def logs(self) -> Path:
        return self.folder / "logs"

    @property
    def dbt_target(self) -> Path:
        return self.folder / "dbt"

    @property
    def dagster(self) -> Path:
        """What Dagster remembers: its runs, ticks and logs."""
        return self.folder / "dagster"

    @property
    def lock(self) -> Path:
        return self.folder / "refresh.lock"

    @property
    def published(self) -> Path:
        return self.folder / "published"

    @property
    def releases(self) -> Path:
        return self.published / "releases"

    @property
    def current(self) -> Path:
        return self.published / "current"

    @property
    def frozen(self) -> Path:
        """Releases that are kept for a paper, by name."""
        return self.published / "frozen"

    @property
    def rolled_back(self) -> Path:
        """There while ``current`` names another than the last release, because somebody said so."""
        return self.published / "rolled_back.json"

    @property
    def damaged(self) -> Path:
        """The last warehouse that was found damaged."""
        return self.folder / "damaged"

    def create(self) -> None:
        """Make the folders; analysts, the members of the group, reach what is published."""
        for folder in (self.folder, self.published, self.releases):
            if not folder.is_dir():
                folder.mkdir(parents=True)
                make_readable(folder)
        for private in (self.archive, self.logs, self.dbt_target):
            private.mkdir(exist_ok=True)
            private.chmod(0o700)


def make_readable(folder: Path) -> None:
    """Let the group in, and keep the bit by which new files belong to the folder's group."""
    folder.chmod(0o750 | (folder.stat().st_mode & stat.S_ISGID))
