"""Code lists are sound, and text is normalized as Unicode and Persian spelling say."""

from __future__ import annotations

import csv
import unicodedata
from pathlib import Path

import duckdb
import jinja2
import pytest
from persiantools.jdatetime import JalaliDate

from ingestion.contract import load_contract
from ingestion.vocabulary import fields_with_list, normalized_text, values_of
from reading.read import read

DBT_PROJECT = Path(__file__).resolve().parents[2] / "dbt_project"
REASONS = {
    "not_collected",
    "no_report",
    "not_reported",
    "not_assessable",
    "not_applicable",
    "unreadable",
    "imprecise",
    "conflicting",
}
VALUES = {
    "sexes": {"female", "male"},
    "yes_no": {"yes", "no"},
    "seeding_phrases": {"yes", "no"},
    "recurrence_phrases": {"yes", "no"},
    "node_phrases": {"yes", "no"},
    "therapy_phrases": {"yes", "no"},
    "primary_sites": {"colon", "rectum", "rectosigmoid", "colon + rectum"},
    "chronology_phrases": {"synchronous", "metachronous"},
    "lobar_phrases": {"unilobar", "bilobar", "left", "right", "caudate"},
    "vital_statuses": {"alive", "dead", "lost"},
    "organs": {"liver", "other"},
    "histologies": {
        "metastasis",
        "no_residual_tumor",
        "no_malignancy",
        "hemangioma",
        "other",
        "benign",
    },
    "tumor_grades": {"well", "moderate", "poor"},
    "invasion_phrases": {"yes", "no"},
    "lymphovascular_phrases": {
        "yes",
        "no",
        "lymphatic yes",
        "lymphatic no",
        "venous yes",
        "venous no",
    },
    "lymphatic_phrases": {"yes", "no"},
    "venous_phrases": {"yes", "no"},
    "perineural_phrases": {"yes", "no"},
    "steatosis_phrases": {"0", "1", "2", "3"},
    "regression_phrases": {"complete", "partial", "poor"},
    "neoadjuvant_regimens": {"yes", "no"},
    "margin_phrases": {"involved", "r0", "r1", "r2", "negative", "vascular", "label"},
    "count_words": {*map(str, range(11)), "2+"},
}
RIGHT_TO_LEFT_WORDS = "متاستاز‌كبدي"


def seed(name: str) -> list[dict[str, str]]:
    with (DBT_PROJECT / "seeds" / f"{name}.csv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


@pytest.fixture(scope="module")
def normalize():
    """The dbt macro, rendered without dbt, as a function of texts."""
    environment = jinja2.Environment(extensions=["jinja2.ext.do"])
    source = (DBT_PROJECT / "macros" / "normalize_text.sql").read_text(encoding="utf-8")

    def give(value):
        returned.append(value)
        return ""

    returned: list = []
    module = environment.from_string(source, globals={"return": give}).module
    module.text_pairs()
    pairs = returned.pop()
    environment.globals["text_pairs"] = lambda: pairs
    body = source.split("{% macro default__normalize_text(column) -%}")[1]
    expression = environment.from_string(body.split("{%- endmacro %}")[0]).render(column="t")
    con = duckdb.connect()

    def run(texts: list[str]) -> list[str]:
        rows = con.execute(
            f"select {expression} from (select unnest(?::varchar[]) as t)", [texts]
        ).fetchall()
        return [row[0] for row in rows]

    yield run
    con.close()


def test_single_characters_equal_unicode(normalize):
    blocks = [(0x20, 0x7F), (0x600, 0x700), (0xFB50, 0xFBB2), (0xFBD3, 0xFBEA), (0xFE80, 0xFEF5)]
    blocks += [(0xFF01, 0xFF5F)]
    characters = [chr(code) for low, high in blocks for code in range(low, high)]
    characters = [
        c
        for c in characters
        if unicodedata.category(c) not in ("Cn", "Mn", "Cf")
        and c != "٬"
        # Letters with a high hamza decompose into two; hospital systems do not write them.
        and len(unicodedata.normalize("NFKC", c)) == 1
    ]
    assert len(characters) > 500
    found = normalize([f"a{c}b" for c in characters])
    wrong = [c for c, f in zip(characters, found, strict=True) if f != normalized_text(f"a{c}b")]
    assert wrong == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  Right\u00a0 Hepatectomy\t", "right hepatectomy"),
        ("۴٫۵ سانتي‌متر", "4.5 سانتی متر"),
        ("١٬٢٣٤", "1234"),
        ("free\r\n3 mm", "free ; 3 mm"),
        ("≤1 mm ≥ 2", "<=1 mm >= 2"),
        ("1–2 mm", "1-2 mm"),
        ("ＦＯＬＦＯＸ", "folfox"),
        ("", ""),
        (RIGHT_TO_LEFT_WORDS, "متاستاز کبدی"),
    ],
)
def test_texts_are_normalized(normalize, text, expected):
    assert normalize([text]) == [expected]
    assert normalized_text(text) == expected


@pytest.mark.parametrize("name", sorted(VALUES))
def test_phrase_lists_are_sound(normalize, name):
    rows = seed(name)
    phrases = normalize([row["phrase"] for row in rows])
    assert sorted({p for p in phrases if phrases.count(p) > 1}) == []
    assert "" not in phrases
    for row in rows:
        assert row["language"] in ("en", "fa", "de", "fr", "es", "it", "tr", "ko")
        assert bool(row["value"]) != bool(row["missing_reason"])
        assert not row["value"] or row["value"] in VALUES[name]
        assert not row["missing_reason"] or row["missing_reason"] in REASONS


def test_values_of_lists_are_read_by_their_phrases():
    """Each value that a hospital's own word may stand for is what its phrase is read as."""
    fields = {field.vocabulary: field for _, field in fields_with_list(load_contract(DBT_PROJECT))}
    rows = seed("list_values")
    assert len({(row["vocabulary"], row["value"]) for row in rows}) == len(rows)
    for row in rows:
        field = fields[row["vocabulary"]]
        assert row["value"] in values_of(DBT_PROJECT / "seeds", field)
        if row["value"] == "label":
            # What a distance is of; without one it says nothing.
            assert (row["reading"], row["missing_reason"]) == ("", "unreadable")
            reading = read(field.name, f"{row['phrase']} 3 mm")
            assert reading is not None
            assert reading.measure == read(field.name, "3 mm").measure
            continue
        assert bool(row["reading"]) != bool(row["missing_reason"])
        reading = read(field.name, row["phrase"])
        assert reading is not None, row
        assert reading.missing_reason == (row["missing_reason"] or None)
        if field.kind == "procedure":
            codes = {code["phrase"]: code["term"] for code in seed("hepatectomy_procedures")}
            assert codes[reading.value] == row["reading"]
            assert codes[row["phrase"]] == row["value"]
        elif field.kind == "count" and reading.measure:
            low, high = reading.measure.low, reading.measure.high
            assert row["reading"] == (f"{low}+" if high is None else str(low))
        elif row["value"] == "rectosigmoid":
            # As the definition says, which is colon.
            assert (row["reading"], reading.value) == ("rectosigmoid", "colon")
        elif row["reading"]:
            assert reading.value == row["reading"]


def test_values_that_stand_for_others_are_in_list_values():
    """What a list names that is no value of the variable: as what it is published."""
    named = {(row["vocabulary"], row["value"]) for row in seed("list_values")}
    assert {("lobar_phrases", lobe) for lobe in ("left", "right", "caudate")} <= named
    vessels = ("lymphatic yes", "lymphatic no", "venous yes", "venous no")
    assert {("lymphovascular_phrases", kind) for kind in vessels} <= named
    assert ("primary_sites", "colon + rectum") in named
    status = {row["value"] for row in seed("margin_phrases") if row["value"]}
    assert {("margin_phrases", value) for value in status} <= named


def test_procedures_are_sound(normalize):
    rows = seed("hepatectomy_procedures")
    phrases = normalize([row["phrase"] for row in rows])
    assert len(set(phrases)) == len(phrases)


def test_procedures_have_the_segments_and_the_extent_of_their_terms():
    rows = seed("hepatectomy_procedures")
    for row in rows:
        liver = row["is_liver_resection"] == "true"
        is_staged = row["term"] == "two-stage hepatectomy"
        assert liver == (bool(row["extent"]) or row["missing_reason"] == "unreadable" or is_staged)
        assert row["extent"] in ("", "minor", "major")
        segments = row["segments"].split(",") if row["segments"] not in ("", "none") else []
        assert set(segments) <= set("12345678")
        assert liver or row["segments"] == row["fewest_segments"] == row["extent"] == ""
        assert not row["fewest_segments"] or (row["segments"] == "" and row["extent"] == "major")
    # A hospital's own phrase has what its term has.
    meanings = {
        (
            row["term"],
            row["segments"],
            row["fewest_segments"],
            row["extent"],
            row["is_liver_resection"],
        )
        for row in rows
        if row["term"]
    }
    assert len(meanings) == len({term for term, *_ in meanings})


def test_jalali_months_equal_persiantools_to_the_day():
    rows = seed("jalali_months")
    assert len(rows) == 131 * 12
    for row in rows:
        year, month = int(row["jalali_year"]), int(row["jalali_month"])
        first = JalaliDate(year, month, 1)
        assert row["first_day"] == first.to_gregorian().isoformat()
        assert int(row["days"]) == JalaliDate.days_in_month(month, year)
