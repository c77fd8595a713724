-- The cohort of the survival analysis with every derived variable; `x_missing_reason` is null exactly when `x` is known.
-- Included (paper): patients with a first liver resection, no metastatic seeding, final pathology not hemangioma; by
-- policy nor any other diagnosis. The rules and their sources stand in the headers of the intermediate models.
-- Odd: a patient of the cohort without a pathology report keeps the row, with the reason no_report.
-- One row per patient in the cohort.
{% set pathology = [
    'metastasis_count', 'largest_metastasis_mm', 'margin_mm', 'resection_status', 'resection_status_0mm', 'tumor_grade',
    'lymphovascular_invasion', 'perineural_invasion', 'tumor_regression', 'viable_tumor_percent', 'steatosis_grade',
] %}
{% set from_column_or_comment = pathology | reject('in', ['metastasis_count', 'resection_status', 'resection_status_0mm']) %}
with joined as (

    select
        c.patient_id,
        c.center,
        o.operation_date,
        o.operation_date_precision,
        o.operation_date_missing_reason,
        a.age_at_operation,
        a.age_at_operation_missing_reason,
        a.age_at_operation_basis,
        a.age_group,
        a.age_at_diagnosis,
        a.age_at_diagnosis_missing_reason,
        a.age_at_diagnosis_basis,
        f.sex,
        f.sex_missing_reason,
        f.primary_site,
        f.primary_site_missing_reason,
        f.primary_sites,
        f.primary_sites_missing_reason,
        h.chronology,
        h.chronology_missing_reason,
        h.chronology_basis,
        h.interval_months,
        h.interval_months_missing_reason,
        h.interval_group,
        h.interval_group_missing_reason,
        n.neoadjuvant_therapy,
        n.neoadjuvant_therapy_missing_reason,
        n.neoadjuvant_therapy_basis,
        w.surgical_approach,
        w.surgical_approach_missing_reason,
        w.surgical_approach_basis,
        o.hepatectomy_extent,
        o.hepatectomy_extent_missing_reason,
        o.hepatectomy_extent_by_paper,
        o.hepatectomy_extent_by_paper_missing_reason,
        o.hepatectomy_extent_by_segments,
        o.hepatectomy_extent_by_segments_missing_reason,
        o.resected_segments,
        o.resected_segments_missing_reason,
        o.lobar_involvement,
        o.lobar_involvement_missing_reason,
        {% for field in pathology %}
        p.{{ field }},
        case when p.patient_id is null then coalesce(np.{{ field }}_missing_reason, 'no_report') else p.{{ field }}_missing_reason end as {{ field }}_missing_reason,
        {% endfor %}
        p.metastasis_count_group,
        p.multiple_metastases,
        p.size_group,
        p.margin_group,
        case when p.patient_id is null then coalesce(np.margin_mm_missing_reason, 'no_report') else p.margin_group_reason end as margin_group_reason,
        p.resection_status_basis,
        p.r1_vascular,
        {% for field in from_column_or_comment %}
        p.{{ field }}_basis,
        {% endfor %}
        u.died,
        u.died_missing_reason,
        u.died_basis,
        u.last_contact_date,
        u.last_contact_date_missing_reason,
        u.follow_up_days,
        u.follow_up_days_missing_reason,
        u.died_within_30_days,
        u.died_within_90_days,
        e.recurrence_or_death,
        e.recurrence_or_death_missing_reason,
        e.recurrence_free_days,
        e.recurrence_free_days_missing_reason,
        r.clinical_risk_score,
        r.clinical_risk_score_missing_reason,
        r.clinical_risk_score_min,
        r.clinical_risk_score_max,
        r.tumor_burden_score,
        r.tumor_burden_score_missing_reason,
        r.recorded_clinical_risk_score,
        r.recorded_clinical_risk_score_missing_reason
    from {{ ref('patients') }} c
    inner join {{ ref('int_index_operations') }} o on o.patient_id = c.patient_id
    left join {{ ref('int_patient_facts') }} f on f.patient_id = c.patient_id
    left join {{ ref('int_age') }} a on a.patient_id = c.patient_id
    left join {{ ref('int_chronology') }} h on h.patient_id = c.patient_id
    left join {{ ref('int_neoadjuvant') }} n on n.patient_id = c.patient_id
    left join {{ ref('int_surgical_approach') }} w on w.patient_id = c.patient_id
    left join {{ ref('int_index_pathology') }} p on p.patient_id = c.patient_id
    left join {{ ref('int_follow_up') }} u on u.patient_id = c.patient_id
    left join {{ ref('int_recurrence') }} e on e.patient_id = c.patient_id
    left join {{ ref('int_risk_scores') }} r on r.patient_id = c.patient_id
    cross join {{ ref('int_not_collected') }} np
    where c.is_in_cohort

)

select
    patient_id,
    center,
    operation_date,
    operation_date_precision,
    operation_date_missing_reason,

    age_at_operation,
    age_at_operation_missing_reason,
    age_at_operation_basis,
    age_group,
    case when age_group is null then age_at_operation_missing_reason end as age_group_missing_reason,
    age_at_diagnosis,
    age_at_diagnosis_missing_reason,
    age_at_diagnosis_basis,
    sex,
    sex_missing_reason,
    primary_site,
    primary_site_missing_reason,
    primary_sites,
    primary_sites_missing_reason,
    chronology,
    chronology_missing_reason,
    chronology_basis,
    interval_months,
    interval_months_missing_reason,
    interval_group,
    interval_group_missing_reason,
    neoadjuvant_therapy,
    neoadjuvant_therapy_missing_reason,
    neoadjuvant_therapy_basis,
    surgical_approach,
    surgical_approach_missing_reason,
    surgical_approach_basis,
    hepatectomy_extent,
    hepatectomy_extent_missing_reason,
    hepatectomy_extent_by_paper,
    hepatectomy_extent_by_paper_missing_reason,
    hepatectomy_extent_by_segments,
    hepatectomy_extent_by_segments_missing_reason,
    resected_segments,
    resected_segments_missing_reason,
    lobar_involvement,
    lobar_involvement_missing_reason,

    metastasis_count,
    metastasis_count_missing_reason,
    metastasis_count_group,
    case when metastasis_count_group is null then metastasis_count_missing_reason end as metastasis_count_group_missing_reason,
    multiple_metastases,
    case when multiple_metastases is null then metastasis_count_missing_reason end as multiple_metastases_missing_reason,
    cast(largest_metastasis_mm as decimal(9, 3)) as largest_metastasis_mm,
    largest_metastasis_mm_missing_reason,
    largest_metastasis_mm_basis,
    size_group,
    case when size_group is null then largest_metastasis_mm_missing_reason end as size_group_missing_reason,
    cast(margin_mm as decimal(9, 3)) as margin_mm,
    margin_mm_missing_reason,
    margin_mm_basis,
    margin_group,
    case when margin_group is null then margin_group_reason end as margin_group_missing_reason,
    resection_status,
    resection_status_missing_reason,
    resection_status_basis,
    r1_vascular,
    resection_status_0mm,
    resection_status_0mm_missing_reason,
    tumor_grade,
    tumor_grade_missing_reason,
    tumor_grade_basis,
    lymphovascular_invasion,
    lymphovascular_invasion_missing_reason,
    lymphovascular_invasion_basis,
    perineural_invasion,
    perineural_invasion_missing_reason,
    perineural_invasion_basis,
    -- The question of regression does not arise without therapy before the operation.
    {% for field, type in [('tumor_regression', 'varchar'), ('viable_tumor_percent', 'decimal(9, 3)')] %}
    cast(case when neoadjuvant_therapy = 'no' then null else {{ field }} end as {{ type }}) as {{ field }},
    case when neoadjuvant_therapy = 'no' then 'not_applicable' else {{ field }}_missing_reason end as {{ field }}_missing_reason,
    case when neoadjuvant_therapy is distinct from 'no' then {{ field }}_basis end as {{ field }}_basis,
    {% endfor %}
    steatosis_grade,
    steatosis_grade_missing_reason,
    steatosis_grade_basis,
    cast(clinical_risk_score as integer) as clinical_risk_score,
    clinical_risk_score_missing_reason,
    cast(clinical_risk_score_min as integer) as clinical_risk_score_min,
    cast(clinical_risk_score_max as integer) as clinical_risk_score_max,
    cast(tumor_burden_score as double) as tumor_burden_score,
    tumor_burden_score_missing_reason,
    cast(recorded_clinical_risk_score as integer) as recorded_clinical_risk_score,
    recorded_clinical_risk_score_missing_reason,

    died,
    died_missing_reason,
    died_basis,
    last_contact_date,
    last_contact_date_missing_reason,
    cast(follow_up_days as integer) as follow_up_days,
    follow_up_days_missing_reason,
    cast(follow_up_days / {{ var('days_per_month') }} as double) as follow_up_months,
    follow_up_days_missing_reason as follow_up_months_missing_reason,
    {% for days in [30, 90] %}
    died_within_{{ days }}_days,
    case
        when died_within_{{ days }}_days is not null then null
        when died is null then died_missing_reason
        when follow_up_days is null then follow_up_days_missing_reason
        when died or follow_up_days > {{ days }} then 'imprecise'
        else 'not_reported'
    end as died_within_{{ days }}_days_missing_reason,
    {% endfor %}
    recurrence_or_death,
    recurrence_or_death_missing_reason,
    cast(recurrence_free_days as integer) as recurrence_free_days,
    recurrence_free_days_missing_reason
from joined
