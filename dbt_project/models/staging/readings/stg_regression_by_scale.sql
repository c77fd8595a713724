-- Regression grades whose scale stands in a field of its own ("TRG 4" beside "Dworak"): read as the two together would be.
-- Odd: what the two together do not say stays as stg_regression reads the grade alone.
-- One row per delivered grade and scale that the list knows together.
with delivered as (

    select distinct
        tumor_regression as raw_text,
        tumor_regression_scale as raw_scale
    from {{ source('raw', 'pathology') }}
    where closed_by_extract_id is null

)

select d.raw_text, d.raw_scale, v.value
from delivered d
inner join {{ ref('stg_vocabulary') }} v
    on v.vocabulary in (select vocabulary from {{ ref('stg_cells') }} where kind = 'regression')
    and v.value is not null
    and v.phrase = {{ normalize_text('d.raw_scale') }} || ' ' || {{ normalize_text('d.raw_text') }}
