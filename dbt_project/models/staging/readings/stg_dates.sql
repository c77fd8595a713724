-- Dates as intervals: a day, a month (`2018-05`) or a year. The point of a month is day 15, of a Gregorian year
-- 1 July, of a Jalali year the first day of its seventh month. A year first is year-month-day whatever the declared
-- order; a year last is read in the declared order and never swapped. A month may stand in its name (14 Mar 1958). Jalali days come from the seed of month starts,
-- 1300-1430; Gregorian years are 1900-2100.
-- Eight digits with the year in front are a day (19580314): no other order of them holds a month.
-- Odd: two-digit years and impossible days (1402/12/30, 31 April) are unreadable.
-- One row per extract, date field and delivered text.
{% set months = {
    'gregorian': [
        '(?:jan(?:uary|uar|vier)?|ژانویه)', '(?:feb(?:ruary|ruar)?|f[eé]v(?:rier|r)?|فوریه)', '(?:mar(?:ch|s|t)?|m[aä]rz|مارس)', '(?:apr(?:il)?|avr(?:il)?|آوریل|آپریل)', '(?:may|mai|مه|می)', '(?:june?|juni|juin|ژوئن)', '(?:july?|juli|juil(?:let)?|ژوئیه|جولای)', '(?:aug(?:ust)?|ao[uû]t|اوت|آگوست)', '(?:sept?(?:ember|embre)?|سپتامبر)', '(?:oct(?:ober|obre)?|okt(?:ober)?|اکتبر)', '(?:nov(?:ember|embre)?|نوامبر)', '(?:dec(?:ember|embre)?|d[eé]c(?:embre)?|dez(?:ember)?|دسامبر)',
    ],
    'jalali': ['فروردین', 'اردیبهشت', 'خرداد', 'تیر', 'مرداد', 'شهریور', 'مهر', 'آبان', 'آذر', 'دی', 'بهمن', 'اسفند'],
} %}
{% set blanks_aside = [('^(?:(?:sun|mon|tues|wednes|thurs|fri|satur)day|sun|mon|tues?|wed|thurs?|thu|fri|sat)[.,]? +', ''), ('[ t]+[0-9]{1,2}:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?( ?[ap]m|z)?$', ''),
    ('^(dob|d[.]o[.]b|born|b|date of birth|birth ?date|birth year|yob|y[.]o[.]b|year(?: of birth)?|متولد|تاریخ تولد|سال تولد)[. :]+((in|on) )?', ''), (' ?[(](?:year only|only year|yr)[)]$', ''), ('([0-9])(st|nd|rd|th)\\b( of)?', '\\1'), (' *([-/.]) *', '\\1'), ('^(1[349]|20)([0-9]{2})(0[1-9]|1[0-2])([0-3][0-9])$', '\\1\\2-\\3-\\4')] %}
with cells as (

    -- The name of a month in its calendar, between day and year in whatever order, becomes year-month-day.
    select *,
        case calendar
            {% for calendar, names in months.items() %}
            {% set by_name = [] %}
            {% for name in names %}
            {% do by_name.extend([
                ('^([0-9]{1,2})[-/. ]*' ~ name ~ '[-/., ]*([0-9]{4})$', '\\2-' ~ loop.index ~ '-\\1'),
                ('^' ~ name ~ '[. ]+([0-9]{1,2}),? ([0-9]{4})$', '\\2-' ~ loop.index ~ '-\\1'),
                ('^([0-9]{4})[-/. ]' ~ name ~ '[-/. ]([0-9]{1,2})$', '\\1-' ~ loop.index ~ '-\\2'),
                ('^' ~ name ~ '[-/., ]*([0-9]{4})$', '\\1-' ~ loop.index),
            ]) %}
            {% endfor %}
            when '{{ calendar }}' then {{ replace_patterns('text', blanks_aside + by_name) }}
            {% endfor %}
        end as day_text
    from {{ ref('stg_cells') }}
    where kind = 'date'

),

{% set sep = '[-/.]' %}
patterns as (

    select *,
        case
            when regexp_full_match(day_text, '[0-9]{4}{{ sep }}[0-9]{1,2}{{ sep }}[0-9]{1,2}') then 'ymd'
            when regexp_full_match(day_text, '[0-9]{1,2}{{ sep }}[0-9]{1,2}{{ sep }}[0-9]{4}')
                and date_order in ('dmy', 'mdy') then date_order
            when regexp_full_match(day_text, '[0-9]{4}{{ sep }}[0-9]{1,2}') then 'ym'
            when regexp_full_match(day_text, '[0-9]{1,2}{{ sep }}[0-9]{4}') then 'my'
            when regexp_full_match(day_text, '[0-9]{4}') then 'y'
        end as pattern,
        regexp_extract_all(day_text, '[0-9]+') as numbers
    from cells
    where missing_reason is null

),

numbered as (

    select *,
        case pattern when 'dmy' then numbers[3] when 'mdy' then numbers[3] when 'my' then numbers[2] else numbers[1] end as year_text,
        case pattern when 'dmy' then numbers[2] when 'mdy' then numbers[1] when 'ymd' then numbers[2] when 'ym' then numbers[2] when 'my' then numbers[1] end as month_text,
        case pattern when 'dmy' then numbers[1] when 'mdy' then numbers[2] when 'ymd' then numbers[3] end as day_number_text,
        case when pattern in ('ymd', 'dmy', 'mdy') then 'day' when pattern in ('ym', 'my') then 'month' when pattern = 'y' then 'year' end as precision
    from patterns

),

typed as (

    select
        extract, field, raw_text, calendar, precision,
        cast(year_text as integer) as year_number,
        cast(month_text as integer) as month_number,
        cast(day_number_text as integer) as day_number
    from numbered
    where pattern is not null

),

months as (

    -- The first and last month that the text allows, with their first day and length.
    select t.*,
        coalesce(t.month_number, 1) as first_month,
        coalesce(t.month_number, 12) as last_month
    from typed t

),

bounded as (

    select
        m.*,
        coalesce(j1.first_day, g1.first_day) as first_month_start,
        coalesce(j1.days, g1.days) as first_month_days,
        coalesce(j2.first_day, g2.first_day) as last_month_start,
        coalesce(j2.days, g2.days) as last_month_days,
        coalesce(j7.first_day, g7.first_day) as middle_of_year
    from months m
    {% for alias, month in [('1', 'm.first_month'), ('2', 'm.last_month'), ('7', '7')] %}
    left join {{ ref('jalali_months') }} j{{ alias }}
        on m.calendar = 'jalali' and j{{ alias }}.jalali_year = m.year_number and j{{ alias }}.jalali_month = {{ month }}
    left join {{ ref('stg_gregorian_months') }} g{{ alias }}
        on m.calendar = 'gregorian' and g{{ alias }}.gregorian_year = m.year_number and g{{ alias }}.gregorian_month = {{ month }}
    {% endfor %}

),

read as (

    select
        extract, field, raw_text, precision,
        case precision
            when 'day' then case when day_number between 1 and first_month_days then first_month_start + (day_number - 1) end
            else first_month_start
        end as low,
        case precision
            when 'day' then case when day_number between 1 and first_month_days then first_month_start + (day_number - 1) end
            else last_month_start + (last_month_days - 1)
        end as high,
        case precision
            when 'day' then case when day_number between 1 and first_month_days then first_month_start + (day_number - 1) end
            when 'month' then first_month_start + 14
            else middle_of_year
        end as value
    from bounded

)

select
    c.extract,
    c.field,
    c.raw_text,
    c.row_count,
    c.text,
    cast(r.value as date) as value,
    case when r.value is not null then cast(r.low as date) end as low,
    case when r.value is not null then cast(r.high as date) end as high,
    case when r.value is not null then r.precision end as precision,
    case
        when c.missing_reason is not null then c.missing_reason
        when r.value is not null then null
        when c.is_missing_word then 'not_reported'
        else 'unreadable'
    end as missing_reason
from cells c
left join read r on r.extract = c.extract and r.field = c.field and r.raw_text = c.raw_text
