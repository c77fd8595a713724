-- No row is lost or doubled between the layers: what the ledger holds open is what staging and the marts hold.
{% set pairs = [
    ('pathology rows in staging', open_rows('pathology'), ref('stg_pathology')),
    ('operative rows in staging', open_rows('operative'), ref('stg_operative')),
    ('follow-up rows in staging', open_rows('follow_up'), ref('stg_follow_up')),
    ('pathology reports in marts', ref('stg_pathology'), ref('pathology_reports')),
    ('follow-up contacts in marts', ref('stg_follow_up'), ref('follow_up_contacts')),
    ('liver resections in marts', "(select * from " ~ ref('int_operations') ~ " where is_liver_resection)", ref('hepatectomies')),
    ('patients in the cohort', "(select * from " ~ ref('patients') ~ " where is_in_cohort)", ref('survival_cohort')),
] %}
select * from (
    {% for layer, before, after in pairs %}
    select '{{ layer }}' as layer, (select count(*) from {{ before }} b) as rows_before, (select count(*) from {{ after }} a) as rows_after
    {{ 'union all' if not loop.last }}
    {% endfor %}
)
where rows_before <> rows_after
