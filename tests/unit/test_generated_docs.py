"""The generated pages are those that `make docs` would write now."""

from __future__ import annotations

import runpy
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]


def test_pages_show_what_the_tests_hold() -> None:
    generate = runpy.run_path(str(PROJECT / "docs" / "generate.py"))
    for path, text in generate["pages"]().items():
        assert path.read_text(encoding="utf-8") == text, f"{path.name}: run make docs"
