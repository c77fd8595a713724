-- Texts that no list or rule could read, with how often they stand there: what a code list or registry.yml should learn.
-- Odd: a comment is free text and lacks nothing where it is not read.
-- One row per extract, field and text.
{% set readings = ['stg_words', 'stg_numbers', 'stg_dates', 'stg_margins', 'stg_steatosis', 'stg_regression', 'stg_procedures'] %}
{% for reading in readings %}
select extract, field, text, cast(sum(row_count) as integer) as row_count
from {{ ref(reading) }}
where missing_reason = 'unreadable' and extract <> 'pathology_comment'
group by extract, field, text
{{ 'union all' if not loop.last }}
{% endfor %}
