"""Shared fixtures: configurations in a folder of their own, and whole runs of the nightly job."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from analysis.processes import collect_rarely

# Python would go through everything that the libraries have made every few thousand objects.
collect_rarely()

PROJECT = Path(__file__).resolve().parent.parent
# What takes long comes first: of two processes the one would wait for the other in the end. The
# corpus goes before, so that there is other work while the night is made that most of these read.
ORDER = ("spec", "browser", "integration", "faults", "reference", "unit/test_", "unit/analysis")
MSK_TABLE = PROJECT.parent / "shared/data/msk_crlm/clinical_data_april_2023.xlsx"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    def place(item: pytest.Item) -> int:
        path = item.path.relative_to(PROJECT / "tests").as_posix()
        return next((at for at, name in enumerate(ORDER) if path.startswith(name)), len(ORDER))

    items.sort(key=place)


@dataclass(frozen=True)
class Registry:
    """A configuration in a temporary folder, and what running it says."""

    config: Path

    @property
    def home(self) -> Path:
        return self.config.parent / "home"

    @property
    def current(self) -> Path:
        return self.home / "published" / "current"

    def crlm(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the command line as a user would, in a process of its own."""
        return subprocess.run(
            [sys.executable, "-m", "orchestration.cli", *arguments, "--config", str(self.config)],
            capture_output=True,
            text=True,
            cwd=self.config.parent,
            env=_environment(),
        )

    def refresh(self) -> subprocess.CompletedProcess[str]:
        return self.crlm("refresh")

    def published(self) -> duckdb.DuckDBPyConnection:
        return duckdb.connect(str(self.current / "registry.duckdb"), read_only=True)

    def warehouse(self) -> duckdb.DuckDBPyConnection:
        return duckdb.connect(str(self.home / "warehouse.duckdb"), read_only=True)

    def copy(self, folder: Path) -> tuple[Registry, Path]:
        """A copy, home and all, and the folder with its own copies of the extracts' files."""
        shutil.copytree(self.config.parent, folder, symlinks=True)
        copied = Registry(folder / self.config.name)
        files = folder / "files"
        files.mkdir()

        def own_files(content: dict[str, Any]) -> None:
            for name, extract in content["extracts"].items():
                source, pattern = os.path.split(extract["files"])
                for path in Path(source).glob(pattern):
                    shutil.copy(path, files / path.name)
                extract["files"] = str(files / f"{name}*.csv")

        copied.edit(own_files)
        return copied, files

    @staticmethod
    def rewrite(path: Path, change: Callable[[str], str], lines: int | None = None) -> None:
        """Change the first lines of a file that can be changed, or all of them."""
        text = path.read_text(encoding="utf-8-sig").splitlines(keepends=True)
        changed = 0
        for number, line in enumerate(text[1:], start=1):
            text[number] = change(line)
            changed += text[number] != line
            if changed == lines:
                break
        assert changed
        path.write_text("".join(text), encoding="utf-8-sig", newline="")

    def edit(self, change: Callable[[dict[str, Any]], None]) -> None:
        content = yaml.safe_load(self.config.read_text(encoding="utf-8"))
        change(content)
        self.config.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(PROJECT)}


def _registry(folder: Path, source: Path) -> Registry:
    """A copy of a configuration whose files are found from anywhere and whose home is private."""
    content = yaml.safe_load(source.read_text(encoding="utf-8"))
    content["registry"]["home"] = "home"
    for extract in content["extracts"].values():
        extract["files"] = str((source.parent / extract["files"]).resolve())
    content["analysis"]["plan"] = str((source.parent / content["analysis"]["plan"]).resolve())
    config = folder / "registry.yml"
    config.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return Registry(config)


@pytest.fixture
def example_registry(tmp_path: Path) -> Registry:
    """The configuration of the example registry; nothing has been run."""
    return _registry(tmp_path, PROJECT / "registry.yml")


def _after_one_night(tmp_path_factory: pytest.TempPathFactory, name: str, source: Path) -> Registry:
    """A registry after one night, made once for all worker processes of a test run."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    folder = shared / f"{name}-after-one-night"
    with (shared / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if (folder / "done").exists():
            return Registry(folder / "registry.yml")
        folder.mkdir(exist_ok=True)
        registry = _registry(folder, source)
        done = registry.refresh()
        assert done.returncode == 0, done.stdout + done.stderr
        (folder / "done").touch()
        return registry


@pytest.fixture(scope="session")
def example(tmp_path_factory: pytest.TempPathFactory) -> Registry:
    """The example registry after one night. For reading only."""
    return _after_one_night(tmp_path_factory, "example", PROJECT / "registry.yml")


@pytest.fixture(scope="session")
def msk(tmp_path_factory: pytest.TempPathFactory) -> Registry:
    """The public table of 197 patients after one night. For reading only."""
    if not MSK_TABLE.exists():
        pytest.skip("the public table of 197 patients is not at hand")
    return _after_one_night(tmp_path_factory, "msk", PROJECT / "examples" / "msk_crlm.yml")
