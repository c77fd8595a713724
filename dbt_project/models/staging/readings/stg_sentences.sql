-- Texts that no list knows as a whole, read by the words in them (the package `reading`): what is named, and whether it is
-- asserted, denied or left open. A reading holds where the lists leave the text unreadable (macro or_by_sentence).
-- Odd: codes and texts that are a listed phrase are not read again, nor is a text with a word of the hospital's own, which
-- the reader does not know; a measurement out of the contract's bounds is none.
-- One row per extract, field and delivered text that is understood.
with texts as (

    select c.extract, c.field, c.raw_text, c.text, c.unit, c.minimum, c.maximum
    from {{ ref('stg_cells') }} c
    where c.extract <> 'pathology_comment'
        and c.kind in ('word', 'margin', 'steatosis', 'regression', 'procedure', 'segments', 'count', 'length', 'percent', 'number', 'duration')
        and c.missing_reason is null
        -- Months of another length than the contract's are read by the lists alone.
        and (c.kind <> 'duration' or c.days_per_month is null or c.days_per_month = {{ var('days_per_month') }})
        and not c.is_own_phrase
        and not c.is_missing_word
        and regexp_matches(c.text, '\p{L}')
        and not exists (select 1 from {{ ref('stg_vocabulary') }} v where v.vocabulary = c.vocabulary and v.phrase = c.text)
        and not exists (
            select 1 from {{ ref('stg_own_phrases') }} o where o.extract = c.extract and o.field = c.field and contains(c.text, o.phrase)
        )

),

readings as (

    select field, text, unit, read_sentence(field, text, unit) as reading
    from (select distinct field, text, unit from texts)

),

columns_and_comments as (

    select
        t.extract, t.field, t.raw_text, t.minimum, t.maximum, r.reading.value, r.reading.missing_reason,
        cast(r.reading.low as decimal(18, 6)) as low, cast(r.reading.high as decimal(18, 6)) as high,
        r.reading.low_is_open, r.reading.high_is_open
    from texts t
    inner join readings r on r.field = t.field and r.text = t.text and r.unit is not distinct from t.unit and r.reading is not null
    union all
    select
        'pathology_comment', s.field, s.raw_text, f.minimum, f.maximum, s.value, s.missing_reason, s.low, s.high, s.low_is_open, s.high_is_open
    from {{ ref('stg_comment_sentences') }} s
    inner join {{ source('raw', 'fields') }} f on f.extract = 'pathology' and f.field = s.field

)

select extract, field, raw_text, value, missing_reason, low, high, low_is_open, high_is_open
from columns_and_comments
where {{ is_within_bounds() }}
