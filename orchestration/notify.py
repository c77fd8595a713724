"""Sending: one message to every channel of `notify.to`, and the sign of life.

Whatever a channel does, the night goes on: it has a time to answer, and that it did not is a
result. A URL is a secret; in words a channel is its service and its place in registry.yml.
"""

from __future__ import annotations

import logging
import os
import re
import stat
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from orchestration.config import Address, Config

Kind = Literal["failure", "warning", "success", "info"]

UNKNOWN = "apprise knows no such address; its own pages say how each service's is written"

# The services differ in how much they take; the shortest take about so much.
LONGEST_BODY = 1900


@dataclass(frozen=True)
class Channel:
    """Where to send to; only ``name`` may be said."""

    name: str
    url: str = field(repr=False)


@dataclass(frozen=True)
class Problem:
    """Why a channel gets nothing: said without what is secret of it."""

    channel: str
    text: str


@dataclass(frozen=True)
class Message:
    title: str
    body: str
    kind: Kind = "info"


def channels_of(config: Config) -> tuple[list[Channel], list[Problem]]:
    """The channels of `notify.to`, and what keeps others from being some."""
    found: list[Channel] = []
    problems: list[Problem] = []
    for number, address in enumerate(config.settings.notify.to, start=1):
        place = f"entry {number} of notify.to"
        urls = _urls_of(config, address, place)
        if isinstance(urls, Problem):
            problems.append(urls)
        else:
            for position, url in enumerate(urls, start=1):
                which = place if len(urls) == 1 else f"{place}, URL {position}"
                found.append(Channel(f"{_service(url)} ({which})", url))
    return found, problems


def heartbeat_of(config: Config) -> Channel | Problem | None:
    """The URL of the sign of life, or null where none is wanted."""
    address = config.settings.notify.heartbeat
    if address is None:
        return None
    place = "notify.heartbeat"
    urls = _urls_of(config, address, place)
    if isinstance(urls, Problem):
        return urls
    if len(urls) != 1 or _service(urls[0]) not in ("http", "https"):
        return Problem(place, "it has to be one URL that begins with http:// or https://")
    return Channel(place, urls[0])


def send(channels: Sequence[Channel], message: Message, timeout: float) -> list[Problem]:
    """Send a message to all channels at once; returns those that did not get it.

    None takes longer than ``timeout`` seconds, whether or not its service answers.
    """
    if not channels:
        return []
    # Its hundred services take a quarter of a second to import: only who sends pays for them.
    import apprise

    # It would log addresses, and on the terminal beside what we say.
    logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)
    asset = apprise.AppriseAsset(
        app_id="crlm", app_desc="Registry warehouse", app_url="", async_mode=False
    )
    # No picture from elsewhere in a message.
    asset.image_url_mask = asset.image_url_logo = ""

    # Not in the threads: the first call loads the services.
    services = {
        channel: apprise.Apprise.instantiate(channel.url, asset=asset) for channel in channels
    }

    def attempt(channel: Channel) -> str | None:
        service = services[channel]
        if not isinstance(service, apprise.NotifyBase):
            return UNKNOWN
        service.socket_connect_timeout = service.socket_read_timeout = timeout
        service.overflow_mode = apprise.OverflowMode.TRUNCATE
        sender = apprise.Apprise(service, asset=asset)
        done = sender.notify(
            title=message.title,
            body=message.body,
            notify_type=apprise.NotifyType(message.kind),
            body_format=apprise.NotifyFormat.TEXT,
        )
        return None if done else "the service did not take the message"

    return _all_at_once(channels, attempt, timeout)


def beat(channel: Channel, timeout: float) -> list[Problem]:
    """Ask for the URL of the sign of life (GET)."""

    def attempt(channel: Channel) -> str | None:
        request = urllib.request.Request(channel.url, headers={"User-Agent": "crlm"})
        try:
            with urllib.request.urlopen(request, timeout=timeout):
                return None
        except urllib.error.HTTPError as error:
            return f"the service answered {error.code}"

    return _all_at_once([channel], attempt, timeout)


def look_at_channels(config: Config) -> tuple[list[Channel], list[Problem]]:
    """All channels, that of the heartbeat too, and what is wrong with them; nothing is sent."""
    channels, problems = channels_of(config)
    if channels:
        import apprise

        logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)
        problems += [
            Problem(channel.name, UNKNOWN)
            for channel in channels
            if not isinstance(apprise.Apprise.instantiate(channel.url), apprise.NotifyBase)
        ]
    heartbeat = heartbeat_of(config)
    if isinstance(heartbeat, Channel):
        channels.append(heartbeat)
    elif heartbeat is not None:
        problems.append(heartbeat)
    return channels, problems


def _all_at_once(
    channels: Sequence[Channel], attempt: Callable[[Channel], str | None], timeout: float
) -> list[Problem]:
    results: dict[int, str | None] = {}

    def work(number: int, channel: Channel) -> None:
        try:
            results[number] = attempt(channel)
        except Exception as error:
            # Whatever a service does to us: its text may hold the address.
            results[number] = f"it could not be reached ({type(error).__name__})"

    # Threads that nobody waits for longer: a name server may hang without a limit of its own.
    threads = [
        threading.Thread(target=work, args=(number, channel), daemon=True)
        for number, channel in enumerate(channels)
    ]
    for thread in threads:
        thread.start()
    ends = time.monotonic() + timeout
    for thread in threads:
        thread.join(max(0.0, ends - time.monotonic()))
    problems = []
    for number, channel in enumerate(channels):
        problem = results.get(number, f"no answer in {timeout:g} seconds")
        if problem is not None:
            problems.append(Problem(channel.name, problem))
    return problems


def _urls_of(config: Config, address: Address, place: str) -> list[str] | Problem:
    if address.url is not None:
        text = address.url.get_secret_value()
    elif address.env is not None:
        text = os.environ.get(address.env, "")
        if not text.strip():
            return Problem(place, f"the environment variable {address.env} is not set")
    else:
        assert address.file is not None  # one of the three is there
        path = (config.root / address.file.expanduser()).resolve()
        try:
            if stat.S_IMODE(path.stat().st_mode) & 0o077:
                return Problem(place, f"{path}: others than its owner can read it; chmod 600 it")
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeError) as error:
            reason = getattr(error, "strerror", None) or type(error).__name__
            return Problem(place, f"{path}: the file cannot be read ({reason})")
    lines = [line.strip() for line in text.splitlines()]
    urls = [line for line in lines if line and not line.startswith("#")]
    if not urls:
        return Problem(place, "it names no URL")
    return urls


def _service(url: str) -> str:
    """The name of the service; whatever else stands in a URL may be secret."""
    found = re.match(r"([a-z][a-z0-9]{0,20})://", url)
    return found[1] if found else "no URL"
