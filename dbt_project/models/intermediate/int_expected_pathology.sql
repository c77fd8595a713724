-- Of each specimen: which pathology fields are expected there (`x_is_expected`), and why those that are not known are not
-- (`x_missing_reason`). The contract says of which specimens a field is expected (`expected`), so that "missing" has a
-- denominator.
-- Odd: a liver resection without any liver specimen lacks every field, with the reason no_report; a specimen of unknown
-- diagnosis counts as one with tumor, for nothing says that it is not. The centre is that of the operation, the laboratory
-- that of the report. The fields stand side by side, for a row per field would write what identifies the specimen as often.
-- One row per specimen (or liver resection without one).
{% set is_expected = {
    'liver specimens': 'true',
    'liver specimens with malignant tumor': 'has_tumor',
    'liver specimens with residual tumor': 'has_tumor and not is_complete_response',
    'liver specimens after neoadjuvant therapy': 'had_neoadjuvant_therapy',
} %}
{# Fields that answer another one, so that it is not collected only where they are not either. #}
{% set answered_by = {
    'margin_distance': ['margin_status'], 'lymphovascular_invasion': ['lymphatic_invasion', 'venous_invasion'],
    'tumor_regression': ['viable_tumor_percent'],
} %}
{% set fields = contract_fields('pathology') | selectattr('expected') | list %}
with treated as (

    select patient_id
    from {{ ref('int_neoadjuvant') }}
    where neoadjuvant_therapy = 'yes'

),

specimens as (

    select
        s.patient_id,
        s.specimen_key,
        s.last_report_id as report_id,
        s.operation_key,
        coalesce(o.center, s.center, 'unknown') as center,
        coalesce(s.center, 'unknown') as laboratory,
        coalesce(s.procedure_date, o.operation_date, s.report_date) as specimen_date,
        coalesce(s.diagnosis in ('metastasis', 'no_residual_tumor'), true) as has_tumor,
        coalesce(s.tumor_regression = 'complete', false) or coalesce(s.diagnosis = 'no_residual_tumor', false) as is_complete_response,
        s.patient_id in (select patient_id from treated) as had_neoadjuvant_therapy,
        {% for field in fields %}
        {{ 'm' if field.name == 'margin_distance' else 's' }}.{{ field.name }}_missing_reason as {{ field.name }}{{ ',' if not loop.last }}
        {% endfor %}
    from {{ ref('int_specimens') }} s
    -- It has the liver specimens. By a filter DuckDB would expect few, and hold all of them in memory, twice.
    inner join {{ ref('int_specimen_margins') }} m on m.specimen_key = s.specimen_key and m.patient_id = s.patient_id
    left join {{ ref('int_operations') }} o on o.operation_key = s.operation_key

),

operations_without_specimen as (

    select
        o.patient_id,
        cast(null as varchar) as specimen_key,
        cast(null as varchar) as report_id,
        o.operation_key,
        coalesce(o.center, 'unknown') as center,
        'unknown' as laboratory,
        o.operation_date as specimen_date,
        true as has_tumor,
        false as is_complete_response,
        o.patient_id in (select patient_id from treated) as had_neoadjuvant_therapy
        {%- for field in fields %},
        coalesce(c.{{ field.name }}, 'no_report') as {{ field.name }}
        {%- endfor %}
    from {{ ref('int_operations') }} o
    cross join (
        select
            count(*) as fields
            {%- for field in fields %},
            case
                when not bool_or(is_mapped) filter (field in ('{{ ([field.name] + answered_by.get(field.name, [])) | join("', '") }}'))
                    then 'not_collected'
            end as {{ field.name }}
            {%- endfor %}
        from {{ source('raw', 'fields') }}
        where extract = 'pathology'
    ) c
    where o.is_liver_resection
        and not exists (select 1 from {{ ref('int_specimens') }} s where s.operation_key = o.operation_key and s.is_liver)

),

everything as (

    select * from specimens
    union all by name
    select * from operations_without_specimen

)

select
    patient_id,
    specimen_key,
    report_id,
    operation_key,
    center,
    laboratory,
    coalesce(strftime(specimen_date, '%Y-%m'), 'unknown') as month
    {%- for field in fields %},
    {{ is_expected[field.expected] }} as {{ field.name }}_is_expected,
    {{ field.name }} as {{ field.name }}_missing_reason
    {%- endfor %}
from everything
