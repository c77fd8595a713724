"""Delivered files, kept by content hash: what was read can be read again."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from ingestion.errors import DeliveryError, DeliveryNotReadyError

_CHUNK = 1 << 20


@dataclass(frozen=True)
class ArchivedFile:
    """A delivered file (``delivered``) and the archived copy (``path``) that is read."""

    delivered: Path
    path: Path
    sha256: str
    bytes: int


def archive_file(delivered: Path, archive: Path) -> ArchivedFile:
    """Keep a file in the archive under its SHA-256; one that is there already is not copied again.

    The copy is hashed as it is written and is read from then on, so that a file that changes
    meanwhile cannot be half one version and half another. Raises DeliveryError when the file
    cannot be read or changes while it is copied.
    """
    archive.mkdir(parents=True, exist_ok=True)
    try:
        with delivered.open("rb") as source:
            digest = hashlib.sha256()
            for chunk in _chunks(source):
                digest.update(chunk)
            size = source.tell()
            known = _place(archive, digest.hexdigest(), delivered)
            # A power failure may leave a copy cut short: it is made anew.
            if not known.exists() or known.stat().st_size != size:
                source.seek(0)
                return _copy(source, delivered, archive)
        return ArchivedFile(delivered, known, digest.hexdigest(), size)
    except OSError as error:
        raise DeliveryError(f"{delivered}: {_complaint(error)}") from error


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner reads, whole or not at all; its folder is made."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    temporary = path.with_name(f".{path.stem}.incoming")
    with temporary.open("w", encoding="utf-8") as handle:
        handle.write(text)
        handle.flush()
        os.fsync(handle.fileno())
    temporary.chmod(0o600)
    temporary.replace(path)


def hash_file(path: Path) -> str:
    """The SHA-256 of a file in hexadecimal."""
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def file_suffix(path: Path) -> str:
    """The ending that tells the format, in lower case: ``.csv``, ``.csv.gz``, ``.xlsx``, …"""
    suffix = path.suffix.lower()
    return Path(path.stem).suffix.lower() + suffix if suffix == ".gz" else suffix


def _copy(source: BinaryIO, delivered: Path, archive: Path) -> ArchivedFile:
    digest = hashlib.sha256()
    before = os.fstat(source.fileno())
    handle, name = tempfile.mkstemp(dir=archive, prefix=".incoming-")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as target:
            for chunk in _chunks(source):
                digest.update(chunk)
                target.write(chunk)
        after = os.fstat(source.fileno())
        if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
            raise DeliveryNotReadyError(
                f"{delivered}: the file is being written; try again when its delivery is complete"
            )
        path = _place(archive, digest.hexdigest(), delivered)
        temporary.chmod(0o600)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    return ArchivedFile(delivered, path, digest.hexdigest(), path.stat().st_size)


def _chunks(source: BinaryIO) -> Iterator[bytes]:
    return iter(lambda: source.read(_CHUNK), b"")


def _place(archive: Path, sha256: str, delivered: Path) -> Path:
    return archive / f"{sha256}{file_suffix(delivered)}"


def _complaint(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "the file vanished before it was read; try again when its delivery is complete"
    if isinstance(error, PermissionError):
        return "the file cannot be read (permission denied); let the account of this job read it"
    return f"the file cannot be read ({error.strerror or type(error).__name__})"
