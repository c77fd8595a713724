"""A second reading of the cohort rules, in plain Python, one patient at a time.

How it is independent of the warehouse: it was written from the data dictionary and
docs/definitions.md, shares no code with the SQL and no intermediate table, and opens the delivered
CSV files itself. It has its own normalization of text, its own numbers, intervals, dates
(Jalali by persiantools), links, aggregations and rules. Common to both are only what is data: the
phrases of the code lists in dbt_project/seeds, the mapping in registry.yml, and the keyed
pseudonym, by which the patients of both are joined.

It is written to be obvious, not to be fast or complete: it reads the texts that the tests
generate, no more. Text that it does not know is unreadable, so that a text that only the
warehouse can read shows as a difference.
"""
