-- Age at the index operation in completed years, from the birth date, else as recorded; both as intervals.
-- Group (paper): below {{ var('age_cutoff_years') }} or not; the day before the birthday is below.
-- Odd: a birth year alone leaves two ages possible, yet often one group; an age below 15 or above 105 is set aside.
-- One row per patient with an index operation.
with ages as (

    select
        o.patient_id,
        case when f.birth_date is not null and o.operation_date is not null
            then {{ completed_years('f.birth_date_high', 'o.operation_date_low') }} end as low_by_dates,
        case when f.birth_date is not null and o.operation_date is not null
            then {{ completed_years('f.birth_date_low', 'o.operation_date_high') }} end as high_by_dates,
        -- "Below 65" ends in completed years with 64.
        floor(f.recorded_age_at_operation_low) as recorded_low,
        case when f.recorded_age_at_operation_high_is_open then ceil(f.recorded_age_at_operation_high) - 1
            else floor(f.recorded_age_at_operation_high) end as recorded_high,
        f.birth_date_missing_reason,
        o.operation_date_missing_reason,
        f.recorded_age_at_operation_missing_reason
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

    -- An interval ("under 70") is plausible where any age in it is.
    select *, coalesce(low <= 105 and coalesce(high, 105) >= 15, false) as is_plausible from chosen

)

select
    patient_id,
    case when is_plausible and low = high then low end as age_at_operation,
    case
        when is_plausible and low = high then null
        when is_plausible then 'imprecise'
        when low is not null then 'unreadable'
        else {{ stronger_reason('birth_date_missing_reason', 'recorded_age_at_operation_missing_reason', 'operation_date_missing_reason') }}
    end as age_at_operation_missing_reason,
    case when is_plausible then case when is_by_dates then 'birth date' else 'recorded' end end as age_at_operation_basis,
    case
        when is_plausible and {{ at_least('low', var('age_cutoff_years')) }} then '>={{ var("age_cutoff_years") }}'
        when is_plausible and high < {{ var('age_cutoff_years') }} then '<{{ var("age_cutoff_years") }}'
    end as age_group
from plausible
