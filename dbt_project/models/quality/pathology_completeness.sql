-- How complete each pathology field is: of the specimens of which it is expected, how many have it, and why the others
-- do not. A field that no extract delivers is missing everywhere, with the reason not_collected.
-- Odd: the percent is cut and not rounded, so that 100.0 hides no missing one.
-- One row per field, centre, laboratory and month.
{% set reasons = ['not_collected', 'no_report', 'not_reported', 'not_assessable', 'unreadable', 'imprecise', 'conflicting'] %}
select
    field,
    center,
    laboratory,
    month,
    cast(count(*) as integer) as expected,
    cast(count(*) filter (missing_reason is null) as integer) as known,
    {% for reason in reasons %}
    cast(count(*) filter (missing_reason = '{{ reason }}') as integer) as {{ reason }},
    {% endfor %}
    trunc(100.0 * count(*) filter (missing_reason is null) / count(*), 1)::decimal(5, 1) as percent_known
from {{ ref('int_pathology_fields') }}
where is_expected
group by field, center, laboratory, month
