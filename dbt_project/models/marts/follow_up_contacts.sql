-- Contacts after surgery as read; the patient's vital status and follow-up, over all contacts, are in survival_cohort.
-- One row per contact.
select
    c.contact_id,
    c.patient_id,
    c.source,
    c.contact_date,
    c.contact_date_precision,
    c.contact_date_missing_reason,
    coalesce(
        cast({{ days_between('o.operation_date', 'c.contact_date') }} as integer),
        case when c.time_since_operation_low = c.time_since_operation_high then cast(c.time_since_operation_low as integer) end
    ) as days_since_operation,
    c.vital_status,
    c.vital_status_missing_reason,
    c.death_date,
    c.death_date_precision,
    c.death_date_missing_reason,
    c.recurrence_status,
    c.recurrence_status_missing_reason,
    c.recurrence_date,
    c.recurrence_date_missing_reason
from {{ ref('stg_follow_up') }} c
left join {{ ref('int_index_operations') }} o on o.patient_id = c.patient_id
