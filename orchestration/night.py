"""One run of the nightly job from outside: its lock, its name, its line in the log, and whether
there is anything to do. Large libraries are loaded only where there is."""

from __future__ import annotations

import json
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from types import FrameType
from typing import TYPE_CHECKING, Any

from analysis.errors import AnalysisError
from analysis.plan import DEFAULT_PLAN, load_plan
from ingestion.contract import Contract, load_contract
from ingestion.deliveries import Deliveries
from ingestion.errors import IngestionError
from ingestion.mapping import check_settings
from ingestion.pseudonyms import load_key
from orchestration.alerts import told_when_over
from orchestration.config import Config
from orchestration.definitions import for_the_plan
from orchestration.errors import SAID, ConfigurationError, RefreshError, Stopped, in_words
from orchestration.lock import refresh_lock
from orchestration.paths import DBT_PROJECT, Home
from orchestration.progress import Progress
from orchestration.release import DATABASE, current_release
from orchestration.run_log import log_of
from orchestration.runs import (
    FAILED,
    PUBLISHED,
    REFRESH,
    STARTED,
    STOPPED,
    UNCHANGED,
    log_run,
    next_start,
    run_id_of,
)
from orchestration.sources import made_of
from orchestration.vocabulary import own_words

if TYPE_CHECKING:
    from analysis.plan import AnalysisPlan
    from orchestration.refresh import Outcome, Run


def refresh(
    config: Config, progress: Progress, *, force: bool = False, forced_because: str | None = None
) -> Outcome | None:
    """Run the nightly job once; null where nothing changed since the last release.

    ``force`` builds although nothing changed; ``forced_because`` also takes a delivery that the
    gates would hold. Raises ConfigurationError before anything is written, LockedError where
    another run is at work, and RefreshError where a stage or the gate fails.
    """
    with tonight(config, progress, force=force, forced_because=forced_because) as run:
        return None if run is None else run.through()


@contextmanager
def tonight(
    config: Config, progress: Progress, *, force: bool = False, forced_because: str | None = None
) -> Iterator[Run | None]:
    """Everything around the stages: what is checked before, the folders, the lock, the log.

    Hands back a run whose stages whoever asked has to walk, all of them (`Run.stages`), or null
    where nothing changed. Logs how it ended, and tells who wants to know. Raises what `refresh`
    does.
    """
    with told_when_over(config, progress) as over:
        contract = load_contract(DBT_PROJECT)
        plan = prepare(config, contract)
        home = Home(config.home)
        create_home(home)
        with one_run(home, REFRESH) as this, logged(config, progress, this):
            over.run_id = this.run_id
            deliveries = Deliveries(config.root, home.archive)
            if not force and forced_because is None:
                standing = _nothing_changed(config, home, plan, deliveries, this)
                if standing is not None:
                    progress.say("check", f"nothing changed since {standing}, which stays current")
                    yield None
                    this.ended(UNCHANGED, release=standing)
                    return
            from analysis.processes import collect_rarely

            collect_rarely()
            # The stages bring large libraries.
            from orchestration.refresh import Run

            run = Run(
                config,
                home,
                contract,
                plan,
                progress,
                this.started_at,
                deliveries=deliveries,
                forced_because=forced_because,
            )
            yield run
            if run.outcome is None:
                raise RefreshError("the night ended before its last stage; the last release stands")
            this.ended(PUBLISHED, release=run.outcome.release_id, seconds=progress.seconds)
            over.published = run.outcome.folder


def prepare(config: Config, contract: Contract) -> AnalysisPlan:
    """Check what needs no data: the names of fields, the own words, the key, the plan."""
    try:
        for name, settings in config.extracts.items():
            check_settings(contract[name], settings, f"{config.path}: extracts.{name}")
        own_words(config, contract)
        load_key(config.settings.privacy, config.root, config.home)
        return load_plan(config.plan or DEFAULT_PLAN, for_the_plan(config.definitions))
    except (IngestionError, AnalysisError) as error:
        raise ConfigurationError(str(error)) from None


def create_home(home: Home) -> None:
    """Make the folders of a registry; ConfigurationError where they cannot be made."""
    try:
        home.create()
    except OSError as error:
        raise ConfigurationError(
            f"{home.folder}: the registry's home cannot be written ({error.strerror}); "
            "`registry.home` has to name a folder that can"
        ) from None


@dataclass
class ThisRun:
    """A run that holds the lock of the registry."""

    home: Home
    started_at: datetime

    @property
    def run_id(self) -> str:
        return run_id_of(self.started_at)

    def ended(self, outcome: str, text: str = "", **facts: Any) -> None:
        # What the run came to stands, whether or not there is room for a line about it.
        with suppress(OSError):
            log_run(self.home, self.run_id, outcome, text, **facts)


@contextmanager
def one_run(home: Home, doing: str) -> Iterator[ThisRun]:
    """Hold the lock, keep what is written private, stop cleanly on SIGTERM, and log how it ended.

    Who uses it logs a good end (`ThisRun.ended`).
    """
    with _private_files(), stopped_by(signal.SIGTERM) as stop, refresh_lock(home.lock, doing):
        this = ThisRun(home, next_start(home, datetime.now(UTC)))
        try:
            log_run(home, this.run_id, STARTED, doing, process=os.getpid())
        except OSError as error:
            raise RefreshError(
                f"{home.logs}: the log of runs cannot be written ({error.strerror}); the last "
                "release stands"
            ) from None
        try:
            with stop.believed():
                yield this
        except Stopped:
            this.ended(STOPPED, f"{doing} was asked to stop")
            raise
        except SAID as error:
            this.ended(FAILED, in_words(error))
            raise
        except BaseException as error:
            this.ended(FAILED, type(error).__name__)
            raise


@contextmanager
def logged(config: Config, progress: Progress, this: ThisRun) -> Iterator[None]:
    """Let a run have its log (`orchestration.run_log`), and what is said go there too."""
    kept = config.settings.logs
    with log_of(
        this.home, this.run_id, keep_days=kept.keep_days, keep_mb=kept.keep_mb
    ) as progress.log:
        yield


def _nothing_changed(
    config: Config, home: Home, plan: AnalysisPlan, deliveries: Deliveries, this: ThisRun
) -> str | None:
    """The name of the current release where a run would make the same again."""
    current = current_release(home)
    if current is None or home.rolled_back.exists() or not home.warehouse.exists():
        return None
    try:
        manifest = json.loads((current / "manifest.json").read_text(encoding="utf-8"))
        made_then, holds_until = manifest["made_of"], manifest["holds_until"]
    except (OSError, ValueError, KeyError):
        return None
    if not (current / DATABASE).exists():
        return None
    if holds_until is not None and date.fromisoformat(holds_until) < this.started_at.date():
        return None
    # A night that took something in after the release has left it in the warehouse.
    if any(path.stem > current.name for path in (home.archive / "nights").glob("*.json")):
        return None
    found = {name: deliveries.of(name, settings) for name, settings in config.extracts.items()}
    inputs = [(name, file.sha256) for name, d in found.items() for file in d.all_files]
    return current.name if made_of(config, home, plan, inputs) == made_then else None


@contextmanager
def _private_files() -> Iterator[None]:
    """What is written holds patients' numbers until it is published: it is the account's own."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)


class Stop:
    """Whether a run was asked to stop."""

    def __init__(self) -> None:
        self.is_asked = False

    def __call__(self, number: int, _frame: FrameType | None) -> None:
        """Handle the signal; a second one would break the clearing up."""
        signal.signal(number, signal.SIG_IGN)
        self.is_asked = True
        raise Stopped

    @contextmanager
    def believed(self) -> Iterator[None]:
        """Take what goes wrong once a stop was asked for for the stop.

        DuckDB and dbt make an error of their own of what interrupts them.
        """
        try:
            yield
        except Exception as error:
            if self.is_asked:
                raise Stopped from error
            raise


@contextmanager
def stopped_by(*numbers: signal.Signals) -> Iterator[Stop]:
    """Turn a signal into Stopped, so that a run that is asked to stop clears up behind itself."""
    stop = Stop()
    if threading.current_thread() is not threading.main_thread():
        yield stop
        return
    before = {number: signal.signal(number, stop) for number in numbers}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
