"""`definitions:` of registry.yml: each constant stands once, in dbt_project.yml, and can be set."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from analysis.errors import PlanError
from analysis.plan import DEFAULT_PLAN, load_plan
from orchestration.config import load_config
from orchestration.definitions import (
    CHOICES,
    default_definitions,
    definitions_in_force,
    for_the_plan,
)
from orchestration.errors import ConfigurationError
from orchestration.paths import DBT_PROJECT


def test_the_values_of_the_default_plan_are_those_of_the_rules() -> None:
    own = yaml.safe_load(Path(DEFAULT_PLAN).read_text(encoding="utf-8"))["definitions"]
    texts = for_the_plan(default_definitions(DBT_PROJECT))
    assert {name: str(value) for name, value in own.items()} == {name: texts[name] for name in own}


def test_every_definition_has_a_meaning_in_the_marts() -> None:
    model = (DBT_PROJECT / "models/marts/definitions.sql").read_text(encoding="utf-8")
    for name in default_definitions(DBT_PROJECT):
        assert f"'{name}': (" in model
    assert set(CHOICES) <= set(default_definitions(DBT_PROJECT))


@pytest.mark.parametrize(
    ("configured", "complaint"),
    [
        ({"age_cutof_years": 70}, "did you mean age_cutoff_years"),
        ({"data_as_of": "2020-01-01"}, "there is no such definition"),
        ({"age_cutoff_years": "seventy"}, "has to be a number above 0"),
        ({"age_cutoff_years": 0}, "has to be a number above 0"),
        ({"age_cutoff_years": True}, "has to be a number above 0"),
        ({"age_cutoff_years": 64.5}, "has to be a whole number"),
        ({"negative_margin_without_distance": "r1"}, "r0 or unknown"),
        ({"metachronous_since": 6}, "operation or diagnosis"),
        ({"major_hepatectomy_by": "brisbane"}, "paper or segments"),
        ({"major_hepatectomy_segments": 3.5}, "has to be a whole number"),
        ({"rectosigmoid": "both"}, "colon or rectum"),
    ],
)
def test_what_no_rule_can_use_is_refused(configured: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        definitions_in_force(DBT_PROJECT, configured)


def test_a_size_may_have_a_fraction() -> None:
    found = definitions_in_force(DBT_PROJECT, {"size_cutoff_mm": 55.5})
    assert for_the_plan(found)["size_cutoff_cm"] == "5.55"


def test_a_wrong_definition_is_told_with_its_line(tmp_path: Path) -> None:
    config = tmp_path / "registry.yml"
    config.write_text(
        "registry: {name: r, home: h}\n"
        "extracts: {operative: {files: x.csv}}\n"
        "definitions: {size_cutoff: 50}\n",
        encoding="utf-8",
    )
    with pytest.raises(ConfigurationError, match=r":3: definitions: size_cutoff: .*size_cutoff_mm"):
        load_config(config)


def test_levels_of_a_plan_follow_the_definitions(tmp_path: Path) -> None:
    plan = load_plan(DEFAULT_PLAN, {"age_cutoff_years": "70", "size_cutoff_cm": "5.5"})
    levels = {factor.column: factor.levels for factor in plan.factors}
    assert levels["age_group"] == ["<70", ">=70"]
    assert levels["size_group"] == ["<5.5 cm", ">=5.5 cm"]
    assert levels["metastasis_count_group"] == ["<3", ">=3"]
    path = tmp_path / "plan.yml"
    text = Path(DEFAULT_PLAN).read_text(encoding="utf-8")
    path.write_text(text.replace("<{count_cutoff}", "<{cutoff}"), encoding="utf-8")
    with pytest.raises(PlanError, match=r"found \{cutoff\}"):
        load_plan(path)
