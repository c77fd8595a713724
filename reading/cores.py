"""What a comment says of a field by one clear core, where its sentences were not understood.

Notes leave out marks, verbs and names ("no LVI no PNI; GB nad"), and dictated sentences have words
that no lexicon holds. A core is a name with its answer beside it, or a scale with its grade. It is
taken where all that names the field in the whole text is such a core, where the cores agree, and
where nothing around may turn, doubt or move elsewhere what they say.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import pairwise

from reading.adjuncts import is_wary
from reading.clauses import ELSEWHERE, FIELDS, INVASION
from reading.common import Reading
from reading.lexicon import Lexeme

Said = Callable[[str, str], Reading | None]

SEPARATORS = {",", "(", ")", "[", "]", "-", "->", ">", "→"}
ALTERNATIVES = {"or", "یا", "/"}
# What may not stand in the sentence of a core, nor in its part of the sentence.
OPEN = {"doubt", "unassessable", "unstated", "turn", "refuse"}
OTHER = ELSEWHERE | {"lesser", "cause"}
# Of what a core is made, beside its name.
ANSWERS = {
    "lvi": {"deny", "denied", "affirm", "affirmed"},
    "pni": {"deny", "denied", "affirm", "affirmed"},
    "steatosis": {"deny", "denied", "degree", "measure"},
    "grade": {"degree"},
    "margin": {"denied", "affirmed", "measure"},
    "viable": {"measure"},
}
QUIET = {"fill", "here", "lesion", "extent", "compare", "act", "idle", "heading", "unknown", "mark"}
QUIET |= {"join", "apart"}
BARE = QUIET | {"number", "unit", "compare", "side", "join", "weak", "split"}
SAYS = {"deny", "denied", "affirm", "affirmed", "degree", "number", "unit"}
SCALE = re.compile(
    r"\b(rubbia brandt|mandard|dworak|r[oö]e?del|becker|modified ryan|ryan|cap)s?\b"
    r"(?:(?! (?:not|no|or|than|mandard|dworak|becker|ryan|cap) )[^\d.;]){0,60}?"
    r" (?:(?:trg|grade|score|category|class|:|\() )*([0-5][abc]?)(?![\d.%]| %| mm| cm| to| or| -)"
)
GRADE_FIRST = re.compile(
    r"\b(?:trg|grade|score|regression grade) (?:: |of )?([0-5][abc]?) (?:\( |, |- )*"
    r"(?:(?:of|by|on|per|according to|using|as per|in|the) )*"
    r"(rubbia brandt|mandard|dworak|r[oö]e?del|becker|modified ryan|ryan|cap)\b"
)
RESPONSE = re.compile(
    r"\b(complete|partial|minor|major|poor) "
    r"((?:(?:pathological|pathologic|histological|histologic|tumor|treatment|therapeutic"
    r"|therapy|chemotherapy) )*(?:response|regression))\b"
)
NOT_OF_TUMOR = re.compile(r"\b(?:sinusoid\w*|injury|recist|nas|kleiner)\b")
NO_RESPONSE = re.compile(
    r"\b(?:not|near|nearly|almost|less|than|in|never|without|cannot|but|if|or|clinical\w*"
    r"|radiolog\w*|metabolic|immune|inflammatory|stromal|expected|previous\w*)\b"
)


def core_of(topic: str, sentences: Sequence[Sequence[Lexeme]], said: Said) -> Reading | None:
    """What the cores of a text say of a field; nothing where one is not clear, or two differ."""
    found: list[Reading] = []
    if topic == "margin" and _leaves_lengths_open(sentences):
        return None
    for sentence in sentences:
        kinds = {x.kind for x in sentence}
        is_named = any(_names(x, topic) for x in sentence)
        if kinds & (ELSEWHERE - {"sentence"}) and not is_named:
            # What follows may be of the other organ or time.
            if "here" in kinds:
                continue
            rest = sentences[sentences.index(sentence) + 1 :]
            return None if any(_names(x, topic) for s in rest for x in s) else _one(found)
        if not is_named:
            continue
        if kinds & OPEN or is_wary(sentence):
            return None
        told = _told(topic, sentence, said)
        if told is None:
            return None
        found += told
    return _one(found)


def _leaves_lengths_open(sentences: Sequence[Sequence[Lexeme]]) -> bool:
    """Whether another lesion is named, or a length that may be one to the margin as well."""
    for sentence in sentences:
        for part, _ in _parts(sentence):
            kinds = {x.kind for x in part}
            named = kinds & {"lesion", "largest", "topic", "weak", "aside", "code"}
            if "lesser" in kinds or ("number" in kinds and not named - {"weak"} and kinds <= BARE):
                return True
    return False


def _one(found: Sequence[Reading]) -> Reading | None:
    """The one reading of all cores."""
    return found[0] if found and all(reading == found[0] for reading in found) else None


def _names(lexeme: Lexeme, topic: str) -> bool:
    return lexeme.kind in ("topic", "code", "weak") and lexeme.value == topic


def _told(topic: str, sentence: Sequence[Lexeme], said: Said) -> list[Reading] | None:
    """The reading of each core of a sentence; nothing where one of them is not read."""
    if topic == "regression":
        reading = _response(sentence, said)
        return [reading] if reading else None
    found = []
    for core in _cores(topic, sentence):
        text = " ".join(x.text for x in core)
        reading = said(FIELDS[topic], text) if text else None
        if reading is None or reading.missing_reason:
            return None
        found.append(reading)
    return found


def _cores(topic: str, sentence: Sequence[Lexeme]) -> list[list[Lexeme]]:
    """A core for each part of a sentence that names the field; an empty one where it has none."""
    found = []
    for part, is_behind in _parts(sentence):
        if not any(_names(x, topic) for x in part):
            continue
        is_elsewhere = is_behind or any(x.kind in OTHER or x.kind == "aside" for x in part)
        found.append([] if is_elsewhere else _core(topic, part))
    return found


def _parts(sentence: Sequence[Lexeme]) -> list[tuple[list[Lexeme], bool]]:
    """The parts of a sentence between its marks, and whether another time or organ stands before.

    Where several names and answers follow each other without a mark each is a part with its own:
    "no LVI no PNI", "LVI absent PNI present".
    """
    parts: list[list[Lexeme]] = [[]]
    for before, lexeme in pairwise([Lexeme("mark", ",", ","), *sentence]):
        is_range = lexeme.text == "-" and before.kind in ("number", "unit")
        if lexeme.kind == "but" or (lexeme.text in SEPARATORS and not is_range):
            parts.append([])
        else:
            parts[-1].append(lexeme)
    found: list[tuple[list[Lexeme], bool]] = []
    is_elsewhere = False
    for part in parts:
        found += [(own, is_elsewhere) for own in _by_name(part)]
        is_elsewhere = is_elsewhere or any(x.kind in ELSEWHERE for x in part)
    return found


def _by_name(part: list[Lexeme]) -> list[list[Lexeme]]:
    """A part by its names, if each has its answer before it, or each behind it."""
    marks = [
        (at, "name" if x.kind in ("topic", "aside") else "answer")
        for at, x in enumerate(part)
        if x.kind in ("topic", "aside") or x.kind in SAYS
    ]
    runs: list[tuple[str, int, int]] = []
    for at, kind in marks:
        if runs and runs[-1][0] == kind:
            runs[-1] = (kind, runs[-1][1], at)
        else:
            runs.append((kind, at, at))
    if len(runs) < 4 or len(runs) % 2:
        return [part]
    begins = [0, *(runs[at][1] for at in range(2, len(runs), 2)), len(part)]
    return [part[a:b] for a, b in pairwise(begins)]


def _core(topic: str, part: Sequence[Lexeme]) -> list[Lexeme]:
    """The name with its answer, and what stands between; none where more is said."""
    named = {x.value for x in part if x.kind in ("topic", "code")}
    allowed = INVASION if topic in INVASION else {topic}
    if named - allowed or any(x.kind == "but" for x in part):
        return []
    if not named:
        # "Distance 3 mm", "grade 2": of what, only the sentences before may tell.
        return []
    kinds = [_kind(x) for x in part]
    answer = ANSWERS.get(topic, set())
    codes = [x for x in part if x.kind == "code" and x.value == topic]
    at_names = [at for at, x in enumerate(part) if _names(x, topic)]
    at_answers = [at for at, kind in enumerate(kinds) if kind in answer]
    if codes and not at_answers:
        return codes if set(kinds) <= QUIET | {"code", "vessel", "topic"} else []
    if not at_answers or set(kinds) - QUIET - answer - {"topic", "code", "weak", "vessel", "side"}:
        return []
    if any(x.text in ALTERNATIVES for x in part) and not any("den" in kind for kind in kinds):
        return []
    if "number" in {x.kind for x in part} and "unit" not in {x.kind for x in part}:
        return []
    start, end = min(at_names[0], at_answers[0]), max(at_names[-1], at_answers[-1])
    while start and part[start - 1].kind in ("compare", "act"):
        start -= 1
    while end + 1 < len(part) and part[end + 1].kind in ("compare", "act"):
        end += 1
    span = part[start : end + 1]
    return [] if any(x.kind == "unknown" for x in span) else list(span)


def _kind(lexeme: Lexeme) -> str:
    """Numbers and units are of a measure."""
    return "measure" if lexeme.kind in ("number", "unit") else lexeme.kind


def _response(sentence: Sequence[Lexeme], said: Said) -> Reading | None:
    """A scale with its grade, or a response by its name."""
    text = " ".join(x.text for x in sentence)
    kinds = {x.kind for x in sentence}
    if kinds & OTHER - {"cause"} or NOT_OF_TUMOR.search(text):
        return None
    scales = {(m[1], m[2]) for m in SCALE.finditer(text)}
    scales |= {(m[2], m[1]) for m in GRADE_FIRST.finditer(text)}
    if len(scales) == 1:
        scale, grade = scales.pop()
        return said("tumor_regression", f"{scale} {grade}")
    responses = {m[1] for m in RESPONSE.finditer(text)}
    if scales or len(responses) != 1 or NO_RESPONSE.search(text):
        return None
    return said("tumor_regression", f"{responses.pop()} response")
