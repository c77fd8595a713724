"""Releases under readers, retention, the lock and the log of runs; no night is run for these."""

from __future__ import annotations

import fcntl
import json
import multiprocessing
import os
import random
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration import release
from orchestration.errors import LockedError
from orchestration.lock import is_locked, refresh_lock
from orchestration.paths import Home
from orchestration.runs import (
    FAILED,
    STARTED,
    last_run,
    log_run,
    next_start,
    run_id_of,
    started_at_of,
)

READERS = 50
PUBLISHES = 100


@pytest.fixture
def home(tmp_path: Path) -> Home:
    found = Home(tmp_path / "home")
    found.create()
    return found


def publish(home: Home, release_id: str, number: int = 0) -> Path:
    """A release whose every row says its number."""
    folder = release.start(home, release_id)
    with duckdb.connect() as con:
        con.execute(
            "create schema marts; create schema quality; create schema results;"
            f"create table marts.numbers as select {number} as number from range(1000)"
        )
        release.export_database(con, folder)
    release.write_manifest(folder, {"release_id": release_id})
    return release.publish(home, folder, release_id)


def days(first: datetime, count: int) -> list[str]:
    return [run_id_of(first + timedelta(days=day)) for day in range(count)]


def read_until(database: str, stop: Any, errors: Any, reads: Any) -> None:
    """Open and read, again and again, until told to stop."""
    done = 0
    while not stop.is_set():
        try:
            with duckdb.connect(database, read_only=True, config={"threads": 1}) as con:
                rows = con.execute(
                    "select count(*), count(distinct number) from marts.numbers"
                ).fetchall()
            if rows != [(1000, 1)]:
                errors.put(f"read {rows}")
        except Exception as error:
            errors.put(f"{type(error).__name__}: {error}")
        done += 1
        # Fifty that never rest would leave no processor to who publishes.
        stop.wait(random.uniform(0.2, 1))
    reads.put(done)


@pytest.mark.slow
def test_readers_are_never_disturbed(home: Home) -> None:
    names = days(datetime(2026, 1, 1, tzinfo=UTC), PUBLISHES + 1)
    publish(home, names[0])
    context = multiprocessing.get_context("spawn")
    stop, errors, reads = context.Event(), context.Queue(), context.Queue()
    database = str(home.current / release.DATABASE)
    readers = [
        context.Process(target=read_until, args=(database, stop, errors, reads))
        for _ in range(READERS)
    ]
    for reader in readers:
        reader.start()
    for number, name in enumerate(names[1:], start=1):
        publish(home, name, number)
        release.prune(home, keep=2, timezone="UTC")
    stop.set()
    counts = [reads.get(timeout=60) for _ in readers]
    found = [errors.get() for _ in range(errors.qsize())]
    for reader in readers:
        reader.join(timeout=60)
    assert found == []
    assert min(counts) > 0
    assert sum(counts) > PUBLISHES


def test_a_release_that_is_removed_stays_with_who_reads_it(home: Home) -> None:
    names = days(datetime(2026, 1, 1, tzinfo=UTC), 4)
    first = publish(home, names[0], 1)
    con = duckdb.connect(str(first / release.DATABASE), read_only=True)
    for number, name in enumerate(names[1:], start=2):
        publish(home, name, number)
    assert release.prune(home, keep=2, timezone="UTC") == names[:2]
    assert not first.exists()
    assert con.execute("select distinct number from marts.numbers").fetchall() == [(1,)]
    con.close()


def test_the_newest_the_last_of_each_month_and_the_current_one_are_kept(home: Home) -> None:
    names = days(datetime(2026, 1, 1, 22, tzinfo=UTC), 120)
    for name in names:
        (home.releases / name).mkdir()
    (home.releases / "of-somebody").mkdir()
    release.point_to(home, home.releases / names[3])
    removed = release.prune(home, keep=30, timezone="UTC")
    kept = {path.name for path in home.releases.iterdir()}
    last_of_month = [n for n in names if started_at_of(n).strftime("%d") in ("31", "28")]
    last_of_month = [
        n
        for n in last_of_month
        if (started_at_of(n) + timedelta(days=1)).month != started_at_of(n).month
    ]
    assert len(last_of_month) == 3
    assert kept == {*names[-30:], *last_of_month, names[3], "of-somebody"}
    assert set(removed) == set(names) - kept
    assert list(home.published.glob(".removing-*")) == []


def test_a_month_ends_where_the_registry_is(home: Home) -> None:
    # 22:00 UTC on 31 January is 1 February in Tehran.
    names = days(datetime(2026, 1, 30, 22, tzinfo=UTC), 8)
    for name in names:
        (home.releases / name).mkdir()
    release.prune(home, keep=2, timezone="Asia/Tehran")
    assert {path.name for path in home.releases.iterdir()} == {names[0], *names[-2:]}


def test_a_copy_with_other_content_is_not_published(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = release.content_of

    def one_row_off(con: Any, tables: list[str]) -> dict[str, release.TableContent]:
        content = found(con, tables)
        if con.execute("select current_database()").fetchall() == [("registry",)]:
            return {
                name: release.TableContent(table.rows, "0" * 32) for name, table in content.items()
            }
        return content

    monkeypatch.setattr(release, "content_of", one_row_off)
    with pytest.raises(release.RefreshError, match=r"differs from the warehouse in .*numbers"):
        publish(home, "20260101T000000000Z", 7)
    assert release.current_release(home) is None


def test_content_is_that_of_a_set_of_rows() -> None:
    with duckdb.connect() as con:
        con.execute(
            "create table a as from (values (1, 'x'), (2, null), (2, null)) t(i, s);"
            "create table b as from a order by i desc;"
            "create table c as from (values (1, 'x'), (2, null), (3, null)) t(i, s);"
            "create table d as from (values (1, 'x'), (1, 'x'), (2, null)) t(i, s);"
            "create table e as from a where false"
        )
        content = release.content_of(con, ["a", "b", "c", "d", "e"])
    assert content["a"] == content["b"]
    assert len({table.content for table in content.values()}) == 4
    assert [content[name].rows for name in "abcde"] == [3, 3, 3, 3, 0]


def test_a_lock_of_a_killed_process_does_not_hold(home: Home) -> None:
    program = (
        "import sys, time\n"
        "from pathlib import Path\n"
        "from orchestration.lock import refresh_lock\n"
        "with refresh_lock(Path(sys.argv[1]), 'refresh'):\n"
        "    print('held', flush=True)\n"
        "    time.sleep(60)\n"
    )
    project = Path(__file__).resolve().parents[2]
    with subprocess.Popen(
        [sys.executable, "-c", program, str(home.lock)],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(project)},
    ) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        assert is_locked(home.lock)
        with (
            pytest.raises(LockedError, match=rf"process {holder.pid}, refresh since 2"),
            refresh_lock(home.lock, "refresh"),
        ):
            pass
        holder.send_signal(signal.SIGKILL)
        holder.wait()
    assert not is_locked(home.lock)
    with refresh_lock(home.lock, "refresh"):
        assert is_locked(home.lock)


@pytest.mark.parametrize(
    "left",
    [
        b"",
        b"garbage \xff\xfe",
        b"[1, 2]",
        b'{"process": 1, "doing": "refresh", "since": "before the machine was started again"}',
        b'{"process": 999999999}',
    ],
)
def test_whatever_a_lock_file_says_only_a_living_holder_counts(home: Home, left: bytes) -> None:
    home.lock.write_bytes(left)
    assert not is_locked(home.lock)
    with refresh_lock(home.lock, "refresh"):
        held = json.loads(home.lock.read_text(encoding="utf-8"))
        assert held["process"] == os.getpid()
    home.lock.write_bytes(left)
    with home.lock.open("rb") as holder:
        fcntl.flock(holder, fcntl.LOCK_EX)
        with (
            pytest.raises(LockedError, match="another refresh is running"),
            refresh_lock(home.lock, "refresh"),
        ):
            pass


def test_a_torn_line_of_the_log_loses_nothing_else(home: Home) -> None:
    log_run(home, "20260101T000000000Z", STARTED, "refresh")
    log = home.logs / "runs.jsonl"
    with log.open("ab") as handle:
        handle.write(b'{"run_id": "2026')
    log_run(home, "20260102T000000000Z", FAILED, "the disk is full")
    found = last_run(home)
    assert found is not None
    assert (found.run_id, found.outcome) == ("20260102T000000000Z", FAILED)
    assert len(log.read_bytes().splitlines()) == 3
    assert log.stat().st_mode & 0o777 == 0o600


def test_runs_keep_their_order_whatever_the_clock_says(home: Home) -> None:
    now = datetime(2026, 5, 1, tzinfo=UTC)
    assert next_start(home, now) == now
    log_run(home, run_id_of(now), STARTED)
    (home.releases / run_id_of(now + timedelta(days=1))).mkdir()
    nights = home.archive / "nights"
    nights.mkdir()
    (nights / f"{run_id_of(now + timedelta(days=2))}.json").touch()
    for wrong in (timedelta(days=-365), timedelta(0), timedelta(days=2)):
        start = next_start(home, now + wrong)
        assert run_id_of(start) > run_id_of(now + timedelta(days=2))
    assert next_start(home, now + timedelta(days=3)) == now + timedelta(days=3)


def test_a_run_is_named_by_the_moment_it_started() -> None:
    at = datetime(2026, 5, 1, 2, 15, 0, 7000, tzinfo=UTC)
    assert run_id_of(at) == "20260501T021500007Z"
    assert started_at_of(run_id_of(at)) == at


def test_what_waits_to_be_removed_is_swept_away(home: Home) -> None:
    for name in (".building-x", ".removing-y"):
        (home.published / name).mkdir()
    (home.published / ".current-z").symlink_to("releases/z")
    publish(home, run_id_of(datetime.now(UTC)))
    assert list(home.published.glob(".*")) == []
