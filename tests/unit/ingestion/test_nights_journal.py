"""The journal of nights: written after the commit, healed by the next, never believed blindly."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb
import pytest

from ingestion.errors import ArchiveError, IngestionError
from ingestion.nights import read_journal, write_journal
from ingestion.pseudonyms import PseudonymKey
from ingestion.replay import replay
from ingestion.vocabulary import Phrase

HEADER = ["patient_id", "contact_date", "vital_status"]
ONE = ["4711", "2020-01-01", "alive"]


@pytest.fixture
def one_night(follow_up: Any) -> Any:
    follow_up.write("follow_up.csv", [HEADER, ONE])
    follow_up.night()
    return follow_up


def archive(nights: Any) -> Path:
    return nights.folder / "archive"


def test_a_night_is_written_without_a_value_of_a_patient(one_night: Any) -> None:
    (entry,) = (archive(one_night) / "nights").glob("*.json")
    text = entry.read_text(encoding="utf-8")
    assert "4711" not in text
    assert "alive" not in text
    assert json.loads(text)["extracts"]["follow_up"]["files"][0]["name"] == "follow_up.csv"
    assert entry.stat().st_mode & 0o077 == 0


def test_a_night_that_failed_is_in_no_journal(one_night: Any) -> None:
    (one_night.folder / "follow_up.csv").write_text("no table", encoding="utf-8")
    with pytest.raises(IngestionError):
        one_night.night()
    assert [night.run_id for night in read_journal(archive(one_night))] == ["night-1"]
    assert one_night.rows("select run_id from raw.nights") == [("night-1",)]


def test_an_entry_that_a_dying_process_did_not_write_is_written_by_the_next(one_night: Any) -> None:
    (entry,) = (archive(one_night) / "nights").glob("*.json")
    before = entry.read_text(encoding="utf-8")
    entry.unlink()
    (entry.parent / ".night-1.incoming").write_text("half", encoding="utf-8")
    one_night.night()
    assert [night.run_id for night in read_journal(archive(one_night))] == ["night-1", "night-2"]
    assert entry.read_text(encoding="utf-8") == before
    write_journal(one_night.con, archive(one_night))
    assert entry.read_text(encoding="utf-8") == before


def replayed(nights: Any, key: PseudonymKey | None = None) -> None:
    with duckdb.connect() as con:
        journal = read_journal(archive(nights))
        replay(con, nights.contract, journal, archive(nights), key or nights.key)


def test_a_damaged_or_missing_file_of_the_archive_is_named(one_night: Any) -> None:
    (file,) = archive(one_night).glob("*.csv")
    content = file.read_bytes()
    file.write_bytes(content.replace(b"alive", b"dead "))
    with pytest.raises(ArchiveError, match=r"follow_up\.csv of the night night-1 is damaged"):
        replayed(one_night)
    file.unlink()
    with pytest.raises(ArchiveError, match="is not in the archive"):
        replayed(one_night)
    file.write_bytes(content)
    replayed(one_night)


def test_a_damaged_entry_is_named(one_night: Any) -> None:
    (entry,) = (archive(one_night) / "nights").glob("*.json")
    for text in ("{", "[]", '{"run_id": "night-1"}'):
        entry.write_text(text, encoding="utf-8")
        with pytest.raises(ArchiveError, match="entry of the journal is damaged"):
            read_journal(archive(one_night))


def test_another_key_is_refused_before_anything_is_made(one_night: Any) -> None:
    with pytest.raises(IngestionError, match="another pseudonym key"):
        replayed(one_night, PseudonymKey(b"another secret of sixteen"))


def test_each_night_is_made_again_with_the_words_of_that_night(one_night: Any) -> None:
    first = Phrase("follow_up", "vital_status", "رفته", "lost")
    second = Phrase("follow_up", "vital_status", "رفته", "dead")
    for phrase in (first, second):
        one_night.phrases = (phrase,)
        one_night.night()
    journal = read_journal(archive(one_night))
    assert [night.phrases for night in journal] == [(), (first,), (second,)]

    for last, expected in enumerate([[], [first], [second]], start=1):
        with duckdb.connect() as con:
            replay(con, one_night.contract, journal[:last], archive(one_night), one_night.key)
            assert con.execute("from raw.phrases").fetchall() == [
                (p.extract, p.field, p.phrase, p.value) for p in expected
            ]
    # The words are not part of the files: nothing was read again.
    assert one_night.rows("select count(*) from raw.extracts") == [(1,)]


def test_a_night_journaled_before_hospitals_had_words_has_none(one_night: Any) -> None:
    one_night.phrases = (Phrase("follow_up", "vital_status", "gone", "lost"),)
    one_night.con.execute("alter table raw.nights drop column phrases")
    entry = next((archive(one_night) / "nights").glob("*.json"))
    content = json.loads(entry.read_text(encoding="utf-8"))
    del content["phrases"]
    entry.write_text(json.dumps(content), encoding="utf-8")

    one_night.night()

    assert [night.phrases for night in read_journal(archive(one_night))] == [(), one_night.phrases]
