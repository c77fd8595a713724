"""Keyed pseudonyms of identifiers: HMAC-SHA-256, computed in DuckDB in sets.

A pseudonym is the first 80 bits of HMAC-SHA-256(key, domain 0x1f identifier) in hexadecimal, after
a letter for its domain. At a million patients the chance of one collision is 4e-13. The key comes
from the environment or from a file outside the home of the registry; a check value in the warehouse
keeps a wrong key from being used (RFC 2104 defines the construction).
"""

from __future__ import annotations

import hashlib
import hmac
import os
import stat
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from ingestion.errors import IngestionError
from ingestion.settings import PrivacySettings
from ingestion.sql import fetch_value, text_literal

DEMO_KEY = "synthetic-demo-key-never-for-real-patients"
MINIMUM_KEY_LENGTH = 16

DOMAINS = {"patient_id": "P", "specimen_id": "S", "operation_id": "O"}

_BLOCK_BYTES = 64
_HEX_DIGITS = 20

# Digits of Persian and Arabic keyboards, and full-width forms, as they are compared.
_DIGITS = ("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩", "01234567890123456789")
_FULL_WIDTH = ("".join(map(chr, range(0xFF01, 0xFF5F))), "".join(map(chr, range(0x21, 0x7F))))
# Zero-width characters, no-break spaces, direction marks, tabs and line ends in cells.
INVISIBLE = "".join(
    map(chr, (0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2060, 0xFEFF, 0xA0, 0x9, 0xA, 0xD))
)


@dataclass(frozen=True)
class PseudonymKey:
    secret: bytes = field(repr=False)
    is_demo: bool = False

    @property
    def check_value(self) -> str:
        return hmac.new(self.secret, b"key check value", hashlib.sha256).hexdigest()[:16]


def load_key(settings: PrivacySettings, root: Path, home: Path) -> PseudonymKey:
    """The key of this registry: that of the environment, else of the key file, else the demo key.

    ``root`` is the folder to which the name of the key file is relative, ``home`` the folder of
    the registry, in which it must not lie. Raises IngestionError where there is no key, where it is
    too short, and where others could read the file.
    """
    text = os.environ.get(settings.key_env, "")
    if text:
        return _checked(text, f"environment variable {settings.key_env}")
    if settings.key_file is not None:
        path = (root / settings.key_file.expanduser()).resolve()
        return _checked(_read_key_file(path, home), str(path))
    if settings.demo_key:
        return PseudonymKey(DEMO_KEY.encode(), is_demo=True)
    raise IngestionError(
        f"environment variable {settings.key_env}: it is not set; set it to the secret key of "
        "this registry's pseudonyms, or name a file with it in `privacy: {key_file: …}` "
        "(`privacy: {demo_key: true}` is for synthetic data only)"
    )


def _checked(text: str, place: str) -> PseudonymKey:
    if not text.strip():
        raise IngestionError(f"{place}: the key is blank")
    if len(text) < MINIMUM_KEY_LENGTH:
        raise IngestionError(
            f"{place}: the pseudonym key has {len(text)} characters, at least "
            f"{MINIMUM_KEY_LENGTH} are needed"
        )
    return PseudonymKey(text.encode())


def _read_key_file(path: Path, home: Path) -> str:
    if path.is_relative_to(home.resolve()):
        raise IngestionError(
            f"{path}: the key file lies in the home of the registry, beside what the key protects; "
            "keep it elsewhere"
        )
    try:
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise IngestionError(
                f"{path}: others than its owner can read the key file; chmod 600 it"
            )
        return path.read_text(encoding="utf-8").rstrip("\r\n")
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise IngestionError(
            f"{path}: the key file cannot be read ({reason}); `privacy.key_file` has to name a "
            "file with the key"
        ) from None
    except UnicodeError:
        raise IngestionError(f"{path}: the key file is not UTF-8 text") from None


def check_key(con: duckdb.DuckDBPyConnection, key: PseudonymKey) -> None:
    """Refuse a key other than the one the warehouse was filled with; remember the first one."""
    con.execute("create table if not exists raw.key_check (check_value varchar)")
    if fetch_value(con, "select check_value from raw.key_check") is None:
        con.execute("insert into raw.key_check values (?)", [key.check_value])
    require_same_key(con, key)


def require_same_key(con: duckdb.DuckDBPyConnection, key: PseudonymKey) -> None:
    """Raise IngestionError where the warehouse was filled with another key."""
    if fetch_value(con, "select check_value from raw.key_check") != key.check_value:
        raise IngestionError(
            "the pseudonym key differs from the one that this warehouse was filled with: with it "
            "every patient would get a new pseudonym; set the former key again"
        )


def normalized_identifier_sql(column: str) -> str:
    """SQL of an identifier as it is compared: ASCII digits, no blanks around, upper case.

    Each step is taken only where its characters are: translating takes microseconds a value.
    """
    digits = f"translate({column}, {_pair(_DIGITS)})"
    return (
        f"case when regexp_full_match({column}, '[!-~]+') then upper({column}) else "
        "nullif(upper(trim(regexp_replace(case "
        f"when regexp_matches({column}, '[！-～]') then translate({digits}, {_pair(_FULL_WIDTH)}) "
        f"when regexp_matches({column}, '[۰-۹٠-٩]') then {digits} "
        f"else {column} end, '[{INVISIBLE}]', '', 'g'))), '') end"
    )


def _pair(characters: tuple[str, str]) -> str:
    return ", ".join(map(text_literal, characters))


def pseudonym_sql(column: str, domain_field: str, key: PseudonymKey) -> str:
    """SQL expression of the pseudonym of an identifier column, null where it is blank.

    The expression holds the padded key: it must not be logged or stored.
    """
    letter = DOMAINS[domain_field]
    block = key.secret if len(key.secret) <= _BLOCK_BYTES else hashlib.sha256(key.secret).digest()
    block = block.ljust(_BLOCK_BYTES, b"\0")
    inner = _blob(bytes(b ^ 0x36 for b in block))
    outer = _blob(bytes(b ^ 0x5C for b in block))
    message = f"encode('{letter}' || chr(31) || {normalized_identifier_sql(column)})"
    digest = f"sha256({outer} || unhex(sha256({inner} || {message})))"
    return f"'{letter}' || substr({digest}, 1, {_HEX_DIGITS})"


def pseudonym(identifier: str, domain_field: str, key: PseudonymKey) -> str:
    """The pseudonym of one identifier that is normalized already; the plain definition."""
    letter = DOMAINS[domain_field]
    message = f"{letter}\x1f{identifier}".encode()
    return letter + hmac.new(key.secret, message, hashlib.sha256).hexdigest()[:_HEX_DIGITS]


def _blob(content: bytes) -> str:
    return "'" + "".join(f"\\x{byte:02X}" for byte in content) + "'::BLOB"
