"""dbt's documentation of the example registry in a browser, offline, from the one file."""

from __future__ import annotations

import pytest


@pytest.fixture
def page(opened, example):
    # That it asks for no other file and reports no error is asserted where the page is closed.
    shown = opened(example.current / "dbt_docs.html")
    shown.get_by_role("heading", name="The tables of this release").wait_for()
    return shown


def _go(page, place):
    page.evaluate("place => { location.hash = place }", f"#!/{place}")


def test_it_opens_with_what_an_analyst_looks_for(page, example):
    assert "tables and how they are made" in page.title()
    assert "parquet" in page.locator(".app-content").first.inner_text()
    for name in ("quality", "raw", "results", "crlm_registry"):
        assert page.get_by_text(name, exact=True).filter(visible=True).count() > 0


def test_a_mart_shows_its_columns_rows_and_sql(page):
    _go(page, "model/model.crlm_registry.survival_cohort")
    page.get_by_role("heading", name="survival_cohort").first.wait_for()
    text = page.locator(".app-content").first.inner_text()
    for shown in ("One row per patient in the cohort", "248", "margin_mm", "DECIMAL(9,3)"):
        assert shown in text
    assert page.locator("code").filter(has_text="select").first.is_visible()


@pytest.mark.slow
def test_a_result_shows_its_columns_and_the_questions_that_read_it(page):
    _go(page, "source/source.crlm_registry.results.survival_summary")
    page.get_by_role("heading", name="results.survival_summary").first.wait_for()
    text = page.locator(".app-content").first.inner_text()
    assert "landmark_months" in text
    assert "survival_at_1_3_and_5_years" in text


@pytest.mark.slow
def test_a_question_shows_its_query(page):
    _go(page, "analysis/analysis.crlm_registry.r0_rate_by_center_and_year")
    page.get_by_role("heading", name="r0_rate_by_center_and_year").first.wait_for()
    text = page.locator(".app-content").first.inner_text()
    assert "How often is the resection complete (R0)" in text
    assert "from marts.survival_cohort" in text


@pytest.mark.slow
def test_the_lineage_is_drawn(page):
    _go(page, "model/model.crlm_registry.cohort_flow")
    page.get_by_role("heading", name="cohort_flow").first.wait_for()
    page.locator(".launcher").first.click()
    page.locator(".launcher-window canvas").first.wait_for()
    nodes = page.evaluate(
        "() => angular.element(document.querySelector('.launcher-window')).injector()"
        ".get('graph').graph.elements.length"
    )
    # The table, what it is made from, and the lines between them.
    assert nodes >= 3
