"""The night without Dagster: one line of cron, or a unit and a timer of systemd, as text.

Both run `crlm refresh`, the same job that Dagster runs.
"""

from __future__ import annotations

import getpass
import shlex
import sys
from dataclasses import dataclass
from pathlib import Path

from orchestration.config import Config
from orchestration.errors import ConfigurationError

UNIT = "crlm-refresh"


@dataclass(frozen=True)
class SystemdUnits:
    """What `<name>.service` and `<name>.timer` hold."""

    service: str
    timer: str


def command(config: Config) -> list[str]:
    """The nightly job as a program calls it."""
    # `crlm` lies beside the interpreter of its environment.
    beside = Path(sys.executable).with_name("crlm")
    crlm = [str(beside)] if beside.exists() else [sys.executable, "-m", "orchestration.cli"]
    return [*crlm, "refresh", "--config", str(config.path)]


def needs_network(config: Config) -> bool:
    """Whether the night asks a server: only REDCap's API is one."""
    return any(
        extract.redcap is not None and extract.redcap.url is not None
        for extract in config.extracts.values()
    )


def crontab(config: Config) -> str:
    """Lines of a crontab, with the time zone of the registry and words on the key."""
    at, zone = config.settings.schedule.at, config.settings.registry.timezone
    job = f"cd {shlex.quote(str(config.root))} && {shlex.join(command(config))}"
    # Cron ends a command at a percent sign. What the job says of itself is in its log; what is
    # wrong it says on standard error, which cron sends by mail.
    line = job.replace("%", r"\%") + " >/dev/null"
    return (
        "# The time zone is read by cronie; where cron is another one, CRON_TZ has no effect and\n"
        "# the time is that of the machine.\n"
        f"CRON_TZ={zone}\n"
        f"# {_on_the_key(config)}\n"
        f"{at.minute} {at.hour} * * * {line}\n"
    )


def systemd(config: Config, user: str | None = None) -> SystemdUnits:
    """A unit that may write in the home of the registry only, and the timer that starts it."""
    name = _escaped(config.settings.registry.name)
    privacy = config.settings.privacy
    at, zone = config.settings.schedule.at, config.settings.registry.timezone
    network = needs_network(config)
    optional = "-" if privacy.demo_key or privacy.key_file is not None else ""
    service = f"""\
# /etc/systemd/system/{UNIT}.service
# The home has to be there before the first night: run crlm refresh once.
[Unit]
Description=Nightly refresh of {name}
RequiresMountsFor={_quoted(config.home)} {_quoted(config.root)}
StartLimitIntervalSec=6h
StartLimitBurst=5

[Service]
# Not oneshot: systemd lets none of those start again by its exit code.
Type=exec
User={_escaped(user or getpass.getuser())}
WorkingDirectory={_escaped(str(config.root))}
ExecStart={" ".join(_quoted(part) for part in command(config))}
# {_on_the_key(config)}
EnvironmentFile={optional}/etc/{UNIT}.env
Environment=HOME=/tmp MPLCONFIGDIR=/tmp

# Another run is at work (3): that passes. Whatever else fails would fail again.
Restart=no
RestartForceExitStatus=3
RestartSec=15min
# A run that is stopped clears up behind itself.
SuccessExitStatus=143
TimeoutStopSec=2min

NoNewPrivileges=yes
ProtectSystem=strict
ProtectHome=read-only
ReadWritePaths={_quoted(config.home)}
PrivateTmp=yes
PrivateDevices=yes
PrivateNetwork={"no" if network else "yes"}
RestrictAddressFamilies=AF_UNIX{" AF_INET AF_INET6" if network else ""}
CapabilityBoundingSet=
LockPersonality=yes
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectProc=invisible
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
"""
    timer = f"""\
# /etc/systemd/system/{UNIT}.timer
[Unit]
Description=When the nightly refresh of {name} begins

[Timer]
OnCalendar=*-*-* {at:%H:%M}:00 {zone}
# A night that was missed because the machine was off begins when it is on.
Persistent=true

[Install]
WantedBy=timers.target
"""
    return SystemdUnits(service, timer)


def write_units(units: SystemdUnits, folder: Path) -> list[Path]:
    """Write both files into a folder; ConfigurationError where it cannot be written."""
    files = {f"{UNIT}.service": units.service, f"{UNIT}.timer": units.timer}
    try:
        for name, text in files.items():
            (folder / name).write_text(text, encoding="utf-8")
    except OSError as error:
        raise ConfigurationError(
            f"--out {folder}: the folder cannot be written ({error.strerror})"
        ) from None
    return [folder / name for name in files]


def _on_the_key(config: Config) -> str:
    privacy = config.settings.privacy
    if privacy.key_file is not None:
        return f"The key of the pseudonyms is in {privacy.key_file}."
    if privacy.demo_key:
        return "The pseudonyms use the published demo key: for synthetic or public data only."
    return f"{privacy.key_env}=… has to be set here, in a file that only its owner reads."


def _escaped(text: str) -> str:
    """A percent sign begins a specifier of systemd."""
    return text.replace("%", "%%")


def _quoted(text: str | Path) -> str:
    escaped = _escaped(str(text)).replace("\\", "\\\\").replace('"', '\\"').replace("$", "$$")
    return f'"{escaped}"'
