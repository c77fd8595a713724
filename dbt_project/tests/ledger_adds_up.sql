-- Every row read from a file is new, changed, unchanged, collapsed or quarantined.
select extract_id
from {{ source('raw', 'extracts') }}
where rows_read <> rows_new + rows_changed + rows_unchanged + rows_collapsed + rows_quarantined
