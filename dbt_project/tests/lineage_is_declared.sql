-- Every variable of the cohort says which delivered fields it is read from, and these are fields that are read
-- (what is only considered may be a text that is not).
{% set wrong, fields = [], source_fields() %}
{% for variable, meta in variables_of_marts('survival_cohort') if variable != 'patient_id' and not meta.get('from') %}
  {% do wrong.append(variable) %}
{% endfor %}
{% for source in variable_sources() %}
  {% if source.field not in fields.get(source.extract, []) and (source.is_read or source.field not in fields.texts.get(source.extract, [])) %}
  {% do wrong.append(source.variable ~ ' from ' ~ source.extract ~ '.' ~ source.field) %}
  {% endif %}
{% endfor %}
select variable
from (values {% for variable in wrong + [''] %}('{{ variable }}'){{ ', ' if not loop.last }}{% endfor %}) as wrong (variable)
where variable <> ''
