"""A service that takes messages, on this machine."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


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


@contextmanager
def serve() -> Iterator[Service]:
    """A service on a free port of this machine."""
    found = Service()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            content = self.rfile.read(int(self.headers["content-length"]))
            self._answer(lambda: found.messages.append(json.loads(content)))

        def do_GET(self) -> None:
            self._answer(lambda: found.beats.append(self.path))

        def _answer(self, take: Callable[[], None]) -> None:
            if "slow" in self.path:
                found.over.wait(10)
                return
            refused = "refused" in self.path
            if not refused:
                take()
            self.send_response(500 if refused else 200)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found.address = f"127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield found
    found.over.set()
    server.shutdown()
    server.server_close()
