"""Seeded draws that stay the same from one numpy release to the next.

Only uniform doubles are taken from numpy; everything else is arithmetic on them, because numpy
keeps no promise for the streams of its other distributions. Each purpose has a stream of its
own, so a change to one variable leaves all others as they were.
"""

from collections.abc import Sequence
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

Column = NDArray[np.object_]
Mask = NDArray[np.bool_]
Integers = NDArray[np.int64]
Numbers = NDArray[np.float64]
Dates = NDArray[np.datetime64]


class Stream:
    """Draws for one purpose, e.g. ``Stream(seed, "sex")``."""

    def __init__(self, seed: int, purpose: str) -> None:
        self._generator = np.random.default_rng([seed, crc32(purpose.encode())])

    def uniform(self, size: int, low: float = 0.0, high: float = 1.0) -> Numbers:
        """Return numbers in [low, high)."""
        return low + (high - low) * self._generator.random(size)

    def integers(self, low: int, high: int | Integers, size: int) -> Integers:
        """Return whole numbers from ``low`` to ``high``, both included."""
        span = np.asarray(high, dtype=np.int64) - low + 1
        drawn = low + np.floor(self._generator.random(size) * span)
        return np.asarray(drawn, dtype=np.int64)

    def order(self, size: int) -> Integers:
        """Return a random order of 0 … size - 1."""
        return np.argsort(self._generator.random(size), kind="stable")

    def choose(self, values: Sequence[str], size: int) -> Column:
        """Return ``size`` of ``values``; a value given twice is twice as likely."""
        return column(values)[self.integers(0, len(values) - 1, size)]

    def shuffle(self, values: Sequence[object]) -> Column:
        """Return ``values`` in random order."""
        return column(values)[self.order(len(values))]


def column(values: Sequence[object]) -> Column:
    """Return an object array of one dimension, whatever the values are."""
    result = np.empty(len(values), dtype=object)
    result[:] = list(values)
    return result


def filled(value: object, size: int) -> Column:
    """Return a column that holds ``value`` everywhere."""
    return np.full(size, value, dtype=object)


def unknown(values: Column) -> Mask:
    """Return where a column holds None."""
    return np.array([value is None for value in values], dtype=bool)
