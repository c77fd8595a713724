-- How many patients die within 30 and within 90 days of the operation, by extent?
-- Whose follow-up ends before is unknown and in neither count.
-- Gives: extent, patients, known_30_days, died_30_days, known_90_days, died_90_days, percent_90_days
select
    coalesce(hepatectomy_extent, 'unknown') as extent,
    count(*) as patients,
    count(died_within_30_days) as known_30_days,
    count(*) filter (died_within_30_days) as died_30_days,
    count(died_within_90_days) as known_90_days,
    count(*) filter (died_within_90_days) as died_90_days,
    round(100.0 * died_90_days / nullif(known_90_days, 0), 1) as percent_90_days
from marts.survival_cohort
group by 1
order by extent
