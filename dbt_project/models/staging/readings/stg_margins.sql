-- Margin texts, of the distance field and of the status field alike: each part is a distance, a phrase, or neither.
-- Phrases give the status; two distances in one text conflict, for it is not said which is the parenchymal one.
-- Odd: "R0" and "free" are kept apart, for policy decides about the second; a vessel margin ("R1 vascular") is R1 with
-- a flag; "free" of a margin that cannot be assessed is not known to be. A text with any part that is neither stays
-- unread as a whole: "circumferential margin 2 mm" is no parenchymal margin.
-- One row per extract, margin field and delivered text.
with cells as (

    select * from {{ ref('stg_cells') }} where kind = 'margin'

),

parts as (

    select
        w.extract, w.field, w.raw_text,
        m.low, m.high, m.low_is_open, m.high_is_open,
        w.value as status,
        w.missing_reason,
        w.is_known or m.low is not null as is_known,
        coalesce(m.is_implausible, false) as is_implausible
    from {{ ref('stg_word_parts') }} w
    left join {{ ref('stg_measures') }} m
        on m.extract = w.extract and m.field = w.field and m.raw_text = w.raw_text and m.part_number = w.part_number
    where w.kind = 'margin'

),

texts as (

    select
        extract,
        field,
        raw_text,
        bool_and(is_known) as is_known,
        bool_or(is_implausible) as is_implausible,
        min(low) as low,
        min(high) as high,
        coalesce(bool_or(low_is_open) filter (low is not null), false) as low_is_open,
        coalesce(bool_or(high_is_open) filter (low is not null), false) as high_is_open,
        count(low) as distances,
        bool_or(coalesce(status = 'r2', false)) as says_r2,
        bool_or(coalesce(status in ('r1', 'involved', 'vascular'), false)) as says_positive,
        bool_or(coalesce(status = 'involved', false)) as says_involved,
        bool_or(coalesce(status = 'vascular', false)) as says_vascular,
        bool_or(coalesce(status = 'r0', false)) as says_r0,
        bool_or(coalesce(status = 'negative', false)) as says_negative,
        bool_or(coalesce(missing_reason = 'not_assessable', false)) as says_not_assessable,
        min(missing_reason) as missing_reason
    from parts
    group by extract, field, raw_text

),

by_lists as (

    select
        c.extract,
        c.field,
        c.raw_text,
        c.row_count,
        c.text,
        case when t.is_known and distances = 1 then t.low end as low,
        case when t.is_known and distances = 1 then t.high end as high,
        t.is_known and distances = 1 and t.low_is_open as low_is_open,
        t.is_known and distances = 1 and t.high_is_open as high_is_open,
        case when t.is_known then
            case
                when t.says_r2 then 'R2'
                when t.says_positive and (t.says_r0 or t.says_negative) then null
                when t.says_not_assessable and not t.says_positive then null
                when t.says_vascular then 'vascular'
                when t.says_involved then 'involved'
                when t.says_positive then 'R1'
                when t.says_r0 then 'R0'
                when t.says_negative then 'negative'
            end
        end as status,
        coalesce(t.is_implausible, false) as is_implausible,
        case
            when c.missing_reason is not null then c.missing_reason
            when t.is_known and not t.says_r2 and (distances > 1 or (t.says_positive and (t.says_r0 or t.says_negative))) then 'conflicting'
            when t.is_known and t.says_not_assessable and t.low is null and not t.says_r2 and not t.says_positive then 'not_assessable'
            when t.is_known and (t.low is not null or t.says_r2 or t.says_positive or t.says_r0 or t.says_negative) then null
            when t.is_known and t.missing_reason is not null then t.missing_reason
            when c.is_missing_word then 'not_reported'
            else 'unreadable'
        end as missing_reason
    from cells c
    left join texts t on t.extract = c.extract and t.field = c.field and t.raw_text = c.raw_text

)

{{ or_by_sentence('by_lists', {'low': 's.low', 'high': 's.high', 'low_is_open': 's.low_is_open', 'high_is_open': 's.high_is_open', 'status': 's.value'}) }}
