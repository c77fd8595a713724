"""The follow-up extract: a row per contact, Jalali dates, Persian digits and headers."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from examples.published_series import vocabulary as words
from examples.published_series.cohort import Cohort
from examples.published_series.draws import Column, Dates, Integers, Stream, filled
from examples.published_series.mess import Plan
from examples.published_series.tables import (
    ARABIC_DIGITS,
    ENTERED,
    PERSIAN_DIGITS,
    Table,
    jalali_dates,
    stacked,
    translated,
)

NUMBER: Final = "شماره پرونده"
CONTACT_DATE: Final = "تاریخ تماس"
STATUS: Final = "وضعیت"
DEATH_DATE: Final = "تاریخ فوت"
CAUSE: Final = "علت فوت"
SOURCE: Final = "منبع"
HEADERS: Final = (NUMBER, CONTACT_DATE, STATUS, DEATH_DATE, CAUSE, SOURCE)

EARLIER_CONTACTS: Final = 3
"""At most so many before the last one; with one more row after a death a patient has five."""


@dataclass(frozen=True)
class Contacts:
    """The extract and the date of its latest contact."""

    table: Table
    data_as_of: np.datetime64


def write(everyone: Cohort, kinds: Column, numbers: Column, plan: Plan, seed: int) -> Contacts:
    """Write the contacts of all patients, oldest first."""
    present = np.flatnonzero(kinds != "pathology_without_operation")
    end = np.asarray(everyone.operation_date + everyone.follow_up_days)
    living = present[~everyone.died[present]]
    dead = present[everyone.died[present]]

    stream = Stream(seed, "follow-up death report")
    reported = end.copy()
    lag = stream.integers(0, 40, len(dead)) * stream.integers(0, 1, len(dead))
    reported[dead] += lag
    twice = plan["death_recorded_twice"]
    revived = plan["living_contact_after_death"]
    blocks = [
        _earlier_contacts(everyone, numbers, present, plan, seed),
        _contacts(numbers, living, end[living], seed, "last"),
        _deaths(numbers, dead, reported[dead], end[dead], seed, "death"),
        _deaths(numbers, twice, reported[twice] + np.int64(14), end[twice], seed, "register"),
        _contacts(numbers, revived, reported[revived] + np.int64(21), seed, "after death"),
    ]
    table = stacked(blocks)
    order = np.lexsort((table.columns["_number"].astype(str), table.columns[ENTERED].astype(int)))
    dates = table.columns[ENTERED].astype(np.int64).astype("datetime64[D]")
    return Contacts(table=table.take(order), data_as_of=dates.max())


def _earlier_contacts(
    everyone: Cohort, numbers: Column, present: Integers, plan: Plan, seed: int
) -> Table:
    """Contacts between the operation and the end of follow-up, one per stretch of equal length."""
    stream = Stream(seed, "follow-up earlier")
    days = everyone.follow_up_days[present]
    # A contact every two months at most, so that no two fall on one day.
    wanted = np.minimum(stream.integers(0, EARLIER_CONTACTS, len(present)), days // 60)
    wanted[np.isin(present, plan["contact_without_status"])] = 1
    patients = np.repeat(present, wanted)
    stretches = np.repeat(wanted + 1, wanted)
    first_row = np.repeat(np.cumsum(wanted) - wanted, wanted)
    place = np.arange(len(patients)) - first_row + 1
    jitter = stream.uniform(len(patients), -0.3, 0.3)
    day = np.floor(everyone.follow_up_days[patients] * (place + jitter) / stretches)
    dates = np.asarray(everyone.operation_date[patients] + day.astype(np.int64))
    table = _contacts(numbers, patients, dates, seed, "earlier")
    silent = np.isin(patients, plan["contact_without_status"])
    table.columns[STATUS][silent] = ""
    return table


def _contacts(numbers: Column, patients: Integers, dates: Dates, seed: int, purpose: str) -> Table:
    """Contacts with living patients."""
    stream = Stream(seed, f"follow-up {purpose}")
    return Table(
        {
            NUMBER: _patient_numbers(stream, numbers[patients]),
            CONTACT_DATE: jalali_dates(stream, dates),
            STATUS: stream.choose(words.ALIVE, len(patients)),
            DEATH_DATE: filled("", len(patients)),
            CAUSE: filled("", len(patients)),
            SOURCE: stream.choose(words.CONTACT_SOURCE, len(patients)),
            "_number": numbers[patients],
            ENTERED: dates.astype(np.int64).astype(object),
        }
    )


def _deaths(
    numbers: Column, patients: Integers, reported: Dates, died: Dates, seed: int, purpose: str
) -> Table:
    stream = Stream(seed, f"follow-up {purpose} words")
    return _contacts(numbers, patients, reported, seed, purpose).with_columns(
        {
            STATUS: stream.choose(words.DEAD, len(patients)),
            DEATH_DATE: jalali_dates(stream, died),
            CAUSE: stream.choose(words.CAUSE_OF_DEATH, len(patients)),
            SOURCE: stream.choose(words.DEATH_SOURCE, len(patients)),
        }
    )


def _patient_numbers(stream: Stream, numbers: Column) -> Column:
    """Write patient numbers in Persian digits, one in forty in Arabic ones."""
    arabic = stream.uniform(len(numbers)) < 1 / 40
    result = translated(numbers, PERSIAN_DIGITS)
    result[arabic] = translated(numbers[arabic], ARABIC_DIGITS)
    return result
