-- Texts that no list knows as a whole, read by the words in them (the package `reading`): what is named, and whether it is
-- asserted, denied or left open. With a text go the settings of its field (units, marks of numbers), the definitions that
-- its words depend on, and the hospital's own words, each with the phrase of ours that means the same (seed `list_values`).
-- Odd: codes and texts that are a listed phrase are not read again; a measurement out of the contract's bounds is none; a number
-- is no grade of a list where registry.yml gives its field a unit.
-- One row per extract, field and delivered text that is understood.
with own_words as (

    select o.extract, o.field, list([o.phrase, v.phrase] order by o.phrase) as own_words
    from {{ ref('stg_own_phrases') }} o
    inner join {{ ref('list_values') }} v on v.vocabulary = o.our_list and v.value = o.value
    group by o.extract, o.field

),

texts as (

    select c.extract, c.field, c.raw_text, c.text, c.minimum, c.maximum,
        to_json({
            'unit': c.unit,
            'thousands': case when c.kind in {{ measured_kinds() }} then c.thousands end,
            'days_per_month': c.days_per_month,
            'own_words': o.own_words,
            {{ definitions_of_words() }}
        })::varchar as settings
    from {{ ref('stg_cells') }} c
    left join own_words o on o.extract = c.extract and o.field = c.field
    where c.kind in {{ read_kinds() }}
        and c.missing_reason is null
        and not c.is_own_phrase
        and not c.is_missing_word
        and not exists (
            select 1 from {{ ref('stg_vocabulary') }} v
            where v.vocabulary = c.vocabulary and v.phrase = {{ bare_text('c.text') }} and {{ is_read_by_list('c') }}
        )
        -- Own words that stand for no phrase of a sentence hold as a whole text alone.
        and not exists (
            select 1 from {{ ref('stg_own_phrases') }} p
            where p.extract = c.extract and p.field = c.field and contains(c.text, p.phrase)
                and not exists (select 1 from {{ ref('list_values') }} m where m.vocabulary = p.our_list and m.value = p.value)
        )

),

readings as (

    select field, text, settings, read_sentence(field, text, settings) as reading
    from (select distinct field, text, settings from texts)

),

numbered as (

    select
        t.extract, t.field, t.raw_text, t.minimum, t.maximum, r.reading.value, r.reading.missing_reason,
        cast(r.reading.low as decimal(18, 6)) as low, cast(r.reading.high as decimal(18, 6)) as high,
        r.reading.low_is_open, r.reading.high_is_open, r.reading.segments, r.reading.segments_at_most
    from texts t
    inner join readings r on r.field = t.field and r.text = t.text and r.settings = t.settings and r.reading is not null

)

select extract, field, raw_text, value, missing_reason, low, high, low_is_open, high_is_open, segments, segments_at_most
from numbered
where {{ is_within_bounds() }}
