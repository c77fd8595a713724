"""The cohort as the analysis sees it: read once, checked, with the reason of every unknown.

`marts.survival_cohort` has one row per patient. Only the columns the plan names are read, and no
patient identifier.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from analysis.errors import AnalysisError
from analysis.plan import ENDPOINTS, AnalysisPlan, Factor, Restriction

if TYPE_CHECKING:
    import duckdb
    import numpy.typing as npt

DAYS_PER_MONTH = 30.4375
COHORT_TABLE = "marts.survival_cohort"
FLOW_TABLE = "marts.cohort_flow"
UNSTATED = "unstated"

REASON_WORDS = {
    "not_collected": "the field is not collected in these extracts",
    "no_report": "no report",
    "not_reported": "not reported",
    "not_assessable": "not assessable",
    "not_applicable": "not applicable",
    "unreadable": "unreadable",
    "imprecise": "too imprecise",
    "conflicting": "conflicting",
    UNSTATED: "no reason recorded",
}


@dataclass(frozen=True)
class Cohort:
    """All patients of the cohort, one row each, rows in the same order in every frame.

    days:       days to the event or the end of follow-up, NaN where unknown
    died:       1 with the event of the plan's endpoint, 0 without, NaN where unknown
    categories: categorical columns, missing where unknown
    numbers:    float columns, NaN where unknown
    reasons:    categorical; per column, why the value is unknown; missing where it is known
    drops_day_zero: whether patients whose time is 0 are left out, as Stata does
    recurrence:     days and what came first: 1 recurrence, 2 death without, 0 neither, NaN
                    unknown; None where the plan does not ask for competing risks
    restriction:    the rows of `results.cohort_restriction`
    """

    days: npt.NDArray[np.float64]
    died: npt.NDArray[np.float64]
    categories: pd.DataFrame
    numbers: pd.DataFrame
    reasons: pd.DataFrame
    drops_day_zero: bool = False
    recurrence: tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]] | None = None
    restriction: tuple[dict[str, Any], ...] = ()

    @property
    def patients(self) -> int:
        return len(self.days)

    @property
    def analyzable(self) -> npt.NDArray[np.bool_]:
        """True where time and event are known; day 0 counts unless the plan drops it."""
        known = ~np.isnan(self.days) & ~np.isnan(self.died)
        return known & ~self.on_day_zero if self.drops_day_zero else known

    @property
    def on_day_zero(self) -> npt.NDArray[np.bool_]:
        """True where the time is 0: the event, or the last contact, on the day of surgery."""
        return self.days == 0

    def among(self, chosen: npt.NDArray[np.bool_]) -> Cohort:
        """Some of the patients, for the description of a group: without `recurrence`."""
        return replace(
            self,
            days=self.days[chosen],
            died=self.died[chosen],
            categories=self.categories[chosen],
            numbers=self.numbers[chosen],
            reasons=self.reasons[chosen],
            recurrence=None,
        )

    def known(self, column: str) -> npt.NDArray[np.bool_]:
        """True where the category of the column is known."""
        return self.categories[column].notna().to_numpy(dtype=bool)

    def values(self, column: str) -> npt.NDArray[np.object_]:
        """The categories of a column as objects: text, or None where unknown."""
        category = self.categories[column].cat
        names = np.array([*category.categories, None], dtype=object)
        return np.asarray(names[category.codes.to_numpy()])

    def codes(self, column: str, levels: Sequence[str]) -> npt.NDArray[np.intp]:
        """The position of each patient's category among some levels; -1 where it is none."""
        category = self.categories[column].cat
        positions = [levels.index(name) if name in levels else -1 for name in category.categories]
        return np.array([*positions, -1], dtype=np.intp)[category.codes.to_numpy()]

    def number(self, column: str) -> npt.NDArray[np.float64]:
        """The numbers of a column, NaN where unknown."""
        return self.numbers[column].to_numpy(dtype=np.float64, na_value=np.nan)

    def reason_counts(self, column: str, among: npt.NDArray[np.bool_]) -> dict[str, int]:
        """Patients per missing reason of a column among some patients, most frequent first."""
        counts = self.reasons.loc[among, column].value_counts()
        pairs = [(str(reason), int(n)) for reason, n in counts.items() if n > 0]
        return dict(sorted(pairs, key=lambda pair: (-pair[1], pair[0])))


def read_cohort(con: duckdb.DuckDBPyConnection, plan: AnalysisPlan) -> Cohort:
    """Read the columns the plan needs from `marts.survival_cohort`.

    A value without a `<column>_missing_reason` column, or unknown without a reason, gets the reason
    "unstated". Raises `AnalysisError` where the table or a column is missing, or a survival time is
    negative (a promise of the mart: lifelines would take it silently).
    """
    available = table_columns(con, COHORT_TABLE)
    endpoint = plan.measured
    categorical = dict.fromkeys(
        [f.column for f in plan.factors]
        + [v.column for v in plan.table_one.categorical]
        + [a.column for a in plan.sensitivity]
    )
    continuous = dict.fromkeys(
        v.column for v in [*plan.table_one.continuous, *plan.cutpoints, *plan.splines]
    )
    needed = dict.fromkeys([endpoint.days, endpoint.event, *categorical, *continuous])
    if plan.competing_risks is not None:
        needed |= dict.fromkeys(column for e in ENDPOINTS.values() for column in (e.days, e.event))
    conditions = [condition.column for condition in plan.cohort]
    missing = [c for c in dict.fromkeys([*needed, *conditions]) if c not in available]
    if missing:
        raise AnalysisError(
            f"{COHORT_TABLE} has no column {', '.join(missing)}; the analysis plan names it"
        )
    where, parameters = _restriction(plan.cohort)
    reasons = {c: _reason_column(c, available) for c in needed}
    texts = {f"{c}|text": f'cast("{c}" as varchar)' for c in categorical} | {
        f"{c}|reason": reason for c, reason in reasons.items()
    }
    categories = _categories(con, texts, where, parameters)
    selected = [
        *(f'try_cast("{c}" as double) as "{c}|number"' for c in needed),
        *(
            f'coalesce(list_position(?, {text}), 0)::integer - 1 as "{name}"'
            for name, text in texts.items()
        ),
    ]
    rows = con.execute(
        f"select {', '.join(selected)} from {COHORT_TABLE} where {where} order by all",
        [*categories.values(), *parameters],
    ).df()
    days = rows[f"{endpoint.days}|number"].to_numpy(dtype=np.float64, na_value=np.nan)
    if np.any(days < 0):
        raise AnalysisError(
            f"{COHORT_TABLE}: {int(np.sum(days < 0))} patients have a negative "
            f"{endpoint.days}; expected 0 or more"
        )

    def category(name: str) -> pd.Categorical:
        return pd.Categorical.from_codes(
            rows[name].to_numpy(), pd.Index(categories[name], dtype=object)
        )

    return Cohort(
        days=days,
        died=rows[f"{endpoint.event}|number"].to_numpy(dtype=np.float64, na_value=np.nan),
        categories=pd.DataFrame({c: category(f"{c}|text") for c in categorical}, index=rows.index),
        numbers=pd.DataFrame({c: rows[f"{c}|number"] for c in continuous}, index=rows.index),
        reasons=pd.DataFrame({c: category(f"{c}|reason") for c in needed}, index=rows.index),
        drops_day_zero=plan.day_zero == "drop_like_stata",
        recurrence=None if plan.competing_risks is None else _first_event(rows),
        restriction=_restriction_steps(con, plan.cohort),
    )


def _reason_column(column: str, available: list[str]) -> str:
    """Why a value is unknown, in SQL; null where it is known."""
    name = f"{column}_missing_reason"
    stated = f'cast("{name}" as varchar)' if name in available else "null"
    return f"case when \"{column}\" is null then coalesce({stated}, '{UNSTATED}') end"


def _categories(
    con: duckdb.DuckDBPyConnection,
    texts: Mapping[str, str],
    where: str,
    parameters: list[list[str]],
) -> dict[str, list[str]]:
    """The distinct texts of some expressions: numbers stand for them where rows are many."""
    # One query each: as aggregates of one query they take five times as long for few patients.
    distinct = " union all ".join(
        f"select {place}, list(text) from (select distinct {text} as text from restricted)"
        for place, text in enumerate(texts.values())
    )
    found = con.execute(
        f"with restricted as not materialized (from {COHORT_TABLE} where {where}) {distinct}",
        parameters,
    )
    lists = dict(found.fetchall())
    return {
        name: sorted(x for x in lists[place] or [] if x is not None)
        for place, name in enumerate(texts)
    }


def _first_event(rows: pd.DataFrame) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Days to, and kind of, the first of recurrence and death.

    An event on the day of the death is the death: a recurrence first seen that day is not counted.
    """
    followed, died, days, event = (
        rows[f"{column}|number"].to_numpy(dtype=np.float64, na_value=np.nan)
        for endpoint in ("overall_survival", "recurrence_free_survival")
        for column in (ENDPOINTS[endpoint].days, ENDPOINTS[endpoint].event)
    )
    return days, np.where((event == 1) & (died == 1) & (days == followed), 2.0, event)


def _restriction(conditions: list[Restriction]) -> tuple[str, list[list[str]]]:
    """The condition in SQL and its parameters; a patient unknown in a column does not fit."""
    tests = [f'list_contains(?, cast("{c.column}" as varchar))' for c in conditions]
    return " and ".join(["true", *tests]), [c.levels for c in conditions]


def _restriction_steps(
    con: duckdb.DuckDBPyConnection, conditions: list[Restriction]
) -> tuple[dict[str, Any], ...]:
    steps: list[dict[str, Any]] = []
    for number in range(len(conditions) + 1 if conditions else 0):
        where, parameters = _restriction(conditions[:number])
        counted = con.execute(f"select count(*) from {COHORT_TABLE} where {where}", parameters)
        remaining = int(counted.fetchall()[0][0])
        last = conditions[number - 1] if number else None
        steps.append(
            {
                "step_number": number,
                "column_name": last.column if last else None,
                "levels": " | ".join(last.levels) if last else None,
                "excluded": steps[-1]["remaining"] - remaining if steps else 0,
                "remaining": remaining,
            }
        )
    return tuple(steps)


def table_columns(con: duckdb.DuckDBPyConnection, table: str) -> list[str]:
    """The column names of a table; raises `AnalysisError` where there is no such table."""
    import duckdb

    try:
        described = con.execute(f"describe {table}").fetchall()
    except duckdb.CatalogException as error:
        raise AnalysisError(f"the table {table} is missing; build the marts first") from error
    return [row[0] for row in described]


def unusable_reason(cohort: Cohort, factor: Factor) -> str | None:
    """The sentence saying why a factor takes no part at all, or None where it can be used.

    A factor is left out when it is unknown for everyone, and when all analyzable patients share
    one level. A single level without patients, or without deaths, does not make a factor
    unusable: its row says so and the other levels are estimated (see `analysis.cox`).
    """
    if cohort.patients == 0:
        return f"{factor.label} is left out: the cohort is empty."
    everyone = np.ones(cohort.patients, dtype=bool)
    known = cohort.known(factor.column)
    if not known.any():
        reasons = cohort.reason_counts(factor.column, everyone)
        total = f"{cohort.patients} of {cohort.patients} patients"
        if len(reasons) == 1:
            words = REASON_WORDS.get(next(iter(reasons)), next(iter(reasons)))
            return f"{factor.label} is left out: {words} ({total})."
        return f"{factor.label} is left out: unknown in {total} ({reason_text(reasons)})."
    used = known & cohort.analyzable
    if not used.any():
        return f"{factor.label} is left out: no patient has both it and a survival time."
    codes = cohort.codes(factor.column, factor.levels)[used]
    present = [factor.levels[code] for code in np.flatnonzero(np.bincount(codes[codes >= 0]))]
    if not present:
        return f"{factor.label} is left out: no patient has one of the levels of the plan."
    if len(present) == 1:
        return f"{factor.label} is left out: all patients with a known value are {present[0]}."
    return None


def reason_text(reasons: dict[str, int]) -> str:
    """Reasons and counts as words: `not reported 12, no report 3`."""
    words = {**REASON_WORDS, "not_collected": "not collected"}
    return ", ".join(f"{words.get(reason, reason)} {n}" for reason, n in reasons.items())


def months(days: Any) -> Any:
    """Days to months of 30.4375 days; works on numbers and arrays."""
    return days / DAYS_PER_MONTH
