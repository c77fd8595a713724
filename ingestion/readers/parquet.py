"""Parquet → a table of text, by DuckDB."""

from __future__ import annotations

import duckdb

from ingestion.archive import ArchivedFile
from ingestion.errors import DeliveryError
from ingestion.readers.found import ReadFile
from ingestion.readers.text import number_texts, timestamp_text_sql
from ingestion.settings import FormatSettings
from ingestion.sql import fetch_value


def read_parquet(
    con: duckdb.DuckDBPyConnection, file: ArchivedFile, settings: FormatSettings, table: str
) -> ReadFile:
    """Read a Parquet file of flat columns; DeliveryError where a column holds lists or structs."""
    name, path = file.delivered, str(file.path)
    try:
        # The first element is the table itself.
        schema = con.execute(
            "select name, num_children from parquet_schema(?) offset 1", [path]
        ).fetchall()
        nested = [header for header, children in schema if children]
        if nested:
            raise DeliveryError(
                f"{name}: column {nested[0]!r} holds lists or structures; a table with one value "
                "per cell is due"
            )
        headers = [header for header, _ in schema]
        if not headers:
            raise DeliveryError(f"{name}: the file is empty; columns and at least one row are due")
        columns = ", ".join(f"c{i}" for i in range(len(headers)))
        source = (
            "read_parquet(?, file_row_number = true, hive_partitioning = false, "
            f"binary_as_string = true) as delivered ({columns})"
        )
        types = con.execute(f"describe select {columns} from {source}", [path]).fetchall()
        lists, numbers = number_texts(
            {column: kind for column, kind, *_ in types if kind in ("DOUBLE", "FLOAT")}
        )
        texts = ", ".join(
            f"{numbers.get(column) or _text_sql(column, kind)} as {column}"
            for column, kind, *_ in types
        )
        # The header counts as the first record, as in a file that has one.
        con.execute(
            f"create or replace temp table {table} as "
            f"select {texts}, file_row_number + 2 as file_row_number "
            f"from (select *{lists} from {source})",
            [path],
        )
    except duckdb.Error:
        raise DeliveryError(
            f"{name}: the file is not readable Parquet (damaged, encrypted, text that is not "
            "UTF-8, or another format under this name)"
        ) from None
    if fetch_value(con, f"select count(*) from {table}") == 0:
        raise DeliveryError(f"{name}: the file holds columns and no rows, at least one is due")
    return ReadFile(headers)


def _text_sql(column: str, kind: str) -> str:
    if kind == "TIMESTAMP WITH TIME ZONE":
        return f"({column} at time zone 'UTC')::varchar || '+00:00'"
    if kind.startswith("TIMESTAMP"):
        return timestamp_text_sql(column)
    return f"{column}::varchar"
