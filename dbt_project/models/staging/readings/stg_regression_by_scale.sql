-- Regression grades whose scale stands in a field of its own ("TRG 4" beside "Dworak"): read as the two together would be.
-- Odd: what the two together do not say stays as stg_regression reads the grade alone, but a grade that its scale does not
-- have (Dworak 5) is no grade: `value` is null.
-- One row per delivered grade and scale that the list knows together, or that do not go together.
with delivered as (

    select distinct
        tumor_regression as raw_text,
        tumor_regression_scale as raw_scale
    from {{ source('raw', 'pathology') }}
    where closed_by_extract_id is null and tumor_regression is not null and tumor_regression_scale is not null

),

plain_delivered as (

    select
        raw_text,
        raw_scale,
        {{ plain_words("regexp_replace(" ~ normalize_text('raw_scale') ~ " || ' ' || " ~ normalize_text('raw_text') ~ ", '[ .;]+$', '')") }} as phrase
    from delivered

),

grades as (

    select raw_text, raw_scale, {{ plain_terms('phrase', "'regression_phrases'", ['regression_phrases']) }} as phrase from plain_delivered

),

scales as (

    select distinct regexp_extract(phrase, '^(.*) [0-5][ab]?$', 1) as scale
    from {{ ref('stg_vocabulary') }}
    where vocabulary = 'regression_phrases' and value is not null and regexp_matches(phrase, '^[a-z ]+ [0-5][ab]?$') and phrase not like 'trg %'

)

select g.raw_text, g.raw_scale, v.value
from grades g
left join {{ ref('stg_vocabulary') }} v
    on v.vocabulary in (select vocabulary from {{ ref('stg_cells') }} where kind = 'regression')
    and v.value is not null
    and v.phrase = g.phrase
left join scales s on s.scale = regexp_extract(g.phrase, '^(.*) [0-9]+[ab]?$', 1)
where v.value is not null or s.scale is not null
