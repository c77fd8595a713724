-- Which delivered cells a value of survival_cohort comes from: where each stands, not what stands in it.
-- `supplies`: the cell speaks for a field from which the variable is read; what the variable is, and why it is unknown,
-- follows from these cells together. `considered`: it is read too, and is blank, or another cell goes before it, or the
-- field only bears on the variable. Which cells speak is said in int_source_cells.
-- Odd: the header is the one under which the field is read now.
-- One row per patient, variable and delivered cell.
select
    c.patient_id,
    v.variable,
    v.extract,
    s.field,
    f.header,
    e.file_name,
    s.file_row_number,
    s.extract_id,
    cast(e.delivery_number as integer) as delivery_number,
    case when v.is_read and s.speaks then 'supplies' else 'considered' end as role
from {{ ref('survival_cohort') }} c
inner join {{ ref('int_source_cells') }} s on s.patient_id = c.patient_id
inner join {{ ref('int_variable_sources') }} v on v.extract = s.extract and v.field = s.of_field
inner join {{ source('raw', 'fields') }} f on f.extract = s.extract and f.field = s.field
inner join {{ source('raw', 'extracts') }} e on e.extract_id = s.extract_id
where v.variable in ({% for variable, _ in variables_of_marts('survival_cohort') %}'{{ variable }}', {% endfor %}'')
