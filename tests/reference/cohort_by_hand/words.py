"""Text as it is compared, and words from the code lists (dictionary §1.1, 1.2 and 1.6)."""

from __future__ import annotations

import csv
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

LISTS = Path(__file__).with_name("lists")

# Words of the generated texts that a code list has once, in other words.
SPELLINGS = {
    "histologies": {"complete pathological response": "complete response"},
    "margin_phrases": {"macroscopically involved": "r2"},
    "organs": {"lymph node": "node"},
    "surgical_approaches": {"colon-first": "colon first", "liver-first": "liver first"},
    "vital_statuses": {"lost to follow-up": "lost", "فوت شده": "فوت"},
}

# Of several reasons the one that says most (docs/definitions.md).
REASONS = (
    "conflicting",
    "unreadable",
    "imprecise",
    "not_assessable",
    "not_reported",
    "no_report",
    "not_applicable",
    "not_collected",
)


@dataclass(frozen=True)
class Reading:
    """A value, or the reason why there is none."""

    value: Any = None
    reason: str | None = None


NOT_REPORTED = Reading(reason="not_reported")
NOT_COLLECTED = Reading(reason="not_collected")
UNREADABLE = Reading(reason="unreadable")
CONFLICTING = Reading(reason="conflicting")
IMPRECISE = Reading(reason="imprecise")
NOT_APPLICABLE = Reading(reason="not_applicable")


def strongest(reasons: Any) -> str:
    return min(reasons, key=REASONS.index)


def known(reading: Reading) -> bool:
    return reading.reason is None


def says_something(reading: Reading) -> bool:
    """Whether anything stands in the cell, be it readable or not."""
    return reading.reason not in ("not_reported", "not_collected")


def normalize(raw: str) -> str:
    """NFKC, one kind of letters and digits, single spaces, lower case; line ends stay."""
    text = unicodedata.normalize("NFKC", raw)
    for one, other in (("ي", "ی"), ("ك", "ک"), ("ة", "ه"), ("٫", "."), ("٬", "")):
        text = text.replace(one, other)
    for digits in ("۰۱۲۳۴۵۶۷۸۹", "٠١٢٣٤٥٦٧٨٩"):
        text = text.translate(str.maketrans(digits, "0123456789"))
    text = re.sub("[\u200b-\u200f\u2060\ufeff\u00a0\t]", " ", text)
    lines = [" ".join(line.split()) for line in re.split(r"[\r\n]+", text.lower())]
    return "\n".join(line for line in lines if line)


@cache
def seed(name: str) -> list[dict[str, str]]:
    with (LISTS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@dataclass(frozen=True)
class Entry:
    value: str | None
    reason: str | None
    severity: int | None


@cache
def phrases(name: str) -> dict[str, Entry]:
    """The code list of that name; the lists of invasion hold the common words of invasion too."""
    rows = list(seed(name))
    if name in (
        "lymphatic_phrases",
        "venous_phrases",
        "lymphovascular_phrases",
        "perineural_phrases",
    ):
        rows += seed("invasion_phrases")
    if name in ("node_phrases", "seeding_phrases", "recurrence_phrases", "therapy_phrases"):
        rows += seed("yes_no")
    if name == "therapy_phrases":
        rows += seed("neoadjuvant_regimens")
    listed = {
        row["phrase"]: Entry(
            row["value"] or None,
            row["missing_reason"] or None,
            int(row["severity"]) if row["severity"] else None,
        )
        for row in rows
    }
    spellings = SPELLINGS.get(name, {})
    return listed | {spelling: listed[phrase] for spelling, phrase in spellings.items()}


@cache
def missing_words() -> set[str]:
    return {row["phrase"] for row in seed("missing_words")}


def is_blank(text: str, tokens: frozenset[str], vocabulary: str | None = None) -> bool:
    """Whether a normalized text says nothing: blank, the extract's own token, or such a word."""
    if not text or text in tokens:
        return True
    return text in missing_words() and not (vocabulary and text in phrases(vocabulary))


def parts_of(text: str) -> list[str]:
    """The parts of a text: between semicolons, commas, full stops, line ends, plus, brackets."""
    pieces = re.split(r"[;,\n()]|\.(?!\d)| \+ | and ", text)
    return [piece.strip() for piece in pieces if piece.strip()]


DENIED_BEFORE = ("no evidence of ", "negative for ", "without ", "no ")
DENIED_AFTER = (" not identified", " not seen", " absent", ": absent", ": no", " دیده نشد")
ASSERTED_AFTER = (" present", " identified", ": present", ": yes")
DENIED_VALUE = {
    "yes": "no",
    "lymphatic yes": "lymphatic no",
    "venous yes": "venous no",
    "either": "no",
}


def entry_of(part: str, vocabulary: str) -> Entry | None:
    """What the list says of a part, as it stands or with the denial that belongs to it."""
    listed = phrases(vocabulary)
    if part in listed:
        return listed[part]
    for before in DENIED_BEFORE:
        finding = listed.get(part.removeprefix(before))
        if part.startswith(before) and finding and finding.value in DENIED_VALUE:
            return Entry(DENIED_VALUE[finding.value], None, None)
    for after in DENIED_AFTER:
        finding = listed.get(part.removesuffix(after))
        if part.endswith(after) and finding and finding.value in DENIED_VALUE:
            return Entry(DENIED_VALUE[finding.value], None, None)
    for after in ASSERTED_AFTER:
        finding = listed.get(part.removesuffix(after))
        if part.endswith(after) and finding and finding.value in DENIED_VALUE:
            return finding
    return None


@cache
def read_words(text: str, vocabulary: str) -> Reading:
    """A normalized text that is not blank, by the list: as a whole, else part by part.

    What is known to be of another field ("PNI absent" beside lymphovascular invasion) says nothing.
    """
    whole = entry_of(text, vocabulary)
    if whole and whole.value != "aside":
        return together([whole], vocabulary)
    entries = [entry_of(part, vocabulary) for part in parts_of(text)]
    speaking = [entry for entry in entries if entry and entry.value != "aside"]
    if not speaking or None in entries:
        return UNREADABLE
    return together(speaking, vocabulary)


@cache
def _joint(vocabulary: str) -> dict[str, tuple[str | None, str | None]]:
    return {
        row["values_named"]: (row["value"] or None, row["missing_reason"] or None)
        for row in seed("joint_values")
        if row["vocabulary"] == vocabulary
    }


def together(entries: list[Entry], vocabulary: str) -> Reading:
    """The worse finding where all are findings with a severity, else conflicting."""
    values = {entry.value for entry in entries if entry.value}
    reasons = {entry.reason for entry in entries if entry.reason}
    if not values:
        return Reading(reason=strongest(reasons))
    joint = _joint(vocabulary).get(" + ".join(sorted(values)))
    severities = {entry.value: entry.severity for entry in entries if entry.value}
    if joint:
        reading = Reading(*joint)
    elif len(values) == 1:
        reading = Reading(next(iter(values)))
    elif None in severities.values():
        return CONFLICTING
    else:
        reading = Reading(max(values, key=lambda value: severities[value] or 0))
    if reasons and known(reading):
        # Beside "cannot be assessed" a finding holds only where nothing worse could be found.
        of_list = [e.severity for e in phrases(vocabulary).values() if e.severity is not None]
        if max(s if s is not None else -1 for s in severities.values()) != max(of_list, default=-2):
            return Reading(reason=strongest(reasons))
    return reading
