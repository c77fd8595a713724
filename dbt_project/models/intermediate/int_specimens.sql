-- Specimens: the reports of one accession number together, per field the latest report that says something
-- (dictionary §3: an addendum completes, and does not blank, what was reported before).
-- What several fields say of one thing is one finding: lymphovascular invasion is yes where the joint field or one of
-- its parts says so, and no where the joint field or both parts do; regression is the field's, else that of the viable
-- percent (Blazer, J Clin Oncol 2008;26:5344: 0 complete, below {{ var('poor_regression_viable_percent') }} partial, else poor). Where both speak the
-- worse holds, but complete beside viable tumor conflicts; where neither does, no residual tumor is a complete response.
-- What a comment states is taken only where every column that answers the same question is silent, in all reports of the
-- specimen; beside "R0" or "free" (or "R1") without a distance a distance that agrees is taken too. Where a column speaks
-- it stays, and a comment that says something else is a finding (`comment_disagrees`).
-- `x_basis` says where the value of x comes from: column or comment; of a regression also viable tumor (the percent) or
-- diagnosis, of a percent also regression (it stands in that field).
-- Odd: where accession numbers are not delivered each report is a specimen of its own; "<1 %" viable may be none; "no
-- evidence of malignancy" is no residual tumor after neoadjuvant therapy, benign without, and imprecise where the
-- therapy is unknown.
-- One row per specimen.
{% set intervals = ['low', 'high', 'low_is_open', 'high_is_open'] %}
{% set fields = {
    'organ': [''], 'diagnosis': [''], 'metastasis_count': intervals, 'largest_metastasis': intervals,
    'margin_distance': intervals + ['says'], 'margin_status': intervals + ['says'], 'tumor_grade': [''],
    'lymphatic_invasion': [''], 'venous_invasion': [''], 'lymphovascular_invasion': [''], 'perineural_invasion': [''],
    'tumor_regression': ['', 'viable_percent'], 'viable_tumor_percent': intervals, 'steatosis': [''],
} %}
{# The fields that a comment is read for, with the columns that answer the same question. #}
{% set answered_by = {
    'margin_distance': ['margin_distance', 'margin_status'], 'largest_metastasis': ['largest_metastasis'], 'tumor_grade': ['tumor_grade'],
    'lymphovascular_invasion': ['lymphovascular_invasion', 'lymphatic_invasion', 'venous_invasion'],
    'perineural_invasion': ['perineural_invasion'], 'tumor_regression': ['tumor_regression', 'viable_tumor_percent'],
    'viable_tumor_percent': ['tumor_regression', 'viable_tumor_percent'], 'steatosis': ['steatosis'],
} %}
{% set commented = {} %}
{% for field in answered_by %}{% do commented.update({field: fields[field]}) %}{% endfor %}
{% for field, columns in commented.items() %}{% do fields.update({'comment_' ~ field: columns}) %}{% endfor %}
{% set speaking_reasons = ['conflicting', 'unreadable', 'imprecise', 'not_assessable'] %}
with reports as (

    select
        s.*,
        l.operation_key,
        coalesce(s.specimen_id, s.report_id) as specimen_key
    from {{ ref('stg_pathology') }} s
    inner join {{ ref('int_report_links') }} l on l.report_id = s.report_id

),

-- Most specimens have one report and are that report: choosing among reports costs more than all the rest of the model.
of_several_reports as (

    select patient_id, specimen_key
    from reports
    group by patient_id, specimen_key
    having count(*) > 1

),

numbered as (

    select
        r.*,
        row_number() over (
            partition by r.patient_id, r.specimen_key order by r.report_date nulls first, r.extract_id, r.file_row_number
        ) as report_order
    from reports r
    inner join of_several_reports m on m.patient_id = r.patient_id and m.specimen_key = r.specimen_key

),

chosen as (

    select
        patient_id,
        specimen_key,
        max_by(operation_key, report_order) as operation_key,
        max_by(report_id, report_order) as last_report_id,
        max_by(center, report_order) as center,
        max(procedure_date) as procedure_date,
        max(report_date) as report_date,
        {% for field, columns in fields.items() %}
        {{ latest(field, columns, 'report_order', speaking_reasons) }}{{ ',' if not loop.last }}
        {% endfor %}
    from numbered
    group by patient_id, specimen_key

),

fields as (

    select
        patient_id,
        specimen_key,
        operation_key,
        last_report_id,
        center,
        procedure_date,
        report_date,
        {% for field, columns in fields.items() %}
        {{ said(field, columns, as=field) }}{{ ',' if not loop.last }}
        {% endfor %}
    from chosen
    union all
    select
        r.patient_id,
        r.specimen_key,
        r.operation_key,
        r.report_id,
        r.center,
        r.procedure_date,
        r.report_date,
        {% for field, columns in fields.items() %}
        {{ said_alone(field, columns, speaking_reasons) }}{{ ',' if not loop.last }}
        {% endfor %}
    from reports r
    left join of_several_reports m on m.patient_id = r.patient_id and m.specimen_key = r.specimen_key
    where m.specimen_key is null

),

compared as (

    select *,
        {% for field, columns in commented.items() if field != 'margin_distance' %}
        coalesce(
            comment_{{ field }}{{ '_low' if 'low' in columns }} is not null and {{ are_silent(answered_by[field]) }}
            {%- if field in ('tumor_regression', 'viable_tumor_percent') %} and diagnosis is distinct from 'no_residual_tumor'{% endif %},
            false
        ) as takes_{{ field }},
        {% endfor %}
        coalesce(
            (comment_margin_distance_low is not null or comment_margin_distance_says is not null)
            and (
                {{ are_silent(['margin_distance', 'margin_status']) }}
                or (
                    margin_distance_low is null and margin_status_low is null and comment_margin_distance_low is not null
                    and coalesce(comment_margin_distance_says, 'R0') in ('R0', 'negative')
                    {% for field in ['margin_distance', 'margin_status'] %}
                    and (
                        {{ are_silent([field]) }}
                        or ({{ field }}_says in ('R0', 'negative') and {{ margin_is_r0('comment_margin_distance') }})
                        or ({{ field }}_says = 'R1' and {{ margin_is_r1('comment_margin_distance') }})
                    )
                    {% endfor %}
                )
            ),
            false
        ) as takes_margin_distance,
        coalesce({{ lie_apart('comment_margin_distance', 'margin_distance') }}, false)
            or coalesce({{ lie_apart('comment_margin_distance', 'margin_status') }}, false)
            {% for field in ['margin_distance', 'margin_status'] %}
            or ({{ margin_is_r0('comment_margin_distance') }} and {{ margin_is_r1(field) }})
            or ({{ margin_is_r1('comment_margin_distance') }} and {{ margin_is_r0(field) }})
            {% endfor %}
            {% for field in ['largest_metastasis', 'viable_tumor_percent'] %}
            or coalesce({{ lie_apart('comment_' ~ field, field) }}, false)
            {% endfor %}
            {% for field in ['tumor_grade', 'perineural_invasion', 'tumor_regression', 'steatosis'] %}
            or coalesce(comment_{{ field }} <> {{ field }}, false)
            {% endfor %}
            or coalesce(comment_lymphovascular_invasion = 'no' and 'yes' in (lymphovascular_invasion, lymphatic_invasion, venous_invasion), false)
            or coalesce(comment_lymphovascular_invasion = 'yes' and lymphovascular_invasion = 'no', false)
            or coalesce(comment_lymphovascular_invasion = 'yes' and lymphatic_invasion = 'no' and venous_invasion = 'no', false)
            as comment_disagrees
    from fields

),

completed as (

    select
        * exclude ({% for field, columns in commented.items() %}takes_{{ field }}, {% for column in columns + ['missing_reason'] %}comment_{{ field }}{{ '_' ~ column if column }}{{ ', ' if not loop.last }}{% endfor %}{{ ', ' if not loop.last }}{% endfor %})
        replace (
            {% for field, columns in commented.items() %}
            {% for column in columns if column != 'says' %}
            {% set name = field ~ ('_' ~ column if column else '') %}
            case when takes_{{ field }} then comment_{{ name }} else {{ name }} end as {{ name }},
            {% endfor %}
            case when not takes_{{ field }} then {{ field }}_missing_reason end as {{ field }}_missing_reason,
            {% endfor %}
            -- Beside a word of a column only the distance is lacking.
            case
                when not takes_margin_distance or margin_distance_says is not null then margin_distance_says
                when margin_status_says is null then comment_margin_distance_says
            end as margin_distance_says
        ),
        list_filter([{% for field in commented %}case when takes_{{ field }} then '{{ field }}' end{{ ', ' if not loop.last }}{% endfor %}], lambda f: f is not null) as read_from_comment
    from compared

),

diagnosed as (

    select f.* replace (case
            when f.diagnosis is distinct from 'no_malignancy' then f.diagnosis
            when n.neoadjuvant_therapy = 'yes' then 'no_residual_tumor'
            when n.neoadjuvant_therapy = 'no' then 'benign'
        end as diagnosis,
        case
            when f.diagnosis = 'no_malignancy' and n.neoadjuvant_therapy is null then 'imprecise'
            else f.diagnosis_missing_reason
        end as diagnosis_missing_reason
    )
    from completed f
    left join {{ ref('int_neoadjuvant') }} n on n.patient_id = f.patient_id

),

judged as (

    select
        *,
        case
            when 'yes' in (lymphovascular_invasion, lymphatic_invasion, venous_invasion) then 'yes'
            when lymphovascular_invasion = 'no' or (lymphatic_invasion = 'no' and venous_invasion = 'no') then 'no'
        end as any_invasion,
        {{ blazer_rank('viable_tumor_percent_low', 'viable_tumor_percent_low_is_open', true) }} as best_rank,
        {{ blazer_rank('coalesce(viable_tumor_percent_high, 100)', 'viable_tumor_percent_high_is_open', false) }} as worst_rank,
        case
            when diagnosis = 'no_residual_tumor' and tumor_regression_missing_reason in ('not_reported', 'not_collected')
                and viable_tumor_percent_missing_reason in ('not_reported', 'not_collected') then 'complete'
        end as regression_by_diagnosis
    from diagnosed

),

weighed as (

    select
        *,
        case when best_rank = worst_rank then {{ regression_of_rank('worst_rank') }} end as regression_by_viable_tumor,
        coalesce(tumor_regression_missing_reason = 'conflicting', false)
            or coalesce(tumor_regression = 'complete' and best_rank > 1, false)
            or coalesce(tumor_regression <> 'complete' and worst_rank = 1, false) as regression_conflicts
    from judged

)

select
    * exclude (any_invasion, best_rank, worst_rank, regression_by_viable_tumor, regression_by_diagnosis, regression_conflicts, tumor_regression_viable_percent)
    replace (
        any_invasion as lymphovascular_invasion,
        case
            when any_invasion is null
                then {{ stronger_reason('lymphovascular_invasion_missing_reason', 'lymphatic_invasion_missing_reason', 'venous_invasion_missing_reason') }}
        end as lymphovascular_invasion_missing_reason,
        case
            when regression_conflicts then null
            when {{ regression_rank('regression_by_viable_tumor') }} > {{ regression_rank('tumor_regression') }} then regression_by_viable_tumor
            else coalesce(tumor_regression, regression_by_viable_tumor, regression_by_diagnosis)
        end as tumor_regression,
        case
            when regression_conflicts then 'conflicting'
            when coalesce(tumor_regression, regression_by_viable_tumor, regression_by_diagnosis) is not null then null
            when viable_tumor_percent_low is not null then 'imprecise'
            else {{ stronger_reason('tumor_regression_missing_reason', 'viable_tumor_percent_missing_reason') }}
        end as tumor_regression_missing_reason,
        -- The percent may stand in the regression field ("regression 80 %").
        coalesce(viable_tumor_percent_low, tumor_regression_viable_percent) as viable_tumor_percent_low,
        case when viable_tumor_percent_low is null then tumor_regression_viable_percent else viable_tumor_percent_high end as viable_tumor_percent_high,
        case
            when viable_tumor_percent_low is null and tumor_regression_viable_percent is null then viable_tumor_percent_missing_reason
        end as viable_tumor_percent_missing_reason
    ),
    case
        when regression_conflicts then null
        when {{ regression_rank('regression_by_viable_tumor') }} > coalesce({{ regression_rank('tumor_regression') }}, 0)
            then {{ column_or_comment('viable_tumor_percent', 'viable tumor') }}
        when tumor_regression is not null then {{ column_or_comment('tumor_regression') }}
        when regression_by_diagnosis is not null then 'diagnosis'
    end as tumor_regression_basis,
    case
        when viable_tumor_percent_low is not null then {{ column_or_comment('viable_tumor_percent') }}
        when tumor_regression_viable_percent is not null then {{ column_or_comment('tumor_regression', 'regression') }}
    end as viable_tumor_percent_basis,
    {% for field in commented if field not in ('tumor_regression', 'viable_tumor_percent') %}
    {{ column_or_comment(field) }} as {{ field }}_basis,
    {% endfor %}
    -- A blank organ is taken as liver; any other organ takes no part.
    coalesce(organ, 'liver') = 'liver' as is_liver
from weighed
