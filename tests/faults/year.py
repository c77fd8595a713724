"""``python -m tests.faults.year --nights 365``: a year of nights, a fault on one in five.

A registry of twenty synthetic patients gets corrected files every so many nights. On one night in
five something goes wrong at random: the run is killed, asked to stop, has no room to write, or
finds the warehouse damaged or gone; it is then run again, as the next night would. A second
registry is given the same files and is never disturbed. In the end both have to hold the same.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import signal
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.conftest import Registry
from tests.faults.conftest import (
    Nursery,
    bytes_of,
    content_of_ledger,
    content_of_release,
    copy_of,
    make_registry,
)

FAULTS = ("killed", "asked to stop", "no room", "damaged", "gone")


class Year:
    """Two registries with the same deliveries, one of which is disturbed."""

    def __init__(self, folder: Path, seed: int, corrected_every: int) -> None:
        self.random = random.Random(seed)
        self.corrected_every = corrected_every
        (folder / "beside").mkdir()
        self.nursery, self.calm_nursery = Nursery(folder), Nursery(folder / "beside")
        self.calm = make_registry(folder / "calm", self.calm_nursery)
        self.disturbed = copy_of(self.calm, folder / "disturbed")
        self.delivered: set[str] = set()
        self.faults: Counter[str] = Counter()
        self.refreshes = 0
        self.seconds = 20.0

    def night(self, number: int) -> None:
        if number % self.corrected_every == 1:
            self._correct()
        with ThreadPoolExecutor(max_workers=1) as beside:
            undisturbed = beside.submit(self._refresh, self.calm, self.calm_nursery)
            if self.random.random() < 0.2:
                self._disturb()
            self._refresh(self.disturbed, self.nursery)
            undisturbed.result()

    def _correct(self) -> None:
        """A patient was born on another day from now on."""
        calm, disturbed = (
            registry.config.parent / "files" / "operative_synthetic.csv"
            for registry in (self.calm, self.disturbed)
        )
        text = calm.read_text(encoding="utf-8-sig")
        # A file that was delivered before would be held as an old one.
        self.delivered.add(text)
        while text in self.delivered:
            text = self._with_another_birthday(text)
        for path in (calm, disturbed):
            path.write_text(text, encoding="utf-8-sig", newline="")

    def _with_another_birthday(self, text: str) -> str:
        """The same file, but for one row drawn at random; there are days enough for a year."""
        lines = text.splitlines(keepends=True)
        row = self.random.randrange(1, len(lines))
        day = self.random.randrange(1, 29)
        lines[row] = re.sub(r"(,19[2-7]\d-\d\d-)\d\d,", rf"\g<1>{day:02},", lines[row], count=1)
        return "".join(lines)

    def _refresh(self, registry: Registry, nursery: Nursery) -> None:
        started = time.monotonic()
        done = nursery.run(registry, "refresh")
        self.refreshes += 1
        if done.code != 0:
            raise SystemExit(f"a night was not green: {done.said}")
        self.seconds = max(self.seconds * 0.9, time.monotonic() - started)

    def _disturb(self) -> None:
        fault = self.random.choice(FAULTS)
        self.faults[fault] += 1
        standing = self.disturbed.current.resolve()
        before = bytes_of(standing)
        warehouse = self.disturbed.home / "warehouse.duckdb"
        if fault == "damaged":
            with warehouse.open("r+b") as handle:
                handle.seek(self.random.randrange(warehouse.stat().st_size))
                handle.write(b"\xff" * 4096)
        elif fault == "gone":
            warehouse.unlink()
        else:
            moment = self.random.uniform(0, self.seconds)
            number = signal.SIGKILL if fault == "killed" else signal.SIGTERM
            self.refreshes += 1
            if fault == "no room":
                size = self.random.randrange(1 << 10, 16 << 20)
                self.nursery.run(
                    self.disturbed, "refresh", "--force", hook="no_file_larger_than", size=size
                )
            else:
                self.nursery.run(
                    self.disturbed, "refresh", "--force", signal_after=(number, moment)
                )
        if standing.exists() and bytes_of(standing) != before:
            raise SystemExit(f"{fault}: the last release was touched")

    def reconcile(self) -> list[str]:
        """The tables in which the two registries differ."""
        differing = []
        for what in (content_of_release, content_of_ledger):
            calm, disturbed = what(self.calm), what(self.disturbed)
            differing += [t for t in calm | disturbed if calm.get(t) != disturbed.get(t)]
        return differing


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.faults.year", description=__doc__)
    parser.add_argument("--nights", type=int, default=365)
    parser.add_argument(
        "--corrected-every", type=int, default=10, help="so many nights have the same files"
    )
    parser.add_argument("--seed", type=int, default=20161)
    options = parser.parse_args()
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="crlm-year-") as folder:
        year = Year(Path(folder), options.seed, options.corrected_every)
        for number in range(1, options.nights + 1):
            year.night(number)
            print(f"\rnight {number} of {options.nights}", end="", file=sys.stderr, flush=True)
        print(file=sys.stderr)
        differing = year.reconcile()
        year.nursery.end()
        year.calm_nursery.end()
    told = ", ".join(f"{fault} {count}" for fault, count in sorted(year.faults.items()))
    print(
        f"{options.nights} nights, {year.refreshes} refreshes, {time.monotonic() - started:.0f} s"
    )
    print(f"faults: {sum(year.faults.values())} ({told or 'none'})")
    print(f"tables that differ from the undisturbed registry: {', '.join(differing) or 'none'}")
    sys.stdout.flush()
    os._exit(int(bool(differing)))


if __name__ == "__main__":
    main()
