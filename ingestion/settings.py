"""What registry.yml says about extracts and pseudonyms."""

from __future__ import annotations

import codecs
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator


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


class ExtractSettings(_Settings):
    """One extract of registry.yml: its files and how the hospital writes in them."""

    files: str | list[str] = Field(min_length=1)
    delivery: Literal["snapshot", "delta"] = "snapshot"
    format: FormatSettings = FormatSettings()
    calendar: Literal["gregorian", "jalali"] = "gregorian"
    date_order: Literal["dmy", "mdy", "ymd"] = "ymd"
    missing: list[str] = []
    columns: dict[str, str | None] = {}
    units: dict[str, str] = {}
    values: dict[str, dict[str, str]] = {}
    days_per_month: float = Field(30.4375, gt=27, lt=32)

    @field_validator("missing", mode="before")
    @classmethod
    def _tokens_as_text(cls, tokens: object) -> object:
        # YAML reads -999 as a number; in the file it is text.
        return [_as_text(token) for token in tokens] if isinstance(tokens, list) else tokens

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
        return [self.files] if isinstance(self.files, str) else self.files


class PrivacySettings(_Settings):
    """Where the key of the pseudonyms comes from: the name of an environment variable."""

    key_env: str = "CRLM_PSEUDONYM_KEY"
    demo_key: bool = Field(False, description="use the published demo key: synthetic data only")


def _as_text(value: object) -> str:
    if value is None:
        raise ValueError('null says nothing here; write the text in quotes, e.g. "" or "none"')
    # YAML 1.1 reads yes, no, on and off as booleans; a hospital means the words.
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
