"""The worklist of the page: the most recent issues of each kind, small enough for one file."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import duckdb

MOST_ISSUES = 5_000
FIRST_PAGE = 25

# Names of the columns, as the page shows them.
COLUMNS = (
    "Urgency",
    "What",
    "Field",
    "Patient",
    "Record",
    "Center",
    "Laboratory",
    "Month",
    "State",
    "Since",
)


@dataclass(frozen=True)
class Worklist:
    """Issues that are not closed; ``columns`` are as long as the page's list."""

    total: int
    columns: dict[str, list[Any]]

    @property
    def shown(self) -> int:
        return len(self.columns["What"])

    @property
    def first_page(self) -> list[tuple[Any, ...]]:
        """What a page without scripts shows."""
        return list(zip(*(values[:FIRST_PAGE] for values in self.columns.values()), strict=True))

    def choices(self, column: str) -> list[str]:
        return sorted(set(self.columns[column]))

    def as_json(self) -> str:
        """Per column its distinct values, and for each issue the place of its value in them.

        For the inside of a script element: no "<" is in it.
        """
        coded = {}
        for name, values in self.columns.items():
            words = {word: place for place, word in enumerate(dict.fromkeys(values))}
            coded[name] = [list(words), [words[value] for value in values]]
        text = json.dumps(coded, ensure_ascii=False, separators=(",", ":"))
        return text.replace("<", "\\u003c")


def read_worklist(con: duckdb.DuckDBPyConnection) -> Worklist:
    """The issues that are not closed, the most urgent first.

    Where there are too many for the page, each kind of issue gives its most recent ones: thousands
    of one kind leave room for the others.
    """
    kind = "rule, case when rule = 'missing field' then field end"
    cursor = con.execute(
        f"""
        with ranked as (
            select *,
                row_number() over (partition by {kind} order by opened_at desc, issue_id) as place,
                count(*) over () as total
            from quality.issues where state <> 'closed'
        ),
        chosen as (select * from ranked order by place, priority, field limit {MOST_ISSUES})
        select
            total,
            priority,
            case when detail is null then rule
                else rule || ': ' || replace(detail, '_', ' ') end,
            replace(field, '_', ' '),
            coalesce(patient_id, ''),
            coalesce(record_id, ''),
            center,
            laboratory,
            month,
            case when waived_until is null then state else state || ' until ' || waived_until end,
            strftime(opened_at, '%Y-%m-%d')
        from chosen
        order by priority, opened_at desc, center, laboratory, field, record_id, issue_id
        """
    )
    found = cursor.fetchall()
    total = found[0][0] if found else 0
    values = list(zip(*found, strict=True))[1:] if found else [()] * len(COLUMNS)
    return Worklist(
        total, {name: list(column) for name, column in zip(COLUMNS, values, strict=True)}
    )
