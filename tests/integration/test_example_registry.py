"""The example registry after one night: what is published, and that it is the truth."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from pathlib import Path

import pandas as pd

from docs import generate
from examples.published_series import truth as example_truth

PROJECT = Path(__file__).resolve().parents[2]

ROW_COUNTS = ("new", "changed", "unchanged", "collapsed", "quarantined")


def test_everything_is_published(example):
    published = {p.relative_to(example.current).as_posix() for p in example.current.rglob("*")}
    assert {"registry.duckdb", "manifest.json", "survival_report.html"} <= published
    assert {"tables/table_1.csv", "tables/table_2.csv"} <= published
    assert {"figures/survival_overall.svg", "figures/survival_overall.pdf"} <= published
    assert example.current.is_symlink()


def test_published_schemas_are_those_of_analysts(example):
    with example.published() as con:
        tables = con.execute("select schema_name, table_name from duckdb_tables()").fetchall()
        assert {schema for schema, _ in tables} == {"marts", "quality", "results"}
        assert {
            ("marts", name)
            for name in (
                "patients",
                "hepatectomies",
                "pathology_reports",
                "follow_up_contacts",
                "survival_cohort",
                "cohort_flow",
            )
        } <= set(tables)
        views = con.execute("select schema_name, view_name from duckdb_views() where not internal")
        assert views.fetchall() == [("quality", "lineage")]


def test_every_published_table_and_column_is_described(example):
    with example.published() as con:
        tables = con.execute(
            "select table_name, comment from duckdb_tables() "
            "union all select view_name, comment from duckdb_views() where not internal"
        ).fetchall()
        bare = con.execute(
            "select table_name, column_name from duckdb_columns() "
            "where not internal and comment is null"
        ).fetchall()
    assert bare == []
    assert [name for name, text in tables if not re.search(r"One row per .+\.$", text)] == []


def test_cohort_equals_the_truth_of_the_generator_cell_by_cell(example):
    expected = example_truth.truth()
    with example.published() as con:
        found = con.execute("from marts.survival_cohort").df().set_index("patient_id")
    found.index = found.index.map(_patient_numbers(example))
    assert set(found.index) == set(expected.index)
    compared = [name for name in expected.columns if name in found.columns]
    assert len(compared) >= 46
    wrong = []
    for name in compared:
        for patient, want, got in zip(
            expected.index, expected[name], found[name].reindex(expected.index), strict=True
        ):
            if pd.isna(want) and pd.isna(got):
                continue
            if name.endswith("date") and not pd.isna(want) and not pd.isna(got):
                want, got = pd.Timestamp(want), pd.Timestamp(got)
            if want != got:
                wrong.append((patient, name, want, got))
    assert wrong == []


def test_patients_outside_the_cohort_are_counted_with_their_reason(example):
    with example.published() as con:
        flow = con.execute(
            "select patients, excluded from marts.cohort_flow order by step_number"
        ).fetchall()
        reasons = dict(
            con.execute(
                "select exclusion_reason, count(*) from marts.patients "
                "where not is_in_cohort group by 1"
            ).fetchall()
        )
    assert flow == [(261, 0), (256, 5), (252, 4), (249, 3), (248, 1), (248, 0)]
    assert reasons == {
        "no liver resection": 5,
        "metastatic seeding": 4,
        "hemangioma": 3,
        "no colorectal metastasis": 1,
    }


def test_no_row_of_the_files_is_lost(example):
    with example.warehouse() as con:
        extracts = con.execute("select * from raw.extracts").df()
        quarantined = con.execute("select count(*) from raw.quarantine").fetchall()[0][0]
    for row in extracts.to_dict("records"):
        assert row["rows_read"] == sum(row[f"rows_{kind}"] for kind in ROW_COUNTS)
    written = example_truth.example().tables
    assert extracts["rows_read"].sum() == sum(len(table) for table in written.values())
    assert extracts["rows_quarantined"].sum() == quarantined == 2
    assert extracts["rows_collapsed"].sum() == 1


def test_identifiers_of_patients_leave_neither_warehouse_nor_archive(example):
    with example.warehouse() as con:
        canaries = {
            value
            for query in (
                "select name from raw.operative",
                "select phone from raw.operative",
                "select operation_id from raw.operative",
                "select surgeon from raw.operative",
                "select specimen_id from raw.pathology",
                "select pathologist from raw.pathology",
                "select translate(patient_id, '۰۱۲۳۴۵۶۷۸۹', '0123456789') from raw.operative",
                "select patient_id from raw.follow_up",
                "select birth_date from raw.operative",
            )
            for (value,) in con.execute(query).fetchall()
            if value
        }
    assert len(canaries) > 1000
    words = re.compile(r"[^\s,;|\"'<>()=]+")
    texts = [
        path.read_text(encoding="utf-8", errors="ignore")
        for folder in (example.current, example.home / "logs")
        for path in folder.rglob("*")
        if path.suffix in (".html", ".csv", ".json", ".svg", ".log")
    ]
    with example.published() as con:
        for schema, table in con.execute(
            "select schema_name, table_name from duckdb_tables()"
        ).fetchall():
            texts.append(con.execute(f"from {schema}.{table}").df().to_csv(index=False))
    seen = {word for text in texts for word in words.findall(text)}
    # Names are several words; they are looked for as they stand.
    names = {canary for canary in canaries if " " in canary}
    found = (canaries & seen) | {name for name in names if any(name in text for text in texts)}
    # A date of birth may be the date of something else; as a birthday it is not published.
    assert {value for value in found if not re.fullmatch(r"\d{4}-\d\d-\d\d", value)} == set()


def test_manifest_says_where_everything_comes_from(example):
    manifest = json.loads((example.current / "manifest.json").read_text(encoding="utf-8"))
    assert {entry["extract"] for entry in manifest["inputs"]} == {
        "pathology",
        "operative",
        "follow_up",
    }
    assert all(len(entry["sha256"]) == 64 for entry in manifest["inputs"])
    assert manifest["data_as_of"] == str(example_truth.example().data_as_of)
    assert manifest["deliveries"]["pathology"]["rows_quarantined"] == 2
    assert manifest["mapping"]["pathology"]["patient_id"] == {
        "header": "MRN",
        "recognized_by": "configured",
    }
    assert manifest["checks"]["passed"] > 100
    with example.published() as con:
        for table, rows in manifest["rows"].items():
            assert con.execute(f"select count(*) from {table}").fetchall() == [(rows,)]


def test_results_of_every_check_are_published(example):
    with example.published() as con:
        checks = con.execute("from quality.check_results").df()
    assert not checks["check_id"].duplicated().any()
    assert set(checks["engine"]) == {"great_expectations", "dbt", "sql"}
    assert set(checks["status"]) <= {"passed", "failed", "not applicable"}
    failed = checks[checks["status"] == "failed"]
    assert set(failed["severity"]) == {"warning"}
    assert "raw.pathology.no_row_in_quarantine" in set(failed["check_id"])
    assert (failed["violated"] > 0).all()


def test_completeness_adds_up_and_worklist_names_what_is_missing(example):
    with example.published() as con:
        cells = con.execute("from quality.pathology_completeness").df()
        worklist = con.execute(
            "select field, count(*) from quality.pathology_worklist group by 1"
        ).fetchall()
        unmapped = set(con.execute("select text from quality.unmapped_values").df()["text"])
    reasons = [
        "not_collected",
        "no_report",
        "not_reported",
        "not_assessable",
        "unreadable",
        "imprecise",
        "conflicting",
    ]
    assert (cells["expected"] == cells["known"] + cells[reasons].sum(axis=1)).all()
    missing = (cells["expected"] - cells["known"]).groupby(cells["field"]).sum()
    assert missing[missing > 0].to_dict() == dict(worklist)
    assert {"large", "grade 4", "hepatectomy"} <= unmapped


def test_report_stands_alone_and_says_that_its_patients_are_synthetic(example):
    html = (example.current / "survival_report.html").read_text(encoding="utf-8")
    assert "synthetic" in html
    assert not re.search(r"(?:src|href)=[\"']?(?:https?:)?//", html)
    assert "http://" not in html
    assert "https://" not in html
    with example.published() as con:
        median = con.execute(
            "select estimate from results.survival_summary "
            "where grouping = 'overall' and measure = 'median_survival_months'"
        ).fetchall()[0][0]
    assert f"{median:.1f}" in html


def test_every_published_figure_is_reproduced(example):
    """From the messy files to results: no figure leaves its tolerance."""
    with example.published() as con:
        figures = con.execute("from results.reproduction order by position").df()
    with (PROJECT / "examples/published_series/published.csv").open(encoding="utf-8") as handle:
        assert len(figures) == len(list(csv.DictReader(handle))) > 200
    missed = figures[~figures["verdict"].isin(["as printed", "within tolerance"])]
    assert missed[["label", "printed", "reproduced"]].to_dict("records") == []
    # Every count and missing count, and every survival figure, to the printed digit.
    exact = figures["result"].isin(["table_one", "survival_summary"])
    assert set(figures.loc[exact, "verdict"]) == {"as printed"}
    ratios = figures["label"].str.endswith("hazard ratio")
    assert (figures["difference"].abs() / figures["expected"])[ratios].max() < 0.01
    assert ratios.sum() == 29
    # Without the deaths on the day of the operation most models are others: all in which those
    # who died then are known.
    models = figures["result"].str.startswith("cox")
    assert (figures["without_day_0"] != figures["reproduced"])[models].mean() > 0.7
    assert figures.loc[models, "without_day_0"].notna().all()
    assert figures.loc[figures["result"] == "table_one", "without_day_0"].isna().all()


def test_reproduction_stands_in_the_report_and_in_the_documentation(example):
    with example.published() as con:
        page = generate.reproduction_page(con)
    assert generate.REPRODUCTION.read_text(encoding="utf-8") == page, "refresh, then run make docs"
    html = (example.current / "survival_report.html").read_text(encoding="utf-8")
    assert "Beside the published figures" in html
    assert "1.219 (for 1.209)" in html


def test_every_planted_defect_is_found_and_nothing_else(example):
    with (PROJECT / "examples/published_series/defects.csv").open(encoding="utf-8") as handle:
        defects = list(csv.DictReader(handle))
    numbers = _patient_numbers(example)

    def planted(place):
        return Counter((d["patient"], d["finding"]) for d in defects if d["place"] == place)

    def found(con, query):
        return Counter(
            (numbers.get(patient), text) for patient, text in con.execute(query).fetchall()
        )

    with example.published() as con:
        assert planted("quality.case_findings") == found(
            con, "select patient_id, finding from quality.case_findings"
        )
        assert planted("quality.pathology_worklist") == found(
            con,
            "select patient_id, field || ': ' || missing_reason from quality.pathology_worklist",
        )
        assert {text for _, text in planted("quality.unmapped_values")} == set(
            con.execute("select text from quality.unmapped_values").df()["text"]
        )
        told = planted("marts.patients")
        told -= found(
            con,
            "select patient_id, coalesce(exclusion_reason, 'in the cohort') from marts.patients",
        )
        counted = found(
            con,
            "select patient_id, concat(hepatectomies, ' hepatectom', "
            "case hepatectomies when 1 then 'y' else 'ies' end) from marts.patients",
        )
        assert told - counted == Counter()
        # Nobody else is excluded, and nobody else has more than one hepatectomy.
        special = found(
            con,
            "select patient_id, exclusion_reason from marts.patients where not is_in_cohort "
            "union all select patient_id, '2 hepatectomies' from marts.patients "
            "where hepatectomies > 1",
        )
        assert special - planted("marts.patients") == Counter()
        links = found(
            con,
            "select patient_id, link_basis from marts.pathology_reports "
            "where link_basis <> 'operation number'",
        )
        assert planted("marts.pathology_reports") == links
        cohort = con.execute("from marts.survival_cohort").df()
    with example.warehouse() as con:
        quarantined = found(
            con,
            "select patient_pseudonym, concat(count(*), ' rows') from raw.quarantine group by all",
        )
        collapsed = con.execute("select sum(rows_collapsed) from raw.extracts").fetchall()[0][0]
    assert planted("raw.quarantine") == quarantined
    assert sum(planted("raw.extracts").values()) == collapsed

    cohort.index = cohort["patient_id"].map(numbers)
    read = planted("marts.survival_cohort")
    assert sum(read.values()) > 100
    for patient, finding in read:
        if not patient:
            assert cohort[finding.split(" ")[0]].notna().all()
            continue
        name, _, value = finding.partition("=")
        got = cohort.loc[patient, name]
        got = f"{float(got):g}" if re.fullmatch(r"[\d.]+", value) else str(got)
        assert got == value, finding


def _patient_numbers(example):
    """Pseudonym → the hospital's number in ASCII digits, of every patient of any file."""
    with example.warehouse() as con:
        return dict(
            con.execute(
                "select distinct patient_pseudonym, "
                "translate(patient_id, '۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩', '01234567890123456789') from ("
                "select patient_pseudonym, patient_id from raw.operative "
                "union all select patient_pseudonym, patient_id from raw.pathology "
                "union all select patient_pseudonym, patient_id from raw.follow_up)"
            ).fetchall()
        )


def test_query_and_status_answer_from_the_release(example):
    counted = example.crlm(
        "query",
        "select resection_status, count(*) as n from marts.survival_cohort group by 1 order by 1",
        "--format",
        "csv",
    )
    assert counted.returncode == 0, counted.stderr
    assert counted.stdout.splitlines() == ["resection_status,n", "R0,190", "R1,53", ",5"]
    status = example.crlm("status")
    assert "248 patients" in status.stdout
    refused = example.crlm("query", "delete from marts.patients")
    assert refused.returncode == 2
    assert "Traceback" not in refused.stderr
