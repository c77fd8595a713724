"""Patterns are tried only where they may be found, and change what all of them would."""

from __future__ import annotations

import csv
import random
import re
from pathlib import Path

import pytest

from ingestion.vocabulary import normalized_text
from reading import comment_corrections, comment_spelling, comment_wordings, tokens
from reading.wordings import Wordings, pieces_of

CORPUS = Path(__file__).parents[1] / "spec"
LISTS = {
    "spelling": comment_spelling.WORDINGS,
    "corrections": comment_corrections.WORDINGS,
    "wordings": comment_wordings.WORDINGS,
    "tokens": tokens.WORDINGS,
}


@pytest.mark.parametrize(
    ("pattern", "pieces"),
    [
        ("margin", ("margin",)),
        (r"\bmargin\b", ("margin",)),
        # The longest piece; of two as long the first.
        ("ab[0-9]+cde", ("cde",)),
        ("ab.cd", ("ab",)),
        # Letters side by side with a word's edge or a look around between them.
        (r"(?<=a)b\bc(?!d)e(?=fghi)", ("fghi",)),
        (r"a(?<!x)bc", ("abc",)),
        # One of the branches, and none where a branch needs nothing.
        ("margins?|rand", ("margin", "rand")),
        (r"margin|\d+", ()),
        ("(?:free|clear) of", ("free", "clear")),
        # What may be left out is not needed, what is repeated is.
        ("(?:closest )?m", ("m",)),
        ("(?:closest )*", ()),
        ("(?:cm )+", ("cm ",)),
        ("(?:cm ){2}?x", ("cm ",)),
        (r"(margin) \1", ("margin",)),
        # Of a class the letters, where they are few.
        ("[–—]", ("–", "—")),
        ("[a-c]", ()),
        ("[^a]", ()),
        ("[abcd]", ("a", "b", "c", "d")),
        ("[abcde]", ()),
        (r"[a\d]", ()),
        # What is not there is not needed.
        ("(?!margin)[0-9]", ()),
        ("(?<!margin)[0-9]", ()),
        (".*", ()),
        # Without regard to case no piece is sure.
        ("(?i)margin", ()),
        ("(?i:margin)|x", ()),
    ],
)
def test_what_a_pattern_needs(pattern: str, pieces: tuple[str, ...]) -> None:
    assert pieces_of(re.compile(pattern)) == pieces


def _texts() -> list[str]:
    texts = []
    for name in ("comments.csv", "readings.csv"):
        with (CORPUS / name).open(encoding="utf-8", newline="") as handle:
            texts += [normalized_text(row["text"] or "") for row in csv.DictReader(handle)]
    # Cut anywhere and put together anew: what a pattern needs may stand at any edge.
    drawn = random.Random(1)
    texts = drawn.sample(texts, 1500)
    halves = [text[drawn.randrange(len(text) + 1) :] for text in texts]
    drawn.shuffle(halves)
    return texts + [one[:60] + other for one, other in zip(texts, halves, strict=True)]


@pytest.mark.parametrize("name", LISTS)
def test_no_pattern_is_left_out_that_would_change_a_text(name: str) -> None:
    wordings = LISTS[name]
    tried = Wordings([])
    tried.patterns = [(pattern, instead, ("",)) for pattern, instead, _ in wordings.patterns]
    blanks = name == "corrections"
    differ = [
        text
        for text in _texts()
        if wordings.applied(text, to_single_blanks=blanks)
        != tried.applied(text, to_single_blanks=blanks)
    ]
    assert differ == []


def test_blanks_are_single_before_and_after_each() -> None:
    wordings = Wordings([("b c", ""), ("a d", "x"), ("not there", "y")])
    assert wordings.applied(" a b  c d ", to_single_blanks=True) == "x"
    assert wordings.applied("a b c d") == "a  d"
