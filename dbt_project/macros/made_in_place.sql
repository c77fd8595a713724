{#- A table or view is dropped and made again in one transaction. The adapter's own way builds it beside the old one and renames
    both, statements that take longer than most of our models; nobody reads the warehouse while a night builds it. -#}
{% materialization table, adapter='duckdb' %}
  {{ return(made_in_place(this.incorporate(type='table'), compiled_code)) }}
{% endmaterialization %}

{% materialization view, adapter='duckdb' %}
  {{ return(made_in_place(this.incorporate(type='view'), compiled_code)) }}
{% endmaterialization %}

{% macro made_in_place(target, code) %}
  {#- With another version of the project what was a table may be a view. -#}
  {%- set existing = load_cached_relation(target) or target -%}
  {{ run_hooks(pre_hooks, inside_transaction=False) }}
  {{ run_hooks(pre_hooks, inside_transaction=True) }}
  {% call statement('main') -%}
    drop {{ existing.type }} if exists {{ target }};
    {{ create_view_as(target, code) if target.is_view else create_table_as(False, target, code) }}
  {%- endcall %}
  {{ run_hooks(post_hooks, inside_transaction=True) }}
  {{ adapter.commit() }}
  {{ run_hooks(post_hooks, inside_transaction=False) }}
  {{ return({'relations': [target]}) }}
{% endmacro %}
