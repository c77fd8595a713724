-- Tumor regression: complete, partial or poor, in words; or a percent, of which the viable rest counts (Blazer, J Clin
-- Oncol 2008;26:5344): viable 0 is complete, below {{ var('poor_regression_viable_percent') }} partial, else poor.
-- Of several nodules the worst holds. A percent is what the contract says of the field, percent regressed, unless the text
-- says that it is viable tumor; one of necrosis is set aside, for necrosis is not regression.
-- Odd: a bound is known where all of it lies in one group: "<50 %" is poor, ">50 %" may be partial or complete and is
-- imprecise. A bare number is a percent only where registry.yml gives the field a unit; else it is a grade of an unnamed
-- scale, of which only 2 and 5 mean one thing on all scales; the others may mean anything, unless a word or a percent
-- stands beside them ("complete response, TRG 1").
-- One row per extract, regression field and delivered text.
with normalized_cells as (

    select *, {{ plain_words("regexp_replace(text, '[ .;]+$', '')") }} as plain_text from {{ ref('stg_cells') }} where kind = 'regression'

),

cells as (

    select * replace ({{ plain_terms('plain_text', 'vocabulary', ['regression_phrases']) }} as plain_text) from normalized_cells

),

parts as (

    select
        w.extract, w.field, w.raw_text, w.missing_reason,
        regexp_matches(w.part, '[0-9]') as has_digit,
        w.is_known or m.low is not null as is_known,
        {{ regression_rank('case when m.low is null then w.value else m.label_value end') }} as word_rank,
        case
            when m.low is null or m.label_value = 'necrosis' then null
            when m.label_value = 'viable' then m.low
            else 100 - coalesce(m.high, 100)
        end as viable_low,
        case
            when m.low is null or m.label_value = 'necrosis' then null
            when m.label_value = 'viable' then coalesce(m.high, 100)
            else 100 - m.low
        end as viable_high,
        case m.label_value when 'viable' then m.low_is_open else m.high_is_open end as low_is_open,
        case m.label_value when 'viable' then m.high_is_open else m.low_is_open end as high_is_open
    from {{ ref('stg_word_parts') }} w
    left join {{ ref('stg_measures') }} m
        on m.extract = w.extract and m.field = w.field and m.raw_text = w.raw_text and m.part_number = w.part_number
        and m.low is not null
    where w.kind = 'regression'

),

ranked as (

    -- What cannot be assessed, or has no scale to be read on, may be anything.
    select *,
        {{ blazer_rank('viable_low', 'low_is_open', true) }} as best_rank,
        {{ blazer_rank('viable_high', 'high_is_open', false) }} as worst_rank,
        missing_reason = 'not_assessable' or (missing_reason = 'imprecise' and not says_more) as is_open
    from (
        select *, bool_or(viable_low is not null or (word_rank is not null and not has_digit)) over (partition by extract, field, raw_text) as says_more
        from parts
    )

),

texts as (

    select
        extract,
        field,
        raw_text,
        bool_and(is_known) as is_known,
        max(greatest(word_rank, best_rank, case when is_open then 1 end)) as best_rank,
        max(greatest(word_rank, worst_rank, case when is_open then 3 end)) as worst_rank,
        max(worst_rank) as percent_rank,
        case when bool_and(viable_low = viable_high) then max(viable_low) end as viable_percent,
        max(missing_reason) as missing_reason
    from ranked
    group by extract, field, raw_text

),

judged as (

    select
        c.*,
        coalesce(t.is_known, false) as is_known,
        t.best_rank,
        t.missing_reason as word_reason,
        w.phrase is not null as is_one_phrase,
        case when w.phrase is not null then w.missing_reason end as phrase_reason,
        case
            when w.phrase is not null then w.value
            when not coalesce(t.is_known, false) or t.best_rank <> t.worst_rank then null
            else {{ regression_of_rank('t.worst_rank') }}
        end as value,
        case when w.phrase is null and t.is_known and t.best_rank = t.worst_rank and t.percent_rank = t.worst_rank then t.viable_percent end as viable_percent
    from cells c
    -- A bare number that has a unit is a percent, not the grade that the list knows.
    left join {{ ref('stg_vocabulary') }} w
        on w.vocabulary = c.vocabulary and w.phrase = c.plain_text and c.unit is null and c.missing_reason is null
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
        viable_percent,
        case
            when missing_reason is not null then missing_reason
            when value is not null then null
            when is_one_phrase then phrase_reason
            when is_known and best_rank is not null then case when word_reason = 'not_assessable' then word_reason else 'imprecise' end
            when is_known and word_reason is not null then word_reason
            when is_missing_word then 'not_reported'
            else 'unreadable'
        end as missing_reason
    from judged

)

{{ or_by_sentence('by_lists', {'value': 's.value'}) }}
