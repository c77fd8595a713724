-- How often each rule about a case is broken, of how many records to which it applies; the cases are in case_findings.
-- One row per rule.
{# The rules by the model and record that they are about, so that each model is gone through once. #}
{% set rules_about = {} %}
{% for rule, model, record, condition, applies in case_rules() %}
{% do rules_about.setdefault((model, record), []).append((rule, condition, applies)) %}
{% endfor %}
with counted as (

    {% for (model, record), rules in rules_about.items() %}
    select unnest([
        {% for rule, _, _ in rules %}
        struct_pack(rule := '{{ rule }}', violated := count(*) filter (breaks_{{ loop.index }}), denominator := count(*) filter (falls_under_{{ loop.index }})){{ ',' if not loop.last }}
        {% endfor %}
    ], recursive := true)
    from (
        select
            {% for _, condition, applies in rules %}
            bool_or({{ condition }}) as breaks_{{ loop.index }},
            bool_or({{ applies }}) as falls_under_{{ loop.index }}{{ ',' if not loop.last }}
            {% endfor %}
        from {{ ref(model) }} o
        where {{ record }} is not null
        group by {{ record }}
    ) judged
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
