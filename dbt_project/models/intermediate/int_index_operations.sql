-- The index operation of each patient: the first liver resection (paper). From it run age and follow-up.
-- One row per patient with a liver resection.
select * from {{ ref('int_operations') }} where hepatectomy_number = 1
