-- Procedure texts → Brisbane 2000 terms (HPB 2000;2:333), liver resection or not, extent by the published series:
-- major is a sectionectomy, hemihepatectomy or trisectionectomy, minor a partial resection or segmentectomy; of
-- several procedures the largest. Words for the access, the number of wedges and lists of segments are set aside; every
-- remaining part has to be on the list as a whole, never as a substring ("caudate lobectomy" is no lobectomy,
-- "راست‌روده" no right side).
-- Segments beside a named procedure say where, not how much; the bisegmentectomy of a whole section is that
-- sectionectomy. Without a name ("segments 5-8 resection") the extent is known only where they hold no whole section and
-- no range that could mean two or four segments.
-- Odd: a text with a part that no list knows counts as a liver resection of unknown extent (dictionary §3), even
-- beside a known procedure, for the unknown words might change it. A two-stage hepatectomy or ALPPS is a liver resection
-- whose extent is that of the procedure named beside it.
-- Couinaud segments, for the other rule of extent: those of the code list; those named with a segmentectomy or with the
-- word resection; a wedge takes none. `segments_low` is what was surely resected, and `segments_missing_reason` is null
-- exactly when nothing else was. A side that is not named leaves the list open, yet not that at least `fewest_segments`
-- were resected.
-- An own phrase of the hospital stands for a term of the list, comes before ours, and as a whole text is not taken apart.
-- One row per procedure field and delivered text.
{% set segment = segment_pattern() %}
{% set segment_word = '(?:couinaud )?(?:segments|segment|segs|seg|sg|سگمان|سگمنت)[.:]?[ ]*' %}
{% set segment_list = '§' ~ segment ~ '(?:-?~' ~ segment ~ ')*' %}
{% set sections = {'left lateral sectionectomy': [2, 3], 'right anterior sectionectomy': [5, 8], 'right posterior sectionectomy': [6, 7]} %}
{% set bare_resection = "('resection', 'liver resection', 'رزکسیون')" %}
{% set segmentectomy = "('segmentectomy', 'segmentectomies', 'سگمنتکتومی')" %}
with cells as (

    select * from {{ ref('stg_cells') }} where kind = 'procedure'

),

cleaned as (

    select *,
        {{ replace_patterns("' ' || text || ' '", [
            ('[()\\[\\]]', ' '),
            (':', ';'),
            both_parts_of_segment_4(),
            ('\\bopen[ /&-]+(and )?closed? ', 'exploration '),
            ('(laparoscopic |robotic )?(converted|conversion) to (open|laparotomy) ', ' '),
            ('\\b(totally |total |pure |hand[- ]assisted )?(laparoscopically|laparoscopic|robotically|robotic|robot|lap[.]?|open)([- ]assisted)? ', ' '),
            ('\\b(laparoscopy[- ]assisted|(by|via) (laparoscopy|robot)|llr)\\b', ' '),
            ('(لاپاراسکوپیک|رباتیک|به روش باز|جراحی باز) ?', ' '),
            ('\\b(first|second|1st|2nd) stage( of)?\\b|\\bstage (1|2|i|ii|one|two)\\b( of)?', ' '),
            ('\\b(two|2)[- ]staged?( hepatectomy| liver resection)?', 'two-stage hepatectomy; '),
            ('\\balpps\\b', 'alpps; '),
            ('[ ]*\\b[x*][ ]*[0-9]+\\b|\\b[0-9]+[ ]*x\\b|\\bn[ ]*=[ ]*[0-9]+\\b', ' '),
            ('\\b(two|three|four|five|multiple|several|[2-9]) (wedge|metastasectom|non)', '\\2'),
            (' (for|of|due to) (crlm|colorectal liver metastas[ie]s|liver metastas[ie]s|metastas[ie]s|the liver|liver) ', ' '),
        ]) }} as bare_text
    from cells
    where missing_reason is null

),

with_segments as (

    -- A list of segments becomes one word, so that its commas part nothing: "segments 2, 3 and 6" → §2~3~6, and a range
    -- keeps its dash: "segments 5-8" → §5-~8.
    {% set joints = [] %}
    {% for joint in range(7) %}
    {% do joints.append(('(' ~ segment_list ~ ')[ ]*(?:(-)|,|;|and|&|/|[+]|و)[ ]*§?(' ~ segment ~ ')\\b', '\\1\\2~\\3')) %}
    {% endfor %}
    select *,
        {{ replace_patterns('bare_text', [
            ('(segmentectomy|segmentectomies|سگمنتکتومی)[ ]+(?:of )?(' ~ segment ~ ')\\b', '\\1 §\\2'),
            ('(?:' ~ segment_word ~ '|\\bs[ ]*)(' ~ segment ~ ')\\b', '§\\1'),
        ] + joints) }} as marked_text
    from cleaned

),

parts as (

    select
        extract, field, raw_text, part_number,
        trim({{ replace_patterns('part', [
            ('\\b((of|in|from|on|at) )?(the )?§[^ ]*', ' '),
            ('§[^ ]*', ' '),
            (' +', ' '),
            ('[ .:]+$', ''),
        ]) }}) as name,
        regexp_extract_all(part, '§([^ ]*)', 1) as lists
    from with_segments
    {{ unnest_list("case when is_own_phrase then [text] else string_split(regexp_replace(marked_text, '( and | with | plus | و |[+;,&/]|[.] )', ';', 'g'), ';') end", 'part', 'part_number') }}
    where trim(part) not in ('', '.')

),

located as (

    select *,
        {{ segment_numbers("array_to_string(lists, '~')") }} as segments,
        -- A dash between neighbors leaves nothing open.
        regexp_replace(
            array_to_string(lists, '~'),
            '\b({% for n in range(1, 8) %}{{ n }}-~{{ n + 1 }}|{% endfor %}i-~ii|ii-~iii|iii-~iv|iv-~v|v-~vi|vi-~vii|vii-~viii)\b', '', 'g'
        ) like '%-~%' as is_open_range
    from parts

),

sectioned as (

    select *,
        is_open_range
        {% for pair in sections.values() %}
        or list_has_all(segments, {{ pair }})
        {% endfor %} as may_be_a_section
    from located

),

named as (

    select *,
        case
            when len(segments) = 0 then name
            {% for section, pair in sections.items() %}
            when name = 'bisegmentectomy' and len(segments) = 2 and list_has_all(segments, {{ pair }}) then '{{ section }}'
            {% endfor %}
            when name = 'bisegmentectomy' and len(segments) > 2 and may_be_a_section then 'resection'
            when name in {{ segmentectomy }} and is_open_range then 'resection'
            when name in {{ bare_resection }} and not may_be_a_section then 'segmentectomy'
            else name
        end as phrase
    from sectioned

),

own_phrases as (

    -- Each with a phrase of ours for its term.
    select w.extract, w.field, w.phrase, t.phrase as our_phrase
    from {{ ref('stg_own_phrases') }} w
    inner join (select term, min(phrase) as phrase from {{ ref('hepatectomy_procedures') }} group by term) t on t.term = w.value

),

looked_up as (

    select
        p.extract, p.field, p.raw_text, p.part_number,
        -- Segments of the liver are no place for a colectomy.
        (l.phrase is not null and not (l.term = 'colorectal resection' and len(p.segments) > 0)) or p.name = '' as is_known,
        l.term,
        -- Segments alone name no procedure, but where one was done it was on the liver.
        l.is_liver_resection or p.name = '' as is_liver_resection,
        nullif(l.extent, '') as extent,
        nullif(l.missing_reason, '') is not null or (p.name = '' and p.may_be_a_section) as is_unclear,
        p.segments as segments_in_text,
        p.may_be_a_section,
        p.name = '' as is_place,
        p.is_open_range,
        nullif(l.segments, '') as segments_of_name,
        cast(nullif(l.fewest_segments, '') as integer) as fewest_segments,
        len(p.segments) > 0 and (l.extent <> '' or p.name in {{ bare_resection }} or p.name in {{ segmentectomy }}) as takes_those_in_text
    from named p
    left join own_phrases w on w.extract = p.extract and w.field = p.field and w.phrase = p.phrase
    left join {{ ref('hepatectomy_procedures') }} l on {{ normalize_text('l.phrase') }} = coalesce({{ normalize_text('w.our_phrase') }}, p.phrase)

),

counted as (

    -- What each part resects of the liver; null where the part does not tell.
    select *,
        is_liver_resection and segments_of_name = 'none' and extent is not null as takes_part_of_a_segment,
        case
            when is_place or not is_liver_resection or segments_of_name = 'none' then cast([] as integer[])
            when segments_of_name is not null then {{ segment_numbers('segments_of_name') }}
            when takes_those_in_text then segments_in_text
        end as segments,
        coalesce(takes_those_in_text and is_open_range, false) and segments_of_name is null as leaves_segments_open
    from looked_up

),

texts as (

    select
        extract,
        field,
        raw_text,
        bool_and(is_known) as is_known,
        bool_or(is_liver_resection) filter (is_known) as names_liver_resection,
        bool_or(extent = 'major') as names_major,
        bool_or(extent = 'minor') as names_minor,
        bool_or(is_unclear) as names_unclear,
        string_agg(term, ' + ' order by part_number) filter (nullif(term, '') is not null) as terms,
        coalesce(list_sort(list_distinct(flatten(list(segments) filter (segments is not null)))), []) as segments_low,
        max(fewest_segments) as fewest_segments,
        coalesce(bool_or(takes_part_of_a_segment), false) as takes_part_of_a_segment,
        bool_or(segments is null or leaves_segments_open) as leaves_segments_open,
        -- A name whose segments are known, or that takes none: the segments beside it may be its place.
        coalesce(bool_or(is_liver_resection and not is_place and (extent is not null or len(segments) > 0)), false) as names_segments,
        coalesce(flatten(list(segments_in_text) filter (is_place)), []) as places,
        coalesce(bool_or(is_place and may_be_a_section), false) as place_may_be_a_section
    from counted
    group by extract, field, raw_text

),

judged as (

    select
        c.*,
        t.terms,
        coalesce(t.is_known, false) as is_known,
        not (coalesce(t.is_known, false) and not coalesce(t.names_liver_resection, false)) as is_liver_resection,
        case
            when not coalesce(t.is_known, false) then null
            when t.names_major then 'major'
            when t.names_unclear then null
            when t.names_minor then 'minor'
        end as extent,
        coalesce(t.is_known, false) and t.names_segments and not t.leaves_segments_open
            -- Segments that stand alone are a place where they lie within what is named, or beside wedges only.
            and (list_has_all(t.segments_low, t.places) or (len(t.segments_low) = 0 and not t.place_may_be_a_section)) as tells_segments,
        coalesce(t.segments_low, []) as segments_low,
        t.fewest_segments,
        coalesce(t.takes_part_of_a_segment, false) as takes_part_of_a_segment
    from cells c
    left join texts t on t.extract = c.extract and t.field = c.field and t.raw_text = c.raw_text

)

select
    extract,
    field,
    raw_text,
    row_count,
    text,
    case when is_known then terms end as procedure_term,
    is_liver_resection,
    extent,
    case
        when extent is not null then null
        when missing_reason is not null then missing_reason
        when is_missing_word then 'not_reported'
        when not is_liver_resection then 'not_applicable'
        else 'unreadable'
    end as missing_reason,
    case when is_known and is_liver_resection then segments_low end as segments_low,
    case when is_known and is_liver_resection then greatest(len(segments_low), coalesce(fewest_segments, 0)) end as fewest_segments,
    is_known and takes_part_of_a_segment as takes_part_of_a_segment,
    case
        when missing_reason is not null then missing_reason
        when is_missing_word then 'not_reported'
        when not is_liver_resection then 'not_applicable'
        when not is_known then 'unreadable'
        when not coalesce(tells_segments, false) then 'imprecise'
    end as segments_missing_reason
from judged
