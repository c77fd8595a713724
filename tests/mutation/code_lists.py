"""The rows of the code lists, and each of them made to say something else that its list says."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

PROCEDURES = "hepatectomy_procedures"
# Columns that say what a row means, those that go together as one. A list that is not here
# is one of phrases.
MEANING: dict[str, list[list[str]]] = {
    "jalali_months": [["first_day"], ["days"]],
    "list_values": [["reading", "missing_reason"], ["phrase"]],
    PROCEDURES: [
        ["term", "segments", "fewest_segments", "extent", "is_liver_resection", "missing_reason"],
        ["segments"],
        ["fewest_segments"],
        ["extent"],
        ["is_liver_resection"],
    ],
    "missing_words": [["phrase"]],
    # What a finding is called and who mends it: no reading follows from it.
    "case_rules": [],
}
OF_PHRASES = [["value", "missing_reason"]]


@dataclass(frozen=True)
class Row:
    """One row of a code list with other values in some of its columns."""

    seed: str
    number: int
    key: str
    columns: tuple[str, ...]
    was: tuple[str, ...]
    becomes: tuple[str, ...]
    # The list whose fields it is read with: its own, or the one that its values are of.
    vocabulary: str

    @property
    def file(self) -> str:
        return f"seeds/{self.seed}.csv"

    @property
    def has_phrase(self) -> bool:
        return self.seed not in ("jalali_months", "list_values")

    @property
    def change(self) -> str:
        return " ".join(
            f"{name} {was or '-'} to {becomes or '-'}"
            for name, was, becomes in zip(self.columns, self.was, self.becomes, strict=True)
            if was != becomes
        )


def changed_rows(seeds: Path) -> Iterator[Row]:
    """Each row with each of its meanings changed to the next of its list that is read otherwise."""
    lists = {}
    for path in sorted(seeds.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as handle:
            lists[path] = list(csv.DictReader(handle))
    # A right lobe is published as unilobar, as is a left one.
    published = {
        (row["vocabulary"], row["value"]): row["reading"]
        for row in lists[seeds / "list_values.csv"]
    }
    for path, rows in lists.items():
        for columns in MEANING.get(path.stem, OF_PHRASES):
            meanings = sorted({tuple(row[name] for name in columns) for row in rows})
            for number, row in enumerate(rows, start=1):
                key = (
                    " ".join([*row.values()][:2])
                    if "vocabulary" in row
                    else row.get("phrase") or " ".join([*row.values()][:2])
                )
                was = tuple(row[name] for name in columns)
                if path.stem == "missing_words":
                    becomes: tuple[str, ...] = ("no word of any text",)
                else:
                    at = meanings.index(was)
                    following = [*meanings[at + 1 :], *meanings[:at]]
                    said = {
                        meaning: (published.get((path.stem, meaning[0]), meaning[0]), *meaning[1:])
                        for meaning in meanings
                    }
                    becomes = next(other for other in following if said[other] != said[was])
                vocabulary = row.get("vocabulary") or path.stem
                yield Row(path.stem, number, key, tuple(columns), was, becomes, vocabulary)


def change_row(con: duckdb.DuckDBPyConnection, row: Row, values: tuple[str, ...]) -> None:
    """Give a row of a code list, in its table, some values."""
    assignments = ", ".join(f"{name} = nullif(?, '')" for name in row.columns)
    con.execute(
        f"update seeds.{row.seed} set {assignments} where rowid = ?", [*values, row.number - 1]
    )
