"""The quality report of the example registry in a browser: offline, by keyboard, in the dark."""

from __future__ import annotations

from pathlib import Path

import pytest

ACCESSIBILITY = (Path(__file__).parent / "accessibility.js").read_text(encoding="utf-8")
CONTROLS = "a, button, summary, input, select, [tabindex='0']"


@pytest.fixture
def report(example):
    return example.current / "quality_report.html"


def _column(page, number):
    return page.locator(f"#worklist-table tbody td:nth-child({number})").all_inner_texts()


def _issues(example, where="true"):
    with example.published() as con:
        return con.execute(
            f"select count(*) from quality.issues where state <> 'closed' and {where}"
        ).fetchone()[0]


def test_it_opens_offline_and_says_what_the_night_did(opened, report, example):
    # That it asks for no other file and reports no error is asserted where the page is closed.
    page = opened(report)
    assert page.locator("h1").inner_text() == "Data quality"
    assert "Published" in page.locator(".verdict").inner_text()
    tiles = page.locator(".key li").all_inner_texts()
    assert any(tile.startswith(f"{_issues(example)}\n") for tile in tiles)
    assert page.locator("svg").count() >= 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_accessible(opened, report, scheme):
    page = opened(report, color_scheme=scheme)
    page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    assert page.evaluate(ACCESSIBILITY) == []


def test_the_checks_of_accessibility_find_what_is_wrong(opened, tmp_path):
    page_without = tmp_path / "wrong.html"
    page_without.write_text(
        "<!DOCTYPE html><html><body><h1>A</h1><h3 id='x'>B</h3><input id='x'><button></button>"
        "<p style='color:#999;background:#fff'>pale</p><svg></svg>"
        "<table><thead><tr><th>a</th></tr></thead><tbody><tr><td>1</td><td>2</td></tr></tbody>"
        "</table></body></html>"
    )
    wrong = " ".join(opened(page_without).evaluate(ACCESSIBILITY))
    for fault in (
        "no language",
        "no title",
        "id x stands twice",
        '<input id="x"> has no name',
        "<button></button> has no name",
        "contrast of 2.85",
        "has no label",
        "has no caption",
        "has no scope",
        "a row of 2 in 1 columns",
        "follows a heading of level 1",
    ):
        assert fault in wrong


def test_filters_narrow_the_worklist_and_say_how_many_were_found(opened, report, example):
    page = opened(report)
    found = page.locator("#worklist-found")
    assert found.get_attribute("aria-live") == "polite"
    page.get_by_label("Center", exact=True).select_option("Center B")
    page.get_by_label("Field", exact=True).select_option("steatosis")
    expected = _issues(example, "center = 'Center B' and field = 'steatosis'")
    assert expected > 1
    assert found.inner_text().startswith(f"{expected} of {_issues(example)} issues found")
    assert set(_column(page, 3)) == {"steatosis"}
    assert set(_column(page, 6)) == {"Center B"}
    patient = _column(page, 4)[0]
    page.get_by_role("button", name="Clear").click()
    page.get_by_label("Search").fill(patient.upper())
    expected = _issues(example, f"patient_id = '{patient}'")
    assert found.inner_text().startswith(f"{expected} of")
    assert set(_column(page, 4)) == {patient}
    page.get_by_label("Search").fill("there is no such thing")
    assert found.inner_text().startswith("0 of")
    assert _column(page, 1) == []


def test_columns_sort_both_ways(opened, report):
    page = opened(report)
    page.get_by_label("Rows").select_option("100")
    for number, name in ((1, "Urgency"), (6, "Center")):
        button = page.get_by_role("button", name=name, exact=True)
        header = page.locator(f"#worklist-table th:nth-child({number})")
        for direction, sign in (("ascending", 1), ("descending", -1)):
            button.click()
            assert header.get_attribute("aria-sort") == direction
            values = [int(v) if number == 1 else v for v in _column(page, number)]
            assert values == sorted(values, reverse=sign < 0)
    assert page.locator("[aria-sort]").count() == 1


def test_pages_hold_every_issue_once(opened, report, example):
    page = opened(report)
    page.get_by_label("Rows").select_option("100")
    following = page.get_by_role("button", name="Next page")
    assert page.get_by_role("button", name="Previous page").is_disabled()
    rows = page.locator("#worklist-table tbody tr").all_inner_texts()
    while following.is_enabled():
        following.click()
        rows += page.locator("#worklist-table tbody tr").all_inner_texts()
    assert len(rows) == _issues(example)
    with example.published() as con:
        records = con.execute(
            "select count(distinct (rule, detail, field, patient_id, record_id)) "
            "from quality.issues where state <> 'closed'"
        ).fetchone()[0]
    assert len(set(rows)) == records


def test_every_control_is_reached_by_the_keyboard_and_shows_it(opened, report):
    page = opened(report)
    wanted = page.locator(CONTROLS).evaluate_all(
        "controls => controls.filter(c => c.checkVisibility() && !c.disabled)"
        ".map((c, i) => { c.dataset.place = i; return String(i); })"
    )
    reached = []
    for _ in wanted:
        page.keyboard.press("Tab")
        place, outline = page.evaluate(
            "[document.activeElement.dataset.place, getComputedStyle(document.activeElement)"
            ".outlineStyle]"
        )
        reached.append(place)
        assert outline != "none"
    assert reached == wanted


def test_the_keyboard_alone_works_the_worklist(opened, report):
    page = opened(report)
    page.get_by_label("Search").focus()
    page.keyboard.type("steatosis")
    assert set(_column(page, 3)) == {"steatosis"}
    page.get_by_role("button", name="Center", exact=True).focus()
    page.keyboard.press("Enter")
    assert page.locator("th[aria-sort=ascending]").inner_text().startswith("Center")
    page.get_by_role("button", name="Next page").focus()
    page.keyboard.press("Space")
    assert page.locator("#worklist-page").inner_text().startswith("Page 2")


def test_without_scripts_everything_else_stands(opened, report):
    page = opened(report, java_script_enabled=False)
    assert page.locator("#worklist-table tbody tr").count() == 25
    assert not page.locator("#worklist-filters").is_visible()
    assert not page.locator("#worklist-pager").is_visible()
    assert page.locator("h2").count() >= 8


def test_the_dark_page_is_dark_and_its_figures_follow(opened, report):
    page = opened(report, color_scheme="dark")
    colors = page.evaluate(
        "[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color,"
        " [...document.querySelectorAll('svg text')].map((t) => getComputedStyle(t).fill)]"
    )
    assert colors[0] == "rgb(21, 24, 28)"
    # Names and ticks have the ink of the page; the numbers in the cells that of their cell.
    assert set(colors[2]) <= {colors[1], "rgb(0, 0, 0)", "rgb(255, 255, 255)"}
    assert colors[1] in colors[2]


@pytest.mark.parametrize("width", [320, 400, 768])
def test_a_narrow_page_scrolls_only_its_tables(opened, report, width):
    page = opened(report, viewport={"width": width, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_on_paper_there_are_no_controls_and_nothing_is_cut(opened, report):
    page = opened(report, viewport={"width": 700, "height": 1000}, color_scheme="dark")
    page.emulate_media(media="print")
    for control in ("#worklist-filters", "#worklist-pager", "nav", ".skip"):
        assert not page.locator(control).is_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    too_wide = page.locator("table:visible").evaluate_all(
        "tables => tables.filter(t => t.getBoundingClientRect().right > innerWidth)"
        ".map(t => t.caption.textContent)"
    )
    assert too_wide == []
    assert page.pdf(format="A4").startswith(b"%PDF")
