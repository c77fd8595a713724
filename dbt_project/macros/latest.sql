{#- Of several reports of one specimen, per field the latest that says something: the columns of one field, chosen
    together from one report. A blank says nothing; "cannot be assessed" does. -#}
{% macro latest(field, columns) -%}
  {%- set says = field ~ "_missing_reason is null or " ~ field ~ "_missing_reason not in ('not_reported', 'not_collected')" -%}
  max_by(struct_pack({% for column in columns + ['missing_reason'] %}{{ 'value' if column == '' else column }} := {{ field }}{{ '_' ~ column if column }}{{ ', ' if not loop.last }}{% endfor %}), report_order) filter ({{ says }}) as {{ field }}_said,
        min({{ field }}_missing_reason) filter (not ({{ says }})) as {{ field }}_silence
{%- endmacro %}
