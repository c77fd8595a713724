-- Every patient that any extract names, and why a patient is not in the survival cohort.
-- Cohort (paper): an index operation exists, no metastatic seeding, final pathology not hemangioma; policy: nor any
-- other diagnosis that is no colorectal metastasis. "No residual tumor" is a complete response and stays.
-- Odd: a patient first operated on after data_as_of had no liver resection by then.
-- One row per patient.
with spine as (

    select patient_id from {{ ref('stg_pathology') }}
    union
    select patient_id from {{ ref('stg_operative') }}
    union
    select patient_id from {{ ref('stg_follow_up') }}

),

operations as (

    select
        patient_id,
        count(*) as operations,
        count(*) filter (is_liver_resection) as hepatectomies,
        min_by(center, hepatectomy_number) as center_of_index,
        min(center) as any_center
    from {{ ref('int_operations') }}
    group by patient_id

),

reports as (

    select patient_id, count(*) as pathology_reports, min(center) as any_center from {{ ref('stg_pathology') }} group by patient_id

),

contacts as (

    select patient_id, count(*) as follow_up_contacts from {{ ref('stg_follow_up') }} group by patient_id

),

joined as (

    select
        s.patient_id,
        coalesce(o.center_of_index, o.any_center, r.any_center) as center,
        f.sex,
        case when f.patient_id is null then 'no_report' else f.sex_missing_reason end as sex_missing_reason,
        f.primary_site,
        case when f.patient_id is null then 'no_report' else f.primary_site_missing_reason end as primary_site_missing_reason,
        f.primary_sites,
        case when f.patient_id is null then 'no_report' else f.primary_sites_missing_reason end as primary_sites_missing_reason,
        coalesce(o.operations, 0) as operations,
        coalesce(o.hepatectomies, 0) as hepatectomies,
        coalesce(r.pathology_reports, 0) as pathology_reports,
        coalesce(c.follow_up_contacts, 0) as follow_up_contacts,
        case
            when i.patient_id is null or i.operation_date_low > d.data_as_of then 'no liver resection'
            when i.metastatic_seeding = 'yes' then 'metastatic seeding'
            when p.diagnosis = 'hemangioma' then 'hemangioma'
            when p.diagnosis in ('other', 'benign') then 'no colorectal metastasis'
        end as exclusion_reason
    from spine s
    left join operations o on o.patient_id = s.patient_id
    left join reports r on r.patient_id = s.patient_id
    left join contacts c on c.patient_id = s.patient_id
    left join {{ ref('int_patient_facts') }} f on f.patient_id = s.patient_id
    left join {{ ref('int_index_operations') }} i on i.patient_id = s.patient_id
    left join {{ ref('int_index_pathology') }} p on p.patient_id = s.patient_id
    cross join {{ ref('int_data_as_of') }} d

)

select
    patient_id,
    center,
    sex,
    sex_missing_reason,
    primary_site,
    primary_site_missing_reason,
    primary_sites,
    primary_sites_missing_reason,
    cast(operations as integer) as operations,
    cast(hepatectomies as integer) as hepatectomies,
    cast(pathology_reports as integer) as pathology_reports,
    cast(follow_up_contacts as integer) as follow_up_contacts,
    exclusion_reason is null as is_in_cohort,
    exclusion_reason
from joined
