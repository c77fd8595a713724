-- Operations, which of them are liver resections, their extent, and the index operation: the first liver resection
-- (paper), by date.
-- By the paper, of several procedures of one day the largest extent counts; what was done besides (a colectomy) does not.
-- The other rule, by segments, stands in int_resected_segments; both are kept, and `hepatectomy_extent` is the one that
-- major_hepatectomy_by says ({{ var('major_hepatectomy_by') }}).
-- Odd: a blank or unlisted procedure is a liver resection of unknown extent (dictionary §3); a day imputed to a month
-- or year is not after data_as_of.
-- One row per operation.
with operations as (

    select
        operation_key,
        patient_id,
        min(operation_date) as operation_date,
        -- Rows of one operation have one date, of which one may know the day and another only the month: what both allow.
        max(operation_date_low) as operation_date_low,
        min(operation_date_high) as operation_date_high,
        min(operation_date_precision) as operation_date_precision,
        {{ strongest_reason('operation_date_missing_reason') }} as operation_date_missing_reason,
        bool_or(procedure_is_liver_resection) as is_liver_resection,
        string_agg(procedure_term, ' + ' order by procedure_term) filter (procedure_is_liver_resection) as procedure_term,
        bool_or(procedure_extent = 'major') filter (procedure_is_liver_resection) as is_major,
        bool_or(procedure_extent is null) filter (procedure_is_liver_resection) as is_unclear,
        {{ strongest_reason('procedure_missing_reason', 'procedure_is_liver_resection') }} as extent_reason,
        {{ agreed('lobar_involvement') }},
        {{ agreed('metastatic_seeding') }},
        min(center) as center,
        count(*) as rows_delivered
    from {{ ref('int_operation_rows') }}
    group by operation_key, patient_id

),

judged as (

    select
        o.* replace (
            case
                when o.operation_date_low <= a.data_as_of and o.operation_date_low < o.operation_date_high
                    then least(o.operation_date, a.data_as_of)
                else o.operation_date
            end as operation_date
        ),
        case
            when not is_liver_resection then null
            when is_major then 'major'
            when not is_unclear then 'minor'
        end as hepatectomy_extent_by_paper,
        s.* exclude (operation_key)
    from operations o
    cross join {{ ref('int_data_as_of') }} a
    left join {{ ref('int_resected_segments') }} s on s.operation_key = o.operation_key

),

reasoned as (

    select
        * exclude (is_major, is_unclear, extent_reason),
        case
            when hepatectomy_extent_by_paper is not null then null
            when not is_liver_resection then 'not_applicable'
            else extent_reason
        end as hepatectomy_extent_by_paper_missing_reason
    from judged

)

select
    *,
    hepatectomy_extent_by_{{ var('major_hepatectomy_by') }} as hepatectomy_extent,
    hepatectomy_extent_by_{{ var('major_hepatectomy_by') }}_missing_reason as hepatectomy_extent_missing_reason,
    case when is_liver_resection then
        row_number() over (
            partition by patient_id, is_liver_resection order by operation_date nulls last, operation_key
        )
    end as hepatectomy_number
from reasoned
