-- What the comment of a pathology report states of the fields that it is read for: the statements about a field, as though
-- they had been delivered in its column. The models of the readings judge them like any text and leave what is not plain.
-- A sentence ends with a semicolon, a line or a full stop, and commas part it. A part in which a phrase of the seed
-- `comment_labels` stands (the longest, where they overlap) begins a statement about the field of that phrase; a part
-- without one belongs to the statement before it, at the start of a sentence to the one after it, so that "margin free,
-- 3 mm" and "in segment 6, margin 2 mm" are read as a whole or not at all. A label that only names the field is taken off.
-- A weak label does not say of what it speaks ("grade 2", "size 4 cm"): it is left where the comment speaks of something
-- else that has one ("fibrosis"), or where the sentence before it names no field ("Portal vein. Size 12 mm").
-- A label may be a value by itself ("R0", "partial response"), a code only where it stands alone ("L0 V0": alone each).
-- What is no field's ("no fibrosis") begins a statement too, that it may not belong to the one before it.
-- Odd: a comment that speaks of another time, organ or means ("previous", "colon", "CT") states nothing. A bare label
-- ("LVI, PNI absent") leaves its field unread, and a percent of viable tumor needs its sign or a denial. Statements that differ conflict
-- where a column would be read as the worse of them.
-- One row per delivered comment and field that it names.
{% set code = '(l[01x]|v[0-2x]|pn[01x]|r[0-2x]|g[1-4x])' %}
{% set codes = '\\b' ~ code ~ '[ ,/]*' ~ code ~ '\\b' %}
with comments as (

    select *, {{ words_of('text') }} as words
    from (
        -- "Background liver: mild steatosis" says no more than its last two words, a slash or bar between blanks parts
        -- statements, and a minus behind an abbreviation denies it.
        select raw_text, row_count, {{ replace_patterns('normal_text', [
            ('(?:(?:background|non.?neoplastic|non.?tumor(?:al|ous)?|adjacent|surrounding|uninvolved|remaining|remainder of|rest of)(?: the)?(?: (?:liver|hepatic))?|liver|hepatic)(?: parenchyma| tissue)?(?: away from (?:the )?(?:tumor|lesion|metastasis))?(?: shows?| with| demonstrates?| exhibits?| displays?| has| contains?|:)? ((?:[0-9.-]+ ?% )?(?:[a-z]+ ){0,3}(?:macro)?(?:steatosis|fatty change))', '\\1'),
            (' [/|] ', '; '),
            ('\\b(lvi|lvsi|pni)(?:-| ?[(]-[)])([ .,;/]|$)', '\\1 absent\\2'), ('\\b(lvi|lvsi|pni):? -([.,;/]|$)', '\\1 absent\\2'),
            ('\\b(absent|present|identified|seen|negative|positive) and (lvi|pni|(?:lymphovascular|perineural) invasion)\\b', '\\1; \\2'), ('(^|[.;] )(?:an? |the )?(?:mass|lesion|nodule) (measuring|measures)\\b', '\\1tumor \\2'), ('\\bboth (lvi|lymphovascular|pni|perineural)\\b', '\\1'), ('\\b(?:minimum|minimal) distance\\b', 'closest distance'), ('\\btumor (?:diameter|dimensions?)\\b', 'tumor size'), ('\\badenocarcinoma,? (grade (?:[1-4]|i{1,3}))\\b', '\\1 adenocarcinoma'), ('تهاجم به عروق', 'تهاجم عروقی'), ('سایز (تومور|توده|ضایعه|بزرگ)', 'اندازه \\1'),
            ('\\blvi ?/ ?pni\\b', 'lymphovascular or perineural invasion'), ('\\b(?:with|showing) (?:lvi|lymphovascular invasion) and (?:pni|perineural invasion)\\b', '; lymphovascular and perineural invasion present'), ('\\b(?:with|showing) (lvi|pni|(?:lymphovascular|perineural) invasion)([ .,;]|$)', '; \\1 present\\2'),
            ('\\b(well|moderately|mod|poorly)[. ]+diff(?:[.]|erentiated\\b)', '\\1 differentiated'), ('(^|[.;,] )tumor: ?([0-9])', '\\1tumor size \\2'), ('(differentiated(?: adenoca(?:rcinoma)?)?|\\bg[1-4]), ([0-9.]+(?: ?x ?[0-9.]+)* ?(?:cm|mm))([,;.]|$)', '\\1; tumor size \\2\\3'),
            ('\\bmax(?:imum|imal|[.])? (diameter|dimension)\\b', 'greatest \\1'), (' and (?:is )?(?:located |situated |lies )?([0-9.]+ ?(?:mm|cm) (?:away )?from )', '; \\1'),
            (' (?:and|with) ((?:(?:mild|moderate|severe|marked|focal|minimal|patchy|portal|lobular|periportal|chronic) )*(?:inflammation|fibrosis|cholestasis|sinusoidal dilatation))\\b', '; \\1'),
            ('(?:تهاجم|درگیری|ای?نوازیون) (?:لنفو ?واسکولار|عروقی لنفاوی|لنفاوی عروقی|عروقی) (?:و|یا) (?:تهاجم )?(?:به )?(?:پری ?نورال|عصبی|اعصاب|عصب|دور عصب)', 'lymphovascular and perineural invasion'),
            ('\\bneither (?:lymphovascular|vascular|lvi)(?: invasion)? nor (?:perineural invasion|perineural|pni)(?: invasion)?', 'no lymphovascular or perineural invasion'),
            ('(^|[^a-z])(?:vascular|lymphatic/vascular)( invasion)? (or|and|nor) (perineural invasion)', '\\1lymphovascular\\2 \\3 \\4'),
        ]) }} as text
        from (
            select comment as raw_text, {{ normalize_text('comment') }} as normal_text, count(*) as row_count
            from {{ source('raw', 'pathology') }}
            where closed_by_extract_id is null and comment is not null
            group by comment
        )
    )

),

labels as (

    select {{ words_of(normalize_text('phrase')) }} as phrase, nullif(field, '') as field, value from {{ ref('comment_labels') }}

),

elsewhere as (

    select distinct c.raw_text, l.field
    from comments c
    inner join labels l on l.value = 'other' and contains(c.words, l.phrase)

),

sentences as (

    -- A sentence that begins with a number goes on with the one before it: "Margin free. 0.5 mm".
    select raw_text, sentence_number, sentence
    from comments
    {{ unnest_list("string_split(regexp_replace(regexp_replace(text, '[.;]+ +(?:(?:closest|nearest|minimum) )?(?:(?:distance|at|by|closest|nearest)(?: of| is| at|:)? )?([<>~=]* *[0-9][0-9.,]* ?(?:[x-] ?[0-9.]+ ?)*(?:mm|cm|%|میلی|سانتی|percent|درصد))', ', \\1', 'g'), '[.]( |$)', ';', 'g'), ';')", 'sentence', 'sentence_number') }}
    where raw_text not in (select raw_text from elsewhere where field is null)

),

parts as (

    -- Codes that stand side by side are parts: "L0 V0 Pn1 R0".
    select raw_text, sentence_number, part_number, trim(part) as part
    from (select * replace ({{ replace_patterns('sentence', [(codes, '\\1; \\2'), (codes, '\\1; \\2')]) }} as sentence) from sentences)
    {{ unnest_list("string_split(regexp_replace(sentence, ',([^0-9]|$)', ';\\1', 'g'), ';')", 'part', 'part_number') }}
    where trim(part) <> ''

),

labeled as (

    select p.part, l.phrase, l.field, l.value
    from (select part, {{ words_of('part') }} as words from (select distinct part from parts)) p
    inner join labels l
        on (l.value in ('name', 'weak', 'part', 'answer', 'aside') and contains(p.words, l.phrase)) or (l.value in ('heading', 'code') and p.words = l.phrase)

),

longest as (

    select *
    from labeled l
    where not exists (
        select 1 from labeled o where o.part = l.part and length(o.phrase) > length(l.phrase) and contains(o.phrase, l.phrase)
    )

),

numbered as (

    select *,
        greatest(count(*) filter (is_labeled) over (
            partition by raw_text, sentence_number order by part_number
        ), 1) as statement_number
    from (select *, part in (select part from longest) as is_labeled from parts)

),

subjects as (

    -- What the sentence before says of a weak label at the start of a sentence.
    select raw_text, sentence_number,
        coalesce(lag(bool_or(is_labeled)) over (partition by raw_text order by sentence_number), true) as follows_label
    from numbered
    group by raw_text, sentence_number

),

statements as (

    select *, {{ words_of('statement') }} as words
    from (
        select
            raw_text, sentence_number, statement_number,
            string_agg(part, '; ' order by part_number) as statement,
            max(part) filter (is_labeled) as labeled_part
        from numbered
        group by raw_text, sentence_number, statement_number
    )

),

named as (

    select
        s.raw_text,
        l.field,
        s.statement,
        max(length(trim(l.phrase))) filter (
            l.value in ('name', 'weak') and starts_with(s.statement, trim(l.phrase)) and starts_with(s.words, l.phrase)
        ) as name_length,
        bool_or(l.value = 'part' and s.words = l.phrase) as is_bare
    from statements s
    inner join subjects b on b.raw_text = s.raw_text and b.sentence_number = s.sentence_number
    inner join longest l on l.part = s.labeled_part and l.field is not null
    left join elsewhere e on e.raw_text = s.raw_text and e.field = l.field
    where l.value not in ('weak', 'code') or (e.field is null and (s.statement_number > 1 or b.follows_label))
    group by s.raw_text, s.sentence_number, s.statement_number, l.field, s.statement

),

bared as (

    select raw_text, field, is_bare,
        case
            when name_length is null then statement
            else regexp_replace(
                regexp_replace(substr(statement, name_length + 1), '^[ :=;]*(- )?((is|are|was|were|measures|measuring|of|comprises?|constitutes?|represents?|occup(?:y|ies)|accounts? for|makes? up|estimated (?:at|as)) )*[ :=]*', ''),
                '([0-9] ?%) of (?:the )?(?:(?:total|entire|overall) )?(?:lesion|tumor|nodule|mass|metastasis)(?: (?:bed|volume|area|mass|surface))?$', '\1'
            )
        end as text
    from named

),

stated as (

    select
        raw_text,
        field,
        string_agg(distinct text, '; ' order by text) as text,
        count(distinct text) as statements,
        bool_or(is_bare or text = '') as any_bare
    from bared
    group by raw_text, field

)

select
    s.raw_text,
    c.row_count,
    s.field,
    s.text,
    case
        when s.any_bare or (s.field = 'viable_tumor_percent' and not regexp_matches(s.text, '[%٪]|percent|درصد|^no |^(?:none|absent|not (?:seen|identified|present))$|^(?:فاقد|بدون) |(?:^| )(?:(?:دیده|مشاهده|یافت) (?:نشد|نگردید)|ندارد)$')) then 'unreadable'
        when s.statements > 1 and s.field in ('tumor_grade', 'tumor_regression', 'steatosis') then 'conflicting'
    end as missing_reason
from stated s
inner join comments c on c.raw_text = s.raw_text
