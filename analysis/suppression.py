"""Which counts of a set of tables have to be hidden so that no small count can be worked out.

The tables are taken as one system: cells (a count each) and sums between them. A count from 1 to
`threshold` - 1 is sensitive where it is printed, or implied: what is left of a total. It is
hidden, and so are the cheapest others that leave two tables possible that agree with everything
printed: one in which the sensitive count is at least `threshold`, and one in which it is at most 1.
So nothing printed tells that a count is small, even to a reader who knows all sums.

Witnesses are sought among all tables of numbers of at least 0, as is usual, not only of whole
numbers. The hiding is the program of Kelly, Golden and Assad (1992, Networks 22:397) and Fischetti
and Salazar (2001, Management Science 47:1008), solved once for each sensitive count and direction.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.errors import AnalysisError

if TYPE_CHECKING:
    import numpy.typing as npt

Key = tuple[Hashable, ...]


class Hidden(str):
    """What stands in the place of a number that is not shown.

    Whatever is made of it is not shown either: formatted as a number, multiplied or divided it is
    itself, and it is neither smaller nor greater than anything.
    """

    def __format__(self, spec: str) -> str:
        return str(self)

    def __mul__(self, other: Any) -> Hidden:
        return self

    __rmul__ = __truediv__ = __rtruediv__ = __mul__

    def __lt__(self, other: Any) -> bool:
        return False

    __le__ = __gt__ = __ge__ = __lt__

    def __reduce__(self) -> str:
        # There is one, also in another process.
        return "HIDDEN"


# c for confidential, as official statistics mark it.
HIDDEN = Hidden("[c]")

# No witness has to change a count by more than this.
LARGEST_CHANGE = 10_000
# What hiding nothing costs: a tie between two tables is broken for the smaller change.
FREE = 1e-6


@dataclass
class Cells:
    """Counts by key, the sums between them, and what it costs to hide those that are printed."""

    value: dict[Key, int] = field(default_factory=dict)
    cost: dict[Key, float] = field(default_factory=dict)
    sums: list[tuple[Key, list[Key]]] = field(default_factory=list)
    implied: set[Key] = field(default_factory=set)

    def add(self, key: Key, value: float) -> Key:
        """A count. The same key stands for the same count, in whatever table it is printed."""
        if self.value.setdefault(key, int(value)) != int(value):
            raise ValueError(f"the cell {key} has two counts")
        return key

    def publish(self, key: Key, weight: float = 1.0) -> None:
        """The count is printed; `weight` is what its loss costs beside others of its size."""
        cost = weight * (1 + math.log2(1 + self.value[key]))
        self.cost[key] = max(cost, self.cost.get(key, 0.0))

    def total(self, total: Key, parts: Iterable[Key]) -> None:
        """The first count is the sum of the others, up to a number that everybody knows."""
        self.sums.append((total, list(parts)))

    def rest(self, total: Key, parts: Iterable[Key], key: Key, *, sensitive: bool = True) -> Key:
        """What is left of a total beside some of its parts: implied, though nothing prints it."""
        if sensitive:
            self.implied.add(key)
        parts = list(parts)
        left = self.value[total] - sum(self.value[part] for part in parts)
        self.add(key, abs(left))
        # Two counts of different people may differ in either direction.
        if left >= 0:
            self.sums.append((total, [*parts, key]))
        else:
            self.sums.append((key, [*parts, ("minus", total)]))
        return key

    def hide(self, threshold: int) -> set[Key]:
        """The keys of the printed counts that must not be printed."""
        small = [
            key
            for key, value in self.value.items()
            if 0 < value < threshold and (key in self.cost or key in self.implied)
        ]
        hidden = {key for key in small if key in self.cost}
        if small:
            program = _Program(self)
            for key in small:
                for at_least, limit in ((True, threshold), (False, 1)):
                    hidden |= program.change(key, at_least, limit, hidden)
        return hidden


class _Program:
    """Changes of the counts that keep all sums: up and down of each cell."""

    def __init__(self, cells: Cells) -> None:
        from scipy.sparse import csr_array

        self.cells = cells
        self.keys = list(cells.value)
        self.position = {key: i for i, key in enumerate(self.keys)}
        self.values = np.array([cells.value[key] for key in self.keys], dtype=np.float64)
        size = len(self.keys)
        row, column, sign = [], [], []

        def put(number: int, key: Any, factor: float) -> None:
            if isinstance(key, tuple) and key[:1] == ("minus",):
                key, factor = key[1], -factor
            at = self.position[key]
            row.extend([number, number])
            column.extend([at, size + at])
            sign.extend([factor, -factor])

        for number, (total, parts) in enumerate(cells.sums):
            put(number, total, -1)
            for part in parts:
                put(number, part, 1)
        self.equations = csr_array((sign, (row, column)), shape=(len(cells.sums), 2 * size))
        self.done: set[tuple[Key, bool]] = set()

    def change(self, key: Key, at_least: bool, limit: int, hidden: set[Key]) -> set[Key]:
        """The printed cells that the cheapest change takes with it; none where one is known."""
        from scipy.optimize import Bounds, LinearConstraint, milp

        here = self.position[key]
        value = self.values[here]
        if (key, at_least) in self.done or (not at_least and value <= limit):
            return set()
        size = len(self.keys)
        cost = np.array(
            [0.0 if key in hidden else self.cells.cost.get(key, 0.0) for key in self.keys]
        )
        upper = np.concatenate([np.full(size, LARGEST_CHANGE), self.values])
        lower = np.zeros(2 * size)
        if at_least:
            lower[here], upper[size + here] = limit - value, 0
        else:
            lower[size + here], upper[here] = value - limit, 0
        found = milp(
            np.tile(cost + FREE, 2),
            bounds=Bounds(lower, upper),
            constraints=LinearConstraint(self.equations, 0, 0) if self.cells.sums else None,
        )
        if found.x is None:
            raise AnalysisError(
                f"disclosure: the count of {' '.join(map(str, key))} follows from the tables "
                "whatever is hidden; expected a plan without the variable, or another rule"
            )
        changed = np.round(found.x[:size] - found.x[size:], 6)
        self._remember(self.values + changed, limit if at_least else None)
        return {
            other
            for other, by in zip(self.keys, changed, strict=True)
            if by and other in self.cells.cost
        }

    def _remember(self, witness: npt.NDArray[np.float64], threshold: int | None) -> None:
        """A table found for one count may do for others: all that it changes is hidden by now."""
        for key, value in zip(self.keys, witness, strict=True):
            if value <= 1 + 1e-6:
                self.done.add((key, False))
            if threshold is not None and value >= threshold - 1e-6:
                self.done.add((key, True))
