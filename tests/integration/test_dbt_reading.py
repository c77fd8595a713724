"""dbt's reading of the project, kept beside it, is taken by the first night of a home."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from orchestration import transform
from orchestration.config import load_config
from orchestration.paths import DBT_PROJECT, PROJECT, Home


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A copy of the dbt project that dbt has read where it lies, and not again."""
    folder = tmp_path / "dbt_project"
    shutil.copytree(DBT_PROJECT, folder, ignore=shutil.ignore_patterns("target", "logs"))
    arguments = ["parse", "--project-dir", str(folder), "--profiles-dir", str(folder)]
    command = [sys.executable, "-c", "from dbt.cli.main import cli; cli()", *arguments]
    # As `make setup` has it read: a night that ran in this process has left where its warehouse is.
    own = {name: value for name, value in os.environ.items() if not name.startswith("CRLM_")}
    subprocess.run(command, check=True, capture_output=True, cwd=PROJECT, env=own)
    _use(folder, monkeypatch)
    return folder


def _use(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transform, "DBT_PROJECT", folder)
    monkeypatch.setattr(transform, "_READ_AHEAD", folder / "target" / "partial_parse.msgpack")


def _parse(folder: Path):
    folder.mkdir()
    home = Home(folder)
    home.create()
    return transform.parse(load_config(PROJECT / "registry.yml"), home)


@pytest.mark.slow
def test_a_new_home_takes_it_and_so_does_none_where_the_project_was_moved(
    project, tmp_path, monkeypatch
):
    model = project / "models" / "marts" / "definitions.sql"
    read = _parse(tmp_path / "home")
    # dbt keeps what it reads: nothing was.
    assert not (tmp_path / "home" / "dbt" / "partial_parse.msgpack").exists()

    model.write_text(model.read_text(encoding="utf-8") + "\n-- another rule", encoding="utf-8")
    moved = tmp_path / "moved" / "dbt_project"
    shutil.move(project, moved)
    _use(moved, monkeypatch)
    reread = _parse(tmp_path / "another_home")
    assert set(reread.nodes) == set(read.nodes)
    assert "another rule" in reread.nodes["model.crlm_registry.definitions"].raw_code
    seeds = [node for node in reread.nodes.values() if node.resource_type == "seed"]
    assert {node.root_path for node in seeds} == {str(moved)}
