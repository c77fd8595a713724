{#- An expression with each (pattern, replacement) of a list applied in its order. -#}
{% macro replace_patterns(expression, pairs) -%}
  {%- set folded = namespace(sql=expression) -%}
  {%- for pattern, replacement in pairs -%}
    {%- set folded.sql = "regexp_replace(" ~ folded.sql ~ ", '" ~ pattern ~ "', '" ~ replacement ~ "', 'g')" -%}
  {%- endfor -%}
  {{ return(folded.sql) }}
{%- endmacro %}
