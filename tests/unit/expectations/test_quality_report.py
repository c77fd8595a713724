"""The quality report of synthetic tables: what it says, what it may not say, how large it is."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser

import pytest

from analysis.processes import InThisProcess
from expectations.report import render_quality_report
from expectations.report.figures import contrast, ink_on

PSEUDONYM = re.compile(r"\b[PSO][0-9a-f]{20}\b")


class _Page(HTMLParser):
    """The rows of every table by its caption, the texts of the figures, and the open elements."""

    void = frozenset({"meta", "br", "use", "path", "circle", "rect", "input"})

    def __init__(self, html):
        super().__init__()
        self.tables: dict[str, list[list[str]]] = {}
        self.numbers: list[str] = []
        self.figure_texts: list[str] = []
        self.ids: list[str] = []
        self._open: list[str] = []
        self._caption = ""
        self._is_number = False
        self.feed(html)
        assert self._open == []

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        if "id" in attributes:
            self.ids.append(attributes["id"])
        if tag not in self.void:
            self._open.append(tag)
        if tag == "caption":
            self._caption = ""
        if tag == "tr":
            self.tables.setdefault(self._caption, []).append([])
        if tag in ("td", "th"):
            self.tables[self._caption][-1].append("")
            self._is_number = tag == "td" and attributes.get("class") == "num"
            if self._is_number:
                self.numbers.append("")

    def handle_startendtag(self, tag, attrs):
        self.ids += [value for name, value in attrs if name == "id"]

    def handle_endtag(self, tag):
        if tag not in self.void:
            assert self._open.pop() == tag

    def handle_data(self, data):
        if "caption" in self._open:
            self._caption += data
        elif "td" in self._open or "th" in self._open:
            self.tables[self._caption][-1][-1] += data
            if "td" in self._open and self._is_number:
                self.numbers[-1] += data
        elif "svg" in self._open and data.strip():
            self.figure_texts.append(data.strip())

    def table(self, start):
        return next(rows for caption, rows in self.tables.items() if caption.startswith(start))


def _rendered(con, folder, night, **options):
    options = {"registry_name": "A & <b>B</b>", "remarks": ["forced for Mrs. Ahmadi"], **options}
    folder.mkdir(exist_ok=True)
    return render_quality_report(con, folder, night, beside=InThisProcess(), **options).read_text(
        encoding="utf-8"
    )


@pytest.fixture(scope="module")
def small(quality_warehouse):
    return quality_warehouse(operations=107, issues=103, nights=3)


@pytest.fixture(scope="module")
def inside(small, night, tmp_path_factory):
    return _rendered(small, tmp_path_factory.mktemp("inside"), night)


@pytest.fixture(scope="module")
def outside(small, night, tmp_path_factory):
    return _rendered(small, tmp_path_factory.mktemp("outside"), night, external=True)


def test_it_is_one_file_without_an_address(inside):
    assert "http" not in inside
    assert "A &amp; &lt;b&gt;B" in inside
    assert "None" not in inside
    assert "nan" not in re.sub(r"[a-z]nan|nan[a-z]", "", inside)
    ids = _Page(inside).ids
    assert len(ids) == len(set(ids))


def test_the_night_before_that_was_stopped_is_named(inside):
    stopped = "The night of 2026-02-01 13:00 UTC published nothing."
    assert f"{stopped} It was stopped by: margin is in order." in inside


def test_what_changed(inside):
    page = _Page(inside)
    rows = {row[0]: row[1:] for row in page.table("Deliveries")}
    assert rows["pathology"][1:] == ["111", "3", "7", "96", "1", "4", "2", "9", "1"]
    assert "the same as in the last release: delivery 1" in rows["operative"][0]
    newly, recovered = page.table("Newly failing"), page.table("Recovered")
    assert newly[1:] == [["age is in order.", "0 of 103 (0.0%)", "3 of 103 (2.9%)"]]
    assert recovered[1:] == [["sex is in order.", "2 of 103 (1.9%)", "0 of 103 (0.0%)"]]


def test_fields_are_the_tables_and_better_or_worse_than_before(small, inside):
    rows = {row[0]: row for row in _Page(inside).table("Of the specimens")[1:]}
    known, expected = small.execute(
        "select sum(known), sum(expected) from quality.pathology_completeness "
        "where field = 'tumor_grade'"
    ).fetchone()
    assert rows["tumor grade"][1] == f"{known} of {expected} ({100 * known / expected:.1f}%)"
    then = small.execute(
        "select sum(known) from quality.completeness_history "
        "where field = 'tumor_grade' and run_id = 'night1'"
    ).fetchone()[0]
    change = 100 * (known - then) / expected
    assert rows["tumor grade"][2] == (f"{change:+.1f} points" if change else "no change")


def test_what_failed_comes_first(inside):
    page = _Page(inside)
    assert [row[0] for row in page.table("Failed")[1:]] == ["age is in order."]
    assert len(page.table("Passed")) == 1 + 331
    assert inside.index("<caption>Failed") < inside.index("<caption>Passed")


def test_long_texts_and_long_numbers_are_only_counted(inside):
    assert [row[0] for row in _Page(inside).table("Words and codes")[1:]] == ["close by", "g5"]
    assert "telephone" not in inside
    assert "0912345678" not in inside


def test_the_first_page_of_the_worklist_needs_no_script(small, inside):
    rows = _Page(inside).table("Issues, the most urgent first")
    assert len(rows) == 1 + 25
    data = json.loads(re.search(r'id="worklist-data">(.*?)</script>', inside, re.DOTALL)[1])
    words, places = data["Patient"]
    expected = small.execute("select count(*) from quality.issues where state <> 'closed'")
    assert len(places) == expected.fetchone()[0]
    assert rows[1][3] == words[places[0]]
    assert PSEUDONYM.fullmatch(rows[1][3])


def test_nothing_of_a_single_patient_leaves_the_hospital(outside):
    assert not PSEUDONYM.search(outside)
    assert "worklist-data" not in outside
    assert "<script" not in outside
    for text in ("Rahimi", "Ahmadi", "close by"):
        assert text not in outside


def test_no_small_count_leaves_the_hospital(outside):
    page = _Page(outside)
    number = r"(?:–|<5|0|(?:\d{1,3},)*\d*[05])"
    percent = r"[<>]?[\d.]+%"
    allowed = re.compile(
        rf"{number}(?: of {number}(?: \({percent}\))?)?|{percent}|no change|[+−]\d+ points"
    )
    assert page.numbers
    assert [text for text in page.numbers if not allowed.fullmatch(text)] == []
    flow = page.table("From all patients")
    assert [row[2:] for row in flow[1:]] == [["0", "105"], ["<5", "105"], ["<5", "100"]]
    cells = [text for text in page.figure_texts if "/" in text]
    assert cells
    assert all(re.fullmatch(rf"{number}/{number}", text) for text in cells)
    tiles = re.findall(r"<li><b>(.*?)</b><span>(.*?)</span>", outside)
    for tile in tiles:
        for found in re.findall(
            r"\d[\d,]*", re.sub(r"\d{4}-\d\d-\d\d|[\d.]+%|<5|&lt;5", "", tile[0] + " " + tile[1])
        ):
            assert int(found.replace(",", "")) % 5 == 0


def test_an_empty_registry_has_a_page(quality_warehouse, night, tmp_path):
    con = quality_warehouse(operations=0, issues=0, nights=0)
    con.execute("delete from quality.quarantined_rows; delete from quality.unmapped_values")
    html = _rendered(con, tmp_path, night)
    assert "<svg" not in html
    for sentence in ("No row is held.", "Nothing is on the worklist.", "a trend needs two"):
        assert sentence in html


def test_the_page_of_a_large_registry_is_light(quality_warehouse, night, tmp_path):
    con = quality_warehouse(operations=20_000, issues=50_000, nights=300)
    html = _rendered(con, tmp_path, night)
    assert len(html.encode()) < 1_000_000
    rows = dict(con.execute("select rule, count(*) from quality.issues group by rule").fetchall())
    assert min(rows.values()) > 5_000
    data = json.loads(re.search(r'id="worklist-data">(.*?)</script>', html, re.DOTALL)[1])
    words, places = data["Field"]
    assert len(places) == 5_000
    # One kind of issue does not crowd out the others.
    assert {places.count(place) for place in range(len(words))} == {500}
    assert len(words) == 10
    assert "crlm worklist export" in html


@pytest.mark.parametrize("color", [(0, 0, 0), (1, 1, 1), (0.46, 0.46, 0.46), (0.5, 0.5, 0.45)])
def test_text_can_be_read_on_every_color(color):
    ink = {"#000000": (0, 0, 0), "#ffffff": (1, 1, 1)}[ink_on(color)]
    assert contrast(color, ink) >= 4.5
