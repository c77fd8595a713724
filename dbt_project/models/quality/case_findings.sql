-- What contradicts itself, cannot be placed, is lacking or is unlikely in the case of a patient: what to look up, the most
-- urgent first. The value that the rules take all the same is in the marts; a pathology field that is merely missing is in
-- pathology_worklist. The rules are named in the seed case_rules.
-- One row per finding and the operation, report or patient it is about.
with findings as (

    {% for rule, model, record, condition, applies in case_rules() %}
    select distinct '{{ rule }}' as finding, o.patient_id, o.{{ record }} as record_id
    from {{ ref(model) }} o
    where {{ condition }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

)

select
    {{ surrogate_key('finding', ['f.finding', 'f.patient_id', 'f.record_id']) }} as finding_id,
    r.priority,
    f.finding,
    f.patient_id,
    case when f.record_id <> f.patient_id then f.record_id end as record_id,
    r.field,
    p.center
from findings f
inner join {{ ref('case_rules') }} r on r.rule = f.finding
inner join {{ ref('patients') }} p on p.patient_id = f.patient_id
