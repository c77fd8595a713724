-- Regression grades whose scale stands in a field of its own ("TRG 4" beside "Dworak"): read as the two together would be.
-- Odd: what the two together do not say stays as stg_texts reads the grade alone, but a grade that its scale does not
-- have (Dworak 5) is no grade: `value` is null. A scale is one on which the grade 3 means something; a grade that names a
-- scale of its own ("Dworak 4" beside "Mandard") is read on that.
-- One row per delivered grade and scale that say something together, or that do not go together.
with delivered as (

    select distinct
        tumor_regression as raw_text,
        tumor_regression_scale as raw_scale,
        {{ normalize_text('tumor_regression_scale') }} as scale,
        {{ normalize_text('tumor_regression') }} as grade
    from {{ source('raw', 'pathology') }}
    where closed_by_extract_id is null and tumor_regression is not null and tumor_regression_scale is not null

),

readings as (

    select *,
        read_sentence('tumor_regression', scale || ' ' || grade, settings).value as value,
        read_sentence('tumor_regression', scale || ' 3', settings).value is not null as is_scale
    from delivered, (select to_json({ {{ definitions_of_words() }} })::varchar as settings)

)

select raw_text, raw_scale, value
from readings
where value is not null or (is_scale and regexp_full_match(grade, '(?:(?:trg|grade|score)[ :]*)?[0-9]+[ab]?[ .;]*'))
