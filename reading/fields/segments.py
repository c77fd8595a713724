"""The resected Couinaud segments, as a field lists them, or by the name of a procedure instead.

The words are those of words/procedures.csv that are of this field.

kind          what a phrase of it does, beside the kinds of all lexicons
section       names a section, `value` its resection
caudate, lobe name the segment 1, or the lobe in which the listed segments are
wedge         what follows are wedges, which take no segment
done          what stands before it went
spared        what stands before it stayed
sparing       what follows stayed
"""

from __future__ import annotations

from reading.common import SEPARATORS, NotUnderstood, Reading
from reading.couinaud import LEFT, RIGHT, SEGMENTS_OF, list_of, marked_list
from reading.fields.procedures import read_procedure
from reading.lexicon import Lexeme, lexicon_of
from reading.measures import hardened
from reading.settings import Settings
from reading.tokens import tokens_of

NO_SEGMENT = {"none", "nil", "no", "0"}


class _Listed:
    """Goes through the words of a list of segments.

    `kept` are those that went, `spared` those that stayed, `named` those of a section by its name;
    `count` is how many there should be, by a number before them.
    """

    def __init__(self) -> None:
        self.kept: set[int] = set()
        # The segments since the last mark, and whether more than one was written there.
        self.chunk: list[int] = []
        self.chunk_is_after = ""
        self.earlier_is_compound = True
        self.is_sparing = False
        # Whether a word says of the segments before the last mark that they went.
        self.is_done = self.earlier_is_done = False
        # What follows are wedges, which take no segment.
        self.is_wedge = self.are_wedges = False
        self.wedged = 0
        self.is_joined = False
        self.spared: set[int] = set()
        self.named: set[int] = set()
        self.lobe: frozenset[int] | None = None
        self.count = 0
        # What lies between the ends of a range may have been taken.
        self.between: set[int] = set()

    def close(self, mark: str) -> None:
        """Settles the segments since the mark before; "sparing" holds up to a hard one."""
        (self.spared if self.is_sparing else self.kept).update(self.chunk)
        if self.chunk:
            self.earlier_is_compound = len(self.chunk) > 1
        self.chunk = []
        self.chunk_is_after = mark
        self.earlier_is_done, self.is_done = self.is_done, False
        if mark in (")", ";", "."):
            self.is_sparing = False

    def spare(self) -> None:
        """What stands right before "spared" does not count, nor what follows "sparing"."""
        if self.chunk and not self.is_sparing:
            # "S2, S3, S4 spared": who knows where that begins?
            if not self.kept or len(self.chunk) > 1:
                raise NotUnderstood
            is_list = self.chunk_is_after == "," and not self.earlier_is_compound
            if is_list and not self.earlier_is_done:
                raise NotUnderstood
            self.spared.update(self.chunk)
            self.chunk = []
        else:
            self.is_sparing = True

    def take(self, lexeme: Lexeme) -> None:
        """Goes on by one lexeme; raises NotUnderstood where it has no place in a list."""
        segments = list_of(lexeme.text)
        if segments is not None:
            ends = sorted(segments.segments)
            between = set(range(ends[0], ends[-1] + 1))
            is_list = len(ends) > 1 and not segments.is_one_thing
            if self.wedged or (self.is_wedge and is_list and not self.are_wedges):
                # "S6 and wedge of S2 and S3": one wedge, and a segment?
                raise NotUnderstood
            if segments.is_open_range and between | {1} == self._lobe_and_caudate():
                # "Right lobe, segments 5 to 8".
                self.chunk += sorted(between)
            elif segments.is_open_range:
                if len(ends) > 2:
                    raise NotUnderstood
                self.between |= between
                self.chunk += ends
            elif self.is_wedge:
                self.wedged = 1
            else:
                self.chunk += sorted(segments.segments)
        elif self.is_wedge and lexeme.kind not in ("fill", "wedge"):
            raise NotUnderstood
        elif lexeme.kind == "wedge":
            self._wedge()
            self.are_wedges = "wedges" in lexeme.text
        elif lexeme.kind == "done":
            self.is_done = True
        elif lexeme.kind == "section":
            self._section(lexeme.value)
        elif lexeme.kind == "caudate":
            self.chunk.append(1)
        elif lexeme.kind == "lobe":
            self.lobe = {"right": RIGHT, "left": LEFT | {1}}[lexeme.value]
        elif lexeme.kind == "spared":
            if not self.chunk:
                raise NotUnderstood
            self.spare()
        elif lexeme.kind in ("sparing", "deny"):
            self.close(",")
            self.is_sparing = True
        elif lexeme.kind == "number" and not self.chunk and not self.kept and not self.count:
            self.count = int(lexeme.value) if lexeme.value.isdigit() else -1
        elif lexeme.kind == "mark" and lexeme.value in SEPARATORS - {"-", "/"} | {"#"}:
            self.close(lexeme.value)
        elif lexeme.kind == "but":
            if lexeme.text == "though" or not (self.chunk or self.kept):
                # "5 though 8" is a slip for "through"; "all but 4".
                raise NotUnderstood
            self.close(",")
        elif lexeme.kind not in ("fill", "join"):
            raise NotUnderstood
        self.is_joined = lexeme.kind == "join"

    def _lobe_and_caudate(self) -> frozenset[int]:
        return frozenset() if self.lobe is None else self.lobe | {1}

    def _wedge(self) -> None:
        """ "S6 and wedge of S2": at the end, apart from the segments before it."""
        if self.wedged or not (self.kept or self.chunk):
            raise NotUnderstood
        if self.chunk and not self.is_joined:
            raise NotUnderstood
        self.close(",")
        self.is_wedge = True

    def _section(self, name: str) -> None:
        segments = set(SEGMENTS_OF[name])
        listed = self.kept | set(self.chunk)
        if self.named or (listed and listed != segments):
            raise NotUnderstood
        self.named = segments

    def segments(self) -> list[int]:
        """Those that went; raises NotUnderstood where none did or what is told does not agree."""
        self.close(".")
        if self.is_wedge and not self.wedged:
            raise NotUnderstood
        found = self.kept or self.named
        if not found or found & self.spared or not self.named <= found:
            raise NotUnderstood
        if self.lobe is not None and not found <= self.lobe:
            raise NotUnderstood
        if self.count and self.count != len(found):
            raise NotUnderstood
        if self.between and self.spared:
            raise NotUnderstood
        return sorted(found)


def read_segments(field: str, text: str, settings: Settings) -> Reading | None:
    """The segments of a list; those that were spared do not count.

    A range of more than two written with a dash ("5-8") may mean both ends or all between, and is
    imprecise; in words ("5 to 8") it means all.
    """
    if text.rstrip(" .") in NO_SEGMENT:
        return Reading(segments=(), segments_at_most=())
    listed = _Listed()
    try:
        for lexeme in hardened(lexicon_of(field).lexemes(tokens_of(marked_list(text)))):
            listed.take(lexeme)
        segments = listed.segments()
    except NotUnderstood:
        return _segments_of_procedure(text, settings)
    at_most = sorted(listed.between.union(segments))
    return Reading(
        missing_reason="imprecise" if at_most != segments else None,
        segments=tuple(segments),
        segments_at_most=tuple(at_most),
    )


def _segments_of_procedure(text: str, settings: Settings) -> Reading | None:
    """The segments of a procedure that is named instead of them, or beside a range of them."""
    named = read_procedure("procedure", text, settings)
    if named is None or not named.segments or named.segments != named.segments_at_most:
        return None
    return Reading(segments=named.segments, segments_at_most=named.segments)


READERS = {"segments": read_segments}
