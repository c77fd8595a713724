-- As many patients are listed at each step as cohort_flow takes out there; none is listed twice, and whoever is listed
-- at no step is left at the end.
with listed as (
    select step_number, count(*) as patients from {{ ref('exclusions') }} group by step_number
)

select 'step ' || f.step_number as failed
from {{ ref('cohort_flow') }} f
left join listed l on l.step_number = f.step_number
where f.excluded <> coalesce(l.patients, 0)
union all
select 'left at the end'
where (select count(*) from {{ ref('patients') }} p where not exists (select 1 from {{ ref('exclusions') }} e where e.patient_id = p.patient_id))
    <> (select min_by(patients, -step_number) from {{ ref('cohort_flow') }})
