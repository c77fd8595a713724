"""What texts are read as is kept from night to night, and changes nothing but the time."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import duckdb

from orchestration import read_ahead, transform
from orchestration.config import load_config
from orchestration.dry_run import _READINGS
from orchestration.heal import open_warehouse
from orchestration.paths import Home
from orchestration.read_ahead import read_comments_ahead


def _keys(home: Home) -> set[bytes]:
    with closing(_opened(home)) as con:
        return {key for (key,) in con.execute("select asked from readings")}


def _forget(home: Home) -> None:
    # The file itself dbt has open in this process.
    with closing(_opened(home)) as con, con:
        con.execute("delete from readings")


def _opened(home: Home) -> sqlite3.Connection:
    (file,) = home.readings.glob("*.sqlite")
    return sqlite3.connect(file)


def test_kept_readings_are_those_that_are_made(example, tmp_path, monkeypatch):
    registry, _ = example.copy(tmp_path / "copy")
    config = load_config(registry.config)
    home = Home(config.home)
    manifest = transform.parse(config, home)

    def texts() -> list[tuple]:
        transform.build(config, home, manifest, only=_READINGS)
        with duckdb.connect(str(home.warehouse)) as con:
            return con.execute("from staging.stg_texts order by all").fetchall()

    # The comments of the example say nothing.
    with open_warehouse(home.warehouse) as con:
        con.execute(
            "update raw.pathology set comment = format('Margin {} mm. LVI absent', rowid % 20) "
            "where rowid % 3 = 0"
        )
    texts()
    keys = _keys(home)
    kept = texts()
    assert _keys(home) == keys
    assert any(row[0] == "pathology_comment" for row in kept)

    _forget(home)
    assert texts() == kept
    assert _keys(home) == keys

    # Comments that are read ahead are those that dbt asks for.
    _forget(home)
    monkeypatch.setattr(read_ahead, "WORTH_PROCESSES", 1)
    monkeypatch.setattr(read_ahead, "cores", lambda: 2)
    with open_warehouse(home.warehouse) as con:
        count = read_comments_ahead(con, home.readings, config.definitions)
    ahead = _keys(home)
    assert count > 0
    # One key more says up to which night all have been read.
    assert len(ahead & keys) == count == len(ahead) - 1
    assert texts() == kept
