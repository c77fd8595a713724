-- No identifier of the extracts reaches a mart: what could be a hospital's number is a pseudonym of its domain.
select patient_id as found from {{ ref('patients') }} where not regexp_matches(patient_id, '^P[0-9a-f]{20}$')
union all
select specimen_id from {{ ref('pathology_reports') }} where not regexp_matches(specimen_id, '^S[0-9a-f]{20}$')
