-- Pathology reports as read, with the operation they belong to; what links to none stays here and is a finding.
-- Numbers are those of the report; the patient's values, over reports and specimens, are in survival_cohort.
-- Values are those of the columns; which fields the comment states besides is named, and int_specimens says which it takes.
-- One row per pathology report.
select
    s.report_id,
    s.patient_id,
    s.specimen_id,
    l.operation_key as operation_id,
    l.link_basis,
    s.center,
    s.procedure_date,
    s.procedure_date_missing_reason,
    s.report_date,
    s.report_date_missing_reason,
    s.organ,
    s.organ_missing_reason,
    s.diagnosis,
    s.diagnosis_missing_reason,
    cast(case when s.metastasis_count_low = s.metastasis_count_high then s.metastasis_count_low end as integer) as metastasis_count,
    case when s.metastasis_count_low <> s.metastasis_count_high or (s.metastasis_count_low is not null and s.metastasis_count_high is null)
        then 'imprecise' else s.metastasis_count_missing_reason end as metastasis_count_missing_reason,
    cast(case when s.largest_metastasis_low = s.largest_metastasis_high then s.largest_metastasis_low end as decimal(9, 3)) as largest_metastasis_mm,
    case when s.largest_metastasis_low <> s.largest_metastasis_high or (s.largest_metastasis_low is not null and s.largest_metastasis_high is null)
        then 'imprecise' else s.largest_metastasis_missing_reason end as largest_metastasis_mm_missing_reason,
    cast(s.margin_distance_low as decimal(9, 3)) as margin_distance_from_mm,
    cast(s.margin_distance_high as decimal(9, 3)) as margin_distance_to_mm,
    s.margin_distance_says as margin_distance_word,
    s.margin_distance_missing_reason,
    s.margin_status_says as margin_status,
    s.margin_status_missing_reason,
    s.tumor_grade,
    s.tumor_grade_missing_reason,
    s.lymphatic_invasion,
    s.lymphatic_invasion_missing_reason,
    s.venous_invasion,
    s.venous_invasion_missing_reason,
    s.lymphovascular_invasion,
    s.lymphovascular_invasion_missing_reason,
    s.perineural_invasion,
    s.perineural_invasion_missing_reason,
    s.tumor_regression,
    s.tumor_regression_missing_reason,
    cast(case when s.viable_tumor_percent_low = s.viable_tumor_percent_high then s.viable_tumor_percent_low end as decimal(9, 3)) as viable_tumor_percent,
    case when s.viable_tumor_percent_low <> s.viable_tumor_percent_high or (s.viable_tumor_percent_low is not null and s.viable_tumor_percent_high is null)
        then 'imprecise' else s.viable_tumor_percent_missing_reason end as viable_tumor_percent_missing_reason,
    s.steatosis as steatosis_grade,
    s.steatosis_missing_reason as steatosis_grade_missing_reason,
    nullif(concat_ws(', '
        {%- for field in comment_fields() | sort %},
        case when s.comment_{{ field }}_missing_reason is null then '{{ field }}' end
        {%- endfor %}
    ), '') as stated_in_comment
from {{ ref('stg_pathology') }} s
inner join {{ ref('int_report_links') }} l on l.report_id = s.report_id
