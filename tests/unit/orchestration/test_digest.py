"""What a night has to tell beside what was told: nothing twice, a drift in the end."""

from __future__ import annotations

import duckdb
import pytest

from expectations.results import CheckResult, record
from orchestration.digest import find

FIRST, SECOND, THIRD = (f"2026030{day}T021500000Z" for day in (1, 2, 3))


def check(check_id, violated, denominator=1000, *, status=None, description=None):
    found = status or ("failed" if violated else "passed")
    said = description or f"{check_id} is known."
    return CheckResult(
        check_id, "sql", "marts", "t", "c", "completeness", "warning", found, violated,
        denominator, 0, said,
    )  # fmt: skip


@pytest.fixture
def con():
    from expectations.issues import create_tables

    with duckdb.connect() as found:
        create_tables(found)
        found.execute("create table quality.case_rule_counts (rule varchar, category varchar)")
        found.execute(
            "insert into quality.case_rule_counts values ('two sexes', 'conformance'), "
            "('no pathology report', 'completeness'), ('two dates, of death', 'plausibility')"
        )
        yield found


def night(con, run_id, *checks):
    from orchestration.runs import started_at_of

    record(con, run_id, started_at_of(run_id).replace(tzinfo=None), list(checks))


def found_by(con, run_id, told=None, until=None, points=1.0):
    return find(con, run_id, told=told or {}, told_until=until, worse_points=points)


def issue(con, issue_id, rule, *events, state="open", priority=1):
    """An issue and its events, each as (run_id, event)."""
    con.execute(
        "insert into quality.issues by name select ? as issue_id, ? as rule, ? as state, "
        "? as priority",
        [issue_id, rule, state, priority],
    )
    for run_id, event in events:
        con.execute(
            "insert into quality.issue_events by name select ? as issue_id, ? as run_id, "
            "? as event",
            [issue_id, run_id, event],
        )


def test_the_first_night_tells_what_fails(con):
    night(con, FIRST, check("a", 200), check("b", 0), check("c", None, status="error"))
    found = found_by(con, FIRST)
    assert found.heading == "2 checks fail"
    assert found.told == {"a": 20.0, "c": 0.0}
    assert found.lines() == [
        "Failing:",
        "- a is known: not so in 200 of 1,000 (20%)",
        "- c is known: the check could not be run",
        "Issues: 0 opened, 0 closed, 0 are open.",
    ]


def test_the_same_is_not_told_twice(con):
    night(con, FIRST, check("a", 200))
    night(con, SECOND, check("a", 200))
    found = found_by(con, SECOND, {"a": 20.0}, FIRST)
    assert not found.news
    assert (found.recovered, found.told) == ([], {"a": 20.0})


@pytest.mark.parametrize(
    ("violated", "is_worse", "told"),
    [(209, False, 20.0), (210, True, 21.0), (211, True, 21.1), (190, False, 19.0)],
)
def test_worse_is_by_a_point_and_better_counts_from_there(con, violated, is_worse, told):
    night(con, SECOND, check("a", violated))
    found = found_by(con, SECOND, {"a": 20.0}, FIRST)
    assert bool(found.worse) == is_worse
    assert found.told == {"a": pytest.approx(told)}


def test_a_slow_drift_is_told_in_the_end(con):
    told, said = {"a": 20.0}, []
    for step in range(1, 7):
        run_id = f"202603{step + 10}T021500000Z"
        night(con, run_id, check("a", 200 + 4 * step))
        found = found_by(con, run_id, told, FIRST)
        told = found.told
        said.append(bool(found.worse))
    assert said == [False, False, True, False, False, True]


def test_without_a_denominator_one_row_more_is_worse(con):
    night(con, SECOND, check("a", 7, None))
    assert not found_by(con, SECOND, {"a": 7.0}, FIRST).news
    (worse,) = found_by(con, SECOND, {"a": 6.0}, FIRST).worse
    assert worse.in_words == "a is known: not so in 5 rows"


def test_recovered_is_told_and_forgotten(con):
    night(con, SECOND, check("a", 0), check("b", 0, 0, status="not applicable"), check("d", 0))
    found = found_by(con, SECOND, {"a": 20.0, "b": 5.0, "gone": 3.0}, FIRST)
    assert [c.check_id for c in found.recovered] == ["a"]
    assert found.heading == "1 check recovered"
    assert (found.news, found.told) == (False, {})


def test_a_check_between_two_nights_is_told_once_and_never_recovers(con):
    night(con, SECOND, check("between_nights.a", 1, 1))
    found = found_by(con, SECOND, {}, FIRST)
    assert (len(found.failing), found.told) == (1, {})
    night(con, THIRD, check("between_nights.a", 0, 1))
    found = found_by(con, THIRD, found.told, SECOND)
    assert (found.news, found.recovered) == (False, [])


def test_new_contradictions_are_told_and_the_worklist_only_counted(con):
    night(con, THIRD, check("a", 0))
    issue(con, "1", "two sexes", (FIRST, "opened"))
    # A night between that published nothing, and tonight.
    issue(con, "2", "two sexes", (FIRST, "opened"), (SECOND, "closed"), (THIRD, "reopened"))
    issue(con, "3", "two sexes", (SECOND, "opened"))
    issue(con, "4", "two sexes", (SECOND, "opened"), (THIRD, "closed"), state="closed")
    issue(con, "5", "no pathology report", (THIRD, "opened"), priority=2)
    issue(con, "6", "missing field", (THIRD, "opened"), priority=100)
    found = found_by(con, THIRD, {}, FIRST)
    (rule,) = found.contradictions
    assert (rule.rule, rule.new, rule.open) == ("two sexes", 2, 3)
    assert found.heading == "new contradictions"
    assert found.issues == (5, 2, 5)
    # A night without anything new.
    assert not found_by(con, "20260304T021500000Z", {}, THIRD).news


def test_a_rule_whose_check_newly_fails_is_told_once(con):
    issue(con, "1", "two dates, of death", (SECOND, "opened"))
    night(
        con,
        SECOND,
        check("case.two_dates_of_death", 1, description="No case of: two dates, of death."),
    )
    found = found_by(con, SECOND, {}, FIRST)
    assert found.contradictions == []
    assert found.lines()[:2] == ["Newly failing:", "- two dates, of death: <5 of 1,000 (<0.5%)"]
    # Told as failing, a case more is a new contradiction.
    issue(con, "2", "two dates, of death", (THIRD, "opened"))
    night(con, THIRD, check("case.two_dates_of_death", 2))
    found = found_by(con, THIRD, found.told, SECOND)
    assert [(r.new, r.open) for r in found.contradictions] == [(1, 2)]
    assert found.heading == "a new contradiction"
    assert "- two dates, of death: <5 new, <5 open" in found.lines()


def test_many_are_cut_short_the_worst_first(con):
    night(con, SECOND, *(check(f"c{n:02d}", 10 * n) for n in range(1, 12)))
    lines = found_by(con, SECOND, {}, FIRST).lines()
    assert lines[1] == "- c11 is known: not so in 110 of 1,000 (11%)"
    assert lines[8] == "- c04 is known: not so in 40 of 1,000 (4%)"
    assert lines[9] == "- and 3 more"
