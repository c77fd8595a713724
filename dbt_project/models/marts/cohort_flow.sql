-- From all patients to those whose survival can be analyzed: what each step leaves, what it takes out, and why.
-- What a model leaves out besides, for want of a factor, is in results.model_flow.
-- One row per step.
with patients as (

    select p.*, c.follow_up_days is not null and c.died is not null as has_survival
    from {{ ref('patients') }} p
    left join {{ ref('survival_cohort') }} c on c.patient_id = p.patient_id

),

counted as (

    select
        count(*) as all_patients,
        {% for reason in ['no liver resection', 'metastatic seeding', 'hemangioma', 'no colorectal metastasis'] %}
        count(*) filter (exclusion_reason = '{{ reason }}') as excluded_{{ loop.index }},
        {% endfor %}
        count(*) filter (is_in_cohort and not has_survival) as excluded_5
    from patients

)

{% set steps = [
    ('All patients', 'every patient of any extract'),
    ('First liver resection', 'no liver resection recorded by the data-as-of date'),
    ('No metastatic seeding', 'metastatic seeding at the index operation'),
    ('Final pathology not hemangioma', 'hemangioma on final pathology'),
    ('Colorectal metastasis (cohort)', 'another final diagnosis that is no colorectal metastasis'),
    ('Survival time known', 'vital status or survival time unknown'),
] %}
{% for step, reason in steps %}
select
    {{ loop.index }} as step_number,
    '{{ step }}' as step,
    cast(all_patients{% for k in range(1, loop.index) %} - excluded_{{ k }}{% endfor %} as integer) as patients,
    cast({{ '0' if loop.first else 'excluded_' ~ (loop.index - 1) }} as integer) as excluded,
    '{{ reason }}' as reason
from counted
{{ 'union all' if not loop.last }}
{% endfor %}
