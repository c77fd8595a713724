"""Bootstrap samples as counts: how often each patient was drawn into each sample."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    FloatArray = npt.NDArray[np.float64]

# Counts held at once; a large registry is resampled in several blocks.
LARGEST_BLOCK = 2_000_000


def resample_counts(patients: int, resamples: int, seed: int) -> Iterator[FloatArray]:
    """Blocks of samples x patients. Each sample has its own stream of the seed."""
    seeds = np.random.SeedSequence(seed).spawn(resamples)
    at_once = max(1, LARGEST_BLOCK // max(patients, 1))
    for first in range(0, resamples, at_once):
        block = seeds[first : first + at_once]
        counts = np.zeros((len(block), patients))
        for sample, own in enumerate(block):
            drawn = np.random.default_rng(own).integers(0, patients, patients)
            counts[sample] = np.bincount(drawn, minlength=patients)
        yield counts
