-- The parts of a text that are read on their own: separated by ; by brackets, and by . or , before a blank or the end; a
-- regimen, a site, a recurrence and lobes also by + & and "and", all but lobes by /; a margin also by a colon, after the word margin and between a
-- word of its status and a number; lymphatic and venous invasion between L0 and V0. A measurement is one part.
-- Odd: "4,5" and "4.5" hold no separator, "free, 3 mm" does. A colon or dash between words is a blank: "LVI: absent".
-- A whole text that is one of the hospital's own phrases is one part.
-- One row per extract, field, delivered text and part.
{% set signs = [('[(] *[+] *[)]|[+]+$', ' positive'), ('[(] *- *[)]|([a-z]) ?-$', '\\1 negative')] %}
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
                    when {{ our_list('vocabulary') }} in ('neoadjuvant_regimens', 'therapy_phrases') then {{ replace_patterns('text', [
                        ('[(] *[1-9][0-9]? *[)]|[1-9][0-9]? (دوره|سیکل|کورس)', ' '),
                        ('\\bpre[- ]op', 'preop'),
                        ('(folfox|folfiri)[ -]([3467])\\b', '\\1\\2'),
                        ('\\bx ?[1-9][0-9]?( ?(cycles?|courses?))?\\b|\\b[1-9][0-9]? ?(x|cycles?|courses?)\\b( of\\b)?', ' '),
                        ('[ ]*:[ ]*', ' '),
                        ('\\b(fol[a-z]+[3467]?|xelox|capox|xeliri|capiri) (bev|bevacizumab|cetux|cetuximab|pani|panitumumab)\\b| - ', '\\1;\\2'),
                        ('( and | then | to | followed by | with | plus | و |->|→|[+&/,])', ';'),
                    ]) }}
                    when {{ our_list('vocabulary') }} = 'lobar_phrases'
                        then {{ replace_patterns('text', [('\\b(rt|lt|r|l)[.] ', '\\1 '), ('( and | و |[+&,])', ';')]) }}
                    when {{ our_list('vocabulary') }} = 'surgical_approaches' then {{ replace_patterns('text', blanks + [(', then ', ' then ')]) }}
                    when {{ our_list('vocabulary') }} = 'vital_statuses'
                        then {{ replace_patterns('text', blanks + [('\\b(died|dead|deceased|expired)( on| in)? [0-9]{1,4}([-/.][0-9]{1,4}){0,2}$', '\\1')]) }}
                    when {{ our_list('vocabulary') }} = 'primary_sites' then {{ replace_patterns('text', blanks + [
                        ('\\b(rt|lt|asc|desc|trans|ca|adenoca)[.] ', '\\1 '),
                        ('\\bc(18|19|20)[.]?([0-9])?\\b', ';c\\1\\2;'),
                        ('\\b(at )?(about )?[0-9]+([.-][0-9]+)? ?cm\\b( (from|above)( the)? (anal verge|av|anus|anal margin|dentate line)\\b)?', ' '),
                        ('( and | و |[+&/])', ';'),
                    ]) }}
                    when {{ our_list('vocabulary') }} = 'node_phrases' then {{ replace_patterns('text', signs + blanks + [
                        ('\\b(?:y?p)?t(?:[0-4x]|is)[a-d]?[ ,]*((?:y?p)?n[0-3x])', '\\1'),
                        ('(n[0-3x][a-c]?)[ ,]*(?:[yp]?p)?m[01x][a-c]?\\b', '\\1'),
                        ('(^|[(;,] *)(?:(?:ln|lns|nodes?|lymph nodes?) )?0 ?(?:/|of|out of) ?[1-9][0-9]?(?: (?:ln|lns|nodes?|lymph nodes?))?(?: positive)? *($|[);,])', '\\1no\\2'),
                        ('(^|[(;,] *)(?:(?:ln|lns|nodes?|lymph nodes?|positive) )?[1-9][0-9]? ?(?:/|of|out of) ?[1-9][0-9]?(?: (?:ln|lns|nodes?|lymph nodes?))?(?: positive)? *($|[);,])', '\\1yes\\2'),
                    ]) }}
                    when {{ our_list('vocabulary') }} = 'seeding_phrases' then {{ replace_patterns('text', signs + blanks + [
                        ('\\bpci[ =]*0\\b', ' no '),
                        ('\\bpci[ =]*[1-9][0-9]?\\b', ' yes '),
                    ]) }}
                    when {{ our_list('vocabulary') }} = 'recurrence_phrases'
                        then {{ replace_patterns('text', signs + blanks + [('( and | و |[+&/])', ';')]) }}
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
