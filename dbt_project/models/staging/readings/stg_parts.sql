-- The parts of a text that are read on their own: separated by ; and by . or , before a blank or the end; a regimen
-- also by + / & and "and"; a margin and a steatosis also by brackets and after an R class. A measurement is one part.
-- Odd: a whole text that is one of the hospital's own phrases is one part; "4,5" and "4.5" hold no separator, "free, 3 mm" does.
-- One row per extract, field, delivered text and part.
with texts as (

    select *,
        case
            when kind in ('word', 'margin', 'steatosis', 'regression') then
                regexp_replace(
                    case
                        when kind in ('margin', 'steatosis', 'regression') then
                            regexp_replace(regexp_replace(text, '[()\[\]:]', ';', 'g'), '\b(r[0-2])[ ,]*([<>~=]*[ ]*[0-9])', '\1;\2', 'g')
                        when field = 'neoadjuvant_regimen' then
                            regexp_replace(text, '( and |[+&/,])', ';', 'g')
                        else text
                    end,
                    '[.,]( |$)', ';', 'g'
                )
            else replace(text, ';', ',')
        end as separated
    from {{ ref('stg_cells') }}
    where kind in ('word', 'margin', 'steatosis', 'regression', 'length', 'count', 'number', 'percent', 'duration')
        and missing_reason is null

)

select
    extract, field, kind, vocabulary, raw_text, unit, days_per_month, thousands, minimum, maximum,
    part_number,
    trim(part) as part
from texts
{{ unnest_list("case when is_own_phrase then [text] else string_split(separated, ';') end", 'part', 'part_number') }}
where trim(part) <> ''
