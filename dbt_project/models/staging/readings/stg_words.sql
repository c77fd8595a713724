-- Word fields: the whole text first, then its parts together. Parts that disagree: the worse finding if both are
-- findings with a severity, otherwise `conflicting`. A part that no phrase covers leaves the text unread.
-- Odd: "unknown" and its like mean `not_reported`, unless the list of the field knows the word.
-- One row per extract, word field and delivered text.
with cells as (

    select * from {{ ref('stg_cells') }} where kind = 'word'

),

parts as (

    select
        extract,
        field,
        raw_text,
        bool_and(is_known) as is_known,
        count(distinct value) as values_named,
        min(value) as only_value,
        max(severity) as worst_severity,
        count(*) filter (value is not null and severity is null) as values_without_severity,
        max_by(value, severity) as worst_value,
        min(missing_reason) as missing_reason
    from {{ ref('stg_word_parts') }}
    where kind = 'word'
    group by extract, field, raw_text

),

read as (

    select
        c.extract,
        c.field,
        c.raw_text,
        c.row_count,
        c.text,
        case
            when c.missing_reason is not null then null
            when w.phrase is not null then w.value
            when c.is_missing_word then null
            when not coalesce(p.is_known, false) then null
            when p.values_named = 1 then p.only_value
            when p.values_named > 1 and p.values_without_severity = 0 then p.worst_value
        end as value,
        case
            when c.missing_reason is not null then c.missing_reason
            when w.phrase is not null then w.missing_reason
            when c.is_missing_word then 'not_reported'
            when not coalesce(p.is_known, false) then 'unreadable'
            when p.values_named = 0 then p.missing_reason
            when p.values_named > 1 and p.values_without_severity > 0 then 'conflicting'
        end as missing_reason
    from cells c
    left join {{ ref('stg_vocabulary') }} w on w.vocabulary = c.vocabulary and w.phrase = c.text
    left join parts p on p.extract = c.extract and p.field = c.field and p.raw_text = c.raw_text

)

select * from read
