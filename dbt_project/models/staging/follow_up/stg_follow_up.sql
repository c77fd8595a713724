-- The follow_up extract as it holds now, every field read by the rule of its kind: `x`, its interval where it has one, and
-- `x_missing_reason`, null exactly when the field could be read. The columns follow the contract (_follow_up__sources.yml).
-- Identifiers stay in raw; here is the pseudonym.
-- One row per contact.
-- depends_on: {{ ref('stg_texts') }} {{ ref('stg_labels') }}
-- depends_on: {{ ref('stg_dates') }} {{ ref('stg_procedures') }}
select
    {{ surrogate_key('follow_up', ['r.patient_pseudonym', 'r.contact_date', 'r.time_since_operation', 'r.source']) }} as contact_id,
    r.patient_pseudonym as patient_id,
    r.extract_id,
    r.file_row_number
    {{- staged_columns('follow_up') }}
from {{ open_rows('follow_up') }} r
{{ staged_joins('follow_up') }}
