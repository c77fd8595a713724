"""What the processes of Dagster are told by their environment."""

from __future__ import annotations

import os
from pathlib import Path

from ingestion.archive import write_private
from orchestration.paths import Home

CONFIG_VARIABLE = "CRLM_CONFIG"

# One run at a time; nothing is reported to anybody, and the page invites to nothing.
_INSTANCE = """\
# Written by `crlm schedule`.
telemetry:
  enabled: false
nux:
  enabled: false
concurrency:
  runs:
    max_concurrent_runs: 1
retention:
  schedule:
    purge_after_days: 90
"""


def prepare_dagster(home: Home) -> None:
    """Make Dagster's folder, private to the account of the job, and write its settings."""
    home.dagster.mkdir(exist_ok=True)
    home.dagster.chmod(0o700)
    write_private(home.dagster / "dagster.yaml", _INSTANCE)


def environment_of_dagster(config: Path, home: Home) -> dict[str, str]:
    """The environment in which Dagster knows where it remembers and what it runs."""
    return {
        **os.environ,
        "DAGSTER_HOME": str(home.dagster),
        "DAGSTER_DISABLE_TELEMETRY": "true",
        CONFIG_VARIABLE: str(config.resolve()),
    }
