"""A hospital's own words: what phrases that no list of the project knows stand for.

They stand in a CSV file beside registry.yml (``vocabulary:``), so that the project's lists, the
dbt seeds, are never touched. A phrase holds in its field alone and comes before ours.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from ingestion.contract import Contract, Field
from ingestion.errors import IngestionError

HEADER = ("field", "phrase", "value", "note")

# Lists that hold the words of another seed too, as stg_vocabulary joins them.
_ALSO_HOLDS: dict[str, tuple[str, ...]] = {
    "lymphovascular_phrases": ("invasion_phrases",),
    "lymphatic_phrases": ("invasion_phrases",),
    "venous_phrases": ("invasion_phrases",),
    "perineural_phrases": ("invasion_phrases",),
    "seeding_phrases": ("yes_no",),
    "recurrence_phrases": ("yes_no",),
    "node_phrases": ("yes_no",),
    "therapy_phrases": ("yes_no", "neoadjuvant_regimens"),
}
# What reading finds out and nobody can say of a phrase.
_NOT_SAID = "unreadable"
_LETTERS = str.maketrans(
    dict(zip("يىكةۀ٫–—−‐‑×؛،“”", 'ییکهه.-----x;,""', strict=True))
    | {"≤": "<=", "≥": ">=", "٬": "", "\r": "\n"}
    | dict.fromkeys("\u200b\u200c\u200d\u200e\u200f\u2060\ufeff", " ")
    | dict(zip("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩", "01234567890123456789", strict=True))
)


@dataclass(frozen=True)
class Phrase:
    """What a phrase stands for in one field: a value of the field's list, or a missing reason."""

    extract: str
    field: str
    phrase: str
    value: str


@dataclass(frozen=True)
class OwnWords:
    """The hospital's phrases; ``undecided`` counts rows of the file that have no value yet."""

    phrases: tuple[Phrase, ...] = ()
    undecided: int = 0


@dataclass(frozen=True)
class ListedPhrase:
    """A phrase of one of the project's lists."""

    phrase: str
    value: str
    language: str


def normalized_phrase(text: str) -> str:
    """A phrase as it is looked up: `normalize_text` of the dbt project, and no marks at the end."""
    return re.sub(r"[ .:]+$", "", normalized_text(text))


def normalized_text(text: str) -> str:
    """What the dbt macro `normalize_text` makes of a text; a test compares the two."""
    text = unicodedata.normalize("NFC", text).translate(_LETTERS)
    text = "".join(unicodedata.normalize("NFKC", letter) for letter in text).translate(_LETTERS)
    return " ".join(re.sub(r"\n+", " ; ", text.strip()).split()).lower()


def load_own_words(path: Path, contract: Contract, seeds: Path) -> OwnWords:
    """Read the phrases of a hospital: UTF-8, columns ``field,phrase,value,note``.

    ``seeds`` is the folder of the project's lists. A field is named as in the contract, with its
    extract in front (``pathology.tumor_grade``) where two extracts have it. Rows without a value
    are counted and left out. Raises IngestionError that names the file, the line, what was found
    and what would be right.
    """
    meant: dict[tuple[str, str, str], tuple[str, int]] = {}
    phrases = []
    undecided = 0
    for line, (name, phrase, said, _) in _rows(path):
        place = f"{path}:{line}"
        extract, field = _field_named(contract, name.strip(), place)
        key = normalized_phrase(phrase)
        if not key:
            raise IngestionError(
                f"{place}: the phrase is empty; write it as it stands in the extract"
            )
        if not said.strip():
            undecided += 1
            continue
        value = _value_named(values_of(seeds, field), said, f"{place}: {field.name}")
        first, first_line = meant.setdefault((extract, field.name, key), (value, line))
        if first != value:
            raise IngestionError(
                f"{place}: the phrase stands for {value!r}, in line {first_line} for {first!r}; "
                "case, blanks and the script of digits make no difference, keep one"
            )
        if first_line == line:
            phrases.append(Phrase(extract, field.name, phrase, value))
    return OwnWords(tuple(phrases), undecided)


def fields_with_list(contract: Contract) -> Iterator[tuple[str, Field]]:
    """The fields that are read by a list of phrases, each with its extract."""
    for extract in contract.extracts.values():
        for field in extract.fields:
            if field.vocabulary:
                yield extract.name, field


def name_in_file(contract: Contract, extract: str, field: str) -> str:
    """How the file names a field: with its extract where two have it."""
    places = [name for name, known in fields_with_list(contract) if known.name == field]
    return field if places == [extract] else f"{extract}.{field}"


def find_field(contract: Contract, name: str) -> tuple[str, Field]:
    """The field of that name which a list reads, and its extract. Raises IngestionError."""
    within, _, field = name.rpartition(".")
    known = list(fields_with_list(contract))
    found = [place for place in known if place[1].name == field and within in ("", place[0])]
    if len(found) == 1:
        return found[0]
    if found:
        choices = " or ".join(f"{extract}.{field}" for extract, _ in found)
        raise IngestionError(f"several extracts have the field {name}; write {choices}")
    names = sorted({field.name for _, field in known})
    close = get_close_matches(field, names, n=1)
    hint = f"did you mean {close[0]}?" if close else f"fields with one are {', '.join(names)}"
    raise IngestionError(f"no field {name!r} is read by a list of phrases; {hint}")


def listed_phrases(seeds: Path, field: Field) -> list[ListedPhrase]:
    """The phrases that the project's list of a field knows."""
    meaning = "term" if field.kind == "procedure" else "value"
    found = []
    for name in (field.vocabulary, *_ALSO_HOLDS.get(field.vocabulary or "", ())):
        with (seeds / f"{name}.csv").open(encoding="utf-8", newline="") as handle:
            found += [
                ListedPhrase(row["phrase"], row[meaning] or row["missing_reason"], row["language"])
                for row in csv.DictReader(handle)
            ]
    return found


def values_of(seeds: Path, field: Field) -> list[str]:
    """What a phrase of a field can stand for: the values and missing reasons of its list."""
    return sorted({row.value for row in listed_phrases(seeds, field)} - {_NOT_SAID})


def _field_named(contract: Contract, name: str, place: str) -> tuple[str, Field]:
    try:
        return find_field(contract, name)
    except IngestionError as error:
        raise IngestionError(f"{place}: {error}") from None


def _value_named(values: list[str], said: str, place: str) -> str:
    value = normalized_text(said)
    if value in values:
        return value
    close = get_close_matches(value, values, n=1)
    hint = f"did you mean {close[0]}?" if close else f"known are {', '.join(values)}"
    raise IngestionError(f"{place}: the field's list has no value {said.strip()!r}; {hint}")


def _rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """The rows of the file, each with the line on which it begins."""
    reader = csv.reader(io.StringIO(_text(path), newline=""), strict=True)
    line = 1
    try:
        for cells in reader:
            if line == 1 and [cell.strip().lower() for cell in cells] != list(HEADER):
                raise IngestionError(
                    f"{path}:1: the header is {','.join(cells)[:80]!r}; it has to be "
                    f"{','.join(HEADER)}, with commas between"
                )
            # Spreadsheets leave blank rows behind.
            if line > 1 and any(cell.strip() for cell in cells):
                if len(cells) != len(HEADER):
                    raise IngestionError(
                        f"{path}:{line}: the row has {len(cells)} values and the header "
                        f"{len(HEADER)}; a phrase with a comma stands in double quotes"
                    )
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        raise IngestionError(f"{path}:{line}: the row is no valid CSV ({error})") from None
    if line == 1:
        raise IngestionError(f"{path}: the file is empty; its header is {','.join(HEADER)}")


def _text(path: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise IngestionError(
            f"{path}: the file of `vocabulary` in registry.yml cannot be read ({reason})"
        ) from None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise IngestionError(
            f"{path}:{line}: the file is not UTF-8 text; save it as CSV UTF-8"
        ) from None
