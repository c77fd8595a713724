-- Texts that no list or rule could read, with how often they stand there: what a code list, the hospital's own words or
-- registry.yml should learn. Of texts that are read by sentence also the parts that hold a word which nobody knows.
-- Odd: a comment is free text and lacks nothing where it is not read. A field that identifies a person, such as the date
-- of birth, is left out: the check of its readability counts what cannot be read.
-- One row per extract, field and text.
{% set readings = ['stg_texts', 'stg_dates', 'stg_procedures', 'stg_segments'] %}
with unread as (

    {% for reading in readings %}
    select extract, field, text, row_count
    from {{ ref(reading) }}
    where missing_reason = 'unreadable' and extract <> 'pathology_comment'
        and extract || '.' || field not in ({{ identifying_fields() }})
    {{ 'union all' if not loop.last }}
    {% endfor %}

)

select extract, field, text, cast(sum(row_count) as integer) as row_count, unread_parts(field, text) as unread_parts
from unread
group by extract, field, text
