-- How does the completeness of each field change from night to night?
-- completeness_history has a row where a count changed; it holds until a later one.
-- Gives: night, field, expected, known, percent_known
with nights as (
    select distinct checked_at as night from quality.check_results
),
in_force as (
    select n.night, h.field, h.expected, h.known
    from nights n
    join quality.completeness_history h on h.checked_at <= n.night
    qualify row_number() over (
        partition by n.night, h.field, h.center, h.laboratory, h.month order by h.checked_at desc
    ) = 1
)
select
    night,
    field,
    sum(expected)::integer as expected,
    sum(known)::integer as known,
    round(100.0 * sum(known) / nullif(sum(expected), 0), 1) as percent_known
from in_force
group by night, field
order by field, night
