-- Do the pathology fields become more complete from one quarter of operations to the next?
-- Specimens of no known month are left out; change is against the quarter before, in points.
-- Gives: field, quarter, expected, known, percent_known, change
with quarters as (
    select
        field,
        left(month, 4) || '-Q' || ((right(month, 2)::integer + 2) // 3) as quarter,
        sum(expected)::integer as expected,
        sum(known)::integer as known,
        round(100.0 * sum(known) / nullif(sum(expected), 0), 1) as percent_known
    from quality.pathology_completeness
    where regexp_matches(month, '^\d{4}-\d{2}$')
    group by all
)
select
    *,
    round(percent_known - lag(percent_known) over (partition by field order by quarter), 1) as change
from quarters
order by field, quarter
