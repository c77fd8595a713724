"""Settings as YAML gives them, headers as files have them, identifiers as people type them."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml
from pydantic import ValidationError

from ingestion.contract import Contract
from ingestion.errors import DeliveryError, IngestionError
from ingestion.mapping import check_settings, map_headers
from ingestion.pseudonyms import (
    DEMO_KEY,
    DOMAINS,
    MINIMUM_KEY_LENGTH,
    PseudonymKey,
    load_key,
    pseudonym_sql,
)
from ingestion.settings import ExtractSettings, FormatSettings, PrivacySettings

CANARY = "Zaphod"


def key_of(settings: PrivacySettings) -> PseudonymKey:
    return load_key(settings, Path("root"), Path("home"))


@pytest.fixture
def from_yaml() -> Callable[[str], ExtractSettings]:
    def parse(text: str) -> ExtractSettings:
        return ExtractSettings.model_validate({"files": "x.csv", **yaml.safe_load(text)})

    return parse


@pytest.fixture
def mapped(
    project_contract: Contract, from_yaml: Callable[[str], ExtractSettings]
) -> Callable[..., dict[str, tuple[str, str]]]:
    def run(headers: list[str], settings: str = "{}", extract: str = "operative") -> Any:
        found = map_headers(project_contract[extract], from_yaml(settings), headers, Path("x.csv"))
        for field in found.values():
            assert field.column is not None
            assert headers[field.column] == field.header
        return {name: (f.header, f.recognized_by) for name, f in found.items()}

    return run


# --- settings ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "{file: x}",
        "{format: {seperator: ';'}}",
        "{format: {delimiter: ''}}",
        "{format: {quote: '\"\"'}}",
        "{format: {thousands: ' '}}",
        "{calendar: persian}",
        "{date_order: dym}",
        "{delivery: full}",
        "{days_per_month: 365}",
        "{missing: NA}",
        "{values: {sex: male}}",
        "{columns: [MRN]}",
    ],
)
def test_what_registry_yml_cannot_say_is_refused(
    from_yaml: Callable[[str], ExtractSettings], text: str
) -> None:
    with pytest.raises(ValidationError):
        from_yaml(text)


@pytest.mark.parametrize("model", [ExtractSettings, FormatSettings, PrivacySettings])
def test_extra_keys_are_refused_and_settings_are_fixed(model: Any) -> None:
    with pytest.raises(ValidationError, match="Extra inputs are not permitted"):
        model.model_validate({"files": "x.csv", "sheets": "a"})
    made = model.model_validate({"files": "x.csv"} if model is ExtractSettings else {})
    with pytest.raises(ValidationError, match="frozen"):
        made.format = None


def test_yes_no_on_and_off_are_words(from_yaml: Callable[[str], ExtractSettings]) -> None:
    settings = from_yaml(
        "values: {neoadjuvant_therapy: {yes: no, no: yes}, "
        "perineural_invasion: {1: on, 0: off, 2.5: x}}"
    )
    assert settings.values == {
        "neoadjuvant_therapy": {"yes": "no", "no": "yes"},
        "perineural_invasion": {"1": "yes", "0": "no", "2.5": "x"},
    }


def test_missing_tokens_are_text(from_yaml: Callable[[str], ExtractSettings]) -> None:
    settings = from_yaml('missing: [-999, 99.9, "", NA, نامشخص, 0]')
    assert list(settings.missing) == ["-999", "99.9", "", "NA", "نامشخص", "0"]


def test_missing_token_no_is_the_word(from_yaml: Callable[[str], ExtractSettings]) -> None:
    assert list(from_yaml("missing: [no, yes]").missing) == ["no", "yes"]


@pytest.mark.parametrize(
    "text", ["values: {steatosis: {9: null}}", "missing: [null]", "values: {sex: {~: male}}"]
)
def test_null_never_becomes_the_word_none(
    from_yaml: Callable[[str], ExtractSettings], text: str
) -> None:
    # "none" is an answer: steatosis grade 0. A code of nothing must not turn into it.
    try:
        settings = from_yaml(text)
    except ValidationError:
        return
    words = [
        *settings.missing,
        *(v for c in settings.values.values() for p in c.items() for v in p),
    ]
    assert "None" not in words


# --- headers -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "header",
    [
        "MRN",
        "mrn ",
        "Patient ID",
        "PATIENT_ID",
        "patient_id",
        "patient  number",
        "\u00a0MRN",
        "ＭＲＮ",
        "شماره پرونده",
        "شماره\u200cپرونده",
        "شماره پروندة",
        "\u200fMRN",
        "\u200bMRN",
        "\ufeffMRN",
        "شماره پرونده\u200e",
    ],
    ids=ascii,
)
def test_spellings_of_a_header(mapped: Any, header: str) -> None:
    assert list(mapped([header, "ward"])) == ["patient_id"]


@pytest.mark.parametrize("configured", ["كد بيمار", "کد بیمار", " کد  بیمار", "کد_بیمار"])
def test_configured_header_in_arabic_or_persian_letters(mapped: Any, configured: str) -> None:
    found = mapped(["کد بيمار", "MRN"], f"columns: {{patient_id: '{configured}'}}")
    assert found["patient_id"] == ("کد بيمار", "configured")


def test_configuration_beats_field_name_and_field_name_beats_synonym(mapped: Any) -> None:
    assert mapped(["MRN", "patient_id"])["patient_id"] == ("patient_id", "field name")
    assert mapped(["MRN", "patient_id"], "columns: {patient_id: MRN}")["patient_id"] == (
        "MRN",
        "configured",
    )


def test_required_key_cannot_be_unmapped(mapped: Any) -> None:
    # Without its key no row can be told from another.
    with pytest.raises(IngestionError, match="patient_id"):
        mapped(["MRN", "sex"], "columns: {patient_id: null}")


def test_missing_configured_header_names_the_nearest(mapped: Any) -> None:
    with pytest.raises(DeliveryError) as refused:
        mapped(["MRN", "Max sise"], "columns: {largest_metastasis: Max size}", "pathology")
    said = str(refused.value)
    assert "'Max size'" in said
    assert "largest_metastasis of the pathology extract" in said
    assert "the nearest is 'Max sise'" in said


def test_ambiguous_headers_are_all_named_with_the_remedy(mapped: Any) -> None:
    with pytest.raises(DeliveryError, match=r"'MRN', 'mrn ' all answer to patient_id.*columns: "):
        mapped(["MRN", "mrn "])
    assert mapped(["MRN", "Patient number"], "columns: {patient_id: MRN}")


def test_file_without_a_header_shows_no_patient(mapped: Any) -> None:
    # The first line is a patient then, and a message that lists "headers" would print her.
    with pytest.raises(DeliveryError) as refused:
        mapped(["10442", CANARY, "1361-04-02", "0912 000 0000"])
    assert CANARY not in str(refused.value)
    assert "0912" not in str(refused.value)


@pytest.mark.parametrize(
    ("part", "hint"),
    [
        ("columns: {margin_distnce: x}", "did you mean margin_distance?"),
        ("units: {metastasis_size: cm}", "pathology extract has no field metastasis_size"),
        ("values: {organs: {L: liver}}", "did you mean organ?"),
        ("columns: {zzz: x}", "known are patient_id"),
    ],
)
def test_unknown_field_is_named_by_its_place(
    project_contract: Contract, from_yaml: Any, part: str, hint: str
) -> None:
    name = part.split("{")[1].split(":")[0]
    with pytest.raises(IngestionError) as refused:
        check_settings(project_contract["pathology"], from_yaml(part), "extracts.pathology")
    assert f"extracts.pathology.{part.split(':')[0]}.{name}:" in str(refused.value)
    assert hint in str(refused.value)


# --- pseudonyms ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def pseudonyms() -> Any:
    con = duckdb.connect()

    def run(values: list[str | None], field: str, key: PseudonymKey) -> list[str | None]:
        sql = pseudonym_sql("id", field, key)
        query = f"select {sql} from (select unnest(?::varchar[]) as id)"
        return [row[0] for row in con.execute(query, [values]).fetchall()]

    yield run
    con.close()


@pytest.mark.parametrize("length", [16, 63, 64, 65, 200])
@pytest.mark.parametrize("field", sorted(DOMAINS))
def test_sql_equals_hmac_of_the_standard_library(pseudonyms: Any, field: str, length: int) -> None:
    key = PseudonymKey(bytes(range(1, length + 1)))
    written = {"۱۲۳": "123", "٤٥٦": "456", " ab-7 ": "AB-7", "م ۱": "م 1", "o'x": "O'X", "0": "0"}
    letter = DOMAINS[field]
    expected = [
        letter
        + hmac.new(key.secret, f"{letter}\x1f{plain}".encode(), hashlib.sha256).hexdigest()[:20]
        for plain in written.values()
    ]
    assert pseudonyms(list(written), field, key) == expected


@pytest.mark.parametrize(
    "spelling",
    [" 12a", "12A ", "۱۲a", "١٢A", "12\u200ca", "\u00a012a", "\t12a", "12a\n", "12a\r\n", "１２a"],
    ids=ascii,
)
def test_one_identifier_however_it_is_typed(pseudonyms: Any, spelling: str) -> None:
    key = PseudonymKey(DEMO_KEY.encode())
    assert pseudonyms([spelling], "patient_id", key) == pseudonyms(["12A"], "patient_id", key)


@pytest.mark.parametrize(
    "blank", [None, "", "   ", "\u200b\u00a0", "\t", "\n", " \r\n "], ids=ascii
)
def test_blank_identifier_has_no_pseudonym(pseudonyms: Any, blank: str | None) -> None:
    key = PseudonymKey(DEMO_KEY.encode())
    assert pseudonyms([blank], "patient_id", key) == [None]


def test_leading_zeros_are_part_of_an_identifier(pseudonyms: Any) -> None:
    key = PseudonymKey(DEMO_KEY.encode())
    assert len(set(pseudonyms(["7", "07", "007"], "patient_id", key))) == 3


def test_keys_and_domains_make_different_pseudonyms(pseudonyms: Any) -> None:
    keys = [PseudonymKey(b"one key of sixteen bytes"), PseudonymKey(b"two key of sixteen bytes")]
    made = {pseudonyms(["1"], field, key)[0] for field in DOMAINS for key in keys}
    assert len(made) == 6


@pytest.mark.parametrize("length", [1, MINIMUM_KEY_LENGTH - 1])
def test_short_key_is_refused_and_not_shown(monkeypatch: Any, length: int) -> None:
    secret = "sesame-open-please"[:length]
    monkeypatch.setenv("TEST_KEY", secret)
    for demo in (False, True):
        with pytest.raises(IngestionError, match=f"TEST_KEY.*has {length} characters") as refused:
            key_of(PrivacySettings(key_env="TEST_KEY", demo_key=demo))
        assert length == 1 or secret not in str(refused.value)


def test_shortest_key_is_taken(monkeypatch: Any) -> None:
    monkeypatch.setenv("TEST_KEY", "k" * MINIMUM_KEY_LENGTH)
    key = key_of(PrivacySettings(key_env="TEST_KEY"))
    assert key.secret == b"k" * MINIMUM_KEY_LENGTH
    assert not key.is_demo
    assert "kkk" not in f"{key!r} {key}"


def test_demo_key_only_where_it_is_asked_for(monkeypatch: Any) -> None:
    monkeypatch.delenv("TEST_KEY", raising=False)
    with pytest.raises(IngestionError, match=r"TEST_KEY: it is not set.*synthetic data only"):
        key_of(PrivacySettings(key_env="TEST_KEY"))
    key = key_of(PrivacySettings(key_env="TEST_KEY", demo_key=True))
    assert key.is_demo
    assert key.secret == DEMO_KEY.encode()
    assert DEMO_KEY not in repr(key)


@pytest.mark.parametrize("text", [" " * 20, "\t" * 16])
def test_key_of_blanks_is_no_key(monkeypatch: Any, text: str) -> None:
    monkeypatch.setenv("TEST_KEY", text)
    with pytest.raises(IngestionError, match="TEST_KEY"):
        key_of(PrivacySettings(key_env="TEST_KEY"))


def test_key_from_a_file_of_its_owner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TEST_KEY", raising=False)
    path = tmp_path / "secret"
    path.write_text("a long secret of a hospital\n", encoding="utf-8")
    path.chmod(0o600)
    settings = PrivacySettings(key_env="TEST_KEY", key_file=Path("secret"))
    key = load_key(settings, tmp_path, tmp_path / "home")
    assert key == PseudonymKey(b"a long secret of a hospital")
    # The environment comes first.
    monkeypatch.setenv("TEST_KEY", "another secret of sixteen")
    assert load_key(settings, tmp_path, tmp_path / "home").secret == b"another secret of sixteen"


@pytest.mark.parametrize(
    ("name", "mode", "text", "complaint"),
    [
        ("secret", 0o640, "a long secret of a hospital", "others than its owner"),
        ("secret", 0o604, "a long secret of a hospital", "others than its owner"),
        ("home/secret", 0o600, "a long secret of a hospital", "lies in the home"),
        ("secret", 0o600, "short", "has 5 characters"),
        ("secret", 0o600, " \n", "the key is blank"),
        ("elsewhere", 0o600, "a long secret of a hospital", "cannot be read"),
    ],
)
def test_a_key_file_that_protects_nothing_is_refused(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    mode: int,
    text: str,
    complaint: str,
) -> None:
    monkeypatch.delenv("TEST_KEY", raising=False)
    (tmp_path / "home").mkdir()
    path = tmp_path / ("secret" if name == "elsewhere" else name)
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)
    settings = PrivacySettings(key_env="TEST_KEY", key_file=Path(name))
    with pytest.raises(IngestionError, match=complaint) as refused:
        load_key(settings, tmp_path, tmp_path / "home")
    assert "hospital" not in str(refused.value)
