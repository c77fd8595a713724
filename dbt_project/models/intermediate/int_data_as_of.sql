-- The day up to which the registry is known: the date of registry.yml, or the latest contact, death or operation known
-- to the day (the operation is a contact too). Nothing reads the clock. Null where the extracts hold no dates at all.
-- One row.
{% set setting = var('data_as_of') %}
{% if setting == 'latest_contact' %}
with days as (

    select contact_date as day from {{ ref('stg_follow_up') }} where contact_date_precision = 'day'
    union all
    select death_date as day from {{ ref('stg_follow_up') }} where death_date_precision = 'day'
    union all
    select operation_date as day from {{ ref('stg_operative') }} where operation_date_precision = 'day'

)

select cast(max(day) as date) as data_as_of from days
{% else %}
-- {{ ref('stg_follow_up') }} and {{ ref('stg_operative') }} are not looked at.
select cast('{{ setting }}' as date) as data_as_of
{% endif %}
