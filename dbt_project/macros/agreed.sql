{#- One word from several rows: the word they agree on; words that differ conflict; else a reason, of which one that
    says something (unreadable, not assessable) goes before a blank. Two columns. -#}
{% macro agreed(field, where=none) -%}
  {%- set filter = 'filter (' ~ where ~ ')' if where else '' -%}
  case when count(distinct {{ field }}) {{ filter }} = 1 then min({{ field }}) {{ filter }} end as {{ field }},
        case
            when count(distinct {{ field }}) {{ filter }} = 1 then null
            when count(distinct {{ field }}) {{ filter }} > 1 then 'conflicting'
            else {{ strongest_reason(field ~ '_missing_reason', where) }}
        end as {{ field }}_missing_reason
{%- endmacro %}

{#- Of several missing reasons the one that says most. -#}
{% macro strongest_reason(reason, where=none) -%}
  {%- set filter = 'filter (' ~ where ~ ')' if where else '' -%}
  min_by({{ reason }}, case {{ reason }}
                {% for name in ['conflicting', 'unreadable', 'imprecise', 'not_assessable', 'not_reported', 'no_report', 'not_applicable', 'not_collected'] %}
                when '{{ name }}' then {{ loop.index }}
                {% endfor %}
            end) {{ filter }}
{%- endmacro %}

{#- Where a whole interval lies in one group the group is known, although the number may not be. `low` and `high` are
    the ends (null: no upper end), `is_open` says that the end itself is not meant. -#}
{% macro at_least(low, threshold) -%}
  ({{ low }} >= {{ threshold }})
{%- endmacro %}
{% macro below(high, high_is_open, threshold) -%}
  ({{ high }} < {{ threshold }} or ({{ high }} = {{ threshold }} and {{ high_is_open }}))
{%- endmacro %}

{#- Of two missing reasons of one thing the one that says more; a field that is not collected says least. -#}
{% macro stronger_reason(first, second) -%}
  case
            {% for name in ['conflicting', 'unreadable', 'imprecise', 'not_assessable', 'not_reported', 'no_report', 'not_applicable', 'not_collected'] %}
            when '{{ name }}' in ({{ first }}, {{ second }}) then '{{ name }}'
            {% endfor %}
        end
{%- endmacro %}
