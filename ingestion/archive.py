"""Delivered files, kept by content hash: what was read can be read again."""

from __future__ import annotations

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from ingestion.errors import DeliveryError

_CHUNK = 1 << 20


@dataclass(frozen=True)
class ArchivedFile:
    """A delivered file (``delivered``) and the archived copy (``path``) that is read."""

    delivered: Path
    path: Path
    sha256: str
    bytes: int


def archive_file(delivered: Path, archive: Path) -> ArchivedFile:
    """Copy a file into the archive under its SHA-256 and hash it in the same pass.

    The copy is read from then on, so that a file that changes meanwhile cannot be half one
    version and half another. Raises DeliveryError when the file cannot be read.
    """
    archive.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    size = 0
    handle, name = tempfile.mkstemp(dir=archive, prefix=".incoming-")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as target, delivered.open("rb") as source:
            while chunk := source.read(_CHUNK):
                digest.update(chunk)
                target.write(chunk)
                size += len(chunk)
        sha256 = digest.hexdigest()
        path = archive / f"{sha256}{delivered.suffix.lower()}"
        if path.exists():
            temporary.unlink()
        else:
            temporary.chmod(0o600)
            temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        reason = error.strerror or type(error).__name__
        raise DeliveryError(f"{delivered}: the file cannot be read ({reason})") from error
    return ArchivedFile(delivered, path, sha256, size)
