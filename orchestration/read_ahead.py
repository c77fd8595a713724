"""Comments read by all cores, ahead of dbt: DuckDB calls Python on one core at a time, and to read
a comment takes milliseconds.

What they say is kept beside the warehouse (`reading.kept`), where the readers that dbt calls find
it. Without it they read the same, one comment after the other.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import closing
from functools import partial
from pathlib import Path

import duckdb

from analysis.processes import cores, processes
from ingestion.sql import fetch_one
from ingestion.vocabulary import normalized_text
from orchestration.definitions import Definition
from reading.kept import KeptReadings
from reading.rows import COMMENT, Asked, read_as_json

# Definitions on which words depend: macro `definitions_of_words`.
DEFINITIONS = ("rectosigmoid", "poor_regression_viable_percent", "metachronous_after_months")
# A process takes a second to begin.
WORTH_PROCESSES = 1_000
# As many comments as a process is given at once.
AT_ONCE = 250
# As which is kept up to which night all have been read.
READ_UNTIL = "read until"

_SINCE = """
    from raw.pathology p
    join raw.extracts e on e.extract_id = p.extract_id and e.run_id > ?
    where p.closed_by_extract_id is null and p.comment is not null
"""


def read_comments_ahead(
    con: duckdb.DuckDBPyConnection, folder: Path, definitions: Mapping[str, Definition]
) -> int:
    """Read the comments that these readers, with these definitions, have not read yet, and keep
    what they say in a folder (`Home.readings`).

    Returns how many were read; 0 where there are too few to be worth the processes, and where
    nothing can be kept.
    """
    settings = settings_of_comments(definitions)
    until = Asked(READ_UNTIL, "", settings).key
    with closing(KeptReadings(folder)) as kept:
        since = kept.get(until) or ""
        query = f"select count(distinct p.comment), max(e.run_id) {_SINCE}"
        comments, last_night = fetch_one(con, query, [since]) or (0, None)
        if comments < WORTH_PROCESSES or cores() == 1 or not kept.is_open:
            return 0
        con.execute(f"select distinct p.comment {_SINCE}", [since])
        count = 0
        with processes(cores()) as beside:
            for readings in beside.map(partial(_read, folder, settings), _lists(con)):
                kept.add(readings)
                count += len(readings)
        kept.add([(until, last_night)])
        return count


def settings_of_comments(definitions: Mapping[str, Definition]) -> str:
    """The settings by which comments are read, as the model `stg_comments` writes them."""
    return json.dumps({name: definitions[name] for name in DEFINITIONS})


def _lists(con: duckdb.DuckDBPyConnection) -> Iterator[list[str]]:
    while rows := con.fetchmany(AT_ONCE):
        yield [comment for (comment,) in rows]


def _read(folder: Path, settings: str, comments: list[str]) -> list[tuple[bytes, str]]:
    """What comments say that nobody has read yet; in another process."""
    with closing(KeptReadings(folder)) as kept:
        asked = (Asked(COMMENT, normalized_text(comment), settings) for comment in comments)
        return [(one.key, read_as_json(one)) for one in asked if kept.get(one.key) is None]
