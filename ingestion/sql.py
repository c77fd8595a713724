"""Small helpers around a DuckDB connection."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import duckdb

Parameters = Sequence[object] | Mapping[str, object]


def fetch_one(
    con: duckdb.DuckDBPyConnection, query: str, parameters: Parameters = ()
) -> tuple[Any, ...] | None:
    """The first row, or null. The result is read to its end: DuckDB 2 allows nothing else on a
    connection before that."""
    rows = con.execute(query, parameters).fetchall()
    return rows[0] if rows else None


def fetch_value(con: duckdb.DuckDBPyConnection, query: str, parameters: Parameters = ()) -> Any:
    """The first value of the first row, or null."""
    row = fetch_one(con, query, parameters)
    return row[0] if row else None


def own_memory(con: duckdb.DuckDBPyConnection) -> int:
    """How many bytes of memory DuckDB may take."""
    return fetch_value(con, "select parse_formatted_bytes(current_setting('memory_limit'))")


def limit_memory(con: duckdb.DuckDBPyConnection, at_most: int) -> None:
    """Let DuckDB take at most so many bytes of memory, and no more than it may now."""
    con.execute(f"set memory_limit = '{min(at_most, own_memory(con))} bytes'")


def text_literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def comments_sql(
    table: str, comment: str, columns: Mapping[str, str], *, kind: str = "table"
) -> str:
    """The statements that describe a table, or a view, and its columns (name -> description)."""
    statements = [f"comment on {kind} {table} is {text_literal(comment)}"]
    statements += [
        f'comment on column {table}."{name}" is {text_literal(text)}'
        for name, text in columns.items()
    ]
    return "; ".join(statements)
