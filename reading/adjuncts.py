"""What a statement says without the words beside it that are not known and settle nothing.

Free text names places, methods and reasons in words that no lexicon holds ("present at the
advancing edge", "no invasion, in the sections examined"). They are left out where the grammar tells
that they stand aside: adverbs, what begins with a preposition, a part between commas, a heading,
and what another metastasis or margin cannot be told by ("the new metastasis"). A word that may turn
or doubt what is said is never left out, nor anything known beside it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from reading.lexicon import Lexeme, lexicon_of
from reading.tokens import tokens_of

# What begins an adjunct.
PREPOSITIONS = {
    *("at", "in", "on", "along", "near", "throughout", "around", "inside", "amongst", "among"),
    *("after", "following", "per", "via", "using", "upon", "during", "despite", "toward"),
    *("towards", "adjacent to", "next to", "close to", "adjacent", "depending on", "according to"),
    *("based on", "as", "because", "since", "given", "which", "where", "making", "leaving", "so"),
    *("representing", "constituting", "being", "i", "e", "by", "for", "confirmed by"),
    *("در", "روی", "توسط", "طبق", "براساس", "بر", "چون", "زیرا", "جهت", "طی", "داخل", "درون"),
    *("برای", "بوسیله", "مجاور", "اطراف", "حوالی", "در مجاورت", "در داخل", "در اطراف"),
}
BESIDE = {"adjacent", "adjacent to", "near", "close to", "next to", "مجاور", "در مجاورت"}
# These name what a number or a finding is of; a length they would make another one.
OF = {"of", "to", "from", "within", "across", "از", "به"}
# Behind these stands what a metastasis or margin has besides.
WITH = {"with", "با"}
OF_MARGIN = {"margin", "parenchymal"}
METASTASES = ("met", "متاستا")
# Fields of lengths and places, where a place may be another one that is asked.
MEASURED = {"margin_distance", "largest_metastasis"}
# Fields of which a name by itself asserts: what is left out may have been the answer.
NAMED_IS_SAID = {"lymphovascular_invasion", "perineural_invasion"}
ANSWERS = {"deny", "denied", "affirm", "affirmed", "doubt", "unassessable", "unstated", "extent"}
# Words that may turn, doubt or move elsewhere what is said.
WARY = re.compile(
    r"un|non|dis|mis|pseud(?!ostrat|ogland|olob)|anti|contra|artif|artef|mimic|simulat|doubt|quest|exclu|refut|den[iy]"
    r"|fals|former|fail|hard|bare|scarce|seld|rare|suppos|alleg|presum|poss|conceiv|seem|ostens"
    r"|argu|hypoth|pend|recomm|sugg|advi|request|repeat|not|never|cannot|cant|wont|instead|else"
    r"|donor|control|expect|previ|prior|earl|ago|old|retr|reject|revis|correct|err|wrong|discrep"
    r"|differ|contrast|opposed|despite|although|though|lack|absen|loss|lost|minus|below|above"
    r"|normal|rule|versus|may|might|could|should|would|will|if|when|unless|until|except|apart"
    r"|debat|dubi|tentat|content|moot|insuff|ambig|concern|worr|risk|suspic|equiv|indeterm|theor"
    r"|convinc|unequivoc|said|told|reput|surg|theat|intraop|operat"
    r"|suffic|adequa|accept|requir|guidel|ideal|target"
    r"|potential|apparent|claim|thought|consider|believ|felt|interpret|regard|assum|likel"
    r"|.*less$|.*n't$"
    r"|ن(?!ئوپل|سبت|قط|قاط|مونه|ما|وع|واح|سج|ظیر|ظر|تیج|تایج|یمه|زد|کروز|ازک)|غیر|بدون|عدم|شک|رد|احتمال|ظاهر|بی|فاقد|اشتباه|خلاف|قبل|سابق|پیش|گذشته|شاید|ممکن|گویا"
    r"|ارجاع|تردید|ابهام|مبهم|بحث|نظریه|ادعا|مگر|جز|اگر|آیا|خطا|تصور|فرض|لغو|توصیه|درخواست|پیشنهاد|.*نمی"
)
HARMLESS = {
    "discussion",
    "discussed",
    "dissection",
    "distribution",
    "disease",
    "unremarkable",
    "unfortunately",
    "unusual",
    "uniform",
    "uniformly",
    "universally",
}
SEPARATORS = {",", "(", ")", "[", "]", ";"}
ADVERBS = {"بسیار", "خیلی", "کاملا", "نسبتا", "تماما", "عمدتا", "اکثرا", "غالبا", "مشخصا", "تنها"}
# Beside these an unknown word is no part of a name.
APART = {"fill", "mark", "affirm", "affirmed", "join"}
QUIET = {"fill", "unknown"}


def without_adjuncts(of_field: str, text: str) -> str | None:
    """The text without what is not known and stands aside; nothing where that does not help."""
    lexemes = lexicon_of(of_field).lexemes(tokens_of(text))
    strange = [at for at, lexeme in enumerate(lexemes) if _is_strange(lexemes, at)]
    if not strange or any(is_wary_word(lexemes[at].text) for at in strange):
        return None
    dropped: set[int] = set()
    for at in strange:
        if at in dropped or _is_adverb(lexemes[at].text) or _is_epithet(lexemes, at, of_field):
            dropped.add(at)
            continue
        adjunct = _part(lexemes, at) or _heading(lexemes, at) or _adjunct(lexemes, at, of_field)
        may_go = _stands_apart(lexemes, at, of_field) or _is_beside_margin(lexemes, at, of_field)
        if adjunct is None and not may_go:
            return None
        dropped |= adjunct or {at}
    kept = [lexeme for at, lexeme in enumerate(lexemes) if at not in dropped]
    if of_field in NAMED_IS_SAID and not any(x.kind in ANSWERS for x in kept):
        return None
    return " ".join(lexeme.text for lexeme in kept)


def _is_strange(lexemes: Sequence[Lexeme], at: int) -> bool:
    """Whether a word is not known, or turns what is told only where it stands before it."""
    if lexemes[at].kind == "turn" and lexemes[at].text in BESIDE:
        return any(x.kind in ("affirmed", "denied") for x in lexemes[:at])
    return lexemes[at].kind == "unknown"


def is_wary(lexemes: Sequence[Lexeme]) -> bool:
    """Whether a word that is not known may turn or doubt what is said."""
    return any(x.kind == "unknown" and is_wary_word(x.text) for x in lexemes)


def is_wary_word(word: str) -> bool:
    """Whether a word may turn, doubt or move elsewhere what is said."""
    return word not in HARMLESS and WARY.match(word) is not None


def _is_adverb(word: str) -> bool:
    return word in ADVERBS or word.endswith("ly")


def _is_epithet(lexemes: Sequence[Lexeme], at: int, of_field: str) -> bool:
    """Whether a word tells but how a metastasis or margin is: "new metastasis", "dyed margin"."""
    behind = lexemes[at + 1] if at + 1 < len(lexemes) else None
    if of_field not in MEASURED or behind is None:
        return False
    if behind.text.startswith(METASTASES) or behind.value == "parenchymal":
        return True
    return behind.value == "margin" and lexemes[at].text.endswith("ed")


def _is_beside_margin(lexemes: Sequence[Lexeme], at: int, of_field: str) -> bool:
    """Whether the margin is named by another word than the one beside this one.

    The word before a margin, or behind "from the", may name another one than is asked.
    """
    if of_field != "margin_distance" or not any(x.value in OF_MARGIN for x in lexemes):
        return False
    if lexicon_of("comment").lexemes([lexemes[at].text])[0].kind not in QUIET:
        # "The largest is at the margin": what comments know says something.
        return False
    behind = next((x for x in lexemes[at + 1 :] if x.kind != "unknown"), None)
    before = {x.text for x in lexemes[max(at - 2, 0) : at]}
    if at + 1 < len(lexemes) and lexemes[at + 1].kind in ("number", "compare"):
        return False
    return (behind is None or behind.value not in OF_MARGIN) and not before & (OF | WITH)


def _heading(lexemes: Sequence[Lexeme], at: int) -> set[int] | None:
    """The places before a colon that nothing known stands before: "synopsis: margin free"."""
    end = next((i for i, lexeme in enumerate(lexemes) if lexeme.text == ":"), 0)
    is_of_no_name = all(x.kind in QUIET | {"number", "join"} for x in lexemes[:end])
    return set(range(end + 1)) if at < end and is_of_no_name else None


def _adjunct(lexemes: Sequence[Lexeme], at: int, of_field: str) -> set[int] | None:
    """The places from the preposition before a word to what is known behind it."""
    start = at
    while start >= 0 and not _is_preposition(lexemes[start], of_field):
        if lexemes[start].kind not in QUIET or lexemes[start].kind == "mark":
            return None
        start -= 1
    end = _end(lexemes, at)
    if start < 0 or not _may_be_dropped(lexemes, start, end, of_field):
        return None
    return set(range(start, end))


def _end(lexemes: Sequence[Lexeme], at: int) -> int:
    end = at
    is_beside = lexemes[at].text in BESIDE
    end += is_beside
    while end < len(lexemes) and (
        lexemes[end].kind in QUIET
        or lexemes[end].text in OF | WITH
        or (is_beside and lexemes[end].value == "tumor")
    ):
        end += 1
    return end


def _is_preposition(lexeme: Lexeme, of_field: str) -> bool:
    if lexeme.text in WITH:
        return lexeme.kind in ("fill", "compare", "unknown", "join")
    if lexeme.text in OF:
        return of_field not in MEASURED and lexeme.kind in ("fill", "compare", "unknown", "join")
    return lexeme.text in PREPOSITIONS and lexeme.kind in ("fill", "compare", "unknown", "turn")


def _may_be_dropped(lexemes: Sequence[Lexeme], start: int, end: int, of_field: str) -> bool:
    """Of a length only what stands behind it, or begins the text: else it may tell which it is."""
    if of_field not in MEASURED:
        return True
    if start == 0 and of_field == "largest_metastasis":
        # "On slicing there is a nodule of 3 cm".
        return lexemes[0].text not in BESIDE
    return any(x.kind in ("number", "denied", "concept") for x in lexemes[:start]) and (
        end == len(lexemes) or lexemes[end].text in SEPARATORS
    )


def _stands_apart(lexemes: Sequence[Lexeme], at: int, of_field: str) -> bool:
    """Whether no name and no answer stands beside an unknown word, with which it may be one."""
    if of_field in MEASURED or any(x.value.startswith("bare ") for x in lexemes):
        return False
    before = next((x for x in reversed(lexemes[:at]) if x.kind != "unknown"), None)
    behind = next((x for x in lexemes[at + 1 :] if x.kind != "unknown"), None)
    return all(x is None or x.kind in APART for x in (before, behind))


def _part(lexemes: Sequence[Lexeme], at: int) -> set[int] | None:
    """The places between two commas or brackets, if nothing is named there that is known.

    An answer there is of what is not known ("CD31 positive").
    """
    start, end = at, at
    while start > 0 and lexemes[start - 1].text not in SEPARATORS:
        start -= 1
    while end < len(lexemes) and lexemes[end].text not in SEPARATORS:
        end += 1
    part = lexemes[start:end]
    is_answered = part[0].kind == "unknown" and part[-1].kind in ("affirmed", "denied")
    known = QUIET | {"join"} | ({"affirmed", "denied"} if is_answered else set())
    if (start, end) == (0, len(lexemes)) or any(lexeme.kind not in known for lexeme in part):
        return None
    if start and lexemes[start - 1].text == "(" and lexemes[end : end + 1]:
        # With its brackets.
        return set(range(start - 1, end + 1))
    return set(range(start, end))
