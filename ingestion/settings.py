"""What registry.yml says about extracts and pseudonyms."""

from __future__ import annotations

import codecs
import re
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

# What a token of `missing:` may say; the other reasons are found and not told.
MissingReason = Literal["not_reported", "not_assessable", "not_applicable"]


class _Settings(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class FormatSettings(_Settings):
    """How a file is written. Nothing is guessed: what is not set has the default shown here."""

    delimiter: str = Field(",", min_length=1, max_length=1, description="CSV: between values")
    quote: str = Field('"', min_length=1, max_length=1, description="CSV: around values")
    encoding: str = Field(
        "utf-8",
        description="CSV: a Python codec name, e.g. cp1256; where it is set for a file of Stata, "
        "SPSS or SAS it overrules what the file says of itself",
    )
    sheet: str | None = Field(
        None, description="XLSX, XLS: the sheet; must be set if there are several"
    )
    thousands: Literal[",", "."] | None = Field(None, description="the thousands mark of numbers")

    @field_validator("quote")
    @classmethod
    def _plain_quote(cls, quote: str) -> str:
        if not quote.isascii():
            raise ValueError("the quote has to be a plain character such as \" or '")
        return quote

    @field_validator("encoding")
    @classmethod
    def _text_encoding(cls, encoding: str) -> str:
        try:
            is_text = codecs.lookup(encoding)._is_text_encoding
        except (LookupError, ValueError):
            is_text = False
        if not is_text:
            raise ValueError("no such encoding; examples are utf-8, utf-16, cp1252 and cp1256")
        return encoding

    @model_validator(mode="after")
    def _two_characters(self) -> FormatSettings:
        if self.delimiter == self.quote:
            raise ValueError("delimiter and quote are the same character")
        return self


class RedcapSettings(_Settings):
    """The extract is one instrument of a REDCap project, exported as CSV or asked of its API.

    Messages come from one check of the whole: pydantic would show the value of a single key, and
    a token that was pasted into one must never be shown.
    """

    instrument: str = Field(min_length=1, description="the form whose rows are the extract's")
    event: str | None = Field(None, min_length=1, description="take the rows of this event only")
    dictionary: str | None = Field(None, min_length=1, description="the data dictionary, a file")
    url: str | None = None
    token_env: str | None = None

    @model_validator(mode="after")
    def _files_or_api(self) -> RedcapSettings:
        if self.url is None:
            if self.dictionary is None:
                raise ValueError(
                    "dictionary is missing; it has to name the data dictionary exported by REDCap"
                )
            if self.token_env is not None:
                raise ValueError("token_env belongs to url; set both, or neither")
            return self
        if self.dictionary is not None:
            raise ValueError("dictionary and url are both set; the API is asked for both, keep url")
        if self.token_env is None:
            raise ValueError(
                "token_env is missing; it has to name the environment variable with the token"
            )
        if not re.fullmatch(r"[A-Za-z_]\w*", self.token_env) or _TOKEN.fullmatch(self.token_env):
            raise ValueError("token_env has to be the name of an environment variable")
        _check_api(self.url)
        return self


def _check_api(url: str) -> None:
    """Refuse an address to which a token should not be sent."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host = None
    if not host or parts.username is not None or parts.query or parts.fragment:
        raise ValueError("url has to be the address of the API, such as https://host/redcap/api/")
    if parts.scheme != "https" and not (parts.scheme == "http" and host in _LOOPBACK):
        raise ValueError("url has to begin with https://, for the token goes there")
    if not parts.path.endswith("/api/"):
        raise ValueError("url has to end in /api/")


_TOKEN = re.compile(r"[0-9A-Fa-f]{32}")
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


class ExtractSettings(_Settings):
    """One extract of registry.yml: its files and how the hospital writes in them.

    ``files`` is null where the API of a REDCap project is asked.
    """

    redcap: RedcapSettings | None = None
    files: Annotated[str | list[str] | None, Field(min_length=1)] = Field(
        None, validate_default=True
    )
    delivery: Literal["snapshot", "delta"] = "snapshot"
    format: FormatSettings = FormatSettings()
    calendar: Literal["gregorian", "jalali"] = "gregorian"
    date_order: Literal["dmy", "mdy", "ymd"] = "ymd"
    missing: dict[str, MissingReason] = {}
    columns: dict[str, str | None] = {}
    units: dict[str, str] = {}
    values: dict[str, dict[str, str]] = {}
    days_per_month: float = Field(30.4375, gt=27, lt=32)

    @field_validator("files")
    @classmethod
    def _files_or_url(
        cls, files: str | list[str] | None, info: ValidationInfo
    ) -> str | list[str] | None:
        if "redcap" not in info.data:
            return files  # what is wrong with it is said already
        redcap = info.data["redcap"]
        if redcap is not None and redcap.url is not None:
            if files is not None:
                raise ValueError("files and redcap.url are both set; keep one of them")
        elif files is None:
            raise PydanticCustomError("missing", "Field required")
        return files

    @field_validator("missing", mode="before")
    @classmethod
    def _tokens_as_text(cls, tokens: object) -> object:
        # YAML reads -999 as a number; in the file it is text.
        if isinstance(tokens, list):
            return {_as_text(token): "not_reported" for token in tokens}
        if isinstance(tokens, dict):
            return {_as_text(token): reason for token, reason in tokens.items()}
        return tokens

    @field_validator("values", mode="before")
    @classmethod
    def _codes_as_text(cls, values: object) -> object:
        if not isinstance(values, dict):
            return values
        return {
            name: {_as_text(code): _as_text(value) for code, value in codes.items()}
            if isinstance(codes, dict)
            else codes
            for name, codes in values.items()
        }

    @property
    def patterns(self) -> list[str]:
        return [self.files] if isinstance(self.files, str) else self.files or []


class PrivacySettings(_Settings):
    """Where the key of the pseudonyms comes from: an environment variable, or a file."""

    key_env: str = "CRLM_PSEUDONYM_KEY"
    key_file: Path | None = Field(
        None, description="a file with the key, outside the home, readable by its owner alone"
    )
    demo_key: bool = Field(False, description="use the published demo key: synthetic data only")


def _as_text(value: object) -> str:
    if value is None:
        raise ValueError('null says nothing here; write the text in quotes, e.g. "" or "none"')
    # YAML 1.1 reads yes, no, on and off as booleans; a hospital means the words.
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
