"""A passage of a comment, and its words as the reader of a field gets them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from reading.clauses import (
    ANSWERING,
    ANSWERS,
    FIELDS,
    INVASION,
    LETTERS,
    NAMED_IN_FULL,
    SETTLING,
    Clause,
    counted,
)
from reading.lexicon import Lexeme, lexicon_of
from reading.measures import Measure, with_measures
from reading.tokens import tokens_of

# What of a clause about both is not for the reader of one.
NOT_OF = {"grade": {"number", "unit", "compare", "size"}, "size": {"grade", "degree"}}
LESION_NAMED = {"lesion", "idle", "fill", "mark"}
LABELS = {"heading", "here", "fill", "mark", "number"}
# What is left out for a reader that does not know it: a side tells which margin is meant.
SAYING_NOTHING = {topic: {"fill", "side"} for topic in FIELDS} | {"margin": {"fill"}}
# Readers that know no letters of lesions, and how the one of margins knows another lesion.
UNLETTERED = {"grade", "steatosis", *INVASION}
LABEL = Lexeme("lesion", "nodule b", "")
SIGNS = {"+": "positive", "-": "negative"}
# A primary behind these is where the metastasis is from; behind the first even without one named.
LIKENESS = {"consistent with", "compatible with", "in keeping with", "suggestive of", "به نفع"}
LIKENESS |= {"supports", "supporting", "support", "favor", "favors", "favoring", "suggests"}
LIKE = (
    *("keeping with", "in line with", "fits with", "fitting", "typical of", "characteristic of"),
    *("matching", "matches", "similar to", "arising from", "originating from", "derived from"),
    *("منشا", "سازگار با", "مطابق با", "منطبق با", "منطبق بر", "همخوان با", "مشابه"),
)
FOUND = {"seen", "identified", "noted", "found", "observed", "detected", "دیده شد", "مشاهده شد"}
WITH = {"with", "با", "دارای"}


@dataclass(slots=True)
class Passage:
    """Clauses of the same fields that follow each other; `unheard` are not to be read here."""

    named: set[str]
    clauses: list[Clause] = field(default_factory=list)
    unheard: set[str] = field(default_factory=set)

    @property
    def about(self) -> set[str]:
        """The fields that are read from it."""
        return self.named - self.unheard

    def may_tell(self, topic: str) -> bool:
        """Whether it may say something of a field; a percent of regression is one of viable."""
        is_percent = topic == "viable" and self.named == {"regression"} and self.has_percent
        return topic in self.about or (is_percent and "regression" in self.about)

    @property
    def kinds(self) -> set[str]:
        """The kinds of its words."""
        return set().union(*(clause.kinds for clause in self.clauses))

    @property
    def lexemes(self) -> list[Lexeme]:
        """Its phrases, one clause behind the other."""
        return [lexeme for clause in self.clauses for lexeme in clause.lexemes]

    @property
    def parts(self) -> list[Lexeme | Measure]:
        """Its phrases and measurements; a measurement does not reach beyond its clause."""
        return [part for clause in self.clauses for part in with_measures(clause.lexemes)]

    @property
    def words(self) -> set[str]:
        """Its phrases as they stand there."""
        return {x.text for x in self.lexemes}

    @property
    def is_counted(self) -> bool:
        """It tells of one lesion of several: "lesion 1"."""
        return any(counted(clause.lexemes) for clause in self.clauses)

    @property
    def values(self) -> set[str]:
        """The values of its words: which topic, unit or the like each is."""
        return {x.value for x in self.lexemes}

    @property
    def answers(self) -> bool:
        """Anything is said of the fields, not only their names."""
        return bool(self.kinds & ANSWERING)

    @property
    def only_affirms(self) -> bool:
        """No more than that there is something."""
        return not self.kinds & {
            "number",
            "deny",
            "denied",
            "degree",
            "doubt",
            "unassessable",
            "unknown",
        }

    @property
    def has_percent(self) -> bool:
        """A percent sign stands in it."""
        return any(clause.has_percent for clause in self.clauses)

    @property
    def is_half_denied(self) -> bool:
        """No more than an extent is denied: "no extensive invasion"."""
        return any(
            before.kind in ("deny", "denied") and behind.kind == "extent"
            for clause in self.clauses
            for before, behind in pairwise(clause.lexemes)
        )

    @property
    def is_understood_percent(self) -> bool:
        """A number has its percent sign; a comment has no unit of its own."""
        units = {x.value for x in self.lexemes if x.kind == "unit"}
        return "percent" in units or "number" not in self.kinds

    def text_for(self, topic: str) -> str:
        """What the reader of a field gets: of "3 cm moderately differentiated tumor" its part."""
        text = " ".join(self._text_of(clause, topic) for clause in self.clauses).strip(" ,")
        # "Adenocarcinoma with LVI", "focal LVI": to name it so is to assert it.
        is_there = text.startswith(("there is ", "there was ", "there are "))
        is_named_so = self.clauses[0].first() == "split" or "extent" in self.kinds or is_there
        is_asserted = is_named_so and not self.kinds & (ANSWERS | {"code"})
        return f"{text} present" if self.about & INVASION and is_asserted else text

    def may_be_denied(self, topic: str) -> bool:
        """Of two invasions the second may be denied with the first: "no LVI, PNI seen"."""
        if self.clauses[0].first() != "deny":
            return False
        for clause in self.clauses[1:]:
            said = [x.text for x in clause.lexemes if x.kind in SETTLING]
            is_listed = clause.about == {topic} and clause.first() == "topic"
            if is_listed and said and all(text in FOUND for text in said):
                return True
        return False

    def own_text_for(self, topic: str) -> str:
        """Of two invasions what is told of one alone: "PNI present, LVI absent"."""
        own, is_own = [], False
        for clause in self.clauses:
            is_own = clause.about == {topic} or (is_own and not clause.about)
            own += [clause] if is_own else []
        is_told = any(clause.kinds & (SETTLING | {"code"}) for clause in own)
        return " ".join(self._text_of(clause, topic) for clause in own) if is_told else ""

    def _text_of(self, clause: Clause, topic: str) -> str:
        """Without where the tumor is from, and with signs as words."""
        left_out = {"idle", "now", "report", "later"} | (
            NOT_OF.get(topic, set()) if self.about == {"grade", "size"} else set()
        )
        lexemes: list[Lexeme] = []
        told = _without_origin(_unlabeled(clause.lexemes))
        if topic == "margin":
            told = _behind_lesion(told)
        lengths = {at for at, x in enumerate(told) if x.kind == "unit"}
        for at, x in enumerate(told):
            if topic == "margin" and x.kind == "lesion" and at + 2 in lengths:
                # "Metastasis 7 mm from the margin": no seventh metastasis.
                x = replace(x, text="tumor")
            if topic == "margin":
                x = as_of_margin(x)
            # "Poorly preserved": what a degree is of is not left out.
            is_of_degree = bool(lexemes) and lexemes[-1].kind == "degree"
            is_out = x.kind in SAYING_NOTHING[topic] and not is_of_degree and _is_strange(x, topic)
            # "Nodule b": which lesion it is, some readers do not know.
            is_letter = x.text in LETTERS and bool(lexemes) and lexemes[-1].kind == "lesion"
            is_out = is_out or (is_letter and topic in UNLETTERED)
            is_of_lesser = bool(lexemes) and lexemes[-1].kind == "lesser"
            if topic == "margin" and is_of_lesser and (x.kind == "lesion" or x.text == "one"):
                # "The satellite nodule is 2 mm from the margin".
                lexemes[-1:] = [LABEL]
                is_out = True
            elif topic == "margin" and x.kind == "lesser" and x.text.endswith(NAMED_IN_FULL):
                x = LABEL
            if not ({x.kind, x.value} & left_out or is_out):
                lexemes.append(x)
        return " ".join(_words_of(lexemes))


def as_of_margin(lexeme: Lexeme) -> Lexeme:
    """A name of the lesion, or of the margin, as the reader of margins knows it."""
    if (lexeme.kind, lexeme.value) == ("largest", "lesion"):
        return replace(lexeme, text="tumor")
    known = lexicon_of(FIELDS["margin"]).lexemes(tokens_of(lexeme.text))
    is_unknown = all(x.kind in ("unknown", "fill", "compare") or x.value == "body" for x in known)
    is_margin = (lexeme.kind, lexeme.value) == ("topic", "margin")
    return replace(lexeme, text="margin") if is_margin and is_unknown else lexeme


def _behind_lesion(lexemes: list[Lexeme]) -> list[Lexeme]:
    """Without the lesion of which a margin is told: "tumor with a 2 mm margin"."""
    at = next((at for at, x in enumerate(lexemes) if x.text in WITH), 0)
    behind = next((x.kind for x in lexemes[at + 1 :] if x.kind != "fill"), "")
    kinds = {x.kind for x in lexemes[:at]}
    is_of_lesion = "lesion" in kinds and all(kind in LESION_NAMED for kind in kinds)
    return lexemes[at:] if is_of_lesion and behind == "number" else lexemes


def _is_strange(lexeme: Lexeme, topic: str) -> bool:
    """Whether the reader of a field knows nothing of a phrase, here known to change nothing."""
    lexicon = lexicon_of(FIELDS[topic])
    return not any(lexicon.knows(token) for token in tokens_of(lexeme.text))


def _words_of(lexemes: Sequence[Lexeme]) -> list[str]:
    """The words, and signs as words: "LVI: -" is negative, a dash before the next name is none."""
    words = [":" if lexeme.text == "=" else lexeme.text for lexeme in lexemes]
    if words and words[-1] in SIGNS:
        is_sign = any(x.text in (":", "=") or x.kind == "topic" for x in lexemes[-2:-1])
        words[-1:] = [SIGNS[words[-1]]] if is_sign else []
    return [",", *words[1:]] if words[:1] == ["-"] else words


def _unlabeled(lexemes: list[Lexeme]) -> list[Lexeme]:
    """Without a heading that tells of what the clause is: "Liver segment 4: ", "Microscopy: "."""
    at = next((at for at, x in enumerate(lexemes) if x.text == ":"), 0)
    label = {x.kind for x in lexemes[:at]}
    may_be = LABELS | ({"lesion", "apart", "unknown"} if "here" in label else set())
    is_label = any(kind != "mark" for kind in label) and all(kind in may_be for kind in label)
    return lexemes[at + 1 :] if is_label else lexemes


def _without_origin(lexemes: list[Lexeme]) -> list[Lexeme]:
    """Without what the tumor is like, and from where: "compatible with sigmoid primary, G2"."""
    last = max((at for at, x in enumerate(lexemes) if x.kind in ("primary", "idle")), default=-1)
    for at, lexeme in enumerate(lexemes[: last + 1]):
        begins = " ".join(x.text for x in lexemes[at : at + 2])
        if lexeme.text in LIKENESS or begins.startswith(LIKE):
            return [*lexemes[:at], *lexemes[last + 1 :]]
    return lexemes
