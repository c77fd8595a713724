"""Workbooks (XLSX) → a table of text; typed cells are written as a person would read them."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import duckdb
import numpy as np
import pandas as pd

from ingestion.archive import ArchivedFile
from ingestion.errors import DeliveryError
from ingestion.readers.found import ReadFile
from ingestion.settings import FormatSettings


def read_workbook(
    con: duckdb.DuckDBPyConnection, file: ArchivedFile, settings: FormatSettings, table: str
) -> ReadFile:
    """Read one sheet of a workbook; DeliveryError where it is not what registry.yml says."""
    from python_calamine import CalamineError, CalamineWorkbook

    name = file.delivered
    try:
        workbook = CalamineWorkbook.from_path(str(file.path))
    except (CalamineError, OSError, ValueError):
        raise DeliveryError(
            f"{name}: the file is not a readable XLSX workbook (damaged, protected by a password, "
            "or another format under this name)"
        ) from None
    sheets = list(workbook.sheet_names)
    if settings.sheet is None and len(sheets) > 1:
        raise DeliveryError(
            f"{name}: the workbook has {len(sheets)} sheets ({', '.join(sheets)}); "
            "name one in `format: {sheet: …}`"
        )
    sheet = settings.sheet or sheets[0]
    if sheet not in sheets:
        raise DeliveryError(f"{name}: there is no sheet {sheet!r}; it has {', '.join(sheets)}")
    try:
        rows = workbook.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    except CalamineError:
        raise DeliveryError(f"{name}, sheet {sheet!r}: the sheet cannot be read") from None

    frame = pd.DataFrame(rows, dtype=object)
    text = pd.DataFrame({i: _cells_as_text(frame[i]) for i in frame.columns}, dtype=object)
    # The library shows a formula that failed as blank; it is unreadable and not blank.
    for (row, column), error in _error_cells(file.path, sheet).items():
        if row in text.index and column in text.columns:
            text.loc[row, column] = error
    # Rows that only carry formatting, and columns beyond the table, are not data.
    text = text.loc[(text != "").any(axis=1), (text != "").any(axis=0)]
    if text.empty:
        raise DeliveryError(f"{name}, sheet {sheet!r}: it is empty; a header and rows are due")
    headers = [str(header) for header in text.iloc[0]]
    body = text.iloc[1:]
    if body.empty:
        raise DeliveryError(f"{name}, sheet {sheet!r}: it holds a header and no rows")
    body.columns = [f"c{i}" for i in range(len(headers))]
    body = body.assign(file_row_number=body.index.to_numpy() + 1)
    con.register("read_xlsx_frame", body)
    try:
        typed = ", ".join(f"c{i}::varchar as c{i}" for i in range(len(headers)))
        con.execute(
            f"create or replace temp table {table} as "
            f"select {typed}, file_row_number::bigint as file_row_number from read_xlsx_frame"
        )
    finally:
        con.unregister("read_xlsx_frame")
    return ReadFile(headers)


def _cells_as_text(cells: pd.Series) -> pd.Series:
    """Typed cells of one column as text: whole numbers without a point, dates in ISO form."""
    kinds = cells.map(type)
    text = pd.Series("", index=cells.index, dtype=object)
    for kind in kinds.unique():
        chosen = kinds == kind
        values = cells[chosen]
        if kind is str:
            text[chosen] = values
        elif kind is bool:
            text[chosen] = np.where(values.astype(bool), "true", "false")
        elif kind in (int, float):
            number = values.to_numpy(dtype=float)
            whole = (number == np.floor(number)) & (np.abs(number) < 2**63)
            as_integer = np.where(whole, number, 0).astype(np.int64).astype(str)
            # Few numbers are no integers; written without an exponent they read as they look.
            texts = [np.format_float_positional(n, trim="-") for n in number[~whole]]
            as_integer = as_integer.astype(object)
            as_integer[~whole] = texts
            text[chosen] = as_integer
        elif kind is not type(None):
            text[chosen] = values.astype(str)
    return text


def _error_cells(path: Path, sheet: str) -> dict[tuple[int, int], str]:
    """Cells of a sheet that hold an error such as #REF!, as (row, column) from 0 → error."""
    with zipfile.ZipFile(path) as archive:
        try:
            member = _member_of_sheet(archive, sheet)
            content = archive.read(member)
        except (KeyError, ElementTree.ParseError):
            return {}
    if b't="e"' not in content:
        return {}
    found = {}
    for match in re.finditer(rb'<c\b([^>]*\bt="e"[^>]*)(?<!/)>.*?<v>([^<]*)</v>', content, re.S):
        place = re.search(rb'\br="([A-Z]+)(\d+)"', match.group(1))
        if place:
            column = 0
            for letter in place.group(1).decode():
                column = column * 26 + ord(letter) - ord("A") + 1
            found[int(place.group(2)) - 1, column - 1] = match.group(2).decode()
    return found


def _member_of_sheet(archive: zipfile.ZipFile, sheet: str) -> str:
    namespace = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
    workbook = ElementTree.fromstring(archive.read("xl/workbook.xml"))
    relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
    for element in workbook.iter():
        if element.tag.endswith("}sheet") and element.get("name") == sheet:
            target = targets[element.get(namespace)]
            return target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    raise KeyError(sheet)
