"""What a published night has to tell beside what was told before: checks and contradictions.

Names of checks and rules and counts alone: no text of a cell, no key of a patient, no center. A
message leaves the registry, and maybe the hospital: small counts are protected as in a report that
does (`expectations.report.counts`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import duckdb

from expectations.case_rules import NO_CASE, check_id_of
from expectations.report.counts import Counts
from expectations.results import ERROR, FAILED, PASSED

# A check between two nights tells of one night: that the next one passes is no recovery.
OF_ONE_NIGHT = "between_nights."
# What is only incomplete has thresholds, and is asked for by the worklist; what contradicts itself
# is told when it is found.
_CONTRADICTIONS = ("conformance", "plausibility")
_MOST_LINES = 8

_COUNTS = Counts(external=True)


@dataclass(frozen=True)
class Check:
    """A check of the night; ``share`` is the percent of rows that fail it (or, where nothing is
    known of how many there are, their number), ``share_told`` the same when it was told last."""

    check_id: str
    description: str
    violated: int | None
    denominator: int | None
    share: float
    share_told: float | None = None

    @property
    def name(self) -> str:
        """The rule in words; of a rule about cases what no case should be."""
        return self.description.removeprefix(NO_CASE).rstrip(".")

    @property
    def in_words(self) -> str:
        if self.violated is None:
            return f"{self.name}: the check could not be run"
        if self.description.startswith(NO_CASE):
            return f"{self.name}: {self._counted}"
        return f"{self.name}: not so in {self._counted}"

    @property
    def _counted(self) -> str:
        if self.denominator is None:
            return f"{_COUNTS.text(self.violated)} rows"
        return _COUNTS.of(self.violated, self.denominator)


@dataclass(frozen=True)
class Rule:
    """Cases that contradict themselves by one rule: new ones (or back again), and all open."""

    rule: str
    new: int
    open: int

    @property
    def in_words(self) -> str:
        return f"{self.rule}: {_COUNTS.text(self.new)} new, {_COUNTS.text(self.open)} open"


@dataclass(frozen=True)
class Findings:
    """What the night found, beside what was told before."""

    failing: list[Check] = field(default_factory=list)
    worse: list[Check] = field(default_factory=list)
    contradictions: list[Rule] = field(default_factory=list)
    recovered: list[Check] = field(default_factory=list)
    # Issues opened (or reopened), closed, and open now.
    issues: tuple[int, int, int] = (0, 0, 0)
    # The share of each failing check as it is told by now.
    told: dict[str, float] = field(default_factory=dict)
    is_first: bool = False

    @property
    def news(self) -> bool:
        """Whether there is anything new or worse."""
        return bool(self.failing or self.worse or self.contradictions)

    @property
    def heading(self) -> str:
        """`2 checks newly fail, 1 is worse, 3 new contradictions, 1 check recovered`."""
        fail = "fail" if len(self.failing) > 1 else "fails"
        new = sum(rule.new for rule in self.contradictions)
        parts = [
            (len(self.failing), f"{'' if self.is_first else 'newly '}{fail}"),
            (len(self.worse), "are worse" if len(self.worse) > 1 else "is worse"),
            (len(self.recovered), "recovered"),
        ]
        said = [f"{n} {'check' if n == 1 else 'checks'} {text}" for n, text in parts if n]
        if new:
            said.append("a new contradiction" if new == 1 else "new contradictions")
        return ", ".join(said)

    def lines(self) -> list[str]:
        now = "Failing" if self.is_first else "Newly failing"
        lines = [
            *_listed(now, [check.in_words for check in self.failing]),
            *_listed("Worse", [check.in_words for check in self.worse]),
            *_listed("New contradictions", [rule.in_words for rule in self.contradictions]),
            *_listed("Recovered", [check.name for check in self.recovered]),
        ]
        opened, closed, still = (_COUNTS.text(count) for count in self.issues)
        return [*lines, f"Issues: {opened} opened, {closed} closed, {still} are open."]


def find(
    con: duckdb.DuckDBPyConnection,
    run_id: str,
    *,
    told: Mapping[str, float],
    told_until: str | None,
    worse_points: float,
) -> Findings:
    """What the run found that was not told: ``told`` has the share of each failing check as it was
    told last, ``told_until`` the last run told of (null where this is the first).

    ``con`` is the published database. A check is worse where it fails in ``worse_points`` points
    more of the rows than when it was told, so that a slow drift is told too.
    """
    checks = con.execute(
        "select check_id, description, status, violated, denominator from quality.check_results "
        "where run_id = ? order by check_id",
        [run_id],
    ).fetchall()
    failing, worse, recovered = [], [], []
    shares: dict[str, float] = {}
    for check_id, description, status, violated, denominator in checks:
        share = _share(violated, denominator)
        before = told.get(check_id)
        check = Check(check_id, description, violated, denominator, share, before)
        if status in (FAILED, ERROR):
            if before is None:
                failing.append(check)
            elif share >= before + (worse_points if denominator else 1):
                worse.append(check)
            else:
                # What has become better may be told again from there.
                shares[check_id] = min(share, before)
                continue
            if not check_id.startswith(OF_ONE_NIGHT):
                shares[check_id] = share
        elif status == PASSED and before is not None:
            recovered.append(check)
    failing.sort(key=lambda check: -check.share)
    worse.sort(key=lambda check: -check.share)
    names = {check.check_id for check in (*failing, *worse)}
    since = run_id if told_until is None else told_until
    return Findings(
        failing,
        worse,
        [] if told_until is None else _contradictions(con, run_id, since, names),
        recovered,
        _issues(con, run_id, since),
        shares,
        is_first=told_until is None,
    )


def _share(violated: int | None, denominator: int | None) -> float:
    if not violated:
        return 0.0
    return 100 * violated / denominator if denominator else float(violated)


_TOLD_NOW = "(e.run_id = $run_id or (e.run_id > $since and e.run_id < $run_id))"


def _contradictions(
    con: duckdb.DuckDBPyConnection, run_id: str, since: str, told_as_check: set[str]
) -> list[Rule]:
    """The rules of contradictions with new cases, unless their check tells of them tonight."""
    rows = con.execute(
        f"""
        select i.rule, count(distinct i.issue_id),
            (select count(*) from quality.issues o
             where o.rule = i.rule and o.state in ('open', 'reopened'))
        from quality.issue_events e
        inner join quality.issues i on i.issue_id = e.issue_id
        inner join quality.case_rule_counts r on r.rule = i.rule
        where {_TOLD_NOW} and e.event in ('opened', 'reopened')
            and i.state in ('open', 'reopened') and list_contains($categories, r.category)
        group by i.rule
        order by min(i.priority), i.rule
        """,
        {"run_id": run_id, "since": since, "categories": list(_CONTRADICTIONS)},
    ).fetchall()
    return [Rule(*row) for row in rows if check_id_of(row[0]) not in told_as_check]


def _issues(con: duckdb.DuckDBPyConnection, run_id: str, since: str) -> tuple[int, int, int]:
    row = con.execute(
        f"""
        select count(*) filter (e.event in ('opened', 'reopened')),
            count(*) filter (e.event = 'closed'),
            (select count(*) from quality.issues where state in ('open', 'reopened'))
        from quality.issue_events e
        where {_TOLD_NOW}
        """,
        {"run_id": run_id, "since": since},
    ).fetchone()
    assert row is not None  # an aggregate is one row
    return row[0], row[1], row[2]


def _listed(heading: str, items: list[str]) -> list[str]:
    if not items:
        return []
    shown = [f"- {item}" for item in items[:_MOST_LINES]]
    more = len(items) - _MOST_LINES
    return [f"{heading}:", *shown, *([f"- and {more} more"] if more > 0 else [])]
