-- Each part of a text looked up in the phrase list of its field: as it stands, or without the words that only assert it
-- ("lymphovascular invasion is present"), or without a negation before or behind it, which turns a "yes" into "no", or
-- without a doubt before or behind it, which leaves it `not_assessable` ("suspicious for …", "… cannot be excluded").
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
{% set doubt_before = '^(suspicious for|suspicion of|suspected|possible|possibly|probable|probably|likely|favors?|cannot excluded|equivocal for|indeterminate for|questionable|مشکوک به|احتمال|احتمالا)[ ]+' %}
{% set doubt_behind = '[ ]+(cannot excluded|not excluded|suspected|suspicious|equivocal|indeterminate|questionable|possible|probable|likely|not assessable|مشکوک)$' %}
{% set invasion_lists = ['lymphovascular_phrases', 'lymphatic_phrases', 'venous_phrases', 'perineural_phrases'] %}
{% set doubted_lists = invasion_lists + ['margin_phrases', 'tumor_grades', 'steatosis_phrases', 'regression_phrases', 'histologies'] %}

with parts as (

    select *, regexp_replace(part, '[ .:]+$', '') as phrase
    from {{ ref('stg_parts') }}
    where vocabulary is not null

),

bared as (

    select *,
        regexp_replace(regexp_replace(phrase, '{{ assertion_before }}', ''), '{{ assertion_behind }}', '') as asserted,
        case
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

found as (

    select
        p.*,
        case
            when v.phrase is not null then v.value
            when d.value = 'either' then 'no'
            when d.phrase is not null then replace(d.value, 'yes', 'no')
            when a.phrase is not null then a.value
            when h.value = 'aside' then 'aside'
        end as value_found,
        case
            when v.phrase is not null then v.missing_reason
            when d.phrase is not null then null
            when a.phrase is not null then a.missing_reason
            when h.value <> 'aside' then 'not_assessable'
        end as reason_found,
        case when v.phrase is not null then v.severity when d.phrase is null then a.severity end as severity_found,
        v.phrase is not null or d.phrase is not null or a.phrase is not null or h.phrase is not null as is_found,
        {{ our_list('p.vocabulary') }} in ('{{ invasion_lists | join("', '") }}') as is_invasion,
        regexp_matches(p.phrase, 'invasion|تهاجم|^(l[01x]|v[012x]|pn[01x])$') as is_named,
        v.phrase is not null and regexp_matches(p.phrase, 'invasion$|^تهاجم [^ ]+( [^ ]+)?$') as is_bare_name
    from bared p
    left join {{ ref('stg_vocabulary') }} v on v.vocabulary = p.vocabulary and v.phrase = p.phrase
    left join {{ ref('stg_vocabulary') }} d
        on d.vocabulary = p.vocabulary and d.phrase = p.denied
        and (
            d.value = 'either' or regexp_matches(d.value, '(^| )yes$')
            or (d.value = 'aside' and {{ our_list('d.vocabulary') }} in ('{{ invasion_lists | join("', '") }}'))
        )
        and {{ our_list('d.vocabulary') }} <> 'neoadjuvant_regimens' and not regexp_matches(d.phrase, '^(focal|extensive)')
    left join {{ ref('stg_vocabulary') }} a
        on a.vocabulary = p.vocabulary and a.phrase = p.asserted and not regexp_matches(coalesce(a.value, ''), '(^| )no$')
    left join {{ ref('stg_vocabulary') }} h
        on h.vocabulary = p.vocabulary and h.phrase = p.doubted and h.value is not null

),

weighed as (

    select *,
        is_found and not (
            is_invasion
            and count(*) over (partition by extract, field, raw_text) > 1
            and (
                is_bare_name
                or (not is_named and bool_or(coalesce(value_found = 'aside', false)) over (partition by extract, field, raw_text))
            )
        ) as is_known
    from found

)

select
    extract, field, kind, vocabulary, raw_text, part_number, part,
    case when is_known and value_found <> 'aside' then value_found end as value,
    case when is_known then reason_found end as missing_reason,
    case when is_known and value_found <> 'aside' then severity_found end as severity,
    is_known
from weighed
