"""The file of a hospital's own words: taken, or refused in one sentence that names the line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ingestion.contract import Contract
from ingestion.errors import IngestionError
from ingestion.vocabulary import (
    OwnWords,
    Phrase,
    fields_with_list,
    listed_phrases,
    load_own_words,
    normalized_phrase,
    values_of,
)

HEADER = "field,phrase,value,note\n"
Load = Callable[[str | bytes], OwnWords]


@pytest.fixture
def load(tmp_path: Path, project_contract: Contract, dbt_project: Path) -> Load:
    def run(content: str | bytes) -> OwnWords:
        path = tmp_path / "words.csv"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return load_own_words(path, project_contract, dbt_project / "seeds")

    return run


def test_phrases_are_kept_as_written_and_values_as_the_list_has_them(load: Load) -> None:
    found = load(
        HEADER
        + 'tumor_grade,"Grade IV, focal", Poor ,seen since 2019\r\n'
        + "\r\n"
        + ",,,\r\n"
        + "operative.sex,ز,female,\r\n"
        + "procedure,Big right,Right Hemihepatectomy,\r\n"
        + "margin_status,cannot say,not_assessable,\r\n"
    )
    assert found.phrases == (
        Phrase("pathology", "tumor_grade", "Grade IV, focal", "poor"),
        Phrase("operative", "sex", "ز", "female"),
        Phrase("operative", "procedure", "Big right", "right hemihepatectomy"),
        Phrase("pathology", "margin_status", "cannot say", "not_assessable"),
    )
    assert found.undecided == 0


def test_rows_without_a_value_are_counted_and_say_nothing(load: Load) -> None:
    found = load(HEADER + "tumor_grade,grade 4,,3 rows\ntumor_grade,grade 5,poor,1 rows\n")
    assert [phrase.phrase for phrase in found.phrases] == ["grade 5"]
    assert found.undecided == 1


def test_a_spreadsheet_may_put_a_mark_in_front(load: Load) -> None:
    found = load((HEADER + "sex,w,female,\n").encode("utf-8-sig"))
    assert len(found.phrases) == 1


def test_one_phrase_in_several_spellings_is_taken_once(load: Load) -> None:
    found = load(HEADER + "tumor_grade,Grade ۴,poor,\ntumor_grade,grade  4.,poor,again\n")
    assert [phrase.phrase for phrase in found.phrases] == ["Grade ۴"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (HEADER + "tumor_grad,x,poor,\n", ":2: no field 'tumor_grad' .* did you mean tumor_grade"),
        (HEADER + "operative.tumor_grade,x,poor,\n", ":2: no field 'operative.tumor_grade'"),
        (HEADER + "report_date,x,poor,\n", ":2: no field 'report_date' is read by a list"),
        (HEADER + ",x,poor,\n", ":2: no field ''"),
        (
            HEADER + "sex,w,female,\ntumor_grade,x,modrate,\n",
            ":3: tumor_grade: the field's list has no value 'modrate'; did you mean moderate",
        ),
        (HEADER + "sex,x,divers,\n", ":2: sex: .* known are female, male, not_assessable"),
        (HEADER + "procedure,x,unreadable,\n", ":2: procedure: .* no value 'unreadable'"),
        (HEADER + "procedure,x,right hepatectomies,\n", "did you mean right hemihepatectomy"),
        (HEADER + "sex,\u200c . ,female,\n", ":2: the phrase is empty"),
        (
            HEADER + "tumor_grade,Grade ۴,poor,\nsex,w,female,\ntumor_grade,grade 4,well,\n",
            ":4: the phrase stands for 'well', in line 2 for 'poor'",
        ),
        (HEADER + "sex,w,female\n", ":2: the row has 3 values and the header 4"),
        (
            HEADER + 'sex,"two\nlines",female,\nsex,well, rather,female,\n',
            ":4: the row has 5 values",
        ),
        ("field;phrase;value;note\nsex;w;female;\n", ":1: the header is 'field;phrase;value;note'"),
        ("vocabulary,phrase,value,note\n", ":1: the header is .* field,phrase,value,note"),
        ("", "the file is empty"),
        (HEADER + 'sex,"w,female,\n', ":2: the row is no valid CSV"),
        ((HEADER + "sex,w,female,\nsex,م,male,\n").encode("cp1256"), ":3: the file is not UTF-8"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(load: Load, content: str | bytes, said: str) -> None:
    with pytest.raises(
        IngestionError, match=r"words\.csv" + (said if said[0] == ":" else f".*{said}")
    ):
        load(content)


def test_the_example_of_the_documentation_is_in_order(load: Load, dbt_project: Path) -> None:
    page = (dbt_project.parent / "docs" / "ingestion.md").read_text(encoding="utf-8")
    found = load(page.split("```csv\n")[1].split("```")[0])
    assert len(found.phrases) == 4
    assert found.undecided == 1


def test_a_file_that_is_not_there_names_the_key(
    tmp_path: Path, project_contract: Contract, dbt_project: Path
) -> None:
    with pytest.raises(IngestionError, match=r"gone\.csv: the file of `vocabulary` .*No such"):
        load_own_words(tmp_path / "gone.csv", project_contract, dbt_project / "seeds")


def test_every_listed_phrase_could_be_a_hospitals_own(
    load: Load, project_contract: Contract, dbt_project: Path
) -> None:
    """Our own lists, written as a hospital would, are in order but for what is unreadable."""
    seeds = dbt_project / "seeds"
    rows, kept = [], set()
    for extract, field in fields_with_list(project_contract):
        values = values_of(seeds, field)
        assert values, field.name
        for phrase in listed_phrases(seeds, field):
            if phrase.value in values and normalized_phrase(phrase.phrase):
                rows.append(f'{extract}.{field.name},"{phrase.phrase}",{phrase.value},\n')
                # A list that holds the words of another may have some of them itself.
                kept.add((extract, field.name, normalized_phrase(phrase.phrase)))
    assert len(load(HEADER + "".join(rows)).phrases) == len(kept) > 1000
