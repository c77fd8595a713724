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
{% set not_by_death = "coalesce(vital_status, '') <> 'lost' and not has_death_date and " ~ by_then.format('contact_date') %}
{% set told = {
    'vital_status': ("vital_status = 'dead'", 'contact_order', by_then.format('contact_date')),
    'death_date': ('death_date is not null', 'delivery_order', by_then.format('death_date')),
    'contact_date': ('contact_date is not null', 'last_contact_order', not_by_death),
    'time_since_operation': ('time_since_operation_low is not null', 'last_contact_order', not_by_death ~ ' and contact_date is null'),
    'recurrence_status': ("recurrence_status = 'yes'", 'contact_order', by_then.format('contact_date')),
    'recurrence_date': ('recurrence_date is not null', '-recurrence_order', by_then.format('recurrence_date')),
} %}
with reports as (

    select
        s.*,
        p.specimen_key,
        p.read_from_comment,
        row_number() over (
            partition by s.patient_id, p.specimen_key order by s.report_date nulls first, s.extract_id, s.file_row_number
        ) as report_order
    from {{ ref('stg_pathology') }} s
    inner join {{ ref('int_specimens') }} p
        on p.patient_id = s.patient_id and p.specimen_key = coalesce(s.specimen_id, s.report_id) and p.is_liver
    inner join {{ ref('int_index_operations') }} o on o.operation_key = p.operation_key

),

operations as (

    select
        *,
        dense_rank() over (partition by patient_id order by is_index, operation_date_of_key nulls first, operation_key) as speaking_order
    from (
        select
            r.*,
            coalesce(o.hepatectomy_number = 1, false) as is_index,
            o.operation_date as operation_date_of_key,
            count(o.hepatectomy_number) over (partition by r.patient_id) > 0 as has_index
        from {{ ref('int_operation_rows') }} r
        inner join {{ ref('int_operations') }} o on o.operation_key = r.operation_key
    ) rows_of_operations

),

contacts as (

    select
        *,
        -- Where no death dates are collected the first contact that says "dead" is the day of death.
        case when vital_status = 'dead' and death_date_missing_reason = 'not_collected' then 1000000 - contact_order else contact_order end as last_contact_order
    from (
        select
            c.*,
            a.data_as_of,
            bool_or(c.death_date is not null and coalesce(c.death_date_low <= a.data_as_of, true)) over (partition by c.patient_id) as has_death_date,
            row_number() over (
                partition by c.patient_id
                order by c.contact_date nulls first, c.time_since_operation_low nulls first, c.extract_id, c.file_row_number
            ) as contact_order,
            row_number() over (partition by c.patient_id order by c.extract_id, c.file_row_number) as delivery_order,
            row_number() over (partition by c.patient_id order by c.recurrence_date_low, c.extract_id, c.file_row_number) as recurrence_order
        from {{ ref('stg_follow_up') }} c
        cross join {{ ref('int_data_as_of') }} a
    ) numbered

)

{% set of_report, of_operation, of_contact, stated, of_comment = {}, {}, {}, {}, {} %}
{% for field in fields.pathology %}
{% do of_report.update({field: is_last_to_say(said.format(field), 'report_order', 'patient_id, specimen_key')}) %}
{% endfor %}
{% for field in comment_fields() %}
{% do stated.update({field: "list_contains(read_from_comment, '" ~ field ~ "') and comment_" ~ field ~ "_missing_reason is null"}) %}
{% do of_comment.update({field: is_last_to_say(stated[field], 'report_order', 'patient_id, specimen_key')}) %}
{% endfor %}
{% for field in fields.operative %}
{% set says = said_of_operation.format(field) %}
{% if field in of_the_operation %}
{% do of_operation.update({field: says ~ ' and (is_index or not has_index)'}) %}
{% elif field in of_the_patient %}
{% do of_operation.update({field: says}) %}
{% else %}
{% set order = "speaking_order + case when coalesce(" ~ field ~ "_missing_reason, 'conflicting') in ('conflicting', 'not_applicable') then 1000000 else 0 end" %}
{% do of_operation.update({field: is_last_to_say(says, order, 'patient_id')}) %}
{% endif %}
{% endfor %}
{% for field in fields.follow_up %}
{% set first, order, condition = told.get(field, ('false', 'contact_order', 'true')) %}
{% set says = said.format(field) ~ ' and ' ~ condition %}
{% do of_contact.update({field: is_last_to_say(says, order ~ ' + case when ' ~ first ~ ' then 10000000 else 0 end', 'patient_id')}) %}
{% endfor %}
select
    'pathology' as extract, patient_id, extract_id, file_row_number,
    {{ names_where(of_report) }} as speaks_for,
    {{ names_where(stated) }} as comment_states,
    {{ names_where(of_comment) }} as comment_speaks_for
from reports
union all
select 'operative', patient_id, extract_id, file_row_number, {{ names_where(of_operation) }}, [], []
from operations
union all
select 'follow_up', patient_id, extract_id, file_row_number, {{ names_where(of_contact) }}, [], []
from contacts
