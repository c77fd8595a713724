"""What a release is made of, as hashes: that two nights were given the same can be told without
running the second."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import platform
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import yaml

from ingestion.archive import archive_file, hash_file
from ingestion.contract import EXTRACTS
from ingestion.pseudonyms import load_key
from orchestration.config import Config
from orchestration.paths import PROJECT, Home

if TYPE_CHECKING:
    from analysis.plan import AnalysisPlan

_CODE = (
    "ingestion",
    "reading",
    "dbt_project",
    "expectations",
    "analysis",
    "reporting",
    "orchestration",
)
# Settings that only say where something lies, when the job runs, whom to tell and what to log.
_NOT_CONTENT: Any = {
    "registry": {"home"},
    "extracts": {name: {"files"} for name in EXTRACTS},
    "vocabulary": True,
    "analysis": {"plan"},
    "notify": True,
    "logs": True,
    "schedule": True,
}

# What Python and dbt write beside the sources.
_NOT_SOURCES = {"__pycache__", "target", "logs", ".user.yml"}
_LOCK_FILE = PROJECT / "requirements.lock"

VERSIONS_OF = (
    "crlm-registry",
    "duckdb",
    "dbt-core",
    "dbt-duckdb",
    "great-expectations",
    "lifelines",
    "pandas",
    "numpy",
    "scipy",
)


def made_of(
    config: Config, home: Home, plan: AnalysisPlan, inputs: Iterable[tuple[str, str]]
) -> dict[str, str]:
    """A hash of each thing that decides what a release holds; ``inputs`` are the extract and the
    SHA-256 of each delivered file.

    The configuration counts with its settings, not with how its file is written. Where a file lies
    and how it is called does not count, what it holds does: an export that is named by its day may
    say the same every day.
    """
    words, plan_figures = config.vocabulary, plan.published_figures
    key = load_key(config.settings.privacy, config.root, config.home)
    parts: dict[str, Any] = {
        "inputs": [list(entry) for entry in inputs],
        "configuration": config.settings.model_dump_json(exclude=_NOT_CONTENT),
        "own words": None if words is None else hash_file(words),
        "plan": [
            plan.model_dump_json(exclude={"published_figures"}),
            None if plan_figures is None else hash_file(plan_figures),
        ],
        "key": key.check_value,
        "answers": sorted(path.stem for path in (home.archive / "answers").glob("*.json")),
        "code": code_version(),
        "versions": versions(),
    }
    return {
        name: hashlib.sha256(json.dumps(part, sort_keys=True).encode()).hexdigest()
        for name, part in parts.items()
    }


@cache
def code_version() -> str:
    """A hash of the project's own sources."""
    return hash_files(_source_files(), PROJECT)


def hash_files(paths: Iterable[Path], root: Path) -> str:
    """A hash of files in their order: what each holds, and its place below ``root``."""
    digest = hashlib.sha256()
    for path in paths:
        digest.update(f"{path.relative_to(root)}\0{hash_file(path)}\n".encode())
    return digest.hexdigest()


@cache
def versions() -> dict[str, str]:
    """The versions of Python and of the packages that compute something."""
    found = {name: importlib.metadata.version(name) for name in VERSIONS_OF}
    return found | {"python": platform.python_version()}


def keep_sources(config: Config, archive: Path) -> list[dict[str, str]]:
    """Keep the files that a person wrote, and the lock file, in ``<archive>/sources``; of the
    configuration all but `notify`, whose addresses may be secret: analysts read what is frozen."""
    files = [*_plan_files(config.plan), config.vocabulary, _LOCK_FILE]
    with TemporaryDirectory() as folder:
        told_nobody = Path(folder) / config.path.name
        told_nobody.write_bytes(_without_notify(config.path.read_bytes()))
        kept = [
            archive_file(path, archive / "sources")
            for path in (told_nobody, *files)
            if path is not None and path.is_file()
        ]
    return [{"file": file.delivered.name, "sha256": file.sha256} for file in kept]


def _plan_files(plan: Path | None) -> Iterator[Path]:
    """A plan and those it extends, which have been read and found in order."""
    while plan is not None:
        yield plan
        base = yaml.safe_load(plan.read_text(encoding="utf-8")).get("extends")
        plan = None if base is None else (plan.parent / str(base)).resolve()


def _without_notify(content: bytes) -> bytes:
    """A configuration without its key `notify`, and else as it was written."""
    text = content.decode("utf-8")
    root = yaml.compose(text)
    assert isinstance(root, yaml.MappingNode)  # it has been read and found in order
    keys = [key for key, _ in root.value]
    names = [key.value for key in keys]
    if "notify" not in names:
        return content
    if root.flow_style:
        left = {name: v for name, v in yaml.safe_load(text).items() if name != "notify"}
        return yaml.safe_dump(left, allow_unicode=True, sort_keys=False).encode()
    place = names.index("notify")
    start = keys[place].start_mark.index
    end = keys[place + 1].start_mark.index if place + 1 < len(keys) else len(text)
    return f"{text[:start]}# notify: is not kept\n{text[end:]}".encode()


def _source_files() -> list[Path]:
    return sorted(
        path
        for package in _CODE
        for path in (PROJECT / package).rglob("*")
        if path.is_file() and not _NOT_SOURCES & set(path.relative_to(PROJECT).parts)
    )
