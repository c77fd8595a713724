"""`python -m benchmarks.ledger`: deliveries into the ledger, as ratios in one run.

Three extracts of synthetic patients are loaded bare (DuckDB's `create table as select * from
read_csv(…, all_varchar)`) and taken in: the first time, the same files again, and with one row in
a hundred changed. The same files again are compared with hashing them. Each night is a process of
its own, whose peak memory is read at its end.
"""

from __future__ import annotations

import argparse
import datetime
import hashlib
import multiprocessing
import resource
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import duckdb
import yaml

from benchmarks.extracts import PROJECT, bare_load, change_rows, file_of, generate
from ingestion.contract import load_contract
from ingestion.deliveries import Deliveries
from ingestion.gates import GateSettings
from ingestion.ingest import Ingestion
from ingestion.pseudonyms import DEMO_KEY, PseudonymKey
from ingestion.settings import ExtractSettings


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--patients", type=int, default=50_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        first, changed = folder / "first", folder / "changed"
        generate(options.patients, first)
        change_rows(first, changed)
        bare = bare_load(first)
        hashing = hash_files(first)
        print(f"{options.patients} patients; bare load {bare:.2f} s, hashing {hashing:.2f} s")
        for night, (label, files, reference, seconds) in enumerate(
            [
                ("first", first, "bare load", bare),
                ("unchanged", first, "hashing", hashing),
                ("1 % changed", changed, "bare load", bare),
            ],
            start=1,
        ):
            elapsed, megabytes = in_a_process(take_in, files, folder / "home", night)
            print(
                f"{label:<12} {elapsed:7.2f} s = {elapsed / seconds:5.2f} x {reference}, "
                f"peak {megabytes} MB"
            )


def take_in(files: Path, home: Path, night: int) -> tuple[float, int]:
    """Take the extracts of a folder into the ledger; seconds, and peak memory in MB."""
    home.mkdir(exist_ok=True)
    content = yaml.safe_load((PROJECT / "registry.yml").read_text(encoding="utf-8"))
    extracts = {
        name: ExtractSettings.model_validate(settings | {"files": str(file_of(files, name))})
        for name, settings in content["extracts"].items()
    }
    contract = load_contract(PROJECT / "dbt_project")
    started = time.monotonic()
    with duckdb.connect(str(home / "warehouse.duckdb")) as con:
        Ingestion(
            con,
            contract,
            extracts,
            Deliveries(files, home / "archive"),
            key=PseudonymKey(DEMO_KEY.encode()),
            gates=GateSettings(),
        ).run(f"night-{night}", datetime.datetime(2024, 1, night))
    elapsed = time.monotonic() - started
    return elapsed, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def in_a_process(
    measure: Callable[..., tuple[float, int]], *arguments: object
) -> tuple[float, int]:
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(measure, *arguments).result()


def hash_files(folder: Path) -> float:
    """Seconds to hash the extracts, the median of three."""
    times = []
    for _ in range(3):
        started = time.monotonic()
        for path in folder.glob("*.csv"):
            with path.open("rb") as handle:
                hashlib.file_digest(handle, "sha256")
        times.append(time.monotonic() - started)
    return sorted(times)[1]


if __name__ == "__main__":
    main()
