{#- From which delivered fields the variables of the marts are read: `from` and `considered` under meta of their columns,
    as {variable, extract, field, is_read}. -#}
{% macro variable_sources() %}
  {%- set sources = [] -%}
  {%- for variable, meta in variables_of_marts() -%}
    {%- for key in ('from', 'considered') -%}
      {%- for source in (meta.get(key) or []) | unique -%}
        {%- set extract, field = source.split('.') -%}
        {%- do sources.append({'variable': variable, 'extract': extract, 'field': field, 'is_read': key == 'from'}) -%}
      {%- endfor -%}
    {%- endfor -%}
  {%- endfor -%}
  {{ return(sources) }}
{% endmacro %}

{#- The variables of the marts (of one of them) with their meta. A missing reason is none: it belongs to its variable. -#}
{% macro variables_of_marts(mart=none) %}
  {%- set variables = [] -%}
  {%- if execute -%}
    {%- for node in graph.nodes.values() if node.resource_type == 'model' and node.fqn[1] == 'marts' and mart in (none, node.name) -%}
      {%- for column in node.columns.values() if not column.name.endswith('_missing_reason') -%}
        {%- do variables.append((column.name, column.config.meta if column.config and column.config.meta else column.meta)) -%}
      {%- endfor -%}
    {%- endfor -%}
  {%- endif -%}
  {{ return(variables) }}
{% endmacro %}

{#- Per extract the fields that any variable names: those that are read, and under `texts` those that only stand beside
    them (the scale of a regression grade). -#}
{% macro source_fields() %}
  {%- set read, texts = {}, {} -%}
  {%- for extract in extracts() -%}
    {%- do read.update({extract: []}) -%}
    {%- do texts.update({extract: []}) -%}
    {%- set named = variable_sources() | selectattr('extract', 'equalto', extract) | map(attribute='field') | list -%}
    {%- for field in contract_fields(extract) if field.name in named -%}
      {%- do (read if reading_of(field.kind) else texts)[extract].append(field.name) -%}
    {%- endfor -%}
  {%- endfor -%}
  {%- do read.update({'texts': texts}) -%}
  {{ return(read) }}
{% endmacro %}

{#- The names of the fields whose condition holds, as a list. -#}
{% macro names_where(conditions) -%}
list_filter([cast(null as varchar){% for field, condition in conditions.items() | sort %}, case when {{ condition }} then '{{ field }}' end{% endfor %}], lambda field: field is not null)
{%- endmacro %}

{#- Of the rows about one thing that say something the highest place, per field: `places` is {field: (says, place)}. Two
    macros, for the select list of the groups and the conditions that a row has this place. -#}
{% macro last_to_say(places, prefix='') -%}
{% for field, (says, place) in places.items() %},
        max({{ place }}) filter ({{ says }}) as last_{{ prefix }}{{ field }}
{%- endfor %}
{%- endmacro %}

{% macro are_last_to_say(places, prefix='') -%}
  {%- set conditions = {} -%}
  {%- for field, (says, place) in places.items() -%}
    {%- do conditions.update({field: says ~ ' and ' ~ place ~ ' = last_' ~ prefix ~ field}) -%}
  {%- endfor -%}
  {{ return(conditions) }}
{%- endmacro %}
