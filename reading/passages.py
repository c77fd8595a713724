"""Clauses of a comment that belong together: passages, each about the same fields."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise, takewhile

from reading.adjuncts import is_wary
from reading.clauses import (
    ANSWERING,
    ASIDE,
    COMMA,
    ELSEWHERE,
    FIELDS,
    HEADING,
    INVASION,
    LESION,
    LETTERS,
    SETTLING,
    Clause,
    clauses_of,
    counted,
    is_later_report,
    leaves_out_unit,
)
from reading.lexicon import Lexeme, lexicon_of
from reading.measures import lengths_of
from reading.passage import LIKE, LIKENESS, Passage
from reading.tokens import tokens_of

# What another means than the microscope may tell, too.
SEEN_ELSEWHERE = {"size", "steatosis", "regression"}
# Whose grade a bare "grade 2" beside them may be.
GRADED = {"steatosis", "regression"}
# Kinds of words that say nothing of a field.
PLAIN = {"heading", "here", "lesion", "mark", "join"}
SILENT = PLAIN | {"fill", "degree", "idle", "split", "largest", "but", "specimen", "act", "apart"}
SILENT |= {"graded", "cause"}
ANOTHER = (Lexeme("lesser", "other", ""), Lexeme("lesion", "nodule", ""))
DANGLING = ELSEWHERE | {"turn"}
# What is found at another organ: the sentence speaks of that alone.
FINDINGS = {"unremarkable", "normal", "within normal limits", "نرمال", "طبیعی", "سالم"}
ORIGINS = LIKENESS | {"from", "of", "with", "of known", "from known", "منشا", "منشاء", "از"}
HOLDING = {"contains", "containing", "contain", "show", "shows", "showed", "reveals"}
TUMORS = {"tumor", "tumor size", "size of tumor", "largest tumor", "تومور", "اندازه تومور"}
MICROSCOPE = {"microscopically", "histologically", "microscopic", "histological", "میکروسکوپی"}
MICROSCOPE |= {"pathologic", "pathological", "pathologically", "pathology"}
LIVER = ("liver", "hepatic", "parenchym", "کبد", "پارانشیم")
# A margin is seldom wider; a length that stands alone may be another one then.
WIDEST_ALONE = 20
# Other things that have a size.
RIVALS = {"rival", "node"}
# Words of a sentence that is no more than a rest of the one before it.
LONGEST_REST = 2


def _is_of_origin(sentence: Sequence[Lexeme]) -> bool:
    """Whether the primary, or the earlier one, is named only as where the metastasis is from."""
    for at, lexeme in enumerate(sentence):
        if lexeme.kind == "time" and [x.kind for x in sentence[at + 1 : at + 2]] != ["primary"]:
            return False
        if lexeme.kind == "primary":
            before = sentence[:at]
            words = {x.text for x in before[-4:]}
            text = " ".join(x.text for x in before[-6:])
            is_told = (
                bool(words & LIKENESS)
                or any(like in text for like in LIKE)
                or (bool(words & ORIGINS) and any(x.value == "here" for x in before))
            )
            beside = [*before[-1:], *sentence[at + 1 : at + 2]]
            is_beside = any(x.value == "here" and x.kind == "lesion" for x in beside)
            # "Metastasis of adenocarcinoma of the colon".
            named = [x for x in before[-4:] if x.kind not in ("fill", "compare")]
            is_beside |= (
                bool(named)
                and all(x.kind == "lesion" for x in named)
                and any(x.value == "here" for x in named)
            )
            # "Metastatic moderately differentiated colonic adenocarcinoma".
            follows = sentence[at + 1].kind if at + 1 < len(sentence) else ""
            near = takewhile(lambda x: x.kind != "mark", reversed(before))
            is_beside |= follows == "lesion" and any(
                x.kind == "lesion" and x.value == "here" for x in near
            )
            if not (is_told or is_beside):
                return False
    return True


def _leaves_open_what_is_measured(sentence: Sequence[Lexeme]) -> bool:
    """A specimen is named, and not as what contains a lesion."""
    kinds = [x.kind for x in sentence]
    holds = next((at for at, x in enumerate(sentence) if x.text in HOLDING), len(kinds))
    held = kinds[holds:]
    return "specimen" in held or ("specimen" in kinds and "lesion" not in held)


def _is_of_this(lexeme: Lexeme, sentence: Sequence[Lexeme]) -> bool:
    """Whether what seems to be of another time or person is of this liver after all.

    So is the report that lacks something, and the surgeon who knows of tumor left behind (R2).
    """
    if lexeme.value == "report":
        return any(x.kind == "unstated" for x in sentence)
    return lexeme.value == "surgeon" and any(x.text in ("r2", "r 2") for x in sentence)


def _longest(lexemes: Sequence[Lexeme]) -> Decimal:
    """The longest length of a clause, in millimeters."""
    found = lengths_of(lexemes)
    return max((x.high or x.low or Decimal(0) for x in found), default=Decimal(0))


def _says_more(passage: Passage, clause: Clause) -> bool:
    """Whether a short sentence without a name says something of the fields before: "; involved"."""
    words = [lexeme.text for lexeme in clause.lexemes if lexeme.kind != "mark"]
    if len(words) > LONGEST_REST or not clause.kinds - {"lesion", "mark"}:
        return False
    kinds = {
        lexeme.kind
        for topic in passage.named - {"size"}
        for lexeme in lexicon_of(FIELDS[topic]).lexemes(tokens_of(" ".join(words)))
    }
    return bool(kinds - {"fill", "mark", "unknown", "join"})


def is_hint(sentence: Sequence[Lexeme]) -> bool:
    """No more than "Previous." or "Colon.": it says where belongs what stands before."""
    kinds = {lexeme.kind for lexeme in sentence}
    if any(x.text in FINDINGS or x.value == "here" for x in sentence):
        # "Gallbladder unremarkable", "metastatic adenocarcinoma, colonic primary".
        return False
    return bool(kinds & DANGLING) and not kinds - DANGLING - SILENT


def gathered(sentences: Sequence[Sequence[Lexeme]]) -> list[Passage]:
    """The passages of these sentences; none where they correct another text."""
    if any(lexeme.kind == "refuse" for sentence in sentences for lexeme in sentence):
        return []
    return _Passages(sentences).found


class _Passages:
    """Goes through the sentences, and gathers what is about the fields in passages.

    `last` is what was spoken of last: a passage, ASIDE, HEADING (the beginning) or LESION, on
    which a weak clause may follow, or "" where that is not known. `elsewhere` is the kind of the
    sentence before that spoke of another time or organ, until one speaks of this liver.
    """

    def __init__(self, sentences: Sequence[Sequence[Lexeme]]) -> None:
        self.found: list[Passage] = []
        self.elsewhere = ""
        self.last: Passage | str = HEADING
        self.before_gloss: Passage | str = ""
        self.is_open = False
        self.is_lesser = False
        self.rivals: set[str] = set()
        self.has_specimen = False
        self.has_dropped = False
        self.lead: list[Clause] = []
        parted = [clauses_of(sentence) for sentence in sentences]
        flat = [clause for clauses in parted for clause in clauses]
        self.following = {id(a): b for a, b in pairwise(flat)}
        self.firsts = {id(clauses[0]) for clauses in parted if clauses}
        for sentence, clauses in zip(sentences, parted, strict=True):
            self.is_open, self.lead, self.is_lesser = False, [], False
            if self.last == ASIDE and self.before_gloss:
                # "Partial regression (50 % fibrosis). Size 2 cm".
                self.last = self.before_gloss
            self.before_gloss = ""
            # "Hepatectomy, tumor, 12 cm": which of them is 12 cm?
            self.has_specimen = _leaves_open_what_is_measured(sentence)
            if not clauses:
                continue
            if self._is_here(sentence):
                is_denial = clauses[0].goes_on and clauses[0].first() in ("deny", "denied")
                for number, clause in enumerate(clauses):
                    if number and is_denial and clause.may_be_denied:
                        clause.is_aside = True
                    self._take(clause, is_first=number == 0)
            else:
                self.last = ASIDE
            if is_hint(sentence):
                self.found = []
        self.found = [passage for passage in self.found if passage.about]

    def _is_here(self, sentence: Sequence[Lexeme]) -> bool:
        """Whether a sentence is of this liver; notes where those are that follow."""
        kinds = {lexeme.kind for lexeme in sentence}
        names_liver = "here" in kinds or any(
            x.value == "here" or (x.kind == "topic" and any(y in x.text for y in LIVER))
            for x in sentence
        )
        marks = {x.kind for x in sentence if not _is_of_this(x, sentence)} & ELSEWHERE
        if marks <= {"primary", "time"} and _is_of_origin(sentence):
            marks = set()
        is_seen = self.elsewhere == "means" and any(x.text in MICROSCOPE for x in sentence)
        if is_later_report(sentence) or is_seen:
            self.elsewhere = ""
        if marks:
            if marks != {"sentence"}:
                self.elsewhere = "means" if marks <= {"means", "sentence"} else "elsewhere"
            return False
        if names_liver:
            self.elsewhere = ""
        return True

    def _take(self, clause: Clause, is_first: bool) -> None:
        if self.is_open and isinstance(self.last, Passage) and clause.excepts:
            # "No steatosis except in zone 3": how much that is nobody knows.
            self.last.unheard |= self.last.named
        if (
            isinstance(self.last, Passage)
            and "regression" not in self.last.named
            and leaves_out_unit(clause.lexemes)
        ):
            self.last.unheard |= self.last.named
        self._settle(clause, is_first)
        self._note_rivals(clause)
        if clause.kinds & {"lesser", "lesion", "largest"}:
            self.is_lesser = "lesser" in clause.kinds and "largest" not in clause.kinds
        if clause.counts_lesions:
            self.last, self.is_open, self.lead = LESION, False, []
        elif clause.is_aside and clause.is_of_tumor and self.last not in ("", ASIDE):
            # "Tumor with necrosis".
            self.last, self.is_open, self.lead = LESION, False, []
        elif clause.is_aside or (clause.is_weak and not self._bears(clause)):
            is_gloss = clause.is_aside and clause.lexemes[0].text == "("
            self.before_gloss = self.last if is_gloss else ""
            self.last, self.is_open, self.lead = ASIDE, False, []
            if clause.ends_with_metastasis:
                # "A cyst of 12 mm beside the metastasis, which is 24 mm".
                self.last = LESION
                self.rivals.discard("rival")
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
        elif clause.is_place and isinstance(self.last, Passage):
            if clause.is_of_vessels and self.last.named <= INVASION:
                # "LVI: lymphatic: negative; venous: positive".
                clause.about, clause.is_aside = {"lvi"}, False
            elif (
                (self.is_open or clause.is_of_vessels)
                and self.last.named == {"margin"}
                and not clause.answers
            ):
                # "R1 / vascular", "margin involved (bile duct)": which margin it is.
                clause.about, clause.is_aside = {"margin"}, False
        elif clause.about == {"size"} and isinstance(self.last, Passage):
            # "Margin: lesion A 11 mm, lesion B 2 mm".
            is_told_so = bool(clause.kinds & {"weak", "topic", "largest"})
            is_other = "lesser" in clause.kinds and not is_told_so
            if self.last.named == {"margin"} and is_other and self._may_be_distance(clause):
                # "Margin 9 mm (second lesion 3 mm)": its margin, or its size.
                self.last.unheard.add("margin")
            is_of_list = counted(clause.lexemes) and self.last.is_counted
            if self.last.named == {"margin"} and is_of_list and not is_told_so:
                clause.about = {"margin"}
        elif passage and self._may_be_distances(passage, clause):
            self._take_as_distances(passage, clause)

    @staticmethod
    def _may_be_distances(passage: Passage, clause: Clause) -> bool:
        """ "Nodule 1 is 2 mm, nodule 2 is 8 mm from the margin": how far both are, or one."""
        before = passage.clauses[-1]
        if (passage.named, clause.about) != ({"size"}, {"margin"}):
            return False
        if not (counted(before.lexemes) and counted(clause.lexemes)):
            return False
        is_bare = not any(x.value == "size" for x in before.lexemes)
        return is_bare and before.has_length and clause.has_length

    def _take_as_distances(self, passage: Passage, clause: Clause) -> None:
        """Both are distances where the sizes were told before; else nobody knows."""
        if any(x is not passage and "size" in x.named for x in self.found):
            passage.named = {"margin"}
        else:
            passage.unheard.add("size")
            clause.is_mixed = True

    def _may_be_distance(self, clause: Clause) -> bool:
        """Whether a length of another lesion may be one to the margin: no size was told before."""
        is_sized = any("size" in passage.named for passage in self.found)
        first = next((x.kind for x in clause.lexemes if x.kind in ("number", "lesion")), "")
        return self.is_open and (first == "number" or not is_sized)

    def _note_rivals(self, clause: Clause) -> None:
        """Nodes and other lesions that are named: "the lesion is 2 cm" may be of them."""
        if "here" in clause.kinds:
            self.rivals = set()
        elif any(x.value == "here" for x in clause.lexemes):
            self.rivals -= {"rival"}
        named = {x.value for x in clause.lexemes if x.kind == "aside"} & RIVALS
        if clause.has_length and "lesion" not in clause.kinds:
            # A node that has its own size.
            named -= {"node"}
        self.rivals |= named
        passage = self.last if self.is_open and isinstance(self.last, Passage) else None
        # "Metastasis (52 mm) and hemangioma (14 mm)": each has its own size.
        after = self.following.get(id(clause))
        has_own = after is not None and after.has_length and after.lexemes[0].text == "("
        is_behind = named and passage and not clause.answers and not has_own
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
        if clause.about == {"margin"} and self._is_of_another():
            clause.lexemes = [*ANOTHER, *(x for x in clause.lexemes if x != COMMA)]
        if clause.about == {"size"} and self.is_lesser and "lesser" not in clause.kinds:
            # "The smaller is 55 % viable and measures 12 mm".
            clause.lexemes = [ANOTHER[0], *clause.lexemes]
        unheard = {"": set[str](), "means": SEEN_ELSEWHERE}.get(self.elsewhere, set(FIELDS))
        if clause.is_alternative:
            # "No cirrhosis, or moderate steatosis".
            unheard = set(FIELDS)
        unheard = unheard | ({"size"} if self.rivals and not self._is_of_tumor(clause) else set())
        self.last = Passage(set(clause.about), [*self.lead, clause], unheard)
        self.found.append(self.last)
        self.is_open, self.has_dropped, self.lead = True, False, []

    def _is_of_another(self) -> bool:
        """Whether another lesion was named just before: "second tumor 1 cm, margin 8 mm"."""
        last = self.last if self.is_open and isinstance(self.last, Passage) else None
        if last is None or last.named != {"size"}:
            return False
        kinds = last.clauses[-1].kinds
        # "Largest 3 cm, smallest 1 cm, margin free": behind both it is of both.
        is_first = not any("margin" in passage.named for passage in self.found)
        is_of_all = is_first and any("lesser" not in p.kinds for p in self.found)
        is_of_all |= is_first and any("largest" in p.kinds for p in self.found)
        return "lesser" in kinds and not is_of_all

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
        if is_first and "lesser" in kinds and not kinds & {"specimen", "here", "unit"}:
            self._note_larger(clause)
        if last == LESION and kinds == {"mark", "number"}:
            # "Multiple metastases (5)".
            return
        if last == LESION and kinds <= {"mark", "fill", "unknown"} and not is_wary(clause.lexemes):
            # "Nodule 2, tan, 38 mm".
            return
        is_length = clause.has_length and clause.goes_on and "apart" not in kinds
        is_length &= not self._is_width(clause)
        is_counted = bool(counted(clause.lexemes)) and not clause.has_length
        passage = last if isinstance(last, Passage) and last.is_counted else None
        is_of_list = is_first if not kinds & SETTLING else self._is_answer_of_lesion(clause)
        if is_counted and is_of_list and passage and "size" not in passage.named:
            # "Viable tumor: nodule 1 20 %; nodule 2 80 %": the name is of both.
            self._go_on(clause)
        elif is_counted and (is_first or self._begins_next(clause)) and not kinds & SETTLING:
            # "Nodule b: ": what stood before was of another one.
            self.last, self.is_open, self.lead = LESION, False, []
        elif is_length and self.has_specimen and last == LESION:
            self.last = ""
        elif is_length and (
            last == LESION or (isinstance(last, Passage) and last.named == {"grade"})
        ):
            clause.about = {"size"}
            self._begin(clause)
        elif "lesser" in kinds and self._is_not_larger(clause):
            self.is_open = False
        elif (
            is_first
            and self._is_of_margin_alone(clause)
            and ("lesser" in kinds or _longest(clause.lexemes) > WIDEST_ALONE)
        ):
            # "Margin transected. Satellite 4 mm": its size, and no distance.
            self.last, self.is_open = ASIDE, False
        elif is_first and isinstance(last, Passage) and _says_more(last, clause):
            self._go_on(clause)
        elif self._is_silent(clause):
            self.has_dropped = "unknown" in kinds
            if isinstance(last, Passage) and self.is_open and "specimen" in kinds:
                # "Size 4 cm (tumor), 10 cm (specimen)".
                last.unheard.add("size")
            self._take_silent(clause)
        elif isinstance(last, Passage) and (
            self.is_open
            or (is_first and (clause.goes_on or self._may_measure(clause, last)))
            or "lesser" in kinds
        ):
            self._go_on(clause)
        elif (last == LESION and clause.goes_on and not clause.has_percent) or (
            "lesion" in kinds and clause.measures_lesion and not self.is_open
        ):
            self.lead.append(clause)
            self.last = LESION
        elif last != ASIDE or not clause.goes_on:
            self.lead = [*self.lead, clause] if kinds & ANSWERING else self.lead
            self.last = ""

    def _begins_next(self, clause: Clause) -> bool:
        """Whether the size of another follows: "a (2 cm, 90 % viable), b (3 cm, 50 % viable)"."""
        after = self.following.get(id(clause))
        while after and after.kinds <= {"mark", "fill", "unknown"}:
            # "Nodule b, tan, 38 mm".
            after = self.following.get(id(after))
        if not isinstance(self.last, Passage) or after is None or after.about:
            return False
        # "Margin: nodule a (4 mm), nodule b (7 mm)": the lengths are of the margin.
        is_sized = any("size" in passage.named for passage in self.found)
        may_be_width = "margin" in self.last.named and (self.last.is_counted or not is_sized)
        return after.has_length and after.goes_on and not (may_be_width or self._is_width(after))

    def _is_width(self, clause: Clause) -> bool:
        """Whether a length is told of the margin behind it: "nodule b (15 mm, margin)"."""
        after = self.following.get(id(clause))
        if after is None or after.about != {"margin"} or after.answers:
            return False
        # In "3 cm, margin. Negative" it has its own answer.
        answer = self.following.get(id(after))
        return answer is None or bool(answer.about) or not answer.goes_on

    @staticmethod
    def _is_answer_of_lesion(clause: Clause) -> bool:
        """Whether a clause is a lesion and its answer, with nothing behind: "nodule 2: absent"."""
        told = [x for x in clause.lexemes if x.kind != "mark"]
        known = SETTLING | {"lesion", "number", "fill", "join"}
        is_plain = all(x.kind in known or x.text in LETTERS for x in told)
        return is_plain and told[-1].kind in SETTLING

    @staticmethod
    def _may_measure(clause: Clause, last: Passage) -> bool:
        """Whether a number in a clause may be one of the passage before: of a margin a length."""
        return clause.has_length or (clause.has_percent and last.named != {"margin"})

    def _note_larger(self, clause: Clause) -> None:
        """ "Metastasis 8 mm. The other, 12 mm, …": what is 12 mm may be the larger one."""
        rest: list[Clause] = []
        behind = self.following.get(id(clause))
        while behind and id(behind) not in self.firsts:
            rest.append(behind)
            behind = self.following.get(id(behind))
        if any(x.kind == "aside" and x.value in RIVALS for c in rest for x in c.lexemes):
            # "Another lesion, 6 cm, is FNH".
            return
        length = max((_longest(c.lexemes) for c in rest if "apart" not in c.kinds), default=0)
        for passage in self.found:
            if "size" in passage.named and _longest(passage.lexemes) < length:
                passage.unheard.add("size")

    def _is_not_larger(self, clause: Clause) -> bool:
        """Whether the largest lesion was named, and the one of a clause is not larger."""
        last = self.last
        if not isinstance(last, Passage) or "size" not in last.named:
            return False
        lengths = [_longest(x.lexemes) for x in (*last.clauses, clause)]
        return max(lengths[:-1]) >= lengths[-1]

    def _is_of_margin_alone(self, clause: Clause) -> bool:
        """Whether nothing but the margin was spoken of, which a clause does not go on with."""
        is_margin = isinstance(self.last, Passage) and self.last.named == {"margin"}
        is_denial = bool(clause.kinds & {"denied", "deny"})
        return is_margin and (is_denial or clause.has_length)

    def _is_silent(self, clause: Clause) -> bool:
        """Whether a clause without a name says nothing of what was named before it."""
        kinds = clause.kinds
        says = kinds & (SETTLING | {"number"})
        if kinds & {"specimen", "primary"} and not says:
            return True
        passage = self.last if self.is_open and isinstance(self.last, Passage) else None
        if passage and "unassessable" in passage.kinds and "number" not in kinds:
            # "Cannot be assessed, no liver in the sections": a reason.
            return True
        if isinstance(self.last, Passage) and self.last.named == {"size"}:
            return not says
        if "lesion" in kinds and not clause.has_length:
            # "Three nodules", "metastases x 2"; but "nodules of 3, 2 and 1 cm".
            counts = SILENT | {"number", "compare"} | ({"affirmed"} if "number" in kinds else set())
            return not (kinds - counts or clause.measures_lesion)
        if passage and "degree" in kinds and passage.named & GRADED:
            # "Steatosis, moderate".
            return False
        return not kinds - SILENT

    def _take_silent(self, clause: Clause) -> None:
        if self.is_open:
            return
        if "lesion" in clause.kinds or clause.names_largest:
            self.last = LESION
            # "Largest metastasis, segment 6, 3.2 cm".
            self.lead = [clause] if clause.names_largest else self.lead
        elif clause.kinds - PLAIN:
            self.last = ""
