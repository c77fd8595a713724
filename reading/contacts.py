"""The clauses of a contact after the operation.

What is told of a contact has few words and no verb between them ("wife died, patient well", "no
hepatic recurrence but lung mets"). What counts is which word stands next to which; so the clauses
are gone through word by word, and not by the statements of `reading.sentence`. The words are those
of words/follow_up.csv; the `value` of a concept is what it names, and behind a slash what it says
besides ("recurrence/local").
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reading.lexicon import Lexeme
from reading.sentence import PAUSES, STOPS

MARKS = STOPS | PAUSES | {"→"}
PLACES = {"local", "distant", "liver", "extrahepatic", "place"}
# What may stand beside an answer.
BARE = PLACES | {"time", "field", "with", "imaging", "another", "letter"}
# Words that leave open what stands beside them, and words that nobody knows.
OPEN = {"unknown", "elsewhere", "doubt", "unstated", "unassessable"}
# Behind these comes a cause, a place, a treatment or a state: whatever it is, it changes nothing.
INTRODUCES = {"cause", "cause before", "with"}


@dataclass(frozen=True, slots=True)
class Clause:
    """The lexemes between two marks, less those that change nothing, and the mark before them."""

    lexemes: tuple[Lexeme, ...]
    mark: str = ""
    # Whether a denial stands at the end, or before a time: it denies what was asked ("not yet").
    is_denied: bool = False
    # Nothing but an answer, with its time and place; and whether any other matter stands before.
    is_bare: bool = False
    is_first: bool = False

    def concepts(self) -> set[str]:
        """What it names, with what its names say besides."""
        return {
            part
            for lexeme in self.lexemes
            if lexeme.kind == "concept"
            for part in lexeme.value.split("/")
        }

    def kinds(self) -> set[str]:
        """The kinds of its words."""
        return {lexeme.kind for lexeme in self.lexemes}


def clauses_of(all_lexemes: Sequence[Lexeme]) -> list[Clause] | None:
    """The clauses of a text; none where something turns it round."""
    found: list[Clause] = []
    lexemes: list[Lexeme] = []
    spoken: list[Lexeme] = []
    mark = ""
    is_first = True
    if any(lexeme.kind == "turn" or lexeme.text == "?" for lexeme in all_lexemes):
        return None
    for at, lexeme in enumerate(all_lexemes):
        behind = all_lexemes[at + 1] if at + 1 < len(all_lexemes) else None
        if lexeme.text == "-" and behind is not None and behind.kind == "join":
            continue  # "intra- or extrahepatic"
        if lexeme.kind == "but" or (lexeme.kind == "mark" and lexeme.text in MARKS):
            found.append(_clause(lexemes, mark, spoken, is_first))
            is_first = is_first and found[-1].is_bare
            lexemes, spoken = [], []
            mark = "but" if lexeme.kind == "but" else lexeme.text
            continue
        if lexeme.kind == "mark":
            lexemes.append(Lexeme("unknown", lexeme.value, lexeme.text))
        elif lexeme.kind != "fill":
            lexemes.append(lexeme)
        spoken.append(lexeme)
    found.append(_clause(lexemes, mark, spoken, is_first))
    return [clause for clause in found if clause.lexemes]


def _clause(
    lexemes: Sequence[Lexeme], mark: str, spoken: Sequence[Lexeme], is_first: bool
) -> Clause:
    is_bare = all(
        lexeme.kind in ("number", "deny", "denied", "affirmed", "doubt", "join")
        or lexeme.value in BARE
        for lexeme in spoken
    )
    return Clause(tuple(lexemes), mark, _ends_denied(spoken), is_bare, is_first)


def _ends_denied(spoken: Sequence[Lexeme]) -> bool:
    at = next((at for at, lexeme in enumerate(spoken) if lexeme.kind == "deny"), None)
    if at is None:
        return False
    behind = spoken[at + 1] if at + 1 < len(spoken) else None
    return behind is None or behind.value in ("time", "with")


def is_concept(lexeme: Lexeme | None, *concepts: str) -> bool:
    """Whether a word names one of these."""
    if lexeme is None or lexeme.kind != "concept":
        return False
    return lexeme.value.partition("/")[0] in concepts


def is_code(clause: Clause) -> bool:
    """A number behind a colon answers what stands before it, by a list that is not known here."""
    return clause.mark == ":" and [lexeme.kind for lexeme in clause.lexemes] == ["number"]


def has_digit(lexeme: Lexeme) -> bool:
    """Whether it is a number or has one in it: a date, an age, a code."""
    return any(character.isdigit() for character in lexeme.text)
