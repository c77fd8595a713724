-- Procedure texts → Brisbane 2000 terms (HPB 2000;2:333), liver resection or not, extent by the published series:
-- major is a sectionectomy, hemihepatectomy or trisectionectomy, minor a partial resection or segmentectomy; of
-- several procedures the largest. Words for the access and lists of segments are set aside; every remaining part has to
-- be on the list as a whole, never as a substring ("caudate lobectomy" is no lobectomy, "راست‌روده" no right side).
-- Odd: a text with a part that no list knows counts as a liver resection of unknown extent (dictionary §3), even
-- beside a known procedure, for the unknown words might change it. An own phrase of the hospital stands for a term of
-- the list, comes before it, and is not taken apart.
-- One row per procedure field and delivered text.
{% set segment = '(?:[1-8][ab]?|iv[ab]?|i{1,3}|vi{1,3}|v)' %}
{% set segment_word = '(?:couinaud )?(?:segments|segment|segs|seg|sg|سگمان|سگمنت)[.:]?' %}
{% set segment_joint = '[ ]*(?:,|;|and|&|-|/|[+]|و)[ ]*' %}
with cells as (

    select * from {{ ref('stg_cells') }} where kind = 'procedure'

),

cleaned as (

    select *,
        {{ replace_patterns("' ' || text || ' '", [
            ('[()\[\]]', ' '),
            ('(totally |total |pure |hand[- ]assisted )?(laparoscopically|laparoscopic|laparoscopy|robotic|robot|lap[.]?|open)([- ]assisted)? ', ' '),
            ('(لاپاراسکوپیک|رباتیک|به روش باز|جراحی باز) ?', ' '),
            ('[ ]*[x×*][ ]*[0-9]+ ', ' '),
            (' (for|of|due to) (crlm|colorectal liver metastas[ie]s|liver metastas[ie]s|metastas[ie]s|the liver|liver) ', ' '),
            (' ' ~ segment_word ~ '[ ]*' ~ segment ~ '(' ~ segment_joint ~ '(' ~ segment_word ~ ')?[ ]*' ~ segment ~ ')* resection ', ' segmentectomy '),
            (' (of |in |from |on )?(the )?(' ~ segment_word ~ '|s)[ ]*' ~ segment ~ '(' ~ segment_joint ~ '(' ~ segment_word ~ '|s)?[ ]*' ~ segment ~ ')*[ ]*([,;.+&] | )', ' \\6'),
            ('(segmentectomy|segmentectomies|سگمنتکتومی)[ ]*' ~ segment ~ '(' ~ segment_joint ~ segment ~ ')*[ ]*([,;.+&] | )', ' segmentectomy \\3'),
        ]) }} as cleaned_text
    from cells
    where missing_reason is null

),

parts as (

    select extract, field, raw_text, trim(regexp_replace(part, '[ .:]+$', '')) as part, part_number
    from cleaned
    {{ unnest_list("case when is_own_phrase then [text] else string_split(regexp_replace(cleaned_text, '( and | with | plus | و |[+;,&/]|[.] )', ';', 'g'), ';') end", 'part', 'part_number') }}
    where trim(part) not in ('', '.')

),

own_phrases as (

    select w.extract, w.field, w.phrase, t.*
    from {{ ref('stg_own_phrases') }} w
    inner join (
        select distinct term, extent, is_liver_resection, missing_reason from {{ ref('hepatectomy_procedures') }}
    ) t on coalesce(t.term, t.missing_reason) = w.value

),

looked_up as (

    {% set own_first = 'case when w.phrase is not null then w.{0} else l.{0} end' %}
    select
        p.*,
        coalesce(w.phrase, l.phrase) is not null as is_known,
        {{ own_first.format('term') }} as term,
        {{ own_first.format('is_liver_resection') }} as is_liver_resection,
        nullif({{ own_first.format('extent') }}, '') as extent,
        nullif({{ own_first.format('missing_reason') }}, '') as missing_reason
    from parts p
    left join own_phrases w on w.extract = p.extract and w.field = p.field and w.phrase = p.part
    left join {{ ref('hepatectomy_procedures') }} l on {{ normalize_text('l.phrase') }} = p.part

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
        bool_or(missing_reason is not null) as names_unclear,
        string_agg(term, ' + ' order by part_number) filter (nullif(term, '') is not null) as terms
    from looked_up
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
        end as extent
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
    end as missing_reason
from judged
