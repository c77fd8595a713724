"""A hospital's own words through its file and dbt: read in their field, before ours, by parts."""

from __future__ import annotations

import csv
from pathlib import Path

import duckdb
import pytest

from ingestion.contract import load_contract
from ingestion.settings import ExtractSettings
from ingestion.vocabulary import (
    Phrase,
    fields_with_list,
    listed_phrases,
    load_own_words,
    normalized_text,
)

DBT_PROJECT = Path(__file__).resolve().parents[2] / "dbt_project"

# field, phrase, value
OWN = [
    ("tumor_grade", "Grade IV.", "poor"),
    ("tumor_grade", "درجه ٤", "poor"),
    ("tumor_grade", "G1", "poor"),
    ("tumor_grade", "7", "poor"),
    ("lymphatic_invasion", "Emboli", "yes"),
    ("margin_distance", "R0 (close; seen)", "r0"),
    ("margin_distance", "tidy", "negative"),
    ("margin_distance", "lateral edge", "label"),
    ("steatosis", "spotty", "1"),
    ("tumor_regression", "traces, here and there", "partial"),
    ("metastasis_count", "چند ضایعه", "2+"),
    ("sex", "x", "not_assessable"),
    ("lobar_involvement", "righty", "right"),
    ("lymphovascular_invasion", "small vessels", "lymphatic yes"),
    ("perineural_invasion", "nerves fine", "no"),
    ("margin_distance", "about", "label"),
    ("neoadjuvant_regimen", "zeta + omega", "yes"),
    ("procedure", "Lap. big right + sweep", "right hemihepatectomy"),
    ("procedure", "sweep", "no liver resection"),
    ("procedure", "enucleation", "segmentectomy"),
]
# Of earlier nights, whose words are not checked again: a value that no list has any longer, and
# spellings that the normalization of today makes one.
JOURNALED = (
    Phrase("pathology", "tumor_grade", "G2", "gone"),
    Phrase("pathology", "tumor_grade", "odd word", "well"),
    Phrase("pathology", "tumor_grade", "Odd  Word", "poor"),
)
MARGIN = "concat_ws(' ', margin_distance_says, margin_distance_low::double::varchar)"
READINGS = {
    "an own phrase": ("pathology", "tumor_grade", "GRADE  iv", "poor"),
    "a whole value of registry.yml first": ("pathology", "tumor_grade", "7", "well"),
    "digits of any script": ("pathology", "tumor_grade", "درجه ۴", "poor"),
    "before ours": ("pathology", "tumor_grade", "g1", "poor"),
    "ours beside it": ("pathology", "tumor_grade", "g3", "poor"),
    "a part of a text, and the worse finding": (
        "pathology",
        "tumor_grade",
        "well; grade iv",
        "poor",
    ),
    "nothing inside a part": ("pathology", "tumor_grade", "not quite grade iv yet", "!unreadable"),
    "no value that no list has": ("pathology", "tumor_grade", "g2", "moderate"),
    "nothing that means two things": ("pathology", "tumor_grade", "odd word", "!unreadable"),
    "values that mean more together": ("operative", "lobar_involvement", "left; righty", "bilobar"),
    "a value that needs another": ("pathology", "lymphovascular_invasion", "small vessels", "yes"),
    "ours beside it, by its rules": (
        "pathology",
        "lymphovascular_invasion",
        "L0; small vessels",
        "!imprecise",
    ),
    "a value of the shared list": ("pathology", "perineural_invasion", "nerves fine", "no"),
    "another regimen than the one denied": (
        "operative",
        "neoadjuvant_regimen",
        "no zeta + omega",
        "!unreadable",
    ),
    "a label that is ours too": ("pathology", "margin_distance", "about 2 mm", "2.0"),
    "a finding": ("pathology", "lymphatic_invasion", "emboli", "yes"),
    "a negated finding": ("pathology", "lymphatic_invasion", "No evidence of emboli.", "no"),
    "in its field alone": ("pathology", "venous_invasion", "emboli", "!unreadable"),
    "a whole margin": ("pathology", "margin_distance", "r0 (close; seen)", "R0"),
    "a margin beside a distance": ("pathology", "margin_distance", "tidy, 3 mm", "negative 3.0"),
    "what a distance is": ("pathology", "margin_distance", "lateral edge: 4 mm", "4.0"),
    "a grade of steatosis": ("pathology", "steatosis", "Spotty", "1"),
    "regression": ("pathology", "tumor_regression", "traces, here and there", "partial"),
    "a count, Arabic letters": ("pathology", "metastasis_count", "چند ضايعه.", "2.0"),
    "a missing reason": ("operative", "sex", "X", "!not_assessable"),
    "a whole regimen": ("operative", "neoadjuvant_regimen", "Zeta + Omega", "yes"),
    "a whole procedure": (
        "operative",
        "procedure",
        "lap. big right + sweep",
        "right hemihepatectomy major",
    ),
    "a part of a procedure": (
        "operative",
        "procedure",
        "right hepatectomy + sweep",
        "right hemihepatectomy + no liver resection major",
    ),
    "a part that is no liver resection beside a minor one": (
        "operative",
        "procedure",
        "wedge resection + sweep",
        "wedge resection + no liver resection minor",
    ),
    "no liver resection": ("operative", "procedure", "Sweep", "no liver resection"),
    "a procedure before ours": ("operative", "procedure", "enucleation", "segmentectomy minor"),
}
VALUES = {
    "margin_distance": MARGIN,
    "metastasis_count": "metastasis_count_low::double::varchar",
    "procedure": "concat_ws(' ', procedure_term, procedure_extent)",
}


def write_words(folder: Path) -> tuple[dict[str, ExtractSettings], tuple[Phrase, ...]]:
    """Write the texts as extracts, and the words as the hospital's file: what ingestion takes."""
    own = folder / "words.csv"
    with own.open("w", newline="", encoding="utf-8") as handle:
        rows = [[*row, ""] for row in OWN]
        csv.writer(handle).writerows([["field", "phrase", "value", "note"], *rows])
    words = load_own_words(own, load_contract(DBT_PROJECT), DBT_PROJECT / "seeds")
    extracts = {}
    for name in ("pathology", "operative"):
        cells = [(f, text) for e, f, text, _ in READINGS.values() if e == name]
        fields = sorted({field for field, _ in cells})
        with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as handle:
            csv.writer(handle).writerows(
                [["patient_id", *fields]]
                + [
                    [f"{name}{i}", *(text if f == field else "" for f in fields)]
                    for i, (field, text) in enumerate(cells)
                ]
            )
        extracts[name] = ExtractSettings(files=str(folder / f"{name}.csv"))
    extracts["pathology"] = extracts["pathology"].model_copy(
        update={"values": {"tumor_grade": {"7": "well"}}}
    )
    return extracts, (*words.phrases, *JOURNALED)


def read_words(con: duckdb.DuckDBPyConnection) -> dict[tuple[str, str, str], str]:
    """Return what `staging` reads each text of a field as."""
    read = {}
    for name, field in sorted({(e, f) for e, f, _, _ in READINGS.values()}):
        value = VALUES.get(field, field)
        rows = con.execute(
            f"select {field}_delivered, "
            f"string_agg(coalesce(nullif({value}, ''), '!' || reason), ' and ') from ("
            f"  select r.{field} as {field}_delivered, s.{field}_missing_reason as reason, s.*"
            f"  from raw.{name} r join staging.stg_{name} s on s.patient_id = patient_pseudonym"
            f"  where r.{field} is not null) group by {field}_delivered"
        ).fetchall()
        read |= {(name, field, text): reading for text, reading in rows}
    return read


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory, read_extracts) -> Path:
    folder = tmp_path_factory.mktemp("own_words")
    return read_extracts(folder, *write_words(folder))


@pytest.fixture(scope="module")
def found(warehouse) -> dict[tuple[str, str, str], str]:
    with duckdb.connect(str(warehouse)) as con:
        return read_words(con)


@pytest.mark.parametrize("case", READINGS)
def test_own_words_read(found, case):
    extract, field, text, expected = READINGS[case]
    assert found[extract, field, text] == expected


def test_ingestion_and_reading_have_the_same_lists(warehouse):
    with duckdb.connect(str(warehouse)) as con:
        read = con.execute(
            "select vocabulary, phrase, coalesce(value, missing_reason) from staging.stg_vocabulary"
        ).fetchall()
    fields = [field for _, field in fields_with_list(load_contract(DBT_PROJECT))]
    for field in (field for field in fields if field.kind != "procedure"):
        listed = {
            (normalized_text(phrase.phrase), phrase.value)
            for phrase in listed_phrases(DBT_PROJECT / "seeds", field)
        }
        # What a rectosigmoid primary counts as is a definition: colon where nothing else is said.
        listed = {(p, "colon" if value == "rectosigmoid" else value) for p, value in listed}
        read_here = {(p, value) for name, p, value in read if name == field.vocabulary}
        assert {value for _, value in listed} == {value for _, value in read_here}
        # A phrase that plain wording leaves as it is stands in both.
        shared = {p for p, _ in listed} & {p for p, _ in read_here}
        assert len(shared) > 1
        assert {(p, value) for p, value in listed if p in shared} == {
            (p, value) for p, value in read_here if p in shared
        }
