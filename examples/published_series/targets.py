"""What the example registry is to look like: counts per category, effects on survival, mess.

Counts are for 248 patients and follow Table 1 of the published series; ``scaled`` carries them
over to any other number of patients. What is missing is the rest up to 248.
"""

from collections.abc import Mapping
from typing import Final

PATIENTS: Final = 248
SEED: Final = 20122022

# Resection margin and R status are one draw: R0 and R1 follow from the distance. "R0" stands for
# patients whose report calls the margin free without giving a distance: R0, margin group unknown.
MARGIN_FREE_BY_WORD: Final = "R0"

COUNTS: Final[Mapping[str, Mapping[str, int]]] = {
    "sex": {"female": 105, "male": 143},
    "age_group": {"<65": 205, ">=65": 43},
    "primary_site": {"colon": 138, "rectum": 110},
    "chronology": {"synchronous": 168, "metachronous": 74},
    "neoadjuvant_therapy": {"no": 30, "yes": 217},
    "hepatectomy_extent": {"minor": 160, "major": 86},
    "lobar_involvement": {"unilobar": 171, "bilobar": 75},
    "size_group": {"<6 cm": 180, ">=6 cm": 58},
    "margin": {"<1 mm": 53, "1 mm": 31, ">1 mm": 153, MARGIN_FREE_BY_WORD: 6},
    "tumor_grade": {"well": 49, "moderate": 137, "poor": 2},
    "lymphovascular_invasion": {"no": 31, "yes": 156},
    "perineural_invasion": {"no": 155, "yes": 31},
    "steatosis_grade": {"0": 98, "1": 68, "2": 24, "3": 6},
    "metastasis_count": {"1": 132, "2": 54, "3": 26, "4": 15, "5": 8, "6": 5, "7": 1, "8": 1},
}
"""Level counts among all 248 patients."""

SURGICAL_APPROACH: Final[Mapping[str, int]] = {
    "colon_first": 79,
    "liver_first": 72,
    "simultaneous": 12,
}
"""Among the 168 synchronous patients; the other five are unknown."""

TUMOR_REGRESSION: Final[Mapping[str, int]] = {"poor": 26, "partial": 138, "complete": 19}
"""Among patients with neoadjuvant therapy."""

WITHOUT_REPORT: Final = 3
"""Patients without a usable pathology report; every pathology variable of theirs is missing."""

DEATHS: Final = 129
EARLY_DEATH_DAYS: Final = (0, 0, 9, 17, 24, 30)
"""Days from the operation to death of those who died within 30 days (day 30 counts)."""
FOLLOW_UP_OF_LIVING_DAYS: Final = (366, 3713)
"""12 and 122 months of 30.4375 days, rounded inward."""
FOLLOW_UP_SHAPE: Final = 1.3
"""Exponent of the spread of follow-up between those two ends; greater is shorter follow-up."""

AGE_YEARS: Final = (54.27, 11.0)
AGE_RANGE_YEARS: Final = (26, 84)
SIZE_MM: Final = (44.3, 32.3)
SIZE_RANGE_MM: Final = (6, 180)

CUMULATIVE_HAZARD: Final = (
    (1.0, 0.025),
    (12.0, 0.095),
    (36.0, 0.60),
    (43.0, 0.70),
    (60.0, 0.88),
    (122.0, 1.5),
    (2000.0, 30.0),
)
"""Months and baseline cumulative hazard, from 91%, 56%, 50% and 42% alive at 12, 36, 43 and 60
months. Linear between the points; the draw rescales it to reach DEATHS. What comes before the
first point is the early deaths."""

HAZARD_RATIOS: Final[Mapping[str, Mapping[str, float]]] = {
    "sex": {"male": 0.82},
    "primary_site": {"rectum": 1.9},
    "hepatectomy_extent": {"major": 1.7},
    "size_group": {">=6 cm": 1.55},
    "metastasis_count_group": {">=3": 1.35},
    "resection_status": {"R1": 1.65},
    "lymphovascular_invasion": {"yes": 1.9},
    "steatosis_grade": {"1": 0.6, "2": 0.75, "3": 0.8},
    "tumor_grade": {"poor": 8.0},
}
"""Effects on survival, between the published univariable and multivariable ratios."""

CENTERS: Final[Mapping[str, int]] = {"Center A": 125, "Center B": 75, "Center C": 48}

MESS: Final[Mapping[str, int]] = {
    # people who are in the files but not in the cohort
    "metastatic_seeding": 4,
    "hemangioma": 3,
    "other_diagnosis": 1,
    "colectomy_only": 3,
    "pathology_without_operation": 1,
    "follow_up_without_operation": 1,
    # pathology: rows
    "no_pathology_report": 2,
    "duplicate_key_different_content": 1,
    "exact_duplicate_row": 1,
    "amended_report": 1,
    "two_specimens_of_one_operation": 1,
    "gallbladder_specimen": 5,
    "hemangioma_beside_metastasis": 1,
    "diagnosis_blank": 2,
    "linked_by_procedure_date": 5,
    "linked_by_report_date": 2,
    "patient_number_in_persian_digits": 3,
    # pathology: values that are there and yet leave the variable unknown
    "margin_cannot_be_assessed": 1,
    "margin_free_word_in_margin": 3,
    "grade_not_assessable": 6,
    "grade_low_only": 1,
    "lymphovascular_invasion_indeterminate": 6,
    "perineural_invasion_indeterminate": 4,
    "steatosis_grade_four": 1,
    "count_multiple": 1,
    "size_unreadable": 1,
    "size_range_across_6_cm": 1,
    # pathology: values that are no number and yet decide the group
    "margin_involved_by_status_only": 3,
    "count_at_least": 1,
    "size_range_below_6_cm": 1,
    "size_at_least_6_cm": 1,
    # operative
    "colectomy_row": 6,
    "colectomy_on_same_day": 1,
    "repeat_hepatectomy": 5,
    "extent_unclear": 2,
    "seeding_blank": 3,
    "neoadjuvant_by_regimen_only": 2,
    "chronology_by_dates_only": 4,
    # follow-up
    "living_contact_after_death": 1,
    "death_recorded_twice": 5,
    "contact_without_status": 4,
}
"""Patients per kind of mess. ``extracts.build`` plants exactly these for 248 patients."""


def scaled(count: int, patients: int, of: int = PATIENTS) -> int:
    """Return ``count`` of ``of`` carried over to ``patients``, rounded half up."""
    return (2 * count * patients + of) // (2 * of)


def scaled_counts(
    counts: Mapping[str, int], patients: int, of: int = PATIENTS
) -> dict[str | None, int]:
    """Carry level counts over to ``patients``; the key None holds what is missing.

    The counts add up to ``patients`` (largest remainders), and to themselves when
    ``patients == of``.
    """
    levels: dict[str | None, int] = dict(counts.items())
    levels[None] = max(0, of - sum(counts.values()))
    total = sum(levels.values())
    result = {level: count * patients // total for level, count in levels.items()}
    by_remainder = sorted(levels, key=lambda level: -(levels[level] * patients % total))
    for level in by_remainder[: patients - sum(result.values())]:
        result[level] += 1
    return result
