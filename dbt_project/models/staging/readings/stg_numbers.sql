-- Fields that hold one measurement: lengths, counts, numbers, percents, durations. Durations are in days, rounded to
-- the nearest whole day (dictionary §4, time_since_operation).
-- Counts of both lobes, or of each segment, add up ("right lobe 2, left lobe 1"); a total beside them has to agree.
-- One row per extract, field and delivered text.
{% set counted = '([1-9][0-9]?)(?: lesions)?' %}
{% set lobe = '(?:right|left|rt|lt|r|l|لوب راست|لوب چپ|راست|چپ)(?: (?:hepatic )?lobe)?' %}
{% set segment = '(?:(?:segments?|segs?|s|سگمنت)[.]? ?(?:[1-8]|[iv]+)[ab]?)' %}
{% set between = ' ?(?:[,;+/]|,? and|و) ?' %}
with normalized_cells as (

    select *, {{ plain_words("regexp_replace(text, '[ .:]+$', '')") }} as plain_text
    from {{ ref('stg_cells') }}
    where kind in ('length', 'count', 'number', 'percent', 'duration')

),

cells as (

    select * replace ({{ plain_terms('plain_text', 'vocabulary', ['count_words']) }} as plain_text),
        (kind = 'percent' and plain_text in ('none', 'nil', 'absent', 'not identified', 'not present', 'دیده نشد', 'ندارد')) or (kind in ('percent', 'length') and regexp_full_match(plain_text, 'no (residual |viable |residual viable )tumor( cells)?( identified| present)?|(فاقد|بدون) تومور (زنده|باقیمانده)|(هیچ )?(سلول )?تومور(ال)? (زنده|باقی ?مانده)( ?ای)? (دیده نشد|ندارد)')) as is_none
    from normalized_cells

),

counts_in_words as (

    select
        vocabulary,
        phrase,
        missing_reason,
        cast(replace(value, '+', '') as decimal(18, 6)) as low,
        case when value not like '%+' then cast(value as decimal(18, 6)) end as high
    from {{ ref('stg_vocabulary') }}
    where {{ our_list('vocabulary') }} = 'count_words'

),

counts_by_place as (

    select extract, field, raw_text, total, cast(list_sum(list_transform(counts, lambda n: cast(n as bigint))) as decimal(18, 6)) as added
    from (
        select extract, field, raw_text,
            {%- set ways = [] %}
            {%- for place, holds in [(lobe, "regexp_matches(plain_text, 'r(igh)?t?\\b|راست') and regexp_matches(plain_text, 'l(ef)?t?\\b|چپ')"), (segment, 'true')] %}
            {%- do ways.append(('[^0-9]', '(?:در |in )?' ~ place ~ '(?: ?[:=-])? ?' ~ counted, holds)) %}
            {%- do ways.append(('[0-9]', counted ~ ' ?(?:[(]|in |on |در )?(?:in )?' ~ place ~ '[)]?', holds)) %}
            {%- endfor %}
            {%- for value in ['total', 'counts'] %}
            case
                {%- for next, one, holds in ways %}
                when regexp_full_match(plain_text, '(?:{{ counted }} ?[(:,=] ?)?{{ one }}(?: ?{{ between }} ?{{ one }}){% raw %}{1,5}{% endraw %}[)]?') and {{ holds }}
                    then {% if value == 'total' %}regexp_extract(plain_text, '^{{ counted }} ?[(:,=] ?{{ next }}', 1){% else %}regexp_extract_all(regexp_replace(plain_text, '^{{ counted }} ?[(:,=] ?({{ next }})', '\2'), '{{ one }}', 1){% endif %}
                {%- endfor %}
            end as {{ value }}{{ ',' if not loop.last }}
            {%- endfor %}
        from cells
        where kind = 'count'
    )

),

measures as (

    -- What has regressed is not viable: "regression 75 %" is 25 %.
    select * exclude (low, high, low_is_open, high_is_open, label_value),
        case when is_regressed then 100 - coalesce(high, 100) else low end as low,
        case when is_regressed then 100 - low else high end as high,
        case when is_regressed then high_is_open else low_is_open end as low_is_open,
        case when is_regressed then low_is_open else high_is_open end as high_is_open
    from (select *, coalesce(label_value = 'regressed', false) as is_regressed from {{ ref('stg_measures') }})

),

read as (

    select
        c.*,
        w.missing_reason as word_reason,
        case when c.missing_reason is null then case when c.is_none then 0 else coalesce(w.low, m.low, p.added) end end as read_low,
        case when c.missing_reason is null then case when c.is_none then 0 when w.low is not null then w.high else coalesce(m.high, case when m.low is null then p.added end) end end as read_high,
        coalesce(c.missing_reason is null and m.low_is_open, false) as low_is_open,
        coalesce(c.missing_reason is null and m.high_is_open, false) as high_is_open,
        coalesce(m.is_implausible, false) as is_implausible
    from cells c
    left join measures m
        on m.extract = c.extract and m.field = c.field and m.raw_text = c.raw_text
    left join counts_by_place p
        on p.extract = c.extract and p.field = c.field and p.raw_text = c.raw_text and coalesce(try_cast(nullif(p.total, '') as decimal(18, 6)), p.added) = p.added
    left join counts_in_words w
        on c.kind = 'count' and w.vocabulary = c.vocabulary and w.phrase = c.plain_text

),

by_lists as (

    select
        extract,
        field,
        raw_text,
        row_count,
        text,
        case when kind = 'duration' then round(read_low, 0) else read_low end as low,
        case when kind = 'duration' then round(read_high, 0) else read_high end as high,
        low_is_open,
        high_is_open,
        is_implausible,
        case
            when missing_reason is not null then missing_reason
            when read_low is not null then null
            when word_reason is not null then word_reason
            when regexp_full_match(plain_text, '((size|number|count|percent|percentage)[ :]+)?(not assessable|indeterminate)') then 'not_assessable'
            when is_missing_word then 'not_reported'
            else 'unreadable'
        end as missing_reason
    from read

)

{{ or_by_sentence('by_lists', {'low': 's.low', 'high': 's.high', 'low_is_open': 's.low_is_open', 'high_is_open': 's.high_is_open'}) }}
