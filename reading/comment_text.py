"""The sentences of a comment, as phrases of its lexicon, without what only explains them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from reading.abbreviations import written_out
from reading.comment_corrections import as_it_holds_now
from reading.comment_spelling import NUMBERS, in_one_spelling
from reading.comment_wordings import in_one_wording
from reading.lexicon import Lexeme, lexicon_of
from reading.sentence import STOPS
from reading.tokens import tokens_of

PAUSES = {",", "(", ")", "[", "]"}
# Kinds of words by which something is left untold.
OPEN = {"unassessable", "unstated"}
TOLD = {"number", "denied", "affirmed", "degree", "code"}
# What a heading that names a specimen is made of.
LABELED = {"specimen", "heading", "here", "fill", "number", "mark"}

# By which words lesions are told one by one.
LETTER_OF = {
    **dict.fromkeys(
        (
            "first",
            "1st",
            "one",
            "larger",
            "bigger",
            "dominant",
            "main",
            "large",
            "اول",
            "یک",
            "یکی",
            "بزرگتر",
        ),
        "a",
    ),
    **dict.fromkeys(
        ("second", "two", "2nd", "other", "another", "smaller", "small", "دوم", "دیگر"), "b"
    ),
    **dict.fromkeys(("دیگری", "کوچکتر"), "b"),
    **dict.fromkeys(("third", "three", "3rd", "سوم"), "c"),
    **dict.fromkeys(("fourth", "four", "4th", "چهارم"), "d"),
}
LESION_OF_SEVERAL = re.compile(
    r"\b(?:the |an? )?(first|1st|one|second|2nd|other|another|third|3rd|fourth|4th|larger|bigger"
    r"|smaller|dominant|main|large|small) (?:metastatic )?(?:nodule|lesion"
    r"|metastasis|met|deposit|focus|mass|tumor)\b"
    r"(?! (?:free|margin is free|bed|cells?)\b)"
    r"|\b(?:nodule|lesion|metastasis|met|deposit) (one|two|three|four)\b(?! (?:of|in)\b)"
    r"|\b(?:ندول|ضایعه|توده|تومور|کانون|متاستاز) (?:ی )?"
    r"(اول|دوم|سوم|چهارم|دیگری|دیگر|بزرگتر|کوچکتر)\b"
    r"|\b(یک) (?:ندول|ضایعه|توده|تومور|کانون|متاستاز)\b"
)
OTHER_ALONE = re.compile(
    r"\b(?:the )?(first|second|third|fourth|another|(?<=the )(?:other|smaller|larger|bigger))"
    r"(?: one)?(?= ?(?:[:,;.()]|$|\d|and\b|is\b|it\b|lies\b|was\b|has\b"
    r"|shows\b|measures\b|of \d|at \d))"
    r"|\b(دیگری|یکی)(?= )"
)
# "The larger lies 4 mm from the margin, the smaller 11 mm".
PAIR = re.compile(
    r"\bthe (?:larger|bigger|first)(?: one)? (?!metas|lesion|nodule|tumor)(?=[^.;]*\d)"
    r"[^.;]*\bthe (?:smaller|other|second)(?: one)? (?=[^.;]*\d)"
    r"|\bیکی \d[^.;]* دیگری \d"
)
WIDTH_OF_LESION = re.compile(
    r"((?:[<>]=? ?)?\d[\d.]* ?(?:[mc]m|%|percent|میلی متر|سانتی متر|درصد))"
    r" (?:for|in|of|from|at|برای|در) (?:the )?nodule ([abcd])\b"
)


# "#1 (3 cm) 10 % viable; #2 (2 cm) 60 % viable".
NUMBERED_LESION = re.compile(
    r"(?:\b(?:lesion|nodule|metastasis|met|tumor|deposit) )?# ?([1-6])\b"
    r"|\b(?:lesion|nodule|metastasis|met|tumor|deposit) (?:no\.? ?)?([1-6]) ?[-:=](?= )"
)


# "Specimen A: nodule 2 cm, margin 3 mm. Specimen B: …".
ORGANS = r"[^).:;]*(?:gall|node|colon|diaph|cyst|omentum)"
LESION_TOLD = re.compile(
    r"\d ?(?:[mc]m|میلی|سانت)|metasta|nodule|tumor|deposit|lesion|متاستاز|ندول|no malign|benign"
    r"|\bg ?[1-4]\b|\bgrade [1-4]|differentiated|\b(?:lvi|pni|mandard|dworak|becker|viable)\b"
)
PART_ROMAN = "iii|ii|iv|i|vi|v"
PART = re.compile(
    r"(?:\b(?:specimen|part|container|jar|pot|sample)|(?<!\w)(?:نمونه|ظرف)) (?:no\.? ?"
    rf"|#)?([a-f1-6]|{PART_ROMAN})\b"
    rf"(?: ?\((?!{ORGANS})[^)]*\))? ?[:.-]"
    rf"(?!{ORGANS})(?:[^:.;]{{0,30}}\b(?:wedge|resection|\w+ectomy|seg\w*|liver)\b[^:.;]{{0,25}}:)?"
    rf"|(?:^|(?<=[.;:] ))\(?([a-f]|{PART_ROMAN})(?:[.)]|-(?= )|\)-) (?=\w)"
    r"(?:[^:.;]{0,30}\b(?:wedge|resection|\w+ectomy|segment|liver)\b[^:.;]{0,25}:)?"
)


# "Two nodules: 1) 3 cm 2) 2 cm".
OF_LIST = re.compile(
    r"(?<=\w)\.?:? \(?1 ?\) (?=(?:(?!\b1 ?\) ).)*\b2 ?\) )|(?<=[\w%,;]) \(?([2-6]) ?\) (?=\d)"
)
LISTED = re.compile(
    r"\b(?:nod|nodules|lesions|mets|metastases|deposits|tumors|foci)\b\.?:? \(?1 ?\) \d"
)


# "LVI: A absent, B present", "LVI: absent (A), present (B)".
OF_PART = r"(?:(s|segment) ?|(?:specimen|lesion|nodule|part|wedge) )?([a-f]|[1-8][ab]?)"
ANSWER_OF_PART = rf"[^.,;:()]{{1,40}} \({OF_PART}\)"
LETTERED_ANSWERS = re.compile(
    # Not "a) metastasis 3 cm, b) margin 4 mm", which is a list of findings.
    r"(?:(?<=: )|(?<=\b(?:lvi|pni) ))\(?a(?:[):]{0,2} |(?=[+-]))"
    r"(?:(?!margin|lvi|pni|metasta|tumor|size|grade)[^.:]){1,40}?[,;] (?:and )?\(?b\b[):]{0,2}"
    r"[^.:]+(?:[,;] [c-f]: [^.:]+)*"
    rf"|(?<=: ){ANSWER_OF_PART}[,;]? (?:and )?{ANSWER_OF_PART}[^.:]*"
)
LETTER_BEFORE = re.compile(r"(?:^|(?<=[,;] )|(?<= and ))\(?([a-f])(?:[):]{0,2} |(?=[+-]))")
LETTER_BEHIND = re.compile(rf"([^,;()]+?) \({OF_PART}\)")
# "LVI absent in A, present in B".
IN_LETTERED = re.compile(r"\b(in|for|of) ([a-f])(?= ?(?:[,;.)]|$|(?:and|but)\b))")


def _unnumbered(text: str) -> str:
    """A numbered list as sentences: "1. Margin free 2. LVI absent"."""
    at, number = 0, 1
    while match := re.compile(rf"(?<![\d.]){number} ?[.)-] (?=\D)").search(text, at):
        if number == 1 and match.start():
            break
        text = text[: match.start()] + "; " + text[match.end() :]
        at, number = match.start() + 2, number + 1
    return text


def _lettered(text: str) -> str:
    """Lesions that are told one by one, with letters: "first nodule", "the other" as "nodule b"."""
    if LISTED.search(text):
        text = OF_LIST.sub(lambda match: f"; nodule {_letter_of(match[1] or '1')} ", text)
    parts = list(PART.finditer(text))
    ends = [*(part.start() for part in parts[1:]), len(text)]
    told = [LESION_TOLD.search(text, a.end(), end) for a, end in zip(parts, ends, strict=False)]
    if len({match[1] or match[2] for match in parts}) > 1 and all(told[:-1]):
        text = PART.sub(lambda match: f"; nodule {_letter_of(match[1] or match[2])} , ", text)
    if len({match[1] or match[2] for match in NUMBERED_LESION.finditer(text)}) > 1:
        text = re.sub(r": ?(?=#1 ?\()", "; ", text)
        text = NUMBERED_LESION.sub(lambda match: f"nodule {_letter_of(match[1] or match[2])}", text)
    text = LETTERED_ANSWERS.sub(lambda match: _named_by_letters(match[0]), text)
    if len({match[2] for match in IN_LETTERED.finditer(text)}) > 1:
        text = IN_LETTERED.sub(r"\1 nodule \2", text)
    named = {_letter(match) for match in LESION_OF_SEVERAL.finditer(text)}
    alone = {_letter(match) for match in OTHER_ALONE.finditer(text)}
    if len(named | alone) < 2 or not (named or PAIR.search(text)):
        return text
    for pattern in (LESION_OF_SEVERAL, OTHER_ALONE):
        text = pattern.sub(lambda match: f"nodule {_letter(match)}", text)
    if re.search(r"nodule a[^,;.]*\d[^,;.]*margin|nodule a[^,;.]*\d[^,;.]*مارژین", text):
        # "Nodule a 3 cm margin 1 cm, nodule b 2 cm margin 4 mm".
        text = re.sub(r", (?=nodule [b-f]\b)", "; ", text)
    if len(WIDTH_OF_LESION.findall(text)) > 1:
        # "9 mm for the first and 3 mm for the second".
        text = WIDTH_OF_LESION.sub(r"nodule \2 \1", text)
    return text


def _named_by_letters(answers: str) -> str:
    """ "a absent, b present" and "absent (a), present (b)" as "nodule a absent, …"."""
    if LETTER_BEFORE.match(answers):
        return LETTER_BEFORE.sub(r"nodule \1 ", answers)
    return LETTER_BEHIND.sub(_named_by_letter, answers)


def _named_by_letter(match: re.Match[str]) -> str:
    name = f"segment {match[3]}" if match[2] else f"nodule {_letter_of(match[3])}"
    return f" {name} {match[1]}"


def _letter_of(sign: str) -> str:
    number = NUMBERS.get(sign, sign)
    return " abcdefgh"[int(number)] if number.isdigit() else sign


def _letter(match: re.Match[str]) -> str:
    return LETTER_OF[next(name for name in match.groups() if name)]


def sentences_of(text: str) -> list[list[Lexeme]]:
    """The sentences of a normalized comment, each as the phrases of the lexicon of comments."""
    text = _lettered(_unnumbered(in_one_spelling(written_out(text))))
    text = in_one_wording(as_it_holds_now(text))
    sentences: list[list[Lexeme]] = [[]]
    for lexeme in lexicon_of("comment").lexemes(tokens_of(text)):
        if lexeme.kind == "mark" and lexeme.text in STOPS:
            sentences.append([])
        else:
            sentences[-1].append(lexeme)
    return [
        _without_asides(_without_reasons(_without_specimen(sentence)))
        for sentence in sentences
        if sentence
    ]


def _without_specimen(sentence: list[Lexeme]) -> list[Lexeme]:
    """Without what names the specimen of a lesion: "liver wedge: nodule", "wedge with a nodule"."""
    held = next((at for at, x in enumerate(sentence) if x.kind == "split"), 0)
    names = {x.kind for x in sentence[:held]}
    if "specimen" in names and not names - LABELED - {"compare", "side"}:
        behind = [x.kind for x in sentence[held + 1 :] if x.kind != "fill"]
        if behind[:3] == ["number", "unit", "lesion"]:
            return sentence[held + 1 :]
    at = next((at for at, x in enumerate(sentence) if x.text == ":"), 0)
    label = {x.kind for x in sentence[:at]}
    follows = sentence[at + 1].kind if at + 1 < len(sentence) else ""
    is_label = "specimen" in label and not label - LABELED
    return sentence[at + 1 :] if is_label and follows in ("lesion", "largest") else sentence


def _without_asides(sentence: list[Lexeme]) -> list[Lexeme]:
    """Without what is told in brackets of another time or means: "35 mm (50 mm on CT)"."""
    kept: list[Lexeme] = []
    at = 0
    while at < len(sentence):
        end = next((i for i in range(at, len(sentence)) if sentence[i].text == ")"), None)
        inside = sentence[at : end + 1] if sentence[at].text == "(" and end is not None else []
        kinds = {x.kind for x in inside}
        is_of_primary = bool(inside) and any(
            x.kind == "primary" for x in sentence[max(at - 2, 0) : at]
        )
        if is_of_primary or (kinds & {"time", "means"} and kinds & TOLD):
            at += len(inside)
            continue
        kept.append(sentence[at])
        at += 1
    return kept


def _without_leading_reason(sentence: Sequence[Lexeme]) -> Sequence[Lexeme]:
    """Without a reason that begins a sentence, where no pause ends it: up to the last name."""
    is_led = bool(sentence) and sentence[0].kind == "cause"
    if not is_led or any(x.text in PAUSES for x in sentence):
        return sentence
    names = [at for at, x in enumerate(sentence) if x.kind == "topic"]
    return sentence[names[-1] :] if names else sentence


def _without_reasons(sentence: Sequence[Lexeme]) -> list[Lexeme]:
    """Without why something cannot be told: "since prior therapy is unknown"."""
    if not any(x.kind in ("unassessable", "unstated") for x in sentence):
        return list(sentence)
    sentence = _without_leading_reason(sentence)
    kept: list[Lexeme] = []
    kinds: set[str] = set()
    is_reason = is_behind = False
    for lexeme in sentence:
        if lexeme.kind == "cause" or (is_behind and lexeme.text in ("after", "following")):
            is_reason = True
        elif lexeme.text in (",", ")") or (lexeme.kind in OPEN and not OPEN & kinds):
            is_reason = is_behind = False
        elif lexeme.kind == "topic" or lexeme.text in PAUSES:
            is_behind = False
        if not (is_reason or is_behind):
            kept.append(lexeme)
            kinds.add(lexeme.kind)
        # Behind what cannot be told stands why.
        is_behind = is_behind or lexeme.kind == "unassessable"
    return kept
