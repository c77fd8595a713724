-- Neoadjuvant therapy before the index operation: the yes/no field and the regimen. A named regimen is yes.
-- Odd: a regimen beside "no" conflicts, be it named beside "none" or not; "none" as regimen is no; an unread regimen does
-- not change a clear "yes".
-- One row per patient of the operative extract.
with judged as (

    select
        *,
        coalesce(neoadjuvant_therapy_missing_reason = 'conflicting', false)
            or coalesce(neoadjuvant_therapy <> neoadjuvant_regimen, false)
            or coalesce(neoadjuvant_therapy = 'no' and neoadjuvant_regimen_missing_reason = 'conflicting', false) as is_conflicting
    from {{ ref('int_patient_facts') }}

)

select
    patient_id,
    case when not is_conflicting then coalesce(neoadjuvant_therapy, neoadjuvant_regimen) end as neoadjuvant_therapy,
    case
        when is_conflicting then 'conflicting'
        when neoadjuvant_therapy is null and neoadjuvant_regimen is null
            then {{ stronger_reason('neoadjuvant_therapy_missing_reason', 'neoadjuvant_regimen_missing_reason') }}
    end as neoadjuvant_therapy_missing_reason,
    case
        when is_conflicting then null
        when neoadjuvant_therapy is not null then 'stated'
        when neoadjuvant_regimen is not null then 'regimen'
    end as neoadjuvant_therapy_basis
from judged
