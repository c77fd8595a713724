-- Tumor regression: complete, partial or poor, in words; or the percent regressed, of which the viable rest counts
-- (Blazer, J Clin Oncol 2008;26:5344): viable 0 is complete, 1-49 partial, 50 and more poor.
-- Odd: a bare number is a percent only where registry.yml gives the field a unit; else it is a grade of an unnamed
-- scale, of which only 2 and 5 mean one thing on all scales.
-- One row per extract, regression field and delivered text.
with cells as (

    select * from {{ ref('stg_cells') }} where kind = 'regression'

),

parts as (

    select
        w.extract, w.field, w.raw_text, w.missing_reason, w.severity,
        case
            when m.low is null then w.value
            when 100 - m.high <> 100 - m.low then null
            when 100 - m.low < 1 then 'complete'
            when 100 - m.low < 50 then 'partial'
            else 'poor'
        end as value,
        case when m.low is not null and m.high = m.low then 100 - m.low end as viable_percent,
        w.is_known or m.low is not null as is_known
    from {{ ref('stg_word_parts') }} w
    inner join cells c on c.extract = w.extract and c.field = w.field and c.raw_text = w.raw_text
    left join {{ ref('stg_measures') }} m
        on m.extract = w.extract and m.field = w.field and m.raw_text = w.raw_text and m.part_number = w.part_number
    where w.kind = 'regression'

),

texts as (

    select extract, field, raw_text,
        bool_and(is_known) as is_known,
        count(distinct value) as named,
        min(value) as value,
        min(missing_reason) as missing_reason,
        min(viable_percent) as viable_percent
    from parts
    group by extract, field, raw_text

)

select
    c.extract,
    c.field,
    c.raw_text,
    c.row_count,
    c.text,
    case
        when w.value is not null then w.value
        when t.is_known and t.named = 1 then t.value
    end as value,
    case when w.value is null and t.is_known and t.named = 1 then t.viable_percent end as viable_percent,
    case
        when c.missing_reason is not null then c.missing_reason
        when w.value is not null then null
        when t.is_known and t.named = 1 then null
        when t.is_known and t.named > 1 then 'conflicting'
        when t.is_known then coalesce(t.missing_reason, 'imprecise')
        when c.is_missing_word then 'not_reported'
        else 'unreadable'
    end as missing_reason
from cells c
-- A bare number that has a unit is a percent, not the grade that the list knows.
left join {{ ref('stg_vocabulary') }} w
    on w.vocabulary = c.vocabulary and w.phrase = c.text and c.unit is null and c.missing_reason is null
left join texts t on t.extract = c.extract and t.field = c.field and t.raw_text = c.raw_text
