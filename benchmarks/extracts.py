"""The files of a benchmark: synthetic extracts, the same with corrections, and a bare load."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import numpy as np

PROJECT = Path(__file__).resolve().parent.parent
EXTRACTS = {"pathology": ";", "operative": ",", "follow_up": ","}
KEYS = {
    "pathology": ("MRN", "Accession No", "Report date"),
    "operative": ("MRN", "OP_ID"),
    "follow_up": ("شماره پرونده", "تاریخ تماس", "منبع"),
}
CHANGED_SHARE = 0.01
CHANGE_SEED = 20240101

CORRECTIONS = {
    "pathology": {"Margin": "'3 mm'", "Margin status": "'free'", "PNI": "'absent'"},
    "operative": {"Lobes": "'bilobar'", "Gender": "\"Gender\" || ' '"},
    "follow_up": {
        "وضعیت": "case coalesce(\"وضعیت\", '') when '' then 'alive' when 'زنده' then 'alive' "
        "when 'alive' then 'Alive' when 'Alive' then 'زنده' when 'Dead' then 'فوت' else 'Dead' end"
    },
}
"""Per extract, columns and the SQL of the text that a corrected row has there. No key changes."""


def generate(patients: int, folder: Path, seed: int | None = None) -> None:
    """Write the three extracts of so many synthetic patients."""
    subprocess.run(
        [
            *(sys.executable, "-m", "examples.generate"),
            *("--patients", str(patients), "--out", str(folder)),
            *(() if seed is None else ("--seed", str(seed))),
        ],
        check=True,
        cwd=PROJECT,
        stdout=subprocess.DEVNULL,
    )


def file_of(folder: Path, extract: str) -> Path:
    return folder / f"{extract}_synthetic.csv"


def change_rows(source: Path, target: Path, share: float = CHANGED_SHARE) -> dict[str, int]:
    """Copy the extracts with corrections in a share of their rows, at least one of each.

    The rows are drawn at random, from one seed; a row that is delivered twice is corrected twice,
    or the two would contradict each other. Returns the corrected rows of each extract.
    """
    target.mkdir(exist_ok=True)
    random = np.random.default_rng(CHANGE_SEED)
    changed = {}
    for name, delimiter in EXTRACTS.items():
        key = ", ".join(f'"{column}"' for column in KEYS[name])
        corrected = ", ".join(
            f'case when is_drawn then {text} else "{column}" end as "{column}"'
            for column, text in CORRECTIONS[name].items()
        )
        with duckdb.connect() as con:
            con.execute(
                "create table rows as select row_number() over () - 1 as place, * from "
                f"read_csv('{file_of(source, name)}', delim = '{delimiter}', quote = '\"', "
                "all_varchar = true)"
            )
            (count,) = con.execute("select count(*) from rows").fetchall()[0]
            places = random.choice(count, max(1, round(count * share)), replace=False)
            con.register("drawn", {"place": np.sort(places)})
            con.execute(
                f"create table marked as select *, ({key}) in "
                f"(select ({key}) from rows semi join drawn using (place)) as is_drawn from rows"
            )
            con.execute(
                f"copy (select * exclude (place, is_drawn) replace ({corrected}) from marked "
                f"order by place) to '{file_of(target, name)}.rows' "
                f"(header false, delim '{delimiter}', quote '\"')"
            )
            _join(file_of(source, name), Path(f"{file_of(target, name)}.rows"))
            (changed[name],) = con.execute(
                "select count(*) filter (is_drawn) from marked"
            ).fetchall()[0]
    return changed


def _join(source: Path, rows: Path) -> None:
    """Put the header of a file, blanks and all, before rows that stand in one of their own."""
    with source.open("rb") as file, rows.with_suffix("").open("wb") as joined:
        # The rows end as DuckDB ends them.
        joined.write(file.readline().rstrip(b"\r\n") + b"\n")
        with rows.open("rb") as rest:
            shutil.copyfileobj(rest, joined)
    rows.unlink()


def rows_in(folder: Path) -> int:
    """The rows of the three extracts together."""
    with duckdb.connect() as con:
        return sum(
            con.execute(
                f"select count(*) from read_csv('{file_of(folder, name)}', delim = '{delimiter}', "
                "quote = '\"', all_varchar = true)"
            ).fetchall()[0][0]
            for name, delimiter in EXTRACTS.items()
        )


def deliver(source: Path, target: Path) -> None:
    """Put the extracts of one folder in the place of those of another."""
    target.mkdir(exist_ok=True)
    for name in EXTRACTS:
        shutil.copyfile(file_of(source, name), file_of(target, name))


def bare_load(folder: Path) -> float:
    """Median seconds of three loads of the extracts as text into a new database file."""
    times = []
    for number in range(3):
        started = time.monotonic()
        with duckdb.connect(str(folder / f"bare_{number}.duckdb")) as con:
            for name, delimiter in EXTRACTS.items():
                con.execute(
                    f"create table {name} as select * from "
                    f"read_csv('{file_of(folder, name)}', delim = '{delimiter}', quote = '\"', "
                    "all_varchar = true)"
                )
        (folder / f"bare_{number}.duckdb").unlink()
        times.append(time.monotonic() - started)
    return sorted(times)[1]
