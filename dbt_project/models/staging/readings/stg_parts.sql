-- The parts of a text that are read on their own: separated by ; by brackets, and by . or , before a blank or the end; a
-- regimen and lobes also by + & and "and", a regimen by /; a margin also by a colon, after the word margin and between a
-- word of its status and a number; lymphatic and venous invasion between L0 and V0. A measurement is one part.
-- Odd: "4,5" and "4.5" hold no separator, "free, 3 mm" does. A colon or dash between words is a blank: "LVI: absent".
-- A whole text that is one of the hospital's own phrases is one part.
-- One row per extract, field, delivered text and part.
{% set blanks = [('[ ]*:[ ]*', ' '), ('([^0-9% ]) - ', '\\1 ')] %}
with cells as (

    select * replace ({{ plain_words('text') }} as text)
    from {{ ref('stg_cells') }}
    where kind in ('word', 'margin', 'steatosis', 'regression', 'length', 'count', 'number', 'percent', 'duration')
        and missing_reason is null

),

plain_cells as (

    select * replace ({{ plain_terms('text', 'vocabulary') }} as text) from cells

),

texts as (

    select *,
        case
            when kind not in ('word', 'margin', 'steatosis', 'regression') or is_own_phrase then null
            else regexp_replace(
                case
                    when kind = 'margin' then {{ replace_patterns('text', [
                        (':', ';'),
                        ('\\b(margins?)( is| are| was| were)? (- )?', '\\1;'),
                        ('\\b(r[0-2]|free|clear|neg|negative|uninvolved|involved|pos|positive)[ ,]*(- |by )?((at least |less than |more than |about |approximately )?[<>~=]*[ ]*[0-9])', '\\1;\\3'),
                        ('(آزاد|منفی|درگیر|مثبت)[ ,]*([<>~=]*[ ]*[0-9])', '\\1;\\2'),
                        ('^ ?(حاشیه) (آزاد|منفی|درگیر|مثبت|عاری|فاقد|بدون)', '\\1;\\2'),
                    ]) }}
                    when {{ our_list('vocabulary') }} = 'neoadjuvant_regimens' then regexp_replace(text, '( and | و |[+&/,])', ';', 'g')
                    when {{ our_list('vocabulary') }} = 'lobar_phrases' then regexp_replace(text, '( and | و |[+&,])', ';', 'g')
                    when {{ our_list('vocabulary') }} in ('lymphovascular_phrases', 'lymphatic_phrases', 'venous_phrases', 'perineural_phrases') then {{ replace_patterns('text', blanks + [
                        ('\\b(l[01x]|v[012x]|pn[01x])[ ,/]*(l[01x]|v[012x]|pn[01x])', '\\1;\\2'),
                        ('\\b(l[01x]|v[012x]|pn[01x])[ ,/]*(l[01x]|v[012x]|pn[01x])', '\\1;\\2'),
                    ]) }}
                    when {{ our_list('vocabulary') }} = 'tumor_grades' then {{ replace_patterns('text', [
                        ('([0-9x]) - ', '\\1;'),
                        ('\\b(g?[1-4])-(g?[1-4])\\b', '\\1;\\2'),
                        (' (to|with|and|تا|و) ', ';'),
                    ] + blanks) }}
                    else {{ replace_patterns('text', blanks) }}
                end,
                '[()\[\]]|[.,]( |$)', ';', 'g'
            )
        end as separated
    from plain_cells

)

select
    extract, field, kind, vocabulary, raw_text, unit, contract_unit, days_per_month, thousands, minimum, maximum,
    part_number,
    trim(part) as part
from texts
{{ unnest_list("case when separated is null then [text] else string_split(separated, ';') end", 'part', 'part_number') }}
where trim(part) <> ''
