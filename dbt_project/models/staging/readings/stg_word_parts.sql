-- Each part of a text looked up in the phrase list of its field: as it stands, or without the words that only assert it
-- ("lymphovascular invasion is present"), or without a negation before or behind it, which turns a "yes" into "no", or
-- without a doubt before or behind it, which leaves it `not_assessable` ("suspicious for …", "… cannot be excluded").
-- In lists with standard words (seed standard_words) a part is looked up as it stands, then by its words in standard
-- spelling, of organs, diagnoses and grades in any order; without those that tell a place ("liver recurrence") only where it asserts: who has no recurrence in the liver may
-- have one elsewhere, so that this denial is an aside.
-- Nothing is looked for inside a part: what no phrase covers stays unread ("right lobectomy" is not found in "no right
-- lobectomy was done").
-- An `aside` of the list is known and says nothing of this field ("PNI absent" beside lymphovascular invasion).
-- Odd: "no ... or ..." denies both (the value `either`); a negation before and another behind stay unread; who had "no
-- FOLFOX" may have had another regimen; "not focal" is not absent. Of several invasions in one text each has to be named and asserted or denied by
-- itself: in "no LVI, PNI" the denial may hold for both, and in "PNI; present" it is not said of what.
-- One row per extract, field, delivered text and part.
{% set negation_before = '^(no evidence of|no|not|absence of|negative for|without|free of|free from|فاقد|بدون|عدم وجود|عدم مشاهده|عدم)[ ]+' %}
{% set negation_behind = '[ ]+(not identified|not present|absent|negative|neg|none|no|دیده نشد|ندارد|منفی)$' %}
{% set assertion_before = '^(positive for|presence of|evidence of|focal|focally|extensive)[ ]+' %}
{% set assertion_behind = '[ ]+(identified|present|positive|pos|yes|دیده شد|دارد|مثبت)$' %}
{% set doubt_before = '^(no (?:definite|definitive|convincing|unequivocal|obvious)|suspicious for|suspicion of|suspected|possible|possibly|probable|probably|likely|favors?|cannot excluded|equivocal for|indeterminate for|questionable|مشکوک به|احتمال|احتمالا)[ ]+' %}
{% set doubt_behind = '[ ]+(cannot excluded|not excluded|suspected|suspicious|equivocal|indeterminate|questionable|possible|probable|likely|not assessable|مشکوک)$' %}
{% set invasion_lists = ['lymphovascular_phrases', 'lymphatic_phrases', 'venous_phrases', 'perineural_phrases'] %}
{% set doubted_lists = invasion_lists + ['seeding_phrases', 'recurrence_phrases', 'node_phrases', 'margin_phrases', 'tumor_grades', 'steatosis_phrases', 'regression_phrases', 'histologies'] %}

with parts as (

    select *, regexp_replace(part, '[ .:]+$', '') as phrase
    from {{ ref('stg_parts') }}
    where vocabulary is not null

),

bared as (

    select *,
        regexp_replace(regexp_replace(phrase, '{{ assertion_before }}', ''), '{{ assertion_behind }}', '') as asserted,
        case
            when {{ our_list('vocabulary') }} in ('neoadjuvant_regimens', 'therapy_phrases') then null
            when regexp_matches(phrase, '{{ negation_behind }}') and regexp_matches(phrase, '{{ negation_before }}') then null
            -- "present absent" and "absent present" are forms that nobody filled in.
            when regexp_matches(phrase, '{{ negation_behind }}')
                then regexp_replace(phrase, '^(identified|present|positive|yes){{ negation_behind }}|{{ negation_behind }}', '')
            when regexp_matches(phrase, '{{ negation_before }}')
                then regexp_replace(regexp_replace(phrase, '{{ negation_before }}', ''), '{{ assertion_behind }}', '')
        end as denied,
        case
            when {{ our_list('vocabulary') }} in ('{{ doubted_lists | join("', '") }}') and regexp_matches(phrase, '{{ doubt_before }}|{{ doubt_behind }}')
                then regexp_replace(regexp_replace(regexp_replace(phrase, '{{ doubt_before }}', ''), '{{ doubt_behind }}', ''), '{{ assertion_behind }}', '')
        end as doubted
    from parts

),

texts_named as (

    -- What is compared word by word, in the lists that have standard words.
    select distinct {{ our_list('n.vocabulary') }} as vocabulary, n.text
    from (
        select vocabulary, phrase as text from bared
        union
        select vocabulary, asserted from bared
        union
        select vocabulary, denied from bared
        union
        select vocabulary, phrase from {{ ref('stg_vocabulary') }}
    ) n
    where {{ our_list('n.vocabulary') }} in (select distinct vocabulary from {{ ref('standard_words') }})

),

{{ standard_words('texts_named') }},

listed as (

    -- The lists by their words; a spelling that would mean two things means none.
    select v.vocabulary, w.words, min(v.value) as value, min(v.missing_reason) as missing_reason, min(v.severity) as severity
    from {{ ref('stg_vocabulary') }} v
    inner join worded w on w.vocabulary = {{ our_list('v.vocabulary') }} and w.text = v.phrase
    where w.words <> ''
    group by v.vocabulary, w.words
    having count(distinct coalesce(v.value, v.missing_reason)) = 1

),

looked_up as (

    select
        p.*,
        v.phrase is not null as is_listed,
        v.value as listed_value,
        v.missing_reason as listed_reason,
        v.severity as listed_severity,
        case
            when not coalesce(wd.has_place, false) then coalesce(d.value, dw.value)
            when dp.words is not null then 'aside'
        end as denied_value,
        coalesce(a.value, s.value, aw.value, ap.value) as asserted_value,
        case when a.phrase is not null then a.missing_reason else coalesce(s.missing_reason, aw.missing_reason) end as asserted_reason,
        case when a.phrase is not null then a.severity else coalesce(s.severity, aw.severity) end as asserted_severity,
        coalesce(a.phrase, s.words, aw.words, ap.words) is not null as is_asserted,
        h.phrase is not null as is_doubted,
        h.value as doubted_value,
        ws.words = '' or ({{ our_list('p.vocabulary') }} = 'seeding_phrases' and ws.words_without_place = '') as says_nothing,
        {{ our_list('p.vocabulary') }} in ('{{ invasion_lists | join("', '") }}') as is_invasion
    from bared p
    left join {{ ref('stg_vocabulary') }} v on v.vocabulary = p.vocabulary and v.phrase = p.phrase
    left join worded wd on wd.vocabulary = {{ our_list('p.vocabulary') }} and wd.text = p.denied
    left join {{ ref('stg_vocabulary') }} d
        on d.vocabulary = p.vocabulary and d.phrase = p.denied
        and (
            d.value = 'either' or regexp_matches(d.value, '(^| )yes$')
            or (d.value = 'aside' and {{ our_list('d.vocabulary') }} in ('{{ invasion_lists | join("', '") }}'))
        )
        and not regexp_matches(d.phrase, '^(focal|extensive|microscopic|macroscopic)')
    left join listed dw
        on dw.vocabulary = p.vocabulary and dw.words = wd.words and (dw.value = 'either' or regexp_matches(dw.value, '(^| )yes$'))
    left join listed dp
        on dp.vocabulary = p.vocabulary and dp.words = wd.words_without_place and wd.has_place and dp.value = 'yes'
    left join {{ ref('stg_vocabulary') }} a
        on a.vocabulary = p.vocabulary and a.phrase = p.asserted and not regexp_matches(coalesce(a.value, ''), '(^| )no$')
    left join worded ws on ws.vocabulary = {{ our_list('p.vocabulary') }} and ws.text = p.phrase
    left join worded wa on wa.vocabulary = {{ our_list('p.vocabulary') }} and wa.text = p.asserted
    left join listed s on s.vocabulary = p.vocabulary and s.words = ws.words
    left join listed aw
        on aw.vocabulary = p.vocabulary and aw.words = wa.words and not regexp_matches(coalesce(aw.value, ''), '(^| )no$')
    left join listed ap
        on ap.vocabulary = p.vocabulary and ap.words = wa.words_without_place and wa.has_place and ap.value = 'yes'
    left join {{ ref('stg_vocabulary') }} h
        on h.vocabulary = p.vocabulary and h.phrase = p.doubted and h.value is not null

),

found as (

    select *,
        case
            when is_listed then listed_value
            when denied_value = 'either' then 'no'
            when denied_value is not null then replace(denied_value, 'yes', 'no')
            when is_asserted then asserted_value
            when doubted_value = 'aside' then 'aside'
        end as value_found,
        case
            when is_listed then listed_reason
            when denied_value is not null then null
            when is_asserted then asserted_reason
            when doubted_value <> 'aside' then 'not_assessable'
        end as reason_found,
        case when is_listed then listed_severity when denied_value is null then asserted_severity end as severity_found,
        is_listed or denied_value is not null or is_asserted or is_doubted as is_found,
        regexp_matches(phrase, 'invasion|تهاجم|^(l[01x]|v[012x]|pn[01x])$') as is_named,
        is_listed and regexp_matches(phrase, 'invasion$|^تهاجم [^ ]+( [^ ]+)?$') as is_bare_name
    from looked_up

),

weighed as (

    select *,
        case
            -- A part that says nothing ("8 cm", "multiple") is neither known nor unknown.
            when says_nothing and not is_listed then null
            -- What may be another tumor leaves open what the rest of a diagnosis names.
            when doubted_value = 'other' and count(*) over (partition by extract, field, raw_text) > 1 then false
            else is_found and not (
                is_invasion
                and count(*) over (partition by extract, field, raw_text) > 1
                and (
                    is_bare_name
                    or (not is_named and bool_or(coalesce(value_found = 'aside', false)) over (partition by extract, field, raw_text))
                )
            )
        end as is_known
    from found

)

select
    extract, field, kind, vocabulary, raw_text, part_number, part,
    case when is_known and value_found <> 'aside' then value_found end as value,
    case when is_known then reason_found end as missing_reason,
    case when is_known and value_found <> 'aside' then severity_found end as severity,
    is_known
from weighed
