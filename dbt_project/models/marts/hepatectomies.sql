-- Liver resections; the first of a patient is the index operation.
-- One row per liver resection.
select
    operation_key as operation_id,
    patient_id,
    center,
    cast(hepatectomy_number as integer) as hepatectomy_number,
    hepatectomy_number = 1 as is_index,
    operation_date,
    operation_date_precision,
    operation_date_missing_reason,
    procedure_term,
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
    metastatic_seeding,
    metastatic_seeding_missing_reason
from {{ ref('int_operations') }}
where is_liver_resection
