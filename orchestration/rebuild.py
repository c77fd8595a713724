"""The whole warehouse again, from the archived files and the journal of nights."""

from __future__ import annotations

import datetime
import shutil
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import duckdb

from ingestion.contract import load_contract
from ingestion.ingest import ExtractSummary
from ingestion.nights import Night, read_journal
from orchestration.config import Config
from orchestration.errors import ConfigurationError, RefreshError
from orchestration.heal import fill_from_archive, take_its_place
from orchestration.night import create_home, logged, one_run, prepare
from orchestration.paths import DBT_PROJECT, Home
from orchestration.progress import Progress
from orchestration.refresh import Outcome, Run
from orchestration.runs import MADE_BESIDE, PUBLISHED, is_run_id


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
    doing = f"rebuild{f' as of {as_of}' if as_of else ''}"
    with one_run(home, doing) as this, logged(config, progress, this):
        nights = _nights_until(config, read_journal(home.archive), as_of)
        target = _target(home, as_of)

        def take_in(run: Run, con: duckdb.DuckDBPyConnection) -> list[ExtractSummary]:
            run.progress.say("ingest", f"nights made again: {len(nights)}, to {nights[-1].run_id}")
            return fill_from_archive(
                con, home, contract, nights, run.key, with_history=as_of is None
            )

        run = Run(config, target, contract, plan, progress, this.started_at, take_in=take_in)
        shutil.rmtree(target.warehouse.parent, ignore_errors=True)
        create_home(target)
        target.warehouse.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            outcome = run.through()
            if as_of is None:
                take_its_place(target.warehouse, home.warehouse)
        finally:
            if target.scratch is not None:
                shutil.rmtree(target.scratch, ignore_errors=True)
        this.ended(PUBLISHED if as_of is None else MADE_BESIDE, release=str(outcome.release_id))
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
    if is_run_id(as_of):
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
