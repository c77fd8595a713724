"""Statements of a text: what is named in them, and whether it is asserted, denied or left open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from reading.lexicon import Lexeme, lexicon_of
from reading.measures import Measure, with_measures
from reading.tokens import tokens_of

STOPS = {".", ";", "|", "!"}
# Marks that part a statement without ending it.
PAUSES = {",", "(", ")", ":", "[", "]", "-", "/"}
# How a word behind a name, or before it, settles what is said of it.
SETTLES = {
    "denied": "no",
    "affirmed": "yes",
    "doubt": "doubt",
    "unassessable": "unassessable",
    "unstated": "unstated",
}
BEFORE = {"deny": "no", "affirm": "yes", "doubt": "doubt"}


@dataclass(slots=True)
class Mention:
    """A finding that is named. `said` is yes, no, doubt, unassessable, unstated, twice, or none of them."""

    concept: str
    segment: int
    said: str = ""


@dataclass(slots=True)
class Statement:
    """What one statement says.

    `loose` holds what is said without a name ("present"), `unknown` the segments in which a word is
    not known, `denied_unknown` those in which it is a word of these that is denied.
    """

    mentions: list[Mention] = field(default_factory=list)
    measures: list[tuple[int, Measure]] = field(default_factory=list)
    loose: list[tuple[int, str]] = field(default_factory=list)
    unknown: set[int] = field(default_factory=set)
    is_elsewhere: bool = False
    is_turned: bool = False

    def named(self, *concepts: str) -> list[Mention]:
        """The mentions of these concepts, of all without any."""
        return [m for m in self.mentions if not concepts or m.concept in concepts]


def statements_of(text: str, of_field: str) -> list[Statement]:
    """The statements of a normalized text, read with the lexicon of a field."""
    lexemes = with_measures(lexicon_of(of_field).lexemes(tokens_of(text)))
    statements: list[list[Lexeme | Measure]] = [[]]
    for lexeme in lexemes:
        is_stop = lexeme.kind == "mark" and isinstance(lexeme, Lexeme) and lexeme.value in STOPS
        if is_stop or lexeme.kind == "but":
            statements.append([])
        else:
            statements[-1].append(lexeme)
    return [_statement(parts) for parts in statements if parts]


def _is_pause(lexeme: Lexeme | Measure) -> bool:
    return isinstance(lexeme, Lexeme) and lexeme.kind == "mark" and lexeme.value in PAUSES


def _segment(parts: Sequence[Lexeme | Measure], start: int) -> list[Lexeme | Measure]:
    """The lexemes from `start` to the next pause, without what changes nothing."""
    found: list[Lexeme | Measure] = []
    for lexeme in parts[start:]:
        if _is_pause(lexeme):
            if found:
                break
            continue
        if lexeme.kind != "fill":
            found.append(lexeme)
    return found


class _Reader:
    """Goes through a statement from left to right."""

    def __init__(self, parts: Sequence[Lexeme | Measure]) -> None:
        self.parts = parts
        self.said = Statement()
        self.segment = 0
        self.scope = ""
        self.scope_is_used = False
        self.unsettled: list[Mention] = []

    def read(self) -> Statement:
        for at, lexeme in enumerate(self.parts):
            if isinstance(lexeme, Measure):
                self.said.measures.append((self.segment, lexeme))
            elif _is_pause(lexeme):
                self._pause(at)
            elif lexeme.kind == "concept":
                self._mention(lexeme.value)
            elif lexeme.kind in BEFORE or lexeme.kind in SETTLES:
                self._settle(lexeme.kind, at)
            elif lexeme.kind == "elsewhere":
                self.said.is_elsewhere = True
            elif lexeme.kind == "turn" or lexeme.text == "?":
                self.said.is_turned = True
            elif lexeme.kind == "unknown":
                self.said.unknown.add(self.segment)
                # A denial of what is not known is used up by it.
                self.scope_is_used = True
            elif lexeme.kind in ("number", "unit", "compare"):
                self.said.unknown.add(self.segment)
        self._close_scope()
        return self.said

    def _mention(self, concept: str) -> None:
        mention = Mention(concept, self.segment, self.scope)
        self.said.mentions.append(mention)
        if self.scope:
            self.scope_is_used = True
        else:
            self.unsettled.append(mention)

    def _close_scope(self) -> None:
        if self.scope and not self.scope_is_used:
            self.said.loose.append((self.segment, self.scope))
        self.scope, self.scope_is_used = "", False

    def _pause(self, at: int) -> None:
        following = _segment(self.parts, at + 1)
        kinds = [lexeme.kind for lexeme in following]
        mark = self.parts[at]
        is_dash = isinstance(mark, Lexeme) and mark.value == "-"
        is_comma = isinstance(mark, Lexeme) and mark.value in (",", "(")
        goes_on = "concept" in kinds and (
            set(kinds) <= {"concept", "join"}
            or (
                kinds[-1] == "affirmed"
                and "join" in kinds
                and set(kinds[:-1]) <= {"concept", "join"}
            )
        )
        # "Not rectum - sigmoid": a dash ends what a denial covers.
        if self.scope and (is_dash or not goes_on):
            self._close_scope()
        is_settled = bool(kinds) and kinds[0] in SETTLES
        if is_comma and is_settled and kinds[1:2] == ["concept"]:
            # "Bilobar, no ascites": what follows a comma stands before its own name.
            is_settled = False
        if not (goes_on or is_settled or "join" in kinds[:1]):
            self.unsettled = []
        self.segment += 1

    def _settle(self, kind: str, at: int) -> None:
        following = _segment(self.parts, at + 1)
        stands_before = bool(following) and following[0].kind == "concept"
        if kind in SETTLES and self.unsettled:
            for mention in self.unsettled:
                mention.said = SETTLES[kind]
            self.unsettled = []
        elif kind in SETTLES and self.scope and self.scope_is_used:
            self._settle_again(kind)
        elif kind in BEFORE or stands_before:
            if self.scope and not self.scope_is_used:
                # "not suspicious": neither the one nor the other.
                self.scope = (
                    "twice"
                    if {self.scope, BEFORE.get(kind, SETTLES.get(kind))} != {self.scope}
                    else self.scope
                )
            else:
                self._close_scope()
                self.scope = BEFORE.get(kind) or SETTLES[kind]
        elif kind in SETTLES and self.scope:
            # A denial before and a word behind it, of nothing that is named: "none present".
            self.said.loose.append((self.segment, self.scope if kind == "affirmed" else "twice"))
            self.scope = ""
        elif kind in SETTLES:
            self.said.loose.append((self.segment, SETTLES[kind]))

    def _settle_again(self, kind: str) -> None:
        """A word behind what a word before has settled: "no invasion identified" is one denial."""
        mentions = [m for m in self.said.mentions if m.said == self.scope]
        if kind == "affirmed" or not mentions:
            return
        if kind == "denied" and self.scope == "no":
            mentions[-1].said = "twice"
        elif kind in ("doubt", "unassessable"):
            mentions[-1].said = SETTLES[kind] if self.scope != "no" else "twice"
        elif SETTLES[kind] != self.scope:
            mentions[-1].said = "twice"


def _statement(parts: Sequence[Lexeme | Measure]) -> Statement:
    return _Reader(parts).read()
