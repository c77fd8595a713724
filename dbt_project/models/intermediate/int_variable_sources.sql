-- Which delivered fields each variable of the marts is read from, as declared in _marts__models.yml; `is_read` is false
-- of a field that only bears on the variable ("0 metastases" is valid with complete regression only).
-- One row per variable, extract and field.
{% set sources = variable_sources() or [{'variable': '', 'extract': '', 'field': '', 'is_read': false}] %}
select variable, extract, field, is_read
from (
    values
    {% for source in sources %}
    ('{{ source.variable }}', '{{ source.extract }}', '{{ source.field }}', {{ source.is_read }}){{ ',' if not loop.last }}
    {% endfor %}
) as declared (variable, extract, field, is_read)
