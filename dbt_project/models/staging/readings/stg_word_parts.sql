-- Each part of a text looked up in the phrase list of its field: as it stands, or without the words that only assert it
-- ("lymphovascular invasion is present"), or without a negation before or behind it, which turns a "yes" into "no".
-- Nothing is looked for inside a part: what no phrase covers stays unread ("right lobectomy" is not found in "no right
-- lobectomy was done").
-- Odd: "no ... or ..." denies both (the value `either`); a negation before and another behind stay unread; who had "no
-- FOLFOX" may have had another regimen.
-- One row per extract, field, delivered text and part.
{% set negation_before = '^(no evidence of|no|not|absence of|negative for|without|free of|free from|فاقد|بدون|عدم وجود|عدم مشاهده|عدم)[ ]+' %}
{% set negation_behind = '[ ]+(is |are |was |were )?(not identified|not seen|not present|not detected|not found|absent|negative|none|no|دیده نشد|دیده نمی شود|مشاهده نشد|مشاهده نمی شود|وجود ندارد|ندارد|منفی)$' %}
{% set assertion_before = '^(positive for|presence of|evidence of)[ ]+' %}
{% set assertion_behind = '[ ]+(is |are |was |were )?(identified|seen|present|detected|found|noted|positive|yes|دیده شد|دیده می شود|مشاهده شد|وجود دارد|دارد|مثبت)$' %}

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
                then regexp_replace(phrase, '^(identified|seen|present|detected|found|noted|positive|yes){{ negation_behind }}|{{ negation_behind }}', '')
            when regexp_matches(phrase, '{{ negation_before }}')
                then regexp_replace(regexp_replace(phrase, '{{ negation_before }}', ''), '{{ assertion_behind }}', '')
        end as denied
    from parts

)

select
    p.extract,
    p.field,
    p.kind,
    p.vocabulary,
    p.raw_text,
    p.part_number,
    p.part,
    case
        when v.phrase is not null then v.value
        when d.value = 'either' then 'no'
        when d.phrase is not null then replace(d.value, 'yes', 'no')
        else a.value
    end as value,
    case when v.phrase is not null then v.missing_reason when d.phrase is null then a.missing_reason end as missing_reason,
    case when v.phrase is not null then v.severity when d.phrase is null then a.severity end as severity,
    v.phrase is not null or d.phrase is not null or a.phrase is not null as is_known
from bared p
left join {{ ref('stg_vocabulary') }} v on v.vocabulary = p.vocabulary and v.phrase = p.phrase
left join {{ ref('stg_vocabulary') }} d
    on d.vocabulary = p.vocabulary and d.phrase = p.denied and (d.value = 'either' or regexp_matches(d.value, '(^| )yes$'))
    and {{ our_list('d.vocabulary') }} <> 'neoadjuvant_regimens'
left join {{ ref('stg_vocabulary') }} a
    on a.vocabulary = p.vocabulary and a.phrase = p.asserted and not regexp_matches(coalesce(a.value, ''), '(^| )no$')
