-- The day up to which the registry is known: the date of registry.yml, or the latest day of a contact, death or operation
-- (the operation is a contact too) that is certain: of one known to the month its first. Nothing reads the clock. Null
-- where the extracts hold no dates at all.
-- One row.
{% set setting = var('data_as_of') %}
{% if setting == 'latest_contact' %}
with days as (

    select contact_date_low as day from {{ ref('stg_follow_up') }}
    union all
    select death_date_low as day from {{ ref('stg_follow_up') }}
    union all
    select operation_date_low as day from {{ ref('stg_operative') }}

)

select cast(max(day) as date) as data_as_of from days
{% else %}
-- {{ ref('stg_follow_up') }} and {{ ref('stg_operative') }} are not looked at.
select cast('{{ setting }}' as date) as data_as_of
{% endif %}
