-- The liver specimens of the index operation together: the worst of what is reported (dictionary §3): smallest margin,
-- largest size, highest grade, any invasion, least regression, highest steatosis; counts add up.
-- A specimen whose margin conflicts, is imprecise or unreadable leaves R0 of the others open, for it may be R1; one
-- whose size or count does so leaves the largest and the sum open above; one whose diagnosis is unknown leaves a
-- hemangioma or another diagnosis beside it open, for it may be a metastasis; a metastasis of unknown regression leaves
-- a complete response beside it open.
-- Odd: a size or count of 0 is valid with complete regression only, else it is set aside as unreadable.
-- `x_basis` names the places that the specimens' values come from, also where only the bounds of a number are known.
-- One row per patient with at least one liver specimen of the index operation.
{% set bases_of = {
    'margin': 'margin_low', 'largest_metastasis': 'largest_metastasis_low', 'tumor_grade': 'tumor_grade',
    'lymphovascular_invasion': 'lymphovascular_invasion', 'perineural_invasion': 'perineural_invasion',
    'tumor_regression': 'tumor_regression', 'viable_tumor_percent': 'viable_tumor_percent_low', 'steatosis': 'steatosis',
} %}
with specimens as (

    select
        s.*,
        m.resection_status, m.resection_status_missing_reason, m.resection_status_0mm, m.resection_status_0mm_missing_reason,
        m.resection_status_basis, m.r1_vascular,
        m.word_disagrees_with_distance,
        s.margin_distance_basis as margin_basis,
        m.margin_low, m.margin_high, m.margin_low_is_open, m.margin_high_is_open, m.margin_missing_reason,
        coalesce(s.tumor_regression = 'complete' or s.diagnosis = 'no_residual_tumor', false) as is_complete_response
    from {{ ref('int_specimens') }} s
    inner join {{ ref('int_index_operations') }} o on o.operation_key = s.operation_key
    inner join {{ ref('int_specimen_margins') }} m on m.specimen_key = s.specimen_key and m.patient_id = s.patient_id
    where s.is_liver

),

checked as (

    select * replace (
        {% for field in ['largest_metastasis', 'metastasis_count'] %}
        case when {{ field }}_high = 0 and not is_complete_response then null else {{ field }}_low end as {{ field }}_low,
        case when {{ field }}_high = 0 and not is_complete_response then null else {{ field }}_high end as {{ field }}_high,
        case when {{ field }}_high = 0 and not is_complete_response then 'unreadable' else {{ field }}_missing_reason end as {{ field }}_missing_reason{{ ',' if not loop.last }}
        {% endfor %}
    )
    from specimens

),

worst as (

    select
        patient_id,
        count(*) as specimens,

        max_by(diagnosis, case diagnosis when 'metastasis' then 4 when 'no_residual_tumor' then 3 when 'other' then 2 when 'hemangioma' then 1 else 0 end) as named_diagnosis,
        bool_or(diagnosis is null) as any_diagnosis_open,
        {{ strongest_reason('diagnosis_missing_reason') }} as diagnosis_reason,

        {% for status in ['resection_status', 'resection_status_0mm'] %}
        case
            when bool_or({{ status }} = 'R2') then 'R2'
            when bool_or({{ status }} = 'R1') then 'R1'
            when bool_or({{ status }}_missing_reason in ('conflicting', 'imprecise', 'unreadable')) then null
            else max({{ status }})
        end as {{ status }},
        {{ strongest_reason(status ~ '_missing_reason') }} as {{ status }}_reason,
        {% endfor %}
        -- One distance is enough for R1; R0 rests on every specimen, so that one word makes it stated.
        case
            when bool_or(resection_status = 'R2') then 'stated'
            when bool_or(resection_status = 'R1') then min(resection_status_basis) filter (resection_status = 'R1')
            else max(resection_status_basis)
        end as resection_status_basis,
        bool_or(r1_vascular) as r1_vascular,
        bool_or(coalesce(word_disagrees_with_distance, false)) as word_disagrees_with_distance,

        {{ smallest('margin', 'margin') }},
        count(margin_low) as margins,
        -- Imprecise without a distance is "close".
        bool_or(coalesce(margin_missing_reason in ('conflicting', 'imprecise', 'unreadable'), false)) as any_margin_open,
        {{ strongest_reason('margin_missing_reason') }} as margin_reason,

        {{ largest('largest_metastasis', 'size') }},
        count(largest_metastasis_low) as sizes,
        bool_or(coalesce(largest_metastasis_missing_reason in ('conflicting', 'unreadable'), false)) as any_size_open,
        {{ strongest_reason('largest_metastasis_missing_reason') }} as size_reason,

        sum(metastasis_count_low) as count_low,
        case when bool_or(metastasis_count_low is not null and metastasis_count_high is null) then null else sum(metastasis_count_high) end as count_high,
        count(metastasis_count_low) as counts,
        bool_or(coalesce(metastasis_count_missing_reason in ('conflicting', 'unreadable'), false)) as any_count_open,
        {{ strongest_reason('metastasis_count_missing_reason') }} as count_reason,

        max_by(tumor_grade, case tumor_grade when 'poor' then 3 when 'moderate' then 2 else 1 end) as tumor_grade,
        {{ strongest_reason('tumor_grade_missing_reason') }} as grade_reason,
        max(lymphovascular_invasion) as lymphovascular_invasion,
        {{ strongest_reason('lymphovascular_invasion_missing_reason') }} as lvi_reason,
        max(perineural_invasion) as perineural_invasion,
        {{ strongest_reason('perineural_invasion_missing_reason') }} as pni_reason,
        max_by(tumor_regression, case tumor_regression when 'poor' then 3 when 'partial' then 2 else 1 end) as tumor_regression,
        bool_or(coalesce(diagnosis = 'metastasis' and tumor_regression is null, false)) as any_regression_open,
        {{ strongest_reason('tumor_regression_missing_reason') }} as regression_reason,
        {{ largest('viable_tumor_percent', 'viable_percent') }},
        count(viable_tumor_percent_low) as viable_percents,
        {{ strongest_reason('viable_tumor_percent_missing_reason') }} as viable_percent_reason,
        max(steatosis) as steatosis_grade,
        {{ strongest_reason('steatosis_missing_reason') }} as steatosis_reason,
        {% for field, value in bases_of.items() %}
        {{ bases(field, value) }}{{ ',' if not loop.last }}
        {% endfor %}
    from checked
    group by patient_id

),

judged as (

    select
        * replace (
            -- No margin is below 0: beside an involved one nothing is open.
            any_margin_open and coalesce(margin_high > 0, true) as any_margin_open,
            case when not any_size_open then size_high end as size_high,
            case when not any_count_open then count_high end as count_high,
            case when tumor_regression <> 'complete' or not any_regression_open then tumor_regression end as tumor_regression
        ),
        case when named_diagnosis in ('metastasis', 'no_residual_tumor') or not any_diagnosis_open then named_diagnosis end as diagnosis
    from worst

)

select
    patient_id,
    specimens,
    diagnosis,
    case when diagnosis is null then diagnosis_reason end as diagnosis_missing_reason,

    {% for status in ['resection_status', 'resection_status_0mm'] %}
    {{ status }},
    case when {{ status }} is null then {{ status }}_reason end as {{ status }}_missing_reason,
    {% endfor %}
    case when resection_status is not null then resection_status_basis end as resection_status_basis,
    case when r1_vascular then true when resection_status is not null then false end as r1_vascular,
    word_disagrees_with_distance,

    case when margin_low = margin_high and not any_margin_open then margin_low end as margin_mm,
    case
        when margin_low = margin_high and not any_margin_open then null
        when any_margin_open or margins = 0 then margin_reason
        else 'imprecise'
    end as margin_mm_missing_reason,
    case
        when coalesce({{ below('margin_high', 'margin_high_is_open', var('margin_group_mm')) }}, false) then '<{{ var("margin_group_mm") }} mm'
        when any_margin_open then null
        when margin_low = {{ var('margin_group_mm') }} and margin_high = {{ var('margin_group_mm') }} then '{{ var("margin_group_mm") }} mm'
        when margin_low > {{ var('margin_group_mm') }} or (margin_low = {{ var('margin_group_mm') }} and margin_low_is_open) then '>{{ var("margin_group_mm") }} mm'
    end as margin_group,
    case when any_margin_open or margins = 0 then margin_reason else 'imprecise' end as margin_group_reason,

    -- The bounds are for the clinical risk score, whose limit is another one.
    size_low,
    size_high,
    size_low_is_open,
    case when size_low = size_high then size_low end as largest_metastasis_mm,
    case when size_low = size_high then null when any_size_open or sizes = 0 then size_reason else 'imprecise' end as largest_metastasis_mm_missing_reason,
    case
        when {{ at_least('size_low', var('size_cutoff_mm')) }} then '>={{ '%g' | format(var("size_cutoff_mm") / 10) }} cm'
        when coalesce({{ below('size_high', 'size_high_is_open', var('size_cutoff_mm')) }}, false) then '<{{ '%g' | format(var("size_cutoff_mm") / 10) }} cm'
    end as size_group,

    case when count_low = count_high then cast(count_low as integer) end as metastasis_count,
    case when count_low = count_high then null when any_count_open or counts = 0 then count_reason else 'imprecise' end as metastasis_count_missing_reason,
    case
        when count_low >= {{ var('count_cutoff') }} then '>={{ var("count_cutoff") }}'
        when count_high < {{ var('count_cutoff') }} then '<{{ var("count_cutoff") }}'
    end as metastasis_count_group,
    case when count_low > 1 then true when count_high <= 1 then false end as multiple_metastases,

    tumor_grade,
    case when tumor_grade is null then grade_reason end as tumor_grade_missing_reason,
    lymphovascular_invasion,
    case when lymphovascular_invasion is null then lvi_reason end as lymphovascular_invasion_missing_reason,
    perineural_invasion,
    case when perineural_invasion is null then pni_reason end as perineural_invasion_missing_reason,
    tumor_regression,
    case when tumor_regression is null then regression_reason end as tumor_regression_missing_reason,
    case when viable_percent_low = viable_percent_high then viable_percent_low end as viable_tumor_percent,
    case when viable_percent_low = viable_percent_high then null when viable_percents = 0 then viable_percent_reason else 'imprecise' end as viable_tumor_percent_missing_reason,
    steatosis_grade,
    case when steatosis_grade is null then steatosis_reason end as steatosis_grade_missing_reason,
    margin_basis as margin_mm_basis,
    largest_metastasis_basis as largest_metastasis_mm_basis,
    tumor_grade_basis,
    lymphovascular_invasion_basis,
    perineural_invasion_basis,
    case when tumor_regression is not null then tumor_regression_basis end as tumor_regression_basis,
    viable_tumor_percent_basis,
    steatosis_basis as steatosis_grade_basis
from judged
