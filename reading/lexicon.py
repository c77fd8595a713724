"""The words that sentences are read by: phrases of one or more words, each of one kind.

The files of `words/` have a row per kind, value and fields: the phrases, parted by ` | `. A row
without fields is of all of them, and one with fields goes before it; of two with the same field
the later holds. Beside the fields of the extracts there are `comment`, by whose words comments are
taken apart, and `remains`: what is left of a metastasis. The kinds that only comments, procedures
or lists of segments have are explained where these are read.

kind          what a phrase of it does
concept       names a finding, `value` says which
deny          denies what it stands before ("no", "free of"); where its value is `agrees`, a denial
              behind is the same one ("هیچ ... ندارد")
denied        denies what it stands behind ("not identified", "ندارد")
affirm        asserts what it stands before ("positive for")
affirmed      asserts what it stands behind ("present", "دیده شد")
doubt         leaves open what it stands beside ("suspicious for", "cannot be excluded")
unassessable  says that nobody can tell
unstated      says that nobody told
but           begins another statement ("although", "ولی")
join          joins two names ("and"; value `or` where what is asserted may hold of one alone)
extent        how much there is ("focal"): asserts by itself unless its value is `weak` ("rare");
              a denial of it leaves all open
elsewhere     what follows or stands beside it is of another time, organ or person
turn          turns a sentence round in a way that is not followed here ("if", "versus", "error");
              where its value is `pending`, what is left open stays so: something is awaited yet, or
              an artifact hinders
fill          changes nothing; a word of measurements that is one too does so without a number
number, unit, compare  of measurements
mark          parts like the mark that is its value
unknown       is what a word is that no row has
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from reading.tokens import tokens_of

WORDS = Path(__file__).with_name("words")
# Below this length a word of one wrong letter may well be another word.
SHORTEST_MISSPELLED = 7
# As they are written without the space ("ندولهای").
PERSIAN_PLURALS = ("های", "ها", "هایی")


@dataclass(frozen=True, slots=True)
class Entry:
    """What a phrase is: its kind, and the value that tells which of it."""

    kind: str
    value: str
    # A word of measurements that elsewhere changes nothing ("over", "from").
    is_soft: bool = False


@dataclass(frozen=True, slots=True)
class Lexeme:
    """A phrase as found in a text. `unknown` is the kind of a word that the lexicon lacks."""

    kind: str
    value: str
    text: str
    is_soft: bool = False


class Lexicon:
    """The phrases of one field: those of all fields (``general``), and its own, which go before."""

    def __init__(
        self, phrases: Iterable[tuple[str, Entry]], general: Lexicon | None = None
    ) -> None:
        self._phrases: dict[tuple[str, ...], Entry] = dict(general._phrases) if general else {}
        self._longest: dict[str, int] = dict(general._longest) if general else {}
        self._words: set[str] = set(general._words) if general else set()
        for phrase, entry in phrases:
            words = _words_of(phrase)
            known = self._phrases.get(words)
            if entry.kind == "fill" and known and known.kind == "compare":
                entry = Entry(known.kind, known.value, is_soft=True)
            self._phrases[words] = entry
            self._longest[words[0]] = max(len(words), self._longest.get(words[0], 0))
            self._words.update(words)

    @cached_property
    def _misspelled(self) -> dict[str, str]:
        """Made when a text has a word that is not known: that of most nights has none."""
        return _misspellings(
            word
            for word in self._words
            if len(word) >= SHORTEST_MISSPELLED
            and word.isalpha()
            and not _is_negation(word, self._words)
        )

    def lexemes(self, tokens: Sequence[str]) -> list[Lexeme]:
        """The longest phrases from left to right."""
        spelled = [self._spelled(token) for token in tokens]
        found: list[Lexeme] = []
        at = 0
        while at < len(spelled):
            longest = self._longest.get(spelled[at], 0)
            if spelled[at] == "x" and at and spelled[at - 1][0].isdigit():
                # "3 x 2 cm" is no "x2", which counts pieces.
                longest = min(longest, 1)
            for length in range(longest, 0, -1):
                entry = self._phrases.get(tuple(spelled[at : at + length]))
                if entry:
                    text = " ".join(tokens[at : at + length])
                    found.append(Lexeme(entry.kind, entry.value, text, entry.is_soft))
                    at += length
                    break
            else:
                # A word of longer phrases alone may be another form of one that stands by itself.
                entry = self._phrases.get((self._other_form(spelled[at]),))
                if entry:
                    found.append(Lexeme(entry.kind, entry.value, tokens[at], entry.is_soft))
                else:
                    found.append(_of_its_own(tokens[at]))
                at += 1
        return found

    def spelled(self, tokens: Sequence[str]) -> str:
        """The text as it is meant, its tokens parted by blanks."""
        return " ".join(map(self._spelled, tokens))

    def knows(self, token: str) -> bool:
        """Whether a token is a word of any phrase."""
        return self._spelled(token) in self._words

    def _spelled(self, token: str) -> str:
        """The word of the lexicon that is meant: as it stands, singular, or one letter off."""
        return token if token in self._words else self._other_form(token)

    def _other_form(self, token: str) -> str:
        if not token.isalpha():
            return token
        if token.endswith("s") and token[:-1] in self._words:
            return token[:-1]
        for ending in PERSIAN_PLURALS:
            if token.endswith(ending) and token.removesuffix(ending) in self._words:
                return token.removesuffix(ending)
        if len(token) >= SHORTEST_MISSPELLED - 1:
            for form in _one_letter_off(token):
                if form in self._misspelled:
                    return self._misspelled[form]
        return token


def _of_its_own(token: str) -> Lexeme:
    """Numbers and marks need no row; of anything else the lexicon knows nothing."""
    if token[0].isdigit():
        # "²" is a digit, too, but no number.
        is_number = token.isascii() and token.replace(".", "", 1).isdigit()
        return Lexeme("number" if is_number else "unknown", token, token)
    if len(token) == 1 and not token.isalnum():
        return Lexeme("mark", token, token)
    return Lexeme("unknown", token, token)


def _one_letter_off(word: str) -> list[str]:
    """The word, and the word less each of its letters but the first: a key for one wrong letter."""
    return [word, *(word[:at] + word[at + 1 :] for at in range(1, len(word)))]


def _is_negation(word: str, words: set[str]) -> bool:
    """Whether the letter of denial alone parts a Persian verb from another (برنگشته, برگشته)."""
    return any(
        letter == "ن" and word[:at] + word[at + 1 :] in words for at, letter in enumerate(word)
    )


def _misspellings(words: Iterable[str]) -> dict[str, str]:
    """Which word a form that lacks a letter of it means; a form of two words means neither."""
    meant: dict[str, str] = {}
    all_words = set(words)
    # A plural that is known beside its singular would make every wrong form one of two words.
    singular = {word for word in all_words if not (word[-1] == "s" and word[:-1] in all_words)}
    for word in sorted(singular):
        for form in _one_letter_off(word):
            meant[form] = word if meant.get(form, word) == word else ""
    # A letter too many of a known word, whatever else it may be a letter short of.
    meant |= {word: word for word in singular}
    return {form: word for form, word in meant.items() if word}


@cache
def _words_of(phrase: str) -> tuple[str, ...]:
    """The tokens of a phrase; the lexicons of all fields share most of them."""
    return tokens_of(phrase)


@cache
def rows() -> tuple[tuple[str, Entry, frozenset[str]], ...]:
    """The phrases of the files, each with its entry and the fields it is of (none: of all)."""
    found = []
    for file in sorted(WORDS.glob("*.csv")):
        with file.open(encoding="utf-8") as handle:
            found += [
                (phrase.strip(), Entry(row["kind"], row["value"]), frozenset(row["fields"].split()))
                for row in csv.DictReader(handle)
                for phrase in row["phrases"].split(" | ")
            ]
    return tuple(found)


@cache
def _phrases_by_field() -> dict[str, list[tuple[str, Entry]]]:
    """The phrases of each field, and those of all under ""."""
    found: dict[str, list[tuple[str, Entry]]] = {"": []}
    for phrase, entry, fields in rows():
        for field in fields or [""]:
            found.setdefault(field, []).append((phrase, entry))
    # What changes nothing goes last of its level: a word of measurements becomes soft by it.
    found[""].sort(key=lambda row: row[1].kind == "fill")
    return found


@cache
def _general() -> Lexicon:
    return Lexicon(_phrases_by_field()[""])


@cache
def lexicon_of(field: str) -> Lexicon:
    """The lexicon by which a field is read."""
    return Lexicon(_phrases_by_field().get(field, []), _general())
