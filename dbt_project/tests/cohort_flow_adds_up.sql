-- Each step leaves what the one before left, less what it takes out; the cohort is the fifth.
with steps as (
    select *, lag(patients) over (order by step_number) as patients_before from {{ ref('cohort_flow') }}
)

select step_number from steps where patients <> coalesce(patients_before, patients) - excluded
union all
select step_number from steps where step_number = 5 and patients <> (select count(*) from {{ ref('survival_cohort') }})
