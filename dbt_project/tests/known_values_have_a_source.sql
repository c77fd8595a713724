-- A value that is known comes from at least one delivered cell that says something.
-- depends_on: {{ ref('survival_cohort') }}
{% set variables = variables_of_marts('survival_cohort') | map('first') | list %}
{% set columns = adapter.get_columns_in_relation(ref('survival_cohort')) | map(attribute='name') | list if execute else [] %}
with known as (
    {% for variable in variables if variable ~ '_missing_reason' in columns %}
    select patient_id, '{{ variable }}' as variable from {{ ref('survival_cohort') }} where {{ variable }} is not null
    union all
    {% endfor %}
    select '', '' where false
)

select k.patient_id, k.variable
from known k
left join {{ ref('lineage') }} l on l.patient_id = k.patient_id and l.variable = k.variable and l.role = 'supplies'
where l.patient_id is null
