"""Files → tables of text, every value as it was delivered.

A reader makes one temporary table per file with columns ``c0, c1, …`` (VARCHAR, null or '' where a
cell is blank) and ``file_row_number``, the number of the record in the file, the header being
the first, as a spreadsheet shows it. Nothing is guessed: the dialect is what registry.yml says.
"""

from __future__ import annotations

import duckdb

from ingestion.archive import ArchivedFile, file_suffix
from ingestion.errors import DeliveryError
from ingestion.readers.delimited import read_delimited
from ingestion.readers.found import ReadFile
from ingestion.readers.parquet import read_parquet
from ingestion.readers.statistics import read_statistics
from ingestion.readers.workbook import read_workbook
from ingestion.settings import FormatSettings

READERS = {
    ".csv": read_delimited,
    ".tsv": read_delimited,
    ".txt": read_delimited,
    ".csv.gz": read_delimited,
    ".tsv.gz": read_delimited,
    ".txt.gz": read_delimited,
    ".xlsx": read_workbook,
    ".xlsm": read_workbook,
    ".xls": read_workbook,
    ".parquet": read_parquet,
    ".dta": read_statistics,
    ".sav": read_statistics,
    ".zsav": read_statistics,
    ".por": read_statistics,
    ".sas7bdat": read_statistics,
    ".xpt": read_statistics,
}

__all__ = ["ReadFile", "drop_file", "read_file"]


def read_file(
    con: duckdb.DuckDBPyConnection, file: ArchivedFile, settings: FormatSettings, table: str
) -> ReadFile:
    """Read a file into the temporary table ``table``.

    Raises DeliveryError with the file, the place, what was found and what would be right.
    """
    suffix = file_suffix(file.path)
    if suffix not in READERS:
        raise DeliveryError(
            f"{file.delivered}: a file that ends in {suffix or 'nothing'} cannot be read; "
            f"readable are {', '.join(READERS)}"
        )
    return READERS[suffix](con, file, settings, table)


def drop_file(con: duckdb.DuckDBPyConnection, table: str) -> None:
    """Drop what ``read_file`` made."""
    con.execute(f"drop table if exists {table}; drop table if exists {table}_held")
