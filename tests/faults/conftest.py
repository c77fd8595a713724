"""A registry of twenty synthetic patients that is damaged, and the one that nobody disturbed.

`Nights.after` is the whole of most tests: run, damage, look at the last release, run again,
compare.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

from examples.published_series.deliveries import write
from orchestration.release import content_of
from tests.conftest import PROJECT, Registry
from tests.content import content_of_database

PATIENTS = 20

LEDGER = ("pathology", "operative", "follow_up")
HERE = Path(__file__).parent


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Of each fault one case, the middle one; `make faults` tries every case."""
    if os.environ.get("CRLM_ALL_FAULTS"):
        return
    cases: dict[tuple[Path, str], list[pytest.Item]] = {}
    for item in items:
        if item.path.parent == HERE and item.get_closest_marker("slow"):
            cases.setdefault((item.path, getattr(item, "originalname", item.name)), []).append(item)
    left_out = {
        item for of_one in cases.values() for item in of_one if item is not of_one[len(of_one) // 2]
    }
    config.hook.pytest_deselected(items=list(left_out))
    items[:] = [item for item in items if item not in left_out]


@dataclass(frozen=True)
class Ended:
    """How a run ended: its exit code, or the signal below zero, and what it said."""

    code: int
    said: str


class Nursery:
    """Starts runs of the command line, one at a time."""

    def __init__(self, folder: Path) -> None:
        self._out = folder / "said.txt"
        self._parent = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.nursery"],
            cwd=PROJECT,
            env={**os.environ, "PYTHONPATH": str(PROJECT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(
        self,
        registry: Registry,
        *arguments: str,
        hook: str | None = None,
        signal_after: tuple[int, float] | None = None,
        **hook_arguments: Any,
    ) -> Ended:
        """Run `crlm`; ``signal_after`` sends a signal after so many seconds."""
        order = {
            "arguments": [*arguments, "--config", str(registry.config)],
            "folder": str(registry.config.parent),
            "out": str(self._out),
            "hook": hook,
            "hook_arguments": hook_arguments,
        }
        assert self._parent.stdin is not None
        self._parent.stdin.write(json.dumps(order) + "\n")
        self._parent.stdin.flush()
        child = self._answer()["process"]
        timer = None
        if signal_after is not None:
            number, seconds = signal_after
            timer = threading.Timer(seconds, os.kill, (child, number))
            timer.start()
        code = self._answer()["code"]
        if timer is not None:
            timer.cancel()
        return Ended(code, self._out.read_text(encoding="utf-8", errors="replace"))

    def end(self) -> None:
        assert self._parent.stdin is not None
        self._parent.stdin.close()
        self._parent.wait(timeout=30)

    def _answer(self) -> dict[str, int]:
        assert self._parent.stdout is not None
        return json.loads(self._parent.stdout.readline())


def content_of_release(registry: Registry) -> dict[str, Any]:
    """What the current release holds, table by table, but for when it was found."""
    return content_of_database(registry.current / "registry.duckdb")


def content_of_ledger(registry: Registry) -> dict[str, Any]:
    with registry.warehouse() as con:
        return content_of(con, [f"raw.{extract}" for extract in LEDGER])


def bytes_of(release: Path) -> dict[str, int]:
    """A checksum of every file of a release."""
    return {
        str(path.relative_to(release)): hash(path.read_bytes())
        for path in sorted(release.rglob("*"))
        if path.is_file()
    }


@dataclass
class Nights:
    """A registry after one night, before a second in which rows were corrected."""

    registry: Registry
    nursery: Nursery
    release: dict[str, Any]
    ledger: dict[str, Any]
    standing: Path = field(init=False)
    bytes_standing: dict[str, int] = field(init=False)

    def __post_init__(self) -> None:
        self.standing = self.registry.current.resolve()
        self.bytes_standing = bytes_of(self.standing)

    @property
    def home(self) -> Path:
        return self.registry.home

    def refresh(self, *arguments: str, **faults: Any) -> Ended:
        return self.nursery.run(self.registry, "refresh", *arguments, **faults)

    def last_release_stands(self) -> None:
        """The release from before the fault is whole, and `current` names it or a whole newer one
        with tonight's content."""
        assert bytes_of(self.standing) == self.bytes_standing
        current = self.registry.current.resolve()
        if current != self.standing:
            assert content_of_release(self.registry) == self.release

    def next_run_heals(self) -> Ended:
        """The next run is green, and everything is as if nothing had been."""
        done = self.refresh()
        assert done.code == 0, done.said
        assert content_of_release(self.registry) == self.release
        assert content_of_ledger(self.registry) == self.ledger
        assert list(self.registry.home.glob("published/.*")) == []
        assert not (self.registry.home / ".rebuilding").exists()
        return done

    def after(self, **faults: Any) -> Ended:
        """Run with a fault, look at the last release, run again, compare; how the first ended."""
        ended = self.refresh(**faults)
        self.last_release_stands()
        self.next_run_heals()
        return ended


@pytest.fixture(scope="session")
def nursery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nursery]:
    found = Nursery(tmp_path_factory.mktemp("nursery"))
    yield found
    found.end()


def make_registry(folder: Path, nursery: Nursery) -> Registry:
    """A registry of twenty patients after its first night."""
    write(folder / "files", PATIENTS, seed=7)
    content = yaml.safe_load((PROJECT / "registry.yml").read_text(encoding="utf-8"))
    content["registry"]["home"] = "home"
    for name, extract in content["extracts"].items():
        extract["files"] = f"files/{name}*.csv"
    # A short analysis: what is tried is the night, not the models.
    plan = {
        "extends": str(PROJECT / "analysis/plans/overall_survival.yml"),
        "imputations": 0,
        "cutpoints": [],
        "splines": [],
        "competing_risks": [],
    }
    (folder / "plan.yml").write_text(yaml.safe_dump(plan), encoding="utf-8")
    content["analysis"] = {"plan": "plan.yml"}
    registry = Registry(folder / "registry.yml")
    registry.config.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    done = nursery.run(registry, "refresh")
    assert done.code == 0, done.said
    return registry


@pytest.fixture(scope="session")
def one_night(nursery: Nursery, tmp_path_factory: pytest.TempPathFactory) -> Registry:
    """Twenty patients after one night. For reading only."""
    return make_registry(tmp_path_factory.mktemp("one-night") / "registry", nursery)


def bring_corrections(registry: Registry) -> None:
    """Tomorrow's files: one sex corrected in three operation rows."""
    Registry.rewrite(
        registry.config.parent / "files" / "operative_synthetic.csv",
        lambda line: line.replace(",M,", ",F,", 1),
        lines=3,
    )


def copy_of(registry: Registry, folder: Path) -> Registry:
    shutil.copytree(registry.config.parent, folder, symlinks=True)
    return Registry(folder / "registry.yml")


@pytest.fixture(scope="session")
def undisturbed(
    one_night: Registry, nursery: Nursery, tmp_path_factory: pytest.TempPathFactory
) -> tuple[dict[str, Any], dict[str, Any]]:
    """What release and ledger hold after a second night that nobody disturbed."""
    registry = copy_of(one_night, tmp_path_factory.mktemp("undisturbed") / "registry")
    bring_corrections(registry)
    done = nursery.run(registry, "refresh")
    assert done.code == 0, done.said
    return content_of_release(registry), content_of_ledger(registry)


@pytest.fixture
def nights(
    one_night: Registry,
    undisturbed: tuple[dict[str, Any], dict[str, Any]],
    nursery: Nursery,
    tmp_path: Path,
) -> Iterator[Nights]:
    """A registry of its own before its second night; removed afterwards, for it is large."""
    registry = copy_of(one_night, tmp_path / "registry")
    bring_corrections(registry)
    yield Nights(registry, nursery, *undisturbed)
    shutil.rmtree(registry.config.parent, ignore_errors=True)


@pytest.fixture(scope="session")
def seconds_of_a_night(one_night: Registry) -> float:
    """How long a night takes on this machine, with some room."""
    manifest = json.loads((one_night.current / "manifest.json").read_text(encoding="utf-8"))
    return 1.2 * sum(manifest["seconds"].values())
