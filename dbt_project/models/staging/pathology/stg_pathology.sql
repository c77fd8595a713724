-- The pathology extract as it holds now, every field read by the rule of its kind: `x`, its interval where it has one, and
-- `x_missing_reason`, null exactly when the field could be read. The columns follow the contract (_pathology__sources.yml).
-- A regression grade is read on the scale of its own field, where that is delivered.
-- What the comment states of a field stands beside it as `comment_x`; int_specimens decides whether it is taken.
-- Identifiers stay in raw; here are their pseudonyms.
-- One row per specimen's report.
-- depends_on: {{ ref('stg_texts') }} {{ ref('stg_labels') }}
-- depends_on: {{ ref('stg_dates') }} {{ ref('stg_procedures') }}
with staged as (

    select
        {{ surrogate_key('pathology', ['r.patient_pseudonym', 'r.specimen_pseudonym', 'r.report_date']) }} as report_id,
        r.patient_pseudonym as patient_id,
        r.specimen_pseudonym as specimen_id,
        r.operation_pseudonym as operation_id,
        r.extract_id,
        r.file_row_number,
        g.value as scaled_regression,
        g.raw_scale is not null as is_on_scale
        {{- staged_columns('pathology') }}
        {{- comment_columns() }}
    from {{ open_rows('pathology') }} r
    {{ staged_joins('pathology') }}
    {{ comment_joins() }}
    left join {{ ref('stg_regression_by_scale') }} g
        on g.raw_text = r.tumor_regression and g.raw_scale = r.tumor_regression_scale

)

select * exclude (scaled_regression, is_on_scale) replace (
    case when is_on_scale then scaled_regression else tumor_regression end as tumor_regression,
    case when not is_on_scale then tumor_regression_missing_reason when scaled_regression is null then 'unreadable' end as tumor_regression_missing_reason
)
from staged
