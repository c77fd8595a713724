"""A configuration tried on its files: what each field looks like and how much of it can be read.

The extracts are taken into a warehouse in a temporary folder and read there by the very models of
the night; nothing of the registry is touched and the folder is removed.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from expectations.suites import READABLE_KINDS
from ingestion.contract import Contract, Field
from ingestion.deliveries import Deliveries
from ingestion.ingest import ExtractSummary, Ingestion
from ingestion.pseudonyms import load_key
from ingestion.sql import fetch_one
from orchestration import transform
from orchestration.config import Config
from orchestration.paths import Home
from orchestration.vocabulary import own_words

_READINGS = ("+path:models/staging", "unmapped_values", "date_misfits")
_SHAPES = 3
_LONGEST_SHAPE = 24
# A longer text may be a sentence about a patient.
_LONGEST_CODE = 24
_CODES = 8


@dataclass(frozen=True)
class FieldReading:
    """One mapped field: filled rows, what they look like, and how many of them can be read.

    ``readable`` is null for fields that are not read (identifiers, free text). ``shapes`` are the
    commonest, 9 for a digit and a for letters. ``unmapped`` are short texts that no list knows,
    ``unmapped_longer`` counts the rows of the longer ones; ``misfits`` are declarations that
    would fit dates which cannot be read as declared.
    """

    field: str
    filled: int
    readable: int | None
    shapes: list[tuple[str, int]]
    unmapped: list[tuple[str, int]]
    unmapped_longer: int
    misfits: list[tuple[str, int]]


@dataclass(frozen=True)
class ExtractReading:
    """One extract of the dry run, its rows and its mapped fields."""

    summary: ExtractSummary
    fields: list[FieldReading]


def try_configuration(config: Config, contract: Contract) -> Iterator[ExtractReading]:
    """Take the extracts in, read them, and say of each field what was found.

    Raises DeliveryError and RefreshError as a refresh would.
    """
    with tempfile.TemporaryDirectory(prefix="crlm-check-") as folder:
        home = Home(Path(folder))
        home.create()
        with duckdb.connect(str(home.warehouse)) as con:
            ingestion = Ingestion(
                con,
                contract,
                config.extracts,
                Deliveries(config.root, home.archive),
                key=load_key(config.settings.privacy, config.root, config.home),
                gates=config.settings.gates,
                phrases=own_words(config, contract).phrases,
            )
            summaries = ingestion.run("check", datetime.now(UTC).replace(tzinfo=None))
        transform.build(config, home, transform.parse(config, home), only=_READINGS)
        with duckdb.connect(str(home.warehouse)) as con:
            for summary in summaries:
                fields = [f for f in contract[summary.extract].fields if f.name in summary.mapped]
                yield ExtractReading(
                    summary, [_look_at(con, summary.extract, field) for field in fields]
                )


def _look_at(con: duckdb.DuckDBPyConnection, extract: str, field: Field) -> FieldReading:
    name = field.name
    readable = None
    if field.kind in READABLE_KINDS:
        counted = fetch_one(
            con,
            f"""
            select count(*) filter (reason is distinct from 'not_reported'),
                count(*) filter (reason is null or reason not in ('not_reported', 'unreadable'))
            from (select {name}_missing_reason as reason from staging.stg_{extract})
            """,
        )
        assert counted is not None
        filled, readable = counted
    else:
        counted = fetch_one(con, f"select count(nullif(trim({name}), '')) from raw.{extract}")
        assert counted is not None
        (filled,) = counted
    unmapped = con.execute(
        "select text, row_count from quality.unmapped_values where extract = ? and field = ? "
        "order by row_count desc, text",
        [extract, name],
    ).fetchall()
    codes = [entry for entry in unmapped if len(entry[0]) <= _LONGEST_CODE][:_CODES]
    misfits = con.execute(
        "select fits, row_count from quality.date_misfits where extract = ? and field = ? "
        "order by row_count desc",
        [extract, name],
    ).fetchall()
    return FieldReading(
        name,
        filled,
        readable,
        [] if field.kind == "text" else _shapes(con, extract, name),
        codes,
        sum(rows for _, rows in unmapped) - sum(rows for _, rows in codes),
        misfits,
    )


def _shapes(con: duckdb.DuckDBPyConnection, extract: str, name: str) -> list[tuple[str, int]]:
    letters = f"regexp_replace(trim({name}), '\\p{{L}}[\\p{{L}}\\p{{M}}]*', 'a', 'g')"
    return con.execute(
        f"""
        select case when length(shape) > {_LONGEST_SHAPE}
                then substr(shape, 1, {_LONGEST_SHAPE}) || '…' else shape end, count(*)
        from (select regexp_replace({letters}, '\\p{{Nd}}', '9', 'g') as shape from raw.{extract})
        where shape <> ''
        group by 1 order by 2 desc, 1
        limit {_SHAPES}
        """
    ).fetchall()
