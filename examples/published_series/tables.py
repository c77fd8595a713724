"""Tables of text columns, and dates and digits as hospitals write them."""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

import numpy as np
from persiantools.jdatetime import JalaliDate

from examples.published_series.draws import Column, Dates, Integers, Mask, Stream, filled
from examples.published_series.vocabulary import Words

ENTERED = "_entered"
"""The column of a table with the day (since 1970) on which each row is written down."""

PERSIAN_DIGITS = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
ARABIC_DIGITS = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


@dataclass(frozen=True)
class Table:
    """Columns of equal length by header; a header with a leading ``_`` is never written."""

    columns: dict[str, Column]

    def __len__(self) -> int:
        return len(next(iter(self.columns.values())))

    def take(self, rows: Integers | Mask) -> "Table":
        """Return a copy of some rows, in the order given."""
        return Table({header: values[rows].copy() for header, values in self.columns.items()})

    def with_columns(self, columns: Mapping[str, object]) -> "Table":
        """Return the table with columns added or replaced by a single value or a column."""
        new = dict(self.columns)
        for header, values in columns.items():
            new[header] = values if isinstance(values, np.ndarray) else filled(values, len(self))
        return Table(new)

    def csv_text(self, headers: Sequence[str], delimiter: str, *, with_header: bool) -> str:
        """Return the rows as RFC 4180 with CRLF, quotes only where a cell needs them."""
        text = io.StringIO(newline="")
        writer = csv.writer(text, delimiter=delimiter, lineterminator="\r\n")
        if with_header:
            writer.writerow(headers)
        writer.writerows(zip(*(self.columns[header] for header in headers), strict=True))
        return text.getvalue()


def stacked(tables: Sequence[Table]) -> Table:
    """Return the rows of all tables, which have the same headers."""
    headers = tables[0].columns
    return Table({name: np.concatenate([t.columns[name] for t in tables]) for name in headers})


def spelled(stream: Stream, values: Column, words: Words) -> Column:
    """Write each value with one of its spellings; what ``words`` lacks (None) stays blank."""
    result = filled("", len(values))
    for value, spellings in words.items():
        members = np.flatnonzero(values == value)
        result[members] = stream.choose(spellings, len(members))
    return result


def each_day(dates: Dates, write: Callable[[date], str]) -> Column:
    """Apply a slow writer once per distinct day."""
    distinct, where = np.unique(dates, return_inverse=True)
    texts = np.empty(len(distinct), dtype=object)
    texts[:] = [write(value) for value in distinct.tolist()]
    return np.asarray(texts[where], dtype=object)


def iso_dates(dates: Dates) -> Column:
    """Write Gregorian dates as 2018-03-05; blank where there is none."""
    texts = np.datetime_as_string(dates).astype(object)
    texts[np.isnat(dates)] = ""
    return texts


def day_first_dates(stream: Stream, dates: Dates) -> Column:
    """Write Gregorian dates as 05/03/2018, some with ``.`` or ``-``."""
    separators = stream.choose(("/",) * 8 + (".", "-"), len(dates))
    result = filled("", len(dates))
    for separator in ("/", ".", "-"):
        rows = np.flatnonzero(separators == separator)
        pattern = f"%d{separator}%m{separator}%Y"
        result[rows] = each_day(dates[rows], partial(_gregorian, pattern))
    return result


def jalali_dates(stream: Stream, dates: Dates) -> Column:
    """Write Jalali dates in Persian digits with ``/``, some with ``-``, some in ASCII digits."""
    forms = stream.choose(("persian",) * 7 + ("ascii", "hyphen"), len(dates))
    result = filled("", len(dates))
    for form, separator, digits in (
        ("persian", "/", PERSIAN_DIGITS),
        ("ascii", "/", {}),
        ("hyphen", "-", PERSIAN_DIGITS),
    ):
        rows = np.flatnonzero(forms == form)
        pattern = f"%Y{separator}%m{separator}%d"
        result[rows] = translated(each_day(dates[rows], partial(_jalali, pattern)), digits)
    return result


def translated(texts: Column, digits: dict[int, int]) -> Column:
    """Write ASCII digits in another script."""
    result = np.empty(len(texts), dtype=object)
    result[:] = [text.translate(digits) for text in texts]
    return result


def _gregorian(pattern: str, day: date) -> str:
    return day.strftime(pattern)


def _jalali(pattern: str, day: date) -> str:
    return str(JalaliDate(day).strftime(pattern))
