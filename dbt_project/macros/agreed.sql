{#- One word from several rows: the word they agree on; words that differ conflict; else a reason, of which one that
    says something (unreadable, not assessable) goes before a blank. Two columns. -#}
{% macro agreed(field, where=none) -%}
  {%- set filter = 'filter (' ~ where ~ ')' if where else '' -%}
  {#- By the two extremes: DuckDB counts what is distinct in an aggregation of its own for each field. -#}
  {%- set conflicts = 'coalesce(min(' ~ field ~ ') ' ~ filter ~ ' <> max(' ~ field ~ ') ' ~ filter ~ ' or bool_or(' ~ field ~ "_missing_reason = 'conflicting') " ~ filter ~ ', false)' -%}
  case when not {{ conflicts }} then min({{ field }}) {{ filter }} end as {{ field }},
        case
            when {{ conflicts }} then 'conflicting'
            when count({{ field }}) {{ filter }} > 0 then null
            else {{ strongest_reason(field ~ '_missing_reason', where) }}
        end as {{ field }}_missing_reason
{%- endmacro %}

{#- One interval from several rows: what all of them allow; intervals that have nothing in common conflict; else a reason
    as above. Three columns, or five with `is_open`; a date has its point besides, that of the narrowest. -#}
{% macro agreed_interval(field, has_point=false) -%}
  {%- set apart = 'max(' ~ field ~ '_low) > min(' ~ field ~ '_high)' -%}
  {%- if not has_point -%}
  {#- "> 200" and "< 200" meet and have nothing in common; "> 200" alone has no end. -#}
  {%- set apart = apart ~ ' or (max(' ~ field ~ '_low) = min(' ~ field ~ '_high) and (' ~ openness('max', field ~ '_low', 'any') ~ ' or ' ~ openness('min', field ~ '_high', 'any') ~ '))' -%}
  {%- endif -%}
  {%- set conflicts = 'coalesce(' ~ apart ~ ', false)' -%}
  {% if has_point -%}
  case when not {{ conflicts }} then min_by({{ field }}, {{ field }}_high - {{ field }}_low) end as {{ field }},
        {% else -%}
  {{ openness('max', field ~ '_low', 'any') }} as {{ field }}_low_is_open,
        {{ openness('min', field ~ '_high', 'any') }} as {{ field }}_high_is_open,
        {% endif -%}
  case when not {{ conflicts }} then max({{ field }}_low) end as {{ field }}_low,
        case when not {{ conflicts }} then min({{ field }}_high) end as {{ field }}_high,
        case
            when {{ conflicts }} then 'conflicting'
            when count({{ field }}_low) = 0 then {{ strongest_reason(field ~ '_missing_reason') }}
        end as {{ field }}_missing_reason
{%- endmacro %}

{#- The same two of one row alone, as the aggregates give them. -#}
{% macro agreed_alone(field) -%}
  {{ field }},
        {{ field }}_missing_reason
{%- endmacro %}
{% macro agreed_interval_alone(field, has_point=false) -%}
  {%- set low, high = field ~ '_low', field ~ '_high' -%}
  {%- set apart = low ~ ' > ' ~ high -%}
  {%- if not has_point -%}
  {%- set apart = apart ~ ' or (' ~ low ~ ' = ' ~ high ~ ' and (coalesce(' ~ low ~ '_is_open, false) or coalesce(' ~ high ~ '_is_open, false)))' -%}
  {%- endif -%}
  {%- set conflicts = 'coalesce(' ~ apart ~ ', false)' -%}
  {% if has_point -%}
  case when not {{ conflicts }} then {{ field }} end as {{ field }},
        {% else -%}
  {{ low }} is not null and coalesce({{ low }}_is_open, false) as {{ low }}_is_open,
        {{ high }} is not null and coalesce({{ high }}_is_open, false) as {{ high }}_is_open,
        {% endif -%}
  case when not {{ conflicts }} then {{ low }} end as {{ low }},
        case when not {{ conflicts }} then {{ high }} end as {{ high }},
        case when {{ conflicts }} then 'conflicting' when {{ low }} is null then {{ field }}_missing_reason end as {{ field }}_missing_reason
{%- endmacro %}

{#- Missing reasons, the one that says most first; a field that is not collected says least. -#}
{% macro missing_reasons() -%}
  {{ return(['conflicting', 'unreadable', 'imprecise', 'not_assessable', 'not_reported', 'no_report', 'not_applicable', 'not_collected']) }}
{%- endmacro %}

{#- Of the missing reasons of several rows the one that says most. -#}
{% macro strongest_reason(reason, where=none) -%}
  {%- set filter = 'filter (' ~ where ~ ')' if where else '' -%}
  {{ missing_reasons() }}[min(list_position({{ missing_reasons() }}, {{ reason }})) {{ filter }}]
{%- endmacro %}

{#- Of the missing reasons of several columns the one that says most; null where none is given. -#}
{% macro stronger_reason() -%}
  case
            {% for name in missing_reasons() %}
            when '{{ name }}' in ({{ varargs | join(', ') }}) then '{{ name }}'
            {% endfor %}
        end
{%- endmacro %}

{#- Where a whole interval lies in one group the group is known, although the number may not be. `low` and `high` are
    the ends (null: no upper end), `is_open` says that the end itself is not meant. -#}
{% macro at_least(low, threshold) -%}
  ({{ low }} >= {{ threshold }})
{%- endmacro %}
{% macro below(high, high_is_open, threshold) -%}
  ({{ high }} < {{ threshold }} or ({{ high }} = {{ threshold }} and {{ high_is_open }}))
{%- endmacro %}

{#- The smallest (or largest) of several intervals, as the four columns of an interval. Each end is the smallest
    (largest) of these ends and brings its own openness. Of equal ends: the smallest low end and the largest high end
    may be reached if one interval reaches it, the smallest high end and the largest low end only if all do. -#}
{% macro smallest(field, as) -%}
  min({{ field }}_low) as {{ as }}_low,
        min({{ field }}_high) as {{ as }}_high,
        {{ openness('min', field ~ '_low', 'all') }} as {{ as }}_low_is_open,
        {{ openness('min', field ~ '_high', 'any') }} as {{ as }}_high_is_open
{%- endmacro %}
{% macro largest(field, as) -%}
  max({{ field }}_low) as {{ as }}_low,
        case when not bool_or({{ field }}_low is not null and {{ field }}_high is null) then max({{ field }}_high) end as {{ as }}_high,
        {{ openness('max', field ~ '_low', 'any') }} as {{ as }}_low_is_open,
        {{ openness('max', field ~ '_high', 'all') }} as {{ as }}_high_is_open
{%- endmacro %}

{#- Whether any, or all, of the ends that are the smallest (or largest) are open. -#}
{% macro openness(extreme, end, which) -%}
  {%- set is_open = 'coalesce(' ~ end ~ '_is_open, false)' -%}
  {%- set such = is_open if which == 'any' else 'not ' ~ is_open -%}
  {%- set of_such = extreme ~ '(' ~ end ~ ') filter (' ~ such ~ ')' -%}
  {%- set of_all = extreme ~ '(' ~ end ~ ')' -%}
  {{ 'coalesce(' ~ of_such ~ ' = ' ~ of_all ~ ', false)' if which == 'any' else '(' ~ of_such ~ ' is distinct from ' ~ of_all ~ ')' }}
{%- endmacro %}
