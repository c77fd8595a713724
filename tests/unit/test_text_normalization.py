"""The dbt macro ``normalize_text`` equals Unicode NFKC and the spelling rules of the dictionary.

The macro is rendered with Jinja alone, through its public entry and a stub of dbt's ``adapter``,
and run in DuckDB.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import jinja2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

MACRO = Path(__file__).resolve().parents[2] / "dbt_project" / "macros" / "normalize_text.sql"

# The unifications beyond NFKC: Persian spelling, decimal mark, dashes, list marks.
UNIFIED = dict(zip("يىكةۀ٫–—−‐‑×؛،“”", 'ییکهه.-----x;,""', strict=True))
INVISIBLE = "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
SPACES = "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
SPACES += "\u202f\u205f\u3000"

Normalize = Callable[[list[str | None]], list[str | None]]


class _Returned(Exception):
    """Carries the value of ``return(…)`` out of a macro, as dbt does it."""

    def __init__(self, value: Any) -> None:
        self.value = value


class _Adapter:
    """Dispatch to the macro ``default__<name>`` of the file."""

    def __init__(self) -> None:
        self.module: Any = None

    def dispatch(self, name: str, _package: str) -> Callable[..., Any]:
        return getattr(self.module, f"default__{name}")


def _load() -> tuple[str, str, str]:
    """The macro's two strings of pairs, and its SQL for a column ``t``."""
    adapter = _Adapter()
    environment = jinja2.Environment(extensions=["jinja2.ext.do"])

    def give(value: Any) -> Any:
        raise _Returned(value)

    template = environment.from_string(
        MACRO.read_text(encoding="utf-8"), globals={"return": give, "adapter": adapter}
    )
    macros: Any = template.module
    with pytest.raises(_Returned) as returned:
        macros.text_pairs()
    found, wanted = returned.value.value
    # Inside a macro text_pairs is looked up in its own file: give it there without the exception.
    source = MACRO.read_text(encoding="utf-8")
    start = source.index("{% macro text_pairs()")
    end = source.index("{%- endmacro %}", start) + len("{%- endmacro %}")
    template = environment.from_string(
        source[:start] + source[end:],
        globals={
            "adapter": adapter,
            "return": lambda value: value,
            "text_pairs": lambda: (found, wanted),
        },
    )
    adapter.module = template.module
    return found, wanted, str(adapter.module.normalize_text("t")).strip()


@pytest.fixture(scope="module")
def macro() -> tuple[str, str, str]:
    return _load()


@pytest.fixture(scope="module")
def normalize(macro: tuple[str, str, str]) -> Iterator[Normalize]:
    con = duckdb.connect()

    def run(texts: list[str | None]) -> list[str | None]:
        query = f"select {macro[2]} from (select unnest(?::varchar[]) as t)"
        return [row[0] for row in con.execute(query, [texts]).fetchall()]

    yield run
    con.close()


def by_the_dictionary(text: str) -> str:
    """NFKC; letters, digits and marks unified; invisible characters and blanks one space."""
    unified = str.maketrans(UNIFIED | {"٬": None} | dict.fromkeys(INVISIBLE, " "))
    text = "".join(unicodedata.normalize("NFKC", c) for c in text.translate(unified))
    text = text.translate(unified)
    text = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in text)
    return " ".join(text.split()).lower()


def test_pairs_are_as_many_on_both_sides_and_each_stands_once(macro: Any) -> None:
    found, wanted, _ = macro
    # A source character that stands on the other side would make the order of rules matter.
    assert len(found) == len(wanted)
    assert len(set(found)) == len(found)
    assert set(found) & set(wanted) == set()


def test_each_pair_is_nfkc_or_a_rule_of_the_dictionary(macro: Any) -> None:
    found, wanted, _ = macro
    wrong = [
        f"U+{ord(c):04X}"
        for c, w in zip(found, wanted, strict=True)
        if by_the_dictionary(f"a{c}b") != ("a b" if w == " " else f"a{w}b".lower())
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (0x0020, 0x007E),
        (0x0620, 0x064A),
        (0x0660, 0x066D),
        (0x0671, 0x0674),
        (0x0679, 0x06D3),
        (0x06EE, 0x06FF),
        (0xFB50, 0xFBB1),
        (0xFBD3, 0xFBDC),
        (0xFBDE, 0xFBE9),
        (0xFBFC, 0xFBFF),
        (0xFE80, 0xFEF4),
        (0xFF01, 0xFF5E),
        (0x2000, 0x200F),
        (0x2010, 0x2014),
    ],
    ids=lambda code: f"U+{code:04X}",
)
def test_every_character_of_a_block(normalize: Normalize, first: int, last: int) -> None:
    characters = [chr(code) for code in range(first, last + 1)]
    # Dashes other than those the dictionary names are left as they are.
    texts: list[str | None] = [f"a{c}b" for c in characters if c not in "\u2012"]
    expected = [by_the_dictionary(text) for text in texts if text]
    wrong = [
        (ascii(t), f, e)
        for t, f, e in zip(texts, normalize(texts), expected, strict=True)
        if f != e
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ﻻ", "لا"),
        ("ﻣﺒﺘﻼ", "مبتلا"),
        ("ﬁbrosis, inﬂammation", "fibrosis, inflammation"),
        ("5 ㎜", "5 mm"),
        ("0.5 ㎝", "0.5 cm"),
    ],
    ids=ascii,
)
def test_characters_that_nfkc_takes_apart(normalize: Normalize, text: str, expected: str) -> None:
    # PDF exports write ligatures; word processors and Asian fonts write unit signs.
    assert by_the_dictionary(text) == expected
    assert normalize([text]) == [expected]


@pytest.mark.parametrize("character", [*INVISIBLE, *SPACES, "\t", " "], ids=ascii)
def test_every_kind_of_blank_is_one_space(normalize: Normalize, character: str) -> None:
    assert normalize([f"{character}a{character * 3}b{character}", character]) == ["a b", ""]


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r", "\n\n", "\r\n\r\n"], ids=ascii)
def test_line_ends_part_a_text(normalize: Normalize, line_end: str) -> None:
    assert normalize([f"Free margin{line_end}3 mm"]) == ["free margin ; 3 mm"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("حاشيه جراحي آزاد است", "حاشیه جراحی آزاد است"),
        ("كبد", "کبد"),
        ("متاستاز كبدي از كولون", "متاستاز کبدی از کولون"),
        ("می‌باشد", "می باشد"),
        ("فاصله ۱٫۵ میلی‌متر", "فاصله 1.5 میلی متر"),
        ("٢٥٠٬٠٠٠", "250000"),
        ("ضایعة", "ضایعه"),
        ("تودۀ کبدی", "توده کبدی"),
        ("مثبت، R۱؛ درگیر", "مثبت, r1; درگیر"),
        ("Margin: ≥ 1 MM", "margin: >= 1 mm"),
        ("4.5 × 3 × 2 cm", "4.5 x 3 x 2 cm"),
        ("“Free”", '"free"'),
        ("don't know", "don't know"),
        ("５－ＦＵ　＋　ＬＶ", "5-fu + lv"),
        ("cafe\u0301", "café"),
        ("\u06cc\u0654", "\u06cc\u0654"),
        ("G2–G3", "g2-g3"),
    ],
)
def test_sentences(normalize: Normalize, text: str, expected: str) -> None:
    assert normalize([text]) == [expected]


def test_null_stays_null_and_blank_is_blank(normalize: Normalize) -> None:
    assert normalize([None, "", "  \u200c\u00a0\t "]) == [None, "", ""]


@pytest.mark.parametrize("text", ["\n", "\r\n \n"], ids=ascii)
def test_text_of_line_ends_alone_is_blank(normalize: Normalize, text: str) -> None:
    # A cell that holds a line end and nothing else is missing, not unreadable.
    assert normalize([text]) == [""]


@pytest.mark.parametrize("text", ["3 mm\n", "\n3 mm", "3 mm\r\n\r\n"], ids=ascii)
def test_line_ends_around_a_text_are_trimmed(normalize: Normalize, text: str) -> None:
    assert normalize([text]) == ["3 mm"]


@given(
    st.lists(
        st.text(
            st.sampled_from("aZ1 .,;-<>=\t" + "یيكکةههۀ۱٣٫٬" + INVISIBLE + SPACES + "ﺎﭖＡ９"),
            max_size=20,
        ),
        min_size=1,
        max_size=40,
    )
)
@settings(max_examples=15, deadline=None, derandomize=True)
def test_random_texts_equal_the_dictionary_and_stay_as_they_are(texts: list[str]) -> None:
    query = (
        f"with once as materialized (select {_SQL} as t from (select unnest(?::varchar[]) as t))"
    )
    with duckdb.connect() as con:
        rows = con.execute(f"{query} select t, {_SQL} from once", [texts]).fetchall()
    assert [once for once, _ in rows] == [by_the_dictionary(text) for text in texts]
    assert all(again == once for once, again in rows)


_SQL = _load()[2]
