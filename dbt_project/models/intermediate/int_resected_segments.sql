-- Which Couinaud segments an operation resected, and its extent by their number: major is at least
-- {{ var('major_hepatectomy_segments') }} segments. 4a and 4b are one segment, a wedge takes none.
-- Of several procedures the union. A named procedure tells its segments (code list); where it does not (a segmentectomy
-- of unknown place, a blank procedure), the field of resected segments does.
-- Where the field stands beside a name that tells, it has to hold what is named, and nothing else unless a wedge was done
-- besides: it may be the place of that wedge. Otherwise the two conflict, and the extent is known only if both say the same.
-- Odd: what is sure (`low`) and what is possible (`high`, null: anything) are kept apart, and the extent is known wherever
-- all of it lies in one group (dictionary §1): "5-8" beside "right anterior sectionectomy" is 5 and 8, beside a blank it is
-- two segments or four; a procedure of unknown segments beside a right hepatectomy is major, with an unknown list.
-- Odd: a text that no list knows may be anything, and the field beside it is not believed to be all of it.
-- One row per operation.
with operations as (

    select
        operation_key,
        bool_or(procedure_is_liver_resection) as is_liver_resection,
        {% for column, as in [('procedure_segments_low', 'named'), ('segments_low', 'field_low'), ('segments_high', 'field_high')] %}
        coalesce(list_sort(list_distinct(flatten(
            list({{ column }}) filter (procedure_is_liver_resection and {{ column }} is not null)
        ))), []) as {{ as }},
        {% endfor %}
        coalesce(max(procedure_fewest_segments) filter (procedure_is_liver_resection), 0) as fewest_named,
        coalesce(bool_or(procedure_takes_part_of_a_segment) filter (procedure_is_liver_resection), false) as has_wedge,
        {{ strongest_reason('procedure_segments_missing_reason', 'procedure_is_liver_resection') }} as name_reason,
        {{ strongest_reason('segments_missing_reason', 'procedure_is_liver_resection') }} as field_reason,
        count(segments_low) filter (procedure_is_liver_resection) > 0
            and not coalesce(bool_or(segments_missing_reason = 'unreadable') filter (procedure_is_liver_resection), false) as has_field
    from {{ ref('int_operation_rows') }}
    group by operation_key

),

compared as (

    select *,
        name_reason is null as is_named,
        has_field and (
            not list_has_all(field_high, named)
            or len(field_high) < fewest_named
            or (name_reason is null and not has_wedge and not list_has_all(named, field_low))
        ) as segments_disagree
    from operations

),

bounded as (

    select *,
        case
            when not is_named and has_field and not has_wedge and name_reason <> 'unreadable'
                then list_sort(list_distinct(list_concat(named, field_low)))
            else named
        end as low,
        case
            when is_named then named
            when has_field and name_reason <> 'unreadable' then field_high
        end as high
    from compared

),

judged as (

    select
        operation_key,
        is_liver_resection,
        segments_disagree,
        case when is_liver_resection and not segments_disagree and low = high then low end as resected_segments,
        case
            when not is_liver_resection then null
            when segments_disagree and least(greatest(len(named), fewest_named), len(field_low)) >= {{ var('major_hepatectomy_segments') }} then 'major'
            when segments_disagree and is_named and greatest(len(named), len(field_high)) < {{ var('major_hepatectomy_segments') }} then 'minor'
            when segments_disagree then null
            when greatest(len(low), fewest_named) >= {{ var('major_hepatectomy_segments') }} then 'major'
            when len(high) < {{ var('major_hepatectomy_segments') }} then 'minor'
        end as hepatectomy_extent_by_segments,
        case
            when not is_liver_resection then 'not_applicable'
            when segments_disagree then 'conflicting'
            when has_field and name_reason <> 'unreadable' then 'imprecise'
            else {{ stronger_reason('name_reason', 'field_reason') }}
        end as reason
    from bounded

)

select
    operation_key,
    resected_segments,
    case when resected_segments is null then reason end as resected_segments_missing_reason,
    hepatectomy_extent_by_segments,
    case when hepatectomy_extent_by_segments is null then reason end as hepatectomy_extent_by_segments_missing_reason,
    is_liver_resection and segments_disagree as segments_disagree
from judged
