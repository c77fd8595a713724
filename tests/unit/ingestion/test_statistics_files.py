"""Files of Stata, SPSS and SAS, and Parquet: values as text, labels, declared missing values."""

from __future__ import annotations

import ctypes
import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pyreadstat
import pytest

import ingestion.readers.statistics
from ingestion.archive import archive_file
from ingestion.errors import DeliveryError
from ingestion.readers import ReadFile, read_file
from ingestion.settings import FormatSettings

CANARY = "Zaphod"
DAYS = [datetime.date(2018, 5, 3), datetime.date(1890, 1, 1), None, datetime.date(2100, 1, 1)]
TIMES = [
    datetime.datetime(2018, 5, 3, 14, 30),
    datetime.datetime(2018, 5, 3),
    None,
    datetime.datetime(1959, 12, 31, 23, 59, 59),
]
TABLE = pd.DataFrame(
    {
        "id": ["00123", "7", "", "x y"],
        "n": [1.0, 2, 3, -999],
        "size": [0.1, 24.3333333333333, np.nan, 1e-7],
        "day": DAYS,
        "moment": TIMES,
    }
)
TEXTS = [
    ("00123", "1", "0.1", "2018-05-03", "2018-05-03 14:30:00", 2),
    ("7", "2", "24.3333333333333", "1890-01-01", "2018-05-03", 3),
    ("", "3", "", "", "", 4),
    ("x y", "-999", "0.0000001", "2100-01-01", "1959-12-31 23:59:59", 5),
]


@pytest.fixture
def read_typed(tmp_path: Path) -> Callable[..., tuple[ReadFile, list[tuple]]]:
    """Read one file: what was found, and its rows with blanks as '' and their number last."""

    def run(path: Path, **format_settings: object) -> tuple[ReadFile, list[tuple]]:
        with duckdb.connect(config={"threads": 1}) as con:
            file = archive_file(path, tmp_path / "archive")
            found = read_file(con, file, FormatSettings.model_validate(format_settings), "read")
            rows = con.execute("from read order by file_row_number").fetchall()
        return found, [(*(cell or "" for cell in row[:-1]), row[-1]) for row in rows]

    return run


WRITERS = {
    "t.dta": pyreadstat.write_dta,
    "t.sav": pyreadstat.write_sav,
    "t.zsav": lambda frame, path: pyreadstat.write_sav(frame, path, compress=True),
    "t.por": pyreadstat.write_por,
    "t.xpt": pyreadstat.write_xport,
    "T.DTA": lambda frame, path: pyreadstat.write_dta(frame, path, version=8),
}


@pytest.mark.parametrize("name", WRITERS)
@pytest.mark.parametrize("cells_at_once", [4_000_000, 10], ids=["whole", "in parts"])
def test_values_are_written_as_a_person_reads_them(
    read_typed: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    cells_at_once: int,
) -> None:
    monkeypatch.setattr(ingestion.readers.statistics, "_CELLS_AT_ONCE", cells_at_once)
    WRITERS[name](TABLE, tmp_path / name)
    found, rows = read_typed(tmp_path / name)
    assert [header.lower() for header in found.headers] == list(TABLE.columns)
    assert rows == TEXTS


def test_labels_and_special_missing_values_of_stata(read_typed: Any, tmp_path: Path) -> None:
    frame = pd.DataFrame({"sex": [1, "a", 2, "z", np.nan], "note": ["ی", "", "é", "x", "y"]})
    pyreadstat.write_dta(
        frame,
        tmp_path / "t.dta",
        column_labels={"sex": "Sex of the patient"},
        variable_value_labels={"sex": {1: "male", 2: "female", "a": "refused"}},
        missing_user_values={"sex": ["a", "z"]},
    )
    found, rows = read_typed(tmp_path / "t.dta")
    assert [row[0] for row in rows] == ["1", ".a", "2", ".z", ""]
    assert [row[1] for row in rows] == ["ی", "", "é", "x", "y"]
    assert found.labels == {"sex": "Sex of the patient"}
    assert found.value_labels == {"sex": {"1": "male", "2": "female", ".a": "refused"}}


def test_labels_and_declared_missing_values_of_spss(read_typed: Any, tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {
            "size": [1.5, 99.0, -950, np.nan],
            "code": ["m", "f", "?", "m"],
            "day": [datetime.date(2018, 5, 3), datetime.date(1582, 10, 15), None, None],
        }
    )
    pyreadstat.write_sav(
        frame,
        tmp_path / "t.sav",
        column_labels={"size": "اندازه"},
        variable_value_labels={"size": {99: "unknown", 1.5: "small"}, "code": {"m": "male"}},
        # The second day is the number 86400, which somebody declared as missing.
        missing_ranges={"size": [99, {"lo": -999, "hi": -900}], "code": ["?"], "day": [86400]},
    )
    found, rows = read_typed(tmp_path / "t.sav")
    assert rows == [
        ("1.5", "m", "2018-05-03", 2),
        ("99", "f", "86400", 3),
        ("-950", "?", "", 4),
        ("", "m", "", 5),
    ]
    assert found.labels == {"size": "اندازه"}
    assert found.value_labels == {
        "size": {"99": "unknown", "1.5": "small"},
        "code": {"m": "male"},
    }


def test_declared_missing_values_of_a_portable_file(read_typed: Any, tmp_path: Path) -> None:
    path = tmp_path / "t.por"
    pyreadstat.write_por(pd.DataFrame({"n": [1.0, 99.0]}), path)
    text = path.read_text().replace("\n", "")
    # `8`: one value is missing; numbers are written to the base 30.
    variable, _, data = text.rpartition("F1/")
    text = f"{variable}8{9 // 30 + 3}9/F1/{data}"
    text += "Z" * (-len(text) % 80)
    path.write_text("\n".join(text[i : i + 80] for i in range(0, len(text), 80)) + "\n")
    assert pyreadstat.read_por(path)[0]["N"].tolist()[0] == 1.0
    assert np.isnan(pyreadstat.read_por(path)[0]["N"].tolist()[1])
    assert [row[0] for row in read_typed(path)[1]] == ["1", "99"]


@pytest.mark.parametrize("version", [5, 8])
def test_special_missing_values_of_a_transport_file(
    read_typed: Any, tmp_path: Path, version: int
) -> None:
    path = tmp_path / "t.xpt"
    pyreadstat.write_xport(pd.DataFrame({"n": [1.0, 2.0, 3.0]}), path, file_format_version=version)
    content = bytearray(path.read_bytes())
    rows = content.index(b"HEADER RECORD*******OBS") + 80
    content[rows + 8 : rows + 24] = b"A" + bytes(7) + b"." + bytes(7)
    path.write_bytes(content)
    assert [row[0] for row in read_typed(path)[1]] == ["1", ".A", ""]


@pytest.mark.parametrize(
    ("writer", "name", "display", "number", "text"),
    [
        (pyreadstat.write_dta, "t.dta", "%td", 21307, "2018-05-03"),
        (pyreadstat.write_dta, "t.dta", "%tdDD/NN/CCYY", 21307, "2018-05-03"),
        (pyreadstat.write_dta, "t.dta", "%d", -1, "1959-12-31"),
        (pyreadstat.write_dta, "t.dta", "%tc", 1_840_977_000_500, "2018-05-03 14:30:00.5"),
        (pyreadstat.write_dta, "t.dta", "%tcHH:MM", 52_200_000, "14:30:00"),
        (pyreadstat.write_dta, "t.dta", "%tm", 700, "2018-05"),
        (pyreadstat.write_dta, "t.dta", "%tm", -1, "1959-12"),
        (pyreadstat.write_dta, "t.dta", "%tq", 233, "2018q2"),
        (pyreadstat.write_dta, "t.dta", "%tq", -1, "1959q4"),
        (pyreadstat.write_dta, "t.dta", "%th", 116, "2018h1"),
        (pyreadstat.write_dta, "t.dta", "%tw", 3033, "2018w18"),
        (pyreadstat.write_dta, "t.dta", "%ty", 2018, "2018"),
        (pyreadstat.write_dta, "t.dta", "%td", 1e12, "1000000000000"),
        (pyreadstat.write_dta, "t.dta", "%9.2f", 21307, "21307"),
        (pyreadstat.write_sav, "t.sav", "EDATE10", 13_744_684_800, "2018-05-03"),
        (pyreadstat.write_sav, "t.sav", "SDATE10", 13_744_684_800, "2018-05-03"),
        (pyreadstat.write_sav, "t.sav", "MOYR8", 13_744_684_800, "2018-05"),
        (pyreadstat.write_sav, "t.sav", "YMDHMS19", 13_744_737_000, "2018-05-03 14:30:00"),
        (pyreadstat.write_sav, "t.sav", "TIME8", 52_200, "14:30:00"),
        (pyreadstat.write_sav, "t.sav", "DTIME10", 90_061, "25:01:01"),
        (pyreadstat.write_xport, "t.xpt", "MMDDYY10", 21307, "2018-05-03"),
        (pyreadstat.write_xport, "t.xpt", "YYMMDDN8", 21307, "2018-05-03"),
        (pyreadstat.write_xport, "t.xpt", "E8601DA", 21307, "2018-05-03"),
        (pyreadstat.write_xport, "t.xpt", "E8601DT", 1_840_977_000, "2018-05-03 14:30:00"),
        (pyreadstat.write_xport, "t.xpt", "MONYY7", 21307, "2018-05"),
        (pyreadstat.write_xport, "t.xpt", "TOD8", 52_200, "14:30:00"),
        (pyreadstat.write_xport, "t.xpt", "BEST12", 21307, "21307"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_display_formats_of_dates(
    read_typed: Any, tmp_path: Path, writer: Any, name: str, display: str, number: float, text: str
) -> None:
    frame = pd.DataFrame({"x": [float(number)]})
    writer(frame, tmp_path / name, variable_format={"x": display})
    assert read_typed(tmp_path / name)[1] == [(text, 2)]


def test_single_precision_reads_as_it_looks(read_typed: Any, tmp_path: Path) -> None:
    frame = pd.DataFrame({"x": np.array([0.1, 4.55, 3.0], dtype=np.float32)})
    frame.to_stata(tmp_path / "t.dta", write_index=False)
    assert [row[0] for row in read_typed(tmp_path / "t.dta")[1]] == ["0.1", "4.55", "3"]


def test_encoding_of_an_old_file_is_declared(read_typed: Any, tmp_path: Path) -> None:
    path = tmp_path / "t.dta"
    pyreadstat.write_dta(pd.DataFrame({"x": ["QQQQ"]}), path, version=13)
    path.write_bytes(path.read_bytes().replace(b"QQQQ", "مريم".encode("cp1256")))
    assert read_typed(path, encoding="cp1256")[1] == [("مريم", 2)]
    for wrong in ("utf-8", "mac-roman"):
        with pytest.raises(DeliveryError, match=r"another encoding: name it in `format: \{enc"):
            read_typed(path, encoding=wrong)


def _write_sas7bdat(path: Path, rows: list[tuple[float | bytes, str]]) -> None:
    """A SAS file of a number (a letter is a special missing value) and a text.

    Written by the C library beneath pyreadstat, whose Python part writes no such file.
    """
    from pyreadstat import _readstat_writer

    library = ctypes.CDLL(_readstat_writer.__file__)
    written = bytearray()
    handler = ctypes.CFUNCTYPE(ctypes.c_ssize_t, ctypes.c_void_p, ctypes.c_size_t, ctypes.c_void_p)

    @handler
    def write(data: int, size: int, _: int) -> int:
        written.extend(ctypes.string_at(data, size))
        return size

    for name in ("readstat_writer_init", "readstat_add_variable"):
        getattr(library, name).restype = ctypes.c_void_p
    writer = ctypes.c_void_p(library.readstat_writer_init())
    assert library.readstat_set_data_writer(writer, write) == 0
    text_type, number_type = 0, 5
    number = ctypes.c_void_p(
        library.readstat_add_variable(writer, b"day", number_type, ctypes.c_size_t(8))
    )
    library.readstat_variable_set_format(number, b"DATE9")
    library.readstat_variable_set_label(number, b"Day of surgery")
    text = ctypes.c_void_p(
        library.readstat_add_variable(writer, b"id", text_type, ctypes.c_size_t(8))
    )
    assert library.readstat_begin_writing_sas7bdat(writer, None, ctypes.c_long(len(rows))) == 0
    for value, identifier in rows:
        assert library.readstat_begin_row(writer) == 0
        if isinstance(value, bytes):
            library.readstat_insert_tagged_missing_value(writer, number, ctypes.c_char(value))
        else:
            library.readstat_insert_double_value(writer, number, ctypes.c_double(value))
        assert library.readstat_insert_string_value(writer, text, identifier.encode()) == 0
        assert library.readstat_end_row(writer) == 0
    assert library.readstat_end_writing(writer) == 0
    library.readstat_writer_free(writer)
    path.write_bytes(written)


def test_file_of_sas(read_typed: Any, tmp_path: Path) -> None:
    path = tmp_path / "t.sas7bdat"
    _write_sas7bdat(path, [(21307.0, "00123"), (b"A", "ی"), (0.0, "")])
    found, rows = read_typed(path)
    assert found.headers == ["day", "id"]
    assert found.labels == {"day": "Day of surgery"}
    assert rows == [("2018-05-03", "00123", 2), (".A", "ی", 3), ("1960-01-01", "", 4)]


@pytest.mark.parametrize("suffix", [".dta", ".sav", ".zsav", ".por", ".sas7bdat", ".xpt"])
@pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n", f"{CANARY}\n".encode() * 300])
def test_what_is_no_such_file(read_typed: Any, tmp_path: Path, suffix: str, content: bytes) -> None:
    path = tmp_path / f"t{suffix}"
    path.write_bytes(content)
    with pytest.raises(DeliveryError, match=rf"t\{suffix}: the file is (no readable|cut)") as said:
        read_typed(path)
    assert CANARY not in str(said.value)


@pytest.mark.parametrize("name", [name for name in WRITERS if name != "T.DTA"])
def test_file_that_is_cut_short(read_typed: Any, tmp_path: Path, name: str) -> None:
    frame = pd.DataFrame({"id": [f"patient {i}" for i in range(500)], "n": np.arange(500.0)})
    WRITERS[name](frame, tmp_path / name)
    whole = (tmp_path / name).read_bytes()
    for part in (0.3, 0.6, 0.9):
        (tmp_path / name).write_bytes(whole[: int(len(whole) * part)])
        with pytest.raises(DeliveryError, match=r"cut short|could be read"):
            read_typed(tmp_path / name)


@pytest.mark.parametrize("name", WRITERS)
def test_file_without_rows(read_typed: Any, tmp_path: Path, name: str) -> None:
    WRITERS[name](TABLE.iloc[:0][["id", "n"]], tmp_path / name)
    with pytest.raises(DeliveryError, match="columns and no rows"):
        read_typed(tmp_path / name)


def test_transport_file_of_two_tables(read_typed: Any, tmp_path: Path) -> None:
    path = tmp_path / "t.xpt"
    pyreadstat.write_xport(TABLE, path)
    content = path.read_bytes()
    path.write_bytes(content + content[240:])
    with pytest.raises(DeliveryError, match="holds 2 tables; export one per file"):
        read_typed(path)


# --- Parquet -------------------------------------------------------------------------------------


@pytest.fixture
def parquet(tmp_path: Path) -> Callable[[str], Path]:
    def write(select: str) -> Path:
        duckdb.sql(f"copy ({select}) to '{tmp_path}/t.parquet' (format parquet)")
        return tmp_path / "t.parquet"

    return write


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("'00123'", "00123"),
        ("'بیمار'", "بیمار"),
        ("'x'::blob", "x"),
        ("123::integer", "123"),
        ("12345678901234567890::hugeint", "12345678901234567000"),
        ("123.0::double", "123"),
        ("-0.0::double", "0"),
        ("4.5::double", "4.5"),
        ("0.1::float", "0.1"),
        ("1.5e-7::double", "0.00000015"),
        ("'nan'::double", ""),
        ("null::double", ""),
        ("1.50::decimal(10, 2)", "1.50"),
        ("true", "true"),
        ("false", "false"),
        ("date '2018-05-03'", "2018-05-03"),
        ("timestamp '2018-05-03 00:00:00'", "2018-05-03"),
        ("timestamp '2018-05-03 14:30:00'", "2018-05-03 14:30:00"),
        ("timestamptz '2018-05-03 01:00:00+03:30'", "2018-05-02 21:30:00+00:00"),
        ("time '14:30:00'", "14:30:00"),
    ],
)
def test_values_of_a_parquet_file(read_typed: Any, parquet: Any, value: str, text: str) -> None:
    found, rows = read_typed(parquet(f"select {value} as \"a, 'b'\", 'x' as c"))
    assert found.headers == ["a, 'b'", "c"]
    if "hugeint" in value:
        # DuckDB stores it as a double, and every digit that a double has comes back.
        assert float(rows[0][0]) == float(text)
    else:
        assert rows == [(text, "x", 2)]


def test_rows_of_a_parquet_file_keep_their_order(read_typed: Any, parquet: Any) -> None:
    path = parquet("select i as n, 'x' || i as t from range(300_000) r(i)")
    _, rows = read_typed(path)
    assert rows == [(str(i), f"x{i}", i + 2) for i in range(300_000)]


@pytest.mark.parametrize("value", ["[1, 2]", "{'a': 1}", "map {'a': 1}"])
def test_nested_column_of_a_parquet_file(read_typed: Any, parquet: Any, value: str) -> None:
    with pytest.raises(DeliveryError, match="column 'sizes' holds lists or structures; a table"):
        read_typed(parquet(f"select 1 as id, {value} as sizes"))


def test_what_is_no_parquet_file(read_typed: Any, parquet: Any) -> None:
    path = parquet(f"select '{CANARY}' as a from range(10_000)")
    whole = path.read_bytes()
    not_utf8 = whole.replace(b"Zaphod", b"Zaph\xff\xfe")
    for content in (b"", b"a,b\n1,2\n", whole[: len(whole) // 2], whole[:-10], not_utf8):
        path.write_bytes(content)
        with pytest.raises(DeliveryError, match="not readable Parquet") as refused:
            read_typed(path)
        assert CANARY[:4] not in str(refused.value)


def test_parquet_file_without_rows(read_typed: Any, parquet: Any) -> None:
    with pytest.raises(DeliveryError, match="columns and no rows"):
        read_typed(parquet("select 1 as a where false"))
