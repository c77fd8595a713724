-- Which specimens does a patient have, and what do their reports say?
-- Write the patient's pseudonym in the first line; as it stands it takes one with several reports.
-- Gives: patient_id, operation_date, specimen_id, organ, diagnosis, metastasis_count, largest_metastasis_mm, margin_from_mm, margin_to_mm, margin_status, link_basis
with patient as (select max_by(patient_id, pathology_reports) as patient_id from marts.patients)

select
    r.patient_id,
    h.operation_date,
    r.specimen_id,
    r.organ,
    r.diagnosis,
    r.metastasis_count,
    r.largest_metastasis_mm,
    r.margin_distance_from_mm as margin_from_mm,
    r.margin_distance_to_mm as margin_to_mm,
    r.margin_status,
    r.link_basis
from patient
join marts.pathology_reports r using (patient_id)
left join marts.hepatectomies h on h.operation_id = r.operation_id
order by h.operation_date, r.report_date, r.specimen_id
