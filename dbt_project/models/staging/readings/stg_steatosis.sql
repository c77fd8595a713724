-- Steatosis grade of Kleiner (Hepatology 2005;41:1313) by percent of parenchyma: < 5 is 0, 5-33 is 1, > 33-66 is 2,
-- > 66 is 3. A percent beats a word; two percents are not added and two grades conflict.
-- Odd: a word beside "cannot be assessed" is unknown, unless none is worse. "<5 %" and ">66 %" are known grades although
-- no percent is; "20-40 %" spans two grades: imprecise.
-- One row per extract, steatosis field and delivered text.
with cells as (

    select * from {{ ref('stg_cells') }} where kind = 'steatosis'

),

parts as (

    select
        w.extract, w.field, w.raw_text, w.value, w.missing_reason,
        m.low, m.high, m.low_is_open, m.high_is_open,
        w.is_known or m.low is not null as is_known
    from {{ ref('stg_word_parts') }} w
    left join {{ ref('stg_measures') }} m
        on m.extract = w.extract and m.field = w.field and m.raw_text = w.raw_text and m.part_number = w.part_number
        -- A bare 1 is a grade, and a percent only where registry.yml gives the field a unit.
        and m.has_unit
    where w.kind = 'steatosis'

),

texts as (

    select
        extract, field, raw_text,
        bool_and(is_known) as is_known,
        count(low) as percents,
        min({{ kleiner_grade('low', 'low_is_open', true) }}) as grade_of_low,
        min({{ kleiner_grade('coalesce(high, 100)', 'high_is_open', false) }}) filter (low is not null) as grade_of_high,
        count(distinct value) as words,
        min(value) as word_grade,
        min(missing_reason) as missing_reason
    from parts
    group by extract, field, raw_text

),

judged as (

    select c.*,
        t.is_known, t.percents, t.words, t.missing_reason as word_reason,
        case
            when not coalesce(t.is_known, false) then null
            when t.percents = 1 and t.grade_of_low = t.grade_of_high then t.grade_of_low
            when t.percents = 0 and t.words = 1 and (t.missing_reason is null or t.word_grade = '3') then t.word_grade
        end as value
    from cells c
    left join texts t on t.extract = c.extract and t.field = c.field and t.raw_text = c.raw_text

),

by_lists as (

    select
        extract,
        field,
        raw_text,
        row_count,
        text,
        value,
        case
            when value is not null then null
            when missing_reason is not null then missing_reason
            when is_known and percents = 1 then 'imprecise'
            when is_known and percents + words > 1 then 'conflicting'
            when is_known and word_reason is not null then word_reason
            when is_missing_word then 'not_reported'
            else 'unreadable'
        end as missing_reason
    from judged

)

{{ or_by_sentence('by_lists', {'value': 's.value'}) }}
