-- Procedure texts → Brisbane 2000 terms (HPB 2000;2:333), liver resection or not, extent by the published series:
-- major is a sectionectomy, hemihepatectomy or trisectionectomy, minor a partial resection or segmentectomy; of
-- several procedures the largest. Words for the access, the number of wedges and lists of segments are set aside, the other
-- words come into standard spelling (seed standard_words) and alphabetical order; every remaining part has to be on the list
-- with all its words, never as a substring ("caudate lobectomy" is no lobectomy, "راست‌روده" no right side). Words of place
-- are passed over beside a wedge, a metastasectomy or what is no resection of the liver, and there alone.
-- "H5678-MHV" is the New World terminology (Nagino, Ann Surg 2021;274:1); its numbers name a resection where they are one's.
-- Segments beside a named procedure say where, not how much; the bisegmentectomy of a whole section is that
-- sectionectomy, and so is the resection of both written as one thing ("segment II/III resection"). Without a name
-- ("segments 5-8 resection") the extent is known only where they hold no whole section and no range that could mean two or
-- four segments.
-- Odd: a text with a part that no list knows counts as a liver resection of unknown extent (dictionary §3), even
-- beside a known procedure, for the unknown words might change it. A two-stage hepatectomy or ALPPS is a liver resection
-- whose extent is that of the procedure named beside it.
-- Couinaud segments, for the other rule of extent: those of the code list; those named with a segmentectomy or with the
-- word resection; a wedge takes none. `segments_low` is what was surely resected, and `segments_missing_reason` is null
-- exactly when nothing else was. A side that is not named leaves the list open, yet not that at least `fewest_segments`
-- were resected.
-- Beside a resection of the bowel a bare "left lateral" is the section; beside a wedge it says where.
-- An own phrase of the hospital stands for a term of the list, comes before ours, and as a whole text is not taken apart.
-- One row per procedure field and delivered text.
{% set segment = segment_pattern() %}
{% set segment_word = '(?:couinaud )?(?:segments|segment|segs|seg|sg|سگمان|سگمنت)(?: ?های)?[.:]?[ ]*' %}
{% set segment_list = '§' ~ segment ~ '(?:-?~' ~ segment ~ ')*' %}
{% set sections = {'left lateral sectionectomy': [2, 3], 'right anterior sectionectomy': [5, 8], 'right posterior sectionectomy': [6, 7]} %}
{% set resections_by_number = {
    'right hemihepatectomy': [5, 6, 7, 8], 'left hemihepatectomy': [2, 3, 4], 'right trisectionectomy': [4, 5, 6, 7, 8],
    'left trisectionectomy': [2, 3, 4, 5, 8], 'central hepatectomy': [4, 5, 8]
} %}
{% do resections_by_number.update(sections) %}
{% set named_resection = '(?:(?:(?:extended|right|left|rt|lt)[.]? )+(?:hepat|hemi|tri|post|ant|lat|med|lob|sect)|wedge|multiple|nonanat|non-anat|partial (?:hepat|resect|liver)|atypical|central|caudate|(?:bi|tri)?segmentectom|metastasectom|enucl)' %}
{#- Both segments of a section, written as one thing. -#}
{% set whole_section = '((?:2|ii) ?[-/] ?s?(?:3|iii)|(?:6|vi) ?[-/] ?s?(?:7|vii)|(?:5|v) ?/ ?s?(?:8|viii))' %}
{% set roman = '(?:iv[ab]?|i{1,3}|vi{1,3}|v)' %}
{% set placed_terms = "('wedge resection', 'metastasectomy', 'non-anatomical resection', 'no liver resection')" %}
{% set heads = '(?:hepatectomy|hemihepatectomy|lobectomy|sectionectomy|trisectionectomy|trisegmentectomy|segmentectomy|colectomy|hemicolectomy|portal vein (?:embolization|ligation))' %}
{% set qualifier = '(?:(?:right|left|rt|lt|r|l|extended|posterior|anterior|lateral|medial|minor|major|partial|wedge|segmental)[.]? *)' %}
{% set of_a_segment = '(?:segmentectomy|segmentectomies|segmentektomie|segmentresektion|سگمنتکتومی)(?: های)?' %}
with cells as (

    select * from {{ ref('stg_cells') }} where kind = 'procedure'

),

cleaned as (

    select *,
        {{ replace_patterns("' ' || text || ' '", [
            ('(^ *|[;,+&] *)(?:(?:repeat|redo|second|2nd|third|3rd|laparoscopic|lap[.]?|robotic|open) )*(?:re-?)?(?:hepatectomy|liver resection|hepatic resection) ?[:(] ?(' ~ named_resection ~ ')', '\\1\\2'),
            ('[(\\[] *(h[1-8][^)\\]]*)[)\\]]', ' ; \\1 '),
            ('\\b(liver|hepatic|colon|rectum|primary|procedure|operation|surgery|staged) *: ', ' '),
            ('^ *1[.)] +([^0-9].*?)[ ;,.]+2[.)] +', ' \\1 ; '),
            ('\\bw(/ ?| )', 'with '), ('\\bmodified alpps\\b', 'alpps'), ('\\by-?90\\b', 'y90'), ('\\bex[- ]?lap\\b', 'exploratory laparotomy'), ('\\bbx\\b', 'biopsy'), ('\\b(?:preserving|preservation)\\b', 'sparing'),
            (',? (?:after|following|post|s/p|status post) (?:(?:right|left|rt|lt|previous|prior|preop|neoadjuvant|induction|cycles? of|[0-9]+) )*(?:pve|portal vein embolization|lvd|chemotherapy|chemo|nact|nac|folfox|xelox|capox|folfiri|downstaging) *($|[;,+&])', ' \\1'),
            ('\\bexcisions? (?:biopsy )?of (?:[0-9]+|two|three|four|multiple|several) (?:(?:small|superficial|liver|hepatic|colorectal) )*(?:mets?|metastas[ie]s|lesions?|nodules?|tumors?)\\b', 'metastasectomy'),
            ('\\b(exploratory|staging|diagnostic) lap[.]? ', '\\1 laparoscopy '), ('\\bre-?lap[.]? ', 'relaparotomy '), ('\\blap[.]? chole\\b', 'cholecystectomy'),
            ('[(] *(' ~ roman ~ '(?: */ *' ~ roman ~ ')+) *[)]', ' segments \\1 '),
            (',( (?:multiple|bilobar|bilateral|both lobes|(?:right|left) lobe))(?: *([;,+&])| *$)', '\\1 \\2'),
            ('[(] *((?:' ~ segment ~ ')(?: *(?:-|,|;|&|[+]|/| and ) *(?:' ~ segment ~ '))+) *[)]', ' segments \\1 '),
            ('[()\\[\\]]', ' '),
            ('\\b(simultaneous|synchronous|combined) (liver )?(resection|surgery|operation) *: ', ' '),
            (':', ';'),
            both_parts_of_segment_4(), ('\\b(4|iv) [ab]\\b', '\\1'),
            ('\\btotal (right|left|rt|lt)\\b', '\\1'), ('(^ *|[;,+&] *)resection, ?liver\\b', '\\1liver resection'),
            ('\\b(hepatectomy|liver resection|hepatic resection) ?[,;-]? ?(right lobe|left lateral (?:segment|section))(?: of liver)? *($|[;,+&])', '\\2 \\1 \\3'),
            ('\\b(rt|right|r|lt|left|l)[. ]+(post|ant|lat|med)[.]? (sect|segment|hepat)', '\\1 \\2_ \\3'),
            ('\\bpost_', 'posterior'), ('\\bant_', 'anterior'), ('\\blat_', 'lateral'), ('\\bmed_', 'medial'),
            ('\\b(rt|lt|r|l|ext|ant|lat|med|mult)[.]', '\\1 '),
            ('\\b(hemi|bi|tri|sub|mono|meso|non)[- ]+(hepat|seg|sect|colect|anatom)', '\\1\\2'),
            ('(همی|تری|بای|بی|ساب|غیر) (هپات|سگم|سکش|سکس|سکت|کولکت|آناتوم)', '\\1\\2'),
            ('راست روده', 'رکتوم'),
            ('\\b(right|left)(hepatect|hemihep|lobect)', '\\1 \\2'),
            ('\\bre-? ?(hepatect|resect)', '\\1'),
            ('\\b(inferior vena cava|vena cava)\\b', 'ivc'),
            ('\\bda vinci\\b', 'davinci'),
            ('\\b(anterior|posterior) approach\\b', ' '),
            ('\\bextended (to|into|onto|by) ', '; '),
            ('\\b(right|left) (lobes? )?and (right|left) ', 'bilobar '),
            ('ectomy-([a-z])', 'ectomy - \\1'),
            ] + 2 * [
            ('([;,+&] *|^ *)((?:hepatic |liver )?(?:' ~ heads ~ '|liver resection|hepatic resection)) ?(?:,|-|;) ?(' ~ qualifier ~ '+)(?:x ?[0-9]+ *)?([;,+&]|$)', '\\1\\3 \\2 \\4'),
            ] + [
            ('\\bopen[ /&-]+(and )?closed? ', 'exploration '),
            ('(laparoscopic |robotic )?(converted|conversion) (to|from) (open|laparotomy|laparoscopic|laparoscopy|lap|robotic) |\\bconverted (laparoscopic|lap[.]?|robotic) ', ' '),
            ('\\b(totally |total |pure |hand[- ]assisted )?(laparoscopically|laparoscopic|robotically|robotic|robot|lap[.]?|open)([- ]assisted)? ', ' '),
            ('\\b(laparoscopy[- ]assisted|(by|via) (laparoscopy|robot)|llr)\\b', ' '),
            ('(لاپاراسکوپیک|رباتیک|به روش باز|جراحی باز) ?', ' '),
            ('\\b(first|second|1st|2nd)[- ]stage( of)?\\b|\\bstage (1|2|i|ii|one|two)\\b( of)?', ' '),
            ('\\b(two|2)[- ]staged?( hepatectomy| liver resection)?|\\btsh\\b', 'two-stage hepatectomy; '),
            ('\\b(mini[- ]?)?alpps(?:[- ]?(?:[12]|i{1,2}))?\\b', 'alpps; '),
            ('[ ]*\\b[x*][ ]*[0-9]+\\b|\\b[0-9]+[ ]*x\\b|\\bn[ ]*=[ ]*[0-9]+\\b', ' '),
            ('\\b(two|three|four|five|multiple|several|[2-9]) (wedge|metastasectom|non)', '\\2'),
            ('\\b(colectomy|hemicolectomy|sigmoidectomy|lar|apr|(?:colon|bowel|anterior|abdominoperineal|sigmoid|rectal) resection) *([+&,/]|and|with) *(?:left|lt|l) lat(?:eral)?( section| segments?)? *($|[;+&,])', '\\1 \\2 left lateral sectionectomy \\4'),
            ('^ *(?:left|lt|l) lat(?:eral)?( section| segments?)? *([+&,/]|and|with) *((?:(?:right|left|sigmoid|total|low|anterior) )*(?:colectomy|hemicolectomy|sigmoidectomy|lar|apr|anterior resection)) ', ' left lateral sectionectomy \\2 \\3 '),
            ('(^ *|[;,+&] *)(?:liver |hepatic )?' ~ qualifier ~ '*(?:' ~ heads ~ '|liver resection|wedge resection|metastasectomy) (?:was )?not (?:performed|done|carried out|possible|feasible|undertaken)\\b', '\\1exploration '),
            ('(^ *[2-9]|\\b(?:two|three|four|five|six)) (segmentectomies|subsegmentectomies|bisegmentectomies)', '\\2'),
            (' (for|of|due to) (crlm|colorectal liver metastas[ie]s|liver metastas[ie]s|metastas[ie]s|the liver|liver) ', ' '),
        ]) }} as bare_text
    from cells
    where missing_reason is null

),

with_segments as (

    -- A list of segments becomes one word, so that its commas part nothing: "segments 2, 3 and 6" → §2~3~6, and a range
    -- keeps its dash: "segments 5-8" → §5-~8.
    {% set joints = [] %}
    {% set digits = [] %}
    {% for digit in range(7) %}
    {% do digits.append(('(§(?:[1-8][ab]?~)*[1-8][ab]?)([1-8])', '\\1~\\2')) %}
    {% endfor %}
    {% for joint in range(7) %}
    {% do joints.append(('(' ~ segment_list ~ ')[ ]*(?:(-)|,|;|and|&|/|[+]|و)[ ]*§?(' ~ segment ~ ')\\b', '\\1\\2~\\3')) %}
    {% endfor %}
    select *,
        {{ replace_patterns('bare_text', [
            ('\\b(h(?:[1-8][ab]?)+)(?:-(?:[mrl]hv|b|c|pv|ivc|bd|v|a))+\\b', '\\1'),
            ('(^ *|[;,+&] *| (?:and|with|plus) )(?:(?:liver|hepatic|anatomic|anatomical) )*resection (?:of )?(?:' ~ segment_word ~ '|s)' ~ whole_section ~ '($|[ ;,+&.])', '\\1bisegmentectomy segments \\2 \\3'),
            ('(^ *|[;,+&] *| (?:and|with|plus) )(?:' ~ segment_word ~ '|s)' ~ whole_section ~ ' (?:(?:liver|hepatic|anatomic|anatomical) )*resection($|[ ;,+&.])', '\\1bisegmentectomy segments \\2 \\3'),
            ('(^ *|[;,+] *)((?:iv[ab]?|vi{1,3}|v|[1-8][ab])|' ~ segment ~ '(?: ?[-/&+] ?' ~ segment ~ ')+) (resection|segmentectomy|bisegmentectomy)\\b', '\\1segment \\2 \\3'),
            ("\\bh[1-8][ab]?(''|’|′)+", 'wedge resection'),
            ('\\bh((?:[1-8][ab]?)+) ', ' numbered §\\1 '),
            ('\\bh((?:[1-8][ab]?)+) *([,;+&/])', ' numbered §\\1 \\2'),
        ] + digits + [
            ('(' ~ of_a_segment ~ ')[ ]+(?:of )?(' ~ segment ~ ')\\b', '\\1 §\\2'),
            ('(?:' ~ segment_word ~ '|\\bs[. ]*)(' ~ segment ~ ')\\b', '§\\1'),
        ] + joints + [('\\b(wedges?|wedge resections?|metastasectom(?:y|ies)|enucleations?|rfa|mwa|ablations?) ?[,:] ?(§' ~ segment ~ '(?:~' ~ segment ~ ')*) *($|[;,+&])', '\\1 \\2\\3')]) }} as marked_text
    from cleaned

),

parts as (

    select
        extract, field, raw_text, part_number,
        trim({{ replace_patterns('part', [
            ('\\b((of|in|from|on|at|to) )?(the )?' ~ segment_list, ' '),
            (segment_list, ' '),
            (' +', ' '),
            ('[ .:]+$', ''),
        ]) }}) as name,
        regexp_extract_all(part, '{{ segment_list }}') as lists
    from with_segments
    {{ unnest_list("case when is_own_phrase then [text] else string_split(regexp_replace(marked_text, '( - | and | with | und | mit | et | plus | incl[.]? | including | followed by | then | و | به همراه | همراه با |[+;,&/|]|[.] )', ';', 'g'), ';') end", 'part', 'part_number') }}
    where trim(part) not in ('', '.')

),

texts_named as (

    -- What stands in a part and what a phrase is, to be compared word by word.
    select 'hepatectomy_procedures' as vocabulary, name as text from parts
    union
    select 'hepatectomy_procedures', {{ normalize_text('phrase') }} from {{ ref('hepatectomy_procedures') }}

),

{{ standard_words('texts_named', alphabetical=true) }},

located as (

    select
        p.*,
        coalesce(w.words, '') as words,
        coalesce(w.words_without_place, '') as words_without_place,
        {{ segment_numbers("array_to_string(p.lists, '~')") }} as segments,
        -- A dash between neighbors leaves nothing open.
        regexp_replace(
            array_to_string(p.lists, '~'),
            '\b({% for n in range(1, 8) %}{{ n }}[ab]?-~{{ n + 1 }}[ab]?|{% endfor %}i-~ii|ii-~iii|iii-~iv[ab]?|iv[ab]?-~v|v-~vi|vi-~vii|vii-~viii)\b', '', 'g'
        ) like '%-~%' as is_open_range
    from parts p
    left join worded w on w.text = p.name

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
            -- A lesion of the right lobe, or the lobe?
            when words = 'lobe resection right'
                and regexp_matches(name, '\b(lesions?|tumou?rs?|nodules?|mets?|metastas[ie]s|crlm)\b|توده|ضایعه|متاستاز') then 'lobe resection'
            -- The middle lobe is one of the lung.
            when regexp_matches(name, '\bmiddle lobe\b') then 'lobe resection'
            when len(segments) = 0 then words
            {% for term, numbers in resections_by_number.items() %}
            when words = 'numbered' and list_filter(segments, lambda n: n > 1) = {{ numbers }} then '{{ term.split() | sort | join(' ') }}'
            {% endfor %}
            when words = 'numbered' and not may_be_a_section and not list_contains(segments, 4) then 'segmentectomy'
            {% for section, pair in sections.items() %}
            when words = 'bisegmentectomy' and len(segments) = 2 and list_has_all(segments, {{ pair }}) then '{{ section.split() | sort | join(' ') }}'
            {% endfor %}
            when words = 'bisegmentectomy' and len(segments) > 2 and may_be_a_section then 'resection'
            when words = 'segmentectomy' and is_open_range then 'resection'
            when words = 'resection' and not may_be_a_section then 'segmentectomy'
            else words
        end as phrase
    from sectioned

),

code_list as (

    -- The code list by its words; spellings that are one there mean one thing.
    select
        w.words,
        min(l.term) as term, min(l.segments) as segments, min(l.fewest_segments) as fewest_segments, min(l.extent) as extent,
        bool_or(l.is_liver_resection) as is_liver_resection, min(l.missing_reason) as missing_reason
    from {{ ref('hepatectomy_procedures') }} l
    inner join worded w on w.text = {{ normalize_text('l.phrase') }}
    group by w.words
    having count(distinct concat_ws(';', l.term, l.extent, l.is_liver_resection, l.segments, l.fewest_segments)) = 1

),

own_phrases as (

    -- Each with a phrase of ours for its term.
    select o.extract, o.field, o.phrase, min(w.words) as our_words
    from {{ ref('stg_own_phrases') }} o
    inner join {{ ref('hepatectomy_procedures') }} t on t.term = o.value
    inner join worded w on w.text = {{ normalize_text('t.phrase') }}
    group by o.extract, o.field, o.phrase

),

looked_up as (

    select
        p.extract, p.field, p.raw_text, p.part_number,
        case
            -- Nothing but words that say nothing.
            when p.words = '' and len(p.segments) = 0 and o.phrase is null then null
            -- Segments of the liver are no place for a colectomy.
            else (l.words is not null and not (l.term = 'colorectal resection' and len(p.segments) > 0)) or p.words = ''
        end as is_known,
        l.term,
        -- Segments alone name no procedure, but where one was done it was on the liver.
        l.is_liver_resection or (p.words = '' and len(p.segments) > 0) as is_liver_resection,
        nullif(l.extent, '') as extent,
        nullif(l.missing_reason, '') is not null or (p.words = '' and p.may_be_a_section) as is_unclear,
        p.segments as segments_in_text,
        p.may_be_a_section,
        p.words = '' and len(p.segments) > 0 as is_place,
        p.is_open_range,
        case when p.words = 'numbered' then null else nullif(l.segments, '') end as segments_of_name,
        cast(nullif(l.fewest_segments, '') as integer) as fewest_segments,
        len(p.segments) > 0 and (l.extent <> '' or p.words in ('resection', 'segmentectomy')) as takes_those_in_text
    from named p
    left join own_phrases o on o.extract = p.extract and o.field = p.field and o.phrase = p.name
    left join code_list whole on whole.words = p.phrase
    left join code_list placed on placed.words = p.words_without_place and placed.term in {{ placed_terms }}
    left join code_list l on l.words = coalesce(o.our_words, whole.words, placed.words)

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
        -- "Not resected" beside a resection is a contradiction.
        bool_and(is_known) and not (bool_or(coalesce(term, '') = 'not resected') and bool_or(coalesce(is_liver_resection, false))) as is_known,
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

),

by_lists as (

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

),

by_sentence as (

    -- A sentence comes to a phrase of the code list.
    select
        s.extract, s.field, s.raw_text, l.term, l.is_liver_resection,
        case when l.is_liver_resection then nullif(l.extent, '') end as extent,
        case when coalesce(l.segments, '') in ('', 'none') then cast([] as integer[]) else {{ segment_numbers('l.segments') }} end as segments,
        cast(nullif(l.fewest_segments, '') as integer) as fewest_segments,
        coalesce(l.segments, '') = 'none' as is_part,
        coalesce(l.segments, '') = '' as leaves_segments_open,
        case when not l.is_liver_resection then 'not_applicable' when nullif(l.extent, '') is null then 'unreadable' end as missing_reason
    from {{ ref('stg_sentences') }} s
    inner join {{ ref('hepatectomy_procedures') }} l on l.phrase = s.value

)

{{ or_by_sentence('by_lists', {
    'procedure_term': 's.term',
    'is_liver_resection': 's.is_liver_resection',
    'extent': 's.extent',
    'segments_low': 'case when s.is_liver_resection then s.segments end',
    'fewest_segments': 'case when s.is_liver_resection then greatest(len(s.segments), coalesce(s.fewest_segments, 0)) end',
    'takes_part_of_a_segment': 's.is_liver_resection and s.is_part',
    'segments_missing_reason': "case when not s.is_liver_resection then 'not_applicable' when s.leaves_segments_open then 'imprecise' end",
}, 'by_sentence') }}
