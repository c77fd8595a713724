"""What a run says while it works: lines for a person, or JSON lines for a machine.

Nothing that is said holds a value of a patient.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class Progress:
    """Says what happens, and remembers how long each stage took (``seconds``)."""

    def __init__(self, *, as_json: bool = False) -> None:
        self.as_json = as_json
        self.seconds: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        started = time.monotonic()
        try:
            yield
        finally:
            self.seconds[name] = round(time.monotonic() - started, 3)

    def say(self, stage: str, text: str, **facts: Any) -> None:
        if self.as_json:
            line = json.dumps({"stage": stage, "text": text, **facts}, default=str)
        else:
            line = f"{stage:<12} {text}"
        print(line, file=sys.stdout, flush=True)
