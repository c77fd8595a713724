"""The ledger: every version kept, nothing lost, nothing doubled."""

from __future__ import annotations

import csv
import json
import random

import pytest

from ingestion.errors import DeliveryError, IngestionError
from ingestion.pseudonyms import PseudonymKey

HEADER = ["patient_id", "contact_date", "vital_status", "ward"]
FIRST = [HEADER, ["1", "2020-01-01", "alive", "A"], ["2", "2020-01-02", "alive", "B"]]


def counts(summary):
    c = summary["follow_up"].counts
    return (c.read, c.new, c.changed, c.unchanged, c.collapsed, c.quarantined, c.closed)


def test_first_delivery_is_all_new(follow_up):
    follow_up.write("follow_up.csv", FIRST)
    assert counts(follow_up.night()) == (2, 2, 0, 0, 0, 0, 0)
    assert follow_up.rows(
        "select file_row_number, extract_id, last_extract_id from raw.follow_up order by 1"
    ) == [
        (2, "follow_up-00001-000", "follow_up-00001-000"),
        (3, "follow_up-00001-000", "follow_up-00001-000"),
    ]


def test_same_file_again_changes_nothing(follow_up):
    follow_up.write("follow_up.csv", FIRST)
    follow_up.night()
    before = follow_up.rows("from raw.follow_up")
    assert follow_up.night()["follow_up"].counts is None
    assert follow_up.rows("from raw.follow_up") == before
    assert follow_up.rows("select count(*) from raw.extracts") == [(1,)]
    assert follow_up.rows("select count(*) from raw.fields where is_mapped") == [(3,)]


def test_corrected_cell_is_one_new_version(follow_up):
    follow_up.write("follow_up.csv", FIRST)
    follow_up.night()
    follow_up.write("follow_up.csv", [*FIRST[:2], ["2", "2020-01-02", "dead", "B"]])
    assert counts(follow_up.night()) == (2, 0, 1, 1, 0, 0, 0)
    assert follow_up.rows(
        "select vital_status, closed_by_extract_id from raw.follow_up "
        "where patient_id = '2' order by extract_id"
    ) == [("alive", "follow_up-00002-000"), ("dead", None)]
    assert follow_up.rows(
        "select extract_id, last_extract_id from raw.follow_up where patient_id = '1'"
    ) == [("follow_up-00001-000", "follow_up-00002-000")]


@pytest.mark.parametrize(("delivery", "closed"), [("snapshot", 1), ("delta", 0)])
def test_row_that_is_gone_is_closed_in_a_snapshot_only(follow_up, delivery, closed):
    follow_up.extract("follow_up", files="follow_up*.csv", delivery=delivery)
    follow_up.write("follow_up.csv", FIRST)
    follow_up.night()
    follow_up.write("follow_up.csv", FIRST[:2])
    assert counts(follow_up.night())[-1] == closed
    assert len(follow_up.open_rows()) == 2 - closed


def test_row_that_comes_back_is_a_new_version(follow_up):
    for rows in (FIRST, FIRST[:2], FIRST):
        follow_up.write("follow_up.csv", rows)
        last = follow_up.night()
    assert counts(last) == (2, 1, 0, 1, 0, 0, 0)
    assert follow_up.rows(
        "select count(*), count(closed_by_extract_id) from raw.follow_up where patient_id = '2'"
    ) == [(2, 1)]


def test_equal_rows_collapse_and_differing_ones_are_held_whole(follow_up):
    follow_up.write(
        "follow_up.csv",
        [
            *FIRST,
            ["1", "2020-01-01", "alive", "A"],
            ["3", "2020-01-03", "alive", "C"],
            ["3", "2020-01-03", "dead", "D"],
            ["", "2020-01-04", "alive", "E"],
        ],
    )
    assert counts(follow_up.night()) == (6, 2, 0, 0, 1, 3, 0)
    held = follow_up.rows(
        "select file_row_number, reason, delivered_row from raw.quarantine order by 1"
    )
    assert [row for row, _, _ in held] == [5, 6, 7]
    assert "several rows that differ" in held[0][1]
    assert "patient_id: the key is blank" in held[2][1]
    # The column that nothing maps is kept too.
    assert json.loads(held[1][2]) == {
        "patient_id": "3",
        "contact_date": "2020-01-03",
        "vital_status": "dead",
        "ward": "D",
    }


def test_row_whose_cause_is_gone_leaves_quarantine_with_a_trace(follow_up):
    clash = [["3", "2020-01-03", "alive", "C"], ["3", "2020-01-03", "dead", "D"]]
    follow_up.write("follow_up.csv", FIRST + clash)
    follow_up.night()
    follow_up.write("follow_up.csv", FIRST + clash[1:])
    assert counts(follow_up.night()) == (3, 1, 0, 2, 0, 0, 0)
    assert follow_up.rows("select distinct released_by_extract_id from raw.quarantine") == [
        ("follow_up-00002-000",)
    ]


def test_last_good_version_stays_while_its_key_is_in_quarantine(follow_up):
    follow_up.write("follow_up.csv", FIRST)
    follow_up.night()
    follow_up.write("follow_up.csv", [*FIRST, ["2", "2020-01-02", "dead", "B"]])
    assert counts(follow_up.night()) == (3, 0, 0, 1, 0, 2, 0)
    assert ("2", "2020-01-02", "alive") in follow_up.open_rows()


def test_several_files_are_one_delivery_and_each_has_its_row(follow_up):
    follow_up.write("follow_up_a.csv", FIRST[:2])
    follow_up.write("follow_up_b.csv", [["contact_date", "patient_id"], ["2020-02-02", "9"]])
    follow_up.night()
    assert follow_up.rows(
        "select file_name, rows_read, rows_new from raw.extracts order by file_name"
    ) == [("follow_up_a.csv", 1, 1), ("follow_up_b.csv", 1, 1)]
    assert ("9", "2020-02-02", None) in follow_up.open_rows()


def test_one_file_can_feed_three_extracts(nights):
    nights.write("all.csv", [["id", "sex", "status"], ["1", "m", "alive"], ["2", "f", "dead"]])
    for name, columns in (
        ("pathology", {}),
        ("operative", {"sex": "sex"}),
        ("follow_up", {"vital_status": "status"}),
    ):
        nights.extract(name, files="all.csv", columns={"patient_id": "id", **columns})
    nights.night()
    assert nights.rows("select extract, rows_new from raw.extracts order by 1") == [
        ("follow_up", 2),
        ("operative", 2),
        ("pathology", 2),
    ]


def test_failure_in_a_later_extract_leaves_nothing_of_the_run(nights):
    nights.extract("operative", files="operative.csv")
    nights.extract("follow_up", files="follow_up.csv")
    nights.write("operative.csv", [["patient_id"], ["1"]])
    nights.write("follow_up.csv", [["nothing"], ["1"]])
    with pytest.raises(DeliveryError):
        nights.night()
    assert nights.rows("select count(*) from duckdb_tables() where schema_name = 'raw'") == [(0,)]


def test_another_key_is_refused_before_anything_is_written(follow_up):
    follow_up.write("follow_up.csv", FIRST)
    follow_up.night()
    follow_up.write("follow_up.csv", FIRST[:2])
    follow_up.key = PseudonymKey(b"another key of a registry")
    with pytest.raises(IngestionError, match="pseudonym key differs"):
        follow_up.night()
    assert follow_up.rows("select count(*) from raw.extracts") == [(1,)]
    assert len(follow_up.open_rows()) == 2


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_fifteen_nights_equal_a_plain_replay(follow_up, seed):
    rng = random.Random(seed)
    current = {str(i): ["2020-01-01", "alive"] for i in range(25)}
    history: dict[str, list[str]] = {}
    last: dict[str, tuple[str, str]] = {}
    expected_rows = 0
    for night in range(15):
        for patient in list(current):
            event = rng.random()
            if event < 0.1:
                del current[patient]
            elif event < 0.25:
                current[patient][1] = rng.choice(["alive", "dead", "lost", ""])
        for _ in range(rng.randrange(3)):
            current[str(rng.randrange(40))] = ["2020-01-01", rng.choice(["alive", "dead"])]
        rows = [[patient, *values, ""] for patient, values in current.items()]
        rng.shuffle(rows)
        doubled = rng.sample(rows, k=min(2, len(rows)))
        follow_up.write("follow_up.csv", [HEADER, *rows, *doubled])
        follow_up.night()

        delivered = {row[0]: (row[1], row[2]) for row in rows}
        for patient, content in delivered.items():
            if last.get(patient) != content:
                history.setdefault(patient, []).append(content[1])
                expected_rows += 1
        last = delivered
        assert follow_up.open_rows() == {
            (patient, date, status or None) for patient, (date, status) in delivered.items()
        }, f"night {night}"
    found: dict[str, list[str]] = {}
    for patient, status in follow_up.rows(
        "select patient_id, coalesce(vital_status, '') from raw.follow_up "
        "order by extract_id, file_row_number"
    ):
        found.setdefault(patient, []).append(status)
    assert found == history
    assert follow_up.rows("select count(*) from raw.follow_up") == [(expected_rows,)]
    assert follow_up.rows(
        "select count(*) from raw.extracts where rows_read <> "
        "rows_new + rows_changed + rows_unchanged + rows_collapsed + rows_quarantined"
    ) == [(0,)]


def test_row_numbers_are_those_a_spreadsheet_shows(follow_up):
    rows = [[str(i), "2020-01-01", "alive", ""] for i in range(2, 50_002)]
    path = follow_up.write("follow_up.csv", [HEADER, *rows])
    assert len(list(csv.reader(path.open(encoding="utf-8")))) == 50_001
    follow_up.night()
    assert follow_up.rows(
        "select count(*), count(*) filter (patient_id::int = file_row_number) from raw.follow_up"
    ) == [(50_000, 50_000)]


def test_what_a_correction_changes_is_counted_and_what_it_blanks_apart(follow_up):
    follow_up.write("follow_up.csv", FIRST)
    follow_up.night()
    follow_up.write(
        "follow_up.csv",
        [HEADER, ["1", "2020-01-01", "", "A"], ["2", "2020-01-02", "dead", "B"]],
    )
    counted = follow_up.night()["follow_up"].counts
    assert (counted.changed, counted.cells_changed, counted.cells_blanked) == (2, 2, 1)
    assert follow_up.rows(
        "select rows_changed, cells_changed, cells_blanked, rows_reappeared from raw.extracts "
        "order by delivery_number desc limit 1"
    ) == [(2, 2, 1, 0)]


def test_a_row_that_comes_back_is_new_and_counted_as_reappeared(follow_up):
    follow_up.write("follow_up.csv", FIRST)
    follow_up.night()
    follow_up.write("follow_up.csv", FIRST[:2])
    assert follow_up.night()["follow_up"].counts.closed == 1
    follow_up.write("follow_up.csv", [*FIRST, ["3", "2020-01-03", "alive", "C"]])
    counted = follow_up.night()["follow_up"].counts
    assert (counted.new, counted.reappeared) == (2, 1)


def test_a_header_that_stands_again_is_held_and_no_patient(follow_up):
    follow_up.write("follow_up.csv", [*FIRST, HEADER, ["3", "2020-01-03", "alive", "C"]])
    assert counts(follow_up.night()) == (4, 3, 0, 0, 0, 1, 0)
    assert follow_up.rows("select file_row_number, reason from raw.quarantine") == [
        (4, "the header stands again")
    ]


def test_a_column_that_is_added_and_blank_changes_no_row(follow_up):
    follow_up.write("follow_up.csv", FIRST)
    follow_up.night()
    follow_up.write(
        "follow_up.csv",
        [
            [*HEADER, "cause_of_death"],
            [*FIRST[1], ""],
            [*FIRST[2], "tumor"],
        ],
    )
    assert counts(follow_up.night()) == (2, 0, 1, 1, 0, 0, 0)


def test_a_mended_row_leaves_the_quarantine_of_a_delta(nights):
    nights.extract("follow_up", files="follow_up.csv", delivery="delta")
    held = ["", "2020-01-02", "alive", "B"]
    nights.write("follow_up.csv", [HEADER, FIRST[1], held, ["", "2020-01-09", "alive", "C"]])
    assert counts(nights.night())[5] == 2
    # The next delta says nothing of them: both stay.
    nights.write("follow_up.csv", [HEADER, ["4", "2020-01-04", "alive", "D"]])
    nights.night()
    open_ = "select count(*) from raw.quarantine where released_by_extract_id is null"
    assert nights.rows(open_) == [(2,)]
    nights.write("follow_up.csv", [HEADER, ["2", *held[1:]]])
    nights.night()
    assert nights.rows(
        "select delivered_row->>'ward', released_by_extract_id from raw.quarantine order by 1"
    ) == [("B", "follow_up-00003-000"), ("C", None)]


def test_a_ledger_of_an_earlier_form_is_refused_and_left_as_it_is(follow_up):
    follow_up.con.execute("create schema raw; create table raw.extracts (extract_id varchar)")
    follow_up.write("follow_up.csv", FIRST)
    with pytest.raises(IngestionError, match="earlier version"):
        follow_up.night()
    assert follow_up.rows("from raw.extracts") == []
