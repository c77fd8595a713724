-- How long are patients followed up?
-- Reverse Kaplan-Meier: death ends the observation, so that it does not count as short follow-up.
-- Beside it the plain follow-up of those alive, as many papers give it.
-- Gives: measure, months, ci_low, ci_high
select
    replace(measure, '_', ' ') as measure,
    round(estimate, 1) as months,
    round(ci_low, 1) as ci_low,
    round(ci_high, 1) as ci_high
from results.survival_summary
where grouping = 'overall'
    and measure in (
        'reverse_kaplan_meier_follow_up_months',
        'follow_up_of_living_median_months',
        'follow_up_of_living_min_months',
        'follow_up_of_living_max_months'
    )
order by measure desc
