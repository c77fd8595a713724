-- Synchronous or metachronous. Paper: metachronous is a metastasis diagnosed more than
-- {{ var('metachronous_after_months') }} calendar months after the resection of the primary; on the very day six months
-- later, before, or with the primary resected after the metastasis, it is synchronous.
-- Dates beat the recorded word; a disagreement is kept as a finding.
-- Odd: without the date of the primary's resection the recorded word speaks; a blank does not mean "still in place".
-- One row per patient of the operative extract.
with dated as (

    select
        patient_id,
        recorded_chronology,
        recorded_chronology_missing_reason,
        primary_operation_date_missing_reason,
        metastasis_diagnosis_date_missing_reason,
        -- The metastasis after the limit whichever day within the uncertain dates is meant, or never after it.
        metastasis_diagnosis_date_low > {{ add_months('primary_operation_date_high', var('metachronous_after_months')) }} as is_surely_later,
        metastasis_diagnosis_date_high <= {{ add_months('primary_operation_date_low', var('metachronous_after_months')) }} as is_surely_not_later
    from {{ ref('int_patient_facts') }}

),

judged as (

    select *,
        case when is_surely_later then 'metachronous' when is_surely_not_later then 'synchronous' end as by_dates,
        is_surely_later is not null and not is_surely_later and not is_surely_not_later as is_imprecise
    from dated

)

select
    patient_id,
    coalesce(by_dates, recorded_chronology) as chronology,
    case
        when coalesce(by_dates, recorded_chronology) is null then {{ stronger_reason(
            'recorded_chronology_missing_reason', 'metastasis_diagnosis_date_missing_reason', 'primary_operation_date_missing_reason',
            "case when is_imprecise then 'imprecise' end"
        ) }}
    end as chronology_missing_reason,
    case when by_dates is not null then 'dates' when recorded_chronology is not null then 'recorded' end as chronology_basis,
    by_dates is not null and coalesce(by_dates <> recorded_chronology, false) as chronology_disagrees
from judged
