-- How often is the resection complete (R0), by center and year of the operation?
-- The rate is of the patients whose R status is known; those of whom it is not stand beside it.
-- Gives: center, year, patients, r0, status_known, status_unknown, percent_r0
select
    center,
    extract(year from operation_date) as year,
    count(*) as patients,
    count(*) filter (resection_status = 'R0') as r0,
    count(resection_status) as status_known,
    count(*) - count(resection_status) as status_unknown,
    round(100.0 * r0 / nullif(status_known, 0), 1) as percent_r0
from marts.survival_cohort
group by all
order by center, year
