"""Extracts → ``raw``: contract, readers, mapping, pseudonyms, ledger."""
