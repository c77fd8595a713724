-- Age at the index operation and at the diagnosis of the primary in completed years, from the birth date, else as
-- recorded; both as intervals.
-- Group (paper): below {{ var('age_cutoff_years') }} at the operation or not; the day before the birthday is below.
-- Odd: a birth year alone leaves two ages possible, yet often one group; an age that is surely below 15 or above 105 is
-- set aside, and where a birth date gives one (born after the operation) the recorded age speaks.
-- One row per patient with an index operation.
{% set ages = {'age_at_operation': 'operation_date', 'age_at_diagnosis': 'primary_diagnosis_date'} %}
with dated as (

    select
        o.patient_id, o.operation_date, o.operation_date_low, o.operation_date_high, o.operation_date_missing_reason,
        f.* exclude (patient_id)
    from {{ ref('int_index_operations') }} o
    left join {{ ref('int_patient_facts') }} f on f.patient_id = o.patient_id

),

completed as (

    select
        *,
        {% for age, day in ages.items() %}
        case when birth_date is not null and {{ day }} is not null then {{ completed_years('birth_date_high', day ~ '_low') }} end as {{ age }}_by_dates,
        {% endfor %}
        {% for age, day in ages.items() %}
        case when birth_date is not null and {{ day }} is not null then {{ completed_years('birth_date_low', day ~ '_high') }} end as {{ age }}_by_dates_high{{ ',' if not loop.last }}
        {% endfor %}
    from dated

),

-- A birth date that is set aside leaves the recorded age.
believed as (

    select * replace (
        {% for age in ages %}
        case when not {{ age }}_is_absurd then {{ age }}_by_dates end as {{ age }}_by_dates{{ ',' if not loop.last }}
        {% endfor %}
    )
    from (
        select
            *,
            {% for age in ages %}
            coalesce(({{ age }}_by_dates > 105 or {{ age }}_by_dates_high < 15) and recorded_{{ age }}_missing_reason is null, false) as {{ age }}_is_absurd{{ ',' if not loop.last }}
            {% endfor %}
        from completed
    ) judged

),

chosen as (

    select
        *,
        {% for age in ages %}
        cast(coalesce({{ age }}_by_dates, recorded_{{ age }}_low) as integer) as {{ age }}_low,
        cast(case
            when {{ age }}_by_dates is not null then {{ age }}_by_dates_high else recorded_{{ age }}_high
        end as integer) as {{ age }}_high{{ ',' if not loop.last }}
        {% endfor %}
    from believed

),

plausible as (

    -- An interval ("under 70") is plausible where any age in it is.
    select
        *,
        {% for age in ages %}
        coalesce({{ age }}_low <= 105 and coalesce({{ age }}_high, 105) >= 15, false) as {{ age }}_is_plausible{{ ',' if not loop.last }}
        {% endfor %}
    from chosen

)

select
    patient_id,
    {% for age, day in ages.items() %}
    case when {{ age }}_is_plausible and {{ age }}_low = {{ age }}_high then {{ age }}_low end as {{ age }},
    case
        when {{ age }}_is_plausible and {{ age }}_low = {{ age }}_high then null
        when {{ age }}_is_plausible then 'imprecise'
        when {{ age }}_low is not null then 'unreadable'
        else {{ stronger_reason('birth_date_missing_reason', 'recorded_' ~ age ~ '_missing_reason', day ~ '_missing_reason') }}
    end as {{ age }}_missing_reason,
    case when {{ age }}_is_plausible then case when {{ age }}_by_dates is not null then 'birth date' else 'recorded' end end as {{ age }}_basis,
    {% endfor %}
    case
        when age_at_operation_is_plausible and {{ at_least('age_at_operation_low', var('age_cutoff_years')) }} then '>={{ var("age_cutoff_years") }}'
        when age_at_operation_is_plausible and age_at_operation_high < {{ var('age_cutoff_years') }} then '<{{ var("age_cutoff_years") }}'
    end as age_group,
    -- A finding: a birthday apart is common, more is not.
    coalesce(recorded_age_at_operation_low > age_at_operation_by_dates_high + 1 or recorded_age_at_operation_high < age_at_operation_by_dates - 1, false) as age_disagrees
from plausible
