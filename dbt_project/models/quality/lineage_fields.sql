-- From which delivered fields each variable of survival_cohort is read, and under which headers they and the comment that
-- may speak for them are delivered now.
-- Odd: a field without a column has no `header`; a comment may speak for it all the same.
-- One row per variable, extract and field.
select
    v.variable,
    v.extract,
    v.field,
    v.is_read,
    f.header,
    k.header as comment_header
from {{ ref('int_variable_sources') }} v
left join {{ source('raw', 'fields') }} f on f.extract = v.extract and f.field = v.field and f.is_mapped
left join {{ source('raw', 'fields') }} k on k.extract = v.extract and k.field = 'comment' and k.is_mapped
where v.variable in ({% for variable, _ in variables_of_marts('survival_cohort') %}'{{ variable }}', {% endfor %}'')
