"""Errors of the night, each with the exit code that the command line returns."""

from __future__ import annotations

import re

from analysis.errors import AnalysisError
from ingestion.errors import DeliveryHeldError, IngestionError


class RefreshError(Exception):
    """A stage or the gate failed; the last release stands."""

    exit_code = 1


class ConfigurationError(RefreshError):
    """registry.yml, or the way a command was called, is wrong."""

    exit_code = 2


class HeldError(RefreshError):
    """The delivery was taken in, but less of it can be read than before: it is held."""


class LockedError(RefreshError):
    """Another refresh is running."""

    exit_code = 3


class MissedNightError(RefreshError):
    """The last good night is too old, or there was none."""

    exit_code = 4


class BusyError(RefreshError):
    """Another program has the warehouse open."""


class Stopped(BaseException):
    """The run was asked to stop (SIGTERM). No error: nothing that catches those may swallow it."""

    # What a shell says of a process that a SIGTERM ended.
    exit_code = 143


# Errors whose text is a sentence without a value of a patient. Of any other only its type is told.
SAID = (RefreshError, IngestionError, AnalysisError)
# A delivery that looks wrong beside the last one.
HELD = (HeldError, DeliveryHeldError)


def in_words(error: BaseException) -> str:
    """What may be logged and sent of an error: its sentence, or the name of its type."""
    if isinstance(error, SAID):
        return str(error)
    if isinstance(error, Stopped):
        return "it was asked to stop"
    return f"an unexpected {type(error).__name__}"


# Errors that arise before a row is looked at: their texts name columns and code, no value.
_BEFORE_ANY_ROW = re.compile(r"(Binder|Catalog|Parser|Compilation|Dependency|Parsing) Error", re.I)
_QUOTED = re.compile(r"'(?:[^']|'')*'|\"[^\"]*\"")


def without_values(message: str) -> str:
    """An error of the database without what it quotes, unless it arose before any row was read.

    A failed conversion quotes the text that it could not convert.
    """
    return message if _BEFORE_ANY_ROW.search(message) else _QUOTED.sub("'…'", message)
