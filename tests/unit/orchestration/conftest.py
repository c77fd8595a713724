"""Registries that tell a service on this machine; nothing is run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from orchestration.config import Config, load_config
from orchestration.paths import Home
from tests.service import Service, serve


@pytest.fixture
def service() -> Iterator[Service]:
    with serve() as found:
        yield found


@pytest.fixture
def registry(tmp_path: Path, service: Service) -> Callable[..., Config]:
    """Makes a configuration whose `notify` tells the service; nothing is run."""

    def make(**notify: Any) -> Config:
        content = {
            "registry": {"name": "Test registry", "home": "home", "timezone": "Asia/Tehran"},
            "extracts": {"operative": {"files": "operative.csv"}},
            "notify": {"to": [service.url], **notify},
        }
        path = tmp_path / "registry.yml"
        path.write_text(yaml.safe_dump(content), encoding="utf-8")
        config = load_config(path)
        Home(config.home).create()
        return config

    return make
