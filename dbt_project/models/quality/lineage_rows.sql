-- Which rows of the extracts belong to the case of a patient, and of which fields a cell of each speaks (int_source_rows).
-- Few, where cells are many: quality.lineage takes them apart when it is asked.
-- One row per patient of survival_cohort and delivered row.
select
    s.patient_id,
    s.extract,
    s.extract_id,
    e.file_name,
    s.file_row_number,
    cast(e.delivery_number as integer) as delivery_number,
    s.speaks_for,
    s.comment_states,
    s.comment_speaks_for
from {{ ref('survival_cohort') }} c
inner join {{ ref('int_source_rows') }} s on s.patient_id = c.patient_id
inner join {{ source('raw', 'extracts') }} e on e.extract_id = s.extract_id
