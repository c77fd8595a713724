-- Fields that hold one measurement: lengths, counts, numbers, percents, durations. Durations are in days, rounded to
-- the nearest whole day (dictionary §4, time_since_operation).
-- One row per extract, field and delivered text.
with normalized_cells as (

    select *, {{ plain_words("regexp_replace(text, '[ .:]+$', '')") }} as plain_text
    from {{ ref('stg_cells') }}
    where kind in ('length', 'count', 'number', 'percent', 'duration')

),

cells as (

    select * replace ({{ plain_terms('plain_text', 'vocabulary') }} as plain_text),
        kind = 'percent' and regexp_full_match(plain_text, 'none|nil|no (residual |viable |residual viable )tumor( cells)?( identified| present)?') as is_none
    from normalized_cells

),

counts_in_words as (

    select
        vocabulary,
        phrase,
        missing_reason,
        cast(replace(value, '+', '') as decimal(18, 6)) as low,
        case when value not like '%+' then cast(value as decimal(18, 6)) end as high
    from {{ ref('stg_vocabulary') }}
    where {{ our_list('vocabulary') }} = 'count_words'

),

read as (

    select
        c.*,
        w.missing_reason as word_reason,
        case when c.missing_reason is null then case when c.is_none then 0 else coalesce(w.low, m.low) end end as read_low,
        case when c.missing_reason is null then case when c.is_none then 0 when w.low is not null then w.high else m.high end end as read_high,
        coalesce(c.missing_reason is null and m.low_is_open, false) as low_is_open,
        coalesce(c.missing_reason is null and m.high_is_open, false) as high_is_open,
        coalesce(m.is_implausible, false) as is_implausible
    from cells c
    left join {{ ref('stg_measures') }} m
        on m.extract = c.extract and m.field = c.field and m.raw_text = c.raw_text
    left join counts_in_words w
        on c.kind = 'count' and w.vocabulary = c.vocabulary and w.phrase = c.plain_text

)

select
    extract,
    field,
    raw_text,
    row_count,
    text,
    case when kind = 'duration' then round(read_low, 0) else read_low end as low,
    case when kind = 'duration' then round(read_high, 0) else read_high end as high,
    low_is_open,
    high_is_open,
    is_implausible,
    case
        when missing_reason is not null then missing_reason
        when read_low is not null then null
        when word_reason is not null then word_reason
        when regexp_full_match(plain_text, '((size|number|count|percent|percentage)[ :]+)?(not assessable|indeterminate)') then 'not_assessable'
        when is_missing_word then 'not_reported'
        else 'unreadable'
    end as missing_reason
from read
