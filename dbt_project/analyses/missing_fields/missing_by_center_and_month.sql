-- Which pathology fields are missing, where, in which month, and for which reasons?
-- Gives: center, month, field, expected, known, missing, percent_known, no_report, not_reported, not_assessable, unreadable, imprecise, conflicting, not_collected
select
    center,
    month,
    field,
    sum(expected)::integer as expected,
    sum(known)::integer as known,
    (sum(expected) - sum(known))::integer as missing,
    round(100.0 * sum(known) / sum(expected), 1) as percent_known,
    sum(no_report)::integer as no_report,
    sum(not_reported)::integer as not_reported,
    sum(not_assessable)::integer as not_assessable,
    sum(unreadable)::integer as unreadable,
    sum(imprecise)::integer as imprecise,
    sum(conflicting)::integer as conflicting,
    sum(not_collected)::integer as not_collected
from quality.pathology_completeness
group by center, month, field
having sum(expected) > sum(known)
order by center, month, missing desc, field
