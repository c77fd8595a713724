"""dbt's manifest for Dagster, read once when the schedule starts."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from orchestration.config import Config
from orchestration.errors import RefreshError
from orchestration.paths import Home
from orchestration.transform import arguments_of_dbt


def manifest_of_dbt(home: Home) -> Path:
    """Where the manifest lies, once it was read."""
    return home.dagster / "dbt" / "manifest.json"


def read_dbt_project(config: Config, home: Home) -> Path:
    """Have dbt write its manifest; returns the file. RefreshError where it cannot."""
    manifest = manifest_of_dbt(home)
    # In a process of its own: what dbt loads would stay with this one.
    command = "import sys; from dbt.cli.main import dbtRunner; "
    command += "sys.exit(not dbtRunner().invoke(sys.argv[1:]).success)"
    arguments = ["parse", *arguments_of_dbt(config, home, manifest.parent)]
    done = subprocess.run([sys.executable, "-c", command, *arguments], capture_output=True)
    if done.returncode:
        raise RefreshError(f"dbt could not read its project; see {home.logs / 'dbt.log'}")
    return manifest
