"""What a run says while it works: lines for a person, or JSON lines for a machine; and, where it
has one, its log.

Nothing that is said holds a value of a patient.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from orchestration.run_log import INFO, RunLog

if TYPE_CHECKING:
    from rich.progress import Progress as Bar
    from rich.progress import TaskID


class Progress:
    """Says what happens, and remembers how long each stage took (``seconds``).

    ``at_work`` is the stage at work, or the one that failed. ``log`` gets what is said too, once a
    run has one. On a terminal a bar shows how far the run has come.
    """

    def __init__(self, *, as_json: bool = False) -> None:
        self.as_json = as_json
        self.seconds: dict[str, float] = {}
        self.at_work: str | None = None
        self.log: RunLog | None = None
        self._bar: tuple[Bar, TaskID] | None = None

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        started = time.monotonic()
        self.at_work = name
        if self._bar is not None:
            bar, task = self._bar
            bar.update(task, description=name)
        try:
            yield
            self.at_work = None
            if self._bar is not None:
                bar, task = self._bar
                bar.advance(task)
        finally:
            self.seconds[name] = round(time.monotonic() - started, 3)
            if self.log is not None:
                how = "done" if self.at_work is None else "not finished"
                self.log.write(name, how, seconds=self.seconds[name])

    @contextmanager
    def bar(self, stages: int) -> Iterator[None]:
        """Show on a terminal how many of so many stages are done."""
        if self.as_json or not sys.stdout.isatty():
            yield
            return
        # Only a terminal needs it.
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
        from rich.progress import Progress as Bar

        columns = (
            TextColumn("{task.description:<12}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
        )
        # What libraries print keeps its own way: the bar is gone when it ends.
        with Bar(*columns, transient=True) as bar:
            self._bar = (bar, bar.add_task("", total=stages))
            try:
                yield
            finally:
                self._bar = None

    def say(self, stage: str, text: str, *, level: str = INFO, **facts: Any) -> None:
        if self.log is not None:
            self.log.write(stage, text, level=level, **facts)
        if self.as_json:
            line = json.dumps({"stage": stage, "text": text, **facts}, default=str)
        else:
            line = f"{stage:<12} {text}"
        if self._bar is not None:
            # Above the bar, as it is: no brackets are read as styles, no line is cut.
            console = self._bar[0].console
            console.print(line, markup=False, highlight=False, emoji=False, soft_wrap=True)
        else:
            print(line, file=sys.stdout, flush=True)
