"""The readers of `reading/`, each comparison turned around and each word made to say another thing.

A function is changed by giving it the code of its changed source, in this process; the texts of
`tests/spec` that went through it are then read again until one is read otherwise than before. A
word is changed in the lexicons, and the texts in which it was found are read again.
"""

from __future__ import annotations

import ast
import csv
import inspect
import signal
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import chain
from pathlib import Path
from types import CodeType, FrameType, FunctionType, ModuleType
from typing import Any, NamedTuple

import reading
from ingestion.vocabulary import normalized_text
from reading import comments, lexicon
from reading.comments import read_comment
from reading.common import Reading
from reading.lexicon import Entry, Lexeme, Lexicon, lexicon_of
from reading.read import read, readers
from reading.sentence import parts_of, statements_of
from reading.settings import Settings
from reading.tokens import rewritten, tokens_of
from tests.spec.corpus import UNITS, load_corpus

FOLDER = Path(next(iter(reading.__path__)))
# What keeps readings, and decides which patterns are tried, reads nothing itself.
NOT_READERS = {"functions.py", "kept.py", "rows.py", "wordings.py"}
# A change can make a loop endless: a text that takes longer is read otherwise.
SECONDS = 2
OPPOSITE: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
SIGNS = {
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.In: "in",
    ast.NotIn: "not in",
}
FUNCTIONS = {"min": "max", "max": "min"}


class Text(NamedTuple):
    """A text of the corpus that is read as a sentence, its field and how that is set."""

    field: str
    text: str
    settings: Settings

    def read(self) -> Any:
        """What the corpus shows of what is read."""
        statements_of.cache_clear()
        parts_of.cache_clear()
        rewritten.cache_clear()
        comments._said.cache_clear()
        if self.field == "comment":
            return {name: _shown(name, r) for name, r in read_comment(self.text).items()}
        return _shown(self.field, read(self.field, self.text, self.settings))


def _shown(field: str, read_as: Reading | None) -> object:
    if read_as is None or field not in ("procedure", "segments"):
        return read_as
    if field == "procedure":
        return read_as.value, read_as.missing_reason
    return read_as.missing_reason, read_as.segments


class _Endless(Exception):
    """Reading a text does not end."""


def _alarmed(signal_number: int, frame: FrameType | None) -> None:
    raise _Endless


@dataclass(frozen=True)
class Turned:
    """One operator of a function, turned around."""

    file: str
    line: int
    text: str
    change: str
    function: FunctionType
    code: CodeType

    @contextmanager
    def applied(self) -> Iterator[None]:
        """Change the function."""
        was = self.function.__code__
        self.function.__code__ = self.code
        self._forget()
        try:
            yield
        finally:
            self.function.__code__ = was
            self._forget()

    @property
    def makes_lexicons(self) -> bool:
        """Whether it may be of the functions that are called once, and for all texts."""
        return self.file == "reading/lexicon.py"

    def _forget(self) -> None:
        """Have the lexicons made again, by the function as it is now."""
        if self.makes_lexicons:
            for made in (lexicon_of, lexicon._general, lexicon._phrases_by_field):
                made.cache_clear()


class Readers:
    """The texts of the corpus as they are read, and which functions and words each goes through."""

    def __init__(self) -> None:
        listed = _listed_phrases()
        self.read_as: dict[Text, Any] = {}
        self.through: dict[CodeType, list[Text]] = defaultdict(list)
        self.holding: dict[tuple[int, str], list[Text]] = defaultdict(list)
        signal.signal(signal.SIGALRM, _alarmed)
        for row in load_corpus():
            text = normalized_text(row["text"])
            if row["field"] not in (*readers(), "comment") or row["scale"] or text in listed:
                # A list says what the whole text means: it is not read.
                continue
            unit = UNITS.get(row["extract"], {}).get(row["field"])
            self._trace(Text(row["field"], text, Settings(unit=unit)))

    def _trace(self, text: Text) -> None:
        seen: set[CodeType] = set()

        def called(frame: FrameType, event: str, argument: Any) -> None:
            if event == "call":
                seen.add(frame.f_code)

        found: set[tuple[int, str]] = set()
        lexemes = Lexicon.lexemes

        def noticed(of_field: Lexicon, tokens: Any) -> list[Lexeme]:
            of_tokens = lexemes(of_field, tokens)
            # As it is spelled in the lexicon, which may not be how it is written here.
            found.update(
                (id(of_field), of_field.spelled(lexeme.text.split(" "))) for lexeme in of_tokens
            )
            return of_tokens

        Lexicon.lexemes = noticed  # type: ignore[method-assign]
        sys.setprofile(called)
        try:
            self.read_as[text] = text.read()
        finally:
            sys.setprofile(None)
            Lexicon.lexemes = lexemes  # type: ignore[method-assign]
        for code in seen:
            if code.co_filename.startswith(str(FOLDER)):
                self.through[code].append(text)
        for key in found:
            self.holding[key].append(text)

    def first_otherwise(self, texts: Iterable[Text]) -> Text | None:
        """The first of some texts that is read otherwise than before."""
        for text in texts:
            signal.alarm(SECONDS)
            try:
                if text.read() != self.read_as[text]:
                    return text
            except Exception:
                return text
            finally:
                signal.alarm(0)
        return None


def _listed_phrases() -> set[str]:
    listed = set()
    for path in sorted((FOLDER.parent / "dbt_project/seeds").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as handle:
            listed |= {normalized_text(row.get("phrase") or "") for row in csv.DictReader(handle)}
    return listed


def reading_files() -> list[str]:
    """The files of the readers and of their words."""
    files = sorted([*FOLDER.rglob("*.py"), *FOLDER.glob("words/*.csv")])
    return [_path(path) for path in files if path.name not in NOT_READERS]


def turned_functions(readers_: Readers, files: str = "") -> Iterator[dict[str, str]]:
    """What becomes of each operator of `reading/` that is turned around."""
    for turned in chain.from_iterable(map(_turned, _modules(files))):
        texts = readers_.through.get(turned.function.__code__, [])
        if turned.makes_lexicons:
            texts = list(readers_.read_as)
        with turned.applied():
            killer = readers_.first_otherwise(texts)
        yield {
            "file": turned.file,
            "line": str(turned.line),
            "text": turned.text,
            "change": turned.change,
            "killed_by": _shown_text(killer),
        }


def changed_words(readers_: Readers, files: str = "") -> Iterator[dict[str, str]]:
    """What becomes of each row of `reading/words/` whose phrases are made to say another thing."""
    lexicons = {field: lexicon_of(field) for field in _fields()}
    for path in sorted((FOLDER / "words").glob("*.csv")):
        if files not in _path(path):
            continue
        with path.open(encoding="utf-8", newline="") as handle:
            rows = list(csv.DictReader(handle))
        for number, row in enumerate(rows, start=2):
            other = _other_entry(row, rows)
            killer = None
            for phrase in row["phrases"].split(" | "):
                killer = killer or _with_phrase(readers_, lexicons, row, phrase.strip(), other)
            yield {
                "file": _path(path),
                "line": str(number),
                "text": f"{_said(row)}: {row['phrases'].split(' | ')[0]}",
                "change": f"to {other.kind} {other.value}".strip(),
                "killed_by": _shown_text(killer),
            }


def _with_phrase(
    readers_: Readers, lexicons: dict[str, Lexicon], row: dict[str, str], phrase: str, other: Entry
) -> Text | None:
    """The first text that is read otherwise with a phrase changed where the row holds."""
    words = tuple(tokens_of(phrase))
    for of_field in lexicons.values():
        entry = of_field._phrases.get(words)
        if entry is None or (entry.kind, entry.value) != (row["kind"], row["value"]):
            continue
        of_field._phrases[words] = other
        try:
            texts = readers_.holding.get((id(of_field), " ".join(words)), [])
            killer = readers_.first_otherwise(texts)
        finally:
            of_field._phrases[words] = entry
        if killer:
            return killer
    return None


def _fields() -> list[str]:
    """All fields that have a lexicon."""
    return [*readers(), "comment", "remains"]


def _other_entry(row: dict[str, str], rows: list[dict[str, str]]) -> Entry:
    """The next name that its field has; what is no name changes nothing any more, or is not known
    where it did not change anything."""
    alike = [x["value"] for x in rows if (x["kind"], x["fields"]) == (row["kind"], row["fields"])]
    values = sorted(set(alike))
    if row["kind"] == "concept" and len(values) > 1:
        return Entry("concept", values[(values.index(row["value"]) + 1) % len(values)])
    return Entry("unknown" if row["kind"] == "fill" else "fill", "")


def _said(row: dict[str, str]) -> str:
    return " ".join(filter(None, (row["kind"], row["value"], row["fields"])))


def _shown_text(text: Text | None) -> str:
    return f"{text.field} / {text.text}" if text else ""


def _modules(files: str) -> Iterator[ModuleType]:
    chosen = {file for file in reading_files() if files in file}
    for name, module in sorted(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if name.startswith("reading.") and file and _path(file) in chosen:
            yield module


def _path(file: str | Path) -> str:
    return Path(file).relative_to(FOLDER.parent).as_posix()


def _turned(module: ModuleType) -> Iterator[Turned]:
    source = inspect.getsource(module)
    lines = source.splitlines()
    functions = {_place(f.__code__): f for f in _functions(module)}
    count = len(list(_operators(ast.parse(source))))
    seen: dict[tuple[int, str], int] = defaultdict(int)
    for number in range(count):
        tree = ast.parse(source)
        line, change, turn = list(_operators(tree))[number]
        turn()
        seen[line, change] += 1
        if seen[line, change] > 1:
            change += f", {seen[line, change]}."
        code = compile(ast.fix_missing_locations(tree), str(module.__file__), "exec")
        for changed in _codes(code):
            function = functions.get(_place(changed))
            if function is not None and changed != function.__code__:
                text = lines[line - 1].strip()
                yield Turned(_path(str(module.__file__)), line, text, change, function, changed)


def _place(code: CodeType) -> tuple[str, int]:
    return code.co_qualname, code.co_firstlineno


def _codes(code: CodeType) -> Iterator[CodeType]:
    """The codes of functions and of the methods of classes."""
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield constant
            # What is defined within a function is part of its code.
            if not constant.co_flags & inspect.CO_OPTIMIZED:
                yield from _codes(constant)


def _functions(module: ModuleType) -> Iterator[FunctionType]:
    for value in vars(module).values():
        if isinstance(value, type) and value.__module__ == module.__name__:
            for member in vars(value).values():
                yield from _function(member, module)
        else:
            yield from _function(value, module)


def _function(member: object, module: ModuleType) -> Iterator[FunctionType]:
    if isinstance(member, property):
        member = member.fget
    elif isinstance(member, cached_property):
        member = member.func
    member = inspect.unwrap(member) if callable(member) else member
    if isinstance(member, FunctionType) and member.__module__ == module.__name__:
        yield member


def _operators(tree: ast.AST) -> Iterator[tuple[int, str, Callable[[], None]]]:
    """Line, change and what changes the tree so, of each operator."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            for at, operator in enumerate(node.ops):
                other = OPPOSITE.get(type(operator))
                # "is None" says what there is, and compares nothing.
                if other is not None:
                    change = f"{SIGNS[type(operator)]} to {SIGNS[other]}"
                    turn = partial(node.ops.__setitem__, at, other())
                    yield node.comparators[at].lineno, change, turn
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            # "not not x" is the truth of x.
            turn = partial(setattr, node, "operand", ast.UnaryOp(ast.Not(), node.operand))
            yield node.lineno, "not to (dropped)", turn
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            other_function = FUNCTIONS.get(node.func.id)
            if other_function:
                change = f"{node.func.id} to {other_function}"
                yield node.lineno, change, partial(setattr, node.func, "id", other_function)
