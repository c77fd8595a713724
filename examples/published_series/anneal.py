"""``python -m examples.published_series.anneal``: find a latent cohort with the published figures.

The latent cohort is one row per SYNTHETIC patient with the value of every variable of Tables 1 and
2; how hospitals write it down is the matter of ``extracts``. It is found in three steps, all from
one seed:

1. **Times.** Deaths and censoring are laid along the published survival curve.
2. **The seven factors of the multivariable model**, annealed together: a move exchanges the levels
   of one factor between two patients, or everything but the time between two patients of similar
   time, so that every count of Table 1 stays exact.
3. **Each other factor** alone: with the times fixed they do not touch each other.

No model is fitted on the way. At the published coefficients a Cox model has a score and an
information; one Newton step from there and the inverse of the information are, near the target,
the estimates and their standard errors. The loss counts by how many rounding units the printed
ratios, limits and p are missed. Breslow's ties, as in the analysis plan.

The search takes minutes and its result is committed; ``latent.py`` reads it.
"""

import argparse
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any, Final

import numpy as np

from examples.published_series import latent, published
from examples.published_series.draws import Integers, Mask, Numbers, Stream
from examples.published_series.targets import SEED

DAYS_PER_MONTH: Final = 30.4375
Z: Final = NormalDist().inv_cdf(0.975)

JOINT: Final = (
    "age_group",
    "sex",
    "metastasis_count_group",
    "size_group",
    "hepatectomy_extent",
    "primary_site",
    "margin_group",
)
"""The factors of the multivariable model; of the margin it takes R1, a margin below 1 mm."""

LEVELS: Final[Mapping[str, tuple[str, ...]]] = {
    "age_group": ("<65", ">=65"),
    "sex": ("female", "male"),
    "metastasis_count_group": ("<3", ">=3"),
    "size_group": ("<6 cm", ">=6 cm"),
    "hepatectomy_extent": ("minor", "major"),
    "primary_site": ("colon", "rectum"),
    "margin_group": (">1 mm", "1 mm", "<1 mm"),
    "chronology": ("synchronous", "metachronous"),
    "interval_group": ("<=12", ">12"),
    "surgical_approach": ("colon_first", "liver_first", "simultaneous"),
    "neoadjuvant_therapy": ("no", "yes"),
    "tumor_regression": ("poor", "partial", "complete"),
    "lobar_involvement": ("unilobar", "bilobar"),
    "steatosis_grade": ("0", "1", "2", "3"),
    "tumor_grade": ("well", "moderate", "poor"),
    "lymphovascular_invasion": ("no", "yes"),
    "perineural_invasion": ("no", "yes"),
}
"""The levels of each factor, the reference first. In a column of codes -1 is unknown."""

UNPUBLISHED: Final[Mapping[str, tuple[int, ...]]] = {
    "age_group": (205, 43),
    "metastasis_count_group": (182, 56),
    "interval_group": (13, 61),
}
"""Counts that the paper does not give: what the widths of its confidence intervals imply."""

WITHOUT_REPORT: Final = 3
"""Patients without a usable pathology report; every pathology variable of theirs is unknown."""

EARLY_DEATH_DAYS: Final = (0, 0, 9, 17, 24, 30)
SURVIVAL: Final = ((1, 0.976), (12, 0.910), (24, 0.740), (36, 0.560), (43, 0.502), (60, 0.420))
"""Months and the proportion alive; between the points the hazard is constant."""
LIVING_MONTHS: Final = ((0, 12.05), (0.25, 30), (0.5, 46), (0.75, 70), (0.95, 108), (1, 121.98))
"""Quantiles of the follow-up of the living."""
LONGEST: Final = {"<1 mm": 75.99, "1 mm": 116.0, ">1 mm": 120.02}
"""The last follow-up of each margin group, in months; beyond the last the margin is unknown."""

Codes = dict[str, Integers]
Loss = Callable[[Mapping[str, Integers], str | None], dict[str, Numbers]]
"""Codes of (batch, patients), and the factor that changed, to the parts of the loss it changed."""


@dataclass(frozen=True)
class Times:
    """The times of all patients, the longest first.

    ``risk_end`` is the last position of each patient's own day: who is at risk there stands at
    or before it. ``deaths`` are the positions of those who died.
    """

    days: Integers
    died: Mask

    @property
    def months(self) -> Numbers:
        return np.asarray(self.days / DAYS_PER_MONTH)

    @property
    def risk_end(self) -> Integers:
        return np.searchsorted(-self.days, -self.days, side="right") - 1

    @property
    def deaths(self) -> Integers:
        return np.flatnonzero(self.died)


# --- the times -----------------------------------------------------------------------------------


def draw_times(seed: int) -> Times:
    """Lay 129 deaths and 119 ends of follow-up along the published curve.

    No day is used twice but day 0.
    """
    living = published.count("died", "false")
    months = np.interp((np.arange(living) + 0.5) / living, *_points(LIVING_MONTHS))
    months += Stream(seed, "living").uniform(living, -1.5, 1.5)
    months = np.clip(months, LIVING_MONTHS[0][1] + 0.2, None)
    censored = np.sort(np.round(months * DAYS_PER_MONTH))
    # The ends that the paper prints, and the middle: its median is that of an odd number.
    censored[0] = np.ceil(LIVING_MONTHS[0][1] * DAYS_PER_MONTH)
    censored[-1] = np.round(LIVING_MONTHS[-1][1] * DAYS_PER_MONTH)
    censored[-3] = np.round(LONGEST["1 mm"] * DAYS_PER_MONTH)
    censored[-2] = np.round(LONGEST[">1 mm"] * DAYS_PER_MONTH)
    near = np.argmin(np.abs(censored - LONGEST["<1 mm"] * DAYS_PER_MONTH))
    censored[near] = np.round(LONGEST["<1 mm"] * DAYS_PER_MONTH)
    censored[living // 2] = np.round(46.0 * DAYS_PER_MONTH)
    censored = np.sort(censored)

    late = published.count("died", "true") - len(EARLY_DEATH_DAYS)
    low, high = 0.05, 0.419
    for _ in range(60):
        tail = (low + high) / 2
        deaths = _deaths_along(censored, tail)
        low, high = (tail, high) if len(deaths) > late else (low, tail)
        if len(deaths) == late:
            break
    days = np.concatenate([EARLY_DEATH_DAYS, _apart(deaths, censored), censored])
    died = np.arange(len(days)) < len(days) - living
    order = np.argsort(-days, kind="stable")
    return Times(days[order].astype(np.int64), died[order])


def _points(pairs: tuple[tuple[float, float], ...]) -> tuple[Numbers, Numbers]:
    first, second = zip(*pairs, strict=True)
    return np.array(first, dtype=float), np.array(second, dtype=float)


def _deaths_along(censored: Numbers, tail: float) -> list[int]:
    """Days of late deaths such that the Kaplan-Meier curve follows the published one."""
    months, alive = _points((*SURVIVAL, (119.0, tail)))
    at_risk = len(censored) + published.count("died", "true") - len(EARLY_DEATH_DAYS)
    survival = alive[0]
    days: list[int] = []
    while True:
        before = at_risk - len(days)
        month = 1.0
        for _ in range(3):
            n = max(before - int((censored < month * DAYS_PER_MONTH).sum()), 2)
            level = survival * (1 - 0.5 / n)
            if level < alive[-1]:
                return days
            month = float(np.interp(-np.log(level), -np.log(alive), months))
        days.append(max(31, round(month * DAYS_PER_MONTH)))
        survival *= 1 - 1 / n


def _apart(deaths: list[int], censored: Numbers) -> Numbers:
    """Move a death on by a day where the day is taken."""
    taken = {int(day) for day in censored}
    moved = []
    for day in deaths:
        while day in taken:
            day += 1
        taken.add(day)
        moved.append(day)
    return np.array(moved, dtype=float)


# --- the loss ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Target:
    """Windows that print as the published figures, per coefficient: ratio, limits and z."""

    beta: Numbers
    windows: tuple[tuple[tuple[float, float], ...], ...]

    @classmethod
    def of(cls, table: str, terms: list[tuple[str, str]]) -> "Target":
        beta: list[float] = []
        windows: list[tuple[tuple[float, float], ...]] = []
        for variable, level in terms:
            ratio = published.window(table, variable, level, "hazard_ratio")
            low = published.window(table, variable, level, "ci_low")
            high = published.window(table, variable, level, "ci_high")
            p = published.window(table, variable, level, "p")
            assert p is not None
            if ratio is None or low is None or high is None:
                beta.append(REGRESSION_BETA[level])
                windows.append((p,))
            else:
                beta.append(float(np.log(sum(ratio) / 2)))
                windows.append((p, ratio, low, high))
        return cls(np.array(beta), tuple(windows))

    def loss(self, step: Numbers, error: Numbers, side: float = 0.0) -> Numbers:
        """Squared rounding units beyond the windows; ``step`` and ``error`` are (terms, batch).

        ``side`` is the weight of a lower limit on the other side of 1 than the published one.
        """
        total = np.zeros(step.shape[1])
        for k, windows in enumerate(self.windows):
            beta = self.beta[k] + step[k]
            found = [
                beta / error[k],
                np.exp(beta),
                np.exp(beta - Z * error[k]),
                np.exp(beta + Z * error[k]),
            ]
            sign = 1.0 if self.beta[k] > 0 else -1.0
            edges = sorted(NormalDist().inv_cdf(1 - p / 2) for p in windows[0])
            total += _beyond(sign * found[0], (edges[0], edges[1]))
            for value, window in zip(found[1:], windows[1:], strict=False):
                total += _beyond(value, window)
            if len(windows) > 1:
                low, high = windows[2]
                over = (found[2] - 1) * (low + high - 2) < 0
                total += side * over * ((found[2] - 1) / (high - low)) ** 2
        return total


REGRESSION_BETA: Final = {"partial": -0.13, "complete": -0.42}
"""Of regression only p is published; the better the response the lower the hazard."""

FINEST: Final = 2e-4
"""The limits of a group of two patients are printed to more digits than two patients can meet: no
figure is aimed at more closely than to this part of itself."""
SLACK: Final = 0.9
"""The part of a rounding window that is aimed at."""
WEIGHTS: Final = (10.0, 1.0, 1.0, 0.0)
WEIGHTS_SETTLED: Final = (1000.0, 100000.0, 10.0, 1000.0)
"""The weight of the three medians, of the log-rank p of R1, of the multivariable model beside the
univariable ones, and of its limits on the wrong side of 1: at first, and in the end, when the few
have to be met. The log-rank p of R1 (0.003) and its
interval in the Cox model pull at each other; the ratio then misses by somewhat under 1%."""
BATCH: Final = 32
"""Moves that are tried at once; the first that is taken is made."""


def _beyond(value: Numbers, window: tuple[float, float], finest: float = FINEST) -> Numbers:
    middle, half = (window[0] + window[1]) / 2, (window[1] - window[0]) / 2
    half = max(half, finest * middle)
    return np.asarray(np.maximum(np.abs(value - middle) / half - SLACK, 0.0) ** 2)


def newton(
    times: Times, columns: list[Any], known: Any, beta: Numbers
) -> tuple[Numbers, Numbers, Numbers, Numbers]:
    """One Newton step of a Cox model from ``beta``, and the standard errors there.

    ``columns`` are 0/1 arrays of (batch, patients), ``known`` marks the patients of the model.
    Returns step, standard error, score and information; the first three of (terms, batch).
    """
    deaths, end = times.deaths, times.risk_end[times.deaths]
    weight = known * np.exp(sum(b * c for b, c in zip(beta, columns, strict=True)))
    counted = known[:, deaths]
    # Per risk set the sum of the weights, of the weighted columns, and of their products.
    terms, batch = len(columns), known.shape[0]
    pairs = [(k, j) for k in range(terms) for j in range(k)]
    sums = np.empty((1 + terms + len(pairs), *weight.shape), dtype=np.float32)
    sums[0] = weight
    for k in range(terms):
        np.multiply(weight, columns[k], out=sums[1 + k])
    for place, (k, j) in enumerate(pairs, start=1 + terms):
        np.multiply(sums[1 + k], columns[j], out=sums[place])
    at_risk = np.cumsum(sums, axis=2).take(end, axis=2)
    share = at_risk[1:] / np.maximum(at_risk[0], 1e-30)
    mean = share[:terms]
    score = np.empty((terms, batch))
    information = np.empty((terms, terms, batch))
    for k in range(terms):
        score[k] = (counted * (columns[k][:, deaths] - mean[k])).sum(axis=1)
        # The square of an indicator is the indicator.
        information[k, k] = (counted * (mean[k] - mean[k] ** 2)).sum(axis=1)
    for both, (k, j) in zip(share[terms:], pairs, strict=True):
        information[k, j] = (counted * (both - mean[k] * mean[j])).sum(axis=1)
        information[j, k] = information[k, j]
    inverse = _inverted(information)
    step = np.clip((inverse * score[None]).sum(axis=1), -2.0, 2.0)
    error = np.sqrt(np.maximum([inverse[k, k] for k in range(terms)], 1e-12))
    return step, error, score, information


def _inverted(matrices: Numbers) -> Numbers:
    """Invert (terms, terms, batch) by elimination: the same digits with any linear algebra."""
    terms = matrices.shape[0]
    left = matrices.copy()
    right = np.zeros_like(left)
    for k in range(terms):
        left[k, k] += 1e-9
        right[k, k] = 1.0
    for k in range(terms):
        pivot = left[k, k].copy()
        left[k] /= pivot
        right[k] /= pivot
        for j in range(terms):
            if j != k:
                factor = left[j, k].copy()
                left[j] -= factor * left[k]
                right[j] -= factor * right[k]
    return right


def terms_of(name: str) -> list[tuple[str, str]]:
    return [(name, level) for level in LEVELS[name][1:]]


def _indicators(name: str, codes: Integers) -> list[Any]:
    return [(codes == code).astype(np.float32) for code in range(1, len(LEVELS[name]))]


class Alone:
    """The univariable model of one factor."""

    def __init__(self, times: Times, name: str) -> None:
        self.times, self.name = times, name
        self.target = Target.of("cox_univariable", terms_of(name))

    def __call__(
        self, codes: Mapping[str, Integers], changed: str | None = None
    ) -> dict[str, Numbers]:
        own = codes[self.name]
        known = (own >= 0).astype(np.float32)
        found = newton(self.times, _indicators(self.name, own), known, self.target.beta)
        return {self.name: self.target.loss(found[0], found[1])}


class Together:
    """The multivariable model, the univariable ones of its factors, and survival by margin."""

    def __init__(self, times: Times, weights: tuple[float, ...]) -> None:
        self.times, self.weights = times, weights
        terms = [
            ("resection_status", "R1") if name == "margin_group" else (name, LEVELS[name][1])
            for name in JOINT
        ]
        self.target = Target.of("cox_multivariable", terms)
        self.alone = {name: Alone(times, name) for name in JOINT}
        self.resection = Target.of("cox_univariable", [("resection_status", "R1")])
        self.logrank = {
            key: published.window("logrank", variable, key, "p")
            for variable, key in (
                ("resection_status", "R0 | R1"),
                ("margin_group", ">1 mm | 1 mm"),
            )
        }

    def __call__(
        self, codes: Mapping[str, Integers], changed: str | None = None
    ) -> dict[str, Numbers]:
        r1 = (codes["margin_group"] == 2).astype(np.float32)
        columns = [
            r1 if name == "margin_group" else (codes[name] == 1).astype(np.float32)
            for name in JOINT
        ]
        known = np.ones_like(r1)
        for name in JOINT:
            known = known * (codes[name] >= 0)
        step, error, _, _ = newton(self.times, columns, known, self.target.beta)
        parts = {"multivariable": self.weights[2] * self.target.loss(step, error, self.weights[3])}
        for name in JOINT if changed is None else [changed]:
            parts |= self.alone[name](codes)
        if changed in (None, "margin_group"):
            margin = codes["margin_group"]
            known = (margin >= 0).astype(np.float32)
            step, error, _, _ = newton(self.times, [r1], known, self.resection.beta)
            parts["resection"] = self.resection.loss(step, error)
            parts["logrank"] = self.weights[1] * self._logrank(r1, known, "R0 | R1")
            near = (margin == 0) | (margin == 1)
            one = (margin == 1).astype(np.float32)
            parts["logrank"] += self._logrank(one, near.astype(np.float32), ">1 mm | 1 mm")
            parts["medians"] = self.weights[0] * (
                self._median((margin == 0) | (margin == 1), "resection_status", "R0")
                + self._median(margin == 2, "resection_status", "R1")
                + self._median(margin == 1, "margin_group", "1 mm")
            )
        return parts

    def _logrank(self, group: Numbers, known: Numbers, key: str) -> Numbers:
        """The log-rank statistic is the score test at no effect."""
        _, _, score, information = newton(self.times, [group], known, np.zeros(1))
        z = np.abs(score[0]) / np.sqrt(np.maximum(information[0, 0], 1e-12))
        window = self.logrank[key]
        assert window is not None
        edges = sorted(NormalDist().inv_cdf(1 - p / 2) for p in window)
        return _beyond(z, (edges[0], edges[1]))

    def _median(self, group: Mask, variable: str, level: str) -> Numbers:
        window = published.window("survival_summary", variable, level, "median_survival_months")
        assert window is not None
        at_risk = np.cumsum(group, axis=1)[:, self.times.risk_end]
        dies = group & self.times.died
        # One death a step: tied deaths differ in a digit that no median sees.
        fall = np.where(dies, np.log1p(-1 / np.maximum(at_risk, 1.0001)), 0.0)
        curve = np.cumsum(fall[:, ::-1], axis=1)
        crossed = curve < np.log(0.5)
        first = np.where(crossed.any(axis=1), crossed.argmax(axis=1), curve.shape[1] - 1)
        return _beyond(self.times.months[::-1][first], window)


# --- the search ----------------------------------------------------------------------------------


@dataclass
class Search:
    """Metropolis with falling temperature over exchanges between two patients.

    ``allowed`` per factor is (levels + 1, patients): which code, the unknown last, may stand where.
    ``frozen`` patients keep their time.
    """

    times: Times
    loss: Loss
    codes: Codes
    allowed: Mapping[str, Mask]
    frozen: Mask
    stream: Stream

    def run(self, names: tuple[str, ...], batches: int, cooling: tuple[float, float]) -> float:
        """Anneal the factors ``names``; where there are several, whole rows are exchanged too."""
        one = {column: codes[None, :] for column, codes in self.codes.items()}
        current = {part: float(value[0]) for part, value in self.loss(one, None).items()}
        for number in range(batches):
            share = cooling[0] * (cooling[1] / cooling[0]) ** (number / batches)
            temperature = share * sum(current.values())
            rows = len(names) > 1 and self.stream.uniform(1)[0] < 0.4
            name = None if rows else names[self.stream.integers(0, len(names) - 1, 1)[0]]
            first, second = self._pairs(name, BATCH)
            if not len(first):
                continue
            candidates = self._exchanged(name, first, second)
            parts = self.loss(candidates, name)
            change = sum(value - current[part] for part, value in parts.items())
            luck = -np.log(self.stream.uniform(len(first)) + 1e-300)
            taken = np.flatnonzero(change <= temperature * luck)
            if len(taken):
                pick = taken[0]
                for column in self.codes if name is None else [name]:
                    self.codes[column] = candidates[column][pick].copy()
                current |= {part: float(value[pick]) for part, value in parts.items()}
            if number % 10000 == 0:
                print(f"{number:8d}  T {temperature:10.3f}  loss {sum(current.values()):.2f}")
            if sum(current.values()) == 0:
                break
        print(f"{batches:8d}  loss {sum(current.values()):.2f}")
        return sum(current.values())

    def _pairs(self, name: str | None, batch: int) -> tuple[Integers, Integers]:
        size = len(self.times.days)
        first = self.stream.integers(0, size - 1, batch)
        if name is None:
            second = first + self.stream.integers(1, 12, batch)
        else:
            near = self.stream.uniform(batch) < 0.5
            second = np.where(
                near,
                first + self.stream.integers(1, 20, batch),
                self.stream.integers(0, size - 1, batch),
            )
        inside = second < size
        first, second = first[inside], second[inside]
        if name is None:
            good = ~self.frozen[first] & ~self.frozen[second]
            for column, codes in self.codes.items():
                allowed = self.allowed[column]
                good &= allowed[codes[first], second] & allowed[codes[second], first]
        else:
            codes, allowed = self.codes[name], self.allowed[name]
            good = codes[first] != codes[second]
            good &= allowed[codes[first], second] & allowed[codes[second], first]
        return first[good], second[good]

    def _exchanged(
        self, name: str | None, first: Integers, second: Integers
    ) -> dict[str, Integers]:
        lines = np.arange(len(first))
        result = {}
        for column, codes in self.codes.items():
            if name is not None and column != name:
                result[column] = codes[None, :]
                continue
            changed = np.repeat(codes[None, :], len(first), axis=0)
            changed[lines, first], changed[lines, second] = codes[second], codes[first]
            result[column] = changed
        return result


def search_together(times: Times, seed: int, batches: int) -> Codes:
    """The seven factors of the multivariable model, for the times of ``draw_times``."""
    size = len(times.days)
    codes: Codes = {}
    allowed: dict[str, Mask] = {}
    last = {level: times.months <= month + 0.01 for level, month in LONGEST.items()}
    # Whoever has the longest or the shortest time of a margin group, and who has no report.
    fixed = {int(np.flatnonzero(last[level])[0]): level for level in LONGEST}
    day_0 = np.flatnonzero(times.days == 0)
    fixed |= {int(day_0[0]): "<1 mm", int(day_0[1]): "1 mm"}
    beyond = int((~last[">1 mm"]).sum())
    free = np.array([p for p in range(size) if p not in fixed and p >= beyond])
    without = [*range(beyond), *Stream(seed, "without report").shuffle(free.tolist())]
    unreported = np.isin(np.arange(size), without[:WITHOUT_REPORT])

    for name in JOINT:
        levels = LEVELS[name]
        place = np.ones((len(levels) + 1, size), dtype=bool)
        if name in FROM_PATHOLOGY:
            place[:-1, unreported] = False
            place[-1, unreported] = True
        if name == "margin_group":
            for code, level in enumerate(levels):
                place[code] &= last[level]
            for position, level in fixed.items():
                place[:, position] = False
                place[levels.index(level), position] = True
        allowed[name] = place
        codes[name] = _dealt(Stream(seed, f"start {name}"), name, place, size)
    frozen = unreported | np.isin(np.arange(size), list(fixed))
    for purpose, weights, share, cooling in (
        ("together", WEIGHTS, 1.0, COOLING_TOGETHER),
        ("settle", WEIGHTS_SETTLED, SETTLING, COOLING_SETTLED),
    ):
        loss = Together(times, weights)
        search = Search(times, loss, codes, allowed, frozen, Stream(seed, purpose))
        search.run(JOINT, round(share * batches), cooling)
        codes = search.codes
    return {**codes, "reported": (~unreported).astype(np.int64)}


FROM_PATHOLOGY: Final = ("metastasis_count_group", "size_group", "margin_group")
COOLING_TOGETHER: Final = (0.03, 0.013)
COOLING_SETTLED: Final = (0.005, 0.0003)
SETTLING: Final = 0.1
"""The part of the batches that the end takes again."""
COOLING_ALONE: Final = (1.0, 0.05)
"""The temperature as a share of the loss, first and last: it falls as the loss does. The more
figures there are to meet at once, the smaller a share keeps the balance."""


def counts_of(name: str) -> tuple[int, ...]:
    """Patients per level."""
    if name in UNPUBLISHED:
        return UNPUBLISHED[name]
    return tuple(published.count(name, level) for level in LEVELS[name])


def _dealt(stream: Stream, name: str, allowed: Mask, size: int) -> Integers:
    """Deal the counts of Table 1 out to places that allow them, the choosiest place first."""
    left = dict(enumerate(counts_of(name)))
    left[-1] = size - sum(left.values())
    codes = np.full(size, -1, dtype=np.int64)
    order = stream.order(size)
    for position in order[np.argsort(allowed[:, order].sum(axis=0), kind="stable")]:
        open_to = [code for code in left if left[code] and allowed[code, position]]
        shares = np.cumsum([left[code] for code in open_to])
        code = open_to[int(np.searchsorted(shares, stream.uniform(1)[0] * shares[-1], "right"))]
        codes[position] = code
        left[code] -= 1
    return codes


def search_alone(times: Times, codes: Codes, seed: int, batches: int) -> dict[str, float]:
    """Add the factors outside the multivariable model to ``codes``; return what loss is left."""
    left = {}
    nobody = np.zeros(len(times.days), dtype=bool)
    for name in ALONE:
        allowed = places(name, codes, times)
        best = np.inf
        for attempt in range(seed, seed + ATTEMPTS):
            own = {name: _dealt(Stream(attempt, f"start {name}"), name, allowed, len(nobody))}
            stream = Stream(attempt, f"alone {name}")
            search = Search(times, Alone(times, name), own, {name: allowed}, nobody, stream)
            found = search.run((name,), batches, COOLING_ALONE)
            if found < best:
                best, codes[name] = found, search.codes[name]
            if best <= GOOD_ENOUGH:
                break
        left[name] = best
    return left


ATTEMPTS: Final = 10
GOOD_ENOUGH: Final = 60.0
"""A factor is searched for again, from another start, until its loss is no greater."""

ALONE: Final = (
    "neoadjuvant_therapy",
    "tumor_regression",
    "tumor_grade",
    "lymphovascular_invasion",
    "perineural_invasion",
    "steatosis_grade",
    "chronology",
    "surgical_approach",
    "interval_group",
    "lobar_involvement",
)
"""In this order: each may depend on those before it."""


def places(name: str, codes: Codes, times: Times) -> Mask:
    """Where each level of a factor, and the unknown, may stand for the case to make sense."""
    size = len(times.days)
    place = np.ones((len(LEVELS[name]) + 1, size), dtype=bool)
    reported = codes["reported"] == 1
    if name == "tumor_regression":
        place[:-1] = reported & (codes["neoadjuvant_therapy"] == 1)
    elif name in ("tumor_grade", "lymphovascular_invasion", "perineural_invasion"):
        # Where no viable tumor is left there is nothing to grade.
        place[:-1] = reported & (codes["tumor_regression"] != 2)
    elif name == "steatosis_grade":
        place[:-1] = reported
    elif name == "surgical_approach":
        place[:-1] = codes["chronology"] == 0
        # The primary is resected weeks after the liver.
        place[1] &= times.days >= 60
    elif name == "interval_group":
        place[:-1] = codes["chronology"] == 1
        place[-1] = codes["chronology"] != 1
    elif name == "lobar_involvement":
        place[1] = codes["metastasis_count"] != 1
    return place


# --- the numbers behind the groups ---------------------------------------------------------------


def add_numbers(codes: Codes, seed: int) -> None:
    """Ages, sizes and counts with the published means and standard deviations.

    Two sizes and one count are told by a bound ("5-5.5 cm", ">=6 cm", ">=3"): the group is known,
    the number, 0 here, is not.
    """
    size = len(codes["age_group"])
    old = codes["age_group"] == 1
    luck = Stream(seed, "ages").uniform(size)
    mean, deviation = (_middle("age_at_operation", name) for name in ("mean", "sd"))
    ages = np.clip(np.floor(_normal(luck + old, mean, deviation)), 26, 84).astype(np.int64)
    ages = np.where(old, np.maximum(ages, 65), np.minimum(ages, 64))
    birthdays = [np.flatnonzero(old)[0], np.flatnonzero(~old)[0]]
    ages[birthdays] = 65, 64
    codes["age_years"] = _fitted(
        "age_at_operation",
        ages,
        ~np.isin(np.arange(size), birthdays),
        (np.where(old, 65, 26), np.where(old, 84, 64)),
        seed,
    )

    small, large = (codes["size_group"] == code for code in (0, 1))
    small[np.flatnonzero(small)[-1]] = large[np.flatnonzero(large)[-1]] = False
    # A larger metastasis is the likelier to need a major resection.
    luck = Stream(seed, "sizes").uniform(size) + 0.6 * (codes["hepatectomy_extent"] == 1)
    sizes = np.zeros(size, dtype=np.int64)
    sizes[small] = np.clip(np.round(_normal(luck[small], 28.5, 12.5)), 5, 58)
    order = np.argsort(np.argsort(luck[large]))
    sizes[large] = np.minimum(np.round(60 - 30 * np.log(1 - (order + 0.5) / len(order))), 150)
    edges = np.flatnonzero(large)[:2].tolist() + np.flatnonzero(small)[:1].tolist()
    sizes[edges] = 60, 60, 59
    codes["size_mm"] = _fitted(
        "largest_metastasis_mm",
        sizes,
        (small | large) & ~np.isin(np.arange(size), edges),
        (np.where(large, 60, 5), np.where(large, 150, 59)),
        seed,
    )


def _middle(variable: str, statistic: str) -> float:
    window = published.window("table_one", variable, "", statistic)
    assert window is not None
    return sum(window) / 2


def _normal(luck: Numbers, mean: float, deviation: float) -> Numbers:
    """Quantiles of a normal distribution in the order of ``luck``."""
    shares = (np.argsort(np.argsort(luck)) + 0.5) / len(luck)
    return mean + deviation * np.array([NormalDist().inv_cdf(share) for share in shares])


def add_counts(codes: Codes, seed: int) -> None:
    """Numbers of metastases; see ``add_numbers``."""
    size = len(codes["age_group"])
    many, known = codes["metastasis_count_group"] == 1, codes["metastasis_count_group"] >= 0
    known[np.flatnonzero(many)[-1]] = False
    counts = np.where(many, 3, 1) * known
    luck = Stream(seed, "counts").uniform(size)
    counts = counts + known * np.where(many, np.floor(luck**3 * 5), luck < 0.33).astype(np.int64)
    codes["metastasis_count"] = _fitted(
        "metastasis_count", counts, known, (np.where(many, 3, 1), np.where(many, 9, 2)), seed
    )


def _fitted(
    variable: str, values: Integers, movable: Mask, bounds: tuple[Integers, Integers], seed: int
) -> Integers:
    """Move values by one, inside their bounds, until mean and deviation print as published.

    A value of 0 is an unknown one.
    """
    windows = [published.window("table_one", variable, "", name) for name in ("mean", "sd")]
    counted = values > 0
    stream = Stream(seed, f"fit {variable}")
    values = values.copy()

    def missed() -> float:
        found = (values[counted].mean(), values[counted].std(ddof=1))
        parts = [_beyond(np.array(f), w, 0) for f, w in zip(found, windows, strict=True) if w]
        return float(sum(parts))

    best = missed()
    positions = np.flatnonzero(movable)
    while best > 0:
        position = positions[stream.integers(0, len(positions) - 1, 1)[0]]
        before = values[position]
        values[position] = np.clip(
            before + 2 * stream.integers(0, 1, 1)[0] - 1, bounds[0][position], bounds[1][position]
        )
        found = missed()
        if found < best:
            best = found
        else:
            values[position] = before
    return values


# --- from the seed to the file -------------------------------------------------------------------


def main() -> None:
    """Search from the seed and write ``latent_cohort_synthetic.csv`` again."""
    parser = argparse.ArgumentParser(
        prog="python -m examples.published_series.anneal", description=main.__doc__
    )
    parser.add_argument("--together", type=int, default=200_000, help="batches (%(default)s)")
    parser.add_argument("--alone", type=int, default=20_000, help="batches (%(default)s)")
    options = parser.parse_args()
    times = draw_times(SEED)
    codes = search_together(times, SEED, options.together)
    add_counts(codes, SEED)
    add_numbers(codes, SEED)
    search_alone(times, codes, SEED, options.alone)
    latent.write(_patients(times, codes, SEED))


def _patients(times: Times, codes: Codes, seed: int) -> dict[str, list[str]]:
    """The columns of the latent cohort, the patients in random order."""
    order = Stream(seed, "patients").order(len(times.days))
    columns = {"follow_up_days": times.days.astype(str), "died": np.where(times.died, "yes", "no")}
    for name, values in codes.items():
        if name in LEVELS:
            words = np.array([*LEVELS[name], ""], dtype=object)
            columns[name] = words[values]
        elif name == "reported":
            columns[name] = np.where(values == 1, "yes", "no")
        else:
            columns[name] = np.where(values > 0, values.astype(str), "")
    return {name: values[order].tolist() for name, values in columns.items()}


if __name__ == "__main__":
    main()
