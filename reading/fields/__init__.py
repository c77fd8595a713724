"""A reader per field: `(field, text, unit)` to what the text says of it."""
