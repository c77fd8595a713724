"""The night as Dagster shows it: one job that walks the one list of stages.

The assets of a run are made together, in one process and under one lock: DuckDB has one writer,
and a stage by itself would publish from half a night. So nobody can start one of them alone.
What a stage makes is shown as soon as it is done. dbt's models are assets by its own manifest;
the transform stage builds them, and Dagster builds nothing a second time.
"""

# Dagster looks at annotations while it decorates: no `from __future__ import annotations` here.

import traceback
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime, time
from graphlib import TopologicalSorter
from pathlib import Path
from signal import SIGINT, SIGTERM
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DagsterDbtTranslatorSettings, build_dbt_asset_specs

from expectations.results import FAILED
from ingestion.errors import DeliveryNotReadyError
from orchestration.config import Config
from orchestration.errors import BusyError, LockedError, Stopped
from orchestration.night import SAID, stopped_by, tonight
from orchestration.paths import Home
from orchestration.progress import Progress
from orchestration.refresh import STAGES, Run, Stage
from orchestration.release import current_release
from orchestration.schedule.freshness import freshness
from orchestration.schedule.graph import Step, brought_from_outside, upstream

# Faults that pass by themselves. Whatever else fails would fail again: a wrong configuration, a
# held delivery, a closed gate, a full disk.
TRANSIENT = (LockedError, BusyError, DeliveryNotReadyError)
RETRIES = 4
SECONDS_BETWEEN = 15 * 60

# Whether the release is fresh is asked so long after the night began. An hour more than the limit
# allows, for the day on which summer time begins has only 23.
HOURS_TO_THE_CHECK = 3
MINUTES_TO_THE_CHECK = 15

NIGHT = "night"
CHECK = "freshness"

# Groups of the page beside those of dbt's schemas: what comes before its models, and after.
INGESTION = "ingestion"
RELEASE = "release"


# Dagster's page has it all; the terminal has what the night says of itself.
_QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


class _Translator(DagsterDbtTranslator):
    """Models and code lists by schema and name, the ledger's tables under ``raw``."""

    def __init__(self) -> None:
        # The night runs dbt's tests itself, those of columns in sets.
        super().__init__(DagsterDbtTranslatorSettings(enable_asset_checks=False))

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        return dg.AssetKey([dbt_resource_props["schema"], dbt_resource_props["name"]])

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str:
        return dbt_resource_props["schema"]

    def get_description(self, dbt_resource_props: Mapping[str, Any]) -> str:
        return dbt_resource_props["description"]


def specs_of_stages(
    manifest: Path | Mapping[str, Any], stages: Sequence[Step] = STAGES
) -> dict[str, list[dg.AssetSpec]]:
    """Per stage, in the order of the night, the assets that it makes.

    The stage that writes ``staging`` makes dbt's models and code lists, the one that reads the
    delivered files the tables of the ledger that dbt knows as its sources; any other stage is one
    asset of its name.
    """
    translator = _Translator()
    models = _sorted(build_dbt_asset_specs(manifest=manifest, dagster_dbt_translator=translator))
    made_by_dbt = {spec.key for spec in models}
    sources = sorted({dep.asset_key for spec in models for dep in spec.deps} - made_by_dbt)
    before = upstream(stages)
    outside = brought_from_outside(stages)
    found: dict[str, list[dg.AssetSpec]] = {}
    models_are_built = False
    for number, stage in enumerate(stages, start=1):
        on = [key for name in _in_order(before[stage.name], stages) for key in _keys(found[name])]
        # Of dbt's models those of the schemas that the stage touches.
        touched = (*stage.reads, *stage.writes)
        on = [key for key in on if key not in made_by_dbt or key.path[0] in touched]
        on += [dg.AssetKey(thing) for thing, readers in outside.items() if stage.name in readers]
        if "staging" in stage.writes:
            models_are_built = True
            # The gate before; where models come from dbt knows itself.
            gates = [key for key in on if key not in sources]
            found[stage.name] = [
                spec.replace_attributes(skippable=True).merge_attributes(
                    deps=gates if not set(_deps(spec)) & made_by_dbt else [], kinds={"dbt"}
                )
                for spec in models
            ]
        elif "files" in stage.reads:
            found[stage.name] = [
                dg.AssetSpec(
                    key,
                    deps=on,
                    description="A table of the ledger: what was delivered, as text.",
                    group_name=INGESTION,
                    skippable=True,
                    kinds={"duckdb"},
                )
                for key in sources
            ]
        else:
            found[stage.name] = [
                dg.AssetSpec(
                    stage.name.replace(" ", "_"),
                    deps=on,
                    description=f"Stage {number} of the night. Reads {_listed(stage.reads)}; "
                    f"writes {_listed(stage.writes)}.",
                    group_name=RELEASE if models_are_built else INGESTION,
                    skippable=True,
                )
            ]
    return found


def definitions(config: Config, manifest: Path | Mapping[str, Any]) -> dg.Definitions:
    """The job of the night, the check of the release, and when each of them runs."""
    home = Home(config.home)
    specs = specs_of_stages(manifest)
    (release,) = _keys(specs[STAGES[-1].name])

    @dg.multi_asset(
        name="refresh",
        specs=[spec for of_stage in specs.values() for spec in of_stage],
        can_subset=False,
        description="The whole night, as `crlm refresh` runs it.",
    )
    def night(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult]:
        yield from _walk(config, specs, context)

    @dg.asset_check(
        asset=release,
        name="fresh",
        description="The last good night began within the last 26 hours, whoever started it.",
    )
    def fresh() -> dg.AssetCheckResult:
        found = freshness(home, datetime.now(UTC))
        return dg.AssetCheckResult(passed=found.fresh, metadata={"found": found.text})

    settings = config.settings
    zone = settings.registry.timezone
    nightly = dg.define_asset_job(
        NIGHT,
        selection=dg.AssetSelection.assets(night).without_checks(),
        config=_QUIET,
        executor_def=dg.in_process_executor,
        description=f"{settings.registry.name}: extracts in, release out.",
    )
    checking = dg.define_asset_job(
        CHECK,
        selection=dg.AssetSelection.checks(fresh),
        config=_QUIET,
        executor_def=dg.in_process_executor,
        description="Whether the release is as fresh as the schedule promises.",
    )
    at = settings.schedule.at
    return dg.Definitions(
        assets=[
            night,
            *(
                dg.AssetSpec(thing, description="What the hospital delivers.", group_name=INGESTION)
                for thing in brought_from_outside(STAGES)
            ),
        ],
        asset_checks=[fresh],
        jobs=[nightly, checking],
        schedules=[
            _daily(nightly, at, zone, "The night."),
            _daily(checking, time_of_check(at), zone, "The morning after: is the release fresh?"),
        ],
        executor=dg.in_process_executor,
    )


def time_of_check(at: time) -> time:
    """When the morning after a night that begins ``at`` the release is looked at."""
    minutes = at.hour * 60 + at.minute + HOURS_TO_THE_CHECK * 60 + MINUTES_TO_THE_CHECK
    return time(minutes // 60 % 24, minutes % 60)


def _daily(job: Any, at: time, zone: str, says: str) -> dg.ScheduleDefinition:
    return dg.ScheduleDefinition(
        job=job,
        cron_schedule=f"{at.minute} {at.hour} * * *",
        execution_timezone=zone,
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description=says,
    )


def _walk(
    config: Config, specs: Mapping[str, list[dg.AssetSpec]], context: dg.AssetExecutionContext
) -> Iterator[dg.MaterializeResult]:
    """Walk the stages as `crlm refresh` does, and show what each has made."""
    progress = _ToDagster(context)
    try:
        with tonight(config, progress) as run:
            if run is None:
                _say_what_stands(config, specs, context)
                return
            try:
                with closing(run.stages()) as stages:
                    while (stage := _next(stages)) is not None:
                        yield from _made(stage, specs[stage.name], run)
            except (dg.DagsterExecutionInterruptedError, GeneratorExit) as interruption:
                raise Stopped from interruption
    except Stopped as stopped:
        raise stopped.__cause__ or dg.DagsterExecutionInterruptedError from None
    except TRANSIENT as error:
        progress.say("failed", f"{error}; it is tried again, {RETRIES} times at most")
        raise dg.RetryRequested(RETRIES, SECONDS_BETWEEN) from error
    except SAID as error:
        progress.say("failed", str(error))
        raise dg.Failure(str(error), allow_retries=False) from None
    except Exception as error:
        # Its text, and with it Dagster's own log, could hold a value of a patient.
        frames = "".join(traceback.format_tb(error.__traceback__))
        progress.say("failed", type(error).__name__)
        raise dg.Failure(
            f"{type(error).__name__}; the last release stands",
            metadata={"where": dg.MetadataValue.md(f"```\n{frames}```")},
            allow_retries=False,
        ) from None


def _say_what_stands(
    config: Config, specs: Mapping[str, list[dg.AssetSpec]], context: dg.AssetExecutionContext
) -> None:
    standing = current_release(Home(config.home))
    (release,) = _keys(specs[STAGES[-1].name])
    facts = {"nothing changed since": standing.name if standing else "a release that is gone"}
    context.log_event(dg.AssetObservation(release, metadata=facts))


def _next(stages: Iterator[Stage]) -> Stage | None:
    # Dagster sets its own handlers each time it asks for the next result.
    with stopped_by(SIGTERM, SIGINT):
        return next(stages, None)


def _made(stage: Stage, specs: list[dg.AssetSpec], run: Run) -> Iterator[dg.MaterializeResult]:
    facts: dict[str, Any] = {"seconds": run.progress.seconds[stage.name]}
    if not stage.writes:
        failed = [check for check in run.checks if check.status == FAILED]
        facts |= {"checks so far": len(run.checks), "warnings": len(failed)}
    if run.outcome is not None:
        facts["release"] = run.outcome.release_id
    for spec in specs:
        yield dg.MaterializeResult(asset_key=spec.key, metadata=facts)


class _ToDagster(Progress):
    """Also says it where Dagster shows the run."""

    def __init__(self, context: dg.AssetExecutionContext) -> None:
        super().__init__()
        self._log = context.log

    def say(self, stage: str, text: str, **facts: Any) -> None:
        super().say(stage, text, **facts)
        self._log.info(f"{stage}: {text}")


def _sorted(specs: Sequence[dg.AssetSpec]) -> list[dg.AssetSpec]:
    """Each after what it depends on: in that order Dagster wants to be told of them."""
    by_key = {spec.key: spec for spec in specs}
    order = TopologicalSorter({key: _deps(spec) for key, spec in by_key.items()}).static_order()
    return [by_key[key] for key in order if key in by_key]


def _keys(specs: Sequence[dg.AssetSpec]) -> list[dg.AssetKey]:
    return [spec.key for spec in specs]


def _deps(spec: dg.AssetSpec) -> list[dg.AssetKey]:
    return [dep.asset_key for dep in spec.deps]


def _in_order(names: set[str], stages: Sequence[Step]) -> list[str]:
    return [stage.name for stage in stages if stage.name in names]


def _listed(things: Sequence[str]) -> str:
    return ", ".join(things) or "nothing"
