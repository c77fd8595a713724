"""What a sentence of a record says of a field, where no list of phrases knows the text."""
