"""Other definitions give other groups, models and a report that says so."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.mark.slow
def test_other_definitions_change_the_marts_and_are_stated(
    example_registry: Any, example: Any
) -> None:
    def other(content: dict[str, Any]) -> None:
        content["definitions"] = {
            "age_cutoff_years": 70,
            "size_cutoff_mm": 55,
            "r0_margin_mm": 2,
            "negative_margin_without_distance": "unknown",
            "major_hepatectomy_by": "segments",
        }

    example_registry.edit(other)
    done = example_registry.refresh()
    assert done.returncode == 0, done.stdout + done.stderr

    extents = (
        "select hepatectomy_extent_by_paper, count(*) from marts.survival_cohort "
        "group by all order by all"
    )
    with example.published() as con:
        by_paper = con.execute(extents.replace("_by_paper", "")).fetchall()
        expected = con.execute(
            """
            select count(*) filter (age_at_operation >= 70),
                count(*) filter (largest_metastasis_mm >= 55),
                count(*) filter (margin_mm < 2 and resection_status = 'R0'
                    and resection_status_basis = 'distance')
            from marts.survival_cohort
            """
        ).fetchall()[0]
    with example_registry.published() as con:
        found = con.execute(
            """
            select count(*) filter (age_group = '>=70' and age_at_operation is not null),
                count(*) filter (size_group = '>=5.5 cm' and largest_metastasis_mm is not null)
            from marts.survival_cohort
            """
        ).fetchall()[0]
        # What was R0 with less than 2 mm is R1 now.
        assert found == expected[:2]
        assert expected[2] > 0
        assert con.execute(
            "select count(*) from marts.survival_cohort where resection_status = 'R0' "
            "and margin_mm < 2"
        ).fetchall() == [(0,)]
        # Both rules are published, and the other one is in force now.
        assert con.execute(
            "select count(*) from marts.survival_cohort "
            "where hepatectomy_extent is distinct from hepatectomy_extent_by_segments"
        ).fetchall() == [(0,)]
        assert con.execute(extents).fetchall() == by_paper
        differing = con.execute(
            "select coalesce(sum(operations), 0) from quality.extent_disagreements"
        ).fetchall()
        assert differing[0][0] > 0
        definitions = dict(
            con.execute("select definition, value from marts.definitions").fetchall()
        )
        levels = con.execute(
            "select distinct level from results.cox_univariable where factor = 'age_group'"
        ).fetchall()
    assert definitions["age_cutoff_years"] == "70"
    assert ("<70",) in levels or (">=70",) in levels
    report = (example_registry.current / "survival_report.html").read_text(encoding="utf-8")
    assert "Age at the operation is grouped below it" in report
    assert "70 years" in report
