-- Neoadjuvant therapy before the index operation: the yes/no field and the regimen. A named regimen is yes.
-- Odd: a regimen beside "no" conflicts; "none" as regimen is no; an unread regimen does not change a clear "yes".
-- One row per patient with an index operation.
select
    patient_id,
    case
        when neoadjuvant_therapy_missing_reason = 'conflicting' then null
        when neoadjuvant_therapy = 'no' and neoadjuvant_regimen = 'yes' then null
        when neoadjuvant_therapy = 'yes' and neoadjuvant_regimen = 'no' then null
        else coalesce(neoadjuvant_therapy, neoadjuvant_regimen)
    end as neoadjuvant_therapy,
    case
        when neoadjuvant_therapy_missing_reason = 'conflicting' then 'conflicting'
        when neoadjuvant_therapy is not null and neoadjuvant_regimen is not null and neoadjuvant_therapy <> neoadjuvant_regimen then 'conflicting'
        when neoadjuvant_therapy is not null or neoadjuvant_regimen is not null then null
        when neoadjuvant_regimen_missing_reason = 'unreadable' then 'unreadable'
        when neoadjuvant_therapy_missing_reason = 'not_collected' then neoadjuvant_regimen_missing_reason
        else neoadjuvant_therapy_missing_reason
    end as neoadjuvant_therapy_missing_reason
from {{ ref('int_index_operations') }}
