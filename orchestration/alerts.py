"""When a night is over: whether anybody has to be told, of what, and that it is told once.

`<home>/logs/told.json` remembers what was told: the trouble the nights are in, the share of each
failing check, and what no channel took. A night that fails as the one before did is silent; so is
one that finds nothing new. Nothing in a message holds a value of a patient.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import get_args
from zoneinfo import ZoneInfo

import duckdb
from pydantic import BaseModel, ConfigDict, ValidationError

from ingestion.archive import write_private
from orchestration import digest, notify
from orchestration.config import Config
from orchestration.errors import HELD, LockedError, Stopped, in_words
from orchestration.notify import Channel, Kind, Message, Problem
from orchestration.paths import Home
from orchestration.progress import Progress
from orchestration.release import DATABASE, current_release
from orchestration.run_log import WARNING
from orchestration.runs import died_before, is_run_id, started_at_of

_LONGEST_SENTENCE = 1000
_MOST_UNDELIVERED = 3


class Trouble(BaseModel):
    """Nights that end without a release: since which, how many, and a hash of why."""

    model_config = ConfigDict(extra="ignore")

    sign: str
    since: str | None
    nights: int = 1
    was_told: bool = True


class Told(BaseModel):
    """What was told before (`told.json`)."""

    model_config = ConfigDict(extra="ignore")

    trouble: Trouble | None = None
    checks: dict[str, float] = {}
    release: str | None = None
    last_run: str | None = None
    undelivered: list[dict[str, str]] = []


@dataclass
class NightOver:
    """What becomes known of a night before it is over."""

    run_id: str | None = None
    # The folder of its release; null where nothing changed.
    published: Path | None = None


@contextmanager
def told_when_over(config: Config, progress: Progress) -> Iterator[NightOver]:
    """Tell, once the night is over, who wants to know; what it raises is raised on.

    Another refresh at work is no failure, and who interrupts a run is there.
    """
    night = NightOver()
    try:
        yield night
    except (LockedError, KeyboardInterrupt, GeneratorExit):
        raise
    except BaseException as error:
        _tell(config, progress, night, error)
        raise
    _tell(config, progress, night, None)


def send_test(config: Config) -> tuple[list[Channel], list[Problem]]:
    """Send a test message to every channel, and the sign of life; returns all, and what failed."""
    channels, problems = notify.channels_of(config)
    timeout = config.settings.notify.timeout_seconds
    name = config.settings.registry.name
    message = Message(f"{name}: a test", "This is a test of `crlm check --alert`. All is well.")
    problems += notify.send(channels, message, timeout)
    heartbeat = notify.heartbeat_of(config)
    if isinstance(heartbeat, Channel):
        channels.append(heartbeat)
        problems += notify.beat(heartbeat, timeout)
    elif heartbeat is not None:
        problems.append(heartbeat)
    return channels, problems


def _tell(
    config: Config, progress: Progress, night: NightOver, error: BaseException | None
) -> None:
    settings = config.settings.notify
    try:
        if settings.to:
            _tell_by_message(config, progress, night, error)
        heartbeat = notify.heartbeat_of(config) if error is None else None
        if isinstance(heartbeat, Channel):
            _say(progress, notify.beat(heartbeat, settings.timeout_seconds))
        elif heartbeat is not None:
            _say(progress, [heartbeat])
    except Exception as problem:
        # The night is what it is, whatever becomes of the news. The text could hold an address.
        where = f"nobody could be told ({type(problem).__name__})"
        progress.say("notify", where, level=WARNING)


def _tell_by_message(
    config: Config, progress: Progress, night: NightOver, error: BaseException | None
) -> None:
    home = Home(config.home)
    path = home.logs / "told.json"
    told = _read(path)
    parts = [*_died(config, home, told, night)]
    if error is not None:
        parts += _of_trouble(config, home, told, night, progress.at_work, error)
    else:
        parts += _of_recovery(config, told, night)
        if night.published is not None:
            parts += _of_findings(config, told, night.published)
    if night.run_id is not None:
        told.last_run = night.run_id
    waiting = [Message(m["title"], m["body"], _kind(m["kind"])) for m in told.undelivered]
    if parts or waiting:
        channels, problems = notify.channels_of(config)
        message = _one(config, waiting, parts)
        failed = notify.send(channels, message, config.settings.notify.timeout_seconds)
        taken = len(channels) - len(failed)
        _say(progress, [*problems, *failed])
        if taken:
            word = "channel" if taken == 1 else "channels"
            progress.say("notify", f"{taken} {word} told: {message.title}")
        kept = [] if taken else [*waiting, *parts][-_MOST_UNDELIVERED:]
        told.undelivered = [{"title": m.title, "body": m.body, "kind": m.kind} for m in kept]
    # Where there is no room to remember, all is told again: better than not at all.
    if home.logs.is_dir():
        with suppress(OSError):
            write_private(path, told.model_dump_json(indent=1))


# --- what there is to tell ------------------------------------------------------------------------


def _of_trouble(
    config: Config,
    home: Home,
    told: Told,
    night: NightOver,
    stage: str | None,
    error: BaseException,
) -> list[Message]:
    if isinstance(error, HELD):
        event, what, kind = "held", "a delivery is held", _kind("warning")
    elif isinstance(error, Stopped):
        event, what, kind = "failed", "the night was stopped", _kind("failure")
    else:
        event, what, kind = "failed", "the night failed", _kind("failure")
    why = in_words(error)
    sign = hashlib.sha256(f"{what}\0{stage}\0{why}".encode()).hexdigest()
    wanted = event in config.settings.notify.events
    former = told.trouble
    if former is not None and former.sign == sign:
        former.nights += 1
        return []
    told.trouble = Trouble(
        sign=sign,
        since=night.run_id if former is None else former.since,
        nights=1 if former is None else former.nights + 1,
        was_told=wanted or (former is not None and former.was_told),
    )
    if not wanted:
        return []
    if len(why) > _LONGEST_SENTENCE:
        why = f"{why[:_LONGEST_SENTENCE]}…"
    place = "" if stage is None else f" in the stage “{stage}”"
    lines = [f"{_when(config, night.run_id)}{place}: {why}", "", _standing(config, home)]
    if told.trouble.nights > 1:
        lines.append(f"It is night {told.trouble.nights} without a new release in a row.")
    lines.append("This is not told again until it changes, or the nights are well again.")
    return [Message(what, "\n".join(lines), kind)]


def _of_recovery(config: Config, told: Told, night: NightOver) -> list[Message]:
    trouble, told.trouble = told.trouble, None
    if trouble is None or not trouble.was_told:
        return []
    if "recovered" not in config.settings.notify.events:
        return []
    nights = "one night" if trouble.nights == 1 else f"{trouble.nights} nights"
    since = "" if trouble.since is None else f", the first on {_at(config, trouble.since)}"
    now = "published a release" if night.published is not None else "found nothing changed"
    body = f"{_when(config, night.run_id)} {now}, after {nights} in trouble{since}."
    return [Message("the nights are well again", body, "success")]


def _of_findings(config: Config, told: Told, release: Path) -> list[Message]:
    settings = config.settings.notify
    with duckdb.connect(str(release / DATABASE), read_only=True) as con:
        found = digest.find(
            con,
            release.name,
            told=told.checks,
            told_until=told.release,
            worse_points=settings.worse_points,
        )
    told.checks, told.release = found.told, release.name
    wanted = found.news and "findings" in settings.events
    wanted |= bool(found.recovered) and "recovered" in settings.events
    if not wanted:
        return []
    lines = [
        *found.lines(),
        "",
        f"Published: {_at(config, release.name)}. Its quality_report.html says more.",
    ]
    kind: Kind = "warning" if found.news else "success"
    return [Message(found.heading, "\n".join(lines), kind)]


def _died(config: Config, home: Home, told: Told, night: NightOver) -> list[Message]:
    """Runs that were killed, or lost their machine, since the last that could tell."""
    if night.run_id is None or "failed" not in config.settings.notify.events:
        return []
    died = died_before(home, night.run_id, after=told.last_run)
    if not died:
        return []
    lines = [f"The run of {_at(config, run_id)} died without a word." for run_id in died[-3:]]
    title = "a run died" if len(died) == 1 else f"{len(died)} runs died"
    body = "\n".join([*lines, "It was killed, or its machine failed; this run cleared up."])
    return [Message(title, body, "failure")]


def _one(config: Config, waiting: list[Message], parts: list[Message]) -> Message:
    """One message of all there is to tell, the newest first."""
    registry = config.settings.registry
    title = "; ".join(part.title for part in parts) or waiting[-1].title
    blocks = [part.body for part in parts]
    for late in reversed(waiting):
        blocks.append(f"No channel could be told before: {late.title}\n{late.body}")
    body = "\n\n".join(blocks)
    if len(body) > notify.LONGEST_BODY:
        body = f"{body[: notify.LONGEST_BODY]}…"
    if registry.notice:
        body += f"\n\n{registry.notice}"
    kinds = [part.kind for part in (*parts, *waiting)]
    worst = min(kinds, key=["failure", "warning", "success", "info"].index)
    return Message(f"{registry.name}: {title}", body, worst)


# --- words ----------------------------------------------------------------------------------------


def _say(progress: Progress, problems: list[Problem]) -> None:
    for problem in problems:
        progress.say("notify", f"{problem.channel}: {problem.text}", level=WARNING)


def _at(config: Config, run_id: str) -> str:
    """When a run started, in the time zone of the registry."""
    if not is_run_id(run_id):
        return run_id
    zone = ZoneInfo(config.settings.registry.timezone)
    return f"{started_at_of(run_id).astimezone(zone):%Y-%m-%d %H:%M}"


def _when(config: Config, run_id: str | None) -> str:
    return "The night" if run_id is None else f"The night of {_at(config, run_id)}"


def _standing(config: Config, home: Home) -> str:
    release = current_release(home)
    if release is None:
        return "Nothing has been published yet."
    return f"The last release stands: {_at(config, release.name)}."


def _kind(text: str) -> Kind:
    found: Kind = text if text in get_args(Kind) else "info"  # type: ignore[assignment]
    return found


# --- what is remembered ---------------------------------------------------------------------------


def _read(path: Path) -> Told:
    """What was told; nothing where the file is not there or cannot be read."""
    try:
        return Told.model_validate_json(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeError, ValidationError):
        return Told()
