-- Specimens: the reports of one accession number together, per field the latest report that says something
-- (dictionary §3: an addendum completes, and does not blank, what was reported before).
-- Odd: where accession numbers are not delivered each report is a specimen of its own. "No evidence of malignancy" is no
-- residual tumor after neoadjuvant therapy and benign without; where the therapy is unknown it is imprecise.
-- One row per specimen.
{% set intervals = ['low', 'high', 'low_is_open', 'high_is_open'] %}
{% set fields = {
    'organ': [''], 'diagnosis': [''], 'metastasis_count': intervals, 'largest_metastasis': intervals,
    'margin_distance': intervals + ['says'], 'margin_status': intervals + ['says'], 'tumor_grade': [''],
    'lymphatic_invasion': [''], 'venous_invasion': [''], 'lymphovascular_invasion': [''], 'perineural_invasion': [''],
    'tumor_regression': ['', 'viable_percent'], 'steatosis': [''],
} %}
with reports as (

    select
        s.*,
        l.operation_key,
        coalesce(s.specimen_id, s.report_id) as specimen_key,
        row_number() over (
            partition by s.patient_id, coalesce(s.specimen_id, s.report_id)
            order by s.report_date nulls first, s.extract_id, s.file_row_number
        ) as report_order
    from {{ ref('stg_pathology') }} s
    inner join {{ ref('int_report_links') }} l on l.report_id = s.report_id

),

specimens as (

    select
        patient_id,
        specimen_key,
        max_by(operation_key, report_order) as operation_key,
        max_by(report_id, report_order) as last_report_id,
        max_by(center, report_order) as center,
        max(procedure_date) as procedure_date,
        max(report_date) as report_date,
        {% for field, columns in fields.items() %}
        {{ latest(field, columns) }}{{ ',' if not loop.last }}
        {% endfor %}
    from reports
    group by patient_id, specimen_key

),

read as (

    select
        patient_id,
        specimen_key,
        operation_key,
        last_report_id,
        center,
        procedure_date,
        report_date,
        {% for field, columns in fields.items() %}
        {% for column in columns %}
        {{ field }}_said.{{ 'value' if column == '' else column }} as {{ field }}{{ '_' ~ column if column }},
        {% endfor %}
        case when {{ field }}_said is null then {{ field }}_silence else {{ field }}_said.missing_reason end as {{ field }}_missing_reason,
        {% endfor %}
        -- A blank organ is taken as liver; any other organ takes no part.
        coalesce(organ_said.value, 'liver') = 'liver' as is_liver
    from specimens

)

select s.* replace (
    case
        when s.diagnosis is distinct from 'no_malignancy' then s.diagnosis
        when n.neoadjuvant_therapy = 'yes' then 'no_residual_tumor'
        when n.neoadjuvant_therapy = 'no' then 'benign'
    end as diagnosis,
    case
        when s.diagnosis = 'no_malignancy' and n.neoadjuvant_therapy is null then 'imprecise'
        else s.diagnosis_missing_reason
    end as diagnosis_missing_reason
)
from read s
left join {{ ref('int_neoadjuvant') }} n on n.patient_id = s.patient_id
