-- From all patients to those whose survival can be analyzed: what each step leaves, what it takes out, and why.
-- Who is taken out is in exclusions; what a model leaves out besides, for want of a factor, is in results.model_flow.
-- One row per step.
with patients as (

    select p.*, c.follow_up_days is not null and c.died is not null as has_survival
    from {{ ref('patients') }} p
    left join {{ ref('survival_cohort') }} c on c.patient_id = p.patient_id

),

counted as (

    select
        count(*) as all_patients,
        {% for step, reason, condition in cohort_steps() %}
        count(*) filter ({{ condition }}) as excluded_{{ loop.index }}{{ ',' if not loop.last }}
        {% endfor %}
    from patients

)

{% for step, reason, condition in cohort_steps() %}
select
    {{ loop.index }} as step_number,
    '{{ step }}' as step,
    cast(all_patients{% for k in range(1, loop.index + 1) %} - excluded_{{ k }}{% endfor %} as integer) as patients,
    cast(excluded_{{ loop.index }} as integer) as excluded,
    '{{ reason }}' as reason
from counted
{{ 'union all' if not loop.last }}
{% endfor %}
