-- Procedure texts → Brisbane 2000 terms (HPB 2000;2:333), liver resection or not, extent by the published series:
-- major is a sectionectomy, hemihepatectomy or trisectionectomy, minor a partial resection or segmentectomy; of
-- several procedures the largest. A text that is a phrase of the code list as a whole is that; any other is read part by
-- part (reading/fields/procedures.py) and comes to phrases of the code list: every part has to be understood with all its
-- words ("caudate lobectomy" is no lobectomy, "راست‌روده" no right side).
-- Odd: a text with a part that is not understood counts as a liver resection of unknown extent (dictionary §3), even
-- beside a known procedure, for the unknown words might change it. A two-stage hepatectomy or ALPPS is a liver resection
-- whose extent is that of the procedure named beside it.
-- Couinaud segments, for the other rule of extent: those of the code list, or those that a text names with a segmentectomy or
-- with the word resection; a wedge takes none. `segments_low` is what was surely resected, and `segments_missing_reason` is
-- null exactly when nothing else was. A side that is not named leaves the list open, yet not that at least
-- `fewest_segments` were resected.
-- An own phrase of the hospital stands for a term of the list, and comes before ours.
-- One row per procedure field and delivered text.
with cells as (

    select * from {{ ref('stg_cells') }} where kind = 'procedure'

),

code_list as (

    select
        {{ normalize_phrase('phrase') }} as phrase,
        nullif(term, '') as term,
        nullif(segments, '') as segments,
        cast(nullif(fewest_segments, '') as integer) as fewest_segments,
        nullif(extent, '') as extent,
        is_liver_resection,
        nullif(missing_reason, '') is not null as is_unclear
    from {{ ref('hepatectomy_procedures') }}

),

phrases as (

    -- The phrases of the code list that a text comes to, in its order.
    select c.extract, c.field, c.raw_text, 1 as place, coalesce(v.phrase, l.phrase) as phrase, null as segments, null as segments_at_most
    from cells c
    left join {{ ref('stg_own_phrases') }} o on o.extract = c.extract and o.field = c.field and o.phrase = {{ bare_text('c.text') }}
    left join {{ ref('list_values') }} v on v.vocabulary = o.our_list and v.value = o.value
    left join code_list l on l.phrase = {{ bare_text('c.text') }}
    where c.missing_reason is null and coalesce(v.phrase, l.phrase) is not null
    union all
    select s.extract, s.field, s.raw_text, place, phrase, s.segments, s.segments_at_most
    from {{ ref('stg_sentences') }} s
    {{ unnest_list("string_split(s.value, ' + ')", 'phrase', 'place') }}
    inner join cells c on c.extract = s.extract and c.field = s.field and c.raw_text = s.raw_text
    where not exists (select 1 from code_list l where l.phrase = {{ bare_text('c.text') }})

),

texts as (

    select
        p.extract,
        p.field,
        p.raw_text,
        string_agg(l.term, ' + ' order by p.place) as terms,
        bool_or(l.is_liver_resection) as is_liver_resection,
        bool_or(l.extent = 'major') as names_major,
        bool_or(l.extent = 'minor') as names_minor,
        bool_or(l.is_unclear) as names_unclear,
        -- What a sentence takes it tells itself, a phrase that is the whole text by the code list.
        coalesce(
            any_value(p.segments),
            any_value(case when l.segments = 'none' then [] else cast(string_split(l.segments, ',') as integer[]) end), []
        ) as segments_low,
        any_value(p.segments_at_most) is null and (any_value(p.segments) is not null or any_value(l.segments) is null) as leaves_segments_open,
        max(l.fewest_segments) as fewest_segments,
        coalesce(bool_or(l.is_liver_resection and l.segments = 'none' and l.extent is not null), false) as takes_part_of_a_segment
    from phrases p
    inner join code_list l on l.phrase = p.phrase
    group by p.extract, p.field, p.raw_text

),

judged as (

    select
        c.*,
        t.raw_text is not null as is_known,
        t.terms,
        coalesce(t.is_liver_resection, true) as is_liver_resection,
        case when t.names_major then 'major' when t.names_unclear then null when t.names_minor then 'minor' end as extent,
        t.segments_low,
        t.leaves_segments_open,
        t.fewest_segments,
        t.takes_part_of_a_segment
    from cells c
    left join texts t on t.extract = c.extract and t.field = c.field and t.raw_text = c.raw_text

)

select
    extract,
    field,
    raw_text,
    row_count,
    text,
    terms as procedure_term,
    is_liver_resection,
    case when is_liver_resection then extent end as extent,
    case
        when missing_reason is not null then missing_reason
        when is_liver_resection and extent is not null then null
        when is_missing_word and not is_known then 'not_reported'
        when not is_liver_resection then 'not_applicable'
        else 'unreadable'
    end as missing_reason,
    case when is_known and is_liver_resection then segments_low end as segments_low,
    case when is_known and is_liver_resection then greatest(len(segments_low), coalesce(fewest_segments, 0)) end as fewest_segments,
    is_known and is_liver_resection and takes_part_of_a_segment as takes_part_of_a_segment,
    case
        when missing_reason is not null then missing_reason
        when is_missing_word and not is_known then 'not_reported'
        when not is_liver_resection then 'not_applicable'
        when not is_known then 'unreadable'
        when leaves_segments_open or (extent is null and len(segments_low) = 0) then 'imprecise'
    end as segments_missing_reason
from judged
