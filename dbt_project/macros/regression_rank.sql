{#- Rank of a tumor regression, the worst highest, and the regression of a rank. -#}
{% macro regression_rank(word) -%}
  case {{ word }} when 'complete' then 1 when 'partial' then 2 when 'poor' then 3 end
{%- endmacro %}
{% macro regression_of_rank(rank) -%}
  case {{ rank }} when 1 then 'complete' when 2 then 'partial' when 3 then 'poor' end
{%- endmacro %}

{#- Rank of one end of an interval of viable tumor in percent (Blazer, J Clin Oncol 2008;26:5344): 0 is complete, less
    than `poor_regression_viable_percent` partial, else poor. An open end lies just inside: (0, …) starts in partial,
    […, 50) ends in it. -#}
{% macro blazer_rank(percent, is_open, is_low) -%}
  {%- set poor = var('poor_regression_viable_percent') -%}
  case
    when {{ percent }} is null then null
    when {{ percent }} = 0 {{ 'and not ' ~ is_open if is_low }} then 1
    when {{ percent ~ ' < ' ~ poor if is_low else below(percent, is_open, poor) }} then 2
    else 3
  end
{%- endmacro %}
