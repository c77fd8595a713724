-- Which pathology variables no delivered column feeds: a patient without a report then has the reason `not_collected`,
-- for it would not have helped had there been one.
-- One row.
{% set sources = {
    'metastasis_count': ['metastasis_count'], 'largest_metastasis_mm': ['largest_metastasis'],
    'margin_mm': ['margin_distance', 'margin_status'], 'resection_status': ['margin_distance', 'margin_status'],
    'resection_status_0mm': ['margin_distance', 'margin_status'],
    'tumor_grade': ['tumor_grade'], 'perineural_invasion': ['perineural_invasion'],
    'lymphovascular_invasion': ['lymphovascular_invasion', 'lymphatic_invasion', 'venous_invasion'],
    'tumor_regression': ['tumor_regression', 'viable_tumor_percent'],
    'viable_tumor_percent': ['viable_tumor_percent'], 'steatosis_grade': ['steatosis'],
} %}
select
    {% for variable, fields in sources.items() %}
    case when not bool_or(is_mapped) filter (field in ({{ "'" ~ fields | join("', '") ~ "'" }})) then 'not_collected' end as {{ variable }}_missing_reason{{ ',' if not loop.last }}
    {% endfor %}
from {{ source('raw', 'fields') }}
where extract = 'pathology'
