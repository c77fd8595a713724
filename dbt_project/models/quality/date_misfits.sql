-- Dates that cannot be read as registry.yml declares them and would fit another order or calendar: of 13/02/2020 and
-- 02/13/2020 one is misread by any order. They stay unreadable and are never swapped; the declaration may be wrong.
-- Odd: where no day is above 12, a wrong order between day and month cannot be seen.
-- One row per extract, date field and declaration that would fit.
with dates as (

    select d.extract, d.field, d.row_count, d.missing_reason, f.date_order, f.calendar,
        regexp_extract_all(d.text, '[0-9]+') as numbers,
        regexp_full_match(d.text, '[0-9]{1,2}[-/.][0-9]{1,2}[-/.][0-9]{4}') as is_year_last,
        regexp_full_match(d.text, '[0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}') as is_year_first
    from {{ ref('stg_dates') }} d
    inner join {{ source('raw', 'fields') }} f on f.extract = d.extract and f.field = d.field

),

numbered as (

    select *,
        cast(case when is_year_last then numbers[3] else numbers[1] end as integer) as year_number,
        case when is_year_last then cast(numbers[1] as integer) end as first_number,
        case when is_year_last then cast(numbers[2] as integer) end as second_number
    from dates
    where missing_reason = 'unreadable' and (is_year_last or is_year_first)

),

fitting as (

    select extract, field, row_count,
        case
            when calendar = 'gregorian' and year_number between 1300 and 1430 then 'jalali'
            when calendar = 'jalali' and year_number between 1900 and 2100 then 'gregorian'
            when date_order <> 'dmy' and first_number between 13 and 31 and second_number between 1 and 12 then 'dmy'
            when date_order <> 'mdy' and second_number between 13 and 31 and first_number between 1 and 12 then 'mdy'
            when date_order = 'ymd' and is_year_last then 'dmy or mdy'
        end as fits
    from numbered

),

filled as (

    select extract, field, sum(row_count) as row_count
    from dates
    where missing_reason is null or missing_reason = 'unreadable'
    group by extract, field

)

select
    m.extract,
    m.field,
    m.fits,
    cast(sum(m.row_count) as integer) as row_count,
    cast(any_value(f.row_count) as integer) as filled_rows
from fitting m
inner join filled f on f.extract = m.extract and f.field = m.field
where m.fits is not null
group by m.extract, m.field, m.fits
