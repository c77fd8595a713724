-- Word fields: the whole text first, then its parts together. What several values mean together stands in the seed
-- `joint_values` (left and right lobe: bilobar); else parts that disagree are the worse finding if all are findings with
-- a severity, and otherwise, or where none is the worse, `conflicting`. A part that no phrase covers leaves the text
-- unread.
-- Odd: "not assessable" beside a finding leaves it unknown ("no; LX", "G1; GX"), unless there is none worse ("L1; LX").
-- `values_named` is what stands there, joined by +, of a text that is conflicting too ("colon and rectum").
-- "unknown" and its like mean `not_reported`, unless the list of the field knows the word.
-- One row per extract, word field and delivered text.
{% set read_elsewhere = ['margin_phrases', 'steatosis_phrases', 'regression_phrases', 'count_words'] %}
{% set lists = ((term_patterns() | list) + (operation_term_patterns() | list)) | reject('in', read_elsewhere) | list %}
with normalized_cells as (

    select *, {{ plain_words("regexp_replace(text, '[ .:]+$', '')") }} as plain_text from {{ ref('stg_cells') }} where kind = 'word'

),

cells as (

    select * replace ({{ plain_terms('plain_text', 'vocabulary', lists) }} as plain_text) from normalized_cells

),

parts as (

    select *, max(severity) over (partition by extract, field, raw_text) as worst_severity
    from {{ ref('stg_word_parts') }}
    where kind = 'word'

),

texts as (

    select
        extract,
        field,
        raw_text,
        bool_and(is_known) as is_known,
        count(distinct value) as values_counted,
        string_agg(distinct value, ' + ' order by value) as values_named,
        bool_or(value is not null and severity is null) as any_without_severity,
        max(worst_severity) as worst_severity,
        count(distinct value) filter (severity = worst_severity) as worst_values,
        min(value) filter (severity = worst_severity) as worst_value,
        min(missing_reason) as missing_reason,
        -- What is merely imprecise gives way to any word that is not.
        min(missing_reason) filter (missing_reason <> 'imprecise') as stronger_reason
    from parts
    group by extract, field, raw_text

),

lists as (

    select vocabulary, max(severity) as worst_severity from {{ ref('stg_vocabulary') }} group by vocabulary

),

chosen as (

    select
        c.*,
        w.phrase is not null as is_one_phrase,
        w.phrase is not null or coalesce(t.is_known, false) as is_known,
        case when w.phrase is not null then w.value else t.values_named end as values_named,
        case
            when w.phrase is not null then w.value
            when t.values_counted = 1 then t.values_named
            when not t.any_without_severity and t.worst_values = 1 then t.worst_value
        end as agreed_value,
        case
            when w.phrase is not null then w.missing_reason
            when t.values_counted = 0 then t.missing_reason
            when t.any_without_severity or t.worst_severity < l.worst_severity then t.stronger_reason
        end as stated_reason
    from cells c
    left join {{ ref('stg_vocabulary') }} w
        on w.vocabulary = c.vocabulary and w.phrase = c.plain_text and w.value is distinct from 'aside'
    left join texts t on t.extract = c.extract and t.field = c.field and t.raw_text = c.raw_text
    left join lists l on l.vocabulary = c.vocabulary

),

judged as (

    select
        c.*,
        case when j.values_named is not null then nullif(j.value, '') else c.agreed_value end as joint_value,
        nullif(j.missing_reason, '') as joint_reason
    from chosen c
    left join {{ ref('joint_values') }} j on j.vocabulary = {{ our_list('c.vocabulary') }} and j.values_named = c.values_named

),

read as (

    select *,
        case
            when missing_reason is not null then missing_reason
            when is_missing_word and not is_one_phrase then 'not_reported'
            when not is_known then 'unreadable'
            when stated_reason is not null then stated_reason
            when not is_one_phrase and values_named is null then 'unreadable'
            when joint_value is null then coalesce(joint_reason, 'conflicting')
        end as reason
    from judged

),

by_lists as (

    select
        extract,
        field,
        raw_text,
        row_count,
        text,
        case when reason is null then joint_value end as value,
        case when coalesce(reason, 'conflicting') = 'conflicting' then values_named end as values_named,
        reason as missing_reason
    from read

)

{{ or_by_sentence('by_lists', {'value': 's.value', 'values_named': 'null'}) }}
