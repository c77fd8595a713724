"""`make bench`: whole nights at growing sizes, as ratios to a bare load of the same files.

The reference is DuckDB's `create table as select * from read_csv(…, all_varchar)` of the three
extracts, in the same run. Results go to the terminal and to benchmarks/results.csv.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb
import yaml

PROJECT = Path(__file__).resolve().parent.parent
EXTRACTS = {"pathology": ";", "operative": ",", "follow_up": ","}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--patients", type=int, nargs="+", default=[248, 2_000, 10_000])
    options = parser.parse_args()
    rows = []
    for patients in options.patients:
        with tempfile.TemporaryDirectory() as folder:
            rows += measure(patients, Path(folder))
    write(rows)


def measure(patients: int, folder: Path) -> list[dict[str, object]]:
    """A first night of one size, the same again by force, and one that finds nothing changed.

    Seconds by stage, and the ratio to a bare load.
    """
    generate(patients, folder)
    reference = bare_load(folder)
    config = configuration(folder)
    found = []
    for night, options in (("first", ()), ("forced", ("--force",)), ("unchanged", ())):
        started = time.monotonic()
        done = subprocess.run(
            [
                *(sys.executable, "-m", "orchestration.cli"),
                *("refresh", "--json", "--config", str(config), *options),
            ],
            check=True,
            capture_output=True,
            text=True,
            cwd=PROJECT,
        )
        elapsed = time.monotonic() - started
        stages = json.loads(done.stdout.splitlines()[-1]).get("seconds", {})
        found.append(
            {
                "patients": patients,
                "night": night,
                "seconds": round(elapsed, 2),
                "bare_load_seconds": round(reference, 3),
                "ratio": round(elapsed / reference, 1),
                "start-up": round(elapsed - sum(stages.values()), 2),
                **stages,
            }
        )
    return found


def generate(patients: int, folder: Path) -> None:
    """Write the three extracts of so many synthetic patients."""
    subprocess.run(
        [
            *(sys.executable, "-m", "examples.generate"),
            *("--patients", str(patients), "--out", str(folder)),
        ],
        check=True,
        cwd=PROJECT,
        stdout=subprocess.DEVNULL,
    )


def bare_load(folder: Path) -> float:
    """Median seconds of three loads of the extracts as text into a new database file."""
    times = []
    for number in range(3):
        started = time.monotonic()
        with duckdb.connect(str(folder / f"bare_{number}.duckdb")) as con:
            for name, delimiter in EXTRACTS.items():
                con.execute(
                    f"create table {name} as select * from "
                    f"read_csv('{folder}/{name}_synthetic.csv', delim = '{delimiter}', "
                    "all_varchar = true)"
                )
        (folder / f"bare_{number}.duckdb").unlink()
        times.append(time.monotonic() - started)
    return sorted(times)[1]


def configuration(folder: Path) -> Path:
    content = yaml.safe_load((PROJECT / "registry.yml").read_text(encoding="utf-8"))
    content["registry"]["home"] = str(folder / "home")
    content["analysis"]["plan"] = str(PROJECT / content["analysis"]["plan"])
    for name, extract in content["extracts"].items():
        extract["files"] = str(folder / f"{name}_synthetic.csv")
    path = folder / "registry.yml"
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return path


def write(rows: list[dict[str, object]]) -> None:
    names = list(rows[0])
    target = PROJECT / "benchmarks" / "results.csv"
    with target.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.DictWriter(handle, names)
        writer.writeheader()
        writer.writerows(rows)
    widths = {
        name: max(len(name), *(len(str(row.get(name, ""))) for row in rows)) for name in names
    }
    print("  ".join(name.rjust(widths[name]) for name in names))
    for row in rows:
        print("  ".join(str(row.get(name, "")).rjust(widths[name]) for name in names))
    print(f"on {os.cpu_count()} cores; {target}")


if __name__ == "__main__":
    main()
