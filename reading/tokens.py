"""Words, numbers and marks of a text, in one spelling."""

from __future__ import annotations

import re

# British spelling, joined and cut words, signs: each to the form the lexicon has.
REWRITES = [
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
    (r"\bn/a\b", "na"),
    (r"\be/o\b", "evidence of"),
    (r"\bf/u\b", "follow up"),
    (r"\bh/o\b", "history of"),
    (r"\br/o\b", "rule out"),
    (r"\((\+|-)\)", r" \1ve "),
    (r"(?<![\w.])\+ ?ve\b|\bpos\.(?= |$)", " positive "),
    (r"(?<![\w.])- ?ve\b|\bneg\.(?= |$)", " negative "),
    (r"(?<=[a-z\u0600-\u06ff])\+(?= |$|[,;.)])", " positive "),
    (r"(?<=[a-z\u0600-\u06ff])-(?= *$| ?[,;.)])", " negative "),
    (r"(?<=[a-z0-9])(?:'s|’s)\b|['’`\"]", ""),
    (
        r"\b(approx|ca|max|min|diff|mod|seg|adenoca|ext|lt|rt|no|pt|incl|prev|resp|dx)\.(?= |$|\d)",
        r"\1 ",
    ),
    (r"[×*]", " x "),
    (r"(?<=\d) ?x ?(?=\d)", " x "),
    (r"[–—−]", "-"),
    (r"[≤⩽]|=<", "<="),
    (r"[≥⩾]|=>", ">="),
    (r"(?<=[a-z\u0600-\u06ff])-(?=[a-z\u0600-\u06ff])", " "),
    (r"(?<=[a-z\u0600-\u06ff]) ?/ ?(?=[a-z\u0600-\u06ff])", " and "),
    (r"[،؛]", lambda match: {"،": ",", "؛": ";"}[match[0]]),
    (r"؟", "?"),
    (r"٪", "%"),
    # A slash between digits before a Persian unit is a decimal point, as it is written by hand.
    (r"(?<![\d/.])(\d+)/(\d+)(?= ?(?:سانت|میلی|درصد|cm|mm))", r"\1.\2"),
    (r"(?<=\d),(?=\d{1,2}(?!\d))", "."),
]
PATTERNS = [(re.compile(pattern), replacement) for pattern, replacement in REWRITES]
TOKEN = re.compile(
    r"\d+(?:\.\d+)?(?=\s|$|[^\w.])|\d+(?:\.\d+)?(?=[a-z%\u0600-\u06ff])|\d+(?:\.\d+)?"
    r"|[a-z]+\d+[a-z]?(?![a-z])|[a-z]+|[\u0600-\u06ff]+|<=|>=|\S"
)


def tokens_of(text: str) -> list[str]:
    """The tokens of a normalized text (normalize_text.sql)."""
    text = text.lower()
    for pattern, replacement in PATTERNS:
        text = pattern.sub(replacement, text)  # type: ignore[arg-type]
    return TOKEN.findall(text)
