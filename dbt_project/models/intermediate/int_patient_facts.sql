-- Facts of the patient that the operative extract repeats on every operation: the index operation speaks, and where it
-- is silent or unread the latest operation that speaks (dictionary §3). Rows of one operation that differ conflict.
-- Odd: sex, birth date or primary site that differ between any rows conflict, and `primary_sites` keeps every site named; a
-- birth year and a birth date within it do not. A recorded age is in completed years: "below 65" is at most 64, "above 64" at least 65.
-- One row per patient of the operative extract.
{% set day = ['', 'low', 'high'] %}
{% set number = ['low', 'high', 'low_is_open', 'high_is_open'] %}
{% set facts = {
    'chronology': [''], 'surgical_approach': [''], 'neoadjuvant_therapy': [''], 'neoadjuvant_regimen': [''], 'primary_node_positive': [''],
    'primary_diagnosis_date': day, 'primary_operation_date': day, 'metastasis_diagnosis_date': day,
    'age_at_diagnosis': number, 'age_at_operation': number, 'cea_ng_ml': number, 'clinical_risk_score': number,
} %}
{% set recorded = {
    'chronology': 'recorded_chronology', 'surgical_approach': 'recorded_surgical_approach',
    'age_at_diagnosis': 'recorded_age_at_diagnosis', 'age_at_operation': 'recorded_age_at_operation',
    'clinical_risk_score': 'recorded_clinical_risk_score',
} %}
{% set speaking_reasons = ['conflicting', 'not_applicable'] %}
{% set ages = ['age_at_diagnosis', 'age_at_operation'] %}
with operation_rows as (

    select * replace (
        {% for age in ages %}
        floor({{ age }}_low) + case when {{ age }}_low_is_open and {{ age }}_low = floor({{ age }}_low) then 1 else 0 end as {{ age }}_low,
        case when {{ age }}_high_is_open then ceil({{ age }}_high) - 1 else floor({{ age }}_high) end as {{ age }}_high,
        false as {{ age }}_low_is_open,
        false as {{ age }}_high_is_open{{ ',' if not loop.last }}
        {% endfor %}
    )
    from {{ ref('int_operation_rows') }}

),

-- Most patients have one row and are that row: to agree and to choose costs more than all the rest of the model.
of_several_rows as (

    select patient_id
    from operation_rows
    group by patient_id
    having count(*) > 1

),

several_rows as (

    select r.*
    from operation_rows r
    semi join of_several_rows m on m.patient_id = r.patient_id

),

one_row as (

    select r.*
    from operation_rows r
    anti join of_several_rows m on m.patient_id = r.patient_id

),

speaking as (

    select
        r.patient_id,
        r.operation_key,
        row_number() over (
            partition by r.patient_id
            order by coalesce(min(o.hepatectomy_number) = 1, false), min(r.operation_date) nulls first, r.operation_key
        ) as speaking_order
    from several_rows r
    inner join {{ ref('int_operations') }} o on o.operation_key = r.operation_key
    group by r.patient_id, r.operation_key

),

operations as (

    select
        r.patient_id,
        s.speaking_order,
        {% for fact, columns in facts.items() %}
        {{ agreed(fact) if columns == [''] else agreed_interval(fact, has_point=columns == day) }}{{ ',' if not loop.last }}
        {% endfor %}
    from several_rows r
    inner join speaking s on s.patient_id = r.patient_id and s.operation_key = r.operation_key
    group by r.patient_id, s.speaking_order

),

facts as (

    select
        patient_id,
        {% for fact, columns in facts.items() %}
        {{ latest(fact, columns, 'speaking_order', speaking_reasons) }}{{ ',' if not loop.last }}
        {% endfor %}
    from operations
    group by patient_id

),

persons as (

    select
        patient_id,
        {{ agreed('sex') }},
        {{ agreed('primary_site') }},
        nullif(list_sort(list_distinct(flatten(
            list(string_split(primary_site_values_named, ' + ')) filter (primary_site_values_named is not null)
        ))), []) as primary_sites,
        case when count(primary_site_values_named) = 0 then {{ strongest_reason('primary_site_missing_reason') }} end as primary_sites_missing_reason,
        {{ agreed_interval('birth_date', has_point=true) }}
    from several_rows
    group by patient_id

),

alone as (

    select
        patient_id,
        {{ agreed_alone('sex') }},
        {{ agreed_alone('primary_site') }},
        nullif(list_sort(list_distinct(string_split(primary_site_values_named, ' + '))), []) as primary_sites,
        case when primary_site_values_named is null then primary_site_missing_reason end as primary_sites_missing_reason,
        {{ agreed_interval_alone('birth_date', has_point=true) }},
        {% for fact, columns in facts.items() %}
        {{ agreed_alone(fact) if columns == [''] else agreed_interval_alone(fact, has_point=columns == day) }}{{ ',' if not loop.last }}
        {% endfor %}
    from one_row

)

select
    p.*,
    {% for fact, columns in facts.items() %}
    {{ said('f.' ~ fact, columns, as=recorded.get(fact, fact)) }}{{ ',' if not loop.last }}
    {% endfor %}
from persons p
inner join facts f on f.patient_id = p.patient_id
union all
select
    patient_id,
    sex, sex_missing_reason,
    primary_site, primary_site_missing_reason,
    primary_sites, primary_sites_missing_reason,
    birth_date, birth_date_low, birth_date_high, birth_date_missing_reason,
    {% for fact, columns in facts.items() %}
    {{ said_alone(fact, columns, speaking_reasons, as=recorded.get(fact)) }}{{ ',' if not loop.last }}
    {% endfor %}
from alone
