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


def number_texts(columns: dict[str, str]) -> tuple[str, dict[str, str]]:
    """For float columns (name → type): further columns to select, which are lists of their texts,
    and for each column its text in them.

    One expression does all columns of a type: as many expressions as a wide table has columns
    would take longer to plan than the table takes to read.
    """
    lists, texts = "", dict[str, str]()
    for kind in sorted(set(columns.values())):
        numbers = [name for name in columns if columns[name] == kind]
        expression = f"lambda number: {number_text_sql('number')}"
        lists += f", list_transform([{', '.join(numbers)}], {expression}) as texts_of_{kind}"
        texts |= {name: f"texts_of_{kind}[{i}]" for i, name in enumerate(numbers, start=1)}
    return lists, texts


def timestamp_text_sql(timestamp: str) -> str:
    """A timestamp in ISO form; at midnight it is a date, which many programs store as one."""
    return (
        f"if({timestamp} = date_trunc('day', {timestamp}), "
        f"{timestamp}::date::varchar, {timestamp}::varchar)"
    )
