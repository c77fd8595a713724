"""Workbooks (XLSX, XLS) → a table of text; typed cells are written as a person would read them."""

from __future__ import annotations

import html
import re
import zipfile
import zlib
from pathlib import Path
from xml.etree import ElementTree

import duckdb
import numpy as np
import pandas as pd

from ingestion.archive import ArchivedFile, file_suffix
from ingestion.errors import DeliveryError
from ingestion.readers.found import ReadFile
from ingestion.settings import FormatSettings

# A sheet is held in memory as a whole. More XML than this is no table of a registry, and a value
# that stands far off makes the sheet as large as if everything between were filled.
_MOST_UNPACKED_BYTES = 1 << 29
_MOST_CELLS = 30_000_000


def read_workbook(
    con: duckdb.DuckDBPyConnection, file: ArchivedFile, settings: FormatSettings, table: str
) -> ReadFile:
    """Read one sheet of a workbook; DeliveryError where it is not what registry.yml says."""
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    name = file.delivered
    kind = "XLS" if file_suffix(file.path) == ".xls" else "XLSX"
    is_zip = zipfile.is_zipfile(file.path)
    if is_zip:
        _refuse_if_too_large(file)
    try:
        workbook = CalamineWorkbook.from_path(str(file.path))
    except PasswordError:
        raise DeliveryError(
            f"{name}: the workbook is protected by a password; deliver it without one"
        ) from None
    except (CalamineError, OSError, ValueError):
        raise DeliveryError(
            f"{name}: the file is not a readable {kind} workbook (damaged, protected by a "
            "password, or another format under this name)"
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
    content = _content_of_sheet(file.path, sheet) if is_zip else b""
    cells = _cells_up_to_the_last(content)
    if cells > _MOST_CELLS:
        raise DeliveryError(
            f"{name}, sheet {sheet!r}: it spans {cells:,} cells; delete what stands far from the "
            "table, or export the table as CSV"
        )
    try:
        rows = workbook.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    except CalamineError:
        raise DeliveryError(f"{name}, sheet {sheet!r}: the sheet cannot be read") from None

    frame = pd.DataFrame(rows, dtype=object)
    text = pd.DataFrame({i: _cells_as_text(frame[i]) for i in frame.columns}, dtype=object)
    # The library shows a formula without a result as blank; it is unreadable and not blank.
    unread = _cells_without_result(content)
    if unread:
        height = max(len(text), *(row + 1 for row, _ in unread))
        width = max(text.shape[1], *(column + 1 for _, column in unread))
        text = text.reindex(index=range(height), columns=range(width), fill_value="")
        for (row, column), formula in unread.items():
            text.iat[row, column] = formula
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


def _refuse_if_too_large(file: ArchivedFile) -> None:
    with zipfile.ZipFile(file.path) as archive:
        unpacked = sum(member.file_size for member in archive.infolist())
        if unpacked > _MOST_UNPACKED_BYTES:
            raise DeliveryError(
                f"{file.delivered}: unpacked the workbook has {unpacked >> 20} MB, at most "
                f"{_MOST_UNPACKED_BYTES >> 20} MB are read; export the table as CSV"
            )
        # The sizes are what the file says of itself: its content has to agree with them.
        try:
            damaged = archive.testzip()
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError):
            damaged = "its directory"
        if damaged is not None:
            raise DeliveryError(
                f"{file.delivered}: the file is not a readable XLSX workbook (it is damaged)"
            )


def _content_of_sheet(path: Path, sheet: str) -> bytes:
    """The XML of a sheet, or nothing where the workbook is built in an unusual way."""
    with zipfile.ZipFile(path) as archive:
        try:
            return archive.read(_member_of_sheet(archive, sheet))
        except (KeyError, ElementTree.ParseError):
            return b""


def _cells_up_to_the_last(content: bytes) -> int:
    """How many cells the rectangle has that holds every filled cell of a sheet."""
    # A cell that only carries formatting is written as <c …/> or <c …></c>.
    end = max(content.rfind(mark) for mark in (b"</v>", b"</is>", b"</f>", b"<f "))
    last = re.search(rb'\br="[A-Z]+(\d+)"', content[content.rfind(b"<c ", 0, max(end, 0)) :])
    if end < 0 or last is None:
        return 0
    far = re.findall(rb'<c (?:[^>]*\b)?r="([A-Z]{2,3})\d+"(?:[^>]*[^>/])?>(?!</c>)', content)
    width = max(map(_column_number, set(far)), default=25) + 1
    return int(last.group(1)) * width


def _cells_without_result(content: bytes) -> dict[tuple[int, int], str]:
    """Cells that hold an error such as #REF!, or a formula that nobody has calculated, as
    (row, column) from 0 → the error or the formula."""
    patterns = []
    if b't="e"' in content:
        patterns.append(rb'<c\b([^>]*\bt="e"[^>]*)(?<!/)>.*?<v>([^<]*)</v>')
    if b"<f" in content:
        # A result that is text may be blank.
        patterns.append(
            rb'<c\b((?:(?!\bt="str")[^>])*)(?<!/)><f(?:[^>]*/>|[^>]*>([^<]*)</f>)'
            rb"(?:<v ?/>|<v></v>)?</c>"
        )
    found = {}
    for pattern in patterns:
        for match in re.finditer(pattern, content, re.S):
            place = re.search(rb'\br="([A-Z]+)(\d+)"', match.group(1))
            if place:
                text = html.unescape((match.group(2) or b"").decode())
                text = text if text.startswith("#") else f"={text}"
                found[int(place.group(2)) - 1, _column_number(place.group(1))] = text
    return found


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number - 1


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
