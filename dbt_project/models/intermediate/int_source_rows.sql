-- The delivered rows of a patient's case, and of which fields a cell of each speaks.
-- A cell speaks where it has a value or a reason that was said ("cannot be assessed", unreadable), and no other cell
-- goes before it. Which goes before which follows the rules of the models that read the fields:
-- pathology: of the liver specimens of the index operation each (int_index_pathology takes the worst of them), and of the
-- reports of one specimen the latest (int_specimens);
-- operative: what must agree on all rows (sex, birth date, primary site) is said by all of them, what belongs to an
-- operation by the index operation, other facts by the index operation, else the latest that is read (int_patient_facts);
-- follow_up: the latest contact, but "dead" goes before "alive", the latest delivery's death date before others, the first
-- recurrence before later ones, and a death date before the contacts (int_follow_up, int_recurrence).
-- The comment of a report speaks for each field that int_specimens takes from it.
-- Odd: what is told after data_as_of does not speak; of a patient without a liver resection every operation does; "not
-- applicable" is said by an operation (a colectomy, a primary not resected). A field that is not delivered has no cell, and
-- one that is not read by itself (the scale of a regression grade) never speaks.
-- One row per row of an extract that belongs to a case, with the fields of which a cell of it speaks, and those which its
-- comment states (`comment_states`) and speaks for. Lists, for a row has some thirty cells.
{% set fields = source_fields() %}
{% set reasons = "'conflicting', 'unreadable', 'imprecise', 'not_assessable'" %}
{% set said = "({0}_missing_reason is null or {0}_missing_reason in (" ~ reasons ~ "))" %}
{% set said_of_operation = "({0}_missing_reason is null or {0}_missing_reason in ('not_applicable', " ~ reasons ~ "))" %}
{% set of_the_patient = ['sex', 'birth_date', 'primary_site'] %}
{% set of_the_operation = ['operation_date', 'procedure', 'segments', 'lobar_involvement', 'metastatic_seeding', 'center'] %}
{% set by_then = "coalesce({}_low <= data_as_of, true)" %}
{% set not_by_death = "coalesce(vital_status, '') <> 'lost' and d.patient_id is null and " ~ by_then.format('contact_date') %}
{% set told = {
    'vital_status': ("vital_status = 'dead'", 'contact_order', by_then.format('contact_date')),
    'death_date': ('death_date is not null', 'delivery_order', by_then.format('death_date')),
    'contact_date': ('contact_date is not null', 'last_contact_order', not_by_death),
    'time_since_operation': ('time_since_operation_low is not null', 'last_contact_order', not_by_death ~ ' and contact_date is null'),
    'recurrence_status': ("recurrence_status = 'yes'", 'contact_order', by_then.format('contact_date')),
    'recurrence_date': ('recurrence_date is not null', '-recurrence_order', by_then.format('recurrence_date')),
} %}
{% set of_report, stated, of_comment, of_operation, of_contact = {}, {}, {}, {}, {} %}
{% for field in fields.pathology %}
{% do of_report.update({field: ('says_' ~ field, 'report_order')}) %}
{% endfor %}
{% for field in comment_fields() %}
{% do stated.update({field: 'states_' ~ field}) %}
{% do of_comment.update({field: ('states_' ~ field, 'report_order')}) %}
{% endfor %}
{% for field in fields.operative if field not in of_the_patient + of_the_operation %}
{% do of_operation.update({field: ('says_' ~ field, 'speaking_order + case when is_first_' ~ field ~ ' then 1000000 else 0 end')}) %}
{% endfor %}
{% for field in fields.follow_up %}
{% set order = told.get(field, ('', 'contact_order'))[1] %}
{% do of_contact.update({field: ('says_' ~ field, order ~ ' + case when is_first_' ~ field ~ ' then 10000000 else 0 end')}) %}
{% endfor %}
-- What each cell says is found before the rows are put in order: flags are sorted at a fraction of the cost of texts. Places
-- are integers, for one of each of thirty fields is held per patient: as wide as row_number() makes them they are spilled.
with reports as (

    select
        s.patient_id,
        p.specimen_key,
        s.report_date,
        s.extract_id,
        s.file_row_number
        {%- for field in fields.pathology %},
        {{ said.format('s.' ~ field) }} as says_{{ field }}
        {%- endfor %}
        {%- for field in comment_fields() %},
        list_contains(p.read_from_comment, '{{ field }}') and s.comment_{{ field }}_missing_reason is null as states_{{ field }}
        {%- endfor %}
    from {{ ref('stg_pathology') }} s
    inner join {{ ref('int_specimens') }} p
        on p.patient_id = s.patient_id and p.specimen_key = coalesce(s.specimen_id, s.report_id) and p.is_liver
    inner join {{ ref('int_index_operations') }} o on o.operation_key = p.operation_key

),

ordered_reports as (

    select
        *,
        cast(row_number() over (
            partition by patient_id, specimen_key order by report_date nulls first, extract_id, file_row_number
        ) as integer) as report_order
    from reports

),

last_reports as (

    select patient_id, specimen_key{{ last_to_say(of_report) }}{{ last_to_say(of_comment, 'comment_') }}
    from ordered_reports
    group by patient_id, specimen_key

),

operations as (

    select
        operation_key,
        coalesce(hepatectomy_number = 1, false) as is_index,
        count(hepatectomy_number) over (partition by patient_id) > 0 as has_index,
        cast(row_number() over (
            partition by patient_id order by coalesce(hepatectomy_number = 1, false), operation_date nulls first, operation_key
        ) as integer) as speaking_order
    from {{ ref('int_operations') }}

),

operation_rows as (

    select
        r.patient_id,
        r.extract_id,
        r.file_row_number,
        o.is_index or not o.has_index as is_of_index,
        o.speaking_order
        {%- for field in fields.operative %},
        {{ said_of_operation.format('r.' ~ field) }} as says_{{ field }},
        coalesce(r.{{ field }}_missing_reason, 'conflicting') in ('conflicting', 'not_applicable') as is_first_{{ field }}
        {%- endfor %}
    from {{ ref('int_operation_rows') }} r
    inner join operations o on o.operation_key = r.operation_key

),

last_operation_rows as (

    select patient_id{{ last_to_say(of_operation) }}
    from operation_rows
    group by patient_id

),

dated_deaths as (

    select distinct patient_id
    from {{ ref('stg_follow_up') }}
    cross join {{ ref('int_data_as_of') }}
    where death_date is not null and {{ by_then.format('death_date') }}

),

contacts as (

    select
        c.patient_id,
        c.extract_id,
        c.file_row_number,
        c.contact_date,
        c.time_since_operation_low,
        c.recurrence_date_low,
        c.vital_status = 'dead' and c.death_date_missing_reason = 'not_collected' as is_day_of_death
        {%- for field in fields.follow_up %}
        {%- set first, order, condition = told.get(field, ('false', 'contact_order', 'true')) %},
        {{ said.format('c.' ~ field) }} and {{ condition }} as says_{{ field }},
        {{ first }} as is_first_{{ field }}
        {%- endfor %}
    from {{ ref('stg_follow_up') }} c
    cross join {{ ref('int_data_as_of') }}
    left join dated_deaths d on d.patient_id = c.patient_id

),

ordered_contacts as (

    select
        *,
        -- Where no death dates are collected the first contact that says "dead" is the day of death.
        case when is_day_of_death then 1000000 - contact_order else contact_order end as last_contact_order
    from (
        select
            *,
            cast(row_number() over (
                partition by patient_id
                order by contact_date nulls first, time_since_operation_low nulls first, extract_id, file_row_number
            ) as integer) as contact_order,
            cast(row_number() over (partition by patient_id order by extract_id, file_row_number) as integer) as delivery_order,
            cast(row_number() over (partition by patient_id order by recurrence_date_low, extract_id, file_row_number) as integer) as recurrence_order
        from contacts
    ) numbered

),

last_contacts as (

    select patient_id{{ last_to_say(of_contact) }}
    from ordered_contacts
    group by patient_id

)

{% set speaks_of_operation = are_last_to_say(of_operation) %}
{% for field in fields.operative if field in of_the_patient + of_the_operation %}
{% do speaks_of_operation.update({field: 'says_' ~ field ~ (' and is_of_index' if field in of_the_operation else '')}) %}
{% endfor %}
select
    'pathology' as extract, r.patient_id, r.extract_id, r.file_row_number,
    {{ names_where(are_last_to_say(of_report)) }} as speaks_for,
    {{ names_where(stated) }} as comment_states,
    {{ names_where(are_last_to_say(of_comment, 'comment_')) }} as comment_speaks_for
from ordered_reports r
inner join last_reports l on l.patient_id = r.patient_id and l.specimen_key = r.specimen_key
union all
select 'operative', r.patient_id, r.extract_id, r.file_row_number, {{ names_where(speaks_of_operation) }}, [], []
from operation_rows r
inner join last_operation_rows l on l.patient_id = r.patient_id
union all
select 'follow_up', r.patient_id, r.extract_id, r.file_row_number, {{ names_where(are_last_to_say(of_contact)) }}, [], []
from ordered_contacts r
inner join last_contacts l on l.patient_id = r.patient_id
