-- What the reader of sentences makes of the comment of a pathology report (reading/comments.py), field by field. It holds
-- where the statements that stg_comments finds leave a field unread.
-- One row per delivered comment and field that it states.
with comments as (

    select comment as raw_text, {{ normalize_text('comment') }} as text, count(*) as row_count
    from {{ source('raw', 'pathology') }}
    where closed_by_extract_id is null and comment is not null
    group by comment

),

readings as (

    select text, unnest(read_comment(text)) as reading from (select distinct text from comments)

)

select
    c.raw_text, c.row_count, r.reading.field, r.reading.value, r.reading.missing_reason,
    cast(r.reading.low as decimal(18, 6)) as low, cast(r.reading.high as decimal(18, 6)) as high,
    r.reading.low_is_open, r.reading.high_is_open
from comments c
inner join readings r on r.text = c.text
