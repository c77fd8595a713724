"""Issues that live across nights: what somebody could mend, from the night it is found until it is
mended.

``quality.issue_events`` is the history, append-only; ``quality.issues`` is what it comes to. An
issue is ``open`` when it is found; ``answered`` when somebody said that it will be corrected,
``fixed at source`` when somebody said that it has been; ``waived`` until a day when it cannot be
known; ``closed`` when a night no longer finds it, whatever was said; ``reopened`` when a later
night finds it again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import duckdb

from ingestion.sql import comments_sql

# What an answer may say, and the event that it is.
ANSWERS = {
    "will be corrected": "answered",
    "corrected at source": "fixed at source",
    "cannot be known": "waived",
}

_TABLES = """
create schema if not exists quality;
create table if not exists quality.issue_events (
    event_number bigint, issue_id varchar, happened_at timestamp, run_id varchar, event varchar,
    answered_by varchar, reason varchar, waived_until date
);
create table if not exists quality.issues (
    issue_id varchar, rule varchar, field varchar, patient_id varchar, record_id varchar,
    center varchar, laboratory varchar, month varchar, detail varchar, priority integer,
    remedy varchar, state varchar, first_seen timestamp, last_seen timestamp,
    state_since timestamp, opened_at timestamp, closed_at timestamp, days_to_close integer,
    times_reopened integer, answered_by varchar, reason varchar, waived_until date
);
create table if not exists quality.issue_turnover (
    center varchar, open integer, answered integer, waived integer, closed integer,
    median_days_to_close double, oldest_open_days integer
);
"""

COMMENTS = {
    "issue_events": (
        "What happened to the issues, append-only. One row per event.",
        {
            "event_number": "Order of the events.",
            "issue_id": "The issue.",
            "happened_at": "When, UTC: the start of the night, or when the answer was taken in.",
            "run_id": "The night; null of an answer.",
            "event": "opened, closed, reopened, waiver ended; of an answer: answered, fixed at "
            "source, waived.",
            "answered_by": "Who answered.",
            "reason": "Why it cannot be known.",
            "waived_until": "The last day of the waiver.",
        },
    ),
    "issues": (
        "What somebody could mend, and what became of it. One row per issue, that is per rule, "
        "field, and patient, operation or specimen.",
        {
            "issue_id": "Key, the same every night.",
            "rule": "What is wrong: missing field, or a rule of case_rule_counts.",
            "field": "Field of the extracts to look at.",
            "patient_id": "Pseudonym of the patient, the same in every table.",
            "record_id": "Specimen, report or operation; null where it is about the patient.",
            "center": "Centre of the operation, or unknown.",
            "laboratory": "Laboratory of the report, or unknown.",
            "month": "Month of the specimen, or unknown.",
            "detail": "Why the field is missing.",
            "priority": "Order of urgency, 1 first.",
            "remedy": "What would mend it.",
            "state": "open, answered, fixed at source, waived, closed, reopened.",
            "first_seen": "The first night that found it, UTC.",
            "last_seen": "The last night that found it, UTC.",
            "state_since": "Since when the state holds, UTC.",
            "opened_at": "When it was opened or last reopened, UTC.",
            "closed_at": "When it was last closed, UTC; null where it is not closed.",
            "days_to_close": "Days from opened_at to closed_at.",
            "times_reopened": "How often it came back.",
            "answered_by": "Who answered last since it was opened.",
            "reason": "Why it cannot be known, as answered last.",
            "waived_until": "Last day of the waiver.",
        },
    ),
    "issue_turnover": (
        "How the centres keep up with their issues. One row per centre.",
        {
            "center": "Centre of the operation, or unknown.",
            "open": "Issues open or reopened.",
            "answered": "Issues answered or fixed at source that a night still found.",
            "waived": "Issues waived.",
            "closed": "Issues closed.",
            "median_days_to_close": "Median days from opening to closing of those closed.",
            "oldest_open_days": "Age of the oldest issue that is not closed or waived, days.",
        },
    ),
}

_LAST = """
    select
        issue_id,
        arg_max(event, event_number) as event,
        min(happened_at) filter (event in ('opened')) as first_opened_at,
        max(happened_at) filter (event in ('opened', 'reopened')) as opened_at,
        max(happened_at) filter (event = 'closed') as closed_at,
        max(event_number) filter (event in ('opened', 'reopened')) as opened_number,
        count(*) filter (event = 'reopened') as times_reopened,
        arg_max(happened_at, event_number) as state_since
    from quality.issue_events
    group by issue_id
"""


@dataclass(frozen=True)
class Answer:
    """What somebody answered to an issue: one of ``ANSWERS``, by whom, and of a waiver why and
    until which day."""

    issue_id: str
    answer: str
    answered_by: str
    at: datetime
    reason: str | None = None
    waived_until: date | None = None


def create_tables(con: duckdb.DuckDBPyConnection) -> None:
    """Make what is not there yet; the comments go with it."""
    comments = [
        comments_sql(f"quality.{table}", comment, columns)
        for table, (comment, columns) in COMMENTS.items()
    ]
    con.execute(_TABLES + "; ".join(comments))


def follow(con: duckdb.DuckDBPyConnection, run_id: str, at: datetime) -> None:
    """Compare what tonight found (``intermediate.int_issues``) with what was known, in one
    transaction: open, reopen, close, end waivers. A night that is followed twice adds nothing."""
    create_tables(con)
    con.execute("begin")
    try:
        con.execute(
            f"""
            insert into quality.issue_events
            with last as ({_LAST}),
            waivers as (
                select issue_id, arg_max(waived_until, event_number) as waived_until
                from quality.issue_events where event = 'waived' group by issue_id
            ),
            happened as (
                select
                    coalesce(f.issue_id, l.issue_id) as issue_id,
                    case
                        when l.issue_id is null then 'opened'
                        when f.issue_id is null and l.event <> 'closed' then 'closed'
                        when f.issue_id is not null and l.event = 'closed' then 'reopened'
                        when f.issue_id is not null and l.event = 'waived'
                            and w.waived_until < cast(? as date) then 'waiver ended'
                    end as event
                from intermediate.int_issues f
                full join last l on l.issue_id = f.issue_id
                left join waivers w on w.issue_id = l.issue_id
            )
            select
                (select coalesce(max(event_number), 0) from quality.issue_events)
                    + row_number() over (order by event, issue_id),
                issue_id, ?, ?, event, null, null, null
            from happened
            where event is not null
            """,
            [at, at, run_id],
        )
        found = f"(select *, timestamp '{at}' as last_seen from intermediate.int_issues)"
        _sum_up(con, found, at)
        con.execute("commit")
    except BaseException:
        con.execute("rollback")
        raise


def take_answers(con: duckdb.DuckDBPyConnection, answers: list[Answer], now: datetime) -> int:
    """Append answers that are not yet known, in the order of their time; returns how many.

    An answer to a closed issue, or to one that the warehouse does not know, stays without effect:
    it may be for a night that a rebuilt warehouse has not seen.
    """
    create_tables(con)
    known = {
        tuple(row)
        for row in con.execute(
            "select issue_id, event, answered_by, happened_at from quality.issue_events "
            "where answered_by is not null"
        ).fetchall()
    }
    open_issues = {
        row[0]
        for row in con.execute(f"select issue_id from ({_LAST}) where event <> 'closed'").fetchall()
    }
    new = [
        answer
        for answer in sorted(answers, key=lambda a: a.at)
        if answer.issue_id in open_issues
        and (answer.issue_id, ANSWERS[answer.answer], answer.answered_by, answer.at) not in known
    ]
    if not new:
        return 0
    # Slow to import, and a night that has nothing to do needs none.
    import pandas as pd

    frame = pd.DataFrame(
        {
            "issue_id": [a.issue_id for a in new],
            "happened_at": [a.at for a in new],
            "event": [ANSWERS[a.answer] for a in new],
            "answered_by": [a.answered_by for a in new],
            "reason": [a.reason for a in new],
            "waived_until": [a.waived_until for a in new],
        }
    ).reset_index(names="place")
    con.register("new_answers", frame)
    con.execute("begin")
    try:
        con.execute(
            """
            insert into quality.issue_events by name
            select
                (select coalesce(max(event_number), 0) from quality.issue_events) + 1 + place
                    as event_number,
                issue_id, cast(happened_at as timestamp) as happened_at,
                cast(null as varchar) as run_id, event,
                answered_by, cast(reason as varchar) as reason,
                cast(waived_until as date) as waived_until
            from new_answers
            """
        )
        _sum_up(con, "(from quality.issues limit 0)", now)
        con.execute("commit")
    except BaseException:
        con.execute("rollback")
        raise
    finally:
        con.unregister("new_answers")
    return len(new)


def _sum_up(con: duckdb.DuckDBPyConnection, found: str, now: datetime) -> None:
    """Make ``quality.issues`` and ``quality.issue_turnover`` of the events."""
    con.execute(
        f"""
        create or replace temp table issues_now as
        with known as (
            select issue_id, rule, field, patient_id, record_id, center, laboratory, month, detail,
                priority, remedy, last_seen
            from {found}
            union all by name
            select issue_id, rule, field, patient_id, record_id, center, laboratory, month, detail,
                priority, remedy, last_seen
            from quality.issues where issue_id not in (select issue_id from {found})
        ),
        last as ({_LAST}),
        answers as (
            select e.issue_id, arg_max(e.answered_by, e.event_number) as answered_by,
                arg_max(e.reason, e.event_number) as reason,
                arg_max(e.waived_until, e.event_number) as waived_until
            from quality.issue_events e
            inner join last l on l.issue_id = e.issue_id
            where e.answered_by is not null and e.event_number > l.opened_number
            group by e.issue_id
        )
        select
            k.* exclude (last_seen),
            case when l.event in ('opened', 'waiver ended') then 'open' else l.event end as state,
            l.first_opened_at as first_seen,
            k.last_seen,
            l.state_since,
            l.opened_at,
            case when l.event = 'closed' then l.closed_at end as closed_at,
            cast(
                case when l.event = 'closed' then date_diff('day', l.opened_at, l.closed_at) end
            as integer) as days_to_close,
            cast(l.times_reopened as integer) as times_reopened,
            a.answered_by,
            a.reason,
            case when l.event = 'waived' then a.waived_until end as waived_until
        from known k
        inner join last l on l.issue_id = k.issue_id
        left join answers a on a.issue_id = k.issue_id
        """
    )
    con.execute("delete from quality.issues")
    con.execute("insert into quality.issues by name from issues_now")
    con.execute("drop table issues_now")
    con.execute("delete from quality.issue_turnover")
    con.execute(
        """
        insert into quality.issue_turnover by name
        select
            center,
            cast(count(*) filter (state in ('open', 'reopened')) as integer) as open,
            cast(count(*) filter (state in ('answered', 'fixed at source')) as integer) as answered,
            cast(count(*) filter (state = 'waived') as integer) as waived,
            cast(count(*) filter (state = 'closed') as integer) as closed,
            median(days_to_close) as median_days_to_close,
            cast(date_diff('day', min(opened_at) filter (state not in ('closed', 'waived')),
                cast(? as timestamp)) as integer) as oldest_open_days
        from quality.issues
        group by center
        """,
        [now],
    )
