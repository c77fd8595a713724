-- Of how many patients is a variable unknown, and why?
-- Here the margin group; for another variable write its name and that of its reason.
-- Gives: center, reason, patients
select
    center,
    margin_group_missing_reason as reason,
    count(*) as patients
from marts.survival_cohort
where margin_group is null
group by all
order by patients desc, center, reason
