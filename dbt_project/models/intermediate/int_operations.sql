-- Operations, which of them are liver resections, their extent, and the index operation: the first liver resection
-- (paper), by date.
-- Of several procedures of one day the largest extent counts; what was done besides (a colectomy) does not.
-- Odd: a blank or unlisted procedure is a liver resection of unknown extent (dictionary §3).
-- One row per operation.
with operations as (

    select
        operation_key,
        patient_id,
        min(operation_date) as operation_date,
        min(operation_date_low) as operation_date_low,
        max(operation_date_high) as operation_date_high,
        min(operation_date_precision) as operation_date_precision,
        min(operation_date_missing_reason) as operation_date_missing_reason,
        bool_or(procedure_is_liver_resection) as is_liver_resection,
        string_agg(procedure_term, ' + ' order by procedure_term) filter (procedure_is_liver_resection) as procedure_term,
        bool_or(procedure_extent = 'major') filter (procedure_is_liver_resection) as is_major,
        bool_or(procedure_extent is null) filter (procedure_is_liver_resection) as is_unclear,
        min(procedure_missing_reason) filter (procedure_is_liver_resection) as extent_reason,
        {{ agreed('lobar_involvement') }},
        {{ agreed('metastatic_seeding') }},
        {{ agreed('neoadjuvant_therapy') }},
        {{ agreed('neoadjuvant_regimen') }},
        -- Completed years are whole: below 65 is at most 64.
        min(age_at_operation_low + case when age_at_operation_low_is_open then 1 else 0 end) as recorded_age_low,
        case when not bool_or(age_at_operation_low is not null and age_at_operation_high is null)
            then max(age_at_operation_high - case when age_at_operation_high_is_open then 1 else 0 end) end as recorded_age_high,
        min(age_at_operation_missing_reason) as recorded_age_missing_reason,
        min(center) as center,
        count(*) as rows_delivered
    from {{ ref('int_operation_rows') }}
    group by operation_key, patient_id

),

judged as (

    select *,
        case
            when not is_liver_resection then null
            when is_major then 'major'
            when not is_unclear then 'minor'
        end as hepatectomy_extent
    from operations

)

select
    * exclude (is_major, is_unclear, extent_reason),
    case
        when hepatectomy_extent is not null then null
        when not is_liver_resection then 'not_applicable'
        else extent_reason
    end as hepatectomy_extent_missing_reason,
    case when is_liver_resection then
        row_number() over (
            partition by patient_id, is_liver_resection order by operation_date nulls last, operation_key
        )
    end as hepatectomy_number
from judged
