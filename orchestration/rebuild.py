"""The whole warehouse again, from the archived files and the journal of nights."""

from __future__ import annotations

import datetime
import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb

from expectations.history import copy_history
from ingestion.contract import load_contract
from ingestion.ingest import ExtractSummary
from ingestion.nights import Night, read_journal
from ingestion.replay import replay
from orchestration.config import Config
from orchestration.errors import ConfigurationError, RefreshError
from orchestration.lock import refresh_lock
from orchestration.paths import DBT_PROJECT, Home
from orchestration.progress import Progress
from orchestration.refresh import Outcome, Run, create_home, prepare
from orchestration.release import current_release

_RELEASE_ID = re.compile(r"\d{8}T\d{9}Z")


@dataclass(frozen=True)
class Rebuilt:
    """What a rebuild made: the release, and how many nights it went through."""

    outcome: Outcome
    nights: int


def rebuild(config: Config, progress: Progress, *, as_of: str | None = None) -> Rebuilt:
    """Make the warehouse again and publish from it.

    Without ``as_of`` it takes the place of the registry's warehouse once everything passed; the
    history of checks, which no file holds, is carried over. With a date (in the time zone of the
    registry, to the end of that day) or the name of a release, the warehouse and a release of
    that night are made in ``<home>/as_of/<as_of>`` and the registry's own stay as they are.

    Raises ConfigurationError where there is no such night, ArchiveError where the archive is
    not whole, and what a refresh raises.
    """
    contract = load_contract(DBT_PROJECT)
    plan = prepare(config, contract)
    home = Home(config.home)
    if not home.folder.is_dir():
        raise RefreshError(f"{home.folder}: there is no registry yet; run crlm refresh first")
    nights = _nights_until(config, read_journal(home.archive), as_of)
    create_home(home)
    target = _target(home, as_of)

    def take_in(run: Run, con: duckdb.DuckDBPyConnection) -> list[ExtractSummary]:
        summaries = replay(con, contract, nights, home.archive, run.key())
        run.progress.say("ingest", f"nights made again: {len(nights)}, to {nights[-1].run_id}")
        if as_of is None:
            _carry_history_over(con, home)
        return summaries

    run = Run.now(config, target, contract, plan, progress)
    run.take_in = take_in
    with refresh_lock(home.lock, run.run_id):
        shutil.rmtree(target.warehouse.parent, ignore_errors=True)
        create_home(target)
        target.warehouse.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            outcome = run.through()
            if as_of is None:
                _take_its_place(target.warehouse, home.warehouse)
        finally:
            if target.scratch is not None:
                shutil.rmtree(target.scratch, ignore_errors=True)
    return Rebuilt(outcome, len(nights))


def _target(home: Home, as_of: str | None) -> Home:
    if as_of is None:
        return Home(home.folder, scratch=home.folder / ".rebuilding")
    return Home(home.folder / "as_of" / as_of)


def _nights_until(config: Config, nights: list[Night], as_of: str | None) -> list[Night]:
    if not nights:
        raise RefreshError(
            f"{Home(config.home).archive / 'nights'}: the journal has no night; "
            "crlm refresh has not taken anything in yet"
        )
    if as_of is None:
        return nights
    if _RELEASE_ID.fullmatch(as_of):
        chosen = [night for night in nights if night.run_id <= as_of]
    else:
        zone = ZoneInfo(config.settings.registry.timezone)
        try:
            day = datetime.date.fromisoformat(as_of)
        except ValueError:
            raise ConfigurationError(
                f"--as-of {as_of}: write a date such as 2026-01-31, or the name of a release as "
                "crlm status shows it"
            ) from None
        chosen = [night for night in nights if _day(night, zone) <= day]
    if not chosen:
        raise ConfigurationError(
            f"--as-of {as_of}: the first night of this registry is {nights[0].run_id}"
        )
    return chosen


def _day(night: Night, zone: ZoneInfo) -> datetime.date:
    return night.taken_in_at.replace(tzinfo=datetime.UTC).astimezone(zone).date()


def _carry_history_over(con: duckdb.DuckDBPyConnection, home: Home) -> None:
    """Take the history of checks from the former warehouse, or else from the last release."""
    release = current_release(home)
    places = [home.warehouse, *([release / "registry.duckdb"] if release else [])]
    for path in places:
        if path.exists() and copy_history(con, path):
            return


def _take_its_place(rebuilt: Path, warehouse: Path) -> None:
    # A log of the former file must not be replayed into the new one.
    warehouse.with_name(f"{warehouse.name}.wal").unlink(missing_ok=True)
    os.replace(rebuilt, warehouse)
