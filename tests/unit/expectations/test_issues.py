"""Issues across nights: thirty random nights equal a plain Python ledger of the same."""

from __future__ import annotations

import random
import statistics
from datetime import date, datetime, timedelta

import duckdb
import pytest

from expectations.issues import ANSWERS, Answer, follow, take_answers

COLUMNS = (
    "issue_id varchar, rule varchar, field varchar, patient_id varchar, record_id varchar, "
    "center varchar, laboratory varchar, month varchar, detail varchar, priority integer, "
    "remedy varchar"
)
FIRST = datetime(2026, 1, 1, 2, 15)


@pytest.fixture
def con():
    with duckdb.connect() as con:
        con.execute(f"create schema intermediate; create table intermediate.int_issues ({COLUMNS})")
        yield con


def find(con, found, detail="not_reported"):
    con.execute("delete from intermediate.int_issues")
    rows = [
        (name, "missing field", "tumor_grade", "p", name, f"centre {name[-1]}", "L", None, detail)
        for name in found
    ]
    if rows:
        con.executemany(
            f"insert into intermediate.int_issues values ({'?, ' * 9} 100, 'ask')", rows
        )


def state(con, name):
    return con.execute("select state from quality.issues where issue_id = ?", [name]).fetchone()[0]


def night(number):
    return FIRST + timedelta(days=number)


def test_an_issue_opens_closes_and_opens_again(con):
    for number, (found, expected) in enumerate(
        [(["a"], "open"), (["a"], "open"), ([], "closed"), ([], "closed"), (["a"], "reopened")]
    ):
        find(con, found)
        follow(con, f"run {number}", night(number))
        assert state(con, "a") == expected
    row = con.execute(
        "select first_seen, last_seen, opened_at, closed_at, days_to_close, times_reopened "
        "from quality.issues"
    ).fetchone()
    assert row == (night(0), night(4), night(4), None, None, 1)
    find(con, [])
    follow(con, "run 7", night(7))
    assert con.execute("select closed_at, days_to_close from quality.issues").fetchone() == (
        night(7),
        3,
    )


def test_a_night_that_is_followed_twice_adds_nothing(con):
    find(con, ["a", "b"])
    follow(con, "run", night(0))
    before = con.execute("from quality.issue_events order by all").fetchall()
    follow(con, "run", night(0))
    assert con.execute("from quality.issue_events order by all").fetchall() == before


def test_what_is_known_of_an_issue_is_what_the_last_night_found(con):
    find(con, ["a"])
    follow(con, "run 0", night(0))
    find(con, ["a"], detail="unreadable")
    follow(con, "run 1", night(1))
    find(con, [])
    follow(con, "run 2", night(2))
    assert con.execute("select detail, last_seen from quality.issues").fetchone() == (
        "unreadable",
        night(1),
    )


@pytest.mark.parametrize(
    ("answer", "becomes"),
    [
        ("will be corrected", "answered"),
        ("corrected at source", "fixed at source"),
        ("cannot be known", "waived"),
    ],
)
def test_an_answer_holds_until_the_issue_is_gone(con, answer, becomes):
    find(con, ["a"])
    follow(con, "run 0", night(0))
    given = Answer(
        "a", answer, "M. Manager", night(0) + timedelta(hours=6), "lost", date(2027, 1, 1)
    )
    assert take_answers(con, [given], given.at) == 1
    assert state(con, "a") == becomes
    follow(con, "run 1", night(1))
    assert state(con, "a") == becomes
    find(con, [])
    follow(con, "run 2", night(2))
    assert state(con, "a") == "closed"
    find(con, ["a"])
    follow(con, "run 3", night(3))
    assert state(con, "a") == "reopened"
    # What was answered before it came back does not hold for what came back.
    assert con.execute("select answered_by from quality.issues").fetchone() == (None,)


def test_a_waiver_holds_through_its_last_day(con):
    find(con, ["a"])
    follow(con, "run 0", night(0))
    take_answers(
        con,
        [Answer("a", "cannot be known", "M", night(0), "lost", night(3).date())],
        night(0),
    )
    for number, expected in ((2, "waived"), (3, "waived"), (4, "open")):
        follow(con, f"run {number}", night(number))
        assert state(con, "a") == expected
    assert con.execute("select waived_until from quality.issues").fetchone() == (None,)


def test_the_same_answer_twice_is_one(con):
    find(con, ["a"])
    follow(con, "run 0", night(0))
    given = Answer("a", "will be corrected", "M", night(0))
    assert take_answers(con, [given], night(0)) == 1
    assert take_answers(con, [given], night(0)) == 0


def test_an_answer_to_a_closed_or_unknown_issue_has_no_effect(con):
    find(con, ["a"])
    follow(con, "run 0", night(0))
    find(con, [])
    follow(con, "run 1", night(1))
    late = [Answer(name, "will be corrected", "M", night(2)) for name in ("a", "z")]
    assert take_answers(con, late, night(2)) == 0
    assert state(con, "a") == "closed"


def test_a_night_that_fails_half_way_leaves_nothing(con, monkeypatch):
    find(con, ["a"])
    follow(con, "run 0", night(0))
    find(con, ["a", "b"])
    monkeypatch.setattr("expectations.issues._sum_up", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        follow(con, "run 1", night(1))
    monkeypatch.undo()
    assert con.execute("select count(*) from quality.issue_events").fetchone() == (1,)
    follow(con, "run 2", night(2))
    assert state(con, "b") == "open"


class Ledger:
    """The same rules, one issue and one night at a time."""

    TIMES = ("first", "last", "opened", "closed")

    def __init__(self):
        self.issues = {}

    def follow(self, found, at):
        for name in found:
            issue = self.issues.get(name)
            if issue is None:
                self.issues[name] = {
                    "state": "open", "first": at, "last": at, "opened": at, "closed": None,
                    "reopened": 0, "until": None,
                }  # fmt: skip
                continue
            issue["last"] = at
            if issue["state"] == "closed":
                issue.update(state="reopened", opened=at, closed=None)
                issue["reopened"] += 1
            elif issue["state"] == "waived" and issue["until"] < at.date():
                issue.update(state="open", until=None)
        for name, issue in self.issues.items():
            if name not in found and issue["state"] != "closed":
                issue.update(state="closed", closed=at, until=None)

    def answer(self, answer):
        issue = self.issues[answer.issue_id]
        if issue["state"] != "closed":
            issue["state"] = ANSWERS[answer.answer]
            issue["until"] = answer.waived_until if issue["state"] == "waived" else None


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
def test_thirty_nights_reconcile(con, seed):
    rng = random.Random(seed)
    ledger = Ledger()
    names = [f"{n}{center}" for n in range(12) for center in "AB"]
    for number in range(30):
        found = {name for name in names if rng.random() < 0.6}
        find(con, sorted(found))
        at = night(number)
        follow(con, f"run {number}", at)
        ledger.follow(found, at)
        given = [
            Answer(
                name,
                answer := rng.choice(sorted(ANSWERS)),
                "M",
                at + timedelta(hours=5),
                "lost" if answer == "cannot be known" else None,
                (at + timedelta(days=rng.randint(1, 4))).date()
                if answer == "cannot be known"
                else None,
            )
            for name in sorted(ledger.issues)
            if rng.random() < 0.2
        ]
        take_answers(con, given, at + timedelta(hours=6))
        for answer in given:
            ledger.answer(answer)
        expected = {
            (name, *(i[key] for key in ("state", *Ledger.TIMES, "reopened", "until")))
            for name, i in ledger.issues.items()
        }
        assert expected == set(
            con.execute(
                "select issue_id, state, first_seen, last_seen, opened_at, closed_at, "
                "times_reopened, waived_until from quality.issues"
            ).fetchall()
        )
    turnover = con.execute(
        "select center, closed, median_days_to_close from quality.issue_turnover order by center"
    ).fetchall()
    for center, closed, median in turnover:
        days = [
            (i["closed"] - i["opened"]).days
            for name, i in ledger.issues.items()
            if name[-1] == center[-1] and i["closed"]
        ]
        assert (closed, median) == (len(days), statistics.median(days) if days else None)
