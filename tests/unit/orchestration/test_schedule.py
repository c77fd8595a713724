"""The night by the clock: the stages as a graph, the texts for cron and systemd, freshness."""

from __future__ import annotations

import datetime
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml

from orchestration.config import Config, day_without, load_config
from orchestration.errors import ConfigurationError
from orchestration.paths import PROJECT, Home
from orchestration.runs import (
    FAILED,
    PUBLISHED,
    ROLLED_BACK,
    STARTED,
    UNCHANGED,
    log_run,
    run_id_of,
)
from orchestration.schedule import serve, timers
from orchestration.schedule.freshness import LIMIT, freshness
from orchestration.schedule.graph import brought_from_outside, upstream


def configured(folder: Path, change: Callable[[dict[str, Any]], None] = lambda _: None) -> Config:
    """The example's configuration in another folder, changed."""
    content = yaml.safe_load((PROJECT / "registry.yml").read_text(encoding="utf-8"))
    content["registry"]["home"] = "home"
    content["analysis"]["plan"] = str(PROJECT / content["analysis"]["plan"])
    change(content)
    folder.mkdir(exist_ok=True)
    path = folder / "registry.yml"
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return load_config(path)


def at(text: object, zone: str = "Asia/Tehran") -> Callable[[dict[str, Any]], None]:
    def change(content: dict[str, Any]) -> None:
        content["schedule"] = {"at": text}
        content["registry"]["timezone"] = zone

    return change


@dataclass(frozen=True)
class Step:
    name: str
    reads: tuple[str, ...]
    writes: tuple[str, ...]


def test_a_stage_stands_on_the_last_writer_and_the_last_gate() -> None:
    stages = [
        Step("take", ("files",), ("raw",)),
        Step("gate", ("raw",), ()),
        Step("build", ("raw",), ("marts", "quality")),
        Step("note", (), ("quality",)),
        Step("publish", ("quality",), ("release",)),
    ]
    assert upstream(stages) == {
        "take": set(),
        "gate": {"take"},
        "build": {"take", "gate"},
        # It writes again what `build` wrote, and runs only where the gate was passed.
        "note": {"build", "gate"},
        "publish": {"note", "gate"},
    }
    assert brought_from_outside(stages) == {"files": {"take"}}


def test_what_a_later_stage_writes_is_of_the_night_before() -> None:
    stages = [Step("read", ("archive",), ()), Step("write", (), ("archive",))]
    assert upstream(stages) == {"read": set(), "write": {"read"}}
    assert brought_from_outside(stages) == {}


@pytest.mark.parametrize(
    "statement",
    [
        "import orchestration.cli, orchestration.night, orchestration.refresh",
        "import sys; sys.argv = ['crlm', 'schedule', '--cron']; import orchestration.cli as c\n"
        "try: c.main()\nexcept SystemExit: pass",
        "import orchestration.schedule.serve",
    ],
)
def test_dagster_is_not_loaded(statement: str) -> None:
    program = f"{statement}\nimport sys; print([m for m in sys.modules if m.startswith('dagster')])"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, cwd=PROJECT
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize(
    ("text", "hour", "minute"),
    [("02:30", 2, 30), ("2:05", 2, 5), ("00:00", 0, 0), ("23:59", 23, 59)],
)
def test_the_time_of_the_night(tmp_path: Path, text: str, hour: int, minute: int) -> None:
    found = configured(tmp_path, at(text)).settings.schedule.at
    assert found == datetime.time(hour, minute)


# 750 is what YAML makes of 12:30 without quotes.
@pytest.mark.parametrize(
    "text", ["24:00", "12:60", "2.30", "half past two", 750, "", None, "02:30:15"]
)
def test_what_is_no_time_is_refused(tmp_path: Path, text: object) -> None:
    with pytest.raises(ConfigurationError, match=r"registry\.yml:\d+: schedule\.at: .*quotes"):
        configured(tmp_path, at(text))


def test_without_a_word_the_night_begins_at_an_hour_that_every_zone_has(tmp_path: Path) -> None:
    config = configured(tmp_path, lambda content: content.pop("schedule"))
    assert config.settings.schedule.at == datetime.time(4, 30)
    for zone in ("Europe/Berlin", "America/New_York", "Europe/Helsinki", "Australia/Lord_Howe"):
        assert day_without(config.settings.schedule.at, ZoneInfo(zone)) is None


@pytest.mark.parametrize(
    ("text", "there"), [("01:59", True), ("02:00", False), ("02:59", False), ("03:00", True)]
)
def test_an_hour_that_summer_time_skips_is_refused(tmp_path: Path, text: str, there: bool) -> None:
    if there:
        configured(tmp_path, at(text, "Europe/Berlin"))
    else:
        with pytest.raises(ConfigurationError, match="does not exist in Europe/Berlin"):
            configured(tmp_path, at(text, "Europe/Berlin"))
    configured(tmp_path, at(text, "Asia/Tehran"))


def test_a_line_of_cron(tmp_path: Path) -> None:
    config = configured(tmp_path / "a folder at 100%", at("04:05", "America/New_York"))
    lines = [line for line in timers.crontab(config).splitlines() if not line.startswith("#")]
    assert lines[0] == "CRON_TZ=America/New_York"
    assert lines[1].startswith("5 4 * * * cd '")
    # Cron ends a command at a percent sign.
    assert r"a folder at 100\%" in lines[1]
    assert "%" not in lines[1].replace(r"\%", "")
    assert lines[1].endswith(">/dev/null")
    assert len(lines) == 2


def test_the_line_of_cron_runs_the_job(tmp_path: Path) -> None:
    """As a shell reads it, after cron took its backslashes away; the job itself is `echo`."""
    config = configured(tmp_path / "it's 100%")
    line = timers.crontab(config).splitlines()[-1].split(" ", 5)[5].replace(r"\%", "%")
    program = timers.command(config)[0]
    done = subprocess.run(
        ["sh", "-c", line.replace(program, "echo", 1).removesuffix(">/dev/null")],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.rstrip().endswith(f"refresh --config {config.path}")


def verify(units: timers.SystemdUnits, folder: Path) -> subprocess.CompletedProcess[str]:
    files = timers.write_units(units, folder)
    return subprocess.run(
        ["systemd-analyze", "verify", *map(str, files)], capture_output=True, text=True
    )


needs_systemd = pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="systemd is not installed"
)


@needs_systemd
@pytest.mark.parametrize("name", ["plain", "with a blank", "at 100%", 'a "quoted" $one'])
def test_systemd_takes_the_units(tmp_path: Path, name: str) -> None:
    config = configured(tmp_path / name)
    done = verify(timers.systemd(config, "root"), tmp_path)
    assert (done.returncode, done.stderr) == (0, "")


@needs_systemd
@pytest.mark.parametrize(
    ("zone", "base", "expected"),
    [
        # Summer time begins on 29 March 2026 and ends on 25 October: the hour of the clock stays.
        ("Europe/Berlin", "2026-03-28 12:00", ["2026-03-29 02:30", "2026-03-30 02:30"]),
        ("Europe/Berlin", "2026-10-24 12:00", ["2026-10-25 03:30", "2026-10-26 03:30"]),
        ("Asia/Tehran", "2026-03-28 12:00", ["2026-03-29 01:00", "2026-03-30 01:00"]),
    ],
)
def test_the_timer_follows_the_clock_of_the_registry(
    tmp_path: Path, zone: str, base: str, expected: list[str]
) -> None:
    config = configured(tmp_path, at("04:30", zone))
    timer = timers.systemd(config).timer
    (calendar,) = (line for line in timer.splitlines() if line.startswith("OnCalendar="))
    done = subprocess.run(
        [
            *("systemd-analyze", "calendar", "--iterations=2", f"--base-time={base} UTC"),
            calendar.removeprefix("OnCalendar="),
        ],
        capture_output=True,
        text=True,
        env={"TZ": "UTC", "PATH": "/usr/bin:/bin"},
    )
    assert done.returncode == 0, done.stderr
    for moment in expected:
        assert f"{moment}:00 UTC" in done.stdout
    assert "Persistent=true" in timer


def test_the_unit_may_write_in_the_home_alone(tmp_path: Path) -> None:
    config = configured(tmp_path)
    lines = timers.systemd(config, "registry").service.splitlines()
    assert f'ReadWritePaths="{config.home}"' in lines
    for line in (
        "User=registry",
        "NoNewPrivileges=yes",
        "ProtectSystem=strict",
        "PrivateNetwork=yes",
    ):
        assert line in lines
    # Only what passes by itself is tried again.
    assert "Restart=no" in lines
    assert "RestartForceExitStatus=3" in lines


def test_the_unit_has_the_network_where_redcap_is_asked(tmp_path: Path) -> None:
    def ask(content: dict[str, Any]) -> None:
        del content["extracts"]["follow_up"]["files"]
        content["extracts"]["follow_up"]["redcap"] = {
            "instrument": "follow_up",
            "url": "https://redcap.example/api/",
            "token_env": "REDCAP_TOKEN",
        }

    lines = timers.systemd(configured(tmp_path, ask)).service.splitlines()
    assert "PrivateNetwork=no" in lines
    assert "RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6" in lines


@pytest.mark.parametrize(
    ("privacy", "words", "file"),
    [
        ({}, "CRLM_PSEUDONYM_KEY=… has to be set", "EnvironmentFile=/etc"),
        ({"demo_key": True}, "for synthetic or public data only", "EnvironmentFile=-/etc"),
        ({"key_file": "/etc/key"}, "is in /etc/key", "EnvironmentFile=-/etc"),
    ],
)
def test_the_unit_says_where_the_key_comes_from(
    tmp_path: Path, privacy: dict[str, Any], words: str, file: str
) -> None:
    config = configured(tmp_path, lambda content: content.update(privacy=privacy))
    service = timers.systemd(config).service
    assert words in service
    assert file in service
    assert words in timers.crontab(config)


def test_units_go_into_a_folder_that_is_there(tmp_path: Path) -> None:
    units = timers.systemd(configured(tmp_path))
    with pytest.raises(ConfigurationError, match=r"--out .*nowhere: the folder cannot be written"):
        timers.write_units(units, tmp_path / "nowhere")


NOW = datetime.datetime(2026, 5, 2, 4, 30, tzinfo=UTC)


def log(home: Home, age: timedelta, *outcomes: str, doing: str = "refresh") -> None:
    run_id = run_id_of(NOW - age)
    for outcome in outcomes:
        log_run(home, run_id, outcome, doing if outcome == STARTED else "")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    found = Home(tmp_path / "home")
    found.create()
    return found


@pytest.mark.parametrize(
    ("age", "fresh"),
    [
        (LIMIT - timedelta(milliseconds=1), True),
        (LIMIT, True),
        (LIMIT + timedelta(milliseconds=1), False),
    ],
)
@pytest.mark.parametrize("outcome", [PUBLISHED, UNCHANGED])
def test_a_release_is_fresh_for_26_hours(
    home: Home, age: timedelta, fresh: bool, outcome: str
) -> None:
    log(home, age, STARTED, outcome)
    assert freshness(home, NOW).fresh is fresh


def test_where_nothing_was_published_nothing_is_fresh(home: Home) -> None:
    found = freshness(home, NOW)
    assert not found.fresh
    assert found.age is None


@pytest.mark.parametrize(
    ("outcomes", "doing"),
    [
        ((STARTED,), "refresh"),  # at work, or dead
        ((STARTED, FAILED), "refresh"),
        # They publish what was delivered before.
        ((STARTED, PUBLISHED), "rebuild"),
        ((STARTED, ROLLED_BACK), "rollback"),
    ],
)
def test_what_is_no_good_night_freshens_nothing(
    home: Home, outcomes: tuple[str, ...], doing: str
) -> None:
    log(home, timedelta(hours=27), STARTED, PUBLISHED)
    log(home, timedelta(hours=3), *outcomes, doing=doing)
    found = freshness(home, NOW)
    assert not found.fresh
    assert found.age == timedelta(hours=27)
    log(home, timedelta(hours=2), STARTED, UNCHANGED)
    assert freshness(home, NOW).fresh


def test_a_port_that_is_taken_is_said(tmp_path: Path) -> None:
    with socket.create_server((serve.HOST, 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ConfigurationError, match=f"--port {port}: .* name another"):
            serve.serve(configured(tmp_path), port, print)


DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); "


@pytest.mark.parametrize(
    ("program", "code"),
    [
        ("", -signal.SIGTERM),
        (DEAF, -signal.SIGKILL),
        # It lets its work end, and hears the second word.
        (
            "import signal, time, sys; signal.signal(signal.SIGTERM, lambda *_: "
            "signal.signal(signal.SIGTERM, lambda *_: sys.exit(7))); ",
            7,
        ),
    ],
)
def test_the_processes_of_the_schedule_are_stopped(
    monkeypatch: pytest.MonkeyPatch, program: str, code: int
) -> None:
    monkeypatch.setattr(serve, "SECONDS_TO_STOP", 0.5)
    program += "import time; print('ready', flush=True)\nwhile True: time.sleep(0.05)"
    process = subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, start_new_session=True
    )
    with process:
        assert process.stdout is not None
        process.stdout.readline()
        serve._stop([process])
        assert process.returncode == code
