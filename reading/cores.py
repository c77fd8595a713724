"""What a comment says of a field by one clear core, where its sentences were not understood.

Notes leave out marks, verbs and names ("no LVI no PNI; GB nad"), and dictated sentences have words
that no lexicon holds. A core is a name with its answer beside it, or a scale with its grade. It is
taken where all that names the field in the whole text is such a core, where the cores agree, and
where nothing around may turn, doubt or move elsewhere what they say.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial
from itertools import pairwise

from reading.adjuncts import is_wary
from reading.clauses import (
    ELSEWHERE,
    EXCEPTIONS,
    FIELDS,
    INVASION,
    LENGTHS,
    LETTERS,
    NAMES,
    REST,
    counted,
    lesions_of,
    measures_lesion,
    without_numbers_of_lesions,
)
from reading.common import Reading
from reading.gist import size_of
from reading.lexicon import Lexeme, lexicon_of
from reading.passage import as_of_margin
from reading.passages import RIVALS
from reading.tokens import tokens_of

NO = Reading("no")
PRESENT = Lexeme("affirmed", "", "present")
VIABLE = Lexeme("topic", "viable", "viable tumor")
Said = Callable[[str, str], Reading | None]

NAMED_LESIONS = {("largest", "lesion"), ("topic", "size")}
TUMOR_INSIDE = ("tumor thromb", "tumor embol", "intravascular tumor")
SEPARATORS = {",", "(", ")", "[", "]", "-", "->", ">", "→"}
ALTERNATIVES = {"or", "یا", "/"}
# Fields whose readers know answers that comments in general do not ("clear").
TELLING = {"margin"}
TOLD = {"concept", "denied", "affirmed"}
# What may not stand in the sentence of a core, nor in its part of the sentence.
OPEN = {"doubt", "unassessable", "unstated", "turn", "refuse"}
OTHER = ELSEWHERE | {"lesser", "cause"}
# These answer for one name alone, where a verb behind it may go on with a denial.
ANSWERS_ALONE = {"positive", "yes", "pos", "مثبت", "دارد"}
# Of what a core is made, beside its name.
ANSWERS = {
    "lvi": {"deny", "denied", "affirm", "affirmed"},
    "pni": {"deny", "denied", "affirm", "affirmed"},
    "steatosis": {"deny", "denied", "degree", "measure"},
    "grade": {"degree"},
    "margin": {"denied", "affirmed", "measure", "told"},
    "viable": {"measure"},
}
# Fields of which another lesion may have its own, with their units.
MEASURED = {"margin": LENGTHS, "size": LENGTHS, "viable": {"percent"}}
QUIET = {"fill", "here", "lesion", "extent", "compare", "act", "idle", "heading", "unknown", "mark"}
QUIET |= {"join", "apart"}
BARE = QUIET - {"lesion"} | {"number", "unit", "side", "weak", "split"}
# What may stand between a denial and its name.
BEFORE_NAME = {"fill", "extent", "act", "compare", "degree"}
SAYS = {"deny", "denied", "affirm", "affirmed", "degree", "number", "unit"}
# The scales of regression by their names.
SCALES = r"rubbia brandt|mandard|dworak|r[oö]e?del|becker|modified ryan|ryan|cap"
SCALE = re.compile(
    rf"\b({SCALES})s?\b"
    r"(?:(?! (?:not|no|or|than|mandard|dworak|becker|ryan|cap) )[^\d.;]){0,60}?"
    r" (?:(?:trg|grade|score|category|class|:|\() )*([0-5][abc]?)"
    r"(?![\d.%]| %| mm| cm| to| or| -| :| (?:and|,) [0-5][abc]?(?: [,)]|$))"
)
GRADE = re.compile(r"\btrg ([0-5][abc]?)\b")
GRADE_FIRST = re.compile(
    r"\b(?:trg|grade|score|regression grade|graded|scored|scores|classified) (?:: "
    r"|of |as )?([0-5][abc]?) (?:\( |, |- )*"
    r"(?:(?:of|by|on|per|according to|using|as per|in|the) )*"
    rf"({SCALES})\b"
)
RESPONSE = re.compile(
    r"\b(complete|partial|minor|major|poor) "
    r"((?:(?:pathological|pathologic|histological|histologic|tumor|treatment|therapeutic"
    r"|therapy|chemotherapy) )*(?:response|regression))\b"
)
NOT_OF_TUMOR = re.compile(r"\b(?:sinusoid\w*|injury|recist|nas|kleiner)\b")
NO_RESPONSE = re.compile(
    r"\b(?:not|near|nearly|almost|less|than|never|without|cannot|but|if|or"
    r"|clinical\w*|(?:in|of) \d+"
    r"|radiolog\w*|metabolic|immune|inflammatory|stromal|expected|previous\w*)\b"
)


def size_core(sentences: Sequence[Sequence[Lexeme]]) -> Reading | None:
    """The one length in a text that is told of a lesion, or of the largest by its name."""
    found: list[tuple[bool, Reading]] = []
    has_other, are_lettered = False, True
    for sentence in sentences:
        if any(x.kind in ELSEWHERE - {"sentence"} for x in sentence):
            return None
        is_other = any(x.kind == "lesser" or x.value in RIVALS for x in sentence)
        has_other |= is_other
        told = [] if is_other else _sizes(sentence)
        if told is None:
            return None
        are_lettered &= not told or bool(counted(sentence))
        found += told
    largest = [reading for is_largest, reading in found if is_largest]
    if has_other and not largest:
        return None
    letters = set[str]().union(*(counted(sentence) for sentence in sentences))
    if not largest and len(letters) > max(len(found), 1):
        # The length of one of them may be its distance.
        return None
    readings = largest or [reading for _, reading in found]
    are_exact = all(r.measure and r.measure.is_exact for r in readings)
    if readings and are_lettered and are_exact:
        return max(readings, key=lambda r: (r.measure and r.measure.low) or 0)
    return _one(readings)


def _sizes(sentence: Sequence[Lexeme]) -> list[tuple[bool, Reading]] | None:
    """The sizes of a sentence, and whether each is of the largest; nothing where one is open."""
    found: list[tuple[bool, Reading]] = []
    has_margin = False
    led: list[Lexeme] = []
    for part, _ in _parts(sentence):
        kinds = {x.kind for x in part}
        has_margin |= any(_names(x, "margin") for x in part)
        has_length = any(x.kind == "unit" and x.value in LENGTHS for x in part)
        is_led = bool(led) and not _is_lesion(part)
        whole = [*led, *part] if is_led else part
        if kinds - QUIET or _is_lesion(part):
            led = part if _is_lesion(part) and not has_length else []
        if not has_length or any(x.kind == "topic" and x.value == "margin" for x in part):
            continue
        colon = max((at for at, x in enumerate(whole) if x.text == ":"), default=-1)
        if any(x.kind == "specimen" for x in whole[: colon + 1]):
            # "Wedge, segment 7: nodule 18 mm".
            whole = whole[colon + 1 :]
        at = next((at for at, x in enumerate(whole) if _is_lesion([x])), len(whole))
        of_others = {"aside", "apart", "organ", *OPEN} & {x.kind for x in whole}
        is_of_other = bool(of_others) or is_wary(whole)
        has_specimen = any(x.kind == "specimen" for x in whole)
        if at == len(whole) and (has_margin or has_specimen) and not is_of_other:
            continue
        if is_of_other or at == len(whole) or has_specimen:
            return None
        if (is_led and has_margin) or any(_names(x, "margin") for x in whole):
            return None
        at = next((at for at, x in enumerate(whole[:at]) if x.kind == "number"), at)
        own = [x for x in whole[at:] if x.value != "viable" and x.text not in LETTERS - {"a"}]
        reading = size_of(own)
        if reading is None:
            return None
        found.append((any(x.kind == "largest" for x in whole), reading))
    return found


def _is_lesion(part: Sequence[Lexeme]) -> bool:
    return any(x.kind == "lesion" or (x.kind, x.value) in NAMED_LESIONS for x in part)


def core_of(topic: str, sentences: Sequence[Sequence[Lexeme]], said: Said) -> Reading | None:
    """What the cores of a text say of a field; nothing where one is not clear, or two differ."""
    found: list[Reading] = []
    if topic == "size":
        return size_core(sentences)
    if topic in ("regression", "steatosis") and lesions_of(sentences) > 1:
        return None
    if topic in MEASURED and _leaves_open(sentences, MEASURED[topic]):
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
        if _is_open(topic, sentence):
            return None
        told = _told(topic, sentence, said)
        if told is None or (topic == "lvi" and NO in told and _is_any_vessel_told(sentences)):
            return None
        found += told
    return _of_parts(topic, found, sentences) or _one(found)


def _of_parts(
    topic: str, found: Sequence[Reading], sentences: Sequence[Sequence[Lexeme]]
) -> Reading | None:
    """Of parts that are told one by one the worst: the nearest margin, the most viable tumor."""
    told = [s for s in sentences if any(_names(x, topic) for x in s)]
    measures = [reading.measure for reading in found if reading.measure]
    are_told = all(counted(sentence) for sentence in told)
    are_exact = len(measures) == len(found) and all(m.is_exact for m in measures)
    if topic not in ("margin", "viable") or not (found and are_told and are_exact):
        return None
    worst = min if topic == "margin" else max
    words = {reading.value for reading in found}
    measure = worst(measures, key=lambda m: m.low or 0)
    return Reading(words.pop(), measure=measure) if len(words) == 1 else None


def _is_open(topic: str, sentence: Sequence[Lexeme]) -> bool:
    """Whether anything may turn or doubt what is said, beside what is said of other fields."""
    if any(x.text in EXCEPTIONS for x in sentence) or _may_be_denied(topic, sentence):
        return True
    for part, _ in _parts(sentence):
        others = {x.value for x in part if x.kind == "topic"} - {topic}
        if (not others or topic in INVASION) and (
            any(x.kind in OPEN for x in part) or is_wary(part)
        ):
            return True
    return False


def _may_be_denied(topic: str, sentence: Sequence[Lexeme]) -> bool:
    """ "No LVI, PNI seen": the denial may hold of both."""
    if topic not in INVASION:
        return False
    for (before, _), (part, _) in pairwise(_parts(sentence)):
        is_denied = any(x.kind == "deny" for x in before) and any(
            x.kind == "topic" and x.value in INVASION for x in before
        )
        verbs = [x for x in part if x.kind == "affirmed" and x.text not in ANSWERS_ALONE]
        if is_denied and verbs and any(_names(x, topic) for x in part):
            return not any(x.kind in ("deny", "denied", "but") for x in part)
    return False


def _leaves_open(sentences: Sequence[Sequence[Lexeme]], units: set[str]) -> bool:
    """Whether another lesion is named, or a number by itself that may be of the field as well."""
    for sentence in sentences:
        for part, _ in _parts(sentence):
            kinds = {x.kind for x in part}
            # "Nodule a is 2 mm, nodule b 8 mm from the margin".
            # "Viability 10 %, 30 % and 80 % in three nodules".
            known = BARE | {"lesion"} if counted(part) or units == {"percent"} else BARE
            is_number = "number" in kinds and not kinds - known
            written = {x.value for x in part if x.kind == "unit"}
            is_other = any(x.kind == "lesser" and x.text not in REST for x in part)
            is_other |= "lesser" in kinds and "aside" not in kinds
            if is_other or (is_number and (not written or written & units)):
                return True
    return False


def _is_any_vessel_told(sentences: Sequence[Sequence[Lexeme]]) -> bool:
    """Whether vessels are told of by themselves: "LVI absent; large vessels: involved"."""
    parts = [part for sentence in sentences for part, _ in _parts(sentence)]
    of_vessels = [part for part in parts if any(x.kind == "vessel" for x in part)]
    return not all(any(_names(x, "lvi") for x in part) for part in of_vessels)


def _one(found: Sequence[Reading]) -> Reading | None:
    """The one reading of all cores."""
    return found[0] if found and all(reading == found[0] for reading in found) else None


def _names(lexeme: Lexeme, topic: str) -> bool:
    return lexeme.kind in NAMES and lexeme.value == topic


def _told(topic: str, sentence: Sequence[Lexeme], said: Said) -> list[Reading] | None:
    """The reading of each core of a sentence; nothing where one of them is not read."""
    if topic == "regression":
        reading = _response(sentence, said)
        return [reading] if reading else None
    found = []
    cores = _cores(topic, sentence)
    if cores and all(x.kind == "code" for core in cores for x in core):
        # "L0, V1": of both together.
        cores = [[x for core in cores for x in core]] if all(cores) else [[]]
    for core in cores:
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
        of_field = _viable if topic == "viable" else partial(_core, topic)
        found.append([] if is_elsewhere else of_field(part))
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
        is_elsewhere = is_elsewhere or any(x.kind in ELSEWHERE for x in part)
        found += [(own, is_elsewhere) for own in _by_name(part)]
    return found


def _by_name(part: list[Lexeme]) -> list[list[Lexeme]]:
    """A part by its names, if each has its answer before it, or each behind it."""
    names = {at for at, x in enumerate(part) if x.kind in ("topic", "aside")}
    for at, lexeme in enumerate(part):
        # "Nodule a 3 cm": which it is stands between.
        follows = [x for x in part[at + 1 : at + 3] if x.text not in LETTERS]
        if lexeme.kind == "lesion" and follows and follows[0].kind == "number":
            names.add(at)
    told = [_alternating(own, names_of) for own, names_of in _denials(part, names)]
    return [own for owns in told for own in owns]


def _denials(part: list[Lexeme], names: set[int]) -> list[tuple[list[Lexeme], set[int]]]:
    """A part with each denial and its name apart, where that leaves no name without an answer."""
    cuts = {0, len(part)}
    for at, lexeme in enumerate(part):
        ahead = next((i for i in range(at + 1, len(part)) if part[i].kind not in BEFORE_NAME), -1)
        if lexeme.kind == "deny" and ahead in names:
            end = ahead + 1
            while end < len(part) and (
                part[end].kind in ("join", "act") or (end in names and part[end - 1].kind == "join")
            ):
                end += 1
            cuts |= {at, end}
    places = sorted(cuts)
    found = [(part[a:b], {at - a for at in names if a <= at < b}) for a, b in pairwise(places)]
    is_told = all(not own or any(x.kind in SAYS for x in of) for of, own in found)
    return found if is_told else [(part, names)]


def _alternating(part: list[Lexeme], names: set[int]) -> list[list[Lexeme]]:
    runs: list[tuple[str, int]] = []
    for at, lexeme in enumerate(part):
        kind = "name" if at in names else "answer" if lexeme.kind in SAYS else ""
        if kind and (not runs or runs[-1][0] != kind):
            runs.append((kind, at))
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
    if not named and topic != "grade":
        # "Distance 3 mm": of what, only the sentences before may tell.
        return []
    kinds = [_kind(x, topic) for x in part]
    answer = ANSWERS.get(topic, set())
    codes = [x for x in part if x.kind == "code" and x.value == topic]
    at_names = [at for at, x in enumerate(part) if _names(x, topic)]
    if topic == "margin" and at_names and measures_lesion(part[: at_names[0]]):
        # "Nodule 12 mm at the margin": its size.
        return []
    at_answers = [at for at, kind in enumerate(kinds) if kind in answer]
    if codes and not at_answers:
        if topic == "grade" and "lesion" not in kinds:
            return []
        return [] if set(kinds) - QUIET - {"code", "vessel", "topic"} else codes
    if topic in INVASION and not at_answers:
        # "Focal LVI": to name its extent is to assert it.
        at = at_names[0] - 1
        is_inside = part[at_names[-1]].text.startswith(TUMOR_INSIDE) and "vessel" in kinds
        if is_inside and not set(kinds) - QUIET - {"topic", "vessel", "split"}:
            # "A portal vein branch contains tumor thrombus".
            return [part[at_names[-1]], PRESENT]
        is_extent = at >= 0 and part[at].kind == "extent" and not set(kinds) - QUIET - {"topic"}
        return list(part[at : at_names[-1] + 1]) if is_extent else []
    if not at_answers or set(kinds) - QUIET - answer - {"topic", "code", "weak", "vessel", "side"}:
        return []
    if any(x.text in ALTERNATIVES for x in part) and not any("den" in kind for kind in kinds):
        return []
    if "number" in {x.kind for x in part} and "unit" not in {x.kind for x in part}:
        return []
    start, end = min(at_names[0], at_answers[0]), max(at_names[-1], at_answers[-1])
    while start and part[start - 1].kind in ("compare", "act") and at_answers[0] == start:
        start -= 1
    while end + 1 < len(part) and (
        part[end + 1].kind == "act" or part[end + 1].value.startswith("or ")
    ):
        end += 1
    span = part[start : end + 1]
    is_clear = "unknown" not in kinds[start : end + 1]
    told = [x for x in span if x.kind not in ("fill", "idle", "heading")] if is_clear else []
    return [as_of_margin(x) for x in told] if topic == "margin" else told


def _viable(part: Sequence[Lexeme]) -> list[Lexeme]:
    """The one percent of a part, in whatever order: "the nodule is 90 % viable"."""
    kinds = {_kind(x, "viable") for x in part}
    units = [x for x in part if x.kind == "unit"]
    named = {x.value for x in part if x.kind == "topic"}
    is_known = not kinds - QUIET - {"topic", "measure", "largest"}
    if not is_known or named != {"viable"} or len(units) != 1 or units[0].value != "percent":
        return []
    end = part.index(units[0])
    start = end
    while (start and part[start - 1].kind in ("number", "compare")) or part[start - 1].text == "-":
        start -= 1
    is_one = not any(x.kind == "number" for x in [*part[:start], *part[end:]])
    is_clear = not any(x.kind == "unknown" for x in part)
    return [VIABLE, *part[start : end + 1]] if is_one and is_clear else []


def _kind(lexeme: Lexeme, topic: str) -> str:
    """Numbers and units are of a measure; what the reader of the field alone knows is told."""
    if lexeme.kind in ("number", "unit"):
        return "measure"
    if lexeme.kind == "unknown" and topic in TELLING:
        known = lexicon_of(FIELDS[topic]).lexemes(tokens_of(lexeme.text))
        return "told" if any(x.kind in TOLD for x in known) else "unknown"
    return lexeme.kind


def _response(sentence: Sequence[Lexeme], said: Said) -> Reading | None:
    """A scale with its grade, or a response by its name."""
    text = " ".join(x.text for x in without_numbers_of_lesions(sentence))
    kinds = {x.kind for x in sentence}
    if kinds & OTHER - {"cause"} or NOT_OF_TUMOR.search(text):
        return None
    scales = {(m[1], m[2]) for m in SCALE.finditer(text)}
    scales |= {(m[2], m[1]) for m in GRADE_FIRST.finditer(text)}
    if len(scales) == 1:
        scale, grade = scales.pop()
        if any(m[1] != grade for m in GRADE.finditer(text)):
            # "Mandard TRG 1 in two nodules and TRG 4 in one".
            return None
        return said("tumor_regression", f"{scale} {grade}")
    responses = {m[1] for m in RESPONSE.finditer(text)}
    if scales or len(responses) != 1 or NO_RESPONSE.search(text):
        return None
    return said("tumor_regression", f"{responses.pop()} response")
