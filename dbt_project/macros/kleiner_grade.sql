{#- Kleiner's grade of one end of a percent interval. An open end lies just inside: (33, …) starts in grade 2,
    […, 5) ends in grade 0. -#}
{% macro kleiner_grade(percent, is_open, is_low) -%}
  case
    when {{ percent }} is null then null
    when {{ percent }} < 5 {{ '' if is_low else 'or (' ~ percent ~ ' = 5 and ' ~ is_open ~ ')' }} then '0'
    when {{ percent }} < 33 or ({{ percent }} = 33 {{ 'and not ' ~ is_open if is_low }}) then '1'
    when {{ percent }} < 66 or ({{ percent }} = 66 {{ 'and not ' ~ is_open if is_low }}) then '2'
    else '3'
  end
{%- endmacro %}

{#- A key that says nothing: a hash of the source and the natural key. -#}
{% macro surrogate_key(source, columns) -%}
  md5(concat_ws('|', '{{ source }}'{% for column in columns %}, coalesce(cast({{ column }} as varchar), ''){% endfor %}))
{%- endmacro %}
