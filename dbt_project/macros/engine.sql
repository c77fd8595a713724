{#- What engines write differently. One branch per engine; the models call these. -#}

{#- One row per element of a list, as (element, number from 1). -#}
{% macro unnest_list(list, element, number) -%}
  {{ return(adapter.dispatch('unnest_list', 'crlm_registry')(list, element, number)) }}
{%- endmacro %}
{% macro default__unnest_list(list, element, number) -%}
  cross join lateral unnest({{ list }}) with ordinality as listed({{ element }}, {{ number }})
{%- endmacro %}

{#- Calendar months later, the last day of the month where the month is too short. -#}
{% macro add_months(day, months) -%}
  cast({{ dbt.dateadd('month', months, day) }} as date)
{%- endmacro %}

{#- Whole days from one date to another. -#}
{% macro days_between(first, last) -%}
  {{ dbt.datediff(first, last, 'day') }}
{%- endmacro %}

{#- Completed years: a birthday counts from its own day on; one of 29 February from 1 March in other years. -#}
{% macro completed_years(birth, day) -%}
  (extract(year from {{ day }}) - extract(year from {{ birth }})
    - case when extract(month from {{ day }}) * 100 + extract(day from {{ day }})
             < extract(month from {{ birth }}) * 100 + extract(day from {{ birth }}) then 1 else 0 end)
{%- endmacro %}
