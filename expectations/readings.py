"""What the published tables say of texts that no list or rule could read."""

from __future__ import annotations

# Of a text that is read part by part the parts that are wanting, of any other the whole.
UNREAD_PHRASES = """
    select extract, field, row_count, unnest(
        case when unread_parts is null then [text] else string_split(unread_parts, ' ; ') end
    ) as phrase
    from quality.unmapped_values
"""
