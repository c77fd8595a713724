"""A reader per field: `(field, text, settings)` to what the text says of it, or nothing."""
