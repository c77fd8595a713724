"""`crlm schedule`: Dagster's page and its clock, until they are asked to stop.

The page knows no password: it is served to this machine alone.
"""

from __future__ import annotations

import importlib.util
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import yaml

from ingestion.contract import load_contract
from orchestration.config import Config
from orchestration.errors import ConfigurationError, LockedError, RefreshError, Stopped
from orchestration.lock import refresh_lock
from orchestration.night import create_home, prepare, stopped_by
from orchestration.paths import DBT_PROJECT, Home
from orchestration.schedule.environment import environment_of_dagster, prepare_dagster
from orchestration.schedule.manifest import read_dbt_project

HOST = "127.0.0.1"
PORT = 3070

SECONDS_TO_STOP = 60


def serve(config: Config, port: int, say: Callable[[str], None]) -> None:
    """Serve the page on loopback and keep the clock until SIGTERM or SIGINT.

    Raises ConfigurationError where the configuration is wrong, Dagster is not installed or the
    port is taken, LockedError where the schedule of this registry runs already, and RefreshError
    where the page or the clock ends by itself.
    """
    for package in ("dagster", "dagster_dbt", "dagster_webserver"):
        if importlib.util.find_spec(package) is None:
            raise ConfigurationError(
                f"{package} is not installed; it comes with pip install 'crlm-registry[schedule]'. "
                "crlm schedule --cron and --systemd do without"
            )
    prepare(config, load_contract(DBT_PROJECT))
    home = Home(config.home)
    create_home(home)
    prepare_dagster(home)
    _refuse_a_taken_port(port)
    try:
        with (
            stopped_by(signal.SIGTERM, signal.SIGINT),
            refresh_lock(home.dagster / "schedule.lock", "schedule"),
        ):
            _keep_running(config, home, port, say)
    except LockedError:
        raise LockedError(f"{home.folder}: the schedule of this registry runs already") from None
    except Stopped:
        say("the schedule has stopped; what it remembers stays in " + str(home.dagster))


def _keep_running(config: Config, home: Home, port: int, say: Callable[[str], None]) -> None:
    say("reading the models")
    read_dbt_project(config, home)
    environment = environment_of_dagster(config.path, home)
    running: dict[str, subprocess.Popen[bytes]] = {}
    # The name of a socket has to be short: the home's may be long.
    with tempfile.TemporaryDirectory(prefix="crlm-schedule-") as folder:
        workspace = Path(folder) / "workspace.yaml"
        socket_of_code = Path(folder) / "code"
        server = {"socket": str(socket_of_code), "location_name": "registry"}
        workspace.write_text(yaml.safe_dump({"load_from": [{"grpc_server": server}]}))
        try:
            for name, command in _processes(port, workspace, socket_of_code).items():
                running[name] = subprocess.Popen(
                    [sys.executable, "-m", *command],
                    cwd=config.root,
                    env=environment,
                    # What a terminal is interrupted by reaches this process alone: it passes it on.
                    start_new_session=True,
                )
                # The others look for it at once.
                while not socket_of_code.exists():
                    _refuse_the_ended(running)
                    time.sleep(0.1)
            at, zone = config.settings.schedule.at, config.settings.registry.timezone
            say(f"the night begins at {at:%H:%M} ({zone}); the page is http://{HOST}:{port}")
            while True:
                _refuse_the_ended(running)
                time.sleep(0.5)
        finally:
            _stop(list(running.values()))


def _processes(port: int, workspace: Path, socket_of_code: Path) -> dict[str, list[str]]:
    """The code, which the two others ask, the page, and the clock. All say only what is wrong.

    With a server for the code of their own, page and clock would load it twice, and the clock
    again every minute.
    """
    code = ["dagster", "api", "grpc", "--module-name", "orchestration.schedule.location"]
    page = ["dagster_webserver", "--host", HOST, "--port", str(port)]
    return {
        "code": [*code, "--socket", str(socket_of_code), "--log-level", "warning"],
        "page": [*page, "--workspace", str(workspace), "--dagster-log-level", "warning"],
        "clock": [
            *("dagster._daemon", "run", "--workspace", str(workspace)),
            *("--log-level", "warning"),
        ],
    }


def _refuse_the_ended(running: dict[str, subprocess.Popen[bytes]]) -> None:
    for name, process in running.items():
        if process.poll() is not None:
            raise RefreshError(
                f"the {name} of the schedule ended by itself ({process.returncode}); what it said "
                "stands above. Start crlm schedule again"
            )


def _stop(processes: list[subprocess.Popen[bytes]]) -> None:
    """Let a night that is at work end; after a minute ask it to stop, after another end it.

    Each process leads a group of its own, to which the run of a night belongs.
    """
    for process in processes:
        if process.poll() is None:
            process.terminate()
    for number in (signal.SIGTERM, signal.SIGKILL):
        until = time.monotonic() + SECONDS_TO_STOP
        late = [process for process in processes if not _has_ended(process, until)]
        for process in late:
            os.killpg(process.pid, number)
    for process in processes:
        process.wait()


def _has_ended(process: subprocess.Popen[bytes], until: float) -> bool:
    try:
        process.wait(max(0.0, until - time.monotonic()))
    except subprocess.TimeoutExpired:
        return False
    return True


def _refuse_a_taken_port(port: int) -> None:
    with socket.socket() as probe:
        # As the server does: a port whose last connection is just closing is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise ConfigurationError(
                f"--port {port}: the port cannot be had ({error.strerror}); name another"
            ) from None
