"""What the comment of a pathology report says of the fields that columns may lack."""

from __future__ import annotations

from reading.common import Reading


def read_comment(text: str) -> dict[str, Reading]:
    """What a normalized comment says of each field that it names."""
    return {}
