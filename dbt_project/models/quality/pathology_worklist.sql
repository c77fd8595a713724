-- What to ask for: each missing or unreadable pathology field of a specimen, or of a liver resection without one.
-- A field that no extract delivers is not asked for: nobody could answer row by row.
-- One row per specimen and missing pathology field.
select
    {{ surrogate_key('worklist', ['patient_id', "coalesce(specimen_key, operation_key)", 'field']) }} as worklist_id,
    patient_id,
    report_id,
    operation_key as operation_id,
    specimen_key as specimen_id,
    center,
    laboratory,
    month,
    field,
    missing_reason
from {{ ref('int_pathology_fields') }}
where is_expected and missing_reason is not null and missing_reason <> 'not_collected'
