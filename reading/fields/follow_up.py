"""Contacts after the operation: whether the patient lives, and whether the tumor came back.

Both fields are told in clauses of few words with no verb between them ("wife died, patient well",
"no hepatic recurrence but lung mets"). What counts is which word stands next to which; so the
clauses are gone through here, word by word, and not by the statements of `reading.sentence`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from reading.common import REASONS, Reading
from reading.lexicon import Lexeme, lexicon_of
from reading.sentence import PAUSES, STOPS
from reading.settings import Settings
from reading.tokens import tokens_of

MARKS = STOPS | PAUSES | {"→"}
# Kinds of words that may stand beside an answer.
PLACES = {"local", "distant", "liver", "extrahepatic", "place"}
BARE = PLACES | {"time", "field", "with", "imaging", "another", "letter"}
# Words that leave open what stands beside them, and words that nobody knows.
OPEN = {"unknown", "elsewhere", "doubt", "unstated", "unassessable"}
# Behind these comes a cause, a place, a treatment or a state: whatever it is, it changes nothing.
INTRODUCES = {"cause", "cause before", "with"}
CLAIMS = {"alive", "dead", "death", "death date", "well", "state", "lost"}
# What is said of the one (not dead) is said of the other; "no death", "not well" settle nothing.
OPPOSITE = {"alive": "dead", "dead": "alive"}


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
        return {
            part
            for lexeme in self.lexemes
            if lexeme.kind == "concept"
            for part in lexeme.value.split("/")
        }

    def kinds(self) -> set[str]:
        return {lexeme.kind for lexeme in self.lexemes}


def _clauses(text: str, of_field: str) -> list[Clause] | None:
    """The clauses of a text; none where something turns it round."""
    all_lexemes = lexicon_of(of_field).lexemes(tokens_of(text))
    return _clauses_of(all_lexemes)


def _clauses_of(all_lexemes: Sequence[Lexeme]) -> list[Clause] | None:
    found: list[Clause] = []
    lexemes: list[Lexeme] = []
    spoken: list[Lexeme] = []
    mark = ""
    is_first = True
    if any(lexeme.kind == "turn" or lexeme.text == "?" for lexeme in all_lexemes):
        return None
    if all_lexemes and all_lexemes[-1].text == "-":
        return None  # "recurrence -": a dash, or a denial
    for at, lexeme in enumerate(all_lexemes):
        if lexeme.text == "-" and _is_hyphen(all_lexemes[max(at - 1, 0) : at + 2]):
            continue
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
    return behind is None or behind.kind == "number" or behind.value in ("time", "with")


def _is_hyphen(around: Sequence[Lexeme]) -> bool:
    """ "30-day mortality", "intra- or extrahepatic"."""
    if len(around) != 3:
        return False
    is_of_time = around[2].text.removesuffix("s") in ("day", "week", "month", "year")
    return around[2].kind == "join" or (around[0].kind == "number" and is_of_time)


def _is(lexeme: Lexeme | None, *concepts: str) -> bool:
    if lexeme is None or lexeme.kind != "concept":
        return False
    return lexeme.value.partition("/")[0] in concepts


def _is_code(clause: Clause) -> bool:
    """A number behind a colon answers what stands before it, by a list that is not known here."""
    return clause.mark == ":" and [lexeme.kind for lexeme in clause.lexemes] == ["number"]


def _is_word(clause: Clause) -> bool:
    """One unknown word behind a colon: an answer, in a language that is not known here."""
    return clause.mark == ":" and [lexeme.kind for lexeme in clause.lexemes] == ["unknown"]


def _has_digit(lexeme: Lexeme) -> bool:
    return any(character.isdigit() for character in lexeme.text)


def _is_persian(lexeme: Lexeme) -> bool:
    return lexeme.text[0] >= "\u0600"


# ---------------------------------------------------------------------------------------------
# Vital status


class _Unsettled(Exception):
    """The clause says something of life or death that is not understood."""


@dataclass(slots=True)
class _Told:
    """What is told of the patient, in its order, and whether anything was told of a relative."""

    claims: list[str] = field(default_factory=list)
    is_of_relative: bool = False
    names_patient: bool = False
    is_past: bool = False
    is_bare: bool = True


def read_vital_status(field: str, text: str, settings: Settings) -> Reading | None:
    """Alive, dead or lost; nothing where two of them are said, or it is said of somebody else."""
    clauses = _clauses(text, field)
    if clauses is None:
        return None
    concepts = [concept for clause in clauses for concept in clause.concepts()]
    if {"alive", "dead"} <= set(concepts):
        # "Alive / expired (both boxes ticked)"; "not known whether alive or dead".
        if "both ticked" in concepts:
            return Reading(missing_reason="conflicting")
        if "open" in clauses[0].concepts() and len(clauses) == 1:
            return Reading(missing_reason="not_assessable")
    if "both ticked" in concepts or "open" in concepts:
        return None
    if {(c.lexemes[0].value, len(c.lexemes)) for c in clauses} == {("unstated", 1)}:
        return Reading(missing_reason="not_reported")
    if _are_two_states(field, text):
        return Reading(missing_reason="conflicting")
    told = _Told()
    relative_alone = False
    try:
        for clause in clauses:
            relative_alone = _hear(clause, told, relative_alone)
    except _Unsettled:
        return None
    return _vital_status(told)


def _are_two_states(field: str, text: str) -> bool:
    """ "Alive; dead" and no more, so that nothing tells which of the two is later."""
    lexemes = lexicon_of(field).lexemes(tokens_of(text))
    if len(lexemes) != 3 or lexemes[1].text not in ",;":
        return False
    return {lexemes[0].value, lexemes[2].value} in ({"alive", "dead"}, {"lost", "dead"})


def _vital_status(told: _Told) -> Reading | None:
    claims = set(told.claims)
    if not claims or (told.is_of_relative and not told.names_patient):
        return None
    if "dead" in claims:
        later = told.claims[told.claims.index("dead") :]
        return None if claims & {"alive", "lost"} or "well" in later else Reading("dead")
    if "lost" not in claims:
        return Reading("alive")
    # "Lost to follow-up since 2019, was well then": of today nothing is known.
    if claims <= {"lost", "state"} or told.is_past:
        return Reading("lost")
    return Reading(missing_reason="conflicting") if told.is_bare and "alive" in claims else None


def _hear(clause: Clause, told: _Told, relative_alone: bool) -> bool:
    """Adds what the clause tells. Returns whether it does nothing but name a relative."""
    concepts, kinds = clause.concepts(), clause.kinds()
    if "past" in concepts or any(_has_digit(lexeme) for lexeme in clause.lexemes):
        told.is_past = True
    if not kinds <= {"concept"} or not concepts <= CLAIMS:
        told.is_bare = False
    if not concepts & CLAIMS:
        if _is_failed_contact(clause):
            told.claims.append("lost")
        elif concepts <= {"unstated"} and _answers(clause):
            raise _Unsettled
        elif "relative" in concepts:
            return not concepts & {"says", "patient"}
        return False
    is_choice = any(lexeme.text in ("or", "یا") for lexeme in clause.lexemes)
    claims = concepts & CLAIMS
    # "Alive/recurrence": of what is chosen between, nothing is against life.
    is_settled = claims == {"lost"} or claims <= {"alive", "well", "state"}
    if "wait" in concepts or (is_choice and not is_settled):
        raise _Unsettled
    if "death date" in concepts and not any(_has_digit(lexeme) for lexeme in clause.lexemes):
        raise _Unsettled  # a label; the date may be in another clause, or none
    for claim, is_of_relative in _claims(clause, relative_alone):
        if is_of_relative:
            told.is_of_relative = True
            # "Alive; his father died": before a relative was named, it was of the patient.
            told.names_patient |= bool(told.claims)
        else:
            told.claims.append(claim)
            told.names_patient |= "patient" in concepts
    return False


def _answers(clause: Clause) -> bool:
    """Nothing but yes, no, or perhaps: it is of what stands before, and taken for nothing here."""
    if _is_code(clause) or clause.concepts() or _is_word(clause):
        return True
    kinds = clause.kinds()
    return bool(kinds & {"deny", "denied", "doubt", "unstated", "unassessable", "elsewhere"}) and (
        "unknown" not in kinds
    )


def _is_failed_contact(clause: Clause) -> bool:
    """ "Unable to reach him", "calls not answered": a contact, one denial, and no other matter."""
    concepts = clause.concepts()
    if "contact" not in concepts or concepts & {"state", "disease", "harmless", "wait"}:
        return False
    failures = [
        lexeme
        for lexeme in clause.lexemes
        if lexeme.kind in ("deny", "denied", "unassessable") or _is(lexeme, "fails")
    ]
    unknown = [
        lexeme
        for lexeme in clause.lexemes
        if (lexeme.kind in OPEN - {"unassessable"} and not _has_digit(lexeme))
        or _is(lexeme, "unstated")
    ]
    return len(failures) == 1 and not unknown


def _claims(clause: Clause, relative_alone: bool) -> Iterator[tuple[str, bool]]:
    """Each claim of a clause, and whether it is of a relative."""
    lexemes = clause.lexemes
    subject = "relative" if relative_alone else ""
    has_spoken = has_speaker = is_claimed = is_tolerant = False
    for at, lexeme in enumerate(lexemes):
        before = lexemes[at - 1] if at else None
        behind = lexemes[at + 1] if at + 1 < len(lexemes) else None
        if _is(lexeme, *CLAIMS):
            yield _claim(lexeme, before, behind), subject == "relative"
            is_claimed, is_tolerant = True, False
        elif _is(lexeme, "says"):
            has_spoken, has_speaker, subject = True, has_speaker or bool(subject), ""
        elif _is(lexeme, "relative"):
            # "According to the wife": she is the source; "family reports: brother died" has two.
            is_source = has_spoken and not has_speaker
            has_speaker |= is_source
            if is_claimed and not is_source and not _is(behind, "says"):
                if clause.concepts() & CLAIMS == {"lost"}:
                    continue
                if not is_tolerant or clause.concepts() & {"death", "death date"}:
                    raise _Unsettled
            elif not is_source:
                subject = "relative"
        elif _is(lexeme, "patient"):
            # "Mother of the patient".
            if not _is(before, "relative"):
                subject = "patient"
        elif _is(lexeme, *INTRODUCES):
            is_tolerant = is_claimed or lexeme.value == "cause before"
        elif lexeme.kind in OPEN or lexeme.kind == "unit" or _is(lexeme, "unstated"):
            if not (is_tolerant or _has_digit(lexeme)):
                raise _Unsettled
        elif lexeme.kind == "compare" and lexeme.text == "=" and is_claimed:
            raise _Unsettled
        elif lexeme.kind in ("deny", "denied"):
            # The Persian verb stands at the end, and may deny whatever the clause says.
            beside = behind if lexeme.kind == "deny" else before
            is_settled = beside is not None and beside.kind == "concept"
            is_settled = is_settled and not _is(beside, *INTRODUCES)
            is_verb = lexeme.kind == "denied" and _is_persian(lexeme)
            if not is_settled and (is_verb or not is_tolerant):
                raise _Unsettled


def _claim(lexeme: Lexeme, before: Lexeme | None, behind: Lexeme | None) -> str:
    claim = "dead" if lexeme.value in ("death", "death date") else lexeme.value
    is_denied = before is not None and before.kind == "deny"
    if behind is not None and behind.kind == "denied":
        if is_denied or not _is_persian(behind):
            raise _Unsettled
        is_denied = True
    if not is_denied:
        return claim
    if lexeme.value not in OPPOSITE:
        raise _Unsettled
    return OPPOSITE[claim]


# ---------------------------------------------------------------------------------------------
# Recurrence

# Where recurrences are: named with nothing else, one is there.
SITES = {
    *("liver", "hepatic", "intrahepatic", "lung", "lungs", "pulmonary", "bone", "bones", "brain"),
    *("peritoneum", "peritoneal", "nodal", "adrenal", "remnant", "pelvis", "pelvic", "local"),
    *("کبد", "ریه", "استخوان", "مغز", "صفاق", "لگن", "آدرنال"),
}
FINDINGS = {"recurrence", "metastasis", "lesion", "disease", "free"}
# Two that together are the whole body: neither alone denies a recurrence.
WHOLE = ({"local", "distant"}, {"liver", "extrahepatic"}, {"local", "extrahepatic"})
SETTLES = {"denied": "no", "affirmed": "yes", "doubt": "doubt"}
BEFORE = {"deny": "no", "affirm": "yes", "doubt": "doubt"}


@dataclass(slots=True)
class _Finding:
    """`said` is yes, no, doubt or nothing (named alone)."""

    concept: str
    said: str = ""
    places: set[str] = field(default_factory=set)
    is_another: bool = False
    # The metastases that were operated on, not new ones.
    is_index: bool = False

    def is_denied(self) -> bool:
        """Whether it is denied of the whole body."""
        return self.said == "no" and not self.places and not self.is_another


def read_recurrence_status(field: str, text: str, settings: Settings) -> Reading | None:
    """Yes for any recurrence or new metastasis; no only for the whole body."""
    lexemes = lexicon_of(field).lexemes(tokens_of(text))
    if _names_sites(lexemes):
        # "Liver + peritoneum".
        return Reading("yes")
    clauses = _clauses_of(_settled(lexemes))
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
        _is(name, *PLACES) and name.text.split()[-1] in SITES for name in names
    )


def _settled(lexemes: Sequence[Lexeme]) -> list[Lexeme]:
    """Without the clauses that say that a study is awaited ("MRI pending"), but for the first."""
    clauses: list[list[Lexeme]] = [[]]
    for lexeme in lexemes:
        if lexeme.kind == "mark" and lexeme.text in MARKS:
            clauses.append([])
        clauses[-1].append(lexeme)
    kept = [clause for at, clause in enumerate(clauses) if at == 0 or not _is_awaited(clause[1:])]
    return [lexeme for clause in kept for lexeme in clause]


def _is_awaited(clause: Sequence[Lexeme]) -> bool:
    return any(lexeme.value == "pending" for lexeme in clause) and all(
        lexeme.kind in ("fill", "number", "unknown")
        or lexeme.value == "pending"
        or _is(lexeme, "imaging", "with", "purpose", "another")
        for lexeme in clause
    )


def _reason(clauses: Sequence[Clause]) -> str:
    """Why there is no value, of a text that says so and names no finding beside it."""
    first = clauses[0]
    said = first.kinds() & {"unstated", "unassessable"}
    others = set().union(*(clause.concepts() for clause in clauses[1:]))
    if len(said) != 1 or first.kinds() & {*SETTLES, *BEFORE, "but"}:
        return ""
    if first.concepts() & (FINDINGS | PLACES) - {"recurrence"} or others & (FINDINGS | PLACES):
        return ""
    if said == {"unstated"} and len(clauses) > 1:
        return ""
    return REASONS[said.pop()]


def _read_recurrence(clauses: Sequence[Clause]) -> Reading | None:
    if _is_no_and_place(clauses):
        return Reading(missing_reason="conflicting")
    findings: list[_Finding] = []
    unsettled: list[_Finding] = []
    try:
        for clause in _joined(clauses):
            unsettled = _look(clause, findings, unsettled)
    except _Unsettled:
        return None
    concepts = set().union(*(clause.concepts() for clause in clauses))
    is_timed = (
        bool(concepts & {"arose", "another"})
        or any(clause.mark == "but" for clause in clauses)
        or any(_has_digit(lexeme) for clause in clauses for lexeme in clause.lexemes)
    )
    return _recurrence_status(findings, concepts, is_timed)


def _is_no_and_place(clauses: Sequence[Clause]) -> bool:
    """ "No; lung" and no more."""
    if len(clauses) != 2 or clauses[1].mark != ";":
        return False
    is_no = len(clauses[0].lexemes) == 1 and clauses[0].kinds() <= {"deny", "denied"}
    return is_no and clauses[1].kinds() == {"concept"} and clauses[1].concepts() <= PLACES


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
    if any(f.is_index for f in findings):
        return None
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
    if findings and (_is_code(clause) or [lexeme.text for lexeme in clause.lexemes] == ["0"]):
        raise _Unsettled
    kinds, concepts = clause.kinds(), clause.concepts()
    if not concepts & (FINDINGS | PLACES):
        return _answer(clause, findings, unsettled)
    if not concepts & FINDINGS and not kinds & (set(SETTLES) | set(BEFORE)):
        # A place alone: it belongs to what stands before it, or waits for an answer.
        if any(f.said == "no" and f.concept == "answer" for f in findings):
            raise _Unsettled
        if any(f.said == "no" for f in findings) and not any(f.said == "" for f in findings):
            raise _Unsettled
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
        and "another" not in concepts
    )
    if is_continued:
        # "No recurrence, metastasis": two findings, or one denied twice.
        raise _Unsettled
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
            raise _Unsettled
        if kinds & {"unstated", "unassessable"} and "unknown" not in kinds:
            raise _Unsettled
        return unsettled if not clause.concepts() else []
    is_spoken = not (kinds & {"unknown", "elsewhere", "unstated", "unassessable"})
    is_other = "deny" in kinds and not clause.is_denied
    if is_other or clause.concepts() - {"with", "another", "arose", "imaging"}:
        # "No complaints", "not treated"; but "recurrence: no symptoms" is not understood.
        if unsettled and clause.mark in (":", "-"):
            raise _Unsettled
        return []
    if len(said) > 1 or not is_spoken:
        raise _Unsettled
    word = said.pop() or ""
    if unsettled:
        if word == "no" and not (
            clause.mark in (":", "-", "(") and clause.is_bare and "imaging" not in clause.concepts()
        ):
            raise _Unsettled  # "recurrence, not seen since"
        for finding in unsettled:
            finding.said = word
            is_proven = any(lexeme.value == "proof" for lexeme in clause.lexemes)
            if finding.concept == "lesion" and finding.is_another and word == "yes" and is_proven:
                # "New hepatic lesion, biopsy proven".
                finding.concept = "metastasis"
            if finding not in findings:
                findings.append(_Finding("answer", word) if word == "yes" else finding)
    elif word != "doubt" and any(f.said == "doubt" for f in findings):
        raise _Unsettled  # "suspicious for recurrence, biopsy negative"
    elif word == "yes" and "imaging" in clause.concepts():
        raise _Unsettled  # positive for what?
    elif word == "doubt" or (clause.is_bare and clause.is_first):
        findings.append(_Finding("answer", word))
    return []


def _findings_of(clause: Clause) -> list[_Finding]:
    found: list[_Finding] = []
    scope = scope_text = ""
    is_used = is_another = is_new = is_operation = is_treated = is_tolerant = False
    places: set[str] = set()
    lexemes = clause.lexemes
    for at, lexeme in enumerate(lexemes):
        before = lexemes[at - 1] if at else None
        behind = lexemes[at + 1] if at + 1 < len(lexemes) else None
        if _is(lexeme, *FINDINGS):
            if _is(before, "purpose") and not (scope or is_treated or is_new):
                raise _Unsettled  # "follow-up for recurrence"
            found.append(_finding(lexeme, scope))
            places |= clause.concepts() & PLACES
            is_another |= lexeme.value.endswith("/another")
            is_used, is_tolerant = True, False
        elif _is(lexeme, *PLACES):
            places.add(lexeme.value)
        elif _is(lexeme, "another", "arose"):
            is_another |= lexeme.value == "another"
            is_new = True
        elif _is(lexeme, "no another"):
            scope, is_used, is_another = "no", False, True
        elif _is(lexeme, "operation", "treated", "harmless"):
            is_operation |= lexeme.value == "operation"
            is_treated = True  # or died: of what is there
        elif _is(lexeme, *INTRODUCES):
            is_tolerant = bool(found) and all(f.said in ("", "yes") for f in found)
        elif _is(lexeme, "letter"):
            # "At 5 y"; but "recurrence n".
            if before is None or not _has_digit(before):
                raise _Unsettled
        elif lexeme.text in ("no", "nil") and found and behind is None:
            _settle(found, "no", scope)
        elif found and scope == "no" and _leads_on(lexeme):
            continue  # "No lesion suspicious for metastasis"
        elif found and lexeme.kind == "doubt" and _leads_on(lexeme):
            _settle(found, "doubt", scope)
            scope = "doubt"
        elif lexeme.kind in BEFORE and (lexeme.kind not in SETTLES or not found):
            if scope and not is_used and BEFORE[lexeme.kind] != "yes":
                raise _Unsettled
            if not (scope and not is_used):
                scope, scope_text, is_used = BEFORE[lexeme.kind], lexeme.text, False
        elif lexeme.value == "proof" and scope == "doubt":
            raise _Unsettled  # "suspected recurrence confirmed by PET"
        elif lexeme.kind in SETTLES:
            # هیچ needs its verb denied, and is one denial with it.
            if not (scope_text.startswith("هیچ") and lexeme.kind == "denied"):
                _settle(found, SETTLES[lexeme.kind], scope)
        elif (
            (lexeme.kind in OPEN and not (is_tolerant or _has_digit(lexeme)))
            or (lexeme.text == "=" and found)
            or (lexeme.text == "0" and found and behind is None)
        ):
            raise _Unsettled
    if not found:
        if not scope and not clause.kinds() & set(SETTLES):
            return []
        if not (clause.is_bare and clause.is_first) or any(x.value == "verb" for x in lexemes):
            raise _Unsettled
        if "imaging" in clause.concepts() and "affirmed" in clause.kinds():
            raise _Unsettled
        word = scope or next(SETTLES[kind] for kind in SETTLES if kind in clause.kinds())
        return [_Finding("answer" if word != "no" else "place", word, places)]
    if scope and not is_used:
        raise _Unsettled
    for finding in found:
        finding.places, finding.is_another = places, is_another
    if is_operation and not is_new and places <= {"liver"}:
        for finding in found:
            finding.is_index |= finding.concept == "metastasis" and finding.said != "no"
    return found


def _finding(lexeme: Lexeme, scope: str) -> _Finding:
    if lexeme.value == "free" and scope in ("no", "doubt"):
        raise _Unsettled
    return _Finding(lexeme.value.partition("/")[0], scope)


def _leads_on(lexeme: Lexeme) -> bool:
    """Whether the word stands between two names of one thing ("nodule suspicious for")."""
    return lexeme.kind == "affirm" or (
        lexeme.kind == "doubt" and lexeme.text.endswith((" for", " of", " به"))
    )


def _settle(found: list[_Finding], word: str, scope: str) -> None:
    """A word behind findings: of those of which nothing was said before."""
    open_ones = [f for f in found if not f.said and f.concept != "free"]
    if not open_ones:
        if word != "yes" and word != scope:
            raise _Unsettled
        if word == "no" and scope == "no":
            raise _Unsettled
        return
    for finding in open_ones:
        finding.said = word


READERS = {
    "vital_status": read_vital_status,
    "recurrence_status": read_recurrence_status,
}
