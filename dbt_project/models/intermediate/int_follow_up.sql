-- Vital status and follow-up from the index operation: to death, else to the last contact; never to today.
-- Died: a death date, or "dead" at any contact, on or before data_as_of; what was told after that day is set aside.
-- Once dead, dead: a later living contact is a finding. Of two death dates the latest delivery's holds, a finding.
-- The operation itself is a contact. "Lost" is none. Dead without a date: died is true and the follow-up unknown;
-- only where death dates are not collected at all is the first contact that says "dead" taken as the day of death.
-- All days are counted from the operation, so that dates and the time since the operation are one scale; each is an
-- interval. An imputed day is moved inside what is certain: not before the operation or the last living contact, not
-- after the contact that tells of the death or data_as_of. Day 30 (90) is decided by what is certain alone.
-- Odd: a death before the operation leaves the follow-up `conflicting`; where the last word on vital status, or the
-- death date beside a blank one, cannot be read, died is unknown, and so it is where neither a word nor the day of the
-- operation tells that the patient ever lived.
-- (least, greatest, min and max pass over nulls: an unknown end bounds nothing.)
-- One row per patient with an index operation.
{% set by_then = "coalesce(day_low <= as_of, true)" %}
{% set first_day = "date '1800-01-01'" %}
with operations as (

    select
        o.patient_id,
        o.operation_date,
        o.operation_date_missing_reason,
        -- Without the day of the operation dated contacts still have their order, from a day before all of them.
        coalesce(o.operation_date, {{ first_day }}) as day_0,
        coalesce({{ days_between('o.operation_date', 'o.operation_date_low') }}, 0) as operation_low,
        coalesce({{ days_between('o.operation_date', 'o.operation_date_high') }}, 0) as operation_high,
        {{ days_between('coalesce(o.operation_date, ' ~ first_day ~ ')', 'a.data_as_of') }} as as_of
    from {{ ref('int_index_operations') }} o
    cross join {{ ref('int_data_as_of') }} a

),

placed as (

    select
        c.*,
        o.as_of,
        case when c.death_date is not null then c.extract_id || '/' || lpad(cast(c.file_row_number as varchar), 12, '0') end as death_delivery_order,
        o.operation_date is null and c.contact_date_missing_reason = 'not_collected' as has_times_only,
        {% for end in ['', '_low', '_high'] %}
        {{ days_between('o.day_0', 'c.death_date' ~ end) }} as death_day{{ end }},
        {% endfor %}
        -- The time since the operation stands in for a date that is not there.
        {% for end in ['_low', '_high'] %}
        case
            when c.contact_date is not null then {{ days_between('o.day_0', 'c.contact_date' ~ end) }}
            when o.operation_date is not null or c.contact_date_missing_reason = 'not_collected' then cast(c.time_since_operation{{ end }} as integer)
        end as day{{ end }},
        {% endfor %}
        case
            when c.contact_date_low = c.contact_date_high then {{ days_between('o.day_0', 'c.contact_date') }}
            when c.contact_date is not null then least({{ days_between('o.day_0', 'c.contact_date') }}, o.as_of)
            when c.time_since_operation_low = c.time_since_operation_high
                and (o.operation_date is not null or c.contact_date_missing_reason = 'not_collected')
                then cast(c.time_since_operation_low as integer)
        end as day
    from {{ ref('stg_follow_up') }} c
    inner join operations o on o.patient_id = c.patient_id

),

told as (

    select
        *,
        coalesce(day, day_low, -100000) as told_order,
        vital_status = 'dead' and {{ by_then }} as says_dead,
        death_date is not null and coalesce(death_day_low <= as_of, true) as has_death,
        coalesce(vital_status, '') <> 'lost' and {{ by_then }} as is_contact,
        case
            when vital_status_missing_reason in ('unreadable', 'conflicting') then vital_status_missing_reason
            when coalesce(vital_status, 'lost') = 'lost' and death_date_missing_reason in ('unreadable', 'conflicting')
                then death_date_missing_reason
        end as unread_reason
    from placed

),

patients as (

    select
        patient_id,
        bool_or(has_times_only) as has_times_only,
        bool_or(coalesce(says_dead, false) or has_death) as is_dead,
        bool_or(has_death) as has_death_date,
        bool_and(vital_status_missing_reason = 'not_collected') as status_not_collected,
        max_by(unread_reason, told_order) filter (unread_reason is not null and {{ by_then }}) as unread_reason,
        max(told_order) filter (unread_reason is not null and {{ by_then }}) as unread_at,
        max(told_order) filter (vital_status in ('alive', 'dead') and {{ by_then }}) as read_at,

        bool_and(death_date_missing_reason = 'not_collected') filter (says_dead) as death_dates_not_collected,
        {% for end in ['', '_low', '_high'] %}
        max_by(death_day{{ end }}, death_delivery_order) filter (has_death and not has_times_only) as stated{{ end }},
        min(day{{ end }}) filter (says_dead) as told{{ end }},
        {% endfor %}
        min(day_high) filter (says_dead or (has_death and coalesce(vital_status, '') <> 'alive')) as told_by,
        max(day_low) filter (vital_status = 'alive' and {{ by_then }}) as alive_at,
        coalesce(max(death_day_low) filter (has_death) > min(death_day_high) filter (has_death), false) as has_two_death_dates,
        {{ strongest_reason('death_date_missing_reason', 'says_dead') }} as death_reason,

        max(day) filter (is_contact) as last_at,
        max(day_low) filter (is_contact) as last_low,
        max(coalesce(day_high, 1000000)) filter (is_contact and day is null and day_low is not null) as last_bound,
        {{ strongest_reason('contact_date_missing_reason') }} as date_reason,
        {{ strongest_reason('time_since_operation_missing_reason') }} as time_reason
    from told
    group by patient_id

),

judged as (

    select
        o.*,
        p.* exclude (patient_id),
        o.operation_date is not null or coalesce(p.has_times_only, false) as is_measurable,
        coalesce(p.unread_at >= coalesce(p.read_at, p.unread_at), false) as is_last_unread,
        {% for end in ['', '_low', '_high'] %}
        case when p.death_dates_not_collected and p.stated_low is null then p.told{{ end }} else p.stated{{ end }} end as death{{ end }}{{ ',' if not loop.last }}
        {% endfor %}
    from operations o
    left join patients p on p.patient_id = o.patient_id

),

bounded_above as (

    select
        *,
        case
            when is_dead then true
            when is_last_unread or status_not_collected or (operation_date is null and read_at is null) then null
            else false
        end as died,
        least(death_high, as_of, case when coalesce(told_by >= death_low, true) then told_by end) as death_latest
    from judged

),

bounded as (

    select
        *,
        greatest(
            death_low,
            case when operation_low <= death_latest then operation_low end,
            case when alive_at <= death_latest then alive_at end
        ) as death_earliest
    from bounded_above

),

measured as (

    select
        *,
        case
            when died is null or not is_measurable then null
            when died then
                case when death is not null then
                    greatest(least(greatest(death, death_earliest), death_latest), case when death_latest >= operation_low then 0 end)
                end
            when last_bound > coalesce(last_at, 0) then null
            when operation_date is null then last_at
            else greatest(0, last_at)
        end as days
    from bounded

),

explained as (

    select
        *,
        case
            when is_last_unread then unread_reason
            when status_not_collected then 'not_collected'
            when is_dead is null then 'no_report'
            else 'not_reported'
        end as died_reason,
        case
            when died is null then null
            when days < 0 or (died and death_latest < operation_low) then 'conflicting'
            when days is not null then null
            when not is_measurable then operation_date_missing_reason
            -- A dated death that is not taken: told before its day, or with no day of the operation to count from.
            when died and not coalesce(death_dates_not_collected, false) then coalesce(death_reason, operation_date_missing_reason, 'conflicting')
            when last_bound is not null then 'imprecise'
            else {{ stronger_reason('date_reason', 'time_reason') }}
        end as days_reason
    from measured

)

select
    patient_id,
    died,
    case when died is null then died_reason end as died_missing_reason,
    case
        when died is null then null
        when died and has_death_date then 'death date'
        when read_at is not null then 'vital status'
        when last_low is not null then 'contact'
        else 'operation'
    end as died_basis,
    case when days_reason is null and operation_date is not null
        then cast({{ dbt.dateadd('day', 'cast(days as integer)', 'operation_date') }} as date) end as last_contact_date,
    case
        when died is null then died_reason
        when operation_date is null then operation_date_missing_reason
        else days_reason
    end as last_contact_date_missing_reason,
    case when days_reason is null then days end as follow_up_days,
    case when died is null then died_reason else days_reason end as follow_up_days_missing_reason,
    {% for days in [30, 90] %}
    case
        when not is_measurable or days_reason = 'conflicting' then null
        when died and death_latest - operation_low <= {{ days }} then true
        when died and death_earliest - operation_high > {{ days }} then false
        when not died and last_low - operation_high > {{ days }} then false
    end as died_within_{{ days }}_days,
    {% endfor %}
    coalesce(has_two_death_dates, false) as has_two_death_dates,
    coalesce(died and alive_at > death_latest, false) as is_alive_after_death
from explained
