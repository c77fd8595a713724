"""How hospitals write the clinical truth down: three linked extracts full of mess.

The seam to ``cohort``: ``build`` takes a ``Cohort`` as it is and invents no clinical value. It
adds patients who are in the files but not in the cohort, decides how each value is spelled, and
notes for each unknown value the reason that a correct pipeline will find.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from examples.published_series import follow_up, mess, operative, pathology
from examples.published_series.cohort import Cohort, draw_cohort
from examples.published_series.draws import Column, Stream, column, filled
from examples.published_series.tables import Table

FIRST_PATIENT_NUMBER: Final = 100_001

FILES: Final[Mapping[str, tuple[tuple[str, ...], str, str]]] = {
    "pathology_synthetic.csv": (pathology.HEADERS, ";", "utf-8"),
    "operative_synthetic.csv": (operative.HEADERS, ",", "utf-8-sig"),
    "follow_up_synthetic.csv": (follow_up.HEADERS, ",", "utf-8"),
}
"""File name → headers, delimiter, encoding."""


@dataclass(frozen=True)
class Extracts:
    """The three extracts and what is known about them.

    ``everyone`` is the truth, the cohort first, with one element per patient like
    ``patient_numbers`` and ``kinds``; ``reasons`` holds per variable and patient why the value is
    unknown, None where it is known; ``planted`` the patient numbers per kind of mess;
    ``data_as_of`` the latest contact.
    """

    tables: Mapping[str, Table]
    everyone: Cohort
    patient_numbers: Column
    kinds: Column
    reasons: Mapping[str, Column]
    planted: Mapping[str, tuple[str, ...]]
    data_as_of: np.datetime64

    def file_bytes(self) -> dict[str, bytes]:
        """Return the content of each file of ``FILES``."""
        return {
            name: csv_bytes(name, table, with_header=True) for name, table in self.tables.items()
        }


def csv_bytes(name: str, table: Table, *, with_header: bool) -> bytes:
    """Return rows of the file ``name``, its header before them where it begins."""
    headers, delimiter, encoding = FILES[name]
    text = table.csv_text(headers, delimiter, with_header=with_header)
    return text.encode(encoding if with_header else "utf-8")


def build(cohort: Cohort, seed: int, *, numbers_from: int = 0) -> Extracts:
    """Write a cohort, and the patients around it, as hospitals do.

    Patients, operations and specimens are numbered from ``numbers_from`` on, so that several such
    extracts can stand in one file.
    """
    outside = mess.kinds_outside(len(cohort))
    kinds = np.concatenate([filled(mess.IN_COHORT, len(cohort)), outside])
    everyone = cohort
    if len(outside):
        everyone = cohort.joined(draw_cohort(len(outside), seed + 1, all_reported=True))
    plan = mess.plan_mess(everyone, kinds, seed)

    order = Stream(seed, "patient number").order(len(everyone))
    numbers = column([str(FIRST_PATIENT_NUMBER + numbers_from + n) for n in order.tolist()])
    operations = operative.write(everyone, kinds, numbers, plan, seed, numbers_from)
    specimens = pathology.write(everyone, kinds, numbers, operations, plan, seed, numbers_from)
    contacts = follow_up.write(everyone, kinds, numbers, plan, seed)
    return Extracts(
        tables={
            "pathology_synthetic.csv": specimens.table,
            "operative_synthetic.csv": operations.table,
            "follow_up_synthetic.csv": contacts.table,
        },
        everyone=everyone,
        patient_numbers=numbers,
        kinds=kinds,
        reasons={**operations.reasons, **specimens.reasons},
        planted={kind: tuple(sorted(numbers[members].tolist())) for kind, members in plan.items()},
        data_as_of=contacts.data_as_of,
    )
