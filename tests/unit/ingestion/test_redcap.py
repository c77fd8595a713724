"""REDCap: one instrument of an export, what its codes mean, and a project asked by its API.

All projects here are synthetic.
"""

from __future__ import annotations

import contextlib
import csv
import io
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import duckdb
import pytest
import yaml
from pydantic import ValidationError

from ingestion.deliveries import Deliveries, read_delivered
from ingestion.errors import DeliveryError, IngestionError
from ingestion.preview import preview
from ingestion.readers import READERS, ReadFile
from ingestion.redcap import api
from ingestion.settings import ExtractSettings, RedcapSettings
from orchestration.config import load_config
from orchestration.errors import ConfigurationError

DICTIONARY_HEADER = [
    "Variable / Field Name",
    "Form Name",
    "Section Header",
    "Field Type",
    "Field Label",
    "Choices, Calculations, OR Slider Labels",
]
API_DICTIONARY_HEADER = [
    "field_name",
    "form_name",
    "section_header",
    "field_type",
    "field_label",
    "select_choices_or_calculations",
]
FIELDS = [
    ["record_id", "patient", "", "text", "Number", ""],
    [
        "sex",
        "patient",
        "",
        "radio",
        '<b>Sex</b> of the\n"patient"',
        "1, Male|2, Female |9, Unknown",
    ],
    ["site", "patient", "", "dropdown", "Primary", "1, کولون | 2, Rectum, incl. 12&nbsp;cm"],
    ["primaries", "patient", "", "checkbox", "Primaries", "1, Colon | 2, Rectum"],
    ["op_date", "operation", "", "text", "Date", ""],
    ["op_access", "operation", "", "checkbox", "Access", "1, Open | B, Robotic, any | -1, O'Neil"],
    ["op_margin", "operation", "", "radio", "Margin", "0, <1 mm | 1, 1-5 mm or >5 mm"],
    ["op_days", "operation", "", "calc", "Days", "[a] - [b]"],
    ["visit_date", "visit", "", "text", "Date", ""],
    ["alive", "visit", "", "yesno", "Alive?", ""],
    ["hint", "visit", "", "descriptive", "Ask kindly", ""],
]
BOXES = ["op_access___1", "op_access___b", "op_access____1"]


def as_csv(rows: list[list[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


class Export:
    """An export beside its data dictionary, and what one instrument of it holds."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.write_dictionary([DICTIONARY_HEADER, *FIELDS])

    def write_dictionary(self, rows: list[list[str]]) -> None:
        (self.folder / "dictionary.csv").write_text(as_csv(rows), encoding="utf-8-sig")

    def write(self, *rows: dict[str, str], header: list[str] | None = None) -> None:
        header = header or list(dict.fromkeys(name for row in rows for name in row))
        cells = [[row.get(name, "") for name in header] for row in rows]
        (self.folder / "export.csv").write_text(as_csv([header, *cells]), encoding="utf-8")

    def settings(self, instrument: str, event: str | None = None) -> ExtractSettings:
        redcap = {"dictionary": "dictionary.csv", "instrument": instrument, "event": event}
        return ExtractSettings.model_validate({"files": "export.csv", "redcap": redcap})

    def take(
        self, instrument: str, event: str | None = None
    ) -> tuple[list[dict[str, Any]], ReadFile, int]:
        """The rows (header → cell, blank cells left out; `row` is the number in the file)."""
        settings = self.settings(instrument, event)
        delivery = Deliveries(self.folder, self.folder / "archive").of("operative", settings)
        with duckdb.connect(config={"threads": 1}) as con:
            found, other = read_delivered(con, delivery.files[0], delivery, settings, "taken")
            read = con.execute("from taken order by file_row_number").fetchall()
        rows = [
            {name: cell for name, cell in zip([*found.headers, "row"], row, strict=True) if cell}
            for row in read
        ]
        return rows, found, other


@pytest.fixture
def export(tmp_path: Path) -> Export:
    return Export(tmp_path)


REPEATING = [
    {
        "record_id": "1",
        "redcap_repeat_instrument": "",
        "redcap_repeat_instance": "",
        "sex": "2",
        "site": "1",
        "primaries___1": "1",
        "primaries___2": "1",
        "patient_complete": "2",
        "op_date": "",
        "op_margin": "",
        "operation_complete": "",
        "visit_date": "",
        "alive": "",
        "visit_complete": "",
    },
    {
        "record_id": "1",
        "redcap_repeat_instrument": "operation",
        "redcap_repeat_instance": "1",
        "op_date": "2020-01-01",
        "op_margin": "0",
    },
    {
        "record_id": "1",
        "redcap_repeat_instrument": "operation",
        "redcap_repeat_instance": "2",
        "op_date": "2021-01-01",
    },
    {
        "record_id": "1",
        "redcap_repeat_instrument": "visit",
        "redcap_repeat_instance": "1",
        "visit_date": "2022-01-01",
        "alive": "1",
    },
    {"record_id": "2", "sex": "1", "site": "2", "patient_complete": "0"},
]


def test_rows_of_a_repeating_instrument_and_what_the_base_row_says(export: Export) -> None:
    export.write(*REPEATING)
    rows, _, other = export.take("operation")
    assert [(row["row"], row["op_date"], row["redcap_repeat_instance"]) for row in rows] == [
        (3, "2020-01-01", "1"),
        (4, "2021-01-01", "2"),
    ]
    assert all(row["sex"] == "2" and row["primaries"] == "Colon; Rectum" for row in rows)
    # Another instrument that repeats lends nothing, and a blank of the own one stays blank.
    assert not any("visit_date" in row or "alive" in row for row in rows)
    assert "op_margin" not in rows[1]
    assert other == 3


def test_base_rows_are_the_rows_of_an_instrument_that_does_not_repeat(export: Export) -> None:
    export.write(*REPEATING)
    rows, _, other = export.take("patient")
    assert [(row["row"], row["record_id"]) for row in rows] == [(2, "1"), (6, "2")]
    assert not any("op_date" in row for row in rows)
    assert other == 3


def test_a_form_that_nobody_filled_in_has_no_row(export: Export) -> None:
    untouched = dict.fromkeys(BOXES, "0") | {"op_days": "17", "operation_complete": "0"}
    export.write(
        {"record_id": "1", "sex": "1", "op_date": "2020-01-01", **untouched},
        {"record_id": "2", "sex": "1", "op_date": "", **untouched},
        {"record_id": "3", "sex": "1", "op_date": "", **untouched, BOXES[0]: "1"},
        {"record_id": "4", "sex": "1", "op_date": " ", **untouched, "operation_complete": "1"},
    )
    rows, _, other = export.take("operation")
    assert [row["record_id"] for row in rows] == ["1", "3", "4"]
    assert other == 1


LONGITUDINAL = [
    {
        "record_id": "1",
        "redcap_event_name": "baseline_arm_1",
        "sex": "1",
        "site": "1",
        "primaries___1": "1",
        "primaries___2": "0",
        "op_date": "",
        "visit_date": "",
        "alive": "",
    },
    {
        "record_id": "1",
        "redcap_event_name": "surgery_arm_1",
        "site": "2",
        "primaries___1": "0",
        "primaries___2": "0",
        "op_date": "2020-01-01",
    },
    {
        "record_id": "1",
        "redcap_event_name": "year_1_arm_1",
        "primaries___1": "0",
        "primaries___2": "0",
        "visit_date": "2021-01-01",
        "alive": "1",
    },
    {"record_id": "1", "redcap_event_name": "year_2_arm_1", "visit_date": "2022-01-01"},
]


def test_events_lend_what_they_agree_on(export: Export) -> None:
    export.write(*LONGITUDINAL)
    visits, _, other = export.take("visit")
    assert [visit["row"] for visit in visits] == [4, 5]
    assert other == 2
    # The sex is said once; the site is said twice and not alike: nothing is guessed.
    assert [visit["sex"] for visit in visits] == ["1", "1"]
    assert not any("site" in visit for visit in visits)
    # A field of the instrument itself is what its own row says.
    assert [visit.get("alive") for visit in visits] == ["1", None]
    operation = export.take("operation")[0][0]
    # What the row itself says stands.
    assert operation["site"] == "2"
    assert operation["sex"] == "1"


def test_zeros_of_boxes_that_nobody_saw_contradict_nothing(export: Export) -> None:
    untouched = {"primaries___1": "0", "primaries___2": "0", "patient_complete": "0"}
    visit = {"record_id": "1", "redcap_event_name": "visit", "visit_date": "2021-01-01"}
    base = {"record_id": "1", "redcap_event_name": "base", "sex": "1", "primaries___1": "1"}
    export.write(visit | untouched, base | {"primaries___2": "0"})
    rows, _, _ = export.take("visit")
    assert rows[0]["primaries"] == "Colon"
    # The delivered zero itself is not overwritten.
    assert rows[0]["primaries___1"] == "0"


def test_zeros_of_boxes_that_nobody_saw_are_not_lent(export: Export) -> None:
    base = {"record_id": "1", "redcap_event_name": "base", "redcap_repeat_instrument": ""}
    operation = base | {"redcap_repeat_instrument": "operation", "op_date": "2020-01-01"}
    export.write(
        base | {"primaries___1": "1", "primaries___2": "0"},
        base | {"redcap_event_name": "later", "primaries___1": "0", "primaries___2": "0"},
        operation,
        operation | {"redcap_event_name": "theatre"},
    )
    rows, _, _ = export.take("operation")
    assert [(row["primaries___1"], row["primaries"]) for row in rows] == [("1", "Colon")] * 2


def test_an_instrument_that_repeats_anywhere_lends_nothing(export: Export) -> None:
    base = {"record_id": "1", "redcap_event_name": "a", "redcap_repeat_instrument": ""}
    export.write(
        base | {"op_date": "2020-01-01", "visit_date": ""},
        base | {"redcap_event_name": "b", "redcap_repeat_instrument": "operation"},
        base | {"redcap_event_name": "b", "visit_date": "2021-01-01"},
    )
    rows, _, _ = export.take("visit")
    assert [row.get("op_date") for row in rows] == [None]


def test_records_without_a_number_are_not_one_patient(export: Export) -> None:
    base = {"record_id": "", "redcap_repeat_instrument": "", "sex": "1", "op_date": ""}
    export.write(base, base | {"redcap_repeat_instrument": "operation", "sex": ""})
    rows, _, _ = export.take("operation")
    assert "sex" not in rows[0]


def test_the_same_event_lends_first(export: Export) -> None:
    export.write(
        {"record_id": "1", "redcap_event_name": "a", "redcap_repeat_instrument": "", "site": "1"},
        {"record_id": "1", "redcap_event_name": "b", "site": "2"},
        {
            "record_id": "1",
            "redcap_event_name": "b",
            "redcap_repeat_instrument": "operation",
            "op_date": "2020-01-01",
        },
        {
            "record_id": "2",
            "redcap_event_name": "b",
            "redcap_repeat_instrument": "operation",
            "op_date": "2020-01-01",
        },
    )
    rows, _, _ = export.take("operation")
    assert [row.get("site") for row in rows] == ["2", None]


def test_one_event_of_several(export: Export) -> None:
    export.write(*LONGITUDINAL)
    rows, _, other = export.take("visit", "year_2_arm_1")
    assert [row["row"] for row in rows] == [5]
    assert other == 3


def test_an_event_that_repeats_as_a_whole(export: Export) -> None:
    visit = {"record_id": "1", "redcap_event_name": "visits", "redcap_repeat_instrument": ""}
    export.write(
        {"record_id": "1", "redcap_event_name": "baseline", "sex": "2", "visit_date": ""},
        visit | {"redcap_repeat_instance": "1", "visit_date": "2021-01-01"},
        visit | {"redcap_repeat_instance": "2", "visit_date": "2022-01-01"},
    )
    rows, _, _ = export.take("visit")
    assert [(row["visit_date"], row["sex"]) for row in rows] == [
        ("2021-01-01", "2"),
        ("2022-01-01", "2"),
    ]


@pytest.mark.parametrize(
    ("cells", "status", "said"),
    [
        (["1", "0", "0"], "2", "Open"),
        (["0", "1", "1"], "2", "Robotic, any; O'Neil"),
        (["1", "", ""], "2", "Open"),
        (["0", "0", "0"], "2", "none checked"),
        (["0", "0", "0"], "0", "none checked"),
        (["", "", ""], "2", None),
    ],
)
def test_boxes_checked_as_one_text(
    export: Export, cells: list[str], status: str, said: str | None
) -> None:
    boxes = dict(zip(BOXES, cells, strict=True))
    row = {"record_id": "1", "op_date": "2020-01-01", **boxes, "operation_complete": status}
    export.write(row)
    rows, found, _ = export.take("operation")
    assert rows[0].get("op_access") == said
    assert found.headers[-1] == "op_access"
    assert [rows[0].get(box, "") for box in BOXES] == cells


def test_a_missing_data_code_beside_the_boxes(export: Export) -> None:
    export.write(
        {"record_id": "1", "op_date": "x", BOXES[0]: "0", "op_access____999": "1"},
        {"record_id": "2", "op_date": "x", BOXES[0]: "0", "op_access___unk": "1"},
    )
    rows, _, _ = export.take("operation")
    assert [row["op_access"] for row in rows] == ["-999", "unk"]


@pytest.mark.parametrize("header", [DICTIONARY_HEADER, API_DICTIONARY_HEADER])
def test_labels_of_columns_and_of_codes(export: Export, header: list[str]) -> None:
    export.write_dictionary([header, *FIELDS])
    row = dict.fromkeys(["record_id", "sex", "site", *BOXES, "op_margin", "alive"], "1")
    export.write(row)
    _, found, _ = export.take("patient")
    assert found.labels["sex"] == 'Sex of the "patient"'
    assert found.labels["op_access"] == "Access"
    assert found.value_labels == {
        "sex": {"1": "Male", "2": "Female", "9": "Unknown"},
        "site": {"1": "کولون", "2": "Rectum, incl. 12 cm"},
        "op_margin": {"0": "<1 mm", "1": "1-5 mm or >5 mm"},
        "alive": {"1": "Yes", "0": "No"},
    }


ONE = {"record_id": "1", "redcap_repeat_instrument": "", "op_date": "2020-01-01"}


@pytest.mark.parametrize(
    ("rows", "choice", "said"),
    [
        ([ONE], ("operations",), "did you mean operation"),
        ([ONE], ("labs",), "it has patient, operation, visit"),
        ([ONE], ("patient",), "no column belongs to the instrument 'patient'"),
        ([ONE], ("operation", "baseline"), "no column 'redcap_event_name'"),
        ([{"MRN": "1", "op_date": "2020-01-01"}], ("operation",), "no column 'record_id'"),
        ([ONE | {"tumour": "1"}], ("operation",), "tumour stand on no form of"),
        ([ONE | {"op_date": ""}], ("operation",), "none of the 1 records belongs"),
        ([ONE | {BOXES[0]: "Checked"}], ("operation",), "something else than 0 and 1"),
        ([ONE | {"redcap_repeat_instrument": "Operation"}], ("operation",), "no form of"),
        (
            [ONE | {"redcap_event_name": "b"}, ONE | {"redcap_event_name": "a"}],
            ("operation", "c"),
            "its events are a, b",
        ),
    ],
)
def test_what_does_not_fit_is_one_sentence(
    export: Export, rows: list[dict[str, str]], choice: tuple[str, ...], said: str
) -> None:
    export.write(*rows)
    with pytest.raises(DeliveryError) as error:
        export.take(*choice)
    assert said in str(error.value)
    assert "2020-01-01" not in str(error.value)


def test_a_dictionary_that_is_none(export: Export) -> None:
    export.write(ONE)
    export.write_dictionary([["a", "b"], ["1", "2"]])
    with pytest.raises(DeliveryError, match=r"no column 'Variable / Field Name' .or field_name"):
        export.take("operation")
    (export.folder / "dictionary.csv").unlink()
    with pytest.raises(DeliveryError, match=r"extracts\.operative\.redcap\.dictionary"):
        export.take("operation")


def test_a_dictionary_with_a_damaged_row_is_not_half_read(export: Export) -> None:
    export.write(ONE)
    export.write_dictionary([DICTIONARY_HEADER, *FIELDS, ["more", "operation"]])
    with pytest.raises(DeliveryError, match=r"dictionary\.csv"):
        export.take("operation")


def test_every_record_is_taken_or_counted(export: Export) -> None:
    export.write(*REPEATING)
    for instrument in ("patient", "operation", "visit"):
        rows, _, other = export.take(instrument)
        assert len(rows) + other == len(REPEATING)


# ------------------------------------------------------------------ through the ledger


@pytest.fixture
def project(nights: Any) -> Any:
    """Nights with two extracts from one export."""
    export = Export(nights.folder)
    export.write(*REPEATING)
    redcap = {"dictionary": "dictionary.csv", "instrument": "operation"}
    nights.extract(
        "operative",
        files="export.csv",
        redcap=redcap,
        columns={
            "patient_id": "record_id",
            "operation_date": "op_date",
            "primary_site": "site",
            "center": "primaries",
        },
        values={"sex": {"1": "male"}},
    )
    nights.extract(
        "follow_up",
        files="export.csv",
        redcap=redcap | {"instrument": "visit"},
        columns={
            "patient_id": "record_id",
            "contact_date": "visit_date",
            "vital_status": "alive",
        },
    )
    nights.export = export
    return nights


SEXES = "select delivered, value from raw.value_map where field = 'sex' order by delivered"


def test_instruments_become_extracts(project: Any) -> None:
    summaries = project.night()
    assert project.rows(
        "select patient_id, operation_date, sex, primary_site, center, file_row_number "
        "from raw.operative order by operation_date"
    ) == [
        ("1", "2020-01-01", "2", "1", "Colon; Rectum", 3),
        ("1", "2021-01-01", "2", "1", "Colon; Rectum", 4),
    ]
    assert project.rows("select patient_id, contact_date, vital_status from raw.follow_up") == [
        ("1", "2022-01-01", "1")
    ]
    assert project.rows(
        "select extract, rows_read, other_records from raw.extracts order by extract"
    ) == [("follow_up", 1, 4), ("operative", 2, 3)]
    assert summaries["operative"].other_records == 3
    names = [file.name for file in summaries["operative"].files]
    assert names == ["export.csv", "dictionary.csv"]
    # Codes stay codes; what they mean stands beside them, and registry.yml comes first.
    assert project.rows(SEXES) == [("1", "male"), ("2", "Female"), ("9", "Unknown")]
    assert project.rows(
        "select delivered, value from raw.value_map where field = 'vital_status' order by 1"
    ) == [("0", "No"), ("1", "Yes")]


def test_labels_stay_on_nights_without_news_and_change_with_the_dictionary(project: Any) -> None:
    project.night()
    assert project.night()["operative"].counts is None
    assert project.rows(SEXES) == [("1", "male"), ("2", "Female"), ("9", "Unknown")]
    fields = [[*row[:-1], row[-1].replace("Female", "Woman")] for row in FIELDS]
    project.export.write_dictionary([DICTIONARY_HEADER, *fields])
    assert project.night()["operative"].counts.unchanged == 2
    assert project.rows(SEXES) == [("1", "male"), ("2", "Woman"), ("9", "Unknown")]


def test_another_instrument_is_another_delivery(project: Any) -> None:
    project.night()
    redcap = RedcapSettings(dictionary="dictionary.csv", instrument="patient")
    settings = project.settings["operative"].model_copy(update={"redcap": redcap})
    project.settings["operative"] = settings
    counts = project.night()["operative"].counts
    assert (counts.read, counts.new, counts.closed) == (2, 2, 2)


def test_a_preview_counts_the_records_of_other_instruments(project: Any) -> None:
    files = list(preview(project.contract, project.settings, project.folder))
    assert [(file.extract, file.rows, file.other_records) for file in files] == [
        ("operative", 2, 3),
        ("follow_up", 1, 4),
    ]


@pytest.fixture
def labeled(nights: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Files whose reader finds labels: the first line of a file, such as `vital_status:1=dead`."""
    from ingestion.readers.delimited import read_delimited

    def read(con: Any, file: Any, settings: Any, table: str) -> ReadFile:
        found = read_delimited(con, file, settings, table)
        codes: dict[str, dict[str, str]] = {}
        for header in found.headers:
            if ":" in header:
                name, _, pair = header.partition(":")
                code, _, label = pair.partition("=")
                codes.setdefault(name, {})[code] = label
        return ReadFile(found.headers, value_labels=codes)

    monkeypatch.setitem(READERS, ".csv", read)
    nights.extract("follow_up", files="follow_up*.csv")
    return nights


def labeled_file(nights: Any, name: str, patient: str, *labels: str) -> None:
    header = ["patient_id", "contact_date", "vital_status", *labels]
    nights.write(name, [header, [patient, "2020-01-01", "1", *("" for _ in labels)]])


VALUES = "select field, delivered, value from raw.value_map order by all"


def test_labels_of_any_reader_are_kept_for_mapped_fields(labeled: Any) -> None:
    labels = ["vital_status:1=alive", "vital_status:2=dead", "ward:1=north", "vital_status:3="]
    labeled_file(labeled, "follow_up.csv", "1", *labels)
    labeled.night()
    assert labeled.rows("select vital_status from raw.follow_up") == [("1",)]
    assert labeled.rows(VALUES) == [("vital_status", "1", "alive"), ("vital_status", "2", "dead")]


def test_values_of_the_registry_come_first_whatever_the_digits(labeled: Any) -> None:
    labeled_file(labeled, "follow_up.csv", "1", "vital_status:1=alive", "vital_status:2=dead")
    labeled.extract("follow_up", files="follow_up.csv", values={"vital_status": {"۱": "lost"}})
    labeled.night()
    assert labeled.rows(VALUES) == [("vital_status", "2", "dead"), ("vital_status", "۱", "lost")]


def test_two_meanings_of_a_code_need_a_word_from_the_registry(labeled: Any) -> None:
    labeled_file(labeled, "follow_up1.csv", "1", "vital_status:1=alive")
    labeled_file(labeled, "follow_up2.csv", "2", "vital_status:1=dead")
    with pytest.raises(DeliveryError, match="the code '1' of vital_status of the follow_up"):
        labeled.night()
    labeled.extract("follow_up", files="follow_up*.csv", values={"vital_status": {"1": "dead"}})
    labeled.night()
    assert labeled.rows(VALUES) == [("vital_status", "1", "dead")]


# ---------------------------------------------------------------------------- settings


TOKEN = "0123456789ABCDEF0123456789abcdef"
FILE = {"instrument": "x", "dictionary": "d.csv"}
API = {"instrument": "x", "url": "https://h/api/", "token_env": "REDCAP_TOKEN"}


@pytest.mark.parametrize(
    ("settings", "key", "said"),
    [
        ({"files": "e.csv", "redcap": {"dictionary": "d.csv"}}, "redcap.instrument", "required"),
        ({"files": "e.csv", "redcap": FILE | {"form": "x"}}, "redcap.form", "Extra inputs"),
        ({"redcap": FILE}, "files", "required"),
        ({"files": "e.csv", "redcap": API}, "files", "both set; keep one"),
        ({"files": "e.csv", "redcap": {"instrument": "x"}}, "redcap", "dictionary is missing"),
        ({"files": "e.csv", "redcap": FILE | {"token_env": "T"}}, "redcap", "set both"),
        ({"redcap": API | {"token_env": None}}, "redcap", "token_env is missing"),
        ({"redcap": API | {"dictionary": "d.csv"}}, "redcap", "keep url"),
        ({"redcap": API | {"url": "http://h/api/"}}, "redcap", "begin with https://"),
        ({"redcap": API | {"url": "ftp://localhost/api/"}}, "redcap", "begin with https://"),
        ({"redcap": API | {"url": "https://h/redcap"}}, "redcap", "end in /api/"),
        ({"redcap": API | {"url": "https://me:word@h/api/"}}, "redcap", "address of the API"),
        ({"redcap": API | {"url": "https://h:port/api/"}}, "redcap", "address of the API"),
        ({"redcap": API | {"token_env": "a-b"}}, "redcap", "name of an environment"),
        ({"redcap": API | {"token_env": "A1" * 16}}, "redcap", "name of an environment"),
    ],
)
def test_settings_that_cannot_be(settings: dict[str, Any], key: str, said: str) -> None:
    with pytest.raises(ValidationError) as error:
        ExtractSettings.model_validate(settings)
    first = error.value.errors()[0]
    assert said in first["msg"]
    assert ".".join(map(str, first["loc"])) == key


def test_a_token_in_the_configuration_is_refused_and_not_shown(tmp_path: Path) -> None:
    path = tmp_path / "registry.yml"
    for redcap in ({"token_env": TOKEN}, {"token": TOKEN}, {"url": f"https://me:{TOKEN}@h/api/"}):
        operative = {"redcap": API | redcap}
        config = {"registry": {"name": "x", "home": "home"}, "extracts": {"operative": operative}}
        path.write_text(yaml.safe_dump(config), encoding="utf-8")
        with pytest.raises(ConfigurationError, match=r"extracts\.operative\.redcap") as error:
            load_config(path)
        assert TOKEN not in str(error.value)


# --------------------------------------------------------------------------------- API

Answer = tuple[int, dict[str, str], bytes]


class Redcap:
    """A server that answers like REDCap's API: what it was asked, and what it is to answer."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.forms: list[dict[str, str]] = []
        self.answers: dict[tuple[str, str], Answer | Callable[[], Answer]] = {}
        self.answer("metadata", as_csv([API_DICTIONARY_HEADER, *FIELDS]))
        names = ", ".join(
            f'{{"field_name": "{name}", "form_name": "{form}"}}' for name, form, *_ in FIELDS
        )
        self.answers["metadata", "json"] = 200, {}, f"[{names}]".encode()
        header = list(REPEATING[0])
        rows = [[row.get(name, "") for name in header] for row in REPEATING]
        self.answer("record", as_csv([header, *rows]))

    def answer(self, content: str, text: str) -> None:
        self.answers[content, "csv"] = 200, {"Content-Type": "text/csv"}, text.encode()


@pytest.fixture
def redcap(monkeypatch: pytest.MonkeyPatch) -> Iterator[Redcap]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            server.forms.append(form)
            answer = server.answers[form["content"], form["format"]]
            status, headers, content = answer() if callable(answer) else answer
            if form["token"] != TOKEN:
                status, headers, content = 403, {}, b"ERROR: You do not have permissions"
            # A client that no longer waits has hung up.
            with contextlib.suppress(ConnectionError):
                self.send_response(status)
                for name, value in ({"Content-Length": str(len(content))} | headers).items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("REDCAP_TOKEN", TOKEN)
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listening:
        server = Redcap(f"http://127.0.0.1:{listening.server_port}/api/")
        thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        listening.shutdown()
        thread.join()


def asked(url: str, **settings: str) -> RedcapSettings:
    return RedcapSettings(url=url, token_env="REDCAP_TOKEN", instrument="operation", **settings)


def test_a_project_asked_by_its_api_becomes_extracts(nights: Any, redcap: Redcap) -> None:
    for extract, instrument, date in (
        ("operative", "operation", {"operation_date": "op_date"}),
        ("follow_up", "visit", {"contact_date": "visit_date"}),
    ):
        settings = {"url": redcap.url, "token_env": "REDCAP_TOKEN", "instrument": instrument}
        nights.extract(extract, redcap=settings, columns={"patient_id": "record_id", **date})
    summaries = nights.night()
    assert nights.rows("select operation_date, sex from raw.operative order by 1") == [
        ("2020-01-01", "2"),
        ("2021-01-01", "2"),
    ]
    assert [file.name for file in summaries["follow_up"].files] == [
        "redcap_records.csv",
        "redcap_dictionary.csv",
    ]
    # Two extracts, and the project is asked once; every question carries token and format.
    assert [form["content"] for form in redcap.forms] == ["metadata", "metadata", "record"]
    assert {form["token"] for form in redcap.forms} == {TOKEN}
    assert redcap.forms[0]["format"] == "csv"
    record = redcap.forms[-1]
    assert (record["format"], record["type"], record["rawOrLabel"]) == ("csv", "flat", "raw")
    assert record["eventName"] == "unique"
    # Forms are named and not fields, of which a large project has more than a server accepts.
    named = {name: value for name, value in record.items() if "[" in name}
    assert named == {
        "fields[0]": "record_id",
        "forms[0]": "operation",
        "forms[1]": "patient",
        "forms[2]": "visit",
    }
    # The downloads are archived like any other file, and nothing else is left behind.
    assert sorted(path.name for path in nights.folder.iterdir()) == ["archive"]
    archived = sorted((nights.folder / "archive").glob("*.csv"))
    assert len(archived) == 2
    assert not any(TOKEN in path.read_text(encoding="utf-8") for path in archived)
    everything = nights.rows("from raw.extracts") + nights.rows("from raw.fields")
    assert TOKEN not in str(everything) + str(summaries)
    # Another night, the same answers: nothing is read again.
    assert nights.night()["operative"].counts is None


def test_text_is_utf_8_whether_the_server_says_so_or_not(tmp_path: Path, redcap: Redcap) -> None:
    redcap.answer("record", "\ufeffrecord_id,op_date\n1,۱۴۰۲\n")
    records, dictionary = api.download_project(asked(redcap.url), tmp_path)
    assert records.read_bytes() == "record_id,op_date\n1,۱۴۰۲\n".encode()
    assert "کولون" in dictionary.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("content", "answer", "said"),
    [
        ("metadata", (403, {}, b"ERROR: no"), "refused the token (403)"),
        ("record", (403, {}, b"ERROR: no"), "refused the token (403)"),
        ("record", (500, {}, b"trouble"), "answered with status 500"),
        ("record", (302, {"Location": "/elsewhere/"}, b""), "answered with status 302"),
        ("record", (307, {"Location": "/elsewhere/"}, b""), "answered with status 307"),
        ("record", (200, {}, b"ERROR: The value is wrong"), "answered with an error"),
        ("metadata", (200, {}, b"\n <!DOCTYPE html><html>"), "is a page and no CSV"),
        ("record", (200, {}, b"\n"), "the answer is empty"),
        ("record", (200, {}, b""), "the answer is empty"),
        ("record", (200, {}, b"record_id,op_date\n1,\xff\xfe\n"), "no UTF-8 text"),
        ("record", (200, {"Content-Length": "4000"}, b"record_id,op_date\n1,"), "broke off"),
    ],
)
def test_an_answer_that_is_no_csv_is_one_sentence(
    tmp_path: Path, redcap: Redcap, content: str, answer: Answer, said: str
) -> None:
    redcap.answers[content, "csv"] = answer
    with pytest.raises(DeliveryError) as error:
        api.download_project(asked(redcap.url), tmp_path)
    assert said in str(error.value)
    assert str(error.value).startswith(redcap.url)
    assert TOKEN not in str(error.value)
    assert error.value.__cause__ is None
    assert error.value.__suppress_context__ or error.value.__context__ is None
    assert list(tmp_path.iterdir()) == []


def test_a_wrong_token(tmp_path: Path, redcap: Redcap, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDCAP_TOKEN", TOKEN[::-1])
    with pytest.raises(DeliveryError, match="refused the token") as error:
        api.download_project(asked(redcap.url), tmp_path)
    assert TOKEN[::-1] not in str(error.value)


@pytest.mark.parametrize("token", [None, "", TOKEN[:31], f"{TOKEN[:31]}\n-"])
def test_a_token_that_is_none(
    tmp_path: Path, redcap: Redcap, monkeypatch: pytest.MonkeyPatch, token: str | None
) -> None:
    if token is None:
        monkeypatch.delenv("REDCAP_TOKEN")
    else:
        monkeypatch.setenv("REDCAP_TOKEN", token)
    with pytest.raises(IngestionError, match="REDCAP_TOKEN does not hold the API token") as error:
        api.download_project(asked(redcap.url), tmp_path)
    assert TOKEN[:31] not in str(error.value)
    assert redcap.forms == []


def test_a_server_that_is_slow_or_absent_or_cannot_be_trusted(
    tmp_path: Path, redcap: Redcap, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api, "_TIMEOUT_SECONDS", (2, 0.2))
    with pytest.raises(DeliveryError, match="certificate of the server cannot be verified"):
        api.download_project(asked(redcap.url.replace("http:", "https:")), tmp_path)
    with pytest.raises(DeliveryError, match="no connection"):
        api.download_project(asked("http://127.0.0.1:1/api/"), tmp_path)

    def late() -> Answer:
        time.sleep(0.6)
        return 200, {}, b"record_id\n1\n"

    redcap.answers["record", "csv"] = late
    with pytest.raises(DeliveryError, match="no answer within"):
        api.download_project(asked(redcap.url), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_project_that_does_not_answer_leaves_the_ledger_as_it_was(
    nights: Any, redcap: Redcap
) -> None:
    settings = {"url": redcap.url, "token_env": "REDCAP_TOKEN", "instrument": "operation"}
    columns = {"patient_id": "record_id", "operation_date": "op_date"}
    nights.extract("operative", redcap=settings, columns=columns)
    nights.night()
    redcap.answer("record", "<html>")
    with pytest.raises(DeliveryError, match="no CSV"):
        nights.night()
    assert nights.rows("select count(*) from raw.operative") == [(2,)]
    assert nights.rows("select count(*) from raw.extracts") == [(1,)]
    assert not list(nights.folder.glob(".redcap-*"))


def test_the_library_is_loaded_only_where_an_api_is_asked() -> None:
    code = (
        "import sys, ingestion.ingest, orchestration.config; "
        "print(sorted({'redcap', 'requests'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
