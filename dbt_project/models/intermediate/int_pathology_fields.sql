-- Each pathology field of each specimen: is it expected there, is it known, and if not, why.
-- Odd: a view, for the rows are many and each reader wants few of them or few of their columns.
-- One row per specimen (or liver resection without one) and pathology field.
-- depends_on: {{ ref('int_expected_pathology') }}
{{ config(materialized='view') }}
{% set fields = contract_fields('pathology') | selectattr('expected') | map(attribute='name') | list %}
{% for field in fields %}
select
    patient_id,
    specimen_key,
    report_id,
    operation_key,
    center,
    laboratory,
    month,
    '{{ field }}' as field,
    {{ field }}_is_expected as is_expected,
    {{ field }}_missing_reason as missing_reason
from {{ ref('int_expected_pathology').include(database=false) }}
{{ 'union all' if not loop.last }}
{% endfor %}
