{#- The steps from all patients to those whose survival can be analyzed, in order, as (step, reason of those it takes out,
    the condition on marts.patients, as p, joined with whether survival is known). Each patient is taken out once. -#}
{% macro cohort_steps() %}
  {{ return([
    ('All patients', 'every patient of any extract', 'false'),
    ('First liver resection', 'no liver resection recorded by the data-as-of date', "exclusion_reason = 'no liver resection'"),
    ('No metastatic seeding', 'metastatic seeding at the index operation', "exclusion_reason = 'metastatic seeding'"),
    ('Final pathology not hemangioma', 'hemangioma on final pathology', "exclusion_reason = 'hemangioma'"),
    ('Colorectal metastasis (cohort)', 'another final diagnosis that is no colorectal metastasis', "exclusion_reason = 'no colorectal metastasis'"),
    ('Survival time known', 'vital status or survival time unknown', 'is_in_cohort and not has_survival'),
  ]) }}
{% endmacro %}
