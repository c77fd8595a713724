-- What the comment of a pathology report states, field by field (reading/comments.py): clauses are sorted by the field that
-- they speak of and read as its column would be. A measurement out of the contract's bounds is none.
-- One row per delivered comment and field that it states.
with comments as (

    select comment as raw_text, {{ normalize_text('comment') }} as text, count(*) as row_count
    from {{ source('raw', 'pathology') }}
    where closed_by_extract_id is null and comment is not null
    group by comment

),

readings as (

    select text, unnest(read_comment(text, to_json({ {{ definitions_of_words() }} })::varchar)) as reading
    from (select distinct text from comments)

),

stated as (

    select
        c.raw_text, c.row_count, r.reading.field, r.reading.value, r.reading.missing_reason,
        cast(r.reading.low as decimal(18, 6)) as low, cast(r.reading.high as decimal(18, 6)) as high,
        r.reading.low_is_open, r.reading.high_is_open, f.minimum, f.maximum
    from comments c
    inner join readings r on r.text = c.text
    inner join {{ source('raw', 'fields') }} f on f.extract = 'pathology' and f.field = r.reading.field

)

select raw_text, row_count, field, value, missing_reason, low, high, low_is_open, high_is_open
from stated
where {{ is_within_bounds() }}
