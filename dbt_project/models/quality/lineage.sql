-- Which delivered cells a value of survival_cohort comes from: where each stands, not what stands in it.
-- `supplies`: the cell speaks for a field from which the variable is read; what the variable is, and why it is unknown,
-- follows from these cells together. `considered`: it is read too, and is blank, or another cell goes before it, or the
-- field only bears on the variable. Which cells speak is said in int_source_cells.
-- Odd: a view, for there are some two hundred such cells per patient; the header is the one under which the field is read
-- now. It reads tables of the same schema, without the name of the database, so that it holds in the release too.
-- One row per patient, variable and delivered cell.
{{ config(materialized='view') }}
select
    r.patient_id, f.variable, f.extract, f.field, f.header, r.file_name, r.file_row_number, r.extract_id, r.delivery_number,
    case when f.is_read and list_contains(r.speaks_for, f.field) then 'supplies' else 'considered' end as role
from {{ ref('lineage_rows').include(database=false) }} r
inner join {{ ref('lineage_fields').include(database=false) }} f on f.extract = r.extract
where f.header is not null
union all
select
    r.patient_id, f.variable, f.extract, 'comment', f.comment_header, r.file_name, r.file_row_number, r.extract_id, r.delivery_number,
    case when f.is_read and list_contains(r.comment_speaks_for, f.field) then 'supplies' else 'considered' end
from {{ ref('lineage_rows').include(database=false) }} r
inner join {{ ref('lineage_fields').include(database=false) }} f on f.extract = r.extract
where list_contains(r.comment_states, f.field)
