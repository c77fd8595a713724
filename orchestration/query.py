"""`crlm query`: SQL over a release, read-only, shut in, its rows out as they come.

The SQL may come from anywhere (a colleague, a page, a program). It reads the tables of the release
and nothing else: no file, no other database, no setting that would change that.
"""

from __future__ import annotations

import csv
import json
import math
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any, TextIO

import duckdb

from ingestion.sql import text_literal
from orchestration.errors import ConfigurationError, without_values
from orchestration.release import DATABASE

# Rows that Python holds at a time.
_BATCH = 10_000
_TABLE_ROWS = 10_000

TABLE, CSV, JSON, PARQUET = ("table", "csv", "json", "parquet")

_QUERIES = (
    duckdb.StatementType.SELECT,
    duckdb.StatementType.EXPLAIN,
    duckdb.StatementType.PRAGMA,
    duckdb.StatementType.CALL,
    # A pivot, which first finds out its columns.
    duckdb.StatementType.MULTI,
)


def read_sql(sql: str | None, file: Path | None) -> str:
    """The SQL as given or from a file; ConfigurationError where it is neither or both."""
    if (sql is None) == (file is None):
        raise ConfigurationError('give the query as crlm query "SQL", or its file with --file')
    if file is None:
        assert sql is not None
        return sql
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise ConfigurationError(f"{file}: this is no text in UTF-8") from None
    except OSError as error:
        raise ConfigurationError(f"{file}: {error.strerror}") from None


def format_of(chosen: str | None, out: Path | None) -> str:
    """The format asked for, else that of the file's name, else a table.

    Raises ConfigurationError where format and file do not go together.
    """
    if chosen is None and out is not None:
        chosen = out.suffix.lower().removeprefix(".")
        if chosen not in (CSV, JSON, PARQUET):
            raise ConfigurationError(
                f"{out}: say by --format csv, json or parquet what the file is to be"
            )
    chosen = chosen or TABLE
    if chosen == PARQUET and out is None:
        raise ConfigurationError("--format parquet is no text: name its file with --out")
    if chosen == TABLE and out is not None:
        raise ConfigurationError(
            "--format table is for the terminal; a file is csv, json or parquet"
        )
    return chosen


def run_query(
    sql: str, release: Path, chosen: str, stream: TextIO, earlier: Path | None = None
) -> None:
    """Write the rows of ``sql`` over a release to ``stream``; not for Parquet.

    ``earlier`` is another release, whose tables are then ``earlier.marts.…``.
    Raises ConfigurationError where the SQL cannot be run or gives no rows.
    """
    with tempfile.TemporaryDirectory(prefix="crlm-query-") as folder:
        _run(sql, release, chosen, stream, Path(folder), earlier)


def save_query(
    sql: str,
    release: Path,
    chosen: str,
    out: Path,
    earlier: Path | None = None,
    *,
    overwrite: bool = False,
) -> int:
    """Write the rows of ``sql`` over a release to a file that only its owner reads; returns bytes.

    The file is whole or not there. Raises ConfigurationError as `run_query` does, and where the
    file exists and may not be overwritten, or cannot be made.
    """
    if out.is_dir() or (out.exists() and not overwrite):
        what = "is a folder" if out.is_dir() else "exists already; --overwrite replaces it"
        raise ConfigurationError(f"{out}: {what}")
    try:
        # Beside the file, so that it gets its name in one step.
        with tempfile.TemporaryDirectory(prefix=".crlm-query-", dir=out.parent) as folder:
            made = Path(folder) / "rows"
            if chosen == PARQUET:
                _run(sql, release, chosen, None, Path(folder), earlier, made)
            else:
                with made.open("w", encoding="utf-8", newline="") as stream:
                    _run(sql, release, chosen, stream, Path(folder), earlier)
            made.chmod(0o600)
            os.replace(made, out)
    except OSError as error:
        raise ConfigurationError(f"{out}: {error.strerror}") from None
    return out.stat().st_size


def _run(
    sql: str,
    release: Path,
    chosen: str,
    stream: TextIO | None,
    folder: Path,
    earlier: Path | None,
    parquet: Path | None = None,
) -> None:
    with _shut_in(release, folder, earlier) as con, _in_a_sentence():
        statements = con.extract_statements(sql)
        if not statements:
            raise ConfigurationError("the query is empty")
        *before, last = statements
        for statement in before:
            con.execute(statement)
        if last.type not in _QUERIES:
            raise ConfigurationError(
                "the SQL gives no rows: its last statement has to be a query, which only reads"
            )
        if chosen in (TABLE, PARQUET):
            relation = con.sql(last)
            if chosen == TABLE:
                relation.show(max_width=100_000, max_rows=_TABLE_ROWS)
                return
            _require_distinct(relation.columns)
            relation.write_parquet(str(parquet), compression="zstd")
            return
        assert stream is not None
        columns = [entry[0] for entry in con.execute(last).description]
        if chosen == CSV:
            _write_csv(columns, _rows(con), stream)
        else:
            _require_distinct(columns)
            _write_json(columns, _rows(con), stream)


@contextmanager
def _shut_in(
    release: Path, folder: Path, earlier: Path | None
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to a release from which SQL reaches its tables, and ``folder``, only."""
    # What does not fit into memory would else be written into the release.
    settings: dict[str, str | bool | int | float | list[str]] = {
        "temp_directory": str(folder / "spilled")
    }
    with duckdb.connect(str(release / DATABASE), read_only=True, config=settings) as con:
        if earlier is not None:
            path = text_literal(str(earlier / DATABASE))
            con.execute(f"attach {path} as earlier (read_only)")
        # A name in SQL is a table's, never that of a variable of this program.
        con.execute("set python_enable_replacements = false")
        con.execute(f"set allowed_directories = [{text_literal(str(folder))}]")
        con.execute("set enable_external_access = false")
        con.execute("set lock_configuration = true")
        yield con


_REFUSED = {
    "attached in read-only mode": "a query only reads: nothing changes a release",
    "configuration has been locked": "a query only reads: it cannot change a setting",
}


@contextmanager
def _in_a_sentence() -> Iterator[None]:
    try:
        yield
    except duckdb.PermissionException:
        raise ConfigurationError(
            "a query reads the tables of the release; it opens no other file, and no extension"
        ) from None
    except duckdb.Error as error:
        text, _, place = str(error).partition("\n\nLINE ")
        for said, sentence in _REFUSED.items():
            if said in text:
                raise ConfigurationError(sentence) from None
        # Of other errors the line is that of what DuckDB made of the statement.
        line = re.match(r"\d+", place) if isinstance(error, duckdb.ParserException) else None
        # What is quoted may be a value of a patient.
        text = " ".join(without_values(text).split())
        text = re.sub(r"^\w[\w ]* Error: ", "", text)
        where = f" (line {line[0]})" if line else ""
        raise ConfigurationError(f"the query cannot be run{where}: {text}") from None


def _require_distinct(columns: list[str]) -> None:
    twice = sorted({name for name in columns if columns.count(name) > 1})
    if twice:
        raise ConfigurationError(
            f"two columns are called {', '.join(twice)}: give each a name of its own (… as name)"
        )


def _rows(con: duckdb.DuckDBPyConnection) -> Iterator[tuple]:
    while batch := con.fetchmany(_BATCH):
        yield from batch


def _write_csv(columns: list[str], rows: Iterator[tuple], stream: TextIO) -> None:
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_in_csv(value) for value in row])


def _write_json(columns: list[str], rows: Iterator[tuple], stream: TextIO) -> None:
    separator = "["
    for row in rows:
        found = {name: _plain(value) for name, value in zip(columns, row, strict=True)}
        stream.write(f"{separator}\n{json.dumps(found, ensure_ascii=False)}")
        separator = ","
    stream.write("[]\n" if separator == "[" else "\n]\n")


def _in_csv(value: Any) -> Any:
    """Null is empty, true and false are words, a list is written as JSON."""
    if isinstance(value, Decimal):
        return value
    plain = _plain(value)
    if isinstance(plain, bool | list | dict):
        return json.dumps(plain, ensure_ascii=False)
    return plain


def _plain(value: Any) -> Any:
    """A value as JSON has it: what is not a number is null, dates are ISO."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [_plain(entry) for entry in value]
    if isinstance(value, dict):
        return {str(name): _plain(entry) for name, entry in value.items()}
    return str(value)
