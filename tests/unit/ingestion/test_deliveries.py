"""Deliveries that go well, badly, twice, in parts; and what is kept of the rows not taken."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import ingestion.readers
from ingestion.errors import DeliveryError, IngestionError
from ingestion.preview import preview
from ingestion.pseudonyms import PseudonymKey, pseudonym

HEADER = ["patient_id", "contact_date", "vital_status", "ward"]
ONE = ["1", "2020-01-01", "alive", "A"]
TWO = ["2", "2020-01-02", "alive", "B"]
CANARY = "Zaphod"

ADDS_UP = (
    "select count(*) from raw.extracts where rows_read is distinct from "
    "rows_new + rows_changed + rows_unchanged + rows_collapsed + rows_quarantined"
)


@pytest.fixture
def everything() -> Any:
    """All that the warehouse holds in raw, for comparison."""

    def dump(nights: Any) -> dict[str, list[tuple]]:
        tables = nights.rows(
            "select table_name from duckdb_tables() where schema_name = 'raw' and not temporary"
        )
        return {t: sorted(nights.rows(f"from raw.{t}"), key=repr) for (t,) in tables}

    return dump


def test_same_files_again_write_nothing_at_all(follow_up: Any, everything: Any) -> None:
    follow_up.write("follow_up.csv", [HEADER, ONE, TWO, ["", "2020-01-03", "alive", "C"]])
    follow_up.night()
    before = everything(follow_up)
    summary = follow_up.night()["follow_up"]
    assert summary.counts is None
    # That there was a night is all that is new.
    after = everything(follow_up)
    assert len(after.pop("nights")) == len(before.pop("nights")) + 1
    assert after == before
    assert set(summary.mapped) == {"patient_id", "contact_date", "vital_status"}


def test_rows_in_another_order_or_columns_in_another_place_change_nothing(
    follow_up: Any,
) -> None:
    follow_up.write("follow_up.csv", [HEADER, ONE, TWO])
    follow_up.night()
    follow_up.write("follow_up.csv", [HEADER[::-1], TWO[::-1], ONE[::-1]])
    counts = follow_up.night()["follow_up"].counts
    assert (counts.unchanged, counts.read, counts.closed) == (2, 2, 0)
    assert follow_up.rows("select count(*) from raw.follow_up") == [(2,)]


def test_former_content_that_comes_back_is_a_third_version(follow_up: Any) -> None:
    for status in ("alive", "dead", "alive"):
        follow_up.write("follow_up.csv", [HEADER, ["1", "2020-01-01", status, "A"]])
        follow_up.night()
    assert follow_up.rows(
        "select vital_status, closed_by_extract_id is null from raw.follow_up order by extract_id"
    ) == [("alive", False), ("dead", False), ("alive", True)]


def test_cell_that_is_emptied_is_a_change(follow_up: Any) -> None:
    follow_up.write("follow_up.csv", [HEADER, ONE])
    follow_up.night()
    follow_up.write("follow_up.csv", [HEADER, ["1", "2020-01-01", "", "A"]])
    assert follow_up.night()["follow_up"].counts.changed == 1


def test_two_cells_that_join_to_the_same_text_differ(follow_up: Any) -> None:
    header = ["patient_id", "cause_of_death", "recurrence_site"]
    follow_up.write("follow_up.csv", [header, ["1", "ab", "c"]])
    follow_up.night()
    follow_up.write("follow_up.csv", [header, ["1", "a", "bc"]])
    assert follow_up.night()["follow_up"].counts.changed == 1


def test_spelling_of_the_key_makes_no_new_row(follow_up: Any) -> None:
    follow_up.write("follow_up.csv", [HEADER, ["12a", "2020-01-01", "alive", "A"]])
    follow_up.night()
    follow_up.write("follow_up.csv", [HEADER, [" ۱۲A ", "2020-01-01", "dead", "A"]])
    counts = follow_up.night()["follow_up"].counts
    assert (counts.changed, counts.new, counts.closed) == (1, 0, 0)
    assert follow_up.rows("select count(distinct patient_pseudonym) from raw.follow_up") == [(1,)]


@pytest.mark.parametrize("blank", ["", "   ", "\u200c", "\u00a0", "\t", "\n"], ids=ascii)
def test_row_with_a_blank_key_is_held_and_never_taken(follow_up: Any, blank: str) -> None:
    follow_up.write("follow_up.csv", [HEADER, ONE, [blank, "2020-01-01", "alive", "A"]])
    counts = follow_up.night()["follow_up"].counts
    assert (counts.new, counts.quarantined) == (1, 1)
    assert follow_up.rows("select count(*) from raw.follow_up where patient_pseudonym is null") == [
        (0,)
    ]


def test_row_with_blank_date_is_taken(follow_up: Any) -> None:
    follow_up.write("follow_up.csv", [HEADER, ["1", "", "alive", "A"], ["2", "", "dead", "A"]])
    assert follow_up.night()["follow_up"].counts.new == 2


def test_row_without_a_number_is_released_when_it_gets_one(follow_up: Any) -> None:
    follow_up.write("follow_up.csv", [HEADER, ONE, ["", "2020-01-02", "alive", "B"]])
    follow_up.night()
    follow_up.write("follow_up.csv", [HEADER, ONE, TWO])
    follow_up.night()
    # The trace stays: what was held, why, and which delivery ended it.
    assert follow_up.rows(
        "select extract_id, file_name, file_row_number, released_by_extract_id from raw.quarantine"
    ) == [("follow_up-00001-000", "follow_up.csv", 3, "follow_up-00002-000")]
    assert len(follow_up.open_rows()) == 2


def test_row_that_stays_broken_is_held_once_a_delivery(follow_up: Any) -> None:
    for night in range(3):
        broken = ["", "2020-01-02", "alive", f"W{night}"]
        follow_up.write("follow_up.csv", [HEADER, ONE, broken])
        follow_up.night()
    assert follow_up.rows("select count(*), count(released_by_extract_id) from raw.quarantine") == [
        (3, 2)
    ]


def test_clash_is_released_in_a_delta_only_by_its_own_key(follow_up: Any) -> None:
    follow_up.extract("follow_up", files="follow_up.csv", delivery="delta")
    follow_up.write("follow_up.csv", [HEADER, ONE, [*ONE[:2], "dead", "A"]])
    follow_up.night()
    follow_up.write("follow_up.csv", [HEADER, TWO])
    follow_up.night()
    assert follow_up.rows("select count(released_by_extract_id) from raw.quarantine") == [(0,)]
    follow_up.write("follow_up.csv", [HEADER, ONE])
    follow_up.night()
    assert follow_up.rows("select count(released_by_extract_id) from raw.quarantine") == [(2,)]


def test_row_without_a_number_is_not_released_by_another_one_in_a_delta(follow_up: Any) -> None:
    follow_up.extract("follow_up", files="follow_up.csv", delivery="delta")
    for row in (["", "2020-01-01", "alive", "A"], ["", "2020-01-01", "dead", "Z"]):
        follow_up.write("follow_up.csv", [HEADER, row])
        follow_up.night()
    assert follow_up.rows(
        "select count(*) from raw.quarantine where released_by_extract_id is null"
    ) == [(2,)]


def test_held_row_is_whole_even_where_headers_repeat_or_are_blank(follow_up: Any) -> None:
    header = ["patient_id", "note", "note", "", "", 'a "quoted" \\ header']
    follow_up.write("follow_up.csv", [header, ["", "n1", "n2", "b1", "b2", 'say "q" \\ \n']])
    follow_up.night()
    ((text,),) = follow_up.rows("select delivered_row from raw.quarantine")
    # A JSON object keeps one value per name: repeated names would lose the others.
    kept = json.loads(text)
    assert sorted(v for v in kept.values() if v) == ["b1", "b2", "n1", "n2", 'say "q" \\ \n']
    assert kept['a "quoted" \\ header'] == 'say "q" \\ \n'


def test_field_that_appears_later_changes_rows_and_loses_none(follow_up: Any) -> None:
    follow_up.write("follow_up.csv", [HEADER[:2], ONE[:2], TWO[:2]])
    follow_up.night()
    follow_up.write("follow_up.csv", [HEADER, ONE, TWO])
    assert follow_up.night()["follow_up"].counts.changed == 2
    assert len(follow_up.open_rows()) == 2


def test_changed_mapping_takes_the_same_file_again(follow_up: Any) -> None:
    follow_up.write("follow_up.csv", [HEADER, ONE])
    follow_up.night()
    follow_up.extract("follow_up", files="follow_up*.csv", columns={"source": "ward"})
    assert follow_up.night()["follow_up"].counts is not None
    assert follow_up.rows(
        "select source from raw.follow_up where closed_by_extract_id is null"
    ) == [("A",)]


def test_same_row_in_two_files_collapses_and_different_ones_clash(follow_up: Any) -> None:
    follow_up.write("follow_up_a.csv", [HEADER, ONE, TWO])
    follow_up.write("follow_up_b.csv", [HEADER, ONE, [*TWO[:2], "dead", "B"]])
    counts = follow_up.night()["follow_up"].counts
    assert (counts.new, counts.collapsed, counts.quarantined) == (1, 1, 2)
    assert follow_up.rows(
        "select file_name, rows_new, rows_collapsed, rows_quarantined from raw.extracts "
        "order by file_name"
    ) == [("follow_up_a.csv", 1, 0, 1), ("follow_up_b.csv", 0, 1, 1)]
    assert follow_up.rows(ADDS_UP) == [(0,)]


def test_file_under_two_names_counts_each_row_once(follow_up: Any) -> None:
    for name in ("follow_up_a.csv", "follow_up_b.csv"):
        follow_up.write(name, [HEADER, ONE, TWO])
    counts = follow_up.night()["follow_up"].counts
    assert (counts.read, counts.new, counts.collapsed) == (4, 2, 2)
    assert follow_up.rows("select count(distinct sha256), count(*) from raw.extracts") == [(1, 2)]


def test_file_that_is_gone_from_a_pattern_closes_its_rows(follow_up: Any) -> None:
    follow_up.write("follow_up_a.csv", [HEADER, ONE])
    second = follow_up.write("follow_up_b.csv", [HEADER, TWO])
    follow_up.night()
    second.unlink()
    assert follow_up.night()["follow_up"].counts.closed == 1
    assert follow_up.rows("select sum(rows_closed) from raw.extracts") == [(1,)]


def test_file_of_three_extracts_is_read_once(nights: Any, monkeypatch: Any) -> None:
    nights.write("all.csv", [["id", "sex", "status"], ["1", "m", "alive"], ["2", "f", "dead"]])
    for name in ("pathology", "operative", "follow_up"):
        nights.extract(name, files="all.csv", columns={"patient_id": "id"})
    opened = []
    read_file = ingestion.readers.read_file

    def counted(con: Any, file: Any, *rest: Any) -> list[str]:
        opened.append(file.delivered.name)
        return read_file(con, file, *rest)

    monkeypatch.setattr(ingestion.readers, "read_file", counted)
    nights.night()
    assert opened == ["all.csv"]
    assert nights.rows(ADDS_UP) == [(0,)]
    pseudonyms = {
        row
        for name in ("pathology", "operative", "follow_up")
        for row in nights.rows(f"select patient_pseudonym from raw.{name}")
    }
    assert pseudonyms == {(pseudonym(i, "patient_id", nights.key),) for i in ("1", "2")}


def test_failure_in_the_second_extract_undoes_the_first(nights: Any, everything: Any) -> None:
    nights.extract("operative", files="operative.csv")
    nights.extract("follow_up", files="follow_up.csv")
    nights.write("operative.csv", [["patient_id", "sex"], ["1", "m"], ["", "f"]])
    nights.write("follow_up.csv", [HEADER, ONE])
    nights.night()
    before = everything(nights)
    nights.write("operative.csv", [["patient_id", "sex"], ["1", "f"], ["3", "f"]])
    nights.write("follow_up.csv", [HEADER, [*ONE, CANARY]])
    with pytest.raises(DeliveryError) as refused:
        nights.night()
    assert CANARY not in str(refused.value)
    assert everything(nights) == before
    nights.write("follow_up.csv", [HEADER, ONE, TWO])
    assert nights.night()["operative"].counts.changed == 1


def test_wrong_key_writes_nothing_and_the_right_one_goes_on(
    follow_up: Any, everything: Any
) -> None:
    follow_up.write("follow_up.csv", [HEADER, ONE])
    follow_up.night()
    before = everything(follow_up)
    right, follow_up.key = follow_up.key, PseudonymKey(b"the key of another hospital")
    follow_up.write("follow_up.csv", [HEADER, ONE, TWO])
    with pytest.raises(IngestionError, match="pseudonym key differs") as refused:
        follow_up.night()
    assert "another hospital" not in str(refused.value)
    assert everything(follow_up) == before
    follow_up.key = right
    assert follow_up.night()["follow_up"].counts.new == 1


def test_identifiers_of_each_kind_get_their_pseudonym(nights: Any) -> None:
    nights.extract("pathology", files="p.csv")
    nights.write(
        "p.csv",
        [["patient_id", "specimen_id", "operation_id"], ["۱", "s-1", ""], ["1", "S-2", "o1"]],
    )
    nights.night()
    made = [
        (pseudonym("1", "patient_id", nights.key), pseudonym(s, "specimen_id", nights.key), o)
        for s, o in (("S-1", None), ("S-2", pseudonym("O1", "operation_id", nights.key)))
    ]
    assert (
        nights.rows(
            "select patient_pseudonym, specimen_pseudonym, operation_pseudonym "
            "from raw.pathology order by file_row_number"
        )
        == made
    )


# --- which files ---------------------------------------------------------------------------------


@pytest.mark.parametrize("files", ["none.csv", "none*.csv", ["follow_up.csv", "none.csv"]])
def test_files_that_are_not_there_are_named(nights: Any, files: Any) -> None:
    nights.extract("follow_up", files=files)
    nights.write("follow_up.csv", [HEADER, ONE])
    with pytest.raises(DeliveryError, match=r"none.*there is no such file; `extracts\.follow_up"):
        nights.night()


def test_folder_is_no_file(nights: Any) -> None:
    (nights.folder / "deliveries").mkdir()
    nights.extract("follow_up", files="deliveries/")
    with pytest.raises(DeliveryError, match=r"it is a folder.*write deliveries/\*\.csv"):
        nights.night()


def test_pattern_that_matches_folders_only_finds_no_file(nights: Any) -> None:
    (nights.folder / "deliveries").mkdir()
    nights.extract("follow_up", files="deliver*")
    with pytest.raises(DeliveryError, match="deliver"):
        nights.night()


def test_empty_list_of_files_is_refused(nights: Any) -> None:
    def deliver() -> None:
        nights.extract("follow_up", files=[])
        nights.night()

    # Refused with the settings (ValueError) or with the delivery.
    with pytest.raises((IngestionError, ValueError), match=r"(?i)files?"):
        deliver()


def test_file_with_another_delimiter_is_told_apart_from_a_missing_column(follow_up: Any) -> None:
    path = follow_up.folder / "follow_up.csv"
    path.write_text("patient_id;contact_date\n1;2020-01-01\n", encoding="utf-8")
    # The file is one column wide then: the remedy is the delimiter, not a name.
    with pytest.raises(DeliveryError, match="delimiter"):
        follow_up.night()


def test_preview_says_what_a_refresh_would_and_writes_nothing(follow_up: Any) -> None:
    follow_up.write("follow_up.csv", [HEADER, ONE, TWO])
    before = sorted(Path(follow_up.folder).rglob("*"))
    (found,) = preview(follow_up.contract, follow_up.settings, follow_up.folder)
    assert (found.extract, found.name, found.rows) == ("follow_up", "follow_up.csv", 2)
    assert set(found.mapped) == {"patient_id", "contact_date", "vital_status"}
    assert "death_date" in found.absent
    assert found.unmapped_headers == ["ward"]
    assert sorted(Path(follow_up.folder).rglob("*")) == before
    follow_up.write("follow_up.csv", [HEADER, [*ONE, CANARY]])
    with pytest.raises(DeliveryError, match="line 2: 5 values") as refused:
        list(preview(follow_up.contract, follow_up.settings, follow_up.folder))
    assert CANARY not in str(refused.value)


def test_preview_refuses_an_unknown_field_as_a_refresh_does(follow_up: Any) -> None:
    follow_up.write("follow_up.csv", [HEADER, ONE])
    follow_up.extract("follow_up", files="follow_up.csv", units={"vital_state": "cm"})
    with pytest.raises(IngestionError, match="did you mean vital_status"):
        list(preview(follow_up.contract, follow_up.settings, follow_up.folder))
