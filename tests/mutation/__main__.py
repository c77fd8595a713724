"""Which changes of a clinical rule no test would notice: `python -m tests.mutation`.

Each comparison of the SQL is turned around (`<` to `<=`, `not` dropped, `min` to `max`) and each
row of a code list made to say something else, one at a time, in a copy of the dbt project; then
the unit tests of dbt and the texts of `tests/spec` are run until one fails. The same is done with
the Python and the words of `reading/` (readers.py). What survives and is
not listed in `equivalents.csv`, with the reason why no test can tell the difference, is a rule
without a test.
"""

from __future__ import annotations

import argparse
import csv
import re
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest

import tests.unit.test_seeds_and_normalization as seed_tests
from ingestion.contract import load_contract
from ingestion.vocabulary import normalized_text
from tests.mutation.code_lists import PROCEDURES, Row, change_row, changed_rows
from tests.mutation.operators import Operator, mark, mark_operators
from tests.mutation.readers import Readers, changed_words, reading_files, turned_functions
from tests.mutation.warehouse import (
    Compiled,
    Readings,
    UnitTests,
    corpus_readings,
    own_words_readings,
)
from tests.spec.corpus import EXTRACTS

PROJECT = Path(__file__).resolve().parents[2]
DBT_PROJECT = PROJECT / "dbt_project"
EQUIVALENTS = Path(__file__).parent / "equivalents.csv"
# Rows of a code list that are changed at once, and where the text stands in the key of a reading.
BATCH = 30
TEXT = 2
COMMENT = ("pathology", "comment")
EQUIVALENT = "equivalent: "
# Tests of whole lists.
OWN_TESTS = {
    PROCEDURES: seed_tests.test_procedures_have_the_segments_and_the_extent_of_their_terms,
    "jalali_months": seed_tests.test_jalali_months_equal_persiantools_to_the_day,
    "list_values": seed_tests.test_values_of_lists_are_read_by_their_phrases,
}
FIELDS = ["file", "line", "text", "change", "killed_by"]


def main() -> int:
    arguments = _arguments()
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        project = folder / "dbt_project"
        shutil.copytree(DBT_PROJECT, project, ignore=shutil.ignore_patterns("target", "logs"))
        operators = [o for o in mark_operators(project) if arguments.files in o.file]
        rows = [row for row in changed_rows(project / "seeds") if arguments.files in row.file]
        results = _changed_readers(arguments.files)
        if rows or operators:
            compiled = Compiled(project, folder)
            own_words = own_words_readings(compiled, folder / "own_words")
            results = chain(_changed_lists(rows, project, compiled, own_words), results)
        if operators:
            readings = [corpus_readings(compiled), own_words]
            results = chain(_turned_operators(operators, compiled, readings), results)
        survivors = _write(results, arguments)
    print(f"{time.monotonic() - began:.0f} s; each change is in {arguments.results}")
    return int(survivors > 0)


def _write(changes: Iterator[dict[str, str]], arguments: argparse.Namespace) -> int:
    """Write what becomes of each change, print a summary, and return how many are unexplained."""
    reasons = _equivalents()
    explained = set()
    results = []
    with arguments.results.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.DictWriter(handle, FIELDS)
        writer.writeheader()
        for change in changes:
            key = (change["file"], change["text"], change["change"])
            if change["killed_by"] == "" and key in reasons:
                change["killed_by"] = f"{EQUIVALENT}{reasons[key]}"
                explained.add(key)
            writer.writerow(change)
            handle.flush()
            results.append(change)
    survivors = _print_summary(results)
    outdated = sorted(set(reasons) - explained) if arguments.files == "" else []
    for file, text, turned in outdated:
        print(f"{EQUIVALENTS.name} lists what is killed or gone: {file}: {text}: {turned}")
    return survivors + len(outdated)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("--files", default="", help="only files whose path holds this text")
    parser.add_argument("--results", type=Path, default=Path("mutation_results.csv"))
    return parser.parse_args()


def _changed_readers(files: str) -> Iterator[dict[str, str]]:
    if not any(files in name for name in reading_files()):
        return
    read = Readers()
    # The functions that make the lexicons come last: there are others behind them.
    yield from changed_words(read, files)
    yield from turned_functions(read, files)


def _turned_operators(
    operators: list[Operator], compiled: Compiled, readings: list[Readings]
) -> Iterator[dict[str, str]]:
    unit_tests = UnitTests(compiled)
    for operator in operators:
        killer = unit_tests.killer(mark(operator.number), operator.mutate)
        changed = {
            model: operator.mutate(sql)
            for model, sql in compiled.staging.items()
            if mark(operator.number) in sql
        }
        if killer is None and changed:
            wrong = (texts.wrong(changed) for texts in readings)
            killer = next((_shown(min(keys)) for keys in wrong if keys), None)
        yield {
            "file": operator.file,
            "line": str(operator.line),
            "text": operator.text,
            "change": operator.change,
            "killed_by": killer or "",
        }


def _changed_lists(
    rows: list[Row], project: Path, compiled: Compiled, own_words: Readings
) -> Iterator[dict[str, str]]:
    """A list is tried on the texts of the fields that are read with it, for they are few; what
    none of them notices, on the comments and the words of a hospital."""
    lists: dict[str, list[Row]] = {}
    for row in rows:
        lists.setdefault(row.vocabulary, []).append(row)
    comments = corpus_readings(compiled, {COMMENT})
    for vocabulary, of_list in lists.items():
        texts = corpus_readings(compiled, _fields_read_with(vocabulary))
        killers = _killers_of_batches([row for row in of_list if row.has_phrase], texts)
        for row in of_list:
            killer = killers.get(row)
            if killer is None and row.seed in OWN_TESTS:
                killer = _own_test(project, row)
            if killer is None and row.has_phrase:
                wrong = (_wrong_with(tried, [row]) for tried in (texts, comments, own_words))
                killer = next((_shown(min(keys)) for keys in wrong if keys), None)
            yield {
                "file": row.file,
                "line": str(row.number + 1),
                "text": row.key,
                "change": row.change,
                "killed_by": killer or "",
            }


def _fields_read_with(vocabulary: str) -> set[tuple[str, str]] | None:
    """Extract and name of the fields; None where any field may be read with a list."""
    contract = load_contract(DBT_PROJECT)
    return {
        (extract, field.name)
        for extract in EXTRACTS
        for field in contract[extract].fields
        if field.vocabulary == vocabulary
    } or None


def _killers_of_batches(rows: list[Row], texts: Readings) -> dict[Row, str]:
    """Change many rows of a list at once; a row is noticed where a text that is read wrongly holds
    its phrase and no other phrase that was changed. The rest has to be tried alone."""
    killers = {}
    alike: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        alike.setdefault((row.seed, *row.columns), []).append(row)
    for of_list in alike.values():
        step = -(-len(of_list) // BATCH)
        for batch in (of_list[start::step] for start in range(step)):
            phrases = {row: _words(row.key) for row in batch}
            wrong = _wrong_with(texts, batch)
            for key in wrong if len(wrong) < len(texts.expected) else ():
                text = _words(key[TEXT])
                held = [row for row, phrase in phrases.items() if phrase.strip() and phrase in text]
                if len(held) == 1:
                    killers[held[0]] = _shown(key)
    return killers


def _words(text: str) -> str:
    """The words of a text alone, each between blanks."""
    words = re.sub(r"\W+", " ", normalized_text(text)).strip()
    return f" {words} "


def _wrong_with(texts: Readings, rows: list[Row]) -> set[tuple[str, ...]]:
    """Return the texts that are read wrongly with some rows of a list changed."""
    for row in rows:
        change_row(texts.con, row, row.becomes)
    wrong = texts.wrong({}, {row.seed for row in rows})
    for row in rows:
        change_row(texts.con, row, row.was)
    return wrong


def _shown(key: tuple[str, ...]) -> str:
    return " / ".join(filter(None, key))


def _own_test(project: Path, changed: Row) -> str | None:
    """Run the test of a list on its file with one row changed."""
    path = project / changed.file
    content = path.read_text(encoding="utf-8")
    with path.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    rows[changed.number - 1] |= dict(zip(changed.columns, changed.becomes, strict=True))
    test = OWN_TESTS[changed.seed]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(seed_tests, "DBT_PROJECT", project)
        with path.open("w", encoding="utf-8", newline="") as handle:
            writer = csv.DictWriter(handle, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
        try:
            test()
        except (AssertionError, KeyError):
            return test.__name__
        finally:
            path.write_text(content, encoding="utf-8")
    return None


def _equivalents() -> dict[tuple[str, str, str], str]:
    with EQUIVALENTS.open(encoding="utf-8", newline="") as handle:
        return {
            (row["file"], row["text"], row["change"]): row["reason"]
            for row in csv.DictReader(handle)
        }


def _print_summary(results: list[dict[str, str]]) -> int:
    """Print what became of the changes of each file and return how many survive."""
    counts: dict[str, Counter[str]] = {}
    for result in results:
        killer = result["killed_by"]
        fate = "equivalent" if killer.startswith(EQUIVALENT) else "killed"
        counts.setdefault(result["file"], Counter())[fate if killer else "survived"] += 1
    print(f"{'file':60}  killed  equivalent  survived")
    for file, fates in [*counts.items(), ("all", sum(counts.values(), Counter()))]:
        numbers = [fates[fate] for fate in ("killed", "equivalent", "survived")]
        print(f"{file:60}{numbers[0]:8}{numbers[1]:12}{numbers[2]:10}")
    return sum(fates["survived"] for fates in counts.values())


if __name__ == "__main__":
    sys.exit(main())
