"""Recurrence at a contact: whether the tumor came back, anywhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from reading.common import REASONS, NotUnderstood, Reading
from reading.contacts import (
    INTRODUCES,
    MARKS,
    OPEN,
    PLACES,
    Clause,
    clauses_of,
    has_digit,
    is_code,
    is_concept,
)
from reading.lexicon import Lexeme, lexicon_of
from reading.sentence import BEFORE
from reading.settings import Settings
from reading.tokens import tokens_of

# Where recurrences are: named with nothing else, one is there.
SITES = {
    *("liver", "hepatic", "intrahepatic", "lung", "lungs", "pulmonary", "bone", "bones", "brain"),
    *("peritoneum", "peritoneal", "nodal", "adrenal", "remnant", "pelvis", "pelvic", "local"),
    *("کبد", "ریه", "استخوان", "مغز", "صفاق", "لگن", "آدرنال"),
}
FINDINGS = {"recurrence", "metastasis", "lesion", "disease", "free"}
# Two that together are the whole body: neither alone denies a recurrence.
WHOLE = ({"local", "distant"}, {"liver", "extrahepatic"}, {"local", "extrahepatic"})
# Here "unassessable" and "unstated" settle no name: they are the reason of a whole text.
SETTLES = {"denied": "no", "affirmed": "yes", "doubt": "doubt"}


@dataclass(slots=True)
class _Finding:
    """`said` is yes, no, doubt or nothing (named alone)."""

    concept: str
    said: str = ""
    places: set[str] = field(default_factory=set)
    is_another: bool = False

    def is_denied(self) -> bool:
        """Whether it is denied of the whole body."""
        return self.said == "no" and not self.places and not self.is_another


def read_recurrence_status(field: str, text: str, settings: Settings) -> Reading | None:
    """Yes for any recurrence or new metastasis; no only for the whole body."""
    lexemes = lexicon_of(field).lexemes(tokens_of(text))
    if _names_sites(lexemes):
        # "Liver + peritoneum".
        return Reading("yes")
    clauses = clauses_of(_settled(lexemes))
    if clauses is None:
        return None
    if len(clauses) == 0 or (reason := _reason(clauses)):
        return Reading(missing_reason=reason) if clauses else None
    reading = _read_recurrence(clauses)
    is_open = reading is not None and reading.missing_reason == "not_assessable"
    # What is awaited may change any other answer.
    return reading if is_open or _settled(lexemes) == list(lexemes) else None


def _names_sites(lexemes: Sequence[Lexeme]) -> bool:
    """Nothing but where a recurrence may be."""
    passing = (",", "/", "only", "alone", "فقط")
    names = [x for x in lexemes if x.kind != "join" and x.text not in passing]
    return bool(names) and all(
        is_concept(name, *PLACES) and name.text.split()[-1] in SITES for name in names
    )


def _settled(lexemes: Sequence[Lexeme]) -> list[Lexeme]:
    """Without the clauses that say that a study is awaited ("MRI pending")."""
    clauses: list[list[Lexeme]] = [[]]
    for lexeme in lexemes:
        if lexeme.kind == "mark" and lexeme.text in MARKS:
            clauses.append([])
        clauses[-1].append(lexeme)
    kept = [clause for clause in clauses if not _is_awaited(clause)]
    return [lexeme for clause in kept for lexeme in clause]


def _is_awaited(clause: Sequence[Lexeme]) -> bool:
    return any(lexeme.value == "pending" for lexeme in clause) and all(
        lexeme.kind in ("fill", "number", "unknown", "mark")
        or lexeme.value == "pending"
        or is_concept(lexeme, "imaging", "with", "purpose", "another")
        for lexeme in clause
    )


def _reason(clauses: Sequence[Clause]) -> str:
    """Why there is no value, of a text that says so and names no finding beside it."""
    first = clauses[0]
    said = first.kinds() & {"unstated", "unassessable"}
    others = set().union(*(clause.concepts() for clause in clauses[1:]))
    if len(said) != 1:
        return ""
    return "" if others & (FINDINGS | PLACES) else REASONS[said.pop()]


def _read_recurrence(clauses: Sequence[Clause]) -> Reading | None:
    if _is_no_and_place(clauses):
        return Reading(missing_reason="conflicting")
    findings: list[_Finding] = []
    unsettled: list[_Finding] = []
    try:
        for clause in _joined(clauses):
            unsettled = _look(clause, findings, unsettled)
    except NotUnderstood:
        return None
    concepts = set().union(*(clause.concepts() for clause in clauses))
    if any({"recurrence", "imaging"} <= clause.concepts() for clause in clauses):
        # "CEA rising, CT negative for recurrence": it was looked for.
        concepts -= {"rising"}
    if "benign" in concepts and any(f.said != "no" and f.concept != "free" for f in findings):
        # "Suspicious on CT, MRI showed hemangioma".
        return None
    is_timed = (
        bool(concepts & {"arose", "another"})
        or any(clause.mark == "but" for clause in clauses)
        or any(has_digit(lexeme) for clause in clauses for lexeme in clause.lexemes)
    )
    return _recurrence_status(findings, concepts, is_timed)


def _is_no_and_place(clauses: Sequence[Clause]) -> bool:
    """ "No; lung" and no more."""
    if len(clauses) != 2 or clauses[1].mark != ";":
        return False
    first = clauses[0].lexemes
    is_no = len(first) == 1 and first[0].kind in ("deny", "denied")
    return is_no and clauses[1].kinds() == {"concept"} and not clauses[1].concepts() - PLACES


def _joined(clauses: Sequence[Clause]) -> list[Clause]:
    """The clauses, where a denial of a place alone waits for its name ("no local, distant ...")."""
    found: list[Clause] = []
    for clause in clauses:
        last = found[-1] if found else None
        if (
            last
            and clause.mark == ","
            and "deny" in last.kinds()
            and last.concepts() & PLACES
            and not last.concepts() & FINDINGS
        ):
            found[-1] = Clause(last.lexemes + clause.lexemes, last.mark)
        else:
            found.append(clause)
    return found


def _recurrence_status(
    findings: Sequence[_Finding], concepts: set[str], is_timed: bool
) -> Reading | None:
    # "No evidence of disease" is of now: a recurrence before it was treated.
    free = [
        f for f in findings if f.concept == "free" or (f.concept == "disease" and f.is_denied())
    ]
    denied = [f for f in findings if f.said == "no" and f not in free]
    found = [
        f
        for f in findings
        if f.said in ("", "yes") and f.concept in ("recurrence", "metastasis", "answer")
    ]
    doubted = [f for f in findings if f.said == "doubt"]
    open_ones = [f for f in findings if f.said in ("", "yes") and f not in found and f not in free]
    if (
        found
        and concepts & {"treated", "operation"}
        and not concepts & {"arose", "another"}
        and all(f.concept == "metastasis" and f.places <= {"liver"} for f in found)
    ):
        return None  # it may be the metastases of the operation itself
    is_no = _covers_all(denied)
    if found:
        if free:
            is_answer = all(f.concept == "answer" for f in found)
            is_one_after_other = is_timed or bool(concepts & {"treated", "operation"})
            return Reading("yes") if is_one_after_other and not is_answer else None
        if is_no:
            return None if is_timed else Reading(missing_reason="conflicting")
        return Reading("yes")
    if doubted:
        return None if is_no or free else Reading(missing_reason="not_assessable")
    if open_ones or "rising" in concepts:
        return None
    return Reading("no") if is_no or free else None


def _covers_all(denied: Sequence[_Finding]) -> bool:
    """Whether what is denied is every recurrence, and not only some place or a second one."""
    counted = [f for f in denied if not f.is_another and f.concept not in ("lesion", "place")]
    if any(not f.places for f in counted):
        return True
    places = set().union(*(f.places for f in counted))
    return any(whole <= places for whole in WHOLE)


def _look(clause: Clause, findings: list[_Finding], unsettled: list[_Finding]) -> list[_Finding]:
    """Adds the findings of the clause. Returns those that a bare answer behind it would settle."""
    if findings and (is_code(clause) or [lexeme.text for lexeme in clause.lexemes] == ["0"]):
        raise NotUnderstood
    kinds, concepts = clause.kinds(), clause.concepts()
    if not concepts & (FINDINGS | PLACES):
        return _answer(clause, findings, unsettled)
    if not concepts & FINDINGS and not kinds & (set(SETTLES) | set(BEFORE)):
        # A place alone: it belongs to what stands before it, or waits for an answer.
        if any(f.said == "no" for f in findings) and not any(f.said == "" for f in findings):
            raise NotUnderstood
        place = _Finding("place", places=concepts & PLACES)
        return [*unsettled, place]
    own = _findings_of(clause)
    if clause.mark == ":":
        # "CT liver: no recurrence" is of the liver.
        for finding in own:
            finding.places |= set().union(*(f.places for f in unsettled if f.concept == "place"))
    is_continued = (
        bool(findings)
        and findings[-1].said == "no"
        and clause.mark == ","
        and all(not f.said and not f.places for f in own)
        and all(f.concept != "free" for f in own)
    )
    if is_continued:
        # "No recurrence, metastasis": two findings, or one denied twice.
        raise NotUnderstood
    findings += own
    return [f for f in own if not f.said and f.concept != "free"]


def _answer(clause: Clause, findings: list[_Finding], unsettled: list[_Finding]) -> list[_Finding]:
    """A clause that names no finding: an answer to the one before, or to the field, or nothing."""
    if "letter" in clause.concepts():
        if len(clause.lexemes) > 1:
            return []
        kind = "affirmed" if clause.lexemes[0].text == "y" else "denied"
        clause = replace(clause, lexemes=(Lexeme(kind, "", ""),))
    # A verb needs something that was seen, or done ("last seen in March").
    kinds = {lexeme.kind for lexeme in clause.lexemes if unsettled or lexeme.value != "verb"}
    said = {SETTLES.get(kind) or BEFORE.get(kind) for kind in kinds} - {None}
    if not said:
        if "unknown" in kinds and (
            clause.mark == "but" or (unsettled and clause.mark in (":", "-"))
        ):
            raise NotUnderstood
        if kinds & {"unstated", "unassessable"} and "unknown" not in kinds:
            raise NotUnderstood
        return unsettled if not clause.concepts() else []
    is_spoken = not (kinds & {"unknown", "elsewhere", "unstated", "unassessable"})
    is_other = "deny" in kinds and not clause.is_denied
    if is_other or clause.concepts() - {"with", "another", "arose", "imaging"}:
        # "No complaints", "not treated"; but "recurrence: no symptoms" is not understood.
        if unsettled and clause.mark in (":", "-"):
            raise NotUnderstood
        return []
    if len(said) > 1 or not is_spoken:
        raise NotUnderstood
    word = said.pop() or ""
    if unsettled:
        if word == "no" and not (
            clause.mark in (":", "-", "(") and clause.is_bare and "imaging" not in clause.concepts()
        ):
            raise NotUnderstood  # "recurrence, not seen since"
        for finding in unsettled:
            finding.said = word
            is_proven = any(lexeme.value == "proof" for lexeme in clause.lexemes)
            if finding.concept == "lesion" and finding.is_another and word == "yes" and is_proven:
                # "New hepatic lesion, biopsy proven".
                finding.concept = "metastasis"
            if finding not in findings:
                findings.append(_Finding("answer", word) if word == "yes" else finding)
    elif word != "doubt" and any(f.said == "doubt" for f in findings):
        raise NotUnderstood  # "suspicious for recurrence, biopsy negative"
    elif word == "yes" and "imaging" in clause.concepts():
        raise NotUnderstood  # positive for what?
    elif word == "doubt" or (clause.is_bare and clause.is_first):
        findings.append(_Finding("answer", word))
    return []


def _findings_of(clause: Clause) -> list[_Finding]:
    found: list[_Finding] = []
    scope = scope_text = ""
    is_used = is_another = is_new = is_treated = is_tolerant = False
    places: set[str] = set()
    lexemes = clause.lexemes
    for at, lexeme in enumerate(lexemes):
        before = lexemes[at - 1] if at else None
        behind = lexemes[at + 1] if at + 1 < len(lexemes) else None
        if is_concept(lexeme, *FINDINGS):
            if is_concept(before, "purpose") and not (scope or is_treated or is_new):
                raise NotUnderstood  # "follow-up for recurrence"
            found.append(_finding(lexeme, scope))
            places |= clause.concepts() & PLACES
            is_another |= lexeme.value.endswith("/another")
            is_used, is_tolerant = True, False
        elif is_concept(lexeme, *PLACES):
            places.add(lexeme.value)
        elif is_concept(lexeme, "another", "arose"):
            is_another |= lexeme.value == "another"
            is_new = True
        elif is_concept(lexeme, "no another"):
            scope, is_used, is_another = "no", False, True
        elif is_concept(lexeme, "operation", "treated", "harmless"):
            is_treated = True  # or died: of what is there
        elif is_concept(lexeme, *INTRODUCES):
            is_tolerant = bool(found) and all(f.said in ("", "yes") for f in found)
        elif is_concept(lexeme, "letter"):
            # "At 5 y"; but "recurrence n".
            if before is None or not has_digit(before):
                raise NotUnderstood
        elif lexeme.text in ("no", "nil") and found and behind is None:
            _settle(found, "no", scope)
        elif found and scope == "no" and _leads_on(lexeme, behind):
            continue  # "No lesion suspicious for metastasis"
        elif found and lexeme.kind == "doubt" and _leads_on(lexeme, behind):
            _settle(found, "doubt", scope)
            scope = "doubt"
        elif lexeme.kind in BEFORE and (lexeme.kind not in SETTLES or not found):
            if scope and not is_used and BEFORE[lexeme.kind] != "yes":
                raise NotUnderstood
            if not scope or is_used:
                scope, scope_text, is_used = BEFORE[lexeme.kind], lexeme.text, False
        elif lexeme.value == "proof" and scope == "doubt":
            raise NotUnderstood  # "suspected recurrence confirmed by PET"
        elif lexeme.kind in SETTLES:
            # هیچ needs its verb denied, and is one denial with it.
            if not (scope_text.startswith("هیچ") and lexeme.kind == "denied"):
                _settle(found, SETTLES[lexeme.kind], scope)
        elif (
            (lexeme.kind in OPEN and not (is_tolerant or has_digit(lexeme)))
            or (lexeme.text == "=" and found)
            or (lexeme.text == "0" and found and behind is None)
        ):
            raise NotUnderstood
    if not found:
        if not (clause.is_bare and clause.is_first) or any(x.value == "verb" for x in lexemes):
            raise NotUnderstood
        if "imaging" in clause.concepts() and "affirmed" in clause.kinds():
            raise NotUnderstood
        word = scope or next(SETTLES[kind] for kind in SETTLES if kind in clause.kinds())
        return [_Finding("answer" if word != "no" else "place", word, places)]
    if scope and not is_used:
        raise NotUnderstood
    for finding in found:
        finding.places, finding.is_another = places, is_another
    return found


def _finding(lexeme: Lexeme, scope: str) -> _Finding:
    if lexeme.value == "free" and scope in ("no", "doubt"):
        raise NotUnderstood
    return _Finding(lexeme.value.partition("/")[0], scope)


def _leads_on(lexeme: Lexeme, behind: Lexeme | None) -> bool:
    """Whether the word stands between two names of one thing ("nodule suspicious for")."""
    if lexeme.kind != "doubt":
        return lexeme.kind == "affirm"
    return lexeme.text.endswith((" for", " of", " به")) or is_concept(behind, *FINDINGS)


def _settle(found: list[_Finding], word: str, scope: str) -> None:
    """A word behind findings: of those of which nothing was said before."""
    open_ones = [f for f in found if not f.said and f.concept != "free"]
    if not open_ones:
        if word != "yes" and word != scope:
            raise NotUnderstood
        if word == "no" and scope == "no":
            raise NotUnderstood
        return
    for finding in open_ones:
        finding.said = word


READERS = {"recurrence_status": read_recurrence_status}
