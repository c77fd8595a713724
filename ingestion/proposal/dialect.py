"""How a delimited text file seems to be written: for proposals only, a refresh never guesses."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import re
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

_DELIMITERS = ",;\t|؛"
_SAMPLE_RECORDS = 200
_SAMPLE_BYTES = 1 << 22


@dataclass(frozen=True)
class Guess:
    """A setting that is proposed, why, and whether the reason decides."""

    value: str
    why: str
    sure: bool


def guess_dialect(path: Path) -> dict[str, Guess]:
    """Encoding, delimiter and quote of a text file, as keys of `format:` in registry.yml."""
    encoding = _encoding(path)
    with _open(path) as source:
        raw = source.read(_SAMPLE_BYTES)
    # The sample may end inside a character.
    decoder = codecs.getincrementaldecoder(encoding.value)(errors="replace")
    text = decoder.decode(raw).removeprefix("\ufeff")
    quote = _quote(text)
    return {"delimiter": _delimiter(text, quote.value), "quote": quote, "encoding": encoding}


def _encoding(path: Path) -> Guess:
    with _open(path) as source:
        start = source.read(1 << 12)
    if start.startswith(codecs.BOM_UTF8):
        return Guess("utf-8-sig", "the file begins with the mark of UTF-8", True)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return Guess("utf-16", "the file begins with the mark of UTF-16", True)
    for encoding, zeros in (("utf-16-le", start[1::2]), ("utf-16-be", start[0::2])):
        if zeros.count(0) > len(zeros) / 2:
            return Guess(encoding, "every other byte is zero, as in UTF-16 without a mark", False)
    if _decodes(path, "ascii"):
        return Guess("utf-8", "the file is plain ASCII", True)
    if _decodes(path, "utf-8"):
        return Guess("utf-8", "all of it is UTF-8", True)
    with _open(path) as source:
        raw = source.read()
    beyond_ascii = sum(raw.count(byte) for byte in range(0x80, 0x100))
    # Arabic script comes in words of several letters; Latin letters stand around accented ones.
    # Both code pages have the French accents at the same places, so that these do not mislead.
    words = re.findall(r"(?<![A-Za-z])[\u0620-\u06d3]{2,}(?![A-Za-z])", raw.decode("cp1256"))
    percent = 100 * sum(map(len, words)) / beyond_ascii
    if percent >= 50 or not _decodes(path, "cp1252"):
        why = f"no UTF-8; read as cp1256, {percent:.0f} % of its letters are Arabic-script words"
        return Guess("cp1256", why, False)
    why = "no UTF-8 and no Arabic script; a Western European code page is taken"
    return Guess("cp1252", why, False)


def _open(path: Path) -> gzip.GzipFile | io.BufferedReader:
    """The bytes of a file, unpacked where it is compressed."""
    with path.open("rb") as source:
        is_gzip = source.read(2) == b"\x1f\x8b"
    return gzip.open(path, "rb") if is_gzip else path.open("rb")


def _decodes(path: Path, encoding: str) -> bool:
    try:
        with _open(path) as source, io.TextIOWrapper(source, encoding, newline="") as text:
            while text.read(_SAMPLE_BYTES):
                pass
    except UnicodeError:
        return False
    return True


def _quote(text: str) -> Guess:
    double, single = (
        len(re.findall(f"(?:^|[{_DELIMITERS}]){q}[^{q}\n]*{q}(?=[{_DELIMITERS}\r\n])", text, re.M))
        for q in "\"'"
    )
    # A few values may be in apostrophes of their own; a writer that quotes does so in every line.
    if single >= text.strip().count("\n") + 1 and not double:
        return Guess("'", f"it stands around {single} values", False)
    return Guess('"', f"it stands around {double} values" if double else "no value is quoted", True)


def _delimiter(text: str, quote: str) -> Guess:
    """The delimiter that gives most records as many values as the header has, and several."""
    best = Guess(",", "no character parts the header into columns", False)
    best_score = (0.0, 1)
    for delimiter in _DELIMITERS:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, quotechar=quote)
        try:
            widths = [len(row) for row in islice(reader, _SAMPLE_RECORDS) if row]
        except csv.Error:
            continue
        if len(widths) < 2 or widths[0] == 1:
            continue
        same = sum(width == widths[0] for width in widths[1:])
        score = (same / (len(widths) - 1), widths[0])
        if score > best_score:
            rows = f"{same} of the first" if score[0] < 1 else "the first"
            why = f"{rows} {len(widths) - 1} rows have {widths[0]} values, as the header"
            best, best_score = Guess(delimiter, why, score[0] == 1), score
    return best
