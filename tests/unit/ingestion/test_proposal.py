"""`crlm map`: what is proposed for a file, how sure, and what is never shown."""

from __future__ import annotations

import gzip
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl  # type: ignore[import-untyped]
import pytest
import yaml

import ingestion.proposal.block
from ingestion.contract import Contract
from ingestion.errors import DeliveryError, IngestionError
from ingestion.preview import preview
from ingestion.proposal import propose
from ingestion.proposal.dialect import guess_dialect
from ingestion.proposal.resemblance import ALSO_CALLED
from ingestion.readers import ReadFile
from ingestion.settings import ExtractSettings

PROJECT = Path(__file__).resolve().parents[3]
SEEDS = PROJECT / "dbt_project" / "seeds"
EXAMPLE = PROJECT / "examples" / "published_series"
MSK_TABLE = PROJECT.parent / "shared/data/msk_crlm/clinical_data_april_2023.xlsx"

Propose = Callable[..., str]


@pytest.fixture
def proposed(tmp_path: Path, project_contract: Contract) -> Propose:
    """Write a file and propose its block."""

    def run(content: str | bytes, name: str = "t.csv", **options: Any) -> str:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return propose(project_contract, SEEDS, path, **options)

    return run


def table(header: list[str], *columns: list[str], rows: int = 12, delimiter: str = ",") -> str:
    """A delimited text whose columns repeat the given values."""
    lines = [[values[i % len(values)] for values in columns] for i in range(rows)]
    return "\r\n".join(delimiter.join(line) for line in [header, *lines])


def settings(text: str) -> dict[str, ExtractSettings]:
    return {k: ExtractSettings.model_validate(v) for k, v in yaml.safe_load(text).items()}


def line(text: str, key: str) -> str:
    """The line of the proposal that sets a key."""
    return next(found for found in text.splitlines() if re.match(rf"[ #-]*{key}\b", found))


def marked(text: str, key: str) -> str:
    return re.findall(r"# (sure|unsure): ", line(text, key))[0]


NUMBERS = [str(number) for number in range(5001, 5061)]


# --- known files ---------------------------------------------------------------------------------


@pytest.mark.parametrize("extract", ["pathology", "operative", "follow_up"])
def test_example_registry_is_found_again(project_contract: Contract, extract: str) -> None:
    text = propose(project_contract, SEEDS, EXAMPLE / f"{extract}_synthetic.csv")
    found = settings(text)
    assert list(found) == [extract]
    wanted = ExtractSettings.model_validate(
        yaml.safe_load((PROJECT / "registry.yml").read_text(encoding="utf-8"))["extracts"][extract]
    )
    assert found[extract].columns == wanted.columns
    assert found[extract].format.delimiter == wanted.format.delimiter
    assert found[extract].calendar == wanted.calendar
    assert found[extract].date_order == wanted.date_order
    assert found[extract].units == wanted.units
    assert "not used" not in text


def test_missing_words_of_the_example_are_told(project_contract: Contract) -> None:
    text = propose(project_contract, SEEDS, EXAMPLE / "pathology_synthetic.csv")
    assert list(settings(text)["pathology"].missing) == ["-999", "نامشخص", "na", "-"]


def test_public_table_is_mapped_and_nothing_wrong_is_sure(project_contract: Contract) -> None:
    if not MSK_TABLE.exists():
        pytest.skip("the public table of 197 patients is not at hand")
    text = propose(project_contract, SEEDS, MSK_TABLE, sheet="TCIA_n=197")
    found = settings(text)
    stated = yaml.safe_load((PROJECT / "examples/msk_crlm.yml").read_text(encoding="utf-8"))
    assert list(found) == list(stated["extracts"])
    for name, extract in stated["extracts"].items():
        assert found[name].columns.items() >= extract["columns"].items()
        assert found[name].units == extract["units"]
        block = text.split(f"\n  {name}:")[1].split("\n  follow_up:")[0]
        for field in found[name].columns.keys() - extract["columns"].keys():
            assert marked(block, field) == "unsure"
        for field in extract.get("values", {}):
            assert f"#   {field}: {{" in block
    assert list(found["operative"].missing) == ["-999"]


@pytest.mark.slow
@pytest.mark.parametrize(
    "sources",
    [
        [EXAMPLE / f"{name}_synthetic.csv" for name in ("pathology", "operative", "follow_up")],
        [MSK_TABLE],
    ],
    ids=["example", "public table"],
)
def test_what_is_proposed_passes_crlm_check(
    tmp_path: Path, project_contract: Contract, sources: list[Path]
) -> None:
    if not all(source.exists() for source in sources):
        pytest.skip("the public table of 197 patients is not at hand")
    sheet = "TCIA_n=197" if sources == [MSK_TABLE] else None
    blocks = "".join(propose(project_contract, SEEDS, path, sheet=sheet) for path in sources)
    config = tmp_path / "registry.yml"
    config.write_text(
        f"registry: {{name: A proposal, home: home}}\nprivacy: {{demo_key: true}}\n"
        f"extracts:\n{blocks}",
        encoding="utf-8",
    )
    done = crlm("check", "--config", str(config))
    assert done.returncode == 0, done.stderr
    assert "in order" in done.stdout


# --- dialects ------------------------------------------------------------------------------------


def persian_operations() -> str:
    header = ["شماره پرونده ", "تاريخ عمل", "نوع عمل  ", "جنسيت", " سن", "CEA", "تاريخ تولد"]
    dates = [f"139{i % 10}/0{i % 9 + 1}/1{i % 10}" for i in range(40)]
    content = table(
        header,
        NUMBERS,
        dates,
        ["هپاتكتومي راست", "سگمنتكتومي"],
        ["مرد", "زن"],
        [str(age) for age in range(35, 80)],
        [f"{i},{i % 10}" for i in range(1, 60)],
        ["1320/01/02", "1331/05/06"],
        rows=60,
        delimiter=";",
    )
    return content.replace("ی", "ي")


def test_persian_headers_in_cp1256_with_decimal_comma(proposed: Propose) -> None:
    text = proposed(persian_operations().encode("cp1256"))
    found = settings(text)["operative"]
    assert (found.format.delimiter, found.format.encoding) == (";", "cp1256")
    assert marked(text, "encoding") == "unsure"
    assert found.calendar == "jalali"
    assert found.columns == {
        "patient_id": "شماره پرونده",
        "operation_date": "تاريخ عمل",
        "procedure": "نوع عمل",
        "sex": "جنسيت",
        "birth_date": "تاريخ تولد",
        "age_at_operation": "سن",
        "cea_ng_ml": "CEA",
    }
    assert [marked(text, f) for f in ("sex", "birth_date", "operation_date")] == [
        "sure",
        "sure",
        "unsure",
    ]


def test_what_is_proposed_for_a_messy_file_is_read_by_a_refresh(
    proposed: Propose, project_contract: Contract, tmp_path: Path
) -> None:
    text = proposed(persian_operations().encode("cp1256"))
    (file,) = preview(project_contract, settings(text), tmp_path)
    assert file.rows == 60
    assert {mapped.recognized_by for mapped in file.mapped.values()} == {"configured"}


def test_utf_16_with_tabs_and_american_dates(proposed: Propose) -> None:
    content = table(
        ["Pt ID", "Last seen", "Alive/Dead", "Date of death"],
        NUMBERS,
        ["01/25/2015", "12/31/2016", "02/03/2017"],
        ["Alive", "Dead"],
        ["", "3/30/2018"],
        delimiter="\t",
    )
    text = proposed(content.encode("utf-16"), "t.tsv")
    found = settings(text)["follow_up"]
    assert (found.format.delimiter, found.format.encoding) == ("\t", "utf-16")
    assert found.date_order == "mdy"
    assert marked(text, "date_order") == "sure"
    assert found.columns == {
        "patient_id": "Pt ID",
        "contact_date": "Last seen",
        "vital_status": "Alive/Dead",
        "death_date": "Date of death",
    }


@pytest.mark.parametrize(
    ("content", "encoding", "sure"),
    [
        (b"MRN,Sex\n1,M\n", "utf-8", True),
        ("MRN,Sex,نام\n1,M,ا\n".encode(), "utf-8", True),
        ("MRN,Sex\n1,M\n".encode("utf-8-sig"), "utf-8-sig", True),
        ("MRN,Sex\n1,M\n".encode("utf-16-le"), "utf-16-le", False),
        ("MRN,Sex,Größe\n1,M,Köln\n".encode("cp1252"), "cp1252", False),
        ("MRN,Sex,Opéré\n1,M,à côté\n".encode("cp1252"), "cp1252", False),
        ("MRN,Sex,مركز\n1,M,تهران\n".encode("cp1256"), "cp1256", False),
    ],
)
def test_encodings(proposed: Propose, content: bytes, encoding: str, sure: bool) -> None:
    text = proposed(content)
    assert settings(text)["operative"].format.encoding == encoding
    assert marked(text, "encoding") == ("sure" if sure else "unsure")


def test_single_quotes_around_values(proposed: Propose) -> None:
    text = proposed("'MRN';'Sex'\n'1';'M'\n'2';'F'\n")
    found = settings(text)["operative"].format
    assert (found.delimiter, found.quote) == (";", "'")


def test_apostrophes_in_few_values_are_no_quotes(proposed: Propose) -> None:
    text = proposed("MRN,Sex,Comment\n1,M,'so called'\n2,F,'n\n3,F,'x'\n")
    assert settings(text)["operative"].format.quote == '"'


def test_dialect_of_a_compressed_file(tmp_path: Path) -> None:
    path = tmp_path / "t.csv.gz"
    path.write_bytes(gzip.compress("MRN;نام\n1;ا\n".encode("utf-16")))
    found = guess_dialect(path)
    assert (found["delimiter"].value, found["encoding"].value) == (";", "utf-16")


def test_workbook_with_several_sheets_asks_for_one(tmp_path: Path, project_contract: Any) -> None:
    book = openpyxl.Workbook()
    book.active.append(["MRN", "Sex"])
    book.active.append(["1", "M"])
    book.create_sheet("Notes")
    book.save(tmp_path / "t.xlsx")
    with pytest.raises(IngestionError, match=r"2 sheets \(Sheet, Notes\); name one with --sheet"):
        propose(project_contract, SEEDS, tmp_path / "t.xlsx")
    text = propose(project_contract, SEEDS, tmp_path / "t.xlsx", sheet="Sheet")
    assert settings(text)["operative"].format.sheet == "Sheet"


# --- dates, units, tokens, codes -----------------------------------------------------------------


def dated(*columns: list[str]) -> str:
    header = ["MRN", "Report date", "Procedure date"][: len(columns) + 1]
    return table(header, NUMBERS, *columns)


@pytest.mark.parametrize(
    ("columns", "order", "said"),
    [
        ([["2015-03-01", "2016/4/30"]], "ymd", "sure: every year stands in front"),
        ([["13/01/2015", "01/02/2015"]], "dmy", "sure: 6 dates fit dmy only"),
        ([["01/13/2015", "01/02/2015"]], "mdy", "sure: 0 dates fit dmy only, 6 fit mdy only"),
        ([["01/12/2015"]], "dmy", "unsure: undecided: no day above 12 in 12 dates"),
        ([["2015-03-01"] * 11 + ["13/01/2015"]], "dmy", "unsure: 1 dates fit dmy only"),
        (
            [["13/01/2015"], ["01/13/2015", "01/02/2015"]],
            "dmy",
            'contradict each other, 12 dates fit dmy only, 6 fit mdy only: "Procedure date" 0 and '
            '6, "Report date" 12 and 0',
        ),
    ],
)
def test_order_of_dates(proposed: Propose, columns: list[list[str]], order: str, said: str) -> None:
    text = proposed(dated(*columns), extract="pathology")
    assert settings(text)["pathology"].date_order == order
    assert said in line(text, "date_order")


def test_two_calendars_in_one_extract_are_unsure(proposed: Propose) -> None:
    text = proposed(dated(["1395/02/03"], ["2015-03-01"]))
    assert marked(text, "calendar") == "unsure"


@pytest.mark.parametrize(
    ("header", "values", "unit", "sure"),
    [
        ("Tumor size [mm]", ["5"], "mm", True),
        ("اندازه تومور (سانتی‌متر)", ["5"], "cm", True),
        ("Tumor size", ["4.5", "3 cm"], "cm", False),
        ("Tumor size", ["1.5", "4"], "cm", False),
        ("Tumor size", ["15", "40"], "mm", False),
    ],
)
def test_unit_of_sizes(
    proposed: Propose, header: str, values: list[str], unit: str, sure: bool
) -> None:
    text = proposed(table(["MRN", header, "Histology"], NUMBERS, values, ["Adenocarcinoma"]))
    assert settings(text)["pathology"].units == {"largest_metastasis": unit}
    assert marked(text.split("units:")[1], "largest_metastasis") == ("sure" if sure else "unsure")


def test_sizes_that_all_have_their_unit_need_none(proposed: Propose) -> None:
    text = proposed(table(["MRN", "Tumor size"], NUMBERS, ["4 cm", "30 mm"]))
    assert settings(text)["pathology"].units == {}


def test_tokens_of_missing_values(proposed: Propose) -> None:
    text = proposed(
        table(
            ["MRN", "Sex", "CEA"],
            NUMBERS,
            ["M", "F"],
            ["1.5", "2", "9999", "pending", "3"],
            rows=60,
        )
    )
    assert list(settings(text)["operative"].missing) == ["9999", "pending"]
    assert '- "9999"   # unsure: 12 cells of 1 column\n' in text


def test_word_that_a_list_of_the_extract_knows_is_no_token(proposed: Propose) -> None:
    header = ["MRN", "Sex", "CEA", "Regimen"]
    text = proposed(table(header, NUMBERS, ["M"], ["1.5", "-"], ["FOLFOX", "-"]))
    # "-" as a regimen means that there was none.
    assert list(settings(text)["operative"].missing) == []
    shorter = settings(proposed(table(header[:3], NUMBERS, ["M"], ["1.5", "-"])))
    assert list(shorter["operative"].missing) == ["-"]


def test_codes_without_a_meaning_are_lines_to_fill_in(proposed: Propose) -> None:
    text = proposed(table(["MRN", "Sex", "Lobes"], NUMBERS, ["1", "2"], ["B", "U", "unilobar"]))
    assert '#   sex: {"1": , "2": }   # unsure: fill in, each one of: female, male' in text
    assert settings(text)["operative"].values == {}
    # Filled in as it stands, the line is taken.
    filled = text.replace("# values:", "values:").replace(
        '#   sex: {"1": , "2": }', '  sex: {"1": male, "2": female}'
    )
    assert settings(filled)["operative"].values == {"sex": {"1": "male", "2": "female"}}


def test_labels_that_a_file_carries_are_proposed_as_values(
    proposed: Propose, monkeypatch: pytest.MonkeyPatch
) -> None:
    def with_labels(*arguments: Any) -> ReadFile:
        read = read_file(*arguments)
        return ReadFile(
            read.headers,
            labels={"V2": "Vital status"},
            value_labels={"Sex": {"1": "Male", "2": "Female", "3": "Klingon"}},
        )

    read_file = ingestion.proposal.block.read_file
    monkeypatch.setattr(ingestion.proposal.block, "read_file", with_labels)
    text = proposed(table(["MRN", "Sex", "V2"], NUMBERS, ["1", "2"], ["alive", "dead"]))
    found = settings(text)
    assert found["operative"].values == {"sex": {"1": "Male", "2": "Female", "3": "Klingon"}}
    assert 'sexes does not know "Klingon"' in text
    other = proposed(
        table(["MRN", "Sex", "V2"], NUMBERS, ["1", "2"], ["alive", "dead"]), extract="follow_up"
    )
    assert settings(other)["follow_up"].columns == {"patient_id": "MRN", "vital_status": "V2"}
    assert marked(other, "vital_status") == "unsure"


def test_thousands_marks(proposed: Propose) -> None:
    text = proposed(table(["MRN", "Sex", "CEA"], NUMBERS, ["M"], ['"1,234.5"', "7.5"]))
    assert settings(text)["operative"].format.thousands == ","


# --- columns -------------------------------------------------------------------------------------


def test_headers_that_stand_twice_are_told(proposed: Propose, project_contract: Any) -> None:
    text = proposed(
        table(["MRN", "Histology", "Grade", "Grade"], NUMBERS, ["Adenocarcinoma"], ["G1"], ["G2"])
    )
    assert settings(text)["pathology"].columns["tumor_grade"] is None
    assert '2 columns are headed "Grade"; rename one in the file' in text


def test_two_headers_for_one_field_are_unsure(proposed: Propose) -> None:
    text = proposed(table(["MRN", "Sex", "Patient number"], NUMBERS, ["M"], NUMBERS))
    assert marked(text, "patient_id") == "unsure"
    assert '"Patient number" answers to it too' in text


def test_header_whose_values_say_otherwise_is_unsure(proposed: Propose) -> None:
    text = proposed(
        table(["MRN", "Histology", "Grade"], NUMBERS, ["Adenocarcinoma"], ["Dr. A", "2015-01-01"])
    )
    assert "the header is a synonym, but 0 % of its values are words of tumor_grades" in text
    assert marked(text, "tumor_grade") == "unsure"


def test_one_slip_among_many_ages_changes_nothing(proposed: Propose) -> None:
    ages = [str(age) for age in range(40, 80)] + ["640"]
    text = proposed(table(["MRN", "age at surgery", "Sex"], NUMBERS, ages, ["M"], rows=41))
    assert marked(text, "age_at_operation") == "sure"
    birth_years = proposed(table(["MRN", "age at surgery", "Sex"], NUMBERS, ["1950"], ["M"]))
    assert "0 % of its values are numbers within the plausible bounds" in birth_years


def test_column_feeds_one_field_of_an_extract(proposed: Propose) -> None:
    text = proposed(table(["MRN", "Sex", "Age"], NUMBERS, ["M"], ["61", "72"]))
    columns = settings(text)["operative"].columns
    assert columns == {"patient_id": "MRN", "sex": "Sex", "age_at_operation": "Age"}
    assert "may be age_at_diagnosis" in line(text, "age_at_operation")


def test_column_of_another_kind_is_not_taken_for_its_header(proposed: Propose) -> None:
    text = proposed(table(["MRN", "Sex", "Age group"], NUMBERS, ["M"], ["2015-01-01"]))
    assert "age_at_operation" not in settings(text)["operative"].columns
    assert '# not used: "Age group"' in text


def test_key_that_nothing_resembles_is_left_to_be_named(proposed: Propose) -> None:
    text = proposed(table(["Sex", "X"], ["M", "F"], NUMBERS))
    assert settings(text)["operative"].columns == {"sex": "Sex"}
    assert "it has to be named" in line(text, "patient_id")
    alone = proposed(table(["X", "Y"], NUMBERS, NUMBERS[1:]), extract="pathology")
    assert settings(alone)["pathology"].columns == {}


def test_other_extract_than_the_file_looks_like_is_said(proposed: Propose) -> None:
    content = table(["MRN", "Sex", "Op date"], NUMBERS, ["M"], ["2015-01-01"])
    assert "the file looks like operative" in proposed(content, extract="pathology")
    assert "looks like" not in proposed(content, extract="operative")


def test_looser_names_belong_to_fields_of_the_contract(project_contract: Contract) -> None:
    known = {name for e in project_contract.extracts.values() for name in e.field_names}
    assert ALSO_CALLED.keys() <= known


# --- privacy and complaints ----------------------------------------------------------------------


def test_no_value_of_a_patient_is_shown(proposed: Propose) -> None:
    text = proposed(
        table(
            ["MRN", "Name", "Surgeon", "Sex", "Primary", "Comment"],
            [f"77{n}" for n in NUMBERS],
            ["Zaphod"],
            ["Lee", "Kim"],
            ["M"],
            ["Zaphod's colon"],
            ["Ford"],
        )
    )
    for value in ("77500", "Zaphod", "Lee", "Kim", "Ford"):
        assert value.casefold() not in text.casefold()


@pytest.mark.parametrize(
    "content",
    [
        "5001,Zaphod,2015-01-02\n5002,Ford,2016-01-03\n",
        "S-1,Zaphod,male\nS-2,Ford,male\n",
    ],
)
@pytest.mark.parametrize("extract", [None, "operative"])
def test_file_without_a_header_is_refused_without_showing_it(
    proposed: Propose, content: str, extract: str | None
) -> None:
    with pytest.raises(DeliveryError, match="its first line looks like data") as refused:
        proposed(content, extract=extract)
    assert "Zaphod" not in str(refused.value)


def test_title_above_the_header_is_refused_with_the_row(proposed: Propose) -> None:
    with pytest.raises(DeliveryError, match="the header stands in row 3; remove the rows above"):
        proposed("Zaphod's list,\n2015,\nMRN,Sex\n1,M\n")


def crlm(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "orchestration.cli", *arguments],
        capture_output=True,
        text=True,
        cwd=PROJECT,
    )


@pytest.mark.parametrize(
    ("name", "content", "options", "code", "sentence"),
    [
        ("t.csv", b"", [], 1, "the file is empty"),
        ("t.csv", b"a,b\n1,2\n", [], 1, "no extract is recognized by its headers"),
        ("t.csv", None, [], 1, "t.csv"),
        ("t.docx", b"x", [], 1, "cannot be read; readable are"),
        ("t.csv", b"MRN,Sex\n1,M\n", ["--extract", "surgery"], 2, "there is no such extract"),
        ("t.csv", b"MRN,Sex\n1,M\n", ["--sheet", "A"], 2, "has no sheets; leave --sheet out"),
    ],
)
def test_complaints_are_one_sentence(
    tmp_path: Path, name: str, content: bytes | None, options: list[str], code: int, sentence: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    done = crlm("map", str(tmp_path / name), *options)
    assert (done.returncode, done.stdout) == (code, "")
    assert done.stderr.startswith("crlm: ")
    assert done.stderr.count("\n") == 1
    assert sentence in done.stderr


def test_command_prints_the_proposal_and_writes_nothing(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("MRN,Sex\n1,M\n", encoding="utf-8")
    done = crlm("map", str(tmp_path / "t.csv"))
    assert done.returncode == 0, done.stderr
    assert settings(done.stdout)["operative"].columns == {"patient_id": "MRN", "sex": "Sex"}
    assert [path.name for path in tmp_path.iterdir()] == ["t.csv"]
