-- The field of resected Couinaud segments → lists of segments: "5,6", "II, III", "S5 S6", "segments 4a and 4b" (one segment).
-- A set of segments is an interval like a number: `segments_low` is what was surely resected, `segments_high` what may have
-- been. "5-8" may mean two segments or four (dictionary §5), so that 5 and 8 are sure, 6 and 7 possible and the list
-- `imprecise`; a dash between neighbors leaves nothing open, and "5-6-7" is a list.
-- Odd: "none" is the answer that no segment was resected; a text with any other word is unreadable ("part of 6").
-- One row per segments field and delivered text.
{% set segment = segment_pattern() %}
{#- A section of the liver by its name, alone or with its own two segments behind it. -#}
{% set named_sections = [] %}
{% for name, first, second in [
    ('(?:left|lt|l) lateral', '2|ii', '3|iii'), ('(?:right|rt|r) posterior', '6|vi', '7|vii'), ('(?:right|rt|r) anterior', '5|v', '8|viii')
] %}
{% do named_sections.append((
    '^ *' ~ name ~ ' (?:section|sectionectomy|segments?)[ :,;]*(?:(?:s|segments?)? ?(?:' ~ first ~ ') ?(?:[-/,&+]|and) ?s?(?:' ~ second ~ '))? *$',
    ' ' ~ first[0] ~ ',' ~ second[0] ~ ' '
)) %}
{% endfor %}
with cells as (

    select * from {{ ref('stg_cells') }} where kind = 'segments'

),

listed as (

    -- As a list without words: "segments 2 to 4, s6" → "2-4,6".
    select *,
        trim({{ replace_patterns("' ' || text || ' '", [
            ('[()\\[\\]#]', ' '), (' +', ' '),
        ] + named_sections + [
            ('\\b([1-8]) ?(segments|segs|سگمنت|سگمان)', '\\1 ?'),
            ('\\b(couinaud|liver|segments|segment|segm|segs|seg|sg)\\b[.:]?', ' '),
            ('\\bcaudate( lobe)?\\b|لوب (?:دمی|کودیت)', ' 1 '),
            ('\\b(?:segment|seg|sg)([1-8])', ' \\1'),
            ('(سگمان|سگمنت) ?(های|ها)?', ' '),
            ('\\bs[. ]*(' ~ segment ~ ')\\b', ' \\1'),
            both_parts_of_segment_4(), ('\\b(4|iv) [ab]\\b', '\\1'),
            (' *(-|\\bto\\b|\\bthrough\\b| تا ) *', '-'),
            (' *([,;&/+]|\\band\\b|و) *', ','),
            (',+', ','),
        ]) }}, ' ,.') as segment_list
    from cells
    where missing_reason is null and not is_missing_word

),

itemized as (

    select *,
        segment_list in ('none', 'nil', 'no', '0') as is_none,
        replace(segment_list, ' ', ',') as items
    from listed

),

numbered as (

    select *,
        is_none or regexp_full_match(items, '{{ segment }}(-{{ segment }})*(,+{{ segment }}(-{{ segment }})*)*') as is_read,
        case when is_none then [] else {{ segment_numbers('items') }} end as segments_low,
        list_sort(list_distinct(flatten(list_transform(
            string_split(case when is_none then '' else items end, ','),
            lambda item: case
                when regexp_full_match(item, '{{ segment }}-{{ segment }}')
                    then range(list_min({{ segment_numbers('item') }}), list_max({{ segment_numbers('item') }}) + 1)
                else {{ segment_numbers('item') }}
            end
        )))) as segments_high
    from itemized

),

by_lists as (

    select
        c.extract,
        c.field,
        c.raw_text,
        c.row_count,
        c.text,
        cast(case when n.is_read then n.segments_low end as integer[]) as segments_low,
        cast(case when n.is_read then n.segments_high end as integer[]) as segments_high,
        case
            when c.missing_reason is not null then c.missing_reason
            when n.text is null then 'not_reported'
            when not n.is_read then 'unreadable'
            when n.segments_low <> n.segments_high then 'imprecise'
        end as missing_reason
    from cells c
    left join numbered n on n.extract = c.extract and n.field = c.field and n.raw_text = c.raw_text

)

{{ or_by_sentence('by_lists', {'segments_low': "cast(string_split(s.value, ',') as integer[])", 'segments_high': "cast(string_split(s.value, ',') as integer[])"}) }}
