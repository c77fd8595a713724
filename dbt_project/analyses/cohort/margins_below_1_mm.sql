-- Who has a margin of less than 1 mm?
-- "<1 mm" has no number: margin_mm is then unknown (imprecise), the group is known all the same.
-- Gives: patient_id, center, operation_date, margin_mm, margin_mm_missing_reason, resection_status, died, follow_up_months
select
    patient_id,
    center,
    operation_date,
    margin_mm,
    margin_mm_missing_reason,
    resection_status,
    died,
    round(follow_up_months, 1) as follow_up_months
from marts.survival_cohort
where margin_group = '<1 mm'
order by margin_mm nulls first, patient_id
