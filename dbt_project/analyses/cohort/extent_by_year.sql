-- Does the extent of hepatectomies change over the years?
-- First liver resections of the cohort; without `unknown` a percentage would be too high.
-- Gives: year, patients, major, minor, unknown, percent_major
select
    extract(year from operation_date) as year,
    count(*) as patients,
    count(*) filter (hepatectomy_extent = 'major') as major,
    count(*) filter (hepatectomy_extent = 'minor') as minor,
    count(*) filter (hepatectomy_extent is null) as unknown,
    round(100.0 * major / nullif(major + minor, 0), 1) as percent_major
from marts.survival_cohort
group by all
order by year
