-- A value that is known comes from at least one delivered cell that says something: a row of the case speaks, or its comment
-- does, for a field that the variable is read from. The rows are asked, not the view quality.lineage of all their cells, of
-- which there are two hundred to a patient.
-- depends_on: {{ ref('survival_cohort') }}
{% set variables = variables_of_marts('survival_cohort') | map('first') | list %}
{% set columns = adapter.get_columns_in_relation(ref('survival_cohort')) | map(attribute='name') | list if execute else [] %}
{% set sources, unsupplied = variable_sources() | selectattr('is_read') | list, {} %}
{% for variable in variables if variable ~ '_missing_reason' in columns %}
{% set spoken = ['false'] %}
{% for source in sources if source.variable == variable %}{% do spoken.append('s.' ~ source.extract ~ '_' ~ source.field) %}{% endfor %}
{% do unsupplied.update({variable: 'c.' ~ variable ~ ' is not null and not coalesce(' ~ spoken | join(' or ') ~ ', false)'}) %}
{% endfor %}
with spoken as (

    select
        patient_id
        {%- for extract, fields in sources | groupby('extract') %}{% for field in fields | map(attribute='field') | unique %},
        bool_or(extract = '{{ extract }}' and (list_contains(speaks_for, '{{ field }}') or list_contains(comment_speaks_for, '{{ field }}'))) as {{ extract }}_{{ field }}
        {%- endfor %}{% endfor %}
    from {{ ref('lineage_rows') }}
    group by patient_id

)

select patient_id, unnest(variables) as variable
from (
    select c.patient_id, {{ names_where(unsupplied) }} as variables
    from {{ ref('survival_cohort') }} c
    left join spoken s on s.patient_id = c.patient_id
) cases
