{#- The fields of an extract, read: for each field of the contract the columns of its reading, joined by its text.
    Two macros, for the select list and the joins of a staging model. -#}
{% macro reading_of(kind) %}
  {%- set readings = {
    'word': ('stg_texts', {'value': ''}),
    'label': ('stg_labels', {'value': ''}),
    'steatosis': ('stg_texts', {'value': ''}),
    'regression': ('stg_texts', {'value': '', 'low': '_viable_percent'}),
    'date': ('stg_dates', {'value': '', 'low': '_low', 'high': '_high', 'precision': '_precision'}),
    'procedure': ('stg_procedures', {'procedure_term': '_term', 'is_liver_resection': '_is_liver_resection', 'extent': '_extent', 'segments_low': '_segments_low', 'fewest_segments': '_fewest_segments', 'takes_part_of_a_segment': '_takes_part_of_a_segment', 'segments_missing_reason': '_segments_missing_reason'}),
    'segments': ('stg_segments', {'segments_low': '_low', 'segments_high': '_high'}),
    'margin': ('stg_texts', {'low': '_low', 'high': '_high', 'low_is_open': '_low_is_open', 'high_is_open': '_high_is_open', 'value': '_says'}),
    'length': ('stg_texts', {'low': '_low', 'high': '_high', 'low_is_open': '_low_is_open', 'high_is_open': '_high_is_open'}),
  } -%}
  {%- for number_kind in ('count', 'number', 'percent', 'duration') -%}
    {%- do readings.update({number_kind: readings['length']}) -%}
  {%- endfor -%}
  {{ return(readings.get(kind)) }}
{% endmacro %}

{% macro staged_columns(extract) %}
  {%- for field in contract_fields(extract) if reading_of(field.kind) -%}
    {%- set reading, columns = reading_of(field.kind) -%}
    {%- for column, suffix in columns.items() %},
    r_{{ field.name }}.{{ column }} as {{ field.name }}{{ suffix }}
    {%- endfor %},
    r_{{ field.name }}.missing_reason as {{ field.name }}_missing_reason
  {%- endfor -%}
{% endmacro %}

{% macro staged_joins(extract) %}
  {%- for field in contract_fields(extract) if reading_of(field.kind) %}
left join {{ ref(reading_of(field.kind)[0]) }} r_{{ field.name }}
    on r_{{ field.name }}.extract = '{{ extract }}' and r_{{ field.name }}.field = '{{ field.name }}'
    and r_{{ field.name }}.raw_text = coalesce(r.{{ field.name }}, '')
  {%- endfor -%}
{% endmacro %}
