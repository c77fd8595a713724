"""From a value of a patient back to its rule and the delivered cells, and on to cohort and models.

Reads the warehouse and nothing else. What it returns holds the texts that the hospital delivered:
it is for the terminal of whoever may see them, and is never logged.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

import duckdb
import yaml

from ingestion.contract import EXTRACTS, Contract, ExtractContract
from ingestion.pseudonyms import PseudonymKey, pseudonym_sql, require_same_key
from ingestion.sql import fetch_value
from orchestration.errors import ConfigurationError, RefreshError
from orchestration.paths import DBT_PROJECT

EXCLUSION = "exclusion_reason"

_PSEUDONYM = re.compile("P[0-9a-f]{20}")

# A row of a query under the names of its columns.
Row = dict[str, Any]


@dataclass(frozen=True)
class FormerText:
    """What an earlier version of a row had in the cell, and the delivery that brought it."""

    delivery_number: int
    file_name: str
    file_row_number: int
    text: str | None


@dataclass(frozen=True)
class SourceCell:
    """One delivered cell; ``role`` is that of quality.lineage.

    ``text`` is as delivered; ``reading`` has the columns of staging by their name after the field:
    ``value``, ``low``, ``high``, ``missing_reason`` and whatever else its kind is read into.
    """

    extract: str
    field: str
    header: str
    file_name: str
    file_row_number: int
    delivery_number: int
    role: str
    text: str | None
    reading: dict[str, Any]
    unit: str | None
    earlier: list[FormerText]


@dataclass(frozen=True)
class ExplainedVariable:
    """A variable, its rule, and the cells it comes from.

    ``definitions`` are those that the rule names, with the value in force; ``not_delivered`` are
    fields of the rule for which no file has a column.
    """

    variable: str
    value: Any
    missing_reason: str | None
    rule: str
    definitions: dict[str, str]
    cells: list[SourceCell]
    not_delivered: list[str]


@dataclass(frozen=True)
class ModelPart:
    """Whether a model analyzes the patient; ``lacking`` says why not. ``factor`` is that of a
    univariable model."""

    model: str
    factor: str | None
    is_analyzed: bool
    lacking: list[str]


@dataclass(frozen=True)
class Explanation:
    """All about one patient; ``exclusion`` is the row of marts.exclusions, null where there is
    none; ``models`` are empty outside the cohort."""

    patient_id: str
    is_in_cohort: bool
    exclusion: Row | None
    variables: list[ExplainedVariable]
    models: list[ModelPart]


def find_patient(
    con: duckdb.DuckDBPyConnection, given: str, load_key: Callable[[], PseudonymKey]
) -> str:
    """The pseudonym of a patient given by pseudonym or by the hospital's number.

    Only a number needs the key. Raises IngestionError where there is no key or another than the
    warehouse's, ConfigurationError where the warehouse has no such patient.
    """
    named = "this pseudonym"
    patient_id: str | None = given.strip()
    if not _PSEUDONYM.fullmatch(given.strip()):
        named = "this number of the hospital"
        key = load_key()
        require_same_key(con, key)
        pseudonym = pseudonym_sql("number", "patient_id", key)
        patient_id = fetch_value(con, f"select {pseudonym} from (select ? as number)", [given])
    found = _rows(con, "select patient_id from marts.patients where patient_id = ?", [patient_id])
    if not found:
        raise ConfigurationError(
            f"PATIENT: the warehouse has no patient with {named}; "
            "`select patient_id from marts.patients` lists them, and crlm quarantine the rows held"
        )
    return found[0]["patient_id"]


def explain_patient(
    con: duckdb.DuckDBPyConnection, contract: Contract, patient_id: str, variable: str | None
) -> Explanation:
    """Explain one variable of a patient, or all of them; the missing reason of x goes with x.

    Raises ConfigurationError where there is no such variable, RefreshError where no night has gone
    through yet.
    """
    rules = _rules()
    name = None if variable is None else _known(variable, rules)
    exclusion = _rows(con, "from marts.exclusions where patient_id = ?", [patient_id])
    cohort = _rows(con, "from marts.survival_cohort where patient_id = ?", [patient_id])
    patient = _rows(con, "from marts.patients where patient_id = ?", [patient_id])[0]
    sources = _rows(con, "from intermediate.int_variable_sources")
    mapped = _rows(con, "select extract, field from raw.fields where is_mapped")
    delivered = {(row["extract"], row["field"]) for row in mapped}
    definitions = {
        row["definition"]: " ".join(filter(None, [row["value"], row["unit"]]))
        for row in _rows(con, "from marts.definitions")
    }
    cells = [
        cell for extract in EXTRACTS for cell in _cells(con, contract[extract], patient_id, sources)
    ]
    values = patient | (cohort[0] if cohort else {})
    chosen = [name] if name else [r for r in rules if r != EXCLUSION or not cohort]
    models = model_parts(values, model_levels(con)) if cohort else []
    return Explanation(
        patient_id,
        is_in_cohort=bool(cohort),
        exclusion=exclusion[0] if exclusion else None,
        variables=[
            _explained(v, rules[v], definitions, values, sources, cells, delivered) for v in chosen
        ],
        models=[m for m in models if name is None or m.factor in (None, name)],
    )


def _rules() -> dict[str, str]:
    """Variable → description: those of the cohort, and the reason why a patient is not in it."""
    path = DBT_PROJECT / "models" / "marts" / "_marts__models.yml"
    models = {m["name"]: m for m in yaml.safe_load(path.read_text(encoding="utf-8"))["models"]}
    columns = [
        *(c for c in models["patients"]["columns"] if c["name"] == EXCLUSION),
        *models["survival_cohort"]["columns"],
    ]
    return {
        column["name"]: column["description"]
        for column in columns
        if column["name"] != "patient_id" and not column["name"].endswith("_missing_reason")
    }


def _known(variable: str, rules: dict[str, str]) -> str:
    name = variable.removesuffix("_missing_reason")
    if name in rules:
        return name
    close = get_close_matches(name, rules, n=3)
    hint = f"did you mean {' or '.join(close)}?" if close else f"known are {', '.join(rules)}"
    raise ConfigurationError(f"VARIABLE: marts.survival_cohort has no {variable}; {hint}")


def _cells(
    con: duckdb.DuckDBPyConnection, extract: ExtractContract, patient_id: str, sources: list[Row]
) -> list[Row]:
    """The cells of the patient's case, each with its text, reading and former texts."""
    named = {source["field"] for source in sources if source["extract"] == extract.name}
    # A comment speaks for fields whose columns are blank.
    named.add("comment")
    fields = [field.name for field in extract.fields if field.name in named]
    readings = {
        (row["extract_id"], row["file_row_number"]): row
        for row in _rows(con, f"from staging.stg_{extract.name} where patient_id = ?", [patient_id])
    }
    units = {field.name: field.unit for field in extract.fields}
    found = _rows(
        con,
        f"""
        with versions as (
            select v.*, e.delivery_number, e.file_name,
                lead(text) over later as next_text
            from raw.{extract.name}
                unpivot include nulls (text for field in ({", ".join(fields)})) v
            join raw.extracts e using (extract_id)
            where patient_pseudonym = $patient_id
            window later as (partition by key_hash, field order by e.delivery_number)
        ),
        former as (
            select key_hash, field,
                list({{
                    'delivery_number': delivery_number, 'file_name': file_name,
                    'file_row_number': file_row_number, 'text': text
                }} order by delivery_number) as earlier
            from versions
            where closed_by_extract_id is not null
                and coalesce(text, '') <> coalesce(next_text, '')
            group by key_hash, field
        ),
        cells as (
            select r.extract_id, r.file_row_number, s.field, s.field as of_field,
                list_contains(r.speaks_for, s.field) as speaks
            from intermediate.int_source_rows r
            join (
                select distinct extract, field from intermediate.int_variable_sources
            ) s on s.extract = r.extract
            where r.extract = $extract and r.patient_id = $patient_id
            union all
            select extract_id, file_row_number, 'comment', of_field,
                list_contains(comment_speaks_for, of_field)
            from (
                select *, unnest(comment_states) as of_field
                from intermediate.int_source_rows
                where extract = $extract and patient_id = $patient_id
            )
        )
        select c.field, c.of_field, f.header, v.file_name, v.file_row_number, v.delivery_number,
            v.extract_id, v.text, c.speaks, o.earlier
        from cells c
        join versions v on v.field = c.field and v.extract_id = c.extract_id
            and v.file_row_number = c.file_row_number
        join raw.fields f on f.extract = $extract and f.field = c.field
        left join former o on o.key_hash = v.key_hash and o.field = v.field
        where f.is_mapped
        order by c.speaks desc, v.delivery_number, v.file_name, v.file_row_number
        """,
        {"patient_id": patient_id, "extract": extract.name},
    )
    return [
        row
        | {
            "extract": extract.name,
            "unit": units[row["field"]],
            "reading": _reading(
                readings[row["extract_id"], row["file_row_number"]],
                row["field"] if row["field"] == row["of_field"] else f"comment_{row['of_field']}",
                [*extract.field_names, f"comment_{row['of_field']}"],
            ),
            "earlier": [FormerText(**text) for text in row["earlier"] or []],
        }
        for row in found
    ]


def _reading(row: Row, field: str, fields: Sequence[str]) -> dict[str, Any]:
    """The columns of a staging row into which one field was read, named after the field."""
    owners = {
        column: max((f for f in fields if column == f or column.startswith(f"{f}_")), key=len)
        for column in row
        if any(column == f or column.startswith(f"{f}_") for f in fields)
    }
    return {
        column.removeprefix(field).removeprefix("_") or "value": row[column]
        for column, owner in owners.items()
        if owner == field and row[column] is not None
    }


def _explained(
    variable: str,
    rule: str,
    definitions: dict[str, str],
    values: Row,
    sources: list[Row],
    cells: list[Row],
    delivered: set[tuple[str, str]],
) -> ExplainedVariable:
    own = [source for source in sources if source["variable"] == variable]
    return ExplainedVariable(
        variable,
        value=values.get(variable),
        missing_reason=values.get(f"{variable}_missing_reason"),
        rule=rule,
        definitions={name: value for name, value in definitions.items() if name in rule},
        cells=[
            SourceCell(
                role="supplies" if source["is_read"] and cell["speaks"] else "considered",
                **{k: v for k, v in cell.items() if k not in ("extract_id", "speaks", "of_field")},
            )
            for source in own
            for cell in cells
            if (cell["extract"], cell["of_field"]) == (source["extract"], source["field"])
        ],
        not_delivered=[
            f"{source['extract']}.{source['field']}"
            for source in own
            if (source["extract"], source["field"]) not in delivered
        ],
    )


def model_levels(con: duckdb.DuckDBPyConnection) -> list[Row]:
    """The models of the last analysis: model, its factor where it is univariable, per factor in
    plan order the levels that it takes, and the plan's endpoint and restrictions of the cohort."""
    return _rows(
        con,
        """
        with models as (
            select model, null as model_factor, factor, factor_position, level
            from results.cox_multivariable
            union all
            select model, factor, factor, factor_position, level from results.cox_univariable
        ),
        factors as (
            select model, model_factor, factor, factor_position, list(level) as levels
            from models group by all
        )
        select model, model_factor, list({'factor': factor, 'levels': levels}
            order by factor_position) as factors, days_column, event_column, day_zero,
            (select coalesce(list({'factor': column_name, 'levels': string_split(levels, ' | ')}
                order by step_number), [])
             from results.cohort_restriction where step_number > 0) as restrictions
        from factors cross join results.endpoint group by all order by model, min(factor_position)
        """,
    )


def model_parts(values: Row, models: list[Row]) -> list[ModelPart]:
    """For each model whether it analyzes a patient of the cohort with these values.

    By the rule of `analysis.flow`: the patient fits the plan's restrictions, survival time and
    event are known, and every factor is known and at a level of the plan.
    """
    parts = []
    for model in models:
        lacking = [
            f"{condition['factor']} is not {' or '.join(condition['levels'])}"
            for condition in model["restrictions"]
            if _plain(values[condition["factor"]]) not in condition["levels"]
        ]
        lacking += [
            f"{endpoint} is unknown ({values[f'{endpoint}_missing_reason']})"
            for endpoint in (model["event_column"], model["days_column"])
            if values[endpoint] is None
        ]
        if model["day_zero"] == "drop_like_stata" and values[model["days_column"]] == 0:
            lacking.append(f"{model['days_column']} is 0, and the plan drops day 0")
        lacking += [
            f"{factor['factor']} is unknown ({values.get(factor['factor'] + '_missing_reason')})"
            if values[factor["factor"]] is None
            else f"{factor['factor']} is at a level that the plan does not name"
            for factor in model["factors"]
            if _plain(values[factor["factor"]]) not in factor["levels"]
        ]
        parts.append(ModelPart(model["model"], model["model_factor"], not lacking, lacking))
    return parts


def _rows(
    con: duckdb.DuckDBPyConnection, query: str, parameters: Sequence[object] | Row = ()
) -> list[Row]:
    try:
        cursor = con.execute(query, parameters)
    except duckdb.CatalogException:
        raise RefreshError(
            "the warehouse has no marts, lineage or results yet; crlm refresh has to go through"
        ) from None
    names = [column[0] for column in cursor.description or []]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


# --- in words ------------------------------------------------------------------------------------


def in_words(explanation: Explanation) -> str:
    """The explanation as text for a terminal."""
    unless = "is null" if explanation.is_in_cohort else "is not derived outside the cohort"
    return "\n".join([*_effect(explanation), *(_story(v, unless) for v in explanation.variables)])


def _effect(explanation: Explanation) -> list[str]:
    exclusion = explanation.exclusion
    cohort = "in the cohort" if explanation.is_in_cohort else "not in the cohort"
    lines = [f"{explanation.patient_id}: {cohort}"]
    if exclusion:
        lines.append(
            f"  taken out at step {exclusion['step_number']} of marts.cohort_flow "
            f"({exclusion['step']}): {exclusion['reason']}"
        )
    for part in explanation.models:
        name = f"{part.model} model" + (f" of {part.factor}" if part.factor else "")
        lines.append(
            f"  {name}: {'analyzed' if part.is_analyzed else 'not analyzed, '}"
            f"{'; '.join(part.lacking)}"
        )
    return lines


def _story(explained: ExplainedVariable, unless: str) -> str:
    if explained.value is not None:
        value = f"= {_plain(explained.value)}"
    elif explained.missing_reason:
        value = f"is unknown: {explained.missing_reason}"
    else:
        value = unless
    lines = ["", f"{explained.variable} {value}", f"  rule: {explained.rule}"]
    lines += [f"  with {name} = {found}" for name, found in explained.definitions.items()]
    for cell in explained.cells:
        lines += [
            f"  {cell.role} {cell.extract}.{cell.field}: {_quoted(cell.text)}"
            f" → {_reading_in_words(cell)}",
            f'    {cell.file_name}, row {cell.file_row_number}, column "{cell.header.strip()}", '
            f"delivery {cell.delivery_number}",
        ]
        lines += [
            f"    before, in delivery {former.delivery_number} ({former.file_name}, row "
            f"{former.file_row_number}): {_quoted(former.text)}"
            for former in cell.earlier
        ]
    lines += [f"  {name} is not delivered: no column is mapped" for name in explained.not_delivered]
    if not explained.cells and not explained.not_delivered:
        lines.append("  no row of this patient's case was delivered")
    return "\n".join(lines)


def _quoted(text: str | None) -> str:
    # As JSON, so that no control character of a cell reaches the terminal.
    return json.dumps(text, ensure_ascii=False) if text else "blank"


def _reading_in_words(cell: SourceCell) -> str:
    reading = {name: _plain(found) for name, found in cell.reading.items()}
    parts = [reading.pop("value")] if "value" in reading else []
    low, high = reading.pop("low", None), reading.pop("high", "∞")
    opening = "(" if reading.pop("low_is_open", None) == "true" else "["
    closing = ")" if reading.pop("high_is_open", None) == "true" or high == "∞" else "]"
    unit = f" {cell.unit}" if cell.unit else ""
    if low is not None and low != high:
        parts.append(f"{opening}{low}, {high}{closing}{unit}")
    elif low is not None and not parts:
        parts.append(f"{low}{unit}")
    reason = reading.pop("missing_reason", None)
    parts += [f"{name.replace('_', ' ')} {found}" for name, found in reading.items()]
    parts += [f"unknown: {reason}"] if reason else []
    return ", ".join(parts) or "not read"


def _plain(value: Any) -> str:
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return str(value).lower() if isinstance(value, bool) else str(value)
