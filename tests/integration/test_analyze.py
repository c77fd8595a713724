"""`crlm analyze`: an analyst's own plan on a published release."""

from __future__ import annotations

import csv

import yaml

from tests.conftest import PROJECT

PLAN = {
    "extends": str(PROJECT / "analysis/plans/overall_survival.yml"),
    "title": "Synchronous metastases alone",
    "cohort": [{"column": "chronology", "levels": ["synchronous"]}],
    "selection": {"rule": "fixed", "factors": ["age_group", "sex"]},
    "imputations": 0,
    "cutpoints": [],
}


def test_a_plan_is_run_on_a_release_and_nothing_of_the_registry_changes(example, tmp_path):
    plan = tmp_path / "synchronous.yml"
    plan.write_text(yaml.safe_dump(PLAN), encoding="utf-8")
    before = {path: path.stat().st_mtime_ns for path in example.home.rglob("*")}
    out = tmp_path / "out"
    done = example.crlm("analyze", "--plan", str(plan), "--out", str(out))
    assert done.returncode == 0, done.stderr
    assert {path: path.stat().st_mtime_ns for path in example.home.rglob("*")} == before
    report = (out / "survival_report.html").read_text(encoding="utf-8")
    assert "Synchronous metastases alone" in report
    assert "Made of release" in report
    assert "synthetic" in report
    with (out / "tables/cohort_restriction.csv").open(encoding="utf-8-sig") as handle:
        steps = list(csv.DictReader(handle))
    with example.published() as con:
        sql = "select count(*) from marts.survival_cohort where chronology = 'synchronous'"
        assert int(steps[-1]["remaining"]) == con.execute(sql).fetchall()[0][0]
    with (out / "tables/cox_multivariable.csv").open(encoding="utf-8-sig") as handle:
        assert {row["factor"] for row in csv.DictReader(handle)} == {"age_group", "sex"}


def test_what_cannot_be_analyzed_is_one_sentence(example, tmp_path):
    plan = tmp_path / "plan.yml"
    plan.write_text(yaml.safe_dump({**PLAN, "endpoint": "cure"}), encoding="utf-8")
    wrong_plan = example.crlm("analyze", "--plan", str(plan))
    assert "endpoint" in wrong_plan.stderr
    no_release = example.crlm("analyze", "--plan", str(plan), "--release", "last_year")
    assert "last_year: there is no such release" in no_release.stderr
    for done in (wrong_plan, no_release):
        assert done.returncode in (1, 2)
        assert "Traceback" not in done.stderr
        assert len(done.stderr.strip().splitlines()) == 1
