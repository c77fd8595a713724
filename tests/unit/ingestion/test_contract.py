"""The declarations of the extracts, and what is said of a broken one."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from ingestion.contract import EXTRACTS, KINDS, Contract, load_contract
from ingestion.errors import IngestionError


@pytest.fixture
def edited(dbt_project: Path, tmp_path: Path) -> Callable[[Callable[[dict[str, Any]], None]], Path]:
    """A copy of the declarations with one change to the table of the pathology extract."""

    def make(change: Callable[[dict[str, Any]], None]) -> Path:
        staging = Path("models") / "staging"
        for name in EXTRACTS:
            source = staging / name / f"_{name}__sources.yml"
            (tmp_path / source).parent.mkdir(parents=True)
            shutil.copy(dbt_project / source, tmp_path / source)
        path = tmp_path / staging / "pathology" / "_pathology__sources.yml"
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
        change(document["sources"][0]["tables"][0])
        path.write_text(yaml.safe_dump(document, allow_unicode=True), encoding="utf-8")
        return tmp_path

    return make


@pytest.mark.parametrize(
    ("extract", "key", "some_fields"),
    [
        (
            "pathology",
            ("patient_id", "specimen_id", "report_date"),
            {"margin_distance", "tumor_regression_scale"},
        ),
        ("operative", ("patient_id", "operation_id"), {"segments", "cea_ng_ml", "national_id"}),
        ("follow_up", ("patient_id", "contact_date", "source"), {"time_since_operation"}),
    ],
)
def test_three_extracts_are_declared(
    project_contract: Contract, extract: str, key: tuple[str, ...], some_fields: set[str]
) -> None:
    declared = project_contract[extract]
    assert declared.name == extract
    assert declared.key == key
    assert declared.grain.startswith("a row per")
    assert some_fields <= set(declared.field_names)
    assert {f.kind for f in declared.fields} <= KINDS
    assert {f.name for f in declared.fields if f.required} == {"patient_id"}
    for f in declared.fields:
        assert f.kind != "word" or f.vocabulary, f.name
        assert f.minimum is None or f.maximum is None or f.minimum < f.maximum, f.name


@pytest.mark.parametrize("extract", EXTRACTS)
def test_vocabularies_are_seeds(
    project_contract: Contract, dbt_project: Path, extract: str
) -> None:
    for f in project_contract[extract].fields:
        if f.vocabulary:
            assert (dbt_project / "seeds" / f"{f.vocabulary}.csv").exists(), f.name


def test_key_is_made_of_the_substitutes_where_ids_are_not_mapped(
    project_contract: Contract,
) -> None:
    operative, follow_up = project_contract["operative"], project_contract["follow_up"]
    assert operative.natural_key({"patient_id", "sex"}) == ("patient_id",)
    assert follow_up.natural_key({"patient_id", "contact_date", "time_since_operation"}) == (
        "patient_id",
        "contact_date",
    )
    assert follow_up.natural_key(set(follow_up.field_names)) == follow_up.key
    assert follow_up.natural_key(set()) == ()


def test_unknown_kind_is_named_with_file_and_column(edited: Any) -> None:
    def change(table: dict[str, Any]) -> None:
        table["columns"][3]["config"]["meta"]["kind"] = "datum"

    with pytest.raises(
        IngestionError, match=r"_pathology__sources\.yml, column \w+: kind is 'datum'.*margin"
    ):
        load_contract(edited(change))


def test_column_without_a_kind_is_named(edited: Any) -> None:
    def change(table: dict[str, Any]) -> None:
        del table["columns"][3]["config"]

    with pytest.raises(IngestionError, match=r"column \w+: kind is None"):
        load_contract(edited(change))


@pytest.mark.parametrize("part", ["key", "key_without"])
def test_key_that_is_no_column_is_named(edited: Any, part: str) -> None:
    def change(table: dict[str, Any]) -> None:
        meta = table["config"]["meta"]
        meta[part] = ["patient_id", "slide"] if part == "key" else {"specimen_id": "slide"}

    with pytest.raises(
        IngestionError, match=r"_pathology__sources\.yml: the key names slide, which is no column"
    ):
        load_contract(edited(change))


@pytest.mark.parametrize(
    "change",
    [
        lambda table: table["columns"][3].pop("description"),
        lambda table: table["config"]["meta"].pop("grain"),
        lambda table: table["config"]["meta"].pop("key"),
        lambda table: table.pop("description"),
        lambda table: table.update(name="histology"),
    ],
    ids=["column description", "grain", "key", "description", "name of the table"],
)
def test_incomplete_declaration_is_said_in_a_sentence(edited: Any, change: Any) -> None:
    with pytest.raises(IngestionError, match=r"_pathology__sources\.yml"):
        load_contract(edited(change))
