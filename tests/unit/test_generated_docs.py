"""The generated pages are those that `make docs` would write now."""

from __future__ import annotations

from docs import generate


def test_pages_show_what_the_tests_hold() -> None:
    for path, text in generate.pages().items():
        assert path.read_text(encoding="utf-8") == text, f"{path.name}: run make docs"
