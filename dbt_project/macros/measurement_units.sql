{#- Units as written: pattern of the whole word(s) → unit, the contract's unit, factor. A month is as long as
    registry.yml says (days_per_month), the year of a duration as 12 of them; an age is in years. Units are grammar, not vocabulary, and so stand here and not in a seed. -#}
{% macro measurement_units() %}
  {{ return([
    {'unit': 'mm', 'base': 'mm', 'factor': '1', 'pattern': 'mm|mms|millimeters?|millimetres?|میلی متری?|میلیمتری?'},
    {'unit': 'cm', 'base': 'mm', 'factor': '10', 'pattern': 'cm|cms|centimeters?|centimetres?|سانتی متری?|سانتیمتری?|سانت'},
    {'unit': 'um', 'base': 'mm', 'factor': '0.001', 'pattern': '[µμu]m|microns?|micromet(?:er|re)s?|میکرون|میکرومتر'},
    {'unit': 'percent', 'base': 'percent', 'factor': '1', 'pattern': '%|percent|per cent|pct|درصد|٪'},
    {'unit': 'fraction', 'base': 'percent', 'factor': '100', 'pattern': 'fraction'},
    {'unit': 'days', 'base': 'days', 'factor': '1', 'pattern': 'days?|d|روز'},
    {'unit': 'weeks', 'base': 'days', 'factor': '7', 'pattern': 'weeks?|wks?|w|هفته'},
    {'unit': 'months', 'base': 'days', 'factor': 'cast(days_per_month as decimal(18, 6))', 'pattern': 'months?|mths?|mos?|m|ماهه|ماه'},
    {'unit': 'years', 'base': 'years', 'factor': "case kind when 'duration' then 12 * cast(days_per_month as decimal(18, 6)) else 1 end", 'pattern': 'years?( old)?|yrs?( old)?|y ?[/.] ?o|yo|y|سالگی|ساله|سال'},
    {'unit': 'ng/dL', 'base': 'ng/mL', 'factor': '0.01', 'pattern': 'ng ?/ ?dl'},
    {'unit': 'ng/mL', 'base': 'ng/mL', 'factor': '1', 'pattern': 'ng ?/ ?ml|ng per ml|نانوگرم (?:در|بر|/) ?میلی ?لیتر|(?:[µμu]|mc)g ?/ ?l'},
  ]) }}
{% endmacro %}

{#- A duration as people say it ("two years", "1 y 6 m", "یک سال و نیم", "POD 30") in one number and unit: parts in falling
    units, each less than one of the unit before it, become whole days. Text that holds none stays as it is. -#}
{% macro days_of_compound_duration(text) -%}
  {%- set numbers = ['one|یک', 'two|دو', 'three|سه', 'four|چهار', 'five|پنج', 'six|شش', 'seven|هفت', 'eight|هشت', 'nine|نه', 'ten|ده', 'eleven|یازده', 'twelve|دوازده'] -%}
  {%- set tens = {'eighteen|هجده': 18, 'twenty four|بیست و چهار': 24, 'thirty six|سی و شش': 36} -%}
  {%- set units = {} -%}
  {%- for unit in measurement_units() if unit.unit in ('years', 'months', 'weeks', 'days') -%}
    {%- do units.update({unit.unit: '(?:' ~ unit.pattern | replace('( old)?', '') | replace('|y ?[/.] ?o|yo|', '|') ~ ')'}) -%}
  {%- endfor -%}
  {%- set any_unit = units.values() | join('|') -%}
  {%- set spoken = [] -%}
  {%- for words in numbers -%}
    {%- do spoken.append(('(^|[^\\p{L}])(?:' ~ words ~ ') (' ~ any_unit ~ '|and half )', '\\1 ' ~ loop.index ~ ' \\2')) -%}
  {%- endfor -%}
  {%- for words, number in tens.items() -%}
    {%- do spoken.insert(0, ('(^|[^\\p{L}])(?:' ~ words ~ ') (' ~ any_unit ~ ')', '\\1 ' ~ number ~ ' \\2')) -%}
  {%- endfor -%}
  {%- set spoken = spoken + [
    ('\\bf/u\\b', 'fu'), ('[(](' ~ any_unit ~ ')[)]$', '\\1'), ('(^|[^0-9.])([0-9]+) 1/2 ', '\\1\\2.5 '),
    ('(^|[^0-9.])([0-9]+) and half (' ~ any_unit ~ ')', '\\1\\2.5 \\3'),
    ('(^|[^0-9.])([0-9]+) ?(year|years|سال|months?|ماه) (?:and half|و نیم)($|[^\\p{L}])', '\\1\\2.5 \\3\\4'),
    ('\\bhalf year\\b', '0.5 year'),
    ('^(?:pod|postoperative day|post op day|postop day|day|d) ?#? ?([0-9]+)$', '\\1 days'),
    ('^(?:month|m) ?([0-9]+)$', '\\1 months'),
  ] -%}
  {%- set joint = '[.,]?(?: ?(?:and|و|&|[+]))? ?' -%}
  {%- set y = '[0-9]{1,2} ?' ~ units.years ~ joint -%}
  {%- set m = '(?:1[01]|[0-9]) ?' ~ units.months -%}
  {%- set d = '(?:30|[12]?[0-9]) ?' ~ units.days -%}
  {%- set w = '[0-9]{1,2} ?' ~ units.weeks ~ joint -%}
  {%- set said = replace_patterns(text, spoken) -%}
  {%- set compound = "regexp_extract(" ~ said ~ ", '(?:^|[^0-9.,-])((?:" ~ y ~ m ~ "(?:" ~ joint ~ d ~ ")?|" ~ y ~ d ~ "|[0-9]{1,2} ?" ~ units.months ~ joint ~ d ~ "|" ~ w ~ "[0-6] ?" ~ units.days ~ "))(?:$|[^\\p{L}0-9])', 1)" -%}
  case
            when {{ compound }} = '' then {{ said }}
            else replace({{ said }}, {{ compound }}, cast(round(
                {%- for unit in measurement_units() if unit.unit in units %}
                coalesce(try_cast(regexp_extract({{ compound }}, '([0-9]+) ?{{ units[unit.unit] }}', 1) as integer), 0) * cast({{ unit.factor }} as decimal(18, 6)) {{ '+' if not loop.last }}
                {%- endfor %}
            , 0) as integer)::varchar || ' days')
        end
{%- endmacro %}
