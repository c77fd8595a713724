"""The operative extract: a row per operation, ISO dates, comma-separated, with a BOM."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from examples.published_series import vocabulary as words
from examples.published_series.cohort import Cohort
from examples.published_series.draws import Column, Dates, Integers, Stream, column, filled, unknown
from examples.published_series.mess import Plan
from examples.published_series.tables import ENTERED, Table, iso_dates, spelled, stacked

HEADERS: Final = (
    "MRN",
    "OP_ID",
    "Op date",
    "Procedure",
    "Access",
    "Lobes",
    "Seeding",
    "Approach",
    "Center",
    "Surgeon",
    "Gender",
    "DOB",
    "Primary",
    "Primary dx date",
    "Primary op date",
    "Mets dx date",
    "Sync/Meta",
    "Neoadjuvant",
    "Regimen",
    "Name",
    "Phone",
)

WITHOUT_OPERATION: Final = ("pathology_without_operation", "follow_up_without_operation")


@dataclass(frozen=True)
class Operations:
    """The extract, with what pathology needs to refer to it.

    ``index_ids`` holds the operation number of each patient's first liver operation (blank
    without one), ``repeat_ids`` and ``repeat_dates`` those of ``plan["repeat_hepatectomy"]``.
    """

    table: Table
    index_ids: Column
    repeat_ids: Column
    repeat_dates: Dates
    reasons: Mapping[str, Column]


def write(
    everyone: Cohort, kinds: Column, numbers: Column, plan: Plan, seed: int, numbers_from: int
) -> Operations:
    """Write the operations of all patients, oldest first."""
    main = _index_operations(everyone, numbers, plan, seed)
    repeats, repeat_dates = _repeat_hepatectomies(main, everyone, plan, seed)
    absent = np.isin(kinds, WITHOUT_OPERATION)
    blocks = [
        main.take(np.flatnonzero(~absent)),
        repeats,
        _colectomies(main, everyone, plan["colectomy_row"], seed),
        _colectomies(main, everyone, plan["colectomy_on_same_day"], seed),
    ]
    sizes = np.cumsum([0, *(len(block) for block in blocks)])
    table = stacked(blocks)
    # Python's sort by date text is stable: on one day the liver operation keeps the lower number.
    order = np.argsort(table.columns["Op date"].astype(str), kind="stable")
    ids = np.empty(len(table), dtype=object)
    ids[order] = [f"OP-{numbers_from + rank:06d}" for rank in range(1, len(table) + 1)]
    table = table.with_columns({"OP_ID": ids}).take(order)

    index_ids = filled("", len(everyone))
    index_ids[~absent] = ids[: sizes[1]]
    return Operations(
        table=table,
        index_ids=index_ids,
        repeat_ids=ids[sizes[1] : sizes[2]],
        repeat_dates=repeat_dates,
        reasons=_reasons(everyone),
    )


def _index_operations(everyone: Cohort, numbers: Column, plan: Plan, seed: int) -> Table:
    patients = len(everyone)

    def stream(name: str) -> Stream:
        return Stream(seed, f"operative {name}")

    procedure = spelled(stream("procedure"), _situations(everyone), words.HEPATECTOMY)
    unclear = np.flatnonzero(unknown(everyone.hepatectomy_extent))
    procedure[unclear] = stream("unclear").choose(words.EXTENT_UNCLEAR, len(unclear))
    only_colon = plan["colectomy_only"]
    site = spelled(stream("site"), everyone.primary_site, words.PRIMARY_SITE)
    procedure[only_colon] = _colectomy_terms(
        stream("colectomy only"), site[only_colon], everyone.primary_site[only_colon]
    )
    lobes = _lobes(stream("lobes"), everyone.lobar_involvement, procedure)
    lobes[only_colon] = ""
    access = stream("access").choose(words.ACCESS, patients)
    access[[text.startswith("laparoscopic") for text in procedure]] = "laparoscopic"
    seeding = stream("seeding").choose(words.SEEDING_NO, patients)
    seeded = plan["metastatic_seeding"]
    seeding[seeded] = stream("seeded").choose(words.SEEDING_YES, len(seeded))
    seeding[plan["seeding_blank"]] = ""
    seeding[only_colon] = ""

    chronology = spelled(stream("chronology"), everyone.chronology, words.CHRONOLOGY)
    chronology[plan["chronology_by_dates_only"]] = ""
    neoadjuvant = spelled(stream("neoadjuvant"), everyone.neoadjuvant_therapy, words.NEOADJUVANT)
    treated = np.flatnonzero(everyone.neoadjuvant_therapy == "yes")
    regimen = filled("", patients)
    regimen[treated] = stream("regimen").choose(words.REGIMEN, len(treated))
    by_regimen = plan["neoadjuvant_by_regimen_only"]
    neoadjuvant[by_regimen], regimen[by_regimen] = "", "FOLFOX"

    # Name and telephone follow from the patient number, and could be nobody's.
    serial = [int(number) - 100_000 for number in numbers]
    width = max(3, len(str(patients)))
    surgeons = [f"Synthetic Surgeon {number}" for number in range(1, 7)]
    return Table(
        {
            "MRN": numbers,
            "OP_ID": filled("", patients),
            "Op date": iso_dates(everyone.operation_date),
            ENTERED: everyone.operation_date.astype(np.int64).astype(object),
            "Procedure": procedure,
            "Access": access,
            "Lobes": lobes,
            "Seeding": seeding,
            "Approach": spelled(
                stream("approach"), everyone.surgical_approach, words.SURGICAL_APPROACH
            ),
            "Center": spelled(stream("center"), everyone.center, words.CENTER),
            "Surgeon": stream("surgeon").choose(surgeons, patients),
            "Gender": spelled(stream("sex"), everyone.sex, words.SEX),
            "DOB": iso_dates(everyone.birth_date),
            "Primary": site,
            "Primary dx date": iso_dates(everyone.primary_diagnosis_date),
            "Primary op date": iso_dates(everyone.primary_operation_date),
            "Mets dx date": iso_dates(everyone.metastasis_diagnosis_date),
            "Sync/Meta": chronology,
            "Neoadjuvant": neoadjuvant,
            "Regimen": regimen,
            "Name": column([f"Synthetic Patient {number:0{width}d}" for number in serial]),
            "Phone": column([f"000-{n // 10_000:04d}-{n % 10_000:04d}" for n in serial]),
        }
    )


def _situations(everyone: Cohort) -> Column:
    """The keys of ``words.HEPATECTOMY``."""
    extent = everyone.hepatectomy_extent
    bilobar = everyone.lobar_involvement == "bilobar"
    much = (everyone.metastasis_count > 1) | (everyone.size_mm >= 60)
    situation = extent.copy()
    situation[(extent == "minor") & much] = "minor, several or large"
    situation[(extent == "minor") & bilobar] = "minor, bilobar"
    situation[(extent == "major") & bilobar] = "major, bilobar"
    return situation


def _repeat_hepatectomies(
    main: Table, everyone: Cohort, plan: Plan, seed: int
) -> tuple[Table, Dates]:
    """A second hepatectomy, of the other extent, well inside the patient's follow-up."""
    members = plan["repeat_hepatectomy"]
    stream = Stream(seed, "operative repeat")
    days = stream.integers(120, everyone.follow_up_days[members] - 60, len(members))
    dates = np.asarray(everyone.operation_date[members] + days)
    was_major = (everyone.hepatectomy_extent[members] == "major").astype(bool)
    other = np.where(was_major, "minor", "major").astype(object)
    procedure = spelled(stream, other, words.HEPATECTOMY)
    lobes = _lobes(stream, filled("unilobar", len(members)), procedure)
    table = main.take(members).with_columns(
        {
            "Op date": iso_dates(dates),
            ENTERED: dates.astype(np.int64).astype(object),
            "Procedure": procedure,
            "Access": "open",
            "Lobes": lobes,
        }
    )
    return table, dates


def _colectomies(main: Table, everyone: Cohort, members: Integers, seed: int) -> Table:
    """The resection of the primary as a row of its own, on its own date."""
    rows = main.take(members)
    stream = Stream(seed, "operative colectomy")
    return rows.with_columns(
        {
            "Op date": iso_dates(everyone.primary_operation_date[members]),
            ENTERED: everyone.primary_operation_date[members].astype(np.int64).astype(object),
            "Procedure": _colectomy_terms(
                stream, rows.columns["Primary"], everyone.primary_site[members]
            ),
            "Access": "",
            "Lobes": "",
            "Seeding": "",
            "Approach": "",
        }
    )


def _colectomy_terms(stream: Stream, site_texts: Column, sites: Column) -> Column:
    """Name the colorectal resection that fits the site as it is written."""
    right = [text.lower() in words.RIGHT_COLON for text in site_texts]
    sites = sites.copy()
    sites[right] = "right colon"
    return spelled(stream, sites, words.COLECTOMY)


def _lobes(stream: Stream, involvement: Column, procedures: Column) -> Column:
    """Write the lobes, on the side that was resected where the procedure names one."""
    sides = involvement.copy()
    for position in np.flatnonzero(involvement == "unilobar").tolist():
        text = procedures[position].lower()
        if any(term in text for term in words.RIGHT_SIDED):
            sides[position] = "right"
        elif any(term in text for term in words.LEFT_SIDED):
            sides[position] = "left"
    return spelled(stream, sides, words.LOBES)


def _reasons(everyone: Cohort) -> dict[str, Column]:
    """Why each variable of this extract is unknown; None where it is known."""
    reasons = {
        name: _where_unknown(getattr(everyone, name), reason)
        for name, reason in (
            ("sex", "not_reported"),
            ("primary_site", "not_reported"),
            ("chronology", "not_reported"),
            ("neoadjuvant_therapy", "not_reported"),
            ("lobar_involvement", "not_reported"),
            ("hepatectomy_extent", "unreadable"),
            ("surgical_approach", "not_reported"),
            ("interval_group", "not_reported"),
        )
    }
    reasons["surgical_approach"][everyone.chronology == "metachronous"] = "not_applicable"
    reasons["interval_group"][everyone.chronology == "synchronous"] = "not_applicable"
    return reasons


def _where_unknown(values: Column, reason: str) -> Column:
    result = filled(None, len(values))
    result[unknown(values)] = reason
    return result
