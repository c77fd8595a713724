"""Lists of patterns that bring a text into one wording, one after the other.

A text has nothing of most of them, and to look for a piece of text is a hundred times as fast as
to try a pattern: each is tried where the text holds a piece without which it cannot be found.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from itertools import chain
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

Instead = str | Callable[[re.Match[str]], str]
# One of a class of more letters stands in nearly every text.
FEW_LETTERS = 4


class Wordings:
    """Patterns of normalized texts, each with what stands instead, in their order."""

    def __init__(self, wordings: Iterable[tuple[str, Instead]]) -> None:
        self._wordings = list(wordings)

    @cached_property
    def patterns(self) -> list[tuple[re.Pattern[str], Instead, tuple[str, ...]]]:
        """Each with the pieces of which one has to stand in a text (`pieces_of`), or the empty one,
        which stands in each, where none is known.

        Made when the first text is read: in most nights all have been read before.
        """
        compiled = [(re.compile(pattern), instead) for pattern, instead in self._wordings]
        return [(pattern, instead, pieces_of(pattern) or ("",)) for pattern, instead in compiled]

    def applied(self, text: str, *, to_single_blanks: bool = False) -> str:
        """The text in these wordings; also with one blank at a time, before and after each."""
        if to_single_blanks:
            text = " ".join(text.split())
        for pattern, instead, pieces in self.patterns:
            for piece in pieces:
                if piece in text:
                    break
            else:
                continue
            reworded = pattern.sub(instead, text)
            if reworded != text:
                text = " ".join(reworded.split()) if to_single_blanks else reworded
        return text


def pieces_of(pattern: re.Pattern[str]) -> tuple[str, ...]:
    """Pieces of text of which one at least stands in each text that the pattern is found in; none
    where that is not known."""
    if pattern.flags != re.UNICODE:
        return ()
    return _of_sequence(parser.parse(pattern.pattern))


def _of_sequence(items: Iterable[tuple[Any, Any]]) -> tuple[str, ...]:
    """The longest pieces that an item of a sequence needs."""
    found: list[tuple[str, ...]] = []
    letters = ""
    for what, how in items:
        if what is op.LITERAL:
            letters += chr(how)
            continue
        if what not in (op.AT, op.ASSERT, op.ASSERT_NOT):
            # These take no room: the letters before and behind them stand side by side.
            found.append((letters,))
            letters = ""
        found.append(_of_item(what, how))
    found.append((letters,))
    return max(filter(any, found), key=_worth, default=())


def _worth(pieces: Sequence[str]) -> tuple[int, int]:
    return min(map(len, pieces)), -len(pieces)


def _of_item(what: Any, how: Any) -> tuple[str, ...]:
    if what is op.SUBPATTERN:
        _, flags, _, inner = how
        return () if flags else _of_sequence(inner)
    if what is op.ASSERT:
        return _of_sequence(how[1])
    if what in (op.MAX_REPEAT, op.MIN_REPEAT):
        least, _, repeated = how
        return _of_sequence(repeated) if least else ()
    if what is op.BRANCH:
        branches = [_of_sequence(branch) for branch in how[1]]
        return tuple(dict.fromkeys(chain(*branches))) if all(branches) else ()
    if what is op.IN and len(how) <= FEW_LETTERS and all(kind is op.LITERAL for kind, _ in how):
        return tuple(chr(letter) for _, letter in how)
    return ()
