"""Words, numbers and marks of a text, in one spelling."""

from __future__ import annotations

import re
from functools import lru_cache

from reading.wordings import Wordings

# British spelling, joined and cut words, signs: each to the form the lexicon has.
REWRITES = [
    # What stands in quotation marks; a single one behind a number is an inch.
    (r'"([^"]*[^\W\d][^"]*)"', r" \1 "),
    # The minus sign, which stands for a negative answer too.
    (r"−", "-"),
    # Vowel signs of the Arabic script, which are written or left out.
    (r"[\u064b-\u0652]", ""),
    (r"\btumour", "tumor"),
    (r"\b(h)ae(?=m|ng)", r"\1e"),
    (r"oedema", "edema"),
    (r"\boesoph", "esoph"),
    (r"\bcaec", "cec"),
    # "Colour"; but neither "our" nor "four" nor "hour".
    (r"(?<=[a-z]{2})our(?=s?\b)", "or"),
    (r"(?<=[a-z])is(?=(?:ed|ation|e)\b)", "iz"),
    (r"\bw/o\b", "without"),
    (r"\bw/ ?(?=[a-z])", "with "),
    (r"\bc/w\b", "consistent with"),
    (r"\bs/p\b", "status post"),
    (r"\bn/a\b|\bn\.a\b\.?", "na"),
    (r"\be/o\b", "evidence of"),
    (r"\bd/t\b", "due to"),
    # "Can't", "wasn't", with the apostrophe or without.
    (r"\bcan['’`]?t\b|\bcan not\b", "cannot"),
    (r"\b(is|was|are|were|do|does|did|could|has|have|had)n['’`]?t\b", r"\1 not"),
    # "LVI is present, PNI is not."
    (r"\b(?:is|was|are|were) not(?= *(?:[.,;)]|$))", "is absent"),
    (r"\bf/u\b", "follow up"),
    (r"\bh/o\b", "history of"),
    (r"\br/o\b", "rule out"),
    (r"\bk/c(?:/o)?\b", "known case"),
    (r"\bhalf an? (?=year|month|mm\b|cm\b)", "0.5 "),
    (r"(?<=\d) ?(years?|yrs?|months?|mo|weeks?|days?) ?\+(?=\s*$)", r" \1 or more"),
    (r"(?<=[a-z])\(s\)", "s"),
    (r"([<>])/=", r"\1="),
    (r"([<>]) ?= ?", r"\1="),
    (r"= ?([<>])", r"\1="),
    (r"[µμ](?=[mg]\b)", "u"),
    (r"(?<![\w.])\.(?=\d)", "0."),
    # The unit of a heading: "margin (mm): 4".
    (
        r"[(\[]([mc]m)[)\]] ?[:=]? ?((?:[<>≤≥~] ?=? ?)?\d[\d.,]*(?: ?[x×*-] ?\d[\d.,]*)*)"
        r"(?! ?[mc]m|\d)",
        r" : \2 \1 ",
    ),
    (r"\((\+|-)\)", r" \1ve "),
    (r"(?<![0-9.])\+ ?ve\b|\bpos\.(?= |$)", " positive "),
    (r"(?<![0-9.])- ?ve\b|\bneg\.(?= |$)", " negative "),
    (r"(?<=[a-z\u0600-\u06ff])\+(?= |$|[,;./)])", " positive "),
    (r"(?<=[a-z\u0600-\u06ff])(?: ?:)? \+(?= ?$| ?[,;.)])", " positive "),
    (r"(?<=[a-z\u0600-\u06ff])-(?= *$| ?[,;./)])", " negative "),
    # Markers: "ck20+, ck7-".
    (r"\b([a-z]{2,}\d+)\+(?= |$|[,;.)])", r"\1 positive "),
    (r"\b([a-z]{2,}\d+)-(?= *$| ?[,;.)])", r"\1 negative "),
    # The sign behind an abbreviation that is asked for is its answer: "LVI -".
    (r"^(lns?|pni|lvi|lvsi|rec|margins?)(?: ?[:.])? ?\(?-\)?\s*$", r"\1 negative "),
    # A sign that stands alone at the end may be an answer or a dash.
    (r" -\s*$", " ? "),
    (r"(?<=\d) ?(?:\"|”|'')", " inch "),
    (r"(?<=[a-z0-9])(?:'s|’s)\b|['’`\"]", ""),
    # "Margin involved? No": the answer of a form.
    (r"\? ?(?=(?:no|none|yes|بله|بلی|خیر|نه|ندارد|دارد)\W*$)", " : "),
    (r"(?<!half )\ban? (?=(?:milli|centi)met(?:er|re)\b)", "1 "),
    # No number has two points: a date, or a slip.
    (r"\d+[.,]\d+[.,]\d[\d.,]*|\d+;\d[\d.,]*", " manifold "),
    (r"^,(?=\d)|(?<=[<>=≤≥~]),(?=\d)", "0."),
    (r"(?<=\d)-(?=(?:[cm]m|years?|yrs?|months?|mo|weeks?|wk|days?)\b)", " "),
    # "1y6m", "1y3m10d".
    (r"(?<=\d)(ys?|yrs?|mos?|m(?=\d+d\b))(?=\d)", r"\1 "),
    (r"(?<=\d[cm]m) ?x ?(?=\d)", " x "),
    (r"(?<![a-z\d])x ?(?=\d)", " x "),
    (r"(?<![a-z\d.])(\d+(?:\.\d+)?)\+(?=\s*$|\s*[),;]|\s+[^\d\s])", r"\1 or more "),
    (
        r"\b(approx|ca|max|min|diff|mod|seg|adenoca|ant|ext|lt|rt|pt|incl|prev|resp|dx|met|gr|path|rec|acc)"
        r"\.(?= |$|\d)",
        r"\1 ",
    ),
    (r"\bno\.(?= ?(?:\d|of\b))", "no "),
    (r"[×*]", " x "),
    (r"(?<=\d) ?x ?(?=\d)|(?<![a-z0-9])x ?(?=\d)", " x "),
    (r"[–—]", "-"),
    (r"[≤⩽]|=<", "<="),
    (r"[≥⩾]|=>", ">="),
    (r"(?<=[a-z\u0600-\u06ff])-(?=[a-z\u0600-\u06ff])", " "),
    (r"(?<=[a-z\u0600-\u06ff]) ?/ ?(?=[a-z\u0600-\u06ff])", " or "),
    # Codes written as one word: "L0V1Pn0".
    (r"(?<![a-z])(p?(?:ly?|v|pn)[0-3x])(?=(?:p?(?:ly?|v|pn)[0-3x])+(?![a-z0-9]))", r"\1 "),
    # One spelling of letters and words that are written in two ways.
    (r"ؤ", "و"),
    (r"[أإ]", "ا"),
    (r"\b(بزرگ|نزدیک|کوچک|کم|بیش) (تر(?:ین)?)\b", r"\1\2"),
    (r"\b(?:1|یک) و نیم\b", "1.5"),
    (r"\b(?:2|دو) و نیم\b", "2.5"),
    (r"\b(?:3|سه) و نیم\b", "3.5"),
    (r"\b(?:4|چهار) و نیم\b", "4.5"),
    (r"\b(\d) و نیم\b", r"\1.5"),
    (r"(?<=\d) ?م ?\. ?م\b\.?", " میلی متر"),
    (r"،", ","),
    (r"؛", ";"),
    (r"؟", "?"),
    (r"٪", "%"),
    # "2 1/2 years".
    (r"(?<![\d./])(\d+) 1/2(?= ?[^\W\d])", r"\1.5"),
    # A slash between digits before a Persian unit is a decimal point, as it is written by hand.
    (
        r"(?<![\d/.])(\d+)/(\d+)(?=\s*(?:(?:x|و|,|تا|در)\s*[\d./]+\s*)*(?:سانت|میلی|درصد))",
        r"\1.\2",
    ),
    (r"(?<=\d),(?=\d{1,2}(?!\d))", "."),
    # The percent sign before its number, as Persian keyboards bring it about.
    (r"(?<![\d.])(?<![\d.] )%(\d+(?:\.\d+)?)(?! ?%)", r"\1%"),
]
ONES = {
    word: number
    for words in (
        ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
        ("یک", "دو", "سه", "چهار", "پنج", "شش", "هفت", "هشت", "نه"),
    )
    for number, word in enumerate(words, start=1)
}
# Not all of them: نود is a node too, and سی the beginning of "CT".
TENS = {
    word: number
    for words in (
        ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"),
        ("بیست", "", "چهل", "پنجاه", "شصت", "هفتاد", "هشتاد"),
    )
    for number, word in enumerate(words, start=2)
    if word
}
ONE = "|".join(ONES)
# "Fifty-two", "پنجاه و دو".
TENS_AND_ONES = re.compile(rf"\b(?P<tens>{'|'.join(TENS)})(?:(?: ?- ?| | ?و ?)(?P<ones>{ONE}))?\b")
# "Four and a half cm", "۲ و نیم سانت".
HALVES = re.compile(rf"(?<![\w.])(?P<whole>\d+|{ONE}) (?:and (?:a|one) half|و نیم)\b")
WORDINGS = Wordings(REWRITES)
TOKEN = re.compile(
    r"\d+(?:\.\d+)?(?=\s|$|[^\w.])|\d+(?:\.\d+)?(?=[a-z%\u0600-\u06ff])|\d+(?:\.\d+)?"
    r"|[a-z]+\d+[a-z]?(?![a-z])|[a-zß-öø-ÿı]+|[\u0600-\u06ff]+|<=|>=|\S"
)
# Words of letters alone, none of which any of the patterns would change: most phrases are such.
WORD = r"(?:[a-z]+|[\u0621-\u064a\u066e-\u06d3]+)"
WORDS = re.compile(rf"{WORD}(?: {WORD})*")
SPELLED_OTHERWISE = re.compile(
    r"our|aem|oe|ae|is(?:ed|e|ation)\b|\ba |[lvn]x|nt\b|\bcan not\b|\bnot$|[ؤأإ]"
    rf"| half\b| نیم\b| تر(?:ین)?\b|\b(?:{'|'.join(TENS)})\b"
)


def tokens_of(text: str) -> tuple[str, ...]:
    """The tokens of a normalized text (normalize_text.sql)."""
    text = text.lower()
    if WORDS.fullmatch(text) and not SPELLED_OTHERWISE.search(text):
        return tuple(text.split(" "))
    return rewritten(text)


def _number(match: re.Match[str]) -> str:
    return str(10 * TENS[match["tens"]] + (ONES[match["ones"]] if match["ones"] else 0))


def _and_a_half(match: re.Match[str]) -> str:
    whole = match["whole"]
    return f"{ONES.get(whole, whole)}.5"


# A passage is read with the lexicons of more than one field.
@lru_cache(maxsize=16_384)
def rewritten(text: str) -> tuple[str, ...]:
    """The tokens of a text in lower case by all patterns."""
    text = TENS_AND_ONES.sub(_number, HALVES.sub(_and_a_half, text))
    return tuple(TOKEN.findall(WORDINGS.applied(text)))
