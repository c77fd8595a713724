-- Which operation a pathology report belongs to: by operation_id; else by the procedure date equal to the operation
-- date; else by a report dated 0 to {{ var('linking_window_days') }} days after a liver resection, the nearest before
-- it; else, with neither dates nor ids and one report and one operation of the patient, they belong together.
-- Odd: an operation_id that no operation has falls through to the dates. Where a date is known to the month only, the
-- report belongs to an operation of that month: a procedure if no other comes into question, a report wherever it may lie
-- within the {{ var('linking_window_days') }} days.
-- One row per pathology report; `operation_key` null where it links to none.
with reports as (

    select
        report_id, patient_id, operation_id,
        procedure_date, procedure_date_low, procedure_date_high,
        report_date, report_date_low, report_date_high,
        count(*) over (partition by patient_id) as reports_of_patient
    from {{ ref('stg_pathology') }}

),

operation_ids as (

    select distinct patient_id, operation_id, operation_key
    from {{ ref('int_operation_rows') }}
    where operation_id is not null

),

operations as (

    select *, count(*) over (partition by patient_id) as operations_of_patient
    from {{ ref('int_operations') }}

),

by_id as (

    select r.report_id, min(i.operation_key) as operation_key
    from reports r
    inner join operation_ids i on i.patient_id = r.patient_id and i.operation_id = r.operation_id
    group by r.report_id

),

by_procedure_date as (

    select
        r.report_id,
        case
            when count(*) = 1 then min(o.operation_key)
            when count(*) filter (o.operation_date_low = o.operation_date_high and r.procedure_date_low = r.procedure_date_high) = 1
                then min(o.operation_key) filter (o.operation_date_low = o.operation_date_high)
        end as operation_key
    from reports r
    inner join operations o
        on o.patient_id = r.patient_id
        and o.operation_date_low <= r.procedure_date_high
        and r.procedure_date_low <= o.operation_date_high
    group by r.report_id

),

by_report_date as (

    select r.report_id, max_by(o.operation_key, o.operation_date) as operation_key
    from reports r
    inner join operations o
        on o.patient_id = r.patient_id
        and o.is_liver_resection
        and r.report_date_high >= o.operation_date_low
        and {{ days_between('o.operation_date_high', 'r.report_date_low') }} <= {{ var('linking_window_days') }}
    where r.procedure_date is null
    group by r.report_id

),

by_patient as (

    select r.report_id, o.operation_key
    from reports r
    inner join operations o on o.patient_id = r.patient_id and o.operations_of_patient = 1
    where r.reports_of_patient = 1 and r.operation_id is null and r.procedure_date is null and r.report_date is null

)

select
    r.report_id,
    coalesce(i.operation_key, p.operation_key, d.operation_key, t.operation_key) as operation_key,
    case
        when i.operation_key is not null then 'operation number'
        when p.operation_key is not null then 'procedure date'
        when d.operation_key is not null then 'report date'
        when t.operation_key is not null then 'only report of the patient'
    end as link_basis
from reports r
left join by_id i on i.report_id = r.report_id
left join by_procedure_date p on p.report_id = r.report_id
left join by_report_date d on d.report_id = r.report_id
left join by_patient t on t.report_id = r.report_id
