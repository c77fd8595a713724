"""Night after night: corrections, nights that fail, and two at a time."""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture
def second_night(example, tmp_path):
    """The example registry after one night, with files of its own that may be changed."""
    return example.copy(tmp_path / "registry")


def test_a_corrected_cell_is_one_new_version_and_a_new_release(second_night):
    registry, files = second_night
    before = registry.current.resolve()
    # The code lists of an older version of the project had fewer columns.
    with duckdb.connect(str(registry.home / "warehouse.duckdb")) as con:
        schema = con.execute(
            "select schema_name from duckdb_tables() where table_name = 'hepatectomy_procedures'"
        ).fetchall()[0][0]
        con.execute(f"alter table {schema}.hepatectomy_procedures drop column fewest_segments")
        con.execute("update seeds.loaded set version = 'that of an older project'")
    path = files / "operative_synthetic.csv"
    lines = path.read_text(encoding="utf-8-sig").splitlines(keepends=True)
    row = next(i for i, line in enumerate(lines) if ",M," in line)
    lines[row] = lines[row].replace(",M,", ",F,", 1)
    path.write_text("".join(lines), encoding="utf-8-sig", newline="")

    done = registry.refresh()

    assert done.returncode == 0, done.stdout + done.stderr
    assert registry.current.resolve() != before
    assert (before / "registry.duckdb").exists()
    manifest = json.loads((registry.current / "manifest.json").read_text(encoding="utf-8"))
    delivery = manifest["deliveries"]["operative"]
    assert (delivery["rows_new"], delivery["rows_changed"], delivery["rows_closed"]) == (0, 1, 0)
    assert "pathology_synthetic.csv, the same as last time" in done.stdout
    with registry.warehouse() as con:
        versions = con.execute(
            "select sex, file_row_number, closed_by_extract_id is null from raw.operative "
            "where key_hash in (select key_hash from raw.operative "
            "where closed_by_extract_id is not null) order by 3"
        ).fetchall()
        assert versions == [("M", row + 1, False), ("F", row + 1, True)]
        patient = con.execute(
            "select patient_pseudonym from raw.operative where closed_by_extract_id is not null"
        ).fetchall()[0][0]
    explained = registry.crlm("explain", patient, "sex").stdout
    assert "sex = female" in explained
    assert (
        f'"F" → female\n    operative_synthetic.csv, row {row + 1}, column "Gender", delivery 2\n'
        f'    before, in delivery 1 (operative_synthetic.csv, row {row + 1}): "M"\n'
    ) in explained + "\n"
    with registry.published() as con:
        assert con.execute(
            "select count(*) filter (sex = 'female') from marts.survival_cohort"
        ).fetchall() == [(106,)]
        assert con.execute(
            "select count(distinct run_id) from quality.check_results"
        ).fetchall() == [(2,)]


def test_a_night_that_fails_leaves_the_last_release(second_night):
    registry, files = second_night
    before = registry.current.resolve()
    content = (before / "registry.duckdb").read_bytes()
    with registry.warehouse() as con:
        rows = con.execute("select count(*) from raw.extracts").fetchall()
    (files / "follow_up_synthetic.csv").write_text("not a table", encoding="utf-8")

    done = registry.refresh()

    assert done.returncode == 1
    assert registry.current.resolve() == before
    assert (before / "registry.duckdb").read_bytes() == content
    assert list(registry.home.glob("published/.building-*")) == []
    with registry.warehouse() as con:
        assert con.execute("select count(*) from raw.extracts").fetchall() == rows


def test_an_error_closes_the_gate_and_its_result_is_kept(second_night):
    registry, _ = second_night
    before = registry.current.resolve()
    # An extract that no longer has a single row of its own: all its keys collide.
    path = second_night[1] / "operative_synthetic.csv"
    lines = path.read_text(encoding="utf-8-sig").splitlines(keepends=True)
    header, first, second = lines[0], lines[1], lines[2]
    key = ",".join(first.split(",")[:2])
    clash = ",".join([key, *second.split(",")[2:]])
    path.write_text(header + first + clash, encoding="utf-8-sig", newline="")
    registry.edit(lambda content: content["registry"].update(home="fresh"))
    fresh = registry.config.parent / "fresh"

    done = registry.refresh()

    assert done.returncode == 1
    assert "raw.operative.has_rows" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (fresh / "published" / "current").exists()
    assert registry.current.resolve() == before


def test_a_second_refresh_at_the_same_time_is_refused_by_name(second_night):
    registry, _ = second_night
    lock = registry.home / "refresh.lock"
    with lock.open("a+", encoding="utf-8") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        handle.seek(0)
        handle.truncate()
        handle.write(json.dumps({"process": 4711, "doing": "rebuild", "since": "02:15"}))
        handle.flush()
        done = registry.refresh()
    assert done.returncode == 3
    assert "process 4711, rebuild since 02:15" in done.stderr


def test_a_night_that_was_given_the_same_builds_nothing(second_night):
    registry, files = second_night
    before = registry.current.resolve()
    # The same under another name: what a file holds counts.
    (files / "operative_synthetic.csv").rename(files / "operative_20261124.csv")

    done = registry.refresh()

    assert done.returncode == 0, done.stderr
    assert f"nothing changed since {before.name}" in done.stdout
    assert registry.current.resolve() == before
    status = registry.crlm("status").stdout
    assert "checked, nothing changed" in status
    runs = (registry.home / "logs" / "runs.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["outcome"] for line in runs[-2:]] == ["started", "nothing changed"]


def test_a_night_that_builds_nothing_loads_no_large_library(second_night):
    registry, _ = second_night
    command = ["-m", "orchestration.cli", "refresh", "--config", str(registry.config)]
    done = subprocess.run(
        [sys.executable, "-X", "importtime", *command],
        capture_output=True,
        text=True,
        cwd=registry.config.parent,
        env={**os.environ, "PYTHONPATH": str(PROJECT)},
    )
    assert "nothing changed" in done.stdout, done.stderr[-2000:]
    loaded = {line.rsplit("|", 1)[-1].strip() for line in done.stderr.splitlines()}
    large = {"numpy", "pandas", "matplotlib", "dbt", "great_expectations", "scipy", "lifelines"}
    assert "duckdb" in loaded
    assert loaded & large == set()


def test_leftovers_of_a_run_that_died_are_swept_away(tmp_path):
    from orchestration import release
    from orchestration.paths import Home

    home = Home(tmp_path)
    home.create()
    leftover = home.published / ".building-old"
    leftover.mkdir()
    (leftover / "registry.duckdb").write_bytes(b"half")
    folder = release.start(home, "new")
    assert not leftover.exists()
    (folder / "manifest.json").write_text("{}")
    release.publish(home, folder, "new")
    second = release.start(home, "newer")
    release.publish(home, second, "newer")
    assert release.current_release(home) == home.releases.resolve() / "newer"
    assert (home.releases / "new" / "manifest.json").exists()
