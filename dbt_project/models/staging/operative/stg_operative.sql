-- The operative extract as it holds now, every field read by the rule of its kind: `x`, its interval where it has one, and
-- `x_missing_reason`, null exactly when the field could be read. The columns follow the contract (_operative__sources.yml).
-- Identifiers stay in raw; the date of birth is here for ages only and is in no mart.
-- One row per operation.
-- depends_on: {{ ref('stg_texts') }} {{ ref('stg_labels') }}
-- depends_on: {{ ref('stg_dates') }} {{ ref('stg_procedures') }} {{ ref('stg_segments') }}
select
    {{ surrogate_key('operative', ['r.patient_pseudonym', 'r.operation_pseudonym', 'r.operation_date']) }} as operation_row_id,
    r.patient_pseudonym as patient_id,
    r.operation_pseudonym as operation_id,
    r.extract_id,
    r.file_row_number
    {{- staged_columns('operative') }},
    r_primary_site.values_named as primary_site_values_named
from {{ open_rows('operative') }} r
{{ staged_joins('operative') }}
