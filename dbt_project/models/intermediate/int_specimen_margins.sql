-- The parenchymal margin of a specimen and its R status.
-- Paper: R0 is a margin of at least {{ var('r0_margin_mm') }} mm, R1 less or involved. A stated R2 wins.
-- The distance decides over a word ("free" with 0.5 mm is R1, a finding), except that "involved" with a distance of R0
-- conflicts, unless the tumor was detached from a vessel (R1 vascular).
-- Policy negative_margin_without_distance ({{ var('negative_margin_without_distance') }}): "free" without a distance.
-- Odd: "<1 mm" has no margin_mm and is R1; "1-2 mm" is R0 with an unknown margin group; "within 1 mm" leaves R unknown;
-- "involved" without a distance is a margin of 0; "R1" without one is a margin below the limit.
-- The alternative rule (resection_status_0mm): R1 only where the margin is 0 or said to be involved, or the tumor was
-- detached from a vessel; "R1" without a distance leaves it open, for it may be 0.5 mm.
-- One row per liver specimen.
with said as (

    select
        patient_id,
        specimen_key,
        operation_key,
        margin_distance_low is not null or margin_status_low is not null as has_distance,
        -- A distance in the distance column goes before one in the status column.
        case when margin_distance_low is not null then margin_distance_low else margin_status_low end as low,
        case when margin_distance_low is not null then margin_distance_high else margin_status_high end as high,
        case when margin_distance_low is not null then margin_distance_low_is_open else coalesce(margin_status_low_is_open, false) end as low_is_open,
        case when margin_distance_low is not null then margin_distance_high_is_open else coalesce(margin_status_high_is_open, false) end as high_is_open,
        'R2' in (coalesce(margin_distance_says, ''), coalesce(margin_status_says, '')) as says_r2,
        'vascular' in (coalesce(margin_distance_says, ''), coalesce(margin_status_says, '')) as says_vascular,
        'involved' in (coalesce(margin_distance_says, ''), coalesce(margin_status_says, '')) as says_involved,
        'R1' in (coalesce(margin_distance_says, ''), coalesce(margin_status_says, '')) as says_r1,
        'R0' in (coalesce(margin_distance_says, ''), coalesce(margin_status_says, '')) as says_r0,
        'negative' in (coalesce(margin_distance_says, ''), coalesce(margin_status_says, '')) as says_negative,
        'conflicting' in (
            coalesce(margin_distance_missing_reason, ''), coalesce(margin_status_missing_reason, '')
        ) as says_both,
        margin_distance_missing_reason,
        margin_status_missing_reason
    from {{ ref('int_specimens') }}
    where is_liver

),

weighed as (

    select *,
        says_involved or says_r1 or says_vascular as says_positive,
        says_both or ((says_involved or says_r1 or says_vascular) and (says_r0 or says_negative)) as words_conflict,
        has_distance and high = 0 as is_0_by_distance,
        has_distance and (low > 0 or low_is_open) as is_above_0_by_distance,
        has_distance and {{ at_least('low', var('r0_margin_mm')) }} as is_r0_by_distance,
        has_distance and coalesce({{ below('high', 'high_is_open', var('r0_margin_mm')) }}, false) as is_r1_by_distance
    from said

),

judged as (

    select *,
        case
            when says_r2 then 'R2'
            when is_r1_by_distance then 'R1'
            when words_conflict then null
            when is_r0_by_distance and says_vascular then 'R1'
            when is_r0_by_distance and says_positive then null
            when is_r0_by_distance then 'R0'
            when says_positive then 'R1'
            when says_r0 then 'R0'
            when has_distance then null
            when says_negative and '{{ var("negative_margin_without_distance") }}' = 'r0' then 'R0'
        end as resection_status,
        case
            when says_r2 then 'R2'
            when is_0_by_distance then 'R1'
            when words_conflict then null
            when says_vascular then 'R1'
            when says_involved and is_above_0_by_distance then null
            when says_involved then 'R1'
            when is_above_0_by_distance then 'R0'
            when has_distance and says_positive then null
            when says_r0 or says_negative then 'R0'
        end as resection_status_0mm
    from weighed

)

select
    patient_id,
    specimen_key,
    operation_key,
    resection_status,
    case
        when resection_status is not null then null
        when words_conflict or (is_r0_by_distance and says_positive) then 'conflicting'
        when has_distance or says_negative then 'imprecise'
        else {{ stronger_reason('margin_distance_missing_reason', 'margin_status_missing_reason') }}
    end as resection_status_missing_reason,
    resection_status_0mm,
    case
        when resection_status_0mm is not null then null
        when words_conflict or (says_involved and is_above_0_by_distance) then 'conflicting'
        when has_distance or says_positive then 'imprecise'
        else {{ stronger_reason('margin_distance_missing_reason', 'margin_status_missing_reason') }}
    end as resection_status_0mm_missing_reason,
    case
        when resection_status is null then null
        when says_r2 then 'stated'
        when is_r1_by_distance or (is_r0_by_distance and not says_positive) then 'distance'
        else 'stated'
    end as resection_status_basis,
    says_vascular as r1_vascular,
    resection_status = 'R1' and (says_r0 or says_negative) as word_disagrees_with_distance,
    case
        when has_distance then low
        -- What is left behind tells nothing of the parenchymal margin, nor does "free" beside it.
        when words_conflict or says_r2 then null
        when says_positive then 0
        when says_r0 then {{ var('r0_margin_mm') }}
        when says_negative then 0
    end as margin_low,
    case
        when has_distance then high
        when words_conflict or says_r2 then null
        when says_involved then 0
        when says_r1 or says_vascular then {{ var('r0_margin_mm') }}
    end as margin_high,
    case when has_distance then low_is_open else says_negative and not says_r0 end as margin_low_is_open,
    case when has_distance then high_is_open else (says_r1 or says_vascular) and not says_involved end as margin_high_is_open,
    case
        when has_distance then null
        when says_r2 then case when says_negative or says_r0 then 'imprecise' else 'not_reported' end
        when words_conflict then 'conflicting'
        when says_positive or says_negative or says_r0 then null
        else {{ stronger_reason('margin_distance_missing_reason', 'margin_status_missing_reason') }}
    end as margin_missing_reason,
    -- For the worklist: a margin in words ("free", "R0") still lacks its distance, whichever of the two columns they stand in
    -- and whether or not the other is delivered.
    case
        when has_distance then null
        when words_conflict then 'conflicting'
        when says_involved then null
        when says_negative or says_r0 or says_positive
            then {{ stronger_reason('margin_distance_missing_reason', 'margin_status_missing_reason', "'imprecise'") }}
        else coalesce({{ stronger_reason('margin_distance_missing_reason', 'margin_status_missing_reason') }}, 'not_reported')
    end as margin_distance_missing_reason
from judged
