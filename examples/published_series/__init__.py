"""SYNTHETIC example registry: 248 invented patients as three linked, messy hospital extracts.

Two parts with one seam between them:

- ``cohort``: the clinical truth, one record per patient (``Cohort``), drawn from ``targets``;
- ``extracts``: how three hospital systems write that truth down (``build``), with the words of
  ``vocabulary`` and the amount of mess of ``targets.MESS``.

``truth`` turns both into the table that a correct pipeline must arrive at.
``python -m examples.published_series`` writes the three CSV files again, byte for byte.
"""
