"""The readers as functions of DuckDB, so that a dbt model can call them once per distinct text."""

from __future__ import annotations

from pathlib import Path

import duckdb
from dbt.adapters.duckdb.plugins import BasePlugin
from duckdb.func import FunctionNullHandling
from duckdb.sqltypes import BOOLEAN, INTEGER, VARCHAR

from reading.kept import FOLDER, KeptReadings
from reading.read import unread_parts
from reading.rows import COMMENT, Asked, Kept, answer

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


def _unread_parts(field: str, text: str) -> str | None:
    """The parts with a word that is not known, each once, joined by " ; "; null without one."""
    return " ; ".join(dict.fromkeys(unread_parts(field, text))) or None


def register(con: duckdb.DuckDBPyConnection, kept: Kept | None = None) -> None:
    """Make `read_sentence(field, text, settings)`, `read_comment(text, settings)` and
    `unread_parts(field, text)` known to a connection.

    Texts are normalized; settings are a JSON object with fields of `Settings`. What is ``kept`` is
    not read again.
    """
    struct = duckdb.struct_type(COLUMNS)
    con.create_function(
        "read_sentence",
        lambda field, text, settings: answer(Asked(field, text, settings), kept),
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
    con.create_function(
        "read_comment",
        lambda text, settings: answer(Asked(COMMENT, text, settings), kept),
        [VARCHAR, VARCHAR],
        duckdb.list_type(duckdb.struct_type({"field": VARCHAR} | COLUMNS)),
    )


class Plugin(BasePlugin):
    """Registers the functions on the connections of dbt (profiles.yml)."""

    def configure_connection(self, conn: duckdb.DuckDBPyConnection) -> None:
        """Called by dbt-duckdb once per database."""
        assert self.creds is not None
        warehouse = Path(self.creds.path)
        kept = KeptReadings(warehouse.with_name(FOLDER)) if warehouse.is_file() else None
        register(conn, kept)
