-- What is overall survival after 1, 3 and 5 years, of all patients and by R status?
-- at_risk says how many patients an estimate rests on: below ten or so it says little.
-- Gives: grouping, level, years, percent_alive, ci_low, ci_high, at_risk
select
    grouping,
    level,
    landmark_months // 12 as years,
    round(100 * estimate, 1) as percent_alive,
    round(100 * ci_low, 1) as ci_low,
    round(100 * ci_high, 1) as ci_high,
    at_risk
from results.survival_summary
where measure = 'survival_at_landmark'
    and grouping in ('overall', 'resection_status')
    and landmark_months in (12, 36, 60)
    and estimate is not null
order by grouping, level_position, years
