-- Everything that somebody could mend tonight: the missing pathology fields of the worklist and the findings of the cases.
-- Odd: where a liver resection has no report the finding says so once, and its fields are not asked for one by one.
-- One row per issue; `issue_id` is the same every night.
select
    worklist_id as issue_id,
    'missing field' as rule,
    field,
    patient_id,
    coalesce(specimen_id, operation_id) as record_id,
    center,
    laboratory,
    month,
    missing_reason as detail,
    100 as priority,
    'ask the laboratory' as remedy
from {{ ref('pathology_worklist') }}
where missing_reason <> 'no_report'
union all
select
    f.finding_id,
    f.finding,
    f.field,
    f.patient_id,
    f.record_id,
    coalesce(f.center, 'unknown'),
    'unknown',
    'unknown',
    cast(null as varchar),
    f.priority,
    r.remedy
from {{ ref('case_findings') }} f
inner join {{ ref('case_rules') }} r on r.rule = f.finding
