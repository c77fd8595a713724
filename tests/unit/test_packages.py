"""The packages of the project are named alike where they are named."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from orchestration.sources import _CODE

PROJECT = Path(__file__).parents[2]
WHEEL = tomllib.loads((PROJECT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]
PACKAGES = WHEEL["targets"]["wheel"]["packages"]


def test_what_a_release_is_made_of_is_every_package() -> None:
    assert set(_CODE) == {*PACKAGES, "dbt_project"}


@pytest.mark.parametrize("package", [*PACKAGES, "dbt_project"])
def test_the_image_holds_every_package(package: str) -> None:
    assert f"COPY {package} {package}" in (PROJECT / "Containerfile").read_text()
    assert f"!{package}" in (PROJECT / ".dockerignore").read_text().split()


@pytest.mark.parametrize("package", PACKAGES)
def test_the_image_compiles_every_package(package: str) -> None:
    lines = (PROJECT / "Containerfile").read_text().splitlines()
    compiled = next(line for line in lines if "compileall" in line)
    assert package in compiled.split()
