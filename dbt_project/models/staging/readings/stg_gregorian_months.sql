-- First day and length of each Gregorian month, 1900-2100: with it a day is valid or not without a cast that guesses.
-- One row per month.
with years as (
    select unnest(range(1900, 2101)) as gregorian_year
),

months as (
    select gregorian_year, gregorian_month, make_date(gregorian_year, gregorian_month, 1) as first_day
    from years cross join (select unnest(range(1, 13)) as gregorian_month)
)

select
    cast(gregorian_year as integer) as gregorian_year,
    cast(gregorian_month as integer) as gregorian_month,
    first_day,
    cast({{ days_between('first_day', add_months('first_day', 1)) }} as integer) as days
from months
