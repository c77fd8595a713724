"""Texts as hospitals write them, and what each is to be read as.

`readings.csv` holds a text per row with the reading expected: a value, a date with its precision,
an interval such as [1,2) in the contract's unit, a word with an interval, `not liver`, or `!reason`
where none may be read.
`phrases.csv` holds the phrases of the code lists, those that are read alike in one row, and
`procedures.csv` procedures with their term, Couinaud segments (`part`: less than one; `3+`: at
least three) and extent.
`comments.csv` holds comments of pathology reports with all that may be read from each, or
`nothing`; `comment_phrases.csv` does so for each phrase by which a comment names something.
Sizes are configured in cm, margins in mm and times in months. `scale` is what stands in
tumor_regression_scale.
"""

from __future__ import annotations

import csv
from pathlib import Path

import duckdb

from ingestion.settings import ExtractSettings, MissingReason

EXTRACTS = ("pathology", "operative", "follow_up")
# Codes with a meaning, as registry.yml or the labels of a file give it.
CODES = {"operative": {"sex": {"91": "Male", "99": "Unknown"}}}
# A token that says nothing, in this extract alone.
MISSING: dict[str, dict[str, MissingReason]] = {"operative": {"-999": "not_reported"}}
SCALE = "tumor_regression_scale"
UNITS = {
    "pathology": {"largest_metastasis": "cm", "margin_distance": "mm"},
    "follow_up": {"time_since_operation": "months"},
}
INTERVAL = """
    case when {f}_low is not null then
        if({f}_low_is_open, '(', '[') || format('{{:g}}', {f}_low::double) || ','
        || coalesce(format('{{:g}}', {f}_high::double), '')
        || if({f}_high is null or {f}_high_is_open, ')', ']')
    end
"""
MARGIN = "nullif(concat_ws(' ', {f}_says, " + INTERVAL + "), '')"
NAMED_PROCEDURE = """
    case when not {f}_is_liver_resection then {f}_term || ' not liver' else concat_ws(' ',
        coalesce({f}_term, '-'),
        case
            when {f}_segments_missing_reason is not null then '!' || {f}_segments_missing_reason
                || if({f}_fewest_segments > 0, ' ' || {f}_fewest_segments || '+', '')
            else coalesce(nullif(concat_ws('+',
                nullif(array_to_string({f}_segments_low, ','), ''),
                if({f}_takes_part_of_a_segment, 'part', null)
            ), ''), 'none')
        end,
        coalesce({f}_extent, '!' || {f}_missing_reason)
    ) end
"""
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
    "clinical_risk_score": INTERVAL,
    "time_since_operation": INTERVAL,
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
# Grades of the regression scales, from complete to poor (dictionary, code lists), and how people
# write a grade beside the name of its scale.
REGRESSION_SCALES = {
    "Mandard": {"complete": ["1"], "partial": ["2", "3"], "poor": ["4", "5"]},
    "Rubbia-Brandt": {"complete": ["1"], "partial": ["2", "3"], "poor": ["4", "5"]},
    "Dworak": {"complete": ["4"], "partial": ["3", "2"], "poor": ["1", "0"]},
    "Rodel": {"complete": ["4"], "partial": ["3", "2"], "poor": ["1", "0"]},
    "CAP": {"complete": ["0"], "partial": ["1", "2"], "poor": ["3"]},
    "Modified Ryan": {"complete": ["0"], "partial": ["1", "2"], "poor": ["3"]},
    "Becker": {"complete": ["1a"], "partial": ["1b", "2"], "poor": ["3"]},
}
GRADE_AS_WRITTEN = [
    "TRG {grade} ({scale})",
    "TRG{grade} ({scale})",
    "{grade} ({scale})",
    "grade {grade} ({scale})",
    "{scale} {grade}",
    "{scale} TRG {grade}",
    "{scale} grade {grade}",
]
Key = tuple[str, str, str, str]
# What a text of each file says of itself, beside what its columns say.
FILES = {
    "readings.csv": {},
    "phrases.csv": {},
    "comments.csv": {"extract": "pathology", "field": "comment"},
    "comment_phrases.csv": {"extract": "pathology", "field": "comment"},
    "procedures.csv": {"extract": "operative", "field": "procedure", "reading": "named procedure"},
}


def load_corpus() -> list[dict[str, str]]:
    """Return a row per text: extract, field, text, scale, reading (how it is shown), expected."""
    rows = _graded_regressions()
    for name, said in FILES.items():
        with (Path(__file__).parent / name).open(encoding="utf-8") as handle:
            rows += [said | row for row in csv.DictReader(handle, restval="")]
    return [
        {"scale": "", "reading": row["field"]} | row | {"text": text}
        for row in rows
        for text in (row["texts"].split(" | ") if "texts" in row else [row["text"]])
    ]


def _graded_regressions() -> list[dict[str, str]]:
    return [
        {
            "extract": "pathology",
            "field": "tumor_regression",
            "text": written.format(grade=grade, scale=scale),
            "expected": regression,
        }
        for scale, regressions in REGRESSION_SCALES.items()
        for regression, grades in regressions.items()
        for grade in grades
        for written in GRADE_AS_WRITTEN
    ]


def key_of(row: dict[str, str]) -> Key:
    return row["extract"], row["reading"], row["text"], row["scale"]


def write_corpus(corpus: list[dict[str, str]], folder: Path) -> dict[str, ExtractSettings]:
    """Write the texts as extracts, a row per text: the settings of the extracts."""
    extracts = {}
    for name in EXTRACTS:
        rows = [row for row in corpus if row["extract"] == name]
        fields = sorted({row["field"] for row in rows})
        with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as handle:
            writer = csv.writer(handle)
            writer.writerow(["patient_id", "contact_date", SCALE, *fields])
            for number, row in enumerate(rows, start=1):
                cells = [row["text"] if field == row["field"] else "" for field in fields]
                writer.writerow([f"{name}{number}", "2020-01-01", row["scale"], *cells])
        extracts[name] = ExtractSettings(
            files=str(folder / f"{name}.csv"),
            units=UNITS.get(name, {}),
            values=CODES.get(name, {}),
            missing=MISSING.get(name, {}),
        )
    return extracts


def read_corpus(con: duckdb.DuckDBPyConnection, corpus: list[dict[str, str]]) -> dict[Key, str]:
    """Return what `staging` reads each text as."""
    found: dict[Key, str] = {}
    for name, field, reading in sorted({(r["extract"], r["field"], r["reading"]) for r in corpus}):
        value, unread = _expressions(field, reading)
        scale = f"coalesce({SCALE}, '')" if name == "pathology" else "''"
        for text, scale_text, shown in con.execute(
            f"select delivered, scale, coalesce(({value})::varchar, {unread}) "
            f"from (select coalesce({field}, '') as delivered, {scale} as scale, "
            f"patient_pseudonym from raw.{name}) "
            f"join staging.stg_{name} on patient_id = patient_pseudonym"
        ).fetchall():
            found[name, reading, text, scale_text] = shown
    return found


def _expressions(field: str, reading: str) -> tuple[str, str]:
    """SQL of what a text is read as, and of what stands there if it is not."""
    if reading == "comment":
        stated = [
            f"'{name} ' || " + READ.get(name, "{f}").format(f=f"comment_{name}")
            for name in FROM_COMMENT
        ]
        return f"nullif(concat_ws('; ', {', '.join(stated)}), '')", "'nothing'"
    pattern = NAMED_PROCEDURE if reading == "named procedure" else READ.get(field, "{f}")
    return pattern.format(f=field), f"'!' || {field}_missing_reason"
