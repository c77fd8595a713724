{#- Rank of one end of an interval of viable tumor in percent (Blazer, J Clin Oncol 2008;26:5344): 0 is complete (1),
    below 50 partial (2), 50 and more poor (3). An open end lies just inside: (0, …) starts in 2, […, 50) ends in 2. -#}
{% macro blazer_rank(percent, is_open, is_low) -%}
  case
    when {{ percent }} is null then null
    when {{ percent }} = 0 {{ 'and not ' ~ is_open if is_low }} then 1
    when {{ percent }} < 50 {{ '' if is_low else 'or (' ~ percent ~ ' = 50 and ' ~ is_open ~ ')' }} then 2
    else 3
  end
{%- endmacro %}
