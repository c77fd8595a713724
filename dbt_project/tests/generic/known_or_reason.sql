{#- House rule: unknown is a value with a reason. Fails for each row and column `x` that is null without a reason in
    `x_missing_reason`, or known with one, or whose reason is none of the eight. -#}
{% test known_or_reason(model) %}
  {%- set reasons = "('not_collected', 'no_report', 'not_reported', 'not_assessable', 'not_applicable', 'unreadable', 'imprecise', 'conflicting')" -%}
  {%- set names = adapter.get_columns_in_relation(model) | map(attribute='name') | list -%}
  {%- for name in names if name.endswith('_missing_reason') and name[:-15] in names %}
select '{{ name[:-15] }}' as variable, {{ name }} as reason
from {{ model }}
where ({{ name[:-15] }} is null) <> ({{ name }} is not null) or {{ name }} not in {{ reasons }}
{{ 'union all' if not loop.last }}
  {%- endfor %}
{% endtest %}
