-- Numbers in text, read as intervals (dictionary: "Bounds are values too"): "<1 mm" is [0, 1), ">= 10" is [10, inf),
-- "1-2 mm" is [1, 2], "4.5 x 3 cm" the greatest, "about 5" is 5, "multiple" (a count) is [2, inf).
-- A part is reduced to a skeleton in which each number is # and each unit @unit; the skeleton has to hold exactly one
-- measurement, and whatever else stands there has to be a label that does not change it ("closest margin"), or that says
-- what is measured ("viable") or how it is graded ("mild 20 %"); `label_value` is what the label says.
-- The unit in the text beats the configured unit; lengths and durations without either stay unread, and so does a unit
-- of another quantity (an age of 6 cm).
-- A duration in several units ("1 year 6 months") is the days of them together.
-- Odd: 1,234 is a decimal comma unless the format names a thousands mark; where it does, a mark that does not stand
-- before three digits leaves the text unread. Two different units in one part stay unread, and so does a number glued to
-- a word by a point or comma ("approx.5": 5 or .5?). A noun without a unit counts and does not measure: "1 lesion".
-- Beyond the plausible bounds of the contract a number is set aside, an interval only where it lies wholly outside.
-- One row per extract, field, delivered text and part; `low` null where the part holds no readable number.
{% set number = '[0-9]+(?:[.][0-9]+)?' %}
{% set separators = '-|to|تا|x' %}
{% set length_nouns = 'tumor|lesion|nodule|metastasis|mass|focus|deposit|metastatic|ندول|ضایعه|تومور|توده|متاستاز' %}
{% set how_many = '[1-9][0-9]?|one|two|three|four|five|six|multiple|several|دو|سه|چهار|متعدد|چند' %}
{% set length_words = '((largest|greatest|biggest|longest|maximum|maximal|max|size|سایز|dominant|one|dimensions?|diameter|extent|measures|measuring|of|in|which|across|' ~ length_nouns ~ '|بزرگترین|بزرگ ترین|بیشترین|اندازه|قطر|بعد|ابعاد|به|در) )+' %}

with parts as (

    -- The decimal mark is a point from here on, and the thousands mark, if there is one, gone. Persian writes a slash for it,
    -- of which only a Persian unit is proof: "۴/۵ سانتی‌متر".
    -- "Right lobe 18 cm" may be the specimen; what lies in a lobe, or is told of both lobes, is a lesion.
    -- Of several lesions the largest counts, as of several dimensions; necrosis beside viable tumor says nothing of it.
    select *,
        case
            when thousands is null then {{ replace_patterns('lone_part', [
                ('([0-9]),([0-9])', '\\1.\\2'),
                ('(^|[ <>=~(]),([0-9])', '\\1.\\2'),
                ('([0-9])/([0-9]{1,2}) ?(میلی|سانتی|سانت)', '\\1.\\2 \\3'), ('([0-9])/([0-9]{1,2})((?: ?x ?[0-9.]+)+ (?:میلی|سانتی|سانت))', '\\1.\\2\\3'),
            ]) }}
            else {{ replace_patterns("case thousands when '.' then translate(lone_part, '.,', ',.') else lone_part end", [
                ('(^|[^0-9.,])([1-9][0-9]{0,2}),([0-9]{3}),([0-9]{3})\\b', '\\1\\2\\3\\4'),
                ('(^|[^0-9.,])([1-9][0-9]{0,2}),([0-9]{3})\\b', '\\1\\2\\3'),
            ]) }}
        end as decimal_text
    from (
        select *,
            case
                when kind = 'length' then {{ replace_patterns('part', [
                    ('[,;] ?(?:smallest|کوچکترین) [0-9.,]*[0-9] ?(?:cm|mm)', ''), ('(\\b(?:largest|greatest|biggest)\\b[^,;]*)[,;] ?(?:all )?(?:others?|rest|remaining)(?: lesions| nodules| ones)? ?(?:<=?|less than|up to|[:=])? ?[0-9.,]*[0-9] ?(?:cm|mm)$', '\\1'),
                    ('[,;] ?additional dimensions?[ :]+[0-9.]+(?: ?x ?[0-9.]+)? ?(?:cm|mm)', ''), ('^additional dimensions?[ :]+[0-9.]+(?: ?x ?[0-9.]+)? ?(?:cm|mm)[,;] ?', ''),
                    ('^(?:specimen|liver|wedge)(?: (?:resection|specimen|tissue|measuring|measures|size))*[ :]+[0-9.]+(?: ?x ?[0-9.]+)* ?(?:cm|mm)[,;] ?(tumor|mass|lesion|nodule|largest)', '\\1'),
                    ('^(?:' ~ how_many ~ ')[,;:] ?(largest|greatest|biggest)', '\\1'), ('^(?:nodules|lesions|metastases|tumors|foci) (?:of|measuring) ', ''), ('([0-9])-(cm|mm)\\b', '\\1 \\2'), ('[,;] ?(?:solitary|single)$', ''), ('([0-9] ?(?:cm|mm))x ?([0-9])', '\\1 x \\2'), ('([0-9] ?(?:cm|mm)),? (?:#[1-9][ :]+|[1-9][:)] ?)([0-9])', '\\1; \\2'),
                    ('^(?:' ~ how_many ~ ') (?:(?:' ~ length_nouns ~ '|metastase|های) ?e?s? ?)+(?:[,;:(] ?|(rang|meas|largest|of |به ))', '\\1'),
                    ('[(]?(?:\\b(?:in|at) |در )?(?:\\b(?:segments?|segs?|s)[.]? ?[1-8iv]+[ab]?\\b|(?:سگمنت|سگمان) ?[1-8])[)]?[ :]*', ' '),
                    ('[(](?:in )?(?:right|left) lobe[)]|\\bin (?:right|left) lobe\\b|در لوب (?:راست|چپ)', ' '),
                    ('^(?:right|left) lobe ?:? ?([0-9.]+ ?(?:cm|mm)) ?(?:[,;/]|and|[,;] and) ?(?:right|left) lobe ?:? ?([0-9.]+ ?(?:cm|mm))$', '\\1 x \\2'),
                    ('(^|[,;] ?| and )(?:(?:(?:lesion|nodule|tumor|metastasis|ضایعه|ندول) ?)?(?:#[1-9]|[1-9] ?[:=])|[1-9][)])[ :]*', '\\1'),
                    ('^(?:(?:tumor|metastatic|tumoral|liver) )*(?:(?:nodules|lesions|metastases|sizes|foci|tumors|deposits) )+(rang|from|between)', '\\1'),
                    ('\\brang(?:ing|es|ed?)(?: in (?:size|diameter))?(?: from| between| ?:)? ([0-9.]+(?: ?(?:cm|mm))?) ?(?:to|-|and) ?([0-9])', '\\1 x \\2'),
                    ('\\bbetween ([0-9.]+(?: ?(?:cm|mm))?) and ([0-9])', '\\1 - \\2'),
                    ('([0-9]), ([0-9.]+(?:, [0-9.]+)*,? (?:and|&) )', '\\1 x \\2'), ('([0-9](?: ?(?:cm|mm))?) *(?:,? and|[&+]|; | و ) *([0-9])', '\\1 x \\2'), ('([0-9] ?(?:cm|mm)) *(?:[,/]|و) *([0-9])', '\\1 x \\2'),
                    ('([0-9]), ([0-9.]+(?:, [0-9.]+)*,? (?:and|&) )', '\\1 x \\2'), ('([0-9](?: ?(?:cm|mm))?) *(?:,? and|[&+]|; | و ) *([0-9])', '\\1 x \\2'), ('([0-9] ?(?:cm|mm)) *(?:[,/]|و) *([0-9])', '\\1 x \\2'),
                ]) }}
                when kind = 'percent' and regexp_matches(part, 'viable|vital|زنده') then {{ replace_patterns('part', [
                    ('\\bpercent(?:age)? (?:of )?(residual|viable|vital)', '\\1'), ('((?:viable|vital)[a-z ]*) (?:remains?|remaining|left|persists?|present|identified|seen)$', '\\1'), ('\\b(viable (?:tumor )?(?:cells|tumor)) (?:comprises?|constitutes?|accounts? for|makes? up|occup(?:y|ies)) ([a-z~<>]* ?[0-9.]+ ?%)(?: of tumor(?: volume| mass| bed| area)?)?$', '\\1 \\2'), ('\\bvital\\b', 'viable'),
                    ('(^|[,;] *|and )[0-9.]+ ?% (?:of )?(?:tumor )?(?:necrosis|necrotic|fibrosis|fibrotic|mucin)(?: and|[,;]|$)', '\\1'),
                    ('(^ ?|[,;] *|and )(?:necrosis|fibrosis|mucin)[:= ]*[0-9.]+ ?%(?: and|[,;]|$)', '\\1'),
                    ('(^ ?|[,;] *|and )(?:necrosis|fibrosis|mucin)[:= ]*[0-9.]+ ?%(?: and|[,;]|$)', '\\1'),
                    ('^[,; ]+|(?:[,; ]| and)+$', ''),
                ]) }}
                when kind = 'duration' then {{ days_of_compound_duration('part') }}
                -- An age is in completed years; a bound in years and months would not be one in years.
                when contract_unit = 'years' then regexp_replace(part, '^((?:(?:aged?|سن) )?[0-9]{2,3} ?(?:years?|yrs?|y|سال))[.,]?(?: ?(?:and|و|,))? ?(?:1[01]|[0-9]) ?(?:months?|mos?|m|ماه)($|[^\p{L}0-9])', '\1\2')
                -- The reference range that a laboratory prints behind its value.
                when contract_unit = 'ng/mL' then {{ replace_patterns('part', [
                    ('([0-9].*) [(\\[](?:normal|normal range|ref|reference|reference range|nl|uln|n)[:. ]*(?:<=|<|up to|[0-9.]+ ?-)? ?[0-9.]+ ?(?:ng ?/ ?ml)?[)\\]]$', '\\1'),
                ]) }}
                else part
            end as lone_part
        from {{ ref('stg_parts') }}
    )
    where regexp_matches(lone_part, '[0-9]')

),

with_comparators as (

    select *,
        {{ replace_patterns('decimal_text', [
            ('(^|[ <>=~(])[.]([0-9])', '\\1 0.\\2'), (' ?[↑↓]+$', ''), ('^([a-z. ]*[a-z]) - ([0-9.]+(?: ?[a-z/]+)?)$', '\\1 \\2'),
            ('=[ ]*([<>])|([<>])[ ]*=', '\\1\\2='),
            ('([0-9])-(years?|yrs?|months?|mos?|weeks?|days?)\\b', '\\1 \\2'),
            ('(^|\\p{L}|:) ?[%٪] ?([0-9.]+)$', '\\1 \\2 %'),
            ('^([0-9.]+(?: ?(?:cm|mm|months?|mos?|years?|yrs?))?)[ ]*[+]$', '>= \\1'), ('^([0-9.]+) ?[+] ?(months?|mos?|m|years?|yrs?|y)$', '>= \\1 \\2'),
            ('^(.*[0-9].*) or (more|greater|larger|older|over)$', '>= \\1'),
            ('^(.*[0-9].*) or (less|smaller|younger|under)$', '<= \\1'),
            ('حداکثر (قطر|اندازه|ابعاد)', '\\1'),
            ('(^|[ :])(?:from|از) ([0-9.]+(?: ?(?:mm|cm|%))? ?(?:to|تا) ?[0-9])', '\\1\\2'),
            ('^between (.*[0-9].*) and (.*[0-9].*)$', '\\1 - \\2'),
            ('(less than or equal to|no more than|not more than|at most|up to|within|maximum of|حداکثر)', ' <= '),
            ('(greater than or equal to|more than or equal to|no less than|not less than|at least|minimum of|حداقل)', ' >= '),
            ('(less than|smaller than|under|below|کمتر از|کم تر از|کوچکتر از|زیر)', ' < '),
            ('(more than|greater than|larger than|bigger than|over|above|exceeding|بیشتر از|بیش تر از|بزرگتر از|بیش از|بالای)', ' > '),
        ]) }} as compared
    from parts

),

spaced as (

    -- Numbers, words and signs stand apart: "45mm" → "45 mm", "4x3" → "4 x 3". A full stop inside a number stays.
    select *,
        ' ' || trim({{ replace_patterns('compared', [
            ('(<=|>=|<|>|[-*/%~;])', ' \\1 '),
            ('([0-9])([^0-9. ])', '\\1 \\2'),
            ('([^0-9. ])([0-9])', '\\1 \\2'),
            ('[*]', 'x'),
            ('([0-9](?: cm| mm)?) (?:by|در) ', '\\1 x '),
            (' +', ' '),
        ]) }}) || ' ' as tokens
    from with_comparators

),

with_skeletons as (

    select *,
        {% set unit_marks = [] %}
        {% for unit in measurement_units() %}
        {% do unit_marks.append((' (' ~ unit.pattern ~ ')[.,]? ', ' @' ~ unit.unit ~ ' ')) %}
        {% endfor %}
        {{ replace_patterns('tokens', unit_marks) }} as marked
    from spaced

),

skeletons as (

    select *,
        regexp_replace(marked, '{{ number }}', '#', 'g') as skeleton,
        regexp_extract_all(marked, '{{ number }}') as numbers,
        list_distinct(regexp_extract_all(marked, '@[a-zA-Z/]+')) as units
    from with_skeletons

),

shapes as (

    -- A pattern repeated inside one expression would hide an odd text; the shape is taken once and judged once.
    select *,
        regexp_extract(skeleton, '((?:<=|>=|<|>) )?#( @[a-zA-Z/]+)?( (?:{{ separators }}) #( @[a-zA-Z/]+)?)*') as shape
    from skeletons

),

judged as (

    select *,
        trim({{ replace_patterns("' ' || regexp_replace(replace(case when shape like '%@%' then skeleton else regexp_replace(skeleton, ' @[a-zA-Z/]+', '') end, shape, '  '), '[ .,;:=~()]', '  ', 'g') || ' '", [
            (' (?:about|approx|approximate|approximately|ca|circa|around|roughly|estimated|حدود|حدودا|تقریبا|در حدود) ', ' '),
            (' +', ' '),
        ]) }}) as label,
        regexp_extract(shape, '^(<=|>=|<|>)') as comparator,
        length(shape) - length(replace(shape, '#', '')) as shape_numbers,
        regexp_matches(shape, ' x #') as is_product,
        regexp_matches(shape, ' (-|to|تا) #') as is_range,
        coalesce(replace(units[1], '@', ''), unit, case when kind in ('percent', 'steatosis') then 'percent' end) as unit_read
    from shapes

),

converted as (

    select j.*,
        case
            {% for unit in measurement_units() %}
            when unit_read = '{{ unit.unit }}' then cast({{ unit.factor }} as decimal(18, 6))
            {% endfor %}
            when kind in ('count', 'number') then cast(1 as decimal(18, 6))
        end as factor,
        case case when kind = 'duration' and unit_read = 'years' then 'days' else unit_read end
            {% for unit in measurement_units() %}
            when '{{ unit.unit }}' then '{{ unit.base }}'
            {% endfor %}
        end as base_unit,
        try_cast(numbers[1] as decimal(18, 6)) as first_number,
        try_cast(numbers[2] as decimal(18, 6)) as second_number,
        list_max(list_transform(numbers, lambda n: try_cast(n as decimal(18, 6)))) as greatest_number
    from judged j

),

readable as (

    select c.*,
        coalesce(f.value, l.value) as label_value,
        -- Words of size in any order; a noun beside them needs a unit, for without one it counts.
        kind = 'length' and regexp_full_match(label || ' ', '{{ length_words }}') and (len(units) = 1 or not regexp_matches(label, '{{ length_nouns }}')) as is_length_label,
        shape_numbers = len(numbers)
        and not regexp_matches(compared, '(^|[^0-9])[.,][0-9]')
        and len(units) <= 1
        and factor is not null
        -- Longer numbers are keys or telephone numbers, not measurements, and would overflow.
        and coalesce(greatest_number < 1000000000, false)
        and (label = '' or f.phrase is not null or l.phrase is not null or is_length_label)
        and case
            when kind = 'count' or (kind = 'number' and unit_read is null) then base_unit is null
            else base_unit = contract_unit
        end
        and case
            when shape_numbers = 1 then true
            when is_range then shape_numbers = 2 and not is_product and comparator = '' and first_number < second_number
            when is_product then kind = 'length' and comparator = ''
            else false
        end as is_readable
    from converted c
    -- The list of the field first, for a hospital may have its own word for a label.
    left join {{ ref('stg_vocabulary') }} f
        on f.vocabulary = c.vocabulary and f.phrase = c.label and f.value is not null
        and (f.value = 'label' or c.kind in ('steatosis', 'regression'))
    left join {{ ref('stg_vocabulary') }} l
        on l.vocabulary = 'measure_labels' and l.phrase = c.label
        and (
            l.value in (c.kind, c.contract_unit)
            or (l.value = 'noun' and (c.kind = 'count' or (c.kind = 'length' and len(c.units) = 1)))
            or (c.kind = 'regression' and l.value in ('regressed', 'viable', 'necrosis'))
            or (c.kind = 'percent' and l.value in ('viable', 'regressed'))
        )

),

intervals as (

    select
        extract, field, kind, raw_text, part_number, part, minimum, maximum, label_value,
        coalesce(len(units) = 1 or unit is not null, false) as has_unit,
        cast(factor as decimal(18, 6)) as factor,
        case
            when not is_readable then null
            when comparator in ('<', '<=') then 0
            when is_product then greatest_number
            else first_number
        end as low_number,
        case
            when not is_readable or comparator in ('>', '>=') then null
            when is_product then greatest_number
            when is_range then second_number
            else first_number
        end as high_number,
        coalesce(is_readable and comparator = '>', false) as low_is_open,
        coalesce(is_readable and comparator = '<', false) as high_is_open
    from readable

),

in_contract_units as (

    -- Multiplied with room to spare: two decimals of 18 digits overflow together.
    select *,
        cast(cast(low_number as decimal(19, 6)) * factor as decimal(18, 6)) as low,
        cast(cast(high_number as decimal(19, 6)) * factor as decimal(18, 6)) as high
    from intervals

)

-- Whole counts leave no room between: > 5 is at least 6, < 3 at most 2. A fraction of a count is set aside.
select
    extract,
    field,
    raw_text,
    part_number,
    part,
    case when is_plausible then case when kind = 'count' and low_is_open then low + 1 else low end end as low,
    case when is_plausible then case when kind = 'count' and high_is_open then high - 1 else high end end as high,
    is_plausible and low_is_open and kind <> 'count' as low_is_open,
    is_plausible and high_is_open and kind <> 'count' as high_is_open,
    case when is_plausible then label_value end as label_value,
    has_unit,
    low is not null and not is_plausible as is_implausible
from (
    select *,
        coalesce(
            low is not null
            and (high is null or low < high or (low = high and not high_is_open))
            and {{ is_within_bounds() }}
            and (kind <> 'count' or (low = floor(low) and coalesce(high, low) = floor(coalesce(high, low)))),
            false
        ) as is_plausible
    from in_contract_units
)
