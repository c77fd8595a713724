{#- Kinds of fields whose texts are read by lists and sentences, and those of them that hold measurements. -#}
{% macro read_kinds() -%}
('word', 'margin', 'steatosis', 'regression', 'procedure', 'segments', 'count', 'length', 'percent', 'number', 'duration')
{%- endmacro %}
{% macro measured_kinds() -%}
('margin', 'steatosis', 'regression', 'count', 'length', 'percent', 'number', 'duration')
{%- endmacro %}

{#- A text as it is looked up in the lists: without marks at its end. -#}
{% macro bare_text(text) -%}
regexp_replace({{ text }}, '[ .:]+$', '')
{%- endmacro %}

{#- Whether the list of a field may read its texts: a bare number that has a unit is a percent, and no grade that the list knows. -#}
{% macro is_read_by_list(cells) -%}
({{ cells }}.unit is null or {{ cells }}.kind not in ('steatosis', 'regression'))
{%- endmacro %}

{#- The definitions that words depend on, as entries of a struct: part of what goes with a text to its reader (reading/settings.py). -#}
{% macro definitions_of_words() -%}
            'rectosigmoid': '{{ var("rectosigmoid") }}',
            'poor_regression_viable_percent': {{ var('poor_regression_viable_percent') }},
            'metachronous_after_months': {{ var('metachronous_after_months') }}
{%- endmacro %}

{#- Whether any of an interval lies within the bounds of its field; true where there is none. -#}
{% macro is_within_bounds() -%}
(maximum is null or low is null or low < maximum or (low = maximum and not low_is_open))
            and (minimum is null or high is null or high > minimum or (high = minimum and not high_is_open))
{%- endmacro %}
