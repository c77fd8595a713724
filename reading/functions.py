"""The readers as functions of DuckDB, so that a dbt model can call them once per distinct text."""

from __future__ import annotations

import duckdb
from dbt.adapters.duckdb.plugins import BasePlugin
from duckdb.func import FunctionNullHandling
from duckdb.sqltypes import BOOLEAN, INTEGER, VARCHAR

from reading.comments import read_comment
from reading.common import Reading
from reading.read import read, unread_parts
from reading.settings import settings_of

# Bounds as text: the warehouse keeps decimals, and a double would not be one.
COLUMNS = {
    "value": VARCHAR,
    "missing_reason": VARCHAR,
    "low": VARCHAR,
    "high": VARCHAR,
    "low_is_open": BOOLEAN,
    "high_is_open": BOOLEAN,
    "segments": duckdb.list_type(INTEGER),
    "segments_at_most": duckdb.list_type(INTEGER),
}
Row = dict[str, str | bool | list[int] | None]


def _row(reading: Reading) -> Row:
    measure = reading.measure
    return {
        "value": reading.value,
        "missing_reason": reading.missing_reason,
        "low": None if measure is None else str(measure.low or 0),
        "high": None if measure is None or measure.high is None else str(measure.high),
        "low_is_open": measure is not None and measure.low_is_open,
        "high_is_open": measure is not None and measure.high_is_open,
        "segments": _listed(reading.segments),
        "segments_at_most": _listed(reading.segments_at_most),
    }


def _listed(segments: tuple[int, ...] | None) -> list[int] | None:
    return None if segments is None else list(segments)


def read_sentence(field: str, text: str, settings: str) -> Row | None:
    """What a normalized text says of a field, as a struct of COLUMNS; null where nothing is.

    ``settings`` is a JSON object with fields of `Settings`.
    """
    reading = read(field, text, settings_of(settings))
    return None if reading is None else _row(reading)


def read_comments(text: str, settings: str) -> list[Row]:
    """What the normalized comment of a report says, as structs of COLUMNS and `field`."""
    readings = read_comment(text, settings_of(settings))
    return [{"field": field, **_row(reading)} for field, reading in readings.items()]


def _unread_parts(field: str, text: str) -> str | None:
    """The parts with a word that is not known, each once, joined by " ; "; null without one."""
    return " ; ".join(dict.fromkeys(unread_parts(field, text))) or None


def register(con: duckdb.DuckDBPyConnection) -> None:
    """Make `read_sentence(field, text, settings)`, `read_comment(text, settings)` and
    `unread_parts(field, text)` known to a connection."""
    struct = duckdb.struct_type(COLUMNS)
    con.create_function(
        "read_sentence",
        read_sentence,
        [VARCHAR, VARCHAR, VARCHAR],
        struct,
        null_handling=FunctionNullHandling.SPECIAL,
    )
    con.create_function(
        "unread_parts",
        _unread_parts,
        [VARCHAR, VARCHAR],
        VARCHAR,
        null_handling=FunctionNullHandling.SPECIAL,
    )
    with_field = duckdb.list_type(duckdb.struct_type({"field": VARCHAR} | COLUMNS))
    con.create_function("read_comment", read_comments, [VARCHAR, VARCHAR], with_field)


class Plugin(BasePlugin):
    """Registers the functions on the connections of dbt (profiles.yml)."""

    def configure_connection(self, conn: duckdb.DuckDBPyConnection) -> None:
        """Called by dbt-duckdb once per database."""
        register(conn)
