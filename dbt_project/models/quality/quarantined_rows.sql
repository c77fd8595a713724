-- Delivered rows that could not be taken and are held: where they stand and why, without what stands in them.
-- One row per held row.
select
    extract,
    file_name,
    file_row_number,
    patient_pseudonym as patient_id,
    reason
from {{ source('raw', 'quarantine') }}
where released_by_extract_id is null
