from __future__ import annotations

import subprocess
import sys

import pytest
import yaml

from analysis.errors import AnalysisError, PlanError
from analysis.plan import DEFAULT_PLAN, UnivariableSelection, load_plan


@pytest.fixture
def write_plan(tmp_path):
    """Writes the default plan with some keys replaced (None removes one) and gives its path."""

    def write(**changes):
        content = yaml.safe_load(DEFAULT_PLAN.read_text(encoding="utf-8"))
        content |= changes
        content = {key: value for key, value in content.items() if value is not None}
        path = tmp_path / "plan.yml"
        path.write_text(yaml.safe_dump(content), encoding="utf-8")
        return path

    return write


def test_default_plan_loads():
    plan = load_plan(DEFAULT_PLAN)
    assert plan.ties == "breslow"
    assert plan.landmarks_months == [12, 36, 60]
    assert plan.factors[0].levels == ["<65", ">=65"]
    assert isinstance(plan.selection, UnivariableSelection)
    assert plan.selection.forced == ["age_group", "sex"]
    assert "margin_group" in {item.column for item in plan.exclude}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"ties": "exact"}, ["ties: found 'exact'", "breslow or efron"]),
        ({"tie": "efron"}, ["tie: unknown key", "did you mean 'ties'"]),
        ({"title": None}, ["title: missing"]),
        ({"confidence_level": 95}, ["confidence_level: found 95", "such as 0.95"]),
        ({"landmarks_months": [12, 0]}, ["landmarks_months[1]: found 0", "above 0"]),
        ({"landmarks_months": [12, 12]}, ["landmarks_months", "twice"]),
        ({"risk_table_months": [0, 12, 12]}, ["risk_table_months", "twice"]),
        ({"risk_table_months": [-12]}, ["risk_table_months[0]: found -12", "from 0 on"]),
        ({"endpoint": "relapse"}, ["endpoint: found 'relapse'", "recurrence_free_survival"]),
        ({"day_zero": "drop"}, ["day_zero: found 'drop'", "keep or drop_like_stata"]),
        ({"seed": -1}, ["seed: found -1", "from 0 on"]),
        ({"cohort": [{"column": "sex", "levels": []}]}, ["cohort[0].levels", "at least one"]),
        ({"cohort": [{"column": "sex; drop", "levels": ["x"]}]}, ["cohort[0].column: found"]),
        (
            {"sensitivity": [{"definition": "d", "factor": "weight", "column": "sex"}]},
            ["sensitivity: found 'weight'"],
        ),
        ({"competing_risks": ["weight"]}, ["competing_risks: found 'weight'"]),
        (
            {"table_one": {"by": ["weight"]}},
            ["table_one.by: found 'weight'", "of a factor: age_group"],
        ),
        ({"selection_resamples": -1}, ["selection_resamples: found -1", "0 for none"]),
        (
            {"cutpoints": [{"column": "margin_mm", "higher_is_worse": "maybe"}]},
            ["cutpoints[0].higher_is_worse: found 'maybe'", "true or false"],
        ),
        (
            {"cutpoints": [{"column": "margin_mm", "proportion": 0.5}]},
            ["cutpoints[0].proportion: found 0.5", "on either side"],
        ),
        ({"splines": [{"column": "margin_mm", "knots": 7}]}, ["splines[0].knots: found 7"]),
        ({"imputations": "many"}, ["imputations: found 'many'", "0 for none"]),
        ({"bootstrap_resamples": -1}, ["bootstrap_resamples: found -1", "0 for none"]),
        ({"rmst_months": 0}, ["rmst_months: found 0", "horizon"]),
        ({"curves": ["resection"]}, ["curves: found 'resection'", "resection_status"]),
        ({"logrank": "sex"}, ["logrank: found 'sex'", "columns of factors"]),
        (
            {"logrank": [{"column": "margin_group", "levels": ["1 mm", "2 mm"]}]},
            ["logrank: found the level '2 mm' of margin_group", ">1 mm, 1 mm, <1 mm"],
        ),
        (
            {"selection": {"rule": "univariable_p", "threshold": "low"}},
            ["selection.threshold: found 'low'", "a number above 0"],
        ),
        (
            {"selection": {"rule": "univariable_p", "forced": ["weight"]}},
            ["selection.forced: found 'weight'"],
        ),
        ({"selection": {"rule": "stepwise"}}, ["selection: found", "rule: univariable_p"]),
        ({"selection": {"rule": "fixed"}}, ["selection.factors: missing"]),
        (
            {"selection": {"rule": "fixed", "factors": ["margin_group"]}},
            ["exclude: 'margin_group'", "selection"],
        ),
        (
            {"factors": [{"column": "sex", "label": "Sex", "levels": ["female"]}]},
            ["factors[0].levels", "at least two levels"],
        ),
        (
            {"factors": [{"column": "sex", "label": "Sex", "levels": ["a", "a"]}]},
            ["factors[0]: a level is listed twice"],
        ),
        ({"table_one": {"categorical": [3]}}, ["table_one.categorical[0]", "found 3"]),
    ],
)
def test_a_mistake_names_file_key_and_what_fits(write_plan, changes, words):
    path = write_plan(**changes)
    with pytest.raises(PlanError) as caught:
        load_plan(path)
    text = str(caught.value)
    assert text.startswith(f"{path}: ")
    for word in words:
        assert word in text


def test_all_mistakes_are_listed_at_once(write_plan):
    with pytest.raises(PlanError) as caught:
        load_plan(write_plan(ties="exact", confidence_interval="wald"))
    assert len(str(caught.value).splitlines()) == 2


def test_unquoted_no_is_a_word_and_numbers_are_levels(tmp_path):
    text = DEFAULT_PLAN.read_text(encoding="utf-8")
    text = text.replace('levels: ["no", "yes"]', "levels: [no, yes]")
    text = text.replace('levels: ["0", "1", "2", "3"]', "levels: [0, 1, 2, 3]")
    path = tmp_path / "plan.yml"
    path.write_text(text, encoding="utf-8")
    plan = load_plan(path)
    assert plan.factor("neoadjuvant_therapy").levels == ["no", "yes"]
    assert plan.factor("steatosis_grade").levels == ["0", "1", "2", "3"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("title: a\ntitle: b\n", "given twice, again in line 2"),
        ("levels: [>=65\n", "not valid YAML"),
        ("- a\n", "found list"),
        ("", "found NoneType"),
    ],
)
def test_what_is_no_plan_at_all(tmp_path, text, words):
    path = tmp_path / "plan.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PlanError, match=words):
        load_plan(path)


def test_missing_file():
    with pytest.raises(AnalysisError, match="cannot be read"):
        load_plan("nowhere/plan.yml")


def test_importing_loads_no_numerical_library():
    code = (
        "import sys, analysis, analysis.plan; "
        "heavy = {'lifelines', 'statsmodels', 'matplotlib', 'pandas', 'scipy'} & set(sys.modules); "
        "sys.exit(str(sorted(heavy)) if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
