"""Bootstrap samples as counts: how often each patient was drawn into each sample."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt
    from scipy.sparse import csr_array

    FloatArray = npt.NDArray[np.float64]

# Counts held at once; a large registry is resampled in several blocks.
LARGEST_BLOCK = 16_000_000


def resample_counts(patients: int, resamples: int, seed: int) -> Iterator[FloatArray]:
    """Blocks of patients x samples. Each sample has its own stream of the seed."""
    seeds = np.random.SeedSequence(seed).spawn(resamples)
    at_once = max(1, LARGEST_BLOCK // max(patients, 1))
    for first in range(0, resamples, at_once):
        block = seeds[first : first + at_once]
        # Filled sample by sample and turned once: filled by columns, each count is a far step.
        counts = np.zeros((len(block), patients))
        for sample, own in enumerate(block):
            drawn = np.random.default_rng(own).integers(0, patients, patients)
            counts[sample] = np.bincount(drawn, minlength=patients)
        yield np.ascontiguousarray(counts.T)


def adder(place: npt.NDArray[np.intp], among: npt.NDArray[np.bool_], places: int) -> csr_array:
    """The matrix (places x patients) that adds up what some patients have at each place."""
    from scipy.sparse import csr_array

    patients = np.flatnonzero(among)
    cells = (np.ones(len(patients)), (place[patients], patients))
    return csr_array(cells, shape=(places, len(among)))


def per_sample(matrix: csr_array, counts: FloatArray) -> FloatArray:
    """What `adder` adds up, samples x places."""
    return np.ascontiguousarray(np.asarray(matrix @ counts, dtype=np.float64).T)
