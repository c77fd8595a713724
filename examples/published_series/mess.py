"""Which patients get which mess: exactly as many as ``targets.MESS`` says, in random order."""

from collections.abc import Mapping
from typing import Final

import numpy as np

from examples.published_series import targets
from examples.published_series.cohort import Cohort
from examples.published_series.draws import Column, Integers, Mask, Stream, filled, unknown

IN_COHORT: Final = "cohort"
OUTSIDE_COHORT: Final = (
    "metastatic_seeding",
    "hemangioma",
    "other_diagnosis",
    "colectomy_only",
    "pathology_without_operation",
    "follow_up_without_operation",
)

Plan = Mapping[str, Integers]
"""Kind of mess → positions of the patients who have it."""


def kinds_outside(patients: int) -> Column:
    """Return the kind of each patient to add to a cohort of ``patients``."""
    return np.concatenate(
        [filled(kind, targets.scaled(targets.MESS[kind], patients)) for kind in OUTSIDE_COHORT]
    )


def plan_mess(everyone: Cohort, kinds: Column, seed: int) -> Plan:
    """Choose the patients of each kind of mess.

    Args:
        everyone: the cohort followed by the patients outside it.
        kinds: per patient ``IN_COHORT`` or one of ``OUTSIDE_COHORT``.
        seed: as for the cohort.

    Mess that could touch any patient is dealt to different patients, so that one surprise does
    not hide another; if a small registry runs out of suitable patients it has less mess.
    """
    in_cohort = (kinds == IN_COHORT).astype(bool)
    patients = int(in_cohort.sum())
    plan: dict[str, Integers] = {kind: np.flatnonzero(kinds == kind) for kind in OUTSIDE_COHORT}
    free = in_cohort.copy()

    def deal(kind: str, suitable: Mask, *, exclusive: bool) -> None:
        members = np.flatnonzero(suitable & (free if exclusive else in_cohort))
        members = members[Stream(seed, f"mess {kind}").order(len(members))]
        plan[kind] = members[: targets.scaled(targets.MESS[kind], patients)]
        if exclusive:
            free[plan[kind]] = False

    reported = everyone.reported
    residual = reported & (everyone.tumor_regression != "complete").astype(bool)
    nothing_lost = ~unknown(everyone.margin_group) & (everyone.size_mm > 0)
    for values in (
        everyone.tumor_grade,
        everyone.lymphovascular_invasion,
        everyone.perineural_invasion,
        everyone.steatosis_grade,
        everyone.metastasis_count_group,
    ):
        nothing_lost &= ~unknown(values)
    operative_known = ~unknown(everyone.hepatectomy_extent) & ~unknown(everyone.lobar_involvement)
    for values in (everyone.chronology, everyone.neoadjuvant_therapy):
        operative_known &= ~unknown(values)

    # Patients without a usable report: a few because two reports contradict each other.
    deal("duplicate_key_different_content", ~reported, exclusive=True)
    deal("no_pathology_report", ~reported, exclusive=True)
    free &= reported

    # A group that is told by a bound, without a number.
    for kind, known, numbers, group in (
        ("count_at_least", everyone.metastasis_count_group, everyone.metastasis_count, ">=3"),
        ("size_range_below_6_cm", everyone.size_group, everyone.size_mm, "<6 cm"),
        ("size_at_least_6_cm", everyone.size_group, everyone.size_mm, ">=6 cm"),
    ):
        plan[kind] = np.flatnonzero((known == group) & (numbers == 0) & reported)

    # How a value that stays unknown is written: fixed by the cohort, so not exclusive.
    margin_unknown = reported & unknown(everyone.resection_status)
    deal("margin_cannot_be_assessed", margin_unknown, exclusive=False)
    deal("grade_not_assessable", residual & unknown(everyone.tumor_grade), exclusive=False)
    taken = _mask(plan["grade_not_assessable"], len(everyone))
    deal("grade_low_only", residual & unknown(everyone.tumor_grade) & ~taken, exclusive=False)
    for kind, values in (
        ("lymphovascular_invasion_indeterminate", everyone.lymphovascular_invasion),
        ("perineural_invasion_indeterminate", everyone.perineural_invasion),
        ("steatosis_grade_four", everyone.steatosis_grade),
        ("count_multiple", everyone.metastasis_count_group),
        ("size_unreadable", everyone.size_group),
    ):
        deal(kind, residual & unknown(values), exclusive=False)
    taken = _mask(plan["size_unreadable"], len(everyone))
    deal(
        "size_range_across_6_cm",
        reported & unknown(everyone.size_group) & ~taken,
        exclusive=False,
    )
    deal("extent_unclear", unknown(everyone.hepatectomy_extent), exclusive=False)

    # Free choice: the rarest patients first.
    r1 = (everyone.resection_status == "R1").astype(bool)
    several = everyone.metastasis_count >= 2
    invaded = (everyone.lymphovascular_invasion == "yes").astype(bool)
    fatty = nothing_lost & (everyone.steatosis_grade != "0").astype(bool)
    deal("two_specimens_of_one_operation", fatty & r1 & several & invaded, exclusive=True)
    simultaneous = (everyone.surgical_approach == "simultaneous").astype(bool)
    deal("colectomy_on_same_day", simultaneous & operative_known, exclusive=True)
    long_followed = everyone.follow_up_days > 300
    deal("repeat_hepatectomy", long_followed & operative_known & reported, exclusive=True)
    colon_first = (everyone.surgical_approach == "colon_first").astype(bool)
    deal("colectomy_row", colon_first & operative_known, exclusive=True)
    deal("amended_report", nothing_lost, exclusive=True)
    deal("exact_duplicate_row", reported, exclusive=True)
    deal("gallbladder_specimen", reported, exclusive=True)
    deal("hemangioma_beside_metastasis", residual, exclusive=True)
    deal("diagnosis_blank", residual, exclusive=True)
    deal("linked_by_procedure_date", reported, exclusive=True)
    deal("linked_by_report_date", reported, exclusive=True)
    deal("patient_number_in_persian_digits", reported, exclusive=True)
    deal("margin_involved_by_status_only", r1, exclusive=True)
    deal("seeding_blank", in_cohort, exclusive=True)
    treated = (everyone.neoadjuvant_therapy == "yes").astype(bool)
    deal("neoadjuvant_by_regimen_only", treated, exclusive=True)
    dated = ~np.isnat(everyone.primary_operation_date)
    deal("chronology_by_dates_only", dated & ~unknown(everyone.chronology), exclusive=True)
    deal("living_contact_after_death", everyone.died, exclusive=True)
    deal("death_recorded_twice", everyone.died, exclusive=True)
    deal("contact_without_status", everyone.follow_up_days > 200, exclusive=True)
    return plan


def _mask(members: Integers, size: int) -> Mask:
    mask = np.zeros(size, dtype=bool)
    mask[members] = True
    return mask
