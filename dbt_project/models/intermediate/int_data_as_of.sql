-- The day up to which the registry is known: the date of registry.yml, or the latest contact or death known to the day.
-- Nothing reads the clock. Null where the extracts hold no dates at all.
-- One row.
{% set setting = var('data_as_of') %}
select
    {% if setting == 'latest_contact' %}
    cast(max(greatest(
        coalesce(case when contact_date_precision = 'day' then contact_date end, date '1900-01-01'),
        coalesce(case when death_date_precision = 'day' then death_date end, date '1900-01-01')
    )) filter (contact_date_precision = 'day' or death_date_precision = 'day') as date) as data_as_of
from {{ ref('stg_follow_up') }}
    {% else %}
    cast('{{ setting }}' as date) as data_as_of
    {% endif %}
