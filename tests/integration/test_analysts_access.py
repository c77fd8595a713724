"""What analysts open: the queries of their page, Parquet, dbt's documentation, Python."""

from __future__ import annotations

import importlib.util
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import duckdb
import pandas as pd
import pytest

from orchestration.release import PUBLISHED_SCHEMAS

PROJECT = Path(__file__).resolve().parents[2]
PAGE = PROJECT / "docs" / "for_analysts.md"


def _generate() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate", PROJECT / "docs" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["generate"] = module
    spec.loader.exec_module(module)
    return module


ANALYSES = {analysis.path.stem: analysis for analysis in _generate().analyses()}


@pytest.fixture(scope="module")
def con(example, tmp_path_factory):
    """The release, and as an earlier one the same with one patient less and two other values."""
    earlier = tmp_path_factory.mktemp("earlier") / "registry.duckdb"
    shutil.copy(example.current / "registry.duckdb", earlier)
    with duckdb.connect(str(earlier)) as former:
        first, second = former.execute(
            "select patient_id from marts.survival_cohort where resection_status = 'R0' "
            "and margin_mm is not null order by patient_id limit 2"
        ).fetchall()
        former.execute(
            "update marts.survival_cohort set resection_status = 'R1', died = null "
            "where patient_id = ?",
            first,
        )
        former.execute("delete from marts.survival_cohort where patient_id = ?", second)
    with example.published() as release:
        release.execute(f"attach '{earlier}' as earlier (read_only)")
        yield release


@pytest.fixture(scope="module")
def cohort(con) -> pd.DataFrame:
    return con.sql("from marts.survival_cohort").df()


def _answer(con, name: str) -> pd.DataFrame:
    return con.sql(ANALYSES[name].sql).df()


def test_there_are_fifteen_questions_or_more_of_every_section():
    sections = {analysis.path.parent.name for analysis in ANALYSES.values()}
    assert len(ANALYSES) >= 15
    assert sections == set(_generate().SECTIONS)
    # No query of the project is left out of the page.
    files = {path.stem for path in (PROJECT / "dbt_project" / "analyses").rglob("*.sql")}
    assert files == set(ANALYSES)


@pytest.mark.parametrize("name", ANALYSES)
def test_a_query_of_the_page_gives_rows_and_the_columns_it_names(con, name):
    assert ANALYSES[name].question.endswith("?") or name == "survival_data_set"
    found = _answer(con, name)
    assert list(found.columns) == ANALYSES[name].columns
    assert len(found) > 0
    assert found.notna().any().sum() >= min(3, len(found.columns))


def test_r0_rate_by_center_and_year(con, cohort):
    found = _answer(con, "r0_rate_by_center_and_year").set_index(["center", "year"])
    groups = cohort.groupby(["center", cohort["operation_date"].dt.year])["resection_status"]
    assert len(found) == len(groups)
    for place, statuses in groups:
        row = found.loc[place]
        known = statuses.dropna()
        assert row["patients"] == len(statuses)
        assert row["status_unknown"] == statuses.isna().sum()
        assert row["percent_r0"] == pytest.approx(100 * (known == "R0").mean(), abs=0.051)
    assert found["r0"].sum() == 190


def test_unknown_margins_are_counted_with_their_reason(con, cohort):
    found = _answer(con, "why_a_variable_is_unknown")
    unknown = cohort[cohort["margin_group"].isna()]
    expected = unknown.groupby(["center", "margin_group_missing_reason"]).size().to_dict()
    assert found.set_index(["center", "reason"])["patients"].to_dict() == expected


def test_margins_below_1_mm_have_a_number_below_or_none(con, cohort):
    found = _answer(con, "margins_below_1_mm")
    assert set(found["patient_id"]) == set(cohort[cohort["margin_group"] == "<1 mm"]["patient_id"])
    assert (found["margin_mm"].dropna() < 1).all()
    assert set(found[found["margin_mm"].isna()]["margin_mm_missing_reason"]) == {"imprecise"}


def test_extent_by_year(con, cohort):
    found = _answer(con, "extent_by_year").set_index("year")
    expected = pd.crosstab(
        cohort["operation_date"].dt.year, cohort["hepatectomy_extent"].fillna("unknown")
    )
    assert found[["major", "minor", "unknown"]].to_dict() == expected.to_dict()


def test_synchronous_and_metachronous(con, cohort):
    found = _answer(con, "synchronous_and_metachronous").set_index("chronology")
    for chronology, group in cohort.groupby(cohort["chronology"].fillna("unknown")):
        row = found.loc[chronology]
        assert row["patients"] == len(group)
        assert row["median_age"] == group["age_at_operation"].median()
        assert row["median_size_mm"] == group["largest_metastasis_mm"].median()
        assert row["deaths"] == group["died"].eq(True).sum()
        for column, variable, value in (
            ("percent_multiple", "multiple_metastases", True),
            ("percent_neoadjuvant", "neoadjuvant_therapy", "yes"),
            ("percent_major", "hepatectomy_extent", "major"),
            ("percent_r0", "resection_status", "R0"),
        ):
            known = group[variable].dropna()
            assert row[column] == pytest.approx(100 * (known == value).mean(), abs=0.051)


def test_deaths_after_surgery(con, cohort):
    found = _answer(con, "deaths_after_surgery").set_index("extent")
    for days in (30, 90):
        within = cohort["died"].eq(True) & (cohort["follow_up_days"] <= days)
        assert found[f"died_{days}_days"].sum() == within.sum()


def test_excluded_patients(con, example):
    found = _answer(con, "excluded_patients")
    assert found["remaining"].tolist() == [261, 256, 252, 249, 248, 248]
    taken_out = [[] if patients is pd.NA else list(patients) for patients in found["patients"]]
    assert [len(patients) for patients in taken_out] == found["excluded"].tolist()
    outside = con.sql("select patient_id from marts.patients where not is_in_cohort").df()
    assert {patient for patients in taken_out for patient in patients} == set(outside["patient_id"])


def test_missing_fields_add_up_to_the_worklist(con):
    worklist = con.sql("from quality.pathology_worklist").df()
    found = _answer(con, "missing_by_center_and_month")
    expected = worklist.groupby(["center", "month", "field"]).size().to_dict()
    assert found.set_index(["center", "month", "field"])["missing"].to_dict() == expected
    reasons = ["no_report", "not_reported", "not_assessable", "unreadable", "imprecise"]
    reasons += ["conflicting", "not_collected"]
    assert (found[reasons].sum(axis=1) == found["missing"]).all()
    issues = _answer(con, "open_issues_by_laboratory")
    # Where there is no report at all, that is the issue.
    assert issues["open"].sum() == (worklist["missing_reason"] != "no_report").sum() == 250


def test_completeness_by_quarter_and_by_night_are_the_same_counts(con):
    cells = con.sql("from quality.pathology_completeness").df()
    night = _answer(con, "completeness_by_night")
    by_field = cells.groupby("field")[["expected", "known"]].sum()
    assert night.set_index("field")[["expected", "known"]].to_dict() == by_field.to_dict()
    quarters = _answer(con, "completeness_by_quarter")
    months = cells[cells["month"].str.fullmatch(r"\d{4}-\d\d")]
    period = pd.PeriodIndex(months["month"], freq="M").asfreq("Q")
    expected = months.groupby(["field", period.strftime("%Y-Q%q")])["known"].sum().to_dict()
    assert quarters.set_index(["field", "quarter"])["known"].to_dict() == expected
    change = quarters.groupby("field")["percent_known"].diff().round(1)
    assert (quarters["change"] - change).abs().max() < 0.06


def test_follow_up_and_survival_are_those_of_an_independent_estimate(con, cohort):
    from lifelines import KaplanMeierFitter
    from lifelines.utils import median_survival_times

    months = cohort["follow_up_days"] / 30.4375
    died = cohort["died"].astype(bool)
    reverse = KaplanMeierFitter().fit(months, ~died)
    follow_up = _answer(con, "length_of_follow_up").set_index("measure")["months"]
    assert follow_up["reverse kaplan meier follow up months"] == pytest.approx(
        median_survival_times(reverse), abs=0.06
    )
    assert follow_up["follow up of living median months"] == pytest.approx(
        months[~died].median(), abs=0.06
    )
    survival = _answer(con, "survival_at_1_3_and_5_years")
    for grouping, level, patients in (
        ("overall", "all", cohort["died"].notna()),
        ("resection_status", "R0", cohort["resection_status"] == "R0"),
        ("resection_status", "R1", cohort["resection_status"] == "R1"),
    ):
        curve = KaplanMeierFitter().fit(months[patients], died[patients])
        own = survival[(survival["grouping"] == grouping) & (survival["level"] == level)]
        assert own["years"].tolist() == [1, 3, 5]
        for row in own.itertuples():
            estimate = 100 * curve.survival_function_at_times(12 * row.years).iloc[0]
            assert row.percent_alive == pytest.approx(estimate, abs=0.06)
            assert row.at_risk == (months[patients] >= 12 * row.years).sum()


def test_cox_models_have_a_row_per_level_and_the_published_ratio(con):
    found = _answer(con, "cox_models")
    levels = con.sql("select count(*) from results.cox_univariable").fetchall()[0][0]
    in_model = con.sql("select count(hazard_ratio) from results.cox_multivariable").fetchall()
    assert len(found) == levels
    assert found["model_hazard_ratio"].notna().sum() == in_model[0][0] > 0
    male = found[(found["factor"] == "Sex") & (found["level"] == "male")].iloc[0]
    assert (male["hazard_ratio"], male["model_hazard_ratio"]) == (0.86, 0.80)


def test_survival_data_set_has_every_patient_whose_survival_is_known(con, cohort):
    found = _answer(con, "survival_data_set").set_index("patient_id")
    assert set(found.index) == set(cohort["patient_id"])
    assert set(found["died"]) == {0, 1}
    assert found["died"].sum() == 129
    assert found["days"].min() == 0


def test_specimens_and_cells_of_a_patient(con):
    specimens = _answer(con, "specimens_of_a_patient")
    (patient,) = specimens["patient_id"].unique()
    reports = con.sql(f"from marts.pathology_reports where patient_id = '{patient}'").df()
    assert sorted(specimens["specimen_id"]) == sorted(reports["specimen_id"])
    assert len(specimens) > 1
    cells = _answer(con, "cells_behind_a_value")
    assert cells["patient_id"].nunique() == 53
    assert set(cells["value"]) == {"R1"}
    assert set(cells["field"]) >= {"margin_distance"}


def test_what_changed_names_the_value_the_patient_who_came_and_nothing_else(con):
    found = _answer(con, "what_changed_since_a_release")
    changed = found[found["before"].notna()]
    assert changed[["variable", "before", "now"]].to_dict("records") == [
        {"variable": "resection_status", "before": "R1", "now": "R0"}
    ]
    came = found[found["before"].isna()]
    is_changed = came["patient_id"] == changed["patient_id"].iloc[0]
    assert came[is_changed]["variable"].tolist() == ["died"]
    assert came[~is_changed]["patient_id"].nunique() == 1
    assert set(came[~is_changed]["variable"]) >= {"center", "sex", "follow_up_days"}


def test_tables_of_the_page_exist(con):
    page = PAGE.read_text(encoding="utf-8")
    named = set(re.findall(r"\| `((?:marts|quality)\.\w+)` \|", page))
    tables = con.execute(
        "select schema_name || '.' || table_name from duckdb_tables() "
        "where database_name = 'registry' union all "
        "select schema_name || '.' || view_name from duckdb_views() "
        "where database_name = 'registry' and not internal"
    ).fetchall()
    assert len(named) > 15
    assert named <= {name for (name,) in tables}


def test_the_python_of_the_page_opens_a_release_while_another_reads_it(con, example):
    (block,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.S)
    current = "registry_data/published/current"
    assert current in block
    program = block.replace(current, str(example.current)) + "\nprint(len(cohort))\n"
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert ran.stdout == "248\n"


def test_the_view_reads_its_own_release_wherever_it_is_opened(example):
    """Beside another release in one connection, and as the database itself."""
    count = "select count(*), count(distinct patient_id) from {}quality.lineage"
    with duckdb.connect() as reader:
        reader.execute(f"attach '{example.current}/registry.duckdb' as earlier (read_only)")
        attached = reader.execute(count.format("earlier.")).fetchall()
    with example.published() as con:
        assert con.execute(count.format("")).fetchall() == attached
    ((rows, patients),) = attached
    assert patients == 248
    assert rows > 100 * patients


def test_parquet_has_every_published_table_row_by_row(con, example):
    manifest = json.loads((example.current / "manifest.json").read_text(encoding="utf-8"))
    files = {path.name for path in (example.current / "parquet").iterdir()}
    assert files == {f"{table}.parquet" for table in manifest["rows"]}
    # By another connection, as by another program.
    with duckdb.connect() as reader:
        for table, rows in manifest["rows"].items():
            path = example.current / "parquet" / f"{table}.parquet"
            copy = reader.sql(f"from '{path}'")
            assert not [column for column in copy.types if str(column).startswith("DECIMAL")]
            of_release = con.sql(f"from {table}")
            assert copy.columns == of_release.columns
            assert copy.shape[0] == rows
        names = ("marts.survival_cohort", "marts.pathology_reports", "results.cox_univariable")
        for table in names:
            path = example.current / "parquet" / f"{table}.parquet"
            copied = reader.sql(f"from '{path}'").df()
            pd.testing.assert_frame_equal(copied, con.sql(f"from {table}").df())
        schemes = reader.sql(
            f"select distinct compression from parquet_metadata('{example.current}/parquet/*')"
        ).fetchall()
    assert schemes == [("ZSTD",)]


def test_dbts_page_has_every_published_column_and_nothing_of_the_machine(con, example):
    page = (example.current / "dbt_docs.html").read_text(encoding="utf-8")
    start = page.index("var n={manifest:") + len("var n={manifest:")
    manifest, end = json.JSONDecoder().raw_decode(page[start:])
    text = page[start + end + len(",catalog:") :]
    catalog, _ = json.JSONDecoder().raw_decode(text)
    shown = {
        (entry["metadata"]["schema"], entry["metadata"]["name"], column)
        for kind in ("nodes", "sources")
        for entry in catalog[kind].values()
        for column in entry["columns"]
    }
    published = con.execute(
        "select schema_name, table_name, column_name from duckdb_columns() "
        "where database_name = 'registry' and not internal"
    ).fetchall()
    assert {schema for schema, _, _ in published} == set(PUBLISHED_SCHEMAS)
    assert set(published) <= shown
    described = {
        (node["schema"], node.get("identifier") or node["alias"], column["name"])
        for node in (*manifest["nodes"].values(), *manifest["sources"].values())
        for column in node.get("columns", {}).values()
        if column["description"]
    }
    assert set(published) <= described
    questions = {
        node["name"]: node["description"]
        for node in manifest["nodes"].values()
        if node["resource_type"] == "analysis"
    }
    assert questions == {name: analysis.question for name, analysis in ANALYSES.items()}
    parents = manifest["parent_map"]
    assert (
        "model.crlm_registry.survival_cohort"
        in (parents["analysis.crlm_registry.r0_rate_by_center_and_year"])
    )
    assert parents["model.crlm_registry.survival_cohort"]
    for place in (str(PROJECT), str(example.home), str(Path.home()), sys.prefix):
        assert place not in page
    assert "cloudfront" not in page
    assert "connect-src 'none'" in page


def test_a_release_is_readable_by_the_group_and_nobody_else(example):
    current = example.current.resolve()
    for path in (current, *current.rglob("*")):
        assert path.stat().st_mode & 0o777 == (0o750 if path.is_dir() else 0o640), path.name
    assert (example.home / "warehouse.duckdb").stat().st_mode & 0o777 == 0o600


def test_crlm_query_runs_a_file_of_the_page_into_every_format(example, tmp_path):
    file = ANALYSES["survival_data_set"].path
    for name in ("rows.csv", "rows.json", "rows.parquet"):
        done = example.crlm("query", "--file", str(file), "--out", str(tmp_path / name))
        assert (done.returncode, done.stdout) == (0, ""), done.stderr
        assert name in done.stderr
    csv = pd.read_csv(tmp_path / "rows.csv")
    rows = json.loads((tmp_path / "rows.json").read_text(encoding="utf-8"))
    with duckdb.connect() as reader:
        parquet = reader.sql(f"from '{tmp_path}/rows.parquet'").df()
    assert len(csv) == len(rows) == len(parquet) == 248
    assert csv["days"].tolist() == [row["days"] for row in rows] == parquet["days"].tolist()
    assert csv["metastases"].isna().sum() == sum(row["metastases"] is None for row in rows)


def test_crlm_query_says_what_is_wrong_in_one_sentence(example, tmp_path):
    release = example.current.resolve().name
    beside = example.crlm(
        "query",
        "--file",
        str(ANALYSES["what_changed_since_a_release"].path),
        "--earlier",
        release,
        "--format",
        "csv",
    )
    assert (beside.returncode, beside.stdout) == (0, "patient_id,variable,before,now\n")
    for arguments, said in (
        ((), "give the query"),
        (("selec 1",), "(line 1): syntax error"),
        (("select 1", "--release", "20000101T000000000Z"), "there is no such release"),
        (("select 1", "--format", "parquet"), "name its file with --out"),
        (("select 1", "--overwrite"), "--overwrite goes with --out"),
        ((f"from '{example.home}/warehouse.duckdb'",), "opens no other file"),
        (
            (f"attach '{example.home}/warehouse.duckdb' as w; from w.raw.pathology",),
            "reads the tables of the release",
        ),
    ):
        refused = example.crlm("query", *arguments)
        assert refused.returncode == 2
        assert said in refused.stderr
        assert refused.stderr.count("\n") == 1
        assert refused.stdout == ""
