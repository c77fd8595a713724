{#- The contract of the extracts (models/staging/*/_*__sources.yml) inside SQL: no column list is written twice. -#}
{% macro extracts() %}{{ return(['pathology', 'operative', 'follow_up']) }}{% endmacro %}

{#- Fields of an extract, as {name, kind, unit, expected, is_identifier}; `kinds` keeps those of the kinds named. -#}
{% macro contract_fields(extract, kinds=none) %}
  {%- set fields = [] -%}
  {%- if execute -%}
    {%- for node in graph.sources.values() if node.source_name == 'raw' and node.name == extract -%}
      {%- for column in node.columns.values() -%}
        {%- set meta = column.config.meta if column.config and column.config.meta else column.meta -%}
        {%- if kinds is none or meta.kind in kinds -%}
          {%- do fields.append({'name': column.name, 'kind': meta.kind, 'unit': meta.get('unit'), 'expected': meta.get('expected'), 'is_identifier': meta.get('identifier', false)}) -%}
        {%- endif -%}
      {%- endfor -%}
    {%- endfor -%}
  {%- endif -%}
  {{ return(fields) }}
{% endmacro %}

{#- The fields that identify a person, as SQL texts "extract.field": what is in them is published nowhere. -#}
{% macro identifying_fields() %}
  {%- set fields = ["''"] -%}
  {%- for extract in extracts() -%}
    {%- for field in contract_fields(extract) if field.is_identifier -%}
      {%- do fields.append("'" ~ extract ~ "." ~ field.name ~ "'") -%}
    {%- endfor -%}
  {%- endfor -%}
  {{ return(fields | join(', ')) }}
{% endmacro %}

{#- Rows of an extract that hold now: the open versions of the ledger. -#}
{% macro open_rows(extract) -%}
  (select * from {{ source('raw', extract) }} where closed_by_extract_id is null)
{%- endmacro %}
