-- Recurrence-free survival after the index operation: to the first of recurrence and death, else to the last contact.
-- Recurred: a date of recurrence, or "yes" at any contact, on or before data_as_of; of several dates the first. Without
-- recurrence: a "no", or blanks in a column of dates where no status is collected.
-- Odd: a death is an event whether or not recurrence is known, but then its day may not have been the first; "yes"
-- without a date leaves the time unknown; a recurrence before the operation or after the death conflicts; one known to
-- the month is moved inside what is certain.
-- One row per patient with an index operation.
with contacts as (

    select
        c.*,
        coalesce(c.recurrence_date_low <= a.data_as_of, true) and c.recurrence_date is not null as has_date,
        coalesce(c.contact_date_low <= a.data_as_of, true) as is_told_by_then
    from {{ ref('stg_follow_up') }} c
    cross join {{ ref('int_data_as_of') }} a

),

patients as (

    select
        patient_id,
        bool_or(has_date or coalesce(recurrence_status = 'yes' and is_told_by_then, false)) as has_recurred,
        bool_or(recurrence_status = 'no' and is_told_by_then) as says_no,
        bool_and(recurrence_status_missing_reason = 'not_collected') as status_not_collected,
        min_by(recurrence_date, recurrence_date_low) filter (has_date) as recurrence_date,
        min(recurrence_date_low) filter (has_date) as recurrence_low,
        min_by(recurrence_date_high, recurrence_date_low) filter (has_date) as recurrence_high,
        {{ strongest_reason('recurrence_date_missing_reason', 'is_told_by_then') }} as date_reason,
        {{ strongest_reason('recurrence_status_missing_reason', 'is_told_by_then') }} as status_reason
    from contacts
    group by patient_id

),

judged as (

    select
        o.patient_id,
        o.operation_date,
        o.operation_date_low,
        o.operation_date_missing_reason,
        f.died,
        f.died_missing_reason,
        f.last_contact_date,
        f.follow_up_days,
        f.follow_up_days_missing_reason,
        p.recurrence_date,
        p.recurrence_low,
        p.recurrence_high,
        coalesce(nullif(p.date_reason, 'not_collected'), 'not_reported') as undated_reason,
        coalesce({{ stronger_reason('p.date_reason', 'p.status_reason') }}, 'no_report') as recurred_reason,
        case
            when p.has_recurred then true
            when p.date_reason in ('unreadable', 'conflicting') or p.status_reason in ('unreadable', 'conflicting') then null
            when p.says_no or (p.status_not_collected and p.date_reason = 'not_reported') then false
        end as has_recurred
    from {{ ref('int_index_operations') }} o
    inner join {{ ref('int_follow_up') }} f on f.patient_id = o.patient_id
    left join patients p on p.patient_id = o.patient_id

),

measured as (

    select
        *,
        coalesce(recurrence_high < operation_date_low or (died and recurrence_low > last_contact_date), false) as is_conflicting,
        {{ days_between(
            'operation_date',
            "case when recurrence_low = recurrence_high then recurrence_date"
            " else least(greatest(recurrence_date, operation_date), case when died then last_contact_date end) end"
        ) }} as days_to_recurrence
    from judged

),

explained as (

    select
        *,
        case
            when is_conflicting then 'conflicting'
            when has_recurred is null then recurred_reason
            when has_recurred and operation_date is null then operation_date_missing_reason
            when has_recurred and recurrence_date is null then undated_reason
            when not has_recurred then follow_up_days_missing_reason
        end as days_reason
    from measured

)

select
    patient_id,
    case when has_recurred or died then true when has_recurred is not null and died is not null then false end as recurrence_or_death,
    case
        when has_recurred or died then null
        when has_recurred is null or died is null
            then {{ stronger_reason('case when has_recurred is null then recurred_reason end', 'died_missing_reason') }}
    end as recurrence_or_death_missing_reason,
    case
        when days_reason is not null then null
        when has_recurred then greatest(days_to_recurrence, 0)
        else follow_up_days
    end as recurrence_free_days,
    days_reason as recurrence_free_days_missing_reason
from explained
