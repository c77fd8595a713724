-- Vital status and follow-up from the index operation: to death, else to the last contact; never to today.
-- Died: a death date, or "dead" at any contact, on or before data_as_of. Once dead, dead: a later living contact is a
-- finding. Of two death dates the latest delivery's holds, a finding.
-- The operation itself is a contact. "Lost" is none. Dead without a date: died is true and the follow-up unknown;
-- only where death dates are not collected at all is the contact that says "dead" taken as the day of death.
-- Tables without dates give the time since the operation in place of all dates.
-- Odd: a date known to the month is moved inside what is certain (not before the operation, not after data_as_of);
-- a death before the operation leaves the follow-up `conflicting`; where the last word on vital status cannot be read,
-- died is unknown.
-- One row per patient with an index operation.
with operations as (

    select o.patient_id, o.operation_date, o.operation_date_low, o.operation_date_high, o.operation_date_missing_reason, a.data_as_of
    from {{ ref('int_index_operations') }} o
    cross join {{ ref('int_data_as_of') }} a

),

-- Where contacts have no dates but a time since an operation whose day is known, that gives the day.
placed as (

    select
        c.* replace (
            {% for end in ['', '_low', '_high'] %}
            case
                when c.contact_date_missing_reason = 'not_collected' and c.time_since_operation_low = c.time_since_operation_high
                    then cast({{ dbt.dateadd('day', 'cast(c.time_since_operation_low as integer)', 'o.operation_date' ~ end) }} as date)
                else c.contact_date{{ end }}
            end as contact_date{{ end }},
            {% endfor %}
            case
                when c.contact_date_missing_reason = 'not_collected' and c.time_since_operation_low is not null then 'day'
                else c.contact_date_precision
            end as contact_date_precision
        ),
        o.operation_date,
        o.data_as_of
    from {{ ref('stg_follow_up') }} c
    inner join operations o on o.patient_id = c.patient_id

),

contacts as (

    select
        patient_id,
        contact_id,
        extract_id || '/' || lpad(cast(file_row_number as varchar), 12, '0') as delivery_order,
        vital_status,
        vital_status_missing_reason,
        time_since_operation_low as days_since_operation,
        operation_date,
        data_as_of,
        -- An imputed day moves inside what is certain; a day that is known stays, whatever it says.
        -- (least and greatest pass over nulls: an unknown day has to be kept out of them.)
        case
            when contact_date_precision = 'day' or contact_date is null then contact_date
            else least(greatest(contact_date, coalesce(operation_date, contact_date)), coalesce(data_as_of, contact_date))
        end as contact_date,
        coalesce(death_date, case when death_date_missing_reason = 'not_collected' and vital_status = 'dead' then contact_date end) as death_date,
        case when death_date is not null then death_date_low else contact_date_low end as death_date_low,
        case when death_date is not null then death_date_high else contact_date_high end as death_date_high
    from placed

),

known_by_then as (

    select *,
        case when death_date is not null and (data_as_of is null or death_date_low <= data_as_of) then death_date end as death,
        vital_status = 'dead' and (contact_date is null or data_as_of is null or contact_date <= data_as_of) as says_dead
    from contacts

),

statuses as (

    select
        patient_id,
        count(*) as contacts,
        bool_or(coalesce(says_dead, false) or death is not null) as is_dead,
        max_by(death, delivery_order) as death_date,
        max_by(death_date_low, delivery_order) filter (death is not null) as death_date_low,
        max_by(death_date_high, delivery_order) filter (death is not null) as death_date_high,
        count(distinct death) as death_dates,
        max(contact_date) filter (coalesce(vital_status, '') <> 'lost' and (data_as_of is null or contact_date <= data_as_of)) as last_contact,
        max(contact_date) filter (vital_status = 'alive') as last_alive,
        max(days_since_operation) filter (coalesce(vital_status, '') <> 'lost') as last_days,
        min(days_since_operation) filter (vital_status = 'dead') as death_days,
        max_by(vital_status_missing_reason, coalesce(contact_date, date '1900-01-01'))
            filter (vital_status_missing_reason in ('unreadable', 'conflicting')) as unread_status,
        max(coalesce(contact_date, date '1900-01-01')) filter (vital_status_missing_reason in ('unreadable', 'conflicting')) as unread_status_on,
        max(coalesce(contact_date, date '1900-01-01')) filter (vital_status in ('alive', 'dead')) as status_read_on,
        bool_and(vital_status_missing_reason = 'not_collected') as status_not_collected
    from known_by_then
    group by patient_id

),

judged as (

    select
        o.*,
        coalesce(s.contacts, 0) as contacts,
        s.death_dates,
        s.last_alive,
        s.death_date,
        s.death_date_low,
        s.death_date_high,
        s.last_days,
        s.death_days,
        greatest(coalesce(s.last_contact, o.operation_date), o.operation_date) as last_contact,
        case
            when s.is_dead then true
            when s.status_not_collected then null
            when s.unread_status is not null and s.unread_status_on >= coalesce(s.status_read_on, s.unread_status_on) then null
            when s.contacts > 0 or o.operation_date is not null then false
        end as died,
        case
            when s.status_not_collected then 'not_collected'
            when s.unread_status is not null then s.unread_status
            else 'no_report'
        end as died_reason
    from operations o
    left join statuses s on s.patient_id = o.patient_id

),

dated as (

    select *,
        case
            when died is null or (died and death_date is null) then null
            when operation_date is not null and died then
                least(greatest(death_date, case when death_date_low <> death_date_high then least(operation_date, death_date_high) end), coalesce(data_as_of, death_date))
            when operation_date is not null then last_contact
        end as last_contact_date
    from judged

),

measured as (

    select *,
        case
            when died is null then null
            when operation_date is not null then {{ days_between('operation_date', 'last_contact_date') }}
            when died then cast(death_days as integer)
            else cast(last_days as integer)
        end as days_measured,
        -- The fewest and most days to death that the known parts of the dates allow.
        case when died then coalesce({{ days_between('operation_date_high', 'death_date_low') }}, cast(death_days as integer)) end as fewest_days_to_death,
        case when died then coalesce({{ days_between('operation_date_low', 'death_date_high') }}, cast(death_days as integer)) end as most_days_to_death
    from dated

)

select
    patient_id,
    contacts,
    died,
    case when died is null then died_reason end as died_missing_reason,
    case when days_measured >= 0 then last_contact_date end as last_contact_date,
    case
        when days_measured >= 0 and last_contact_date is not null then null
        when days_measured < 0 then 'conflicting'
        when died is null then died_reason
        when operation_date is null then operation_date_missing_reason
        when died then 'not_reported'
        else 'no_report'
    end as last_contact_date_missing_reason,
    case when days_measured >= 0 then days_measured end as follow_up_days,
    case
        when days_measured >= 0 then null
        when days_measured < 0 then 'conflicting'
        when died is null then died_reason
        when died then 'not_reported'
        when contacts = 0 then 'no_report'
        else coalesce(operation_date_missing_reason, 'not_reported')
    end as follow_up_days_missing_reason,
    {% for days in [30, 90] %}
    case
        when days_measured < 0 then null
        when died and most_days_to_death between 0 and {{ days }} then true
        when died and fewest_days_to_death > {{ days }} then false
        when not died and days_measured > {{ days }} then false
    end as died_within_{{ days }}_days,
    {% endfor %}
    coalesce(death_dates > 1, false) as has_two_death_dates,
    coalesce(died and last_alive > death_date, false) as is_alive_after_death
from measured
