"""A night of which less can be read is held until somebody gives a reason."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest


@pytest.mark.slow
def test_less_that_can_be_read_is_held_until_forced(example: Any, tmp_path: Path) -> None:
    registry, files = example.copy(tmp_path / "registry")
    published = registry.current.resolve()
    # The export now writes dates in another order: 2019-05-17 becomes 17/05/2019.
    path = files / "operative_synthetic.csv"
    registry.rewrite(path, lambda line: re.sub(r"(\d{4})-(\d\d)-(\d\d)", r"\3/\2/\1", line))

    held = registry.refresh()

    assert held.returncode == 1
    assert "the delivery is held" in held.stderr
    assert "operation_date" in held.stderr
    assert registry.current.resolve() == published

    done = registry.crlm("refresh", "--force", "--reason", "the new export is known")

    assert done.returncode == 0, done.stdout + done.stderr
    assert "date" in done.stdout
    manifest = json.loads((registry.current / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["forced_because"] == "the new export is known"
    report = (registry.current / "survival_report.html").read_text(encoding="utf-8")
    assert "the reason given: the new export is known" in report
    assert manifest["quarantine"]["pathology"] == 2
    assert "2 rows of the pathology extract could not be taken" in report
    with registry.published() as con:
        misfits = con.execute("select field, fits from quality.date_misfits").fetchall()
        held_rows = con.execute(
            "select extract, file_row_number, reason from quality.quarantined_rows"
        ).fetchall()
    assert ("operation_date", "dmy") in misfits
    assert {extract for extract, *_ in held_rows} == {"pathology"}
