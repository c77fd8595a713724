-- What has to be asked of which laboratory, and for how long has it been open?
-- A case without any report is one issue, not one per field; it has the rule 'no pathology report'.
-- Gives: laboratory, field, reason, open, patients, oldest_days
select
    laboratory,
    field,
    detail as reason,
    count(*) as open,
    count(distinct patient_id) as patients,
    date_diff('day', min(opened_at), max(last_seen)) as oldest_days
from quality.issues
where rule = 'missing field' and state = 'open'
group by all
order by laboratory, open desc, field, reason
