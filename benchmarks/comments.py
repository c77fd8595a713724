"""`python -m benchmarks.comments`: free text of pathology reports, of which none is like another.

The comments of the synthetic extracts are a handful. Here each is composed of a few findings with
numbers of their own, in English and Persian, and is read one after the other with nothing kept (the
reference), ahead of dbt by all cores, and as dbt asks in the night after, when all is kept.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import duckdb

from analysis.processes import cores
from benchmarks.extracts import PROJECT
from ingestion.vocabulary import normalized_text
from orchestration.definitions import default_definitions
from orchestration.read_ahead import read_comments_ahead, settings_of_comments
from reading.kept import KeptReadings
from reading.rows import COMMENT, Asked, answer

FINDINGS = (
    "Metastatic adenocarcinoma, consistent with colorectal origin",
    "The largest metastasis measures {size} cm",
    "Tumor nodule of {size} x {size} cm in segment {segment}",
    "Closest resection margin {distance} mm",
    "The tumor lies {distance} mm from the parenchymal margin",
    "Margins are free, nearest {distance} mm",
    "Resection margin involved",
    "No lymphovascular invasion is seen",
    "Lymphovascular invasion: present",
    "LVI cannot be assessed",
    "Perineural invasion not identified",
    "PNI: positive",
    "About {percent} % viable tumor",
    "Tumor regression grade {grade} (Mandard)",
    "Extensive fibrosis with {percent} % residual viable tumor cells",
    "Moderately differentiated",
    "Poorly differentiated (G3)",
    "Background liver with mild steatosis ({percent} %)",
    "No significant steatosis",
    "Received fresh, inked and serially sectioned; block {block}",
    "Immunohistochemistry: CK20 positive, CK7 negative, CDX2 positive",
    "Comparison was made with the primary, case S{block}",
    "تهاجم عروقی لنفاوی دیده نشد",
    "فاصله تا مارژین {distance} میلی متر",
    "بزرگترین ضایعه {size} سانتی متر",
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--comments", type=int, default=2_000)
    options = parser.parse_args()
    comments = compose(options.comments)
    definitions = default_definitions(PROJECT / "dbt_project")
    settings = settings_of_comments(definitions)
    texts = [Asked(COMMENT, normalized_text(comment), settings) for comment in comments]
    with tempfile.TemporaryDirectory() as name, duckdb.connect() as con:
        folder = Path(name) / "readings"
        deliver(con, comments)
        # The words are learned before, which takes the same whatever follows.
        answer(texts[0], None)
        one_by_one = seconds(lambda: [answer(text, None) for text in texts])
        ahead = seconds(lambda: read_comments_ahead(con, folder, definitions))
        with closing(KeptReadings(folder)) as kept:
            again = seconds(lambda: [answer(text, kept) for text in texts])
    print(f"{len(texts)} comments of {sum(map(len, comments)) // len(texts)} letters")
    for label, elapsed in (
        ("one after the other", one_by_one),
        (f"ahead of dbt, {cores()} cores", ahead),
        ("kept from the night before", again),
    ):
        each = 1000 * elapsed / len(texts)
        print(f"{label:<28} {elapsed:7.2f} s, {each:6.3f} ms each = {elapsed / one_by_one:5.3f} x")


def compose(number: int) -> list[str]:
    """So many comments, the same for the same number."""
    drawn = random.Random(number)
    comments: dict[str, None] = {}
    while len(comments) < number:
        findings = drawn.sample(FINDINGS, drawn.randint(2, 5))
        comments[". ".join(_with_numbers(finding, drawn) for finding in findings) + "."] = None
    return list(comments)


def _with_numbers(finding: str, drawn: random.Random) -> str:
    return finding.format(
        size=drawn.randint(5, 120) / 10,
        distance=drawn.randint(0, 30),
        percent=drawn.randint(1, 99),
        grade=drawn.randint(1, 5),
        segment=drawn.randint(1, 8),
        block=drawn.randint(1000, 99999),
    )


def deliver(con: duckdb.DuckDBPyConnection, comments: list[str]) -> None:
    """As the ledger holds them."""
    con.execute("create schema raw")
    con.execute("create table raw.extracts as select 'file' as extract_id, 'night' as run_id")
    con.execute(
        "create table raw.pathology as select unnest(?) as comment, 'file' as extract_id, "
        "null::varchar as closed_by_extract_id",
        [comments],
    )


def seconds(work: Callable[[], object]) -> float:
    started = time.monotonic()
    work()
    return time.monotonic() - started


if __name__ == "__main__":
    main()
