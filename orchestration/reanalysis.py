"""A release analyzed by another plan, beside the nightly job: `crlm analyze`.

It reads the published file alone, so that an analyst needs no right but to read it, and writes
into a folder of the analyst's own.
"""

from __future__ import annotations

import json
from pathlib import Path

import duckdb

from analysis import analyze, render
from analysis.plan import load_plan
from analysis.processes import processes
from ingestion.sql import text_literal
from orchestration.config import Config
from orchestration.definitions import for_the_plan
from orchestration.errors import ConfigurationError
from orchestration.keeping import find_release
from orchestration.manifest import definitions_in_words
from orchestration.paths import Home
from orchestration.progress import Progress
from orchestration.release import DATABASE
from reporting import figures

READ = ("survival_cohort", "cohort_flow", "definitions")


def analyze_release(
    config: Config, plan_path: Path, name: str, out: Path, progress: Progress
) -> list[Path]:
    """Write the report, tables and figures of a plan on a release, a frozen one or ``current``.

    The clinical definitions are those that the release was made with. Raises ConfigurationError
    where there is no such release or the folder cannot be written, PlanError and AnalysisError
    where the plan does not fit.
    """
    folder = find_release(Home(config.home), name)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    plan = load_plan(plan_path, for_the_plan(manifest["definitions"]))
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigurationError(
            f"{out}: the folder cannot be made ({error.strerror}); --out has to name one that can"
        ) from None
    with processes(figures.DRAWERS) as drawers, duckdb.connect() as con:
        # While the figures are computed, what draws them is loaded.
        figures.load_in(drawers)
        con.execute(f"attach {text_literal(str(folder / DATABASE))} as release (read_only)")
        con.execute("create schema marts")
        for table in READ:
            con.execute(f"create view marts.{table} as from release.marts.{table}")
        with progress.stage("analyze"):
            analyze(con, plan, lambda text: progress.say("analyze", text), beside=drawers)
        with progress.stage("report"):
            return render(
                con,
                plan,
                out,
                registry_name=manifest["registry"],
                notice=manifest["notice"],
                remarks=[f"Made of release {folder.name}.", *manifest.get("remarks", [])],
                data_as_of=manifest["data_as_of"],
                definitions=definitions_in_words(con),
                beside=drawers,
            )
