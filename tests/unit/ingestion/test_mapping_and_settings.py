"""Contract, headers, settings and pseudonyms."""

from __future__ import annotations

import hashlib
import hmac
from pathlib import Path

import duckdb
import pytest
from pydantic import ValidationError

from ingestion.contract import EXTRACTS, load_contract
from ingestion.errors import DeliveryError, IngestionError
from ingestion.mapping import check_settings, map_headers
from ingestion.pseudonyms import DEMO_KEY, PseudonymKey, load_key, pseudonym, pseudonym_sql
from ingestion.settings import ExtractSettings, PrivacySettings

DBT_PROJECT = Path(__file__).resolve().parents[3] / "dbt_project"


@pytest.fixture(scope="module")
def contract():
    return load_contract(DBT_PROJECT)


def settings_of(**values):
    return ExtractSettings.model_validate({"files": "x.csv", **values})


def map_of(contract, headers, extract="operative", **values):
    mapped = map_headers(contract[extract], settings_of(**values), headers, Path("x.csv"))
    return {name: (m.header, m.recognized_by) for name, m in mapped.items()}


def key_of(settings: PrivacySettings) -> PseudonymKey:
    return load_key(settings, Path("root"), Path("home"))


def test_contract_declares_each_field_once_with_kind_and_description(contract):
    for name in EXTRACTS:
        fields = contract[name].fields
        assert len({f.name for f in fields}) == len(fields)
        assert all(f.description for f in fields)
        assert contract[name].fields[0].required
    identifiers = {f.name for f in contract["operative"].fields if f.identifier}
    assert {"name", "national_id", "phone", "birth_date", "surgeon"} <= identifiers


def test_synonyms_of_one_extract_name_one_field_each(contract):
    for name in EXTRACTS:
        words = [
            word
            for f in contract[name].fields
            for word in {w.casefold().replace("_", " ") for w in (*f.synonyms, f.name)}
        ]
        assert sorted({word for word in words if words.count(word) > 1}) == []


@pytest.mark.parametrize(
    ("extract", "mapped", "key"),
    [
        ("pathology", {"patient_id", "specimen_id", "report_date"}, None),
        ("pathology", {"patient_id"}, ("patient_id",)),
        ("operative", {"patient_id", "operation_date"}, ("patient_id", "operation_date")),
        (
            "operative",
            {"patient_id", "operation_id", "operation_date"},
            ("patient_id", "operation_id"),
        ),
        (
            "follow_up",
            {"patient_id", "time_since_operation"},
            ("patient_id", "time_since_operation"),
        ),
    ],
)
def test_natural_key_is_made_of_what_is_delivered(contract, extract, mapped, key):
    assert contract[extract].natural_key(mapped) == (key or contract[extract].key)


def test_headers_are_found_by_configuration_name_and_synonym(contract):
    assert map_of(
        contract,
        ["  Sex of patient ", "MRN", "OPERATION_DATE", "Gender"],
        columns={"sex": "sex of  PATIENT"},
    ) == {
        "patient_id": ("MRN", "synonym"),
        "operation_date": ("OPERATION_DATE", "field name"),
        "sex": ("  Sex of patient ", "configured"),
    }


def test_arabic_and_persian_letters_in_headers_are_one(contract):
    mapped = map_of(contract, ["شماره پرونده", "تاريخ تماس"], "follow_up")
    assert mapped["contact_date"] == ("تاريخ تماس", "synonym")


def test_field_mapped_to_nothing_stays_unmapped(contract):
    assert "sex" not in map_of(contract, ["MRN", "sex"], columns={"sex": None})


@pytest.mark.parametrize(
    ("headers", "columns", "said"),
    [
        (["number"], {}, "no column for the key patient_id"),
        (["MRN", "Patient number"], {}, "all answer to patient_id"),
        (["MRN", "sex", "Sex "], {}, "all answer to sex"),
        (["MRN", "procedure"], {"procedure": "Procedur"}, "the nearest is 'procedure'"),
    ],
)
def test_headers_that_do_not_fit_are_named(contract, headers, columns, said):
    with pytest.raises(DeliveryError, match=said):
        map_of(contract, headers, columns=columns)


@pytest.mark.parametrize("part", ["columns", "units", "values"])
def test_unknown_fields_get_a_suggestion(contract, part):
    value = {"sx": {"1": "male"}} if part == "values" else {"sx": "x"}
    with pytest.raises(IngestionError, match=rf"here\.{part}\.sx: .* did you mean sex"):
        check_settings(contract["operative"], settings_of(**{part: value}), "here")


def test_one_code_means_one_thing(contract):
    check_settings(
        contract["operative"], settings_of(values={"sex": {"M": "male", "m ": "male"}}), "here"
    )
    with pytest.raises(IngestionError, match="stands for 'male' and for 'female'"):
        check_settings(
            contract["operative"], settings_of(values={"sex": {"M": "male", "m": "female"}}), "here"
        )


def test_codes_and_tokens_are_text_whatever_yaml_makes_of_them():
    settings = settings_of(
        missing=[-999, "NA"], values={"sex": {1: "male"}, "chronology": {True: False}}
    )
    assert settings.missing == {"-999": "not_reported", "NA": "not_reported"}
    assert settings.values == {"sex": {"1": "male"}, "chronology": {"yes": "no"}}


@pytest.mark.parametrize("wrong", [{"colums": {}}, {"delivery": "all"}, {"days_per_month": 40}])
def test_wrong_settings_are_refused(wrong):
    with pytest.raises(ValidationError):
        settings_of(**wrong)


# --- pseudonyms ----------------------------------------------------------------------------------

SECRET = PseudonymKey(b"a secret of some length")


def by_sql(value, field="patient_id", key=SECRET):
    with duckdb.connect() as con:
        query = f"select {pseudonym_sql('id', field, key)} from (select ?::varchar as id)"
        return con.execute(query, [value]).fetchall()[0][0]


@pytest.mark.parametrize("key", [SECRET, PseudonymKey(b"k" * 200), PseudonymKey("کلید".encode())])
@pytest.mark.parametrize("identifier", ["1", "ABC-123", "نمونه ۱".replace("۱", "1"), "x" * 300])
def test_sql_is_hmac_sha_256(key, identifier):
    message = f"P\x1f{identifier.upper()}".encode()
    expected = "P" + hmac.new(key.secret, message, hashlib.sha256).hexdigest()[:20]
    assert (
        by_sql(identifier, key=key) == expected == pseudonym(identifier.upper(), "patient_id", key)
    )


def test_spellings_of_one_number_are_one_patient():
    spellings = ["123", " 123 ", "۱۲۳", "١٢٣", "\u200f123", "123\u00a0"]
    assert len({by_sql(spelling) for spelling in spellings}) == 1
    assert by_sql("ab1") == by_sql("AB1")


def test_blank_has_no_pseudonym_and_domains_differ():
    assert [by_sql(blank) for blank in (None, "", "  ", "\u200c")] == [None] * 4
    assert len({by_sql("1", field) for field in ("patient_id", "specimen_id", "operation_id")}) == 3


def test_key_comes_from_the_environment_and_is_never_shown(monkeypatch):
    settings = PrivacySettings(key_env="TEST_KEY")
    monkeypatch.delenv("TEST_KEY", raising=False)
    with pytest.raises(IngestionError, match="TEST_KEY: it is not set"):
        key_of(settings)
    assert key_of(PrivacySettings(key_env="TEST_KEY", demo_key=True)).is_demo
    monkeypatch.setenv("TEST_KEY", "short")
    with pytest.raises(IngestionError, match="at least 16"):
        key_of(settings)
    monkeypatch.setenv("TEST_KEY", "long enough to be a key")
    key = key_of(PrivacySettings(key_env="TEST_KEY", demo_key=True))
    assert not key.is_demo
    assert "long enough" not in repr(key)
    assert key.check_value != PseudonymKey(DEMO_KEY.encode()).check_value


def test_tokens_of_missing_values_say_why():
    settings = settings_of(missing={-9: "not_reported", "NP": "not_assessable"})
    assert settings.missing == {"-9": "not_reported", "NP": "not_assessable"}
    with pytest.raises(ValidationError, match="not_assessable"):
        settings_of(missing={"NP": "imprecise"})
