"""Where things lie: the project's own files, and the folders of a registry's home."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

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
    def archive(self) -> Path:
        return self.folder / "archive"

    @property
    def logs(self) -> Path:
        return self.folder / "logs"

    @property
    def dbt_target(self) -> Path:
        return self.folder / "dbt"

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

    def create(self) -> None:
        for folder in (self.folder, self.archive, self.logs, self.dbt_target, self.releases):
            folder.mkdir(parents=True, exist_ok=True)
        for private in (self.archive, self.logs, self.dbt_target):
            private.chmod(0o700)
