{#- Readings by the lists, with those by sentence in their place where the lists could not read: `columns` says what of
    stg_sentences (s), or of the CTE `by_sentence`, stands for each column. -#}
{% macro or_by_sentence(by_lists, columns, by_sentence=none) %}
select l.* replace (
    {% for column, instead in columns.items() %}
    case when s.raw_text is null then l.{{ column }} else {{ instead }} end as {{ column }},
    {% endfor %}
    case when s.raw_text is null then l.missing_reason else s.missing_reason end as missing_reason
)
from {{ by_lists }} l
left join {{ by_sentence or ref('stg_sentences') }} s
    on l.missing_reason = 'unreadable' and s.extract = l.extract and s.field = l.field and s.raw_text = l.raw_text
{%- endmacro %}

{#- Whether any of an interval lies within the bounds of its field; true where there is none. -#}
{% macro is_within_bounds() -%}
(maximum is null or low is null or low < maximum or (low = maximum and not low_is_open))
            and (minimum is null or high is null or high > minimum or (high = minimum and not high_is_open))
{%- endmacro %}
