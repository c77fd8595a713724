"""The order of the night: extracts → raw → marts → results → release.

Each stage reads only what an earlier one wrote into the warehouse. Whatever fails, the last
release stands.
"""

from __future__ import annotations

import importlib.metadata
import os
import platform
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from analysis import AnalysisError, analyze, render
from analysis.plan import DEFAULT_PLAN, load_plan
from expectations import history, issues
from expectations.case_rules import case_checks
from expectations.declared import run_declared
from expectations.report import Night, render_quality_report
from expectations.results import FAILED, PASSED, CheckResult, fallen_readability, record
from expectations.suites import (
    completeness_suites,
    extract_suites,
    mart_suites,
    quarantine_suites,
    reading_suites,
)
from ingestion.contract import Contract, load_contract
from ingestion.deliveries import Deliveries
from ingestion.errors import IngestionError
from ingestion.ingest import ExtractSummary, Ingestion
from ingestion.mapping import check_settings
from ingestion.pseudonyms import PseudonymKey, load_key
from ingestion.sql import fetch_value
from orchestration import release, transform
from orchestration.config import Config
from orchestration.definitions import for_the_plan
from orchestration.errors import ConfigurationError, RefreshError
from orchestration.lock import refresh_lock
from orchestration.paths import DBT_PROJECT, PROJECT, Home
from orchestration.progress import Progress
from orchestration.vocabulary import own_words
from orchestration.worklist import journaled_answers

if TYPE_CHECKING:
    from analysis.plan import AnalysisPlan

_VERSIONS_OF = (
    "crlm-registry",
    "duckdb",
    "dbt-core",
    "dbt-duckdb",
    "great-expectations",
    "lifelines",
    "statsmodels",
    "pandas",
    "numpy",
    "scipy",
)

_ROW_COUNTS = (
    "rows_read",
    "rows_new",
    "rows_changed",
    "rows_unchanged",
    "rows_collapsed",
    "rows_quarantined",
    "rows_closed",
    "other_records",
)


@dataclass(frozen=True)
class Outcome:
    """What a refresh published."""

    release_id: str
    folder: Path
    warnings: list[CheckResult]


def refresh(config: Config, progress: Progress, *, forced_because: str | None = None) -> Outcome:
    """Run the nightly job once; ``forced_because`` takes a delivery that the gates would hold.

    Raises ConfigurationError before anything is written, LockedError where another refresh is
    running, and RefreshError where a stage or the gate fails.
    """
    contract = load_contract(DBT_PROJECT)
    plan = prepare(config, contract)
    home = Home(config.home)
    create_home(home)
    run = Run.now(config, home, contract, plan, progress, forced_because)
    with refresh_lock(home.lock, run.run_id):
        return run.through(run.take_in)


def create_home(home: Home) -> None:
    """Make the folders of a registry; ConfigurationError where they cannot be made."""
    try:
        home.create()
    except OSError as error:
        raise ConfigurationError(
            f"{home.folder}: the registry's home cannot be written ({error.strerror}); "
            "`registry.home` has to name a folder that can"
        ) from None


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


# Brings the extracts into the warehouse, tonight's or those of earlier nights.
TakeIn = Callable[[duckdb.DuckDBPyConnection], list[ExtractSummary]]


@dataclass
class Run:
    """One run of the job: the stages in their order, whatever brings the extracts in."""

    config: Config
    home: Home
    contract: Contract
    plan: AnalysisPlan
    progress: Progress
    started_at: datetime
    run_id: str
    forced_because: str | None = None
    checks: list[CheckResult] = field(default_factory=list)

    @classmethod
    def now(
        cls,
        config: Config,
        home: Home,
        contract: Contract,
        plan: AnalysisPlan,
        progress: Progress,
        forced_because: str | None = None,
    ) -> Run:
        started_at = datetime.now(UTC)
        run_id = started_at.strftime("%Y%m%dT%H%M%S") + f"{started_at.microsecond // 1000:03d}Z"
        return cls(config, home, contract, plan, progress, started_at, run_id, forced_because)

    @property
    def night(self) -> datetime:
        """When the run started, UTC, as the tables write it."""
        return self.started_at.replace(tzinfo=None)

    def through(self, take_in: TakeIn) -> Outcome:
        """Run every stage; RefreshError where one or the gate fails."""
        with self.progress.stage("ingest"), self.warehouse() as con:
            extracts = take_in(con)
            mapped = {summary.extract: set(summary.mapped) for summary in extracts}
        with self.progress.stage("check raw"), self.warehouse() as con:
            suites = [
                *extract_suites(self.contract, mapped),
                *quarantine_suites(mapped, self.config.settings.quality),
            ]
            self._check(con, suites)
            self._gate(con, "raw")
        with self.progress.stage("transform"):
            built = transform.build(self.config, self.home)
            with self.warehouse() as con:
                transform.comment_on_models(con, built)
        with self.progress.stage("check marts"), self.warehouse() as con:
            self.checks += transform.fill_denominators(con, built.tests)
            self.checks += run_declared(con, built.nodes, self.config.definitions)
            quality = self.config.settings.quality
            suites = [
                *reading_suites(self.contract, mapped, quality),
                *completeness_suites(self.contract, quality),
                *mart_suites(DBT_PROJECT, self.config.r0_margin_mm),
            ]
            self._check(con, suites)
            self.checks += case_checks(con, quality.rules)
            self.checks += self._beside_the_last_night(con, quality.fell_points)
            self._hold_if_less_can_be_read(con)
            self._gate(con, "marts")
        with self.warehouse() as con:
            with self.progress.stage("analyze"):
                analyze(con, self.plan)
                self._say_analysis(con)
            record(con, self.run_id, self.night, self.checks)
            history.append_completeness(con, self.run_id, self.night)
            issues.follow(con, self.run_id, self.night)
            # A warehouse that was made again learns here what was answered before.
            issues.take_answers(con, journaled_answers(self.home.archive), self.night)
            folder = release.start(self.home, self.run_id)
            try:
                return self._release(con, folder, extracts)
            except BaseException:
                shutil.rmtree(folder, ignore_errors=True)
                raise

    @contextmanager
    def warehouse(self) -> Iterator[duckdb.DuckDBPyConnection]:
        try:
            con = duckdb.connect(str(self.home.warehouse))
        except duckdb.Error as error:
            raise RefreshError(
                f"{self.home.warehouse}: the warehouse cannot be opened "
                f"({type(error).__name__}); no other program may have it open; where it is "
                "damaged, crlm rebuild makes it again from the archive"
            ) from None
        os.chmod(self.home.warehouse, 0o600)
        try:
            yield con
        finally:
            con.close()

    def take_in(self, con: duckdb.DuckDBPyConnection) -> list[ExtractSummary]:
        """Tonight's extracts."""
        ingestion = Ingestion(
            con,
            self.contract,
            self.config.extracts,
            Deliveries(self.config.root, self.home.archive),
            key=self.key(),
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

    def key(self) -> PseudonymKey:
        key = load_key(self.config.settings.privacy, self.config.root, self.config.home)
        if key.is_demo:
            self.progress.say(
                "ingest", "pseudonyms use the published demo key: for synthetic or public data only"
            )
        return key

    def _check(self, con: duckdb.DuckDBPyConnection, suites: list) -> None:
        # Great Expectations is slow to import: not before it is needed.
        from expectations.run import run_suites

        self.checks += run_suites(con, suites)

    def _hold_if_less_can_be_read(self, con: duckdb.DuckDBPyConnection) -> None:
        """The delivery gate that needs the readings: compared with the last release."""
        published = release.current_release(self.home)
        if published is None or self.forced_because is not None:
            return
        points = self.config.settings.gates.fell_points
        fell = fallen_readability(con, self.checks, published.name, points)
        if fell:
            record(con, self.run_id, self.night, self.checks)
            raise RefreshError(
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

    def _release(
        self, con: duckdb.DuckDBPyConnection, folder: Path, extracts: list[ExtractSummary]
    ) -> Outcome:
        registry = self.config.settings.registry
        data_as_of = fetch_value(con, "select data_as_of from intermediate.int_data_as_of")
        remarks = _remarks(con, extracts, self.forced_because)
        last_release = release.current_release(self.home)
        with self.progress.stage("report"):
            render(
                con,
                self.plan,
                folder,
                registry_name=registry.name,
                notice=registry.notice,
                remarks=remarks,
                data_as_of=data_as_of,
                definitions=_definitions(con),
            )
            render_quality_report(
                con,
                folder,
                Night(self.run_id, None if last_release is None else last_release.name),
                registry_name=registry.name,
                notice=registry.notice,
                remarks=remarks,
                data_as_of=data_as_of,
                external=self.config.settings.quality.report == "external",
            )
        with self.progress.stage("release"):
            rows = release.export_database(con, folder)
            release.write_manifest(folder, self._manifest(con, extracts, data_as_of, rows))
            published = release.publish(self.home, folder, self.run_id)
        warnings = [check for check in self.checks if check.status == FAILED]
        self.progress.say(
            "release", f"{self.home.current} → {published.name}", release=published.name
        )
        return Outcome(self.run_id, published, warnings)

    def _manifest(
        self,
        con: duckdb.DuckDBPyConnection,
        extracts: list[ExtractSummary],
        data_as_of: Any,
        rows: dict[str, int],
    ) -> dict[str, Any]:
        registry = self.config.settings.registry
        failed = [check for check in self.checks if check.status == FAILED]
        return {
            "release_id": self.run_id,
            "registry": registry.name,
            "notice": registry.notice,
            "started_at": self.started_at.isoformat(),
            "data_as_of": data_as_of,
            "inputs": [
                {
                    "extract": file.extract,
                    "file": file.name,
                    "sha256": file.sha256,
                    "bytes": file.bytes,
                }
                for summary in extracts
                for file in summary.files
            ],
            "deliveries": {
                summary.extract: _last_delivery(con, summary.extract) for summary in extracts
            },
            "quarantine": _held_now(con, extracts),
            "forced_because": self.forced_because,
            "mapping": {
                summary.extract: {
                    name: {"header": mapped.header, "recognized_by": mapped.recognized_by}
                    for name, mapped in summary.mapped.items()
                }
                for summary in extracts
            },
            "own_phrases": fetch_value(con, "select count(*) from raw.phrases"),
            "rows": rows,
            "checks": {
                "passed": sum(check.status == PASSED for check in self.checks),
                "not_applicable": sum(c.status not in (PASSED, FAILED) for c in self.checks),
                "warned": [
                    {
                        "check_id": check.check_id,
                        "violated": check.violated,
                        "denominator": check.denominator,
                    }
                    for check in failed
                ],
            },
            "plan": self.plan.title,
            "definitions": self.config.definitions,
            "versions": {name: importlib.metadata.version(name) for name in _VERSIONS_OF}
            | {"python": platform.python_version()},
            "commit": _commit(),
            "seconds": dict(self.progress.seconds),
        }


def _last_delivery(con: duckdb.DuckDBPyConnection, extract: str) -> dict[str, Any]:
    sums = ", ".join(f"sum({column})::bigint" for column in _ROW_COUNTS)
    row = con.execute(
        f"select max(delivery_number), {sums} from raw.extracts where extract = ? and "
        "delivery_number = (select max(delivery_number) from raw.extracts where extract = ?)",
        [extract, extract],
    ).fetchall()[0]
    return dict(zip(["delivery_number", *_ROW_COUNTS], row, strict=True))


def _definitions(con: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    """What each definition decides, with its value in force, as the report states them."""
    rows = con.execute("select meaning, value, unit from marts.definitions").fetchall()
    return [(meaning, f"{value} {unit}" if unit else value) for meaning, value, unit in rows]


def _held_now(con: duckdb.DuckDBPyConnection, extracts: list[ExtractSummary]) -> dict[str, int]:
    """Rows held in quarantine, per extract."""
    held = dict(
        con.execute(
            "select extract, count(*) from raw.quarantine where released_by_extract_id is null "
            "group by extract"
        ).fetchall()
    )
    return {summary.extract: held.get(summary.extract, 0) for summary in extracts}


def _remarks(
    con: duckdb.DuckDBPyConnection, extracts: list[ExtractSummary], forced_because: str | None
) -> list[str]:
    """What a reader of the report has to know of the deliveries behind it."""
    remarks = [
        f"{count} {'row' if count == 1 else 'rows'} of the {extract} extract could not be taken "
        f"and {'is' if count == 1 else 'are'} held in quarantine."
        for extract, count in _held_now(con, extracts).items()
        if count
    ]
    forced = con.execute(
        """
        select forced_because, string_agg(distinct extract, ', ' order by extract)
        from (
            from raw.extracts
            qualify delivery_number = max(delivery_number) over (partition by extract)
        )
        where forced_because is not null
        group by forced_because order by forced_because
        """
    ).fetchall()
    remarks += [
        f"The gates were opened for the last delivery of {names}; the reason given: {reason}"
        for reason, names in forced
    ]
    if forced_because is not None and forced_because not in dict(forced):
        remarks.append(
            f"The gates were opened for this release; the reason given: {forced_because}"
        )
    return remarks


def _counted(check: CheckResult) -> str:
    if check.violated is None:
        return check.status
    if check.denominator is None:
        return f"{check.violated} rows"
    return f"{check.violated} of {check.denominator}"


def _commit() -> str | None:
    """The commit of the code, where it is a git checkout."""
    if not (PROJECT / ".git").exists():
        return None
    try:
        found = subprocess.run(
            ["git", "-C", str(PROJECT), "rev-parse", "HEAD"],
            capture_output=True,
            text=True,
            timeout=10,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return found.stdout.strip()
