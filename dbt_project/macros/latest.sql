{#- Of several rows about one thing, per field the latest (highest `order`) that speaks: the columns of one field, chosen
    together from one row. A value speaks, and so do the missing reasons named ("cannot be assessed"); a blank does not. -#}
{% macro latest(field, columns, order, speaking_reasons) -%}
  {%- set says = speaks(field, speaking_reasons) -%}
  max_by(struct_pack({% for column in columns + ['missing_reason'] %}{{ 'value' if column == '' else column }} := {{ field }}{{ '_' ~ column if column }}{{ ', ' if not loop.last }}{% endfor %}), {{ order }}) filter ({{ says }}) as {{ field }}_said,
        {{ strongest_reason(field ~ '_missing_reason', 'not (' ~ says ~ ')') }} as {{ field }}_silence
{%- endmacro %}

{#- The columns that `latest` chose, as they were, named `as`. -#}
{% macro said(field, columns, as) -%}
  {% for column in columns -%}
  {{ field }}_said.{{ 'value' if column == '' else column }} as {{ as }}{{ '_' ~ column if column }},
    {% endfor -%}
  case when {{ field }}_said is null then {{ field }}_silence else {{ field }}_said.missing_reason end as {{ as }}_missing_reason
{%- endmacro %}

{#- The same of one row alone, as `latest` and `said` give it. -#}
{% macro said_alone(field, columns, speaking_reasons, as=none) -%}
  {% for column in columns -%}
  {%- set ending = '_' ~ column if column else '' -%}
  case when {{ speaks(field, speaking_reasons) }} then {{ field ~ ending }} end as {{ (as or field) ~ ending }},
        {% endfor -%}
  {{ field }}_missing_reason as {{ as or field }}_missing_reason
{%- endmacro %}

{% macro speaks(field, speaking_reasons) -%}
  {{ field }}_missing_reason is null or {{ field }}_missing_reason in ('{{ speaking_reasons | join("', '") }}')
{%- endmacro %}
