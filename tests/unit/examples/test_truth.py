"""The truth table: counts equal the targets, and the files say what it says."""

import re
from collections import Counter, defaultdict
from datetime import date
from fractions import Fraction
from typing import Any

import pandas as pd
import pytest
from persiantools.jdatetime import JalaliDate

from examples.published_series import latent, published, targets, vocabulary
from examples.published_series.cohort import Cohort, draw_cohort
from examples.published_series.extracts import Extracts
from examples.published_series.truth import CONTEXT, FURTHER_VARIABLES, VARIABLES, excluded
from examples.published_series.truth import truth as truth_table

Rows = dict[str, list[dict[str, str]]]
Expected = dict[str, dict[str, Any]]

REASONS = {
    "no_report",
    "not_reported",
    "not_assessable",
    "not_applicable",
    "unreadable",
    "imprecise",
}
# What the paper does not count.
UNPUBLISHED_COUNTS = {
    "age_group": {"<65": 205, ">=65": 43},
    "metastasis_count_group": {"<3": 182, ">=3": 56},
    "interval_group": {"<=12": 13, ">12": 61},
}


def _published_counts() -> dict[str, dict[Any, int]]:
    counts: dict[str, dict[Any, int]] = defaultdict(dict)
    booleans = {"true": True, "false": False}
    for (table, variable, level, statistic, _), text in published.figures().items():
        if (table, statistic) == ("table_one", "count"):
            counts[variable][booleans.get(level, level)] = int(text)
    counts["died_within_30_days"][False] = targets.PATIENTS - 6
    return dict(counts)


EXPECTED_COUNTS = _published_counts() | UNPUBLISHED_COUNTS


@pytest.mark.parametrize("variable", EXPECTED_COUNTS)
def test_counts_equal_the_published_ones(truth: pd.DataFrame, variable: str) -> None:
    counted = Counter(value for value in truth[variable] if value is not None)
    assert counted == EXPECTED_COUNTS[variable]


def test_one_row_per_patient_of_the_cohort(truth: pd.DataFrame) -> None:
    assert len(truth) == targets.PATIENTS
    assert truth.index.is_unique
    assert all(re.fullmatch(r"[0-9]{6}", number) for number in truth.index)
    outside = excluded()
    assert not set(truth.index) & set(outside.index)
    assert len(outside) == 13
    assert truth.columns.tolist() == [
        *(n for v in (*VARIABLES, *FURTHER_VARIABLES) for n in (v, f"{v}_missing_reason")),
        *CONTEXT,
    ]


@pytest.mark.parametrize("variable", [*VARIABLES, *FURTHER_VARIABLES])
def test_a_value_is_missing_exactly_where_it_has_a_reason(
    truth: pd.DataFrame, variable: str
) -> None:
    values, reasons = truth[variable], truth[f"{variable}_missing_reason"]
    assert [value is None for value in values] == [reason is not None for reason in reasons]
    assert set(reasons) - {None} <= REASONS


def test_planted_mess_has_the_stated_counts(extracts: Extracts) -> None:
    assert {kind: len(who) for kind, who in extracts.planted.items()} == dict(targets.MESS)


@pytest.mark.parametrize("patients", [1, 30, 1000])
def test_scaled_cohorts_keep_the_proportions(patients: int) -> None:
    cohort = draw_cohort(patients, seed=9)
    assert len(cohort) == patients
    assert patients < targets.PATIENTS or 0.51 < cohort.died.mean() < 0.53
    assert len(truth_table(9, patients)) == patients


def test_number_of_follow_up_rows_per_patient(rows: Rows) -> None:
    contacts = defaultdict(list)
    for row in rows["follow"]:
        contacts[_digits(row["شماره پرونده"])].append(_jalali(row["تاریخ تماس"]))
    assert {len(days) for days in contacts.values()} == {1, 2, 3, 4, 5}
    assert all(len(set(days)) == len(days) for days in contacts.values())


def test_no_contact_or_death_before_the_operation(rows: Rows, expected: Expected) -> None:
    for row in rows["follow"]:
        number = _digits(row["شماره پرونده"])
        if number not in expected:
            continue
        operation = expected[number]["operation_date"]
        assert _jalali(row["تاریخ تماس"]) >= operation
        if row["تاریخ فوت"]:
            assert operation <= _jalali(row["تاریخ فوت"]) <= _jalali(row["تاریخ تماس"])


def test_follow_up_in_the_files_is_that_of_the_truth(
    rows: Rows, expected: Expected, extracts: Extracts
) -> None:
    operations: dict[str, list[date]] = defaultdict(list)
    for row in rows["operative"]:
        if not re.search("colectomy|anterior|perineal", row["Procedure"], re.IGNORECASE):
            operations[row["MRN"]].append(date.fromisoformat(row["Op date"]))
    contacts: dict[str, list[date]] = defaultdict(list)
    deaths: dict[str, date] = {}
    for row in rows["follow"]:
        number = _digits(row["شماره پرونده"])
        contacts[number].append(_jalali(row["تاریخ تماس"]))
        if row["تاریخ فوت"]:
            deaths[number] = _jalali(row["تاریخ فوت"])
    assert max(day for days in contacts.values() for day in days) == extracts.data_as_of.item()
    for number, patient in expected.items():
        index_operation = min(operations[number])
        end = deaths.get(number, max(contacts[number]))
        assert patient["operation_date"] == index_operation
        assert patient["died"] == (number in deaths)
        assert patient["follow_up_days"] == (end - index_operation).days


def test_dates_in_the_files_tell_age_chronology_and_approach(
    rows: Rows, expected: Expected
) -> None:
    boundaries: Counter[str] = Counter()
    for row in rows["operative"]:
        operation = date.fromisoformat(row["Op date"])
        if row["MRN"] not in expected:
            continue
        patient = expected[row["MRN"]]
        if operation != patient["operation_date"]:
            continue
        birth = date.fromisoformat(row["DOB"])
        birthday_to_come = (operation.month, operation.day) < (birth.month, birth.day)
        age = operation.year - birth.year - birthday_to_come
        assert age == patient["age_at_operation"]
        assert patient["age_group"] == ("<65" if age < 65 else ">=65")
        boundaries["65th birthday"] += _months_later(birth, 65 * 12) == operation
        if not row["Primary op date"] or not row["Mets dx date"]:
            assert patient["surgical_approach"] is None
            continue
        primary = date.fromisoformat(row["Primary op date"])
        metastasis = date.fromisoformat(row["Mets dx date"])
        assert metastasis <= operation
        assert date.fromisoformat(row["Primary dx date"]) <= min(primary, metastasis)
        six = _months_later(primary, 6)
        boundaries["six months"] += metastasis == six
        boundaries["six months and a day"] += (metastasis - six).days == 1
        boundaries["twelve months"] += metastasis == _months_later(primary, 12)
        if metastasis > six:
            assert patient["chronology"] == "metachronous"
            within = metastasis <= _months_later(primary, 12)
            assert patient["interval_group"] == ("<=12" if within else ">12")
        else:
            assert patient["chronology"] == "synchronous"
            order = (primary > operation) - (primary < operation)
            approach = {-1: "colon_first", 0: "simultaneous", 1: "liver_first"}[order]
            assert patient["surgical_approach"] == approach
    assert all(
        boundaries[kind] >= 1
        for kind in ("65th birthday", "six months", "six months and a day", "twelve months")
    )


def test_distances_and_sizes_in_the_files_tell_the_groups(
    rows: Rows, expected: Expected, extracts: Extracts
) -> None:
    several = set(extracts.planted["repeat_hepatectomy"])
    several |= set(extracts.planted["two_specimens_of_one_operation"])
    several |= set(extracts.planted["duplicate_key_different_content"])
    read: Counter[str] = Counter()
    for row in rows["pathology"]:
        number = _digits(row["MRN"])
        if number not in expected or number in several or row["Organ"] == "Gallbladder":
            continue
        patient = expected[number]
        size = _plain_mm(row["Max size (cm) "], "cm")
        if size is not None:
            read["size"] += 1
            assert patient["size_group"] == ("<6 cm" if size < 60 else ">=6 cm")
        margin = _plain_mm(row["Margin"], "mm")
        if margin is not None:
            read["margin"] += 1
            group = "<1 mm" if margin < 1 else "1 mm" if margin == 1 else ">1 mm"
            assert patient["margin_group"] == group
            stated = row["Margin status"].casefold()
            assert (stated in {"involved", "positive", "r1"}) <= (margin < 1)
            assert (stated in {"free", "negative", "r0"}) <= (margin >= 1)
    assert read["size"] > 200
    assert read["margin"] > 150


def test_unusable_rows_of_the_duplicate_key(
    rows: Rows, expected: Expected, extracts: Extracts
) -> None:
    (number,) = extracts.planted["duplicate_key_different_content"]
    first, second = (row for row in rows["pathology"] if row["MRN"] == number)
    key = ("MRN", "Accession No", "Report date")
    assert [first[name] for name in key] == [second[name] for name in key]
    assert first != second
    assert expected[number]["resection_status_missing_reason"] == "no_report"


def test_amended_report_fills_the_grade(rows: Rows, expected: Expected, extracts: Extracts) -> None:
    (number,) = extracts.planted["amended_report"]
    first, later = (row for row in rows["pathology"] if row["MRN"] == number)
    assert first["Accession No"] == later["Accession No"]
    assert first["Report date"] != later["Report date"]
    assert first["Grade"] == ""
    assert later["Grade"]
    assert expected[number]["tumor_grade"] is not None


def test_two_specimens_add_up(rows: Rows, expected: Expected, extracts: Extracts) -> None:
    (number,) = extracts.planted["two_specimens_of_one_operation"]
    found = [row for row in rows["pathology"] if row["MRN"] == number]
    assert len({row["Accession No"] for row in found}) == 2
    assert len({row["Operation No"] for row in found}) == 1
    total = sum(int(row["No. of mets"]) for row in found)
    assert expected[number]["metastasis_count_group"] == ("<3" if total < 3 else ">=3")


def test_what_a_report_says_agrees_with_what_was_done(rows: Rows, expected: Expected) -> None:
    """No grade where no tumor is left, and both lobes only of several metastases."""
    complete = 0
    for row in rows["pathology"]:
        if row["Histology"] in vocabulary.NO_RESIDUAL_TUMOR:
            complete += 1
            assert expected[_digits(row["MRN"])]["tumor_regression"] == "complete"
            assert {row["Grade"], row["LVI"], row["PNI"]} <= set(vocabulary.MISSING_WORD)
    assert complete == EXPECTED_COUNTS["tumor_regression"]["complete"]
    for row in rows["operative"]:
        unclear = row["Procedure"] in vocabulary.EXTENT_UNCLEAR
        if row["Lobes"] in vocabulary.LOBES["bilobar"] and not unclear:
            words = row["Procedure"].lower()
            assert re.search("multiple|resections|x3|2, 3 and 6|extended", words) or (
                "wedge" in words and "hepatectomy" in words
            )


def test_the_latent_cohort_is_what_the_files_are_made_of(cohort: Cohort) -> None:
    source = latent.read()
    for name in ("sex", "margin_group", "tumor_grade"):
        assert Counter(source[name]) == Counter(getattr(cohort, name))
    assert Counter(source["follow_up_days"].astype(int)) == Counter(cohort.follow_up_days)


def test_exact_duplicate_row(records: dict[str, list[list[str]]]) -> None:
    for name, table in records.items():
        repeated = [row for row, times in Counter(map(tuple, table)).items() if times > 1]
        assert len(repeated) == (1 if name == "pathology_synthetic.csv" else 0)


def _digits(text: str) -> str:
    return "".join(str(int(character)) for character in text)


def _jalali(text: str) -> date:
    year, month, day = (int(_digits(part)) for part in re.split("[/-]", text))
    gregorian: date = JalaliDate(year, month, day).to_gregorian()
    return gregorian


def _months_later(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    last = {1: 29 if (day.year + years) % 4 == 0 else 28, 3: 30, 5: 30, 8: 30, 10: 30}
    return date(day.year + years, month + 1, min(day.day, last.get(month, 31)))


def _plain_mm(text: str, unit: str) -> Fraction | None:
    """Read a plain number with or without unit; None for everything else."""
    match = re.fullmatch(r"(?:~|about |closest margin )?([\d.,]+)(?: x .*?)? ?(mm|cm)?", text)
    if match is None:
        return None
    number = Fraction(match[1].replace(",", "."))
    return number * 10 if (match[2] or unit) == "cm" else number
