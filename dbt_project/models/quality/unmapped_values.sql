-- Texts that no list or rule could read, with how often they stand there: what a code list, the hospital's own words or
-- registry.yml should learn. Of word and margin fields also the parts that are wanting.
-- Odd: a comment is free text and lacks nothing where it is not read. A field that identifies a person, such as the date
-- of birth, is left out: the check of its readability counts what cannot be read.
-- One row per extract, field and text.
{% set readings = ['stg_words', 'stg_numbers', 'stg_dates', 'stg_margins', 'stg_steatosis', 'stg_regression', 'stg_procedures', 'stg_segments'] %}
with unread as (

    {% for reading in readings %}
    select extract, field, text, raw_text, row_count
    from {{ ref(reading) }}
    where missing_reason = 'unreadable' and extract <> 'pathology_comment'
        and extract || '.' || field not in ({{ identifying_fields() }})
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

unread_parts as (

    select w.extract, w.field, w.raw_text, string_agg(distinct w.part, ' ; ' order by w.part) as unread_parts
    from {{ ref('stg_word_parts') }} w
    left join {{ ref('stg_measures') }} m
        on m.extract = w.extract and m.field = w.field and m.raw_text = w.raw_text and m.part_number = w.part_number
    where w.kind in ('word', 'margin')
        and not w.is_known
        and (w.kind = 'word' or (m.low is null and not coalesce(m.is_implausible, false)))
    group by w.extract, w.field, w.raw_text

)

select u.extract, u.field, u.text, cast(sum(u.row_count) as integer) as row_count, min(p.unread_parts) as unread_parts
from unread u
left join unread_parts p on p.extract = u.extract and p.field = u.field and p.raw_text = u.raw_text
group by u.extract, u.field, u.text
