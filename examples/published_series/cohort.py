"""The clinical truth of the example registry: one record per patient.

The latent cohort with what it leaves open: dates, margins in mm, centers. A ``Cohort`` says
nothing of how hospitals write; ``extracts`` does that.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from examples.published_series import latent, targets
from examples.published_series.draws import (
    Column,
    Dates,
    Integers,
    Mask,
    Numbers,
    Stream,
    column,
    unknown,
)

FIRST_OPERATION = np.datetime64("2012-01-01")
LAST_OPERATION = np.datetime64("2022-12-31")
LAST_CONTACT = np.datetime64("2023-12-31")
# Room after a death for the calls and register entries that report it.
DAYS_TO_REPORT_A_DEATH = 75
DAYS_PER_MONTH = 30.4375


@dataclass(frozen=True)
class Cohort:
    """Columns of equal length, one element per patient.

    Words are those of the data dictionary, None where nobody recorded the value; dates are
    ``datetime64[D]``, NaT where not recorded; ``size_mm`` and ``metastasis_count`` are 0 where not
    recorded or told by a bound alone, ``margin_mm`` is NaN where not recorded. ``reported`` is
    false for patients without a usable pathology report. ``follow_up_days`` runs from the index
    operation to death (``died``) or to the last contact.
    """

    center: Column
    sex: Column
    age_years: Integers
    birth_date: Dates
    operation_date: Dates
    primary_site: Column
    chronology: Column
    surgical_approach: Column
    interval_group: Column
    primary_diagnosis_date: Dates
    primary_operation_date: Dates
    metastasis_diagnosis_date: Dates
    neoadjuvant_therapy: Column
    hepatectomy_extent: Column
    lobar_involvement: Column
    reported: Mask
    size_mm: Integers
    size_group: Column
    margin_mm: Numbers
    margin_group: Column
    resection_status: Column
    metastasis_count: Integers
    metastasis_count_group: Column
    tumor_grade: Column
    lymphovascular_invasion: Column
    perineural_invasion: Column
    steatosis_grade: Column
    tumor_regression: Column
    died: Mask
    follow_up_days: Integers

    def __len__(self) -> int:
        return len(self.sex)

    def joined(self, other: "Cohort") -> "Cohort":
        """Return the patients of this cohort followed by those of another."""
        return Cohort(
            **{
                field.name: np.concatenate([getattr(self, field.name), getattr(other, field.name)])
                for field in fields(self)
            }
        )


def draw_cohort(patients: int, seed: int, *, all_reported: bool = False) -> Cohort:
    """Draw patients like those of the latent cohort.

    Every 248 patients hold each of the latent cohort once, so that the counts per category are
    exact; the rest are a random part of it. From the second such set on, follow-up is moved by up
    to a twentieth. Dates, margins in mm and all that the published tables do not count are drawn.

    Args:
        patients: how many, at least 1.
        seed: the same seed and number give the same cohort.
        all_reported: take only patients with a pathology report.
    """
    source = latent.read()
    members = np.flatnonzero((source["reported"] == "yes") | (not all_reported))
    turns = np.arange(patients)
    chosen = members[Stream(seed, "patients").order(len(members))][turns % len(members)]
    words: dict[str, Any] = {name: source[name][chosen] for name in WORDS}
    died = (source["died"][chosen] == "yes").astype(bool)
    follow_up_days = source["follow_up_days"][chosen].astype(np.int64)
    follow_up_days = np.where(
        turns < len(members), follow_up_days, _moved(follow_up_days, died, seed)
    )
    operation_date = _draw_operation_dates(follow_up_days, seed)
    age_years = source["age_years"][chosen].astype(np.int64)
    return Cohort(
        center=Stream(seed, "center").choose(targets.CENTERS, patients),
        age_years=age_years,
        birth_date=_draw_birth_dates(age_years, operation_date, seed),
        operation_date=operation_date,
        reported=(source["reported"][chosen] == "yes").astype(bool),
        size_mm=_numbers(source["size_mm"][chosen]),
        margin_mm=_draw_margins(words["margin_group"], seed),
        metastasis_count=_numbers(source["metastasis_count"][chosen]),
        resection_status=_recoded(words["margin_group"], _RESECTION_STATUS),
        died=died,
        follow_up_days=follow_up_days,
        **words,
        **_draw_disease_dates(words, operation_date, follow_up_days, seed),
    )


WORDS = (
    "sex",
    "primary_site",
    "chronology",
    "interval_group",
    "surgical_approach",
    "neoadjuvant_therapy",
    "hepatectomy_extent",
    "lobar_involvement",
    "size_group",
    "margin_group",
    "metastasis_count_group",
    "tumor_grade",
    "lymphovascular_invasion",
    "perineural_invasion",
    "steatosis_grade",
    "tumor_regression",
)
_RESECTION_STATUS = {"<1 mm": "R1", "1 mm": "R0", ">1 mm": "R0"}
_MARGINS_MM = {
    "<1 mm": (0.0, 0.0, 0.0, 0.2, 0.5, 0.5, 0.8, 0.9),
    "1 mm": (1.0,),
    ">1 mm": (1.1, 1.5, 2.0, 2.0, 2.5, 3.0, 3.0, 4.0, 5.0, 5.0, 6.0, 8.0, 10.0, 10.0, 12.0, 15.0),
}


def _recoded(values: Column, codes: Mapping[str, str]) -> Column:
    return column([codes.get(value) for value in values])


def _numbers(values: Column) -> Integers:
    return np.array([int(value or 0) for value in values.tolist()], dtype=np.int64)


def _moved(days: Integers, died: Mask, seed: int) -> Integers:
    """Move what lies beyond the early deaths, and stay inside the follow-up of the living."""
    moved = np.round(days * Stream(seed, "moved").uniform(len(days), 0.95, 1.05)).astype(np.int64)
    shortest, longest = targets.FOLLOW_UP_OF_LIVING_DAYS
    moved = np.clip(moved, np.where(died, 60, shortest), longest)
    return np.where(days > 65, moved, days)


def _draw_operation_dates(follow_up_days: Integers, seed: int) -> Dates:
    latest = np.minimum(
        LAST_OPERATION, LAST_CONTACT - follow_up_days - np.int64(DAYS_TO_REPORT_A_DEATH)
    )
    span = (latest - FIRST_OPERATION).astype(np.int64)
    dates = FIRST_OPERATION + Stream(seed, "operation date").integers(0, span, len(span))
    # 29 February has no anniversary three years in four; ages are easier to check without it.
    leap_day = (_month_of_year(dates) == 2) & (_day_of_month(dates) == 29)
    return np.asarray(dates - leap_day.astype(np.int64))


def _draw_birth_dates(age_years: Integers, operation_date: Dates, seed: int) -> Dates:
    """Draw birth dates that give the ages, with both sides of the 65th birthday."""
    days = Stream(seed, "days since birthday").integers(0, 364, len(age_years))
    days[np.flatnonzero(age_years == 65)[:1]] = 0
    birth_date = add_months(operation_date, -12 * age_years) - days
    younger = np.flatnonzero(age_years == 64)[:1]
    sixty_five = add_months(operation_date[younger], np.full(len(younger), -12 * 65))
    birth_date[younger] = sixty_five + np.int64(1)
    return np.asarray(birth_date)


def _draw_margins(margin_group: Column, seed: int) -> Numbers:
    margins = np.full(len(margin_group), np.nan)
    for level, values in _MARGINS_MM.items():
        members = np.flatnonzero(margin_group == level)
        drawn = Stream(seed, f"margin {level}").integers(0, len(values) - 1, len(members))
        margins[members] = np.array(values)[drawn]
    return margins


def _draw_disease_dates(
    words: Mapping[str, Column], operation_date: Dates, follow_up_days: Integers, seed: int
) -> dict[str, Any]:
    """Draw dates that tell chronology, approach and interval without the recorded words.

    No primary is resected after the patient's last contact, and days of the month after the
    28th are avoided, so that "six calendar months later" has one meaning.
    """
    chronology, approach = words["chronology"], words["surgical_approach"]
    patients = len(chronology)
    synchronous = (chronology == "synchronous").astype(bool)
    metachronous = (chronology == "metachronous").astype(bool)
    within_a_year = (words["interval_group"] == "<=12").astype(bool)

    def days(purpose: str, low: int, high: int) -> Integers:
        return Stream(seed, purpose).integers(low, high, patients)

    liver_first = (approach == "liver_first").astype(bool)
    simultaneous = (approach == "simultaneous").astype(bool)
    after = Stream(seed, "primary after liver").integers(
        30, np.clip(follow_up_days - 1, 30, 150), patients
    )
    primary_operation = operation_date - days("primary before liver", 60, 240)
    primary_operation = np.where(liver_first, operation_date + after, primary_operation)
    metastasis = operation_date - days("metastasis before liver", 45, 150)
    colon_first = synchronous & ~liver_first & ~simultaneous
    metastasis = np.where(
        colon_first, primary_operation - days("metastasis before primary", -50, 60), metastasis
    )
    interval = np.where(
        within_a_year, days("interval within a year", 200, 360), days("interval", 370, 1200)
    )
    primary_operation = np.where(metachronous, metastasis - interval, primary_operation)
    primary_operation = _no_later_than_28(primary_operation)
    primary_operation = np.where(simultaneous, operation_date, primary_operation)

    # Both sides of six calendar months, and twelve months to the day.
    boundary = np.flatnonzero(colon_first & ~unknown(approach))[:1]
    primary_operation[boundary] = _mid_month(operation_date[boundary] - np.int64(240))
    metastasis[boundary] = add_months(primary_operation[boundary], np.array([6]))
    boundary = np.flatnonzero(within_a_year)[:1]
    primary_operation[boundary] = _mid_month(operation_date[boundary] - np.int64(240))
    metastasis[boundary] = add_months(primary_operation[boundary], np.array([6])) + np.int64(1)
    boundary = np.flatnonzero(within_a_year)[1:2]
    primary_operation[boundary] = _mid_month(operation_date[boundary] - np.int64(430))
    metastasis[boundary] = add_months(primary_operation[boundary], np.array([12]))

    first = np.minimum(np.minimum(primary_operation, metastasis), operation_date)
    primary_diagnosis = first - days("primary diagnosis", 5, 90)
    nothing = np.datetime64("NaT", "D")
    no_chronology = unknown(chronology)
    return {
        "primary_diagnosis_date": np.where(no_chronology, nothing, primary_diagnosis),
        "primary_operation_date": np.where(
            no_chronology | (synchronous & unknown(approach)), nothing, primary_operation
        ),
        "metastasis_diagnosis_date": np.where(no_chronology, nothing, metastasis),
    }


def add_months(dates: Dates, months: Integers) -> Dates:
    """Return the same day of the month, ``months`` calendar months later (or earlier).

    The caller avoids days that the other month does not have.
    """
    start = dates.astype("datetime64[M]")
    shifted = (start + months).astype("datetime64[D]")
    return np.asarray(shifted + (dates - start.astype("datetime64[D]")))


def _day_of_month(dates: Dates) -> Integers:
    start = dates.astype("datetime64[M]").astype("datetime64[D]")
    return np.asarray((dates - start).astype(np.int64) + 1)


def _month_of_year(dates: Dates) -> Integers:
    return np.asarray(dates.astype("datetime64[M]").astype(np.int64) % 12 + 1)


def _no_later_than_28(dates: Dates) -> Dates:
    return np.asarray(dates - np.maximum(_day_of_month(dates) - 28, 0))


def _mid_month(dates: Dates) -> Dates:
    return np.asarray(dates.astype("datetime64[M]").astype("datetime64[D]") + np.int64(14))
