-- How do patients with synchronous and with metachronous metastases differ?
-- Percentages are of the patients of whom the value is known.
-- Gives: chronology, patients, median_age, percent_multiple, median_size_mm, percent_neoadjuvant, percent_major, percent_r0, deaths
select
    coalesce(chronology, 'unknown') as chronology,
    count(*) as patients,
    median(age_at_operation) as median_age,
    round(100 * avg(multiple_metastases::integer), 1) as percent_multiple,
    median(largest_metastasis_mm) as median_size_mm,
    round(100 * avg((neoadjuvant_therapy = 'yes')::integer), 1) as percent_neoadjuvant,
    round(100 * avg((hepatectomy_extent = 'major')::integer), 1) as percent_major,
    round(100 * avg((resection_status = 'R0')::integer), 1) as percent_r0,
    count(*) filter (died) as deaths
from marts.survival_cohort
group by 1
order by patients desc
