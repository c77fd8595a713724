"""When a night builds nothing, and what makes it build again. No night is run for these."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from ingestion.contract import load_contract
from ingestion.deliveries import Deliveries
from orchestration import night, release, sources
from orchestration.config import load_config
from orchestration.paths import DBT_PROJECT, PROJECT, Home
from orchestration.runs import run_id_of

NOW = datetime(2026, 5, 1, 2, 15, tzinfo=UTC)
RELEASE = run_id_of(NOW - timedelta(days=1))


@dataclass
class Standing:
    """A registry whose release says that it was made of what lies there now."""

    folder: Path

    @property
    def home(self) -> Home:
        return Home(self.folder / "home")

    @property
    def manifest(self) -> Path:
        return self.home.releases / RELEASE / "manifest.json"

    def configure(self, change: Callable[[dict[str, Any]], None]) -> None:
        path = self.folder / "registry.yml"
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        change(content)
        path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")

    def nothing_changed(self) -> str | None:
        config = load_config(self.folder / "registry.yml")
        plan = night.prepare(config, load_contract(DBT_PROJECT))
        deliveries = Deliveries(config.root, self.home.archive)
        this = night.ThisRun(self.home, NOW)
        return night._nothing_changed(config, self.home, plan, deliveries, this)

    def publish(self) -> None:
        config = load_config(self.folder / "registry.yml")
        plan = night.prepare(config, load_contract(DBT_PROJECT))
        deliveries = Deliveries(config.root, self.home.archive)
        found = {name: deliveries.of(name, s) for name, s in config.extracts.items()}
        inputs = [(name, file.sha256) for name, d in found.items() for file in d.all_files]
        content = {
            "made_of": sources.made_of(config, self.home, plan, inputs),
            "holds_until": None,
        }
        self.manifest.parent.mkdir()
        self.manifest.write_text(json.dumps(content), encoding="utf-8")
        (self.manifest.parent / release.DATABASE).touch()
        release.point_to(self.home, self.manifest.parent)
        self.home.warehouse.touch()


@pytest.fixture
def standing(tmp_path: Path) -> Standing:
    found = Standing(tmp_path)
    content = yaml.safe_load((PROJECT / "registry.yml").read_text(encoding="utf-8"))
    content["registry"]["home"] = "home"
    content["analysis"]["plan"] = "plan.yml"
    for extract in content["extracts"].values():
        source = PROJECT / extract["files"]
        for path in source.parent.glob(source.name):
            shutil.copy(path, tmp_path)
        extract["files"] = source.name
    (tmp_path / "plan.yml").write_text(
        f"extends: {PROJECT / 'analysis/plans/overall_survival.yml'}\n", encoding="utf-8"
    )
    (tmp_path / "registry.yml").write_text(yaml.safe_dump(content, allow_unicode=True), "utf-8")
    found.home.create()
    found.publish()
    return found


def rename_a_file(standing: Standing) -> None:
    path = standing.folder / "operative_synthetic.csv"
    path.rename(path.with_name("operative_of_today.csv"))


def write_the_configuration_otherwise(standing: Standing) -> None:
    path = standing.folder / "registry.yml"
    path.write_text("# A remark.\n" + path.read_text(encoding="utf-8"), encoding="utf-8")


def begin_at_another_hour(standing: Standing) -> None:
    standing.configure(lambda content: content.update(schedule={"at": "05:00"}))


def end_a_waiver_tonight(standing: Standing) -> None:
    hold_until(standing, NOW.date().isoformat())


@pytest.mark.parametrize(
    "change",
    [
        lambda _: None,
        rename_a_file,
        write_the_configuration_otherwise,
        begin_at_another_hour,
        end_a_waiver_tonight,
    ],
)
def test_the_same_again_builds_nothing(
    standing: Standing, change: Callable[[Standing], None]
) -> None:
    change(standing)
    assert standing.nothing_changed() == RELEASE


def hold_until(standing: Standing, day: str) -> None:
    content = json.loads(standing.manifest.read_text(encoding="utf-8"))
    standing.manifest.write_text(json.dumps(content | {"holds_until": day}), encoding="utf-8")


def change_a_cell(standing: Standing) -> None:
    path = standing.folder / "operative_synthetic.csv"
    text = path.read_text(encoding="utf-8-sig")
    path.write_text(text.replace(",M,", ",F,", 1), encoding="utf-8-sig")


def add_a_file(standing: Standing) -> None:
    shutil.copy(standing.folder / "operative_synthetic.csv", standing.folder / "operative_more.csv")


def change_a_setting(standing: Standing) -> None:
    standing.configure(lambda content: content.update(definitions={"age_cutoff_years": 70}))


def change_the_plan(standing: Standing) -> None:
    with (standing.folder / "plan.yml").open("a", encoding="utf-8") as handle:
        handle.write("imputations: 0\n")


def add_own_words(standing: Standing) -> None:
    words = standing.folder / "words.csv"
    words.write_text("field,phrase,value,note\ntumor_grade,quite well,well,\n", encoding="utf-8")
    standing.configure(lambda content: content.update(vocabulary="words.csv"))


def answer_something(standing: Standing) -> None:
    answers = standing.home.archive / "answers"
    answers.mkdir()
    (answers / "0123.json").touch()


def end_a_waiver(standing: Standing) -> None:
    hold_until(standing, (NOW - timedelta(days=1)).date().isoformat())


def roll_back(standing: Standing) -> None:
    standing.home.rolled_back.touch()


def lose_the_warehouse(standing: Standing) -> None:
    standing.home.warehouse.unlink()


def lose_the_database(standing: Standing) -> None:
    (standing.manifest.parent / release.DATABASE).unlink()


def damage_the_manifest(standing: Standing) -> None:
    standing.manifest.write_text("{", encoding="utf-8")


def take_in_a_night_without_a_release(standing: Standing) -> None:
    nights = standing.home.archive / "nights"
    nights.mkdir()
    (nights / f"{run_id_of(NOW - timedelta(hours=1))}.json").touch()


@pytest.mark.parametrize(
    "change",
    [
        change_a_cell,
        add_a_file,
        change_a_setting,
        change_the_plan,
        add_own_words,
        answer_something,
        end_a_waiver,
        roll_back,
        lose_the_warehouse,
        lose_the_database,
        damage_the_manifest,
        take_in_a_night_without_a_release,
    ],
)
def test_what_changed_is_built(standing: Standing, change: Callable[[Standing], None]) -> None:
    assert standing.nothing_changed() == RELEASE
    change(standing)
    assert standing.nothing_changed() is None


def test_another_key_or_other_code_is_built(
    standing: Standing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CRLM_PSEUDONYM_KEY", "another key of sixteen characters")
    assert standing.nothing_changed() is None
    monkeypatch.delenv("CRLM_PSEUDONYM_KEY")
    monkeypatch.setattr(sources, "code_version", lambda: "another")
    assert standing.nothing_changed() is None
    monkeypatch.undo()
    monkeypatch.setattr(sources, "versions", lambda: {"duckdb": "another"})
    assert standing.nothing_changed() is None


def test_the_code_is_all_that_is_run_and_nothing_that_running_writes() -> None:
    files = {path.relative_to(PROJECT) for path in sources._source_files()}
    assert {Path("orchestration/refresh.py"), Path("dbt_project/seeds/organs.csv")} <= files
    assert any(path.parts[:2] == ("analysis", "templates") for path in files)
    assert not [path for path in files if "__pycache__" in path.parts or path.suffix == ".pyc"]
