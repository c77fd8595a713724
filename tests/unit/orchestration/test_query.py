"""`crlm query` on a tiny release: what it writes, what it refuses, what it leaves behind."""

from __future__ import annotations

import io
import json
import os
from pathlib import Path

import duckdb
import pytest

from orchestration.errors import ConfigurationError
from orchestration.query import format_of, read_sql, run_query, save_query

ROWS = """
    (1, 'a', true, [1, 2], 1.500::decimal(9, 3), date '2020-01-31', 0.25::double),
    (2, 'b, "c"', false, [], null, null, 'nan'::double),
    (3, null, null, null, 0.1::decimal(9, 3), date '2021-12-01', null)
"""
NAMES = "n, word, yes, list, exact, day, float"


def _release(folder: Path, rows: str = ROWS) -> Path:
    folder.mkdir()
    with duckdb.connect(str(folder / "registry.duckdb")) as con:
        con.execute("create schema marts")
        con.execute(f"create table marts.things as from (values {rows}) t({NAMES})")
    return folder


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """For reading only."""
    return _release(tmp_path_factory.mktemp("published") / "release")


@pytest.fixture(scope="module")
def another(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Another release, or the warehouse, beside it."""
    rows = "(1, 'other', true, [1], 1.5::decimal(9, 3), null::date, 0.25::double)"
    return _release(tmp_path_factory.mktemp("another") / "release", rows)


def _answer(sql: str, release: Path, chosen: str, earlier: Path | None = None) -> str:
    stream = io.StringIO()
    run_query(sql, release, chosen, stream, earlier)
    return stream.getvalue()


def test_csv_has_null_empty_words_for_booleans_and_lists_as_json(release: Path) -> None:
    assert _answer("from marts.things order by n", release, "csv").splitlines() == [
        "n,word,yes,list,exact,day,float",
        '1,a,true,"[1, 2]",1.500,2020-01-31,0.25',
        '2,"b, ""c""",false,[],,,',
        "3,,,,0.100,2021-12-01,",
    ]


def test_json_has_types_and_null(release: Path) -> None:
    found = json.loads(_answer("from marts.things order by n", release, "json"))
    assert found == [
        {
            "n": 1,
            "word": "a",
            "yes": True,
            "list": [1, 2],
            "exact": 1.5,
            "day": "2020-01-31",
            "float": 0.25,
        },
        {
            "n": 2,
            "word": 'b, "c"',
            "yes": False,
            "list": [],
            "exact": None,
            "day": None,
            "float": None,
        },
        {
            "n": 3,
            "word": None,
            "yes": None,
            "list": None,
            "exact": 0.1,
            "day": "2021-12-01",
            "float": None,
        },
    ]


def test_no_row_is_an_empty_list_and_a_header(release: Path) -> None:
    assert json.loads(_answer("from marts.things where false", release, "json")) == []
    assert _answer("select n from marts.things where false", release, "csv") == "n\n"


def test_rows_of_more_than_one_batch_come_whole(release: Path) -> None:
    found = _answer("select range as n from range(25001)", release, "csv").splitlines()
    assert found[1:] == [str(n) for n in range(25_001)]
    assert len(json.loads(_answer("from range(25001)", release, "json"))) == 25_001


def test_a_table_shows_null(release: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run_query("select word from marts.things order by n", release, "table", io.StringIO())
    shown = capsys.readouterr().out
    assert "NULL" in shown
    assert "word" in shown


def test_parquet_keeps_the_types(release: Path, tmp_path: Path) -> None:
    out = tmp_path / "things.parquet"
    save_query("from marts.things", release, "parquet", out)
    with duckdb.connect() as con:
        types = con.execute(f"select typeof(columns(*)) from '{out}' limit 1").fetchall()
        assert types == [
            ("INTEGER", "VARCHAR", "BOOLEAN", "INTEGER[]", "DECIMAL(9,3)", "DATE", "DOUBLE")
        ]
        assert con.execute(f"select count(*) from '{out}'").fetchall() == [(3,)]


def test_several_statements_give_the_rows_of_the_last(release: Path) -> None:
    sql = """
        -- first a list
        create temp table picked as from marts.things where n < 3;
        select count(*) as n from picked;
        -- done
    """
    assert _answer(sql, release, "csv") == "n\n2\n"


def test_pivot_and_describe_are_queries(release: Path) -> None:
    assert _answer("pivot marts.things on yes using count(*)", release, "csv")
    assert "word" in _answer("describe marts.things", release, "csv")


def test_an_earlier_release_stands_beside(release: Path, another: Path) -> None:
    sql = "select e.word from earlier.marts.things e join marts.things t using (n)"
    assert _answer(sql, release, "csv", another) == "word\nother\n"


@pytest.mark.parametrize(
    "reached_for",
    [
        "from read_csv('{secret}')",
        "from '{secret}'",
        "select content from read_text('{secret}')",
        "from glob('{folder}/*')",
        "copy marts.things to '{folder}/stolen.csv'",
        "copy marts.things to '{folder}/stolen.parquet'",
        "export database '{folder}/stolen'",
        "attach '{folder}/stolen.duckdb'",
        "attach '{other}' as other",
        "install httpfs",
        "load httpfs",
        "set enable_external_access = true",
        "set allowed_directories = ['/']",
        "reset lock_configuration",
        "set temp_directory = '{folder}/stolen'",
        "delete from marts.things",
        "drop table marts.things",
        "create table marts.more as select 1",
        "update marts.things set n = 0",
    ],
)
def test_sql_reaches_no_file_and_changes_nothing(
    release: Path, another: Path, tmp_path: Path, reached_for: str
) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("name\nsecret\n", encoding="utf-8")
    before = (release / "registry.duckdb").read_bytes()
    sql = reached_for.format(secret=secret, folder=tmp_path, other=another / "registry.duckdb")
    for text in (sql, f"{sql}; from marts.things"):
        with pytest.raises(ConfigurationError) as refused:
            _answer(text, release, "csv")
        assert "\n" not in str(refused.value)
        with pytest.raises(ConfigurationError):
            save_query(text, release, "parquet", tmp_path / "out.parquet")
    assert [path.name for path in tmp_path.iterdir()] == ["secret.csv"]
    assert [path.name for path in release.iterdir()] == ["registry.duckdb"]
    assert (release / "registry.duckdb").read_bytes() == before


def test_names_of_this_program_are_no_tables(release: Path) -> None:
    import pandas as pd

    statements = pd.DataFrame({"a": [1]})
    assert len(statements) == 1
    with pytest.raises(ConfigurationError, match="does not exist"):
        _answer("from statements", release, "csv")


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("select\nfrom from marts.things", r"\(line 2\): syntax error at or near"),
        ("select wrod from marts.things", 'Referenced column "wrod" not found.*"word"'),
        ("from things", 'Table with name things does not exist.*"marts.things"'),
        ("", "the query is empty"),
        ("-- nothing", "the query is empty"),
        ("create temp table t as select 1", "the SQL gives no rows"),
        ("select $1 as x", "parameters"),
    ],
)
@pytest.mark.parametrize("chosen", ["csv", "json", "table"])
def test_errors_are_one_sentence(release: Path, chosen: str, sql: str, said: str) -> None:
    with pytest.raises(ConfigurationError, match=said) as error:
        _answer(sql, release, chosen)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("chosen", ["csv", "table"])
def test_an_error_does_not_quote_a_value(release: Path, chosen: str) -> None:
    with pytest.raises(ConfigurationError, match="Could not convert string") as error:
        _answer("select word::integer from marts.things where n = 1", release, chosen)
    assert "'a'" not in str(error.value)


def test_two_columns_of_one_name_are_told_apart_in_csv_only(release: Path, tmp_path: Path) -> None:
    assert _answer("select 1 as a, 2 as a", release, "csv") == "a,a\n1,2\n"
    with pytest.raises(ConfigurationError, match="two columns are called a"):
        _answer("select 1 as a, 2 as a", release, "json")


@pytest.mark.parametrize("name", ["rows.csv", "rows.json", "rows.parquet"])
def test_a_file_is_refused_where_it_exists_and_replaced_where_asked(
    release: Path, tmp_path: Path, name: str
) -> None:
    out = tmp_path / name
    chosen = format_of(None, out)
    out.write_text("an older answer", encoding="utf-8")
    out.chmod(0o644)
    with pytest.raises(ConfigurationError, match=f"{name}: exists already; --overwrite"):
        save_query("from marts.things", release, chosen, out)
    assert out.read_text(encoding="utf-8") == "an older answer"
    # A query that fails does not take the older answer away either.
    with pytest.raises(ConfigurationError, match="the query cannot be run"):
        save_query("select nope", release, chosen, out, overwrite=True)
    assert out.read_text(encoding="utf-8") == "an older answer"
    size = save_query("from marts.things", release, chosen, out, overwrite=True)
    assert size == out.stat().st_size > 0
    assert out.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize("name", ["", "nowhere/rows.csv", "file/rows.csv"])
def test_a_file_that_cannot_be_made_is_said(release: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ConfigurationError, match=str(tmp_path)):
        save_query("from marts.things", release, "csv", tmp_path / name)


def test_a_query_stopped_half_way_leaves_no_file(
    release: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", stop)
    with pytest.raises(KeyboardInterrupt):
        save_query("from marts.things", release, "csv", tmp_path / "rows.csv")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("chosen", "out", "expected"),
    [
        (None, None, "table"),
        ("csv", None, "csv"),
        (None, "a.csv", "csv"),
        (None, "a.JSON", "json"),
        ("parquet", "a.dat", "parquet"),
        ("csv", "a.parquet", "csv"),
    ],
)
def test_the_format_is_the_one_asked_for_or_that_of_the_name(
    chosen: str | None, out: str | None, expected: str
) -> None:
    assert format_of(chosen, None if out is None else Path(out)) == expected


@pytest.mark.parametrize(
    ("chosen", "out", "said"),
    [
        ("parquet", None, "name its file with --out"),
        ("table", "a.csv", "for the terminal"),
        (None, "a.xlsx", "csv, json or parquet"),
        (None, "rows", "csv, json or parquet"),
    ],
)
def test_formats_that_do_not_go_with_the_file(
    chosen: str | None, out: str | None, said: str
) -> None:
    with pytest.raises(ConfigurationError, match=said):
        format_of(chosen, None if out is None else Path(out))


def test_the_query_comes_from_the_line_or_a_file_never_both(tmp_path: Path) -> None:
    file = tmp_path / "query.sql"
    file.write_text("\ufeffselect 'مرکز'", encoding="utf-8")
    assert read_sql("select 1", None) == "select 1"
    assert read_sql(None, file) == "select 'مرکز'"
    for sql, path in ((None, None), ("select 1", file)):
        with pytest.raises(ConfigurationError, match="--file"):
            read_sql(sql, path)
    with pytest.raises(ConfigurationError, match=r"nowhere\.sql: No such file"):
        read_sql(None, tmp_path / "nowhere.sql")
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigurationError, match="no text in UTF-8"):
        read_sql(None, file)
