"""Statements of a text: what is named in them, and whether it is asserted, denied or left open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

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
# A doubt that ends so is of what follows ("fibrosis suspicious for metastasis").
LEADING = {
    *("for", "of", "to", "exclude", "out", "favor", "favors", "represent", "suggests"),
    *("probable", "possible", "presumed", "resembling", "resembles", "به"),
}
# Without a number beside them these change nothing ("percent viable tumor"), "at least" does.
PREPOSITIONS = {
    *("of", "to", "from", "by", "through", "in", "between", "about", "around", "within"),
    *("under", "over", "above", "below", "از", "تا", "به", "در", "بین", "زیر", "بالای"),
    *("percent", "درصد"),
}
ANSWERS = (" no", " yes", " unassessable")
CODES = (*ANSWERS, " R0", " R1", " R2", " vascular")


@dataclass(slots=True)
class Mention:
    """A finding that is named. `said` is one of `SETTLES`, `twice` (at odds) or nothing.

    `is_carried`: it was said before a pause, of another finding too ("no cyst, hemangioma").
    `is_either`: one of several named with "or", what is asserted of which holds of one at least.
    """

    concept: str
    segment: int
    said: str = ""
    is_carried: bool = False
    is_either: bool = False

    @property
    def has_answer(self) -> bool:
        """A code names the finding and answers at once ("L0"): nothing beside it is said of it."""
        return self.concept.endswith(ANSWERS)


@dataclass(slots=True)
class Statement:
    """What one statement says.

    `loose` holds what is said without a name ("present"), `unknown` the segments in which a word is
    not known or that have such a label, `extents` those in which an extent is named ("focal"),
    `joined` those in which a word joins two names. `order` has the mentions and the measures as
    they follow each other, each with its segment.
    """

    mentions: list[Mention] = field(default_factory=list)
    measures: list[tuple[int, Measure]] = field(default_factory=list)
    loose: list[tuple[int, str]] = field(default_factory=list)
    unknown: set[int] = field(default_factory=set)
    extents: set[int] = field(default_factory=set)
    joined: set[int] = field(default_factory=set)
    order: list[tuple[int, Mention | Measure]] = field(default_factory=list)
    is_elsewhere: bool = False
    is_turned: bool = False
    # Nothing turns it but that something is awaited yet ("biopsy pending"), or hinders.
    is_pending: bool = False

    def named(self, *concepts: str) -> list[Mention]:
        """The mentions of these concepts, of all without any."""
        return [m for m in self.mentions if not concepts or m.concept in concepts]


@lru_cache(maxsize=8)
def parts_of(text: str, of_field: str) -> tuple[Lexeme | Measure, ...]:
    """The phrases and measurements of a normalized text; a text is asked for more than once."""
    return tuple(with_measures(lexicon_of(of_field).lexemes(tokens_of(text))))


@lru_cache(maxsize=1)
def statements_of(text: str, of_field: str) -> list[Statement]:
    """The statements of a normalized text, read with the lexicon of a field."""
    lexemes = parts_of(text, of_field)
    statements: list[list[Lexeme | Measure]] = [[]]
    for lexeme in lexemes:
        is_stop = lexeme.kind == "mark" and isinstance(lexeme, Lexeme) and lexeme.value in STOPS
        if is_stop or lexeme.kind == "but":
            statements.append([])
        else:
            statements[-1].append(lexeme)
    return [_Reader(parts).read() for parts in statements if parts]


def _last_word(lexeme: Lexeme | Measure) -> str:
    return lexeme.text.split()[-1] if isinstance(lexeme, Lexeme) else ""


def _is_pause(lexeme: Lexeme | Measure) -> bool:
    return isinstance(lexeme, Lexeme) and lexeme.kind == "mark" and lexeme.value in PAUSES


def _has_answer(lexeme: Lexeme | Measure) -> bool:
    """A code ("R0", "L1") says itself what it says: it continues no list of names."""
    return isinstance(lexeme, Lexeme) and lexeme.kind == "concept" and lexeme.value.endswith(CODES)


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
        self.is_carried = False
        self.unsettled: list[Mention] = []
        # Whether the word that denies asks for another denial behind ("هیچ ... ندارد").
        self.agrees = False
        self.joined = ""
        self.gloss_ends: set[int] = set()
        self.label_answers: set[int] = set()

    def read(self) -> Statement:
        """What the whole statement says."""
        for at, lexeme in enumerate(self.parts):
            if at in self.label_answers:
                continue
            if isinstance(lexeme, Measure):
                self.said.measures.append((self.segment, lexeme))
                self.said.order.append((self.segment, lexeme))
            elif _is_pause(lexeme):
                self._pause(at)
            elif lexeme.kind == "concept":
                self._mention(lexeme.value)
            elif lexeme.kind in BEFORE or lexeme.kind in SETTLES:
                self._settle(lexeme.kind, at)
            elif lexeme.kind == "join":
                self.joined = lexeme.value or "and"
                self.said.joined.add(self.segment)
                continue
            elif lexeme.kind == "extent":
                self._extent(at)
            elif lexeme.kind == "elsewhere":
                self.said.is_elsewhere = True
            elif lexeme.kind == "turn" and lexeme.value == "pending":
                self.said.is_pending = True
            elif lexeme.kind == "turn" or lexeme.text == "?":
                self.said.is_turned = True
            elif lexeme.kind == "unknown":
                self.said.unknown.add(self.segment)
                # A denial of what is not known is used up by it.
                self.scope_is_used = True
            elif lexeme.text in PREPOSITIONS and lexeme.kind in ("compare", "unit"):
                continue
            elif lexeme.kind in ("number", "unit", "compare") and lexeme.value != "to":
                self.said.unknown.add(self.segment)
            if lexeme.kind != "fill":
                self.joined = ""
        self._close_scope()
        if self.said.is_turned:
            self.said.is_pending = False
        self.said.is_turned |= self.said.is_pending
        return self.said

    def _mention(self, concept: str) -> None:
        mention = Mention(concept, self.segment, self.scope, bool(self.scope) and self.is_carried)
        if self.joined == "or" and self.said.mentions:
            others = self._open_mentions()
            for other in (*others, mention) if others else ():
                other.is_either = True
        self.said.mentions.append(mention)
        self.said.order.append((self.segment, mention))
        if self.scope:
            self.scope_is_used = True
        elif not mention.has_answer:
            self.unsettled.append(mention)

    def _open_mentions(self) -> list[Mention]:
        """The mentions that a word yet to come may settle, or that the same word before has."""
        if self.scope:
            return [m for m in self.said.mentions if m.said == self.scope]
        return self.unsettled or [m for m in self.said.mentions[-1:] if m.has_answer]

    def _extent(self, at: int) -> None:
        """ "Focal" by itself asserts ("invasion: focal"); beside a name it is left to the field."""
        self.said.extents.add(self.segment)
        before = [part for part in self.parts[:at] if part.kind not in ("fill", "extent")]
        starts = not before or _is_pause(before[-1])
        stands_alone = starts and all(part.kind == "extent" for part in _segment(self.parts, at))
        if stands_alone and self.parts[at].value != "weak":
            self._settle("affirmed", at)

    def _close_scope(self) -> None:
        if self.scope and not self.scope_is_used:
            self.said.loose.append((self.segment, self.scope))
        self.scope, self.scope_is_used, self.is_carried = "", False, False

    def _pause(self, at: int) -> None:
        if at in self.gloss_ends or self._is_gloss(at):
            return
        self._answer_label(at)
        following = _segment(self.parts, at + 1)
        # A code has its own answer: no list of names goes on with it.
        kinds = ["code" if _has_answer(lexeme) else lexeme.kind for lexeme in following]
        mark = self.parts[at].text if isinstance(self.parts[at], Lexeme) else ""
        goes_on = "concept" in kinds and (
            set(kinds) <= {"concept", "join"}
            or (
                kinds[-1] in ("affirmed", "denied")
                and "join" in kinds
                and set(kinds[:-1]) <= {"concept", "join"}
            )
        )
        # "No viable cells (complete response)": only a comma carries on what has been denied; "not
        # rectum - sigmoid": a dash ends it.
        carries_on = goes_on and mark in ",/"
        if "join" not in kinds and self._kind_of_next(at) == "fill":
            # "No steatosis, mild fibrosis": what is said of the next has begun.
            carries_on = False
        is_over = not goes_on or mark == "-" or (self.scope_is_used and not carries_on)
        if self.scope and is_over:
            self._close_scope()
        # "LVI, absent" speaks of what is before the pause, "LVI, no PNI" of what follows.
        settles = bool(set(kinds[:1]) & {*SETTLES, "extent"}) and kinds[1:2] != ["concept"]
        if not (goes_on or settles or kinds == ["deny"] or kinds[:1] == ["join"]):
            self.unsettled = []
        # "No lymphatic invasion, venous invasion": the denial may or may not hold of the next.
        self.is_carried = self.scope_is_used and "join" not in self._kinds_of_list(at)
        self.segment += 1
        if self.parts[at].text == ":":
            # A label of which a word is not known makes what stands behind it unknown too.
            for segments in (self.said.unknown, self.said.extents):
                if self.segment - 1 in segments:
                    segments.add(self.segment)

    def _answer_label(self, at: int) -> None:
        """The answer of a label, where the next label follows at once: "LVI: yes PNI: no"."""
        ends = [i for i in range(at + 1, len(self.parts)) if self.parts[i].kind != "fill"]
        if self.parts[at].text != ":" or not self.unsettled or not ends:
            return
        kind = self.parts[ends[0]].kind
        named = [i for i in ends[1:] if self.parts[i].kind != "concept"][:1]
        if kind not in {*SETTLES, *BEFORE} or not named or self.parts[named[0]].text != ":":
            return
        if named[0] == ends[1]:
            return
        for mention in self.unsettled:
            mention.said = SETTLES.get(kind) or BEFORE[kind]
        self.unsettled = []
        self.label_answers.add(ends[0])

    def _is_gloss(self, at: int) -> bool:
        """A name in parentheses between a name and what is said of it: "large vessel (venous)"."""
        if self.parts[at].text != "(":
            return False
        for end in range(at + 1, len(self.parts)):
            lexeme = self.parts[end]
            if _is_pause(lexeme):
                is_closed = lexeme.text == ")"
                if is_closed and self.unsettled:
                    self.gloss_ends.add(end)
                return is_closed and bool(self.unsettled)
            if lexeme.kind not in ("concept", "fill", "join") or _has_answer(lexeme):
                return False
        return False

    def _kind_of_next(self, at: int) -> str:
        return self.parts[at + 1].kind if at + 1 < len(self.parts) else ""

    def _kinds_of_list(self, at: int) -> list[str]:
        """The kinds of the names that follow, up to what is no name."""
        kinds = []
        for lexeme in self.parts[at + 1 :]:
            if lexeme.kind not in ("concept", "join", "fill") and not _is_pause(lexeme):
                break
            kinds.append(lexeme.kind)
        return kinds

    def _settle(self, kind: str, at: int) -> None:
        following = _segment(self.parts, at + 1)
        stands_before = bool(following) and following[0].kind == "concept"
        turns_to_next = stands_before and bool(self.joined)
        leads = stands_before and kind == "doubt" and _last_word(self.parts[at]) in LEADING
        # "Margin: no": nothing follows that could be denied.
        settles = kind in SETTLES or (kind == "deny" and not following)
        if leads and (self.scope_is_used or not self.scope):
            self._close_scope()
            self.scope, self.unsettled = "doubt", []
        elif settles and self.unsettled and not turns_to_next:
            for mention in self.unsettled:
                mention.said = SETTLES.get(kind, "no")
            self.unsettled = []
        elif kind in SETTLES and self.scope and self.scope_is_used and not turns_to_next:
            self._settle_again(kind)
        elif kind in BEFORE or stands_before:
            if self.scope and not self.scope_is_used:
                # "not suspicious": neither the one nor the other; but "shows no" is no.
                said = BEFORE.get(kind, SETTLES.get(kind, ""))
                self.scope = said if self.scope in ("yes", said) else "twice"
            else:
                self._close_scope()
                self.scope = BEFORE.get(kind) or SETTLES[kind]
                self.agrees = isinstance(word := self.parts[at], Lexeme) and word.value == "agrees"
        elif kind in SETTLES and self.scope:
            # A denial before and a word behind it, of nothing that is named: "none present".
            is_same = kind == "denied" and self.scope == "no" and self.agrees
            is_once = kind == "affirmed" or is_same
            self.said.loose.append((self.segment, self.scope if is_once else "twice"))
            self.scope = ""
        elif kind == "affirmed" and self._stands_behind_doubt(at):
            # "Probably present".
            return
        elif kind in SETTLES:
            self.said.loose.append((self.segment, SETTLES[kind]))

    def _stands_behind_doubt(self, at: int) -> bool:
        before = [part for part in self.parts[:at] if part.kind != "fill"]
        return bool(before) and before[-1].kind == "doubt"

    def _settle_again(self, kind: str) -> None:
        """A word behind what a word before has settled: "no invasion identified" is one denial."""
        mentions = [m for m in self.said.mentions if m.said == self.scope]
        if kind == "affirmed" or not mentions or (kind == "denied" and self.agrees):
            return
        if kind == "denied" and self.scope == "no":
            mentions[-1].said = "twice"
        elif kind == "denied" and self.scope == "yes":
            # "Evidence of invasion not seen"; of what stood in other segments nobody knows.
            for mention in mentions:
                mention.said = "no" if mention.segment == self.segment else "twice"
        elif kind in ("doubt", "unassessable"):
            mentions[-1].said = SETTLES[kind] if self.scope != "no" else "twice"
        elif SETTLES[kind] != self.scope:
            mentions[-1].said = "twice"
