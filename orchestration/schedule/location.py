"""What Dagster loads: the definitions of the registry that the environment names."""

from __future__ import annotations

import os
from pathlib import Path

import dagster as dg

from orchestration.config import load_config
from orchestration.errors import ConfigurationError
from orchestration.paths import Home
from orchestration.schedule.assets import definitions
from orchestration.schedule.environment import CONFIG_VARIABLE
from orchestration.schedule.manifest import manifest_of_dbt, read_dbt_project


def _load() -> dg.Definitions:
    path = os.environ.get(CONFIG_VARIABLE)
    if path is None:
        raise ConfigurationError(
            f"{CONFIG_VARIABLE} is not set; it has to name the configuration of the registry, as "
            "crlm schedule sets it"
        )
    config = load_config(Path(path))
    home = Home(config.home)
    # The schedule has it read once when it starts.
    manifest = manifest_of_dbt(home)
    return definitions(config, manifest if manifest.exists() else read_dbt_project(config, home))


defs = _load()
