"""The night as Dagster runs it: the same release, lock, log and end as by `crlm refresh`."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
import pytest

from ingestion.errors import DeliveryHeldError, DeliveryNotReadyError
from orchestration import refresh
from orchestration.config import load_config
from orchestration.errors import BusyError, ConfigurationError, RefreshError
from orchestration.lock import refresh_lock
from orchestration.paths import PROJECT, Home
from orchestration.refresh import STAGES
from orchestration.release import content_of
from orchestration.schedule import assets
from orchestration.schedule.graph import upstream
from orchestration.schedule.manifest import read_dbt_project
from tests.conftest import Registry
from tests.faults.conftest import LEDGER, content_of_release, copy_of

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def manifest(one_night: Registry, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """dbt's manifest, as the schedule has it read."""
    home = Home(tmp_path_factory.mktemp("manifest"))
    home.create()
    return read_dbt_project(load_config(one_night.config), home)


def run_the_job(registry: Registry, manifest: Path, job: str = assets.NIGHT) -> Any:
    found = assets.definitions(load_config(registry.config), manifest)
    return found.resolve_job_def(job).execute_in_process(
        instance=dg.DagsterInstance.ephemeral(), raise_on_error=False
    )


def log_of(home: Path) -> list[tuple[str, str]]:
    lines = (home / "logs" / "runs.jsonl").read_text(encoding="utf-8").splitlines()
    return [(line["outcome"], line["text"]) for line in map(json.loads, lines)]


def stages_shown(result: Any, manifest: Path) -> list[str]:
    """Which stage made each asset, in the order shown, each named once."""
    of_key = {
        spec.key: stage
        for stage, specs in assets.specs_of_stages(manifest).items()
        for spec in specs
    }
    shown = [of_key[event.asset_key] for event in result.get_asset_materialization_events()]
    return list(dict.fromkeys(shown))


def test_a_night_by_dagster_is_that_of_crlm_refresh(nights: Any, manifest: Path) -> None:
    result = run_the_job(nights.registry, manifest)
    assert result.success
    assert nights.registry.current.resolve() != nights.standing
    assert content_of_release(nights.registry) == nights.release
    # dbt holds the warehouse of this process open, for writing.
    with duckdb.connect(str(nights.home / "warehouse.duckdb")) as con:
        assert content_of(con, [f"raw.{extract}" for extract in LEDGER]) == nights.ledger
    assert stages_shown(result, manifest) == [stage.name for stage in STAGES]
    assert log_of(nights.home)[-2:] == [("started", "refresh"), ("published", "")]
    by_dagster = nights.registry.current.resolve()

    again = run_the_job(nights.registry, manifest)
    assert again.success
    assert stages_shown(again, manifest) == []
    assert nights.registry.current.resolve() == by_dagster
    assert log_of(nights.home)[-1][0] == "nothing changed"

    # And crlm refresh, in turn, takes the release for its own.
    done = nights.refresh()
    assert done.code == 0
    assert "nothing changed" in done.said

    assert run_the_job(nights.registry, manifest, assets.CHECK).success


def test_the_assets_are_the_stages_in_their_order(manifest: Path) -> None:
    specs = assets.specs_of_stages(manifest)
    assert list(specs) == [stage.name for stage in STAGES]
    assert all(specs.values())
    stage_of = {spec.key: stage for stage, made in specs.items() for spec in made}
    order = list(specs)
    before = upstream(STAGES)
    edges: dict[str, set[str]] = {stage: set() for stage in order}
    for stage, made in specs.items():
        for spec in made:
            for dep in spec.deps:
                on = stage_of.get(dep.asset_key)
                if on is None:
                    assert dep.asset_key == dg.AssetKey("files")
                elif on != stage:
                    assert order.index(on) < order.index(stage)
                    edges[stage].add(on)
    # The tables of the ledger that the models read are those that the stage before them made.
    assert edges == before | {"transform": before["transform"] | {"ingest"}}


def test_dbt_models_are_assets_by_their_own_dependencies(manifest: Path) -> None:
    specs = assets.specs_of_stages(manifest)["transform"]
    nodes = json.loads(manifest.read_text(encoding="utf-8"))["nodes"].values()
    built = {(n["schema"], n["name"]) for n in nodes if n["resource_type"] in ("model", "seed")}
    assert {tuple(spec.key.path) for spec in specs} == built
    (cohort,) = (spec for spec in specs if spec.key.path == ["marts", "survival_cohort"])
    assert all(dep.asset_key.path[0] in ("intermediate", "seeds", "marts") for dep in cohort.deps)
    assert "One row per" in (cohort.description or "")


def test_no_stage_can_be_started_by_itself(nights: Any, manifest: Path) -> None:
    found = assets.definitions(load_config(nights.registry.config), manifest)
    alone = dg.define_asset_job("alone", selection=dg.AssetSelection.assets("release"))
    with pytest.raises(dg.DagsterInvalidDefinitionError) as refused:
        dg.Definitions.merge(found, dg.Definitions(jobs=[alone])).resolve_job_def("alone")
    assert isinstance(refused.value.__cause__, dg.DagsterInvalidSubsetError)


def attempts(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> list[int]:
    """Let the second stage fail from now on; the list grows by each attempt."""
    counted: list[int] = []

    def work(_run: Any) -> None:
        counted.append(1)
        raise error

    stages = list(STAGES)
    stages[1] = refresh.Stage("ingest", work, stages[1].reads, stages[1].writes)
    monkeypatch.setattr(refresh, "STAGES", tuple(stages))
    monkeypatch.setattr(assets, "SECONDS_BETWEEN", 0)
    return counted


@pytest.mark.parametrize(
    "error", [BusyError("it is open"), DeliveryNotReadyError("f.csv: the file is being written")]
)
def test_a_fault_that_passes_is_tried_again(
    nights: Any, manifest: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    counted = attempts(monkeypatch, error)
    result = run_the_job(nights.registry, manifest)
    assert not result.success
    assert len(counted) == 1 + assets.RETRIES
    nights.last_release_stands()
    assert log_of(nights.home)[-1] == ("failed", str(error))


@pytest.mark.parametrize(
    "error",
    [
        RefreshError("the gate is closed, nothing is published"),
        ConfigurationError("registry.yml: wrong"),
        DeliveryHeldError("the delivery is held"),
        OSError(28, "No space left on device"),
        ValueError("a value of a patient"),
    ],
)
def test_what_would_fail_again_is_not_tried_again(
    nights: Any,
    manifest: Path,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
) -> None:
    counted = attempts(monkeypatch, error)
    result = run_the_job(nights.registry, manifest)
    assert not result.success
    assert len(counted) == 1
    (failed,) = (event for event in result.all_node_events if event.is_step_failure)
    said = str(failed.step_failure_data) + str(failed.message)
    if isinstance(error, ValueError):
        assert "a value of a patient" not in said
        assert "ValueError" in said
    else:
        assert (error.strerror if isinstance(error, OSError) else str(error)) in said
    assert log_of(nights.home)[-1][0] == "failed"
    nights.last_release_stands()


def test_another_run_is_waited_for(
    nights: Any, manifest: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assets, "SECONDS_BETWEEN", 0)
    before = log_of(nights.home)
    with refresh_lock(nights.home / "refresh.lock", "rebuild"):
        result = run_the_job(nights.registry, manifest)
    assert not result.success
    assert sum(event.is_step_restarted for event in result.all_node_events) == assets.RETRIES
    assert log_of(nights.home) == before
    nights.last_release_stands()


PROGRAM = """
import sys
from pathlib import Path
import dagster as dg
from orchestration.config import load_config
from orchestration.schedule.assets import definitions
job = definitions(load_config(Path(sys.argv[1])), Path(sys.argv[2])).resolve_job_def("night")
print("loaded", flush=True)
sys.exit(not job.execute_in_process(instance=dg.DagsterInstance.ephemeral()).success)
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_night_by_dagster_that_is_asked_to_stop(
    nights: Any, manifest: Path, number: signal.Signals
) -> None:
    """Dagster's own button sends SIGINT to the process of a run."""
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(nights.registry.config), str(manifest)],
        cwd=PROJECT,
        env={**os.environ, "PYTHONPATH": str(PROJECT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            # In the middle of dbt's work.
            if line.startswith("check        raw"):
                process.send_signal(number)
                break
        process.stdout.read()
    assert process.returncode != 0
    assert log_of(nights.home)[-1] == ("stopped", "refresh was asked to stop")
    assert list(nights.home.glob("published/.building-*")) == []
    nights.last_release_stands()
    nights.next_run_heals()


def test_the_release_is_stale_where_no_night_was_good(
    one_night: Registry, manifest: Path, tmp_path: Path
) -> None:
    registry = copy_of(one_night, tmp_path / "registry")
    log = registry.home / "logs" / "runs.jsonl"
    assert checked(registry, manifest) is True
    log.write_text("", encoding="utf-8")
    assert checked(registry, manifest) is False


def checked(registry: Registry, manifest: Path) -> bool:
    (evaluation,) = run_the_job(registry, manifest, assets.CHECK).get_asset_check_evaluations()
    return evaluation.passed


def test_the_page_is_served_to_this_machine_until_it_is_asked_to_stop(
    one_night: Registry, tmp_path: Path
) -> None:
    registry = copy_of(one_night, tmp_path / "registry")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "orchestration.cli", "schedule"]
    command += ["--config", str(registry.config), "--port", str(port)]
    environment = {**os.environ, "PYTHONPATH": str(PROJECT)}
    with subprocess.Popen(
        command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as process:
        try:
            assert version_at(port) == {"data": {"version": dg.__version__}}
            listening = [
                line.split()[1]
                for line in Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]
                if line.split()[1].endswith(f":{port:04X}") and line.split()[3] == "0A"
            ]
            assert listening == [f"0100007F:{port:04X}"]
            second = subprocess.run(
                [*command[:-1], str(port + 1)], env=environment, capture_output=True, text=True
            )
            assert second.returncode == 3
            assert "the schedule of this registry runs already" in second.stderr
        finally:
            process.send_signal(signal.SIGTERM)
            said, _ = process.communicate(timeout=180)
    assert process.returncode == 0, said.decode()
    assert b"the schedule has stopped" in said
    assert (registry.home / "dagster").stat().st_mode & 0o777 == 0o700
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0


def version_at(port: int) -> Any:
    """What the page answers, once it does."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/graphql",
        json.dumps({"query": "{ version }"}).encode(),
        {"Content-Type": "application/json"},
    )
    for _ in range(120):
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return json.load(answer)
        except OSError:
            time.sleep(1)
    return None
