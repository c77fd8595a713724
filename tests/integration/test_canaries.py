"""Nothing that identifies a person leaves the warehouse: each such cell holds a word of its own,
and none of them stands in anything that is published, logged or sent. Nor does a secret."""

from __future__ import annotations

import csv
import gzip
import itertools
import json
from pathlib import Path

import duckdb
import pytest
import yaml

from tests.service import serve

PROJECT = Path(__file__).resolve().parents[2]
CANARY = "canary"
# In a cell that is published as a word that no list knows, but neither logged nor sent.
FREE_TEXT = "kanarienvogel"

# The columns of the example's files that hold what identifies a person.
IDENTIFYING = {
    "pathology": ("MRN", "Accession No", "Operation No", "Pathologist"),
    "operative": ("MRN", "OP_ID", "Surgeon", "DOB", "Name", "Phone"),
    "follow_up": ("شماره پرونده",),
}
# One patient is one word in every file, and so is one operation.
_SHARED = {"MRN": "patient", "شماره پرونده": "patient", "Operation No": "op", "OP_ID": "op"}


@pytest.fixture
def service():
    with serve() as found:
        yield found


@pytest.fixture
def canaries(example_registry, service, monkeypatch):
    """The files of the example with a word of its own for each identifying cell, and secrets that
    are such words too."""
    monkeypatch.setenv("CRLM_PSEUDONYM_KEY", f"{CANARY}, the key of the pseudonyms")
    monkeypatch.setenv("CRLM_HEARTBEAT", f"http://{service.address}/{CANARY}")
    words: dict[tuple[str, str], str] = {}
    numbers = itertools.count(1)

    def word(header: str, cell: str) -> str:
        kind = _SHARED.get(header, header)
        # The example writes some numbers in Persian digits.
        plain = cell.strip().translate(str.maketrans("۰۱۲۳۴۵۶۷۸۹", "0123456789"))
        if not plain:
            return cell
        return words.setdefault((kind, plain), f"{CANARY}{next(numbers):05d}x")

    folder = example_registry.config.parent / "files"
    folder.mkdir()
    settings = yaml.safe_load(example_registry.config.read_text(encoding="utf-8"))["extracts"]
    for extract, headers in IDENTIFYING.items():
        source = next(Path(PROJECT / "examples/published_series").glob(f"{extract}*.csv"))
        delimiter = settings[extract].get("format", {}).get("delimiter", ",")
        with source.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file, delimiter=delimiter))
        for row in rows:
            row |= {header: word(header, row[header]) for header in headers}
        if extract == "pathology":
            rows[0]["Comment"] = f"said {FREE_TEXT} to the surgeon"
            rows[1]["Grade"] = FREE_TEXT
        if extract == "operative":
            for row in rows:
                row["National ID"] = word("National ID", row["MRN"])
        with (folder / source.name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]), delimiter=delimiter)
            writer.writeheader()
            writer.writerows(rows)

    def own_files(content):
        for extract in content["extracts"]:
            content["extracts"][extract]["files"] = str(folder / f"{extract}*.csv")
        content["extracts"]["operative"]["columns"]["national_id"] = "National ID"
        # A birth date that is a word is read in no row.
        content["gates"] = {"fell_points": 100}
        content["notify"] = {
            "to": [f"json://{CANARY}:{CANARY}@{service.address}/{CANARY}?+key={CANARY}"],
            "heartbeat": {"env": "CRLM_HEARTBEAT"},
        }

    example_registry.edit(own_files)
    return example_registry


def _texts(database: Path):
    """Every column of every table as text: (table, column, whether a canary is in it)."""
    with duckdb.connect(str(database), read_only=True) as con:
        columns = con.execute(
            "select schema_name, table_name, column_name from duckdb_columns() where not internal"
        ).fetchall()
        for schema, table, column in columns:
            found = con.execute(
                f"select count(*) from {schema}.{table} "
                f"where contains(lower(cast(\"{column}\" as varchar)), '{CANARY}')"
            ).fetchone()
            yield f"{schema}.{table}.{column}", found[0]


def _kept_of(registry):
    """What is kept of nights but for the ledger and the archive of what was delivered: the logs,
    and what dbt did."""
    for path in [*(registry.home / "logs").rglob("*"), *registry.current.glob("dbt/*")]:
        content = path.read_bytes()
        yield path.name, (gzip.decompress(content) if path.suffix == ".gz" else content).decode()
    for path in (registry.home / "archive" / "sources").iterdir():
        yield path.name, path.read_text(encoding="utf-8")


@pytest.mark.slow
def test_no_identifier_is_published_or_logged(canaries, service):
    done = canaries.refresh()
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    # They are where they belong: in the ledger, and so the words were read.
    with canaries.warehouse() as con:
        for extract, column in (
            ("operative", "name"),
            ("operative", "birth_date"),
            ("pathology", "pathologist"),
        ):
            held = con.execute(
                f"select count({column}) from raw.{extract} where {column} like '{CANARY}%'"
            )
            assert held.fetchone()[0] > 200
        assert con.execute("select count(*) from marts.survival_cohort").fetchone()[0] > 200
    found = [name for name, count in _texts(canaries.current / "registry.duckdb") if count]
    assert found == []
    files = [
        path
        for path in canaries.current.rglob("*")
        if path.suffix in {".html", ".json", ".csv", ".svg"}
    ]
    files += [path for path in (canaries.home / "logs").rglob("*") if path.is_file()]
    names = {path.name for path in files}
    assert {"quality_report.html", "survival_report.html", "manifest.json", "table_1.csv"} <= names
    spoken = [path.name for path in files if CANARY in path.read_text(encoding="utf-8").lower()]
    assert spoken == []
    assert CANARY not in said.lower()
    for command in (["status"], ["quarantine"], ["diff"], ["vocabulary", "unmapped"]):
        answer = canaries.crlm(*command)
        assert CANARY not in (answer.stdout + answer.stderr).lower(), command

    # A night that fails: a first line that is a patient's; one that is held; one that dbt fails.
    operative = canaries.config.parent / "files" / "operative_synthetic.csv"
    lines = operative.read_text(encoding="utf-8").splitlines(keepends=True)
    for delivered in (lines[1:], lines[: len(lines) // 2]):
        operative.write_text("".join(delivered), encoding="utf-8")
        failed = canaries.refresh()
        assert failed.returncode == 1
        said += failed.stdout + failed.stderr
    assert len(service.messages) == 3
    assert [CANARY in beat for beat in service.beats] == [True]
    with canaries.warehouse() as con:
        pseudonyms = [
            pseudonym
            for (pseudonym,) in con.execute(
                "select distinct patient_pseudonym from raw.operative"
            ).fetchall()
        ]
    assert len(pseudonyms) > 200
    kept = {**dict(_kept_of(canaries)), "messages": json.dumps(service.messages), "said": said}
    assert {"told.json", "runs.jsonl", "manifest.json.gz", "run_results.json.gz"} <= set(kept)
    for name, text in kept.items():
        for word in (CANARY, FREE_TEXT, *pseudonyms):
            assert word not in text, name
