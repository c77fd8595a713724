-- A data set for a survival analysis in R or Stata: one row per patient, one column per factor.
-- R: Surv(days, died). Stata: stset days, failure(died); it drops who died on day 0, so add half a day to those.
-- An unknown value is empty; its reason is in the column of marts.survival_cohort with _missing_reason.
-- Gives: patient_id, center, days, died, age, sex, primary_site, chronology, neoadjuvant_therapy, extent, metastases, size_mm, resection_status, grade, lymphovascular_invasion, perineural_invasion
select
    patient_id,
    center,
    follow_up_days as days,
    died::integer as died,
    age_at_operation as age,
    sex,
    primary_site,
    chronology,
    neoadjuvant_therapy,
    hepatectomy_extent as extent,
    metastasis_count as metastases,
    largest_metastasis_mm as size_mm,
    resection_status,
    tumor_grade as grade,
    lymphovascular_invasion,
    perineural_invasion
from marts.survival_cohort
where died is not null and follow_up_days is not null
order by patient_id
