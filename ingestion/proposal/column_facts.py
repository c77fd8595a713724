"""What the values of a file's columns look like: counted in sets, for proposals only.

Each column's distinct texts are judged once, in DuckDB; of the values themselves only short codes
leave this module, see ``Column.codes``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import duckdb

from ingestion.sql import text_literal
from ingestion.vocabulary import normalized_text
from reading.read import read

# A code is short, and few different ones are in its column: nothing that tells who a patient is.
_CODE_LENGTH = 4
_CODE_LIMIT = 12
_CODE_ROWS = 5
_TOKEN_LENGTH = 12
# How many different texts of a column are read by sentence.
_MOST_READ = 30

_NUMBER = "[0-9]+([.,][0-9]+)?"
_UNIT = "(mm|cm|%|months?|days?|weeks?|years?|میلی ?متر|سانتی ?متر|سانت|ماه|روز|سال)[.]?"
_QUANTITY = f" ?{_NUMBER} ?({_UNIT})?"
_MEASURE = f"([^0-9]{{2,30}} )?[<>=~]{{0,2}}{_QUANTITY}( ?(x|[*]|-|to|تا){_QUANTITY}){{0,2}}"
_TIME = "([ t]+[0-9]{1,2}:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?z?)?"
_YEAR_FIRST = f"[0-9]{{4}}([-/.][0-9]{{1,2}}){{1,2}}{_TIME}"
_YEAR_LAST = f"[0-9]{{1,2}}[-/.][0-9]{{1,2}}[-/.][0-9]{{4}}{_TIME}"
_SHORT_YEAR = f"[0-9]{{1,2}}[-/.][0-9]{{1,2}}[-/.][0-9]{{2}}{_TIME}"
# Numbers by which programs say "nothing": -9, -99, -999, 999, 9999, -888 and their like.
_NO_NUMBER = "-[189]|-(88|99)|-?(888|999)[89]*([.]0+)?"
# Texts as they are compared when read: the letters, digits and blanks of normalize_text.sql.
_FOUND = "يىكةۀ٫–—−‐‑×،؛۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩"
_UNIFIED = "ییکهه.-----x,;01234567890123456789"


@dataclass(frozen=True)
class Column:
    """One column of a file: counts of rows, after blanks and missing words are set aside.

    ``high_number`` is the 95th percentile of the different numbers, so that a slip does not count;
    ``known`` has, for each vocabulary, the rows whose text or a part of it is one of its phrases;
    ``codes`` the short texts of a column with few of them, null where it has others.
    """

    number: int
    header: str
    filled: int
    numbers: int
    whole: int
    below_15: int
    above_15: int
    up_to_1: int
    high_number: float | None
    measures: int
    with_mm: int
    with_cm: int
    dates: int
    jalali: int
    gregorian: int
    year_last: int
    short_years: int
    day_first_only: int
    month_first_only: int
    thousands_comma: int
    thousands_point: int
    known: dict[str, int]
    codes: tuple[str, ...] | None
    tokens: dict[str, int]

    @property
    def is_binary(self) -> bool:
        return self.codes is not None and set(self.codes) <= {"0", "1"}


def look_at_columns(
    con: duckdb.DuckDBPyConnection,
    table: str,
    headers: list[str],
    seeds: Path,
    vocabularies: dict[str, str],
) -> list[Column]:
    """Count what the texts of each column of ``table`` (``c0``, ``c1``, …) look like.

    ``vocabularies`` has the lists of phrases, each with a field that is read by it.
    """
    _judge_texts(con, table, len(headers), seeds)
    _load_vocabularies(con, seeds, vocabularies)
    counted = con.execute(
        """
        select column_number, sum(row_count) as filled,
            sum(row_count) filter (number is not null) as numbers,
            sum(row_count) filter (number = floor(number)) as whole,
            sum(row_count) filter (number > 0 and number < 15) as below_15,
            sum(row_count) filter (number > 15) as above_15,
            sum(row_count) filter (number <= 1) as up_to_1,
            quantile_disc(number, 0.95) as high_number,
            sum(row_count) filter (is_measure and not is_date) as measures,
            sum(row_count) filter (is_measure and has_mm) as with_mm,
            sum(row_count) filter (is_measure and has_cm) as with_cm,
            sum(row_count) filter (is_date) as dates,
            sum(row_count) filter (year between 1300 and 1430) as jalali,
            sum(row_count) filter (year between 1900 and 2100) as gregorian,
            sum(row_count) filter (is_year_last) as year_last,
            sum(row_count) filter (is_short_year) as short_years,
            sum(row_count) filter (is_year_last and first_part > 12 and second_part <= 12)
                as day_first_only,
            sum(row_count) filter (is_year_last and second_part > 12 and first_part <= 12)
                as month_first_only,
            sum(row_count) filter (has_thousands_comma) as thousands_comma,
            sum(row_count) filter (has_thousands_point) as thousands_point
        from judged where not is_token
        group by column_number
        """
    )
    names = [column[0] for column in counted.description]
    counts = {row[0]: dict(zip(names, row, strict=True)) for row in counted.fetchall()}
    known = _known(con, vocabularies)
    codes = _codes(con)
    tokens = _tokens(con)
    columns = []
    for number, header in enumerate(headers):
        found = counts.get(number, dict.fromkeys(names))
        whole_numbers = {
            name: found[name] if name == "high_number" else int(found[name] or 0)
            for name in names
            if name != "column_number"
        }
        columns.append(
            Column(
                number=number,
                header=" ".join(header.split()),
                known=known.get(number, {}),
                codes=codes.get(number),
                tokens=tokens.get(number, {}),
                **whole_numbers,
            )
        )
    return columns


def header_stands_among_values(con: duckdb.DuckDBPyConnection, headers: list[str]) -> bool:
    """Whether a header is found among the values of its own column, as in a file without one."""
    own = ", ".join(f"({i}, {_normalized(text_literal(h))})" for i, h in enumerate(headers))
    found = con.execute(
        f"select count(*) from judged j join (values {own}) h(column_number, text) "
        "on h.column_number = j.column_number and h.text = j.text"
    ).fetchall()
    return bool(found[0][0])


def load_phrases(con: duckdb.DuckDBPyConnection) -> dict[str, dict[str, str]]:
    """Per vocabulary its phrases, and what each stands for ('' where it stands for no value)."""
    phrases: dict[str, dict[str, str]] = {}
    for vocabulary, phrase, value in con.execute("from phrases").fetchall():
        phrases.setdefault(vocabulary, {})[phrase] = value
    return phrases


def _normalized(expression: str) -> str:
    return (
        f"trim(regexp_replace(lower(translate(nfc_normalize({expression}), '{_FOUND}', "
        rf"'{_UNIFIED}')), '[\s\p{{Z}}\p{{Cf}}]+', ' ', 'g'))"
    )


def _judge_texts(con: duckdb.DuckDBPyConnection, table: str, columns: int, seeds: Path) -> None:
    texts = " union all ".join(
        f"select {i} as column_number, {_normalized(f'c{i}')} as text from {table}"
        for i in range(columns)
    )
    con.execute(
        f"""
        create or replace temp table judged as
        with texts as (
            select column_number, text, count(*) as row_count from ({texts})
            where text <> '' group by all
        ),
        words as (
            select distinct {_normalized("phrase")} as phrase
            from read_csv(?, header = true, all_varchar = true)
        )
        select column_number, text, row_count,
            phrase is not null as is_missing_word,
            is_missing_word or regexp_full_match(text, '{_NO_NUMBER}') as is_token,
            case when regexp_full_match(text, '[<>=~]{{0,2}} ?{_NUMBER}')
                then try_cast(replace(regexp_extract(text, '{_NUMBER}'), ',', '.') as double)
            end as number,
            regexp_full_match(text, '{_MEASURE}') as is_measure,
            regexp_matches(text, '[0-9 ](mm|میلی ?متر)([^a-z]|$)') as has_mm,
            regexp_matches(text, '[0-9 ](cm|سانت)') as has_cm,
            regexp_full_match(text, '{_YEAR_LAST}') as is_year_last,
            regexp_full_match(text, '{_SHORT_YEAR}') as is_short_year,
            is_year_last or is_short_year or regexp_full_match(text, '{_YEAR_FIRST}') as is_date,
            case when is_date then try_cast(regexp_extract(text, '[0-9]{{4}}') as integer) end
                as year,
            try_cast(regexp_extract(text, '^[0-9]+') as integer) as first_part,
            try_cast(regexp_extract(text, '^[0-9]+[-/.]([0-9]+)', 1) as integer) as second_part,
            regexp_full_match(text, '[0-9]{{1,3}}(,[0-9]{{3}})+[.][0-9]+') as has_thousands_comma,
            regexp_full_match(text, '[0-9]{{1,3}}([.][0-9]{{3}})+,[0-9]+') as has_thousands_point
        from texts left join words on phrase = text
        """,
        [str(seeds / "missing_words.csv")],
    )


def _load_vocabularies(
    con: duckdb.DuckDBPyConnection, seeds: Path, vocabularies: Iterable[str]
) -> None:
    lists = []
    for name in sorted(vocabularies):
        value = "term" if name == "hepatectomy_procedures" else "value"
        seed = text_literal(str(seeds / f"{name}.csv"))
        lists.append(
            f"select '{name}' as vocabulary, {_normalized('phrase')} as phrase, "
            f"coalesce({value}, '') as value from read_csv({seed}, header = true, "
            "all_varchar = true)"
        )
    con.execute(f"create or replace temp table phrases as {' union all '.join(lists)}")


def _known(
    con: duckdb.DuckDBPyConnection, vocabularies: dict[str, str]
) -> dict[int, dict[str, int]]:
    """Per column and vocabulary in how many rows a text is a phrase of it, or is read by sentence.

    By sentence the most frequent texts are read, for a column of free text has as many as rows.
    """
    listed = con.execute(
        r"""
        with parts as (
            select column_number, text, row_count,
                unnest(list_distinct(
                    list_concat([text], regexp_split_to_array(text, '\s*[;.,+]\s*'))
                )) as part
            from judged where not is_token and length(text) <= 200
        )
        select distinct column_number, text, row_count, vocabulary
        from parts join phrases on phrase = part
        """
    ).fetchall()
    frequent = con.execute(
        f"""
        select column_number, text, row_count
        from judged
        where not is_token and not is_measure and not is_date and length(text) <= 200
            and text not in (select phrase from phrases)
        qualify row_number() over (
            partition by column_number order by row_count desc, text
        ) <= {_MOST_READ}
        """
    ).fetchall()
    met = {(number, text, vocabulary): count for number, text, count, vocabulary in listed}
    for number, text, count in frequent:
        for vocabulary, field in vocabularies.items():
            if (number, text, vocabulary) in met:
                continue
            reading = read(field, normalized_text(text))
            if reading is not None and reading.value is not None:
                met[number, text, vocabulary] = count
    known: dict[int, dict[str, int]] = {}
    for (number, _, vocabulary), count in met.items():
        counts = known.setdefault(number, {})
        counts[vocabulary] = counts.get(vocabulary, 0) + int(count)
    return known


def _codes(con: duckdb.DuckDBPyConnection) -> dict[int, tuple[str, ...]]:
    rows = con.execute(
        f"""
        select column_number, list(text order by text) from judged where not is_token
        group by column_number
        having max(length(text)) <= {_CODE_LENGTH} and count(*) <= {_CODE_LIMIT}
            and sum(row_count) >= 2 * count(*)
        """
    ).fetchall()
    return {number: tuple(texts) for number, texts in rows}


def _tokens(con: duckdb.DuckDBPyConnection) -> dict[int, dict[str, int]]:
    """Texts that seem to say "nothing": missing words, numbers such as -999, and short texts that
    return in a column of numbers or dates and that no vocabulary knows."""
    rows = con.execute(
        f"""
        with numeric as (
            select column_number from judged where not is_token group by column_number
            having sum(row_count) filter (is_measure or is_date) >= 0.5 * sum(row_count)
        )
        select column_number, text, sum(row_count) from judged
        where is_missing_word
            or (is_token and row_count >= {_CODE_ROWS})
            or (column_number in (select column_number from numeric)
                and not is_measure and not is_date and row_count >= {_CODE_ROWS}
                and length(text) <= {_TOKEN_LENGTH} and not regexp_matches(text, '[0-9]')
                and text not in (select phrase from phrases))
        group by all order by all
        """
    ).fetchall()
    tokens: dict[int, dict[str, int]] = {}
    for number, text, count in rows:
        tokens.setdefault(number, {})[text] = int(count)
    return tokens
