-- The definitions behind the figures: each constant of a rule with the value in force for this registry (dbt_project.yml,
-- overridden by `definitions:` of registry.yml), its unit, and what it decides.
-- One row per definition.
{% set meanings = {
    'r0_margin_mm': ('mm', 'R0 is a parenchymal margin of at least this much'),
    'negative_margin_without_distance': ('', 'What "free" or "negative" without a distance says: r0 or unknown'),
    'margin_group_mm': ('mm', 'Margins are grouped below, at and above it'),
    'rectosigmoid': ('', 'What a primary at the rectosigmoid junction (ICD-O C19.9) counts as: colon or rectum'),
    'age_cutoff_years': ('years', 'Age at the operation is grouped below it, and from it on'),
    'size_cutoff_mm': ('mm', 'Size of the largest metastasis is grouped below it, and from it on'),
    'count_cutoff': ('metastases', 'Number of metastases is grouped below it, and from it on'),
    'major_hepatectomy_by': ('', 'What a major hepatectomy is: by the published series (paper) or by the number of segments (segments)'),
    'major_hepatectomy_segments': ('segments', 'By segments, a hepatectomy of at least this many is major'),
    'poor_regression_viable_percent': ('percent', 'From this much viable tumor on the regression is poor'),
    'metachronous_after_months': ('months', 'A metastasis diagnosed more than this after the primary is metachronous'),
    'metachronous_since': ('', 'What the months run from: operation or diagnosis of the primary'),
    'interval_cutoff_months': ('months', 'Interval of metachronous metastases is grouped up to it, and above'),
    'fong_interval_months': ('months', 'Clinical risk score: an interval below it is a point'),
    'fong_size_mm': ('mm', 'Clinical risk score: a size above it is a point'),
    'fong_cea_ng_ml': ('ng/mL', 'Clinical risk score: a CEA above it is a point'),
    'linking_window_days': ('days', 'A report without operation or procedure date belongs to an operation up to this long before it'),
    'days_per_month': ('days', 'Days in a month of follow-up'),
} %}
{% for name, meaning in meanings.items() %}
select
    '{{ name }}' as definition,
    '{{ var(name) }}' as value,
    nullif('{{ meaning[0] }}', '') as unit,
    '{{ meaning[1] | replace("'", "''") }}' as meaning
{{ 'union all' if not loop.last }}
{% endfor %}
