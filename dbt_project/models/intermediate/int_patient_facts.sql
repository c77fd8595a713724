-- Facts of the patient that the operative extract repeats on every operation: the row of the index operation speaks,
-- and where it is silent the latest that does.
-- Odd: sex, birth date or primary site that differ between rows conflict, whichever row they stand on.
-- One row per patient of the operative extract.
{% set dates = ['primary_diagnosis_date', 'primary_operation_date', 'metastasis_diagnosis_date'] %}
with ranked as (

    select
        r.*,
        row_number() over (
            partition by r.patient_id
            order by case when o.hepatectomy_number = 1 then 0 else 1 end, r.operation_date desc nulls last, r.operation_row_id
        ) as place
    from {{ ref('int_operation_rows') }} r
    inner join {{ ref('int_operations') }} o on o.operation_key = r.operation_key

)

select
    patient_id,
    {{ agreed('sex') }},
    {{ agreed('primary_site') }},
    case when count(distinct birth_date) = 1 then min(birth_date) end as birth_date,
    case when count(distinct birth_date) = 1 then min(birth_date_low) end as birth_date_low,
    case when count(distinct birth_date) = 1 then max(birth_date_high) end as birth_date_high,
    case
        when count(distinct birth_date) = 1 then null
        when count(distinct birth_date) > 1 then 'conflicting'
        else {{ strongest_reason('birth_date_missing_reason') }}
    end as birth_date_missing_reason,
    {% for field in dates %}
    min_by({{ field }}, place) filter ({{ field }} is not null) as {{ field }},
    min_by({{ field }}_low, place) filter ({{ field }} is not null) as {{ field }}_low,
    min_by({{ field }}_high, place) filter ({{ field }} is not null) as {{ field }}_high,
    case when count({{ field }}) = 0 then {{ strongest_reason(field ~ '_missing_reason') }} end as {{ field }}_missing_reason,
    {% endfor %}
    min_by(chronology, place) filter (chronology is not null) as recorded_chronology,
    case when count(chronology) = 0 then {{ strongest_reason('chronology_missing_reason') }} end as recorded_chronology_missing_reason
from ranked
group by patient_id
