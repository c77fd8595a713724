-- Each part of a text looked up in the phrase list of its field: as it stands, else without a negation before or
-- behind it, which turns an asserted finding ("yes") into "no". Nothing is looked for inside a part: what no phrase
-- covers stays unread ("right lobectomy" is not found in "no right lobectomy was done").
-- One row per extract, field, delivered text and part.
{% set negation_before = '^(no evidence of|no|not|absence of|negative for|without|free of|فاقد|بدون|عدم)[ ]+' %}
{% set negation_behind = '[ ]+(is |are |was |were )?(not identified|not seen|not present|not detected|absent|negative|دیده نشد|ندارد)$' %}

with parts as (

    select *,
        regexp_replace(part, '[ .:]+$', '') as phrase,
        regexp_replace(regexp_replace(regexp_replace(part, '[ .:]+$', ''), '{{ negation_before }}', ''), '{{ negation_behind }}', '') as bare
    from {{ ref('stg_parts') }}
    where vocabulary is not null

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
        when p.bare <> p.phrase and n.value = 'yes' then 'no'
    end as value,
    v.missing_reason,
    v.severity,
    v.phrase is not null or (p.bare <> p.phrase and coalesce(n.value = 'yes', false)) as is_known
from parts p
left join {{ ref('stg_vocabulary') }} v on v.vocabulary = p.vocabulary and v.phrase = p.phrase
left join {{ ref('stg_vocabulary') }} n on n.vocabulary = p.vocabulary and n.phrase = p.bare
