"""The planted defects of the example's files, each with the finding by which it shows.

``defects.csv`` has a row per defect: file; row_key, the accession number, operation number or
patient number of the row (``*`` for a whole file); patient, the hospital's number; field, the
header of the column; defect, in words; place, the table in which it shows; finding, what stands
there. In ``marts.survival_cohort`` and ``marts.patients`` the finding is that the value is right.
"""

import csv
from collections.abc import Iterator
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from typing import Any, Final

import numpy as np

from examples.published_series import pathology, vocabulary
from examples.published_series.cohort import add_months, draw_cohort
from examples.published_series.extracts import Extracts, build
from examples.published_series.follow_up import CONTACT_DATE
from examples.published_series.targets import PATIENTS, SEED

FILE: Final = "defects.csv"

WITHOUT_HEPATECTOMY: Final = (
    "colectomy_only",
    "pathology_without_operation",
    "follow_up_without_operation",
)

QUARANTINE: Final = "raw.quarantine"
COLLAPSED: Final = "raw.extracts"
CASE_FINDINGS: Final = "quality.case_findings"
WORKLIST: Final = "quality.pathology_worklist"
UNMAPPED: Final = "quality.unmapped_values"
PATIENTS_MART: Final = "marts.patients"
REPORTS: Final = "marts.pathology_reports"
COHORT: Final = "marts.survival_cohort"


@dataclass(frozen=True)
class Defect:
    """A row of ``defects.csv``."""

    file: str
    row_key: str
    patient: str
    field: str
    defect: str
    place: str
    finding: str


# Kind of mess → extract, header, words, place, finding; ``{x}`` is the truth of the variable x.
_PLANTED: Final[dict[str, tuple[tuple[str, str, str, str, str], ...]]] = {
    "metastatic_seeding": (
        ("operative", "Seeding", "metastatic seeding", PATIENTS_MART, "metastatic seeding"),
    ),
    "hemangioma": (("pathology", "Histology", "a hemangioma", PATIENTS_MART, "hemangioma"),),
    "other_diagnosis": (
        (
            "pathology",
            "Histology",
            "another benign lesion",
            PATIENTS_MART,
            "no colorectal metastasis",
        ),
    ),
    "colectomy_only": (
        ("operative", "Procedure", "no liver resection", PATIENTS_MART, "no liver resection"),
    ),
    "pathology_without_operation": (
        ("pathology", "Operation No", "no operation row", PATIENTS_MART, "no liver resection"),
        (
            "pathology",
            "Operation No",
            "no operation row",
            CASE_FINDINGS,
            "report of no known operation",
        ),
    ),
    "follow_up_without_operation": (
        ("follow_up", CONTACT_DATE, "no operation row", PATIENTS_MART, "no liver resection"),
        (
            "follow_up",
            CONTACT_DATE,
            "no operation row",
            CASE_FINDINGS,
            "contact of a patient without an operation",
        ),
    ),
    "no_pathology_report": (
        ("operative", "OP_ID", "no usable report", CASE_FINDINGS, "no pathology report"),
    ),
    "duplicate_key_different_content": (
        ("pathology", "*", "two contents under one key", QUARANTINE, "2 rows"),
        ("operative", "OP_ID", "no usable report", CASE_FINDINGS, "no pathology report"),
    ),
    "exact_duplicate_row": (("pathology", "*", "the same row twice", COLLAPSED, "1 row"),),
    "amended_report": (
        ("pathology", "Grade", "an amended report", COHORT, "tumor_grade={tumor_grade}"),
    ),
    "two_specimens_of_one_operation": (
        (
            "pathology",
            "No. of mets",
            "two specimens of one operation",
            COHORT,
            "metastasis_count={metastasis_count}",
        ),
    ),
    "gallbladder_specimen": (
        ("pathology", "Organ", "a gallbladder besides", COHORT, "margin_group={margin_group}"),
    ),
    "hemangioma_beside_metastasis": (
        ("pathology", "Histology", "a hemangioma besides", PATIENTS_MART, "in the cohort"),
    ),
    "diagnosis_blank": (
        ("pathology", "Histology", "no diagnosis", PATIENTS_MART, "in the cohort"),
    ),
    "linked_by_procedure_date": (
        ("pathology", "Operation No", "no operation number", REPORTS, "procedure date"),
    ),
    "linked_by_report_date": (
        ("pathology", "Operation No", "no operation number or date", REPORTS, "report date"),
    ),
    "patient_number_in_persian_digits": (
        ("pathology", "MRN", "Persian digits", COHORT, "margin_group={margin_group}"),
    ),
    "count_at_least": (
        (
            "pathology",
            "No. of mets",
            "a bound",
            COHORT,
            "metastasis_count_group={metastasis_count_group}",
        ),
    ),
    "size_range_below_6_cm": (
        ("pathology", pathology.SIZE, "a range", COHORT, "size_group={size_group}"),
    ),
    "size_at_least_6_cm": (
        ("pathology", pathology.SIZE, "a bound", COHORT, "size_group={size_group}"),
    ),
    "margin_involved_by_status_only": (
        ("pathology", "Margin", "a word, no distance", COHORT, "margin_group={margin_group}"),
    ),
    "colectomy_row": (
        ("operative", "Procedure", "a colectomy as a row", PATIENTS_MART, "1 hepatectomy"),
    ),
    "colectomy_on_same_day": (
        ("operative", "Procedure", "a colectomy on the same day", PATIENTS_MART, "1 hepatectomy"),
    ),
    "repeat_hepatectomy": (
        ("operative", "Procedure", "a repeat hepatectomy", PATIENTS_MART, "2 hepatectomies"),
        (
            "operative",
            "Procedure",
            "a repeat hepatectomy",
            COHORT,
            "hepatectomy_extent={hepatectomy_extent}",
        ),
    ),
    "extent_unclear": (
        (
            "operative",
            "Procedure",
            "a procedure without its extent",
            CASE_FINDINGS,
            "procedure not stated or on no list",
        ),
        ("operative", "Procedure", "a procedure without its extent", UNMAPPED, "hepatectomy"),
    ),
    "count_multiple": (
        (
            "pathology",
            "No. of mets",
            "a word that leaves the group open",
            COHORT,
            "metastasis_count_group_missing_reason=imprecise",
        ),
    ),
    "size_range_across_6_cm": (
        (
            "pathology",
            pathology.SIZE,
            "a range that leaves the group open",
            COHORT,
            "size_group_missing_reason=imprecise",
        ),
    ),
    "size_unreadable": (
        ("pathology", pathology.SIZE, "a word, no size", UNMAPPED, vocabulary.SIZE_UNREADABLE),
    ),
    "steatosis_grade_four": (
        (
            "pathology",
            "Steatosis",
            "a grade that does not exist",
            UNMAPPED,
            vocabulary.STEATOSIS_UNREADABLE,
        ),
    ),
    "seeding_blank": (
        ("operative", "Seeding", "seeding not stated", PATIENTS_MART, "in the cohort"),
    ),
    "neoadjuvant_by_regimen_only": (
        (
            "operative",
            "Neoadjuvant",
            "only the regimen is named",
            COHORT,
            "neoadjuvant_therapy={neoadjuvant_therapy}",
        ),
    ),
    "chronology_by_dates_only": (
        ("operative", "Sync/Meta", "only dates tell", COHORT, "chronology={chronology}"),
    ),
    "living_contact_after_death": (
        (
            "follow_up",
            CONTACT_DATE,
            "a living contact after the death",
            CASE_FINDINGS,
            "living contact after the death",
        ),
        (
            "follow_up",
            CONTACT_DATE,
            "a living contact after the death",
            COHORT,
            "follow_up_days={follow_up_days}",
        ),
    ),
    "death_recorded_twice": (
        (
            "follow_up",
            CONTACT_DATE,
            "a death told twice",
            COHORT,
            "follow_up_days={follow_up_days}",
        ),
    ),
    "contact_without_status": (
        (
            "follow_up",
            CONTACT_DATE,
            "a contact without vital status",
            COHORT,
            "follow_up_days={follow_up_days}",
        ),
    ),
}

_FILE_WIDE: Final = (
    ("follow_up", "Jalali dates, Persian, Arabic and ASCII digits", "follow_up_days is known"),
)

# Header → field of the contract, and the texts that are no blank and yet give no value.
_WORKLIST_FIELDS: Final[dict[str, tuple[str, dict[str, str]]]] = {
    "Histology": ("diagnosis", {}),
    "No. of mets": ("metastasis_count", {}),
    pathology.SIZE: ("largest_metastasis", {vocabulary.SIZE_UNREADABLE: "unreadable"}),
    "Margin": (
        "margin_distance",
        {
            vocabulary.MARGIN_NOT_ASSESSABLE: "not_assessable",
            vocabulary.MARGIN_FREE: "imprecise",
        },
    ),
    "Grade": (
        "tumor_grade",
        {
            vocabulary.GRADE_NOT_ASSESSABLE: "not_assessable",
            vocabulary.GRADE_LOW: "imprecise",
        },
    ),
    "LVI": ("lymphovascular_invasion", {vocabulary.INDETERMINATE: "not_assessable"}),
    "PNI": ("perineural_invasion", {vocabulary.INDETERMINATE: "not_assessable"}),
    "Steatosis": ("steatosis", {vocabulary.STEATOSIS_UNREADABLE: "unreadable"}),
    "Regression": ("tumor_regression", {}),
}
_BLANK: Final = frozenset((*vocabulary.MISSING_WORD, *vocabulary.MISSING_NUMBER))
_OF_RESIDUAL_TUMOR: Final = ("Grade", "LVI", "PNI")


def write(folder: Path) -> Path:
    """Write the defects of the committed files beside them."""
    path = folder / FILE
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(field.name for field in fields(Defect))
        writer.writerows(astuple(defect) for defect in planted())
    return path


def planted() -> list[Defect]:
    """Every defect of the committed files, by file and row."""
    extracts = build(draw_cohort(PATIENTS, SEED), SEED)
    keys = _row_keys(extracts)
    found = [
        *_of_the_plan(extracts, keys),
        *_spelled(extracts),
        *_missing(extracts, keys),
        *_out_of_sight(extracts),
    ]
    found += [
        Defect(f"{extract}_synthetic.csv", "*", "", "*", words, COHORT, finding)
        for extract, words, finding in _FILE_WIDE
    ]
    return sorted(set(found), key=astuple)


def _row_keys(extracts: Extracts) -> dict[tuple[str, str], str]:
    """Extract and patient number → the key of the row of the index operation."""
    keys = {("follow_up", number): number for number in extracts.patient_numbers.tolist()}
    table = extracts.tables["operative_synthetic.csv"].columns
    for number, key, day in zip(table["MRN"], table["OP_ID"], table["Op date"], strict=True):
        position = int(np.flatnonzero(extracts.patient_numbers == number)[0])
        if day == str(extracts.everyone.operation_date[position]):
            keys.setdefault(("operative", number), key)
    for row in _specimens(extracts):
        if row["_specimen"] == 0:
            keys["pathology", row["patient"]] = row["Accession No"]
    return keys


def _specimens(extracts: Extracts) -> list[dict[str, Any]]:
    """The last report of each specimen."""
    table = extracts.tables["pathology_synthetic.csv"].columns
    rows = [dict(zip(table, values, strict=True)) for values in zip(*table.values(), strict=True)]
    last: dict[str, dict[str, Any]] = {}
    for row in rows:
        row["patient"] = extracts.patient_numbers[row["_patient"]]
        last[row["Accession No"]] = row
    return list(last.values())


def _of_the_plan(extracts: Extracts, keys: dict[tuple[str, str], str]) -> Iterator[Defect]:
    for kind, ways in _PLANTED.items():
        for patient in extracts.planted[kind]:
            position = int(np.flatnonzero(extracts.patient_numbers == patient)[0])
            truth = {
                name: getattr(extracts.everyone, name)[position]
                for name in extracts.everyone.__dataclass_fields__
            }
            for extract, header, words, place, finding in ways:
                yield Defect(
                    f"{extract}_synthetic.csv",
                    keys[extract, patient],
                    patient,
                    header.strip(),
                    words,
                    place,
                    finding.format(**truth),
                )


def _spelled(extracts: Extracts) -> Iterator[Defect]:
    """Sizes and margins in the wrong unit, with a decimal comma, or among other numbers."""
    everyone = extracts.everyone
    for row in _specimens(extracts):
        position = row["_patient"]
        if (
            row["_specimen"]
            or extracts.kinds[position] != "cohort"
            or not everyone.reported[position]
        ):
            continue
        for header, variable, value, wrong_unit in (
            (pathology.SIZE, "largest_metastasis_mm", everyone.size_mm[position], "mm"),
            ("Margin", "margin_mm", everyone.margin_mm[position], "cm"),
        ):
            text = row[header]
            for mark, words in (
                (wrong_unit, f"in {wrong_unit}"),
                (",", "a decimal comma"),
                (" x ", "three dimensions"),
                ("~", "about"),
                ("about", "about"),
            ):
                if mark in text and text[0] not in "<>" and value > 0:
                    yield Defect(
                        "pathology_synthetic.csv",
                        row["Accession No"],
                        row["patient"],
                        header.strip(),
                        words,
                        COHORT,
                        f"{variable}={value:g}",
                    )


def _missing(extracts: Extracts, keys: dict[tuple[str, str], str]) -> Iterator[Defect]:
    """Every pathology field that is expected of a liver specimen and is not there."""
    everyone = extracts.everyone
    contradicting = set(extracts.planted["duplicate_key_different_content"])
    for row in _specimens(extracts):
        position, patient = row["_patient"], row["patient"]
        if row["Organ"].strip().lower() != "liver" or patient in contradicting:
            continue
        benign = row["Histology"] in (*vocabulary.HEMANGIOMA, vocabulary.OTHER_DIAGNOSIS)
        complete = row["Histology"] in vocabulary.NO_RESIDUAL_TUMOR
        for header, (field, reasons) in _WORKLIST_FIELDS.items():
            if not _expected(header, benign, complete, everyone.neoadjuvant_therapy[position]):
                continue
            text = row[header]
            if header == "Margin" and text in _BLANK and row["Margin status"]:
                continue
            reason = reasons.get(text, "not_reported" if text in _BLANK else None)
            if reason:
                yield Defect(
                    "pathology_synthetic.csv",
                    row["Accession No"],
                    patient,
                    header.strip(),
                    f"{text!r}" if text else "blank",
                    WORKLIST,
                    f"{field}: {reason}",
                )
    without = [*extracts.planted["no_pathology_report"], *sorted(contradicting)]
    for patient in without:
        position = int(np.flatnonzero(extracts.patient_numbers == patient)[0])
        for header, (field, _) in _WORKLIST_FIELDS.items():
            if _expected(header, False, False, everyone.neoadjuvant_therapy[position]):
                yield Defect(
                    "operative_synthetic.csv",
                    keys["operative", patient],
                    patient,
                    "OP_ID",
                    "no usable report",
                    WORKLIST,
                    f"{field}: no_report",
                )


def _out_of_sight(extracts: Extracts) -> Iterator[Defect]:
    """The living of whom nothing was heard in the last twelve months."""
    everyone = extracts.everyone
    operated = np.isin(extracts.kinds, WITHOUT_HEPATECTOMY, invert=True)
    last = everyone.operation_date + everyone.follow_up_days
    a_year_ago = add_months(np.array([extracts.data_as_of]), np.array([-12]))[0]
    for patient in extracts.patient_numbers[operated & ~everyone.died & (last < a_year_ago)]:
        yield Defect(
            "follow_up_synthetic.csv",
            patient,
            patient,
            CONTACT_DATE,
            "no contact for a year",
            CASE_FINDINGS,
            "alive, last contact over a year ago",
        )


def _expected(header: str, benign: bool, complete: bool, therapy: str | None) -> bool:
    if header == "Steatosis":
        return True
    if header == "Regression":
        return therapy == "yes"
    return not benign and not (complete and header in _OF_RESIDUAL_TUMOR)
