"""Where a value comes from: quality.lineage down to the cell, crlm explain, marts.exclusions."""

from __future__ import annotations

import csv
import json
import random
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from analysis.results import read_table
from ingestion.pseudonyms import DEMO_KEY, PseudonymKey, pseudonym
from orchestration.explain import model_levels, model_parts

FILES = Path(__file__).resolve().parents[2] / "examples" / "published_series"
DELIMITERS = {"pathology": ";", "operative": ",", "follow_up": ","}
EXTRACTS = list(DELIMITERS)


def test_a_thousand_values_trace_back_to_the_very_cell(example: Any) -> None:
    with example.warehouse() as con:
        lineage = con.execute("from quality.lineage where role = 'supplies'").df()
        ledger = pd.concat(_cells_of_ledger(con, lineage, extract) for extract in EXTRACTS)
        known = _known_values(con)
    values = sorted(set(zip(known["patient_id"], known["variable"], strict=True)))
    sample = random.Random(20260101).sample(values, 1000)

    chosen = pd.DataFrame(sample, columns=["patient_id", "variable"]).merge(lineage, how="left")
    delivered = pd.concat(_cells_of_file(extract) for extract in EXTRACTS)
    traced = chosen.merge(
        ledger, how="left", on=["extract", "field", "extract_id", "file_row_number"]
    ).merge(delivered, how="left", on=["file_name", "file_row_number", "header"])

    assert traced["header"].notna().all()
    assert len(traced) == len(chosen) > 1500
    assert (traced["ledger_patient"] == traced["patient_id"]).all()
    assert traced["file_text"].notna().all()
    assert (traced["file_text"] == traced["ledger_text"].fillna("")).all()
    # A cell that speaks says something.
    assert (traced["file_text"] != "").all()


def test_the_cells_that_speak_say_what_the_cohort_has(example: Any) -> None:
    """Where a variable is one reading, the cell that supplies it was read as just that."""
    same = {
        "sex": ("operative", "sex"),
        "primary_site": ("operative", "primary_site"),
        "lobar_involvement": ("operative", "lobar_involvement"),
        "operation_date": ("operative", "operation_date"),
        "center": ("operative", "center"),
        "tumor_grade": ("pathology", "tumor_grade"),
        "steatosis_grade": ("pathology", "steatosis"),
        "perineural_invasion": ("pathology", "perineural_invasion"),
        "last_contact_date": ("follow_up", "coalesce(death_date, contact_date)"),
    }
    with example.warehouse() as con:
        for variable, (extract, reading) in same.items():
            counted = con.execute(
                f"""
                select count(distinct c.patient_id),
                    count(distinct c.patient_id) filter (s.reading = c.{variable})
                from marts.survival_cohort c
                join quality.lineage l on l.patient_id = c.patient_id
                    and l.variable = '{variable}' and l.role = 'supplies'
                join (select extract_id, file_row_number, {reading} as reading
                    from staging.stg_{extract}) s using (extract_id, file_row_number)
                where c.{variable} is not null and l.extract = '{extract}'
                """
            ).fetchall()[0]
            assert counted[0] == counted[1] > 150, variable


def test_lineage_shows_places_and_no_text(example: Any) -> None:
    with example.published() as con:
        columns = [row[0] for row in con.execute("describe quality.lineage").fetchall()]
    assert columns == [
        "patient_id", "variable", "extract", "field", "header", "file_name", "file_row_number",
        "extract_id", "delivery_number", "role",
    ]  # fmt: skip


def test_exclusions_are_those_of_the_flow_and_models_those_of_the_model_flow(example: Any) -> None:
    with example.warehouse() as con:
        steps = con.execute(
            "select step_number, count(*) from marts.exclusions group by 1 order by 1"
        ).fetchall()
        cohort = read_table(con, "marts.survival_cohort")
        models = model_levels(con)
        remaining = con.execute(
            "select model, factor, remaining from results.model_flow where step = 'analyzed'"
        ).fetchall()
    assert steps == [(2, 5), (3, 4), (4, 3), (5, 1)]
    parts = pd.DataFrame(vars(part) for values in cohort for part in model_parts(values, models))
    counted = parts.groupby(["model", "factor"], dropna=False)["is_analyzed"].sum().reset_index()
    assert len(remaining) > 10
    assert sorted(counted.fillna("").itertuples(index=False, name=None)) == sorted(
        (model, factor or "", n) for model, factor, n in remaining
    )


def test_a_margin_below_1_mm_is_explained_down_to_its_cell(example: Any) -> None:
    patient = _patient_with_margin(example, "<1 mm")
    done = example.crlm("explain", patient["patient_id"], "resection_status")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"{patient['patient_id']}: in the cohort\n")
    assert "resection_status = R1\n  rule: R0 margin of at least r0_margin_mm" in done.stdout
    assert "\n  with r0_margin_mm = 1 mm\n" in done.stdout
    assert (
        'supplies pathology.margin_distance: "<1 mm" → [0, 1) mm\n'
        f'    pathology_synthetic.csv, row {patient["row"]}, column "Margin", delivery 1\n'
    ) in done.stdout
    assert "univariable model of resection_status: analyzed" in done.stdout

    unknown = example.crlm("explain", patient["patient_id"], "margin_mm")
    assert "margin_mm is unknown: imprecise" in unknown.stdout


def test_json_says_the_same_of_every_variable(example: Any) -> None:
    patient = _patient_with_margin(example, "<1 mm")
    done = example.crlm("explain", patient["patient_id"], "--json")
    found = json.loads(done.stdout)
    with example.published() as con:
        lineage = con.execute(
            "select variable, field, role, file_name, file_row_number from quality.lineage "
            "where patient_id = ?",
            [patient["patient_id"]],
        ).fetchall()
    shown = [
        (v["variable"], c["field"], c["role"], c["file_name"], c["file_row_number"])
        for v in found["variables"]
        for c in v["cells"]
    ]
    assert sorted(shown) == sorted(lineage)
    assert {v["variable"] for v in found["variables"] if v["value"] == "R1"} >= {"resection_status"}
    assert found["exclusion"] is None


def test_a_patient_outside_the_cohort_is_explained_too(example: Any) -> None:
    with example.published() as con:
        patient = con.execute(
            "select min(patient_id) from marts.exclusions where step_number = 4"
        ).fetchall()[0][0]
    done = example.crlm("explain", patient)
    assert done.returncode == 0, done.stderr
    assert f"{patient}: not in the cohort\n  taken out at step 4" in done.stdout
    assert "exclusion_reason = hemangioma" in done.stdout
    assert "supplies pathology.diagnosis:" in done.stdout
    assert "tumor_grade is not derived outside the cohort" in done.stdout
    assert " model" not in done.stdout.split("\n\n")[0]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["P" + "0" * 20], "the warehouse has no patient with this pseudonym"),
        (["000000"], "the warehouse has no patient with this number of the hospital"),
        (["{patient}", "resction_status"], "did you mean resection_status"),
    ],
)
def test_unknown_names_are_said_in_one_sentence(
    example: Any, arguments: list[str], said: str
) -> None:
    patient = _patient_with_margin(example, "<1 mm")["patient_id"]
    done = example.crlm("explain", *(a.format(patient=patient) for a in arguments))
    assert done.returncode == 2
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert "000000" not in done.stderr


def test_the_number_of_the_hospital_needs_the_key_of_the_warehouse(
    example: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    patient = _patient_with_margin(example, "<1 mm")
    # As typed on a Persian keyboard, with a blank.
    typed = " " + patient["number"].translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))
    assert patient["patient_id"] == pseudonym(
        patient["number"], "patient_id", PseudonymKey(DEMO_KEY.encode())
    )
    done = example.crlm("explain", typed, "sex")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"{patient['patient_id']}: in the cohort")

    monkeypatch.setenv("CRLM_PSEUDONYM_KEY", "another key that is long enough")
    refused = example.crlm("explain", patient["number"], "sex")
    assert refused.returncode == 2
    assert "the pseudonym key differs" in refused.stderr
    assert patient["number"] not in refused.stderr
    # A pseudonym needs no key.
    assert example.crlm("explain", patient["patient_id"], "sex").returncode == 0


def test_what_is_explained_is_not_logged(example: Any) -> None:
    patient = _patient_with_margin(example, "<1 mm")["patient_id"]
    before = _logs(example)
    assert example.crlm("explain", patient).returncode == 0
    assert _logs(example) == before


def _logs(example: Any) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in (example.home / "logs").rglob("*")}


def _patient_with_margin(example: Any, text: str) -> dict[str, Any]:
    """A patient of the cohort with one report, whose margin was delivered as ``text``."""
    with example.warehouse() as con:
        rows = con.execute(
            """
            select any_value(patient_pseudonym), any_value(file_row_number),
                translate(trim(any_value(patient_id)), '۰۱۲۳۴۵۶۷۸۹', '0123456789')
            from raw.pathology
            where patient_pseudonym in (
                select patient_id from marts.survival_cohort where margin_group = '<1 mm'
            )
            group by patient_pseudonym
            having count(*) = 1 and any_value(margin_distance) = ?
            order by 1
            """,
            [text],
        ).fetchall()
    patient_id, row, number = rows[0]
    return {"patient_id": patient_id, "row": row, "number": number}


def _known_values(con: Any) -> pd.DataFrame:
    names = [row[0] for row in con.execute("describe marts.survival_cohort").fetchall()]
    cohort = con.execute("from marts.survival_cohort").df()
    with_reason = [name for name in names if f"{name}_missing_reason" in names]
    return cohort.melt("patient_id", with_reason, var_name="variable").dropna(subset="value")


def _cells_of_ledger(con: Any, lineage: pd.DataFrame, extract: str) -> pd.DataFrame:
    fields = sorted(set(lineage.loc[lineage["extract"] == extract, "field"]))
    rows = con.execute(f"from raw.{extract}").df()
    cells = rows.melt(
        ["extract_id", "file_row_number", "patient_pseudonym"],
        fields,
        var_name="field",
        value_name="ledger_text",
    )
    return cells.rename(columns={"patient_pseudonym": "ledger_patient"}).assign(extract=extract)


def _cells_of_file(extract: str) -> pd.DataFrame:
    """Every cell of a file of the example, read without the project's readers."""
    path = FILES / f"{extract}_synthetic.csv"
    with path.open(encoding="utf-8-sig", newline="") as handle:
        header, *records = csv.reader(handle, delimiter=DELIMITERS[extract])
    table = pd.DataFrame([r for r in records if len(r) == len(header)], columns=header)
    table["file_row_number"] = [n for n, r in enumerate(records, 2) if len(r) == len(header)]
    cells = table.melt("file_row_number", var_name="header", value_name="file_text")
    return cells.assign(file_name=path.name)
