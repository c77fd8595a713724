"""What the free text of a pathology report says of the fields that a comment may tell.

A comment speaks of many things, in sentences that leave out what the one before has named. Here
it is taken apart: sentences, their clauses, and the field that each clause is about
(words/comments.csv). Clauses of one field that follow each other are a passage, which the field's
own reader reads. A sentence of another time, organ or means is left out, and what follows it, until
the text says that it speaks of this liver again.

kind          what a phrase of it does, beside the kinds of all lexicons
topic         names a field, `value` says which
weak          names a field only where nothing before it speaks of something else ("grade 2")
code          is a value by itself, where it stands among words that are known ("R0")
lesion        what a size may be of; `here`: and it says that the liver is spoken of
largest       names the lesion of which the size is asked
lesser        names another one
vessel, act   a vessel is a topic only beside an invasion
extent        asserts an invasion that it stands with ("focal")
aside         names something that is no field's; `place`: which a margin may be of;
              `node`, `rival`: of which a size may be; `tract`: where vessels are invaded
degree        how much; of a tumor its differentiation
graded        what a grade beside it may be of
apart, range  a length is a distance, or one of several
cause         what follows is why, not what
specimen      a length beside it is not the tumor's
time, organ, means, sentence, primary   another time, organ or means; the primary tumor
idle          is left out: where the metastasis is from, which says nothing of another organ
here          of this liver, now
heading       may stand before a statement
refuse        the comment corrects, or speaks of, another text: nothing is taken
split         parts a clause like a conjunction
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import dropwhile, pairwise, takewhile

from reading.common import Reading
from reading.lexicon import Lexeme, lexicon_of
from reading.measures import Measure, with_measures
from reading.read import read
from reading.tokens import tokens_of

FIELDS = {
    "margin": "margin_distance",
    "size": "largest_metastasis",
    "grade": "tumor_grade",
    "lvi": "lymphovascular_invasion",
    "pni": "perineural_invasion",
    "regression": "tumor_regression",
    "viable": "viable_tumor_percent",
    "steatosis": "steatosis",
}
# Topics that one clause may speak of together.
TOGETHER = [{"lvi", "pni"}, {"regression", "viable"}, {"grade", "size"}]
# What another means than the microscope may tell, too.
SEEN_ELSEWHERE = {"size", "steatosis", "regression"}
# Whose grade a bare "grade 2" beside them may be.
GRADED = {"steatosis", "regression"}
INVASION = {"lvi", "pni"}
INVOLVED = {"involved", "R1", "R2"}
LENGTHS = {"mm", "cm", "um"}
# What of a clause about both is not for the reader of one.
NOT_OF = {"grade": {"number", "unit", "compare", "size"}, "size": {"grade", "degree"}}
SETTLING = {"deny", "denied", "affirm", "affirmed", "doubt", "unassessable", "unstated"}
ANSWERS = SETTLING | {"number", "compare"}
ANSWERING = ANSWERS | {"code", "extent", "unknown"}
ELSEWHERE = {"time", "organ", "means", "sentence", "primary"}
# Kinds of words that say nothing of a field.
PLAIN = {"heading", "here", "lesion", "mark", "join"}
SILENT = PLAIN | {"fill", "degree", "idle", "split", "largest", "but", "specimen", "act", "apart"}
SILENT |= {"graded", "cause"}
LABELS = {"heading", "here", "fill", "mark", "number"}
DANGLING = ELSEWHERE | {"turn"}
SKIPPED = {"mark", "fill", "split", "but"}
ALTERNATIVES = {"or", "nor", "یا"}
PLACES = {"segment", "segments", "seg", "in segment", "specimen", "سگمان", "سگمنت"}
SIGNS = {"+": "positive", "-": "negative"}
# A primary behind these is where the metastasis is from; behind the first even without one named.
LIKENESS = {"consistent with", "compatible with", "in keeping with", "suggestive of", "به نفع"}
LIKENESS |= {"supports", "supporting", "support", "favor", "favors", "favoring", "suggests"}
ORIGINS = LIKENESS | {"from", "of", "with", "of known", "from known", "منشا", "منشاء", "از"}
TUMORS = {"tumor", "tumor size", "size of tumor", "largest tumor", "تومور", "اندازه تومور"}
# Words of a sentence that is no more than a rest of the one before it.
LONGEST_REST = 2
AT_ODDS = {"tumor_regression", "viable_tumor_percent"}
LETTERS = set("abcdef")
ASIDE, HEADING, LESION = "aside", "heading", "lesion"
COMMA = Lexeme("mark", ",", ",")
REASONS = {"not_assessable", "imprecise", "conflicting"}

# A full stop behind these words ends a sentence, though elsewhere it ends an abbreviation.
ENDINGS = [
    (re.compile(r"\blvi ?/ ?pni\b"), "lvi and pni"),
    (re.compile(r"(:|\b(?:lvi|lvsi|pni|invasion|margins?)) ?-(?= ?(?:[,;.)]|$))"), r"\1 negative"),
    (re.compile(r"\b(neg|pos|no)\.(?= [^\d]|$)"), r"\1 ."),
    (
        re.compile(
            r"\bdiff\.(?= (?!adenoca|carcinoma|tumor|ca\b|cancer|metasta|mets|colorectal|مت|آدنو))"
        ),
        "diff .",
    ),
    (re.compile(r"(?<=[a-z0-9\u0600-\u06ff%)]) [/|] (?=[a-z\u0600-\u06ff])"), " ; "),
    (re.compile(r"(?<=[a-z\u0600-\u06ff%)])\.(?=[a-z\u0600-\u06ff])"), " . "),
    (re.compile(r"\bx(?=\d)|(?<=\d)x\b"), " x "),
    (re.compile(r"(?<=[:=] ),(?=\d)"), "0."),
    (re.compile(r"\bmarg\b\.?"), "margin"),
    (re.compile(r"\bdiam\b\.?"), "diameter"),
]
STOPS = {".", ";", "|", "!"}
PAUSES = {",", "(", ")", "[", "]"}


@dataclass(slots=True)
class Clause:
    """Lexemes of a sentence that say one thing, and the fields it is about (keys of FIELDS).

    A `weak` clause is about its field only where nothing before it speaks of something else; an
    `aside` one is about something that is no field's, and of a `mixed` one it is not known which of
    its fields is told what.
    """

    lexemes: list[Lexeme]
    about: set[str] = field(default_factory=set)
    is_weak: bool = False
    is_aside: bool = False
    is_mixed: bool = False

    @property
    def kinds(self) -> set[str]:
        return {lexeme.kind for lexeme in self.lexemes}

    @property
    def has_length(self) -> bool:
        return any(lexeme.kind == "unit" and lexeme.value in LENGTHS for lexeme in self.lexemes)

    @property
    def answers(self) -> bool:
        """Anything is said, not only named."""
        return bool(self.kinds & ANSWERING)

    @property
    def goes_on(self) -> bool:
        """It begins with an answer, or a number: it belongs to what was named before."""
        first = next((x for x in self.lexemes if x.kind not in SKIPPED), None)
        return first is not None and first.kind in ANSWERS

    @property
    def is_place(self) -> bool:
        """It names no more than where a margin may be."""
        is_named = "vessel" in self.kinds or any(x.value == "place" for x in self.lexemes)
        return self.is_aside and is_named

    @property
    def measures_lesion(self) -> bool:
        """A number stands behind the lesion, and is no count of them."""
        behind = dropwhile(lambda lexeme: lexeme.kind != "lesion", self.lexemes)
        words = [lexeme for lexeme in behind if lexeme.kind in ("number", "compare")]
        return bool(words) and words[0].value != "x"

    @property
    def may_be_denied(self) -> bool:
        """Behind "no LVI, " it may go on with what is denied: "margin involvement"."""
        is_other = bool(self.about) and not self.about <= INVASION | {"regression"}
        return is_other and not self.kinds & ((ANSWERING | {"degree"}) - {"affirm", "affirmed"})

    @property
    def is_of_vessels(self) -> bool:
        """It names vessels, and nothing that is another matter."""
        return self.is_aside and "vessel" in self.kinds and "aside" not in self.kinds

    def first(self) -> str:
        """The kind of its first word."""
        return next((x.kind for x in self.lexemes if x.kind != "mark"), "")


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

    @property
    def kinds(self) -> set[str]:
        return set().union(*(clause.kinds for clause in self.clauses))

    @property
    def is_counted(self) -> bool:
        """It tells of one lesion of several: "lesion 1"."""
        return any(_counted(clause.lexemes) for clause in self.clauses)

    @property
    def values(self) -> set[str]:
        return {x.value for clause in self.clauses for x in clause.lexemes}

    @property
    def answers(self) -> bool:
        """Anything is said of the fields, not only their names."""
        return bool(self.kinds & ANSWERING)

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
        units = {x.value for clause in self.clauses for x in clause.lexemes if x.kind == "unit"}
        return "percent" in units or "number" not in self.kinds

    def text_for(self, topic: str) -> str:
        """What the reader of a field gets: of "3 cm moderately differentiated tumor" its part."""
        text = " ".join(self._text_of(clause, topic) for clause in self.clauses).strip(" ,")
        # "Adenocarcinoma with LVI", "focal LVI": to name it so is to assert it.
        is_named_so = self.clauses[0].first() == "split" or "extent" in self.kinds
        is_asserted = is_named_so and not self.kinds & (ANSWERS | {"code"})
        return f"{text} present" if self.about & INVASION and is_asserted else text

    def _text_of(self, clause: Clause, topic: str) -> str:
        """Without where the tumor is from, and with signs as words."""
        left_out = {"idle", "now"} | (
            NOT_OF.get(topic, set()) if self.about == {"grade", "size"} else set()
        )
        lexemes = [x for x in _unlabeled(clause.lexemes) if not {x.kind, x.value} & left_out]
        return " ".join(_words_of(lexemes))


def read_comment(text: str) -> dict[str, Reading]:
    """What a normalized comment says, by field: values, and reasons why one cannot be told."""
    sentences = _sentences_of(text)
    passages = _passages_of(sentences)
    is_several = _is_of_several(sentences)
    read_of = {topic: _each(topic, [p for p in passages if topic in p.about]) for topic in FIELDS}
    found = {}
    for topic, name in FIELDS.items():
        reading = _together(topic, read_of[topic], is_several) if read_of[topic] else None
        reasons = REASONS - {"imprecise"} if topic in INVASION else REASONS
        if reading and (reading.value or reading.measure or reading.missing_reason in reasons):
            found[name] = reading
    if _are_at_odds(found.get("tumor_regression"), [reading for _, reading in read_of["viable"]]):
        return {name: r for name, r in found.items() if name not in AT_ODDS}
    return found


def passages_of(text: str) -> list[Passage]:
    """The passages of a normalized comment, in its order; none where it corrects another text."""
    return _passages_of(_sentences_of(text))


def _passages_of(sentences: list[list[Lexeme]]) -> list[Passage]:
    if any(lexeme.kind == "refuse" for sentence in sentences for lexeme in sentence):
        return []
    return _Passages(sentences).found


def _are_at_odds(regression: Reading | None, viable: Iterable[Reading | None]) -> bool:
    """A complete response and viable tumor: of several lesions, or a mistake."""
    if regression is None or not regression.value:
        return False
    is_complete = regression.value == "complete"
    return any((r.measure.high == 0) != is_complete for r in viable if r and r.measure)


def _unnumbered(text: str) -> str:
    """A numbered list as sentences: "1. Margin free 2. LVI absent"."""
    at, number = 0, 1
    while match := re.compile(rf"(?<![\d.]){number} ?[.)-] (?=\D)").search(text, at):
        if number == 1 and match.start():
            break
        text = text[: match.start()] + "; " + text[match.end() :]
        at, number = match.start() + 2, number + 1
    return text


def _sentences_of(text: str) -> list[list[Lexeme]]:
    text = _unnumbered(text)
    for pattern, replacement in ENDINGS:
        text = pattern.sub(replacement, text)
    sentences: list[list[Lexeme]] = [[]]
    for lexeme in lexicon_of("comment").lexemes(tokens_of(text)):
        if lexeme.kind == "mark" and lexeme.text in STOPS:
            sentences.append([])
        else:
            sentences[-1].append(lexeme)
    return [sentence for sentence in sentences if sentence]


def _words_of(lexemes: Sequence[Lexeme]) -> list[str]:
    """The words, and signs as words: "LVI: -" is negative, a dash before the next name is none."""
    words = [":" if lexeme.text == "=" else lexeme.text for lexeme in lexemes]
    if len(words) > 1 and words[-1] in SIGNS:
        is_sign = words[-2] == ":" or lexemes[-2].kind == "topic"
        words[-1:] = [SIGNS[words[-1]]] if is_sign else []
    return [",", *words[1:]] if words[:1] == ["-"] else words


def _unlabeled(lexemes: list[Lexeme]) -> list[Lexeme]:
    """Without a heading that tells of what the clause is: "Liver segment 4: ", "Microscopy: "."""
    at = next((at for at, x in enumerate(lexemes) if x.text == ":"), 0)
    label = {x.kind for x in lexemes[:at]}
    is_label = label - {"mark"} and label <= LABELS
    return lexemes[at + 1 :] if is_label else lexemes


# Clauses


def _clauses_of(sentence: Sequence[Lexeme]) -> list[Clause]:
    """The parts between commas and brackets; those of several fields parted further."""
    parts: list[list[Lexeme]] = [[]]
    for lexeme in sentence:
        if lexeme.kind == "but" or (lexeme.kind == "mark" and lexeme.text in PAUSES):
            parts.append([])
        parts[-1].append(lexeme)
    clauses: list[Clause] = []
    for part in _bridged(parts):
        if any(lexeme.kind != "mark" for lexeme in part):
            has_act = any(x.kind == "act" or x.value in INVASION for x in part)
            clauses += _parted(part, has_act)
        elif clauses:
            clauses[-1].lexemes += part
    return clauses


def _bridged(parts: list[list[Lexeme]]) -> list[list[Lexeme]]:
    """A clause that goes on behind brackets, where all before names nothing: "no (0/5) LVI"."""
    found: list[list[Lexeme]] = []
    for part in parts:
        is_behind = part and part[0].text in (")", "]") and len(part) > 1
        before = found[-2] if len(found) > 1 else []
        is_answer = len(found) > 2 and any(x.kind in ("number", "unit") for x in before)
        is_named = not before or any(_topics(x, False) for x in found[-2:])
        if is_behind and not is_named and not is_answer:
            found[-2:] = [[*found[-2], *found[-1], *part]]
        else:
            found.append(part)
    return found


def _parted(part: list[Lexeme], has_act: bool) -> list[Clause]:
    """A clause by conjunctions and codes, if it speaks of more than one thing."""
    topics = _topics(part, has_act)
    if len(topics) < 2 and not any(_is_heading(part, at) for at in range(1, len(part))):
        return [_classified(part, has_act)]
    pieces: list[list[Lexeme]] = [[]]
    for at, lexeme in enumerate(part):
        has_begun = any(x.kind not in ("join", "split", "mark") for x in pieces[-1])
        if has_begun and _is_border(part, at, ASIDE in topics):
            pieces.append([COMMA] if _is_heading(part, at) else [])
        pieces[-1].append(lexeme)
    joined: list[list[Lexeme]] = []
    for piece in pieces:
        if joined and not (_is_named(piece, has_act) and _stands_alone(joined[-1], has_act)):
            joined[-1] += piece
        else:
            joined.append(piece)
    denial = next((x for x in joined[0] if x.kind not in SKIPPED), joined[0][0])
    if denial.kind in ("deny", "denied") and not topics <= INVASION:
        # "No fibrosis or steatosis": the denial goes on behind "or".
        for piece in joined[1:]:
            if piece[0].text in ALTERNATIVES:
                piece[0] = denial
    return [_classified(piece, has_act) for piece in joined]


def _is_named(piece: list[Lexeme], has_act: bool) -> bool:
    words = [x.text for x in piece if x != COMMA]
    return bool(_topics(piece, has_act)) or words[1:2] == [":"]


def _stands_alone(piece: list[Lexeme], has_act: bool) -> bool:
    """Whether a piece names something, or goes on with what stands before it ("4 mm")."""
    return _is_named(piece, has_act) or bool({x.kind for x in piece} & {"number", "unit"})


def _is_border(part: list[Lexeme], at: int, has_aside: bool) -> bool:
    """Whether another thing may begin here: a conjunction, a dash, a code, "LVI:"."""
    lexeme, before = part[at], part[at - 1]
    if lexeme.kind in ("number", "unit"):
        return False
    return (
        lexeme.kind in ("join", "split")
        or (lexeme.text == "-" and before.kind not in ("number", "unit"))
        or _is_heading(part, at)
        or ("code" in (lexeme.kind, before.kind) and not has_aside)
    )


def _is_heading(part: list[Lexeme], at: int) -> bool:
    """Whether a field is named before a colon, without a mark before it: "absent PNI: present"."""
    is_before_colon = at + 1 < len(part) and part[at + 1].text == ":"
    if part[at].kind == "weak":
        # "Size:" may be of what stands before it: "specimen size: ".
        return is_before_colon and part[at - 1].kind in ANSWERS | {"unit", "code"}
    is_apart = part[at - 1].kind not in ("join", "mark", "fill", "here")
    return is_before_colon and part[at].kind == "topic" and is_apart


def _topics(part: Iterable[Lexeme], has_act: bool) -> set[str]:
    """What a part names: fields, and whether anything else."""
    # "Cannot be graded due to treatment effect": a cause is not what is spoken of.
    lexemes = list(takewhile(lambda lexeme: lexeme.kind != "cause", part))
    kinds = {lexeme.kind for lexeme in lexemes}
    found = {x.value for x in lexemes if x.kind in ("topic", "code")}
    if kinds & {"vessel"} and has_act:
        found.add("lvi")
    if any(x.kind == "aside" and not (x.value == "tract" and found & INVASION) for x in lexemes):
        found.add(ASIDE)
    if "vessel" in kinds and not has_act and "margin" not in found:
        found.add(ASIDE)
    lengths = sum(x.kind == "unit" and x.value in LENGTHS for x in lexemes)
    if lengths > ("margin" in found):
        if "specimen" in kinds:
            found.add(ASIDE)
        if lengths > ("specimen" in kinds) and _names_size(lexemes):
            found.add("size")
    return found


def _names_size(lexemes: Iterable[Lexeme]) -> bool:
    return any(x.kind in ("lesion", "largest") or x.value == "size" for x in lexemes)


def _classified(lexemes: list[Lexeme], has_act: bool) -> Clause:
    clause = Clause(lexemes)
    kinds = clause.kinds
    topics = _topics(lexemes, has_act)
    strong = topics - {ASIDE}
    weak = {x.value for x in lexemes if x.kind == "weak"}
    if "code" in kinds and "unknown" in kinds:
        strong -= {x.value for x in lexemes if x.kind == "code"}
    if "margin" in strong:
        strong -= {"size", "viable"}
    is_distance = "apart" in kinds and "range" not in kinds
    if is_distance or "margin" in weak or ASIDE in topics:
        strong.discard("size")
    if "lesser" in kinds and strong & {"margin", "size"} and "largest" not in kinds:
        strong -= {"margin"}
        if "size" not in strong:
            topics.add(ASIDE)
    begins_with = next((x.text for x in lexemes if x.kind != "mark"), "")
    if ASIDE in topics or (begins_with in ALTERNATIVES and not strong <= INVASION):
        clause.is_aside = True
    elif strong == {"size"} and not _names_lesion(lexemes):
        clause.about, clause.is_weak = strong, True
    elif strong and (len(strong) == 1 or any(strong <= together for together in TOGETHER)):
        clause.about = strong
    elif strong:
        clause.about, clause.is_mixed = strong, True
    elif len(weak) == 1:
        # "Grade 2" may be of anything, "tumor with grade 2" is not.
        is_of_lesion = weak == {"grade"} and "lesion" in kinds
        clause.about, clause.is_weak = weak, not is_of_lesion
    elif weak:
        clause.is_aside = True
    return clause


def _names_lesion(lexemes: Iterable[Lexeme]) -> bool:
    return any(x.kind in ("lesion", "topic") or x.value == "lesion" for x in lexemes)


# Passages


def _is_of_origin(sentence: Sequence[Lexeme]) -> bool:
    """Whether the primary, or the earlier one, is named only as where the metastasis is from."""
    for at, lexeme in enumerate(sentence):
        if lexeme.kind == "time" and [x.kind for x in sentence[at + 1 : at + 2]] != ["primary"]:
            return False
        if lexeme.kind == "primary":
            beside = [*sentence[max(at - 1, 0) : at], *sentence[at + 1 : at + 2]]
            words = {x.text for x in sentence[max(at - 4, 0) : at]}
            is_told = bool(words & LIKENESS) or (
                bool(words & ORIGINS) and any(x.value == "here" for x in sentence[:at])
            )
            is_beside = any(x.value == "here" and x.kind == "lesion" for x in beside)
            if not (is_told or is_beside):
                return False
    return True


def _longest(lexemes: Sequence[Lexeme]) -> Decimal:
    """The longest length of a clause, in millimeters."""
    found = [x for x in with_measures(lexemes) if isinstance(x, Measure) and x.unit == "mm"]
    return max((x.high or x.low or Decimal(0) for x in found), default=Decimal(0))


def _says_more(passage: Passage, clause: Clause) -> bool:
    """Whether a short sentence without a name says something of the fields before: "; involved"."""
    words = [lexeme.text for lexeme in clause.lexemes if lexeme.kind != "mark"]
    if len(words) > LONGEST_REST:
        return False
    kinds = {
        lexeme.kind
        for topic in passage.named - {"size"}
        for lexeme in lexicon_of(FIELDS[topic]).lexemes(tokens_of(" ".join(words)))
    }
    return bool(kinds - {"fill", "mark", "unknown", "join"})


class _Passages:
    """Goes through the sentences, and gathers what is about the fields in passages.

    `last` is what was spoken of last: a passage, ASIDE, HEADING (or the beginning) or LESION, on
    which a weak clause may follow, or "" where that is not known. `elsewhere` is the kind of the
    sentence before that spoke of another time or organ, until one speaks of this liver.
    """

    def __init__(self, sentences: Sequence[Sequence[Lexeme]]) -> None:
        self.found: list[Passage] = []
        self.elsewhere = ""
        self.last: Passage | str = HEADING
        self.has_nodes = any(x.value == "node" for sentence in sentences for x in sentence)
        self.is_open = False
        self.rivals: set[str] = set()
        self.has_specimen = False
        self.has_dropped = False
        self.lead: list[Clause] = []
        clauses_of = [_clauses_of(sentence) for sentence in sentences]
        flat = [clause for clauses in clauses_of for clause in clauses]
        self.following = {id(a): b for a, b in pairwise(flat)}
        self.firsts = {id(clauses[0]) for clauses in clauses_of if clauses}
        for sentence, clauses in zip(sentences, clauses_of, strict=True):
            self.is_open, self.lead = False, []
            # "Hepatectomy, tumor, 12 cm": which of them is 12 cm?
            self.has_specimen = any(lexeme.kind == "specimen" for lexeme in sentence)
            if self._is_here(sentence):
                is_denial = clauses[0].goes_on and clauses[0].first() in ("deny", "denied")
                for number, clause in enumerate(clauses):
                    if number and is_denial and clause.may_be_denied:
                        clause.is_aside = True
                    self._take(clause, is_first=number == 0)
            else:
                self.last = ASIDE
            kinds = {lexeme.kind for lexeme in sentence}
            if kinds & DANGLING and kinds <= DANGLING | SILENT:
                # No more than "Previous." or "Colon.": it says where belongs what stands before.
                self.found = []
        self.found = [passage for passage in self.found if passage.about]

    def _is_here(self, sentence: Sequence[Lexeme]) -> bool:
        """Whether a sentence is of this liver; notes where those are that follow."""
        kinds = {lexeme.kind for lexeme in sentence}
        names_liver = "here" in kinds or any(x.value == "here" for x in sentence)
        marks = kinds & ELSEWHERE
        if marks <= {"primary", "time"} and _is_of_origin(sentence):
            marks = set()
        if marks:
            if marks != {"sentence"}:
                self.elsewhere = "means" if marks <= {"means", "sentence"} else "elsewhere"
            return False
        if names_liver:
            self.elsewhere = ""
        return True

    def _take(self, clause: Clause, is_first: bool) -> None:
        self._settle(clause, is_first)
        self._note_rivals(clause)
        if clause.is_aside or (clause.is_weak and not self._bears(clause)):
            self.last, self.is_open, self.lead = ASIDE, False, []
        elif clause.is_mixed:
            self._begin(clause)
            self.last, self.is_open = ASIDE, False
        elif clause.about:
            self._take_named(clause)
        else:
            self._take_bare(clause, is_first)

    def _settle(self, clause: Clause, is_first: bool) -> None:
        """What a clause is about as it stands here, where its words alone do not tell."""
        passage = self.last if self.is_open and isinstance(self.last, Passage) else None
        is_bare = "topic" not in clause.kinds
        if clause.about == {"grade"} and is_bare and passage and passage.named & GRADED:
            # "Steatosis, grade 2".
            clause.about, clause.is_weak = set(passage.named), False
        elif clause.about == {"grade"} and is_bare and self.last == ASIDE and not is_first:
            clause.is_aside = True
        elif clause.about == {"pni"} and is_bare and self.has_nodes:
            # "Lymph nodes 0/5, pN0": of nodes, not of nerves.
            clause.is_aside = "code" in clause.kinds
        elif clause.is_place and passage and passage.named == {"margin"} and not clause.answers:
            # "Margin involved (bile duct)": which margin it is.
            clause.about, clause.is_aside = {"margin"}, False
        elif clause.is_of_vessels and isinstance(self.last, Passage):
            # "LVI: lymphatic: negative; venous: positive", "R1 / vascular".
            if self.last.named <= INVASION:
                clause.about, clause.is_aside = {"lvi"}, False
            elif self.last.named == {"margin"} and not clause.answers:
                clause.about, clause.is_aside = {"margin"}, False
        elif clause.about == {"size"} and isinstance(self.last, Passage):
            # "Margin: lesion A 11 mm, lesion B 2 mm".
            is_told_so = bool(clause.kinds & {"weak", "topic", "largest"})
            is_of_list = _counted(clause.lexemes) and self.last.is_counted
            if self.last.named == {"margin"} and is_of_list and not is_told_so:
                clause.about = {"margin"}
                self.is_open = True

    def _note_rivals(self, clause: Clause) -> None:
        """Nodes and other lesions that are named: "the lesion is 2 cm" may be of them."""
        if "here" in clause.kinds:
            self.rivals = set()
        elif any(x.value == "here" for x in clause.lexemes):
            self.rivals -= {"rival"}
        named = {x.value for x in clause.lexemes if x.kind == "aside"} & {"rival", "node"}
        self.rivals |= named
        passage = self.last if self.is_open and isinstance(self.last, Passage) else None
        is_behind = named and passage and not clause.answers
        if is_behind and passage and "here" not in passage.values:
            # "Nodule 3 cm, hemangioma".
            passage.unheard.add("size")

    def _bears(self, clause: Clause) -> bool:
        """Whether what stands before (and behind) lets a weak clause be about its field."""
        before, after = self.last, self.following.get(id(clause))
        if clause.about == {"margin"}:
            return isinstance(before, Passage) and "margin" in before.named
        if before in (ASIDE, ""):
            return False
        if clause.about == {"grade"}:
            if isinstance(before, Passage) and before.named & GRADED - self._numbered(before):
                return False
            return after is None or not self._may_be_graded(after)
        if self.has_specimen and before == LESION:
            return False
        return not (after and after.kinds & {"specimen", "lesser"} and not after.answers)

    def _numbered(self, passage: Passage) -> set[str]:
        """The fields of a passage that has a number already, and needs no grade."""
        return passage.named if "number" in passage.kinds else set()

    def _may_be_graded(self, clause: Clause) -> bool:
        """Whether a grade before a clause may be the one of what the clause names."""
        is_other = clause.is_aside or clause.about & GRADED or "graded" in clause.kinds
        says = ANSWERING | ({"degree"} if id(clause) in self.firsts else set())
        return bool(is_other) and not clause.kinds & says

    def _take_named(self, clause: Clause) -> None:
        """Goes on with the passage of the same fields, or begins one."""
        last = self.last
        goes_on = self.is_open or clause.is_weak or "vessel" in clause.kinds
        if not isinstance(last, Passage) or not goes_on:
            self._begin(clause)
        elif last.named == clause.about or (last.named | clause.about) <= INVASION:
            last.named |= clause.about
            self._go_on(clause)
        else:
            self._begin(clause)

    def _begin(self, clause: Clause) -> None:
        unheard = {"": set[str](), "means": SEEN_ELSEWHERE}.get(self.elsewhere, set(FIELDS))
        unheard = unheard | ({"size"} if self.rivals and not self._is_of_tumor(clause) else set())
        self.last = Passage(set(clause.about), [*self.lead, clause], unheard)
        self.found.append(self.last)
        self.is_open, self.has_dropped, self.lead = True, False, []

    def _is_of_tumor(self, clause: Clause) -> bool:
        """Whether a size is said to be of the tumor, where it might be of another lesion."""
        return self.rivals == {"rival"} and any(x.text in TUMORS for x in clause.lexemes)

    def _go_on(self, clause: Clause) -> None:
        """Adds a clause to the passage before, be that of the sentence before."""
        if isinstance(self.last, Passage):
            if self.has_dropped and clause.has_length:
                # "Size 4 cm (T), 10 cm (S)": what has told them apart is not known.
                self.last.unheard.add("size")
            mark = [] if self.is_open else [COMMA]
            clause.lexemes = [*mark, *clause.lexemes]
            self.last.clauses.append(clause)
            self.is_open = True

    def _take_bare(self, clause: Clause, is_first: bool) -> None:
        """A clause that names no field: it goes on with the passage before, or leads to another."""
        last, kinds = self.last, clause.kinds
        is_length = clause.has_length and clause.goes_on and "apart" not in kinds
        if is_length and self.has_specimen and last == LESION:
            self.last = ""
        elif is_length and (
            last == LESION or (isinstance(last, Passage) and last.named == {"grade"})
        ):
            clause.about = {"size"}
            self._begin(clause)
        elif "lesser" in kinds and clause.has_length and self._is_larger(clause):
            self.is_open = False
        elif is_first and isinstance(last, Passage) and _says_more(last, clause):
            self._go_on(clause)
        elif self._is_silent(clause):
            self.has_dropped = "unknown" in kinds
            self._take_silent(clause)
        elif isinstance(last, Passage) and (
            self.is_open or (is_first and (clause.goes_on or "unit" in kinds))
        ):
            self._go_on(clause)
        elif (last == LESION and clause.goes_on) or (
            "lesion" in kinds and clause.measures_lesion and not self.is_open
        ):
            self.lead.append(clause)
            self.last = LESION
        elif last != ASIDE or not clause.goes_on:
            self.lead = [*self.lead, clause] if kinds & ANSWERING else self.lead
            self.last = ""

    def _is_larger(self, clause: Clause) -> bool:
        """Whether the largest lesion was named, and is larger than the one of a clause."""
        last = self.last
        if not isinstance(last, Passage) or "size" not in last.named or "largest" not in last.kinds:
            return False
        lengths = [_longest(x.lexemes) for x in (*last.clauses, clause)]
        return max(lengths[:-1]) > lengths[-1]

    def _is_silent(self, clause: Clause) -> bool:
        """Whether a clause without a name says nothing of what was named before it."""
        kinds = clause.kinds
        says = kinds & (SETTLING | {"number"})
        if "specimen" in kinds and not says:
            return True
        passage = self.last if self.is_open and isinstance(self.last, Passage) else None
        if passage and "unassessable" in passage.kinds and "number" not in kinds:
            # "Cannot be assessed, no liver in the sections": a reason.
            return True
        if isinstance(self.last, Passage) and self.last.named == {"size"}:
            return not says
        if "lesion" in kinds and not clause.has_length:
            # "Three nodules", "metastases x 2"; but "nodules of 3, 2 and 1 cm".
            return kinds <= SILENT | {"number", "compare"} and not clause.measures_lesion
        return kinds <= SILENT | {"extent"} and not (self.is_open and "extent" in kinds)

    def _take_silent(self, clause: Clause) -> None:
        if "lesion" in clause.kinds:
            self.last = self.last if self.is_open else LESION
        elif not self.is_open and clause.kinds - PLAIN:
            self.last = ""
        elif not self.is_open and self.last != LESION:
            self.last = HEADING


# Readings


def _each(topic: str, passages: list[Passage]) -> list[tuple[Passage, Reading | None]]:
    """What each passage says of a field; those that only name it are left out."""
    found: list[tuple[Passage, Reading | None]] = []
    for passage in passages:
        reading = None
        is_mixed = any(clause.is_mixed for clause in passage.clauses)
        if not is_mixed and not passage.is_half_denied:
            reading = read(FIELDS[topic], passage.text_for(topic))
        if topic == "viable" and reading and reading.measure and not passage.is_understood_percent:
            reading = None
        if reading is not None or passage.answers or is_mixed:
            found.append((passage, reading))
    return found


def _together(
    topic: str, read_of: list[tuple[Passage, Reading | None]], is_several: bool
) -> Reading | None:
    """What the passages about a field say of it together."""
    readings = [reading for _, reading in read_of]
    if len(read_of) == 1 or (
        topic not in INVASION and all(reading == readings[0] for reading in readings)
    ):
        return readings[0]
    if topic in INVASION and {"yes", "no"} <= {r.value for r in readings if r}:
        return Reading(missing_reason="conflicting")
    if any(clause.is_mixed for passage, _ in read_of for clause in passage.clauses):
        return None
    if topic in INVASION or (topic == "regression" and None in readings):
        return read(FIELDS[topic], " ; ".join(passage.text_for(topic) for passage, _ in read_of))
    known = [r for r in readings if r is not None and r.missing_reason != "not_reported"]
    if None in readings or not known:
        return None
    if all(reading == known[0] for reading in known):
        return known[0]
    if any(reading.missing_reason for reading in known):
        return None
    if topic == "margin":
        return _margin_of(known, is_several)
    if topic == "size":
        return _size_of(read_of, is_several)
    return None if topic == "viable" else Reading(missing_reason="conflicting")


def _margin_of(readings: list[Reading], is_several: bool) -> Reading | None:
    """A word and a distance are told apart, or the distances of several lesions."""
    words = {reading.value for reading in readings if reading.value}
    measures = [reading.measure for reading in readings if reading.measure]
    if len(words) > 1 or (words & INVOLVED and any(m.low or m.high is None for m in measures)):
        return None
    word = words.pop() if words else None
    if not measures:
        return Reading(word)
    least = min(measures, key=lambda m: (m.high is None, m.high or 0, m.low or 0))
    others = [measure for measure in measures if measure != least]
    if any(least.high is None or (m.low or 0) < least.high for m in others):
        return None
    return Reading(word, measure=least) if is_several or not others else None


def _size_of(read_of: list[tuple[Passage, Reading | None]], is_several: bool) -> Reading | None:
    """The largest of several lesions, or the one that is said to be the largest."""
    measures = [(p, r.measure) for p, r in read_of if r is not None and r.measure]
    if not all(_is_exact(measure) for _, measure in measures):
        return None
    passage, largest = max(measures, key=lambda pair: pair[1].low or 0)
    if is_several or "largest" in passage.kinds:
        return Reading(measure=largest)
    return None


def _is_exact(measure: Measure) -> bool:
    return measure.low is not None and measure.low == measure.high


def _counted(lexemes: Sequence[Lexeme]) -> set[str]:
    """Which lesions of several are told of: "segment 7 lesion", "lesion 2", "nodule a"."""
    found = set()
    for place, number, unit in zip(lexemes, lexemes[1:], [*lexemes[2:], None], strict=False):
        is_counted = number.kind == "number" and not (unit and unit.kind == "unit")
        if place.kind == "lesion" or place.text in PLACES:
            found |= {number.text} if is_counted or number.text in LETTERS else set()
    return found


def _is_of_several(sentences: Sequence[Sequence[Lexeme]]) -> bool:
    """Whether lesions are told one by one."""
    return len(set[str]().union(*(_counted(sentence) for sentence in sentences))) > 1
