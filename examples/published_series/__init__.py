"""SYNTHETIC example registry: 248 invented patients as three linked, messy hospital extracts.

From the published figures to the files, each step knowing only the one before:

- ``published``: the figures of a published series;
- ``anneal`` and ``latent``: patients who have these figures, found once and committed;
- ``cohort``: the clinical truth, one record per patient (``Cohort``);
- ``extracts``: how three hospital systems write that truth down (``build``), with the words of
  ``vocabulary`` and the amount of mess of ``targets.MESS``;
- ``deliveries``: the files, ``defects``: what is wrong in them.

``truth`` is the table that a correct pipeline must arrive at.
"""
