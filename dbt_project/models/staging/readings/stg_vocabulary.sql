-- All phrase lists as one, under the name of their seed; and, for each field with own words of the hospital, a list of
-- its own (stg_own_phrases). Phrases are normalized here too, so that a list may be written as people write.
-- Policy rectosigmoid ({{ var('rectosigmoid') }}): the site of a primary at the rectosigmoid junction (ICD-O C19.9).
-- They stand in plain wording (macros/plain_wording.sql, macros/operation_wording.sql), as the texts do that are looked up in them.
-- Odd: the words that any invasion is reported in (`invasion_phrases`) belong to each of its lists, yes and no to those of
-- seeding, recurrence, nodes and therapy, the regimens to therapy.
-- An own phrase has the severity that its value has with us; one whose value we no longer know is left out, and so are
-- two that are one in plain wording and differ.
-- One row per vocabulary and phrase.
{% set vocabularies = [
    'sexes', 'yes_no', 'primary_sites', 'chronology_phrases', 'surgical_approaches', 'lobar_phrases', 'vital_statuses', 'organs',
    'histologies', 'tumor_grades', 'steatosis_phrases', 'regression_phrases', 'neoadjuvant_regimens', 'margin_phrases',
    'measure_labels', 'count_words'
] %}
{% set lists = [] %}
{% for vocabulary in vocabularies %}{% do lists.append((vocabulary, vocabulary)) %}{% endfor %}
{% for vocabulary in ['lymphovascular_phrases', 'lymphatic_phrases', 'venous_phrases', 'perineural_phrases'] %}
{% do lists.extend([(vocabulary, vocabulary), (vocabulary, 'invasion_phrases')]) %}
{% endfor %}
{% for vocabulary in ['seeding_phrases', 'recurrence_phrases', 'node_phrases', 'therapy_phrases'] %}
{% do lists.extend([(vocabulary, vocabulary), (vocabulary, 'yes_no')]) %}
{% endfor %}
{% do lists.append(('therapy_phrases', 'neoadjuvant_regimens')) %}

with seeded as (

    {% for vocabulary, seed in lists %}
    select '{{ vocabulary }}' as vocabulary, phrase, nullif(value, '') as value, nullif(missing_reason, '') as missing_reason, severity
    from {{ ref(seed) }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

listed as (

    select * replace ({{ normalize_phrase('phrase') }} as phrase) from seeded

),

written as (

    select vocabulary, phrase from listed
    union
    select own_list, phrase from {{ ref('stg_own_phrases') }}

),

without_fillers as (

    select vocabulary, phrase as as_written, {{ plain_words('phrase') }} as phrase from written

),

plain as (

    select vocabulary, as_written, {{ plain_terms('phrase', 'vocabulary') }} as phrase from without_fillers

),

ours as (

    select distinct l.* replace (p.phrase as phrase)
    from listed l
    inner join plain p on p.vocabulary = l.vocabulary and p.as_written = l.phrase

),

own_words as (

    select o.own_list, o.our_list, p.phrase, min(o.value) as value
    from {{ ref('stg_own_phrases') }} o
    inner join plain p on p.vocabulary = o.own_list and p.as_written = o.phrase
    group by o.own_list, o.our_list, p.phrase
    having count(distinct o.value) = 1

),

own as (

    select w.own_list as vocabulary, w.phrase, v.value, v.missing_reason, v.severity
    from own_words w
    inner join (select distinct vocabulary, value, missing_reason, severity from ours) v
        on v.vocabulary = w.our_list and coalesce(v.value, v.missing_reason) = w.value

),

phrases as (

    select vocabulary, phrase, value, missing_reason, severity from ours
    union all
    select vocabulary, phrase, value, missing_reason, severity from own
    union all
    select l.own_list, o.phrase, o.value, o.missing_reason, o.severity
    from (select distinct own_list, our_list from {{ ref('stg_own_phrases') }}) l
    inner join ours o on o.vocabulary = l.our_list
    where not exists (select 1 from own w where w.vocabulary = l.own_list and w.phrase = o.phrase)

)

select * replace (case value when 'rectosigmoid' then '{{ var("rectosigmoid") }}' else value end as value)
from phrases
