"""Code lists are sound, and text is normalized as Unicode and Persian spelling say."""

from __future__ import annotations

import csv
import unicodedata
from pathlib import Path

import duckdb
import jinja2
import pytest
from persiantools.jdatetime import JalaliDate

from ingestion.vocabulary import normalized_text

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
    "seeding_phrases": {"yes", "no", "aside"},
    "recurrence_phrases": {"yes", "no"},
    "node_phrases": {"yes", "no"},
    "therapy_phrases": {"yes", "no", "aside"},
    "primary_sites": {"colon", "rectum", "rectosigmoid", "colon + rectum"},
    "chronology_phrases": {"synchronous", "metachronous"},
    "lobar_phrases": {"unilobar", "bilobar", "left", "right", "caudate", "aside"},
    "vital_statuses": {"alive", "dead", "lost"},
    "organs": {"liver", "other", "aside"},
    "histologies": {
        "metastasis",
        "no_residual_tumor",
        "no_malignancy",
        "hemangioma",
        "other",
        "benign",
        "aside",
    },
    "tumor_grades": {"well", "moderate", "poor", "aside"},
    "invasion_phrases": {"yes", "no"},
    "lymphovascular_phrases": {
        "yes",
        "no",
        "either",
        "lymphatic yes",
        "lymphatic no",
        "venous yes",
        "venous no",
        "aside",
    },
    "lymphatic_phrases": {"yes", "no", "aside"},
    "venous_phrases": {"yes", "no", "aside"},
    "perineural_phrases": {"yes", "no", "either", "aside"},
    "steatosis_phrases": {"0", "1", "2", "3", "aside"},
    "regression_phrases": {"complete", "partial", "poor"},
    "neoadjuvant_regimens": {"yes", "no", "aside"},
    "margin_phrases": {"involved", "r0", "r1", "r2", "negative", "vascular", "label"},
    "measure_labels": {
        "years",
        "ng/mL",
        "duration",
        "length",
        "count",
        "noun",
        "steatosis",
        "regressed",
        "viable",
        "necrosis",
    },
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
        assert row["language"] in ("en", "fa", "de", "fr", "ko")
        assert bool(row["value"]) != bool(row["missing_reason"])
        assert not row["value"] or row["value"] in VALUES[name]
        assert not row["missing_reason"] or row["missing_reason"] in REASONS
        assert not row["severity"] or row["severity"].isdigit()
    # A hospital's own phrase has the severity of its value.
    assert len({(row["value"], row["severity"]) for row in rows if row["value"]}) == len(
        {row["value"] for row in rows if row["value"]}
    )


@pytest.mark.parametrize("name", ["margin_phrases", "regression_phrases", "steatosis_phrases"])
def test_no_label_of_a_measurement_is_also_a_phrase_of_the_field(normalize, name):
    labels, phrases = (
        set(normalize([row["phrase"] for row in seed(seed_name)]))
        for seed_name in ("measure_labels", name)
    )
    assert labels & phrases == set()


def test_joint_values_are_sets_of_values_of_their_list():
    rows = seed("joint_values")
    assert len({(r["vocabulary"], r["values_named"]) for r in rows}) == len(rows)
    for row in rows:
        named = row["values_named"].split(" + ")
        assert named == sorted(named)
        assert set(named) <= VALUES[row["vocabulary"]]
        assert bool(row["value"]) != bool(row["missing_reason"])
        assert not row["value"] or row["value"] in VALUES[row["vocabulary"]]
        assert not row["missing_reason"] or row["missing_reason"] in REASONS


def test_procedures_are_sound(normalize):
    rows = seed("hepatectomy_procedures")
    phrases = normalize([row["phrase"] for row in rows])
    assert len(set(phrases)) == len(phrases)
    for row in rows:
        liver = row["is_liver_resection"] == "true"
        is_staged = row["term"] == "two-stage hepatectomy"
        assert liver == (bool(row["extent"]) or row["missing_reason"] == "unreadable" or is_staged)
        assert row["extent"] in ("", "minor", "major")
        segments = row["segments"].split(",") if row["segments"] not in ("", "none") else []
        assert set(segments) <= set("12345678")
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
