"""What a user can get wrong: one sentence, the right exit code, nothing published.

The command runs inside this process, for speed; nothing here gets as far as dbt.
"""

from __future__ import annotations

import gzip
import sys
from pathlib import Path

import openpyxl
import pytest
from msoffcrypto.format.ooxml import OOXMLFile

from orchestration.cli import main

CANARY = "Zaphod Beeblebrox"
FOLLOW_UP = "patient_id,contact_date,vital_status\n1,2020-01-01,alive\n"
OPERATIVE = "patient_id,operation_id,operation_date,procedure\n1,A,2019-01-01,wedge resection\n"
PATHOLOGY = "patient_id,specimen_id,margin_distance\n1,S1,2 mm\n"

CONFIG = """
registry: {name: Test, home: home}
extracts:
  pathology: {files: pathology.csv}
  operative: {files: operative.csv}
  follow_up: {files: follow_up.csv}
privacy: {demo_key: true}
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "registry.yml").write_text(CONFIG, encoding="utf-8")
    (tmp_path / "pathology.csv").write_text(PATHOLOGY, encoding="utf-8")
    (tmp_path / "operative.csv").write_text(OPERATIVE, encoding="utf-8")
    (tmp_path / "follow_up.csv").write_text(FOLLOW_UP, encoding="utf-8")
    return tmp_path


@pytest.fixture
def refused(folder, monkeypatch, capsys):
    """Run `crlm refresh` (or another command), which has to fail; gives its one sentence."""

    def run(exit_code, *arguments):
        command = arguments or ("refresh",)
        monkeypatch.setattr(
            sys, "argv", ["crlm", *command, "--config", str(folder / "registry.yml")]
        )
        with pytest.raises(SystemExit) as stopped:
            main()
        said = capsys.readouterr().err
        assert stopped.value.code == exit_code, said
        assert "Traceback" not in said
        assert CANARY not in said
        assert len(said.strip().splitlines()) == 1
        assert not (folder / "home" / "published" / "current").exists()
        return said

    return run


def test_missing_configuration(folder, refused):
    (folder / "registry.yml").unlink()
    assert "cannot be read" in refused(2)


def test_missing_file(folder, refused):
    (folder / "pathology.csv").unlink()
    said = refused(1)
    assert "pathology.csv: there is no such file" in said
    assert "extracts.pathology.files" in said


def test_folder_in_place_of_a_file(folder, refused):
    (folder / "pathology.csv").unlink()
    (folder / "pathology.csv").mkdir()
    assert "it is a folder" in refused(1)


def test_missing_key_column(folder, refused):
    (folder / "operative.csv").write_text("number,procedure\n1,wedge\n", encoding="utf-8")
    said = refused(1)
    assert "no column for the key patient_id" in said
    assert "number, procedure" in said


def test_configured_header_that_the_file_does_not_have(folder, refused):
    _edit(
        folder,
        "operative: {files: operative.csv}",
        "operative: {files: operative.csv, columns: {procedure: Procedur}}",
    )
    said = refused(1)
    assert "there is no column 'Procedur'" in said
    assert "'procedure'" in said


@pytest.mark.parametrize(
    ("old", "new", "place", "hint"),
    [
        (
            "registry: {name: Test",
            "registry: {nam: x, name: Test",
            "registry.nam",
            "did you mean name",
        ),
        ("privacy:", "privasy:", "privasy", "did you mean privacy"),
        (
            "{files: operative.csv}",
            "{files: operative.csv, colums: {}}",
            "extracts.operative.colums",
            "columns",
        ),
        (
            "{files: operative.csv}",
            "{files: operative.csv, delivery: full}",
            "extracts.operative.delivery",
            "snapshot",
        ),
        (
            "{files: operative.csv}",
            "{files: operative.csv, date_order: dym}",
            "extracts.operative.date_order",
            "dmy",
        ),
        ("home: home", "home: home, timezone: Asia/Teheran", "registry.timezone", "Asia/Tehran"),
        ("privacy:", "data_as_of: tomorrow\nprivacy:", "data_as_of", "latest_contact"),
        (
            "{files: operative.csv}",
            "{files: operative.csv, columns: {procedur: X}}",
            "columns.procedur",
            "procedure",
        ),
        (
            "{files: operative.csv}",
            "{files: operative.csv, units: {size: cm}}",
            "units.size",
            "no field size",
        ),
        ("privacy:", "analysis: {plan: none.yml}\nprivacy:", "none.yml", ""),
        (
            "privacy:",
            "quality: {completeness_percent: 120}\nprivacy:",
            "quality.completeness_percent",
            "100",
        ),
    ],
)
def test_wrong_keys_and_values_are_named_with_what_would_be_right(
    folder, refused, old, new, place, hint
):
    _edit(folder, old, new)
    said = refused(2)
    assert "registry.yml" in said or "none.yml" in said
    assert place in said
    assert hint in said


def test_line_of_the_wrong_key_is_named(folder, refused):
    _edit(folder, "  operative:", "  operation:")
    assert "registry.yml:5: extracts.operation" in refused(2)


def test_key_that_stands_twice(folder, refused):
    _edit(folder, "privacy:", "registry: {name: Again, home: x}\nprivacy:")
    assert "stands twice" in refused(2)


def test_yaml_that_is_none(folder, refused):
    (folder / "registry.yml").write_text("registry: {name: [", encoding="utf-8")
    assert "YAML" in refused(2)


def test_key_of_pseudonyms_is_due(folder, refused, monkeypatch):
    monkeypatch.delenv("CRLM_PSEUDONYM_KEY", raising=False)
    _edit(folder, "privacy: {demo_key: true}", "privacy: {}")
    assert "CRLM_PSEUDONYM_KEY" in refused(2)


def test_wrong_sheet_and_unnamed_sheet(folder, refused):
    workbook = openpyxl.Workbook()
    workbook.active.title = "Operations"
    workbook.active.append(["patient_id", "procedure"])
    workbook.active.append([1, "wedge"])
    workbook.create_sheet("Other")
    workbook.save(folder / "operative.xlsx")
    _edit(folder, "operative.csv", "operative.xlsx")
    assert "name one in `format: {sheet: …}`" in refused(1)
    _edit(folder, "{files: operative.xlsx}", "{files: operative.xlsx, format: {sheet: Operation}}")
    assert "there is no sheet 'Operation'; it has Operations, Other" in refused(1)


def test_workbook_that_calls_itself_csv(folder, refused):
    workbook = openpyxl.Workbook()
    workbook.save(folder / "operative.csv")
    assert "operative.csv" in refused(1)


def test_csv_that_calls_itself_workbook(folder, refused):
    (folder / "operative.xlsx").write_text(OPERATIVE, encoding="utf-8")
    _edit(folder, "operative.csv", "operative.xlsx")
    assert "not a readable XLSX workbook" in refused(1)


@pytest.mark.parametrize("content", ["", "\n\n", "patient_id,procedure\n"])
def test_empty_extract(folder, refused, content):
    (folder / "operative.csv").write_text(content, encoding="utf-8")
    said = refused(1)
    assert "operative.csv" in said
    assert "row" in said


def test_ragged_file_is_named_without_its_content(folder, refused):
    ragged = f"2,B,{CANARY}\n" * 2
    (folder / "operative.csv").write_text(OPERATIVE + ragged, encoding="utf-8")
    assert "line 3: 3 values where the header has 4" in refused(1)


def test_header_that_stands_twice_in_the_first_line(folder, refused):
    doubled = "patient_id,procedure,procedure\n1,wedge,left lobectomy\n"
    (folder / "operative.csv").write_text(doubled, encoding="utf-8")
    assert "'procedure', 'procedure' all answer to procedure" in refused(1)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("o.csv.gz", gzip.compress(OPERATIVE.encode() * 50)[:-20], "the file is cut short"),
        ("o.csv", OPERATIVE.encode() + b"2,\0\n", "holds NUL bytes"),
        ("o.csv", OPERATIVE.encode() + "2,B,,Müller\n".encode("cp1252"), "the text is not UTF-8"),
        ("o.csv", OPERATIVE.encode() + f'2,B,,"{CANARY}\n'.encode(), "opened and never closed"),
        ("o.xls", b"<html><table>", "not a readable XLS workbook"),
        ("o.parquet", b"PAR1", "not readable Parquet"),
        ("o.sav", b"$FL2" + bytes(500), "no readable SPSS file"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_file_that_cannot_be_read_leaves_nothing_behind(folder, refused, name, content, said):
    (folder / name).write_bytes(content)
    _edit(folder, "operative.csv", name)
    complaint = refused(1)
    assert said in complaint
    assert name in complaint
    # The archive keeps what was delivered, and no half of anything.
    archived = {path.suffix for path in (folder / "home" / "archive").iterdir()}
    assert archived <= {".csv", Path(name).suffix}


def test_workbook_behind_a_password(folder, refused):
    workbook = openpyxl.Workbook()
    workbook.active.append(["patient_id"])
    workbook.active.append([CANARY])
    workbook.save(folder / "plain.xlsx")
    with (folder / "plain.xlsx").open("rb") as plain, (folder / "o.xlsx").open("wb") as locked:
        OOXMLFile(plain).encrypt("a password", locked)
    _edit(folder, "operative.csv", "o.xlsx")
    assert "protected by a password" in refused(1)


def test_link_out_of_the_folder(folder, refused, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "operative.csv"
    elsewhere.write_text(OPERATIVE, encoding="utf-8")
    (folder / "operative.csv").unlink()
    (folder / "operative.csv").symlink_to(elsewhere)
    assert "a link that points out of" in refused(1)
    assert "a link that points out of" in refused(1, "check")


def test_wrong_delimiter(folder, refused):
    (folder / "operative.csv").write_text(OPERATIVE.replace(",", ";"), encoding="utf-8")
    said = refused(1)
    assert "patient_id" in said


def test_check_says_the_same_and_writes_nothing(folder, refused):
    (folder / "operative.csv").write_text("number,procedure\n1,wedge\n", encoding="utf-8")
    assert "no column for the key patient_id" in refused(1, "check")
    assert not (folder / "home").exists()


@pytest.mark.slow
def test_check_of_a_sound_configuration_writes_nothing(folder, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["crlm", "check", "--config", str(folder / "registry.yml")])
    with pytest.raises(SystemExit) as stopped:
        main()
    said = capsys.readouterr().out
    assert stopped.value.code == 0
    assert "margin_distance" in said
    assert "in order" in said
    assert not (folder / "home").exists()


def test_status_before_the_first_night(refused):
    assert "nothing is published yet" in refused(1, "status")


def _edit(folder, old, new):
    path = folder / "registry.yml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
