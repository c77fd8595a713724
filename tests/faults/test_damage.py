"""What a night finds damaged or meets: its files, the disk, dbt, the clock, a signal."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration.paths import DBT_PROJECT, Home
from orchestration.runs import last_run

pytestmark = pytest.mark.slow

# Of DuckDB's file format.
HEADERS_BYTES, BLOCK_BYTES = 3 * 4096, 262144

# Enough for the ledger of the tiny registry, too little for its warehouse.
TOO_SMALL_BYTES = 8 << 20


def truncate(warehouse: Path) -> None:
    os.truncate(warehouse, warehouse.stat().st_size // 2)


def empty(warehouse: Path) -> None:
    os.truncate(warehouse, 0)


def overwrite_header(warehouse: Path) -> None:
    with warehouse.open("r+b") as handle:
        handle.write(b"damaged" * 100)


def overwrite_block(warehouse: Path) -> None:
    """A block of the ledger, of which opening the file tells nothing."""
    with duckdb.connect(str(warehouse), read_only=True) as con:
        ((block,),) = con.execute(
            "select min(block_id) from pragma_storage_info('raw.operative') where block_id >= 0"
        ).fetchall()
    with warehouse.open("r+b") as handle:
        handle.seek(HEADERS_BYTES + block * BLOCK_BYTES + 100)
        handle.write(b"\xff" * 64)


def remove(warehouse: Path) -> None:
    warehouse.unlink()


def leave_log(warehouse: Path) -> Path:
    """A write-ahead log, as of a process that died before its checkpoint."""
    program = (
        "import duckdb, os, sys\n"
        "con = duckdb.connect(sys.argv[1])\n"
        "con.execute(\"set wal_autocheckpoint = '1GB'\")\n"
        "con.execute('create schema left_over')\n"
        "con.execute('create table left_over.numbers as from range(100000)')\n"
        "os._exit(0)\n"
    )
    subprocess.run([sys.executable, "-c", program, str(warehouse)], check=True)
    return warehouse.with_name(f"{warehouse.name}.wal")


def damage_log(warehouse: Path) -> None:
    log = leave_log(warehouse)
    with log.open("r+b") as handle:
        handle.seek(log.stat().st_size // 2)
        handle.write(b"\xaa" * 50)


@pytest.mark.parametrize(
    "damage", [truncate, empty, overwrite_header, overwrite_block, remove, damage_log]
)
def test_a_damaged_warehouse_is_made_again(nights: Any, damage: Callable[[Path], None]) -> None:
    damage(nights.home / "warehouse.duckdb")

    done = nights.next_run_heals()

    assert "made again from 1 nights of the archive" in done.said
    nights.last_release_stands()
    assert (nights.home / "damaged" / "warehouse.duckdb").exists() == (damage is not remove)
    with nights.registry.published() as con:
        # The checks of the first night, which no delivered file holds.
        assert con.execute(
            "select count(distinct run_id) from quality.check_results"
        ).fetchall() == [(2,)]


def test_a_log_cut_short_is_no_damage(nights: Any) -> None:
    log = leave_log(nights.home / "warehouse.duckdb")
    os.truncate(log, log.stat().st_size // 2)
    done = nights.next_run_heals()
    assert "made again" not in done.said


@pytest.mark.parametrize(
    ("its_log", "words"),
    [("of_a_later_day", "it is damaged"), ("gone", "it lacks 1 nights that the archive has")],
)
def test_a_warehouse_of_an_earlier_day_learns_the_nights_it_lacks(
    nights: Any, its_log: str, words: str
) -> None:
    warehouse = nights.home / "warehouse.duckdb"
    log = warehouse.with_name(f"{warehouse.name}.wal")
    backup = nights.home.parent / "backup.duckdb"
    with duckdb.connect(str(warehouse)) as con:
        con.execute("checkpoint")
    shutil.copy(warehouse, backup)
    assert nights.refresh().code == 0
    if its_log == "gone":
        log.unlink(missing_ok=True)
    else:
        leave_log(warehouse)
    shutil.copy(backup, warehouse)
    done = nights.refresh("--force")
    assert done.code == 0, done.said
    assert words in done.said
    nights.next_run_heals()


def test_a_warehouse_that_another_program_has_open_is_not_taken_for_damaged(nights: Any) -> None:
    program = (
        "import duckdb, sys\n"
        "con = duckdb.connect(sys.argv[1])\n"
        "print('open', flush=True)\n"
        "sys.stdin.read()\n"
    )
    warehouse = nights.home / "warehouse.duckdb"
    with subprocess.Popen(
        [sys.executable, "-c", program, str(warehouse)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        ended = nights.refresh()
        holder.communicate()
    assert ended.code == 1
    assert "no other program may have it open" in ended.said
    assert not (nights.home / "damaged").exists()
    nights.last_release_stands()
    nights.next_run_heals()


@pytest.mark.parametrize("size", [1 << 10, 1 << 20, TOO_SMALL_BYTES])
def test_a_file_that_cannot_grow(nights: Any, size: int) -> None:
    """As where the disk is full: it fails at the log, the archive, the warehouse or the release."""
    ended = nights.after(hook="no_file_larger_than", size=size)
    assert ended.code == 1, ended.said
    assert "Traceback" not in ended.said


@pytest.mark.skipif(os.geteuid() != 0, reason="a file system of its own needs root")
@pytest.mark.parametrize("free", [1 << 20, 16 << 20])
def test_a_disk_that_is_full(nights: Any, free: int, tmp_path: Path) -> None:
    home, apart = nights.home, tmp_path / "apart"
    used = sum(path.stat().st_size for path in home.rglob("*") if path.is_file())
    home.rename(apart)
    home.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={used + free}", "tmpfs", str(home)],
        capture_output=True,
    )
    if mounted.returncode != 0:
        pytest.skip("no file system can be mounted here")
    try:
        shutil.copytree(apart, home, symlinks=True, dirs_exist_ok=True)
        ended = nights.refresh()
        nights.last_release_stands()
        subprocess.run(["mount", "-o", "remount,size=2g", str(home)], check=True)
        nights.next_run_heals()
    finally:
        subprocess.run(["umount", str(home)], check=True)
    assert ended.code == 1, ended.said
    assert "Traceback" not in ended.said


@pytest.mark.skipif(os.geteuid() != 0, reason="root mounts read-only; others cannot")
def test_a_home_that_cannot_be_written(nights: Any) -> None:
    home = str(nights.home)
    if subprocess.run(["mount", "--bind", home, home], capture_output=True).returncode != 0:
        pytest.skip("no file system can be mounted here")
    try:
        subprocess.run(["mount", "-o", "remount,bind,ro", home], check=True)
        ended = nights.refresh()
        nights.last_release_stands()
    finally:
        subprocess.run(["umount", home], check=True)
    assert ended.code == 2, ended.said
    assert "cannot be written" in ended.said
    nights.next_run_heals()


@pytest.mark.parametrize(("call", "number"), [("fsync", 1), ("fsync", 5), ("replace", 1)])
def test_the_disk_fails_while_the_release_is_switched(nights: Any, call: str, number: int) -> None:
    ended = nights.after(hook="fail_at_call", name=call, call=number, kill=False)
    assert ended.code == 1
    assert "Traceback" not in ended.said
    assert "Input/output error" in ended.said


def test_a_model_that_cannot_be_built(nights: Any, tmp_path: Path) -> None:
    broken = tmp_path / "dbt_project"
    shutil.copytree(DBT_PROJECT, broken, ignore=shutil.ignore_patterns("target", "logs"))
    model = next((broken / "models" / "marts").glob("**/survival_cohort.sql"))
    model.write_text("select no_such_column from nowhere", encoding="utf-8")
    ended = nights.after(hook="other_dbt_project", folder=str(broken))
    assert ended.code == 1
    assert "dbt could not build survival_cohort" in ended.said
    assert "Traceback" not in ended.said


def test_a_dbt_project_that_cannot_be_read(nights: Any, tmp_path: Path) -> None:
    broken = tmp_path / "dbt_project"
    shutil.copytree(DBT_PROJECT, broken, ignore=shutil.ignore_patterns("target", "logs"))
    (broken / "dbt_project.yml").write_text("models: [", encoding="utf-8")
    ended = nights.after(hook="other_dbt_project", folder=str(broken))
    assert ended.code == 1
    assert "dbt could not start" in ended.said


def test_a_half_written_cache_of_dbt(nights: Any) -> None:
    (nights.home / "dbt" / "partial_parse.msgpack").write_bytes(b"\x8anodes")
    nights.next_run_heals()


def test_a_clock_that_was_set_back(nights: Any) -> None:
    before = last_run(Home(nights.home))
    done = nights.refresh(hook="clock", days=-400)
    assert done.code == 0, done.said
    assert nights.registry.current.resolve().name > nights.standing.name
    after = last_run(Home(nights.home))
    assert before is not None
    assert after is not None
    assert after.run_id > before.run_id
    nights.next_run_heals()
    names = sorted(path.name for path in nights.standing.parent.iterdir())
    assert len(set(names)) == 2
    with nights.registry.warehouse() as con:
        runs = con.execute("select run_id from raw.nights order by taken_in_at").fetchall()
    assert runs == sorted(runs)


@pytest.mark.parametrize(
    ("zone", "moment"),
    [
        ("Europe/Berlin", "2027-03-28T02:30:00+01:00"),  # an hour that is skipped
        ("Europe/Berlin", "2027-10-31T02:30:00+02:00"),  # an hour that comes twice
        ("Pacific/Kiritimati", "2027-01-01T00:15:00+14:00"),
    ],
)
def test_a_night_of_the_time_change_and_another_zone(nights: Any, zone: str, moment: str) -> None:
    done = nights.refresh(hook="in_zone", zone=zone, moment=moment)
    assert done.code == 0, done.said
    nights.last_release_stands()
    nights.next_run_heals()


@pytest.mark.parametrize("share", [0.1, 0.3, 0.5, 0.7, 0.9])
def test_a_run_that_is_asked_to_stop(nights: Any, share: float, seconds_of_a_night: float) -> None:
    ended = nights.refresh(signal_after=(signal.SIGTERM, share * seconds_of_a_night))
    nights.last_release_stands()
    assert list(nights.home.glob("published/.building-*")) == []
    if ended.code == 143:
        found = last_run(Home(nights.home))
        assert found is not None
        assert found.outcome == "stopped"
        # Where it was dbt that was interrupted, it shows its own stack before.
        assert ended.said.rstrip().endswith("stopped as asked; the last release stands")
    else:
        assert ended.code == 0, ended.said
    nights.next_run_heals()


def test_an_archive_that_is_not_whole_is_said_and_stops_nothing_published(nights: Any) -> None:
    archived = next((nights.home / "archive").glob("*.csv"))
    content = archived.read_bytes()
    archived.write_bytes(content[:-1] + b"!")
    (nights.home / "warehouse.duckdb").unlink()
    ended = nights.refresh()
    assert ended.code == 1
    assert "restore it from a backup" in ended.said
    nights.last_release_stands()
    archived.write_bytes(content)
    nights.next_run_heals()


@pytest.mark.parametrize("mask", [0o000, 0o027, 0o077])
def test_the_warehouse_and_what_is_published_have_the_modes_they_should(
    nights: Any, mask: int
) -> None:
    done = nights.refresh(hook="umask", mask=mask)
    assert done.code == 0, done.said
    home, current = nights.home, nights.registry.current.resolve()
    modes = {path: path.stat().st_mode & 0o777 for path in [current, *current.rglob("*")]}
    names = {path.relative_to(current).as_posix() for path in modes}
    assert {"registry.duckdb", "dbt_docs.html", "parquet/marts.survival_cohort.parquet"} <= names
    assert {path.split("/")[0] for path in names} >= {"figures", "tables", "parquet"}
    assert {mode for path, mode in modes.items() if path.is_file()} == {0o640}
    assert {mode for path, mode in modes.items() if path.is_dir()} == {0o750}
    for private in ("warehouse.duckdb", "logs/runs.jsonl"):
        assert (home / private).stat().st_mode & 0o777 == 0o600
    for folder in ("archive", "logs", "dbt"):
        assert (home / folder).stat().st_mode & 0o777 == 0o700
    with duckdb.connect(str(current / "registry.duckdb"), read_only=True) as con:
        assert con.execute("select count(*) > 0 from marts.survival_cohort").fetchall() == [(True,)]
