-- Rows of the operative extract with the operation they belong to: rows of one patient on one day are one operation;
-- without a date the hospital's number of the operation tells, and without both the patient has one.
-- Odd: a view, for to write all columns of stg_operative once more costs far more than the key in each model that reads it;
-- without the name of the database, so that it holds in a copy under another name.
-- One row per row of the operative extract.
{{ config(materialized='view') }}
select
    {{ surrogate_key('operation', ['patient_id', 'coalesce(cast(operation_date as varchar), operation_id)']) }} as operation_key,
    *
from {{ ref('stg_operative').include(database=false) }}
