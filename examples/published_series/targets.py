"""How much mess the example registry has: for 248 patients, ``scaled`` to any other number."""

from collections.abc import Mapping
from typing import Final

PATIENTS: Final = 248
SEED: Final = 20122022

FOLLOW_UP_OF_LIVING_DAYS: Final = (366, 3713)
"""12 and 122 months of 30.4375 days, rounded inward."""

CENTERS: Final = ("Center A",) * 5 + ("Center B",) * 3 + ("Center C",) * 2

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
