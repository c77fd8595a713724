{#- Units as written: pattern of the whole word(s) → unit, the contract's unit, factor. A month is as long as
    registry.yml says (days_per_month). Units are grammar, not vocabulary, and so stand here and not in a seed. -#}
{% macro measurement_units() %}
  {{ return([
    {'unit': 'mm', 'base': 'mm', 'factor': '1', 'pattern': 'mm|mms|millimeters?|millimetres?|میلی متر|میلیمتر'},
    {'unit': 'cm', 'base': 'mm', 'factor': '10', 'pattern': 'cm|cms|centimeters?|centimetres?|سانتی متر|سانتیمتر|سانت'},
    {'unit': 'um', 'base': 'mm', 'factor': '0.001', 'pattern': '[µμu]m|microns?|micromet(?:er|re)s?|میکرون|میکرومتر'},
    {'unit': 'percent', 'base': 'percent', 'factor': '1', 'pattern': '%|percent|per cent|pct|درصد|٪'},
    {'unit': 'fraction', 'base': 'percent', 'factor': '100', 'pattern': 'fraction'},
    {'unit': 'days', 'base': 'days', 'factor': '1', 'pattern': 'days?|روز'},
    {'unit': 'weeks', 'base': 'days', 'factor': '7', 'pattern': 'weeks?|wks?|هفته'},
    {'unit': 'months', 'base': 'days', 'factor': 'cast(days_per_month as decimal(18, 6))', 'pattern': 'months?|mos?|ماه'},
    {'unit': 'years', 'base': 'years', 'factor': '1', 'pattern': 'years?( old)?|yrs?( old)?|y|yo|y ?/ ?o|ساله|سال'},
    {'unit': 'ng/mL', 'base': 'ng/mL', 'factor': '1', 'pattern': 'ng ?/ ?ml|ng per ml|(?:[µμu]|mc)g ?/ ?l'},
  ]) }}
{% endmacro %}
