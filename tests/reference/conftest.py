"""Cohorts for the comparisons with other software, and R started once for all of them."""

from __future__ import annotations

import csv
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Data:
    """A cohort without names: days, died, and 0/1 covariates (patients x covariates)."""

    days: FloatArray
    died: BoolArray
    design: FloatArray


def _random(n: int, covariates: int, distinct_times: int, seed: int) -> Data:
    rng = np.random.default_rng(seed)
    design = rng.integers(0, 2, (n, covariates)).astype(float)
    risk = np.exp(design @ np.linspace(-0.6, 0.8, covariates))
    death, censored = rng.exponential(30 / risk), rng.uniform(0, 60, n)
    # Rounding to few distinct times, from 0 on, makes heavy ties and deaths on day 0.
    width = 60 / distinct_times
    days = np.floor(np.minimum(death, censored) / width)
    return Data(days, death <= censored, design)


def _bundled(name: str) -> Data:
    from lifelines import datasets

    if name == "rossi":
        frame = datasets.load_rossi()
        columns = frame[["fin", "race", "wexp", "mar", "paro"]]
        return Data(
            frame["week"].to_numpy(dtype=float),
            frame["arrest"].to_numpy(dtype=bool),
            columns.to_numpy(dtype=float),
        )
    frame = datasets.load_lung().dropna(subset=["ph.ecog"])
    design = np.column_stack(
        [frame["sex"] == 2, frame["ph.ecog"] == 1, frame["ph.ecog"] >= 2, frame["age"] >= 65]
    )
    return Data(
        frame["time"].to_numpy(dtype=float),
        frame["status"].to_numpy(dtype=float) == frame["status"].max(),
        design.astype(float),
    )


@pytest.fixture(scope="session")
def cohorts() -> dict[str, Data]:
    """Name -> cohort with a finite maximum of the partial likelihood."""
    found = {"rossi": _bundled("rossi"), "lung": _bundled("lung")}
    for seed, (n, covariates, times) in enumerate(
        [(12, 1, 4), (25, 2, 6), (40, 3, 5), (80, 4, 12), (150, 5, 20), (248, 7, 60)], start=1
    ):
        found[f"ties{n}"] = _random(n, covariates, times, seed)
    one_day = _random(30, 2, 6, 9)
    found["all_dead_at_once"] = Data(np.full(30, 5.0), np.ones(30, dtype=bool), one_day.design)
    # Three exposed patients die early: full Newton steps from 0 overshoot and never return.
    days = np.array([0, 0, 9, 1, 1, 1, 1, *range(10, 35)], dtype=float)
    exposed = np.arange(32) < 3
    found["overshoot"] = Data(days, np.ones(32, dtype=bool), exposed[:, None].astype(float))
    return found


@pytest.fixture(scope="session")
def curves() -> dict[str, tuple[FloatArray, BoolArray]]:
    """Name -> days and deaths for Kaplan-Meier curves, most of them awkward."""

    def curve(days: list[float], died: list[int]) -> tuple[FloatArray, BoolArray]:
        return np.array(days, dtype=float), np.array(died, dtype=bool)

    rng = np.random.default_rng(11)
    found = {
        "half_then_lower": curve([1, 2, 3, 4, 5, 6, 7, 8], [1, 1, 1, 1, 0, 1, 0, 0]),
        "half_stays_half": curve([1, 2, 3, 4], [1, 1, 0, 1]),
        "half_exact": curve([1, 2, 3, 4, 5, 6], [1, 1, 1, 1, 1, 1]),
        "half_to_the_end": curve([1, 2, 3, 4, 5, 6, 7, 8], [1, 1, 1, 1, 0, 0, 0, 0]),
        "half_by_rounding": curve([2, 3, 5, 7, 9, 11, 13], [0, 1, 1, 1, 0, 1, 1]),
        "day_zero_deaths": curve([0, 0, 3, 8, 8, 12], [1, 1, 0, 1, 1, 0]),
        "day_zero_censored": curve([0, 2, 3, 8], [0, 1, 1, 0]),
        "all_dead_on_day_zero": curve([0, 0, 0], [1, 1, 1]),
        "no_deaths": curve([3, 5, 8], [0, 0, 0]),
        "one_alive": curve([7], [0]),
        "one_dead": curve([7], [1]),
        "all_tied": curve([4, 4, 4, 4], [1, 0, 1, 0]),
        "last_dies": curve([10, 20, 30, 40, 50], [1, 0, 1, 0, 1]),
    }
    for seed in range(6):
        n = int(rng.integers(10, 60))
        found[f"random{seed}"] = (
            rng.integers(0, 15, n).astype(float),
            rng.random(n) < 0.4 + 0.08 * seed,
        )
    # Even numbers without censoring before the middle: survival is exactly one half.
    for seed in range(4):
        n = 2 * int(rng.integers(2, 12))
        days = np.sort(rng.choice(200, n, replace=False)).astype(float)
        found[f"half_random{seed}"] = (days, np.arange(n) < n // 2 + seed)
    return found


RunR = Callable[..., dict[str, list[float]]]


@pytest.fixture(scope="session")
def run_r(tmp_path_factory: pytest.TempPathFactory) -> RunR:
    """`run_r(script, cases, *packages)`: one R process over all cases.

    Each case is written as <name>.csv without a header; the script sees `folder`, `cases`, and
    `put(key, numbers)`. Returns key -> numbers, NaN for NA. Skips where R, survival or a package
    asked for is missing.
    """
    rscript = shutil.which("Rscript")
    if rscript is None:
        pytest.skip("Rscript is not installed")

    def run(
        script: str, cases: dict[str, list[list[float]]], *packages: str
    ) -> dict[str, list[float]]:
        needed = ", ".join(f'"{name}"' for name in ("survival", *packages))
        folder = tmp_path_factory.mktemp("r")
        for name, rows in cases.items():
            with (folder / f"{name}.csv").open("w", newline="") as file:
                csv.writer(file).writerows(rows)
        head = f"""
            for (package in c({needed})) {{
              if (!requireNamespace(package, quietly = TRUE)) quit(status = 64)
              suppressPackageStartupMessages(library(package, character.only = TRUE))
            }}
            folder <- "{folder}"
            cases <- sub(".csv$", "", list.files(folder, pattern = "csv$"))
            out <- file(file.path(folder, "out.txt"), "w")
            put <- function(key, x) cat(key, sprintf("%.17g", as.numeric(x)), "\\n", file = out)
        """
        path = Path(folder / "script.R")
        path.write_text(head + script + "\nclose(out)\n")
        done = subprocess.run([rscript, "--vanilla", str(path)], capture_output=True, text=True)
        if done.returncode == 64:
            pytest.skip(f"R lacks one of the packages {needed}")
        assert done.returncode == 0, done.stderr
        values = {}
        for line in (folder / "out.txt").read_text().splitlines():
            key, *numbers = line.split()
            values[key] = [float("nan") if n in ("NA", "NaN") else float(n) for n in numbers]
        return values

    return run
