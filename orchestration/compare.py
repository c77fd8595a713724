"""Two releases side by side: who came and went, whose outcome or group moved, which figures."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

from analysis.plan import ENDPOINTS
from ingestion.sql import text_literal
from orchestration.release import DATABASE

_COHORT = "marts.survival_cohort"
_EVENTS = {endpoint.event for endpoint in ENDPOINTS.values()}
_TIMES = {endpoint.days for endpoint in ENDPOINTS.values()}

# Why a value is unknown and how it is known go with the value; months go with days.
_FOLLOWS = ("_missing_reason", "_basis", "_months", "_precision")

# The columns of `results.*` that say what a figure is of; all other numbers are figures.
_SAYS_WHAT = (
    "endpoint",
    "definition",
    "variant",
    "model",
    "factor",
    "grouping",
    "variable",
    "kind",
    "label",
    "level",
    "level_label",
    "levels",
    "all_levels",
    "other_level",
    "reference",
    "cause",
    "statistic",
    "measure",
    "landmark_months",
    "horizon_months",
    "month",
    "step_number",
    "step",
    "excluded_factor",
    "missing_reason",
    "column_name",
    "result",
)
# The points along a curve have no other name than where they lie.
_SAYS_WHAT_OF = {
    "spline": ("value",),
    "survival_curve": ("time_days",),
    "cumulative_incidence": ("time_days",),
}
_ORDERS = ("position", "factor_position", "level_position", "seed", "time_months")

# Sums of floating-point numbers in another order differ in their last digits.
_SAME = 1e-9


@dataclass(frozen=True)
class Moved:
    """A variable of a patient of both cohorts; ``kind`` is event, time, group or measure."""

    patient_id: str
    variable: str
    kind: str
    old: str | None
    new: str | None


@dataclass(frozen=True)
class Figure:
    """A number of ``results.<table>``; null where the release has no such row."""

    table: str
    of: str
    figure: str
    old: float | None
    new: float | None


@dataclass(frozen=True)
class Comparison:
    """What differs between two releases. Patients are named by pseudonym."""

    older: str
    newer: str
    entered: list[str]
    left: list[str]
    moved: list[Moved]
    figures: list[Figure]


def compare(older: Path, newer: Path) -> Comparison:
    """Compare the databases of two releases, as far as both have the same tables and columns."""
    with duckdb.connect() as con:
        for name, folder in (("o", older), ("n", newer)):
            con.execute(f"attach {text_literal(str(folder / DATABASE))} as {name} (read_only)")
        return Comparison(
            older.name,
            newer.name,
            _only_in(con, "n", "o"),
            _only_in(con, "o", "n"),
            _moved(con),
            [figure for table in _tables(con) for figure in _figures(con, table)],
        )


def in_words(found: Comparison) -> str:
    """The comparison as lines for a person."""
    lines = [f"{found.older} → {found.newer}"]
    for what, patients in (("entered", found.entered), ("left", found.left)):
        lines.append(f"{len(patients)} patients {what} the cohort")
        lines += [f"  {patient}" for patient in patients]
    counted = {moved.patient_id for moved in found.moved}
    lines.append(f"{len(counted)} patients of both cohorts have another value")
    lines += [
        f"  {m.patient_id}  {m.kind:<7} {m.variable}: {_said(m.old)} → {_said(m.new)}"
        for m in found.moved
    ]
    lines.append(f"{len(found.figures)} figures differ")
    lines += [
        f"  results.{f.table}  {f.of}  {f.figure}: {_number(f.old)} → {_number(f.new)}"
        for f in found.figures
    ]
    return "\n".join(lines)


def _only_in(con: duckdb.DuckDBPyConnection, there: str, not_there: str) -> list[str]:
    rows = con.execute(
        f"select patient_id from {there}.{_COHORT} "
        f"except select patient_id from {not_there}.{_COHORT} order by 1"
    ).fetchall()
    return [patient for (patient,) in rows]


def _moved(con: duckdb.DuckDBPyConnection) -> list[Moved]:
    types = _columns(con, "marts", "survival_cohort")
    names = [n for n in types if n != "patient_id" and not n.endswith(_FOLLOWS)]
    if not names:
        return []
    values = ", ".join(f'cast("{name}" as varchar) as "{name}"' for name in names)
    listed = ", ".join(f'"{name}"' for name in names)

    def long(of: str) -> str:
        return (
            f"(from (select patient_id, {values} from {of}.{_COHORT}) "
            f"unpivot include nulls (text for variable in ({listed})))"
        )

    rows = con.execute(
        f"""
        select o.patient_id, o.variable, o.text, n.text
        from {long("o")} o
        inner join {long("n")} n on n.patient_id = o.patient_id and n.variable = o.variable
        where o.text is distinct from n.text
        order by all
        """
    ).fetchall()
    return [
        Moved(patient, variable, _kind(variable, types[variable]), old, new)
        for patient, variable, old, new in rows
    ]


def _kind(variable: str, data_type: str) -> str:
    if variable in _EVENTS:
        return "event"
    if variable in _TIMES:
        return "time"
    return "group" if data_type.startswith(("VARCHAR", "BOOLEAN")) else "measure"


def _tables(con: duckdb.DuckDBPyConnection) -> list[str]:
    rows = con.execute(
        "select table_name from duckdb_tables() where schema_name = 'results' "
        "and database_name in ('o', 'n') group by all having count(*) = 2 order by 1"
    ).fetchall()
    return [table for (table,) in rows]


def _figures(con: duckdb.DuckDBPyConnection, table: str) -> list[Figure]:
    types = _columns(con, "results", table)
    own = _SAYS_WHAT_OF.get(table, ())
    what = [
        name
        for name, data_type in types.items()
        if name in own or (name in _SAYS_WHAT and data_type != "DOUBLE")
    ]
    figures = [
        name
        for name, data_type in types.items()
        if data_type.startswith(("INTEGER", "BIGINT", "DOUBLE", "DECIMAL"))
        and name not in (*what, *_ORDERS)
    ]
    if not figures:
        return []
    said = ", ".join(f'"{name}"::varchar' for name in what)
    key = f"concat_ws(' / ', {said})" if what else "''"
    numbers = ", ".join(f'"{name}"::double as "{name}"' for name in figures)
    listed = ", ".join(f'"{name}"' for name in figures)

    def long(of: str) -> str:
        # Rows of the same name, should there be any, are told apart by their order.
        return (
            f"(from (select {key} as said, "
            f"row_number() over (partition by {key} order by {listed}) as place, {numbers} "
            f"from {of}.results.{table}) unpivot include nulls (number for figure in ({listed})))"
        )

    rows = con.execute(
        f"""
        select coalesce(o.said, n.said), coalesce(o.figure, n.figure), o.number, n.number
        from {long("o")} o
        full join {long("n")} n
            on n.said = o.said and n.place = o.place and n.figure = o.figure
        where o.number is distinct from n.number
            and coalesce(abs(o.number - n.number)
                > {_SAME} * greatest(abs(o.number), abs(n.number)), true)
        order by all
        """
    ).fetchall()
    return [Figure(table, said, figure, old, new) for said, figure, old, new in rows]


def _columns(con: duckdb.DuckDBPyConnection, schema: str, table: str) -> dict[str, str]:
    """The columns that both releases have, with their type in the newer one."""
    return dict(
        con.execute(
            """
            select column_name, max(data_type) filter (database_name = 'n')
            from duckdb_columns()
            where schema_name = ? and table_name = ? and database_name in ('o', 'n')
            group by column_name having count(*) = 2
            order by min(column_index)
            """,
            [schema, table],
        ).fetchall()
    )


def _said(text: str | None) -> str:
    return "unknown" if text is None else text


def _number(number: float | None) -> str:
    return "none" if number is None else f"{number:.6g}"
