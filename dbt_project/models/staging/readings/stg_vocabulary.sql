-- All phrase lists as one, under the name of their seed; and, for each field with own words of the hospital, a list of
-- its own (stg_own_phrases). Phrases are normalized here too, so that a list may be written as people write.
-- Policy rectosigmoid ({{ var('rectosigmoid') }}): the site of a primary at the rectosigmoid junction (ICD-O C19.9).
-- Odd: the words that any invasion is reported in (`invasion_phrases`) belong to each of its lists, yes and no to those of
-- seeding, recurrence, nodes and therapy, the regimens to therapy.
-- An own phrase whose value we no longer know is left out.
-- One row per vocabulary and phrase.
{% set vocabularies = [
    'sexes', 'yes_no', 'primary_sites', 'chronology_phrases', 'surgical_approaches', 'lobar_phrases', 'vital_statuses', 'organs',
    'histologies', 'tumor_grades', 'steatosis_phrases', 'regression_phrases', 'neoadjuvant_regimens', 'margin_phrases', 'count_words'
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
    select '{{ vocabulary }}' as vocabulary, phrase, nullif(value, '') as value, nullif(missing_reason, '') as missing_reason
    from {{ ref(seed) }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

ours as (

    select distinct vocabulary, {{ normalize_phrase('phrase') }} as phrase, value, missing_reason from seeded

),

own as (

    select o.own_list as vocabulary, o.our_list, o.phrase, v.value, v.missing_reason
    from (select distinct own_list, our_list, phrase, value from {{ ref('stg_own_phrases') }}) o
    inner join (select distinct vocabulary, value, missing_reason from ours) v
        on v.vocabulary = o.our_list and coalesce(v.value, v.missing_reason) = o.value

),

phrases as (

    select vocabulary, phrase, value, missing_reason from ours
    union all
    select vocabulary, phrase, value, missing_reason from own
    union all
    select l.own_list, o.phrase, o.value, o.missing_reason
    from (select distinct own_list, our_list from {{ ref('stg_own_phrases') }}) l
    inner join ours o on o.vocabulary = l.our_list
    where not exists (select 1 from own w where w.vocabulary = l.own_list and w.phrase = o.phrase)

)

select * replace (case value when 'rectosigmoid' then '{{ var("rectosigmoid") }}' else value end as value)
from phrases
