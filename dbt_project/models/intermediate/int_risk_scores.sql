-- Scores of preoperative risk. Clinical risk score (Fong, Ann Surg 1999;230:309): one point each for a node-positive
-- primary, an interval of less than {{ var('fong_interval_months') }} months (a synchronous metastasis counts), more than one metastasis, a size of more
-- than {{ var('fong_size_mm') }} mm and a CEA of more than {{ var('fong_cea_ng_ml') }} ng/mL, all strict.
-- Tumor burden score (Sasaki, Ann Surg 2018;267:132): the root of size in cm squared plus count squared.
-- A recorded clinical risk score is kept beside it; one that the items rule out is a finding.
-- Odd: with an unknown item the score is unknown, between a least and a most.
-- One row per patient with an index operation.
{% set items = ['is_node_positive', 'is_interval_short', 'is_multiple', 'is_large', 'is_cea_high'] %}
with items as (

    select
        o.patient_id,
        f.primary_node_positive = 'yes' as is_node_positive,
        f.primary_node_positive_missing_reason as is_node_positive_reason,
        c.is_interval_short,
        c.is_interval_short_missing_reason as is_interval_short_reason,
        p.multiple_metastases as is_multiple,
        case
            when p.size_low > {{ var('fong_size_mm') }} or (p.size_low = {{ var('fong_size_mm') }} and p.size_low_is_open) then true
            when p.size_high <= {{ var('fong_size_mm') }} then false
        end as is_large,
        case
            when f.cea_ng_ml_low > {{ var('fong_cea_ng_ml') }} or (f.cea_ng_ml_low = {{ var('fong_cea_ng_ml') }} and f.cea_ng_ml_low_is_open) then true
            when f.cea_ng_ml_high <= {{ var('fong_cea_ng_ml') }} then false
        end as is_cea_high,
        coalesce(f.cea_ng_ml_missing_reason, 'imprecise') as is_cea_high_reason,
        {% for column in ['low', 'high', 'missing_reason'] %}
        f.recorded_clinical_risk_score_{{ column }} as recorded_{{ column }},
        {% endfor %}
        p.largest_metastasis_mm,
        p.metastasis_count,
        {% for item, field in [('is_multiple', 'metastasis_count'), ('is_large', 'largest_metastasis_mm')] %}
        case when p.patient_id is null then coalesce(n.{{ field }}_missing_reason, 'no_report') else p.{{ field }}_missing_reason end as {{ item }}_reason{{ ',' if not loop.last }}
        {% endfor %}
    from {{ ref('int_index_operations') }} o
    left join {{ ref('int_patient_facts') }} f on f.patient_id = o.patient_id
    left join {{ ref('int_chronology') }} c on c.patient_id = o.patient_id
    left join {{ ref('int_index_pathology') }} p on p.patient_id = o.patient_id
    cross join {{ ref('int_not_collected') }} n

),

scored as (

    select
        *,
        {% for item in items %}case when {{ item }} then 1 else 0 end{{ ' + ' if not loop.last }}{% endfor %} as least,
        {% for item in items %}case when not {{ item }} then 0 else 1 end{{ ' + ' if not loop.last }}{% endfor %} as most,
        {% for item in items %}
        case when {{ item }} is null then {{ item }}_reason end as {{ item }}_missing_reason{{ ',' if not loop.last }}
        {% endfor %}
    from items

)

select
    patient_id,
    case when least = most then least end as clinical_risk_score,
    case when least <> most then {{ stronger_reason(
        'is_node_positive_missing_reason', 'is_interval_short_missing_reason', 'is_multiple_missing_reason',
        'is_large_missing_reason', 'is_cea_high_missing_reason'
    ) }} end as clinical_risk_score_missing_reason,
    least as clinical_risk_score_min,
    most as clinical_risk_score_max,
    sqrt(power(largest_metastasis_mm / 10.0, 2) + power(metastasis_count, 2)) as tumor_burden_score,
    case when largest_metastasis_mm is null or metastasis_count is null
        then {{ stronger_reason('is_large_reason', 'is_multiple_reason') }} end as tumor_burden_score_missing_reason,
    case when recorded_low = recorded_high then recorded_low end as recorded_clinical_risk_score,
    case
        when recorded_low = recorded_high then null
        when recorded_low is not null then 'imprecise'
        else recorded_missing_reason
    end as recorded_clinical_risk_score_missing_reason,
    coalesce(recorded_low > most or recorded_high < least, false) as recorded_score_disagrees
from scored
