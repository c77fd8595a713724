-- Synchronous or metachronous, and the interval to a metachronous metastasis. Paper: metachronous is a metastasis
-- diagnosed more than {{ var('metachronous_after_months') }} calendar months after the resection of the primary; on the very day six months
-- later, before, or with the primary resected after the metastasis, it is synchronous.
-- Policy metachronous_since ({{ var('metachronous_since') }}): the alternative counts from the diagnosis of the primary.
-- Dates beat the recorded word; a disagreement is kept as a finding.
-- The interval runs from the resection of the primary, by calendar: the day 12 months later is <=12.
-- Odd: without the date of the primary the recorded word speaks; a blank does not mean "still in place".
-- One row per patient of the operative extract.
{% set since = {'operation': 'primary_operation_date', 'diagnosis': 'primary_diagnosis_date'}[var('metachronous_since')] %}
{% set interval_reasons = stronger_reason('metastasis_diagnosis_date_missing_reason', 'primary_operation_date_missing_reason', "'imprecise'") %}
with dated as (

    select
        *,
        -- The metastasis after the limit whichever day within the uncertain dates is meant, or never after it.
        metastasis_diagnosis_date_low > {{ add_months(since ~ '_high', var('metachronous_after_months')) }} as is_surely_later,
        metastasis_diagnosis_date_high <= {{ add_months(since ~ '_low', var('metachronous_after_months')) }} as is_surely_not_later,
        case
            when primary_operation_date_low = primary_operation_date_high and metastasis_diagnosis_date_low = metastasis_diagnosis_date_high
                then {{ days_between('primary_operation_date_low', 'metastasis_diagnosis_date_low') }}
        end as interval_days,
        case
            when metastasis_diagnosis_date_high <= {{ add_months('primary_operation_date_low', var('interval_cutoff_months')) }} then '<={{ var("interval_cutoff_months") }}'
            when metastasis_diagnosis_date_low > {{ add_months('primary_operation_date_high', var('interval_cutoff_months')) }} then '>{{ var("interval_cutoff_months") }}'
        end as group_by_dates,
        case
            when metastasis_diagnosis_date_high < {{ add_months('primary_operation_date_low', var('fong_interval_months')) }} then true
            when metastasis_diagnosis_date_low >= {{ add_months('primary_operation_date_high', var('fong_interval_months')) }} then false
        end as is_short_by_dates
    from {{ ref('int_patient_facts') }}

),

judged as (

    select
        *,
        case when is_surely_later then 'metachronous' when is_surely_not_later then 'synchronous' end as by_dates,
        case when not is_surely_later and not is_surely_not_later then 'imprecise' end as dates_reason
    from dated

),

chosen as (

    select
        *,
        coalesce(by_dates, recorded_chronology) as chronology,
        {{ stronger_reason('recorded_chronology_missing_reason', 'metastasis_diagnosis_date_missing_reason', since ~ '_missing_reason', 'dates_reason') }} as reason
    from judged

)

select
    patient_id,
    chronology,
    case when chronology is null then reason end as chronology_missing_reason,
    case when by_dates is not null then 'dates' when recorded_chronology is not null then 'recorded' end as chronology_basis,
    by_dates is not null and coalesce(by_dates <> recorded_chronology, false) as chronology_disagrees,

    case when chronology = 'metachronous' then cast(interval_days / {{ var('days_per_month') }} as double) end as interval_months,
    case
        when chronology = 'synchronous' then 'not_applicable'
        when chronology is null then reason
        when interval_days is null then {{ interval_reasons }}
    end as interval_months_missing_reason,
    case when chronology = 'metachronous' then group_by_dates end as interval_group,
    case
        when chronology = 'synchronous' then 'not_applicable'
        when chronology is null then reason
        when group_by_dates is null then {{ interval_reasons }}
    end as interval_group_missing_reason,
    -- For the clinical risk score, in which a synchronous metastasis counts as early.
    case when chronology = 'synchronous' then true else is_short_by_dates end as is_interval_short,
    case
        when chronology = 'synchronous' or is_short_by_dates is not null then null
        when chronology is null then reason
        else {{ interval_reasons }}
    end as is_interval_short_missing_reason
from chosen
