
{#- A key that says nothing: a hash of the source and the natural key. -#}
{% macro surrogate_key(source, columns) -%}
  md5(concat_ws('|', '{{ source }}'{% for column in columns %}, coalesce(cast({{ column }} as varchar), ''){% endfor %}))
{%- endmacro %}
