{#- The fields that a pathology comment is read for, as {field: kind}; in the staged row as `comment_x`. The columns that
    answer the same question all have to be silent before a comment is taken (int_specimens). -#}
{% macro comment_fields() %}
  {{ return({
    'margin_distance': 'margin', 'largest_metastasis': 'length', 'tumor_grade': 'word', 'lymphovascular_invasion': 'word',
    'perineural_invasion': 'word', 'tumor_regression': 'regression', 'viable_tumor_percent': 'percent', 'steatosis': 'steatosis',
  }) }}
{% endmacro %}

{% macro comment_columns() %}
  {%- for field, kind in comment_fields().items() -%}
    {%- for column, suffix in reading_of(kind)[1].items() %},
    c_{{ field }}.{{ column }} as comment_{{ field }}{{ suffix }}
    {%- endfor %},
    case when c_{{ field }}.raw_text is null then 'not_reported' else c_{{ field }}.missing_reason end as comment_{{ field }}_missing_reason
  {%- endfor -%}
{% endmacro %}

{% macro comment_joins() %}
  {%- for field, kind in comment_fields().items() %}
left join {{ ref(reading_of(kind)[0]) }} c_{{ field }}
    on c_{{ field }}.extract = 'pathology_comment' and c_{{ field }}.field = '{{ field }}' and c_{{ field }}.raw_text = r.comment
  {%- endfor -%}
{% endmacro %}

{#- Whether columns say nothing: blank, or not delivered at all. -#}
{% macro are_silent(columns) -%}
  {% for column in columns %}{{ column }}_missing_reason in ('not_reported', 'not_collected'){{ ' and ' if not loop.last }}{% endfor %}
{%- endmacro %}

{#- Where the value of a specimen's field comes from: its comment, else `column`. -#}
{% macro column_or_comment(field, column='column') -%}
  case when list_contains(read_from_comment, '{{ field }}') then 'comment' else '{{ column }}' end
{%- endmacro %}

{#- Where the values of several specimens come from, each place once: "column", "comment" or "column + comment". All places
    that int_specimens knows are asked for by name, for lists of them would cost as much as the rest of int_index_pathology. -#}
{% macro bases(field, value) -%}
  nullif(concat_ws(' + '
            {%- for place in ['column', 'comment', 'diagnosis', 'regression', 'viable tumor'] %},
            case when bool_or({{ field }}_basis = '{{ place }}' and {{ value }} is not null) then '{{ place }}' end
            {%- endfor %}
        ), '') as {{ field }}_basis
{%- endmacro %}

{#- Whether two intervals have nothing in common. -#}
{% macro lie_apart(one, other) -%}
  {{ one }}_low > {{ other }}_high or {{ other }}_low > {{ one }}_high
            or ({{ one }}_low = {{ other }}_high and ({{ one }}_low_is_open or {{ other }}_high_is_open))
            or ({{ other }}_low = {{ one }}_high and ({{ other }}_low_is_open or {{ one }}_high_is_open))
{%- endmacro %}

{#- A margin is R0 or R1 by its distance, without one by its word. -#}
{% macro margin_is_r0(field) -%}
  coalesce(case when {{ field }}_low is null then {{ field }}_says in ('R0', 'negative') else {{ at_least(field ~ '_low', var('r0_margin_mm')) }} end, false)
{%- endmacro %}
{% macro margin_is_r1(field) -%}
  coalesce(case when {{ field }}_low is null then {{ field }}_says in ('R1', 'involved', 'R2') else {{ below(field ~ '_high', field ~ '_high_is_open', var('r0_margin_mm')) }} end, false)
{%- endmacro %}
