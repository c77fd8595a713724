"""A hospital's own words between the night and its manager: what is in force, what is wanting."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path

import duckdb

from expectations.readings import UNREAD_PHRASES
from ingestion.contract import Contract
from ingestion.vocabulary import (
    HEADER,
    OwnWords,
    fields_with_list,
    find_field,
    listed_phrases,
    load_own_words,
    name_in_file,
    normalized_phrase,
)
from orchestration.config import Config
from orchestration.errors import RefreshError
from orchestration.paths import DBT_PROJECT

SEEDS = DBT_PROJECT / "seeds"

_UNMAPPED = f"""
    select extract, field, phrase, sum(row_count)::bigint as row_count
    from ({UNREAD_PHRASES})
    group by extract, field, phrase
    order by row_count desc, extract, field, phrase
"""


@dataclass(frozen=True)
class UnmappedPhrase:
    """A phrase that no list knows: ``rows`` rows hold it in a field which a list reads."""

    field: str
    vocabulary: str
    phrase: str
    rows: int


@dataclass(frozen=True)
class PhraseInForce:
    """A phrase by which a field is read; ``origin`` is ours or hospital. The hospital's phrases
    name no language."""

    phrase: str
    value: str
    language: str | None
    origin: str


def own_words(config: Config, contract: Contract) -> OwnWords:
    """The hospital's own words; none where registry.yml names no file.

    Raises IngestionError where the file is not in order.
    """
    path = config.vocabulary
    return OwnWords() if path is None else load_own_words(path, contract, SEEDS)


def unmapped_phrases(database: Path, contract: Contract) -> list[UnmappedPhrase]:
    """The phrases of a published database that no list knows, those of most rows first.

    Of a text that is read part by part only the parts that are wanting. Raises RefreshError where
    the database has no such table yet.
    """
    with duckdb.connect(str(database), read_only=True) as con:
        try:
            rows = con.execute(_UNMAPPED).fetchall()
        except duckdb.Error:
            raise RefreshError(
                f"{database}: the release was made by an earlier version of the project; run "
                "crlm refresh first"
            ) from None
    lists = {
        (extract, field.name): field.vocabulary for extract, field in fields_with_list(contract)
    }
    return [
        UnmappedPhrase(name_in_file(contract, extract, field), vocabulary, phrase, count)
        for extract, field, phrase, count in rows
        if (vocabulary := lists.get((extract, field)))
    ]


def template(phrases: list[UnmappedPhrase]) -> str:
    """The phrases as the CSV file of a hospital's own words, each without a value yet."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(HEADER)
    writer.writerows([p.field, p.phrase, "", f"{p.rows} rows"] for p in phrases)
    return written.getvalue()


def phrases_in_force(config: Config, contract: Contract, name: str) -> list[PhraseInForce]:
    """The phrases that a field is read by, by what they stand for.

    Raises IngestionError where no such field is read by a list.
    """
    extract, field = find_field(contract, name)
    own = [
        phrase
        for phrase in own_words(config, contract).phrases
        if (phrase.extract, phrase.field) == (extract, field.name)
    ]
    won = {normalized_phrase(phrase.phrase) for phrase in own}
    found = [PhraseInForce(p.phrase, p.value, None, "hospital") for p in own] + [
        PhraseInForce(p.phrase, p.value, p.language, "ours")
        for p in listed_phrases(SEEDS, field)
        if normalized_phrase(p.phrase) not in won
    ]
    return sorted(found, key=lambda phrase: (phrase.value, phrase.origin, phrase.phrase))
