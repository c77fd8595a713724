{#- Couinaud segments as they are written, 1 to 8 or I to VIII; 4a and 4b are parts of one. A pattern, and what it finds in
    a text as a list of integers, each once. -#}
{% macro segment_pattern() %}{{ return('(?:[1-8][ab]?|iv[ab]?|i{1,3}|vi{1,3}|v)') }}{% endmacro %}

{#- "4a/b", "IVa + b", "4ab" → 4: a pair for replace_patterns. -#}
{% macro both_parts_of_segment_4() %}{{ return(('\\b(4|iv) ?a ?[-/,;&+]? ?(?:(?:4|iv) ?)?b\\b', '\\1')) }}{% endmacro %}

{% macro segment_numbers(text) -%}
  list_sort(list_distinct(list_transform(
            regexp_extract_all({{ text }}, '{{ segment_pattern() }}'),
            lambda segment: case
                when segment[1] between '1' and '8' then cast(segment[1] as integer)
                else list_position(['i', 'ii', 'iii', 'iv', 'v', 'vi', 'vii', 'viii'], rtrim(segment, 'ab'))
            end
        )))
{%- endmacro %}
