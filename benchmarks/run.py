"""`make bench`: nights of this project and the same job by its peers, measured in one run.

For each size: synthetic extracts; a cold night, the same files again, and the files with one row
in a hundred corrected; each peer on the first and on the corrected files; a bare load of the files
into DuckDB as a reference of the machine. Each is a process of its own: wall time, processor time,
peak memory, and the seconds of its stages. Ends with 1 where a peer and the release of that night
differ in a count, a survival figure or a coefficient, or where a peer fails.

Every measurement goes to benchmarks/latest.csv; with --record to benchmarks/results.csv, in place
of those of the same size, and its medians to benchmarks/history.csv, which keeps every commit.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import yaml

from benchmarks import results
from benchmarks.agreement import differences
from benchmarks.extracts import PROJECT, bare_load, change_rows, deliver, file_of, generate, rows_in
from benchmarks.measure import CommandError, Usage, measure
from benchmarks.results import BARE_LOAD, CRLM, SAME_STATISTICS, WHOLE, Measurement

SIZES = (248, 1_000)
PEERS: dict[str, tuple[str, ...]] = {
    "pandas + lifelines": (sys.executable, "-m", "benchmarks.peers.pandas_lifelines"),
    "data.table + survival": (
        "Rscript",
        "--vanilla",
        str(PROJECT / "benchmarks" / "peers" / "data_table.R"),
    ),
}
START_UP = "start-up"
"""What a process takes beside its stages: the interpreter, its libraries, the ending."""


@dataclass
class Bench:
    """One run: what it measures and what it found."""

    repeats: int
    same_statistics: bool
    commit: str
    date: str
    peers: dict[str, list[str]]
    stamp: Measurement = field(init=False)
    found: list[Measurement] = field(default_factory=list)
    disagreements: dict[results.Case, int] = field(default_factory=dict)

    def size(self, patients: int, folder: Path) -> None:
        """Measure one size in a folder of its own."""
        first, changed = folder / "first", folder / "changed"
        generate(patients, first)
        change_rows(first, changed)
        self.stamp = Measurement(
            self.commit, self.date, os.cpu_count() or 1, patients, rows_in(first)
        )
        self._keep("cold", BARE_LOAD, 0, Usage(bare_load(first), float("nan"), float("nan"), ""))
        for repeat in range(self.repeats):
            home = folder / f"home_{repeat}"
            tonight = folder / "tonight"
            deliver(first, tonight)
            config = configuration(tonight, home)
            self._night("cold", CRLM, repeat, config)
            self._peers("cold", repeat, first, home)
            self._night("unchanged", CRLM, repeat, config)
            deliver(changed, tonight)
            self._night("1 % changed", CRLM, repeat, config)
            self._peers("1 % changed", repeat, changed, home)
            shutil.rmtree(home)
            if self.same_statistics:
                deliver(first, tonight)
                plan = PROJECT / "benchmarks" / "plan.yml"
                self._night("cold", SAME_STATISTICS, repeat, configuration(tonight, home, plan))
                shutil.rmtree(home)

    def _night(self, night: str, contender: str, repeat: int, config: Path) -> None:
        usage = measure(
            [
                sys.executable,
                "-m",
                "orchestration.cli",
                "refresh",
                "--json",
                "--config",
                str(config),
            ],
            PROJECT,
        )
        self._keep(night, contender, repeat, usage)

    def _peers(self, night: str, repeat: int, files: Path, home: Path) -> None:
        """Measure the peers on the files of a night, and compare with what it published."""
        release = home / "published" / "current" / "registry.duckdb"
        for peer, command in self.peers.items():
            out = home / "peer.csv"
            try:
                # R reads Persian texts in a locale of UTF-8 alone.
                usage = measure([*command, str(files), str(out)], PROJECT, {"LC_ALL": "C.UTF-8"})
            except CommandError as error:
                print(error, file=sys.stderr)
                wrong = ["no figures: it failed"]
            else:
                self._keep(night, peer, repeat, usage)
                wrong = differences(release, out)
            for sentence in wrong:
                print(f"{peer}, {night}: {sentence}", file=sys.stderr)
            key = (self.stamp.patients, night, peer)
            self.disagreements[key] = self.disagreements.get(key, 0) + len(wrong)

    def _keep(self, night: str, contender: str, repeat: int, usage: Usage) -> None:
        own = replace(
            self.stamp,
            night=night,
            contender=contender,
            repeat=repeat,
            stage=WHOLE,
            seconds=usage.seconds,
            cpu_seconds=usage.cpu_seconds,
            peak_mb=usage.peak_mb,
        )
        self.found.append(own)
        stages = stages_in(usage.output)
        if stages:
            stages = {START_UP: max(0.0, usage.seconds - sum(stages.values())), **stages}
        self.found += [
            replace(own, stage=stage, seconds=s, cpu_seconds=float("nan"), peak_mb=float("nan"))
            for stage, s in stages.items()
        ]
        print(
            f"{own.patients:>9} patients  {night:<12} {contender:<22} {usage.seconds:8.2f} s"
            + (f"  {usage.cpu_seconds:8.2f} s of a core" if usage.cpu_seconds > 0 else "")
            + (f"  {usage.peak_mb:7.0f} MB" if usage.peak_mb > 0 else ""),
            flush=True,
        )


def stages_in(output: str) -> dict[str, float]:
    """The seconds of each stage, from the last line that a night or a peer says."""
    lines = output.splitlines()
    said = json.loads(lines[-1]) if lines else {}
    # A night that builds nothing has no stages.
    stages = said.get("seconds", {}) if "stage" in said else said
    return {str(name): float(seconds) for name, seconds in stages.items()}


def available_peers() -> dict[str, list[str]]:
    """The commands of the peers that this machine has what they need for; says which it has not."""
    found = {}
    for peer, command in PEERS.items():
        if command[0] == "Rscript" and not r_has("data.table", "survival"):
            print(f"{peer} is left out: R, data.table or survival is missing", file=sys.stderr)
        else:
            found[peer] = list(command)
    return found


def r_has(*packages: str) -> bool:
    """Whether R and these packages are installed."""
    if shutil.which("Rscript") is None:
        return False
    asked = " && ".join(f"requireNamespace('{name}', quietly = TRUE)" for name in packages)
    done = subprocess.run(
        ["Rscript", "--vanilla", "-e", f"quit(status = if ({asked}) 0 else 1)"],
        capture_output=True,
    )
    return done.returncode == 0


def configuration(folder: Path, home: Path, plan: Path | None = None) -> Path:
    """The example's registry.yml for the extracts of a folder, written into it."""
    content = yaml.safe_load((PROJECT / "registry.yml").read_text(encoding="utf-8"))
    content["registry"]["home"] = str(home)
    content["analysis"]["plan"] = str(plan or PROJECT / content["analysis"]["plan"])
    for name, extract in content["extracts"].items():
        extract["files"] = str(file_of(folder, name))
    path = folder / "registry.yml"
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return path


def commit_of_the_project() -> str:
    """The commit that is measured, with a + where files differ from it."""
    done = subprocess.run(
        ["git", "describe", "--always", "--dirty=+", "--exclude=*"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
    )
    return done.stdout.strip() or "unknown"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.run", description=__doc__)
    parser.add_argument(
        "--patients", type=int, nargs="+", default=list(SIZES), help="sizes (default: %(default)s)"
    )
    parser.add_argument(
        "--repeats", type=int, default=1, help="of every night and peer (default: %(default)s)"
    )
    parser.add_argument(
        "--same-statistics",
        action="store_true",
        help="also a cold night that computes what the peers compute and no more",
    )
    parser.add_argument(
        "--record", action="store_true", help="keep the results, and their medians in the history"
    )
    options = parser.parse_args()
    if options.repeats < 1 or min(options.patients) < 1:
        parser.error("expected 1 or more repeats and patients")
    bench = Bench(
        options.repeats,
        options.same_statistics,
        commit_of_the_project(),
        datetime.now(UTC).date().isoformat(),
        available_peers(),
    )
    for patients in options.patients:
        with tempfile.TemporaryDirectory(prefix="bench_") as folder:
            bench.size(patients, Path(folder))
        results.write(results.LATEST, bench.found)
    if options.record:
        results.record(bench.found, bench.disagreements)
    print()
    print(results.summary(bench.found))
    if any(bench.disagreements.values()):
        sys.exit("the peers and the release do not agree, see above")
    print("the peers and the releases agree in every count, survival figure and coefficient")


if __name__ == "__main__":
    main()
