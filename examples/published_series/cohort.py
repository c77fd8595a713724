"""The clinical truth of the example registry: one record per patient.

A ``Cohort`` says nothing of how hospitals write; ``extracts`` does that. Whoever has better
numbers (say, survival times fitted to published hazard ratios) makes another ``Cohort`` and
leaves ``extracts`` alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from statistics import NormalDist
from typing import Any

import numpy as np

from examples.published_series import targets
from examples.published_series.draws import (
    Column,
    Dates,
    Integers,
    Mask,
    Numbers,
    Stream,
    column,
    filled,
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
    ``datetime64[D]``, NaT where not recorded; ``size_mm`` and ``metastasis_count`` are 0 and
    ``margin_mm`` is NaN where not recorded. ``reported`` is false for patients without a usable
    pathology report. ``follow_up_days`` runs from the index operation to death (``died``) or
    to the last contact.
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
    """Draw a cohort whose counts per category are those of ``targets``, scaled to ``patients``.

    Args:
        patients: how many, at least 1.
        seed: the same seed and number give the same cohort.
        all_reported: give every patient a pathology report.
    """
    reported = np.ones(patients, dtype=bool)
    if not all_reported:
        without = targets.scaled(targets.WITHOUT_REPORT, patients)
        reported[Stream(seed, "without report").order(patients)[:without]] = False
    everyone = np.ones(patients, dtype=bool)

    words: dict[str, Any] = {}
    for name, counts in targets.COUNTS.items():
        eligible = reported if name in _FROM_PATHOLOGY else everyone
        words[name] = _fixed_counts(Stream(seed, name), counts, eligible)
    words["metastasis_count_group"] = _recoded(words["metastasis_count"], _COUNT_GROUP)
    words["resection_status"] = _recoded(words["margin"], _RESECTION_STATUS)
    words["margin_group"] = _recoded(words["margin"], _MARGIN_GROUP)
    treated = (words["neoadjuvant_therapy"] == "yes").astype(bool)
    words["tumor_regression"] = _fixed_counts(
        Stream(seed, "tumor regression"), targets.TUMOR_REGRESSION, reported & treated
    )

    died, follow_up_days = _draw_survival(words, seed)
    operation_date = _draw_operation_dates(follow_up_days, seed)
    age_years, birth_date = _draw_ages(words["age_group"], operation_date, seed)
    disease = _draw_disease_dates(words["chronology"], operation_date, follow_up_days, seed)
    count = np.array([int(value or 0) for value in words["metastasis_count"]], dtype=np.int64)
    dropped = {"age_group", "margin", "metastasis_count"}
    return Cohort(
        center=_fixed_counts(Stream(seed, "center"), targets.CENTERS, everyone),
        age_years=age_years,
        birth_date=birth_date,
        operation_date=operation_date,
        reported=reported,
        size_mm=_draw_sizes(words["size_group"], seed),
        margin_mm=_draw_margins(words["margin_group"], seed),
        metastasis_count=count,
        died=died,
        follow_up_days=follow_up_days,
        **{name: values for name, values in words.items() if name not in dropped},
        **disease,
    )


_FROM_PATHOLOGY = frozenset(
    {
        "size_group",
        "margin",
        "tumor_grade",
        "lymphovascular_invasion",
        "perineural_invasion",
        "steatosis_grade",
        "metastasis_count",
    }
)
_COUNT_GROUP = {str(count): "<3" if count < 3 else ">=3" for count in range(1, 61)}
_RESECTION_STATUS = {"<1 mm": "R1", "1 mm": "R0", ">1 mm": "R0", targets.MARGIN_FREE_BY_WORD: "R0"}
_MARGIN_GROUP = {"<1 mm": "<1 mm", "1 mm": "1 mm", ">1 mm": ">1 mm"}
_MARGINS_MM = {
    "<1 mm": (0.0, 0.0, 0.0, 0.2, 0.5, 0.5, 0.8, 0.9),
    "1 mm": (1.0,),
    ">1 mm": (1.1, 1.5, 2.0, 2.0, 2.5, 3.0, 3.0, 4.0, 5.0, 5.0, 6.0, 8.0, 10.0, 10.0, 12.0, 15.0),
}


def _recoded(values: Column, codes: Mapping[str, str]) -> Column:
    return column([codes.get(value) for value in values])


def _fixed_counts(stream: Stream, counts: Mapping[str, int], eligible: Mask) -> Column:
    """Deal the scaled counts out among the eligible in random order; None to all others."""
    patients = len(eligible)
    places = int(eligible.sum())
    levels: list[str | None] = []
    for level, count in targets.scaled_counts(counts, patients).items():
        if level is not None:
            levels.extend([level] * count)
    levels = levels[:places] + [None] * max(0, places - len(levels))
    result = filled(None, patients)
    result[eligible] = stream.shuffle(levels)
    return result


def _draw_survival(words: Mapping[str, Column], seed: int) -> tuple[Mask, Integers]:
    """Draw who died and the days followed, from a proportional hazards model.

    The baseline hazard is rescaled until exactly the wanted number of patients die before their
    follow-up would have ended.
    """
    patients = len(words["sex"])
    log_hazard = np.zeros(patients)
    for name, ratios in targets.HAZARD_RATIOS.items():
        for level, ratio in ratios.items():
            log_hazard += np.where(words[name] == level, np.log(ratio), 0.0)
    log_hazard -= log_hazard.mean()
    exposure = -np.log1p(-Stream(seed, "time to death").uniform(patients)) / np.exp(log_hazard)

    shortest, longest = targets.FOLLOW_UP_OF_LIVING_DAYS
    spread = Stream(seed, "follow-up").uniform(patients) ** targets.FOLLOW_UP_SHAPE
    end_of_follow_up = np.floor(shortest + (longest - shortest + 1) * spread)

    by_exposure = np.argsort(exposure, kind="stable")
    deaths = targets.scaled(targets.DEATHS, patients)
    early = by_exposure[: targets.scaled(len(targets.EARLY_DEATH_DAYS), patients)]
    late = np.ones(patients, dtype=bool)
    late[early] = False

    months, hazard = (np.array(points) for points in zip(*targets.CUMULATIVE_HAZARD, strict=True))
    low, high = 1e-3, 1e3
    for _ in range(200):
        factor = float(np.sqrt(low * high))
        # The first day that no longer counts as early is day 31.
        days = 31 + np.floor((np.interp(exposure / factor, hazard, months) - 1) * DAYS_PER_MONTH)
        late_deaths = int((late & (days <= end_of_follow_up)).sum())
        if late_deaths == deaths - len(early):
            break
        low, high = (low, factor) if late_deaths > deaths - len(early) else (factor, high)

    died = ~late | (days <= end_of_follow_up)
    follow_up_days = np.where(died, days, end_of_follow_up).astype(np.int64)
    cycle = np.array(targets.EARLY_DEATH_DAYS, dtype=np.int64)
    follow_up_days[early] = np.resize(cycle, len(early))
    living = np.flatnonzero(~died)
    if len(living) > 1:
        follow_up_days[living[np.argmin(follow_up_days[living])]] = shortest
        follow_up_days[living[np.argmax(follow_up_days[living])]] = longest
    late_dead = np.flatnonzero(died & late)
    if len(late_dead):
        follow_up_days[late_dead[np.argmin(follow_up_days[late_dead])]] = 31
    return died, follow_up_days


def _draw_operation_dates(follow_up_days: Integers, seed: int) -> Dates:
    latest = np.minimum(
        LAST_OPERATION, LAST_CONTACT - follow_up_days - np.int64(DAYS_TO_REPORT_A_DEATH)
    )
    span = (latest - FIRST_OPERATION).astype(np.int64)
    dates = FIRST_OPERATION + Stream(seed, "operation date").integers(0, span, len(span))
    # 29 February has no anniversary three years in four; ages are easier to check without it.
    leap_day = (_month_of_year(dates) == 2) & (_day_of_month(dates) == 29)
    return np.asarray(dates - leap_day.astype(np.int64))


def _draw_ages(age_group: Column, operation_date: Dates, seed: int) -> tuple[Integers, Dates]:
    """Draw completed years at operation and birth dates, with both sides of the 65th birthday."""
    low, high = targets.AGE_RANGE_YEARS
    normal = NormalDist(*targets.AGE_YEARS)
    years = np.zeros(len(age_group), dtype=np.int64)
    for level, start, stop in (("<65", low, 65), (">=65", 65, high + 1)):
        members = np.flatnonzero(age_group == level)
        quantiles = _truncated_quantiles(normal, start, stop, len(members))
        order = Stream(seed, f"age {level}").order(len(members))
        years[members] = np.minimum(np.floor(quantiles), stop - 1)[order]
    days = Stream(seed, "days since birthday").integers(0, 364, len(years))
    older, younger = np.flatnonzero(age_group == ">=65"), np.flatnonzero(age_group == "<65")
    if len(older):
        years[older[0]], days[older[0]] = 65, 0
    birth_date = add_months(operation_date, -12 * years) - days
    if len(younger):
        years[younger[0]] = 64
        sixty_five = add_months(operation_date[younger[:1]], np.array([-12 * 65]))
        birth_date[younger[0]] = sixty_five[0] + np.int64(1)
    return years, birth_date


def _draw_sizes(size_group: Column, seed: int) -> Integers:
    """Draw log-normal sizes in whole mm, 60 mm among them."""
    mean, deviation = targets.SIZE_MM
    sigma = float(np.sqrt(np.log1p((deviation / mean) ** 2)))
    normal = NormalDist(float(np.log(mean)) - sigma**2 / 2, sigma)
    low, high = targets.SIZE_RANGE_MM
    sizes = np.zeros(len(size_group), dtype=np.int64)
    for level, start, stop in (("<6 cm", low, 60), (">=6 cm", 60, high)):
        members = np.flatnonzero(size_group == level)
        logs = _truncated_quantiles(normal, float(np.log(start)), float(np.log(stop)), len(members))
        mm = np.clip(np.floor(np.exp(logs)), start, stop - 1)
        sizes[members] = mm[Stream(seed, f"size {level}").order(len(members))]
    large = np.flatnonzero(size_group == ">=6 cm")
    small = np.flatnonzero(size_group == "<6 cm")
    sizes[large[:2]] = 60
    sizes[small[:1]] = 59
    return sizes


def _draw_margins(margin_group: Column, seed: int) -> Numbers:
    margins = np.full(len(margin_group), np.nan)
    for level, values in _MARGINS_MM.items():
        members = np.flatnonzero(margin_group == level)
        drawn = Stream(seed, f"margin {level}").integers(0, len(values) - 1, len(members))
        margins[members] = np.array(values)[drawn]
    return margins


def _draw_disease_dates(
    chronology: Column, operation_date: Dates, follow_up_days: Integers, seed: int
) -> dict[str, Any]:
    """Draw approach and dates such that the dates alone tell chronology, approach and interval.

    No primary is resected after the patient's last contact, and days of the month after the
    28th are avoided, so that "six calendar months later" has one meaning.
    """
    patients = len(chronology)
    synchronous = (chronology == "synchronous").astype(bool)
    metachronous = (chronology == "metachronous").astype(bool)
    approach = filled(None, patients)
    total = (
        sum(targets.COUNTS["chronology"].values()) - targets.COUNTS["chronology"]["metachronous"]
    )
    levels = targets.scaled_counts(targets.SURGICAL_APPROACH, int(synchronous.sum()), total)
    dealt = [level for level, count in levels.items() for _ in range(count)]
    members = np.flatnonzero(synchronous)
    # Long follow-up first: whoever died soon after the operation cannot be liver first.
    members = members[np.argsort(-np.minimum(follow_up_days[members], 60), kind="stable")]
    roomy = int((follow_up_days[members] >= 60).sum())
    shuffled = Stream(seed, "surgical approach").shuffle(dealt)
    swap = [i for i in range(roomy, len(shuffled)) if shuffled[i] == "liver_first"]
    partners = [i for i in range(roomy) if shuffled[i] == "colon_first"]
    for late, early in zip(swap, partners, strict=False):
        shuffled[late], shuffled[early] = shuffled[early], shuffled[late]
    approach[members] = shuffled

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
    primary_operation = np.where(
        metachronous, metastasis - days("interval", 200, 1000), primary_operation
    )
    primary_operation = _no_later_than_28(primary_operation)
    primary_operation = np.where(simultaneous, operation_date, primary_operation)

    # Both sides of six calendar months, and twelve months to the day.
    boundary = np.flatnonzero(colon_first & ~unknown(approach))[:1]
    primary_operation[boundary] = _mid_month(operation_date[boundary] - np.int64(240))
    metastasis[boundary] = add_months(primary_operation[boundary], np.array([6]))
    boundary = np.flatnonzero(metachronous)[:1]
    primary_operation[boundary] = _mid_month(operation_date[boundary] - np.int64(240))
    metastasis[boundary] = add_months(primary_operation[boundary], np.array([6])) + np.int64(1)
    boundary = np.flatnonzero(metachronous)[1:2]
    primary_operation[boundary] = _mid_month(operation_date[boundary] - np.int64(430))
    metastasis[boundary] = add_months(primary_operation[boundary], np.array([12]))

    first = np.minimum(np.minimum(primary_operation, metastasis), operation_date)
    primary_diagnosis = first - days("primary diagnosis", 5, 90)
    twelve_months_later = add_months(primary_operation, np.full(patients, 12))
    within = (metastasis <= twelve_months_later).astype(bool)
    interval = filled(None, patients)
    interval[metachronous] = np.where(within, "<=12", ">12")[metachronous]

    nothing = np.datetime64("NaT", "D")
    no_chronology = unknown(chronology)
    return {
        "surgical_approach": approach,
        "interval_group": interval,
        "primary_diagnosis_date": np.where(no_chronology, nothing, primary_diagnosis),
        "primary_operation_date": np.where(
            no_chronology | (synchronous & unknown(approach)), nothing, primary_operation
        ),
        "metastasis_diagnosis_date": np.where(no_chronology, nothing, metastasis),
    }


def _truncated_quantiles(normal: NormalDist, low: float, high: float, size: int) -> Numbers:
    """Return evenly spaced quantiles of a normal distribution cut off at both ends."""
    start, stop = normal.cdf(low), normal.cdf(high)
    return np.array(
        [normal.inv_cdf(start + (stop - start) * (rank + 0.5) / size) for rank in range(size)]
    )


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
