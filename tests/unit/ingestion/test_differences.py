"""`crlm diff`: what a delivery changed, from the ledger alone."""

from __future__ import annotations

from typing import Any

import pytest

from ingestion.differences import changed_rows, compare_deliveries, deliveries_to_compare
from ingestion.errors import IngestionError

HEADER = ["patient_id", "contact_date", "vital_status", "cause_of_death"]


@pytest.fixture
def three_deliveries(follow_up: Any) -> Any:
    """1: A B C · 2: A corrected, B gone, D new · 3: A corrected back and blanked, B back."""
    for rows in (
        [["A", "2020-01-01", "alive", "x"], ["B", "2020-01-01", "dead", ""], ["C", "", "", ""]],
        [["A", "2020-01-01", "dead", "x"], ["C", "", "", ""], ["D", "2020-01-01", "", ""]],
        [
            ["A", "2020-01-01", "alive", ""],
            ["B", "2020-01-01", "dead", ""],
            ["C", "", "", ""],
            ["D", "2020-01-01", "", ""],
        ],
    ):
        follow_up.write("follow_up.csv", [HEADER, *rows])
        follow_up.night()
    return follow_up


def compared(nights: Any, earlier: int | None = None, later: int | None = None) -> Any:
    numbers = deliveries_to_compare(nights.con, "follow_up", earlier, later)
    return compare_deliveries(nights.con, nights.contract["follow_up"], *numbers)


def cells(found: Any) -> dict[str, tuple[int, int]]:
    return {c.field: (c.changed, c.blanked) for c in found.cells}


def test_last_delivery_by_default(three_deliveries: Any) -> None:
    found = compared(three_deliveries)
    assert (found.earlier, found.later) == (2, 3)
    assert found.rows == {"new": 0, "changed": 1, "vanished": 0, "reappeared": 1}
    assert cells(found) == {"vital_status": (1, 0), "cause_of_death": (1, 1)}


def test_a_delivery_named(three_deliveries: Any) -> None:
    found = compared(three_deliveries, later=2)
    assert found.rows == {"new": 1, "changed": 1, "vanished": 1, "reappeared": 0}
    assert cells(found) == {"vital_status": (1, 0)}


def test_between_two_deliveries_only_the_net_change_counts(three_deliveries: Any) -> None:
    # B was gone between, and is as it was; A differs only in the cell that was blanked.
    found = compared(three_deliveries, 1, 3)
    assert found.rows == {"new": 1, "changed": 1, "vanished": 0, "reappeared": 0}
    assert cells(found) == {"cause_of_death": (1, 1)}


def test_the_first_delivery_is_all_new(three_deliveries: Any) -> None:
    found = compared(three_deliveries, later=1)
    assert (found.earlier, found.rows["new"]) == (0, 3)


def test_rows_are_named_by_pseudonym_file_and_fields(three_deliveries: Any) -> None:
    rows = changed_rows(three_deliveries.con, three_deliveries.contract["follow_up"], 2, 3)
    assert [(r.change, r.file_name, r.file_row_number, r.fields) for r in rows] == [
        ("changed", "follow_up.csv", 2, ("vital_status", "cause_of_death")),
        ("reappeared", "follow_up.csv", 3, ()),
    ]
    assert all(key.startswith("P") and len(key) == 21 for r in rows for key in r.pseudonyms)


@pytest.mark.parametrize(("earlier", "later"), [(3, 2), (2, 2), (None, 4), (-1, None), (None, 0)])
def test_a_delivery_that_is_not_there_is_refused(
    three_deliveries: Any, earlier: int | None, later: int | None
) -> None:
    with pytest.raises(IngestionError, match="deliveries 1 to 3"):
        compared(three_deliveries, earlier, later)


def test_an_extract_never_delivered_is_refused(three_deliveries: Any) -> None:
    with pytest.raises(IngestionError, match="has not been delivered yet"):
        deliveries_to_compare(three_deliveries.con, "pathology", None, None)
