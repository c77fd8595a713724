-- Age at the index operation in completed years, from the birth date, else as recorded; both as intervals.
-- Group (paper): below {{ var('age_cutoff_years') }} or not; the day before the birthday is below.
-- Odd: a birth year alone leaves two ages possible, yet often one group; an age that is surely below 15 or above 105 is
-- set aside.
-- One row per patient with an index operation.
with ages as (

    select
        o.patient_id,
        case when f.birth_date is not null and o.operation_date is not null
            then {{ completed_years('f.birth_date_high', 'o.operation_date_low') }} end as low_by_dates,
        case when f.birth_date is not null and o.operation_date is not null
            then {{ completed_years('f.birth_date_low', 'o.operation_date_high') }} end as high_by_dates,
        floor(o.recorded_age_low) as recorded_low,
        floor(o.recorded_age_high) as recorded_high,
        f.birth_date_missing_reason,
        o.operation_date_missing_reason,
        o.recorded_age_missing_reason
    from {{ ref('int_index_operations') }} o
    left join {{ ref('int_patient_facts') }} f on f.patient_id = o.patient_id

),

chosen as (

    select *,
        low_by_dates is not null as is_by_dates,
        cast(coalesce(low_by_dates, recorded_low) as integer) as low,
        cast(case when low_by_dates is not null then high_by_dates else recorded_high end as integer) as high
    from ages

),

plausible as (

    select *, coalesce(low <= 105 and (high is null or high >= 15), false) as is_plausible from chosen

)

select
    patient_id,
    case when is_plausible and low = high then low end as age_at_operation,
    case
        when is_plausible and low = high then null
        when is_plausible then 'imprecise'
        when low is not null then 'unreadable'
        when birth_date_missing_reason in ('conflicting', 'unreadable') then birth_date_missing_reason
        when recorded_age_missing_reason <> 'not_collected' then recorded_age_missing_reason
        when birth_date_missing_reason is not null then birth_date_missing_reason
        else operation_date_missing_reason
    end as age_at_operation_missing_reason,
    case when is_plausible then case when is_by_dates then 'birth date' else 'recorded' end end as age_at_operation_basis,
    case
        when is_plausible and {{ at_least('low', var('age_cutoff_years')) }} then '>={{ var("age_cutoff_years") }}'
        when is_plausible and high < {{ var('age_cutoff_years') }} then '<{{ var("age_cutoff_years") }}'
    end as age_group
from plausible
