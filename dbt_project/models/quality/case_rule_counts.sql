-- How often each rule about a case is broken, of how many records to which it applies; the cases are in case_findings.
-- One row per rule.
with counted as (

    {% for rule, model, record, condition, applies in case_rules() %}
    select
        '{{ rule }}' as rule,
        count(distinct record_id) filter (is_broken) as violated,
        count(distinct record_id) filter (applies) as denominator
    from (select {{ record }} as record_id, {{ condition }} as is_broken, {{ applies }} as applies from {{ ref(model) }} o) judged
    {{ 'union all' if not loop.last }}
    {% endfor %}

)

select
    r.priority,
    r.rule,
    r.category,
    r.field,
    r.remedy,
    r.threshold_percent,
    cast(c.violated as integer) as violated,
    cast(c.denominator as integer) as denominator
from {{ ref('case_rules') }} r
left join counted c on c.rule = r.rule
