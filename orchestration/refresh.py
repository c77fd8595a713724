"""The order of the night: extracts → raw → marts → results → release.

Each stage reads only what an earlier one wrote into the warehouse. Whatever fails, the last
release stands.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

import expectations.run
from analysis import analyze, load, load_report, render
from analysis.processes import InThisProcess, processes
from expectations import history, issues
from expectations.case_rules import case_checks
from expectations.declared import run_declared
from expectations.report import Night, render_quality_report
from expectations.results import FAILED, CheckResult, fallen_readability, record
from expectations.run import results_of, start_suites
from expectations.suites import (
    completeness_suites,
    extract_suites,
    mart_suites,
    quarantine_suites,
    reading_suites,
)
from ingestion.contract import Contract
from ingestion.deliveries import Deliveries
from ingestion.ingest import ExtractSummary, Ingestion
from ingestion.pseudonyms import PseudonymKey, load_key
from ingestion.sql import fetch_value
from orchestration import dbt_docs, release, transform
from orchestration.config import Config
from orchestration.errors import HeldError, RefreshError
from orchestration.heal import heal, open_warehouse
from orchestration.manifest import (
    data_as_of_tonight,
    definitions_in_words,
    manifest_of,
    remarks_on,
)
from orchestration.paths import DBT_PROJECT, Home
from orchestration.progress import Progress
from orchestration.read_ahead import read_comments_ahead
from orchestration.runs import run_id_of
from orchestration.vocabulary import own_words
from orchestration.worklist import journaled_answers
from reporting import figures

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest

    from analysis.plan import AnalysisPlan


@dataclass(frozen=True)
class Outcome:
    """What a refresh published."""

    release_id: str
    folder: Path
    warnings: list[CheckResult]


@dataclass
class Run:
    """One run of the job, and what its stages hand on to later ones.

    ``deliveries`` has tonight's files; ``take_in`` brings others into the warehouse.
    """

    config: Config
    home: Home
    contract: Contract
    plan: AnalysisPlan
    progress: Progress
    started_at: datetime
    deliveries: Deliveries | None = None
    forced_because: str | None = None
    take_in: Callable[[Run, duckdb.DuckDBPyConnection], list[ExtractSummary]] | None = None
    extracts: list[ExtractSummary] = field(default_factory=list)
    checker: Executor = field(default_factory=InThisProcess)
    drawers: Executor = field(default_factory=InThisProcess)
    project: Manifest | None = None
    built: transform.Built | None = None
    checks: list[CheckResult] = field(default_factory=list)
    folder: Path | None = None
    outcome: Outcome | None = None

    @property
    def run_id(self) -> str:
        return run_id_of(self.started_at)

    @property
    def mapped(self) -> dict[str, set[str]]:
        """Per extract the fields that a header was found for."""
        return {summary.extract: set(summary.mapped) for summary in self.extracts}

    @property
    def night(self) -> datetime:
        """When the run started, UTC, as the tables write it."""
        return self.started_at.replace(tzinfo=None)

    def through(self) -> Outcome:
        """Run every stage; RefreshError where one or the gate fails."""
        for _ in self.stages():
            pass
        assert self.outcome is not None  # of the last stage
        return self.outcome

    def stages(self) -> Generator[Stage, None, None]:
        """Run stage after stage, and hand each out when it is done; raises what `through` does."""
        try:
            with self.progress.bar(len(STAGES)), self._processes_beside():
                for stage in STAGES:
                    with self.progress.stage(stage.name), _in_a_sentence(stage.name):
                        stage.work(self)
                    yield stage
        except BaseException:
            if self.folder is not None:
                shutil.rmtree(self.folder, ignore_errors=True)
            raise

    @contextmanager
    def _processes_beside(self) -> Iterator[None]:
        """Let what is slow to load be loaded while there is other work to do."""
        with processes(1) as self.checker, processes(figures.DRAWERS) as self.drawers:
            self.checker.submit(expectations.run.load)
            yield

    def heal(self) -> None:
        """Look at the warehouse, where it is the registry's own."""
        if self.take_in is None:
            heal(self.home, self.contract, self.key, partial(self.progress.say, "heal"))

    def ingest(self) -> None:
        with self.warehouse() as con:
            self.extracts = (self.take_in or Run.take_tonights_in)(self, con)

    def check_raw(self) -> None:
        with self.warehouse() as con:
            suites = [
                *extract_suites(self.contract, self.mapped),
                *quarantine_suites(self.mapped, self.config.settings.quality),
            ]
            started = start_suites(con, suites, self.checker)
            # The checks are made in another process; this one is free to read the dbt project.
            self.project = transform.parse(self.config, self.home, self.progress.log)
            self.checks += results_of(started)
            self._gate(con, "raw")

    def transform(self) -> None:
        assert self.project is not None
        figures.load_in(self.drawers)
        self.checker.submit(load)
        with self.warehouse() as con:
            comments = read_comments_ahead(con, self.home.readings, self.config.definitions)
        if comments:
            self.progress.say("transform", f"{comments} comments read")
        self.built = transform.build(self.config, self.home, self.project, log=self.progress.log)
        with self.warehouse() as con:
            transform.comment_on_models(con, self.built)

    def check_marts(self) -> None:
        assert self.built is not None
        with self.warehouse() as con:
            quality = self.config.settings.quality
            suites = [
                *reading_suites(self.contract, self.mapped, quality),
                *completeness_suites(self.contract, quality),
                *mart_suites(DBT_PROJECT, self.config.r0_margin_mm),
            ]
            started = start_suites(con, suites, self.checker)
            load()
            load_report()
            self.checks += transform.fill_denominators(con, self.built.tests)
            self.checks += run_declared(con, self.built.nodes, self.config.definitions)
            self.checks += results_of(started)
            self.checks += case_checks(con, quality.rules)
            self.checks += self._beside_the_last_night(con, quality.fell_points)
            self._hold_if_less_can_be_read(con)
            self._gate(con, "marts")

    def analyze(self) -> None:
        with self.warehouse() as con:
            is_new = analyze(
                con,
                self.plan,
                lambda text: self.progress.say("analyze", text),
                beside=self.checker,
            )
            self._say_analysis(con)
            if not is_new:
                self.progress.say("analyze", "cohort, plan and code are those of the last results")

    def remember(self) -> None:
        with self.warehouse() as con:
            record(con, self.run_id, self.night, self.checks)
            history.append_completeness(con, self.run_id, self.night)
            issues.follow(con, self.run_id, self.night)
            # A warehouse that was made again learns here what was answered before.
            issues.take_answers(con, journaled_answers(self.home.archive), self.night)

    def report(self) -> None:
        registry = self.config.settings.registry
        last_release = release.current_release(self.home)
        self.folder = release.start(self.home, self.run_id)
        with self.warehouse() as con:
            remarks = remarks_on(con, self.extracts, self.forced_because)
            data_as_of = data_as_of_tonight(con)
            render(
                con,
                self.plan,
                self.folder,
                registry_name=registry.name,
                notice=registry.notice,
                remarks=remarks,
                data_as_of=data_as_of,
                definitions=definitions_in_words(con),
                beside=self.drawers,
            )
            render_quality_report(
                con,
                self.folder,
                Night(self.run_id, None if last_release is None else last_release.name),
                registry_name=registry.name,
                notice=registry.notice,
                remarks=remarks,
                data_as_of=data_as_of,
                external=self.config.settings.quality.report == "external",
                beside=self.drawers,
            )

    def release(self) -> None:
        assert self.folder is not None
        assert self.built is not None
        transform.write_artifacts(self.built, self.folder / "dbt")
        with self.warehouse() as con:
            content = release.export(con, self.folder)
            name = self.config.settings.registry.name
            dbt_docs.write_page(self.built.manifest, con, content, self.folder, name)
            release.write_manifest(self.folder, manifest_of(self, con, content))
        published = release.publish(self.home, self.folder, self.run_id)
        settings = self.config.settings
        release.prune(self.home, settings.releases.keep, settings.registry.timezone)
        self.progress.say(
            "release", f"{self.home.current} → {published.name}", release=published.name
        )
        warnings = [check for check in self.checks if check.status == FAILED]
        self.outcome = Outcome(self.run_id, published, warnings)

    def warehouse(self) -> duckdb.DuckDBPyConnection:
        return open_warehouse(self.home.warehouse)

    def take_tonights_in(self, con: duckdb.DuckDBPyConnection) -> list[ExtractSummary]:
        """The extracts as they lie there tonight."""
        ingestion = Ingestion(
            con,
            self.contract,
            self.config.extracts,
            self.deliveries or Deliveries(self.config.root, self.home.archive),
            key=self.key,
            gates=self.config.settings.gates,
            forced_because=self.forced_because,
            phrases=own_words(self.config, self.contract).phrases,
        )
        summaries = ingestion.run(self.run_id, self.night)
        for summary in summaries:
            names = ", ".join(file.name for file in summary.files)
            if summary.counts is None:
                text = f"{summary.extract}: {names}, the same as last time"
            else:
                c = summary.counts
                text = (
                    f"{summary.extract}: {names}, {c.read} rows read: {c.new} new, {c.changed} "
                    f"changed, {c.unchanged} unchanged, {c.collapsed} equal, "
                    f"{c.quarantined} in quarantine; {c.closed} gone"
                )
                if summary.other_records:
                    text += f"; {summary.other_records} records are of other instruments"
            self.progress.say("ingest", text, extract=summary.extract)
        return summaries

    @cached_property
    def key(self) -> PseudonymKey:
        key = load_key(self.config.settings.privacy, self.config.root, self.config.home)
        if key.is_demo:
            self.progress.say(
                "ingest", "pseudonyms use the published demo key: for synthetic or public data only"
            )
        return key

    def _hold_if_less_can_be_read(self, con: duckdb.DuckDBPyConnection) -> None:
        """The delivery gate that needs the readings: compared with the last release."""
        published = release.current_release(self.home)
        if published is None or self.forced_because is not None:
            return
        points = self.config.settings.gates.fell_points
        fell = fallen_readability(con, self.checks, published.name, points)
        if fell:
            record(con, self.run_id, self.night, self.checks)
            raise HeldError(
                f"the delivery is held: {'; '.join(fell)}. Mend it, or what registry.yml says of "
                'it, or publish it with --force --reason "…"'
            )

    def _beside_the_last_night(
        self, con: duckdb.DuckDBPyConnection, fell_points: float
    ) -> list[CheckResult]:
        checks = history.fallen_completeness(con, fell_points)
        published = release.current_release(self.home)
        if published is not None:
            checks.append(history.undone_deaths(con, published / release.DATABASE))
        return checks

    def _gate(self, con: duckdb.DuckDBPyConnection, stage: str) -> None:
        """Stop here where a check with severity error failed; the results are kept."""
        stopping = [check for check in self.checks if check.stops_release]
        failed = [check for check in self.checks if check.status == FAILED]
        self.progress.say(
            "check",
            f"{stage}: {len(self.checks)} checks so far, {len(failed) - len(stopping)} warnings, "
            f"{len(stopping)} errors",
        )
        if not stopping:
            return
        record(con, self.run_id, self.night, self.checks)
        listed = "; ".join(
            f"{check.check_id}: {check.description} ({_counted(check)})" for check in stopping[:5]
        )
        more = f"; and {len(stopping) - 5} more" if len(stopping) > 5 else ""
        raise RefreshError(
            f"the gate is closed, nothing is published: {listed}{more}; all results are in "
            "quality.check_results of the warehouse"
        )

    def _say_analysis(self, con: duckdb.DuckDBPyConnection) -> None:
        patients = fetch_value(con, "select count(*) from marts.survival_cohort")
        deaths = fetch_value(con, "select count(*) from marts.survival_cohort where died")
        self.progress.say(
            "analyze", f"{patients} patients in the cohort, {deaths} deaths; plan {self.plan.title}"
        )


@dataclass(frozen=True)
class Stage:
    """One step of the night, the schemas of the warehouse it reads, and what it makes.

    ``files`` and ``archive`` are what the hospital delivers and what is kept of it, ``report`` and
    ``release`` the folder that is published.
    """

    name: str
    work: Callable[[Run], None]
    reads: tuple[str, ...]
    writes: tuple[str, ...]


# The order of the night, in one place. Who walks it otherwise than `Run.through` (a scheduler)
# walks the whole of it (`Run.stages`), with one `Run`, in one process: DuckDB has one writer.
STAGES = (
    Stage("heal", Run.heal, ("archive",), ("raw", "quality")),
    Stage("ingest", Run.ingest, ("files",), ("archive", "raw")),
    Stage("check raw", Run.check_raw, ("raw",), ()),
    Stage("transform", Run.transform, ("raw",), ("staging", "intermediate", "marts", "quality")),
    Stage("check marts", Run.check_marts, ("staging", "marts", "quality"), ()),
    Stage("analyze", Run.analyze, ("marts",), ("results",)),
    Stage("remember", Run.remember, ("intermediate", "archive"), ("quality",)),
    Stage("report", Run.report, ("raw", "marts", "quality", "results"), ("report",)),
    Stage("release", Run.release, ("marts", "quality", "results", "report"), ("release",)),
)


# How DuckDB, whatever the class of its error, says that the machine refused.
_MACHINE = re.compile(
    r"(no space left|too large|input/output error|could not \w+ file)[^\n]*", re.I
)


@contextmanager
def _in_a_sentence(stage: str) -> Iterator[None]:
    """Say what the machine refused; the texts of other errors could hold a patient's value."""
    try:
        yield
    except OSError as error:
        place = f" ({error.filename})" if error.filename else ""
        raise RefreshError(
            f"{stage}: {error.strerror or type(error).__name__}{place}; the last release stands"
        ) from error
    except duckdb.Error as error:
        refused = _MACHINE.search(str(error))
        if refused is None:
            raise
        raise RefreshError(f"{stage}: {refused[0]}; the last release stands") from error


def _counted(check: CheckResult) -> str:
    if check.violated is None:
        return check.status
    if check.denominator is None:
        return f"{check.violated} rows"
    return f"{check.violated} of {check.denominator}"
