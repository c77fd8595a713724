"""Whether a peer gets what a release has: cohort counts, survival figures, Cox coefficients."""

from __future__ import annotations

import csv
from pathlib import Path

import duckdb

Key = tuple[str, str, str]
"""Kind (flow, count, survival, cox_univariable, cox_multivariable), name, level."""

TOLERANCE = {
    "flow": 0.0,
    "count": 0.0,
    "survival": 1e-8,
    "cox_univariable": 1e-6,
    "cox_multivariable": 1e-6,
}
"""The largest difference that is taken for the same: counts are equal."""

# A patient without a survival time is in no peer's flow as a step of its own.
OWN_STEP = "Survival time known"


def differences(release: Path, peer: Path) -> list[str]:
    """A sentence per figure that a peer's file and the database of a release do not share.

    Both have to have the same figures: one that only one of them has is a difference.
    """
    ours, theirs = published(release), read(peer)
    found = []
    for key in sorted(ours.keys() | theirs.keys()):
        one, other = ours.get(key), theirs.get(key)
        # Of a figure that is no number (NaN) every comparison is false.
        if one is None or other is None or not abs(one - other) <= TOLERANCE[key[0]]:
            found.append(f"{' '.join(part for part in key if part)}: {one} here, {other} there")
    return found


def read(peer: Path) -> dict[Key, float]:
    """The figures that a peer wrote."""
    with peer.open(encoding="utf-8", newline="") as file:
        return {
            (row["kind"], row["name"], row["level"]): float(row["value"])
            for row in csv.DictReader(file)
        }


def published(release: Path) -> dict[Key, float]:
    """The same figures of the database of a release.

    The factors are those of results.cox_univariable, their levels those of the plan; patients of
    unknown level have the level unknown.
    """
    found: dict[Key, float] = {}
    with duckdb.connect(str(release), read_only=True) as con:
        for step, patients in con.execute(
            "select step, patients from marts.cohort_flow where step <> ?", [OWN_STEP]
        ).fetchall():
            found["flow", step, ""] = patients
        (deaths,) = con.execute(
            "select count(*) filter (died) from marts.survival_cohort"
        ).fetchall()[0]
        found["count", "died", "true"] = deaths
        for factor, levels in con.execute(
            "select factor, list(level) from results.cox_univariable group by factor"
        ).fetchall():
            # A level of the cohort that the plan does not have is a difference too.
            counted = dict.fromkeys((*levels, "unknown"), 0) | dict(
                con.execute(
                    f"select coalesce(cast({factor} as varchar), 'unknown'), count(*) "
                    "from marts.survival_cohort group by 1"
                ).fetchall()
            )
            found |= {("count", factor, level): n for level, n in counted.items()}
        for months, estimate in con.execute(
            "select landmark_months, estimate from results.survival_summary "
            "where grouping = 'overall' and measure = 'survival_at_landmark'"
        ).fetchall():
            found["survival", "overall", str(months)] = estimate
        for kind in ("cox_univariable", "cox_multivariable"):
            for factor, level, coefficient in con.execute(
                f"select factor, level, coefficient from results.{kind} "
                "where coefficient is not null"
            ).fetchall():
                found[kind, factor, level] = coefficient
    return found
