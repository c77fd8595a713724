-- Rows of the operative extract with the operation they belong to: rows of one patient on one day are one operation;
-- without a date the hospital's number of the operation tells, and without both the patient has one.
-- One row per row of the operative extract.
select
    {{ surrogate_key('operation', ['patient_id', 'coalesce(cast(operation_date as varchar), operation_id)']) }} as operation_key,
    *
from {{ ref('stg_operative') }}
