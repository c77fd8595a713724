-- All phrase lists as one, under the name of their seed. Phrases are normalized here too, so that a list may be
-- written as people write.
-- Policy rectosigmoid ({{ var('rectosigmoid') }}): the site of a primary at the rectosigmoid junction (ICD-O C19.9).
-- Odd: the words that any invasion is reported in (`invasion_phrases`) belong to each of its lists.
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

{% for vocabulary, seed in lists %}
select
    '{{ vocabulary }}' as vocabulary,
    {{ normalize_text('phrase') }} as phrase,
    {% if vocabulary == 'primary_sites' -%}
    case when value = 'rectosigmoid' then '{{ var("rectosigmoid") }}' else nullif(value, '') end as value,
    {%- else -%}
    nullif(value, '') as value,
    {%- endif %}
    nullif(missing_reason, '') as missing_reason,
    severity
from {{ ref(seed) }}
{{ 'union all' if not loop.last }}
{% endfor %}
