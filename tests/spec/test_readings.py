"""Texts as hospitals write them, through ingestion and the readings of dbt, to what they mean.

`readings.csv` holds a text per row with the reading expected: a value, a date with its precision,
an interval such as [1,2) in the contract's unit, a word with an interval, `not liver`, or `!reason`
where none may be read.
`comments.csv` holds comments of pathology reports with all that may be read from each, or
`nothing`.
Sizes are configured in cm and margins in mm. `scale` is what stands in tumor_regression_scale.
"""

from __future__ import annotations

import csv
from pathlib import Path

import duckdb
import pytest

from ingestion.settings import ExtractSettings

COMMENT = {"extract": "pathology", "field": "comment", "scale": ""}
with (Path(__file__).parent / "readings.csv").open(encoding="utf-8") as handle:
    CORPUS = list(csv.DictReader(handle, restval=""))
with (Path(__file__).parent / "comments.csv").open(encoding="utf-8") as handle:
    CORPUS += [COMMENT | row for row in csv.DictReader(handle)]
# Codes with a meaning, as registry.yml or the labels of a file give it.
CODES = {"operative": {"sex": {"91": "Male", "99": "Unknown"}}}
SCALE = "tumor_regression_scale"
UNITS = {"pathology": {"largest_metastasis": "cm", "margin_distance": "mm"}}
INTERVAL = """
    case when {f}_low is not null then
        if({f}_low_is_open, '(', '[') || format('{{:g}}', {f}_low::double) || ','
        || coalesce(format('{{:g}}', {f}_high::double), '')
        || if({f}_high is null or {f}_high_is_open, ')', ']')
    end
"""
MARGIN = "nullif(concat_ws(' ', {f}_says, " + INTERVAL + "), '')"
READ = {
    "procedure": "if(not procedure_is_liver_resection, 'not liver', procedure_extent)",
    "segments": "if(segments_missing_reason = 'imprecise', "
    "format('!imprecise {{}} to {{}}', segments_low, segments_high), segments_low::varchar)",
    "birth_date": "birth_date::varchar || ' ' || birth_date_precision",
    "margin_distance": MARGIN,
    "margin_status": MARGIN,
    "metastasis_count": INTERVAL,
    "largest_metastasis": INTERVAL,
    "age_at_operation": INTERVAL,
    "cea_ng_ml": INTERVAL,
    "viable_tumor_percent": INTERVAL,
}
FROM_COMMENT = [
    "margin_distance",
    "largest_metastasis",
    "tumor_grade",
    "lymphovascular_invasion",
    "perineural_invasion",
    "tumor_regression",
    "viable_tumor_percent",
    "steatosis",
]


def reading_of(field: str) -> str:
    """Return the SQL expression of what a field, or all that a comment, is read as."""
    if field != "comment":
        return READ.get(field, "{f}").format(f=field)
    stated = [
        f"'{name} ' || " + READ.get(name, "{f}").format(f=f"comment_{name}")
        for name in FROM_COMMENT
    ]
    return f"nullif(concat_ws('; ', {', '.join(stated)}), '')"


@pytest.fixture(scope="module")
def readings(tmp_path_factory, read_extracts) -> dict[tuple[str, str, str, str], str]:
    folder = tmp_path_factory.mktemp("readings")
    extracts = {}
    for name in ("pathology", "operative", "follow_up"):
        rows = [row for row in CORPUS if row["extract"] == name]
        fields = sorted({row["field"] for row in rows})
        with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as handle:
            writer = csv.writer(handle)
            writer.writerow(["patient_id", SCALE, *fields])
            for number, row in enumerate(rows, start=1):
                cells = [row["text"] if field == row["field"] else "" for field in fields]
                writer.writerow([f"{name}{number}", row["scale"], *cells])
        extracts[name] = ExtractSettings(
            files=str(folder / f"{name}.csv"),
            units=UNITS.get(name, {}),
            values=CODES.get(name, {}),
        )
    warehouse = read_extracts(folder, extracts)
    found = {}
    with duckdb.connect(str(warehouse), read_only=True) as con:
        for name in extracts:
            fields = {row["field"] for row in CORPUS if row["extract"] == name}
            for field in fields:
                value = reading_of(field)
                reason = "'nothing'" if field == "comment" else f"'!' || {field}_missing_reason"
                scale = f"coalesce({SCALE}, '')" if name == "pathology" else "''"
                for text, scale_text, reading in con.execute(
                    f"select delivered, scale, coalesce(({value})::varchar, {reason}) "
                    f"from (select coalesce({field}, '') as delivered, {scale} as scale, "
                    f"patient_pseudonym from raw.{name}) "
                    f"join staging.stg_{name} on patient_id = patient_pseudonym"
                ).fetchall():
                    found[name, field, text, scale_text] = reading
    return found


@pytest.mark.parametrize("field", sorted({row["field"] for row in CORPUS}))
def test_texts_of_a_field_are_read_as_expected(readings, field):
    wrong = {}
    for row in (row for row in CORPUS if row["field"] == field):
        found = readings[row["extract"], field, row["text"], row["scale"]]
        if found != row["expected"]:
            wrong[row["text"]] = f"{found}, expected {row['expected']}"
    assert wrong == {}


def test_no_text_stands_twice():
    keys = [(row["extract"], row["field"], row["text"], row["scale"]) for row in CORPUS]
    assert sorted({key for key in keys if keys.count(key) > 1}) == []
