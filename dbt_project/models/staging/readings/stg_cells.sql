-- Every distinct text that a field holds now, with the settings by which it is read. Texts are few and rows are many:
-- all reading is done here once per text and joined back to the rows.
-- `text` is normalized, after the hospital's own codes have been put in place: `values:` of registry.yml, then the labels
-- that the files carry. `vocabulary` is the list that reads the field, its own where the hospital has words of its own;
-- a text that is one of these as a whole is not taken apart. Of a code beside its label the label is read ("1 = yes",
-- "yes (1)"), except where the number may be the finding itself: grades, and counts of nodes. A code that is labeled "unknown" is a missing word like the word itself.
-- Odd: a field that is not mapped and a blank cell both arrive as null; `missing_reason` tells them apart.
-- One row per extract, field and delivered text.
with delivered as (

    {% set parts = [] %}
    {% for extract in extracts() %}
    {% for field in contract_fields(extract) if field.kind != 'identifier' and (field.kind != 'text' or field.expected) %}
    {% do parts.append((extract, field)) %}
    {% endfor %}
    {% endfor %}
    {% for extract, field in parts %}
    select
        '{{ extract }}' as extract, '{{ field.name }}' as field,
        coalesce({{ field.name }}, '') as raw_text, count(*) as row_count
    from {{ source('raw', extract) }}
    where closed_by_extract_id is null
    group by coalesce({{ field.name }}, '')
    {{ 'union all' if not loop.last }}
    {% endfor %}
    {% if not parts %}
    {# Outside a run there is no graph to read: name the sources, so that dbt knows them. #}
    select '' as extract, '' as field, coalesce(p.patient_id, '') as raw_text, 0 as row_count
    from {{ source('raw', 'pathology') }} p, {{ source('raw', 'operative') }}, {{ source('raw', 'follow_up') }}
    {% endif %}

),

normalized as materialized (

    -- Put into the joins below, a text would be normalized in each of them.
    select *, {{ normalize_text('raw_text') }} as text from delivered

),

hospital_codes as (

    -- Codes that differ only in case or blanks are one; that they mean one thing has been checked with the settings.
    select distinct extract, field, {{ normalize_text('delivered') }} as delivered, {{ normalize_text('value') }} as value
    from {{ source('raw', 'value_map') }}

),

hospital_tokens as (

    select extract, {{ normalize_text('token') }} as token, min(reason) as reason
    from {{ source('raw', 'missing_tokens') }}
    group by extract, {{ normalize_text('token') }}

)

select
    n.extract,
    n.field,
    f.kind,
    coalesce(l.own_list, f.vocabulary) as vocabulary,
    o.phrase is not null as is_own_phrase,
    n.raw_text,
    n.row_count,
    case
        when c.value is not null or o.phrase is not null or f.kind not in ('word', 'procedure') or f.vocabulary = 'tumor_grades' then coalesce(c.value, n.text)
        when f.kind = 'procedure' then regexp_replace(n.text, '^[0-9]{1,2} ?(?:=| - ) ?(\p{L}.*)$', '\1')
        when f.vocabulary = 'node_phrases'
            then regexp_replace(n.text, '^(?:[0-9] ?[-=.:)] ?(yes|no|بله|خیر)|[1-9] ?= ?(\p{L}.*)|0 ?= ?((?:no|neg|absent|n0|منفی|ندارد).*)|(yes|no) ?[(][01][)])$', '\1\2\3\4')
        when f.vocabulary in ('lobar_phrases', 'surgical_approaches', 'primary_sites', 'organs', 'histologies')
            then regexp_replace(n.text, '^[0-9]{1,2} ?(?:=| - |[.:)] ) ?(\p{L}.*)$', '\1')
        else regexp_replace(n.text, '^[0-4] ?[-=.:)] ?(\p{L}.*)$|^(\p{L}[^0-9()]*\p{L}) ?[(][0-9][)]$', '\1\2')
    end as text,
    case
        when not f.is_mapped then 'not_collected'
        when n.text = '' then 'not_reported'
        else t.reason
    end as missing_reason,
    w.phrase is not null as is_missing_word,
    f.unit,
    f.calendar,
    f.date_order,
    f.days_per_month,
    f.thousands,
    f.minimum,
    f.maximum
from normalized n
inner join {{ source('raw', 'fields') }} f on f.extract = n.extract and f.field = n.field
left join hospital_codes c on c.extract = n.extract and c.field = n.field and c.delivered = n.text
left join hospital_tokens t on t.extract = n.extract and t.token = n.text
left join (select distinct extract, field, own_list from {{ ref('stg_own_phrases') }}) l
    on l.extract = n.extract and l.field = n.field
left join {{ ref('stg_own_phrases') }} o
    on o.extract = n.extract and o.field = n.field and o.phrase = {{ bare_text('coalesce(c.value, n.text)') }}
left join {{ ref('missing_words') }} w on w.phrase = coalesce(c.value, n.text)
