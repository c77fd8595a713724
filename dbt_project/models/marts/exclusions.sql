-- Who is not among the patients whose survival can be analyzed, by the step of cohort_flow that takes them out. What a
-- model leaves out besides, for want of a factor, is counted in results.model_flow.
-- One row per patient taken out.
with patients as (

    select p.*, c.follow_up_days is not null and c.died is not null as has_survival
    from {{ ref('patients') }} p
    left join {{ ref('survival_cohort') }} c on c.patient_id = p.patient_id

)

{% for step, reason, condition in cohort_steps() %}
select
    patient_id,
    {{ loop.index }} as step_number,
    '{{ step }}' as step,
    '{{ reason }}' as reason
from patients
where {{ condition }}
{{ 'union all' if not loop.last }}
{% endfor %}
