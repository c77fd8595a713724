"""Releases kept, gone back to, and frozen for a paper."""

from __future__ import annotations

import json
import os
import re
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from ingestion.archive import file_suffix, hash_file, write_private
from orchestration.config import Config
from orchestration.errors import ConfigurationError, RefreshError
from orchestration.night import one_run
from orchestration.paths import Home
from orchestration.release import DATABASE, current_release, point_to, sync, sync_folder
from orchestration.runs import FROZEN, ROLLED_BACK

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


def find_release(home: Home, name: str) -> Path:
    """The folder of a release, of a frozen one, or of ``current``.

    Raises ConfigurationError where there is none of that name.
    """
    if name == "current":
        found = current_release(home)
        if found is not None:
            return found
    elif _NAME.fullmatch(name):
        for folder in (home.frozen / name, home.releases / name):
            if folder.is_dir():
                return folder
    known = ", ".join(_names(home.frozen) + _names(home.releases)[-5:]) or "none"
    raise ConfigurationError(f"{name}: there is no such release; frozen and latest are: {known}")


def rollback(config: Config, name: str | None) -> tuple[str, str]:
    """Let ``current`` name an earlier release, the one before or ``name``; returns both names.

    The next refresh moves on from there. Raises ConfigurationError where there is no such release
    and RefreshError where it cannot be opened.
    """
    home = Home(config.home)
    current = current_release(home)
    if current is None:
        raise RefreshError(f"{home.published}: nothing is published yet; run crlm refresh first")
    with one_run(home, "rollback") as this:
        earlier = [release for release in _names(home.releases) if release < current.name]
        if name is None and not earlier:
            raise ConfigurationError(f"{current.name} is the first release; there is none before")
        name = name or earlier[-1]
        known = _names(home.releases)
        if name not in known:
            raise ConfigurationError(
                f"{name}: there is no such release; known are {', '.join(known[-5:])}"
            )
        target = home.releases / name
        _require_sound(target)
        told = {"from": current.name, "to": target.name, "at": datetime.now(UTC).isoformat()}
        write_private(home.rolled_back, json.dumps(told))
        home.rolled_back.chmod(0o640)
        point_to(home, target)
        this.ended(ROLLED_BACK, f"from {current.name} to {target.name}", release=target.name)
    return current.name, target.name


def freeze(config: Config, name: str, release: str | None) -> Path:
    """Keep a release for a paper, under ``<home>/published/frozen/<name>``, read-only.

    With it go the configuration, the plan, the own words and the lock file as they were that night.
    The delivered files it was made from, which name patients, are kept where analysts do not come:
    in ``<home>/archive/frozen/<name>``, as hard links to those of the archive.

    Raises ConfigurationError where the name is taken or no name, and RefreshError where a file of
    the archive is gone or damaged.
    """
    home = Home(config.home)
    if _NAME.fullmatch(name) is None:
        raise ConfigurationError(
            f"{name}: a name has letters, digits, dots, dashes and underscores, at most 64"
        )
    if not home.releases.is_dir():
        raise RefreshError(f"{home.published}: nothing is published yet; run crlm refresh first")
    with one_run(home, "freeze") as this:
        source = find_release(home, release or "current")
        frozen = home.frozen / name
        if frozen.exists():
            raise ConfigurationError(f"{name}: a frozen release of this name exists already")
        manifest = json.loads((source / "manifest.json").read_text(encoding="utf-8"))
        _require_sound(source)
        home.frozen.mkdir(exist_ok=True)
        home.frozen.chmod(0o750)
        building = home.frozen / f".freezing-{name}"
        inputs = home.archive / "frozen" / name
        for leftover in (*home.frozen.glob(".freezing-*"), inputs):
            _remove(leftover)
        shutil.copytree(source, building)
        sources = building / "sources"
        sources.mkdir()
        for entry in manifest.get("sources", []):
            kept = _archived(home.archive / "sources", entry)
            shutil.copyfile(kept, sources / f"{entry['sha256'][:8]}-{entry['file']}")
        inputs.mkdir(parents=True, mode=0o700)
        for entry in manifest["inputs"]:
            kept = _archived(home.archive, entry)
            _link(kept, inputs / kept.name)
        told = _told(name, manifest)
        (building / "frozen.json").write_text(
            json.dumps(told, indent=2, ensure_ascii=False) + "\n", encoding="utf-8"
        )
        sync(inputs)
        for path in sorted(building.rglob("*"), reverse=True):
            path.chmod(0o550 if path.is_dir() else 0o440)
        sync(building)
        building.rename(frozen)
        frozen.chmod(0o550)
        sync_folder(home.frozen)
        this.ended(FROZEN, f"{source.name} as {name}", release=source.name)
    return frozen


def _told(name: str, manifest: dict[str, Any]) -> dict[str, Any]:
    copied = ("release_id", "registry", "commit", "code", "versions", "inputs", "sources")
    return {
        "name": name,
        "frozen_at": datetime.now(UTC).isoformat(timespec="seconds"),
        **{key: manifest.get(key) for key in copied},
    }


def _archived(archive: Path, entry: dict[str, Any]) -> Path:
    path = archive / f"{entry['sha256']}{file_suffix(Path(entry['file']))}"
    if not path.exists() or hash_file(path) != entry["sha256"]:
        raise RefreshError(
            f"{path}: the archived file {entry['file']} is gone or damaged; restore it from a "
            "backup"
        )
    return path


def _link(source: Path, target: Path) -> None:
    if target.exists():
        return
    try:
        os.link(source, target)
    except OSError:
        # Not every file system has hard links.
        shutil.copy2(source, target)


def _require_sound(release: Path) -> None:
    try:
        with duckdb.connect(str(release / DATABASE), read_only=True) as con:
            con.execute("select count(*) from marts.survival_cohort")
    except duckdb.Error as error:
        raise RefreshError(
            f"{release / DATABASE}: the release cannot be opened ({type(error).__name__})"
        ) from None


def _remove(folder: Path) -> None:
    if folder.exists():
        for path in [folder, *folder.rglob("*")]:
            if path.is_dir():
                path.chmod(0o700)
        shutil.rmtree(folder)


def _names(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.glob("*") if p.is_dir() and not p.name.startswith("."))
