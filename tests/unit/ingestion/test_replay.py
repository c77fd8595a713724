"""Random nights through real files equal a replay in plain Python, version by version."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import duckdb
import pytest

from ingestion.nights import read_journal
from ingestion.replay import replay

HEADER = ["patient_id", "contact_date", "vital_status", "ward"]
STATUSES = ("alive", "dead", "lost", "")
EVENTS = ("new", "changed", "unchanged", "collapsed", "held", "closed")
Key = tuple[str, str]
Row = tuple[str, str, str]


@dataclass
class PlainLedger:
    """What the ledger has to hold: per key the versions, with the nights that open and close."""

    is_snapshot: bool
    open_status: dict[Key, str] = field(default_factory=dict)
    versions: list[list[Any]] = field(default_factory=list)
    held: list[Row] = field(default_factory=list)

    def take(self, night: int, rows: list[Row]) -> tuple[int, ...]:
        by_key: dict[Key, list[str]] = {}
        held = [row for row in rows if not row[0]]
        for patient, date, status in rows:
            if patient:
                by_key.setdefault((patient, date), []).append(status)
        new = changed = unchanged = collapsed = closed = 0
        for key, statuses in by_key.items():
            if len(set(statuses)) > 1:
                held += [(*key, status) for status in statuses]
                continue
            collapsed += len(statuses) - 1
            former = self.open_status.get(key)
            if former == statuses[0]:
                unchanged += 1
                continue
            new += former is None
            if former is not None:
                changed += 1
                self._close(key, night)
            self.open_status[key] = statuses[0]
            self.versions.append([*key, statuses[0], night, None])
        if self.is_snapshot:
            for key in [key for key in self.open_status if key not in by_key]:
                self._close(key, night)
                closed += 1
            self.held = held
        else:
            self.held = [row for row in self.held if row[:2] not in by_key] + held
        return len(rows), new, changed, unchanged, collapsed, len(held), closed

    def _close(self, key: Key, night: int) -> None:
        del self.open_status[key]
        for version in self.versions:
            if (version[0], version[1]) == key and version[4] is None:
                version[4] = night


def next_night(rng: random.Random, truth: dict[Key, str], gone: dict[Key, str]) -> None:
    """Correct, delete, bring back and add rows of the hospital's table."""
    for key in list(truth):
        event = rng.random()
        if event < 0.08:
            gone[key] = truth.pop(key)
        elif event < 0.2:
            truth[key] = rng.choice(STATUSES)
    for key in list(gone):
        if rng.random() < 0.3:
            truth[key] = gone.pop(key)
    for _ in range(rng.randrange(4)):
        key = (str(rng.randrange(100, 140)), f"2020-01-0{rng.randrange(1, 4)}")
        truth.setdefault(key, rng.choice(STATUSES))


def assert_same_out_of_the_archive(nights: Any) -> None:
    """The ledger made again by the journal of nights equals the one that grew night by night."""
    archive = nights.folder / "archive"
    journal = read_journal(archive)
    assert [night.run_id for night in journal] == [f"night-{n}" for n in range(1, 31)]
    with duckdb.connect(config={"threads": 1}) as con:
        replay(con, nights.contract, journal, archive, nights.key)
        for (table,) in nights.rows(
            "select table_name from duckdb_tables() where schema_name = 'raw' and not temporary"
        ):
            again = con.execute(f"from raw.{table} order by all").fetchall()
            assert again == nights.rows(f"from raw.{table} order by all"), table


@pytest.mark.slow
@pytest.mark.parametrize("delivery", ["snapshot", "delta"])
def test_thirty_nights_of_every_event(nights: Any, delivery: str) -> None:
    rng = random.Random(1000)
    nights.extract("follow_up", files="contacts_*.csv", delivery=delivery)
    plain = PlainLedger(delivery == "snapshot")
    truth = {(str(100 + i), "2020-01-01"): rng.choice(STATUSES) for i in range(30)}
    gone: dict[Key, str] = {}
    seen: Counter[str] = Counter()
    for night in range(1, 31):
        next_night(rng, truth, gone)
        rows: list[Row] = [(*key, status) for key, status in truth.items()]
        if delivery == "delta":
            rows = rng.sample(rows, k=len(rows) // 2)
        rows += rng.sample(rows, k=rng.randrange(3))
        for patient, date, status in rng.sample(rows, k=rng.randrange(3)):
            rows.append((patient, date, "dead" if status != "dead" else "alive"))
        # In a delta nobody can say whose a row without a number was: it has its own test.
        if delivery == "snapshot" and rng.random() < 0.5:
            rows.append(("", f"2020-02-{night:02d}", "alive"))
        rng.shuffle(rows)
        half = rng.randrange(1, len(rows))
        for name, part in (("contacts_a.csv", rows[:half]), ("contacts_b.csv", rows[half:])):
            nights.write(name, [HEADER, *([*row, f"W{night}"] for row in part)])

        counts = nights.night()["follow_up"].counts
        expected = plain.take(night, rows)
        found = (
            counts.read,
            counts.new,
            counts.changed,
            counts.unchanged,
            counts.collapsed,
            counts.quarantined,
            counts.closed,
        )
        assert found == expected, f"night {night}"
        seen.update(dict(zip(EVENTS, expected[1:], strict=True)))
        assert nights.open_rows() == {
            (*key, status or None) for key, status in plain.open_status.items()
        }
        held = nights.rows(
            "select coalesce(delivered_row->>'patient_id', ''), delivered_row->>'contact_date', "
            "coalesce(delivered_row->>'vital_status', '') "
            "from raw.quarantine where released_by_extract_id is null"
        )
        assert Counter(held) == Counter(plain.held), f"night {night}"

    # Every event did happen.
    assert all(seen[event] for event in EVENTS[:-1])
    assert bool(seen["closed"]) == (delivery == "snapshot")
    versions = nights.rows(
        "select patient_id, contact_date, coalesce(vital_status, ''), o.delivery_number, "
        "c.delivery_number from raw.follow_up f "
        "join raw.extracts o using (extract_id) "
        "left join raw.extracts c on c.extract_id = f.closed_by_extract_id"
    )
    assert Counter(versions) == Counter(map(tuple, plain.versions))
    assert nights.rows(
        "select count(*), count(distinct delivery_number), sum(rows_read - rows_new "
        "- rows_changed - rows_unchanged - rows_collapsed - rows_quarantined) from raw.extracts"
    ) == [(60, 30, 0)]
    assert_same_out_of_the_archive(nights)
