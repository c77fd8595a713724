"""SQL that writes typed values as a person would read them, for readers of typed formats."""

from __future__ import annotations


def number_text_sql(number: str) -> str:
    """A float as text: whole numbers without a point, no exponent, null where it is no number."""
    written = f"{number}::varchar"
    digits = f"replace(replace(split_part({written}, 'e', 1), '-', ''), '.', '')"
    return f"""
        case
            when isnan({number}) then null
            when {number} = trunc({number}) and abs({number}) < 1e38
                then {number}::hugeint::varchar
            when {written} like '%e-%' then
                if({number} < 0, '-', '') || '0.'
                || repeat('0', -try_cast(split_part({written}, 'e', 2) as integer) - 1) || {digits}
            else {written}
        end
    """


def timestamp_text_sql(timestamp: str) -> str:
    """A timestamp in ISO form; at midnight it is a date, which many programs store as one."""
    return (
        f"if({timestamp} = date_trunc('day', {timestamp}), "
        f"{timestamp}::date::varchar, {timestamp}::varchar)"
    )
