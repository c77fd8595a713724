"""The pathology extract: a row per specimen report, semicolons, day-month-year dates."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from examples.published_series import vocabulary as words
from examples.published_series.cohort import Cohort
from examples.published_series.draws import (
    Column,
    Integers,
    Numbers,
    Stream,
    column,
    filled,
    unknown,
)
from examples.published_series.mess import Plan
from examples.published_series.operative import Operations
from examples.published_series.tables import (
    ENTERED,
    PERSIAN_DIGITS,
    Table,
    day_first_dates,
    spelled,
    stacked,
    translated,
)

SIZE: Final = "Max size (cm) "
HEADERS: Final = (
    "MRN",
    "Accession No",
    "Operation No",
    "Procedure date",
    "Report date",
    "Organ",
    "Histology",
    "No. of mets",
    SIZE,
    "Margin",
    "Margin status",
    "Grade",
    "LVI",
    "PNI",
    "Steatosis",
    "Regression",
    "Comment",
    "Pathologist",
    "Center",
)
FINDINGS: Final = HEADERS[7:17]


@dataclass(frozen=True)
class Specimens:
    """The extract, and why each variable that rests on it is unknown."""

    table: Table
    reasons: Mapping[str, Column]


def write(
    everyone: Cohort,
    kinds: Column,
    numbers: Column,
    operations: Operations,
    plan: Plan,
    seed: int,
    numbers_from: int,
) -> Specimens:
    """Write the specimen reports of all patients in the order of their accession numbers."""
    findings, reasons = _findings(everyone, plan, seed)
    main = _main_reports(findings, everyone, numbers, operations, plan, seed)
    has_row = everyone.reported & (kinds != "follow_up_without_operation")
    blocks = [
        main.take(np.flatnonzero(has_row)),
        *_contradicting_reports(main, plan),
        main.take(plan["exact_duplicate_row"]),
        *_further_specimens(main, everyone, operations, plan, seed),
    ]
    table = stacked(blocks)
    first_version = np.isin(table.columns["_patient"], plan["amended_report"])
    table.columns["Grade"][first_version & (table.columns["_specimen"] == 0)] = ""
    table = stacked([table, _amended_reports(main, plan, seed)])
    for_outsiders = _outside_cohort(table, kinds, plan, seed)
    return Specimens(table=_numbered(for_outsiders, numbers_from), reasons=reasons)


def _findings(everyone: Cohort, plan: Plan, seed: int) -> tuple[Table, dict[str, Column]]:
    """Write the findings of everyone, with the reasons for those that stay unknown."""

    def stream(name: str) -> Stream:
        return Stream(seed, f"pathology {name}")

    patients = len(everyone)
    reported = everyone.reported
    texts: dict[str, Column] = {}
    reasons: dict[str, Column] = {}

    def write_field(
        header: str, variable: str, known: Column, missing: tuple[str, ...], **odd: tuple[str, str]
    ) -> None:
        """``odd``: kind of mess → text and reason, for unknown values that are not blank."""
        values = getattr(everyone, variable)
        blank = np.flatnonzero(unknown(values))
        known[blank] = stream(f"{header} blank").choose(missing, len(blank))
        reason = filled(None, patients)
        reason[blank] = "not_reported"
        for kind, (text, why) in odd.items():
            known[plan[kind]], reason[plan[kind]] = text, why
        reason[~reported] = "no_report"
        texts[header], reasons[variable] = known, reason

    in_main_specimen = everyone.metastasis_count.copy()
    in_main_specimen[plan["two_specimens_of_one_operation"]] -= 1
    count = column([str(value) for value in in_main_specimen.tolist()])
    at_least = plan["count_at_least"]
    count[at_least] = ">=3"
    write_field(
        "No. of mets",
        "metastasis_count_group",
        count,
        words.MISSING_NUMBER,
        count_multiple=(words.COUNT_MULTIPLE, "imprecise"),
    )
    size = _spelled_numbers(stream("size"), everyone.size_mm, words.spelled_size)
    size[plan["size_range_below_6_cm"]] = words.SIZE_BELOW_6_CM
    size[plan["size_at_least_6_cm"]] = words.SIZE_AT_LEAST_6_CM
    write_field(
        SIZE,
        "size_group",
        size,
        words.MISSING_NUMBER,
        size_unreadable=(words.SIZE_UNREADABLE, "unreadable"),
        size_range_across_6_cm=(words.SIZE_ACROSS_6_CM, "imprecise"),
    )
    write_field(
        "Grade",
        "tumor_grade",
        spelled(stream("grade"), everyone.tumor_grade, words.GRADE),
        words.MISSING_WORD,
        grade_not_assessable=(words.GRADE_NOT_ASSESSABLE, "not_assessable"),
        grade_low_only=(words.GRADE_LOW, "imprecise"),
    )
    write_field(
        "LVI",
        "lymphovascular_invasion",
        spelled(stream("LVI"), everyone.lymphovascular_invasion, words.LYMPHOVASCULAR_INVASION),
        words.MISSING_WORD,
        lymphovascular_invasion_indeterminate=(words.INDETERMINATE, "not_assessable"),
    )
    write_field(
        "PNI",
        "perineural_invasion",
        spelled(stream("PNI"), everyone.perineural_invasion, words.PERINEURAL_INVASION),
        words.MISSING_WORD,
        perineural_invasion_indeterminate=(words.INDETERMINATE, "not_assessable"),
    )
    write_field(
        "Steatosis",
        "steatosis_grade",
        spelled(stream("steatosis"), everyone.steatosis_grade, words.STEATOSIS),
        words.MISSING_WORD,
        steatosis_grade_four=(words.STEATOSIS_UNREADABLE, "unreadable"),
    )
    write_field(
        "Regression",
        "tumor_regression",
        spelled(stream("regression"), everyone.tumor_regression, words.REGRESSION),
        words.MISSING_WORD,
    )
    reasons["tumor_regression"][everyone.neoadjuvant_therapy == "no"] = "not_applicable"
    texts["Margin"], texts["Margin status"] = _margins(everyone, plan, seed)
    reasons.update(_margin_reasons(everyone, plan))
    texts["Comment"] = stream("comment").choose(words.COMMENT, patients)
    return Table(texts), reasons


def _margins(everyone: Cohort, plan: Plan, seed: int) -> tuple[Column, Column]:
    """Write distance and status, which never contradict each other."""

    def stream(name: str) -> Stream:
        return Stream(seed, f"pathology margin {name}")

    margin = _spelled_numbers(stream("distance"), everyone.margin_mm, words.spelled_margin)
    no_distance = np.flatnonzero(unknown(everyone.margin_group))
    margin[no_distance] = stream("blank").choose(words.MISSING_NUMBER, len(no_distance))
    status = spelled(stream("status"), everyone.margin_group, words.STATUS_WITH_DISTANCE)

    involved = plan["margin_involved_by_status_only"]
    status[involved] = stream("involved").choose(words.STATUS_INVOLVED, len(involved))
    margin[involved] = ""
    margin[plan["margin_cannot_be_assessed"]] = words.MARGIN_NOT_ASSESSABLE
    return margin, status


def _margin_reasons(everyone: Cohort, plan: Plan) -> dict[str, Column]:
    patients = len(everyone)
    status = filled(None, patients)
    status[unknown(everyone.resection_status)] = "not_reported"
    status[plan["margin_cannot_be_assessed"]] = "not_assessable"
    status[~everyone.reported] = "no_report"
    return {"resection_status": status, "margin_group": status.copy()}


def _main_reports(
    findings: Table,
    everyone: Cohort,
    numbers: Column,
    operations: Operations,
    plan: Plan,
    seed: int,
) -> Table:
    """One report per patient, for the specimen of the index operation."""

    def stream(name: str) -> Stream:
        return Stream(seed, f"pathology {name}")

    patients = len(everyone)
    reported_on = everyone.operation_date + stream("report days").integers(5, 20, patients)
    mrn = numbers.copy()
    persian = plan["patient_number_in_persian_digits"]
    mrn[persian] = translated(numbers[persian], PERSIAN_DIGITS)
    diagnosis = stream("diagnosis").choose(words.DIAGNOSIS, patients)
    complete = np.flatnonzero(everyone.tumor_regression == "complete")
    diagnosis[complete] = stream("no tumor").choose(words.NO_RESIDUAL_TUMOR, len(complete))
    diagnosis[plan["hemangioma_beside_metastasis"]] = words.HEMANGIOMA_BESIDE
    diagnosis[plan["diagnosis_blank"]] = ""
    operation = operations.index_ids.copy()
    procedure_date = day_first_dates(stream("procedure date"), everyone.operation_date)
    operation[plan["linked_by_procedure_date"]] = ""
    operation[plan["linked_by_report_date"]] = ""
    procedure_date[plan["linked_by_report_date"]] = ""
    pathologists = [f"Synthetic Pathologist {number}" for number in range(1, 6)]
    return Table(
        {
            **findings.columns,
            "MRN": mrn,
            "Accession No": filled("", patients),
            "Operation No": operation,
            "Procedure date": procedure_date,
            "Report date": day_first_dates(stream("report date"), reported_on),
            "Organ": stream("organ").choose(words.ORGAN, patients),
            "Histology": diagnosis,
            "Pathologist": stream("pathologist").choose(pathologists, patients),
            "Center": spelled(stream("center"), everyone.center, words.CENTER),
            "_patient": np.arange(patients).astype(object),
            "_specimen": filled(0, patients),
            "_version": filled(0, patients),
            "_day": everyone.operation_date.astype(np.int64).astype(object),
            ENTERED: reported_on.astype(np.int64).astype(object),
        }
    )


def _contradicting_reports(main: Table, plan: Plan) -> list[Table]:
    """Two rows of one accession number and one report date that cannot both be true."""
    members = plan["duplicate_key_different_content"]
    shared = main.take(members).with_columns(
        {"Grade": "G2", "LVI": "present", "PNI": "absent", "Steatosis": "mild", "No. of mets": "1"}
    )
    return [
        shared.with_columns({SIZE: "3.2", "Margin": "4 mm", "Margin status": "free"}),
        shared.with_columns(
            {SIZE: "5.1", "Margin": "<1 mm", "Margin status": "involved", "_version": 1}
        ),
    ]


def _amended_reports(main: Table, plan: Plan, seed: int) -> Table:
    """The later report of a specimen whose first report (see ``write``) lacks the grade."""
    amended = main.take(plan["amended_report"])
    later = amended.columns[ENTERED].astype(np.int64) + 9
    stream = Stream(seed, "pathology amended")
    return amended.with_columns(
        {
            "Report date": day_first_dates(stream, later.astype("datetime64[D]")),
            "Comment": "Amended report",
            ENTERED: later.astype(object),
            "_version": 1,
        }
    )


def _further_specimens(
    main: Table, everyone: Cohort, operations: Operations, plan: Plan, seed: int
) -> list[Table]:
    """Specimens beside the main one that leave every derived variable as it is."""
    blank = dict.fromkeys(FINDINGS, "")
    gallbladder = main.take(plan["gallbladder_specimen"]).with_columns(
        {**blank, "Organ": "Gallbladder", "Histology": "Chronic cholecystitis", "_specimen": 1}
    )

    # The better half of two specimens: counts add up, of everything else the worst stands.
    members = plan["two_specimens_of_one_operation"]
    better = main.take(members).with_columns(
        {
            "No. of mets": "1",
            SIZE: "0.5",
            "Margin": "8 mm",
            "Margin status": "free",
            "Grade": "well differentiated",
            "LVI": "not identified",
            "PNI": "not identified",
            "Steatosis": "none",
            "Regression": "",
            "Comment": "",
            "_specimen": 1,
        }
    )

    members = plan["repeat_hepatectomy"]
    dates = operations.repeat_dates
    reported = np.asarray(dates + np.int64(8))
    stream = Stream(seed, "pathology repeat")
    # After an R1 resection the second one is free, by a word without a distance.
    margin = np.where(everyone.margin_mm[members] < 1, words.MARGIN_FREE, "<1 mm").astype(object)
    repeat = main.take(members).with_columns(
        {
            "Operation No": operations.repeat_ids,
            "Procedure date": day_first_dates(stream, dates),
            "Report date": day_first_dates(stream, reported),
            "No. of mets": "1",
            SIZE: "1.5",
            "Margin": margin,
            "Margin status": "",
            "Grade": "",
            "LVI": "",
            "PNI": "",
            "Steatosis": "severe",
            "Regression": "",
            "Comment": "",
            "_specimen": 2,
            "_day": dates.astype(np.int64).astype(object),
            ENTERED: reported.astype(np.int64).astype(object),
        }
    )
    return [gallbladder, better, repeat]


def _outside_cohort(table: Table, kinds: Column, plan: Plan, seed: int) -> Table:
    """Give the patients who do not belong to the cohort the reports that say so."""
    kind = kinds[table.columns["_patient"].astype(np.int64)]
    columns = {header: values.copy() for header, values in table.columns.items()}
    benign = np.flatnonzero(kind == "hemangioma")
    columns["Histology"][benign] = Stream(seed, "pathology hemangioma").choose(
        words.HEMANGIOMA, len(benign)
    )
    columns["Histology"][kind == "other_diagnosis"] = words.OTHER_DIAGNOSIS
    colon = kind == "colectomy_only"
    columns["Histology"][colon] = "Adenocarcinoma"
    columns["Organ"][colon] = "Colon"
    no_metastasis = np.isin(kind, ("hemangioma", "other_diagnosis", "colectomy_only"))
    for header in FINDINGS:
        if header != SIZE:
            columns[header][no_metastasis] = ""
    return Table(columns)


def _numbered(table: Table, numbers_from: int) -> Table:
    """Number the specimens of each year in the order of the days they arrived, and sort."""
    patient = table.columns["_patient"].astype(np.int64)
    specimen = patient * 4 + table.columns["_specimen"].astype(np.int64)
    day = table.columns["_day"].astype(np.int64)
    distinct, first, where = np.unique(specimen, return_index=True, return_inverse=True)
    order = np.lexsort((distinct, day[first]))
    years = 1970 + day[first].astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64)
    texts = np.empty(len(distinct), dtype=object)
    serial: dict[int, int] = {}
    for position in order.tolist():
        year = int(years[position])
        serial[year] = serial.get(year, numbers_from) + 1
        texts[position] = f"S{year % 100:02d}-{serial[year]:05d}"
    accession = texts[where]
    rows = np.lexsort((table.columns["_version"].astype(np.int64), accession.astype(str)))
    return table.with_columns({"Accession No": accession}).take(rows)


def _spelled_numbers(
    stream: Stream, values: Integers | Numbers, spellings: Callable[..., tuple[str, ...]]
) -> Column:
    """Write each number with one of its spellings; blank where there is none."""
    result = filled("", len(values))
    for value in np.unique(values[values >= 0]).tolist():
        rows = np.flatnonzero(values == value)
        result[rows] = stream.choose(spellings(value), len(rows))
    return result
