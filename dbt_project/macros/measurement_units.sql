{#- Units as written: pattern of the whole word(s) → unit, the contract's unit, factor. A month is as long as
    registry.yml says (days_per_month), the year of a duration as 12 of them; an age is in years. Units are grammar, not vocabulary, and so stand here and not in a seed. -#}
{% macro measurement_units() %}
  {{ return([
    {'unit': 'mm', 'base': 'mm', 'factor': '1', 'pattern': 'mm|mms|millimeters?|millimetres?|میلی متر|میلیمتر'},
    {'unit': 'cm', 'base': 'mm', 'factor': '10', 'pattern': 'cm|cms|centimeters?|centimetres?|سانتی متر|سانتیمتر|سانت'},
    {'unit': 'um', 'base': 'mm', 'factor': '0.001', 'pattern': '[µμu]m|microns?|micromet(?:er|re)s?|میکرون|میکرومتر'},
    {'unit': 'percent', 'base': 'percent', 'factor': '1', 'pattern': '%|percent|per cent|pct|درصد|٪'},
    {'unit': 'fraction', 'base': 'percent', 'factor': '100', 'pattern': 'fraction'},
    {'unit': 'days', 'base': 'days', 'factor': '1', 'pattern': 'days?|d|روز'},
    {'unit': 'weeks', 'base': 'days', 'factor': '7', 'pattern': 'weeks?|wks?|w|هفته'},
    {'unit': 'months', 'base': 'days', 'factor': 'cast(days_per_month as decimal(18, 6))', 'pattern': 'months?|mths?|mos?|m|ماه'},
    {'unit': 'years', 'base': 'years', 'factor': "case kind when 'duration' then 12 * cast(days_per_month as decimal(18, 6)) else 1 end", 'pattern': 'years?( old)?|yrs?( old)?|y ?/ ?o|yo|y|ساله|سال'},
    {'unit': 'ng/dL', 'base': 'ng/mL', 'factor': '0.01', 'pattern': 'ng ?/ ?dl'},
    {'unit': 'ng/mL', 'base': 'ng/mL', 'factor': '1', 'pattern': 'ng ?/ ?ml|ng per ml|نانوگرم (?:در|بر|/) ?میلی ?لیتر|(?:[µμu]|mc)g ?/ ?l'},
  ]) }}
{% endmacro %}
