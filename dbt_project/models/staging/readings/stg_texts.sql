-- What each delivered text of a field says: by the list of its field where the list knows the text as a whole, else by
-- sentence (stg_sentences). A value, or an interval in the contract's unit, or both (margins), or the reason why there is
-- none. Durations are in whole days. The percent of a regression is that of viable tumor.
-- Odd: "unknown" and its like mean `not_reported`, unless the list of the field knows the word. What stands for less than it
-- says ("lymphatic no" is no answer for both kinds of vessels) tells the seed `list_values`. `values_named` is what a text names
-- that contradicts itself, joined by + ("colon and rectum"). Comments are read as cells of an extract of their own,
-- `pathology_comment`, whose raw text is the comment.
-- One row per extract, field and delivered text.
with listed as (

    select c.*,
        v.phrase is not null as is_listed,
        case when m.value is not null then nullif(m.reading, '') else v.value end as listed_value,
        coalesce(v.missing_reason, nullif(m.missing_reason, '')) as listed_reason,
        v.value as listed_as
    from {{ ref('stg_cells') }} c
    left join {{ ref('stg_vocabulary') }} v
        on v.vocabulary = c.vocabulary and v.phrase = {{ bare_text('c.text') }} and {{ is_read_by_list('c') }} and c.missing_reason is null
    left join {{ ref('list_values') }} m on m.vocabulary = {{ our_list('v.vocabulary') }} and m.value = v.value
    where c.kind in {{ read_kinds() }} and c.kind not in ('procedure', 'segments')

),

judged as (

    select l.*,
        s.value as said_value, s.low, s.high, s.low_is_open, s.high_is_open,
        case
            when l.missing_reason is not null then l.missing_reason
            when l.is_listed then l.listed_reason
            when l.is_missing_word then 'not_reported'
            when s.raw_text is null then 'unreadable'
            else s.missing_reason
        end as reason
    from listed l
    left join {{ ref('stg_sentences') }} s on s.extract = l.extract and s.field = l.field and s.raw_text = l.raw_text

),

counted as (

    -- A word that counts is a number: "several" (2+) is at least two.
    select *, try_cast(replace(listed_value, '+', '') as decimal(18, 6)) as count_low, listed_value like '%+' as is_at_least
    from judged

)

select
    extract,
    field,
    raw_text,
    row_count,
    text,
    case when reason is null and kind <> 'count' then coalesce(listed_value, said_value) end as value,
    case when coalesce(reason, 'conflicting') = 'conflicting' then coalesce(listed_as, said_value) end as values_named,
    case when reason is null then case when kind = 'count' and is_listed then count_low else low end end as low,
    case when reason is null then case when kind = 'count' and is_listed then case when not is_at_least then count_low end else high end end as high,
    coalesce(reason is null and low_is_open, false) as low_is_open,
    coalesce(reason is null and high_is_open, false) as high_is_open,
    reason as missing_reason
from counted

union all

select
    'pathology_comment', field, raw_text, row_count, '', case when missing_reason is null then value end, value,
    low, high, coalesce(low_is_open, false), coalesce(high_is_open, false), missing_reason
from {{ ref('stg_comments') }}
