-- The parts of a text that are read on their own: separated by ; by brackets, and by . or , before a blank or the end; a
-- regimen, a site, a recurrence and lobes also by + & and "and", all but lobes by /; a margin also by a colon, after the word margin and between a
-- word of its status and a number; lymphatic and venous invasion between L0 and V0. A measurement is one part.
-- Odd: "4,5" and "4.5" hold no separator, "free, 3 mm" does. A colon or dash between words is a blank: "LVI: absent".
-- A whole text that is one of the hospital's own phrases is one part. A length that stands there in two units ("12 mm (1.2 cm)")
-- stands there once, and the margins of several places ("segment 6: 5 mm; segment 8: 2 mm") are the smallest of them.
-- One row per extract, field, delivered text and part.
{% set signs = [('[+] ?ve\\b', ' positive '), ('- ?ve\\b', ' negative '), ('[(] *[+] *[)]|[+]+$', ' positive'), ('[(] *- *[)]|([a-z]) ?-$', '\\1 negative')] %}
{% set blanks = [('[ ]*:[ ]*', ' '), ('([^0-9% ]) - ', '\\1 ')] %}
{% set doubt_of_life = '\\b(?:death|loss|passing) of (?:his |her )?(?:wife|husband|spouse|partner|son|daughter|brother|sister|mother|father|parent|relative)|survived by|[?]|\\bnot |\\bor\\b|lost|verif|error|wrong|uncertain|unclear|probab|possib|suspect|[-(,] ?(?:no|false|خیر)[)]?$|نیست|نشده|نشد|نکرد|نامعلوم|احتمال' %}
{% set living = 'alive|living|زنده' %}
{% set dying = 'dead|death|died|deceased|expired|demised|succumbed|killed|exitus|passed|until|فوت|مرگ|درگذشت|مرحوم' %}
{% set lost = '(?:lost|ltfu|ltf|unreachable|no contact|no answer|untraceable)' %}
{% set state = '(?:alive|living|ned|awd|aned|awod|well|doing (?:well|fine|good|ok)|disease free|in remission|recurrence free|زنده|در قید حیات)' %}
{% set of_cause = '(?:of|from|due to|because of|secondary to|after|following|to|d/t|2/2|while|during|shortly|suddenly|peacefully|on|in|with|without|w/o|per|by|according to|به علت|بعلت|به دلیل|بدلیل|در اثر|بر اثر|ناشی از|بعد از|پس از|حین|طی|از|در|با)' %}
{% set told_by = '(?:(?:(?:unfortunately |sadly )?(?:patient|pt|he|she)|unfortunately|sadly|بیمار|(?:طبق|به|بنا به) (?:گفته|اظهار|اعلام) (?:همراه|همراهان|خانواده|همسر|فرزند|بستگان)(?: بیمار)?) )' %}
{% set told_first = '^(?:(?:on|under|receiving|undergoing|after|with) |recurren|relapse|metasta|progress|stable |liver |lung |hepatic |عود|متاستاز)[^?]*[,;] ?' %}
{% set death_and_cause = '^' ~ told_by ~ '?(?:dead|died|deceased|expired|death|demised|succumbed|killed|rip|dod|doc|dooc|dwd|exitus|passed away|passed|فوت|فوت شده?|فوت کرده?|متوفی|مرگ)(?: (?:' ~ of_cause ~ '|at|confirmed|documented|recorded|certified) | pod ?[0-9]| ?[(,;.-]| [0-9])|^' ~ of_cause ~ ' .*(?:فوت|فوت شده?|فوت کرده?|درگذشت|اکسپایر شد)$|^' ~ told_by ~ '(?:passed away|فوت کرده?|فوت شده?)$|^(?:[0-9]+[- ]day|(?:non )?(?:cancer|disease|tumor|treatment|surgery)(?: related)?|surgical|operative) (?:death|mortality)$|^mortality$|' ~ told_first ~ '(?:died|dead|deceased|expired|فوت شده?|فوت کرده?|فوت)$' %}
{% set life_and_state = '^' ~ told_by ~ '?(?:still )?' ~ state ~ '(?: (?:with|w/|w|without|w/o|and|at|on|in|per|by|according to|as of|as at|after|since|post|for|till date|to date|با|بدون|و) | ?[(,;.&-]| [0-9])|^' ~ told_by ~ '(?:still )?' ~ state ~ '$|' ~ told_first ~ '(?:still )?(?:alive|living|زنده)$' %}
{% set length_twice = '([0-9]+(?:[.,][0-9]+)?) ?(mm|cm|میلی ?متر|سانتی ?متر) ?(?:[(]|=|,|/|;|or) ?([0-9]+(?:[.,][0-9]+)?) ?(mm|cm|میلی ?متر|سانتی ?متر) ?[)]?' %}
{% set place = '(?:(?:segments?|segs?|s|lesion|nodule|tumor|metastasis|specimen|سگمنت|ضایعه|ندول) ?#?(?:[1-8][ab]?|[iv]+[ab]?|[a-e])|[a-e])' %}
{% set since_primary = '(?:later|(?:after|from|since|post|following)(?: (?:primary|index|initial|lar|apr|hemicolectomy|curative|op|crc|bowel|treatment|cancer|colon|colorectal|rectal|colectomy|resection|surgery|operation|of|tumor))*)' %}
with cells as (

    select * replace ({{ plain_words('text') }} as text)
    from {{ ref('stg_cells') }}
    where kind in ('word', 'margin', 'steatosis', 'regression', 'length', 'count', 'number', 'percent', 'duration')
        and missing_reason is null

),

plain_cells as (

    select * replace ({{ plain_terms('text', 'vocabulary') }} as text)
    from (
        select * replace (
            case
                when kind not in ('length', 'margin', 'percent') then text
                {% for unit, in_persian, factor in [('mm', 'میلی ?متر', 10), ('cm', 'سانتی ?متر', 0.1)] %}
                when regexp_full_match(regexp_extract(text, '{{ length_twice }}', 2), '{{ unit }}|{{ in_persian }}')
                    and not regexp_full_match(regexp_extract(text, '{{ length_twice }}', 4), '{{ unit }}|{{ in_persian }}')
                    and try_cast(replace(regexp_extract(text, '{{ length_twice }}', 1), ',', '.') as decimal(18, 6))
                    = {{ factor }} * try_cast(replace(regexp_extract(text, '{{ length_twice }}', 3), ',', '.') as decimal(18, 6))
                    then regexp_replace(text, '{{ length_twice }}', '\1 \2')
                {% set place_first = place ~ ' ?[:=)-]? ?([0-9.]+) ?' ~ unit %}
                {% set place_behind = '([0-9.]+) ?' ~ unit ~ ' ?(?:[(](?:in )?' ~ place ~ '[)]|in ' ~ place ~ ')' %}
                {% for one in [place_first, place_behind] %}
                when kind = 'margin' and regexp_full_match(text, '{{ one }}(?: ?(?:[,;/]|and|[,;] and) ?{{ one }})+')
                    then list_min(list_transform(regexp_extract_all(text, '{{ one }}', 1), lambda n: try_cast(n as decimal(18, 6))))::varchar || ' {{ unit }}'
                {% endfor %}
                {% endfor %}
                -- The unit in the heading: "greatest dimension (cm): 4.5".
                else regexp_replace(text, '[(](mm|cm|%)[)] ?[:=]? ?([0-9.,]+)$', ': \2 \1')
            end as text
        )
        from cells
    )

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
                        ('^ ?(حاشیه) (آزاد|منفی|درگیر|مثبت|عاری|فاقد|بدون|نزدیک)', '\\1;\\2'),
                    ]) }}
                    when {{ our_list('vocabulary') }} in ('neoadjuvant_regimens', 'therapy_phrases') then {{ replace_patterns('text', [
                        ('^(x ?)?[1-9][0-9]? ?(cycles?|courses?|دوره|سیکل|کورس)(?: (?:of )?(?:preop|preoperative|neoadjuvant|chemotherapy|given))*$', 'chemotherapy'),
                        ('[(] *[1-9][0-9]? *[)]|(?:two|three|four|five|six|eight|ten|twelve) (?:cycles|courses)(?: of)?\\b|(?:[1-9][0-9]?|سه|چهار|پنج|شش|هشت|ده|دوازده) (دوره|سیکل|کورس)|(?:\\bx ?)?[1-9][0-9]? ?(cycles?|courses?)\\b( of\\b)?', ' '),
                        ('\\bpre[- ]op', 'preop'), ('\\bup front\\b', 'upfront'), ('^(?:(?:patient|pt) )?(?:had|underwent|received|treated with) +(no )?([a-z])', '\\1\\2'), ('^(?:(?:patient|pt) )?(?:did not|didn.t|never|not) (?:receive|received|have|had|given)$', 'not received'), ('^no (.*) (?:given|received|administered)$', 'no \\1'), ('\\bno prior (chemo|therapy|treatment)', 'no \\1'), ('^(?:patient )?((?:yes|chemotherapy|given|received|neoadjuvant|preop|systemic| )+)[,;( -]+(?:regimen|protocol) (?:unknown|unspecified|not specified)[)]?$', '\\1'), ('^((?:(?:neoadjuvant|neoadj|preop|preoperative|chemotherapy|chemo|treatment|therapy) )+)- (yes|no|none|nil|not given)$', '\\1\\2'), ('\\bw/ ?', 'with '),
                        ('\\b(?:before|prior to) (?:(?:liver|hepatic) )?(?:surgery|operation|resection|hepatectomy)\\b', 'preop'), ('\\b(chemotherapy|chemo|treatment|therapy) preop\\b', 'preop \\1'),
                        ('\\b(?:did not receive|not received|not receiving|didn.t receive|no history of) ([a-z])', 'no \\1'),
                        ('(folfox|folfiri)[ -]([3467])\\b', '\\1\\2'),
                        ('\\bx ?[1-9][0-9]?( ?(cycles?|courses?))?\\b|\\b[1-9][0-9]? ?(x|cycles?|courses?)\\b( of\\b)?', ' '),
                        ('[ ]*:[ ]*', ' '),
                        ('\\b(m?fol[a-z]+[3467]?|xelox|capox|xeliri|capiri) (bev|bevacizumab|avastin|cetux|cetuximab|erbitux|pani|panitumumab)\\b| - ', '\\1;\\2'), ('\\b(bev|bevacizumab|cetuximab|panitumumab) (fol[a-z]+[3467]?|xelox|capox)\\b', '\\1;\\2'),
                        ('( and | then | to | followed by | with | plus | و |->|→|[+&/,])', ';'),
                    ]) }}
                    when {{ our_list('vocabulary') }} = 'lobar_phrases'
                        then {{ replace_patterns('text', [(' - ', ';'), ('\\b(unilobar|bilobar) (right|left|r|l)\\b', '\\1;\\2'), ('[,(]? ?[1-9][0-9]? (?:lesions?|mets|metastas[ie]s|nodules?|tumors?)\\b', ' '), ('\\b(rt|lt|r|l)[.] ', '\\1 '), ('[(]? *(?:\\b(?:segments?|segs?|s)|سگمان|سگمنت) ?[1-8](?:(?:[,/& -]|and |و )+s?[1-8]\\b)* *[)]?', ' '), ('( and | و |[+&,])', ';')]) }}
                    when {{ our_list('vocabulary') }} = 'surgical_approaches' then {{ replace_patterns('text', blanks + [('(first[^,;]*)[,;] ?(?:and )?(?:then )?(?:[a-z]+ )+(?:at )?(?:[0-9]+(?:-[0-9]+)? ?(?:months?|mos?|weeks?|wks?|days?) )?(?:later|afterwards?|second|next|after)(?: that)? *$', '\\1'), (',? (?:and )?then ', ' then '), (',? ?\\b(?:after |at )?[0-9]+(?:-[0-9]+)? ?(?:months?|mos?|weeks?|wks?|days?|ماه|هفته) ?(?:later|after|apart|interval|بعد)?\\b', ' then '), ('\\bstaged (colon|liver|primary|bowel)', 'staged;\\1')]) }}
                    when {{ our_list('vocabulary') }} = 'vital_statuses'
                        then case
                            -- For how long nobody knows is nothing to this field either.
                            when regexp_matches(text, '^ *(?:(?:patient|pt) )?{{ lost }}(?: ?[(,;.:-]| (?:since|after|at|in|from|for|on|x ?[0-9]|by|despite|[0-9]))')
                                and not regexp_matches(text, '[?]|\bnot\b|\bweight\b|\b{{ state }}\b|{{ living }}|{{ dying }}') then 'lost'
                            when regexp_matches(text, '{{ doubt_of_life }}') then {{ replace_patterns('text', blanks) }}
                            -- Of what a patient died, or how lives, is nothing to this field.
                            when regexp_matches(text, '{{ death_and_cause }}') and not regexp_matches(text, '{{ living }}') then 'dead'
                            when regexp_matches(text, '{{ life_and_state }}') and not regexp_matches(text, '{{ dying }}') then 'alive'
                            else {{ replace_patterns('text', blanks) }}
                        end
                    when {{ our_list('vocabulary') }} = 'sexes' then {{ replace_patterns('text', [('^([a-z]+|♀|♂|زن|مرد|خانم|آقا)[ ,(/-]*[1-9][0-9][)]?$', '\\1'), ('^[1-9][0-9][ ,/-]*([a-z]+)$', '\\1'), ('^m *[-/=] *male$', 'male'), ('^f *[-/=] *female$', 'female')] + blanks + [(',? ?[(]?\\b[0-9]{1,3}[ -]?(?:years?[ -]old|years?|yrs?|yo|y/o|y|ساله|سال)($|[ ),;])', ' ')]) }}
                    -- How long after the primary: the word decides; without one, more than 6 months are metachronous.
                    when {{ our_list('vocabulary') }} = 'chronology_phrases' then {{ replace_patterns('text', blanks + [
                        ('(?:at |after )?([1-9][0-9]?)([.][0-9]+)? ?(?:years?|yrs?|y)\\b ?' ~ since_primary, ';metachronous;'),
                        ('(?:at |after )?([7-9]|[1-9][0-9])([.][0-9]+)? ?(?:months?|mos?|m)\\b ?' ~ since_primary, ';metachronous;'),
                        ('(?:at |after )?[1-6] ?(?:months?|mos?|m)\\b ?' ~ since_primary, ';synchronous;'),
                        ('([1-9][0-9]?|[7-9]|[1-9][0-9]) ?سال (?:بعد|پس)(?: از (?:جراحی|عمل|تشخیص|رزکسیون))?(?: (?:اولیه|کولون|رکتوم|روده|کولورکتال))?', ';metachronous;'), ('([7-9]|[1-9][0-9]) ?ماه (?:بعد|پس)(?: از (?:جراحی|عمل|تشخیص|رزکسیون))?(?: (?:اولیه|کولون|رکتوم|روده|کولورکتال))?', ';metachronous;'),
                        ('(metachronous|synchronous|همزمان|متاکرون|سینکرون)((?: disease| metastas[ie]s)?[ ,;(]+)(?:at |after |interval )?(?:<=|>=|[<>~])? ?[0-9]+([.][0-9]+)? ?(months?|mos?|m|years?|yrs?|y|weeks?|ماه|سال)($|[ ),;])', '\\1\\5'),
                        ('/', ';'),
                    ]) }}
                    when {{ our_list('vocabulary') }} = 'primary_sites' then {{ replace_patterns('text', blanks + [
                        ('\\b(rt|lt|asc|desc|trans|transv|prox|dist|ca|adenoca)[.] ', '\\1 '),
                        ('\\bc(18|19|20)[.]?([0-9])?\\b( - )?', ';c\\1\\2;'),
                        ('\\b([123]|one|two)/3\\b( of)?', 'third'),
                        ('\\b(at )?(about )?[0-9]+([.-][0-9]+)? ?cm\\b(( from| above)?( the)? (anal verge|av|anus|anal margin|dentate line)\\b| fav\\b)?', ' '), ('[0-9]+([.-][0-9]+)? ?(?:سانتی ?متر|سانت)(?: (?:از|بالای|تا) (?:آنال ورج|مقعد|آنوس|لبه مقعد))?', ' '),
                        ('\\b[cyp]{0,2}t(?:[0-4x]|is)[a-d]? ?(?:[cyp]{0,2}n[0-3x][a-c]?)? ?(?:[cyp]{0,2}m[01x][a-c]?)?\\b', ' '),
                        ('( and | و |[+&/])', ';'),
                    ]) }}
                    -- More nodes positive than examined: read as they stand, and so not at all.
                    when {{ our_list('vocabulary') }} = 'node_phrases' and len(list_filter(
                        regexp_extract_all(text, '[0-9]+ ?(?:/|of|out of|از) ?[0-9]+'),
                        lambda ratio: try_cast(regexp_extract(ratio, '^[0-9]+') as integer) > try_cast(regexp_extract(ratio, '[0-9]+$') as integer)
                    )) > 0 then text
                    when {{ our_list('vocabulary') }} = 'node_phrases' then {{ replace_patterns('text', signs + blanks + [
                        ('\\b(?:y?p)?t(?:[0-4x]|is)[a-d]?[ ,]*((?:y?p)?n[0-3x])', '\\1'),
                        ('(n[0-3x][a-c]?)[ ,]*(?:[yp]?p|c)?m[01x][a-c]?\\b', '\\1'),
                        ('^(?:لنف ?نود|غدد لنفاوی|گره های لنفاوی) ([0-9]+) از ([0-9]+)(?: درگیر| مثبت)?$', '\\1/\\2'),
                        ('\\b([0-9]+) از ([0-9]+)\\b(?: (?:لنف ?نود|غده لنفاوی|گره لنفاوی|غدد لنفاوی)(?: درگیر| مثبت)?)?', '\\1/\\2'),
                        ('\\b([0-9]+) (?:positive|involved|metastatic) (?:(?:ln|lns|nodes?|lymph nodes?) )?(?:of|out of|/) ?([0-9]+)(?: examined)?', '\\1/\\2'),
                        ('\\byes ?[(,:-] ?[1-9][0-9]? (?:positive |involved )?(?:ln|lns|nodes?|lymph nodes?)', 'yes'),
                        ('^ ?0 (?:positive|involved|metastatic) (?:ln|lns|nodes?|lymph nodes?)|^ ?0 (?:ln|lns|nodes?|lymph nodes?) (?:positive|involved)', 'no'),
                        ('^ ?[1-9][0-9]? (?:positive|involved|metastatic) (?:ln|lns|nodes?|lymph nodes?)|^ ?[1-9][0-9]? (?:ln|lns|nodes?|lymph nodes?) (?:positive|involved)', 'yes'),
                        ('\\bnone of ([1-9][0-9]?)\\b', '0/\\1'), ('^ ?0 (?:positive|involved)$', 'no'), ('^ ?[1-9][0-9]? (?:positive|involved)$', 'yes'),
                        ('(^|[(;, ] *)(?:metastas[ie]s in )?(?:(?:ln|lns|nodes?|lymph nodes?) )?0 ?(?:/|of|out of) ?[1-9][0-9]?(?: (?:ln|lns|nodes?|lymph nodes?))?(?: (?:positive for metastas[ie]s|positive|involved|metastatic))? *($|[);, ])', '\\1;no;\\2'),
                        ('(^|[(;, ] *)(?:metastas[ie]s in |positive )?(?:(?:ln|lns|nodes?|lymph nodes?) )?[1-9][0-9]? ?(?:/|of|out of) ?[1-9][0-9]?(?: (?:ln|lns|nodes?|lymph nodes?))?(?: (?:positive for metastas[ie]s|positive|involved|metastatic))? *($|[);, ])', '\\1;yes;\\2'),
                    ]) }}
                    when {{ our_list('vocabulary') }} = 'seeding_phrases' then {{ replace_patterns('text', signs + blanks + [
                        ('\\bpci[ =]*0\\b', ' no '),
                        ('\\bpci[ =]*[1-9][0-9]?\\b', ' yes '),
                    ]) }}
                    when {{ our_list('vocabulary') }} = 'recurrence_phrases'
                        then {{ replace_patterns('text', signs + blanks + [
                            ('\\b(?:biopsy|histology|histologically|pathologically|radiologically) (?:proven|confirmed)\\b', ' '),
                            ('\\b(?:(?:at|in|on|after|as of) )?(?:[0-9]{1,2}[-/.]){0,2}(?:19|20)[0-9]{2}(?:[-/.][0-9]{1,2}){0,2}\\b', ' '),
                            ('[(,]? *(?:\\b(?:segments?|segs?|s)|سگمان|سگمنت) ?[1-8](?:(?:[,/& -]|and |و )+s?[1-8]\\b)* *[)]?', ' '),
                            ('\\b(?:on|by) (?:pet ?/? ?ct|ct|mri|pet|us|imaging|(?:last |recent |follow up )*(?:pet ?/? ?ct|ct|mri|pet|scan|imaging))(?: scan)?\\b', ' '),
                            ('\\b(?:at|on) (?:last|latest|most recent) (?:follow ?up|fu|visit|contact|review)\\b', ' '),
                            ('\\bno (?:signs?|sign|indication) of\\b', 'no evidence of'),
                            ('\\b(?:at|after|for|x) ?[0-9]+(?:[.][0-9])? ?(?:months?|mths?|mos?|m|years?|yrs?|y|weeks?|wks?)\\b(?: (?:after|post|from|since) ?(?:surgery|operation|resection|op))?|[0-9]+ (?:ماه|سال)(?: (?:بعد|پس)(?: از (?:عمل|جراحی))?)?', ' '),
                            ('( and | و | with |[+&/])', ';'), (' +', ' '),
                        ]) }}
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
