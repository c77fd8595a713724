"""`crlm status`: the morning in ten lines."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import duckdb
import pytest

from orchestration.paths import Home
from orchestration.status import status_lines


@pytest.fixture
def at_hand(example, tmp_path):
    """A home beside the example's release, with a warehouse of its own."""
    release = example.current.resolve()
    manifest = json.loads((release / "manifest.json").read_text(encoding="utf-8"))
    return Home(tmp_path), release, datetime.fromisoformat(manifest["started_at"])


def _rows(lines):
    return {line[:14].strip(): line[15:] for line in lines[2:]}


def test_ten_lines_of_the_example(example):
    done = example.crlm("status")
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert len(lines) == 10
    rows = _rows(lines)
    with example.published() as con:
        patients, deaths, issues, held = con.execute(
            "select (select count(*) from marts.survival_cohort), "
            "(select count(*) from marts.survival_cohort where died), "
            "(select count(*) from quality.issues where state in ('open', 'reopened')), "
            "(select count(*) from quality.quarantined_rows where extract = 'pathology')"
        ).fetchone()
    assert rows["cohort"] == f"{patients} patients, {deaths} deaths"
    assert rows["issues"].startswith(f"{issues} open; that night {issues} opened, 0 closed")
    assert rows["quarantine"] == f"pathology {held}"
    assert rows["release"].startswith(example.current.resolve().name + ", 0 hours old")
    assert rows["last run"].startswith("published this release")
    assert rows["known least"].count(" of ") == 3


def test_a_later_run_that_stopped_is_named_with_its_reason(at_hand):
    home, release, started_at = at_hand
    with duckdb.connect(str(home.warehouse)) as con:
        con.execute(
            """
            create schema quality;
            create table quality.check_results as from (values
                ('29990101T000000000Z', 'a', 'failed', 'error', 'The cohort has patients.'),
                ('29990101T000000000Z', 'b', 'failed', 'warning', 'Only a warning.'),
                ('29990101T000000000Z', 'c', 'error', 'warning', 'This could not be run.')
            ) v(run_id, check_id, status, severity, description)
            """
        )
    rows = _rows(status_lines(home, release, started_at + timedelta(days=3)))
    assert rows["last run"] == (
        "29990101T000000000Z published nothing; it was stopped by: The cohort has patients. "
        "This could not be run."
    )
    assert ", 3 days old, data as of " in rows["release"]


def test_a_warehouse_that_cannot_be_read_is_no_obstacle(at_hand):
    home, release, started_at = at_hand
    rows = _rows(status_lines(home, release, started_at))
    assert rows["last run"].startswith("not known")
