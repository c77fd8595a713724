-- Which rows of the extracts belong to the case of a patient, and of which fields a cell of each speaks (int_source_cells).
-- Few, where cells are many: quality.lineage takes them apart when it is asked.
-- One row per patient of survival_cohort and delivered row.
select
    s.patient_id,
    s.extract,
    s.extract_id,
    e.file_name,
    s.file_row_number,
    cast(e.delivery_number as integer) as delivery_number,
    coalesce(list(s.field order by s.field) filter (s.speaks and s.field = s.of_field), []) as speaks_for,
    coalesce(list(s.of_field order by s.of_field) filter (s.field <> s.of_field), []) as comment_states,
    coalesce(list(s.of_field order by s.of_field) filter (s.speaks and s.field <> s.of_field), []) as comment_speaks_for
from {{ ref('survival_cohort') }} c
inner join {{ ref('int_source_cells') }} s on s.patient_id = c.patient_id
inner join {{ source('raw', 'extracts') }} e on e.extract_id = s.extract_id
group by s.patient_id, s.extract, s.extract_id, e.file_name, s.file_row_number, e.delivery_number
