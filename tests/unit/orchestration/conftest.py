"""A service that takes messages, on this machine, and registries that tell it."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml

from orchestration.config import Config, load_config
from orchestration.paths import Home


@dataclass
class Service:
    """What was sent to it: messages (POST) and signs of life (GET).

    A path with `slow` in it is answered when the test is over, one with `refused` by 500.
    """

    address: str = ""
    messages: list[dict[str, Any]] = field(default_factory=list)
    beats: list[str] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    @property
    def titles(self) -> list[str]:
        return [message["title"] for message in self.messages]

    @property
    def url(self) -> str:
        """The address of a channel, as apprise writes it."""
        return f"json://{self.address}/path-token"


@pytest.fixture
def service() -> Iterator[Service]:
    found = Service()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            content = self.rfile.read(int(self.headers["content-length"]))
            if self._answer():
                found.messages.append(json.loads(content))

        def do_GET(self) -> None:
            if self._answer():
                found.beats.append(self.path)

        def _answer(self) -> bool:
            if "slow" in self.path:
                found.over.wait(10)
                return False
            refused = "refused" in self.path
            self.send_response(500 if refused else 200)
            self.end_headers()
            return not refused

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found.address = f"127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield found
    found.over.set()
    server.shutdown()
    server.server_close()


@pytest.fixture
def registry(tmp_path: Path, service: Service) -> Callable[..., Config]:
    """Makes a configuration whose `notify` tells the service; nothing is run."""

    def make(**notify: Any) -> Config:
        content = {
            "registry": {"name": "Test registry", "home": "home", "timezone": "Asia/Tehran"},
            "extracts": {"operative": {"files": "operative.csv"}},
            "notify": {"to": [service.url], **notify},
        }
        path = tmp_path / "registry.yml"
        path.write_text(yaml.safe_dump(content), encoding="utf-8")
        config = load_config(path)
        Home(config.home).create()
        return config

    return make
