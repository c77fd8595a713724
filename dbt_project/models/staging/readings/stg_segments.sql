-- The field of resected Couinaud segments, read as lists (reading/fields/segments.py): "5,6", "II, III", "segments 4a and 4b"
-- (one segment). A set of segments is an interval like a number: `segments_low` is what was surely resected, `segments_high`
-- what may have been. "5-8" may mean two segments or four (dictionary §5), so that 5 and 8 are sure, 6 and 7 possible and
-- the list `imprecise`; a dash between neighbors leaves nothing open, and "5-6-7" is a list.
-- Odd: "none" is the answer that no segment was resected; a text with any other word is unreadable ("part of 6").
-- One row per segments field and delivered text.
select
    c.extract,
    c.field,
    c.raw_text,
    c.row_count,
    c.text,
    case when c.missing_reason is null then s.segments end as segments_low,
    case when c.missing_reason is null then s.segments_at_most end as segments_high,
    case
        when c.missing_reason is not null then c.missing_reason
        when c.is_missing_word then 'not_reported'
        when s.raw_text is null then 'unreadable'
        else s.missing_reason
    end as missing_reason
from {{ ref('stg_cells') }} c
left join {{ ref('stg_sentences') }} s on s.extract = c.extract and s.field = c.field and s.raw_text = c.raw_text
where c.kind = 'segments'
