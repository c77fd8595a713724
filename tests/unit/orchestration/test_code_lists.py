"""Code lists are loaded where the warehouse holds no or others, and only there."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest

from orchestration import transform
from orchestration.paths import DBT_PROJECT, Home


def test_a_warehouse_without_lists_has_no_version(tmp_path: Path) -> None:
    home = Home(tmp_path)
    duckdb.connect(str(home.warehouse)).close()
    assert transform._loaded_code_lists(home) is None
    with duckdb.connect(str(home.warehouse)) as con:
        con.execute("create schema seeds; create table seeds.loaded as select 'one' as version")
    assert transform._loaded_code_lists(home) == "one"


@pytest.mark.parametrize("file", ["organs.csv", "_seeds.yml"])
def test_every_change_of_a_list_is_another_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str
) -> None:
    shutil.copytree(DBT_PROJECT / "seeds", tmp_path / "seeds")
    before = transform._version_of_code_lists()
    monkeypatch.setattr(transform, "DBT_PROJECT", tmp_path)
    assert transform._version_of_code_lists() == before
    with (tmp_path / "seeds" / file).open("a", encoding="utf-8") as list_of_phrases:
        list_of_phrases.write("\n")
    assert transform._version_of_code_lists() != before
