"""The public table of 197 patients, read by mapping alone."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.slow


def test_all_patients_and_deaths_arrive(msk):
    with msk.published() as con:
        assert con.execute(
            "select count(*), count(*) filter (died), count(follow_up_days) "
            "from marts.survival_cohort"
        ).fetchall() == [(197, 107, 197)]
    with msk.warehouse() as con:
        read = con.execute("select extract, rows_read, rows_new from raw.extracts").fetchall()
    assert sorted(read) == [
        ("follow_up", 197, 197),
        ("operative", 197, 197),
        ("pathology", 197, 197),
    ]


def test_months_of_thirty_days_are_days_exactly(msk):
    with msk.warehouse() as con:
        wrong = con.execute(
            """
            select count(*)
            from raw.follow_up f
            join marts.survival_cohort c on c.patient_id = f.patient_pseudonym
            where c.follow_up_days <> round(f.time_since_operation::double * 30)
            """
        ).fetchall()
    assert wrong == [(0,)]


def test_values_are_read_by_mapping(msk):
    with msk.warehouse() as con:
        rows = con.execute(
            """
            select p.largest_metastasis, c.largest_metastasis_mm, c.size_group, c.tumor_regression
            from raw.pathology p
            join marts.survival_cohort c on c.patient_id = p.patient_pseudonym
            """
        ).fetchall()
        sexes = con.execute(
            """
            select o.sex, c.sex, count(*)
            from raw.operative o join marts.survival_cohort c on c.patient_id = o.patient_pseudonym
            group by all order by all
            """
        ).fetchall()
    assert sexes == [("1", "male", 117), ("2", "female", 80)]
    assert all(float(mm) == round(float(cm) * 10, 6) for cm, mm, _, _ in rows)
    assert all((mm >= 60) == (group == ">=6 cm") for _, mm, group, _ in rows)
    # Two complete responders have a size of 0: a value, not a missing one.
    assert sum(mm == 0 for _, mm, _, _ in rows) == 2
    assert {regression for _, mm, _, regression in rows if mm == 0} == {"complete"}


def test_absent_fields_are_not_collected_and_their_factors_drop_out_with_a_sentence(msk):
    with msk.published() as con:
        for variable in (
            "resection_status",
            "margin_group",
            "hepatectomy_extent",
            "tumor_grade",
            "primary_site",
            "lymphovascular_invasion",
        ):
            reasons = con.execute(
                f"select distinct {variable}, {variable}_missing_reason from marts.survival_cohort"
            ).fetchall()
            assert reasons == [(None, "not_collected")]
        left_out = con.execute(
            "select factor from results.model_factors where not in_univariable"
        ).fetchall()
        modeled = {
            row[0]
            for row in con.execute("select distinct factor from results.cox_univariable").fetchall()
        }
    assert {"resection_status", "hepatectomy_extent"} <= {name for (name,) in left_out}
    assert modeled >= {"age_group", "sex", "size_group", "chronology", "lobar_involvement"}
    assert "resection_status" not in modeled
    html = (msk.current / "survival_report.html").read_text(encoding="utf-8")
    assert "not collected" in html
