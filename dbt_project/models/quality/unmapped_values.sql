-- Texts that no list or rule could read, with how often they stand there: what a code list or registry.yml should learn.
-- One row per extract, field and text.
{% set readings = ['stg_words', 'stg_numbers', 'stg_dates', 'stg_margins', 'stg_steatosis', 'stg_regression', 'stg_procedures', 'stg_segments'] %}
{% for reading in readings %}
select extract, field, text, cast(sum(row_count) as integer) as row_count
from {{ ref(reading) }}
where missing_reason = 'unreadable'
group by extract, field, text
{{ 'union all' if not loop.last }}
{% endfor %}
