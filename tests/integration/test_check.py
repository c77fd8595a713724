"""`crlm check`: a configuration tried on its files, without a value of a patient."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest


@pytest.mark.slow
def test_check_shows_shapes_shares_codes_and_misfits(example_registry: Any, tmp_path: Path) -> None:
    rows = [
        ["MRN", "Op date", "Gender", "Access", "Name", "Ward"],
        *[
            [f"77{i:04d}", f"2019-05-{i + 1:02d}", "F", "open", f"Zaphod {i}", "7"]
            for i in range(9)
        ],
        ["770100", "13/05/2019", "q", "open", "Zaphod B", "7"],
        ["", "2019-05-01", "", "open", "Zaphod C", "7"],
        ["770101", "2019-05-01", "said to be a woman by her husband", "", "", ""],
    ]
    with (tmp_path / "operative.csv").open("w", newline="", encoding="utf-8") as handle:
        csv.writer(handle).writerows(rows)

    def only_operations(content: dict[str, Any]) -> None:
        content["extracts"] = {"operative": {"files": "operative.csv"}}

    example_registry.edit(only_operations)
    before = sorted(tmp_path.rglob("*"))

    done = example_registry.crlm("check")

    assert done.returncode == 0, done.stderr
    assert sorted(tmp_path.rglob("*")) == before
    lines = {line.split()[0]: line for line in done.stdout.splitlines() if " filled" in line}
    assert "11 filled" in lines["patient_id"]
    assert "999999 (11)" in lines["patient_id"]
    assert "11 filled, 90 % readable" in lines["operation_date"]
    assert "9999-99-99 (10)   99/99/9999 (1)" in lines["operation_date"]
    assert "11 filled, 81 % readable" in lines["sex"]
    assert "no list or rule reads: q (1), 1 rows of other texts" in done.stdout
    assert "1 dates cannot be read as declared and would fit dmy" in done.stdout
    assert "12 rows read, 0 equal to another, 1 would be held in quarantine" in done.stdout
    assert "not used: Ward" in done.stdout
    for value in ("Zaphod", "770001", "2019-05", "husband"):
        assert value not in done.stdout
