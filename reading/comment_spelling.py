"""The notation of comments in one way: letters, marks between findings, lists of lengths."""

from __future__ import annotations

import re

from reading.wordings import Wordings

LENGTH = r"\d[\d.]* ?(?:[mc]m|میلی ?متری?|سانتی ?متری?|سانت)"
LESION = (
    r"(?:tumor|lesion|nodule|mass|deposit|mets?|metastas[ie]s"
    r"|(?:تومور|ضایعه|ندول|توده|متاستاز)(?!\w))"
)
INVASION = r"(?:lvs?i|pni|(?:lympho|peri)\w+ invasion|vascular invasion)"
SPELLINGS = [
    # A form of which one box is ticked.
    (r"\[ ?\] ?(?!x\b)[^\[\].,;:-]+(?=[^;]*\[ ?x ?\])", ""),
    (r"(?<=\w )\[ ?\] ?(?!x\b)[^\[\].,;:-]+", ""),
    (r"\[ ?x ?\] ?", ""),
    (r"\btumour", "tumor"),
    # The point behind these is that of the sentence too: "margins neg. Tumor 3 cm".
    (r"\b(neg|pos)\. (?!(?:for|at|on|to|by|in)\b)", r"\1 . "),
    # "No LVI seen PNI positive": the denial ends with its verb, or before an answer of its own.
    (
        rf"\b(no {INVASION}(?: (?:seen|identified|noted|found|detected|present)"
        rf"|(?= {INVASION} (?:pos|positive)\b))) (?={INVASION}(?!\w))",
        r"\1 , ",
    ),
    # "Margin clear tumor 3 cm", "tumor 3 cm margin clear": the length is of the tumor.
    (
        rf"\b(neg|negative|clear|free|uninvolved|involved|positive|pos) "
        rf"(?=(?:{LESION}|largest|biggest)\b[^.,;\d]{{0,20}}\d|\d[\d.]* ?[cm]m {LESION}\b)",
        r"\1 , ",
    ),
    (
        rf"({LESION}(?!\w)(?:(?! (?:with|with an?|با) \d)[^.,;\d]){{0,20}}{LENGTH}"
        rf"(?: (?:and|و) {LENGTH})*) "
        r"(?=(?:(?:all|surgical|resection|parenchymal|closest|nearest|clear|free|negative) )*"
        r"(?:marg|مارژین|مارجین|حاشیه))",
        r"\1 , ",
    ),
    ("،", ","),
    ("؛", ";"),
    ("٪", "%"),
    (r"\b(?:segment no|seg|sg|segm)\.? (?=[ivx\d])", "segment "),
    ("\u0654", ""),
    ("(?<!\\w)این(?:ویژن|وژن|وازیون)(?!\\w)", "انوازیون"),
    ("نگ(?:ا)?تیو", "منفی"),
    ("پ(?:و|ا)زیتیو", "مثبت"),
    (r" ?(?:-+>|=+>|[→⟶➔➜⇒]|←(?= ?[آ-ی])) ?", " -> "),
    (r" ?-- ?", "; "),
    (r"\b(trg|mandard|dworak|becker|ryan|cap)(?=[0-5][ab]?\b)", r"\1 "),
    # The ezafe behind a vowel, which a zero-width mark parts from its word.
    (r"(?<=ه) ی(?= )", ""),
    (r"(?<=ها) ی(?= )", "ی"),
]
WORDINGS = Wordings(SPELLINGS)


# "Size=4cm Margin=8mm LVI=neg".
EQUATION = re.compile(r"(?:^|[ ,;])((?:[a-z]+ ){0,1}[a-z]{2,}) ?= ?(?=[a-z\d<>+-])")
# "Size 2 cm/margin 5 mm/G2/L0".
SLASHED = re.compile(
    r" ?/ ?(?=(?:margin|size|g ?[1-4x]|[lv] ?[0-2x]|pn ?[01x]|r ?[0-2x]|lvi|pni|trg)\b)"
)
MANY = 3
# Where a finding begins, in a text without any mark.
BEGINNING = re.compile(
    r" (?<!vascular )(?<!-> )(?=(?:(?:no|neg|negative) (?:lvi|lvsi|pni)(?! (?:yes|no|pos"
    r"|neg|positive|negative)\b)|(?:nearest |closest )marg\w*"
    r"|r[012]|trg)\b)"
)
# Behind an answer, in a text without any mark.
NEXT_NAME = re.compile(
    r"(\b(?:lvi|lvsi|pni) ?[+-](?:ve)?|\bdiff(?= marg)|\b(?:lvi|lvsi|pni|margins?"
    r"|mgn|marg|steat\w*) (?:neg|pos|negative|positive"
    r"|nil|absent|present"
    r"|clear|free|mild|mod|moderate|severe|[+-](?:ve)?)|\d ?(?:[mc]m|%)"
    r"|\b(?:mandard|dworak|ryan|cap|becker|trg ?\d|[gr]\d))"
    r" (?=(?:lvi|lvsi|pni|(?<!\d mm )(?<!\d cm )(?<!\dmm )(?<!\dcm )(?<!% )(?:marg\w*|mgn|steat\w*)"
    r"|trg|g[1-4]|r[012])\b)"
)
# Couinaud's segments, as most write them.
ROMAN = re.compile(r"(?<=\bsegment )(viii|vii|vi|iv|v|iii|ii|i)([ab]?)\b")
ROMANS = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii")
NUMBERS = {word: str(number) for number, word in enumerate(ROMANS, start=1)}
# Of several lengths with one unit each has it; the number of a segment is none of them.
LISTS = re.compile(
    r"(?:(?<=segment \d, )|(?<=seg \d, )|(?<=سگمان \d, )"
    r"|(?<=[ (])(?<!\d, )(?<!\d )(?<!x )(?<!segment )(?<!segments )(?<!seg )(?<!سگمان ))"
    r"(\d+(?:\.\d+)?(?:, \d+(?:\.\d+)?)*),? (and|&|و) (\d+(?:\.\d+)?)"
    r" ?((?:[mc]m|میلی ?متری?|سانتی ?متری?|سانت)(?!\w))"
    r"(?! (?:from|away|clear|to|از|تا|فاصله|margin))"
)


def _listed(match: re.Match[str]) -> str:
    numbers = [f"{number} {match[4]}" for number in match[1].split(", ")]
    return f"{', '.join(numbers)} {match[2]} {match[3]} {match[4]}"


# "(15, 9 mm)".
IN_BRACKETS = re.compile(r"\((\d+(?:\.\d+)?(?:, ?\d+(?:\.\d+)?)+) ?([mc]m)\)")


def _bracketed(match: re.Match[str]) -> str:
    return f"({', '.join(f'{number} {match[2]}' for number in re.split(', ?', match[1]))})"


def in_one_spelling(text: str) -> str:
    """The text with the letters and marks that the wordings are written in."""
    text = WORDINGS.applied(text)
    if len(SLASHED.findall(text)) >= MANY:
        text = SLASHED.sub(" ; ", text)
    if not re.search(r"[.,;:] ", text):
        text = BEGINNING.sub(" , ", NEXT_NAME.sub(r"\1 , ", text))
    if len(EQUATION.findall(text)) > 1:
        text = EQUATION.sub(r" ; \1 : ", text)
    text = ROMAN.sub(lambda match: NUMBERS[match[1]] + match[2], text)
    return IN_BRACKETS.sub(_bracketed, LISTS.sub(_listed, text))
