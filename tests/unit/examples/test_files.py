"""The committed files: their form, and that nobody real is in them."""

import csv
import io
import re
from collections import Counter
from pathlib import Path

import pytest

import examples.published_series as package
from examples import generate
from examples.published_series import defects, deliveries
from examples.published_series.extracts import FILES, Extracts
from examples.published_series.targets import PATIENTS, SEED
from examples.published_series.truth import example

FOLDER = Path(package.__file__).parent
COLUMNS = {
    "pathology_synthetic.csv": 19,
    "operative_synthetic.csv": 21,
    "follow_up_synthetic.csv": 6,
}


def test_committed_files_are_what_the_generator_writes(extracts: Extracts) -> None:
    for name, content in extracts.file_bytes().items():
        # A comparison of the bytes themselves would print them.
        assert (FOLDER / name).read_bytes() == content, f"{name} differs: run the generator"


def test_committed_defects_are_what_the_generator_plants(tmp_path: Path) -> None:
    assert defects.write(tmp_path).read_bytes() == (FOLDER / defects.FILE).read_bytes()


def test_second_run_gives_the_same_bytes(extracts: Extracts) -> None:
    assert example().file_bytes() == extracts.file_bytes()


def test_every_record_has_the_stated_number_of_columns(
    records: dict[str, list[list[str]]],
) -> None:
    assert set(records) == set(COLUMNS) == set(FILES)
    for name, table in records.items():
        assert {len(record) for record in table} == {COLUMNS[name]}
        assert all(any(cell.strip() for cell in record) for record in table)


def test_encodings_and_line_ends(extracts: Extracts) -> None:
    content = extracts.file_bytes()
    bom = b"\xef\xbb\xbf"
    assert [name for name in content if content[name].startswith(bom)] == [
        "operative_synthetic.csv"
    ]
    for data in content.values():
        assert data.endswith(b"\r\n")
    # Line breaks inside a cell are bare, so they cannot be taken for the end of a record.
    assert b"reviewed\nSections" in content["pathology_synthetic.csv"]


def test_nobody_real(rows: dict[str, list[dict[str, str]]]) -> None:
    for row in rows["operative"]:
        assert re.fullmatch(r"Synthetic Patient \d{3}", row["Name"])
        assert re.fullmatch(r"Synthetic Surgeon \d", row["Surgeon"])
        assert re.fullmatch(r"000-0000-\d{4}", row["Phone"])
    for row in rows["pathology"]:
        assert re.fullmatch(r"Synthetic Pathologist \d", row["Pathologist"])
    assert all("synthetic" in name for name in FILES)


def test_operation_numbers_are_unique_and_specimens_refer_to_them(
    rows: dict[str, list[dict[str, str]]],
) -> None:
    operations = Counter(row["OP_ID"] for row in rows["operative"])
    assert set(operations.values()) == {1}
    mentioned = {row["Operation No"] for row in rows["pathology"]} - {""}
    assert mentioned <= set(operations)


def test_generator_writes_any_number(tmp_path: Path) -> None:
    for patients in (1, 2, 7, 500):
        generate.main(["--patients", str(patients), "--seed", "5", "--out", str(tmp_path)])
        assert {path.name for path in tmp_path.iterdir()} == set(FILES)


def test_generator_with_the_example_settings_writes_the_example(tmp_path: Path) -> None:
    generate.main(["--patients", str(PATIENTS), "--seed", str(SEED), "--out", str(tmp_path)])
    for name in FILES:
        assert (tmp_path / name).read_bytes() == (FOLDER / name).read_bytes(), name


def test_blocks_share_no_number(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(deliveries, "BLOCK", PATIENTS)
    deliveries.write(tmp_path, 2 * PATIENTS + 10, SEED)
    text = (tmp_path / "operative_synthetic.csv").read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    numbers = Counter(row["OP_ID"] for row in rows)
    assert set(numbers.values()) == {1}
    patients = {row["MRN"] for row in rows}
    assert len(patients) == len({row["Name"] for row in rows}) > 2 * PATIENTS
    accessions = Counter(
        (row["Accession No"], row["Report date"], row["MRN"])
        for row in csv.DictReader(
            (tmp_path / "pathology_synthetic.csv").open(encoding="utf-8", newline=""), delimiter=";"
        )
    )
    by_number = {(accession, patient) for accession, _, patient in accessions}
    assert len({accession for accession, _ in by_number}) == len(by_number)


def test_nights_end_in_the_whole_and_deltas_add_up(tmp_path: Path) -> None:
    whole = {path.name: path.read_bytes() for path in FOLDER.glob("*_synthetic.csv")}
    for delivery in ("snapshot", "delta"):
        generate.main(["--nights", "40", "--delivery", delivery, "--out", str(tmp_path / delivery)])
    last = tmp_path / "snapshot" / "night_40"
    for name in FILES:
        assert (last / name).read_bytes() == whole[name]
        encoding = FILES[name][2]
        nights = [
            (path / name).read_text(encoding=encoding).splitlines()[1:]
            for path in sorted((tmp_path / "delta").iterdir())
        ]
        assert len(nights) == 40
        assert all(len(later) < len(nights[0]) for later in nights[1:])
        assert sum(map(bool, nights)) > 10
        # What is delivered again was completed: both states are there.
        delivered = {line for night in nights for line in night}
        assert set(whole[name].decode(encoding).splitlines()[1:]) <= delivered
    first, later = (
        (tmp_path / "snapshot" / night / "pathology_synthetic.csv").read_text(encoding="utf-8")
        for night in ("night_01", "night_03")
    )
    assert len(set(first.splitlines()) - set(later.splitlines())) > 5
