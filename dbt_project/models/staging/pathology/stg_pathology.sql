-- The pathology extract as it holds now, every field read by the rule of its kind: `x`, its interval where it has one, and
-- `x_missing_reason`, null exactly when the field could be read. The columns follow the contract (_pathology__sources.yml).
-- Identifiers stay in raw; here are their pseudonyms.
-- One row per specimen's report.
-- depends_on: {{ ref('stg_words') }} {{ ref('stg_labels') }} {{ ref('stg_steatosis') }} {{ ref('stg_regression') }}
-- depends_on: {{ ref('stg_dates') }} {{ ref('stg_procedures') }} {{ ref('stg_margins') }} {{ ref('stg_numbers') }}
select
    {{ surrogate_key('pathology', ['r.patient_pseudonym', 'r.specimen_pseudonym', 'r.report_date']) }} as report_id,
    r.patient_pseudonym as patient_id,
    r.specimen_pseudonym as specimen_id,
    r.operation_pseudonym as operation_id,
    r.extract_id,
    r.file_row_number
    {{- staged_columns('pathology') }}
from {{ open_rows('pathology') }} r
{{ staged_joins('pathology') }}
