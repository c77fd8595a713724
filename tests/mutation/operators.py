"""The comparisons of the rules, and each of them turned around.

Every operator of the SQL under `dbt_project` gets a comment with a number behind it (`</*m12*/`).
Comments pass through Jinja and dbt, so that the project is compiled once and a mutant is a change
of the compiled SQL, in each place where a macro has put it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FLIPPED = {
    "<": "<=",
    "<=": "<",
    ">": ">=",
    ">=": ">",
    "=": "<>",
    "<>": "=",
    "!=": "=",
    "not": "",
    "min": "max",
    "max": "min",
    "min_by": "max_by",
    "max_by": "min_by",
    "least": "greatest",
    "greatest": "least",
    "bool_or": "bool_and",
    "bool_and": "bool_or",
    "list_min": "list_max",
    "list_max": "list_min",
    "desc": "asc",
}
BETWEEN = "between"
ENDS = re.compile(
    r"(?P<value>\S+) between(?P<marks>(?:/\*m\d+\*/)+) (?P<low>\S+) and (?P<high>[^\s)]+)"
)
FUNCTION = "min_by|max_by|min|max|least|greatest|bool_or|bool_and|list_min|list_max"
OPERATOR = re.compile(
    rf"(?<![<>=!:|~-])(?:<=|>=|<>|!=|<|>|=)(?![<>=])|\b(?:not|desc|between)\b|\b(?:{FUNCTION})(?=\()"
)
# Text of a Jinja expression is SQL too, unless it is a pattern or a word for people.
PLAIN = re.compile(r"^(?!not [a-z ]+$)[^|\\?\]]*$")
CONDITION_BEFORE = re.compile(r"(^|\(|\b(and|or|when|where|is|then)) *$")
TOKEN = re.compile(
    r"(?P<jinja_comment>\{#.*?#\})|(?P<jinja>\{\{.*?\}\}|\{%.*?%\})"
    r"|(?P<comment>--[^\n]*)|(?P<quote>')|(?P<operator>" + OPERATOR.pattern + ")",
    re.DOTALL | re.IGNORECASE,
)
LITERAL = re.compile(r"'((?:[^'\\]|\\.)*)'|\"((?:[^\"\\]|\\.)*)\"", re.DOTALL)


@dataclass(frozen=True)
class Operator:
    """One operator in a file; `place` counts those that are written alike on its line."""

    number: int
    file: str
    line: int
    text: str
    operator: str
    place: int

    @property
    def change(self) -> str:
        if self.operator == BETWEEN:
            changed = "between without its " + ("first" if self.is_first_end else "last")
        else:
            changed = f"{self.operator} to {FLIPPED[self.operator] or '(dropped)'}"
        return changed + (f", {self.place}." if self.place > 1 else "")

    @property
    def is_first_end(self) -> bool:
        return self.place % 2 == 1

    def mutate(self, compiled: str) -> str:
        """Return compiled SQL with this operator turned around."""
        if self.operator == BETWEEN:
            return ENDS.sub(self._without_end, compiled)
        return compiled.replace(self.operator + mark(self.number), FLIPPED[self.operator] + " ")

    def _without_end(self, found: re.Match[str]) -> str:
        if mark(self.number) not in found["marks"]:
            return found[0]
        value, low, high = found["value"], found["low"], found["high"]
        first, last = (">", "<=") if self.is_first_end else (">=", "<")
        return f"({value} {first} {low} and {value} {last} {high})"


def mark(number: int) -> str:
    return f"/*m{number}*/"


def mark_operators(project: Path) -> list[Operator]:
    """Mark the operators in the models and macros of a copy of the dbt project, in place."""
    found: list[Operator] = []
    for path in sorted([*project.glob("models/**/*.sql"), *project.glob("macros/**/*.sql")]):
        text = path.read_text(encoding="utf-8")
        lines = text.splitlines()
        marked, last = "", 0
        seen: dict[tuple[int, str], int] = {}
        for start, end in _operators(text):
            line = text.count("\n", 0, start) + 1
            operator = text[start:end]
            marked += text[last:end]
            for _ in range(2 if operator == BETWEEN else 1):
                seen[line, operator] = seen.get((line, operator), 0) + 1
                found.append(
                    Operator(
                        len(found),
                        path.relative_to(project).as_posix(),
                        line,
                        lines[line - 1].strip(),
                        operator,
                        seen[line, operator],
                    )
                )
                marked += mark(found[-1].number)
            last = end
        path.write_text(marked + text[last:], encoding="utf-8")
    return found


def _operators(text: str) -> Iterator[tuple[int, int]]:
    """Where the operators of SQL stand, outside comments, texts and what is Jinja alone."""
    quoted = False
    for token in TOKEN.finditer(text):
        kind = token.lastgroup
        if kind == "quote":
            quoted = not quoted
        elif kind == "jinja" and not quoted:
            yield from _operators_in_jinja(text, token.start(), token.end())
        elif kind == "operator" and not quoted:
            yield token.start(), token.end()


def _operators_in_jinja(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for literal in LITERAL.finditer(text, start, end):
        group = 1 if literal[1] is not None else 2
        content, at = literal[group], literal.start(group)
        joined = "~" in text[literal.end() : literal.end() + 3]
        if content in ("min", "max") or (content.strip().lower() in FLIPPED and joined):
            first = at + len(content) - len(content.lstrip())
            yield first, first + len(content.strip())
        elif PLAIN.match(content) and re.search(r"[a-z0-9]", content):
            bare = re.sub(r"'[^']*'", lambda found: " " * len(found[0]), content)
            for operator in OPERATOR.finditer(bare):
                word = operator[0] in ("not", "desc", "between")
                if not word or CONDITION_BEFORE.search(bare[: operator.start()]):
                    yield at + operator.start(), at + operator.end()
