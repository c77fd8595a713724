-- Who is not in the cohort, and why?
-- Gives: step_number, step, reason, excluded, remaining, patients
select
    f.step_number,
    f.step,
    f.reason,
    f.excluded,
    f.patients as remaining,
    list(e.patient_id order by e.patient_id) filter (e.patient_id is not null) as patients
from marts.cohort_flow f
left join marts.exclusions e on e.step_number = f.step_number
group by all
order by f.step_number
