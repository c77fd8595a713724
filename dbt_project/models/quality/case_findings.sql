-- What contradicts itself, or cannot be placed, in the case of a patient: what to look up, the most urgent first. The
-- value that the rules take all the same is in the marts; a field that is merely missing is in pathology_worklist.
-- One row per finding and the operation, report or patient it is about.
{% set dead = "died and follow_up_days is null and follow_up_days_missing_reason " %}
{% set untreated = "(select patient_id from " ~ ref('int_neoadjuvant') ~ " where neoadjuvant_therapy = 'no')" %}
{% set findings = [
    ('dead, survival time unknown', 'int_follow_up', 'patient_id', dead ~ "<> 'conflicting'"),
    ('death before the operation', 'int_follow_up', 'patient_id', dead ~ "= 'conflicting'"),
    ('living contact after the death', 'int_follow_up', 'patient_id', 'is_alive_after_death'),
    ('two dates of death', 'int_follow_up', 'patient_id', 'has_two_death_dates'),
    ('procedure not stated or on no list', 'int_operations', 'operation_key', "is_liver_resection and hepatectomy_extent_by_paper_missing_reason in ('not_reported', 'unreadable')"),
    ('resected segments against the procedure', 'int_operations', 'operation_key', 'segments_disagree'),
    ('report of no known operation', 'int_specimens', 'last_report_id', 'operation_key is null'),
    ('margin word against distance', 'int_specimen_margins', 'specimen_key', 'word_disagrees_with_distance'),
    ('margin contradicts itself', 'int_specimen_margins', 'specimen_key', "resection_status_missing_reason = 'conflicting'"),
    ('recorded chronology against dates', 'int_chronology', 'patient_id', 'chronology_disagrees'),
    ('recorded surgical approach against dates', 'int_surgical_approach', 'patient_id', 'approach_disagrees'),
    ('recorded clinical risk score against its items', 'int_risk_scores', 'patient_id', 'recorded_score_disagrees'),
    ('recorded age against birth date', 'int_age', 'patient_id', 'age_disagrees'),
    ('two sexes', 'int_patient_facts', 'patient_id', "sex_missing_reason = 'conflicting'"),
    ('two birth dates', 'int_patient_facts', 'patient_id', "birth_date_missing_reason = 'conflicting'"),
    ('two primary sites', 'int_patient_facts', 'patient_id', "primary_site_missing_reason = 'conflicting'"),
    ('therapy contradicts itself', 'int_neoadjuvant', 'patient_id', "neoadjuvant_therapy_missing_reason = 'conflicting'"),
    ('regression without therapy', 'int_specimens', 'specimen_key', "is_liver and tumor_regression is not null and patient_id in " ~ untreated),
    ('grade or invasion without residual tumor', 'int_specimens', 'specimen_key',
        "is_liver and diagnosis = 'no_residual_tumor' and (tumor_grade is not null or 'yes' in (lymphovascular_invasion, perineural_invasion))"),
    ('comment against a column', 'int_specimens', 'specimen_key', 'is_liver and comment_disagrees'),
] %}
with findings as (

    {% for finding, model, record, condition in findings %}
    select {{ loop.index }} as priority, '{{ finding }}' as finding, patient_id, {{ record }} as record_id
    from {{ ref(model) }}
    where {{ condition }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

)

select
    {{ surrogate_key('finding', ['f.finding', 'f.patient_id', 'f.record_id']) }} as finding_id,
    cast(f.priority as integer) as priority,
    f.finding,
    f.patient_id,
    case when f.record_id <> f.patient_id then f.record_id end as record_id,
    p.center
from findings f
inner join {{ ref('patients') }} p on p.patient_id = f.patient_id
