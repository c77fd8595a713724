-- Names that are shown as delivered (centre, source of a contact): spellings that differ only in case and blanks are
-- one name, in its most frequent spelling.
-- One row per extract, label field and delivered text.
with cells as (

    select * from {{ ref('stg_cells') }} where kind = 'label'

),

spelled as (

    select field, text, trim(raw_text) as spelling, sum(row_count) as row_count
    from cells
    where missing_reason is null and not is_missing_word
    group by field, text, trim(raw_text)

),

chosen as (

    select field, text, spelling
    from (
        select *, row_number() over (partition by field, text order by row_count desc, spelling) as place from spelled
    )
    where place = 1

)

select
    c.extract,
    c.field,
    c.raw_text,
    c.row_count,
    c.text,
    s.spelling as value,
    case
        when c.missing_reason is not null then c.missing_reason
        when s.spelling is null then 'not_reported'
    end as missing_reason
from cells c
left join chosen s on s.field = c.field and s.text = c.text and c.missing_reason is null and not c.is_missing_word
