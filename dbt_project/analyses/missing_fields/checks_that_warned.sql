-- Which checks of the last night found more than their threshold allows?
-- Gives: layer, table_name, column_name, description, violated, denominator, percent_violated, threshold_percent
select
    layer,
    table_name,
    column_name,
    description,
    violated,
    denominator,
    round(percent_violated, 1) as percent_violated,
    threshold_percent
from quality.check_results
where status = 'failed' and checked_at = (select max(checked_at) from quality.check_results)
order by percent_violated desc nulls last, description
