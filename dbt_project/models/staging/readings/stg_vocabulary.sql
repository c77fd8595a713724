-- All phrase lists as one, under the name of their seed. Phrases are normalized here too, so that a list may be
-- written as people write.
-- One row per vocabulary and phrase.
{% set vocabularies = [
    'sexes', 'yes_no', 'primary_sites', 'chronology_phrases', 'lobar_phrases', 'vital_statuses', 'organs', 'histologies',
    'tumor_grades', 'invasion_phrases', 'perineural_phrases', 'steatosis_phrases', 'regression_phrases', 'neoadjuvant_regimens',
    'margin_phrases', 'measure_labels', 'count_words'
] %}

{% for vocabulary in vocabularies %}
select
    '{{ vocabulary }}' as vocabulary,
    {{ normalize_text('phrase') }} as phrase,
    nullif(value, '') as value,
    nullif(missing_reason, '') as missing_reason,
    severity
from {{ ref(vocabulary) }}
{{ 'union all' if not loop.last }}
{% endfor %}
