"""`crlm schedule`: Dagster's page and its clock, until they are asked to stop.

The page knows no password: it is served to this machine alone.
"""

from __future__ import annotations

import importlib.util
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable

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

_LOCATION = ["-m", "orchestration.schedule.location"]
_SECONDS_TO_STOP = 60


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
    page = ["dagster_webserver", "--host", HOST, "--port", str(port), *_LOCATION]
    clock = ["dagster._daemon", "run", *_LOCATION]
    running: dict[str, subprocess.Popen[bytes]] = {}
    try:
        for name, command in {"page": page, "clock": clock}.items():
            running[name] = subprocess.Popen(
                [sys.executable, "-m", *command],
                cwd=config.root,
                env=environment,
                # What a terminal is interrupted by reaches this process alone, which passes it on.
                start_new_session=True,
            )
        at, zone = config.settings.schedule.at, config.settings.registry.timezone
        say(f"the night begins at {at:%H:%M} ({zone}); the page is http://{HOST}:{port}")
        while True:
            for name, process in running.items():
                if process.poll() is not None:
                    raise RefreshError(
                        f"the {name} of the schedule ended by itself ({process.returncode}); what "
                        "it said stands above. Start crlm schedule again"
                    )
            time.sleep(0.5)
    finally:
        _stop(list(running.values()))


def _stop(processes: list[subprocess.Popen[bytes]]) -> None:
    """Ask all to stop, and end those that do not."""
    for process in processes:
        if process.poll() is None:
            process.terminate()
    until = time.monotonic() + _SECONDS_TO_STOP
    for process in processes:
        try:
            process.wait(max(0.0, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


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
