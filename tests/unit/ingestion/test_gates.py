"""Delivery gates: what looks wrong beside the last delivery is held, or taken with a reason."""

from __future__ import annotations

import pytest

from ingestion.errors import DeliveryHeldError
from ingestion.quarantine import held_rows

HEADER = ["patient_id", "contact_date", "vital_status"]


def rows_of(numbers, status="alive"):
    return [[str(n), "2020-01-01", status] for n in numbers]


@pytest.fixture
def gated(follow_up):
    follow_up.forced_because = None
    follow_up.write("follow_up.csv", [HEADER, *rows_of(range(100))])
    follow_up.night()
    return follow_up


def held(nights, said):
    before = nights.rows("select count(*) from raw.extracts")
    open_rows = nights.open_rows()
    with pytest.raises(DeliveryHeldError, match=said) as refused:
        nights.night()
    assert "--force --reason" in str(refused.value)
    assert nights.rows("select count(*) from raw.extracts") == before
    assert nights.open_rows() == open_rows


@pytest.mark.parametrize(("gone", "is_held"), [(2, False), (3, True)])
def test_rows_that_vanish_beyond_two_percent(gated, gone, is_held):
    gated.write("follow_up.csv", [HEADER, *rows_of(range(gone, 100))])
    if is_held:
        held(gated, r"3 of 100 rows are gone \(3\.0 %, at most 2 % may be\)")
    else:
        assert gated.night()["follow_up"].counts.closed == 2


def test_forced_delivery_is_taken_and_the_reason_kept(gated):
    gated.write("follow_up.csv", [HEADER, *rows_of(range(50))])
    gated.forced_because = "half of the patients moved to another registry"
    assert gated.night()["follow_up"].counts.closed == 50
    assert gated.rows("select forced_because from raw.extracts order by delivery_number") == [
        (None,),
        ("half of the patients moved to another registry",),
    ]


def test_lost_column(gated):
    gated.write("follow_up.csv", [row[:2] for row in [HEADER, *rows_of(range(100))]])
    held(gated, "no column any more for vital_status")


@pytest.mark.parametrize(("blank", "is_held"), [(10, False), (11, True)])
def test_field_that_is_filled_less_by_over_ten_points(gated, blank, is_held):
    rows = rows_of(range(blank, 100)) + rows_of(range(blank), status="")
    gated.write("follow_up.csv", [HEADER, *rows])
    if is_held:
        held(gated, "vital_status is filled in 89 % of the rows, it was in 100 %")
    else:
        gated.night()


def test_missing_tokens_do_not_fill_a_field(gated):
    gated.extract("follow_up", files="follow_up*.csv", missing=["NA"])
    gated.write("follow_up.csv", [HEADER, *rows_of(range(100), status="NA")])
    held(gated, "vital_status is filled in 0 %")


def test_old_file_sent_again(gated):
    gated.write("follow_up.csv", [HEADER, *rows_of(range(101))])
    gated.night()
    gated.write("follow_up.csv", [HEADER, *rows_of(range(100))])
    held(gated, "follow_up.csv is the file of delivery 1, not a newer one")


def test_delta_lets_rows_stay_away(gated):
    gated.extract("follow_up", files="follow_up*.csv", delivery="delta")
    gated.write("follow_up.csv", [HEADER, *rows_of([1], status="dead")])
    assert gated.night()["follow_up"].counts.changed == 1


@pytest.mark.parametrize(
    ("unit", "sizes", "is_held"),
    [
        ("mm", [1.5, 2, 3, 4.2, 5, 6, 7, 8, 9, 40], True),
        ("mm", [1.5, 2, 3, 4.2, 5, 6, 7, 8, 30, 40], False),
        ("mm", [2, 3, 4], False),
        ("cm", [20, 25, 30, 35, 40, 45, 50, 55, 60, 4], True),
        ("cm", [2, 2.5, 3, 3.5, 4, 4.5, 5, 5.5, 6, 20], False),
    ],
)
def test_sizes_that_look_like_another_unit(nights, unit, sizes, is_held):
    nights.forced_because = None
    nights.extract("pathology", files="pathology.csv", units={"largest_metastasis": unit})
    nights.write(
        "pathology.csv",
        [["patient_id", "largest_metastasis"], *([str(i), str(s)] for i, s in enumerate(sizes))],
    )
    if is_held:
        with pytest.raises(DeliveryHeldError, match=r"are they in (cm|mm)"):
            nights.night()
    else:
        nights.night()


def test_all_reasons_are_told_at_once(gated):
    gated.write("follow_up.csv", [row[:2] for row in [HEADER, *rows_of(range(50))]])
    held(gated, "50 of 100 rows are gone.*no column any more for vital_status")


def test_held_rows_are_listed_with_pseudonym_and_remedy(nights):
    nights.extract("follow_up", files="follow_up.csv")
    clash = [["7", "2020-01-01", "alive"], ["7", "2020-01-01", "dead"], ["", "2020-01-02", "dead"]]
    nights.write("follow_up.csv", [HEADER, *clash])
    nights.night()
    rows = held_rows(nights.con)
    assert [row.file_row_number for row in rows] == [2, 3, 4]
    assert rows[0].patient_pseudonym == rows[1].patient_pseudonym
    assert rows[0].patient_pseudonym.startswith("P")
    assert rows[2].patient_pseudonym is None
    assert "fill the key" in rows[2].remedy
