-- Order of the resections of primary and liver, of synchronous metastases only: colon first, liver first, or both in one
-- operation. Dates decide (the primary resected on the very day of the index operation is simultaneous), else the
-- recorded word; a disagreement is kept as a finding.
-- Odd: a month decides where all of it lies before or after; a primary that is recorded as not resected has no order.
-- One row per patient with an index operation.
with dated as (

    select
        o.patient_id,
        c.chronology,
        c.chronology_missing_reason,
        f.recorded_surgical_approach,
        f.recorded_surgical_approach_missing_reason,
        o.operation_date_missing_reason,
        f.primary_operation_date_missing_reason,
        case
            when f.primary_operation_date_high < o.operation_date_low then 'colon_first'
            when f.primary_operation_date_low > o.operation_date_high then 'liver_first'
            when f.primary_operation_date_low = f.primary_operation_date_high and o.operation_date_low = o.operation_date_high
                then 'simultaneous'
        end as by_dates,
        case when f.primary_operation_date_low is not null and o.operation_date_low is not null then 'imprecise' end as dates_reason
    from {{ ref('int_index_operations') }} o
    left join {{ ref('int_patient_facts') }} f on f.patient_id = o.patient_id
    left join {{ ref('int_chronology') }} c on c.patient_id = o.patient_id

)

select
    patient_id,
    case when chronology = 'synchronous' then coalesce(by_dates, recorded_surgical_approach) end as surgical_approach,
    case
        when chronology = 'metachronous' then 'not_applicable'
        when chronology is null then chronology_missing_reason
        when coalesce(by_dates, recorded_surgical_approach) is not null then null
        when recorded_surgical_approach_missing_reason = 'not_applicable' and dates_reason is null then 'not_applicable'
        else {{ stronger_reason(
            'recorded_surgical_approach_missing_reason', 'dates_reason', 'operation_date_missing_reason', 'primary_operation_date_missing_reason'
        ) }}
    end as surgical_approach_missing_reason,
    case
        when chronology is distinct from 'synchronous' then null
        when by_dates is not null then 'dates'
        when recorded_surgical_approach is not null then 'recorded'
    end as surgical_approach_basis,
    coalesce(chronology = 'synchronous' and by_dates <> recorded_surgical_approach, false) as approach_disagrees
from dated
