-- Each part of a text looked up in the phrase list of its field: as it stands, or without the words that only assert it
-- ("lymphovascular invasion is present"), or without a negation before or behind it, which turns a "yes" into "no".
-- In lists with standard words (seed standard_words) a part is looked up as it stands, then by its words in standard
-- spelling; without those that tell a place ("liver recurrence") only where it asserts: who has no recurrence in the liver may
-- have one elsewhere.
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
            when {{ our_list('vocabulary') }} in ('neoadjuvant_regimens', 'therapy_phrases') then null
            when regexp_matches(phrase, '{{ negation_behind }}') and regexp_matches(phrase, '{{ negation_before }}') then null
            -- "present absent" and "absent present" are forms that nobody filled in.
            when regexp_matches(phrase, '{{ negation_behind }}')
                then regexp_replace(phrase, '^(identified|seen|present|detected|found|noted|positive|yes){{ negation_behind }}|{{ negation_behind }}', '')
            when regexp_matches(phrase, '{{ negation_before }}')
                then regexp_replace(regexp_replace(phrase, '{{ negation_before }}', ''), '{{ assertion_behind }}', '')
        end as denied
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
        case when not coalesce(wd.has_place, false) then coalesce(d.value, dw.value) end as denied_value,
        coalesce(a.value, s.value, aw.value, ap.value) as asserted_value,
        case when a.phrase is not null then a.missing_reason else coalesce(s.missing_reason, aw.missing_reason) end as asserted_reason,
        case when a.phrase is not null then a.severity else coalesce(s.severity, aw.severity) end as asserted_severity,
        coalesce(a.phrase, s.words, aw.words, ap.words) is not null as is_asserted,
        ws.words = '' as says_nothing
    from bared p
    left join {{ ref('stg_vocabulary') }} v on v.vocabulary = p.vocabulary and v.phrase = p.phrase
    left join worded wd on wd.vocabulary = {{ our_list('p.vocabulary') }} and wd.text = p.denied
    left join {{ ref('stg_vocabulary') }} d
        on d.vocabulary = p.vocabulary and d.phrase = p.denied and (d.value = 'either' or regexp_matches(d.value, '(^| )yes$'))
    left join listed dw
        on dw.vocabulary = p.vocabulary and dw.words = wd.words and (dw.value = 'either' or regexp_matches(dw.value, '(^| )yes$'))
    left join {{ ref('stg_vocabulary') }} a
        on a.vocabulary = p.vocabulary and a.phrase = p.asserted and not regexp_matches(coalesce(a.value, ''), '(^| )no$')
    left join worded ws on ws.vocabulary = {{ our_list('p.vocabulary') }} and ws.text = p.phrase
    left join worded wa on wa.vocabulary = {{ our_list('p.vocabulary') }} and wa.text = p.asserted
    left join listed s on s.vocabulary = p.vocabulary and s.words = ws.words
    left join listed aw
        on aw.vocabulary = p.vocabulary and aw.words = wa.words and not regexp_matches(coalesce(aw.value, ''), '(^| )no$')
    left join listed ap
        on ap.vocabulary = p.vocabulary and ap.words = wa.words_without_place and wa.has_place and ap.value = 'yes'

)

select
    extract,
    field,
    kind,
    vocabulary,
    raw_text,
    part_number,
    part,
    case
        when is_listed then listed_value
        when denied_value = 'either' then 'no'
        when denied_value is not null then replace(denied_value, 'yes', 'no')
        else asserted_value
    end as value,
    case when is_listed then listed_reason when denied_value is null then asserted_reason end as missing_reason,
    case when is_listed then listed_severity when denied_value is null then asserted_severity end as severity,
    -- A part that says nothing ("8 cm", "multiple") is neither known nor unknown.
    case when says_nothing and not is_listed then null else is_listed or denied_value is not null or is_asserted end as is_known
from looked_up
