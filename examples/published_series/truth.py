"""What a correct pipeline must derive from the example extracts, patient by patient.

Only tests read this module; it needs pandas, the generator does not.
"""

from typing import Final

import numpy as np
import pandas as pd

from examples.published_series.cohort import Cohort, draw_cohort
from examples.published_series.draws import Column, filled
from examples.published_series.extracts import Extracts, build
from examples.published_series.mess import IN_COHORT
from examples.published_series.targets import PATIENTS, SEED

VARIABLES: Final = (
    "sex",
    "age_group",
    "primary_site",
    "chronology",
    "neoadjuvant_therapy",
    "hepatectomy_extent",
    "lobar_involvement",
    "size_group",
    "margin_group",
    "resection_status",
    "tumor_grade",
    "lymphovascular_invasion",
    "perineural_invasion",
    "steatosis_grade",
    "metastasis_count_group",
    "died",
    "follow_up_days",
    "died_within_30_days",
)
"""Variables of ``marts.survival_cohort`` to be compared cell by cell, each with its reason."""

FURTHER_VARIABLES: Final = ("surgical_approach", "interval_group", "tumor_regression")
"""Also known, for pipelines that derive them; each with its reason."""

CONTEXT: Final = ("center", "operation_date", "age_at_operation", "last_contact_date")
"""Facts without a missing reason; ``center`` is the clean name, ``last_contact_date`` the death
date of the dead."""


def truth(seed: int = SEED, patients: int = PATIENTS) -> pd.DataFrame:
    """Return the expected derived values of every patient of the cohort.

    One row per patient, indexed by ``patient_number`` (the hospital's, ASCII digits), sorted.
    Columns: each of ``VARIABLES`` and ``FURTHER_VARIABLES``, each followed by
    ``<variable>_missing_reason``; then ``CONTEXT``. Words are those of the data dictionary,
    ``follow_up_days`` are days, dates ``datetime.date``. A value is None exactly where its
    reason is not.
    """
    cohort = draw_cohort(patients, seed)
    extracts = build(cohort, seed)
    columns: dict[str, Column] = {}
    for variable in (*VARIABLES, *FURTHER_VARIABLES):
        columns[variable] = _values(cohort, variable)
        reasons = extracts.reasons.get(variable)
        columns[f"{variable}_missing_reason"] = (
            filled(None, patients) if reasons is None else reasons[:patients]
        )
    columns["center"] = cohort.center
    columns["operation_date"] = cohort.operation_date.astype(object)
    columns["age_at_operation"] = cohort.age_years.astype(object)
    end = cohort.operation_date + cohort.follow_up_days
    columns["last_contact_date"] = end.astype(object)
    index = pd.Index(extracts.patient_numbers[:patients], name="patient_number", dtype=object)
    frame = pd.DataFrame(columns, index=index, dtype=object)
    return frame.sort_index()


def excluded(seed: int = SEED, patients: int = PATIENTS) -> pd.DataFrame:
    """Return the patients who are in the files but not in the cohort.

    One row per patient, indexed by ``patient_number``; ``why`` is a key of ``targets.MESS``.
    """
    extracts = build(draw_cohort(patients, seed), seed)
    outside = extracts.kinds != IN_COHORT
    index = pd.Index(extracts.patient_numbers[outside], name="patient_number", dtype=object)
    return pd.DataFrame({"why": extracts.kinds[outside]}, index=index, dtype=object).sort_index()


def example(seed: int = SEED, patients: int = PATIENTS) -> Extracts:
    """Return the extracts themselves, with ``planted`` mess and ``data_as_of``."""
    return build(draw_cohort(patients, seed), seed)


def _values(cohort: Cohort, variable: str) -> Column:
    if variable == "age_group":
        return np.where(cohort.age_years < 65, "<65", ">=65").astype(object)
    if variable == "died_within_30_days":
        return np.asarray((cohort.died & (cohort.follow_up_days <= 30)).astype(object))
    return np.asarray(getattr(cohort, variable).astype(object))
