"""Records of a CSV file that are no rows are held whole, and every record is accounted for."""

from __future__ import annotations

import csv
import gzip
import io
import random
from pathlib import Path
from typing import Any

import pytest

import ingestion.readers.delimited
from ingestion.errors import DeliveryError

TOO_MANY = "3 values where the header has 2"
TOO_FEW = "1 values where the header has 2"


@pytest.mark.parametrize(
    ("content", "rows", "held"),
    [
        ("a,b\n1,2\n3,4,5\n6,7\n", [("1", "2", 2), ("6", "7", 4)], [(3, TOO_MANY, "3,4,5")]),
        ("a,b\n1,2\n3\n6,7\n", [("1", "2", 2), ("6", "7", 4)], [(3, TOO_FEW, "3")]),
        ("a,b\n3\n6,7\n", [("6", "7", 3)], [(2, TOO_FEW, "3")]),
        ("a,b\n1,2\n3", [("1", "2", 2)], [(3, TOO_FEW, "3")]),
        ("\ufeffa,b\r\n1,2\r\n3\r\n", [("1", "2", 2)], [(3, TOO_FEW, "3")]),
        ("\n\na,b\n3\n\n6,7\n", [("6", "7", 6)], [(4, TOO_FEW, "3")]),
        (
            'a,b\n"x\ny",2\n1,"p\nq",3\n"r\n\ns",7\n4,5\n',
            [("x\ny", "2", 2), ("r\n\ns", "7", 4), ("4", "5", 5)],
            [(3, TOO_MANY, '1,"p\nq",3')],
        ),
        (
            'a,b\r\n1,2\r\n1,"p,\r\n""q""",3\r\n\r\n"u\r\n",7\r\n',
            [("1", "2", 2), ("u\r\n", "7", 5)],
            [(3, TOO_MANY, '1,"p,\r\n""q""",3')],
        ),
        ("a,b\n1,2\n\n3\n5,6\n", [("1", "2", 2), ("5", "6", 5)], [(4, TOO_FEW, "3")]),
        # Quotes within a header are letters of it.
        ('a "x, y" b\n1,2\n4\n5,6\n', [("1", "2", 2), ("5", "6", 4)], [(3, TOO_FEW, "4")]),
        (
            "a\n1\n\n2,3\n4\n",
            [("1", 2), ("4", 5)],
            [(4, "2 values where the header has 1", "2,3")],
        ),
    ],
)
def test_what_is_no_row_is_held_whole_with_its_number(
    read_held: Any, deliver: Any, content: str, rows: list[tuple], held: list[tuple]
) -> None:
    assert read_held(deliver(content)) == (rows, held)


def test_delimiter_of_several_bytes(read_held: Any, deliver: Any) -> None:
    rows, held = read_held(deliver("a؛b\nی؛۲\nی؛۲؛۳\n"), delimiter="؛")
    assert rows == [("ی", "۲", 2)]
    assert held == [(3, TOO_MANY, "ی؛۲؛۳")]


def test_half_of_the_records_may_be_ragged_and_no_more(read_held: Any, deliver: Any) -> None:
    rows, held = read_held(deliver("a,b\n1,2\n3\n"))
    assert (len(rows), len(held)) == (1, 1)
    with pytest.raises(DeliveryError, match="line 3: 1 values where the header has 2"):
        read_held(deliver("a,b\n1,2\n3\n4\n"))


@pytest.mark.parametrize(
    "content",
    [
        'a,b\n1,2\n3,5" x\n4,6" y,7\n8,9\n',
        'a,b\n1,2\n3,"x" y,7\n',
        'a,b\n1,2\n3,x,"y\n',
    ],
    ids=["inch marks", "after a quote", "open quote"],
)
def test_ragged_record_with_stray_quotes_refuses_the_file(
    read_held: Any, deliver: Any, content: str
) -> None:
    with pytest.raises(DeliveryError, match="quote"):
        read_held(deliver(content))


@pytest.mark.parametrize("chunk", [1 << 22, 1000, 64])
def test_every_record_of_a_long_file_is_a_row_or_held(
    read_held: Any, deliver: Any, monkeypatch: pytest.MonkeyPatch, chunk: int
) -> None:
    # Records across the chunks in which the file is read, and across the reader's own.
    monkeypatch.setattr(ingestion.readers.delimited, "_CHUNK", chunk)
    number_of = random.Random(7)
    records = 60_000 if chunk > 1000 else 3_000
    lines, rows, held = [], [], []
    row = 1
    for i in range(records):
        row += 1
        wide = number_of.choices([3, 2, 4], [95, 3, 2])[0]
        cells = [str(i), f'two\nlines, "{i}"', "", "x"][:wide]
        target = io.StringIO()
        csv.writer(target, lineterminator="\r\n").writerow(cells)
        lines.append(target.getvalue())
        if wide == 3:
            rows.append((*cells[:2], None, row))
        else:
            held.append(
                (row, f"{wide} values where the header has 3", target.getvalue().rstrip("\r\n"))
            )
        if i % 500 == 0:
            lines.append("\r\n")
            row += 1
    found_rows, found_held = read_held(deliver("a,b,c\r\n" + "".join(lines)))
    assert found_held == held
    assert found_rows == rows


def test_gzip_is_read_as_the_file_in_it(read_held: Any, deliver: Any) -> None:
    content = "نام;b\r\nم;2\r\n3\r\n".encode("cp1256")
    rows, held = read_held(
        deliver(gzip.compress(content), "t.CSV.GZ"), delimiter=";", encoding="cp1256"
    )
    assert rows == [("م", "2", 2)]
    assert held == [(3, TOO_FEW, "3")]


def test_gzip_that_is_cut_short_or_is_none(read_held: Any, deliver: Any) -> None:
    whole = gzip.compress(b"a,b\n" + b"".join(b"%d,x%d\n" % (i, i * i) for i in range(10_000)))
    for cut in (len(whole) // 2, len(whole) - 4):
        with pytest.raises(DeliveryError, match=r"t\.csv\.gz: the file is cut short; deliver it"):
            read_held(deliver(whole[:cut], "t.csv.gz"))
    damaged = whole[:200] + bytes(50) + whole[250:]
    for content in (damaged, b"a,b\n1,2\n"):
        with pytest.raises(DeliveryError, match="damaged or not compressed by gzip"):
            read_held(deliver(content, "t.csv.gz"))


def test_gzip_that_unpacks_to_more_than_any_extract(
    read_held: Any, deliver: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ingestion.readers.delimited, "MOST_UNPACKED_BYTES", 1 << 23)
    bomb = gzip.compress(b"a,b\n" + b"1,2\n" * (1 << 22))
    with pytest.raises(DeliveryError, match="unpacked it is larger than"):
        read_held(deliver(bomb, "t.csv.gz"))
    assert [path.suffix for path in (tmp_path / "archive").iterdir()] == [".gz"]
