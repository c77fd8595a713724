"""What was read is read once; a damaged file never gives a wrong reading."""

from __future__ import annotations

import sqlite3
import stat
from contextlib import closing

import pytest

from reading import kept
from reading.kept import KeptReadings, version_of_readers
from reading.rows import COMMENT, Asked, answer, read_as_json

KEY, OTHER = b"k" * 16, b"o" * 16
SETTINGS = '{"rectosigmoid": "colon"}'


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "readings"


def _keep(folder, *readings):
    with closing(KeptReadings(folder)) as opened:
        opened.add(readings)


def _kept(folder, key):
    with closing(KeptReadings(folder)) as opened:
        return opened.get(key)


def test_a_reading_is_found_by_the_next_night(folder):
    _keep(folder, (KEY, '{"value": "بله"}'), (OTHER, "null"))
    _keep(folder, (KEY, '{"value": "no"}'))
    assert _kept(folder, KEY) == '{"value": "no"}'
    assert _kept(folder, OTHER) == "null"
    assert _kept(folder, b"x" * 16) is None
    (file,) = folder.glob("*.sqlite")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_nothing_is_kept_once_it_is_closed(folder):
    opened = KeptReadings(folder)
    assert opened.is_open
    opened.close()
    opened.add([(KEY, "null")])
    assert not opened.is_open
    assert opened.get(KEY) is None
    assert _kept(folder, KEY) is None


def test_what_other_readers_read_goes(folder, monkeypatch):
    _keep(folder, (KEY, "null"))
    monkeypatch.setattr(kept, "version_of_readers", lambda: "later")
    assert _kept(folder, KEY) is None
    assert {file.name.split(".")[0] for file in folder.iterdir()} == {"later"}


@pytest.mark.parametrize("name", ["a.py", "words/a.csv"])
def test_readers_are_others_with_another_word(tmp_path, monkeypatch, name):
    monkeypatch.setattr(kept, "PACKAGE", tmp_path)
    (tmp_path / "words").mkdir()
    versions = []
    for content in ("a", "b", "b\n"):
        (tmp_path / name).write_text(content)
        (tmp_path / "unrelated.pyc").write_text(content)
        versions.append(version_of_readers.__wrapped__())
    assert len(set(versions)) == 3
    monkeypatch.setattr(kept.platform, "python_version", lambda: "4.0.0")
    assert version_of_readers.__wrapped__() not in versions


def test_a_file_of_something_else_is_removed(folder):
    _keep(folder, (KEY, "null"))
    (file,) = folder.glob("*.sqlite")
    file.write_bytes(b"no database at all" * 100)
    opened = KeptReadings(folder)
    assert not opened.is_open
    opened.close()
    _keep(folder, (KEY, "null"))
    assert _kept(folder, KEY) == "null"


def test_a_file_that_is_cut_gives_no_wrong_reading(folder):
    readings = [(bytes([at]) * 16, f'{{"value": "{at}"}}' * 20) for at in range(200)]
    _keep(folder, *readings)
    (file,) = folder.glob("*.sqlite")
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2])
    opened = KeptReadings(folder)
    found = [(opened.get(key), reading) for key, reading in readings]
    opened.close()
    assert all(one in (None, reading) for one, reading in found)
    assert any(one is None for one, _ in found)


@pytest.mark.parametrize("damaged", [b"", b"12345678null", "text", 5])
def test_a_reading_that_was_changed_is_none(folder, damaged):
    _keep(folder, (KEY, "null"), (OTHER, "null"))
    (file,) = folder.glob("*.sqlite")
    with sqlite3.connect(file) as con:
        con.execute("update readings set reading = ? where asked = ?", [damaged, KEY])
    con.close()
    assert _kept(folder, KEY) is None
    assert _kept(folder, OTHER) == "null"


def test_a_reading_of_another_text_is_none(folder):
    _keep(folder, (KEY, "null"))
    (file,) = folder.glob("*.sqlite")
    with sqlite3.connect(file) as con:
        con.execute("update readings set asked = ?", [OTHER])
    con.close()
    assert _kept(folder, OTHER) is None


def test_without_a_place_texts_are_read(folder):
    folder.write_text("a file")
    opened = KeptReadings(folder)
    assert not opened.is_open
    asked = Asked("margin_distance", "3 mm", SETTINGS)
    assert answer(asked, opened) == answer(asked, None)
    opened.close()


def test_a_full_disk_loses_nothing_but_the_keeping(folder, monkeypatch):
    opened = KeptReadings(folder)

    class Full:
        def execute(self, *_):
            raise sqlite3.OperationalError("database or disk is full")

        def close(self):
            pass

    monkeypatch.setattr(opened, "_con", Full())
    asked = Asked(COMMENT, "margin free. lvi absent", SETTINGS)
    assert answer(asked, opened) == answer(asked, None)
    assert not opened.is_open
    assert list(folder.glob("*.sqlite"))


@pytest.mark.parametrize(
    ("field", "text"),
    [
        (COMMENT, "margin 3 mm, lvi absent. steatosis 10 %"),
        (COMMENT, "nothing of note"),
        ("margin_distance", "less than 1 mm"),
        ("margin_distance", "quux"),
        ("resected_segments", "5-8"),
        ("procedure", "right hepatectomy"),
    ],
)
def test_what_is_kept_is_what_is_read(folder, field, text):
    opened = KeptReadings(folder)
    asked = Asked(field, text, SETTINGS)
    assert answer(asked, opened) == answer(asked, None)
    assert opened.get(asked.key) == read_as_json(asked)
    assert answer(asked, opened) == answer(asked, None)
    opened.add([(asked.key, '{"value": "as it was read"}')])
    assert answer(asked, opened) == {"value": "as it was read"}
    opened.close()


def test_the_key_tells_field_text_and_what_settings_mean():
    asked = Asked("margin_distance", "3", '{"unit": "mm"}')
    assert asked.key == Asked("margin_distance", "3", '{"unit":"mm","thousands":null}').key
    others = [
        asked._replace(field="largest_metastasis"),
        asked._replace(text="3 "),
        asked._replace(settings='{"unit": "cm"}'),
        asked._replace(settings="{}"),
        asked._replace(settings='{"unit": "mm", "own_words": [["a", "b"]]}'),
        asked._replace(settings='{"unit": "mm", "days_per_month": 30}'),
    ]
    assert len({one.key for one in (asked, *others)}) == len(others) + 1
