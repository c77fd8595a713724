"""The engine of the sentence reader: what holds of any text, whatever the field."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingestion.contract import load_contract
from reading.lexicon import SHORTEST_MISSPELLED, lexicon_of, rows
from reading.lexicon import WORDS as LISTS
from reading.measures import with_measures
from reading.read import read, readers
from reading.sentence import statements_of
from reading.settings import Settings
from reading.tokens import rewritten, tokens_of

PROJECT = Path(__file__).parents[2]
quickly = settings(max_examples=60, deadline=None, derandomize=True)

FIELDS = sorted(readers())
INVASION = [
    "lymphovascular_invasion",
    "lymphatic_invasion",
    "venous_invasion",
    "perineural_invasion",
]
WORDS = sorted({word for phrase, _, _ in rows() for word in phrase.split()})
MARKS = [",", ".", ";", ":", "(", ")", "-", "/", "+", "?", "<", ">", "=", "x", "%", "0", "1", "2.5"]
# Texts of words that the lexicon knows reach further than texts of any letters.
texts = st.lists(st.sampled_from(WORDS + MARKS), max_size=12).map(" ".join)

DENIALS = ["no", "without", "no evidence of", "negative for", "absence of", "فاقد", "بدون", "عدم"]
NAMES = {
    "lymphovascular_invasion": ["lymphovascular invasion", "lvi", "تهاجم لنفوواسکولار"],
    "lymphatic_invasion": ["lymphatic invasion", "تهاجم لنفاوی"],
    "venous_invasion": ["venous invasion", "تهاجم وریدی"],
    "perineural_invasion": ["perineural invasion", "pni", "تهاجم پری نورال"],
}
HARMLESS = ["", "in the sections examined", "identified", "seen", "by tumor", "در نمونه ارسالی"]


@quickly
@given(text=texts, field=st.sampled_from(FIELDS))
def test_no_text_of_known_words_raises(text: str, field: str) -> None:
    read(field, text)


@quickly
@given(text=st.text(max_size=40), field=st.sampled_from(FIELDS))
def test_no_text_at_all_raises(text: str, field: str) -> None:
    read(field, text)


@quickly
@given(text=texts, field=st.sampled_from(FIELDS))
def test_a_reading_is_a_value_or_a_reason_and_its_interval_is_not_empty(
    text: str, field: str
) -> None:
    reading = read(field, text, Settings(unit="cm" if field == "largest_metastasis" else None))
    if reading is None:
        return
    is_known = reading.value is not None or reading.measure is not None
    assert is_known != (reading.missing_reason is not None)
    if reading.measure and None not in (reading.measure.low, reading.measure.high):
        assert reading.measure.low <= reading.measure.high


@quickly
@given(text=texts)
def test_tokens_are_words_without_blanks_in_lower_case(text: str) -> None:
    assert all(token and token == token.strip().lower() for token in tokens_of(text))


@quickly
@given(
    field=st.sampled_from(INVASION),
    denial=st.sampled_from(DENIALS),
    behind=st.sampled_from(HARMLESS),
    data=st.data(),
)
def test_a_denied_finding_is_never_a_yes(
    field: str, denial: str, behind: str, data: st.DataObject
) -> None:
    name = data.draw(st.sampled_from(NAMES[field]))
    reading = read(field, f"{denial} {name} {behind}".strip())
    assert reading is None or reading.value != "yes"


@quickly
@given(denial=st.sampled_from(DENIALS), field=st.sampled_from(INVASION), text=texts)
def test_what_stands_before_a_denied_finding_does_not_turn_it_to_yes_alone(
    denial: str, field: str, text: str
) -> None:
    """The same name asserted elsewhere may win; words without a name of the field must not."""
    concepts = {m.concept for s in statements_of(text, field) for m in s.mentions}
    answers = {said for s in statements_of(text, field) for _, said in s.loose}
    extents = any(s.extents for s in statements_of(text, field))
    if concepts or "yes" in answers or extents:
        return
    reading = read(field, f"{text} . {denial} {NAMES[field][0]}")
    assert reading is None or reading.value != "yes"


@pytest.mark.parametrize("field", INVASION)
@pytest.mark.parametrize("mark", [",", ";", ".", " -"])
def test_a_list_without_and_does_not_carry_a_denial_into_a_yes(field: str, mark: str) -> None:
    for other in INVASION:
        text = f"no {NAMES[other][0]}{mark} {NAMES[field][0]}"
        reading = read(field, text)
        if other != field:
            assert reading is None or reading.value != "yes", text


@pytest.mark.parametrize("prefix", ["un", "non", "in", "im", "a", "dis", "anti", "ن", "نا", "بی"])
def test_a_prefix_that_turns_a_word_round_is_no_spelling_mistake(prefix: str) -> None:
    # One field of many words stands for all: spelling knows no field.
    for field in ("lymphovascular_invasion", "metastasis_count"):
        lexicon = lexicon_of(field)
        known = {word for word in WORDS if word.isalpha() and len(word) >= SHORTEST_MISSPELLED}
        for word in known:
            opposite = prefix + word
            if word.startswith(prefix[0]) or opposite in known:
                continue
            assert lexicon._spelled(opposite) != word, f"{opposite} is read as {word} in {field}"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("involved", "uninvolved"),
        ("synchronous", "asynchronous"),
        ("symptomatic", "asymptomatic"),
        ("identified", "unidentified"),
        ("typical", "atypical"),
        ("remarkable", "unremarkable"),
        ("adequate", "inadequate"),
        ("intramural", "extramural"),
        ("intrahepatic", "extrahepatic"),
        ("possible", "impossible"),
        ("specific", "nonspecific"),
        ("hypervascular", "hypovascular"),
    ],
)
def test_words_that_are_opposites_are_never_taken_for_each_other(one: str, other: str) -> None:
    for field in FIELDS:
        lexicon = lexicon_of(field)
        assert lexicon._spelled(one) != other
        assert lexicon._spelled(other) != one


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("invason", "invasion"),
        ("invassion", "invasion"),
        ("lymphovasculer", "lymphovascular"),
        ("perineurel", "perineural"),
        ("identfied", "identified"),
    ],
)
def test_one_wrong_letter_is_put_right(text: str, meant: str) -> None:
    assert lexicon_of("lymphovascular_invasion")._spelled(text) == meant


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("four", ["four"]),
        ("tumour", ["tumor"]),
        ("colour", ["color"]),
        ("l0v1pn0", ["l0", "v1", "pn0"]),
        ("4.5x3x2 cm", ["4.5", "x", "3", "x", "2", "cm"]),
        ("40mmx30mm", ["40", "mm", "x", "30", "mm"]),
        ("3.5-cm", ["3.5", "cm"]),
        (".5 cm", ["0.5", "cm"]),
        ("4.5.2", ["manifold"]),
        ("3/5 سانت", ["3.5", "سانت"]),
        ("3/5 cm", ["3", "/", "5", "cm"]),
        ("10+", ["10", "or", "more"]),
        ("lvi/pni", ["lvi", "or", "pni"]),
        ("1y6m", ["1", "y", "6", "m"]),
    ],
)
def test_tokens(text: str, tokens: list[str]) -> None:
    assert list(tokens_of(text)) == tokens


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("< 1 cm", 0, 10),
        ("between 2 and 3 cm", 20, 30),
        ("2 to 3 cm", 20, 30),
        ("over 5 cm", 50, None),
        ("5 cm or larger", 50, None),
        ("5 cm or less", 0, 50),
        ("4 x 5 cm", 50, 50),
        ("4 cm x 35 mm", 40, 40),
        ("40 mm", 40, 40),
    ],
)
def test_measures(text: str, low: int, high: int | None) -> None:
    (measure,) = with_measures(lexicon_of("largest_metastasis").lexemes(tokens_of(text)))
    assert (measure.low, measure.high) == (low, high)


def test_a_word_of_measurements_changes_nothing_without_a_number() -> None:
    lexemes = with_measures(lexicon_of("lymphovascular_invasion").lexemes(tokens_of("over")))
    assert [lexeme.kind for lexeme in lexemes] == ["fill"]


def test_the_words_stand_once() -> None:
    """One row per kind, value and fields, each phrase once in it: who changes one finds it all."""
    said: list[tuple[str, str, frozenset[str]]] = []
    for file in sorted(LISTS.glob("*.csv")):
        with file.open(encoding="utf-8") as handle:
            for row in csv.DictReader(handle):
                phrases = row["phrases"].split(" | ")
                assert sorted(phrases) == sorted({phrase.strip() for phrase in phrases} - {""})
                said.append((row["kind"], row["value"], frozenset(row["fields"].split())))
    assert len(said) == len(set(said))


def test_no_bare_number_of_the_lexicon_is_a_word() -> None:
    """A number as a word that changes nothing would vanish from every measurement."""
    wrong = {phrase for phrase, entry, _ in rows() if phrase.isdigit() and entry.kind == "fill"}
    assert not wrong


def test_no_number_of_the_lexicon_is_a_word_by_its_spelling() -> None:
    """A phrase of number words ("twenty two") is the number itself, and must stay one."""
    wrong = {
        phrase
        for phrase, entry, _ in rows()
        if not any(letter.isdigit() for letter in phrase)
        and [token.isdigit() for token in tokens_of(phrase)] == [True]
        and entry.kind != "number"
    }
    assert not wrong


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("fifty-two", ["52"]),
        ("twenty percent", ["20", "percent"]),
        ("پنجاه و دو", ["52"]),
        ("four and a half cm", ["4.5", "cm"]),
        ("۲ و نیم".replace("۲", "2"), ["2.5"]),
        ("2 1/2 years", ["2.5", "years"]),
        ("half a year", ["0.5", "year"]),
        # A node, and the beginning of "CT".
        ("لنف نود", ["لنف", "نود"]),
        ("سی تی", ["سی", "تی"]),
        ("can't", ["cannot"]),
        ("can not", ["cannot"]),
        ("lvi -", ["lvi", "negative"]),
        ('liver, "segment 6"', ["liver", ",", "segment", "6"]),
        (">/= 10 mm", [">=", "10", "mm"]),
    ],
)
def test_numbers_and_signs_are_spelled_in_one_way(text: str, tokens: list[str]) -> None:
    assert list(tokens_of(text)) == tokens


@pytest.mark.parametrize(
    ("token", "word"),
    [("ressection", "resection"), ("برگشتته", "برگشتته"), ("ندولهای", "ندول")],
)
def test_a_wrong_letter_is_forgiven_but_never_one_of_denial(token: str, word: str) -> None:
    field = "recurrence_status" if token != "ressection" else "procedure"
    assert lexicon_of(field).spelled([token]) == word


@pytest.mark.slow
def test_plain_words_are_tokens_as_by_all_patterns() -> None:
    known = {phrase for phrase, _, _ in rows()}
    for name in ("readings", "comments"):
        with (PROJECT / f"tests/spec/{name}.csv").open(encoding="utf-8") as handle:
            known |= {row["text"].strip() for row in csv.DictReader(handle)}
    differ = [text for text in known if tokens_of(text) != rewritten(text.lower())]
    assert differ == []


def test_every_field_that_is_read_has_a_reader() -> None:
    macro = (PROJECT / "dbt_project" / "macros" / "sentences.sql").read_text(encoding="utf-8")
    listed = re.search(r"macro read_kinds\(\) -%}\n\((.*)\)", macro)
    assert listed is not None
    kinds = {kind.strip(" '") for kind in listed[1].split(",")}
    contract = load_contract(PROJECT / "dbt_project")
    read_fields = {
        field.name
        for extract in contract.extracts.values()
        for field in extract.fields
        if field.kind in kinds
    }

    assert len(kinds) == 11
    assert read_fields == set(readers())
