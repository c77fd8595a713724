"""Unmapped phrases become a file, the file is filled in, and the next night reads them."""

from __future__ import annotations

import csv
import io
import json
import shutil
from typing import Any

import pytest

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def registry(example: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A copy of the example registry after its first night."""
    folder = tmp_path_factory.mktemp("vocabulary") / "registry"
    shutil.copytree(example.config.parent, folder, symlinks=True)
    return type(example)(folder / "registry.yml")


def told(registry: Any, *arguments: str) -> str:
    done = registry.crlm("vocabulary", *arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout


def grades(registry: Any) -> dict[tuple[str | None, str | None], int]:
    with registry.published() as con:
        rows = con.execute(
            "select steatosis_grade, steatosis_grade_missing_reason, count(*)::int "
            "from marts.survival_cohort group by all"
        ).fetchall()
    return {(grade, reason): patients for grade, reason, patients in rows}


def test_phrases_filled_in_are_read_by_the_next_night(registry: Any) -> None:
    before = list(csv.DictReader(io.StringIO(told(registry, "unmapped", "--format", "csv"))))
    assert before == [
        {"field": "procedure", "phrase": "hepatectomy", "value": "", "note": "2 rows"},
        {"field": "steatosis", "phrase": "grade 4", "value": "", "note": "1 rows"},
    ]
    shown = told(registry, "unmapped")
    assert "1  steatosis (steatosis_phrases)" in shown
    assert "2 phrases are known to no list." in shown
    unread = grades(registry)

    # The manager decides about one of the two, and leaves the other for later.
    before[1]["value"] = "3"
    words = registry.config.parent / "my_phrases.csv"
    with words.open("w", newline="", encoding="utf-8-sig") as handle:
        writer = csv.DictWriter(handle, list(before[0]))
        writer.writeheader()
        writer.writerows(before)
    registry.edit(lambda content: content.update(vocabulary="my_phrases.csv"))
    checked = registry.crlm("check")
    assert "vocabulary: my_phrases.csv, 1 phrases, and 1 without a value yet" in checked.stdout
    done = registry.refresh()
    assert done.returncode == 0, done.stdout + done.stderr
    assert "the same as last time" in done.stdout
    manifest = json.loads((registry.current / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["own_phrases"] == 1

    left = json.loads(told(registry, "unmapped", "--format", "json"))
    assert [(phrase["field"], phrase["phrase"]) for phrase in left] == [
        ("procedure", "hepatectomy")
    ]
    read = grades(registry)
    assert read["3", None] == unread["3", None] + 1
    assert sum(read.values()) == sum(unread.values())
    listed = told(registry, "list", "steatosis")
    assert [line for line in listed.splitlines() if " hospital " in line] == [
        "3                             -   hospital  grade 4"
    ]
    assert "1 of them the hospital's" in listed


def test_a_wrong_file_stops_the_night_before_it_begins(registry: Any) -> None:
    words = registry.config.parent / "my_phrases.csv"
    words.write_text("field,phrase,value,note\nsteatosis,x,mild,\n", encoding="utf-8")
    registry.edit(lambda content: content.update(vocabulary="my_phrases.csv"))
    published = registry.current.resolve()
    for command in ("refresh", "check"):
        refused = registry.crlm(command)
        assert refused.returncode == 2
        assert "my_phrases.csv:2: steatosis: the field's list has no value 'mild'" in refused.stderr
        assert "Traceback" not in refused.stderr
    assert registry.current.resolve() == published
    assert registry.crlm("vocabulary", "list", "tumor_grad").returncode == 2
