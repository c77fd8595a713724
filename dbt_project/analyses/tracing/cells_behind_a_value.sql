-- Of which cells, in which file and row, is a value made?
-- Here the status of every R1 resection. crlm explain also shows what stands in the cells.
-- Gives: patient_id, value, extract, file_name, file_row_number, header, field, delivery_number
select
    c.patient_id,
    c.resection_status as value,
    l.extract,
    l.file_name,
    l.file_row_number,
    l.header,
    l.field,
    l.delivery_number
from marts.survival_cohort c
join quality.lineage l
    on l.patient_id = c.patient_id and l.variable = 'resection_status' and l.role = 'supplies'
where c.resection_status = 'R1'
order by c.patient_id, l.extract, l.file_name, l.file_row_number, l.field
